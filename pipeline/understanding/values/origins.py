"""Sex, people and nation of a person, as papers of civil status say them."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from pipeline.understanding.folding import fold
from pipeline.understanding.values.meanings import Meaning

_PEOPLES = (
    "Kinh", "Tày", "Thái", "Mường", "Khmer", "Khơ-me", "Hoa", "Nùng", "Mông", "H'Mông", "Hmông", "Dao", "Gia Rai", "Jrai",
    "Ê Đê", "Ê-đê", "Ba Na", "Sán Chay", "Chăm", "Cơ Ho", "K'Ho", "Xơ Đăng", "Sán Dìu", "Hrê", "Ra Glai", "Mnông", "Xtiêng",
    "Bru - Vân Kiều", "Thổ", "Giáy", "Cơ Tu", "Giẻ Triêng", "Mạ", "Khơ Mú", "Co", "Tà Ôi", "Chơ Ro", "Kháng", "Xinh Mun",
    "Hà Nhì", "Chu Ru", "Lào", "La Chí", "La Ha", "Phù Lá", "La Hủ", "Lự", "Lô Lô", "Chứt", "Mảng", "Pà Thẻn", "Cờ Lao",
    "Cống", "Bố Y", "Si La", "Pu Péo", "Brâu", "Ơ Đu", "Rơ Măm", "Sán Chỉ", "Cao Lan", "Ngái",
)  # fmt: skip


def read_sex(text: str) -> Meaning | None:
    """Nam or Nữ, where ``text`` begins with it."""
    words = fold(text).split()
    return Meaning({"nam": "Nam", "nu": "Nữ"}[words[0]]) if words and words[0] in ("nam", "nu") else None


def read_people(text: str) -> Meaning | None:
    """The people (dân tộc) that ``text`` names; one that no list has is believed less."""
    key = fold(re.split(r"[,;(]|\s{2,}", text)[0])
    known = next((name for name in _PEOPLES if fold(name) == key), None)
    if known:
        return Meaning(known, known=True)
    likely = _likely_people(key.replace(" ", ""))
    if likely:
        return Meaning(likely, 0.8, known=True, mended=True)
    words = text.split()
    return Meaning(" ".join(words[:3]), 0.6, known=False) if words and words[0][:1].isalpha() else None


def _likely_people(letters: str) -> str:
    """The one people whose name has these ``letters`` without a space, or begins with them; empty where there is none.

    One letter tells a people only where it is a word of its own: Ê for Ê Đê.
    """
    found = [name for name in _PEOPLES if fold(name).replace(" ", "") == letters]
    begun = [name for name in _PEOPLES if fold(name).replace(" ", "").startswith(letters)]
    cut = [name for name in begun if len(letters) > 1 or fold(name).split()[0] == letters]
    apart = {fold(name).replace(" ", "") for name in found or (cut if len(cut) == len(begun) else ())}
    return next(iter(found or cut)) if len(apart) == 1 else ""


def read_nation(text: str) -> Meaning | None:
    """The nation that ``text`` names."""
    key = fold(text)
    if key.startswith("viet nam"):
        return Meaning("Việt Nam", known=True)
    if key == "viet" or fuzz.ratio(key, "viet nam") >= 80:
        return Meaning("Việt Nam", 0.7, known=True, mended=True)
    cut = re.split(r"[,;(]", text)[0].strip()
    return Meaning(cut, 0.7) if cut[:1].isalpha() else None
