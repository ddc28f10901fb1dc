"""Whether a text layer says what the page shows: sound letters, plausible syllables, outlines with the right marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from pipeline.intake.glyphs import Glyph
from pipeline.intake.outlines import look_like_their_letters

_VIETNAMESE = frozenset("aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz")
_ONSET = r"(ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvxfjwz])?"
_NUCLEUS = r"(uyê|oai|oay|oeo|uây|uôi|ươi|ươu|iêu|yêu|uya|uyu|oao|[aăâeêioôơuưy]{1,2})"
_CODA = r"(ch|ng|nh|[cmnpt])?"
_SYLLABLE = re.compile(f"{_ONSET}{_NUCLEUS}{_CODA}")
_VOWEL = re.compile(r"[aăâeêioôơuưy]")
_CLUSTER = re.compile(r"[^aăâeêioôơuưy]{5,}")
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_MOST_BROKEN = 0.02
#: Words with letters that Vietnamese does not have: few in a Vietnamese text, more in another language,
#: most in what a legacy encoding leaves.
_MOST_FOREIGN, _MOST_FOREIGN_ABROAD = 0.06, 0.3
_LEAST_MARKED = 0.25
_SYMBOLS_AS_LETTERS = re.compile(r"(?<=[a-z])[\u00a1-\u00bf\u00d7\u00f7]|[\u00a1-\u00bf\u00d7\u00f7](?=[a-z])")
_LEAST_PLAUSIBLE = 0.7
_LEAST_LATIN = 0.95
#: With fewer words there is too little to judge by.
_ENOUGH_WORDS = 12


def is_sound(glyphs: Sequence[Glyph], words: Sequence[str]) -> bool:
    """Whether the letters can be believed; ``words`` are those they form, NFC."""
    letters = [glyph for glyph in glyphs if not glyph.is_break]
    if not letters or not words:
        return False
    broken = sum(1 for glyph in letters if not glyph.mapped or is_broken(glyph.text))
    return broken <= _MOST_BROKEN * len(letters) and speaks(words) and look_like_their_letters(letters)


def speaks(words: Sequence[str]) -> bool:
    """Whether words look like Vietnamese, or at least like a language in Latin letters; other scripts are believed."""
    spelled = [folded for word in words if len(folded := _letters(word)) > 1]
    latin = [word for word in spelled if all("LATIN" in unicodedata.name(letter, "") for letter in word)]
    if len(latin) < _ENOUGH_WORDS or len(latin) < 0.5 * len(spelled):
        return True
    bare = [_without_tones(word) for word in latin]
    symbols = sum(1 for word in words if _SYMBOLS_AS_LETTERS.search(word.lower()))
    foreign = symbols + sum(1 for word in bare if not set(word) <= _VIETNAMESE)
    marked = sum(1 for word in latin if not word.isascii() and set(_without_tones(word)) <= _VIETNAMESE)
    most = _MOST_FOREIGN if marked > _LEAST_MARKED * len(latin) else _MOST_FOREIGN_ABROAD
    plausible = sum(1 for word in bare if is_plausible(word))
    return foreign <= most * len(latin) and plausible >= _LEAST_PLAUSIBLE * len(bare)


def is_latin(text: str) -> bool:
    """Whether nearly all letters are Latin: in other scripts there are no syllables to judge by."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum("LATIN" in unicodedata.name(letter, "") for letter in letters) > _LEAST_LATIN * len(letters)


def is_plausible(word: str) -> bool:
    """Whether a lower-case word without tones is a Vietnamese syllable or can be spoken in another language."""
    if _SYLLABLE.fullmatch(word):
        return True
    return 2 < len(word) < 25 and bool(_VOWEL.search(word)) and not _CLUSTER.search(word) and _is_balanced(word)


def is_broken(letter: str) -> bool:
    """Whether a letter stands for none: replacement, private use, control, unassigned."""
    return letter == "\ufffd" or unicodedata.category(letter[:1] or "\ufffd") in {"Cc", "Co", "Cn", "Cs"}


def _is_balanced(word: str) -> bool:
    vowels = len(_VOWEL.findall(word))
    return 0.2 <= vowels / len(word) <= 0.8


def _letters(word: str) -> str:
    stripped = word.strip(".,;:!?()[]{}\"'“”‘’-–—/*…").lower()
    return stripped if stripped.isalpha() else ""


def _without_tones(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
