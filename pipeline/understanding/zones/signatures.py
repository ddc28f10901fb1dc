"""Who signed and in what capacity: zone 7 of Decree 30/2020/NĐ-CP, appendix I."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from pipeline.domain.geometry import hull
from pipeline.understanding.folding import capital_share, fold
from pipeline.understanding.sheets import Piece, Sheet, Token
from pipeline.understanding.values.names import SURNAMES
from pipeline.understanding.zones.offices import (
    DELEGATION,
    FOR_HEAD,
    begins_with_office,
    deputy_of,
    is_left_of,
    letters_of,
    office_names,
)
from pipeline.understanding.zones.recipients import find_heading
from pipeline.understanding.zones.signers import Signer, name_beneath, name_right
from pipeline.understanding.zones.torn_titles import (
    beneath,
    complete_department,
    complete_title,
    completed_title,
    is_beside_ink,
    is_borne_out,
    is_centred,
    middle_of,
    repeated_office,
    torn_title,
    with_standing,
)

#: Who holds an office until another is appointed: Q. GIÁM ĐỐC.
_ACTING = re.compile(r"^[\W_]*q[\W_]+", re.IGNORECASE)
#: Words less sure than this at either end of a title are strokes, where no title begins or ends with them.
_STROKE = 0.35
#: No title begins further left than this share of the page's width.
_LEFTMOST = 0.3
#: Words surer than this were read.
_READ = 0.9
#: A deputy's title of which the line holds so much, of 100, is that, misread; its first letters tell it from the head's.
_MOST, _OPENING = 65.0, 2
#: A title that was not told stands so near to the height of the recipients, in heights of letters.
_BESIDE = 3.5


@dataclass(frozen=True, slots=True)
class Signature:
    """The last title above a signature and who is named beneath; either empty where it was not read. ``top`` of the block.

    ``maimed`` where a deputy's title may have lost its first word: to a seal, or to what was signed for above it.
    ``deputy`` is the title, spelt as a phrase, of who signs for the head (KT. CHỦ TỊCH), where not all of it could be read;
    ``title`` is then what is left of it, or the line above. ``borne_out`` where the title is what the line above it asks for,
    and a ``deputy`` that of which the line beneath a surely read one (KT. GIÁM ĐỐC) holds most letters: PHÓ GI1*M ĐỐC.
    """

    sheet: Sheet
    title: tuple[Token, ...]
    signer: Signer | None
    top: float
    maimed: bool = False
    deputy: str = ""
    borne_out: bool = False

    @property
    def named(self) -> bool:
        """Whether the name was read."""
        return self.signer is not None and self.signer.name is not None


def find_signature(sheets: Sequence[Sheet]) -> Signature | None:
    """The signature of the document itself: beside its recipients, else the last with a name.

    What is attached may be signed too, so the first block beside a list of recipients counts even where the seal hides
    its name.
    """
    found = [signature for sheet in sheets for signature in _signatures(sheet)]
    for sheet in sheets:
        listed = find_heading(sheet)
        if listed is not None:
            beside = [one for one in found if one.sheet is sheet and one.top > listed.box.top - 5 * sheet.em]
            best = max(beside, key=lambda one: (one.named, bool(one.title), one.top), default=None)
            best = best if best and best.signer else _nameless(sheet, listed, best)
            return best if best.title or best.deputy else _untitled(best, listed)
    named = [one for one in found if one.named]
    return named[-1] if named else found[-1] if found else None


def _nameless(sheet: Sheet, listed: Piece, block: Signature | None) -> Signature:
    """The signature beside ``listed`` whose title was not read, or whose name stands out of its line."""
    signer = name_right(sheet, listed.box.bottom)
    title, maimed, deputy = (block.title, block.maimed, block.deputy) if block else ((), False, "")
    return Signature(sheet, title, signer, listed.box.top, maimed, deputy)


def _untitled(signature: Signature, listed: Piece) -> Signature:
    """``signature`` with the title that stands torn beside ``listed``, over a name that was read whole."""
    sheet, signer = signature.sheet, signature.signer
    if signer is None or signer.name is None or signer.maimed:
        return signature
    middle = hull(token.box for token in signer.tokens).centre[0]
    for piece in _rejoined(sheet):
        beside = abs(piece.box.top - listed.box.top) < _BESIDE * sheet.em and _across(piece, sheet) > 0.5
        title = complete_title(piece.tokens, middle) if beside and capital_share(piece.text) > 0.7 else ""
        if title:
            return replace(signature, title=piece.tokens, deputy=title)
    return signature


def _signatures(sheet: Sheet) -> list[Signature]:
    pieces = [Piece(_without_noise(piece.tokens), piece.band) for piece in _rejoined(sheet)]
    titles = [piece for piece in pieces if _is_signer_title(piece, sheet)]
    found = []
    while titles:
        block = [titles.pop(0)]
        for piece in list(titles):
            last = block[-1]
            near = piece.box.top - last.box.bottom < 1.8 * sheet.em
            if near and abs(piece.box.centre[0] - last.box.centre[0]) < 0.12 * sheet.width:
                block.append(piece)
                titles.remove(piece)
        found.append(_signature(sheet, block, pieces))
    return found


def _signature(sheet: Sheet, block: Sequence[Piece], pieces: Sequence[Piece]) -> Signature:
    title = _last_title(block)
    title = (*title, *_continued(title, block[-1], pieces, sheet))
    maimed = _is_maimed(title, block, sheet)
    deputy, left = _deputy(title, block, pieces, sheet)
    signer = name_beneath(sheet, max(piece.box.bottom for piece in block), block[0].box.centre[0])
    middle = middle_of(block, signer.tokens if signer and signer.name and not signer.maimed else ())
    if not deputy and title:
        deputy, left = repeated_office(title, block, middle, pieces, sheet) or complete_department(
            title, block[-1], pieces, sheet
        )
        maimed = maimed or (is_beside_ink(title, sheet) and not is_centred(title, middle))
    elif not deputy:
        deputy, left = torn_title(block, pieces, middle, sheet)
    borne_out = _holds_most(left, deputy, block) if deputy else is_borne_out(title, block, middle)
    return Signature(sheet, left or title, signer, block[0].box.top, maimed, with_standing(deputy, left), borne_out)


def _continued(title: tuple[Token, ...], last: Piece, pieces: Sequence[Piece], sheet: Sheet) -> tuple[Token, ...]:
    """The second line of ``title``, whose ``last`` piece ends before the body that its bearer heads."""
    if not title or title[-1] is not last.tokens[-1]:
        return ()
    for piece in beneath(last, pieces, sheet):
        close = piece.box.top - last.box.bottom < 0.8 * sheet.em
        printed = capital_share(piece.text) > 0.95 and min(token.confidence for token in piece.tokens) > _READ
        worded = all(token.text.strip(",-–").isalpha() or token.text in "-–" for token in piece.tokens)
        named = piece.folded.split(" ")[0] in SURNAMES and len(piece.tokens) < 5
        if close and printed and worded and not named and len(piece.folded) > 4:
            return piece.tokens
    return ()


def _deputy(
    title: tuple[Token, ...], block: Sequence[Piece], pieces: Sequence[Piece], sheet: Sheet
) -> tuple[str, tuple[Token, ...]]:
    """What the deputy is called who signs for the head of ``block``, and what is left of that on the page.

    Empty where nobody signs for a head, or where the title was read.
    """
    signed_for = next((piece for piece in reversed(block) if DELEGATION.match(piece.text)), None)
    if signed_for is None:
        return "", ()
    if not FOR_HEAD.match(signed_for.text):
        return ("", ()) if title else completed_title(beneath(signed_for, pieces, sheet))
    head = fold(FOR_HEAD.sub("", signed_for.text))
    deputy = deputy_of(head)
    if not deputy:
        return "", ()
    if title:
        own = letters_of(title)
        whole = own.startswith(fold(deputy)) or (own in office_names() and own != head)
        return (deputy, title) if not whole and is_left_of(title, deputy) else ("", ())
    lines = beneath(signed_for, pieces, sheet)
    left = next((piece.tokens for piece in lines if is_left_of(piece.tokens, deputy)), ())
    return deputy, left or signed_for.tokens


def _holds_most(left: Sequence[Token], deputy: str, block: Sequence[Piece]) -> bool:
    """Whether ``left`` is the title ``deputy``, misread, of whom a surely read line of ``block`` says that he signs.

    It begins as that does, which tells the deputy from the head.
    """
    signed_for = next((piece for piece in reversed(block) if FOR_HEAD.match(piece.text)), None)
    if signed_for is None or left == signed_for.tokens or min(token.confidence for token in signed_for.tokens) < _READ:
        return False
    letters, whole = letters_of(left).replace(" ", ""), fold(deputy).replace(" ", "")
    opened = letters[:_OPENING] == whole[:_OPENING] or len(letters) >= len(whole)
    return opened and fuzz.ratio(letters, whole) >= _MOST


def _is_maimed(title: tuple[Token, ...], block: Sequence[Piece], sheet: Sheet) -> bool:
    """Whether ``title`` says again what stands above it, or had letters or signs before it that were taken for noise.

    Who signs for another (KT. CHỦ TỊCH) does not bear the other's title.
    """
    if not title:
        return False
    role = letters_of(title)
    above = [piece for piece in block if piece.tokens[0] is not title[0] and piece.box.top < title[0].box.top]
    again = any(fold(DELEGATION.sub("", piece.text)).endswith(role) for piece in above)
    signed = not title[0].text[:1].isalnum()
    return (
        again
        or signed
        or not begins_with_office(role, strict=True)
        or any(_letters_before(piece, title[0]) for piece in sheet.pieces)
    )


def _letters_before(piece: Piece, first: Token) -> bool:
    """Whether letters stand right before ``first`` on its own line."""
    at = next((place for place, token in enumerate(piece.tokens) if token.word is first.word), 0)
    return at > 0 and any(sign.isalpha() for sign in piece.tokens[at - 1].text)


def _rejoined(sheet: Sheet) -> list[Piece]:
    """The pieces on the right of ``sheet``, titles that a seal has torn apart in one again."""
    joined: list[Piece] = []
    for piece in sheet.pieces:
        if piece.box.left < _LEFTMOST * sheet.width:
            continue
        last = joined[-1] if joined else None
        torn = last is not None and last.band == piece.band and 0 < piece.box.left - last.box.right < 4 * sheet.em
        if last is not None and torn and min(capital_share(last.text), capital_share(piece.text)) > 0.8:
            joined[-1] = Piece((*last.tokens, *piece.tokens), piece.band)
        else:
            joined.append(piece)
    return joined


def _without_noise(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """``tokens`` from the first to the last that has two letters: strokes of a signature read as signs left out."""
    worded = [place for place, token in enumerate(tokens) if sum(sign.isalpha() for sign in token.text) > 1]
    if worded and worded[0] and _ACTING.match(f"{tokens[worded[0] - 1].text} "):
        worded[0] -= 1
    kept = tokens[worded[0] : worded[-1] + 1] if worded else tokens
    while len(kept) > 1 and _is_foreign(kept[0]) and begins_with_office(letters_of(kept[1:]), strict=True):
        kept = kept[1:]
    while len(kept) > 1 and kept[-1].confidence < _STROKE and letters_of(kept[:-1]) in office_names():
        kept = kept[:-1]
    return kept


def _is_foreign(token: Token) -> bool:
    """Whether ``token`` at the head of a title in capitals is none of it: a stroke, or a word in small letters."""
    letters = fold(token.text)
    if letters in ("kt", "tm", "tl", "tuq", "pho", "q", "quyen"):
        return False
    return token.confidence < _STROKE or any(sign.islower() for sign in token.text)


def _is_signer_title(piece: Piece, sheet: Sheet) -> bool:
    if _across(piece, sheet) < 0.57 or capital_share(piece.text) < 0.75 or len(piece.folded) < 5:
        return False
    return DELEGATION.match(piece.text) is not None or begins_with_office(piece.folded)


def _across(piece: Piece, sheet: Sheet) -> float:
    """Where the middle of ``piece`` lies between the margins, 0 left, 1 right; a page with little text has none of its own."""
    left, right = min(sheet.left, 0.15 * sheet.width), max(sheet.right, 0.88 * sheet.width)
    return (piece.box.centre[0] - left) / (right - left)


def _last_title(block: Sequence[Piece]) -> tuple[Token, ...]:
    """The tokens of the last title of ``block``, what is signed for (KT., TM., TL., TUQ.) left out."""
    for piece in reversed(block):
        if not DELEGATION.match(piece.text):
            return piece.tokens
    tokens = block[-1].tokens
    for start in range(len(tokens) - 1, 1, -1):
        rest = fold(" ".join(token.text for token in tokens[start:]))
        before = fold(tokens[start - 1].text)
        if begins_with_office(rest) and before not in ("pho", "kt", "tm", "tl", "tuq", "chi", "tong"):
            return tokens[start:]
    return ()
