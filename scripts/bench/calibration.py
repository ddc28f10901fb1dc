"""The bench of confidence: whether of the words marked 0.99 so many are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.domain.geometry import Box
from pipeline.domain.pages import PageOrigin, PageText, Word
from scripts.bench import corpora
from scripts.bench.corpora import PageTruth
from scripts.bench.diagram import draw_reliability
from scripts.bench.readings import read_pages
from scripts.bench.reliability import SURE, Judged, calibration_error, format_bins
from scripts.bench.text_measures import match_words, words_of

#: What stands for ink that could not be read; a word with it says itself that it is not the whole word.
UNREAD_INK = "…"
#: Sure but wrong words that are printed of each set.
SHOWN = 40

Labelled = list[tuple[Word, bool]]


def labelled_words(truth_text: str, page: PageText, *, own: Sequence[Box] = (), beside: Sequence[Box] = ()) -> Labelled:
    """The words of the page's own text that count, in reading order, each with whether it stands in ``truth_text``.

    Words are compared as :func:`words_of` has them, in order first, then wherever else they stand (as ``bench text`` does);
    each word of the truth makes one word right. These do not count:

    - lines of any role but the document's own text, for truths leave out what lies over it;
    - words that do not stand in the truth and lie on a box of ``beside`` rather than on one of ``own``: where truths know
      boxes, that is text laid over the document that was not told apart;
    - a number that does not stand in the truth and stands alone in the page's first or last line: truths leave out the
      numbers of pages;
    - handwritten words with ``…`` for what could not be read, and words of punctuation alone. Ink that was read does count.
    """
    words = [word for line in page.own_lines for word in line.words if _counts(word)]
    matched = match_words(words_of(truth_text), [words_of(word.text)[0] for word in words])
    running = _page_numbers(page)
    return [
        (word, place in matched)
        for place, word in enumerate(words)
        if place in matched or not (word in running or _lies_beside(word.box, own, beside))
    ]


def _counts(word: Word) -> bool:
    return len(words_of(word.text)) == 1 and not (word.written and UNREAD_INK in word.text)


def _page_numbers(page: PageText) -> list[Word]:
    ends = (*page.own_lines[:1], *page.own_lines[-1:])
    return [line.words[0] for line in ends if len(line.words) == 1 and "".join(words_of(line.text)).isdecimal()]


def _lies_beside(box: Box, own: Sequence[Box], beside: Sequence[Box]) -> bool:
    over = max((box.intersection(other).area for other in beside), default=0.0)
    return over > max((box.intersection(other).area for other in own), default=0.0)


def bench_calibration(out: Path, made: Path | None, svg: Path | None) -> None:
    """Reliability of word confidence by set and in all, sure words that are wrong, and a diagram in ``svg`` if wanted.

    Pages with a text layer are left out: nobody recognised their words.
    """
    labelled = {name: label_set(name, pages, out) for name, pages in corpora.text_sets(made).items()}
    everything = [pair for pairs in labelled.values() for pair in pairs]
    judged = {name: judge(pairs) for name, pairs in {**labelled, "all": everything}.items()}
    print(format_summary(judged))
    for name, one in judged.items():
        print(f"\n### {name}\n\n{format_bins(one.bins())}")
    for name, pairs in labelled.items():
        wrong = [word for word, right in pairs if word.confidence >= SURE and not right]
        if wrong:
            print(f"\n{name}: sure but not in the truth: {', '.join(_say(word) for word in wrong[:SHOWN])}")
    if svg is not None:
        svg.write_text(draw_reliability(judged), encoding="utf-8")


def label_set(name: str, pages: Sequence[PageTruth], out: Path) -> Labelled:
    """The labelled words of all ``pages`` that were recognised; tells of the pages left out."""
    labelled: Labelled = []
    for page, reading in zip(pages, read_pages(pages, out), strict=True):
        if reading.origin is PageOrigin.OCR:
            labelled += labelled_words(page.text, reading.text, own=page.own, beside=page.beside)
        else:
            print(f"{name} {page.name}: left out ({reading.origin.value})")
    return labelled


def judge(labelled: Labelled) -> Judged:
    """The confidences of ``labelled`` words."""
    return Judged([word.confidence for word, _ in labelled], [right for _, right in labelled])


def format_summary(judged: Mapping[str, Judged]) -> str:
    """A Markdown table with a row for each set: expected calibration errors, and what sure words are worth."""
    rows = [
        "| set | words | mean confidence | share right | ECE, 10 even widths | ECE, 15 even counts | sure | sure and right |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, one in judged.items():
        wide, even = calibration_error(one.equal_bins(10)), calibration_error(one.even_bins(15))
        rows.append(
            f"| {name} | {len(one)} | {one.mean:.4f} | {one.right:.4f} | {wide:.4f} | {even:.4f} "
            f"| {one.sure.count} | {one.sure.right:.4f} |"
        )
    return "\n".join(rows)


def _say(word: Word) -> str:
    return f"{word.text!r} {word.confidence:.3f}" + (" (ink)" if word.written else "")
