"""A unit named behind its kind, whatever stands above it: in the register as spelt or not, and what it must be if not.

For addresses whose units do not lie in each other, or of which only one could be read; where the whole leads from the
province down, :mod:`mending` knows more.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from pipeline.domain.syllables import canonical
from pipeline.understanding.folding import fold
from pipeline.understanding.phrases import provinces
from pipeline.understanding.units.mending import FREE
from pipeline.understanding.units.spellings import unit_spellings

_KINDS = "xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh|đặc khu"
_UNIT = re.compile(rf"(?P<head>(?:.*\s)?(?P<kind>(?i:{_KINDS}|tp|tx|tt|p|q|h|x))(?:\.\s?|\s))(?P<name>(?=[^\Wa-zđ_])[^,;()]+)")
#: Cities that are provinces of their own; others belong to one.
_CENTRAL = frozenset(("hanoi", "haiphong", "danang", "hochiminh", "cantho", "hue"))
#: Provinces that addresses shorten.
_SHORT = frozenset(("HCM", "TPHCM"))
#: A province of which so many letters are left is told by them.
_CUT = 6


def names_registered_units(address: str) -> bool:
    """Whether every unit that ``address`` names behind its kind is in the register, marks as spelt there."""
    return all(_is_registered(found["name"]) for part in address.split(",") if (found := _UNIT.fullmatch(part.strip())))


def is_registered(place: str) -> bool:
    """Whether a unit of any level is called ``place``, with or without its kind, spelt so."""
    found = _UNIT.fullmatch(place.strip())
    return _is_registered(found["name"] if found else place)


def ends_with_province(text: str) -> bool:
    """Whether ``text``, where commas part units in it, ends with the last of them: a province, as spelt."""
    if "," not in text:
        return True
    last = text.rsplit(",", 1)[-1].strip()
    found = _UNIT.fullmatch(last)
    name = found["name"] if found else last
    city = found is not None and fold(found["kind"]) in ("thanh pho", "tp")
    return canonical(name) in _provinces() and (not city or fold(name).replace(" ", "") in _CENTRAL)


def mend_lone_unit(part: str) -> str:
    """``part`` of an address with the name of its unit as the register spells it, where it leaves one spelling alone.

    Marks are given back, none is taken away: a name that has more of them than the register's is another one. Words that
    are none of a name in the register go: the end of its last word said again, figures that are dirt. A province that breaks
    off is completed where one alone begins so.
    """
    found = _UNIT.fullmatch(part)
    if found is None or _is_registered(found["name"]):
        return part
    name = found["name"].strip()
    spelt = unit_spellings(name)
    if spelt:
        given_back = len(spelt) == 1 and _has_lost_marks(name, spelt[0])
        return found["head"] + (_cased_like(spelt[0], name) if given_back else found["name"])
    return found["head"] + (_without_dirt(name) or (_completed(name) if fold(found["kind"]) == "tinh" else "") or name)


def _has_lost_marks(name: str, spelt: str) -> bool:
    """Whether ``name`` is ``spelt`` but for marks that are missing."""
    pairs = zip(_signs(name), _signs(spelt), strict=False)
    return all(base == other and marks <= whole for (base, marks), (other, whole) in pairs)


def _signs(text: str) -> list[tuple[str, frozenset[str]]]:
    """The letters of ``text``, small, each with its marks."""
    found: list[tuple[str, frozenset[str]]] = []
    for sign in unicodedata.normalize("NFD", _spelling(text).replace("đ", "d\u0335")):
        if unicodedata.combining(sign) and found:
            found[-1] = (found[-1][0], found[-1][1] | {sign})
        else:
            found.append((sign, frozenset()))
    return found


def _without_dirt(name: str) -> str:
    """The name in the register that ``name`` is but for words at its end that are none; empty where it is none."""
    words = name.split()
    while len(words) > 1:
        last = words.pop()
        if canonical(words[-1]).endswith(canonical(last)) or any(map(str.isdigit, last)) or not any(map(str.isalpha, last)):
            if _is_registered(" ".join(words)):
                return " ".join(words)
        else:
            return ""
    return ""


def _completed(name: str) -> str:
    begun = [one for one in provinces().values() if fold(one).startswith(fold(name))]
    return begun[0] if len(begun) == 1 and len(fold(name)) >= _CUT else ""


def _is_registered(name: str) -> bool:
    words = _spelling(name)
    return name.strip().isdigit() or name.strip() in _SHORT or any(_spelling(one) == words for one in unit_spellings(name))


def _spelling(name: str) -> str:
    """``name`` in small letters, tones where today's spelling sets them; words that are spelt as one pleases, bare."""
    words = name.replace("-", " ").replace("’", "'").split()
    return " ".join(fold(word) if fold(word) in FREE else canonical(word) for word in words)


def _cased_like(name: str, printed: str) -> str:
    return name.upper() if printed.isupper() and len(printed) > 1 else name


@cache
def _provinces() -> frozenset[str]:
    return frozenset(canonical(name) for name in provinces().values())
