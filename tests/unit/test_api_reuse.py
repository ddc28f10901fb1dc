"""Reuse by the interface: ask, request, preview, release against a receipt; events, webhooks, the owner's own view."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipeline.client import UnprovenError, verify_content, verify_receipt, verify_values, verify_webhook
from pipeline.domain.audit import Action
from pipeline.domain.clients import Scope
from pipeline.domain.outbox import Delivery, DeliveryState, EventKind, ReuseEvent
from pipeline.domain.releases import ReleaseForm
from pipeline.ports.reuse import Posted
from pipeline.reuse_desk import Events, Revocations
from pipeline.web.api import make_api
from pipeline.web.api.cursors import cursor_behind
from tests.api_house import ApiHouse
from tests.reuse_office import AGENCY, BIRTH, LAN, MARITAL, OTHER_AGENCY, PROCEDURE, PURPOSE, entitled

BIRTH_PAPER = "20260105-0000000000aa"
HOOK = "https://dvc.example.vn/su-kien"
ASKED = {"owner": {"id12": LAN.id12}, "purpose": PURPOSE, "procedure": PROCEDURE}
HEADERS = {"Sohoa-Purpose": PURPOSE}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ApiHouse]:
    made = ApiHouse.make(tmp_path)
    with made.web:
        made.office.allow(entitled(), entitled(MARITAL))
        made.office.hold(BIRTH_PAPER)
        yield made


@pytest.fixture
def caller(house: ApiHouse) -> TestClient:
    return house.caller(house.system())


def wanted(**changes: object) -> dict[str, object]:
    return {"document": BIRTH_PAPER, "purpose": PURPOSE, "procedure": PROCEDURE} | changes


def opened(caller: TestClient, **changes: object) -> str:
    answer = caller.post("/v1/reuse/requests", json=wanted(**changes))
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/reuse/requests/{answer.json()['id']}"
    return str(answer.json()["id"])


def released(caller: TestClient, request: str) -> dict[str, Any]:
    answer = caller.post(f"/v1/reuse/requests/{request}/release")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_desk_learns_what_it_must_not_ask_for_again(caller: TestClient) -> None:
    answer = caller.post("/v1/reuse/checks", json=ASKED)
    assert answer.status_code == 200
    told = {one["type"]: one for one in answer.json()["components"]}
    assert {kind: one["held"] for kind, one in told.items()} == {BIRTH: "held_reusable", MARITAL: "not_held"}
    assert [one["type"] for one in answer.json()["dont_ask_again"]] == [BIRTH]
    assert told[BIRTH]["document"] == BIRTH_PAPER
    assert all(one["vi"] and one["en"] for one in told.values())
    by_name = {"owner": {"name": LAN.name, "birth_date": LAN.birth_date}, "purpose": PURPOSE, "types": [BIRTH]}
    assert caller.post("/v1/reuse/checks", json=by_name).status_code == 200


def test_a_check_is_in_the_audit_log_once_with_who_asked_and_what_for(house: ApiHouse, caller: TestClient) -> None:
    caller.post("/v1/reuse/checks", json=ASKED)
    house.web.flow.auditing.seal()
    lines = [line.happening for line in house.web.catalogue.audit.lines()]
    (told,) = [one for one in lines if one.action in {Action.CHECK, Action.CALL}]
    assert (told.actor, told.told["agency"], told.told["purpose"]) == ("dvc", AGENCY, PURPOSE)
    assert LAN.id12 not in repr(told)


@pytest.mark.parametrize(
    "change",
    [
        {"owner": {}},
        {"owner": {"id12": "1"}},
        {"procedure": "x"},
        {"purpose": "Vì cần"},
        {"on": 0},
        {"types": []},
        {"more": 1},
    ],
)
def test_a_question_that_is_none_is_refused(caller: TestClient, change: dict[str, object]) -> None:
    answer = caller.post("/v1/reuse/checks", json=ASKED | change)
    assert (answer.status_code, answer.json()["code"]) == (422, "faulty_request")
    assert LAN.id12 not in answer.text


def test_a_pdf_is_released_against_a_receipt_that_proves_it(house: ApiHouse, caller: TestClient) -> None:
    request = opened(caller)
    preview = caller.get(f"/v1/reuse/requests/{request}/preview").json()
    assert (preview["judgement"]["state"], preview["bytes"]) == ("valid", len(f"%PDF {BIRTH_PAPER} 1"))
    assert caller.get(f"/v1/reuse/requests/{request}/pdf").status_code == 404
    given = released(caller, request)
    keys = house.anybody().get("/v1/reuse/receipts/jwks.json").json()
    claims = verify_receipt(given["receipt"], keys, "dvc")
    pdf = caller.get(f"/v1/reuse/requests/{request}/pdf")
    verify_content(claims, pdf.content)
    with pytest.raises(UnprovenError):
        verify_content(claims, pdf.content + b"x")
    assert (claims["document"], claims["agency"], claims["purpose"]) == (BIRTH_PAPER, AGENCY, PURPOSE)
    assert released(caller, request)["receipt"] == given["receipt"]
    assert caller.get(f"/v1/reuse/requests/{request}").json()["state"] == "released"


def test_fields_alone_leave_where_fields_are_enough(house: ApiHouse, caller: TestClient) -> None:
    house.office.allow(entitled(form=ReleaseForm.FIELDS), entitled())
    given = released(caller, opened(caller))
    assert given["values"] == {"ho_ten": LAN.name, "ngay_sinh": LAN.birth_date}
    assert given["url"] is None
    keys = house.anybody().get("/v1/reuse/receipts/jwks.json").json()
    verify_values(verify_receipt(given["receipt"], keys, "dvc"), given["values"])


def test_what_no_law_entitles_is_refused_with_the_reason_and_audited(house: ApiHouse, caller: TestClient) -> None:
    stranger = house.caller(house.system("stranger", agency=OTHER_AGENCY, offices=frozenset({OTHER_AGENCY})))
    for who, change in ((stranger, {}), (caller, {"purpose": "vi_muc_dich_khac"}), (caller, {"procedure": "1.000001"})):
        answer = who.post("/v1/reuse/requests", json=wanted(**change))
        assert (answer.status_code, answer.json()["reason"]) == (403, "not_entitled")
        assert answer.json()["detail"]
    house.web.flow.auditing.seal()
    lines = [line.happening for line in house.web.catalogue.audit.lines()]
    refused = [one for one in lines if one.action == Action.REUSE_REFUSAL]
    assert [one.actor for one in refused] == ["stranger", "dvc", "dvc"]
    calls = [one for one in lines if one.action == Action.REFUSAL]
    assert [(one.actor, one.reason) for one in calls][1] == ("system dvc", "vi_muc_dich_khac")


def test_a_paper_that_was_revoked_after_it_was_requested_does_not_leave(house: ApiHouse, caller: TestClient) -> None:
    request = opened(caller)
    released(caller, request)
    Revocations(house.office.ports).revoke(BIRTH_PAPER, reason="cấp sai", basis="Quyết định 1/QĐ-UBND", actor="lan")
    for answer in (
        caller.post(f"/v1/reuse/requests/{request}/release"),
        caller.get(f"/v1/reuse/requests/{request}/pdf"),
        caller.post("/v1/reuse/requests", json=wanted()),
    ):
        assert (answer.status_code, answer.json()["reason"]) == (403, "revoked")
    assert caller.get(f"/v1/reuse/requests/{request}/preview").json()["judgement"]["state"] == "revoked"


def test_a_request_of_another_system_is_not_there(house: ApiHouse, caller: TestClient) -> None:
    request = opened(caller)
    other = house.caller(house.system("other"))
    for method, part in (("GET", ""), ("GET", "/preview"), ("POST", "/release"), ("GET", "/pdf")):
        assert other.request(method, f"/v1/reuse/requests/{request}{part}").status_code == 404


def test_the_same_key_is_the_same_request_and_its_answer_is_kept_nowhere(house: ApiHouse, caller: TestClient) -> None:
    key = {"Idempotency-Key": "hồ-sơ".encode().hex()}
    first, again = (caller.post("/v1/reuse/requests", json=wanted(), headers=key) for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    assert "idempotency-replayed" not in again.headers
    other = caller.post("/v1/reuse/requests", json=wanted(consent="c-1"), headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        (Scope.REUSE_CHECK, "POST", "/v1/reuse/checks"),
        (Scope.REUSE_REQUEST, "POST", "/v1/reuse/requests"),
        (Scope.REUSE_REQUEST, "GET", "/v1/reuse/requests/0123456789abcdef"),
        (Scope.EVENTS, "GET", "/v1/events"),
        (Scope.OWNERS_READ, "POST", "/v1/owners/accesses"),
    ],
)
def test_each_address_asks_for_its_scope(house: ApiHouse, scope: Scope, method: str, path: str) -> None:
    bodies = {"/v1/reuse/checks": ASKED, "/v1/reuse/requests": wanted(), "/v1/owners/accesses": {"owner": {"id12": LAN.id12}}}
    body = bodies.get(path)
    without = house.caller(house.system(), set(Scope) - {scope}).request(method, path, json=body, headers=HEADERS)
    assert (without.status_code, without.json()["missing"]) == (403, [scope.value])


def test_events_are_fetched_in_order_and_gone_on_with_later(house: ApiHouse, caller: TestClient) -> None:
    Events(house.office.ports).plan()
    first = caller.get("/v1/events").json()
    assert "document.approved" in [one["kind"] for one in first["events"]]
    assert caller.get(f"/v1/events?cursor={first['next']}").json()["events"] == []
    Revocations(house.office.ports).revoke(BIRTH_PAPER, reason="cấp sai", basis="Quyết định 1/QĐ-UBND", actor="lan")
    Events(house.office.ports).plan()
    (revoked,) = caller.get(f"/v1/events?cursor={first['next']}").json()["events"]
    assert (revoked["kind"], revoked["document"]) == ("document.revoked", BIRTH_PAPER)
    stranger = house.caller(house.system("stranger", agency=OTHER_AGENCY, offices=frozenset({OTHER_AGENCY})))
    assert stranger.get("/v1/events").json()["events"] == []


def test_webhooks_are_subscribed_to_proven_rotated_and_ended(house: ApiHouse, caller: TestClient) -> None:
    made = caller.post("/v1/events/subscriptions", json={"url": HOOK, "kinds": ["document.approved"]})
    assert made.status_code == 201
    told = made.json()
    house.office.hold("20260105-0000000000bb", MARITAL)
    service = Events(house.office.ports)
    assert service.deliver_due() > 0
    url, body, headers = house.office.receivers.posted[-1]
    now = house.web.clock.now().timestamp()
    assert url == HOOK
    verify_webhook(headers, body, {f"{told['id']}.{told['key']}": told["secret"]}, now)
    fresh = caller.post(f"/v1/events/subscriptions/{told['id']}/rotate").json()
    assert (fresh["key"], fresh["secret"] != told["secret"]) == (2, True)
    other = house.caller(house.system("other"))
    assert other.post(f"/v1/events/subscriptions/{told['id']}/rotate").status_code == 404
    assert caller.delete(f"/v1/events/subscriptions/{told['id']}").status_code == 204
    (listed,) = caller.get("/v1/events/subscriptions").json()["subscriptions"]
    assert listed["ended"]
    assert "secret" not in listed


def test_a_receiver_that_is_not_allowed_and_offices_of_others_are_refused(house: ApiHouse, caller: TestClient) -> None:
    foreign = {"url": HOOK, "kinds": ["document.approved"], "offices": [OTHER_AGENCY]}
    answer = caller.post("/v1/events/subscriptions", json=foreign)
    assert (answer.status_code, answer.json()["reason"]) == (409, "office_refused")
    for url in ("http://dvc.example.vn/x", "https://user:pass@host/x", "ftp://x", "https://"):
        assert caller.post("/v1/events/subscriptions", json=foreign | {"url": url}).status_code == 422


def test_what_could_not_be_delivered_is_listed_and_tried_again(house: ApiHouse, caller: TestClient) -> None:
    caller.post("/v1/events/subscriptions", json={"url": HOOK, "kinds": ["document.approved"]})
    house.office.receivers.answers[HOOK] = Posted(500, "down")
    house.office.hold("20260105-0000000000bb", MARITAL)
    service = Events(house.office.ports)
    for _ in range(40):
        service.deliver_due()
        house.web.clock.advance(timedelta(hours=7))
    fresh = house.caller(house.web.catalogue.clients.client("dvc"))
    dead = fresh.get("/v1/events/dead-letters").json()["deliveries"]
    assert dead
    assert {one["state"] for one in dead} == {"dead"}
    other = house.caller(house.system("other"))
    assert other.get("/v1/events/dead-letters").json()["deliveries"] == []
    assert other.post(f"/v1/events/dead-letters/{dead[0]['id']}/retry").status_code == 404
    again = fresh.post(f"/v1/events/dead-letters/{dead[0]['id']}/retry")
    assert (again.status_code, again.json()["state"]) == (200, "waiting")


def test_all_that_could_not_be_delivered_is_listed_page_by_page(house: ApiHouse, caller: TestClient) -> None:
    made = caller.post("/v1/events/subscriptions", json={"url": HOOK, "kinds": ["document.approved"]}).json()["id"]
    outbox, now = house.office.catalogue.outbox, house.web.clock.now()
    for number in range(5):
        event = ReuseEvent(0, f"e{number}", EventKind.DOCUMENT_APPROVED, now, "", f"B{number}")
        outbox.enter(event)
        outbox.plan(event, [Delivery(f"dead-{number}", event, made, DeliveryState.DEAD, 16, now)])
    found, path = [], "/v1/events/dead-letters?limit=2"
    for _ in range(3):
        page = caller.get(path).json()
        found += [one["event"]["document"] for one in page["deliveries"]]
        path = f"/v1/events/dead-letters?limit=2&cursor={page['next']}"
    assert (found, page["next"]) == (["B4", "B3", "B2", "B1", "B0"], None)
    assert len(caller.get("/v1/events/dead-letters").json()["deliveries"]) == 5
    faulty = cursor_behind("dead-letters", "no place")
    assert caller.get(f"/v1/events/dead-letters?cursor={faulty}").status_code == 404
    caller.delete(f"/v1/events/subscriptions/{made}")
    refused = caller.post("/v1/events/dead-letters/dead-0/retry")
    assert (refused.status_code, refused.json()["reason"]) == (409, "subscription_ended")


def test_an_owner_sees_who_fetched_what_and_what_for(house: ApiHouse, caller: TestClient) -> None:
    released(caller, opened(caller))
    portal = house.caller(house.system("portal", [Scope.OWNERS_READ]))
    (access,) = portal.post("/v1/owners/accesses", json={"owner": {"id12": LAN.id12}}, headers=HEADERS).json()["accesses"]
    assert (access["system"], access["agency"], access["purpose"]) == ("dvc", AGENCY, PURPOSE)
    assert (access["document"], access["form"]) == (BIRTH_PAPER, "pdf")
    assert access["sha256"] == hashlib.sha256(f"%PDF {BIRTH_PAPER} 1".encode()).hexdigest()
    nobody = portal.post("/v1/owners/accesses", json={"owner": {"id12": "001190000999"}}, headers=HEADERS)
    assert nobody.json() == {"accesses": []}
    by_name = {"owner": {"name": LAN.name, "birth_date": LAN.birth_date}}
    assert portal.post("/v1/owners/accesses", json=by_name, headers=HEADERS).status_code == 422


def test_an_installation_without_reuse_has_none_of_its_addresses(house: ApiHouse) -> None:
    bare = make_api(replace(house.web.house, reuse=None))
    paths = bare.openapi()["paths"]
    assert "/dossiers" in paths
    assert not any(path.startswith(("/reuse", "/events", "/owners")) for path in paths)
