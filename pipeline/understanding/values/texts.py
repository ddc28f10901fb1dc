"""Texts as values: with the slips of engines set right that no paper can have meant, and what a list says of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from pipeline.domain.syllables import canonical, is_syllable
from pipeline.understanding.folding import capital_share, fold
from pipeline.understanding.phrases import phrases
from pipeline.understanding.values.codes import parse_number
from pipeline.understanding.values.meanings import Meaning

#: The last letters of a syllable, parted from it.
_PARTED = re.compile(r"\b([^\W\d_]{2,5}) (ng|nh|ch|g|h)\b")
#: The first letters of a syllable, parted from it; a letter behind these words is one that counts: điểm c hay điểm d.
_HEADS = r"ngh|ng|nh|gh|kh|ph|th|tr|ch|[bcdđghklmnpqrstvx]"
_BEHEADED = re.compile(rf"(?<!điểm )(?<!mục )(?<!loại )(?<!hạng )(?<!lô )(?<!tổ )\b({_HEADS}) ([a-zà-ỹđ]{{2,6}})\b")
#: A number of a paper within a text.
_NUMBERED = re.compile(r"\b\d{1,5}/(?:(?:19|20)\d\d/)?[A-ZĐ][A-ZĐa-z]*(?:-[A-ZĐ][A-ZĐa-z]*)*")
#: A stop where a comma belongs: before the next level of an address, or the next part of a place in a survey.
STOPPED = re.compile(r"\.(?= (?:thành phố|tỉnh|huyện|xã|phường|quận|thị trấn|thị xã|đặc khu|tờ bản đồ|thửa)\b)")
#: A stop or colon within a sentence, before a small letter: a comma misread.
_PAUSED = re.compile(r"(?<=[^\W\d_]{2})\.(?= [a-zà-ỹđ])")
#: The square of a metre, misread, or lost before the land it measures; a letter and a colon left of a label.
_SQUARE = re.compile(r"(?<=\d)(\s?)m(?:\s?[2?°](?=\s|$|[.,;])|(?=\sđất\b))")
_STRAY = re.compile(r"^[^\W\d_]\s?:\s+(?=\w)")
_HOUSEHOLD = re.compile(r"^h\S{1,2}\s+kinh\s+doanh\b", re.IGNORECASE)
_TERM = re.compile(r"(?:đến (?:ngày )?)?\d{1,2}/\d{1,2}/\d{4}|\d{1,2} năm", re.IGNORECASE)
#: The share of capitals from where on a phrase is set in them.
_CAPITALS = 0.8
_EDGES = " \t:;,.-–—_|…'`\"“”"


def read_text(text: str) -> Meaning | None:
    """``text`` with numbers of papers, squares of metres, stops and parted syllables set right; None without a letter."""
    letters = sum(sign.isalnum() for sign in text)
    if not letters:
        return None
    plain = _SQUARE.sub(r"\1m²", join_syllables(_STRAY.sub("", text)))
    plain = _NUMBERED.sub(lambda match: _number_within(match[0]), plain)
    plain = _PAUSED.sub(",", STOPPED.sub(",", plain))
    maimed = _breaks_off(plain)
    return Meaning(plain, 0.4 if letters < 2 else 0.6 if maimed else 1.0, mended=plain != text, maimed=maimed)


def join_syllables(text: str) -> str:
    """``text`` with the syllables in one that were read in two: t hị xã, phườ ng."""
    return _BEHEADED.sub(_rejoin, _PARTED.sub(_rejoin, text))


def _rejoin(match: re.Match[str]) -> str:
    """The syllable that the two groups of ``match`` make, where they make one; else what was matched."""
    whole = match[1] + match[2]
    return whole if is_syllable(canonical(whole)) else match[0]


def _number_within(text: str) -> str:
    """A number and symbol with the signs of its symbol set right, as one at the head of a paper would be."""
    code = parse_number(text)
    return code.value if code is not None and not code.unread else text


def _breaks_off(text: str) -> bool:
    """Whether ``text`` ends within a word or a bracket: its last word is a stump of one or two letters, none alone."""
    last = text.rsplit(maxsplit=1)[-1].strip(_EDGES)
    stump = len(last) < 3 and last.isalpha() and last.islower() and not is_syllable(canonical(last))
    return stump or text.count("(") > text.count(")")


def read_land_use(text: str) -> Meaning | None:
    """What land may be used for, by the names of the law; one that is but the beginning of such a name has lost its end."""
    meaning, letters = read_text(text), fold(text)
    known = {fold(use): use for use in phrases("land_uses")}
    if meaning is None:
        return None
    if letters in known:
        spelt = _cased_first(known[letters], text)
        same = spelt.lower() == text.lower()
        return replace(meaning, value=meaning.value if same else spelt, known=True, mended=meaning.mended or not same)
    begun = any(use.startswith(f"{letters} ") for use in known)
    return replace(meaning, maimed=True, quality=min(meaning.quality, 0.6)) if begun else meaning


def read_state(text: str) -> Meaning | None:
    """What is said of a marriage, a criminal record or a term, as it is always said, where ``text`` is that."""
    meaning = read_text(text)
    if meaning is None or _TERM.fullmatch(text):
        return replace(meaning, known=True) if meaning else None
    said = _said(text)
    return Meaning(said, known=True, mended=said.lower() != text.lower()) if said else meaning


def _said(text: str) -> str:
    """``text`` as such things are spelt, whole or comma by comma; empty where one is none of them."""
    if fold(text) in _states():
        return _cased_first(_states()[fold(text)], text)
    parts = re.split(r"([;,] )", text)
    spelt = [_states().get(fold(part), "") for part in parts[::2]]
    if len(parts) == 1 or not all(spelt):
        return ""
    said = [_cased_first(one, part) for one, part in zip(spelt, parts[::2], strict=True)]
    return "".join(said[place // 2] if place % 2 == 0 else part for place, part in enumerate(parts))


def _cased_first(text: str, like: str) -> str:
    return (text[:1].upper() if like[:1].isupper() else text[:1].lower()) + text[1:]


@cache
def _states() -> Mapping[str, str]:
    return {fold(phrase): phrase for phrase in phrases("states")}


def read_household(text: str) -> Meaning | None:
    """The name of a household that trades, the words before its own as they are spelt: HỘ KINH DOANH."""
    head = _HOUSEHOLD.match(text)
    if head is None or fold(head[0]) != "ho kinh doanh":
        return read_text(text)
    spelt = "HỘ KINH DOANH" if capital_share(head[0]) > _CAPITALS else "Hộ kinh doanh"
    meaning = read_text(spelt + text[head.end() :])
    return replace(meaning, mended=meaning.mended or head[0].lower() != spelt.lower()) if meaning else None
