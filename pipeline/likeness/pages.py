"""Two pages beside each other: how alike they are, and whether anything says that they are two sheets of one form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Levenshtein

from pipeline.likeness.pictures import picture_distance
from pipeline.likeness.words import LEAST_WORDS, Token, pairs_of, words_of

#: How alike the words of a sheet read twice are at least; and the pictures of one with hardly any words.
SAME_WORDS, SAME_PICTURE = 0.5, 0.90
#: Places with another number or name that the same sheet may have, and words of such a place.
_SLIPS, _LONGEST = 1, 6
#: From how alike on two numbers may be one misread, and up to how alike two names are still others.
_SAME_NUMBER, _OTHER_NAME = 0.7, 0.5


@dataclass(frozen=True)
class Page:
    """A page: its number, its text as read, the hash of its picture (empty where it has none)."""

    number: int
    text: str
    picture: str = ""

    @cached_property
    def words(self) -> tuple[Token, ...]:
        """The words, as they are compared."""
        return words_of(self.text)

    @cached_property
    def pairs(self) -> frozenset[str]:
        """The pairs of neighbouring words."""
        return pairs_of(self.words)


def split_text(text: str) -> tuple[str, ...]:
    """The texts of the pages of ``text.txt``."""
    return tuple(page.strip("\n") for page in text.split("\f"))


def likeness_of(one: Page, other: Page) -> float:
    """How alike two pages are, 0..1: by their words where both have enough, else by their pictures."""
    if len(one.words) < LEAST_WORDS or len(other.words) < LEAST_WORDS:
        if max(len(one.words), len(other.words)) > 2 * LEAST_WORDS:
            return 0.0
        return 1 - min(1.0, picture_distance(one.picture, other.picture))
    shared = len(one.pairs & other.pairs)
    return shared / max(1, len(one.pairs) + len(other.pairs) - shared)


def is_same_sheet(one: Page, other: Page) -> bool:
    """Whether two pages are the same sheet; two sheets of one form, filled in for two people, are not."""
    alike = likeness_of(one, other)
    if len(one.words) < LEAST_WORDS or len(other.words) < LEAST_WORDS:
        return alike >= SAME_PICTURE
    return alike >= SAME_WORDS and not _contradict(one.words, other.words)


def _contradict(mine: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether other numbers or names stand in the same places: between words that are alike, as on two copies of a form.

    A slip of the engine changes a sign or two, or what is one word; it seldom makes another number or name of one.
    """
    steps = list(Levenshtein.opcodes([word.folded for word in mine], [word.folded for word in theirs]))
    places = 0
    for before, step, after in zip([None, *steps], steps, [*steps[1:], None], strict=False):
        if step.tag != "replace" or step.src_end - step.src_start > _LONGEST:
            continue
        if (before is None or before.tag == "equal") and (after is None or after.tag == "equal"):
            pairs = zip(mine[step.src_start : step.src_end], theirs[step.dest_start : step.dest_end], strict=True)
            places += any(_are_others(a, b) for a, b in pairs)
    return places > _SLIPS


def _are_others(a: Token, b: Token) -> bool:
    if a.tells and b.tells:
        return Levenshtein.normalized_similarity(a.digits, b.digits) < _SAME_NUMBER
    if a.digits or b.digits or not (a.capital and b.capital):
        return False
    return Levenshtein.normalized_similarity(a.folded, b.folded) <= _OTHER_NAME
