"""Old scans with what other programs know of them: taken in, read or taken over, proven, erased."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pikepdf
import pytest

from pipeline import archive
from pipeline.batches.accounts import lines_of
from pipeline.batches.runs import Trial, try_out
from pipeline.custody.erasing import Erasing
from pipeline.custody.foreign_texts import ForeignTexts
from pipeline.domain.batches import BatchFile, BatchState, FileState, Handling
from pipeline.domain.documents import Document, Status
from pipeline.domain.foreign import FOREIGN_TEXT, MOST_SURE
from pipeline.verification import Report, verify
from storage.catalogue import SqlCatalogue
from tests.foreign_files import OCROPUS_HOCR, TESSERACT_HOCR, alto, kitodo, picture
from tests.migration_office import MigrationOffice

KEPT = Handling(keep_text=True)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[MigrationOffice]:
    with closing(SqlCatalogue("sqlite://")) as catalogue:
        yield MigrationOffice(tmp_path, catalogue)


def documents(office: MigrationOffice) -> list[Document]:
    return list(office.catalogue.walk(limit=1000))


def trials(office: MigrationOffice) -> list[Trial]:
    batch = office.open(Handling())
    return list(try_out(office.shelf(), batch, office.ports, office.runner.bench, lambda *_: ""))


def proven(office: MigrationOffice) -> bool:
    office.ports.auditing.seal()
    return not list(verify(office.store, office.catalogue, office.folder, Report()))


def rejected(files: list[BatchFile]) -> dict[str, str]:
    return {file.name: f"{file.code}: {file.message}" for file in files if file.state is FileState.REJECTED}


def test_a_package_becomes_the_papers_that_its_catalogue_tells_of(office: MigrationOffice) -> None:
    kitodo(office.scans / "hop1", pages=3)
    files = office.take_in(Handling())
    assert rejected(files) == {}
    assert office.finish().state is BatchState.DONE
    made = documents(office)
    assert sorted((one.source.name, one.source.pages, one.dossier) for one in made) == [
        ("meta-001.pdf", 2, "hop1"),
        ("meta-002.tif", 1, "hop1"),
    ]
    told = {one.source.name: ForeignTexts(office.store).of(one.source.sha256) for one in made}
    first, second = told["meta-001.pdf"], told["meta-002.tif"]
    assert first is not None
    assert second is not None
    assert first.declared == (("title", "Quyết định 1"), ("date", "2019-03-01"), ("identifier", "QD-1/2019"))
    assert (first.source, [page.number for page in first.pages], first.kept) == ("alto: FineReader Engine 11", [1, 2], False)
    assert second.declared[0] == ("title", "Quyết định 2")
    assert office.pictures.taken_over == []


def test_what_others_read_is_provenance_of_what_is_read_here(office: MigrationOffice) -> None:
    mets = kitodo(office.scans / "hop1")
    office.take_in(Handling())
    office.finish()
    (document,) = documents(office)
    record = office.record(document)
    (named,) = [one for one in record["inputs"] if one["name"] == archive.FOREIGN_INPUT]  # type: ignore[attr-defined]
    assert named["key"] == archive.foreign_key(document.source.sha256)
    assert [page["origin"] for page in record["pages"]] == ["ocr", "ocr"]  # type: ignore[attr-defined]
    kept = ForeignTexts(office.store).of(document.source.sha256)
    assert kept is not None
    originals = [office.store.get(archive.original_key(file.sha256)) for file in kept.files]
    assert originals[0] == mets.read_bytes()
    assert len(originals) == 3
    for image in sorted((mets.parent / "images" / "master").iterdir()):
        assert any(data == image.read_bytes() for data in office.store._objects.values())
    assert proven(office)


def test_words_that_are_kept_come_into_record_text_and_alto_and_hold_the_paper_back(office: MigrationOffice) -> None:
    kitodo(office.scans / "hop1")
    office.take_in(KEPT)
    office.finish()
    (document,) = documents(office)
    assert sorted(office.pictures.taken_over) == [1, 2]
    record = office.record(document)
    assert document.status is Status.NEEDS_REVIEW
    assert "page_foreign_text" in [one["code"] for one in record["problems"]]  # type: ignore[attr-defined]
    for page in record["pages"]:  # type: ignore[attr-defined]
        assert page["origin"] == "ocr"
        assert FOREIGN_TEXT in page["problems"]
        assert page["confidence"] <= MOST_SURE
    read = archive.parse_alto(office.store.get(archive.revision_key("hop1", document.id, 1, "alto.xml")))
    assert "717/QĐ-UBND" in read[0].text
    assert read[0].engine == "alto: FineReader Engine 11"
    (word,) = [word for word in read[0].words if word.text == "717/QĐ-UBND"]
    assert (round(word.box.left), round(word.box.top), word.confidence) == (250, 160, 0.61)
    assert proven(office)


def test_words_of_another_picture_are_not_kept(office: MigrationOffice) -> None:
    picture(office.scans / "hop1" / "a.png", size=(1754, 1240))
    (office.scans / "hop1" / "a.xml").write_text(alto(), encoding="utf-8")
    office.take_in(KEPT)
    office.finish()
    assert (office.pictures.taken_over, len(office.reader.read_pages)) == ([], 1)


def test_a_picture_and_the_words_beside_it_are_one_paper_with_the_picture_as_its_file(office: MigrationOffice) -> None:
    image = picture(office.scans / "hop1" / "scan" / "a.png")
    (office.scans / "hop1" / "alto").mkdir()
    (office.scans / "hop1" / "alto" / "a.xml").write_text(alto(version=2), encoding="utf-8")
    other = picture(office.scans / "hop1" / "scan" / "b.png", "khác")
    other.with_suffix(".hocr").write_text(TESSERACT_HOCR.format(image="b.png"), encoding="utf-8")
    assert rejected(office.take_in(Handling())) == {}
    office.finish()
    made = {one.source.name: one for one in documents(office)}
    assert set(made) == {"a.png", "b.png"}
    assert office.store.get(archive.original_key(made["a.png"].source.sha256)) == image.read_bytes()
    told = ForeignTexts(office.store).of(made["b.png"].source.sha256)
    assert told is not None
    assert told.source == "hocr: tesseract 5.3.0"
    assert proven(office)


def test_one_hocr_of_several_pictures_is_one_paper(office: MigrationOffice) -> None:
    for name in ("1.png", "2.png"):
        picture(office.scans / "hop1" / name, name)
    (office.scans / "hop1" / "sach.html").write_text(OCROPUS_HOCR.format(first="1.png", second="2.png"), encoding="utf-8")
    office.take_in(KEPT)
    office.finish()
    (document,) = documents(office)
    assert (document.source.name, document.source.pages) == ("sach.pdf", 2)
    text = office.store.get(archive.revision_key("hop1", document.id, 1, "text.txt")).decode()
    assert text.index("Hạnh phúc") < text.index("Trang hai")


def test_one_hocr_of_a_pdf_with_several_pages_goes_page_by_page(office: MigrationOffice) -> None:
    (office.scans / "hop1").mkdir()
    with pikepdf.new() as made:
        for _ in range(2):
            made.add_blank_page(page_size=(595.2, 841.92))
        made.save(office.scans / "hop1" / "sach.pdf")
    (office.scans / "hop1" / "sach.hocr").write_text(OCROPUS_HOCR.format(first="x-0.png", second="x-1.png"), encoding="utf-8")
    (trial,) = trials(office)
    assert trial.planned is not None
    assert trial.planned.words is not None
    assert [page.number for page in trial.planned.words.pages] == [1, 2]


def test_a_dry_run_tells_what_comes_along_and_keeps_nothing(office: MigrationOffice) -> None:
    kitodo(office.scans / "hop1")
    before = len(office.store._objects)
    (trial,) = trials(office)
    assert trial.planned is not None
    assert trial.planned.words is not None
    assert trial.planned.words.words == 20
    assert len(office.store._objects) - before == 1  # the batch itself, opened for the test


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (
            lambda at: (at / "ocr/alto/00000002.xml").unlink(),
            "broken_package: Trang 2: không thấy tệp “ocr/alto",
        ),
        (lambda at: (at / "images/master/00000001.tif").unlink(), "broken_package: Trang 1: không thấy tệp"),
        (lambda at: (at / "images/master/00000001.tif").write_bytes(b"II*\0"), "damaged_file: "),
        (
            lambda at: picture(at / "images/master/00000001.tif", "x"),
            "broken_package: Tệp “00000001.tif” không khớp mã kiểm",
        ),
        (lambda at: edit(at / "ocr/alto/00000001.xml", "ns-v4", "ns-v9"), "broken_package: Tệp “00000001.xml” không khớp"),
        (lambda at: edit(at / "meta.xml", 'FILEID="FILE_0001_LOCAL"', 'FILEID="FILE_X"'), "broken_package: Trang 1 nhắc đến"),
        (lambda at: edit(at / "meta.xml", "METS/", "METS/v2"), "wrong_namespace: "),
        (lambda at: edit(at / "meta.xml", "<mets:mets", "<!DOCTYPE m [<!ENTITY a 'b'>]><mets:mets"), "hostile_xml: "),
        (lambda at: edit(at / "meta.xml", "images/master", "../../../etc"), "broken_package: Trang 1: không thấy tệp"),
    ],
)
def test_packages_that_are_not_what_they_say_are_rejected_with_what_is_wrong(
    office: MigrationOffice, spoil, told: str
) -> None:
    kitodo(office.scans / "hop1")
    spoil(office.scans / "hop1")
    picture(office.scans / "hop2" / "tot.png")
    before = [trial for trial in trials(office) if trial.error]
    files = office.take_in(Handling())
    reasons = rejected(files)
    assert reasons["meta.xml"].startswith(told)
    assert [trial.error.advice or trial.error.message for trial in before if trial.given.name == "meta.xml"] == [
        reasons["meta.xml"].partition(": ")[2]
    ]
    assert "tot.png" not in reasons
    assert office.finish().state is BatchState.DONE
    line = next(line for line in lines_of("B1", office.ports) if line.file == "meta.xml")
    assert line.note == reasons["meta.xml"].partition(": ")[2]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_missing_thumbnail_does_no_harm(office: MigrationOffice) -> None:
    kitodo(office.scans / "hop1")
    (office.scans / "hop1/images/thumbs/00000001.jpg").unlink()
    assert rejected(office.take_in(Handling())) == {}


def test_addresses_on_other_machines_are_looked_for_beside_the_catalogue_and_never_fetched(office: MigrationOffice) -> None:
    mets = kitodo(office.scans / "hop1")
    edit(mets, 'href="images', 'href="https://kho.example.vn/du-lieu/images')
    edit(mets, 'href="ocr', 'href="file:///usr/local/kitodo/metadata/7/ocr')
    assert rejected(office.take_in(Handling())) == {}
    office.finish()
    assert [one.source.pages for one in documents(office)] == [2]


def test_words_without_a_picture_are_told_of(office: MigrationOffice) -> None:
    (office.scans / "hop1").mkdir()
    (office.scans / "hop1" / "lac.xml").write_text(alto(), encoding="utf-8")
    assert "không thấy ảnh" in rejected(office.take_in(Handling()))["lac.xml"].lower()


def test_a_package_taken_in_twice_is_one(office: MigrationOffice) -> None:
    kitodo(office.scans / "hop1", pages=3)
    first = office.take_in(Handling())
    again = list(office.runner.take_in(office.catalogue.batches.batch("B1"), office.shelf()))
    assert [file.number for file in again] == [file.number for file in first]
    office.finish()
    assert len(documents(office)) == 2


def test_a_mended_package_is_taken_at_the_next_try(office: MigrationOffice) -> None:
    mets = kitodo(office.scans / "hop1")
    text = (mets.parent / "ocr/alto/00000002.xml").read_bytes()
    (mets.parent / "ocr/alto/00000002.xml").unlink()
    office.take_in(Handling())
    (mets.parent / "ocr/alto/00000002.xml").write_bytes(text)
    (file,) = office.runner.take_repaired(office.catalogue.batches.batch("B1"), office.shelf())
    assert file.state is FileState.PLANNED


def test_erasing_a_paper_erases_what_others_said_of_it_and_of_no_other(office: MigrationOffice) -> None:
    mets = kitodo(office.scans / "hop1", pages=3)
    office.take_in(Handling())
    office.finish()
    first, second = sorted(documents(office), key=lambda one: one.source.name)
    texts = ForeignTexts(office.store)
    words = [(mets.parent / f"ocr/alto/0000000{number}.xml").read_bytes() for number in (1, 2, 3)]
    erasing = Erasing(office.store, office.catalogue, office.clock, archive.shipped_retention())
    erasing.erase(first.id, actor="A", reason="hết hạn", order="QĐ 1")
    assert texts.of(first.source.sha256) is None
    assert texts.of(second.source.sha256) is not None
    assert mets.read_bytes() in office.store._objects.values()
    assert proven(office)
    erasing.erase(second.id, actor="A", reason="hết hạn", order="QĐ 1")
    assert not any(data in office.store._objects.values() for data in (mets.read_bytes(), words[2]))
    assert proven(office)


def test_the_report_tells_what_the_catalogue_said(office: MigrationOffice) -> None:
    kitodo(office.scans / "hop1")
    office.take_in(Handling())
    office.finish()
    (line,) = lines_of("B1", office.ports)
    assert "Quyết định 1" in " ".join(map(str, line.cells))


def test_folders_are_looked_through_without_opening_a_picture(
    office: MigrationOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    kitodo(office.scans / "hop1")
    monkeypatch.setattr("pipeline.intake.inspect", lambda *_: pytest.fail("opened"))
    shelf = office.shelf()
    assert len(shelf.known.finds.packages) == 1
    assert len(shelf.known.finds.taken) == 7
