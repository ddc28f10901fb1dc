"""The zones that a paper must have, and what must stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from pipeline.domain.geometry import hull
from pipeline.domain.pages import LineRole, PageOrigin, PageReading
from pipeline.understanding.folding import fold
from pipeline.understanding.layout.paper import PASSED, UNKNOWN, Paper, Verdict, failed
from pipeline.understanding.sheets import Piece, Sheet, Token
from pipeline.understanding.zones.recipients import find_heading

_NATION = "cong hoa xa hoi chu nghia viet nam"
_MOTTO = "doc lap tu do hanh phuc"
_DASHES = re.compile(r"[-–—~−]")
_FOR_ANOTHER = re.compile(r"^\W*(?:k\s?t|t\s?m|t\s?l|tuq|tu q|q)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"^\W*s[ốo]\s*[:.]?\s*\S{0,10}/\S+", re.IGNORECASE)
_FILED = re.compile(r"luu v[tpb]\b")
_LIKE = 80.0
#: Words surer than this are there as they were read.
_SURE = 0.85


def check_nation(paper: Paper) -> Verdict:
    """The national name, in capitals."""
    tokens = _find(paper.front, _NATION)
    if tokens is None:
        return paper.missing("không thấy", paper.front)
    text = " ".join(token.text for token in tokens)
    return PASSED if text.isupper() or not _is_sure(tokens) else failed(text, paper.front.number)


def check_motto(paper: Paper) -> Verdict:
    """The motto, with a capital at the start of each of its three parts and dashes between them."""
    tokens = _find(paper.front, _MOTTO)
    if tokens is None:
        return paper.missing("không thấy", paper.front)
    text = " ".join(token.text for token in tokens)
    if not _is_sure(tokens):
        return UNKNOWN
    words = [token.text for token in tokens if any(sign.isalpha() for sign in token.text)]
    if text.isupper() or text.islower() or (len(words) == 6 and [word[:1].isupper() for word in words] != [True, False] * 3):
        return failed(text, paper.front.number)
    return PASSED if _DASHES.search(_spoken(paper, tokens)) else failed(text, paper.front.number)


def _spoken(paper: Paper, tokens: list[Token]) -> str:
    """All that stands between the first and the last of ``tokens`` on the scan, signs that no field needs included."""
    box, reading = hull(token.word.box for token in tokens), paper.readings[paper.front.number]
    return " ".join(word for word, left, middle in _words(reading) if left >= box.left - 1 and box.top <= middle <= box.bottom)


def _words(reading: PageReading) -> Iterator[tuple[str, float, float]]:
    return ((word.text, word.box.left, word.box.centre[1]) for word in reading.text.words)


def check_issuer(paper: Paper) -> Verdict:
    """The name of the issuing body."""
    found = paper.has("co_quan_ban_hanh") or (paper.header is not None and paper.header.issuer)
    return PASSED if found else paper.missing("không thấy", paper.front)


def check_number(paper: Paper) -> Verdict:
    """The number and symbol."""
    found = paper.has("so_ky_hieu") or (paper.header is not None and paper.header.number)
    return PASSED if found else paper.missing("không thấy", paper.front)


def check_place_date(paper: Paper) -> Verdict:
    """Place and date; a place alone or a date alone is not enough."""
    if paper.header is not None and paper.header.place_date:
        return PASSED
    found = [paper.has("dia_danh"), paper.has("ngay_ban_hanh")]
    if all(found):
        return PASSED
    return paper.missing("thiếu địa danh" if found[1] else "không thấy", paper.front)


def check_title(paper: Paper) -> Verdict:
    """The name of the type on a line of its own."""
    return PASSED if paper.title is not None else paper.missing("không thấy", paper.front)


def check_subject(paper: Paper) -> Verdict:
    """The subject."""
    found = paper.has("trich_yeu") or (paper.header is not None and paper.header.subject)
    return PASSED if found else paper.missing("không thấy", paper.front)


def check_order(paper: Paper) -> Verdict:
    """The number above the title."""
    if paper.title is None or (paper.header is not None and paper.header.number):
        return PASSED
    bottom = max(piece.box.bottom for piece in paper.title.pieces)
    beneath = (piece for piece in paper.front.pieces if bottom < piece.box.top < 0.6 * paper.front.height)
    if any(_NUMBERED.match(piece.text) and piece.box.width < 0.4 * paper.front.width for piece in beneath):
        return failed("số, ký hiệu dưới tên loại", paper.front.number)
    return PASSED


def check_signer_title(paper: Paper) -> Verdict:
    """In what capacity the signer signs; above a name on a scan the seal may hide it."""
    signature = paper.signature
    if paper.has("chuc_vu_nguoi_ky") or (signature is not None and (signature.title or signature.deputy)):
        return PASSED
    printed = paper.readings[paper.last.number].origin is PageOrigin.TEXT_LAYER
    return paper.missing("không thấy", paper.last) if printed or not _right_side(paper.last) else UNKNOWN


def _right_side(sheet: Sheet) -> list[Piece]:
    """What stands where people sign, beside the recipients or beneath the text."""
    heading = find_heading(sheet)
    top = heading.box.top - 2 * sheet.em if heading else 0.5 * sheet.height
    return [piece for piece in sheet.pieces if piece.box.top > top and piece.box.centre[0] > 0.58 * sheet.width]


def check_signer(paper: Paper) -> Verdict:
    """Who signs; a name that seal or ink may hide is not told to be missing."""
    if paper.has("nguoi_ky") or (paper.signature is not None and paper.signature.named):
        return PASSED
    return UNKNOWN if _is_covered(paper) else paper.missing("không thấy", paper.last)


def _is_covered(paper: Paper) -> bool:
    """Whether anything stands where a name should: words that make no name, or ink and seals that were not read."""
    sheet, signature = paper.last, paper.signature
    if signature is None or not signature.title:
        return True
    title = hull(token.box for token in signature.title)
    near = [piece.box for piece in sheet.pieces if 0 < piece.box.top - title.bottom < 0.22 * sheet.height]
    if any(abs(box.centre[0] - title.centre[0]) < 0.15 * sheet.width for box in near):
        return True
    on_scan = hull(token.word.box for token in signature.title)
    ink = [line.box for line in paper.readings[sheet.number].text.lines if line.role is not LineRole.BODY]
    return any(abs(box.centre[0] - on_scan.centre[0]) < 0.25 * sheet.width for box in ink)


def check_authority(paper: Paper) -> Verdict:
    """A deputy says for whom he signs."""
    signature = paper.signature
    if signature is None or not signature.title or signature.deputy or signature.maimed:
        return UNKNOWN
    title = fold(" ".join(token.text for token in signature.title))
    if not title.startswith("pho "):
        return PASSED
    own = hull(token.box for token in signature.title)
    sheet = signature.sheet
    above = [
        piece
        for piece in sheet.pieces
        if own.top - 6 * sheet.em < piece.box.top < own.bottom and piece.box.right > own.left and piece.box.left < own.right
    ]
    if any(_FOR_ANOTHER.match(piece.text) for piece in above):
        return PASSED
    return paper.missing(" ".join(token.text for token in signature.title), sheet)


def check_recipients(paper: Paper) -> Verdict:
    """The list of recipients; where only its heading was not read, it is there."""
    if paper.has("noi_nhan") or paper.recipients is not None:
        return PASSED
    listed = any(_FILED.match(piece.folded) for sheet in paper.sheets for piece in sheet.pieces)
    return UNKNOWN if listed else paper.missing("không thấy", paper.last)


def _find(sheet: Sheet, phrase: str) -> list[Token] | None:
    """The tokens in the upper half of ``sheet`` that read like ``phrase``."""
    best, found = _LIKE, None
    length = len(phrase.split())
    for piece in sheet.pieces:
        if piece.box.top > 0.5 * sheet.height:
            continue
        tokens = [token for token in piece.tokens if fold(token.text)]
        for size in range(max(1, length - 2), length + 2):
            for start in range(max(1, len(tokens) - size + 1)):
                window = tokens[start : start + size]
                score = fuzz.ratio(fold(" ".join(token.text for token in window)), phrase)
                if score > best:
                    best, found = score, window
    return found


def _is_sure(tokens: list[Token]) -> bool:
    return all(token.confidence >= _SURE for token in tokens)
