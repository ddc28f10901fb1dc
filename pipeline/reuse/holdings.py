"""The papers that a revision holds, as reuse knows them: whose, of which kind, until when, and what ties them to others."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from pipeline.domain.findings import Field, FieldOrigin, Findings
from pipeline.domain.folding import fold
from pipeline.domain.holdings import OWNER_LINEAGE, Exclusion, Holding, id_key, name_key
from pipeline.reuse.policies import Policies, shipped_policies

#: Fields that hold the number of a paper, the first that is there counts.
_NUMBERS = ("so_phat_hanh", "so_ky_hieu", "so_dang_ky", "so", "ma_ho_so")

#: Rules of conformity that tell of exclusions where they fail.
MARKS = {"secrecy": Exclusion.CLASSIFIED, "original": Exclusion.PHOTOCOPY}


@dataclass(frozen=True, slots=True)
class Revision:
    """Where the papers stand: the file of which they are.

    ``reviewed``: people went through its values. ``broken``: a signature in it does not hold. ``failed`` are the ids of rules
    that it fails; ``declared`` is why it is not for reuse by what it was declared to be.
    """

    document: str
    dossier: str
    number: int
    record_key: str
    record_sha256: str = ""
    pdf_key: str = ""
    pdf_sha256: str = ""
    pdf_bytes: int = 0
    pages: int = 0
    reviewed: bool = False
    broken: bool = False
    failed: Collection[str] = ()
    declared: Exclusion | None = None


def holdings_of(revision: Revision, findings: Findings | None, policies: Policies | None = None) -> tuple[Holding, ...]:
    """The papers of ``revision``: itself (part 0), or the several of its file; none where nothing was understood."""
    if findings is None:
        return ()
    told = policies or shipped_policies()
    if not findings.components:
        return (_holding(revision, 0, findings, revision.pages, told),)
    return tuple(
        _holding(revision, number, part.findings, len(part.pages), told) for number, part in enumerate(findings.components, 1)
    )


def _holding(revision: Revision, part: int, found: Findings, pages: int, policies: Policies) -> Holding:
    kind = found.classification.code
    made = Holding(
        document=revision.document,
        part=part,
        dossier=revision.dossier,
        revision=revision.number,
        type=kind,
        owners=found.owners,
        number=fold(_number(found)),
        validity=replace(found.validity, evidence=()) if found.validity else None,
        pages=pages,
        unsure=() if revision.reviewed else tuple(field.key for field in found.fields if _is_unsure(field)),
        marks=_marks(revision),
        signature_broken=revision.broken,
        units_note="; ".join(_unit_notes(found.fields)),
        record_key=revision.record_key,
        record_sha256=revision.record_sha256,
        pdf_key=revision.pdf_key,
        pdf_sha256=revision.pdf_sha256,
        pdf_bytes=revision.pdf_bytes,
    )
    return replace(made, paper=_paper(made, found), lineage=_lineage(made, found, policies.of(kind).newest))


def _marks(revision: Revision) -> tuple[Exclusion, ...]:
    shown = [mark for rule, mark in MARKS.items() if rule in revision.failed]
    return tuple(dict.fromkeys([*shown, revision.declared] if revision.declared else shown))


def _number(found: Findings) -> str:
    fields = (found.field(key) for key in _NUMBERS)
    return next((str(field.value) for field in fields if field is not None), "")


def _is_unsure(field: Field) -> bool:
    return bool(field.problems) and field.origin is not FieldOrigin.HUMAN


def _paper(made: Holding, found: Findings) -> str:
    """What the same paper has in every file: type, number, day, and whose it is or who issued it."""
    issued = made.validity.issued if made.validity else ""
    issuer = found.field("co_quan_ban_hanh")
    whose = sorted(name_key(one) or id_key(one) for one in made.owners) or [fold(str(issuer.value)) if issuer else ""]
    parts = [made.type, made.number, issued, *whose]
    return _digest(parts) if all(parts) else ""


def _lineage(made: Holding, found: Findings, newest: tuple[str, ...]) -> str:
    if newest == (OWNER_LINEAGE,):
        return OWNER_LINEAGE if made.owners else ""
    values = [found.field(key) for key in newest]
    parts = [fold(str(field.value)) for field in values if field is not None]
    return _digest([made.type, *parts]) if parts and len(parts) == len(newest) and all(parts) else ""


def _unit_notes(fields: Iterable[Field]) -> Iterable[str]:
    """What became of units that were reorganised: as printed, and today."""
    for field in fields:
        units = field.units
        if units and units.today and [one.code for one in units.today] != [one.code for one in units.units]:
            before, today = (", ".join(one.name for one in reversed(chain)) for chain in (units.units, units.today))
            basis = f" ({units.basis})" if units.basis else ""
            yield f"{before} → {today}{basis}"


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
