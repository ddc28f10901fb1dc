"""The last line under Nơi nhận: where a copy is filed, by which division it was drawn up, by whom, and in how many copies.

Lưu: VT, KTTH.Hùng5b (Decree 30/2020/NĐ-CP, appendix I, zone 9b).
"""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz.distance import Levenshtein

from pipeline.domain.person_names import common_given_names, is_given_syllable
from pipeline.domain.syllables import bare, canonical, is_syllable
from pipeline.understanding.phrases import phrases

#: The line however it was read: its first word (Lưu) may have lost its first letter, the office of clerks (VT) its last.
_FILED = re.compile(r"^l[ưuừứửữự]u\s*[:;.,]*\s*vt\b\s*[,.;:]*\s*", re.IGNORECASE)
_LIKELY_FILED = re.compile(r"^[^\W\d_]?[ưuứừựúù][uưúứùừ]\s*[:;.,]\s*(?:V[^\W\d_]?|[A-ZĐ]T)\s*[,.;:]\s*(?=\W{0,3}[A-ZĐ])")
_HEADLESS = re.compile(r"^VT\s?[,.:;]\s*(?=[A-ZĐ])")
_FILES = re.compile(r"^l[ưuừứửữ]u\b\s*(?:[:;.,]|v)", re.IGNORECASE)
#: A figure at the end of the symbol of a division, read as a letter, or twice.
_FIGURE = re.compile(r"^([A-ZĐ]{2,})[Il|]1?(?=$|[.,;(])")
#: The symbol of a division, and who typed the paper in so many copies; the stop between them may be read otherwise.
_TYPED = re.compile(r"^(?P<division>[A-ZĐ][\w]+?)(?P<stop>[.,:])\s?(?P<typist>[A-ZĐÀ-ỸƯƠ][^\W\d_].*(?:b|(?<=[1-9])6))$")
_USUAL = re.compile(r"Lưu: VT(?:, (?P<division>[A-ZĐ][A-ZĐa-z]*\d?)(?:\.(?P<typist>[^\W\d_]+)[1-9]\d?b)?)?")
#: Letters of other alphabets that engines take for ours.
_FOREIGN = str.maketrans({"ÿ": "ỹ", "Ñ": "N", "ñ": "n"})
#: What a figure before the b of copies (bản) is read as; other signs beside a figure that was read are its second reading.
_LOOKS = {
    **dict.fromkeys("lI|i†![]", "1"), **dict.fromkeys("Zz", "2"), **dict.fromkeys("SŠsš", "5"), "ó": "6", "?": "7", "§": "8",
}  # fmt: skip
#: A symbol at least as long is told by its letters.
_SYMBOL = 3
_EDGES = " \t:;,.-–—_|'`\"“”„*+•=~^<>/¿"


def read_filing(text: str) -> str | None:
    """``text`` as that line is written, figures and stops set where nothing else can stand; None where it is none."""
    for form in (_FILED, _LIKELY_FILED, _HEADLESS):
        found = form.match(text)
        if found:
            rest = _division(text[found.end() :])
            return f"Lưu: VT, {rest}" if rest else "Lưu: VT"
    beheaded = f"Lưu: VT, {_division(text)}"
    return beheaded if "." in beheaded and is_usual_filing(beheaded) else None


def is_filing(text: str) -> bool:
    """Whether ``text`` is the last item of recipients, whatever is filed where."""
    return _FILES.match(text.lstrip(" -–—•*+")) is not None or read_filing(text.strip(_EDGES)) is not None


def is_usual_filing(text: str) -> bool:
    """Whether ``text`` is such a line as the rules want it: the symbol of a known division, a typist's name, copies."""
    found = _USUAL.fullmatch(text)
    if found is None:
        return False
    return (found["division"] or "VT") in _divisions() and (not found["typist"] or is_given_syllable(found["typist"]))


@cache
def _divisions() -> frozenset[str]:
    return frozenset((*phrases("divisions"), *phrases("symbols"), "VT"))


def _division(rest: str) -> str:
    plain = re.sub(r"\?(?=\d)", "", rest.strip(_EDGES).replace(" .", ".")).translate(_FOREIGN)
    plain = _with_known_symbol(_FIGURE.sub(r"\g<1>1", plain))
    typed = _TYPED.match(plain)
    copies = _counted(typed["typist"]) if typed else ""
    return f"{typed['division']}.{copies}" if typed and copies else plain


def _with_known_symbol(rest: str) -> str:
    """``rest`` whose first symbol has a letter twice as it is known with one: CĐĐS for CĐS."""
    symbol = re.match(r"[^\W\d_]*", rest)[0]  # type: ignore[index]
    if len(symbol) < _SYMBOL or symbol in _divisions():
        return rest
    once = {symbol[:at] + symbol[at + 1 :] for at in range(1, len(symbol)) if symbol[at] == symbol[at - 1]}
    near = {known for known in _divisions() if Levenshtein.distance(known, symbol) == 1}
    return near.pop() + rest[len(symbol) :] if len(near) == 1 and near <= once else rest


def _spelt(name: str) -> str:
    """``name`` with the marks of the one common given name that has its letters, where it is no given name as it is."""
    if is_given_syllable(name):
        return name
    likely = [given for given in common_given_names() if bare(given) == bare(name)]
    return likely[0] if len(likely) == 1 else name


def _counted(typist: str) -> str:
    """The name that ``typist`` begins with and the number of copies it ends with (Hùng5b); empty where that is not told."""
    word = typist[:-1]
    for size in (1, 2):
        name, signs = word[:-size].rstrip(), word[-size:]
        figures = {_LOOKS.get(sign, sign) for sign in signs if sign.isdigit() or sign in _LOOKS}
        told = len(figures) == 1 and figures != {"0"} and (size == 1 or any(map(str.isdigit, signs)))
        if told and len(name) > 1 and is_syllable(canonical(name)):
            return f"{_spelt(name)}{figures.pop()}b"
    return ""
