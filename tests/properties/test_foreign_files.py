"""Whatever bytes come as METS, ALTO or hOCR, they are read or refused; boxes never leave the scan."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.errors import RejectedInputError
from pipeline.domain.foreign import MOST_SURE, ForeignPage
from pipeline.foreign import read_alto, read_hocr, read_mets
from tests.foreign_files import OCROPUS_HOCR, TESSERACT_HOCR, alto, kitodo

JUNK = st.one_of(
    st.sampled_from(
        [
            b"<",
            b">",
            b'"',
            b"'",
            b"&",
            b"&#0;",
            b"&#x110000;",
            b"]]>",
            b"<!--",
            b"<![CDATA[",
            b"<!DOCTYPE a [",
            b"\x00",
            b"\xff",
        ]
    ),
    st.sampled_from(
        [b"<div class='ocr_page'>", b"</div></span>", b"bbox 1 2 3", b"bbox . . . .", b"x_wconf ..", b"1e999", b"-5", b"NaN"]
    ),
    st.binary(max_size=6),
)


@st.composite
def spoiled(draw: st.DrawFn, whole: bytes) -> bytes:
    """A file with a few stretches of it replaced."""
    data = whole
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(JUNK) + data[at + draw(st.integers(0, 30)) :]
    return data


def words_of(page: ForeignPage) -> list[Any]:
    return [word for line in page.lines for word in line.words]


def holds(page: ForeignPage) -> None:
    for word in words_of(page):
        assert word.text
        assert not any(sign.isspace() for sign in word.text)
        assert 0 <= word.confidence <= 1
        assert all(map(math.isfinite, (word.box.left, word.box.top, word.box.right, word.box.bottom)))
    placed = page.on_scan(1240, 1754, 150.0, "x")
    for word in placed.words if placed else ():
        assert 0 <= word.box.left < word.box.right <= 1240
        assert 0 <= word.box.top < word.box.bottom <= 1754
        assert word.confidence <= MOST_SURE


@given(spoiled(alto().encode()))
def test_any_alto_is_read_or_refused(data: bytes) -> None:
    try:
        pages, _ = read_alto(data, "a.xml")
    except RejectedInputError as error:
        assert error.advice
        return
    for page in pages:
        holds(page)


@given(st.sampled_from([TESSERACT_HOCR, OCROPUS_HOCR]).flatmap(lambda text: spoiled(text.encode())))
def test_any_hocr_is_read_or_refused(data: bytes) -> None:
    try:
        pages, _ = read_hocr(data, "a.hocr")
    except RejectedInputError as error:
        assert error.advice
        return
    for told in pages:
        holds(told.page)


@pytest.fixture(scope="module")
def mets(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return kitodo(Path(tmp_path_factory.mktemp("mets")), pages=3).read_bytes()


@given(st.data())
def test_any_mets_is_read_or_refused(mets: bytes, data: st.DataObject) -> None:
    try:
        package = read_mets(data.draw(spoiled(mets)), "meta.xml")
    except RejectedInputError as error:
        assert error.advice
        return
    assert package.documents
    assert sum(len(document.pages) for document in package.documents) <= 3
