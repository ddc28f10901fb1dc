"""Figures that were read as letters, where nothing but a figure can stand."""

from __future__ import annotations

import re

#: A word of figures, capitals and the signs between them, as numbers, codes and amounts are.
_FIGURED = re.compile(r"[\[(]?[\dóA-ZĐ]+(?:[.,/:-][\dóA-ZĐ]+)*\W{0,3}")
_SIX = str.maketrans({"ó": "6"})
#: The first figure of a number of two, or of the one of what is counted: tháng I1, xóm l5, thôn l.
_TEENS = re.compile(r"(?<![\w/.-])[Il|](?=\d{1,2}(?:[\s,;.)]|$))")
_SMALL = re.compile(
    r"(?i:(\b(?:thôn|xóm|tổ|ấp|đội|khóm|khu phố|phường|quận|tổ dân phố|tầng|lầu) ))[l|](?=[\s,;.)]|$)",
)
#: Numbered units never bear Roman figures in the register, and there are two certificates of a clean record.
_CAPITAL = re.compile(r"(?i:(\b(?:phường|quận|lý lịch tư pháp số) ))[I|l](?=[\s,;.)]|$)")
#: A capital I taken for a small l where a name begins: xã la Grai.
_SMALL_L = re.compile(r"(?i:(\b(?:xã|phường|thị trấn|huyện|thị xã|quận) ))l(?=[a-zà-ỹ]?\s[A-ZĐ])")
#: A date of which a figure was read apart: 15/1 1/2075.
_APART = re.compile(r"(?<![\d/])(\d{1,2}/\d) (\d/(?:19|20)\d\d)(?!\d)")


def set_sixes(text: str) -> str:
    """``text`` with the figure in words of figures that were read with ó for 6: 08ó14óó085."""
    if "ó" not in text:
        return text
    words = re.split(r"(\s+)", text)
    return "".join(word.translate(_SIX) if _is_figured(word) else word for word in words)


def _is_figured(word: str) -> bool:
    return any(sign.isdigit() for sign in word) and _FIGURED.fullmatch(word) is not None


def set_figures(text: str) -> str:
    """``text``, words with numbers among them, with figures for the letters that stand in their places; xã Ia for xã la."""
    text = _SMALL.sub(r"\g<1>1", _TEENS.sub("1", set_sixes(text)))
    return _SMALL_L.sub(r"\1I", _APART.sub(r"\1\2", _CAPITAL.sub(r"\g<1>1", text)))
