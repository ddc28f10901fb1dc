"""Legacy encodings: every letter comes back, nothing else changes."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.legacy_encodings import LETTERS, TCVN3, VISCII, VNI, VPS, decode_text
from tests.legacy_pdfs import encode

SMALL = sorted(letter for letter in LETTERS if letter.islower())
HELD = {"tcvn3": [*SMALL, *"ĂÂÊÔƠƯĐ"], "vni": sorted(LETTERS), "vps": sorted(LETTERS), "viscii": sorted(LETTERS)}
PLAIN = string.ascii_letters + string.digits + string.punctuation + " "


@pytest.mark.parametrize("encoding", [TCVN3, VNI, VPS, VISCII], ids=lambda encoding: encoding.name)
@given(data=st.data())
def test_what_was_written_is_read(encoding, data):
    text = data.draw(st.text(st.sampled_from([*HELD[encoding.name], *PLAIN])))
    assert decode_text(encode(text, encoding).decode("latin-1"), encoding) == text


@pytest.mark.parametrize("encoding", [TCVN3, VNI, VPS, VISCII], ids=lambda encoding: encoding.name)
def test_every_vietnamese_letter_comes_back(encoding):
    text = " ".join(HELD[encoding.name])
    assert decode_text(encode(text, encoding).decode("latin-1"), encoding) == text


def test_fonts_of_capitals_bring_every_capital():
    text = " ".join(SMALL)
    assert decode_text(encode(text, TCVN3).decode("latin-1"), TCVN3, capitals=True) == text.upper()


@pytest.mark.parametrize("encoding", [TCVN3, VNI, VPS, VISCII], ids=lambda encoding: encoding.name)
@given(st.text(PLAIN))
def test_plain_letters_digits_and_signs_are_what_they_are(encoding, text):
    assert decode_text(text, encoding) == text


@given(st.lists(st.sampled_from(SMALL), min_size=1))
def test_symbol_fonts_hold_the_same_codes(letters):
    codes = encode("".join(letters), TCVN3)
    assert decode_text("".join(chr(0xF000 + code) for code in codes), TCVN3) == "".join(letters)
