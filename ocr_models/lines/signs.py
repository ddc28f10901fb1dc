"""The signs that the reader of lines tells apart."""

from __future__ import annotations

import unicodedata

_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_VOWELS = "aăâeêioôơuưy"
_CONSONANTS = "bcdđfghjklmnpqrstvwxz"

_SMALL = "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES) + _CONSONANTS

#: Signs that the net tells apart, behind the blank.
ALPHABET = " " + _SMALL + _SMALL.upper() + "0123456789" + ".,:;-/()\"'%+&*"
