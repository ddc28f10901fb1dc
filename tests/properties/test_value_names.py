"""Names of units, symbols and recipients: what must hold of all of them."""

from __future__ import annotations

import unicodedata
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.syllables import TONES
from pipeline.understanding.phrases import phrases
from pipeline.understanding.units.gazetteer import read_units
from pipeline.understanding.units.lone_names import is_registered, mend_lone_unit, names_registered_units
from pipeline.understanding.units.spellings import unit_spellings
from pipeline.understanding.values.symbols import is_short_for
from pipeline.understanding.zones.recipient_names import is_usual_recipient, spelt_recipient


@cache
def communes() -> tuple[str, ...]:
    rows = (line.split("\t") for line in read_units().split("\n"))
    return tuple(row[3].split("|")[0] for row in rows if row[0] == "C" and len(row) > 3)


names = st.integers(0, 10**6).map(lambda place: communes()[place % len(communes())])
recipients = st.sampled_from(phrases("recipients"))
purposes = st.sampled_from(phrases("purposes"))
others = st.sampled_from(phrases("besides"))


def small_kind(name: str) -> str:
    return name[:1].lower() + name[1:]


def without_tones(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(sign for sign in unicodedata.normalize("NFD", text) if sign not in TONES))


@given(names)
def test_a_unit_of_the_register_is_found_and_left_as_it_is(name: str) -> None:
    assert is_registered(name)
    assert names_registered_units(f"tổ 4, {small_kind(name)}")
    assert mend_lone_unit(small_kind(name)) == small_kind(name)


@given(names)
def test_lost_tones_come_back_where_one_unit_alone_has_the_letters_and_never_make_up_another(name: str) -> None:
    kind = next(kind for kind in ("Thị trấn ", "Phường ", "Xã ", "Đặc khu ") if name.startswith(kind))
    own = name.removeprefix(kind)
    read = f"{kind.lower()}{without_tones(own)}"
    mended = mend_lone_unit(read)
    spelt = unit_spellings(own)
    assert mended.removeprefix(kind.lower()) in {without_tones(own), *spelt}
    assert mend_lone_unit(mended) == mended


@given(recipients, purposes, others)
def test_known_recipients_are_spelt_whatever_marks_were_lost(body: str, purpose: str, besides: str) -> None:
    for whole in (body, f"{body} (để {purpose})", f"{body} và các {besides}"):
        assert is_usual_recipient(spelt_recipient(whole))
        assert spelt_recipient(without_tones(whole)) == spelt_recipient(whole)


@given(st.text(max_size=60))
def test_any_text_is_a_recipient_or_none_and_spelling_it_twice_changes_nothing(text: str) -> None:
    once = spelt_recipient(text)
    assert not once or spelt_recipient(once) == once


@given(st.lists(st.text("abcdeghiklmnopqrstuvxy", min_size=1, max_size=6), min_size=2, max_size=8))
def test_the_first_letters_of_a_name_are_short_for_it(words: list[str]) -> None:
    assert is_short_for("".join(word[0] for word in words), " ".join(words))
