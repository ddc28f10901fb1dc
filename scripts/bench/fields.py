"""The bench of understanding: types and fields found, what needs no human, and what it costs beside reading."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.domain.documents import Source, Status
from pipeline.domain.errors import SohoaError
from pipeline.domain.findings import Classification, DocumentType, Findings
from pipeline.domain.pages import PageReading
from pipeline.reading import Assessed, assess
from pipeline.understanding import document_types
from scripts.bench import corpora
from scripts.bench.corpora import FieldTruth
from scripts.bench.field_measures import CONFIDENT, RIGHT, WRONG, Verdict, format_accepted, format_table, judge
from scripts.bench.readings import read_documents


@dataclass(frozen=True, slots=True)
class Understood:
    """A document's truth, what was found in it, and the CPU seconds that took and that reading its pages had taken."""

    truth: FieldTruth
    kind: DocumentType
    findings: Findings
    approved: bool
    verdicts: tuple[Verdict, ...]
    seconds: float
    seconds_read: float


def bench_fields(out: Path, made: Path | None, *, only_made: bool = False, every_error: bool = False) -> None:
    """Right, wrong and missing by field, by set; types taken for others; and how often what is accepted is right."""
    sets = {} if only_made else corpora.known_fields()
    if made is not None:
        sets[f"made/{made.name}"] = corpora.made_fields(made)
    read = read_documents([truth.file for truths in sets.values() for truth in truths], out)
    for name, truths in sets.items():
        understood = [_understand(truth, read[truth.file], last_part=name == "real") for truth in truths]
        print("\n".join(report(name, understood, every_error=every_error)))


def _understand(truth: FieldTruth, pages: Sequence[PageReading], *, last_part: bool) -> Understood:
    kind = find_kind(truth.type, document_types())
    source = Source(truth.file.name, "", 0, "", pages=len(pages))
    begun = time.process_time()
    try:
        made = assess(source, pages, received_at=datetime.now(UTC))
    except SohoaError:
        made = Assessed(Status.FAILED, "", Findings(Classification("", 0.0)), ())
    seconds = time.process_time() - begun
    verdicts = judge(truth.file.stem, made.findings, truth.fields, kind, last_part=last_part)
    reading = sum(taken for page in pages for step, taken in page.seconds if step == "recognition")
    return Understood(truth, kind, made.findings, made.status is Status.APPROVED, verdicts, seconds, reading)


def report(name: str, understood: Sequence[Understood], *, every_error: bool = False) -> Iterable[str]:
    """The lines of a Markdown section on one set."""
    right = sum(one.findings.classification.code == one.kind.code for one in understood)
    straight = sum(one.approved for one in understood)
    yield f"\n### {name}: {len(understood)} documents, {right} of them of the right type, {straight} approved without a look\n"
    verdicts = [verdict for one in understood for verdict in one.verdicts]
    yield format_table(verdicts)
    accepted = [verdict for verdict in verdicts if verdict.accepted]
    hits = sum(verdict.outcome == RIGHT for verdict in accepted)
    if accepted:
        yield (
            f"\nAccepted without a human: {len(accepted)} of {len(verdicts)} fields ({len(accepted) / len(verdicts):.3f}), "
            f"{hits} of them right ({hits / len(accepted):.4f})."
        )
        yield format_accepted(verdicts)
    seconds, reading = (sum(getattr(one, key) for one in understood) for key in ("seconds", "seconds_read"))
    yield (
        f"\nUnderstanding and review: {1000 * seconds / max(1, len(understood)):.1f} ms of CPU a document, {seconds:.1f} s in "
        f"all; recognition had taken {reading:.1f} s.\n"
    )
    mixed = Counter((one.kind.code, one.findings.classification.code) for one in understood)
    for (expected, found), count in mixed.items():
        if expected != found:
            names = ", ".join(
                one.truth.file.stem
                for one in understood
                if (one.kind.code, one.findings.classification.code) == (expected, found)
            )
            yield f"- {expected} taken for {found or 'nothing'}: {count} ({names})"
    for verdict in verdicts:
        if verdict.outcome == WRONG and (verdict.accepted or verdict.confidence >= CONFIDENT):
            yield (
                f"- {'accepted' if verdict.accepted else 'sure'} but wrong: {verdict.document} {verdict.key}: "
                f"{verdict.value!r}, truth {verdict.truth!r} ({verdict.confidence:.3f})"
            )
        elif every_error and verdict.outcome != RIGHT:
            yield (
                f"- {verdict.outcome}: {verdict.document} {verdict.key}: {verdict.value!r}, truth {verdict.truth!r} "
                f"({verdict.confidence:.3f})"
            )


def find_kind(name: str, kinds: Iterable[DocumentType]) -> DocumentType:
    """The type with the code ``name``, or that bears it as its title in any case."""
    return next(kind for kind in kinds if name in (kind.code, kind.title) or kind.title.casefold() == name.casefold())
