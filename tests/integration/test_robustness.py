"""Hostile and damaged files: each ends in pages or in a rejection that names its reason; none crashes or bursts."""

from __future__ import annotations

import resource
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from pipeline.domain.errors import RejectedInputError
from pipeline.intake import Bounds, gather, inspect, read_page
from tests.made_pdfs import image_pdf, jpeg_bytes, scan_pixels, text_pdf, typed

BOUNDS = Bounds()
#: What an honest page needs, with room; a bomb needs more.
MEMORY = 3 * 1024**3

_READ_ALL = """
import sys
from pathlib import Path
from pipeline.domain.errors import RejectedInputError
from pipeline.intake import Bounds, inspect, read_page
path = Path(sys.argv[1])
try:
    source = inspect(path, path.name, Bounds())
except RejectedInputError as error:
    print("rejected", error.code)
    sys.exit(0)
for number in range(1, min(source.pages, 5) + 1):
    try:
        page = read_page(path, source.media_type, number, Bounds())
        print("page", *page.image.pixels.shape[:2], *page.problems)
    except RejectedInputError as error:
        print("unread", error.code)
"""


def read_in_child(path: Path, root: Path) -> list[str]:
    """What becomes of the file and its first pages, in a process of its own with bounded memory and time."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _READ_ALL, str(path)],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()


def png_header(width: int, height: int) -> bytes:
    body = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + body + struct.pack(">I", zlib.crc32(b"IHDR" + body))
    data = zlib.compress(b"\0" * 1000)
    idat = struct.pack(">I", len(data)) + b"IDAT" + data + struct.pack(">I", zlib.crc32(b"IDAT" + data))
    return b"\x89PNG\r\n\x1a\n" + chunk + idat + b"\0\0\0\0IEND\xaeB`\x82"


def test_a_picture_of_30000_by_30000_pixels_is_refused_by_its_header(tmp_path, root):
    path = tmp_path / "a.png"
    path.write_bytes(png_header(30_000, 30_000))
    assert read_in_child(path, root) == ["rejected too_many_pixels"]


def test_a_pdf_of_ten_thousand_tiny_pages_is_refused(tmp_path, root):
    pdf = pikepdf.new()
    content = pdf.make_stream(b"")
    for _ in range(10_000):
        pdf.add_blank_page(page_size=(3, 3)).obj["/Contents"] = content
    pdf.save(tmp_path / "a.pdf")
    assert read_in_child(tmp_path / "a.pdf", root) == ["rejected too_many_pages"]


def test_an_encrypted_pdf_is_refused_and_one_locked_only_for_its_owner_is_read(tmp_path, root):
    plain = text_pdf(tmp_path / "plain.pdf", typed())
    with pikepdf.open(plain) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(user="u", owner="o"))
        pdf.save(tmp_path / "owned.pdf", encryption=pikepdf.Encryption(user="", owner="o"))
    assert read_in_child(tmp_path / "locked.pdf", root) == ["rejected encrypted_pdf"]
    assert read_in_child(tmp_path / "owned.pdf", root) == ["page 3508 2480"]


def test_a_pdf_with_javascript_is_read_and_says_so(tmp_path, root):
    path = text_pdf(tmp_path / "a.pdf", typed())
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="while(true){}")
        pdf.save(path)
    assert read_in_child(path, root) == ["page 3508 2480 active_content"]


def test_zero_bytes_are_refused(tmp_path, root):
    (tmp_path / "a.pdf").write_bytes(b"")
    assert read_in_child(tmp_path / "a.pdf", root) == ["rejected empty_file"]


def test_a_truncated_tiff_gives_its_whole_pages(tmp_path, root):
    pages = [Image.fromarray(scan_pixels()) for _ in range(4)]
    whole = tmp_path / "whole.tif"
    pages[0].save(whole, save_all=True, append_images=pages[1:], compression="tiff_deflate")
    data = whole.read_bytes()
    (tmp_path / "a.tif").write_bytes(data[: len(data) * 5 // 8])
    outcome = read_in_child(tmp_path / "a.tif", root)
    assert outcome[:2] == ["page 877 620"] * 2
    assert set(outcome[2:]) <= {"unread damaged_page"}


def test_a_pdf_cut_in_half_gives_what_is_left_or_a_reason(tmp_path, root):
    path = tmp_path / "a.pdf"
    pdf = pikepdf.new()
    for number in range(4):
        one = image_pdf(tmp_path / f"{number}.pdf", jpeg_bytes(scan_pixels()), (620, 877))
        with pikepdf.open(one) as part:
            pdf.pages.extend(part.pages)
    pdf.save(path)
    data = path.read_bytes()
    for share in (0.3, 0.6, 0.95):
        path.write_bytes(data[: int(len(data) * share)])
        outcome = read_in_child(path, root)
        assert outcome
        assert all(line.startswith(("rejected ", "page ", "unread ")) for line in outcome)


def test_a_picture_that_unpacks_to_far_too_much_inside_a_pdf_is_an_unread_page(tmp_path, root):
    bomb = zlib.compress(b"\0" * 50_000_000)
    path = image_pdf(tmp_path / "a.pdf", bomb, (40_000, 40_000), filters="/FlateDecode", space="/DeviceGray")
    assert read_in_child(path, root) == ["unread too_many_pixels"]


def test_a_jpeg_that_is_also_a_zip_is_a_jpeg(tmp_path, root):
    path = tmp_path / "a.zip"
    path.write_bytes(jpeg_bytes(scan_pixels()))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../x.pdf", b"%PDF-1.4")
    assert [one.name for one in gather([path], BOUNDS, tmp_path / "s")] == ["a.zip"]
    assert read_in_child(path, root) == ["page 877 620"]


def test_a_zip_bomb_among_honest_files_takes_none_along(tmp_path):
    folder = tmp_path / "hồ sơ"
    folder.mkdir()
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("zeros.png", "w", force_zip64=True) as member:
            for _ in range(600):
                member.write(b"\0" * 1_000_000)
        archive.writestr("ok.jpg", jpeg_bytes(scan_pixels()))
    (folder / "a.jpg").write_bytes(jpeg_bytes(scan_pixels()))
    found = {one.name: one.error.code if one.error else "" for one in gather([folder], BOUNDS, tmp_path / "s")}
    assert found == {"a.jpg": "", "zeros.png": "too_large", "ok.jpg": ""}


@pytest.mark.parametrize("seed", range(40))
def test_a_file_with_flipped_bytes_gives_pages_or_a_reason(tmp_path, seed):
    chance = np.random.default_rng(seed)
    kinds = ("a.jpg", "a.png", "a.tif", "a.pdf")
    path = tmp_path / kinds[seed % len(kinds)]
    if path.suffix == ".pdf":
        image_pdf(path, jpeg_bytes(scan_pixels()), (620, 877), more=typed())
    else:
        Image.fromarray(scan_pixels()).save(path)
    data = bytearray(path.read_bytes())
    for at in chance.integers(0, len(data), size=1 + len(data) // 400):
        data[at] = int(chance.integers(0, 256))
    path.write_bytes(bytes(data))
    assert _outcome(path)


@pytest.mark.needs_shared
def test_every_file_of_the_robustness_corpus_gives_pages_or_a_reason(shared):
    files = sorted(path for path in (shared / "robustness").rglob("*") if path.is_file())
    assert len(files) > 90
    outcomes = {path.name: _outcome(path) for path in files}
    assert outcomes["graph-encrypted.pdf"] == ["encrypted_pdf"]
    assert outcomes["newline-buffer-test.pdf"] == ["no_pages"]
    assert outcomes["378014596.pdf"] == ["damaged_file"]
    assert sum(1 for outcome in outcomes.values() if outcome[0] == "page") > 65


@pytest.mark.needs_shared
@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("real-04", [(0.25, 0.137, 0.265, 0.15), (0.70, 0.137, 0.71, 0.15)]),
        ("real-20", [(0.215, 0.138, 0.235, 0.148), (0.703, 0.14, 0.716, 0.148)]),
    ],
)
def test_number_and_day_that_are_drawn_over_the_text_are_read_or_named_as_unlayered(shared, name, drawn):
    path = shared / "samples" / "real" / "documents" / f"{name}.pdf"
    page = read_page(path, "application/pdf", 1, BOUNDS)
    width, height = page.image.width, page.image.height
    assert page.layer is not None
    for left, top, right, bottom in drawn:
        x, y = (left + right) / 2 * width, (top + bottom) / 2 * height
        boxes = (*page.unlayered, *(word.box for word in page.layer.words))
        assert any(box.left <= x <= box.right and box.top <= y <= box.bottom for box in boxes)


def _outcome(path: Path) -> list[str]:
    try:
        source = inspect(path, path.name, BOUNDS)
    except RejectedInputError as error:
        assert error.advice
        return [error.code]
    found = []
    for number in range(1, min(source.pages, 5) + 1):
        try:
            read_page(path, source.media_type, number, BOUNDS)
            found.append("page")
        except RejectedInputError as error:
            assert error.advice
            found.append(error.code)
    return found
