"""The bench of relations: owners, last days, and hints on the layout of right papers and of such that lack a zone."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline.domain.documents import Source
from pipeline.domain.errors import SohoaError
from pipeline.domain.findings import Evidence, Findings, Outcome
from pipeline.domain.pages import PageReading
from pipeline.domain.validity import last_day
from pipeline.reading import assess
from pipeline.understanding import document_types, lint_layout, understand
from pipeline.understanding.dictionary import groups
from pipeline.understanding.kinds.recipes import recipes
from pipeline.understanding.layout.paper import make_paper
from pipeline.understanding.sheets import evidence
from scripts.bench import corpora
from scripts.bench.corpora import FieldTruth
from scripts.bench.readings import read_documents

NOW = datetime(2026, 1, 1, tzinfo=UTC)
#: Which fields a zone of the layout holds.
ZONES = {
    "issuer": ("co_quan_ban_hanh", "co_quan_chu_quan"),
    "number": ("so_ky_hieu",),
    "place_date": ("dia_danh", "ngay_ban_hanh"),
    "subject": ("trich_yeu",),
    "signer": ("nguoi_ky",),
    "recipients": ("noi_nhan",),
}
Pages = Sequence[PageReading]


def bench_relations(out: Path, made: Path | None, *, only_made: bool = False) -> None:
    """Print what became of each set's owners, ends and layout."""
    sets = {} if only_made else corpora.known_fields()
    if made is not None:
        sets[f"made/{made.name}"] = corpora.made_fields(made)
    read = read_documents([truth.file for truths in sets.values() for truth in truths], out)
    for name, truths in sets.items():
        print("\n".join(report(name, [(truth, read[truth.file]) for truth in truths])))


def report(name: str, papers: Sequence[tuple[FieldTruth, Pages]]) -> Iterator[str]:
    """The lines of a Markdown section on one set."""
    owners: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    understood = []
    for truth, pages in papers:
        try:
            found = assess(Source(truth.file.name, "", 0, "", pages=len(pages)), pages, received_at=NOW).findings
        except SohoaError:
            continue
        understood.append((truth, pages, found))
        owners.update(_owners(truth, found))
        ends.update(_end(truth, found))
    yield f"\n### {name}: {len(papers)} files\n"
    yield f"- owners: {_counts(owners)}"
    yield f"- last days: {_counts(ends)}"
    yield from _layout(understood)


def _owners(truth: FieldTruth, found: Findings) -> Iterator[str]:
    """For each owner that the truth names by id, or by name and birth date, whether one is linked who is the same."""
    for keys in recipes()[_code(truth)].owners:
        id12, name, born = (str(truth.fields.get(key, "")) for key in (keys.id12, keys.name, keys.birth_date))
        if id12 or (name and born):
            same = [o for o in found.owners if (id12 and o.id12 == id12) or (born and (o.name, o.birth_date) == (name, born))]
            others = [owner for owner in found.owners if owner.id12 and id12 and owner.id12 != id12]
            yield "linked" if same else "to another" if others else "not linked"


def _end(truth: FieldTruth, found: Findings) -> Iterator[str]:
    """Whether the last day is that of the term that the law gives the type, or that the paper itself prints."""
    code, issued = _code(truth), str(truth.fields.get("ngay_cap", ""))
    term = next(kind.valid_for for kind in document_types() if kind.code == code)
    day = last_day(date.fromisoformat(issued), term) if term and issued else None
    wanted = day.isoformat() if day else str(truth.fields.get("ngay_het_han", ""))
    if wanted:
        validity = found.validity
        unsure = " but doubtful" if validity and validity.doubtful else ""
        yield ("right" if validity and validity.until == wanted else "wrong") + unsure


def _layout(understood: Iterable[tuple[FieldTruth, Pages, Findings]]) -> Iterator[str]:
    pages = hints = 0
    taken: defaultdict[str, Counter[str]] = defaultdict(Counter)
    told = []
    begun = time.process_time()
    papers = [(truth, read, found, lint_layout(found, read)) for truth, read, found in understood]
    seconds = time.process_time() - begun
    for truth, read, found, judged in papers:
        pages += len(read)
        for one in (rule for conformity in judged for rule in conformity.outcomes if rule.outcome is Outcome.FAILED):
            hints += 1
            told.append(f"  - {truth.file.stem}: {one.rule} {one.found!r} {list(one.pages)}")
        if judged and not found.components and found.classification.code in groups():
            for rule, seen in _zones(found, read).items():
                taken[rule][_without(rule, seen, read)] += 1
    yield f"- layout: {hints} hints on {pages} pages, {1000 * seconds / max(1, pages):.1f} ms of CPU a page"
    yield from told
    yield from (f"- without {rule}: {_counts(counts)}" for rule, counts in sorted(taken.items()))


def _zones(found: Findings, pages: Pages) -> Mapping[str, tuple[Evidence, ...]]:
    """Where each zone stands that was found."""
    zones = {
        rule: tuple(seen for key in keys if (field := found.field(key)) for seen in field.evidence)
        for rule, keys in ZONES.items()
    }
    paper = make_paper(found, pages)
    if paper is not None and paper.recipients is not None:
        zones["recipients"] = (*zones["recipients"], *evidence(paper.recipients.tokens))
    return {rule: seen for rule, seen in zones.items() if seen}


def _without(rule: str, zone: Sequence[Evidence], pages: Pages) -> str:
    """What the linter says of ``rule`` once the words of ``zone`` are gone from the readings."""
    rest = [_cut(page, [seen for seen in zone if seen.page == page.number]) for page in pages]
    for judged in lint_layout(understand(rest, today=NOW.date()), rest):
        return next(one.outcome.value for one in judged.outcomes if one.rule == rule)
    return "not judged"


def _cut(page: PageReading, zone: Sequence[Evidence]) -> PageReading:
    lines = []
    for line in page.text.lines:
        words = tuple(
            word
            for word in line.words
            if not any(
                seen.box.left <= word.box.centre[0] <= seen.box.right and seen.box.top <= word.box.centre[1] <= seen.box.bottom
                for seen in zone
            )
        )
        lines += [replace(line, words=words)] if words else []
    return replace(page, content=replace(page.text, lines=tuple(lines)))


def _code(truth: FieldTruth) -> str:
    """The type's code; truths of real papers name it by its title."""
    kinds = document_types()
    named = (
        kind.code for kind in kinds if truth.type in (kind.code, kind.title) or kind.title.casefold() == truth.type.casefold()
    )
    return next(named)


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts.most_common()) or "none"
