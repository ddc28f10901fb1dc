"""What is asked of the books for each paper that is judged, made once: making a statement costs more than running it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select, tuple_, union_all
from sqlalchemy.sql.elements import BindParameter

from pipeline.domain.duplicates import DuplicateKind
from storage.reuse_tables import holding_owners, holdings, owner_events, standings
from storage.tables import documents, duplicates

#: Links between documents that are the same paper.
_SAME_PAPER = (DuplicateKind.FILE.value, DuplicateKind.PAGES.value)


def _many(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


_PAPERS = select(holdings.c.data, documents.c.status, documents.c.former).join(
    documents, documents.c.id == holdings.c.document
)
_IN_ORDER = (holdings.c.document, holdings.c.part)
#: The papers of a ``document``: data, status, former status.
OF_DOCUMENT = _PAPERS.where(holdings.c.document == bindparam("document")).order_by(*_IN_ORDER)
#: Those of ``lineages``.
OF_LINEAGES = _PAPERS.where(holdings.c.lineage.in_(_many("lineages"))).order_by(*_IN_ORDER)
#: Those of these ``types`` of these ``owners``.
OF_OWNERS = _PAPERS.where(
    tuple_(holdings.c.document, holdings.c.part).in_(
        select(holding_owners.c.document, holding_owners.c.part).where(
            holding_owners.c.owner.in_(_many("owners")), holding_owners.c.type.in_(_many("types"))
        )
    )
).order_by(*_IN_ORDER)
#: The same, and by which key of an owner.
OWNED = (
    select(holding_owners.c.owner, holdings.c.data, documents.c.status, documents.c.former)
    .join(holdings, (holdings.c.document == holding_owners.c.document) & (holdings.c.part == holding_owners.c.part))
    .join(documents, documents.c.id == holdings.c.document)
    .where(holding_owners.c.owner.in_(_many("owners")), holding_owners.c.type.in_(_many("types")))
)
#: Documents that are one of these ``papers``.
OF_PAPERS = select(holdings.c.paper, holdings.c.document).where(holdings.c.paper.in_(_many("papers")))
#: Links of ``documents`` to others that are the same paper.
LINKED = union_all(
    select(duplicates.c.document, duplicates.c.other).where(
        duplicates.c.document.in_(_many("documents")), duplicates.c.kind.in_(_SAME_PAPER)
    ),
    select(duplicates.c.document, duplicates.c.other).where(
        duplicates.c.other.in_(_many("documents")), duplicates.c.kind.in_(_SAME_PAPER)
    ),
)
#: What was said of ``documents``, oldest first.
SAID = (
    select(standings.c.document, standings.c.data)
    .where(standings.c.document.in_(_many("documents")))
    .order_by(standings.c.document, standings.c.number)
)
#: What befell these ``owners``, oldest first.
BEFALLEN = select(owner_events).where(owner_events.c.owner.in_(_many("owners"))).order_by(owner_events.c.at)
#: Whom an event made the ``owner`` of now.
BECAME = select(owner_events.c.id, owner_events.c.owner).where(owner_events.c.now == bindparam("owner"))
#: Those of ``events`` that were taken back.
CANCELLED = select(owner_events.c.cancels).where(owner_events.c.cancels.in_(_many("events")))
