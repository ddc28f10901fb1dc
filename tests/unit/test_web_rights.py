"""Role by page by office: who may see and do what, asked of every address there is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from pipeline.domain.documents import Document, QueueName, Source, Status
from pipeline.domain.people import Person, Role
from pipeline.ports import IndexEntry
from pipeline.web.permissions import MAY, Act, Page, may
from pipeline.web.visiting import Right
from tests.web_house import AT, WebHouse, token_of

#: Addresses that ask for no right of the table, and why that is safe.
OPEN = {
    "/": "figures without personal data; documents only for who may see them",
    "/state": "as the page it is part of",
    "/healthz": "names the parts that are away",
    "/sign-in": "the way in",
    "/sign-in/openid": "the way in",
    "/sign-in/openid/callback": "the way in",
    "/sign-out": "the way out",
    "/account": "one's own",
    "/account/password": "one's own",
    "/account/sessions/{key}/end": "one's own",
    "/account/sign-out-everywhere": "one's own",
    "/account/news": "one's own",
    "/account/second-factor": "one's own",
    "/account/second-factor/codes": "one's own",
    "/account/second-factor/remove": "one's own",
    "/account/prove": "one's own",
    "/sign-in/code": "the way in",
    "/check": "for everybody who holds a print; nothing about anybody",
    "/check/{code}": "valid, revoked or unknown; nothing about anybody",
    "/documents/{document_id}/{name}": "a right of the table, or a ticket for this very file",
}

#: What each role may do, written down a second time.
WANTED = {
    Role.OPERATOR: "state:view find:view document:view document:export dossier:view dossier:change "
    "station:view station:change review:view review:change batches:view batches:change batches:export",
    Role.REVIEWER: "state:view find:view document:view document:export dossier:view owner:view "
    "review:view review:change review:decide",
    Role.RECORDS_OFFICER: "state:view find:view document:view document:export dossier:view dossier:change owner:view "
    "batches:view batches:change batches:export rereadings:view rereadings:decide",
    Role.MANAGER: "state:view figures:view figures:export",
    Role.ADMINISTRATOR: "state:view accounts:view accounts:change systems:view systems:change",
}

OFFICES = {"000.00.16.H05": "000.00.16.H05-260105-0001", "H06": "H06-260105-0001", "": "hồ sơ lẻ"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with WebHouse(tmp_path) as made:
        for number, dossier in enumerate(OFFICES.values()):
            enter(made, f"d{number}", dossier)
        yield made


def enter(house: WebHouse, name: str, dossier: str) -> None:
    source = Source(f"đơn của {name}.pdf", name.encode().hex().rjust(64, "0"), 10, "application/pdf")
    house.catalogue.receive(Document(name, dossier, source, Status.RECEIVED, QueueName.STATION, AT))
    prefix = f"dossiers/{dossier}/{name}/r0001"
    for file, content in (("document.pdf", b"%PDF"), ("text.txt", b"text"), ("alto.xml", b"<alto/>")):
        house.store.put_once(f"{prefix}/{file}", content)
    house.store.put_once(f"{prefix}/record.json", json.dumps({"problems": [], "fields": {}, "pdf": None}).encode())
    house.catalogue.index(
        IndexEntry(
            name, dossier, 1, "quyet_dinh", Status.APPROVED, f"Quyết định {name}", f"{name}/QĐ", "giao đất", (),
            f"{prefix}/record.json", "0" * 64, f"{prefix}/document.pdf", 1,
        )
    )  # fmt: skip
    house.catalogue.move(name, Status.READING, actor="sohoa", reason="split", at=AT)
    house.catalogue.move(name, Status.APPROVED, actor="sohoa", reason="sure", at=AT)


def rights_of(needs: Dependant) -> list[Right]:
    own = [needs.call] if isinstance(needs.call, Right) else []
    return own + [right for inner in needs.dependencies for right in rights_of(inner)]


def routes(house: WebHouse) -> list[APIRoute]:
    return [route for route in all_routes(house.app.routes) if isinstance(route, APIRoute)]


def all_routes(found: list[object]) -> Iterator[object]:
    for route in found:
        inner = getattr(route, "original_router", None)
        if inner is None:
            yield route
        else:
            yield from all_routes(inner.routes)


def ask(browser: TestClient, method: str, path: str, token: str) -> int:
    answer = browser.request(method, path, headers={"X-CSRF-Token": token}, follow_redirects=False)
    return int(answer.status_code)


def test_the_table_says_what_was_meant() -> None:
    for role, page, act in product(Role, Page, Act):
        allowed = may(Person("x", "X", frozenset({role})), page, act)
        assert allowed == (f"{page}:{act}" in WANTED[role].split()), (role, page, act)
    assert not may(Person("x", "X"), Page.STATE, Act.VIEW)
    assert all(MAY.values())


def test_every_address_asks_for_a_right_or_stands_in_the_list_of_open_ones(house: WebHouse) -> None:
    found = routes(house)
    assert len(found) > 15
    without = {route.path for route in found if not rights_of(route.dependant)}
    assert without <= OPEN.keys()


@pytest.mark.parametrize("role", Role)
def test_each_role_gets_what_the_table_allows_and_403_for_all_else(house: WebHouse, role: Role) -> None:
    browser = house.signed_in("x", role)
    token = token_of(browser)
    for route in routes(house):
        rights = rights_of(route.dependant)
        allowed = all(may(Person("x", "X", frozenset({role})), right.page, right.act) for right in rights)
        path = route.path.replace("{", "").replace("}", "")
        for method in route.methods if rights else ():
            status = ask(browser, method, path, token)
            assert (status == 403) is not allowed, (role, method, route.path, status)
            assert status < 500 or status == 503, (role, method, route.path, status)


def test_nobody_gets_past_the_sign_in_without_one(house: WebHouse) -> None:
    browser = house.browser()
    browser.get("/sign-in")
    token = token_of(browser, "/sign-in")
    for route in routes(house):
        path = route.path.replace("{", "").replace("}", "")
        for method in route.methods if rights_of(route.dependant) else ():
            answer = browser.request(method, path, headers={"X-CSRF-Token": token}, follow_redirects=False)
            assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in"), (method, path)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("office", [*OFFICES, "*"])
def test_papers_are_seen_by_who_has_the_role_and_the_office(house: WebHouse, role: Role, office: str) -> None:
    browser = house.signed_in("x", role, offices=(office,) if office else ())
    for number, of_paper in enumerate(OFFICES):
        works = Page.DOCUMENT, Act.VIEW
        sees = office == "*" or (office == of_paper and office != "")
        wanted = (200 if sees else 404) if may(Person("x", "X", frozenset({role})), *works) else 403
        for path in ("", "/document.pdf", "/text.txt", "/record.json", "/alto.xml"):
            assert browser.get(f"/documents/d{number}{path}").status_code == wanted, (role, office, of_paper, path)
        for listing in ("/", "/state", "/find?q=giao+dat", f"/find?q=d{number}/QĐ"):
            shown = browser.get(listing).text
            assert (f"d{number}.pdf" in shown or f'"/documents/d{number}"' in shown) is (wanted == 200), (
                role,
                office,
                listing,
            )


def test_a_paper_of_another_office_is_as_if_it_were_not_there(house: WebHouse) -> None:
    browser = house.signed_in("x", Role.REVIEWER, offices=("H06",))
    other, none = browser.get("/documents/d0"), browser.get("/documents/none")
    plain = [re.sub(r"[0-9a-f]{64}", "", answer.text) for answer in (other, none)]
    assert plain[0].replace("d0", "none") == plain[1]


def test_whoever_has_several_roles_may_what_any_of_them_may(house: WebHouse) -> None:
    browser = house.signed_in("x", Role.MANAGER, Role.REVIEWER, offices=("H06",))
    assert browser.get("/documents/d1").status_code == 200
    assert browser.get("/accounts").status_code == 403


def test_nobody_gives_themselves_rights_by_sending_more_than_the_form_has(house: WebHouse) -> None:
    browser = house.signed_in("x", Role.OPERATOR, offices=("H06",))
    form = {"csrf": token_of(browser), "roles": "administrator", "offices": "*", "provisional": "0"}
    browser.post("/account/password", data=form)
    browser.post("/accounts/x", data=form)
    account = house.catalogue.people.account("x")
    assert account is not None
    assert (account.roles, account.offices) == ({Role.OPERATOR}, {"H06"})


@pytest.mark.parametrize("name", ["../d1/document.pdf", "..%2Fd1%2Fdocument.pdf", "received.json", "manifest", "%00"])
def test_no_other_object_can_be_fetched_by_its_name(house: WebHouse, name: str) -> None:
    assert house.signed_in("x", Role.REVIEWER, offices=("000.00.16.H05",)).get(f"/documents/d0/{name}").status_code == 404


def test_a_ticket_opens_one_file_for_whom_it_was_given_and_the_log_tells(house: WebHouse) -> None:
    key = house.house.tickets.give("d0", "document.pdf", giver="root")
    browser = house.browser()
    assert browser.get(f"/documents/d0/document.pdf?ticket={key}").content == b"%PDF"
    assert browser.head(f"/documents/d0/document.pdf?ticket={key}").status_code == 200
    for path in ("/documents/d0/text.txt", "/documents/d1/document.pdf", "/documents/d0"):
        assert browser.get(f"{path}?ticket={key}", follow_redirects=False).status_code == 303
    assert not browser.cookies
    views = [(one.actor, one.reason) for one in house.catalogue.audit.happenings("d0") if one.action == "view"]
    assert views == [("ticket of root", "file")]


def test_every_view_of_personal_data_is_in_the_audit_log(house: WebHouse) -> None:
    browser = house.signed_in("x", Role.REVIEWER, Role.ADMINISTRATOR, offices=("H06",))
    for path in (
        "/",
        "/find?q=giao+dat",
        "/documents/d1",
        "/documents/d1/document.pdf",
        "/documents/d1/text.txt",
        "/accounts",
    ):
        for _ in range(2):
            assert browser.get(path, headers={"Range": "bytes=1-"}).status_code in {200, 206}
    browser.get("/documents/d0")
    house.catalogue.audit.seal("2026-01-05", 1000)
    told = [line.happening for line in house.catalogue.audit.lines() if line.happening.action == "view"]
    assert [(one.actor, one.reason, one.document) for one in told] == [
        ("x", "latest documents", ""),
        ("x", "search results", ""),
        ("x", "document", "d1"),
        ("x", "file", "d1"),
        ("x", "file", "d1"),
        ("x", "accounts", ""),
    ]
    assert told[1].told == {"documents": ["d1"]}


def test_whoever_asks_for_what_is_not_theirs_is_in_the_audit_log(house: WebHouse) -> None:
    browser = house.signed_in("x", Role.OPERATOR)
    for _ in range(3):
        browser.get("/accounts")
    house.catalogue.audit.seal("2026-01-05", 1000)
    told = [one.happening for one in house.catalogue.audit.lines() if one.happening.action == "refusal"]
    assert [(one.actor, one.reason, one.told["path"]) for one in told] == [("x", "not_entitled", "/accounts")]
