"""The header of administrative papers: issuing body, number, place and date, subject of a letter.

Zones 2 to 5 of Decree 30/2020/NĐ-CP, appendix I: what stands left of the national motto and beneath it belongs to the
issuing body, what stands under the motto is place and date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.domain.geometry import Box, hull
from pipeline.understanding.folding import capital_share, fold
from pipeline.understanding.sheets import Sheet, Token
from pipeline.understanding.values.dates import find_dates, frames_date

_NATION = "cong hoa xa hoi chu nghia viet nam"
_MOTTO = "doc lap tu do hanh phuc"
_NUMBER = re.compile(
    r"^\W*(?:luật\s+|bộ luật\s+)?s[^\s\d/]{1,2}\s*[:;.]|^\W*(?:luat|bo luat)?\s*so\b|^\S{0,8}\s*/\s*[A-ZĐ][\w]{0,4}-",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"^\W*(?:(?:v\s*[/il|]\s*[vw]|về việc|v\W{0,2}[vw])\b|v\s*/(?=\s))", re.IGNORECASE)
#: A number that was not read before the symbol that was: Số QĐ-UBND.
_SYMBOL = re.compile(r"^\W*s[ốôóo]\s*[:;.,]?\s+[A-ZĐ][A-ZĐa-z]{1,3}-[A-ZĐ]{2,}", re.IGNORECASE)
_PLACED = re.compile(r"^\W*[^\W\d_][^\d]{2,40},[^\d]{0,8}[\dOl]")
_MONTH = re.compile(
    r"(?P<day>\bng\S{1,3}\s*\d{1,2})\s*(?:t?h?[áaàâ]ng?|\w?náng|tháng?)\s*(?P<month>\d{1,2}\s+n[ăaâ]m\s*\d{4})", re.IGNORECASE
)
_BODY = re.compile(r"^\W*(?:kinh gui|can cu |dieu 1 |ho va ten|ho chu dem ten)")
#: Stamps of incoming papers and overlaid signature texts, folded: they stand near the header and are none of it.
_STAMPS = re.compile(
    r"^(?:cong van|van ban) den|^so$|^ngay$|^gio$|^chuyen$|ky boi|nguoi ky|^email|^co quan|thoi gian ky|"
    r"^cong thong tin|^den\b|ngay ky|^trung tam cong bao va|\bgov vn"
)


@dataclass(frozen=True, slots=True)
class Header:
    """The header of one sheet; empty tuples where a zone was not found. ``bottom`` is where the body may begin."""

    page: int
    bottom: float
    issuer: tuple[tuple[Token, ...], ...] = ()
    number: tuple[Token, ...] = ()
    place_date: tuple[Token, ...] = ()
    subject: tuple[tuple[Token, ...], ...] = ()
    nation: bool = False

    @property
    def weight(self) -> int:
        """How many of its zones were found."""
        return sum(map(bool, (self.issuer, self.number, self.place_date, self.nation)))


def mend_dateline(text: str) -> str:
    """``text``, the line of place and date, with the word tháng where ink or a gap spoilt it: ngày 22náng 8 năm 2022."""
    return _MONTH.sub(r"\g<day> tháng \g<month>", text)


def find_header(sheet: Sheet) -> Header | None:
    """The header at the top of ``sheet``; None where neither motto nor number nor place and date stand there."""
    nation = _find_phrase(sheet, _NATION, 0.5) or _above(_find_phrase(sheet, _MOTTO, 0.5), sheet)
    boundary = _boundary(sheet, nation)
    top = nation.top - 0.9 * sheet.em if nation else 0.0
    return _Walk(sheet, boundary, nation).run(top)


class _Walk:
    """Goes down the rows of a sheet and hands each side of a row to its zone."""

    def __init__(self, sheet: Sheet, boundary: float, nation: Box | None) -> None:
        self._sheet, self._boundary, self._nation = sheet, boundary, nation
        self._issuer: list[tuple[Token, ...]] = []
        self._subject: list[tuple[Token, ...]] = []
        self._number: tuple[Token, ...] = ()
        self._date: tuple[Token, ...] = ()
        self._bottom = nation.bottom if nation else 0.0
        self._left_bottom = 0.0
        self._left_open = True

    def run(self, top: float) -> Header | None:
        for row in _rows(self._sheet):
            box = hull(token.box for token in row)
            if box.centre[1] < top:
                continue
            if box.top > self._sheet.height * 0.55 or _BODY.match(fold(_text(row))) or not self._take(row):
                break
        found = Header(
            self._sheet.number, self._bottom, tuple(self._issuer), self._number, self._date, tuple(self._subject),
            nation=self._nation is not None,
        )  # fmt: skip
        return found if found.nation or found.number or found.place_date else None

    def _take(self, row: tuple[Token, ...]) -> bool:
        left, right = self._part(row)
        took_right = bool(right) and self._take_right(right)
        took_left = bool(left) and self._left_open and self._take_left(left)
        if took_left or took_right:
            self._bottom = max(self._bottom, *(token.box.bottom for token in (left if took_left else right)))
            return True
        above = hull(token.box for token in row).bottom < (self._nation.top if self._nation else 0.0)
        noise = len(fold(_text(row))) < 4
        return above or noise or (not self._number and not self._date and not _is_body(row, self._sheet))

    def _part(self, row: tuple[Token, ...]) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
        """The row cut in two at a gap near the boundary, or kept whole on one side."""
        inside, em = hull(token.box for token in row), self._sheet.em
        if inside.left + em < self._boundary < inside.right - em:
            cut = self._cut(row)
            if cut:
                return row[:cut], row[cut:]
        if inside.right <= self._boundary + 0.05 * self._sheet.width or inside.centre[0] < self._boundary - 2 * em:
            return row, ()
        return (), row

    def _cut(self, row: tuple[Token, ...]) -> int:
        """Where to cut ``row``: a wide gap, the nearer to the boundary the better; 0 where it is one text."""
        em, best, cut = self._sheet.em, 0.0, 0
        for place in range(1, len(row)):
            gap = (row[place].box.left - row[place - 1].box.right) / em
            centre = (row[place].box.left + row[place - 1].box.right) / 2
            distance = abs(centre - self._boundary) / em
            score = min(gap, 6.0) - 0.25 * distance
            near = distance < 0.8 or (_begins_name(row, place) and _SUBJECT.match(_text(row)) is not None)
            parted = gap > 1.0 or (gap > 0.3 and near and _opens_right(_text(row[place:])))
            if parted and distance < 9 and score > best - 0.4 * (cut == 0):
                best, cut = score, place
        return cut

    def _take_right(self, tokens: tuple[Token, ...]) -> bool:
        text = _text(tokens)
        if _like(text, _NATION) or _like(text, _MOTTO):
            return True
        box = hull(token.box for token in tokens)
        if self._nation and not self._nation.top < box.top < self._nation.top + 0.25 * self._sheet.height:
            return False
        text = mend_dateline(text)
        if not self._date and (frames_date(text) or (_PLACED.match(text) and find_dates(text))):
            self._date = tokens
            return True
        if not self._number and _NUMBER.match(text) and "/" in text:
            self._number = tokens
            return True
        return False

    def _take_left(self, tokens: tuple[Token, ...]) -> bool:
        text, box = _text(tokens), hull(token.box for token in tokens)
        em = self._sheet.em
        if _STAMPS.search(fold(text)):
            return False
        if self._left_bottom and box.top - self._left_bottom > 4.5 * em:
            self._left_open = False
            return False
        if box.right > self._boundary + 0.1 * self._sheet.width:
            return False
        numbered = _NUMBER.match(text) and ("/" in text or any(sign.isdigit() for sign in text))
        if not self._number and (numbered or _SYMBOL.match(text)):
            self._number = tokens
        elif self._subject or (_SUBJECT.match(text)):
            if self._subject and box.top - self._left_bottom > 1.6 * em:
                self._left_open = False
                return False
            self._subject.append(tokens)
        elif self._number or capital_share(text) < 0.6 or len(fold(text)) < 3:
            return False
        else:
            self._issuer.append(tokens)
        self._left_bottom = box.bottom
        return True


def _rows(sheet: Sheet) -> list[tuple[Token, ...]]:
    bands: dict[int, list[Token]] = {}
    for piece in sheet.pieces:
        bands.setdefault(piece.band, []).extend(piece.tokens)
    return [tuple(bands[number]) for number in sorted(bands)]


def _find_phrase(sheet: Sheet, phrase: str, depth: float) -> Box | None:
    """Where ``phrase`` stands in the upper part of the sheet, in upright pixels."""
    best, found = 78.0, None
    words = frozenset(phrase.split())
    length = len(phrase.split())
    for row in _rows(sheet):
        if row[0].box.top > depth * sheet.height:
            break
        letters = [fold(token.text) for token in row]
        if not words.intersection(letters):
            continue
        for size in range(max(3, length - 2), length + 2):
            for start in range(max(1, len(row) - size + 1)):
                score = fuzz.ratio(" ".join(filter(None, letters[start : start + size])), phrase)
                if score > best:
                    best, found = score, hull(token.box for token in row[start : start + size])
    return found


def _above(motto: Box | None, sheet: Sheet) -> Box | None:
    """Where the name of the nation must stand if its second line is at ``motto``."""
    if motto is None:
        return None
    return Box(motto.left - 4.5 * sheet.em, motto.top - 1.6 * sheet.em, motto.right + 4.5 * sheet.em, motto.bottom)


def _boundary(sheet: Sheet, nation: Box | None) -> float:
    """Where the right column of the header begins."""
    return 0.42 * sheet.width if nation is None else nation.left - 0.2 * sheet.em


def _opens_right(text: str) -> bool:
    """Whether ``text`` is what stands on the right of a header: nation, motto, place and date."""
    return _like(text, _NATION) or _like(text, _MOTTO) or frames_date(text) or bool(_PLACED.match(text) and find_dates(text))


def _begins_name(row: Sequence[Token], place: int) -> bool:
    """Whether a name begins at ``place`` of ``row``, behind words in small letters."""
    return row[place].text[:1].isupper() and row[place - 1].text[:1].islower()


def _is_body(row: Sequence[Token], sheet: Sheet) -> bool:
    box = hull(token.box for token in row)
    return box.width > 0.62 * sheet.width and capital_share(_text(row)) < 0.4


def _like(text: str, phrase: str) -> bool:
    return fuzz.partial_ratio(fold(text), phrase) > 72 if len(fold(text)) >= 8 else False


def _text(tokens: Sequence[Token]) -> str:
    return " ".join(token.text for token in tokens)
