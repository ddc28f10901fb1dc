"""PDFs fetched by the interface: by us, whole or in parts, or by a link; never once they were revoked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from pipeline.domain.audit import Action
from pipeline.domain.clients import Scope
from pipeline.reuse_desk import Revocations
from pipeline.web.api.byte_ranges import range_of
from pipeline.web.api.problems import ApiProblemError
from tests.api_house import ApiHouse
from tests.reuse_office import PROCEDURE, PURPOSE, entitled

PAPER = "20260105-0000000000aa"
WANTED = {"document": PAPER, "purpose": PURPOSE, "procedure": PROCEDURE, "form": "pdf"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ApiHouse]:
    made = ApiHouse.make(tmp_path)
    with made.web:
        made.office.allow(entitled())
        made.office.hold(PAPER)
        yield made


@pytest.fixture
def caller(house: ApiHouse) -> TestClient:
    return house.caller(house.system())


@pytest.fixture
def path(caller: TestClient) -> str:
    request = caller.post("/v1/reuse/requests", json=WANTED).json()["id"]
    assert caller.post(f"/v1/reuse/requests/{request}/release").status_code == 200
    return f"/v1/reuse/requests/{request}/pdf"


def noted(house: ApiHouse) -> list[str]:
    told = house.web.catalogue.audit.happenings(PAPER)
    return [one.told["way"] for one in told if one.action == Action.REUSE_FETCH]


def test_what_is_sent_says_what_it_is_and_is_not_sent_twice(house: ApiHouse, caller: TestClient, path: str) -> None:
    whole = caller.get(path)
    assert (whole.status_code, whole.headers["content-length"]) == (200, str(len(whole.content)))
    assert whole.headers["etag"] == f'"{hashlib.sha256(whole.content).hexdigest()}"'
    again = caller.get(path, headers={"If-None-Match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert noted(house) == ["link", "stream"]


def test_a_cut_line_is_gone_on_with_and_the_parts_are_the_whole(caller: TestClient, path: str) -> None:
    whole = caller.get(path)
    tag, count = whole.headers["etag"], len(whole.content)
    first = caller.get(path, headers={"Range": "bytes=0-9"})
    rest = caller.get(path, headers={"Range": "bytes=10-", "If-Range": tag})
    assert (first.status_code, first.headers["content-range"]) == (206, f"bytes 0-9/{count}")
    assert (rest.status_code, rest.headers["content-range"]) == (206, f"bytes 10-{count - 1}/{count}")
    assert first.content + rest.content == whole.content
    assert caller.get(path, headers={"Range": "bytes=-3"}).content == whole.content[-3:]
    changed = caller.get(path, headers={"Range": "bytes=10-", "If-Range": '"another"'})
    assert (changed.status_code, changed.content) == (200, whole.content)
    beyond = caller.get(path, headers={"Range": f"bytes={count}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{count}")
    assert beyond.json()["code"] == "range_not_satisfiable"


@given(
    st.binary(max_size=60).map(lambda data: "bytes=" + data.decode("latin-1"))
    | st.from_regex(r"\Abytes=[0-9]{0,3}-[0-9]{0,3}\Z")
)
def test_whatever_range_is_asked_for_it_lies_within(asked: str) -> None:
    scope = {"type": "http", "headers": [(b"range", asked.encode("latin-1"))]}
    try:
        found = range_of(Request(scope), 100, '"tag"')
    except ApiProblemError as error:
        assert error.headers == {"Content-Range": "bytes */100"}
    else:
        assert found is None or 0 <= found.first <= found.last < 100


def test_by_link_leads_to_the_store_for_some_seconds_and_is_noted_as_such(
    house: ApiHouse, caller: TestClient, path: str
) -> None:
    led = caller.get(path, params={"by": "link"}, follow_redirects=False)
    assert (led.status_code, led.content, led.headers["cache-control"]) == (307, b"", "no-store")
    assert PAPER in led.headers["location"]
    assert noted(house) == ["link", "redirect"]
    assert caller.get(path, params={"by": "post"}).json()["errors"] == [{"where": "query.by", "what": "enum"}]


def test_an_installation_may_lead_whoever_says_nothing(house: ApiHouse, caller: TestClient, path: str) -> None:
    terms = replace(house.office.ports.terms, leads=True)
    house.web.app.lane._api.state.house = replace(house.web.house, reuse=replace(house.office.ports, terms=terms))
    assert caller.get(path, follow_redirects=False).status_code == 307
    assert caller.get(path, params={"by": "stream"}).status_code == 200


@pytest.mark.parametrize("way", [{}, {"by": "link"}])
def test_what_was_revoked_leaves_in_no_way(house: ApiHouse, caller: TestClient, path: str, way: dict[str, str]) -> None:
    Revocations(house.office.ports).revoke(PAPER, reason="cấp sai", basis="QĐ 1", actor="lan")
    refused = caller.get(path, params=way, headers={"Range": "bytes=0-9"}, follow_redirects=False)
    assert (refused.status_code, refused.json()["reason"]) == (403, "revoked")
    assert noted(house) == ["link"]


def test_a_paper_that_is_gone_from_the_bucket_is_missed_once_it_is_looked_for_again(
    house: ApiHouse, caller: TestClient, path: str
) -> None:
    (kept,) = house.web.catalogue.holdings.of_document(PAPER)
    house.web.store.remove(kept.holding.pdf_key)
    house.web.clock.advance(timedelta(minutes=2))
    refused = caller.get(path, params={"by": "link"}, follow_redirects=False)
    assert (refused.status_code, refused.json()["reason"]) == (403, "damaged")


def test_the_lane_asks_for_all_that_other_routes_ask_for(house: ApiHouse, caller: TestClient, path: str) -> None:
    assert house.anybody().get(path).status_code == 401
    assert house.anybody(Authorization="Bearer x").get(path).status_code == 401
    without = house.caller(house.system("search", (Scope.SEARCH,))).get(path)
    assert (without.status_code, without.json()["code"]) == (403, "insufficient_scope")
    assert house.caller(house.system("other")).get(path).status_code == 404
    assert caller.get(path, headers={"Host": "elsewhere.example"}).status_code == 421
    assert caller.get("/v1/reuse/requests/a%20b/pdf").status_code == 422
    assert caller.get(path.replace("/pdf", "/png")).status_code == 404
    told = caller.get(path, headers={"X-Correlation-Id": "desk-0001"})
    assert (told.headers["x-correlation-id"], "ratelimit" in told.headers) == ("desk-0001", True)
    assert told.headers["x-content-type-options"] == "nosniff"


def test_a_token_counts_no_more_once_its_system_is_disabled_or_its_time_over(
    house: ApiHouse, caller: TestClient, path: str
) -> None:
    assert caller.get(path).status_code == 200
    house.web.clock.advance(timedelta(minutes=11))
    assert caller.get(path).status_code == 401
    fresh = house.caller(house.web.catalogue.clients.client("dvc"))
    assert fresh.get(path).status_code == 200
    house.desk.registry.disable("dvc", by="admin")
    assert fresh.get(path).status_code == 401


def test_a_token_counts_no_more_once_its_key_is_forgotten(house: ApiHouse, caller: TestClient, path: str) -> None:
    assert caller.get(path).status_code == 200
    for key in house.keys.all():
        house.keys.forget(key.id)
    assert caller.get(path).status_code == 401
