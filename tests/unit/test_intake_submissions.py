"""Folders and ZIPs taken apart: nothing leads outside, nothing bursts, one bad member takes no other along."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake import Bounds, Submission, gather
from pipeline.intake.archives import member_name
from pipeline.intake.names import leads_outside, safe_name

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def zipped(members: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def collect(path: Path, scratch: Path, bounds: Bounds | None = None) -> list[Submission]:
    return list(gather([path], bounds or Bounds(), scratch))


def codes(found: list[Submission]) -> dict[str, str | None]:
    return {one.name: one.error.code if one.error else None for one in found}


def test_a_file_alone_stands_by_itself(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    assert collect(path, tmp_path / "s") == [Submission(".", "a.png", path)]


def test_a_folder_is_a_dossier_and_nested_folders_are_their_own(tmp_path):
    root = tmp_path / "Hồ sơ"
    for name in ("b.png", "a.png", "H49/c.png", "H49/sâu/d.png", ".DS_Store", "Thumbs.db"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(PNG)
    found = [(one.dossier, one.name) for one in collect(root, tmp_path / "s")]
    assert found == [("Hồ sơ", "a.png"), ("Hồ sơ", "b.png"), ("H49", "c.png"), ("H49/sâu", "d.png")]


def test_a_link_out_of_the_folder_is_refused_and_a_loop_is_not_followed(tmp_path):
    root = tmp_path / "in"
    root.mkdir()
    (tmp_path / "secret.png").write_bytes(PNG)
    (root / "out.png").symlink_to(tmp_path / "secret.png")
    (root / "loop").symlink_to(root)
    (root / "ok.png").write_bytes(PNG)
    assert codes(collect(root, tmp_path / "s")) == {"out.png": "unsafe_name", "ok.png": None}


def test_a_zip_is_a_dossier_of_its_name(tmp_path):
    path = tmp_path / "H49-1.zip"
    path.write_bytes(zipped({"a.png": PNG, "Quyết định/b.png": PNG, "__MACOSX/._a.png": b"x"}))
    found = collect(path, tmp_path / "s")
    assert [(one.dossier, one.name, one.error) for one in found] == [("H49-1", "a.png", None), ("Quyết định", "b.png", None)]
    assert all(one.path.read_bytes() == PNG for one in found)


@pytest.mark.parametrize("name", ["../../x.pdf", "/etc/x.pdf", "..\\..\\x.pdf", "C:\\x.pdf", "a/../../x.pdf"])
def test_a_member_that_leads_outside_is_refused_and_the_others_are_kept(tmp_path, name):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({name: b"%PDF-1.4", "ok.png": PNG}))
    scratch = tmp_path / "deep" / "er" / "scratch"
    found = collect(path, scratch)
    assert codes(found) == {"x.pdf": "unsafe_name", "ok.png": None}
    assert all("/" not in one.name and ".." not in one.dossier for one in found)
    outside = [one for one in tmp_path.rglob("*") if one.is_file() and not one.is_relative_to(scratch)]
    assert outside == [path]


def test_a_link_in_a_zip_is_refused(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("link.pdf")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("ok.png", PNG)
    assert codes(collect(path, tmp_path / "s")) == {"link.pdf": "unsafe_name", "ok.png": None}


def test_a_zip_that_declares_too_much_is_refused_before_unpacking(tmp_path):
    path = tmp_path / "bomb.zip"
    path.write_bytes(zipped({f"{number}.png": b"\0" * 1_000_000 for number in range(5)}))
    found = collect(path, tmp_path / "s", Bounds(max_unpacked_bytes=3_000_000))
    assert codes(found) == {"bomb.zip": "zip_too_large"}
    assert not (tmp_path / "s").exists()


def test_a_zip_that_lies_about_its_sizes_is_found_out(tmp_path):
    honest = zipped({"a.png": b"\0" * 2_000_000, "ok.png": PNG})
    lying = honest.replace((2_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    path = tmp_path / "a.zip"
    path.write_bytes(lying)
    found = collect(path, tmp_path / "s", Bounds(max_unpacked_bytes=1_000_000))
    assert codes(found) == {"a.png": "damaged_file", "ok.png": None}
    assert sum(one.stat().st_size for one in (tmp_path / "s").rglob("*") if one.is_file()) < 10_000


def test_nested_zips_share_one_allowance(tmp_path):
    inner = zipped({f"{number}.png": b"\0" * 400_000 for number in range(3)})
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"1.zip": inner, "2.zip": inner}))
    found = collect(path, tmp_path / "s", Bounds(max_unpacked_bytes=2_000_000))
    assert [one.error.code for one in found if one.error] == ["zip_too_large"]
    assert len([one for one in found if not one.error]) == 3


def test_zips_nested_too_deep_are_refused(tmp_path):
    data = zipped({"a.png": PNG})
    for _ in range(2):
        data = zipped({"in.zip": data, "b.png": PNG})
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    found = collect(path, tmp_path / "s")
    assert sorted((one.name, one.error.code if one.error else "") for one in found) == [
        ("b (2).png", ""),
        ("b.png", ""),
        ("in.zip", "zip_too_deep"),
    ]


def test_a_zip_of_too_many_members_is_refused(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{number}.png": b"" for number in range(11)}))
    assert codes(collect(path, tmp_path / "s", Bounds(max_zip_members=10))) == {"a.zip": "zip_too_many_members"}


def test_a_member_larger_than_a_file_may_be_is_refused(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"big.png": b"\0" * 5000, "ok.png": PNG}))
    assert codes(collect(path, tmp_path / "s", Bounds(max_file_bytes=1000))) == {"big.png": "too_large", "ok.png": None}


def test_an_encrypted_member_is_refused_and_the_others_are_kept(tmp_path):
    data = bytearray(zipped({"a.png": PNG, "ok.png": PNG}, compression=zipfile.ZIP_STORED))
    data[6] |= 1
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    path = tmp_path / "a.zip"
    path.write_bytes(bytes(data))
    assert codes(collect(path, tmp_path / "s")) == {"a.png": "encrypted_zip", "ok.png": None}


def test_a_damaged_member_is_refused_and_the_others_are_kept(tmp_path):
    data = bytearray(zipped({"a.png": PNG, "ok.png": PNG}, compression=zipfile.ZIP_STORED))
    data[data.find(PNG) + 20] ^= 0xFF
    path = tmp_path / "a.zip"
    path.write_bytes(bytes(data))
    assert codes(collect(path, tmp_path / "s")) == {"a.png": "damaged_file", "ok.png": None}


def test_members_of_the_same_name_are_told_apart(tmp_path):
    path = tmp_path / "a.zip"
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.png", PNG)
        archive.writestr("a.png", PNG + b"2")
        archive.writestr("A.PNG", PNG)
    found = collect(path, tmp_path / "s")
    assert [one.name for one in found] == ["a.png", "a (2).png", "A (3).PNG"]
    assert [one.path.read_bytes() for one in found] == [PNG, PNG + b"2", PNG]


def test_a_zip_cut_short_and_an_empty_one_are_refused(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "cut.zip").write_bytes(zipped({"a.png": PNG})[:40])
    (tmp_path / "in" / "none.zip").write_bytes(zipped({}))
    assert codes(collect(tmp_path / "in", tmp_path / "s")) == {"cut.zip": "damaged_file", "none.zip": "no_pages"}


def test_an_office_file_is_not_taken_for_a_zip(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}))
    assert collect(path, tmp_path / "s") == [Submission(".", "a.docx", path)]


@pytest.mark.parametrize("coding", ["utf-8", "cp1258"])
def test_a_vietnamese_name_without_the_utf8_flag_is_read(coding):
    written = "Hồ sơ đất.pdf" if coding == "utf-8" else "Hô\u0300 sơ đâ\u0301t.pdf"
    info = zipfile.ZipInfo()
    info.filename = info.orig_filename = written.encode(coding).decode("cp437")
    assert member_name(info) == "Hồ sơ đất.pdf"


@given(st.text(max_size=300))
def test_a_safe_name_is_one_component_that_fits(name):
    safe = safe_name(name)
    assert safe
    assert safe not in (".", "..")
    assert not leads_outside(safe)
    assert not set(safe) & set('/\\\0:*?"<>|')
    assert len(safe.encode()) <= 200
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("../../x.pdf", "x.pdf"),
        ("Hồ sơ.pdf", "Hồ sơ.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("...", "tài liệu"),
        ("", "tài liệu"),
    ],
)
def test_names_keep_their_letters_and_lose_what_misleads(given_name, safe):
    assert safe_name(given_name) == safe
