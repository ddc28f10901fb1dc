"""What the top and the foot of a page say about where documents begin and end; named, each 0..1, for weighing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.understanding.folding import capital_share, fold
from pipeline.understanding.kinds.hallmarks import hallmark_shares
from pipeline.understanding.kinds.titles import TitleMatch, find_titles
from pipeline.understanding.sheets import Piece, Sheet, Token
from pipeline.understanding.values.dates import find_dates
from pipeline.understanding.zones.header import Header, find_header
from pipeline.understanding.zones.signatures import find_signature

_NUMBERED = re.compile(r"^\W*(?:trang\s*)?(\d{1,3})(?:\s*/\s*\d{1,3})?\W*$", re.IGNORECASE)
#: What goes along with the paper before it; without spaces, what heads the backs of certificates.
_ATTACHED = re.compile(r"\b(?:dinh kem|kem theo)\b|^phu luc\b|^du thao\b|^bieu (?:so|mau)?\b|^bang (?:ke|tong hop)\b")
_BACKS = ("nhungthaydoi", "noidungthaydoi", "cacthaydoi", "nhungnoidungthaydoi", "ghichunhungthaydoi", "ghinhancacthaydoi")
_CHAPTER = re.compile(r"^(?:chuong|muc|phan) [\w]{1,6}$|^dieu \d")
#: (Ban hành theo Quyết định số …), in brackets under the title of what is attached.
_CITING = re.compile(r"^\W*\(.*\btheo\b.*\bs[ốôóo]\b", re.IGNORECASE)
_FORM_MARK = re.compile(r"^\W*(?:m[aẫâ]u\s*(?:s[ốôo]|[A-ZĐ0-9])|phụ lục)", re.IGNORECASE)
#: A day that nobody filled in: ngày … tháng … năm …; not the label of one: ngày, tháng, năm sinh.
_BLANK_DAY = re.compile(
    r"\bng[àa]y[\s.…_]*th[áa]ng[\s.…_]*n[ăa]m[\s.…_]*(?:20\d{0,2}\W*)?$|\bng[àa]y\s*[.…_]+[\s.…_]*th[áa]ng\s*(?:[.…_]|$)"
)
#: What stands behind a label where nobody wrote anything.
_DOTS = re.compile(r"[\s.…_]*(?:\.{4}|…{2})[\s.…_]*")
_CODE = re.compile(r"\d{1,5}/[\w./-]*[a-zđ]", re.IGNORECASE)
_ITEM = re.compile(r"^\W*(?:[a-zđ]\)|[a-zđ]\.|\d{1,2}\.\d|-|\+|•)")
_SIGNED = re.compile(
    r"nguoi (?:lam don|khai|viet don|de nghi|yeu cau|nop|lap|uy quyen|mua|thu)\b|(?:ky,? )?(?:va )?ghi ro ho ten"
)
#: How far from the top the head of a page may reach, as a share of its height.
_TOP = 0.33


@dataclass(frozen=True, slots=True)
class PageSigns:
    """What one page says.

    ``issued``: its number is filled in, or its day is; ``draft``: it has a head with neither; ``blank``: places for values
    stand empty; ``number`` printed at its head or foot, None where there is none; ``cited`` codes of other papers in its
    head; ``form`` how much of a certificate or form stands on it, 0..1.
    """

    sheet: Sheet
    header: Header | None
    title: TitleMatch | None
    issued: bool
    draft: bool
    blank: bool
    number: int | None
    attached: bool
    cited: frozenset[str]
    marked: bool
    heading: bool
    goes_on: bool
    signed: bool
    form: float


def read_signs(sheet: Sheet) -> PageSigns:
    """The signs of ``sheet``, which has at least one piece."""
    header = find_header(sheet)
    number = _printed_number(sheet)
    top = [piece for piece in sheet.pieces if piece.box.top < _TOP * sheet.height]
    text = " ".join(piece.text for piece in top)
    later = number is not None and number > 1
    marked = is_marked(sheet)
    titles = () if later and header is None else find_titles(sheet, header)
    headed = header is not None and (header.nation or header.weight > 1)
    named = headed and header is not None and _filled(header.number)
    dated = headed and header is not None and bool(find_dates(" ".join(token.text for token in header.place_date)))
    return PageSigns(
        sheet=sheet,
        header=header,
        title=next((match for match in titles if match.rank < 3), None),
        issued=named or dated,
        draft=header is not None and bool(header.number) and not named and not dated,
        blank=_is_blank(sheet, marked=marked),
        number=number,
        attached=any(_ATTACHED.search(piece.folded) or _CITING.match(piece.text) for piece in top) or _is_back(sheet),
        cited=frozenset(fold(code) for code in _CODE.findall(text)),
        marked=marked,
        heading=_has_heading(top, sheet),
        goes_on=_goes_on(sheet),
        signed=_is_signed(sheet),
        form=0.0 if later and header is None else max(hallmark_shares(sheet).values()),
    )


def _is_back(sheet: Sheet) -> bool:
    """Whether the first row speaks of later changes, torn apart or not."""
    first = "".join(piece.folded for piece in sheet.band(sheet.pieces[0].band))
    return first.replace(" ", "").startswith(_BACKS)


def is_marked(sheet: Sheet) -> bool:
    """Whether Phụ lục … or Mẫu số … stands alone in the first lines of ``sheet``."""
    first = [piece for piece in sheet.pieces if piece.box.top < _TOP * sheet.height][:4]
    return any(_FORM_MARK.match(piece.text) and len(piece.folded) < 24 for piece in first)


def _filled(number: Sequence[Token]) -> bool:
    """Whether a running number stands before the symbol, be it in ink that nobody can read."""
    before = " ".join(token.text for token in number).split("/")[0]
    return any(sign.isdigit() for sign in before) or any(token.word.written for token in number)


def _is_blank(sheet: Sheet, *, marked: bool) -> bool:
    """Whether nobody filled in the day, or most of what labels ask for; of a ``marked`` form, dots may have gone unread."""
    if any(_BLANK_DAY.search(_printed(piece).lower()) for piece in sheet.pieces):
        return True
    last = {piece.band: piece for piece in sheet.pieces}
    asked = [(_printed(piece).rsplit(":", 1)[1], last[piece.band] is piece) for piece in sheet.pieces if ":" in piece.text]
    empty = sum(
        _DOTS.fullmatch(answer) is not None or (marked and alone and not answer.strip(" .…_,-")) for answer, alone in asked
    )
    return empty >= (2 if marked else 3) and empty >= 0.5 * len(asked)


def _printed(piece: Piece) -> str:
    """The text of ``piece`` with a digit for whatever a hand wrote, read or not."""
    return " ".join("0" if token.word.written else token.text for token in piece.tokens)


def _printed_number(sheet: Sheet) -> int | None:
    """The number of the page, alone in the middle of its first or last line, or after Trang."""
    for piece in (*sheet.pieces[:2], *sheet.pieces[-1:]):
        found = _NUMBERED.match(piece.text)
        centred = abs(piece.box.centre[0] - sheet.width / 2) < 0.08 * sheet.width
        edge = piece.box.top < 0.1 * sheet.height or piece.box.bottom > 0.9 * sheet.height
        if found and edge and (centred or "trang" in piece.folded):
            return int(found[1])
    return None


def _has_heading(top: Sequence[Piece], sheet: Sheet) -> bool:
    """A line in capitals in the middle of the page, above its text."""
    return any(
        capital_share(piece.text) > 0.8
        and len(piece.folded) > 5
        and abs(piece.box.centre[0] - sheet.width / 2) < 0.1 * sheet.width
        for piece in top[:8]
    )


def _goes_on(sheet: Sheet) -> bool:
    """Whether the text begins in the middle of a sentence or of a list, or with a later chapter or article."""
    first = next((piece for piece in sheet.pieces if len(piece.folded) > 3), None)
    if first is None:
        return False
    letter = next((sign for sign in first.text if sign.isalpha()), "A")
    return letter.islower() or _ITEM.match(first.text) is not None or _CHAPTER.match(first.folded) is not None


def _is_signed(sheet: Sheet) -> bool:
    """Whether the place where papers are signed stands on ``sheet``: recipients, a title above a signature, who applies."""
    if any(fuzz.ratio(piece.folded[:9].strip(), "noi nhan") >= 87 or _SIGNED.match(piece.folded) for piece in sheet.pieces):
        return True
    return find_signature([sheet]) is not None


def goes_along(page: PageSigns, host: Sequence[PageSigns]) -> bool:
    """Whether ``page`` surely belongs to the paper on ``host``: it says so, or it is a draft that nobody has issued."""
    return page.draft or (page.attached and bool(host[0].cited & page.cited))


def name_signs(page: PageSigns, host: Sequence[PageSigns], *, after_blank: bool) -> Mapping[str, float]:
    """The signs of ``page`` by name, as they speak for or against its beginning a document after the pages ``host``."""
    first, last = host[0], host[-1]
    header = None if page.blank else page.header
    within = page.blank or (page.goes_on and header is None)
    position = page.sheet.number - first.sheet.number + 1
    on = page.number is not None and page.number in (position, (last.number or -9) + 1, len(host) + 1)
    return {
        "nation": float(bool(header and header.nation)),
        "zones": header.weight / 4 if header else 0.0,
        "issued": float(page.issued),
        "title": page.title.strength if page.title and not within else 0.0,
        "form": 0.0 if page.blank else page.form,
        "heading": float(page.heading and not within),
        "blank": float(page.blank),
        "attached": float(page.attached),
        "marked": float(page.marked),
        "series": float(page.marked and any(one.marked or one.attached for one in host)),
        "among_attached": float(not page.issued and any(one.attached or one.marked for one in host[1:])),
        "number_goes_on": float(on and page.number != 1),
        "number_high": float(page.number is not None and page.number > 1),
        "host_signed": float(any(one.signed for one in host)),
        "last_full": float(_reach(last.sheet) > 0.86),
        "size": float(_differ(page.sheet, last.sheet)),
        "after_blank": float(after_blank),
    }


def _reach(sheet: Sheet) -> float:
    """How far down the text goes, as a share of the height."""
    return max((piece.box.bottom for piece in sheet.pieces), default=0.0) / sheet.height


def _differ(one: Sheet, other: Sheet) -> bool:
    """Whether two pages are of different paper, whatever way they lie."""
    sides = zip(sorted((one.width, one.height)), sorted((other.width, other.height)), strict=True)
    return any(abs(first - second) > 0.1 * max(first, second) for first, second in sides)
