"""The page of events that could not be told: seen by administrators, tried again, dropped for a reason that is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.domain.outbox import Delivery, DeliveryState, EventKind, ReuseEvent
from pipeline.domain.people import Role
from pipeline.ports.reuse import Posted
from pipeline.reuse.webhooks import TRIES, pause_after
from pipeline.reuse_desk import DeadLetters, Events, Subscriptions
from pipeline.web.letters import error_in_words, host_of
from pipeline.web.words import WORDS
from tests.reuse_office import AGENCY, DESK, LAN, OTHER_AGENCY, STRANGER, ReuseOffice, open_reuse
from tests.unit.test_web_systems import systems_house
from tests.web_house import WebHouse, token_of

SECRET = "https://desk.example.vn:8443/hooks/a-secret-path?key=hidden"
OTHERS = "https://other.example.vn/hooks"


def give_up(office: ReuseOffice) -> None:
    """Have every receiver fail, until all there is to tell is given up."""
    for url in (SECRET, OTHERS):
        office.receivers.answers[url] = Posted(500, "the receiver answered 500")
    for number in range(1, TRIES + 1):
        office.events.deliver_due()
        office.clock.advance(pause_after(number))


def bury(office: ReuseOffice, count: int, to: str = "") -> set[str]:
    """So many more that were given up, several at the same moment; the documents that they are of."""
    to = to or office.subscriptions.all_of(DESK.id)[0].id
    now = office.clock.now()
    for number in range(count):
        event = ReuseEvent(0, f"e{number}", EventKind.DOCUMENT_APPROVED, now, document=f"B{number}", dossier="")
        office.catalogue.outbox.enter(event)
        due = now + timedelta(seconds=number // 30)
        office.catalogue.outbox.plan(event, [Delivery(f"d{number}", event, to, DeliveryState.DEAD, TRIES, due)])
    return {f"B{number}" for number in range(count)}


@contextmanager
def letters_house(tmp_path: Path) -> Iterator[tuple[WebHouse, ReuseOffice]]:
    """A house of which a system did not take three events, and another one took none."""
    with WebHouse(tmp_path) as web:
        office = open_reuse(web, tmp_path)
        office.events, office.subscriptions = Events(office.ports), Subscriptions(office.ports)
        office.letters = DeadLetters(office.ports)
        office.subscriptions.add(DESK, SECRET, {EventKind.DOCUMENT_APPROVED}, (AGENCY,))
        office.subscriptions.add(STRANGER, OTHERS, {EventKind.DOCUMENT_APPROVED}, (OTHER_AGENCY,))
        for number in range(3):
            office.hold(f"D{number}", number=f"{number}/2020")
        office.hold("X0", number="x/2020", dossier=f"{OTHER_AGENCY}-260105-0001")
        give_up(office)
        yield web, office


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[WebHouse, ReuseOffice]]:
    with letters_house(tmp_path) as made:
        yield made


def states(office: ReuseOffice, system: str = DESK.id) -> list[str]:
    (to,) = office.subscriptions.all_of(system)
    return sorted(one.state.value for one in office.catalogue.outbox.deliveries(subscription=to.id))


def first_of(office: ReuseOffice, system: str = DESK.id) -> Delivery:
    return next(office.letters.walk(system)).delivery


def told(office: ReuseOffice) -> list[tuple[str, str, object]]:
    """Who did what with deliveries, by the audit log."""
    log = office.catalogue.audit
    log.seal("2026-01-09", 1000)
    lines = [line.happening for line in log.lines() if line.happening.action == "subscription"]
    return [(one.actor, one.reason, one.told.get("why")) for one in lines if one.reason != "added"]


def test_administrators_see_what_was_given_up_and_nothing_of_people_or_secrets(house: tuple[WebHouse, ReuseOffice]) -> None:
    web, office = house
    browser = web.signed_in("x", Role.ADMINISTRATOR)
    page = browser.get("/letters").text
    first = first_of(office)
    assert first.begun is not None
    for at in (first.event.at, first.begun, first.due):
        assert at.isoformat() in page
    for shown in ("desk.example.vn:8443", DESK.id, "D0", "D2", "X0", f"{TRIES} lần gửi", "mã trả lời 500", "được duyệt"):
        assert shown in page, shown
    for hidden in ("a-secret-path", "key=", LAN.name, LAN.id12):
        assert hidden not in page, hidden
    assert "could not be told" in browser.get("/letters", params={"lang": "en"}).text
    assert "4 thông báo chưa gửi được" in browser.get("/", params={"lang": "vi"}).text
    other = web.signed_in("y", Role.MANAGER)
    assert other.get("/letters").status_code == 403
    assert "/letters" not in other.get("/").text


def test_the_pages_of_systems_lead_to_what_each_did_not_take(tmp_path: Path) -> None:
    with systems_house(tmp_path) as web:
        office = open_reuse(web, tmp_path)
        to, _ = Subscriptions(office.ports).add(replace(DESK, id="dvc"), SECRET, (), (AGENCY,))
        browser = web.signed_in("x", Role.ADMINISTRATOR)
        assert 'href="/letters?system=dvc"' not in browser.get("/systems/dvc").text
        bury(office, 3, to.id)
        assert 'href="/letters?system=dvc">3<' in browser.get("/systems/dvc").text
        assert "Thông báo chưa gửi được: 3" in browser.get("/systems").text
        assert "<b>" not in browser.get("/letters").text


def test_the_list_is_of_one_system_and_in_the_order_that_is_asked_for(house: tuple[WebHouse, ReuseOffice]) -> None:
    web, _ = house
    browser = web.signed_in("x", Role.ADMINISTRATOR)
    mine = browser.get("/letters", params={"system": DESK.id}).text
    assert ("<code>D0" in mine, "<code>X0" in mine) == (True, False)
    found = [browser.get("/letters", params={"order": order}).text for order in ("newest", "oldest")]
    marks = [[page.index(f"<code>{name}") for name in ("D0", "D1", "D2", "X0")] for page in found]
    in_order = [sorted(range(4), key=places.__getitem__) for places in marks]
    assert in_order[0] == in_order[1][::-1]
    assert browser.get("/letters", params={"behind": "no place"}).status_code == 422
    assert "Không có thông báo nào như vậy" in browser.get("/letters", params={"state": "dropped"}).text


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_every_letter_is_on_one_page(house: tuple[WebHouse, ReuseOffice], order: str) -> None:
    web, office = house
    names = {f"D{number}" for number in range(3)} | bury(office, 107)
    browser = web.signed_in("x", Role.ADMINISTRATOR)
    found: list[str] = []
    path = f"/letters?system={DESK.id}&order={order}"
    for expected in (50, 50, 10):
        page = browser.get(path).text
        shown = [part.partition("<")[0] for part in page.split("<code>")[1:]]
        assert len(shown) == expected
        found += shown
        path = page.partition('" rel="next"')[0].rpartition('"')[2].replace("&amp;", "&")
    assert (len(found), set(found)) == (110, names)
    assert 'rel="next"' not in page


def test_one_or_all_of_a_system_are_tried_again(house: tuple[WebHouse, ReuseOffice]) -> None:
    web, office = house
    browser = web.signed_in("x", Role.ADMINISTRATOR)
    form = {"csrf": token_of(browser)}
    first = first_of(office)
    assert browser.post(f"/letters/{first.id}/retry?order=oldest", data=form).url.query == b"order=oldest"
    assert states(office) == ["dead", "dead", "waiting"]
    assert browser.post(f"/letters/{first.id}/retry", data=form).status_code == 404
    office.receivers.answers.clear()
    browser.post(f"/letters/of/{DESK.id}/retry", data=form)
    assert office.events.deliver_due() == 3
    assert (states(office), states(office, STRANGER.id)) == (["done"] * 3, ["dead"])
    assert browser.post(f"/letters/{first.id}/retry", data=form).status_code == 404
    browser.post(f"/letters/of/{DESK.id}/retry", data=form)
    browser.post(f"/letters/{first_of(office, STRANGER.id).id}/retry", data=form)
    assert "Không có thông báo nào bị kẹt" in browser.get("/letters").text
    assert "/letters" not in browser.get("/").text
    assert told(office) == [("x", "tried again", None), ("x", "all tried again", None), ("x", "tried again", None)]


def test_one_is_dropped_for_a_reason_only_and_is_kept(house: tuple[WebHouse, ReuseOffice]) -> None:
    web, office = house
    browser = web.signed_in("x", Role.ADMINISTRATOR)
    form = {"csrf": token_of(browser)}
    first = first_of(office)
    refused = browser.post(f"/letters/{first.id}/drop", data={**form, "reason": " "})
    assert (refused.status_code, "Hãy ghi lý do bỏ." in refused.text) == (422, True)
    assert states(office) == ["dead"] * 3
    browser.post(f"/letters/{first.id}/drop", data={**form, "reason": "đã báo  bằng <b>điện thoại</b>"})
    assert states(office) == ["dead", "dead", "dropped"]
    dropped = browser.get("/letters", params={"state": "dropped"}).text
    assert "x: đã báo bằng &lt;b&gt;điện thoại" in dropped
    assert "3 thông báo chưa gửi được" in browser.get("/").text
    assert browser.post(f"/letters/{first.id}/drop", data={**form, "reason": "x"}).status_code == 404
    browser.post(f"/letters/of/{DESK.id}/retry", data=form)
    assert states(office) == ["dropped", "waiting", "waiting"]
    browser.post(f"/letters/{first.id}/retry", data=form)
    assert states(office) == ["waiting"] * 3
    why = "đã báo bằng <b>điện thoại</b>"
    assert told(office) == [("x", "dropped", why), ("x", "all tried again", None), ("x", "tried again", None)]


def test_what_is_dropped_a_second_time_is_told_by_the_second_reason(house: tuple[WebHouse, ReuseOffice]) -> None:
    _, office = house
    first = first_of(office)
    for why in ("một", "hai"):
        office.letters.drop(first.id, why=why, actor="an")
        (found,) = office.letters.walk(state=DeliveryState.DROPPED)
        assert found.dropped is not None
        assert (found.dropped.actor, found.dropped.told["why"]) == ("an", why)
        office.letters.retry(first.id, actor="an")
        give_up(office)


def test_nothing_is_sent_again_to_who_listens_no_more(house: tuple[WebHouse, ReuseOffice]) -> None:
    web, office = house
    browser = web.signed_in("x", Role.ADMINISTRATOR)
    form = {"csrf": token_of(browser)}
    (to,) = office.subscriptions.all_of(DESK.id)
    office.catalogue.outbox.subscribe(replace(to, ended=True))
    first = first_of(office)
    refused = browser.post(f"/letters/{first.id}/retry", data=form)
    assert (refused.status_code, "Đăng ký nhận này đã kết thúc" in refused.text) == (422, True)
    browser.post(f"/letters/of/{DESK.id}/retry", data=form)
    assert states(office) == ["dead"] * 3
    assert f"/letters/{first.id}/retry" not in browser.get("/letters").text
    assert told(office) == []


def test_nothing_is_changed_without_the_token_of_the_page(house: tuple[WebHouse, ReuseOffice]) -> None:
    web, office = house
    browser = web.signed_in("x", Role.ADMINISTRATOR)
    first = first_of(office)
    for path in (f"{first.id}/retry", f"{first.id}/drop", f"of/{DESK.id}/retry"):
        assert browser.post(f"/letters/{path}", data={"reason": "x"}).status_code == 403
    assert states(office) == ["dead"] * 3


@pytest.mark.parametrize("language", WORDS)
def test_errors_and_kinds_of_events_are_told_in_words(language: str) -> None:
    words = WORDS[language]
    assert all(f"le_{kind.value.replace('.', '_')}" in words for kind in EventKind)
    errors = {
        "the subscription has ended": words["le_ended"],
        "the receiver answered 503": f"{words['le_answered']} 503",
        "not posted: x leads to 10.0.0.1": words["le_not_allowed"],
        "desk.example.vn is not found: [Errno -2]": words["le_not_found"],
        "ReadTimeoutError: read timed out": words["le_timeout"],
        "ConnectTimeoutError: timed out": words["le_timeout"],
        "SSLError: certificate": words["le_tls"],
        "NewConnectionError: refused": words["le_no_connection"],
        "": words["le_no_connection"],
    }
    assert {error: error_in_words(error, words) for error in errors} == errors


def test_of_an_address_the_host_alone_is_shown() -> None:
    assert host_of("https://u:p@desk.example.vn/hooks?key=1") == "desk.example.vn"
    assert host_of("https://desk.example.vn:99999/") == ""
