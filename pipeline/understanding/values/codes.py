"""Numbers and symbols of papers: 01/QĐ-UBND, 79/2024/TT-BCA, 000.16.05.H05-210616-0001."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from pipeline.understanding.dictionary import document_types
from pipeline.understanding.folding import fold
from pipeline.understanding.phrases import phrases
from pipeline.understanding.values.figures import set_sixes

_LABEL = re.compile(r"^\W*(?:luật\s+|bộ luật\s+)?(?:s[ốôóồổỗoøữẽ6]|sø|sô)\s*[:;.,]*\s*", re.IGNORECASE)
_SLIPS = str.maketrans({"O": "0", "o": "0", "Ø": "0", "l": "1", "I": "1", "|": "1"})
_NUMBERED = re.compile(r"^(?P<number>.*?)/(?:(?P<year>\d{4})/)?(?P<symbol>[^\d\W][^/]*(?:/.*)?)$")
_RUN_INTO = re.compile(r"^(?P<number>\d{1,5})(?P<symbol>[A-ZĐ][A-ZĐa-z]{1,7})(?P<rest>(?:-[A-ZĐ][^/]*)?)$")
#: Other slashes, and another letter that looks like Đ.
_SIGNS = str.maketrans({"Ð": "Đ", "⁄": "/", "∕": "/"})
#: The slash between the year and the symbol of a by-law, read as a figure; a 1 that a pen wrote, read as a slash.
_SEVEN = re.compile(r"(?<=/20\d\d)7(?=[A-ZĐ]{2,4}-)")
_STROKE_BEFORE = re.compile(r"^/(?=\d{1,3}/)")
#: Which National Assembly passed a law, the first figure read as a letter, or twice.
_ASSEMBLY = re.compile(r"QH(?:[Il|]|[Il|]?1)(\d)")
#: The figure at the end of a division's symbol, read as a letter or twice: UBND-VXI, UBND-VXI1.
_DIVISION = re.compile(r"(?<=-)([A-ZĐ]{2,})[Il|]1?$")
#: An O with a mark, which no symbol has: the tail of a Q.
_TAILED = re.compile(r"[ỌÒÓỎÕ]")
#: Letters of abbreviations that engines take for each other, folded.
_CONFUSED = frozenset(frozenset(pair) for pair in ("gq", "oq", "cg", "db", "bh", "it", "il", "lt"))
_PLAIN = re.compile(r"^(?P<digits>[0-9OolI|Ø]{1,6})(?P<letter>[a-zA-ZđĐ]?)$")


@dataclass(frozen=True, slots=True)
class Code:
    """A code without spaces.

    ``unread`` where its running number is missing or no number; ``repaired`` where marks or digits were set.
    """

    value: str
    unread: bool = False
    repaired: bool = False


def parse_number(text: str, abbreviation: str = "") -> Code | None:
    """The number and symbol on the line ``text``, its label Số: dropped; None where the line has no symbol.

    ``abbreviation`` is that of the type of the document, where known. A digit is never made up.
    """
    bare = re.sub(r"[\s_…]+", "", _LABEL.sub("", text)).strip(".,;:'`\"-")
    bare = re.sub(r"[–—]", "-", bare).translate(_SIGNS)
    slashed = _with_slash(_STROKE_BEFORE.sub("1", set_sixes(bare)), abbreviation)
    match = _NUMBERED.match(slashed)
    if not match:
        return None
    symbol = _DIVISION.sub(r"\g<1>1", match["symbol"].rstrip(".,;:"))
    mended = _mend(symbol, abbreviation)
    year = f"{match['year']}/" if match["year"] else ""
    number = match["number"].strip(".,:;-")
    running = _PLAIN.match(number)
    if running and any(sign.isdigit() for sign in number):
        digits = running["digits"].translate(_SLIPS)
        slipped = digits != running["digits"] or slashed != bare
        return Code(f"{digits}{running['letter']}/{year}{mended}", repaired=mended != match["symbol"] or slipped)
    return Code(f"/{year}{mended}", unread=True, repaired=mended != match["symbol"])


def _with_slash(bare: str, abbreviation: str) -> str:
    """``bare`` with the slash that was not read, where figures run into a symbol that is known: 05ĐA-STP."""
    match = _RUN_INTO.match(bare)
    if match is None:
        return _SEVEN.sub("/", bare)
    known = {**_symbols(), fold(abbreviation): ()}
    return f"{match['number']}/{match['symbol']}{match['rest']}" if fold(match["symbol"]) in known else bare


def parse_code(text: str) -> str | None:
    """``text`` without spaces and hanging signs; None where nothing with a digit is left."""
    bare = re.sub(r"\s+", "", text).strip(".,;:…_|'`\"-–—").replace("Ð", "Đ")
    return bare if any(sign.isdigit() for sign in bare) and len(bare) <= 60 else None


def without_slips(code: str) -> str:
    """``code`` with digits for the letters I, l and O that stand among digits: 118/202I, 98G545388I."""
    parts = re.split(r"([/-])", code)
    return "".join(_digits_only(part) for part in parts)


def _digits_only(part: str) -> str:
    slips = sum(sign in "OolI|Ø" for sign in part)
    digits = sum(sign.isdigit() for sign in part)
    if not slips or digits < 2 or slips > digits:
        return part
    head = re.match(r"\d{2}[A-ZĐ](?=\d)", part)
    return part[: head.end()] + part[head.end() :].translate(_SLIPS) if head else part.translate(_SLIPS)


def is_plain_code(code: str) -> bool:
    """Whether ``code`` holds only the signs that numbers of papers are written with."""
    return re.fullmatch(r"[0-9A-Za-zĐđÂĂÊÔƠƯ./()&+-]+", code) is not None


def parse_digits(text: str, *lengths: int) -> str | None:
    """The first run of digits in ``text``, spaces and dots dropped, where it is as long as one of ``lengths``.

    A letter is taken for a digit (O for 0, l for 1) where the run has no more than two of them.
    """
    run = re.search(r"[0-9OolI|Ø]*[0-9][0-9OolI|Ø]*", re.sub(r"[\s.\-–]", "", text))
    if run is None:
        return None
    slips = sum(not sign.isdigit() for sign in run[0])
    digits = run[0].translate(_SLIPS)
    return digits if len(digits) in lengths and slips <= 2 else None


def abbreviation_of(code: str) -> str:
    """The folded abbreviation of a type within a number like 01/QĐ-UBND; empty where there is none."""
    return fold(printed_abbreviation(code)).replace(" ", "")


def printed_abbreviation(code: str) -> str:
    """The same as it is printed."""
    match = _NUMBERED.match(code)
    return re.split(r"[-/]", match["symbol"])[0] if match else ""


def _mend(symbol: str, abbreviation: str) -> str:
    parts = re.split(r"([-/.])", symbol)
    return "".join(_mend_part(part, abbreviation if place == 0 else "") for place, part in enumerate(parts))


def _mend_part(part: str, abbreviation: str) -> str:
    assembly = _ASSEMBLY.fullmatch(part)
    if assembly:
        return f"QH1{assembly[1]}"
    part = _with_q(_with_one_d(part, abbreviation), abbreviation)
    key = fold(part).replace(" ", "")
    if abbreviation and key == fold(abbreviation):
        return abbreviation
    known = _symbols()
    alike = fuzz.ratio(key, fold(abbreviation)) >= 66 or _is_confused(key, fold(abbreviation))
    if abbreviation and key not in known and alike:
        return abbreviation
    return part if part in known.get(key, ()) or len(known.get(key, ())) != 1 else known[key][0]


def _with_one_d(part: str, abbreviation: str) -> str:
    """``part`` with one Đ for two where only that is a symbol: QĐĐ for QĐ, but QLĐĐ."""
    single = part.replace("ĐĐ", "Đ")
    symbols = {name for names in _symbols().values() for name in names}
    return single if single == abbreviation or (single in symbols and part not in symbols) else part


def _with_q(part: str, abbreviation: str) -> str:
    """``part`` with Q for the Ọ that engines make of it, where only that is a symbol: BỌL for BQL."""
    plain = _TAILED.sub("Q", part)
    symbols = {name for names in _symbols().values() for name in names}
    return plain if plain == abbreviation or plain in symbols else part


def _is_confused(key: str, abbreviation: str) -> bool:
    """Whether ``key`` is ``abbreviation`` with one letter taken for one like it: NG for NQ."""
    if len(key) != len(abbreviation):
        return False
    apart = [frozenset(pair) for pair in zip(key, abbreviation, strict=True) if pair[0] != pair[1]]
    return len(apart) == 1 and apart[0] in _CONFUSED


@cache
def _symbols() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    abbreviations = (kind.abbreviation for kind in document_types() if kind.abbreviation)
    for symbol in dict.fromkeys((*abbreviations, *phrases("symbols"))):
        key = fold(symbol).replace(" ", "")
        found[key] = (*found.get(key, ()), symbol)
    return found
