"""Finding: narrowed searches, hits lit on the scan, the page of a dossier."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import archive, flow
from pipeline.domain.documents import Document, QueueName, Status
from pipeline.domain.geometry import Affine, Box
from pipeline.domain.pages import Line, PageText, Word
from pipeline.domain.people import Role
from pipeline.web.hits import Lit, lit_pages, lit_words
from tests.scripted_office import ScriptedReader
from tests.unit.test_web_markup import EVIL, foreign
from tests.web_house import WebHouse

CODE = "H05-260105-0001"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with WebHouse(tmp_path) as made:
        yield made


def hand_in(house: WebHouse, name: str = "đơn.pdf", dossier: str = CODE, pages: int = 3) -> Document:
    """A document read by the whole flow: page n says ``trang số n``."""
    assert isinstance(house.reader, ScriptedReader)
    house.reader.pages = pages
    path = house.scratch / "in.pdf"
    path.write_bytes(f"%PDF {name} {dossier}".encode())
    document = flow.submit(path, name, dossier, QueueName.BATCH, house.flow)

    def handle(message: object) -> None:
        step = {"split": flow.split_document, "finish": flow.finish_document}
        if message.step == "read":
            flow.read_page(message.document, message.page, house.flow)
        else:
            step[message.step](message.document, house.flow)

    house.dispatcher.drain(handle)
    path.unlink()
    return house.catalogue.document(document.id)


@pytest.mark.parametrize(
    ("words", "query", "lit"),
    [
        (("Số:", "717/QĐ-UBND", "ngày"), "717/qd-ubnd", {1}),
        (("Số:", "717/QĐ-UBND", "ngày"), "qd ubnd ngay", {1, 2}),
        (("quyết", "định", "về", "quyết", "toán"), "quyet dinh", {0, 1}),
        (("quyết", "định", "về", "quyết", "toán"), "quyet", {0, 3}),
        (("định", "giá", "quyết", "toán"), "quyet dinh", {0, 2}),
        (("Hà", "Nội"), "ha", {0}),
        (("Hà", "Nội"), "noi ha", {0, 1}),
        (("Hà", "Nội"), "hanoi", set()),
        (("Hà", "Nội"), "", set()),
        (("Hà", "Nội"), "...", set()),
        ((), "ha noi", set()),
    ],
)
def test_words_are_lit_together_or_each_with_and_without_marks(words: tuple[str, ...], query: str, lit: set[int]) -> None:
    assert lit_words([words], query) == (lit,)


def test_what_stands_together_on_one_page_lights_no_single_words_of_others() -> None:
    assert lit_words([("quyết", "toán"), ("quyết", "định")], "quyet dinh") == (set(), {0, 1})
    assert lit_words([("quyết", "toán"), ("định", "giá")], "quyet dinh") == ({0}, {0})


def test_boxes_lie_where_the_words_are_once_the_page_is_upright() -> None:
    text = PageText(1, (Line((Word("Hà", Box(10, 20, 40, 30), 0.9), Word("Nội", Box(50, 20, 80, 30), 0.9))),), "x")
    assert lit_pages([text], "noi", {1: Affine.shift(0, 0), 2: Affine.shift(0, 0)}) == {1: (Lit(50, 20, 30, 10),), 2: ()}
    turned = Affine.rotation(90).then(Affine.shift(100, 0))
    assert lit_pages([text], "noi", {1: turned}) == {1: (Lit(70, 50, 10, 30),)}


def test_a_hit_leads_to_its_place_on_the_scan(house: WebHouse) -> None:
    document, browser = hand_in(house), house.signed_in("hoa", Role.OPERATOR)
    page = browser.get("/find?q=so 2").text
    link = re.search(rf'href="(/documents/{document.id}/scan\?q=[^"]+)"', page)
    assert link
    shown = browser.get(link[1]).text
    assert f'href="/scans/{document.id}/2.webp?width=1240"' in shown
    assert 'viewBox="0 0 827 1169"' in shown
    boxes = re.findall(r'<rect class="lit" x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/>', shown)
    assert boxes == [("190", "100", "80", "30"), ("280", "100", "80", "30")]
    assert 'rel="prev"' in shown
    assert 'rel="next"' in shown


def test_a_page_may_be_named_and_one_that_is_not_there_is_none(house: WebHouse) -> None:
    document, browser = hand_in(house), house.signed_in("hoa", Role.OPERATOR)
    assert "/3.webp" in browser.get(f"/documents/{document.id}/scan?q=so 2&page=3").text
    assert "/1.webp" in browser.get(f"/documents/{document.id}/scan").text
    assert "Không thấy trên trang nào" in browser.get(f"/documents/{document.id}/scan?q=khongco").text
    for page in ("4", "-1", "x"):
        assert browser.get(f"/documents/{document.id}/scan?page={page}").status_code in {404, 422}


@pytest.mark.parametrize("text", EVIL)
def test_what_is_looked_for_on_a_scan_stays_text(house: WebHouse, text: str) -> None:
    document, browser = hand_in(house, f"{text}.pdf"), house.signed_in("hoa", Role.OPERATOR)
    page = browser.get(f"/documents/{document.id}/scan", params={"q": text}).text
    assert [one for one in foreign(page) if one != "svg"] == []


def test_a_document_that_was_not_read_has_no_scan_to_look_at(house: WebHouse) -> None:
    document = hand_in(house)
    house.catalogue.receive(replace(document, id="d1", dossier="H05", status=Status.RECEIVED, revision=0))
    assert house.signed_in("hoa", Role.OPERATOR).get("/documents/d1/scan").status_code == 404


def test_a_search_is_narrowed_and_keeps_what_was_asked(house: WebHouse) -> None:
    first = hand_in(house)
    house.clock.advance(timedelta(days=2))
    second = hand_in(house, "khác.pdf", "H06-260107-0002")
    browser = house.signed_in("hoa", Role.OPERATOR)
    day = second.received_at.astimezone().date().isoformat()

    def found(query: str) -> set[str]:
        return set(re.findall(r'<a href="/documents/([\w-]+)"><strong>', browser.get(f"/find?{query}").text))

    assert found("q=trang") == {first.id, second.id}
    assert found("q=trang&dossier=H06") == found(f"q=trang&since={day}") == found(f"since={day}&until={day}") == {second.id}
    assert found("q=trang&dossier=H07") == found("q=trang&type=quyet_dinh") == found("q=trang&status=failed") == set()
    assert found(f"q=trang&until={day}&dossier=H05&status={first.status.value}") == {first.id}
    assert found("q=&type=&status=&dossier=&since=&until=") == set()
    page = browser.get(f"/find?q=trang&since={day}&status={second.status.value}").text
    assert f'value="{day}"' in page
    assert f'<option value="{second.status.value}" selected>' in page
    assert '<details class="filters" open>' in page


@pytest.mark.parametrize(
    "query", ["status=king", "since=hôm nay", "since=2026-13-01", "steps=0", "steps=99", "q=" + "x" * 201]
)
def test_what_the_form_cannot_send_is_refused(house: WebHouse, query: str) -> None:
    assert house.signed_in("hoa", Role.OPERATOR).get(f"/find?{query}").status_code == 422


def test_the_last_day_there_is_narrows_nothing(house: WebHouse) -> None:
    hand_in(house)
    assert "<strong>" in house.signed_in("hoa", Role.OPERATOR).get("/find?q=trang&until=9999-12-31").text


def test_more_is_shown_step_by_step(house: WebHouse) -> None:
    for number in range(23):
        hand_in(house, f"{number}.pdf", pages=1)
    browser = house.signed_in("hoa", Role.OPERATOR)
    first = browser.get("/find?q=trang&dossier=H05").text
    link = re.search(r'href="(/find\?[^"]+)"', first.split('class="hits"')[1].split("</ol>")[1])
    assert link
    more = browser.get(link[1].replace("&amp;", "&")).text
    assert (first.count("<strong>"), more.count("<strong>")) == (20, 23)
    assert "Xem thêm" not in more


def test_a_dossier_shows_its_papers_whose_they_are_and_what_happened(house: WebHouse) -> None:
    first = hand_in(house)
    house.clock.advance(timedelta(hours=1))
    second = hand_in(house, "căn cước.pdf")
    owned = {"owners": [{"id12": "027091000001", "name": "Trần Văn An", "birth_date": "1991-04-05"}]}
    key = archive.revision_key(CODE, second.id, 1, "record.json")
    record = json.loads(house.store.get(key)) | owned
    house.store.put(key, json.dumps(record).encode())
    browser = house.signed_in("hoa", Role.OPERATOR, offices=("H05",))
    assert f'href="/dossier?code={CODE}"' in browser.get(f"/documents/{first.id}").text
    page = browser.get(f"/dossier?code={CODE}").text
    for told in ("đơn.pdf", "căn cước.pdf", "Trần Văn An", "027091000001", "05/04/1991", "H05"):
        assert told in page
    timeline = page.split('class="events timeline"')[1]
    assert timeline.index("căn cước.pdf") < timeline.index("đơn.pdf")
    told = [one for one in house.catalogue.audit.happenings(first.id) if one.action == "view"]
    assert [one.reason for one in told] == ["document"]


@pytest.mark.parametrize("code", ["H06-260105-0001", "H05-none", "", ".", "*", "H0"])
def test_a_dossier_of_another_office_or_none_is_not_there(house: WebHouse, code: str) -> None:
    hand_in(house, dossier="H06-260105-0001")
    hand_in(house, dossier=".")
    assert house.signed_in("hoa", Role.OPERATOR, offices=("H05",)).get("/dossier", params={"code": code}).status_code == 404
