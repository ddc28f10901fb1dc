"""What codes for machines say of a paper: the QR code of an identity card, the barcode of a dossier slip, of a certificate."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.domain.findings import Evidence, Field, FieldOrigin
from pipeline.domain.pages import PageCode
from pipeline.understanding.folding import squeeze
from pipeline.understanding.sheets import Sheet
from pipeline.understanding.trust.confidence import Proof
from pipeline.understanding.trust.witnesses import CODE_ALONE, Witness
from pipeline.understanding.values.names import parse_name

#: What a barcode says that only a digit of check guards, and whose form is right.
_GUARDED = 0.97
_DOSSIER = re.compile(r"(?<![\w.])\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}-\d{6}-\d{4,5}(?!\d)")
_LAND = re.compile(r"(?<![A-ZĐ0-9])([A-ZĐ]{2}) ?(\d{8}|\d{6})(?!\d)")
_CARD = "can_cuoc_cong_dan"
#: Fields of any paper that the card of its owner bears out.
_PERSONAL = frozenset({"so_dinh_danh", "ho_ten", "ngay_sinh", "gioi_tinh"})


@dataclass(frozen=True, slots=True)
class CardCode:
    """The QR code of an identity card: ``values`` by field key, normalised; parts that make no sense are left out."""

    id12: str
    values: Mapping[str, str]


def read_card_code(text: str) -> CardCode | None:
    """What the QR code of a card holds; None where ``text`` is no such code.

    Seven parts: id, old id or nothing, name, birth, sex, residence, day of issue (cards since 2021); cards of 2024 and copies
    from VNeID add more behind them, which are left alone. Days are ddmmyyyy.
    """
    parts = [squeeze(unicodedata.normalize("NFC", part)) for part in text.strip().split("|")]
    if len(parts) < 6 or not re.fullmatch(r"\d{12}", parts[0]) or not re.fullmatch(r"\d{9}|\d{12}|", parts[1]):
        return None
    name, born, sex = parse_name(parts[2]), _day(parts[3]), parts[4].capitalize()
    values = {"so_dinh_danh": parts[0]}
    if name:
        values["ho_ten"] = name
    if born:
        values["ngay_sinh"] = born
    if sex in ("Nam", "Nữ"):
        values["gioi_tinh"] = sex
    if len(parts[5]) > 5:
        values["noi_thuong_tru"] = parts[5]
    return CardCode(parts[0], values)


def coded_fields(code: str, sheets: Sequence[Sheet]) -> Mapping[str, tuple[Witness, ...]]:
    """What the codes on ``sheets`` say of the fields of a document of type ``code``, by field key."""
    found: dict[str, tuple[Witness, ...]] = {}
    for page, mark in ((sheet.number, mark) for sheet in sheets for mark in sheet.codes):
        for key, value, loose in _said(code, mark.text):
            found[key] = (*found.get(key, ()), _witness(key, value, mark, page, loose=loose))
    return found


def _said(code: str, text: str) -> Iterator[tuple[str, str, bool]]:
    """Field key, value, and whether it may be somebody else's."""
    card = read_card_code(text)
    if card is not None:
        for key, value in card.values.items():
            if code == _CARD or key in _PERSONAL:
                yield key, value, code != _CARD
    dossier = _DOSSIER.search(text)
    if dossier and code == "giay_tiep_nhan_ho_so":
        yield "ma_ho_so", dossier[0], False
    land = _LAND.search(text)
    if land and code == "giay_chung_nhan_quyen_su_dung_dat":
        yield "so_phat_hanh", land[1] + land[2], False


def _witness(key: str, value: str, mark: PageCode, page: int, *, loose: bool) -> Witness:
    qr = mark.format.corrects_errors
    origin = FieldOrigin.QR if qr else FieldOrigin.BARCODE
    confidence = CODE_ALONE if qr else _GUARDED
    place = "mã QR" if qr else "mã vạch"
    field = Field(key, value, value, confidence, (Evidence(page, mark.box),), origin)
    return Witness(field, Proof(known=True), place, loose=loose)


def _day(text: str) -> str:
    if not re.fullmatch(r"\d{8}", text):
        return ""
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2])).isoformat()
    except ValueError:
        return ""
