"""Every address of the application, one by one: its right, its office, and that no stranger's text becomes markup on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from pipeline.domain.people import Role
from tests.reuse_office import open_reuse
from tests.unit.test_web_batches import enter as enter_batch
from tests.unit.test_web_markup import EVIL, enter, foreign
from tests.unit.test_web_review import hand_in
from tests.unit.test_web_rights import OPEN, rights_of, routes
from tests.web_house import WebHouse, token_of

#: The right that each address asks for, written down a second time. An address that is not here fails the tests below.
RIGHTS = {
    "accounts:view": ["GET /accounts"],
    "accounts:change": [
        "GET /accounts/new",
        "POST /accounts/new",
        "GET /accounts/{login}",
        "POST /accounts/{login}",
        "POST /accounts/{login}/disable",
        "POST /accounts/{login}/enable",
        "POST /accounts/{login}/reset-password",
        "POST /accounts/{login}/reset-second-factor",
    ],
    "systems:view": ["GET /systems", "GET /systems/{system_id}", "GET /letters"],
    "systems:change": [
        "POST /systems/{system_id}/suspend",
        "POST /systems/{system_id}/resume",
        "POST /systems/{system_id}/rotate",
        "POST /letters/{delivery_id}/retry",
        "POST /letters/of/{system_id}/retry",
        "POST /letters/{delivery_id}/drop",
    ],
    "dossier:view": ["GET /dossier"],
    "find:view": ["GET /find"],
    "figures:view": ["GET /figures"],
    "figures:export": ["GET /figures/export"],
    "owner:view": ["GET /owners", "POST /owners", "GET /owners/{sealed}"],
    "document:view": [
        "GET /documents/{document_id}",
        "GET /documents/{document_id}/scan",
        "GET /scans/{document_id}/{page}.webp",
    ],
    "review:view": [
        "GET /review",
        "GET /review/lines",
        "GET /review/{document_id}",
        "GET /review/{document_id}/words",
    ],
    "review:change": [
        "POST /review/next",
        "POST /review/{document_id}/claim",
        "POST /review/{document_id}/take-over",
        "POST /review/{document_id}/release",
        "POST /review/{document_id}/settle",
        "POST /review/{document_id}/undo",
        "POST /review/{document_id}/redo",
    ],
    "review:decide": [
        "POST /review/{document_id}/approve",
        "POST /review/{document_id}/reject",
        "POST /review/{document_id}/reopen",
    ],
    "rereadings:view": ["GET /rereadings"],
    "rereadings:decide": ["POST /rereadings"],
    "station:view": [
        "GET /station",
        "GET /station/dossier",
        "GET /station/events",
        "GET /station/slip",
        "GET /station/pages/{document_id}/{page}.webp",
        "GET /station/feeder/{page}.webp",
        "GET /station/procedures",
    ],
    "station:change": [
        "POST /station/open",
        "POST /station/files",
        "POST /station/folder",
        "POST /station/withdraw/{document_id}",
        "POST /station/nature/{document_id}",
        "POST /station/scan",
        "POST /station/scan/{act}",
        "POST /station/pages/{document_id}",
        "POST /station/split/{document_id}",
        "POST /station/merge/{document_id}",
        "POST /station/move/{document_id}",
        "POST /station/insert/{document_id}",
        "POST /station/undo/{document_id}",
        "POST /station/sheet",
    ],
    "batches:view": [
        "GET /batches",
        "GET /batches/{batch_id}",
        "GET /batches/{batch_id}/part",
        "GET /batches/{batch_id}/events",
    ],
    "batches:change": ["POST /batches/{batch_id}/{act}"],
    "batches:export": ["GET /batches/{batch_id}/report.{form}"],
}

#: A form that each address would take, so that what refuses is the office and not a field that is missing.
FORM = {
    "revision": "1", "part": "1", "key": "so", "kind": "set", "text": "x", "code": "rescan", "reason": "thử",
    "changes": '[{"kind": "turn", "page": 1, "by": 90}]', "page": "1", "place": "1", "other": "d0",
    "nature": "photocopy",
}  # fmt: skip

HERE, ELSEWHERE = "000.00.16.H05-260105-0001", "H06"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with WebHouse(tmp_path) as made:
        made.reader.pages = 1
        open_reuse(made, tmp_path)
        yield made


def addresses(house: WebHouse) -> dict[str, list[str]]:
    """Every address with the rights that it asks for."""
    return {
        f"{method} {route.path}": [f"{right.page}:{right.act}" for right in rights_of(route.dependant)]
        for route in routes(house)
        for method in sorted(route.methods - {"HEAD"})
    }


def test_every_address_asks_for_the_right_that_is_written_down_for_it(house: WebHouse) -> None:
    meant = {address: [right] for right, listed in RIGHTS.items() for address in listed}
    found = addresses(house)
    assert {address: rights for address, rights in found.items() if rights} == meant
    assert {address.split(" ")[1] for address, rights in found.items() if not rights} == OPEN.keys()


def of_papers(house: WebHouse) -> list[str]:
    return [address for address in addresses(house) if "{document_id}" in address or "{batch_id}" in address]


def ask(browser: TestClient, address: str, document: str, batch: str, token: str) -> tuple[int, str]:
    """The answer to an address, without what is different in every answer."""
    method, path = address.split(" ")
    path = path.replace("{document_id}", document).replace("{batch_id}", batch).replace("{page}", "1")
    path = path.replace("{name}", "text.txt").replace("{act}", "pause").replace("{form}", "csv")
    form = {**FORM, "csrf": token, "other": document}
    sent = {"data": form} if method == "POST" else {"params": {"part": "1"}}
    answer = browser.request(method, path, follow_redirects=False, **sent)
    text = re.sub(rf"{re.escape(document)}|{re.escape(batch)}|[0-9a-f]{{64}}", "", answer.text)
    return answer.status_code, text


def test_no_address_tells_a_paper_of_another_office_from_one_that_is_not_there(house: WebHouse) -> None:
    paper, batch = hand_in(house, dossier=HERE), enter_batch(house, "Kho 2019", HERE)
    browser = house.signed_in("x", *Role, offices=(ELSEWHERE,))
    token = token_of(browser)
    assert len(of_papers(house)) > 20
    for address in of_papers(house):
        theirs = ask(browser, address, paper.id, batch.id, token)
        assert theirs == ask(browser, address, "0000", "B-0000", token), address
        assert theirs[0] in {404, 503}, address
    assert [event.actor for event in house.catalogue.events(paper.id) if event.actor == "x"] == []


def test_the_same_addresses_are_there_for_ones_own_office(house: WebHouse) -> None:
    """Else the test above would hold for addresses that are never there."""
    batch = enter_batch(house, "Kho 2019", HERE)
    browser = house.signed_in("x", *Role, offices=(HERE.partition("-")[0],))
    for number, address in enumerate(one for one in of_papers(house) if not one.endswith(("events", ".webp"))):
        paper = hand_in(house, f"{number}.pdf", dossier=HERE)
        status, _ = ask(browser, address, paper.id, batch.id, token_of(browser))
        assert status != 404 and status < 500, (address, status)


#: Addresses that give no page, or none that anything of a paper stands on.
NO_PAGES = {
    "/healthz": "JSON of our own",
    "/sign-in/openid": "leads elsewhere",
    "/sign-in/openid/callback": "a page of our own words, see test_openid.py",
    "/documents/{document_id}/{name}": "files, see test_files_are_never_taken_for_pages",
    "/scans/{document_id}/{page}.webp": "a picture",
    "/station/pages/{document_id}/{page}.webp": "a picture",
    "/station/feeder/{page}.webp": "a picture",
    "/review/{document_id}/words": "JSON that a script writes as text, see test_web_markup.py",
    "/station/events": "the parts of the station's page, one by one",
    "/batches/{batch_id}/events": "/batches/{batch_id}/part, again and again",
    "/batches/{batch_id}/report.{form}": "a table, see test_web_batches.py",
    "/figures/export": "a table, see test_web_figures.py",
    "/owners/{sealed}": "asked for below, by its form",
    "/check/{code}": "nothing of any paper, see test_web_checking.py",
}


def pages(house: WebHouse) -> list[str]:
    gets = {address.split(" ")[1] for address in addresses(house) if address.startswith("GET ")}
    assert gets >= NO_PAGES.keys()
    return sorted(gets - NO_PAGES.keys())


def markup(house: WebHouse, text: str) -> dict[str, set[object]]:
    """What :func:`foreign` says of every page there is, where ``text`` stands in every place that strangers fill in."""
    enter(house, text)
    house.reader.texts = {"scripted": f"UBND XÃ\nGIẤY KHAI SINH\nHọ tên: {text}\nSố: {text}"}
    read = hand_in(house, f"{text}.pdf", dossier=HERE)
    batch = enter_batch(house, text, HERE)
    house.person("evil", Role.OPERATOR, offices=("*",))
    browser = house.signed_in("x", *Role)
    found: dict[str, set[object]] = {}
    for path, code in product(pages(house), (HERE, text)):
        document = "d1" if code == text and not path.startswith("/review") else read.id
        asked = path.format(document_id=document, batch_id=batch.id, login="evil", system_id="evil")
        answer = browser.get(asked, params={"code": code, "q": text, "dossier": code, "said": text})
        assert answer.status_code in {200, 404, 409, 422, 503}, (asked, answer.status_code)
        assert "{%" not in answer.text or "49" not in answer.text
        found.setdefault(path, set()).update(foreign(answer.text))
    form = {"csrf": token_of(browser), "name": text, "born": "2015-07-15"}
    return found | {"/owners": set(foreign(browser.post("/owners", data=form).text))}


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[object]]:
    with WebHouse(tmp_path_factory.mktemp("ours")) as made:
        made.reader.pages = 1
        return markup(made, "giấy khai sinh")


@pytest.mark.parametrize("text", [EVIL[0], EVIL[1], EVIL[2], EVIL[6]])
def test_no_text_of_a_stranger_becomes_markup_on_any_address(house: WebHouse, ours: dict[str, set[object]], text: str) -> None:
    found = markup(house, text)
    assert found.keys() == ours.keys()
    assert {path: things - ours[path] for path, things in found.items() if things - ours[path]} == {}
