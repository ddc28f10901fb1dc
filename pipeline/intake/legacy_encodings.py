"""How Vietnamese was written before Unicode: the codes of TCVN3, VNI, VPS and VISCII, and the letters they stand for.

A font of that time shows Vietnamese letters where other fonts have Western ones, so a text layer holds ``Céng hßa`` for
Cộng hòa. Tables: TCVN 5712:1993 (its part VN3, as the ABC fonts use it), RFC 1456 (VISCII), the code charts of VNI Software
and of the Vietnamese Professionals Society.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

#: Rows of sixteen codes; a dot stands for a code that is no Vietnamese letter there.
_TCVN3 = {
    0xA0: ".ĂÂÊÔƠƯĐăâêôơưđ.",
    0xB0: ".....àảãáạ.ằẳẵắ.",
    0xC0: "......ặầẩẫấậè.ẻẽ",
    0xD0: "éẹềểễếệìỉ...ĩíịò",
    0xE0: ".ỏõóọồổỗốộờởỡớợù",
    0xF0: ".ủũúụừửữứựỳỷỹýỵ.",
}
_VISCII = {
    0x00: "..Ẳ..ẴẪ.........",
    0x10: "....Ỷ....Ỹ....Ỵ.",
    0x80: "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐ",
    0x90: "ỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ",
    0xA0: "Õắằặấầẩậẽẹếềểễệố",
    0xB0: "ồổỗỠƠộờởịỰỨỪỬơớƯ",
    0xC0: "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ",
    0xD0: "ĐứÒÓÔạỷừửÙÚỹỵÝỡư",
    0xE0: "àáâãảăữẫèéêẻìíĩỉ",
    0xF0: "đựòóôõỏọụùúũủýợỮ",
}
_VPS = {
    0x00: "..ẠẬẶẸỆ.........",
    0x10: "ỊỌỘỢỤỰ...Ỵ..ẪỮ..",
    0x80: "ÀẢÃẤẦẨọỗĂếềểệẮẰẲ",
    0x90: "Ế..ỀỂỄỐỒỔỖýỷỵỚỜỞ",
    0xA0: ".ắằẳẵặỠớÙờởỡŨỨợỪ",
    0xB0: "ổỬỲỸÍÌộỈĨÓửữÒỎÕự",
    0xC0: "ầÁÂấẩẫậđẻÉÊẹỉễịỹ",
    0xD0: "ƯỦồốÔỏơÈừứÚũưÝẺ.",
    0xE0: "àáâãảạă.èéêẽìí.ĩ",
    0xF0: "ẴĐòóôõ.Ơụùúủ.ỶẼỳ",
}
#: VNI has single letters of its own, and marks that follow their letter.
_VNI_LETTERS = dict(zip("ÍÌÆÓÒÎÑÔÖíìæóòîñôö", "ÍÌỈĨỊỴĐƠƯíìỉĩịỵđơư", strict=True))
_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT, _ROOF, _BREVE = "\u0301\u0300\u0309\u0303\u0323\u0302\u0306"
_VNI_MARKS = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _ROOF, "á": _ROOF + _ACUTE, "à": _ROOF + _GRAVE, "å": _ROOF + _HOOK, "ã": _ROOF + _TILDE, "ä": _ROOF + _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT,
}  # fmt: skip

#: Every Vietnamese letter beyond the Latin alphabet, in both cases.
LETTERS = frozenset(
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
)
#: Those among them that Western fonts do not have: where they occur, the text is Unicode already.
UNICODE_ONLY = frozenset(letter for letter in LETTERS if ord(letter) > 0xFF)


@dataclass(frozen=True, slots=True)
class LegacyEncoding:
    """An encoding: the letter of each code, marks that follow their letter, and how its fonts are called."""

    name: str
    letters: Mapping[int, str]
    fonts: re.Pattern[str]
    marks: Mapping[int, str] = field(default_factory=dict)


#: The dot that begins their names is lost at times.
_TCVN3_FONTS = re.compile(r"(?i)\.vn|vn(arial|avant|book|centur|commercial|courier|helve|memorandum|present|time|univers)")


def _rows(table: Mapping[int, str]) -> dict[int, str]:
    return {start + at: letter for start, row in table.items() for at, letter in enumerate(row) if letter != "."}


TCVN3 = LegacyEncoding("tcvn3", _rows(_TCVN3), _TCVN3_FONTS)
VNI = LegacyEncoding(
    "vni",
    {ord(code): letter for code, letter in _VNI_LETTERS.items()},
    re.compile(r"(?i)vni[-_ ]|vni(times|helve|arial|univer|book|commerce)"),
    {ord(code): signs for mark, signs in _VNI_MARKS.items() for code in (mark, mark.upper())},
)
VPS = LegacyEncoding("vps", _rows(_VPS), re.compile(r"(?i)vps[-_ ]|vps(times|helv|long)"))
VISCII = LegacyEncoding("viscii", _rows(_VISCII), re.compile(r"(?i)viscii|vi[-_ ](times|arial|helv|courier)"))
ENCODINGS = (TCVN3, VNI, VPS, VISCII)

#: Fonts of TCVN3 that show capitals for small letters end in H: .VnTimeH, .VnArialH,Bold.
_CAPITALS = re.compile(r"\.?[Vv]n\w*?[a-z0-9]H(?![a-z])")


def named_encoding(font: str) -> LegacyEncoding | None:
    """The encoding that a font of this name uses, None where the name tells none."""
    return next((encoding for encoding in ENCODINGS if encoding.fonts.match(font)), None)


def is_capital_font(font: str) -> bool:
    """Whether a font of this name shows small letters as capitals."""
    return bool(_CAPITALS.match(font))


def decode(letters: Sequence[str], encoding: LegacyEncoding, *, capitals: bool = False) -> Iterator[tuple[int, str]]:
    """The text of ``letters`` as a text layer holds them: for each written letter, how many of them it takes, and itself.

    A letter that is none in the encoding, digits above all, comes back as it is.
    """
    codes = [code_of(letter) for letter in letters]
    at = 0
    while at < len(letters):
        found = encoding.letters.get(codes[at]) or _as_windows(letters[at])
        following = encoding.marks.get(codes[at + 1]) if at + 1 < len(codes) else None
        marked = unicodedata.normalize("NFC", found + following) if following else ""
        taken = 2 if marked in LETTERS else 1
        text = marked if taken == 2 else found
        yield taken, text.upper() if capitals else text
        at += taken


def decode_text(text: str, encoding: LegacyEncoding, *, capitals: bool = False) -> str:
    """``text`` as it was meant."""
    return "".join(letter for _, letter in decode(text, encoding, capitals=capitals))


def _as_windows(letter: str) -> str:
    """Windows' sign for a code that Latin-1 leaves to control: quotes, dashes; any other letter as it is."""
    return letter.encode("latin-1").decode("cp1252", "replace") if "\x80" <= letter <= "\x9f" else letter


def code_of(letter: str) -> int:
    """The code behind a letter of a text layer: Windows-1252, or the private codes of symbol fonts; -1 beyond them."""
    code = ord(letter[:1] or "\ufffd")
    if 0xF020 <= code <= 0xF0FF:
        return code - 0xF000
    try:
        return letter.encode("cp1252")[0]
    except UnicodeEncodeError:
        return code if code < 0x100 else -1
