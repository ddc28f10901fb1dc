"""Names as the gazette writes them, and the keys under which packages' spellings of one name meet."""

from __future__ import annotations

import re
import unicodedata

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_KINDS = ("Thành phố", "Thị trấn", "Thị xã", "Đặc khu", "Phường", "Huyện", "Quận", "Tỉnh", "Xã")
#: Names whose dash a package leaves out.
_DASHED = {"Văn Miếu Quốc Tử Giám": "Văn Miếu - Quốc Tử Giám", "Phương Liên Trung Tự": "Phương Liên - Trung Tự"}
#: Syllables whose tone newer spellings put on the second vowel; the gazette puts it on the first.
_OLD_STYLE = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_NEWER = re.compile(rf"(?<![qQ])({'|'.join(_OLD_STYLE)})(?!\w)", re.IGNORECASE)


def spelt(name: str) -> str:
    """``name`` NFC, single spaces, its kind written as Thị trấn, its tones where the gazette puts them: Hòa, Thủy."""
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFC", name)).strip().replace("’", "'")
    for kind in _KINDS:
        if plain.lower().startswith(f"{kind.lower()} "):
            plain = f"{kind} {plain[len(kind) + 1 :]}"
            break
    plain = re.sub(r"^(Phường|Quận) 0(\d)$", r"\1 \2", plain)
    plain = re.sub(r"^(Xã|Phường) .+", lambda match: f"{match[1]} {_capitals(match[0][len(match[1]) + 1 :])}", plain)
    for lost, dashed in _DASHED.items():
        plain = plain.replace(lost, dashed)
    return _NEWER.sub(lambda match: _like(match[1], _OLD_STYLE[match[1].lower()]), plain)


def _capitals(name: str) -> str:
    """``name`` with every word's first letter a capital: some packages have Đại áng."""
    return " ".join(word[0].upper() + word[1:] for word in name.split())


def letters(name: str) -> str:
    """The letters of ``name`` without marks, spaces and case."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "".join(sign for sign in plain if sign.isascii() and sign.isalnum())


def marked(name: str) -> str:
    """The letters of ``name`` with their marks, wherever in a word its tone stands."""
    words = unicodedata.normalize("NFD", name.lower()).split()
    return "".join(
        "".join(sign for sign in word if sign not in _TONES and (sign.isalnum() or unicodedata.combining(sign)))
        + "".join(sorted(sign for sign in word if sign in _TONES))
        for word in words
    )


def bare(name: str) -> str:
    """``name`` without its kind."""
    return next((name[len(kind) + 1 :] for kind in _KINDS if name.startswith(f"{kind} ")), name)


def _like(model: str, text: str) -> str:
    return "".join(sign.upper() if other.isupper() else sign for sign, other in zip(text, model, strict=True))
