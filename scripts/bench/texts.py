"""The bench of words: how much of the known texts is read, beside bare Tesseract on the same pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from scripts.bench import corpora
from scripts.bench.bare import read_bare
from scripts.bench.corpora import PageTruth
from scripts.bench.readings import digitise, place
from scripts.bench.text_measures import (
    WordScore,
    character_error_rate,
    count_tone_errors,
    own_text,
    score_order,
    score_words,
    total,
)

HEAD = """\
| set | pages | words | recall | precision | F1 | order | CER | tone errors | bare recall | bare F1 | bare tone errors |
|---|---|---|---|---|---|---|---|---|---|---|---|"""


@dataclass(frozen=True, slots=True)
class ReadText:
    """A page's truth, and what the product and bare Tesseract read there."""

    page: PageTruth
    found: str
    bare: str


def bench_text(out: Path, made: Path | None) -> None:
    """Words in any order, what of the order was kept, characters in reading order and tone marks; by set.

    Blocks labelled as laid over the document's own text are left out, as the truths leave them out; bare Tesseract labels
    nothing, so that its precision suffers from them but not its recall. Documents read worse than bare are named.
    """
    sets = corpora.text_sets(made)
    digitise([page.file for pages in sets.values() for page in pages], out)
    read = {name: read_texts(pages, out) for name, pages in sets.items()}
    print(HEAD)
    for name, texts in read.items():
        print(format_row(name, texts))
    worse = [line for name, texts in read.items() for line in name_worse(name, texts)]
    print("\nRead worse than with bare Tesseract: " + ("\n\n" + "\n".join(worse) if worse else "no document."))


def read_texts(pages: Sequence[PageTruth], out: Path) -> list[ReadText]:
    """What was read on ``pages``: the product's own text of each, nothing where it left none, and bare Tesseract's."""
    return [ReadText(page, _found_on(page, out), bare) for page, bare in zip(pages, read_bare(pages, out), strict=True)]


def _found_on(page: PageTruth, out: Path) -> str:
    read = place(out, page.file.parent) / f"{page.file.stem}.txt"
    texts = read.read_text(encoding="utf-8").split("\f") if read.exists() else []
    return own_text(texts[page.page - 1]) if page.page <= len(texts) else ""


def format_row(name: str, texts: Sequence[ReadText]) -> str:
    """The set's row under :data:`HEAD`."""
    sums, bare = _sum_found(texts), _sum_bare(texts)
    order = total(score_order(read.page.text, read.found) for read in texts).recall
    wrong = sum(character_error_rate(read.page.text, read.found) * len(read.page.text) for read in texts)
    letters = max(1, sum(len(read.page.text) for read in texts))
    tones = sum(count_tone_errors(read.page.text, read.found) for read in texts)
    bare_tones = sum(count_tone_errors(read.page.text, read.bare) for read in texts)
    return (
        f"| {name} | {len(texts)} | {sums.truth} | {sums.recall:.3f} | {sums.precision:.3f} | {sums.f1:.3f} "
        f"| {order:.3f} | {wrong / letters:.3f} | {tones} | {bare.recall:.3f} | {bare.f1:.3f} | {bare_tones} |"
    )


def name_worse(name: str, texts: Sequence[ReadText]) -> list[str]:
    """A line for each document of the set of which fewer words were read than by bare Tesseract, or with a lower F1."""
    lines = []
    for file, members in groupby(sorted(texts, key=lambda read: read.page.file), key=lambda read: read.page.file):
        pages = list(members)
        ours, bare = _sum_found(pages), _sum_bare(pages)
        if ours.common < bare.common or ours.f1 < bare.f1:
            lines.append(
                f"- {name} {file.name}: {ours.common} of {ours.truth} words, bare {bare.common}; "
                f"F1 {ours.f1:.3f}, bare {bare.f1:.3f}"
            )
    return lines


def _sum_found(texts: Sequence[ReadText]) -> WordScore:
    return total(score_words(read.page.text, read.found) for read in texts)


def _sum_bare(texts: Sequence[ReadText]) -> WordScore:
    return total(score_words(read.page.text, read.bare) for read in texts)
