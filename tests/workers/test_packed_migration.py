"""Old scans with what other programs know of them, packed: a ZIP is what the folder is that it holds."""

from __future__ import annotations

import pickle
import stat
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pebble import ProcessExpired

from pipeline.batches import parcels
from pipeline.batches.handing import Shelf, Wanted, survey_shelf
from pipeline.batches.hot_folder import DONE, REASON, REJECTED, HotFolder
from pipeline.batches.packages import find_packages
from pipeline.batches.parcels import has_packages
from pipeline.batches.runs import try_out
from pipeline.batches.watch import Intray
from pipeline.batches.words_along import PoolOpener
from pipeline.custody.foreign_texts import ForeignTexts
from pipeline.domain.batches import BatchFile, BatchState, FileState, Handling
from pipeline.domain.documents import Document, Status
from pipeline.foreign import Kind, kind_by
from pipeline.intake import Bounds
from pipeline.verification import Report, verify
from storage.catalogue import SqlCatalogue
from tests.batch_office import BatchOffice
from tests.foreign_files import OCROPUS_HOCR, TESSERACT_HOCR, alto, kitodo, picture
from tests.migration_office import MigrationOffice

TYPES = {"quyet_dinh": "Quyết định"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[MigrationOffice]:
    with closing(SqlCatalogue("sqlite://")) as catalogue:
        yield MigrationOffice(tmp_path, catalogue)


def pack(target: Path, *folders: Path, **members: bytes) -> Path:
    """A ZIP of what lies in the folders, without their own names, and of these members."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in folders:
            for file in sorted((file for file in folder.rglob("*") if file.is_file()), reverse=True):
                archive.write(file, str(file.relative_to(folder)))
        for name, data in members.items():
            archive.writestr(name, data)
    return target


def documents(office: BatchOffice) -> list[Document]:
    return list(office.catalogue.walk(limit=1000))


def faces(office: BatchOffice) -> list[tuple[str, str, int, str]]:
    """What all documents are, by dossier and name."""
    return sorted((one.dossier, one.source.name, one.source.pages, one.source.sha256) for one in documents(office))


def taken(files: list[BatchFile]) -> list[tuple[str, str, str, FileState, str]]:
    return sorted((file.dossier, file.name, file.sha256, file.state, file.code) for file in files)


def rejected(files: list[BatchFile]) -> dict[str, str]:
    return {f"{file.dossier}/{file.name}": file.code for file in files if file.state is FileState.REJECTED}


def kho(folder: Path) -> Path:
    """Packages of all kinds, one of them with a fault, and a file that belongs to none."""
    kitodo(folder / "hop1", pages=3)
    kitodo(folder / "sau" / "hop2", mark="Tờ")
    (folder / "sau" / "hop2" / "ocr/alto/00000002.xml").unlink()
    image = picture(folder / "hop3" / "scan" / "ảnh.png", "ba")
    (folder / "hop3" / "alto").mkdir()
    (folder / "hop3" / "alto" / "ảnh.xml").write_text(alto(), encoding="utf-8")
    image.with_name("b.png").write_bytes(picture(folder / "x.png", "khác").read_bytes())
    image.with_name("b.hocr").write_text(TESSERACT_HOCR.format(image="b.png"), encoding="utf-8")
    for name in ("1.png", "2.png"):
        picture(folder / "hop4" / name, name)
    (folder / "hop4" / "sach.html").write_text(OCROPUS_HOCR.format(first="1.png", second="2.png"), encoding="utf-8")
    return folder


def test_a_zip_becomes_what_the_folder_becomes_that_it_holds(office: MigrationOffice, tmp_path: Path) -> None:
    folder = kho(tmp_path / "kho")
    with closing(SqlCatalogue("sqlite://")) as catalogue:
        (tmp_path / "other").mkdir()
        other = MigrationOffice(tmp_path / "other", catalogue)
        loose = list(other.runner.take_in(other.open(Handling()), other.shelf(folder)))
        assert other.finish().state is BatchState.DONE
        wanted, wanted_files = faces(other), taken(loose)
    packed = pack(tmp_path / "gui" / "kho.zip", folder)
    files = list(office.runner.take_in(office.open(Handling()), office.shelf(packed)))
    assert office.finish().state is BatchState.DONE
    assert taken(files) == wanted_files
    assert faces(office) == wanted
    assert rejected(files) == {"sau/hop2/meta.xml": "broken_package"}
    assert {file.path for file in files if file.dossier == "hop1"} == {f"{packed}/hop1/meta.xml"}
    made = {one.source.name: one for one in documents(office)}
    assert {"meta-001.pdf", "meta-002.tif", "ảnh.png", "b.png", "sach.pdf", "x.png"} == set(made)
    texts = ForeignTexts(office.store)
    assert all(texts.of(made[name].source.sha256) is not None for name in made if name != "x.png")
    office.ports.auditing.seal()
    assert not list(verify(office.store, office.catalogue, office.folder, Report()))


def test_words_of_a_packed_paper_are_kept_where_that_is_asked_for(office: MigrationOffice) -> None:
    kitodo(office.folder / "hop1")
    pack(office.scans / "hop1.zip", office.folder / "hop1")
    office.take_in(Handling(keep_text=True))
    office.finish()
    (document,) = documents(office)
    assert (document.dossier, document.status) == ("scans", Status.NEEDS_REVIEW)
    assert sorted(office.pictures.taken_over) == [1, 2]


def test_zips_in_zips_are_looked_into_and_share_what_may_be_unpacked(office: MigrationOffice) -> None:
    inner = pack(office.folder / "trong.zip", kitodo(office.folder / "hop1").parent)
    outer = pack(office.folder / "ngoai.zip", **{"a/hop1.zip": inner.read_bytes()})
    found = list(office.shelf(outer).files(office.folder / "s1"))
    assert [(given.dossier, given.name, given.error) for given in found] == [("a", "meta.xml", None)]
    assert found[0].shown == f"{outer}/a/hop1.zip/meta.xml"
    narrow = Bounds(max_nesting=1)
    (refused,) = Shelf(Wanted((outer,)), narrow).files(office.folder / "s2")
    assert refused.error is not None
    assert refused.error.code == "zip_too_deep"
    assert has_packages([outer], Bounds())
    assert not has_packages([outer], narrow)


@pytest.mark.parametrize("member", ["../../hop1/images/master/00000001.tif", "/etc/00000001.tif", "C:\\00000001.tif"])
def test_a_hostile_member_is_refused_and_leads_nowhere(office: MigrationOffice, tmp_path: Path, member: str) -> None:
    kitodo(tmp_path / "hop1")
    picture(tmp_path / "tot" / "tot.png")
    lost = (tmp_path / "hop1/images/master/00000001.tif").rename(tmp_path / "00000001.tif")
    packed = pack(tmp_path / "x.zip", tmp_path / "hop1", tmp_path / "tot", **{member: lost.read_bytes()})
    before = {path for path in tmp_path.rglob("*") if not path.is_relative_to(office.folder)}
    codes = rejected(list(office.runner.take_in(office.open(Handling()), office.shelf(packed))))
    assert sorted(codes.values()) == ["broken_package", "unsafe_name"]
    assert {path for path in tmp_path.rglob("*") if not path.is_relative_to(office.folder)} == before
    office.finish()
    assert [one.source.name for one in documents(office) if one.status is not Status.REJECTED] == ["tot.png"]


def test_links_litter_names_without_end_and_deep_folders_do_no_harm(office: MigrationOffice, tmp_path: Path) -> None:
    packed = pack(tmp_path / "x.zip", kitodo(tmp_path / "hop1").parent)
    link = zipfile.ZipInfo("images/master/00000009.tif")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    data = picture(tmp_path / "y.png", "y").read_bytes()
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("__MACOSX/._meta.xml", "<mets")
        archive.writestr(".an/meta.xml", (tmp_path / "hop1/meta.xml").read_bytes())
        archive.writestr("d/" * 400 + "sau.png", data)
        archive.writestr("n" * 300 + ".png", data)
        archive.writestr("meta.xml/trong.png", data)
        archive.writestr("META.xml", "<khac/>")
    found = {given.name[:8]: given for given in office.shelf(packed).files(tmp_path / "s")}
    assert set(found) == {"meta.xml", "00000009", "sau.png", "n" * 8, "trong.pn", "META.xml"}
    assert found["meta.xml"].package is not None
    assert found["meta.xml"].error is None
    assert [one.name[:8] for one in found.values() if one.error] == ["00000009"]
    assert found["sau.png"].paths[0].read_bytes() == data


def test_a_zip_that_asks_for_too_much_or_a_password_is_refused_as_ever(office: MigrationOffice, tmp_path: Path) -> None:
    packed = pack(tmp_path / "x.zip", kitodo(tmp_path / "hop1").parent)
    for bounds, code in (
        (Bounds(max_zip_members=3), "zip_too_many_members"),
        (Bounds(max_unpacked_bytes=10_000), "zip_too_large"),
        (Bounds(max_file_bytes=1_000), "too_large"),
    ):
        (only,) = Shelf(Wanted((packed,)), bounds).files(tmp_path / code)
        assert only.error is not None
        assert (only.name, only.error.code) == ("x.zip", code)
    data = bytearray(packed.read_bytes())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    data[6] |= 1
    packed.write_bytes(bytes(data))
    codes = rejected(list(office.runner.take_in(office.open(Handling()), office.shelf(packed))))
    assert set(codes.values()) == {"encrypted_zip", "broken_package"}
    (tmp_path / "cut.zip").write_bytes(bytes(data[:5_000]))
    assert not has_packages([tmp_path / "cut.zip"], Bounds())


def test_a_zip_without_packages_is_unpacked_member_by_member(office: MigrationOffice, tmp_path: Path) -> None:
    for name in ("1.png", "2.png", "3.png"):
        picture(tmp_path / "anh" / name, name)
    (tmp_path / "anh" / "ghi-chu.xml").write_text("<ghi/>", encoding="utf-8")
    packed = pack(tmp_path / "x.zip", tmp_path / "anh")
    assert not has_packages([packed, tmp_path / "anh"], Bounds())
    files = office.shelf(packed).files(tmp_path / "s")
    assert next(files).name == "ghi-chu.xml"
    assert len([path for path in (tmp_path / "s").rglob("*") if path.is_file()]) == 1
    assert [given.name for given in files] == ["3.png", "2.png", "1.png"]


def test_packages_in_zips_are_found_without_unpacking_any(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = pack(tmp_path / "in" / "x.zip", kitodo(tmp_path / "hop1").parent)
    monkeypatch.setattr(parcels, "unpack", lambda *_: pytest.fail("unpacked"))
    assert has_packages([packed], Bounds())
    assert has_packages([tmp_path / "in"], Bounds())
    assert not has_packages([picture(tmp_path / "a.png")], Bounds())


def test_after_a_kill_it_goes_on_and_the_same_zip_is_the_same_papers(office: MigrationOffice, tmp_path: Path) -> None:
    packed = pack(tmp_path / "kho.zip", kho(tmp_path / "kho"))
    begun = office.runner.take_in(office.open(Handling()), office.shelf(packed))
    first = [next(begun) for _ in range(3)]
    begun.close()
    files = list(office.runner.take_in(office.open(Handling()), office.shelf(packed)))
    assert [file.number for file in files[:3]] == [file.number for file in first]
    office.finish()
    made = faces(office)
    again = list(office.runner.take_in(office.catalogue.batches.batch("B1"), office.shelf(packed)))
    assert [file.number for file in again] == [file.number for file in files]
    office.finish()
    assert faces(office) == made
    batch = office.catalogue.batches.batch("B1")
    trials = list(try_out(office.shelf(packed), batch, office.ports, office.runner.bench, lambda *_: ""))
    assert [(one.given.name, one.error is None) for one in trials] == [(file.name, not file.code) for file in files]


def test_a_mended_zip_is_taken_at_the_next_try(office: MigrationOffice, tmp_path: Path) -> None:
    mets = kitodo(tmp_path / "hop1")
    text = (mets.parent / "ocr/alto/00000002.xml").read_bytes()
    (mets.parent / "ocr/alto/00000002.xml").unlink()
    pack(office.scans / "hop1.zip", tmp_path / "hop1")
    assert rejected(office.take_in(Handling())) == {"scans/meta.xml": "broken_package"}
    batch = office.catalogue.batches.batch("B1")
    (same,) = office.runner.take_repaired(batch, office.shelf())
    assert same.code == "unchanged"
    (mets.parent / "ocr/alto/00000002.xml").write_bytes(text)
    pack(office.scans / "hop1.zip", tmp_path / "hop1")
    (file,) = office.runner.take_repaired(batch, office.shelf())
    assert (file.name, file.state) == ("meta.xml", FileState.PLANNED)


def test_a_list_in_a_zip_is_gone_by_or_holds_the_whole_zip_back(tmp_path: Path) -> None:
    for name in ("1.png", "2.png"):
        picture(tmp_path / "kho" / "hop1" / name, name)
    list_file = tmp_path / "kho" / "muc-luc.csv"
    list_file.write_text("tệp;mã hồ sơ;loại\nhop1/1.png;H49-1;Quyết định\n", encoding="utf-8")
    (tmp_path / "kho" / "__MACOSX").mkdir()
    (tmp_path / "kho" / "__MACOSX" / "._1.png").write_bytes(b"\0")
    (tmp_path / "all").mkdir()
    (tmp_path / "kho").rename(tmp_path / "all" / "kho")
    packed = pack(tmp_path / "x.zip", tmp_path / "all")
    shelf = survey_shelf(Wanted((packed,)), Bounds(), TYPES)
    found = [(given.dossier, given.name, given.type) for given in shelf.files(tmp_path / "s1")]
    assert found == [("H49-1", "1.png", "quyet_dinh"), ("kho/hop1", "2.png", "")]
    (tmp_path / "all/kho/muc-luc.csv").write_text("tệp\nhop1/9.png\n", encoding="utf-8")
    packed = pack(tmp_path / "x.zip", tmp_path / "all")
    (only,) = survey_shelf(Wanted((packed,)), Bounds(), TYPES).files(tmp_path / "s2")
    assert only.error is not None
    assert (only.name, only.paths, only.error.code) == ("x.zip", (packed,), "faulty_list")
    assert "Dòng 2: không thấy tệp “hop1/9.png”" in (only.error.advice or "")


def test_a_zip_that_nobody_gets_through_is_refused_alone(office: MigrationOffice, tmp_path: Path) -> None:
    packed = pack(office.scans / "x.zip", kitodo(tmp_path / "hop1").parent)
    picture(office.scans / "tot.png")

    class Killed:
        def submit(self, function: object, *_: object) -> Future[object]:
            assert function is find_packages
            future: Future[object] = Future()
            future.set_exception(ProcessExpired("out of memory"))
            return future

    office.real.find = PoolOpener(Killed()).find  # type: ignore[method-assign, arg-type]
    files = office.take_in(Handling())
    assert rejected(files) == {"scans/x.zip": "hostile_xml"}
    assert [file.path for file in files] == [str(office.scans / "tot.png"), str(packed)]


def test_what_is_found_comes_from_other_processes_as_it_is(tmp_path: Path) -> None:
    kho(tmp_path / "kho")
    finds = find_packages([tmp_path / "kho"])
    again = pickle.loads(pickle.dumps(finds))
    assert list(again.packages) == list(finds.packages)
    assert again.taken == finds.taken
    told = {one.name: one.error.advice for packages in again.packages.values() for one in packages if one.error}
    assert told == {"meta.xml": next(p.error.advice for (p, *_) in finds.packages.values() if p.error)}


class Hot:
    """A watched folder over an installation that opens real files."""

    def __init__(self, office: MigrationOffice) -> None:
        self.office = office
        self.root = office.folder / "nóng"
        self.root.mkdir()
        tray = Intray(self.root, office.runner, Handling(), TYPES)
        self.folder = HotFolder(self.root, tray.hand_in, office.clock, tray.today)
        self.today = tray.today

    def poll(self) -> list[str]:
        found = []
        for _ in range(2):
            self.office.clock.advance(timedelta(seconds=6))
            found += [handled.name for handled in self.folder.poll()]
        return found

    def reason(self, name: str) -> str:
        return (self.root / REJECTED / f"{name}{REASON}").read_text(encoding="utf-8")


def test_a_package_dropped_as_a_zip_becomes_papers_with_their_words(office: MigrationOffice, tmp_path: Path) -> None:
    hot = Hot(office)
    whole = pack(tmp_path / "hop1.zip", kitodo(tmp_path / "hop1", pages=3).parent).read_bytes()
    growing = hot.root / "hop1.zip"
    growing.write_bytes(whole[: len(whole) // 2])
    assert hot.poll() == []
    growing.write_bytes(whole)
    assert hot.poll() == ["hop1.zip"]
    assert [path.name for path in (hot.root / DONE).iterdir()] == ["hop1.zip"]
    office.finish(hot.today())
    made = faces(office)
    assert [(dossier, name, pages) for dossier, name, pages, _ in made] == [
        ("hop1", "meta-001.pdf", 2),
        ("hop1", "meta-002.tif", 1),
    ]
    assert all(ForeignTexts(office.store).of(one.source.sha256) is not None for one in documents(office))
    growing.write_bytes(whole)
    assert hot.poll() == ["hop1.zip"]
    office.finish(hot.today())
    assert faces(office) == made


def test_a_dropped_package_with_a_fault_lies_beside_the_reason_and_the_others_are_taken(
    office: MigrationOffice, tmp_path: Path
) -> None:
    hot = Hot(office)
    pack(hot.root / "kho.zip", kho(tmp_path / "kho"))
    assert hot.poll() == ["kho.zip"]
    told = hot.reason("kho.zip")
    assert "Lý do: sau/hop2/meta.xml: Trang 2: không thấy tệp “ocr/alto/00000002.xml”" in told
    assert "Các tệp còn lại (6) đã được nhận." in told


@pytest.mark.parametrize("name", ["meta.xml", "trang.xml", "trang.hocr"])
def test_what_tells_of_scans_and_is_dropped_without_them_says_to_pack_both(
    office: MigrationOffice, tmp_path: Path, name: str
) -> None:
    hot = Hot(office)
    texts = {
        "meta.xml": kitodo(tmp_path / "hop1").read_text(encoding="utf-8"),
        "trang.xml": alto(),
        "trang.hocr": TESSERACT_HOCR.format(image="trang.png"),
    }
    (hot.root / name).write_text(texts[name], encoding="utf-8")
    assert hot.poll() == [name]
    told = hot.reason(name)
    assert "Mã lỗi: package_apart" in told
    assert "nén cả thư mục" in told


@pytest.mark.parametrize("filler", [b"<?", b"<!--", b"<!DOCTYPE[", b"<a", b"<"])
def test_the_kind_of_a_file_is_told_though_its_beginning_never_ends(filler: bytes) -> None:
    assert kind_by("a.xml", filler * (65_536 // len(filler))) is None
    assert kind_by("a.xml", b"<?xml version='1.0'?><!-- <alto > --><!DOCTYPE m [<!ENTITY a 'b'>]><m:mets ") is Kind.METS
