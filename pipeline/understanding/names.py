"""Names of persons: Nguyễn Văn A, however the page prints them."""

from __future__ import annotations

import re
import unicodedata

from pipeline.understanding.folding import fold, squeeze

_HONORIFICS = re.compile(
    r"^(?:(?:ông\s*[/,(]\s*bà\s*\)?|ông\s*\(\s*bà\s*\)|ông|bà|anh|chị|cô|chú|ngài|đ/c|đồng chí)\s*[:.]?\s+)+", re.IGNORECASE
)
_TITLES = re.compile(
    r"^(?:(?:(?:pgs|gs|ts|ths|bs|ckii|cki|ks|ls|cn)\.\s*)+|"
    r"(?:đại|trung|thượng|thiếu)\s+(?:tướng|tá|tuý|úy)\s+)",
    re.IGNORECASE,
)
#: Common family names, folded; a name that begins with none of them is believed less.
SURNAMES = frozenset(
    (
        "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh doan luong trinh dao mai cao ta ha "
        "trieu luu vuong to quach lam thai phung kieu chu chau than giang nong lo luc vi ma be hua la lai tong thach "
        "danh son kim trang tu au ung dam nghiem bach cu khuc ninh mac khong khuat an diep tang quang cam ong trac "
        "giap thieu on hy sung giang lu vang thao ly phu hau bang tien cung tieu van h y ro k siu rmah ksor nay kpa "
        "dieu thi ka cil a dong ba ngan lang lau cao kha luong quan que loc tham nhu thuan vien chung xa"
    ).split()
)
_WORD = re.compile(r"^[^\W\d_]+(?:['’\-][^\W\d_]+)*\.?$")


def parse_name(text: str) -> str | None:
    """The person named in ``text`` in title case without honorifics, ranks and degrees; None where it names nobody."""
    plain = squeeze(re.sub(r"[.…_:;,*|\"“”]{2,}|[:;,*|_\"“”]", " ", text)).strip(" .-–—")
    for pattern in (_HONORIFICS, _TITLES, _HONORIFICS):
        plain = pattern.sub("", plain)
    words = plain.split()
    if not 2 <= len(words) <= 7 or not all(_WORD.match(word) for word in words):
        return None
    return " ".join(_cased(word.rstrip(".")) for word in words)


def name_quality(name: str) -> float:
    """How much ``name`` looks like a Vietnamese name: 1 with a known family name and syllables of likely length."""
    words = fold(name).split()
    quality = 1.0 if words and words[0] in SURNAMES else 0.75
    if len(words) > 5 or any(len(word) > 7 for word in words) or any(len(word) == 1 for word in words[:-1]):
        quality *= 0.8
    return quality if all(any(sign in "aeiouy" for sign in word) for word in words) else quality * 0.6


def _cased(word: str) -> str:
    parts = re.split(r"(['’\-])", unicodedata.normalize("NFC", word))
    return "".join(part[:1].upper() + part[1:].lower() for part in parts)
