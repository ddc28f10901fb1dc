"""The state page: what it shows, in which language, and whom it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import archive
from pipeline.domain.documents import Document, QueueName, Source, Status
from pipeline.domain.people import Role
from pipeline.domain.validity import ValidityState
from pipeline.ports import IndexEntry
from pipeline.web.server import is_loopback, serve
from pipeline.web.views import pieces
from pipeline.web.words import FAMILIES, WORDS
from tests.web_house import AT, WebHouse

PDF = b"%PDF-1.7 " + bytes(range(256)) * 40
PROBLEM = {"code": "field_doubtful", "message": "Kiểm tra lại số ký hiệu.", "field": "so_ky_hieu", "page": 1}
RECORD = {
    "problems": [PROBLEM],
    "pdf": {"path": "document.pdf"},
    "fields": {
        "so_ky_hieu": {
            "value": "717/QĐ-UBND",
            "confidence": 0.42,
            "evidence": [{"page": 1, "box": [1, 2, 3, 4]}],
            "problems": [],
        },
        "noi_nhan": {"value": ["Như Điều 3", "Lưu: VT"], "confidence": 0.97, "evidence": [], "problems": []},
    },
}


class Office(WebHouse):
    """Pages with documents; somebody of every role is signed in with ``client``."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.client = self.signed_in("lan", *Role)

    def receive(self, document_id: str, name: str = "đơn.pdf", dossier: str = "H05") -> Document:
        source = Source(name, document_id.encode().hex().ljust(64, "0"), 10, "application/pdf")
        return self.catalogue.receive(Document(document_id, dossier, source, Status.RECEIVED, QueueName.STATION, AT))

    def finish(self, document_id: str, record: dict[str, object] = RECORD) -> None:
        document = self.receive(document_id, "quyết định.pdf")
        prefix = f"dossiers/H05/{document_id}/r0001"
        self.catalogue.move(document.id, Status.READING, actor="sohoa", reason="split", at=AT)
        self.store.put_once(f"{prefix}/document.pdf", PDF)
        self.store.put_once(f"{prefix}/text.txt", "quyết định".encode())
        self.store.put_once(f"{prefix}/record.json", json.dumps(record).encode())
        entry = IndexEntry(
            document.id, "H05", 1, "quyet_dinh", Status.NEEDS_REVIEW, "Quyết định về việc thử", "717/QĐ-UBND",
            "Căn cứ quyết định số 717/QĐ-UBND của Ủy ban", (("so_ky_hieu", "717/QĐ-UBND"),),
            f"{prefix}/record.json", "0" * 64, f"{prefix}/document.pdf", 2,
        )  # fmt: skip
        self.catalogue.index(entry)
        self.catalogue.move(document.id, Status.NEEDS_REVIEW, actor="sohoa", reason="field_doubtful", at=AT)

    def page(self, path: str, **headers: str) -> str:
        answer = self.client.get(path, headers=headers)
        assert answer.status_code == 200
        return answer.text


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(tmp_path) as made:
        yield made


def test_an_empty_house_says_how_to_hand_something_in(office: Office) -> None:
    assert "sohoa submit" in office.page("/")


def test_the_page_speaks_vietnamese_until_told_otherwise_and_remembers(office: Office) -> None:
    assert '<html lang="vi">' in office.page("/")
    assert '<html lang="en">' in office.page("/?lang=en")
    assert '<html lang="en">' in office.page("/")
    assert '<html lang="vi">' in office.page("/?lang=vi")
    assert '<html lang="vi">' in office.page("/?lang=%22%3E%3Cscript%3E")


def test_both_languages_have_a_word_for_everything() -> None:
    assert WORDS["vi"].keys() == WORDS["en"].keys()
    assert {f"s_{status.value}" for status in Status} <= WORDS["vi"].keys()


def test_no_family_of_pages_takes_the_words_of_another() -> None:
    keys = [key for family in FAMILIES for key in family]
    assert len(keys) == len(set(keys))


def test_the_latest_documents_stand_with_their_progress_and_what_is_wrong(office: Office) -> None:
    office.receive("d1")
    office.catalogue.move("d1", Status.READING, actor="sohoa", reason="split", at=AT)
    office.catalogue.plan_pages("d1", 4)
    office.catalogue.settle_page("d1", 1, "read")
    office.finish("d2")
    for path in ("/", "/state"):
        page = office.page(path)
        assert "đơn.pdf" in page
        assert "1 / 4" in page
        assert "Kiểm tra lại số ký hiệu." in page


def test_a_failed_document_tells_its_reason(office: Office) -> None:
    office.receive("d1")
    office.catalogue.move("d1", Status.FAILED, actor="sohoa", reason="split was begun 3 times", at=AT)
    assert "split was begun 3 times" in office.page("/")
    assert "split was begun 3 times" in office.page("/documents/d1")


@pytest.mark.parametrize("query", ["quyet dinh", "quyết định", "717/QĐ-UBND"])
def test_documents_are_found_with_and_without_tone_marks_and_by_number(office: Office, query: str) -> None:
    office.finish("d2")
    answer = office.client.get("/find", params={"q": query})
    assert 'href="/documents/d2"' in answer.text


def test_what_was_asked_for_is_marked_in_the_snippet(office: Office) -> None:
    office.finish("d2")
    assert re.search(r"<mark>quyết định</mark>", office.page("/find?q=quyet dinh"))
    assert list(pieces("số ⟪717⟫ của")) == [("số ", False), ("717", True), (" của", False), ("", True)]


def test_a_problem_told_by_document_and_field_alike_is_shown_once(office: Office) -> None:
    field = {"value": "717", "confidence": 0.4, "evidence": [], "problems": [PROBLEM]}
    office.finish("d2", {**RECORD, "fields": {"so_ky_hieu": field}})
    assert office.page("/documents/d2").count("Kiểm tra lại số ký hiệu.") == 1


def test_what_is_not_found_is_said(office: Office) -> None:
    assert WORDS["vi"]["nothing_found"] in office.page("/find?q=khongcogi")


def test_a_document_shows_its_fields_its_problems_and_its_files(office: Office) -> None:
    office.finish("d2")
    page = office.page("/documents/d2")
    for text in ("717/QĐ-UBND", "Như Điều 3; Lưu: VT", "42 %", "Kiểm tra lại số ký hiệu.", "/documents/d2/document.pdf"):
        assert text in page


def test_the_pdf_comes_from_the_store_whole_or_in_ranges_and_leaves_nothing_behind(office: Office) -> None:
    office.finish("d2")
    whole = office.client.get("/documents/d2/document.pdf")
    assert (whole.content, whole.headers["content-type"]) == (PDF, "application/pdf")
    part = office.client.get("/documents/d2/document.pdf", headers={"Range": "bytes=9-18"})
    assert (part.status_code, part.content) == (206, PDF[9:19])
    assert not list(office.scratch.iterdir())


@pytest.mark.parametrize("path", ["/documents/none", "/documents/d1/document.pdf", "/documents/d2/secret.txt", "/nowhere"])
def test_what_is_not_there_is_a_404(office: Office, path: str) -> None:
    office.receive("d1")
    office.finish("d2")
    assert office.client.get(path).status_code == 404
    assert not list(office.scratch.iterdir())


def test_a_store_that_is_away_is_a_503_with_advice_and_the_list_still_stands(office: Office) -> None:
    office.finish("d2")
    office.store.away = True
    assert office.client.get("/documents/d2/document.pdf").status_code == 503
    assert "quyết định.pdf" in office.page("/")


def test_a_store_that_keeps_nothing_is_told_on_the_state_page_until_there_is_room(office: Office) -> None:
    health = office.house.health
    assert health.look() is None
    assert "store_full" not in office.page("/state")
    office.store.full = True
    health.look()
    for path in ("/", "/state"):
        page = office.page(path)
        assert "store_full" in page
        assert WORDS["vi"]["store_trouble"] in page
    office.store.full = False
    health.look()
    assert "store_full" not in office.page("/state")


def test_names_and_texts_of_documents_are_never_markup(office: Office) -> None:
    office.receive("d1", '<img src=x onerror="alert(1)">.pdf', dossier="<b>H05</b>")
    page = office.page("/") + office.page("/documents/d1") + office.page("/find?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert not re.search(r"<img src=x|<b>H05|<script>", page)


def test_nothing_inline_and_nothing_from_elsewhere_is_loaded(office: Office) -> None:
    office.finish("d2")
    answer = office.client.get("/documents/d2")
    assert answer.headers["content-security-policy"].startswith("default-src 'self';")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=\"/static)|https?://", answer.text)


@pytest.mark.parametrize(
    "host", ["sohoa.example", "127.0.0.1.evil.example:8321", "localhost.evil.example", "", "[::1].evil:80"]
)
def test_a_name_that_was_rebound_to_this_machine_is_refused(office: Office, host: str) -> None:
    office.finish("d2")
    answer = office.client.get("/documents/d2", headers={"Host": host})
    assert answer.status_code == 421
    assert "717" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8321", "localhost:8321", "localhost", "[::1]:8321", "[::1]", "LOCALHOST:8321"])
def test_loopback_by_any_of_its_names_is_let_in(office: Office, host: str) -> None:
    assert office.client.get("/", headers={"Host": host}).status_code == 200


def test_no_other_site_may_read_the_answers(office: Office) -> None:
    answer = office.client.get("/", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert office.client.post("/").status_code == 405


def test_health_names_what_is_away(office: Office) -> None:
    assert office.client.get("/healthz").json() == {"ok": True, "away": {}}
    office.broker_away = True
    office.store.away = True
    answer = office.client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["away"].keys() == {"broker", "store"}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "sohoa.example"])
def test_the_page_is_never_served_to_other_machines(host: str, tmp_path: Path) -> None:
    from pipeline.settings import Settings

    assert not is_loopback(host)
    with pytest.raises(ValueError, match="this machine only"):
        serve(Settings(home=tmp_path), host, 8321)


def test_static_files_are_packaged(office: Office) -> None:
    for path, kind in (("/static/sohoa.css", "text/css"), ("/static/sohoa.js", "javascript"), ("/static/icon.svg", "svg")):
        answer = office.client.get(path)
        assert answer.status_code == 200
        assert kind in answer.headers["content-type"]


def test_keys_of_the_archive_are_the_ones_the_page_asks_for() -> None:
    assert archive.revision_key("H05", "d2", 1, "record.json") == "dossiers/H05/d2/r0001/record.json"


RELATED = RECORD | {
    "owners": [{"id12": "027091000001", "name": "Trần Văn An", "birth_date": "1991-04-05"}],
    "validity": {
        "issued": "2025-01-15", "since": None, "until": "2025-07-15", "term": "P6M", "unlimited": False,
        "conditions": ["đăng ký kết hôn"], "doubtful": False, "evidence": [],
    },
    "procedure": {"code": "1.001193", "name": "Thủ tục đăng ký khai sinh", "confidence": 0.99},
    "dossier_code": "000.16.05.H05-210616-0001",
    "components": [
        {"pages": [1, 2], "document_type": {"code": "don_de_nghi"}},
        {"pages": [3], "document_type": {"code": "can_cuoc_cong_dan"}},
    ],
    "conformity": [
        {
            "rule_set": "tinh", "version": "1", "basis": "01/2026/QĐ-UBND",
            "rules": [
                {
                    "rule": "dpi", "title": "Độ phân giải", "outcome": "fail", "wanted": "≥ 300 dpi", "found": "200 dpi",
                    "pages": [2], "point": "Điều 2", "severity": "setting",
                },
                {
                    "rule": "colour", "title": "Ảnh màu", "outcome": "pass", "wanted": "màu", "found": "màu",
                    "pages": [], "point": "", "severity": "hint",
                },
            ],
        }
    ],
}  # fmt: skip


def test_a_document_shows_whose_it_is_how_long_it_holds_and_what_it_belongs_to(office: Office) -> None:
    office.finish("d1", RELATED)
    page = office.page("/documents/d1")
    for told in (
        "Trần Văn An", "027091000001", "sinh 05/04/1991", "Hết hiệu lực", "cấp 15/01/2025 đến 15/07/2025",
        "chỉ để đăng ký kết hôn", "Thủ tục đăng ký khai sinh", "1.001193", "000.16.05.H05-210616-0001",
        "Đơn đề nghị", "trang 1, 2",
    ):  # fmt: skip
        assert told in page
    assert "Expired" in office.page("/documents/d1?lang=en")


def test_a_document_shows_what_a_doubted_value_may_be(office: Office) -> None:
    suggestion = {"value": "718/QĐ-UBND", "source": "check", "reason": "Nếu chữ số thứ 3 là “8” thì khớp."}
    field = RECORD["fields"]["so_ky_hieu"] | {"suggestions": [suggestion]}
    office.finish("d1", RECORD | {"fields": {"so_ky_hieu": field}})
    page = office.page("/documents/d1")
    for told in ("Có thể là", "718/QĐ-UBND", "Nếu chữ số thứ 3 là “8” thì khớp."):
        assert told in page
    office.finish("d2")
    assert "Có thể là" not in office.page("/documents/d2")


def test_a_document_shows_the_rules_that_it_does_not_keep_to(office: Office) -> None:
    office.finish("d1", RELATED)
    page = office.page("/documents/d1")
    for told in ("01/2026/QĐ-UBND", "1 không đạt", "1 đạt", "Độ phân giải", "≥ 300 dpi", "200 dpi", "trang 2", "Điều 2"):
        assert told in page
    assert "Ảnh màu" not in page


def test_records_without_validity_and_rules_show_none(office: Office) -> None:
    office.finish("d1")
    page = office.page("/documents/d1")
    assert WORDS["vi"]["validity"] not in page
    assert WORDS["vi"]["conformity"] not in page


def test_every_state_of_validity_has_a_word() -> None:
    assert {f"v_{state.value}" for state in ValidityState} <= WORDS["vi"].keys()
