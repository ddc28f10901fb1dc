"""Titles of signers of which ink left a part: what they are told from the words left and from where these stand.

Titles are centred over the names beneath and under what they sign for, so how far what is left of one stands off that
middle tells how much of it is missing. Nothing is told where two titles would fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import takewhile

from rapidfuzz import fuzz

from pipeline.domain.geometry import Box, hull
from pipeline.understanding.folding import capital_share, fold
from pipeline.understanding.phrases import phrases
from pipeline.understanding.sheets import Piece, Sheet, Token
from pipeline.understanding.zones.offices import DELEGATION, FOR_HEAD, deputy_of, letters_of, office_names

#: What offices begin with, folded; other set phrases over signatures name no office.
_OFFICES = (
    "chu tich",
    "giam doc",
    "bo truong",
    "thu t",
    "chanh ",
    "cuc ",
    "chi cuc",
    "tong ",
    "vu ",
    "truong ",
    "hieu ",
    "vien ",
)
#: How like a word of a title one must be that is taken for it, and how sure one must have been read.
_ALIKE, _READ = 80.0, 0.5
#: So many widths of a letter a title may stand off the middle, and so much further any other must.
_OFF, _CLEARER = 2.0, 1.4
#: A title stands in the middle that is off by less than this; words surer than the second were read, less sure than the third
#: are ink, and titles have at least this share of capitals.
_CENTRED, _SURE, _GARBLED, _CAPITALS = 0.8, 0.9, 0.1, 0.8
#: What may follow the title of a deputy, by the last word.
_STANDING = {"trach": "phụ trách", "truc": "thường trực"}


def complete_title(tokens: Sequence[Token], middle: float, *, deputies: bool = True) -> str:
    """The one title that the words of ``tokens`` end or begin, if it would stand about ``middle``; empty where none would.

    ``middle`` in upright pixels. Titles of deputies (Phó …) are left out unless ``deputies``.
    """
    words = [token for token in tokens if sum(sign.isalpha() for sign in token.text) > (token.confidence < _READ)]
    offs: dict[str, float] = {}
    for title in _titles():
        if not deputies and title.startswith(("Phó ", "Thứ ")):
            continue
        left = _left_of(words, fold(title).split())
        if left is not None:
            exact = all(fold(word.text) in fold(title).split() for word in left[0])
            offs[title] = _off(left[0], title, middle, ends=left[1]) + _CLEARER * (not exact)
    near = sorted(offs, key=lambda title: offs[title])
    clear = len(near) == 1 or (len(near) > 1 and offs[near[1]] - offs[near[0]] >= _CLEARER)
    return near[0] if near and clear and offs[near[0]] <= _OFF else ""


def with_standing(deputy: str, tokens: Sequence[Token]) -> str:
    """``deputy`` with what the line ``tokens`` says of a deputy who leads, or stands before the others."""
    last = fold(tokens[-1].text) if tokens else ""
    standing = next((said for word, said in _STANDING.items() if len(last) > 3 and fuzz.ratio(last, word) >= _ALIKE), "")
    return f"{deputy} {standing}" if deputy and standing and not deputy.endswith(standing) else deputy


def _left_of(words: Sequence[Token], title: Sequence[str]) -> tuple[list[Token], bool] | None:
    """The words of ``words`` that ``title`` ends with (True) or begins with; None where nothing surely read is of it."""
    ending = list(takewhile(lambda pair: _same(*pair), zip(reversed(words), reversed(title), strict=False)))
    opening = list(takewhile(lambda pair: _same(*pair), zip(words, title, strict=False)))
    for pairs, ends in ((ending, True), (opening, False)):
        sure = [word for word, _ in pairs if word.confidence >= _READ and len(fold(word.text)) > 2]
        rest = words[: -len(pairs)] if ends else words[len(pairs) :]
        missing = title[: -len(pairs)] if ends else title[len(pairs) :]
        if pairs and sure and missing and _may_be(rest, missing, ends=ends):
            return [word for word, _ in pairs], ends
    return None


def _same(word: Token, wanted: str) -> bool:
    letters = fold(word.text)
    return letters == wanted or (len(wanted) > 3 and fuzz.ratio(letters, wanted) >= _ALIKE)


def _may_be(rest: Sequence[Token], missing: Sequence[str], *, ends: bool) -> bool:
    """Whether the words ``rest`` may be what is left of ``missing``: those surely read are a part of it."""
    letters = fold("".join(token.text for token in rest if token.confidence >= _READ)).replace(" ", "")
    whole = "".join(missing)
    return (
        not letters or (whole.endswith(letters) if ends else whole.startswith(letters)) or fuzz.ratio(letters, whole) >= _ALIKE
    )


def _off(words: Sequence[Token], title: str, middle: float, *, ends: bool) -> float:
    box = hull(word.box for word in words)
    width = _width(words, box)
    half = width * len(title) / 2
    centre = box.right - half if ends else box.left + half
    return abs(centre - middle) / width


def _width(tokens: Sequence[Token], box: Box) -> float:
    """The width of a letter of ``tokens``."""
    return max(1.0, box.width / max(1, len(" ".join(token.text for token in tokens))))


@cache
def _titles() -> tuple[str, ...]:
    """The titles of heads and deputies, as phrases spell them."""
    heads = [title for title in phrases("signers") if fold(title).startswith(_OFFICES)]
    deputies = [f"Phó {title}" for title in heads if fold(title) != "bo truong" and not fold(title).startswith("thu truong")]
    return tuple(dict.fromkeys((*heads, *(title for title in deputies))))


def middle_of(block: Sequence[Piece], name: Sequence[Token]) -> float | None:
    """Where the lines of a signature are centred: by what is signed for, else by ``name``, tokens of one read whole."""
    for piece in block:
        if DELEGATION.match(piece.text) and min(token.confidence for token in piece.tokens) > _SURE:
            return piece.box.centre[0]
    return hull(token.box for token in name).centre[0] if name else None


def is_centred(title: Sequence[Token], middle: float | None) -> bool:
    """Whether nothing seems to be missing before ``title``, for it stands about ``middle``."""
    box = hull(token.box for token in title)
    return middle is not None and abs(box.centre[0] - middle) / _width(title, box) <= _CENTRED


def is_borne_out(title: Sequence[Token], block: Sequence[Piece], middle: float | None) -> bool:
    """Whether ``title`` is the deputy's of whom the line above signs for, or a head's that stands about ``middle``."""
    own = letters_of(title)
    for piece in block:
        if FOR_HEAD.match(piece.text):
            return deputy_of(fold(FOR_HEAD.sub("", piece.text))) != "" and own.startswith(
                fold(deputy_of(fold(FOR_HEAD.sub("", piece.text))))
            )
    return own in office_names() and not own.startswith("pho ") and is_centred(title, middle)


def repeated_office(
    title: tuple[Token, ...], block: Sequence[Piece], middle: float | None, pieces: Sequence[Piece], sheet: Sheet
) -> tuple[str, tuple[Token, ...]] | None:
    """The deputy who signs where a line says again the office of the line above it, and that line: KT. and PHÓ are hidden.

    None where nothing is said again, or where it is said of who signs by authority (TUQ. CHÁNH VĂN PHÒNG).
    """
    role = letters_of(title)
    deputy = deputy_of(role) if role in office_names() else ""
    if not deputy:
        return None
    for piece in block:
        above = piece.tokens[0] is not title[0] and piece.box.top < title[0].box.top
        ordered = DELEGATION.match(piece.text) and not FOR_HEAD.match(piece.text)
        if above and not ordered and piece.folded.endswith(role) and not is_centred(title, middle):
            return deputy, title
    last = role.split()[-1]
    for piece in beneath(block[-1], pieces, sheet) if title[-1] is block[-1].tokens[-1] else []:
        if piece.folded.split()[-1:] == [last] and capital_share(piece.text) > _CAPITALS:
            return deputy, piece.tokens
    return None


def complete_department(
    title: tuple[Token, ...], last: Piece, pieces: Sequence[Piece], sheet: Sheet
) -> tuple[str, tuple[Token, ...]]:
    """``title``, which ends within the name of a department, with the rest of it from the line beneath ``last``.

    Empty where ``title`` ends with no such name, or where none or two known ones fit what is left of that line.
    """
    letters = letters_of(title)
    for name in phrases("departments"):
        known = fold(name)
        begun = next((size for size in range(len(known.split()) - 1, 1, -1) if letters.endswith(_first(known, size))), 0)
        if not begun or any(letters.endswith(fold(other)) for other in phrases("departments")):
            continue
        rest = " ".join(known.split()[begun:]).replace(" ", "")
        for piece in beneath(last, pieces, sheet):
            if fuzz.ratio(piece.folded.replace(" ", ""), rest) >= _ALIKE - 10:
                office = letters.removesuffix(_first(known, begun)).strip()
                heads = [title for title in phrases("signers") if fold(title) == office]
                return (f"{heads[0]} {name}", (*title, *piece.tokens)) if heads else ("", ())
    return "", ()


def _first(words: str, count: int) -> str:
    return " ".join(words.split()[:count])


def torn_title(
    block: Sequence[Piece], pieces: Sequence[Piece], middle: float | None, sheet: Sheet
) -> tuple[str, tuple[Token, ...]]:
    """The title that stands torn beneath what is signed for (TM., TL., TUQ.), and what is left of it."""
    if middle is None:
        return "", ()
    for piece in beneath(block[-1], pieces, sheet):
        title = complete_title(piece.tokens, middle) if capital_share(piece.text) > 0.6 else ""
        if title:
            return title, piece.tokens
    return "", ()


def is_beside_ink(title: Sequence[Token], sheet: Sheet) -> bool:
    """Whether ink that nobody could read stands right before ``title``, on its line."""
    first = title[0].box
    for piece in sheet.pieces:
        for token in piece.tokens:
            ink = token.word.written or (token.confidence < _GARBLED and token.box.width > sheet.em)
            level = abs(token.box.centre[1] - first.centre[1]) < 0.6 * first.height
            if ink and level and -0.5 * sheet.em < first.left - token.box.right < sheet.em:
                return True
    return False


def beneath(above: Piece, pieces: Sequence[Piece], sheet: Sheet) -> list[Piece]:
    """What stands in the next line beneath ``above``, about its middle."""
    return [
        piece
        for piece in pieces
        if -0.5 * sheet.em < piece.box.top - above.box.bottom < 1.3 * sheet.em
        and abs(piece.box.centre[0] - above.box.centre[0]) < 0.13 * sheet.width
    ]


def completed_title(lines: Sequence[Piece]) -> tuple[str, tuple[Token, ...]]:
    """The one title with as many words as one of ``lines`` whose sure words it shares: …Ủ TỊCH is CHỦ TỊCH."""
    for piece in lines:
        words = [fold(token.text) if token.confidence > _SURE else "" for token in piece.tokens]
        if not any(words) or capital_share(piece.text) < 0.6:
            continue
        fitting = [role for role in phrases("signers") if _fits(fold(role).split(), words)]
        if len(fitting) == 1:
            return fitting[0], piece.tokens
    return "", ()


def _fits(role: Sequence[str], words: Sequence[str]) -> bool:
    return len(role) == len(words) and all(word in ("", one) for one, word in zip(role, words, strict=True))
