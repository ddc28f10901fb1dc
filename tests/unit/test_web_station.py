"""The pages of the scanning station: papers in, what is told of them, pages put right, the slip."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from pipeline import flow
from pipeline.domain.documents import QueueName, Status
from pipeline.domain.errors import UnavailableError
from pipeline.domain.people import Role
from pipeline.review_desk import Desk
from pipeline.station.folder import ScannerFolder
from pipeline.station.scanner import ScanWish
from pipeline.web import station as pages
from storage.memory import Message
from tests.browsing import DrawnViews
from tests.reviewed_office import BIRTH, DOSSIER, look_at_all
from tests.web_house import WebHouse, token_of


class ScriptedScanner:
    """Gives one file, or raises ``error``."""

    def __init__(self) -> None:
        self.wishes: list[ScanWish] = []
        self.error: Exception | None = None

    def scan(self, wish: ScanWish, folder: Path) -> Path:
        self.wishes.append(wish)
        if self.error:
            raise self.error
        path = folder / "scan.tif"
        path.write_bytes(b"II*\0 scanned %d" % len(self.wishes))
        return path


@contextmanager
def station_house(folder: Path, **more: object) -> Iterator[WebHouse]:
    views = DrawnViews(folder, BIRTH)
    views.pages = 3
    with WebHouse(folder, views=views, **more) as made:
        made.reader.texts = {"scripted": BIRTH}
        yield made


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with station_house(tmp_path) as made:
        yield made


def work(house: WebHouse) -> None:
    """Have all that waits read."""

    def handle(message: Message) -> None:
        if message.step == "read":
            flow.read_page(message.document, message.page, house.flow)
        else:
            step = flow.split_document if message.step == "split" else flow.finish_document
            step(message.document, house.flow)

    house.dispatcher.drain(handle)


def post(browser: TestClient, path: str, files: object = None, **values: object) -> Response:
    headers = {"X-CSRF-Token": token_of(browser, "/station")}
    return browser.post(path, data=values, files=files, headers=headers, follow_redirects=False)


def hand(browser: TestClient, name: str = "đơn.pdf", content: bytes = b"%PDF one", code: str = DOSSIER) -> Response:
    return post(browser, "/station/files", [("files", (name, io.BytesIO(content), "application/pdf"))], code=code)


def test_files_that_are_dropped_become_papers_of_the_dossier_at_the_station(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    said = hand(browser).json()
    (document,) = house.catalogue.documents()
    assert (document.dossier, document.queue, document.source.name) == (DOSSIER, QueueName.STATION, "đơn.pdf")
    assert said["taken"] == [document.id]
    assert house.store.get(f"originals/{document.source.sha256[:2]}/{document.source.sha256}") == b"%PDF one"


def test_empty_files_are_told_and_not_taken(house: WebHouse) -> None:
    said = hand(house.signed_in("tam", Role.OPERATOR), content=b"").json()
    assert (said["taken"], said["refused"]) == ([], ["đơn.pdf"])
    assert house.catalogue.documents() == ()


def test_how_far_a_paper_is_and_what_every_page_is_worth(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    hand(browser)
    work(house)
    papers = {paper["name"]: paper for paper in hand(browser, "khác.pdf", b"%PDF two").json()["state"]["papers"]}
    paper = papers["đơn.pdf"]
    assert (paper["said"], paper["title"], paper["changeable"]) == ("Cần xem lại", "Giấy khai sinh", True)
    assert [(page["number"], page["said"]) for page in paper["pages"]] == [(1, "ảnh tốt"), (2, "ảnh tốt"), (3, "ảnh tốt")]


def test_a_paper_that_was_sent_back_says_why(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    hand(browser)
    work(house)
    (document,) = house.catalogue.documents()
    house.catalogue.move(document.id, Status.REJECTED, actor="hoa", reason="rescan: Trang 1 mờ", at=house.clock.now())
    (paper,) = hand(browser, content=b"").json()["state"]["papers"]
    assert (paper["said"], paper["why"]) == ("Bị từ chối", "Trang 1 mờ")


def test_events_tell_of_changes_as_they_come(house: WebHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "LOOK", 0.01)
    monkeypatch.setattr(pages, "STREAM", 0.05)
    browser = house.signed_in("tam", Role.OPERATOR)
    hand(browser)
    with browser.stream("GET", f"/station/events?code={DOSSIER}") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        said = "".join(answer.iter_text())
    state = json.loads(said.split("\n\n")[0].removeprefix("data: "))
    assert state["papers"][0]["name"] == "đơn.pdf"


def test_pages_are_put_right_at_once_with_one_reason(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    hand(browser)
    work(house)
    (document,) = house.catalogue.documents()
    changes = {"order": [3, 1], "removed": [2], "turned": {"3": 90}, "back": []}
    answer = post(browser, f"/station/pages/{document.id}", changes=json.dumps(changes), reason="Quét thừa, ngược")
    assert answer.status_code == 200
    work(house)
    ledger = house.flow.ledgers.current(house.catalogue.document(document.id))
    assert ledger.order == (3, 1)
    assert ledger.side(3).upright == 90
    assert {(change.actor, change.reason) for change in ledger.changes} == {("tam", "Quét thừa, ngược")}
    changes = {"order": [1, 2], "removed": [], "turned": {}, "back": [2]}
    post(browser, f"/station/pages/{document.id}", changes=json.dumps(changes), reason="Bỏ nhầm")
    work(house)
    assert house.flow.ledgers.current(house.catalogue.document(document.id)).order == (3, 1, 2)


def test_a_paper_is_taken_back_with_a_reason_until_people_have_reviewed_it(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    hand(browser)
    (document,) = house.catalogue.documents()
    assert post(browser, f"/station/withdraw/{document.id}", reason="Quét mờ").status_code == 409, "a worker may be at it"
    work(house)
    assert post(browser, f"/station/withdraw/{document.id}", reason=" ").status_code == 409
    assert post(browser, f"/station/withdraw/{document.id}", reason="Quét mờ").status_code == 200
    event = house.catalogue.events(document.id)[-1]
    assert (event.after, event.actor, event.reason) == (Status.REJECTED, "tam", "withdrawn: Quét mờ")
    assert house.store.get(f"originals/{document.source.sha256[:2]}/{document.source.sha256}") == b"%PDF one"
    taken = hand(browser, content=b"%PDF two").json()["taken"]
    work(house)
    other = house.catalogue.document(taken[0])
    desk = Desk(house.flow)
    look_at_all(desk, other, "hoa")
    desk.approve(other.id, 1, actor="hoa")
    assert post(browser, f"/station/withdraw/{other.id}", reason="Nhầm").status_code == 409
    assert house.catalogue.document(other.id).status is Status.APPROVED


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"order": [1, 2, 3], "removed": [], "turned": {}, "back": []}, "x"),
        ({"order": [1, 2], "removed": [3], "turned": {}, "back": []}, " "),
        ({"order": [], "removed": [1, 2, 3], "turned": {}, "back": []}, "x"),
        ({"order": [1, 1, 2], "removed": [], "turned": {}, "back": []}, "x"),
        ({"order": [1, 2, 3], "removed": [], "turned": {"9": 90}, "back": []}, "x"),
        ({"order": "x"}, "x"),
        ([], "x"),
    ],
)
def test_changes_that_make_no_sense_are_refused(house: WebHouse, changes: object, reason: str) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    hand(browser)
    work(house)
    (document,) = house.catalogue.documents()
    answer = post(browser, f"/station/pages/{document.id}", changes=json.dumps(changes), reason=reason)
    assert answer.status_code == 422
    assert house.catalogue.document(document.id).revision == 1


def test_a_dossier_is_opened_by_its_code_or_made_anew(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR, offices=("000.00.16.H05",))
    opened = post(browser, "/station/open", code=f" {DOSSIER.lower()} ")
    assert opened.headers["location"] == f"/station/dossier?code={DOSSIER}"
    made = post(browser, "/station/open", office="000.00.16.H05")
    day = f"{house.clock.now().astimezone():%y%m%d}"
    assert made.headers["location"] == f"/station/dossier?code=000.00.16.H05-{day}-0001"


def test_dossiers_of_other_offices_are_not_opened(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR, offices=("000.00.16.H05",))
    other = "000.00.17.H05-260105-0001"
    assert "/station?wrong=" in post(browser, "/station/open", code=other).headers["location"]
    for path in ("dossier", "events", "slip"):
        assert browser.get(f"/station/{path}?code={other}").status_code == 404
    assert hand(browser, code=other).status_code == 404
    assert house.catalogue.documents() == ()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.MANAGER, Role.ADMINISTRATOR, Role.RECORDS_OFFICER])
def test_only_operators_take_papers_in(house: WebHouse, role: Role) -> None:
    browser = house.signed_in("lan", role)
    assert browser.get("/station").status_code == 403
    answer = browser.post("/station/files", data={"csrf": token_of(browser), "code": DOSSIER}, files={"files": b"x"})
    assert answer.status_code == 403


def test_what_the_scanner_laid_into_its_folder_is_taken_once(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with station_house(tmp_path, scanner_folder=ScannerFolder(inbox)) as house:
        browser = house.signed_in("tam", Role.OPERATOR)
        long_ago = house.clock.now().timestamp() - 60
        (inbox / "scan0001.pdf").write_bytes(b"%PDF 1")
        os.utime(inbox / "scan0001.pdf", (long_ago, long_ago))
        assert "thư mục máy quét (1)" in browser.get(f"/station/dossier?code={DOSSIER}").text
        assert len(post(browser, "/station/folder", code=DOSSIER).json()["taken"]) == 1
        assert post(browser, "/station/folder", code=DOSSIER).json()["taken"] == []
        assert [one.source.name for one in house.catalogue.documents()] == ["scan0001.pdf"]


def test_a_paper_comes_from_the_scanner_as_asked_for(tmp_path: Path) -> None:
    scanner = ScriptedScanner()
    with station_house(tmp_path, scanner=scanner) as house:
        browser = house.signed_in("tam", Role.OPERATOR)
        said = post(browser, "/station/scan", code=DOSSIER, resolution=400, mode="Color", feeder="true").json()
        assert scanner.wishes == [ScanWish(400, "Color", feeder=True)]
        assert house.catalogue.document(said["taken"][0]).source.name.endswith(".tif")
        scanner.error = UnavailableError("away", advice="Máy quét không trả lời.")
        answer = post(browser, "/station/scan", code=DOSSIER)
        assert (answer.status_code, answer.json()["error"]) == (409, "Máy quét không trả lời.")


def test_without_a_scanner_none_is_asked(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    assert post(browser, "/station/scan", code=DOSSIER).status_code == 404
    assert post(browser, "/station/folder", code=DOSSIER).status_code == 404
    assert 'id="scan"' not in browser.get(f"/station/dossier?code={DOSSIER}").text


def test_the_slip_names_the_papers_and_bears_the_code(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    hand(browser)
    work(house)
    page = browser.get(f"/station/slip?code={DOSSIER}").text
    assert "<svg" in page
    assert "Giấy khai sinh" in page
    assert "style=" not in page


def test_hostile_names_stay_text(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    hand(browser, "</script><img src=x onerror=alert(1)>\"'.pdf")
    for path in ("dossier", "slip"):
        page = browser.get(f"/station/{path}?code={DOSSIER}").text
        assert "<img src=x" not in page
        assert "</script><img" not in page
    assert "<b>" not in browser.get("/station?wrong=<b>x</b>").text
