"""What a reader of the PDF is told beyond its pages: tags in reading order, outline, labels, metadata from the findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from pipeline.composition import Part, PdfMetadata, compose, compress, describe_contents, parts_of
from pipeline.composition.structure import page_words, render_labels
from pipeline.domain.documents import Source
from pipeline.domain.findings import Classification, Component, Evidence, Field, Findings
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, LineRole, PageImage, PageOrigin, PageReading, PageText, ScannedPage, UnreadPage, Word

METADATA = PdfMetadata("Hồ sơ", created=datetime(2026, 3, 1, tzinfo=UTC))
TITLES = {"quyet_dinh": "Quyết định", "to_trinh": "Tờ trình"}
PICTURE = compress(ScannedPage(PageImage(1, np.full((600, 400), 255, np.uint8), 100.0)), "nd30").picture


def line(text: str, top: float, block: int = 0, role: LineRole = LineRole.BODY) -> Line:
    words = (Word(word, Box(20 + 60 * place, top, 70 + 60 * place, top + 20), 0.9) for place, word in enumerate(text.split()))
    return Line(tuple(words), block, role)


def page(number: int, *lines: Line) -> PageReading:
    return PageReading(number, 400, 600, 100.0, PageText(number, lines, "test"), PageOrigin.OCR)


def found(code: str, **values: str) -> Findings:
    return Findings(Classification(code, 0.9), tuple(Field(key, value, value, 0.9) for key, value in values.items()))


def composed(folder: Path, pages: list[PageReading], parts: tuple[Part, ...] = ()) -> pikepdf.Pdf:
    compose([(PICTURE, reading) for reading in pages], METADATA, folder / "a.pdf", parts)
    return pikepdf.open(folder / "a.pdf")


def leaves(branch: pikepdf.Object) -> list[pikepdf.Object]:
    return list(branch.K)


def test_a_screen_reader_goes_through_the_blocks_in_reading_order(tmp_path):
    lines = (
        line("QUYẾT ĐỊNH", 50),
        line("Điều 1.", 90, 1),
        line("Ban hành", 120, 1),
        line("ĐẾN", 20, 2, LineRole.INCOMING_STAMP),
    )
    with composed(tmp_path, [page(1, *lines), page(2, line("Điều 2.", 50))]) as pdf:
        document = pdf.Root.StructTreeRoot.K
        (part,) = document.K
        assert (str(document.S), str(part.S), str(part["/T"])) == ("/Document", "/Part", "Hồ sơ")
        tags = [(str(leaf.S), leaf.Pg == pdf.pages[0].obj, int(leaf.K)) for leaf in leaves(part)]
        assert tags == [("/P", True, 0), ("/P", True, 1), ("/P", True, 2), ("/P", False, 0)]
        assert str(leaves(part)[2]["/T"]) == "Dấu công văn đến"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert [str(sheet.obj.Tabs) for sheet in pdf.pages] == ["/S", "/S"]


def test_every_marked_piece_leads_back_to_its_tag(tmp_path):
    with composed(tmp_path, [page(1, line("một", 50), line("hai", 90, 1)), page(2, line("ba", 50))]) as pdf:
        parents = pdf.Root.StructTreeRoot.ParentTree.Nums
        for number, sheet in enumerate(pdf.pages, 1):
            row = parents[2 * int(sheet.obj.StructParents) + 1]
            marks = [int(op.operands[1].MCID) for op in pikepdf.parse_content_stream(sheet) if str(op.operator) == "BDC"]
            assert marks == list(range(len(row))), number
            assert [int(leaf.K) for leaf in row] == marks
        assert int(pdf.Root.StructTreeRoot.ParentTreeNextKey) == len(pdf.pages)


def test_the_picture_is_no_text_but_speaks_where_there_is_no_other(tmp_path):
    unread = PageReading(2, 400, 600, 100.0, UnreadPage(2, "page_timeout"), PageOrigin.UNREAD)
    with composed(tmp_path, [page(1, line("một", 50)), unread, replace(page(3), blank=True)]) as pdf:
        begun = [next(pikepdf.parse_content_stream(sheet).__iter__()) for sheet in pdf.pages]
        assert [str(op.operands[0]) for op in begun] == ["/Artifact", "/Figure", "/Artifact"]
        (part,) = pdf.Root.StructTreeRoot.K.K
        assert [str(leaf.get("/Alt", "")) for leaf in leaves(part)] == ["", "Ảnh của trang 2"]
        assert "/StructParents" not in pdf.pages[2]


def test_each_document_of_a_file_has_an_entry_and_pages_of_its_own(tmp_path):
    parts = (Part("Tờ trình số 1", (1, 2)), Part("Quyết định số 2", (3,)))
    with composed(tmp_path, [page(n, line("một", 50)) for n in (1, 2, 3)], parts) as pdf:
        with pdf.open_outline() as outline:
            assert [entry.title for entry in outline.root] == ["Tờ trình số 1 (trang 1–2)", "Quyết định số 2 (trang 3)"]
            assert outline.root[1].destination[0] == pdf.pages[2].obj
        assert [sheet.label for sheet in pdf.pages] == ["1.1", "1.2", "2.1"]
        assert str(pdf.Root.PageMode) == "/UseOutlines"
        assert [len(part.K) for part in pdf.Root.StructTreeRoot.K.K] == [2, 1]


def test_the_only_document_is_counted_by_its_pages(tmp_path):
    with composed(tmp_path, [page(n, line("một", 50)) for n in (1, 2)]) as pdf:
        assert [sheet.label for sheet in pdf.pages] == ["1", "2"]
        with pdf.open_outline() as outline:
            assert [entry.title for entry in outline.root] == ["Hồ sơ (trang 1–2)"]


@pytest.mark.parametrize(
    ("parts", "rows"),
    [
        ((Part("a", (1, 3)), Part("b", (2,))), ["0 1.1", "1 2.1", "2 1.2"]),
        ((Part("a", (2,)), Part("b", (3,))), ["0 1.1", "1 1.1", "2 2.1"]),
    ],
)
def test_labels_follow_documents_that_lie_among_each_other_or_late(parts, rows):
    labels = render_labels(parts, 3)["Nums"]
    assert [f"{at} {how['P']}{how['St']}" for at, how in zip(labels[::2], labels[1::2], strict=True)] == rows


def test_pages_are_named_in_runs():
    assert page_words((1, 2, 3, 5, 7, 8)) == "trang 1–3, 5, 7–8"


def test_titles_are_made_of_type_number_and_subject():
    findings = found("quyet_dinh", so_ky_hieu="717/QĐ-UBND", trich_yeu="Công nhận kết quả")
    (part,) = parts_of(findings, [page(1), page(2)], TITLES, "a.pdf")
    assert (part.title, part.pages) == ("Quyết định số 717/QĐ-UBND: Công nhận kết quả", (1, 2))
    (plain,) = parts_of(found("khac"), [page(1)], TITLES, "a.pdf")
    assert plain.title == "a.pdf"


def test_long_titles_end_between_two_words():
    findings = found("quyet_dinh", trich_yeu="phê duyệt " * 60)
    (part,) = parts_of(findings, [page(1)], TITLES, "a.pdf")
    assert len(part.title) <= 181
    assert part.title.endswith(("phê…", "duyệt…"))


def test_type_and_subject_are_headings(tmp_path):
    reading = page(1, line("QUYẾT ĐỊNH", 50), line("Về việc công", 80), line("Điều 1.", 120))
    findings = replace(
        found("quyet_dinh"), fields=(Field("trich_yeu", "công", "công", 0.9, (Evidence(1, Box(20, 78, 260, 102)),)),)
    )
    parts = parts_of(findings, [reading], TITLES, "a.pdf")
    with composed(tmp_path, [reading], parts) as pdf:
        (part,) = pdf.Root.StructTreeRoot.K.K
        assert [str(leaf.S) for leaf in leaves(part)] == ["/H1", "/P"]


def test_metadata_tell_what_was_found_and_where_it_comes_from(tmp_path):
    source = Source("đơn.pdf", "ab" * 32, 10, "application/pdf", 2)
    first = found("to_trinh", so_ky_hieu="1/TTr", trich_yeu="Xin", co_quan_ban_hanh="SỞ TƯ PHÁP", ngay_ban_hanh="2025-01-06")
    findings = replace(
        first,
        components=(Component((1,), first), Component((2,), found("quyet_dinh", so_ky_hieu="2/QĐ"))),
        dossier_code="H05-1",
    )
    parts = parts_of(findings, [page(1), page(2)], TITLES, source.name)
    metadata = describe_contents(source, findings, parts, TITLES, METADATA.created)
    compose([(PICTURE, page(1)), (PICTURE, page(2))], metadata, tmp_path / "a.pdf", parts)
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        xmp, info = pdf.open_metadata(), pdf.docinfo
        assert xmp["dc:title"] == str(info["/Title"]) == "Tờ trình số 1/TTr: Xin và 1 tài liệu khác"
        assert xmp["dc:creator"] == [str(info["/Author"])] == ["SỞ TƯ PHÁP"]
        assert xmp["pdf:Keywords"] == str(info["/Keywords"]) == "Tờ trình, Quyết định, 1/TTr, 2/QĐ"
        assert xmp["dc:identifier"] == "sha256:" + "ab" * 32
        packet = pdf.Root.Metadata.read_bytes().decode()
    assert "<stRef:documentID>sha256:abab" in packet
    assert "<sohoa:DocumentType>to_trinh<" in packet
    assert "<sohoa:SourceName>đơn.pdf<" in packet
    assert "<dc:date><rdf:Seq><rdf:li>2025-01-06<" in packet
