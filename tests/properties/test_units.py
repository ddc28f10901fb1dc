"""Any commune printed in any style leads back to itself; what an engine may do to an address never makes it another."""

from __future__ import annotations

import unicodedata
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from pipeline.understanding.units import address_units, parse_address
from pipeline.understanding.units.gazetteer import heads, region
from pipeline.understanding.units.mending import mend_units

SHORT = {
    "thanh pho": "TP. ", "thi tran": "TT. ", "thi xa": "TX.", "phuong": "P.", "huyen": "H. ", "quan": "Q.",
    "tinh": "T. ", "xa": "xã ", "dac khu": "đặc khu ",
}  # fmt: skip
NEWER = {"òa": "oà", "óa": "oá", "ọa": "oạ", "ủy": "uỷ", "úy": "uý", "ùy": "uỳ", "òe": "oè"}
HOUSES = ("", "thôn 3, ", "Số 12 đường Lê Lợi, ", "tổ dân phố 5, ", "ấp Giữa, ", "KP. 2, ")


@cache
def chains():
    """Every commune of June 2025 with district and province, and every one of since with its province."""
    districts = {entry.unit.code: entry for entry in heads().districts if not entry.former}
    found = []
    for here in map(region, heads().provinces):
        found += [(entry, here.province) for entry in here.communes.values()]
        for code, entries in here.before.items():
            province = code in districts and heads().before[districts[code].parent]
            found += [
                (entry, districts[code], province)
                for entry in entries
                if not entry.former and not entry.unit.code.startswith("D")
            ]
    return found


@st.composite
def printed(draw):
    """A commune's chain and an address that names it."""
    chain = draw(st.sampled_from(chains()))
    brief, upper, newer = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    said = [SHORT[one.kind] + one.name if brief else one.unit.name[0].lower() + one.unit.name[1:] for one in chain]
    text = draw(st.sampled_from((", ", " - ", ",", "; "))).join(said)
    if newer:
        for old, new in NEWER.items():
            text = text.replace(old, new)
    text = draw(st.sampled_from(HOUSES)) + text + draw(st.sampled_from(("", ".", ", Việt Nam")))
    text = text.upper() if upper else text
    return chain, unicodedata.normalize(draw(st.sampled_from(("NFC", "NFD"))), text)


@given(printed())
def test_a_commune_in_any_style_leads_back_to_itself(case):
    chain, text = case
    parse = parse_address(text)
    assert [match.entry.unit.code for match in parse.matches] == [one.unit.code for one in reversed(chain)]
    assert mend_units(parse) is None


def codes_of(parse):
    return [match.entry.unit.code for match in parse.matches]


@given(st.sampled_from(chains()), st.data())
def test_a_lost_or_wrong_mark_never_leads_to_a_commune_of_another_place(chain, data):
    text = ", ".join(one.unit.name for one in chain)
    place = data.draw(st.sampled_from([at for at, sign in enumerate(text) if sign.isalpha()]))
    bare = unicodedata.normalize("NFD", text[place])[0]
    mark = data.draw(st.sampled_from(("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")))
    slipped = (
        text[:place] + (unicodedata.normalize("NFC", bare + mark) if bare.lower() in "aeiouy" else bare) + text[place + 1 :]
    )
    parse = parse_address(slipped)
    mended = None if parse is None else mend_units(parse)
    if mended is not None:
        told = codes_of(parse_address(mended.text))
        assert told == [one.unit.code for one in reversed(chain)][: len(told)]


@given(st.text(max_size=80))
def test_any_text_is_taken_without_harm(text):
    units = address_units(text)
    assert units is None or units.units


@given(
    st.lists(
        st.sampled_from(["xã", "Tân", "Lập", "huyện", ",", "-", "TP.", "Hà", "Nội", "Q.1", "tỉnh", "5", "P"]), max_size=12
    )
)
def test_words_of_addresses_in_any_order_are_taken_without_harm(words):
    parse = parse_address(" ".join(words))
    assert parse is None or all(match.start <= match.name < match.end for match in parse.matches)
