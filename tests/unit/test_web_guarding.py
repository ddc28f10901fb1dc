"""What is refused before any page is asked: foreign hosts, foreign forms, bodies that are too large."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from pipeline.domain.errors import StageError, UnavailableError
from pipeline.domain.people import Role
from pipeline.web.guarding import FORM_BYTES
from pipeline.web.house import Place
from tests.web_house import ORIGIN, WebHouse, token_of


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with WebHouse(tmp_path) as made:
        yield made


@pytest.mark.parametrize("path", ["/", "/sign-in", "/find", "/documents/none", "/static/sohoa.css", "/nowhere", "/healthz"])
def test_every_answer_carries_the_headers(house: WebHouse, path: str) -> None:
    headers = house.signed_in("x", *Role).get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static/") else "no-store")
    assert "server" not in headers
    assert "access-control-allow-origin" not in headers


def test_refusals_carry_them_too(house: WebHouse) -> None:
    for answer in (
        house.client.get("/", headers={"Host": "evil.example"}),
        house.client.put("/"),
        house.client.post("/sign-in", headers={"Sec-Fetch-Site": "cross-site"}),
        house.client.post("/sign-in", content=b"x" * (FORM_BYTES + 1)),
    ):
        assert answer.status_code in {421, 405, 403, 413}
        assert "default-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_only_three_methods_are_known(house: WebHouse, method: str) -> None:
    assert house.client.request(method, "/").status_code == 405


@pytest.mark.parametrize("token", [None, "", "0" * 64, "other"])
def test_a_form_without_the_token_of_its_visit_changes_nothing(house: WebHouse, token: str | None) -> None:
    browser = house.signed_in("x", *Role)
    if token == "other":
        token = token_of(house.signed_in("y", *Role))
    form = {} if token is None else {"csrf": token}
    for path in ("/sign-out", "/account/password", "/account/sign-out-everywhere", "/accounts/x/disable", "/accounts/new"):
        assert browser.post(path, data=form).status_code == 403
        assert browser.post(path, headers={"X-CSRF-Token": token or ""}).status_code == 403
    assert browser.get("/account").status_code == 200


def test_every_form_that_changes_something_carries_the_token(house: WebHouse) -> None:
    browser = house.signed_in("x", *Role)
    for path in ("/", "/account", "/account/password", "/accounts", "/accounts/new", "/accounts/x"):
        page = browser.get(path).text
        forms = re.findall(r'<form[^>]*method="post".*?</form>', page, re.DOTALL)
        assert forms
        assert all(f'name="csrf" value="{token_of(browser)}"' in form for form in forms)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_what_a_browser_says_comes_from_elsewhere_is_refused_even_with_the_token(house: WebHouse, site: str) -> None:
    browser = house.signed_in("x", *Role)
    headers = {"X-CSRF-Token": token_of(browser), "Sec-Fetch-Site": site}
    assert browser.post("/sign-out", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:9999", "http://127.0.0.1.evil.example:8321"]
)
def test_a_foreign_origin_is_refused_even_with_the_token(house: WebHouse, origin: str) -> None:
    browser = house.signed_in("x", *Role)
    headers = {"X-CSRF-Token": token_of(browser), "Origin": origin}
    assert browser.post("/sign-out", headers=headers).status_code == 403
    assert browser.post("/sign-out", headers=headers | {"Origin": ORIGIN}, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_that_is_too_large_is_refused_whether_or_not_it_says_so(house: WebHouse, declared: bool) -> None:
    def body() -> Iterator[bytes]:
        for _ in range(FORM_BYTES // 1000 + 2):
            yield b"x" * 1000

    content = b"".join(body()) if declared else body()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert house.client.post("/sign-in", content=content, headers=kind).status_code == 413


@pytest.mark.parametrize("declared", [True, False])
def test_files_may_be_handed_in_up_to_the_bound_of_the_installation_and_only_where_files_belong(
    tmp_path: Path, declared: bool
) -> None:
    with WebHouse(tmp_path, Place(upload_bytes=2_000_000)) as house:
        browser = house.signed_in("x", Role.OPERATOR)
        for path, size, refused in (
            ("/station/none", 2_500_000, False),
            ("/station/none", 3_100_000, declared),
            ("/station/files", 3_100_000, True),
            ("/sign-in", 2_500_000, True),
        ):
            content = b"x" * size if declared else (b"x" * 1000 for _ in range(size // 1000))
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            answer = browser.post(path, content=content, headers=kind)
            assert (answer.status_code == 413) is refused, (path, size)


def test_nobody_fills_the_disk_without_having_signed_in(tmp_path: Path) -> None:
    with WebHouse(tmp_path) as house:
        stranger = house.browser()
        for key in ("", "x" * 43):
            stranger.cookies.set("sohoa", key)
            assert stranger.post("/station/files", content=b"x" * (FORM_BYTES + 1)).status_code == 413


@pytest.mark.parametrize("length", ["-1", "x", "1e3"])
def test_a_length_that_is_none_is_refused(house: WebHouse, length: str) -> None:
    assert house.client.post("/sign-in", content=b"x", headers={"Content-Length": length}).status_code in {400, 413}


def test_behind_a_name_of_its_own_only_that_name_is_ours(tmp_path: Path) -> None:
    with WebHouse(tmp_path, Place("https://sohoa.tinh.vn")) as house:
        assert house.client.get("/").status_code == 200
        for host in ("127.0.0.1:8321", "localhost", "sohoa.tinh.vn.evil.example", "tinh.vn", "sohoa.tinh.vn:8443"):
            assert house.client.get("/", headers={"Host": host}).status_code == 421
        assert house.client.get("/healthz", headers={"Host": "127.0.0.1:8321"}).status_code == 200


def test_a_fault_of_ours_tells_no_details(house: WebHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = house.signed_in("x", *Role)

    def fail(*_: object, **__: object) -> None:
        raise StageError("the password of the database is 1234", advice="Hãy thử lại.")

    monkeypatch.setattr(house.catalogue, "search", fail)
    answer = browser.get("/find?q=x")
    assert answer.status_code == 500
    assert "Hãy thử lại." in answer.text
    assert "1234" not in answer.text


def test_a_fault_that_nobody_thought_of_tells_nothing_and_carries_the_headers(
    house: WebHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = TestClient(house.app, base_url=ORIGIN, raise_server_exceptions=False)
    browser.cookies = house.signed_in("x", *Role).cookies

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret_table at /srv/secret")

    monkeypatch.setattr(house.catalogue, "search", fail)
    answer = browser.get("/find?q=x")
    assert answer.status_code == 500
    assert "báo quản trị viên" in answer.text
    assert "secret" not in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_of_a_field_that_comes_twice_or_in_another_place_nothing_is_gained(house: WebHouse) -> None:
    browser = house.signed_in("x", *Role)
    token = token_of(browser)
    assert browser.post(f"/sign-out?csrf={token}").status_code == 403
    assert browser.post("/sign-out", data={"csrf": ["0" * 64, "1" * 64]}).status_code == 403
    assert browser.get("/sign-in?to=/find&to=//evil.example", follow_redirects=False).headers["location"] == "/"
    assert browser.post("/account/password", json={"csrf": token, "old": "x"}).status_code == 403


def test_with_the_database_away_the_page_still_says_what_to_do(house: WebHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = house.signed_in("x", *Role)

    def away(*_: object, **__: object) -> None:
        raise UnavailableError("no database", advice="Hãy kiểm tra máy chủ.")

    monkeypatch.setattr(house.catalogue.people, "session", away)
    answer = browser.get("/account")
    assert (answer.status_code, "Hãy kiểm tra máy chủ." in answer.text) == (503, True)


@pytest.mark.parametrize("query", ["q=" + "x" * 201, "q=a&ticket=" + "y" * 101])
def test_what_is_longer_than_any_page_sends_is_refused_and_not_said_again(house: WebHouse, query: str) -> None:
    browser = house.signed_in("x", *Role)
    for path in ("/find", "/documents/d1/document.pdf"):
        answer = browser.get(f"{path}?{query}")
        assert answer.status_code in {200, 404, 422}
        assert "x" * 150 not in answer.text or answer.status_code == 200
