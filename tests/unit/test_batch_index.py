"""The list beside the scans: what it says, and what is wrong with it, told by line before any work starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.batches.handing import Wanted, survey_shelf
from pipeline.batches.index import FaultyIndexError, find_index, read_index
from pipeline.intake import Bounds

TYPES = {"quyet_dinh": "Quyết định", "giay_khai_sinh": "Giấy khai sinh"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.pdf", "b.pdf", "trong/c.pdf", "c sau.pdf"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"[]")
    return tmp_path


def write(folder: Path, text: str, coding: str = "utf-8-sig") -> Path:
    path = folder / "muc-luc.csv"
    path.write_bytes(text.encode(coding))
    return path


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_list_tells_dossier_type_and_owner_of_each_file(folder: Path, coding: str, mark: str) -> None:
    lines = [("Tệp", "Mã hồ sơ", "Loại", "Chủ sở hữu"), ("a.pdf", "H49.01", "Quyết định", "Trần Văn Bình"), ("trong/c.pdf",)]
    path = write(folder, "\r\n".join(mark.join(line) for line in lines), coding)
    found = read_index(path, folder, TYPES)
    told = found[(folder / "a.pdf").resolve()]
    assert (told.dossier, told.type, told.owner) == ("H49.01", "quyet_dinh", "Trần Văn Bình")
    assert found[(folder / "trong/c.pdf").resolve()].line == 3


def test_a_workbook_serves_as_well(folder: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["ten_tep", "ma_ho_so", "loai"], ["a.pdf", 490124.0, "giay_khai_sinh"], [None, None, None]):
        book.active.append(row)
    book.save(folder / "index.xlsx")
    path = find_index(folder)
    assert path is not None
    told = read_index(path, folder, TYPES)[(folder / "a.pdf").resolve()]
    assert (told.dossier, told.type) == ("490124", "giay_khai_sinh")


def test_everything_that_is_wrong_is_told_by_line(folder: Path) -> None:
    lines = ("tep,ma ho so,loai", "a.pdf,H1,Quyết định", "a.pdf,H1,", ",H1,", "x.pdf,,", "../b.pdf,,", "b.pdf,a/../b,Giấy lạ")
    with pytest.raises(FaultyIndexError) as raised:
        read_index(write(folder, "\n".join(lines)), folder, TYPES)
    assert [fault.partition(":")[0] for fault in raised.value.faults] == [
        "Dòng 3", "Dòng 4", "Dòng 5", "Dòng 6", "Dòng 7", "Dòng 7",
    ]  # fmt: skip
    assert "đã ghi ở dòng 2" in raised.value.faults[0]
    assert "không có loại giấy tờ “Giấy lạ”" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Mục lục rỗng"),
        ("tep,mau\na.pdf,đỏ", "không hiểu cột “mau”"),
        ("ma ho so\nH1", "thiếu cột “tệp”"),
        ("tep,tep\na.pdf,b.pdf", "có hai lần"),
        ("tep,loai\n", "không có tệp nào"),
    ],
)
def test_a_list_that_says_nothing_is_no_list(folder: Path, text: str, told: str) -> None:
    with pytest.raises(FaultyIndexError, match=told):
        read_index(write(folder, text), folder, TYPES)


def test_what_is_no_workbook_is_told_of(folder: Path) -> None:
    path = folder / "index.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(FaultyIndexError, match="Không mở được tệp XLSX"):
        read_index(path, folder, TYPES)


def test_the_list_itself_and_backs_are_no_papers_of_their_own(folder: Path) -> None:
    write(folder, "tep,mat sau\ntrong/c.pdf,\na.pdf,c sau.pdf\n")
    shelf = survey_shelf(Wanted((folder,)), Bounds(), TYPES)
    found = {given.name: [path.name for path in given.paths] for given in shelf.files(folder / "scratch")}
    assert found == {"a.pdf": ["a.pdf", "c sau.pdf"], "b.pdf": ["b.pdf"], "c.pdf": ["c.pdf"]}


def test_backs_may_lie_in_another_folder_under_the_same_name(folder: Path) -> None:
    (folder / "sau").mkdir()
    (folder / "sau/a.pdf").write_bytes(b"[]")
    write(folder, "tep,mat sau\na.pdf,sau/a.pdf\n")
    shelf = survey_shelf(Wanted((folder,)), Bounds(), TYPES)
    pairs = [[str(path.relative_to(folder)) for path in given.paths] for given in shelf.files(folder / "scratch")]
    assert pairs == [["a.pdf", "sau/a.pdf"], ["b.pdf"], ["c sau.pdf"], ["trong/c.pdf"]]


def test_a_list_without_its_folder_is_refused(folder: Path) -> None:
    path = write(folder, "tep\na.pdf\n")
    with pytest.raises(FaultyIndexError, match="cả thư mục"):
        survey_shelf(Wanted((folder / "a.pdf",), index=path), Bounds(), TYPES)
