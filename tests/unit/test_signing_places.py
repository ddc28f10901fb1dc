"""Signatures stand upright in their corners, whatever way the page lies, and on nothing that is written there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array

from pipeline.domain.signatures import SignatureRole
from storage.signing.corners import Block, find_place, read_sheet
from storage.signing.stamps import SIZES, lay_out
from storage.signing.typeface import width, writable
from tests.signing_desk import AGENCY, DIGITISER, Desk, compose_pdf, turn_pdf

#: What the pages of the tests bear, and where their readers look for it.
PAGES: dict[str, dict[str, object]] = {
    "upright": {},
    "turned 90": {"/Rotate": 90},
    "turned 180": {"/Rotate": 180},
    "turned 270": {"/Rotate": 270},
    "cropped": {"/MediaBox": Array([-50, -60, 645, 900]), "/CropBox": Array([20, 30, 560, 800])},
    "cropped and turned": {"/CropBox": Array([20, 30, 560, 800]), "/Rotate": 90},
    "crop box beyond the page": {"/CropBox": Array([-500, -500, 3000, 3000])},
    "large units": {"/UserUnit": 2, "/Rotate": 270},
    "turned by less than nothing": {"/Rotate": -90},
    "small": {"/MediaBox": Array([0, 0, 240, 150])},
    "tiny": {"/MediaBox": Array([0, 0, 60, 40])},
    "wide": {"/MediaBox": Array([0, 0, 1200, 300])},
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compose_pdf(tmp_path_factory.mktemp("pdf") / "plain.pdf", pages=1)


def look(pdf: Path) -> np.ndarray:
    """The first page in grey, two pixels a unit, as readers see it."""
    document = pdfium.PdfDocument(pdf)
    document.init_forms()
    pixels = document[0].render(scale=2, grayscale=True, may_draw_forms=True).to_numpy()
    document.close()
    return np.array(pixels.reshape(pixels.shape[0], pixels.shape[1], -1)[:, :, 0])


@pytest.mark.parametrize("kind", PAGES)
def test_signatures_stand_upright_in_their_corners(kind: str, plain: Path, desk: Desk, tmp_path: Path) -> None:
    pdf = turn_pdf(plain, tmp_path / "page.pdf", PAGES[kind])
    before = look(pdf)
    added = (look(desk.sign_twice(pdf)) < 128) & (before > 200)
    height, across = added.shape
    left, right = added[:, : across // 2], added[:, across // 2 :]
    assert left.any() and right.any()
    for half in (left, right):
        rows, columns = np.nonzero(half.any(axis=1))[0], np.nonzero(half.any(axis=0))[0]
        assert rows[0] <= max(0.12 * height, 60)
        if min(added.shape) > 600:  # lines of letters are wide and low, and part into rows of ink and of none
            assert columns[-1] - columns[0] > 1.5 * (rows[-1] - rows[0])
            inked = half.any(axis=1)[rows[0] : rows[-1] + 1]
            assert np.count_nonzero(np.diff(inked.astype(int)) == -1) >= 1


def test_an_upside_down_page_bears_the_same_letters_as_an_upright_one(plain: Path, desk: Desk, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from storage.signing.pdf_signer import PdfSigner

    shapes = []
    at = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    for turn in (0, 180):
        pdf = turn_pdf(plain, tmp_path / f"{turn}.pdf", {"/Rotate": turn})
        sheet = read_sheet(pdf)
        signer: PdfSigner = desk.signer(SignatureRole.DIGITISER)
        lines = signer._hand.lines(DIGITISER, at)
        place = find_place(sheet, [one.block for one in lay_out(lines, sheet)], at_right=False)
        shapes.append((place.left, place.top, place.width, place.height))
    assert shapes[0] == shapes[1]


def test_signatures_keep_clear_of_what_is_written_in_their_corners(desk: Desk, tmp_path: Path) -> None:
    def write(pixels: np.ndarray) -> None:
        pixels[10:60, 10:300] = 0
        pixels[10:90, 330:610] = 0

    pdf = compose_pdf(tmp_path / "busy.pdf", pages=1, draw=write)
    before, after = look(pdf), look(desk.sign_twice(pdf))
    changed = np.abs(after.astype(int) - before) > 40
    assert changed.any()
    assert not (changed & (before < 128)).any()
    rows = np.nonzero(changed.any(axis=1))[0]
    assert rows[-1] < 0.25 * after.shape[0]


def test_on_a_dark_picture_letters_get_a_ground_of_their_own(desk: Desk, tmp_path: Path) -> None:
    def darken(pixels: np.ndarray) -> None:
        pixels[:] = 40

    pdf = compose_pdf(tmp_path / "dark.pdf", pages=1, draw=darken)
    after = look(desk.sign_twice(pdf))
    assert (after[:200, :400] > 240).any()


def test_long_names_are_folded_and_unknown_letters_replaced() -> None:
    assert writable("Ủy\u0323 ban\t\nnhân  dân 𠀋") == writable("Ủỵ ban nhân dân ?")
    assert width("m", 10) > width("i", 10)


def test_small_letters_are_taken_only_where_large_ones_have_no_room(plain: Path) -> None:
    sheet = read_sheet(plain)
    layouts = lay_out((AGENCY * 2, "Thời gian ký: 2026-11-22T13:11:11+07:00"), sheet)
    assert layouts[0].size == SIZES[0]
    assert len(layouts[0].lines) > 2
    assert find_place(sheet, [one.block for one in layouts], at_right=True).size == SIZES[0]
    crowded = find_place(sheet, [Block(10, 250, 700), Block(6, 100, 20)], at_right=True)
    assert crowded.size == 6


def test_letters_of_a_signature_can_be_read_out_of_the_page(plain: Path, desk: Desk, tmp_path: Path) -> None:
    pdf = turn_pdf(plain, tmp_path / "page.pdf", {})
    with pikepdf.open(desk.sign_twice(pdf)) as signed:
        fields = list(signed.Root.AcroForm.Fields)
        fonts = [field.AP.N.Resources.Font["/F0"] for field in fields]
    assert len(fonts) == 2
