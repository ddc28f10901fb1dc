"""The pages of the scanning station: papers in, what is told of them, pages put right, the slip."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from PIL import Image

from pipeline import flow
from pipeline.archive import shipped_retention
from pipeline.custody.erasing import Erasing
from pipeline.domain.documents import Document, QueueName, Status
from pipeline.domain.errors import EncryptedPdfError, UnavailableError
from pipeline.domain.people import Role
from pipeline.review_desk import Desk
from pipeline.station.folder import ScannerFolder
from pipeline.station.scanner import Ending, ScanWish
from pipeline.verification import Report, verify
from pipeline.verification.damage import Damage
from pipeline.web import station as pages
from storage.memory import Message
from tests.browsing import DrawnViews
from tests.reviewed_office import BIRTH, DOSSIER, look_at_all
from tests.scripted_scanner import ScriptedScanner
from tests.web_house import WebHouse, token_of

#: Seconds after which what must come about is thought never to; generous, for slow machines.
PATIENCE = 60.0


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
    assert (said["taken"], said["refused"]) == ([], [{"name": "đơn.pdf", "why": "Tệp rỗng."}])
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


def until(house: WebHouse, over: Callable[[], object]) -> None:
    """Wait for the scanner's threads."""
    deadline = time.monotonic() + PATIENCE
    while not over():
        assert time.monotonic() < deadline, "the scanner never got there"
        time.sleep(0.01)


def waiting(house: WebHouse) -> bool:
    feeding = house.house.feeder.feeding(DOSSIER)
    return feeding is not None and feeding.ending is not None and len(feeding.glances) == len(feeding.pages)


def test_a_paper_comes_from_the_scanner_as_asked_for(tmp_path: Path) -> None:
    scanner = ScriptedScanner((2, Ending.DONE))
    with station_house(tmp_path, scanner=scanner) as house:
        browser = house.signed_in("tam", Role.OPERATOR)
        assert post(browser, "/station/scan", code=DOSSIER, resolution=400, mode="Color", feeder="true").status_code == 200
        until(house, lambda: house.house.feeder.feeding(DOSSIER) is None)
        assert scanner.wishes == [ScanWish(400, "Color", feeder=True)]
        (document,) = house.catalogue.documents()
        assert (document.source.name[:4], document.source.name[-4:]) == ("quét", ".tif")
        original = house.store.get(f"originals/{document.source.sha256[:2]}/{document.source.sha256}")
        with Image.open(io.BytesIO(original)) as bound:
            assert (bound.n_frames, round(bound.info["dpi"][0])) == (2, 400)


@pytest.mark.parametrize(
    ("ending", "told"),
    [
        (Ending.JAMMED, "Kẹt giấy"),
        (Ending.COVER_OPEN, "Đóng nắp"),
        (Ending.EMPTY, "Đặt giấy vào khay"),
        (Ending.BUSY, "đang bận"),
        (Ending.DENIED, "Báo quản trị viên"),
        (Ending.AWAY, "Kiểm tra nguồn"),
    ],
)
def test_why_the_scanner_stopped_is_told_with_what_to_do(tmp_path: Path, ending: Ending, told: str) -> None:
    with station_house(tmp_path, scanner=ScriptedScanner((0, ending))) as house:
        browser = house.signed_in("tam", Role.OPERATOR)
        post(browser, "/station/scan", code=DOSSIER, feeder="true")
        until(house, lambda: waiting(house))
        feeding = hand(browser, content=b"").json()["state"]["feeding"]
        assert feeding["ending"] == ending.value
        assert told in feeding["told"]
        post(browser, "/station/scan/drop", code=DOSSIER)
        assert hand(browser, content=b"").json()["state"]["feeding"] is None
        assert house.catalogue.documents() == ()


def test_after_a_jam_the_sheets_left_are_scanned_and_all_is_one_paper(tmp_path: Path) -> None:
    with station_house(tmp_path, scanner=ScriptedScanner((2, Ending.JAMMED), (3, Ending.DONE))) as house:
        browser = house.signed_in("tam", Role.OPERATOR)
        post(browser, "/station/scan", code=DOSSIER, feeder="true")
        until(house, lambda: waiting(house))
        state = hand(browser, content=b"").json()["state"]
        assert [(page["number"], page["said"]) for page in state["feeding"]["pages"]] == [(1, "ảnh tốt"), (2, "ảnh tốt")]
        assert browser.get(f"/station/feeder/2.webp?code={DOSSIER}").headers["content-type"] == "image/webp"
        assert browser.get(f"/station/feeder/3.webp?code={DOSSIER}").status_code == 404
        other = post(browser, "/station/scan", code="000.00.16.H05-260105-0002")
        assert (other.status_code, other.json()["code"]) == (409, "scanner_at_work")
        post(browser, "/station/scan/go_on", code=DOSSIER)
        until(house, lambda: house.house.feeder.feeding(DOSSIER) is None)
        (document,) = house.catalogue.documents()
        original = house.store.get(f"originals/{document.source.sha256[:2]}/{document.source.sha256}")
        with Image.open(io.BytesIO(original)) as bound:
            assert bound.n_frames == 5


def test_scanning_is_stopped_and_what_has_come_is_taken(tmp_path: Path) -> None:
    with station_house(tmp_path, scanner=ScriptedScanner((2, None))) as house:
        browser = house.signed_in("tam", Role.OPERATOR)
        post(browser, "/station/scan", code=DOSSIER, feeder="true")
        until(house, lambda: len(house.house.feeder.feeding(DOSSIER).pages) == 2)
        assert post(browser, "/station/scan/finish", code=DOSSIER).status_code == 404, "the scanner is still at it"
        post(browser, "/station/scan/stop", code=DOSSIER)
        until(house, lambda: waiting(house))
        said = post(browser, "/station/scan/finish", code=DOSSIER).json()["state"]
        assert (said["feeding"], len(said["papers"])) == (None, 1)


def test_a_scanner_that_is_not_there_is_told(tmp_path: Path) -> None:
    scanner = ScriptedScanner()
    scanner.error = UnavailableError("away", advice="Máy chủ chưa cài chương trình quét.")
    with station_house(tmp_path, scanner=scanner) as house:
        browser = house.signed_in("tam", Role.OPERATOR)
        post(browser, "/station/scan", code=DOSSIER)
        until(house, lambda: waiting(house))
        assert hand(browser, content=b"").json()["state"]["feeding"]["told"] == "Máy chủ chưa cài chương trình quét."
        assert post(browser, "/station/scan", code=DOSSIER, resolution=10).status_code == 422


def test_scanned_pages_are_inserted_where_they_belong(tmp_path: Path) -> None:
    with station_house(tmp_path, scanner=ScriptedScanner((3, Ending.DONE))) as house:
        browser = house.signed_in("tam", Role.OPERATOR)
        document = settled(house, browser)
        into = {"document": document.id, "place": 2, "version": "1.1", "reason": "sót trang"}
        assert post(browser, "/station/scan", code=DOSSIER, **into).status_code == 200
        until(house, lambda: house.house.feeder.feeding(DOSSIER) is None)
        work(house)
        ledger = house.flow.ledgers.current(house.catalogue.document(document.id))
        assert ledger.order == (1, 4, 5, 6, 2, 3)
        assert len(hand(browser, content=b"").json()["state"]["papers"]) == 1, "no paper of its own"


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


def settled(house: WebHouse, browser: TestClient, name: str = "đơn.pdf", content: bytes = b"%PDF one") -> Document:
    """A paper that was handed in and read."""
    (taken,) = hand(browser, name, content).json()["taken"]
    work(house)
    return house.catalogue.document(taken)


def papers(browser: TestClient) -> dict[str, dict[str, object]]:
    return {paper["name"]: paper for paper in hand(browser, content=b"").json()["state"]["papers"]}


def packed(**members: bytes) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "."), content)
    return raw.getvalue()


def test_members_of_a_zip_become_papers_and_bad_ones_are_told_one_by_one(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    content = packed(**{"a__pdf": b"%PDF a", "b__pdf": b"%PDF b", "../ra__pdf": b"%PDF out", "rỗng__pdf": b""})
    said = hand(browser, "hồ sơ.zip", content).json()
    assert len(said["taken"]) == 2
    assert {one["name"]: bool(one["why"]) for one in said["refused"]} == {"ra.pdf": True, "rỗng.pdf": True}
    assert {one.source.name for one in house.catalogue.documents()} == {"a.pdf", "b.pdf"}
    assert {one.dossier for one in house.catalogue.documents()} == {DOSSIER}


def test_a_zip_that_is_broken_is_told(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    said = hand(browser, "hỏng.zip", packed(a__pdf=b"%PDF a")[:-30]).json()
    assert said["taken"] == []
    assert [one["name"] for one in said["refused"]] == ["hỏng.zip"]


def test_a_paper_is_split_merged_and_both_are_undone_at_the_station(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    document = settled(house, browser)
    answer = post(browser, f"/station/split/{document.id}", page=2, reason="Hai giấy tờ", version="1.1")
    assert answer.status_code == 200
    house.clock.advance(timedelta(seconds=1))
    work(house)
    first, second = papers(browser)["đơn.pdf"], papers(browser)["đơn (từ trang 2).pdf"]
    assert (len(first["pages"]), len(second["pages"]), first["undoable"]) == (1, 2, True)
    stale = post(browser, f"/station/undo/{document.id}", reason="nhầm", version="1.1")
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    fields = {"other": second["id"], "reason": "Một giấy tờ", "version": first["version"], "other_version": second["version"]}
    assert post(browser, f"/station/merge/{document.id}", **fields).status_code == 200
    house.clock.advance(timedelta(seconds=1))
    work(house)
    assert list(papers(browser)) == ["đơn.pdf"]
    assert len(papers(browser)["đơn.pdf"]["pages"]) == 3
    for count in (1, 3):
        version = papers(browser)["đơn.pdf"]["version"]
        assert post(browser, f"/station/undo/{document.id}", reason="nhầm", version=version).status_code == 200
        house.clock.advance(timedelta(seconds=1))
        work(house)
        assert len(papers(browser)["đơn.pdf"]["pages"]) == count
    assert list(papers(browser)) == ["đơn.pdf"]
    assert not papers(browser)["đơn.pdf"]["undoable"]


def test_a_page_moves_to_another_paper_of_the_dossier(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    document, other = settled(house, browser), settled(house, browser, "khác.pdf", b"%PDF two")
    fields = {"page": 3, "other": other.id, "place": 1, "reason": "Nhầm tập", "version": "1.1"}
    assert post(browser, f"/station/move/{document.id}", **fields).status_code == 200
    work(house)
    assert [len(papers(browser)[name]["pages"]) for name in ("đơn.pdf", "khác.pdf")] == [2, 4]
    picture = browser.get(f"/scans/{other.id}/1.webp?width=240")
    assert picture.status_code == 200


def test_pages_of_a_file_are_inserted(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with station_house(tmp_path, scanner_folder=ScannerFolder(inbox)) as house:
        browser = house.signed_in("tam", Role.OPERATOR)
        document = settled(house, browser)
        file = [("file", ("sót.pdf", io.BytesIO(b"%PDF more"), "application/pdf"))]
        fields = {"place": 4, "reason": "Sót trang", "version": "1.1"}
        assert post(browser, f"/station/insert/{document.id}", **{**fields, "reason": " "}).status_code == 422
        assert post(browser, f"/station/insert/{document.id}", file, **fields).status_code == 200
        house.clock.advance(timedelta(seconds=1))
        work(house)
        assert len(papers(browser)["đơn.pdf"]["pages"]) == 6
        version = papers(browser)["đơn.pdf"]["version"]
        empty = post(browser, f"/station/insert/{document.id}", **{**fields, "version": version})
        assert (empty.status_code, empty.json()["code"]) == (409, "folder_empty")
        (inbox / "scan.pdf").write_bytes(b"%PDF folder")
        os.utime(inbox / "scan.pdf", (house.clock.now().timestamp() - 60,) * 2)
        assert post(browser, f"/station/insert/{document.id}", **{**fields, "version": version}).status_code == 200
        work(house)
        assert len(papers(browser)["đơn.pdf"]["pages"]) == 9
        assert list(papers(browser)) == ["đơn.pdf"]
        assert not (inbox / "scan.pdf").exists()


def test_a_file_at_fault_is_not_inserted_and_its_fault_is_told(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    document = settled(house, browser)
    file = [("file", ("khóa.pdf", io.BytesIO(b"%PDF locked"), "application/pdf"))]
    house.house.views.error = EncryptedPdfError("locked", advice="Tệp có mật khẩu. Quét lại bản giấy.")
    answer = post(browser, f"/station/insert/{document.id}", file, place=1, reason="Sót", version="1.1")
    assert (answer.status_code, answer.json()["error"]) == (422, "Tệp có mật khẩu. Quét lại bản giấy.")
    assert house.catalogue.document(document.id).revision == 1


@pytest.mark.parametrize("act", ["split", "merge", "move", "insert", "undo", "pages"])
def test_pages_of_other_offices_are_not_touched(house: WebHouse, act: str) -> None:
    document = settled(house, house.signed_in("tam", Role.OPERATOR))
    browser = house.signed_in("xa", Role.OPERATOR, offices=("000.00.17.H05",))
    fields = {"page": 2, "other": document.id, "place": 1, "reason": "x", "changes": "{}"}
    assert post(browser, f"/station/{act}/{document.id}", **fields).status_code == 404


LIST = (
    "ma_thu_tuc\tten\tthanh_phan\n"
    "1.001193\tThủ tục đăng ký khai sinh\tTờ khai đăng ký khai sinh; Giấy khai sinh của cha, mẹ; Ảnh chân dung\n"
    "1.000656\tThủ tục đăng ký khai tử\t\n"
)


@pytest.fixture
def listed(house: WebHouse, tmp_path: Path) -> WebHouse:
    table = tmp_path / "thu-tuc.tsv"
    table.write_text(LIST, encoding="utf-8")
    house.flow.registers.import_procedures(table)
    return house


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("1.001", ["1.001193"]),
        ("dang ky khai", ["1.000656", "1.001193"]),
        ("Khai Tử", ["1.000656", "1.001193"]),
        ("khai tu", ["1.000656", "1.001193"]),
        ("ket hon", []),
        ("  ", []),
    ],
)
def test_procedures_are_found_as_one_types(listed: WebHouse, typed: str, codes: list[str]) -> None:
    browser = listed.signed_in("tam", Role.OPERATOR)
    found = browser.get("/station/procedures", params={"q": typed}).json()
    assert [one["code"] for one in found] == codes


def test_procedure_and_owner_are_declared_and_stand_on_the_slip(listed: WebHouse) -> None:
    browser = listed.signed_in("tam", Role.OPERATOR)
    declared = {"procedure": "1.001193", "owner_name": " trần thị  bưởi", "owner_id": "002 315 000 123"}
    said = post(browser, "/station/sheet", code=DOSSIER, number=0, **declared).json()
    assert said["number"] == 1
    assert [(one["name"], one["need"]) for one in said["state"]["needs"]] == [
        ("Tờ khai đăng ký khai sinh", "missing"),
        ("Giấy khai sinh của cha, mẹ", "missing"),
        ("Ảnh chân dung", "unknown"),
    ]
    settled(listed, browser)
    slip = browser.get(f"/station/slip?code={DOSSIER}").text
    assert "trần thị bưởi" in slip
    assert "002315000123" not in slip, "a slip may be lost"
    assert "Thủ tục đăng ký khai sinh" in slip
    assert "Tờ khai đăng ký khai sinh" in slip
    assert "<li>Giấy khai sinh của cha, mẹ</li>" not in slip, "it was taken in"
    (document,) = listed.catalogue.documents()
    record = json.loads(listed.store.get(f"dossiers/{DOSSIER}/{document.id}/r0001/record.json"))
    assert f"dossiers/{DOSSIER}/sheet/s0001.json" in {one["key"] for one in record["inputs"]}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"owner_id": "12345"}, "owner_id"),
        ({"owner_id": "999315000123"}, "owner_id"),
        ({"owner_id": "00231500012x"}, "owner_id"),
        ({"owner_name": "<script>"}, "owner_name"),
        ({"procedure": "9.999999"}, "procedure"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_nothing_is_kept(
    listed: WebHouse, typed: dict[str, str], field: str
) -> None:
    browser = listed.signed_in("tam", Role.OPERATOR)
    answer = post(browser, "/station/sheet", code=DOSSIER, number=0, **typed)
    assert answer.status_code == 422
    assert list(answer.json()["faults"]) == [field]
    assert listed.flow.sheets.newest(DOSSIER).number == 0


def test_of_two_who_declare_at_once_one_is_told(listed: WebHouse) -> None:
    one, other = (listed.signed_in(login, Role.OPERATOR) for login in ("tam", "hoa"))
    assert post(one, "/station/sheet", code=DOSSIER, number=0, owner_name="Trần Thị Bưởi").status_code == 200
    answer = post(other, "/station/sheet", code=DOSSIER, number=0, owner_name="Nguyễn Văn An")
    assert (answer.status_code, answer.json()["code"]) == (409, "changed_meanwhile")
    assert listed.flow.sheets.newest(DOSSIER).owner.name == "Trần Thị Bưởi"


def test_the_audit_log_tells_of_a_declaration_without_names_and_it_is_proven(listed: WebHouse) -> None:
    browser = listed.signed_in("tam", Role.OPERATOR)
    post(browser, "/station/sheet", code=DOSSIER, number=0, owner_name="Trần Thị Bưởi", owner_id="002315000123")
    told = "".join(one.details + one.reason for one in listed.catalogue.audit.happenings(DOSSIER))
    assert "sheet" in told
    assert "Bưởi" not in told
    assert "002315000123" not in told
    listed.flow.auditing.seal()
    assert list(verify(listed.store, listed.catalogue, listed.scratch, Report())) == []
    key = f"dossiers/{DOSSIER}/sheet/s0001.json"
    listed.store.remove(key)
    found = [one.damage for one in verify(listed.store, listed.catalogue, listed.scratch, Report())]
    assert found == [Damage.OBJECT_MISSING]


def test_what_was_declared_goes_with_the_last_paper_of_its_dossier(listed: WebHouse) -> None:
    browser = listed.signed_in("tam", Role.OPERATOR)
    post(browser, "/station/sheet", code=DOSSIER, number=0, owner_name="Trần Thị Bưởi")
    document = settled(listed, browser)
    erasing = Erasing(listed.store, listed.catalogue, listed.clock, shipped_retention())
    erasing.erase(document.id, actor="lan", reason="hết hạn", order="1/QĐ")
    assert list(listed.store.list(f"dossiers/{DOSSIER}/sheet/")) == []
    listed.flow.auditing.seal()
    assert list(verify(listed.store, listed.catalogue, listed.scratch, Report())) == []


def test_first_words_show_while_a_paper_is_still_read(house: WebHouse) -> None:
    browser = house.signed_in("tam", Role.OPERATOR)
    (taken,) = hand(browser).json()["taken"]
    flow.split_document(taken, house.flow)
    flow.read_page(taken, 2, house.flow)
    (paper,) = hand(browser, content=b"").json()["state"]["papers"]
    assert [page["text"] and page["text"][:12] for page in paper["pages"]] == [None, "CỘNG HÒA XÃ ", None]
