"""What a paper is about: the centred lines under its title, or V/v … under the number of a letter (zones 5a, 5b)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.domain.geometry import hull
from pipeline.understanding.folding import capital_share, fold, squeeze
from pipeline.understanding.sheets import Piece, Sheet, Token
from pipeline.understanding.values.figures import set_figures

_OPENING = re.compile(r"^\W*(?:v\s*[/il|]?\s*[vw]\b\.?|v\s*/(?=\s)|(?:v[ềêểễéè]|và)\s*vi[ệêẽéẹ]c)\s*[:.]?\s*", re.IGNORECASE)
_BODY = (
    "can cu", "kinh gui", "dieu 1", "chuong i", "phan i", "theo de nghi",
    "ban hanh kem", "ban hanh theo", "duoc ban hanh", "kem theo quyet",
)  # fmt: skip
#: What a paper was issued with, in brackets behind what it is about.
_ISSUED = re.compile(r"\s*\((?:được\s+)?ban hành\s+(?:kèm\s+)?theo\b[^()]*\)?$", re.IGNORECASE)
#: A code that a line break has torn apart behind its hyphen: 24/2013/NQ- HĐND.
_TORN_CODE = re.compile(r"(\d/\S*[A-ZĐ]-) (?=[A-ZĐ]{2})")
#: A year that runs into the symbol behind it, for the slash between them was not read: 39/2011NQ-HĐND.
_LOST_SLASH = re.compile(r"(\b\d{1,5}/(?:19|20)\d\d)(?=[A-ZĐ]{2,4}-[A-ZĐ]{2})")
#: A stop within a sentence, before a small letter: a comma misread.
_PAUSED = re.compile(r"(?<=[^\W\d_]{2})\.(?= [a-zà-ỹđ])")
#: These begin the body only where no line of a subject stands above.
_BODY_AT_ONCE = ("xet ", "thuc hien", "hom nay", "ngay ", "hoi ", "toi ", "so ", "gui ", "ho va ten", "ten don vi")
#: A piece of words less sure than this is none; a line that begins like a body is one where it stands so far below the
#: subject, in heights of letters.
_UNREAD, _PARTED = 0.3, 0.9
_ENACTING = re.compile(
    r"^(?:chu tich|uy ban|hoi dong|bo truong|giam doc|thu tuong|chinh phu|quoc hoi|truong ban|cuc truong|tong cuc truong|"
    r"chanh|thong doc|truong phong|ban |so |vien truong|hieu truong|tong giam doc|thu truong)"
)


def strip_opening(text: str) -> str:
    """``text`` without V/v or Về việc at its head, codes torn apart by a line break or by a lost slash whole again."""
    plain = _ISSUED.sub("", squeeze(_OPENING.sub("", text, count=1))).strip(" .,;:_-–—'`\"")
    whole = _LOST_SLASH.sub(r"\1/", _TORN_CODE.sub(r"\1", plain))
    return _PAUSED.sub(",", set_figures(whole))


def subject_under_title(sheet: Sheet, title: Sequence[Piece], *, capitals: bool) -> tuple[Token, ...]:
    """The tokens of the lines under ``title`` up to where the body begins.

    ``capitals`` says that the subject itself is printed in capitals, as in laws.
    """
    last, middle = title[-1], hull(piece.box for piece in title).centre[0]
    lines: list[Piece] = []
    for piece in _beneath(sheet, last):
        gap = piece.box.top - last.box.bottom
        if len(piece.folded) < 2 or _aside(piece, sheet, middle) or _is_stroke(piece):
            continue
        if gap > (2.4 if not lines else 1.25) * sheet.em or not _belongs(piece, lines, sheet, middle, capitals=capitals):
            break
        lines.append(piece)
        last = piece
    return tuple(token for piece in lines for token in piece.tokens)


def _beneath(sheet: Sheet, title: Piece) -> list[Piece]:
    return [piece for piece in sheet.pieces if piece.band > title.band]


def _aside(piece: Piece, sheet: Sheet, middle: float) -> bool:
    """A stamp or a mark in the margin beside the subject: small, and not across the middle."""
    return not piece.box.left < middle < piece.box.right and piece.box.width < 0.3 * sheet.width


def _is_stroke(piece: Piece) -> bool:
    """Whether ``piece`` is a stroke or the rim of a stamp, none of its words read with any sureness."""
    return max(token.confidence for token in piece.tokens) < _UNREAD


def _belongs(piece: Piece, lines: Sequence[Piece], sheet: Sheet, middle: float, *, capitals: bool) -> bool:
    folded = piece.folded
    opening = _OPENING.match(piece.text) is not None
    if not opening and (folded.startswith(_BODY) or (not lines and folded.startswith(_BODY_AT_ONCE))):
        return False
    if lines and folded.startswith(_BODY_AT_ONCE) and piece.box.top - lines[-1].box.bottom > _PARTED * sheet.em:
        return False
    if capital_share(piece.text) > 0.8 and not capitals and len(folded) > 6:
        return False
    if capitals and lines and is_enacting(folded) and piece.box.top - lines[-1].box.bottom > 0.8 * sheet.em:
        return False
    off = abs(piece.box.centre[0] - middle)
    if off > 0.09 * sheet.width:
        return False
    indented = piece.box.left > sheet.left + 2.2 * sheet.em and piece.box.right > sheet.right - 0.6 * sheet.em
    return not (indented and off > 0.03 * sheet.width and not opening)


def is_enacting(folded: str) -> bool:
    """Whether a line names who enacts, as in CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH …."""
    return _ENACTING.match(folded) is not None


def looks_like_subject(text: str) -> bool:
    """Whether ``text`` is long enough to say what a paper is about."""
    return len(fold(text)) >= 4
