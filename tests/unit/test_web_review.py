"""The review pages: who gets in, what is shown, what each step answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from pipeline import flow
from pipeline.domain.audit import Action
from pipeline.domain.documents import Document, QueueName, Status
from pipeline.domain.people import Role
from pipeline.domain.reviews import StepKind
from pipeline.review_desk import Desk, Rules
from pipeline.web.review_views import rows_of, sheets_of
from storage.memory import Message
from tests.reviewed_office import BIRTH, DOSSIER, look_at_all
from tests.web_house import WebHouse, token_of

STRANGE = '<script>alert("1")</script>.pdf'


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with WebHouse(tmp_path) as made:
        made.reader.pages = 1
        made.reader.texts = {"scripted": BIRTH}
        yield made


def hand_in(house: WebHouse, name: str = "giấy khai sinh.pdf", dossier: str = DOSSIER, content: bytes = b"%PDF") -> Document:
    path = house.scratch / "in.pdf"
    path.write_bytes(content + name.encode() + dossier.encode())
    found = flow.submit(path, name, dossier, QueueName.BATCH, house.flow)

    def handle(message: Message) -> None:
        if message.step == "read":
            flow.read_page(message.document, message.page, house.flow)
        else:
            step = flow.split_document if message.step == "split" else flow.finish_document
            step(message.document, house.flow)

    house.dispatcher.drain(handle)
    return house.catalogue.document(found.id)


def post(browser: TestClient, path: str, **values: object) -> Response:
    token = token_of(browser, "/review")
    return browser.post(path, data={"csrf": token, **values}, follow_redirects=False)


def settle(browser: TestClient, document: Document, text: str = "002315000128", **values: object) -> Response:
    said = {"revision": 1, "part": 1, "key": "so_dinh_danh", "kind": "set", "text": text, "seconds": 2.5, **values}
    return post(browser, f"/review/{document.id}/settle", **said)


def test_the_queue_shows_what_waits_and_leads_to_it(house: WebHouse) -> None:
    document = hand_in(house)
    page = house.signed_in("hoa", Role.REVIEWER).get("/review").text
    assert f"/review/{document.id}" in page
    assert "Giấy khai sinh" in page


def test_the_desk_shows_every_field_with_its_place_and_its_words(house: WebHouse) -> None:
    document = hand_in(house)
    page = house.signed_in("hoa", Role.REVIEWER).get(f"/review/{document.id}").text
    found = re.search(r'id="f1-so_dinh_danh"[^>]*data-page="1"[^>]*data-boxes="(1,\d+,\d+,\d+,\d+;)"', page)
    assert found
    assert 'value="002315000123"' in page
    assert '<span class="words">002315000123</span>' in page


def test_words_of_values_come_with_how_sure_they_are_for_the_parts_asked_for(house: WebHouse) -> None:
    document, browser = hand_in(house), house.signed_in("hoa", Role.REVIEWER)
    said = browser.get(f"/review/{document.id}/words?part=1").json()
    assert said["f1-so_dinh_danh"] == [["002315000123", 0]]
    assert browser.get(f"/review/{document.id}/words?part=7").status_code == 404
    assert browser.get(f"/review/{document.id}/words").status_code == 422
    assert (
        house.signed_in("elsewhere", Role.REVIEWER, offices=("000.00.17.H05",))
        .get(f"/review/{document.id}/words?part=1")
        .status_code
        == 404
    )


def test_the_page_itself_never_reads_the_words_of_pages_back(house: WebHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    document, browser = hand_in(house), house.signed_in("hoa", Role.REVIEWER)
    asked: list[str] = []
    get = house.store.get
    monkeypatch.setattr(house.store, "get", lambda key: (asked.append(key), get(key))[1])
    assert browser.get(f"/review/{document.id}").status_code == 200
    assert any(key.endswith("record.json") for key in asked)
    assert not any(key.endswith("alto.xml") for key in asked)


def test_the_scan_that_is_asked_for_first_is_that_of_what_is_to_be_looked_at_first(house: WebHouse) -> None:
    document, browser = hand_in(house), house.signed_in("hoa", Role.REVIEWER)
    page = browser.get(f"/review/{document.id}").text
    assert f'<link rel="preload" as="image" fetchpriority="high" href="/scans/{document.id}/1.webp?width=1240">' in page


def test_looking_at_a_paper_stands_in_the_audit_log(house: WebHouse) -> None:
    document = hand_in(house)
    house.signed_in("hoa", Role.REVIEWER).get(f"/review/{document.id}")
    told = [one for one in house.catalogue.audit.happenings(document.id) if one.action == Action.VIEW]
    assert [(one.actor, one.reason) for one in told] == [("hoa", "review")]


def test_a_step_answers_how_the_draft_stands(house: WebHouse) -> None:
    document, browser = hand_in(house), house.signed_in("hoa", Role.OPERATOR)
    said = settle(browser, document).json()
    assert said["fields"]["f1-so_dinh_danh"]["value"] == "002315000128"
    assert said["undo"] is True
    assert said["open"] == said["all"]
    undone = post(browser, f"/review/{document.id}/undo", revision=1).json()
    assert undone["fields"]["f1-so_dinh_danh"]["value"] == "002315000123"
    assert undone["redo"] is True


def test_what_cannot_be_a_value_is_told_in_words(house: WebHouse) -> None:
    document, browser = hand_in(house), house.signed_in("hoa", Role.OPERATOR)
    answer = settle(browser, document, "12 34")
    assert (answer.status_code, answer.json()["error"]) == (422, "Số định danh phải có 12 chữ số; đã nhập 4.")


def test_who_holds_a_paper_is_told_and_nobody_else_changes_it(house: WebHouse) -> None:
    document = hand_in(house)
    hoa, binh = house.signed_in("hoa", Role.OPERATOR), house.signed_in("binh", Role.OPERATOR)
    assert post(hoa, f"/review/{document.id}/claim").json()["mine"] is True
    held = post(binh, f"/review/{document.id}/claim").json()
    assert (held["mine"], held["holder"]) == (False, "Hoa")
    assert settle(binh, document).status_code == 409
    post(binh, f"/review/{document.id}/take-over", reason="Chị Hoa nghỉ")
    assert settle(binh, document).status_code == 200
    assert settle(hoa, document).status_code == 409


def test_approving_leads_to_the_next_paper(house: WebHouse) -> None:
    document, other = hand_in(house), hand_in(house, "khác.pdf")
    browser = house.signed_in("hoa", Role.REVIEWER)
    look_at_all(Desk(house.flow, Rules()), document, "hoa")
    answer = post(browser, f"/review/{document.id}/approve", revision=1)
    assert answer.headers["location"] == f"/review/{other.id}?done=approved"
    assert house.catalogue.document(document.id).status is Status.APPROVED


def test_an_operator_corrects_and_only_a_reviewer_decides(house: WebHouse) -> None:
    document, browser = hand_in(house), house.signed_in("tam", Role.OPERATOR)
    look_at_all(Desk(house.flow, Rules()), document, "tam")
    assert post(browser, f"/review/{document.id}/approve", revision=1).status_code == 403
    assert post(browser, f"/review/{document.id}/reject", code="rescan", reason="mờ").status_code == 403
    assert "Duyệt và ký" not in browser.get(f"/review/{document.id}").text


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR, Role.RECORDS_OFFICER])
def test_others_do_not_see_the_desk(house: WebHouse, role: Role) -> None:
    document, browser = hand_in(house), house.signed_in("lan", role)
    assert browser.get("/review").status_code == 403
    assert browser.get(f"/review/{document.id}").status_code == 403
    assert browser.post(f"/review/{document.id}/claim", data={"csrf": token_of(browser)}).status_code == 403


def test_papers_of_other_offices_are_not_there(house: WebHouse) -> None:
    document = hand_in(house)
    browser = house.signed_in("xa", Role.REVIEWER, offices=("000.00.17.H05",))
    assert document.id not in browser.get("/review").text
    for path in (f"/review/{document.id}", f"/scans/{document.id}/1.webp"):
        assert browser.get(path).status_code == 404
    for act in ("claim", "take-over", "release", "settle", "undo", "redo", "approve", "reject", "reopen"):
        values = {"revision": 1, "part": 1, "key": "so", "kind": "confirm", "code": "rescan", "reason": "x"}
        assert post(browser, f"/review/{document.id}/{act}", **values).status_code == 404


def test_nothing_changes_without_the_token_of_the_visit(house: WebHouse) -> None:
    document, browser = hand_in(house), house.signed_in("hoa", Role.REVIEWER)
    values = {"revision": "1", "part": "1", "key": "so", "kind": "confirm"}
    assert browser.post(f"/review/{document.id}/settle", data=values).status_code == 403
    assert house.catalogue.reviews.steps(document.id, 1) == ()


def test_a_paper_sent_back_tells_the_reason(house: WebHouse) -> None:
    document, browser = hand_in(house), house.signed_in("hoa", Role.REVIEWER)
    answer = post(browser, f"/review/{document.id}/reject", code="rescan", reason="Trang 1 mờ")
    assert answer.headers["location"] == "/review?done=rejected"
    assert house.catalogue.events(document.id)[-1].reason == "rescan: Trang 1 mờ"
    assert "Đã trả lại" in browser.get("/review?done=rejected").text


def test_hostile_names_words_and_values_stay_text(house: WebHouse) -> None:
    house.reader.texts = {"scripted": BIRTH.replace("BƯỞI", "<img/src=x/onerror=alert(1)>")}
    document, browser = hand_in(house, STRANGE), house.signed_in("hoa", Role.REVIEWER)
    settle(browser, document, '"><svg onload=alert(1)>', key="noi_sinh")
    for path in ("/review", f"/review/{document.id}"):
        page = browser.get(path).text
        assert "<script>alert" not in page
        assert "<svg onload" not in page
        assert "<img/src" not in page
    assert browser.get("/review?done=<script>").status_code == 200
    assert "<script>" not in browser.get("/review?done=<script>").text.replace("<script src", "")


def test_the_next_paper_is_one_that_nobody_has(house: WebHouse) -> None:
    one, two = hand_in(house), hand_in(house, "khác.pdf")
    hoa, binh = house.signed_in("hoa", Role.OPERATOR), house.signed_in("binh", Role.OPERATOR)
    first = post(hoa, "/review/next").headers["location"]
    second = post(binh, "/review/next").headers["location"]
    assert {first, second} == {f"/review/{one.id}", f"/review/{two.id}"}
    assert post(house.signed_in("lan", Role.OPERATOR), "/review/next").headers["location"] == "/review"


def test_a_paper_that_is_done_leads_to_its_page(house: WebHouse) -> None:
    document, browser = hand_in(house), house.signed_in("hoa", Role.REVIEWER)
    desk = Desk(house.flow, Rules())
    look_at_all(desk, document, "hoa")
    desk.approve(document.id, 1, actor="hoa")
    answer = browser.get(f"/review/{document.id}", follow_redirects=False)
    assert answer.headers["location"] == f"/documents/{document.id}"


@pytest.mark.parametrize(("turn", "size"), [(0, (827, 1169)), (90, (1169, 827)), (180, (827, 1169)), (270, (1169, 827))])
def test_boxes_lie_where_the_words_are_once_the_page_is_upright(house: WebHouse, turn: int, size: tuple[int, int]) -> None:
    document = hand_in(house)
    desk = Desk(house.flow, Rules())
    case = desk.case(document.id)
    turned = case.rendered.replace(b'"rotation": 0', b'"rotation": %d' % turn)
    case = type(case)(case.document, turned, case.steps, case.claim, case.passed)
    (sheet,) = sheets_of(case)
    assert (sheet.width, sheet.height) == size
    rows = rows_of(case, case.parts[0])
    ((_, left, top, right, bottom),) = next(row for row in rows if row.id == "f1-so_dinh_danh").boxes
    seen = case.parts[0].fields[0]
    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]
    box = next(row for row in rows if row.id == "f1-so_dinh_danh").field.read.evidence[0].box  # type: ignore[union-attr]
    corners = {
        0: (box.left, box.top),
        90: (1169 - box.bottom, box.left),
        180: (827 - box.right, 1169 - box.bottom),
        270: (box.top, 827 - box.right),
    }
    assert (left, top) == tuple(round(side) for side in corners[turn])
    assert seen.place.part == 1


def test_every_kind_of_step_is_one_that_the_page_sends(root: Path) -> None:
    script = (root / "pipeline/web/static/review.js").read_text(encoding="utf-8")
    assert {kind.value for kind in StepKind} <= set(re.findall(r'"(\w+)"', script))


def test_the_page_of_a_paper_leads_to_its_review_and_back_from_its_approval(house: WebHouse) -> None:
    document, browser = hand_in(house), house.signed_in("hoa", Role.REVIEWER)
    assert f'href="/review/{document.id}"' in browser.get(f"/documents/{document.id}").text
    desk = Desk(house.flow, Rules())
    look_at_all(desk, document, "hoa")
    desk.approve(document.id, 1, actor="hoa")
    assert f"/review/{document.id}/reopen" in browser.get(f"/documents/{document.id}").text
    answer = post(browser, f"/review/{document.id}/reopen", reason="Sai số định danh")
    assert answer.headers["location"] == f"/review/{document.id}"
    assert house.catalogue.document(document.id).status is Status.NEEDS_REVIEW
