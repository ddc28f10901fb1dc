"""Pages that are the same sheet scanned twice are told from two sheets of one form."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.likeness import Page, bands_of, is_same_sheet, likeness_of, picture_distance, picture_hash, split_text
from pipeline.likeness.words import telling_of, words_of
from tests.drawn_pages import LINES, draw_page

DECISION = """ỦY BAN NHÂN DÂN TỈNH HÀ GIANG
Số: {number}/QĐ-UBND Hà Giang, ngày 03 tháng 4 năm 2024
QUYẾT ĐỊNH Về việc giao đất ở cho hộ gia đình
Căn cứ Luật Đất đai ngày 29 tháng 11 năm 2013; Nghị định số 43/2014/NĐ-CP
Xét đề nghị của ông {name}, số định danh {id}, thường trú tại xã Phương Tiến
Điều 1. Giao cho ông {name} thửa đất số {plot}, tờ bản đồ số 12, diện tích {area} m2
Điều 2. Chánh Văn phòng và ông {name} chịu trách nhiệm thi hành quyết định này"""
FIRST = DECISION.format(number=717, name="Nguyễn Văn Đường", id="002085001234", plot=128, area="240,5")
SECOND = DECISION.format(number=718, name="Trần Quang Bưởi", id="002079004411", plot=131, area="310,0")
#: The first as a poor engine reads it: marks lost, a digit misread, words parted and joined, dirt.
MISREAD = (
    FIRST.replace("Nguyễn", "Nguyên")
    .replace("29 tháng 11", "29 thang 1l")
    .replace("128", "129")
    .replace("Phương Tiến", "PhươngTiến")
    + " . | ~ xx"
)
OTHER = (
    "Kính gửi các sở ban ngành. Văn phòng trân trọng kính mời dự họp vào hồi tám giờ sáng thứ hai tại phòng họp tầng ba trụ sở"
)


@cache
def scan(*lines: str) -> NDArray[np.uint8]:
    pixels = draw_page(lines=lines or LINES).scan.image.pixels
    return np.asarray(pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def scanned_again(page: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    """The sheet on another machine: smaller, darker, a little askew and shifted, with noise."""
    chance = np.random.default_rng(seed)
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(chance.uniform(-0.4, 0.4)), float(chance.uniform(0.96, 1.0)))
    turn[:, 2] += chance.uniform(-12, 12, 2)
    moved = cv2.warpAffine(page, turn, (width, height), borderValue=255)
    smaller = cv2.resize(moved, None, fx=0.66, fy=0.66, interpolation=cv2.INTER_AREA).astype(np.float32)
    spoilt = smaller * chance.uniform(0.6, 0.9) + chance.uniform(0, 25) + chance.normal(0, 9, smaller.shape)
    return np.clip(spoilt, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("seed", range(6))
def test_a_sheet_scanned_again_looks_the_same_and_another_does_not(seed: int) -> None:
    same = picture_distance(picture_hash(scan()), picture_hash(scanned_again(scan(), seed)))
    other = picture_distance(picture_hash(scan()), picture_hash(scan(*reversed(LINES))))
    assert same < 0.15 < other


def test_a_blank_page_looks_like_nothing() -> None:
    assert picture_hash(np.full((300, 200), 240, np.uint8)) == ""
    assert picture_distance("", "") == 1.0
    assert bands_of("", "") == ()


def test_colour_changes_nothing() -> None:
    grey = scan()
    assert picture_distance(picture_hash(grey), picture_hash(np.repeat(grey[:, :, None], 3, axis=2))) < 0.02


def test_what_was_misread_is_still_the_same_sheet() -> None:
    assert likeness_of(Page(1, FIRST), Page(1, MISREAD)) > 0.7
    assert is_same_sheet(Page(1, FIRST), Page(1, MISREAD))
    assert set(bands_of(FIRST, "")) & set(bands_of(MISREAD, ""))


def test_two_papers_of_one_form_for_two_people_are_two() -> None:
    assert likeness_of(Page(1, FIRST), Page(1, SECOND)) > 0.5
    assert not is_same_sheet(Page(1, FIRST), Page(1, SECOND))


def test_other_papers_are_not_alike_and_share_no_band() -> None:
    assert likeness_of(Page(1, FIRST), Page(1, OTHER)) < 0.05
    assert not is_same_sheet(Page(1, FIRST), Page(1, OTHER))
    assert not set(bands_of(FIRST, "")) & set(bands_of(OTHER, ""))


def test_pages_with_hardly_any_words_are_told_by_their_pictures() -> None:
    one, again = picture_hash(scan()), picture_hash(scanned_again(scan(), 1))
    assert is_same_sheet(Page(1, "", one), Page(1, "vài chữ", again)) is (picture_distance(one, again) <= 0.1)
    assert not is_same_sheet(Page(1, "", one), Page(1, FIRST, one))
    assert not is_same_sheet(Page(1, "", ""), Page(1, "", ""))
    assert bands_of("vài chữ", one)


def test_what_tells_pages_of_a_form_apart_are_numbers_and_names() -> None:
    told = telling_of(words_of("Giao cho ông Nguyễn Văn Đường thửa số 128, ngày 03/4/2024"))
    assert told == {"nguyen van", "van duong", "128", "0342024"}


def test_pages_are_parted_as_they_were_joined() -> None:
    assert split_text("một\n\fhai\n\f\n\fbốn\n") == ("một", "hai", "", "bốn")
