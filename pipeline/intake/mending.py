"""Letters of a text layer that a legacy encoding hides, brought back to Unicode, font by font."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pipeline.domain.geometry import hull
from pipeline.domain.syllables import is_syllable
from pipeline.intake.glyphs import Glyph
from pipeline.intake.legacy_encodings import (
    ENCODINGS,
    LETTERS,
    TCVN3,
    UNICODE_ONLY,
    LegacyEncoding,
    decode,
    decode_text,
    is_capital_font,
    named_encoding,
)

#: Of the words that an encoding changes, so many must be Vietnamese syllables afterwards. Of 6,122 words with Vietnamese
#: letters on real pages all are; the rest is left to names of other languages and slips.
_LEAST_MENDED = 0.9
#: A font whose name says nothing is believed to be encoded where so many words speak for it, and that share of all its words,
#: with so many different letters, and so few were syllables before. Of Vietnamese words three in four bear marks.
_ENOUGH_WORDS, _LEAST_CHANGED, _ENOUGH_LETTERS, _MOST_BEFORE = 8, 0.3, 5, 0.5
#: More letters than this that only Unicode has: the file was mended by whoever made it.
_MOST_UNICODE = 0.01
#: Small letters without ascenders that reach so high (in type sizes) are capitals.
_CAPITAL_HEIGHT, _FLAT = 0.58, frozenset("acemnorsuvxz")
#: Glyphs of a hyphen are lower than this (in type sizes), those of letters are higher.
_HYPHEN_HEIGHT = 0.25
#: The code of a letter that Western fonts show as a hyphen, and what comes out of it; the last one at the end of a line.
_SOFT_HYPHEN, _LINE_END = "\xad", "\x02"
_HYPHENS = frozenset(("-", _SOFT_HYPHEN, _LINE_END))
_CHUNK = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Evidence:
    """How many words an encoding changes, how many of them are Vietnamese afterwards, how many were before.

    ``letters`` counts the different letters that it brings.
    """

    changed: int = 0
    after: int = 0
    before: int = 0
    letters: int = 0

    @property
    def fits(self) -> bool:
        """Whether the words become Vietnamese."""
        return self.changed > 0 and self.after >= _LEAST_MENDED * self.changed

    def is_broad(self, words: int) -> bool:
        """Whether they are enough of ``words`` to tell an encoding from an accident."""
        return self.changed >= max(_ENOUGH_WORDS, _LEAST_CHANGED * words) and self.letters >= _ENOUGH_LETTERS

    @property
    def was_none(self) -> bool:
        """Whether they were hardly any before."""
        return self.before <= _MOST_BEFORE * self.changed


_NONE = _Evidence()


def mend_glyphs(glyphs: Sequence[Glyph]) -> tuple[tuple[Glyph, ...], bool]:
    """The glyphs with what their letters mean, and whether any was mended.

    The letters of a font that seems to be of a legacy encoding but yields no Vietnamese count as unmapped.
    """
    fonts = sorted({glyph.font for glyph in glyphs if not glyph.is_break})
    words = {font: _words([glyph for glyph in glyphs if glyph.is_break or glyph.font == font]) for font in fonts}
    chosen = {font: _choose(font, words[font]) for font in fonts}
    common = next((encoding for encoding in chosen.values() if encoding), None)
    unread = set()
    for font in (font for font in fonts if chosen[font] is None and not _is_unicode(words[font])):
        expected = named_encoding(font) or common
        evidence = _measure(words[font], expected) if expected else _NONE
        if evidence.fits and evidence.was_none:
            chosen[font] = expected
        elif evidence.changed and (evidence.fits or named_encoding(font)):
            unread.add(font)
    if not unread and not any(chosen.values()):
        return tuple(glyphs), False
    mended: list[Glyph] = []
    for font, run in groupby(glyphs, key=lambda glyph: glyph.font):
        encoding = chosen.get(font)
        if encoding is not None:
            mended += _mend_run(tuple(run), encoding, capitals=_shows_capitals(font, glyphs, encoding))
        else:
            mended += (replace(glyph, mapped=False) if font in unread else glyph for glyph in run)
    return tuple(mended), any(chosen.values())


def _words(glyphs: Sequence[Glyph]) -> tuple[str, ...]:
    runs = ("".join(glyph.raw for glyph in run) for is_break, run in groupby(glyphs, lambda g: g.is_break) if not is_break)
    return tuple(run for run in runs if run)


def _choose(font: str, words: Sequence[str]) -> LegacyEncoding | None:
    """The encoding of a font that its name and words tell, or its words alone; None for one that is Unicode or untold."""
    named = named_encoding(font)
    if _is_unicode(words):
        return None
    if named is not None:
        evidence = _measure(words, named)
        return named if evidence.fits or (evidence.changed == 0 and is_capital_font(font)) else None
    found = [(_measure(words, encoding), encoding) for encoding in ENCODINGS]
    fitting = [
        ((evidence.after / evidence.changed, evidence.after), encoding)
        for evidence, encoding in found
        if evidence.fits and evidence.was_none and evidence.is_broad(len(words))
    ]
    return max(fitting, key=lambda fit: fit[0])[1] if fitting else None


def _is_unicode(words: Sequence[str]) -> bool:
    letters = sum(len(word) for word in words)
    return sum(letter in UNICODE_ONLY for word in words for letter in word) > _MOST_UNICODE * letters


def _measure(words: Sequence[str], encoding: LegacyEncoding) -> _Evidence:
    changed = after = before = 0
    letters: set[str] = set()
    for word in words:
        if word.isascii() and "-" not in word:
            continue
        meant = decode_text("".join(_restored(list(word), (False,) * len(word), encoding)), encoding)
        if meant != word:
            changed += 1
            letters |= set(meant) & LETTERS
            after += _is_vietnamese(meant)
            before += _is_vietnamese(unicodedata.normalize("NFC", word))
    return _Evidence(changed, after, before, len(letters))


def _is_vietnamese(word: str) -> bool:
    """Whether all that a word is made of, but for abbreviations, digits and marks around them, are syllables."""
    chunks = [chunk for chunk in _CHUNK.findall(word) if not chunk.isascii()]
    odd = any(not (sign.isascii() or sign in LETTERS) for sign in word.strip("“”‘’–—…•"))
    return bool(chunks) and not odd and all(_is_known(part) for chunk in chunks for part in _parts(chunk))


def _parts(chunk: str) -> Iterator[str]:
    """Words that lost the space between them: a capital behind a small letter begins one."""
    start = 0
    for at in range(1, len(chunk)):
        if chunk[at].isupper() and chunk[at - 1].islower():
            yield chunk[start:at]
            start = at
    yield chunk[start:]


def _is_known(part: str) -> bool:
    """Whether it is a syllable or may stand for words, like QĐ; the đ behind a sum of money does too."""
    return is_syllable(part) or (len(part) <= 6 and part.isupper()) or part == "đ"


def _shows_capitals(font: str, glyphs: Sequence[Glyph], encoding: LegacyEncoding) -> bool:
    """Whether small letters of ``font`` look like capitals: by its name, or where that tells nothing by their height."""
    if encoding is not TCVN3 or is_capital_font(font):
        return encoding is TCVN3
    if named_encoding(font) is not None:
        return False
    heights = sorted(
        glyph.box.height / glyph.size for glyph in glyphs if glyph.font == font and glyph.raw in _FLAT and glyph.size
    )
    return len(heights) > 4 and heights[len(heights) // 2] > _CAPITAL_HEIGHT


def _mend_run(run: Sequence[Glyph], encoding: LegacyEncoding, *, capitals: bool) -> Iterator[Glyph]:
    for is_break, part in groupby(run, lambda glyph: glyph.is_break):
        glyphs = tuple(part)
        if is_break:
            yield from glyphs
            continue
        at = 0
        for taken, text in decode(_letters(glyphs, encoding), encoding, capitals=capitals):
            box = hull(glyph.box for glyph in glyphs[at : at + taken])
            yield replace(glyphs[at], text=text, box=box, mapped=True)
            at += taken


def _letters(glyphs: Sequence[Glyph], encoding: LegacyEncoding) -> list[str]:
    tall = tuple(glyph.box.height > _HYPHEN_HEIGHT * glyph.size for glyph in glyphs)
    return _restored([glyph.raw for glyph in glyphs], tall, encoding)


def _restored(letters: list[str], tall: Sequence[bool], encoding: LegacyEncoding) -> list[str]:
    """``letters`` with those put back that share their code with the hyphen: n-íc is nước. ``tall`` ones are no hyphens."""
    if ord(_SOFT_HYPHEN) in encoding.letters:
        for at, letter in enumerate(letters):
            if letter in _HYPHENS:
                letters[at] = _SOFT_HYPHEN if _hides_letter(letters, at, encoding, tall=tall[at]) else "-"
    return letters


def _hides_letter(letters: Sequence[str], at: int, encoding: LegacyEncoding, *, tall: bool) -> bool:
    """Whether the hyphen at this place makes a syllable of what stands around it once it is taken for a letter."""
    before = decode_text("".join(letters[:at]), encoding)
    whole = before + decode_text("".join([_SOFT_HYPHEN, *letters[at + 1 :]]), encoding)
    chunk = next((found for found in _CHUNK.finditer(whole) if found.start() <= len(before) < found.end()), None)
    if chunk is None or len(chunk[0]) < 2 or not is_syllable(chunk[0]):
        return False
    if tall:
        return True
    first, last = before[chunk.start() :], whole[len(before) + 1 : chunk.end()]
    is_compound = is_syllable(first) and (not last or is_syllable(last))
    return not (is_compound or chunk[0].isupper())
