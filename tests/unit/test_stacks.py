"""Stacks parted: separators found however they lie, Patch codes, cards, sheets of A3, slices that change nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from ocr_models import ZxingReader
from pipeline import intake, isolation
from pipeline.batches import patches
from pipeline.batches.cards import find_cards, find_gutter
from pipeline.batches.cutting import Faced, View, cut, interleave, odd_sheets
from pipeline.batches.looks import Look, _reduced, look_at
from pipeline.batches.markers import Marker, is_generic, separator_in, slip_in
from pipeline.batches.patches import holds_patch
from pipeline.batches.sheets import draw_sheet, write_sheets
from pipeline.batches.slices import Stack, write_slice
from pipeline.domain.batches import Handling, SideRole
from pipeline.domain.geometry import Box
from pipeline.domain.pages import CodeFormat, PageImage, Pixels
from pipeline.workbench import typeface_file

MARKER = Marker("000.00.16.H05-260105-0001", "giay_khai_sinh", "Nguyễn Thị Ánh")
TITLES = {"giay_khai_sinh": "Giấy khai sinh"}
SPLIT = Handling(split=True)


@pytest.fixture(autouse=True)
def child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "bounds_here", intake.Bounds)
    monkeypatch.setattr(isolation, "codes_here", ZxingReader)


@pytest.fixture(scope="module")
def sheet() -> Pixels:
    """A separator at 150 dpi."""
    drawn = np.asarray(draw_sheet(MARKER, TITLES, typeface_file()))
    return np.asarray(cv2.resize(drawn, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)


def faint(grey: Pixels) -> Pixels:
    return (242 - (255 - grey.astype(np.int16)) * 48 // 255).astype(np.uint8)


def askew(grey: Pixels) -> Pixels:
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 6, 0.95)
    return np.asarray(cv2.warpAffine(grey, turn, (width, height), borderValue=(255,)), np.uint8)


DAMAGE: dict[str, Callable[[Pixels], Pixels]] = {
    "plain": lambda grey: grey,
    "upside down": lambda grey: grey[::-1, ::-1],
    "on its side": np.rot90,
    "faint": faint,
    "askew": askew,
    "lower half": lambda grey: grey[grey.shape[0] // 2 :],
    "upper third": lambda grey: grey[: grey.shape[0] // 3],
    "blurred": lambda grey: np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.6), np.uint8),
    "stained": lambda grey: np.minimum(grey, np.linspace(90, 255, grey.shape[1], dtype=np.uint8)[None]),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_separator_is_found_however_it_lies_and_looks(damage: str, sheet: Pixels, tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    Image.fromarray(np.ascontiguousarray(DAMAGE[damage](sheet))).save(path, dpi=(150, 150))
    look = look_at(path, "image/png", 1, SPLIT)
    assert separator_in(look.codes) == MARKER


def test_sheets_are_printed_one_for_each_paper(tmp_path: Path) -> None:
    path = tmp_path / "sheets.pdf"
    write_sheets([MARKER, Marker()], TITLES, typeface_file(), path)
    found = [look_at(path, "application/pdf", number, SPLIT) for number in (1, 2)]
    assert [separator_in(look.codes) for look in found] == [MARKER, Marker()]


def test_a_patch_code_is_found_at_any_turn_and_not_in_rulings(sheet: Pixels) -> None:
    bars = np.full((1754, 1240), 250, np.uint8)
    bars[60:200, 400:840] = sheet[60:200, 400:840]
    for turned in range(4):
        assert holds_patch(np.ascontiguousarray(np.rot90(bars, turned)), 150)
    assert holds_patch(askew(bars), 150)
    ruled = np.full((1754, 1240), 250, np.uint8)
    for row in range(100, 1700, 24):
        ruled[row : row + 12, 100:1100] = 0
    assert not holds_patch(ruled, 150)
    assert not holds_patch(np.full((1754, 1240), 250, np.uint8), 150)


def test_half_as_fine_a_picture_loses_no_solid_bar() -> None:
    high, long = 7, 63
    for down, along in ((0, 0), (0, 1), (1, 0), (1, 1), (4, 9), (5, 8)):
        dark = np.zeros((61, 121), bool)
        dark[down : down + high, along : along + long] = True
        assert patches._holds_bar(dark, patches._halved(dark), 100 / 25.4)
        dark[down + 3, along + 31] = False
        assert not patches._holds_bar(dark, patches._halved(dark), 100 / 25.4)


@pytest.mark.parametrize(("dpi", "step"), [(72, 1), (150, 1), (179, 1), (180, 2), (200, 2), (240, 2), (300, 3), (600, 6)])
def test_pages_are_reduced_in_whole_steps_and_stay_fine_enough(dpi: int, step: int) -> None:
    small = _reduced(PageImage(1, np.zeros((dpi * 3 + 1, dpi * 2 + 1), np.uint8), dpi))
    assert small.dpi == dpi / step
    assert small.dpi >= min(dpi, 90)
    assert small.pixels.shape == ((dpi * 3 + 1) // step, (dpi * 2 + 1) // step)


def test_bars_of_other_makers_and_codes_of_slips_are_understood() -> None:
    assert is_generic([(CodeFormat.CODE39, "PATCHT")]) and is_generic([(CodeFormat.CODE128, "Patch-2")])
    assert not is_generic([(CodeFormat.CODE128, "000.00.16.H05-260105-0001")])
    assert slip_in([(CodeFormat.QR, "000.00.16.H05-260105-0001")]) == Marker("000.00.16.H05-260105-0001", slip=True)
    assert slip_in([(CodeFormat.QR, "https://x"), (CodeFormat.CODE39, "12345")]) is None


def test_a_separator_of_two_minds_says_only_that_it_is_one() -> None:
    codes = [(CodeFormat.QR, Marker("A").text), (CodeFormat.QR, Marker("B").text)]
    assert separator_in(codes) == Marker()
    assert separator_in([(CodeFormat.CODE128, Marker("A").text)]) is None


def looks(*kinds: str) -> Iterator[Faced]:
    for number, kind in enumerate(kinds, 1):
        codes = ((CodeFormat.QR, Marker(kind[1:]).text),) if kind.startswith("#") else ()
        slip = ((CodeFormat.QR, kind),) if kind.startswith("H49") else ()
        yield Faced(1, Look(number, codes or slip, kind == "patch", 999 if kind == "form" else 100, kind == "blank"))


def test_bars_upon_a_form_part_papers_and_the_form_stays() -> None:
    sides = list(looks("p", "form", "p"))
    marked = Look(2, patch=True, letters=999)
    found = cut([sides[0], Faced(1, marked), sides[2]], SPLIT)
    assert [side.role for side in found.sides] == [SideRole.PAGE] * 3
    assert [len(piece.views) for piece in found.pieces] == [1, 2]


def test_a_slip_begins_the_papers_of_its_dossier_and_is_one_of_them() -> None:
    found = cut(looks("p", "H49.01-240101-0001", "p"), Handling(split=True, slips=True))
    assert [(piece.marker.dossier, len(piece.views), piece.removed) for piece in found.pieces] == [
        ("", 1, []),
        ("H49.01-240101-0001", 2, []),
    ]


def test_whatever_a_stack_holds_every_side_is_in_one_part() -> None:
    found = cut(looks("blank", "#A", "#B", "blank", "p", "blank", "patch", "p", "#C", "blank"), SPLIT)
    assert [side.part for side in found.sides] == [1, 2, 2, 2, 2, 2, 3, 3, 3, 3]
    assert sum(len(piece.views) for piece in found.pieces) == 10
    assert [piece.marker.dossier for piece in found.pieces] == ["", "B", ""]


def test_stacks_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match="2 fronts and 1 backs"):
        interleave([Look(1), Look(2)], [Look(1)], "same")


def test_stacks_whose_sheets_are_of_other_sizes_on_their_back_are_told() -> None:
    large, small = (210.0, 297.0), (148.0, 210.0)
    fronts = [Look(n, size=size) for n, size in enumerate((large, large, small, large, small), 1)]
    backs = [replace(look, number=n) for n, look in enumerate(reversed(fronts), 1)]
    assert odd_sheets(interleave(fronts, backs, "reversed")) == ()
    assert odd_sheets(interleave(fronts, backs, "same")) == (1, 5)
    wobbly = [replace(look, size=(look.size[1] + 9, look.size[0] - 6)) for look in backs]
    assert odd_sheets(interleave(fronts, wobbly, "reversed")) == ()
    bare = [replace(look, blank=True, size=small) for look in backs]
    assert odd_sheets(interleave(fronts, bare, "reversed")) == (), "scanners crop what is blank as they like"


def test_one_odd_sheet_of_many_proves_nothing() -> None:
    fronts = [Look(n, size=(210.0, 297.0)) for n in range(1, 21)]
    backs = [replace(look, size=(148.0, 210.0)) if look.number == 7 else look for look in fronts]
    assert odd_sheets(interleave(fronts, backs, "same")) == ()


def test_cards_on_the_glass_are_cut_out_and_a_page_with_text_is_left_alone() -> None:
    glass = np.full((2338, 1654), 250, np.uint8)
    for top in (200, 900):
        cv2.rectangle(glass, (300, top), (300 + 674, top + 425), (150,), -1)
        cv2.putText(glass, "CAN CUOC", (340, top + 200), cv2.FONT_HERSHEY_SIMPLEX, 3, (20,), 6)
    cards = find_cards(glass, 200)
    assert len(cards) == 2
    assert cards[0].left == pytest.approx(300 / 1654, abs=0.03)
    assert cards[0].width * 1654 == pytest.approx(674, abs=60)
    cv2.rectangle(glass, (100, 1500), (1500, 2200), (60,), -1)
    assert find_cards(glass, 200) == ()
    assert find_cards(np.full((2338, 1654), 250, np.uint8), 200) == ()


def test_a_sheet_of_a3_with_a_bare_middle_is_two_pages_and_a_table_across_is_one() -> None:
    spread = np.full((2339, 3307), 250, np.uint8)
    for row in range(300, 2000, 60):
        spread[row : row + 20, 200:1500] = 20
        spread[row : row + 20, 1800:3100] = 20
    assert find_gutter(spread, 200) == pytest.approx(0.5, abs=0.01)
    spread[1000:1010, 200:3100] = 20
    spread[1500:1600, 200:3100] = 20
    assert find_gutter(spread, 200) is None
    assert find_gutter(np.full((2339, 1654), 250, np.uint8), 200) is None


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    """Three pages of a scanner: a JPEG each, the last one turned by the viewer."""
    path = tmp_path / "stack.pdf"
    pages = [Image.fromarray(np.full((600, 400, 3), shade, np.uint8)) for shade in (40, 120, 200)]
    half = np.asarray(pages[2]).copy()
    half[:300] = (250, 0, 0)
    pages[2] = Image.fromarray(half)
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=100)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[2].rotate(90, relative=False)
        pdf.save(path)
    return Stack(path, intake.inspect(path, path.name, intake.Bounds()))


def shown(path: Path) -> list[tuple[tuple[int, int], tuple[int, ...]]]:
    with pypdfium2.PdfDocument(path) as document:
        pictures = [page.render(scale=100 / 72).to_pil().convert("RGB") for page in document]
    return [(one.size, one.getpixel((one.width // 2, one.height // 2))) for one in pictures]


def test_a_slice_holds_the_very_streams_of_the_stack_and_is_the_same_each_time(stack: Stack, tmp_path: Path) -> None:
    first, second = tmp_path / "a.pdf", tmp_path / "b.pdf"
    for target in (first, second):
        write_slice([stack], [View(1, 3), View(1, 1)], target, intake.Bounds())
    assert first.read_bytes() == second.read_bytes()
    with pikepdf.open(first) as made, pikepdf.open(stack.path) as whole:
        kept, was = (next(iter(page.get_images().values())).read_raw_bytes() for page in (made.pages[1], whole.pages[0]))
        assert hashlib.sha256(kept).digest() == hashlib.sha256(was).digest()


def test_half_of_a_turned_page_is_the_half_that_is_seen(stack: Stack, tmp_path: Path) -> None:
    target = tmp_path / "halves.pdf"
    halves = [View(1, 3, Box(0, 0, 0.5, 1)), View(1, 3, Box(0.5, 0, 1, 1))]
    write_slice([stack], halves, target, intake.Bounds())
    (left, left_colour), (right, right_colour) = shown(target)
    assert left == right == (300, 400)
    assert left_colour[1] > 100 and right_colour[0] > 200 and right_colour[1] < 60, "the red half was at the top, now right"


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_pages_of_a_tiff_come_into_a_slice_pixel_by_pixel(mode: str, tmp_path: Path) -> None:
    path, target = tmp_path / "scan.tif", tmp_path / "slice.pdf"
    drawn = np.full((300, 200), 255, np.uint8)
    drawn[50:120, 30:160] = 0
    page = Image.fromarray(drawn).convert(mode)
    page.save(path, save_all=True, append_images=[page], dpi=(100, 100), compression="group4" if mode == "1" else "tiff_lzw")
    source = intake.inspect(path, path.name, intake.Bounds())
    write_slice([Stack(path, source)], [View(1, 2), View(1, 1)], target, intake.Bounds())
    again = intake.inspect(target, "slice.pdf", intake.Bounds())
    pixels = intake.read_page(target, again.media_type, 1, intake.Bounds()).image.pixels
    grey = pixels if pixels.ndim == 2 else pixels[:, :, 0]
    assert again.pages == 2
    assert grey.shape == drawn.shape
    assert np.array_equal(grey > 128, drawn > 128)
