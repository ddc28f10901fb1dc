"""Papers in keeping, what was said of them, and what befell their owners, in SQL."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, text

from pipeline.domain.audit import Happening
from pipeline.domain.documents import Owner, Status
from pipeline.domain.holdings import (
    OWNER_LINEAGE,
    Holding,
    Kept,
    OwnerEvent,
    PrintCode,
    Standing,
    id_key,
    name_key,
)
from pipeline.domain.outbox import ReuseEvent
from pipeline.domain.plain import plain, unplain
from storage.audit_log import note
from storage.database import Database
from storage.holding_queries import (
    BECAME,
    BEFALLEN,
    CANCELLED,
    LINKED,
    OF_DOCUMENT,
    OF_LINEAGES,
    OF_OWNERS,
    OF_PAPERS,
    OWNED,
    SAID,
)
from storage.outbox import enter_event
from storage.reuse_tables import holding_owners, holdings, owner_events, print_codes, standings
from storage.rows import insert_into

#: Any number, the same everywhere: who says a word on a document on PostgreSQL holds this lock, who releases shares it.
SAYING_LOCK = 7_171_947

#: Ids that a person may have had, one after the other.
_MOST_IDS = 8


class SqlHoldings:
    """``Holdings`` beside the catalogue, in the same database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enter(self, document: str, held: Sequence[Holding]) -> None:
        """Hold what a document's newest revision holds, in the place of what was held of it; an older one changes nothing."""
        with self._database.write() as connection:
            newest = select(holdings.c.revision).where(holdings.c.document == document).limit(1)
            standing = connection.execute(newest).scalar_one_or_none()
            if standing is not None and held and standing > held[0].revision:
                return
            forget_holdings(connection, document)
            if held:
                connection.execute(insert(holdings), [_holding_row(one) for one in held])
            owned = [row for one in held for row in _owner_rows(one)]
            if owned:
                connection.execute(insert(holding_owners), owned)

    def forget(self, document: str) -> None:
        """Hold nothing of a document: it was erased."""
        with self._database.write() as connection:
            forget_holdings(connection, document)

    def of_document(self, document: str) -> tuple[Kept, ...]:
        """The papers of a document, by part, with all that is known of them."""
        with self._database.read() as connection:
            return load_kept(connection, document)

    def of_owner(self, owner: Owner, types: Sequence[str]) -> tuple[Kept, ...]:
        """The papers of these ``types`` that may be ``owner``'s: by the personal id, else by name and birth date."""
        with self._database.read() as connection:
            return _of_owner(connection, owner, types)

    def say(self, standing: Standing, happening: Happening, events: Sequence[ReuseEvent] = ()) -> bool:
        """Hold a word on a document, note it, and enter the events, all at once; False where the number is taken."""
        with self._database.write() as connection:
            lock_saying(connection, shared=False)
            if not _enter_standing(connection, standing):
                return False
            note(connection, happening)
            for event in events:
                enter_event(connection, event)
            return True

    def restore(self, standing: Standing) -> None:
        """Hold a word as found in the bucket."""
        with self._database.write() as connection:
            _enter_standing(connection, standing)

    def standings(self, document: str) -> tuple[Standing, ...]:
        """All that was said of a document, oldest first."""
        with self._database.read() as connection:
            return _standings(connection, [document])[document]

    def befall(self, told: OwnerEvent, happening: Happening | None = None) -> bool:
        """Hold what befell an owner; False where it was told before."""
        keys = (id_key(told.owner) or name_key(told.owner), (id_key(told.now) or name_key(told.now)) if told.now else None)
        known = {"id": told.id, "owner": keys[0], "now": keys[1], "cancels": told.cancels or None, "at": told.at}
        row = known | {"data": json.dumps(plain(told), ensure_ascii=False)}
        with self._database.write() as connection:
            lock_saying(connection, shared=False)
            entered = connection.execute(insert_into(connection, owner_events).values(row).on_conflict_do_nothing()).rowcount
            if entered and happening is not None:
                note(connection, happening)
            return bool(entered)

    def enter_code(self, code: PrintCode) -> None:
        """Hold a code for prints."""
        with self._database.write() as connection:
            enter_code(connection, code)

    def find_code(self, digest: str) -> PrintCode | None:
        """The code of this digest."""
        with self._database.read() as connection:
            row = connection.execute(select(print_codes).where(print_codes.c.digest == digest)).one_or_none()
            return PrintCode(row.digest, row.document, row.part, row.revision, row.at, row.actor) if row else None


def enter_code(connection: Connection, code: PrintCode) -> None:
    """Hold a code for prints, once."""
    connection.execute(insert_into(connection, print_codes).values(plain(code) | {"at": code.at}).on_conflict_do_nothing())


def lock_saying(connection: Connection, *, shared: bool) -> None:
    """Words on documents and releases take turns; writers of SQLite do anyway."""
    if connection.dialect.name == "postgresql":
        how = "_shared" if shared else ""
        connection.execute(text(f"SELECT pg_advisory_xact_lock{how}(:key)"), {"key": SAYING_LOCK})


def forget_holdings(connection: Connection, document: str) -> None:
    """Drop the papers of a document; what was said of it stays."""
    connection.execute(delete(holdings).where(holdings.c.document == document))
    connection.execute(delete(holding_owners).where(holding_owners.c.document == document))


def clear_holdings(connection: Connection) -> None:
    """Drop everything that the bucket can give back."""
    for table in (holdings, holding_owners, standings, owner_events, print_codes):
        connection.execute(delete(table))


def load_kept(connection: Connection, document: str) -> tuple[Kept, ...]:
    """The papers of a document, by part, with all that is known of them."""
    return _completed(connection, _load(connection, OF_DOCUMENT, document=document))


def _of_owner(connection: Connection, owner: Owner, types: Sequence[str]) -> tuple[Kept, ...]:
    ids = _ids_of(connection, owner)
    by_name = name_key(owner)
    keys = [*ids, by_name] if by_name else ids
    rows = connection.execute(OWNED, {"owners": keys, "types": list(types)}).all() if keys else []
    found: dict[tuple[str, int], Kept] = {}
    for key, data, status, former in sorted(rows, key=lambda row: keys.index(row[0])):
        kept = _kept(data, status, former)
        if key == by_name and not _may_be(kept.holding, by_name, bool(ids)):
            continue
        place = kept.holding.document, kept.holding.part
        found.setdefault(place, replace(kept, by_name=key == by_name, formerly=key in ids[1:]))
    ordered = sorted(found.values(), key=lambda one: (one.holding.document, one.holding.part))
    return _completed(connection, ordered)


def _may_be(holding: Holding, by_name: str, id_known: bool) -> bool:
    """Whether an owner of this name and birth date is the one asked for: not where the paper has another personal id."""
    return any(name_key(one) == by_name and not (id_known and one.id12) for one in holding.owners)


def _ids_of(connection: Connection, owner: Owner) -> list[str]:
    """The keys of all ids that the owner has had, the present one first; none where none is told."""
    keys = [id_key(owner)] if owner.id12 else []
    for key in keys:
        rows = connection.execute(BECAME, {"owner": key}).all()
        cancelled = _cancelled(connection, [row.id for row in rows])
        former = [row.owner for row in rows if row.id not in cancelled and row.owner.startswith("id:")]
        keys += [one for one in dict.fromkeys(former) if one not in keys][: _MOST_IDS - len(keys)]
    return keys


def _cancelled(connection: Connection, events: Sequence[str]) -> set[str]:
    """Those of the events that were taken back."""
    if not events:
        return set()
    return {row.cancels for row in connection.execute(CANCELLED, {"events": list(events)})}


def _completed(connection: Connection, found: Sequence[Kept]) -> tuple[Kept, ...]:
    """With words, copies, siblings and what befell the owners."""
    if not found:
        return ()
    siblings = _siblings(connection, found)
    copies = _copies(connection, found)
    everybody = {one.holding.document for one in found} | {one.holding.document for many in siblings.values() for one in many}
    said = _standings(connection, everybody | {other for others in copies.values() for other in others})
    befallen = _befallen(connection, found)
    return tuple(
        replace(
            one,
            standings=said[one.holding.document],
            same=tuple(sorted(copies[one.holding.document])),
            copies=tuple(word for other in sorted(copies[one.holding.document]) for word in said[other]),
            siblings=tuple(
                replace(other, standings=said[other.holding.document])
                for other in siblings[one.holding.document, one.holding.part]
            ),
            owner_events=tuple(told for key in _keys_of(one.holding) for told in befallen.get(key, ())),
        )
        for one in found
    )


def _siblings(connection: Connection, found: Sequence[Kept]) -> dict[tuple[str, int], list[Kept]]:
    """By document and part, the other papers of the lineage."""
    by_lineage: dict[str, list[Kept]] = defaultdict(list)
    lineages = {one.holding.lineage for one in found} - {"", OWNER_LINEAGE}
    for kept in _load(connection, OF_LINEAGES, lineages=sorted(lineages)) if lineages else ():
        by_lineage[kept.holding.lineage].append(kept)
    owned = [one.holding for one in found if one.holding.lineage == OWNER_LINEAGE]
    by_owner: dict[tuple[str, str], list[Kept]] = defaultdict(list)
    for kept in _load(connection, OF_OWNERS, **_owners_of(owned)) if owned else ():
        for key in _keys_of(kept.holding):
            by_owner[kept.holding.type, key].append(kept)
    siblings = {}
    for one in found:
        held = one.holding
        near = by_lineage.get(held.lineage, [])
        if held.lineage == OWNER_LINEAGE:
            near = [other for key in _keys_of(held) for other in by_owner[held.type, key]]
        others = {(other.holding.document, other.holding.part): other for other in near}
        others.pop((held.document, held.part), None)
        siblings[held.document, held.part] = [others[place] for place in sorted(others)]
    return siblings


def _owners_of(owned: Sequence[Holding]) -> dict[str, list[str]]:
    """The owners and the types of papers, as they are asked for."""
    keys = {key for one in owned for key in _keys_of(one)}
    return {"owners": sorted(keys), "types": sorted({one.type for one in owned})}


def _load(connection: Connection, asked: Select[Any], **wanted: object) -> list[Kept]:
    return [_kept(*row) for row in connection.execute(asked, wanted)]


def _copies(connection: Connection, found: Sequence[Kept]) -> dict[str, set[str]]:
    """By document, the others that are the same paper."""
    copies: dict[str, set[str]] = {one.holding.document: set() for one in found}
    papers = {one.holding.paper for one in found if one.holding.paper}
    if papers:
        by_paper: dict[str, set[str]] = defaultdict(set)
        for row in connection.execute(OF_PAPERS, {"papers": sorted(papers)}):
            by_paper[row.paper].add(row.document)
        for one in found:
            copies[one.holding.document] |= by_paper.get(one.holding.paper, set())
    for document, other in connection.execute(LINKED, {"documents": list(copies)}):
        for mine, its in ((document, other), (other, document)):
            if mine in copies:
                copies[mine].add(its)
    return {document: others - {document} for document, others in copies.items()}


def _standings(connection: Connection, wanted: Iterable[str]) -> Mapping[str, tuple[Standing, ...]]:
    said: dict[str, list[Standing]] = defaultdict(list)
    for row in connection.execute(SAID, {"documents": sorted(wanted)}):
        said[row.document].append(unplain(Standing, json.loads(row.data)))
    return defaultdict(tuple, {document: tuple(words) for document, words in said.items()})


def _befallen(connection: Connection, found: Sequence[Kept]) -> dict[str, list[OwnerEvent]]:
    keys = {key for one in found for key in _keys_of(one.holding)}
    rows = connection.execute(BEFALLEN, {"owners": sorted(keys)}).all()
    if not rows:
        return {}
    cancelled = _cancelled(connection, [row.id for row in rows])
    befallen: dict[str, list[OwnerEvent]] = defaultdict(list)
    for row in rows:
        if row.id not in cancelled:
            befallen[row.owner].append(unplain(OwnerEvent, json.loads(row.data)))
    return befallen


def _keys_of(holding: Holding) -> list[str]:
    """The keys of its owners."""
    return [key for owner in holding.owners for key in (id_key(owner), name_key(owner)) if key]


def _enter_standing(connection: Connection, standing: Standing) -> bool:
    row = {"document": standing.document, "number": standing.number, "data": json.dumps(plain(standing))}
    return bool(connection.execute(insert_into(connection, standings).values(row).on_conflict_do_nothing()).rowcount)


def _kept(data: str, status: str, former: str) -> Kept:
    return Kept(unplain(Holding, json.loads(data)), Status(status), Status(former) if former else None)


def _holding_row(one: Holding) -> dict[str, object]:
    return {
        "document": one.document,
        "part": one.part,
        "revision": one.revision,
        "type": one.type,
        "paper": one.paper or None,
        "lineage": one.lineage if one.lineage not in {"", OWNER_LINEAGE} else None,
        "data": json.dumps(plain(one), ensure_ascii=False),
    }


def _owner_rows(one: Holding) -> list[dict[str, object]]:
    return [
        {"owner": key, "type": one.type, "document": one.document, "part": one.part} for key in dict.fromkeys(_keys_of(one))
    ]
