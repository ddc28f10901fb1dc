"""Object names, record.json and the working files between steps."""

from __future__ import annotations

import json
import string
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import archive
from pipeline.domain.documents import QueueName, Source, Status
from pipeline.domain.findings import Classification, Evidence, Field, Findings, Problem
from pipeline.domain.geometry import Box
from pipeline.domain.pages import (
    Line,
    LineRole,
    PageOrigin,
    PagePicture,
    PageReading,
    PageText,
    PictureAccount,
    PictureEncoding,
    PictureLayer,
    Quality,
    RefusedCoding,
    UnreadPage,
    Word,
)
from pipeline.ports import EngineInfo

SOURCE = Source("Quyết định.pdf", "ab" * 32, 1234, "application/pdf", pages=2, signatures=1)
WORD = Word("quyết", Box(10, 20, 90.5, 44), 0.91)
READ = PageReading(1, 2480, 3508, 300.0, PageText(1, (Line((WORD,), 2),), "tesseract"), PageOrigin.OCR, 180, -1.25)
STAMPED = replace(READ, content=PageText(1, (Line((WORD,), 2), Line((WORD,), 3, LineRole.INCOMING_STAMP)), "tesseract"))
UNREAD = PageReading(
    2, 827, 1169, 100.0, UnreadPage(2, "page_timeout", "Đọc quá lâu"), PageOrigin.UNREAD, quality=Quality("rescan", ("blur",))
)


def full_record() -> archive.Record:
    field = Field("so_ky_hieu", "717/QĐ-UBND", "717/QĐ-UBND", 0.97, (Evidence(1, Box(10, 20, 300, 60.4)),))
    recipients = Field("noi_nhan", ("Như trên", "Lưu: VT"), "- Như trên; - Lưu: VT", 0.8)
    return archive.Record(
        source=SOURCE,
        status=Status.NEEDS_REVIEW,
        problems=(Problem("unread_page", "Trang 2 chưa đọc được", None, 2),),
        findings=Findings(Classification("quyet_dinh", 0.98, (("thong_bao", 0.01),)), (field, recipients)),
        readings=(READ, UNREAD),
        pdf=archive.PdfEntry("document.pdf", "cd" * 32, 99),
        engine=EngineInfo("tesseract", "5.3.0", ("vie",)),
        document="20260105-00ff",
        dossier="H05",
        received_at="2026-01-05T08:00:00+00:00",
        created_at="2026-01-05T08:01:00+00:00",
        queue="station",
        profile="nd30",
        objects=(archive.ObjectEntry("text.txt", "ef" * 32, 12),),
    )


def schema() -> dict[str, object]:
    path = Path(archive.__file__).with_name("record.schema.json")
    loaded: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize(
    "record",
    [full_record(), archive.Record(source=SOURCE, status=Status.REJECTED, problems=(Problem("empty_file", "Tệp rỗng"),))],
)
def test_a_record_keeps_to_its_schema(record: archive.Record) -> None:
    jsonschema.validate(json.loads(archive.render_record(record)), schema())


def test_a_record_is_read_back_as_it_was_written() -> None:
    summary = archive.parse_record(archive.render_record(full_record()))
    assert summary.source == SOURCE
    assert summary.status is Status.NEEDS_REVIEW
    assert summary.type == "quyet_dinh"
    assert dict(summary.fields) == {"so_ky_hieu": "717/QĐ-UBND", "noi_nhan": "Như trên; Lưu: VT"}
    assert summary.pdf == archive.PdfEntry("document.pdf", "cd" * 32, 99)
    assert summary.engine == EngineInfo("tesseract", "5.3.0", ("vie",))


def test_boxes_of_evidence_are_whole_pixels() -> None:
    raw = json.loads(archive.render_record(full_record()))
    assert raw["fields"]["so_ky_hieu"]["evidence"] == [{"page": 1, "box": [10, 20, 300, 60]}]


def test_a_file_of_another_kind_is_no_record() -> None:
    with pytest.raises(ValueError, match=r"sohoa\.document/1"):
        archive.parse_record(b'{"schema": "something else"}')


def test_what_lies_over_a_page_is_told_with_its_box() -> None:
    record = archive.Record(source=SOURCE, status=Status.NEEDS_REVIEW, readings=(STAMPED, READ))
    raw = json.loads(archive.render_record(record))
    jsonschema.validate(raw, schema())
    stamp = {"kind": "incoming_stamp", "box": [10, 20, 90, 44], "text": "quyết"}
    assert [page["overlays"] for page in raw["pages"]] == [[stamp], []]


@pytest.mark.parametrize("reading", [READ, STAMPED, UNREAD])
def test_a_reading_survives_the_bucket(reading: PageReading) -> None:
    assert archive.decode_reading(archive.encode_reading(reading)) == reading


@given(st.binary(max_size=200), st.sampled_from(PictureEncoding), st.booleans())
def test_a_picture_survives_the_bucket(data: bytes, encoding: PictureEncoding, inverted: bool) -> None:
    picture = PagePicture(data, encoding, 10, 20, 300.0, 1, 1, inverted)
    assert archive.decode_picture(archive.encode_picture(picture)) == picture


def test_a_picture_in_layers_survives_the_bucket() -> None:
    stencil = PictureLayer(b"bits", PictureEncoding.CCITT_G4, Box(1, 2, 9, 20), 8, 18, colour=(200, 10, 20))
    paper = PictureLayer(b"", PictureEncoding.FLATE, Box(0, 0, 10, 20), 1, 1, colour=(255, 255, 250))
    photo = PictureLayer(b"more\nbits", PictureEncoding.JPEG, Box(0, 0, 4, 4), 2, 2, 3, 8)
    picture = PagePicture(b"", PictureEncoding.LAYERS, 10, 20, 300.0, 3, layers=(paper, photo, stencil))
    drawing = replace(picture, data=b"12\nq Q", encoding=PictureEncoding.DRAWING)
    assert archive.decode_picture(archive.encode_picture(drawing)) == drawing
    coded = archive.encode_picture(picture)
    assert archive.decode_picture(coded) == picture
    with pytest.raises(ValueError, match="cut off"):
        archive.decode_picture(coded[:-1])


def test_how_a_picture_came_to_be_survives_the_bucket_and_stands_in_the_record() -> None:
    account = PictureAccount("whole", 70_000, 0.97, 12, (RefusedCoding("layers", ("ghost", "digit")),))
    reading = replace(READ, picture=account)
    assert archive.decode_reading(archive.encode_reading(reading)) == reading
    raw = json.loads(archive.render_record(replace(full_record(), readings=(reading,))))
    jsonschema.validate(raw, schema())
    assert raw["pages"][0]["picture"]["refused"] == [{"coding": "layers", "reasons": ["ghost", "digit"]}]


def test_a_receipt_survives_the_bucket() -> None:
    at = datetime(2026, 1, 5, 8, tzinfo=UTC)
    receipt = archive.Receipt("d1", "H05", "đơn.pdf", "ab" * 32, 7, QueueName.STATION, at, "tesseract")
    assert archive.parse_receipt(archive.render_receipt(receipt)) == receipt


def test_a_receipt_from_before_there_was_a_choice_of_engines_asks_for_none() -> None:
    receipt = archive.Receipt("d1", "H05", "đơn.pdf", "ab" * 32, 7, QueueName.BATCH, datetime(2026, 1, 5, 8, tzinfo=UTC))
    written = json.loads(archive.render_receipt(receipt))
    del written["engine"]
    assert archive.parse_receipt(json.dumps(written).encode()) == receipt


@given(st.text(max_size=40))
def test_no_name_of_a_dossier_leads_out_of_its_place(dossier: str) -> None:
    key = archive.received_key(dossier, "d1")
    head, *middle, document, name = key.split("/")
    assert (head, document, name) == ("dossiers", "d1", "received.json")
    assert len(middle) == 1
    assert middle[0].strip(".")


@given(st.text(string.ascii_letters + "đĐếỦ /.%", max_size=12), st.text(string.ascii_letters + "đĐếỦ /.%", max_size=12))
def test_two_dossiers_never_share_a_place(one: str, other: str) -> None:
    if one != other and one.strip(".") and other.strip("."):
        assert archive.received_key(one, "d") != archive.received_key(other, "d")


def test_the_keys_are_those_of_the_design() -> None:
    assert archive.original_key("abcd" * 16) == f"originals/ab/{'abcd' * 16}"
    key = archive.revision_key("000.16.05.H05-210616-0001", "d1", 3, "document.pdf")
    assert key == "dossiers/000.16.05.H05-210616-0001/d1/r0003/document.pdf"
