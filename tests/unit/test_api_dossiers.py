"""Dossiers handed in by other systems: uploads cut and gone on with, offices, conditions, keys, pages, what comes back."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipeline import archive
from pipeline.domain.audit import Action
from pipeline.domain.clients import Scope
from pipeline.domain.documents import QueueName, Status
from pipeline.domain.errors import UnavailableError
from pipeline.web.api.guarding import BODY_BYTES
from pipeline.web.api.problems import problem_kinds
from pipeline.web.house import Place
from tests.api_house import CODE, PIECE, PURPOSE, SCAN, ApiHouse, announce, hand_in, send, uploaded, work


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ApiHouse]:
    made = ApiHouse.make(tmp_path, Place(upload_bytes=100_000))
    with made.web:
        yield made


@pytest.fixture
def caller(house: ApiHouse) -> TestClient:
    return house.caller(house.system())


def test_a_system_hands_over_a_scan_and_takes_back_fields_text_and_pdf(house: ApiHouse, caller: TestClient) -> None:
    answer = hand_in(caller, uploaded(caller), queue="station")
    assert (answer.status_code, answer.headers["location"]) == (201, f"/v1/dossiers/{CODE}")
    (document,) = answer.json()["documents"]
    assert (document["status"], document["revision"], answer.json()["settled"]) == ("received", 0, False)
    stored = house.web.store.get(archive.original_key(hashlib.sha256(SCAN).hexdigest()))
    assert stored == SCAN
    assert house.web.catalogue.document(document["id"]).queue is QueueName.STATION
    assert not list(house.web.store.list("working/uploads/"))
    early = caller.get(f"/v1/documents/{document['id']}/fields", headers=PURPOSE)
    assert (early.status_code, early.json()["code"]) == (409, "not_read_yet")
    work(house)
    state = caller.get(f"/v1/dossiers/{CODE}").json()
    assert state["settled"]
    assert state["documents"][0]["pages"] == 3
    fields = caller.get(f"/v1/documents/{document['id']}/fields", headers=PURPOSE)
    assert fields.json()["revision"] == 1
    text = caller.get(f"/v1/documents/{document['id']}/text", headers=PURPOSE)
    assert "trang số 1" in text.text
    pdf = caller.get(f"/v1/documents/{document['id']}/pdf", headers=PURPOSE)
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["etag"] == f'"{hashlib.sha256(pdf.content).hexdigest()}"'
    for kept in (fields, text, pdf):
        again = caller.get(kept.request.url, headers=PURPOSE | {"If-None-Match": kept.headers["etag"]})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", kept.headers["etag"])


def test_an_upload_that_was_cut_goes_on_from_where_it_stood(house: ApiHouse, caller: TestClient) -> None:
    upload = announce(caller)["id"]
    assert send(caller, upload, SCAN[:300]).headers["upload-offset"] == "300"
    asked = caller.head(f"/v1/uploads/{upload}")
    assert (asked.headers["upload-offset"], asked.headers["upload-length"]) == ("300", str(len(SCAN)))
    wrong = send(caller, upload, SCAN[:300])
    assert (wrong.status_code, wrong.json()["code"]) == (409, "offset_mismatch")
    assert send(caller, upload, b"", 300).headers["upload-offset"] == "300"
    assert send(caller, upload, SCAN[300:], 300).status_code == 204
    assert caller.get(f"/v1/uploads/{upload}").json()["state"] == "whole"
    assert hand_in(caller, upload).status_code == 201


@pytest.mark.parametrize("checked", [False, True])
def test_what_came_before_a_connection_broke_is_kept_unless_a_checksum_says_what_should_have(
    house: ApiHouse, caller: TestClient, checked: bool
) -> None:
    upload = announce(caller)["id"]
    messages = [
        {"type": "http.request", "body": SCAN[:100], "more_body": True},
        {"type": "http.request", "body": SCAN[100:250], "more_body": True},
        {"type": "http.disconnect"},
    ]
    told = {"host": "127.0.0.1", "upload-offset": "0", **PIECE, "authorization": caller.headers["authorization"]}
    if checked:
        told["upload-checksum"] = f"sha256 {base64.b64encode(hashlib.sha256(SCAN).digest()).decode()}"
    scope = {
        "type": "http",
        "method": "PATCH",
        "path": f"/v1/uploads/{upload}",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in told.items()],
        "client": ("127.0.0.1", 1),
        "scheme": "http",
        "server": ("127.0.0.1", 8321),
    }

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if len(messages) > 1 else messages[0]

    async def send_back(_message: dict[str, Any]) -> None:
        return None

    asyncio.run(house.web.app(scope, receive, send_back))
    assert caller.head(f"/v1/uploads/{upload}").headers["upload-offset"] == ("0" if checked else "250")


def test_a_piece_with_its_checksum_is_taken_and_with_another_is_not(caller: TestClient) -> None:
    upload = announce(caller)["id"]
    right = f"sha256 {base64.b64encode(hashlib.sha256(SCAN[:10]).digest()).decode()}"
    refused = send(caller, upload, SCAN[1:11], **{"Upload-Checksum": right})
    assert (refused.status_code, refused.json()["code"]) == (409, "checksum_mismatch")
    assert send(caller, upload, SCAN[:10], **{"Upload-Checksum": right}).headers["upload-offset"] == "10"


def test_a_file_that_is_not_the_announced_one_is_never_handed_in(house: ApiHouse, caller: TestClient) -> None:
    upload = announce(caller, sha256="0" * 64)["id"]
    answer = send(caller, upload, SCAN)
    assert (answer.status_code, answer.json()["code"]) == (409, "checksum_mismatch")
    assert caller.get(f"/v1/uploads/{upload}").json()["state"] == "spoilt"
    assert hand_in(caller, upload).json()["code"] == "upload_used"
    assert not list(house.web.store.list(""))


def test_more_than_announced_or_allowed_is_refused(caller: TestClient) -> None:
    upload = announce(caller)["id"]
    assert send(caller, upload, SCAN + b"x").status_code == 413
    assert caller.head(f"/v1/uploads/{upload}").headers["upload-offset"] == "0"
    told = {"name": "a", "bytes": 100_001, "sha256": "0" * 64}
    assert caller.post("/v1/uploads", json=told).status_code == 413
    assert send(caller, upload, b"x" * 100_001).status_code == 413
    assert caller.post("/v1/dossiers", content=b"x" * (BODY_BYTES + 1)).status_code == 413


def test_uploads_of_others_unfinished_used_and_forgotten_ones_are_not_handed_in(house: ApiHouse, caller: TestClient) -> None:
    other = house.caller(house.system("other"))
    whole, begun, used, gone = uploaded(caller), announce(caller)["id"], uploaded(caller), uploaded(caller)
    assert hand_in(other, whole).status_code == 404
    assert other.get(f"/v1/uploads/{whole}").status_code == 404
    assert hand_in(caller, whole, begun).json()["code"] == "upload_not_whole"
    assert hand_in(caller, used).status_code == 201
    assert hand_in(caller, used, code="000.00.16.H05-260105-0008").json()["code"] == "upload_used"
    assert caller.delete(f"/v1/uploads/{gone}").status_code == 204
    assert hand_in(caller, gone).status_code == 404
    house.web.clock.advance(timedelta(hours=49))
    fresh = house.caller(house.web.catalogue.clients.client("dvc"))
    assert hand_in(fresh, whole).status_code == 404
    announce(fresh)
    assert house.web.catalogue.uploads.find(whole) is None


def test_a_dossier_without_a_code_gets_the_next_one_of_the_agency(caller: TestClient) -> None:
    first = hand_in(caller, uploaded(caller), code=None).json()
    second = hand_in(caller, uploaded(caller), code=None, office="000.00.16.H05").json()
    assert (first["code"], second["code"]) == ("000.00.16.H05-260105-0001", "000.00.16.H05-260105-0002")
    assert first["office"] == "000.00.16.H05"


def test_dossiers_of_other_offices_are_refused_to_senders_and_hidden_from_readers(house: ApiHouse, caller: TestClient) -> None:
    foreign = "H06-260105-0001"
    stranger = house.caller(house.system("h06", offices=frozenset({"H06"})))
    (document,) = hand_in(stranger, uploaded(stranger), code=foreign).json()["documents"]
    for answer in (
        hand_in(caller, uploaded(caller), code=foreign),
        hand_in(caller, uploaded(caller), code=None, office="H06"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_office")
    assert caller.get(f"/v1/dossiers/{foreign}").status_code == 404
    assert caller.get(f"/v1/documents/{document['id']}").status_code == 404
    assert caller.get(f"/v1/documents/{document['id']}/pdf", headers=PURPOSE).status_code == 404
    assert caller.get("/v1/documents").json()["documents"] == []
    assert [one["id"] for one in stranger.get("/v1/documents").json()["documents"]] == [document["id"]]


def test_the_same_call_with_the_same_key_is_made_once(house: ApiHouse, caller: TestClient) -> None:
    upload, key = uploaded(caller), {"Idempotency-Key": "hồ-sơ-1".encode().hex()}
    first = hand_in(caller, upload, headers=key)
    again = hand_in(caller, upload, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.content, again.headers["location"], again.headers["etag"]) == (
        first.content,
        first.headers["location"],
        first.headers["etag"],
    )
    assert again.headers["idempotency-replayed"] == "true"
    other = hand_in(caller, uploaded(caller), headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    stranger = house.caller(house.system("other"))
    assert "idempotency-replayed" not in hand_in(stranger, uploaded(stranger), headers=key).headers
    house.web.clock.advance(timedelta(hours=25))
    fresh = house.caller(house.web.catalogue.clients.client("dvc"))
    assert hand_in(fresh, uploaded(fresh, b"new"), headers=key).status_code == 201


def test_a_call_that_failed_may_be_made_again_with_its_key(house: ApiHouse, caller: TestClient) -> None:
    upload, key = uploaded(caller), {"Idempotency-Key": "again-and-again"}
    house.web.dispatcher.away = True
    away = hand_in(caller, upload, headers=key)
    assert (away.status_code, away.json()["code"], away.headers["retry-after"]) == (503, "unavailable", "5")
    house.web.dispatcher.away = False
    assert hand_in(caller, upload, headers=key).status_code == 201


def test_while_a_call_is_being_made_the_same_one_waits(house: ApiHouse, caller: TestClient) -> None:
    key = {"Idempotency-Key": "two-at-once"}
    inner = house.web.flow.dispatcher.split_document
    seen: list[int] = []

    def split(document: str, queue: QueueName) -> None:
        seen.append(hand_in(caller, upload, headers=key).status_code)
        inner(document, queue)

    upload = uploaded(caller)
    house.web.dispatcher.split_document = split
    assert hand_in(caller, upload, headers=key).status_code == 201
    assert seen == [409]


def test_a_dossier_that_was_handed_in_half_is_the_same_one_when_it_is_handed_in_again(
    house: ApiHouse, caller: TestClient
) -> None:
    uploads = [uploaded(caller, b"%d" % number) for number in range(3)]
    inner, left = house.web.flow.dispatcher.split_document, [None, UnavailableError("the broker is away")]

    def split(document: str, queue: QueueName) -> None:
        error = left.pop(0) if left else None
        if error:
            raise error
        inner(document, queue)

    house.web.dispatcher.split_document = split
    assert hand_in(caller, *uploads, code=None).status_code == 503
    done = hand_in(caller, *uploads, code=None)
    again = hand_in(caller, *uploads, code=None)
    assert (done.status_code, len(done.json()["documents"])) == (201, 3)
    assert again.json() == done.json()
    assert done.json()["code"].endswith("-0001")
    assert not list(house.web.store.list("working/uploads/"))


@pytest.mark.parametrize("key", ["short", "x" * 200, "with space here", "dấu-tiếng-việt".encode().decode("latin-1")])
def test_what_is_no_key_is_refused(caller: TestClient, key: str) -> None:
    answer = caller.post("/v1/uploads", json={}, headers={b"Idempotency-Key": key.encode("latin-1")})
    assert answer.status_code == 422


def test_more_papers_are_added_only_to_the_state_that_was_read(caller: TestClient) -> None:
    hand_in(caller, uploaded(caller))
    seen = caller.get(f"/v1/dossiers/{CODE}").headers["etag"]
    path = f"/v1/dossiers/{CODE}/documents"

    def more(content: bytes, **headers: str) -> Any:
        return caller.post(path, json={"documents": [{"upload": uploaded(caller, content)}]}, headers=headers)

    assert more(b"second", **{"If-Match": seen}).status_code == 201
    stale = more(b"third", **{"If-Match": seen})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert more(b"third", **{"If-Match": "*"}).status_code == 201
    assert more(b"fourth").status_code == 201
    assert len(caller.get(f"/v1/dossiers/{CODE}").json()["documents"]) == 4
    assert more(SCAN).status_code == 201
    assert len(caller.get(f"/v1/dossiers/{CODE}").json()["documents"]) == 4


def test_an_etag_is_the_same_until_something_changes(house: ApiHouse, caller: TestClient) -> None:
    hand_in(caller, uploaded(caller))
    first = caller.get(f"/v1/dossiers/{CODE}").headers["etag"]
    assert caller.get(f"/v1/dossiers/{CODE}", headers={"If-None-Match": f'"other", W/{first}'}).status_code == 304
    work(house)
    changed = caller.get(f"/v1/dossiers/{CODE}", headers={"If-None-Match": first})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first


def test_pages_of_a_list_hold_everything_once_whatever_comes_in_between(caller: TestClient) -> None:
    for number in range(5):
        hand_in(caller, uploaded(caller, b"%d" % number))
    seen: list[str] = []
    path = "/v1/documents?limit=2"
    while True:
        page = caller.get(path).json()
        seen += [one["id"] for one in page["documents"]]
        if "next" not in page:
            break
        path = f"/v1/documents?limit=2&cursor={page['next']}"
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen)


@pytest.mark.parametrize("change", ["cut", "other list", "noise"])
def test_a_cursor_of_another_list_is_not_taken(caller: TestClient, change: str) -> None:
    for number in range(2):
        hand_in(caller, uploaded(caller, b"%d" % number))
    cursor = caller.get("/v1/documents?limit=1").json()["next"]
    path = {
        "cut": f"/v1/documents?cursor={cursor[:-3]}",
        "other list": f"/v1/documents?dossier={CODE}&cursor={cursor}",
        "noise": "/v1/documents?cursor=AAAAAAAAAAAAAAAA",
    }[change]
    answer = caller.get(path)
    assert (answer.status_code, answer.json()["reason"]) == (404, "unknown_cursor")


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        (Scope.DOSSIERS_WRITE, "POST", "/v1/uploads"),
        (Scope.DOSSIERS_WRITE, "POST", "/v1/dossiers"),
        (Scope.DOSSIERS_READ, "GET", "/v1/documents"),
        (Scope.DOCUMENTS_READ, "GET", "/v1/documents/20260105-0123456789ab/fields"),
        (Scope.DOCUMENTS_READ, "GET", "/v1/documents/20260105-0123456789ab/pdf"),
    ],
)
def test_each_address_asks_for_its_scope(house: ApiHouse, scope: Scope, method: str, path: str) -> None:
    client = house.system()
    without = house.caller(client, set(Scope) - {scope}).request(method, path, json={}, headers=PURPOSE)
    assert (without.status_code, without.json()["missing"]) == (403, [scope.value])
    assert 'error="insufficient_scope"' in without.headers["www-authenticate"]
    assert house.caller(client, {scope}).request(method, path, json={}, headers=PURPOSE).status_code in {200, 404, 422}


@pytest.mark.parametrize("purpose", [None, "", "Vì cần", "x" * 65])
def test_what_shows_personal_data_asks_what_for(caller: TestClient, purpose: str | None) -> None:
    told = {} if purpose is None else {"Sohoa-Purpose": purpose.encode()}
    answer = caller.get("/v1/documents/20260105-0123456789ab/fields", headers=told)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "header.Sohoa-Purpose"


def test_calls_are_counted_and_too_many_are_told_when_to_come_again(house: ApiHouse) -> None:
    slow = house.caller(house.system("slow", rate=2))
    first = slow.get("/v1/systems/self")
    assert (first.headers["ratelimit"], first.headers["ratelimit-policy"]) == ('"calls";r=1;t=30', '"calls";q=2;w=60')
    slow.get("/v1/systems/self")
    refused = slow.get("/v1/systems/self")
    assert (refused.status_code, refused.headers["retry-after"], refused.json()["code"]) == (429, "30", "too_many_calls")
    assert house.caller(house.system("other")).get("/v1/systems/self").status_code == 200
    house.web.clock.advance(timedelta(seconds=30))
    assert slow.get("/v1/systems/self").status_code == 200


def test_every_call_is_in_the_audit_log_with_system_agency_and_purpose(house: ApiHouse, caller: TestClient) -> None:
    (document,) = hand_in(caller, uploaded(caller)).json()["documents"]
    work(house)
    told = PURPOSE | {"X-Correlation-Id": "one-of-mine-0001"}
    path = f"/v1/documents/{document['id']}/text"
    assert caller.get(path, headers=told).headers["x-correlation-id"] == "one-of-mine-0001"
    weak = house.caller(house.web.catalogue.clients.client("dvc"), {Scope.SEARCH})
    assert weak.get(path, headers=PURPOSE).status_code == 403
    house.web.flow.auditing.seal()
    lines = [line.happening for line in house.web.catalogue.audit.lines()]
    (view,) = [one for one in lines if one.action == Action.VIEW]
    assert (view.actor, view.reason, view.document) == ("system dvc", "giai_quyet_tthc", document["id"])
    assert view.told == {
        "agency": "000.00.16.H05",
        "correlation": "one-of-mine-0001",
        "method": "GET",
        "path": "/documents/{document_id}/text",
        "status": 200,
    }
    (refusal,) = [one for one in lines if one.action == Action.REFUSAL]
    assert (refusal.actor, refusal.told["status"]) == ("system dvc", 403)
    calls = [(one.told["method"], one.told["path"]) for one in lines if one.action == Action.CALL]
    assert calls == [("POST", "/uploads"), ("PATCH", "/uploads/{upload_id}"), ("POST", "/dossiers")]


def test_nothing_leaves_that_could_not_be_audited(
    house: ApiHouse, caller: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    (document,) = hand_in(caller, uploaded(caller)).json()["documents"]
    work(house)

    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(house.web.catalogue.audit, "note", broken)
    answer = caller.get(f"/v1/documents/{document['id']}/text", headers=PURPOSE)
    assert (answer.status_code, answer.json()["code"]) == (500, "fault")
    assert "trang" not in answer.text
    assert "disk" not in answer.text


def test_a_fault_of_ours_tells_nothing_but_its_name(house: ApiHouse, caller: TestClient) -> None:
    house.web.store.away = True
    upload = announce(caller)["id"]
    away = send(caller, upload, SCAN)
    assert (away.status_code, away.json()["code"]) == (503, "unavailable")
    house.web.store.away = False
    (document,) = hand_in(caller, uploaded(caller)).json()["documents"]
    work(house)
    found = house.web.catalogue.document(document["id"])
    key = archive.revision_key(found.dossier, found.id, 1, "record.json")
    house.web.store.put(key, b"no json of ours: secret")
    broken = caller.get(f"/v1/documents/{document['id']}/fields", headers=PURPOSE)
    assert (broken.status_code, broken.headers["content-type"]) == (500, "application/problem+json")
    assert broken.json()["correlation"] == broken.headers["x-correlation-id"]
    assert not any(word in broken.text for word in ("secret", "Traceback", "JSON", ".py"))


def test_an_erased_document_gives_nothing(house: ApiHouse, caller: TestClient) -> None:
    (document,) = hand_in(caller, uploaded(caller)).json()["documents"]
    work(house)
    house.web.catalogue.move(document["id"], Status.ERASED, actor="x", reason="y", at=house.web.clock.now())
    answer = caller.get(f"/v1/documents/{document['id']}/fields", headers=PURPOSE)
    assert (answer.status_code, answer.json()["reason"]) == (404, "erased")
    assert caller.get(f"/v1/dossiers/{CODE}").status_code == 404


@pytest.mark.parametrize(("language", "title"), [("vi", "Không có dữ liệu này"), ("en-GB, vi", "There is no such thing")])
def test_problems_speak_both_languages(caller: TestClient, language: str, title: str) -> None:
    answer = caller.get("/v1/documents/20260105-0123456789ab", headers={"Accept-Language": language})
    problem = answer.json()
    assert (problem["title"], problem["status"], problem["type"]) == (title, 404, "/v1/problems/not_found")
    assert answer.headers["content-language"] == language[:2]
    assert set(problem["titles"]) == set(problem["advice"]) == {"vi", "en"}
    meaning = caller.get(problem["type"]).json()
    assert (meaning["status"], meaning["titles"]) == (404, problem["titles"])


def test_every_kind_of_problem_says_what_to_do_in_both_languages() -> None:
    for kind in problem_kinds().values():
        assert 400 <= kind.status < 600
        assert all(kind.titles[language] and kind.advice[language].endswith(".") for language in ("vi", "en"))


def test_what_does_not_fit_is_named_but_not_repeated(caller: TestClient) -> None:
    answer = caller.post("/v1/uploads", json={"name": "bí mật", "bytes": "nhiều", "sha256": "x", "more": 1})
    assert answer.status_code == 422
    assert {one["where"] for one in answer.json()["errors"]} == {"body.bytes", "body.sha256", "body.more"}
    assert "nhiều" not in answer.text
    assert caller.post("/v1/uploads", content=b"{", headers={"Content-Type": "application/json"}).status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/nowhere", 404), ("PUT", "/v1/dossiers", 405), ("TRACE", "/v1/uploads", 405), ("GET", "/v1/dossiers/", 404)],
)
def test_unknown_addresses_and_methods_are_problems_too(house: ApiHouse, method: str, path: str, status: int) -> None:
    answer = house.anybody().request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert ("allow" in answer.headers) == (status == 405)


def test_every_answer_carries_the_headers(house: ApiHouse, caller: TestClient) -> None:
    answers = [caller.get("/v1/systems/self"), caller.get("/v1/nowhere"), house.anybody().get("/v1/systems/self")]
    answers.append(house.anybody().get("/v1/openapi.json", headers={"Host": "evil.example"}))
    assert [answer.status_code for answer in answers] == [200, 404, 401, 421]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert len(answer.headers["x-correlation-id"]) == 24
    loud = caller.get("/v1/nowhere", headers={"X-Correlation-Id": "evil\tname"})
    assert "evil" not in loud.headers["x-correlation-id"]


def test_the_document_of_the_interface_names_every_scope_and_no_foreign_host(house: ApiHouse) -> None:
    document = house.anybody().get("/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    scopes = document["components"]["securitySchemes"]["systems"]["flows"]["clientCredentials"]["scopes"]
    assert set(scopes) == {scope.value for scope in Scope}
    text = json.dumps(document)
    assert "HTTPValidationError" not in text
    assert set(re.findall(r"https?://[\w.-]+", text)) <= {"https://dvc.example.vn"}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            closed = not path.startswith(("/oauth", "/.well-known", "/problems", "/reuse/receipts"))
            assert bool(told.get("security")) is closed, (method, path)
            assert told["summary"]
