"""An approved draft becomes the next revision: the same pages and the same PDF, with the values that people stand for."""

from __future__ import annotations

import json
from dataclasses import replace

from pipeline import archive, review
from pipeline.archive.signatures import signed_parts
from pipeline.domain.errors import StageError
from pipeline.domain.findings import Findings
from pipeline.domain.reviews import WHOLE
from pipeline.flow import FlowPorts
from pipeline.review_desk.cases import Case
from pipeline.signing.steps import as_signed
from pipeline.understanding import relate


def seal_approved(case: Case, readers: tuple[str, ...], ports: FlowPorts) -> None:
    """Seal the draft of ``case`` as the next revision of its document, approved by the last of ``readers``.

    Raises what signing raises, ``StageError`` where what is stored is not what the record says, ``UnavailableError``. May be
    repeated: what an earlier try has kept is taken over.
    """
    document, before = case.document, case.record
    kept = tuple(one for one in before.objects if one.name != archive.REVIEW_NAME)
    entry, signatures = ports.signing.keep_approved(document, before)
    ports.signing.copy_objects(document, kept)
    sheet, named = _keep_sheet(case, readers, ports)
    problems = review.problems_left(before.findings, before.problems, case.settled)
    raw = archive.review_record(case.rendered, _related(case, ports), problems, at=ports.clock.now())
    if signatures:
        raw |= signed_parts(raw, as_signed(entry, signatures, ports.rule_sets))
    objects = [one for one in raw["objects"] if one["name"] != archive.REVIEW_NAME]
    raw["objects"] = [*objects, {"name": named.name, "sha256": named.sha256, "bytes": named.bytes}]
    data = (json.dumps(raw, ensure_ascii=False, indent=1) + "\n").encode()
    ports.revisions.seal_reviewed(document, data, ports.store.get(_key(case, "text.txt")).decode(), sheet)


def _related(case: Case, ports: FlowPorts) -> Findings:
    """The findings of the draft with owners, validity, procedure and dossier as its values now say."""
    assert case.findings is not None, "a document that is reviewed was understood"
    readings = archive.readings_of(case.rendered, ports.store.get(_key(case, "alto.xml")))
    return relate(case.findings, readings, ports.catalogue)


def _keep_sheet(case: Case, readers: tuple[str, ...], ports: FlowPorts) -> tuple[archive.ReviewSheet, archive.ObjectEntry]:
    """What people made of the revision, kept beside the next one; where an earlier try kept the same, that one counts."""
    made = _sheet(case, readers, ports)
    named = ports.revisions.keep(case.document, archive.REVIEW_NAME, archive.render_review(made))
    document = case.document
    key = archive.revision_key(document.dossier, document.id, document.revision + 1, archive.REVIEW_NAME)
    standing = archive.parse_review(ports.store.get(key))
    if standing.said != archive.parse_review(archive.render_review(made)).said:
        raise StageError(
            f"{key} stands there from another review that was never sealed; remove it, then approve again",
            code="unsealed_revision",
            advice="Còn tệp của một lần duyệt dở. Quản trị viên hãy xóa tệp đó rồi duyệt lại.",
        )
    return replace(standing, readers=readers), named


def _sheet(case: Case, readers: tuple[str, ...], ports: FlowPorts) -> archive.ReviewSheet:
    record = case.record
    assert record.findings is not None, "a document that is reviewed was understood"
    return archive.ReviewSheet(
        document=case.document.id,
        reviewed=case.document.revision,
        readers=readers,
        at=ports.clock.now().isoformat(),
        seconds=sum(step.seconds for step in case.steps),
        lessons=review.lessons_of(record.findings, record.problems, case.settled),
        noted=tuple(place.key for place in case.settled if place.part == WHOLE),
        engine=record.engine,
        made_with=record.made_with,
    )


def _key(case: Case, name: str) -> str:
    document = case.document
    return archive.revision_key(document.dossier, document.id, document.revision, name)
