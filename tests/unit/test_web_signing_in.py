"""The pages of signing in, of one's own account and of the accounts of others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from pipeline.domain.people import Role
from pipeline.people.one_time_codes import SECONDS, code_at
from pipeline.people.passwords import hash_password
from pipeline.web.house import Place
from tests.web_house import WebHouse, token_of

GOOD = "một câu thật dễ nhớ 2026"
NEW = "một câu khác cũng dễ nhớ"


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password(GOOD)


@pytest.fixture
def house(tmp_path: Path, hashed: str) -> Iterator[WebHouse]:
    with WebHouse(tmp_path) as made:
        made.person("lan", Role.OPERATOR, Role.ADMINISTRATOR, password=hashed)
        yield made


def sign_in(browser: TestClient, login: str = "lan", password: str = GOOD, to: str = "/account") -> object:
    token = token_of(browser, "/sign-in")
    form = {"csrf": token, "login": login, "password": password, "to": to}
    return browser.post("/sign-in", data=form, follow_redirects=False)


def test_one_signs_in_and_is_where_one_wanted_to_go(house: WebHouse) -> None:
    asked = house.client.get("/account?lang=en", follow_redirects=False)
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?to=/account")
    asked = house.client.get("/documents/d1?lang=en", follow_redirects=False)
    assert asked.headers["location"] == "/sign-in?to=%2Fdocuments%2Fd1%3Flang%3Den"
    answer = sign_in(house.client, to="/find?q=x")
    assert (answer.status_code, answer.headers["location"]) == (303, "/find?q=x")
    assert "Lan" in house.client.get("/account").text
    assert house.client.get("/sign-in?to=/find", follow_redirects=False).headers["location"] == "/find"


@pytest.mark.parametrize(
    "to",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\n/evil", ""],
)
def test_nobody_is_led_elsewhere_through_the_sign_in(house: WebHouse, to: str) -> None:
    assert sign_in(house.browser(), to=to).headers["location"] == "/"


def test_who_is_not_let_in_learns_nothing_and_keeps_what_was_typed_but_the_password(house: WebHouse) -> None:
    answers = [sign_in(house.client, login, "not the password") for login in ("lan", "nobody")]
    assert [answer.status_code for answer in answers] == [401, 401]
    pages = [re.sub(r"lan|nobody|[0-9a-f]{64}", "", answer.text) for answer in answers]
    assert pages[0] == pages[1]
    assert 'value="lan"' in answers[0].text
    assert "not the password" not in answers[0].text


def test_too_many_failures_are_answered_with_how_long_to_wait(house: WebHouse) -> None:
    for _ in range(5):
        assert sign_in(house.client, password="not the password").status_code == 401
    answer = sign_in(house.client)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "15")
    assert "15 giây" in answer.text
    house.clock.advance(timedelta(seconds=15))
    assert sign_in(house.client).status_code == 303


def test_signing_in_gives_a_new_key_and_the_one_before_is_worth_nothing(house: WebHouse) -> None:
    house.client.get("/sign-in")
    planted = house.client.cookies["sohoa"]
    sign_in(house.client)
    assert house.client.cookies["sohoa"] != planted
    thief = house.browser()
    thief.cookies.set("sohoa", planted)
    assert thief.get("/account", follow_redirects=False).status_code == 303


def test_the_key_is_out_of_reach_of_scripts_of_other_sites_and_of_addresses(house: WebHouse) -> None:
    answer = sign_in(house.client)
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/", "Max-Age=43200"} <= set(cookie.split("; "))
    key = house.client.cookies["sohoa"]
    assert len(key) >= 43
    for path in ("/", "/account", "/accounts"):
        page = house.client.get(path)
        assert key not in page.text
        assert key not in str(page.url)


def test_by_https_the_cookie_belongs_to_this_very_host(tmp_path: Path, hashed: str) -> None:
    with WebHouse(tmp_path, Place("https://sohoa.tinh.vn")) as house:
        house.person("lan", password=hashed)
        cookie = sign_in(house.client).headers["set-cookie"]
        assert cookie.startswith("__Host-sohoa=")
        assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
        assert "domain" not in cookie.lower()
        assert house.client.get("/account").headers["strict-transport-security"].startswith("max-age=31536000")


def test_signing_out_ends_the_session_at_the_server_too(house: WebHouse) -> None:
    sign_in(house.client)
    key = house.client.cookies["sohoa"]
    answer = house.client.post("/sign-out", data={"csrf": token_of(house.client)}, follow_redirects=False)
    assert "storage" in answer.headers["clear-site-data"]
    assert "sohoa" not in house.client.cookies
    house.client.cookies.set("sohoa", key)
    assert house.client.get("/account", follow_redirects=False).status_code == 303


def test_the_other_sessions_are_listed_and_ended(house: WebHouse) -> None:
    browsers = [house.browser() for _ in range(3)]
    for browser in browsers:
        sign_in(browser)
    page = browsers[0].get("/account").text
    (first, _) = re.findall(r'action="(/account/sessions/[0-9a-f]{64}/end)"', page)
    token = token_of(browsers[0])
    browsers[0].post(first, data={"csrf": token})
    alive = [browser.get("/account", follow_redirects=False).status_code for browser in browsers]
    assert sorted(alive) == [200, 200, 303]
    browsers[0].post("/account/sign-out-everywhere", data={"csrf": token})
    assert {browser.get("/account", follow_redirects=False).status_code for browser in browsers} == {303}


def test_pages_that_ask_again_by_themselves_do_not_keep_a_session_alive(house: WebHouse) -> None:
    sign_in(house.client)
    for _ in range(31):
        house.clock.advance(timedelta(minutes=1))
        house.client.get("/state", headers={"X-Background": "1"})
    assert house.client.get("/account", follow_redirects=False).status_code == 303


def test_a_part_of_a_page_leads_all_of_it_to_the_sign_in(house: WebHouse) -> None:
    answer = house.client.get("/find", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in?to=%2Ffind")


def test_a_first_password_must_be_changed_before_anything_else(house: WebHouse) -> None:
    password = house.house.accounts.add("moi", "Mới", [Role.OPERATOR], ["*"], by="test")
    sign_in(house.client, "moi", password)
    for path in ("/find", "/documents/d1"):
        assert house.client.get(path, follow_redirects=False).headers["location"] == "/account/password"
    assert "sign_in" not in house.client.get("/").text
    token = token_of(house.client, "/account/password")
    before = house.client.cookies["sohoa"]
    form = {"csrf": token, "old": password, "new": NEW, "again": NEW}
    assert house.client.post("/account/password", data={**form, "again": "x"}).status_code == 422
    assert house.client.post("/account/password", data={**form, "new": "ngắn", "again": "ngắn"}).status_code == 422
    assert house.client.post("/account/password", data=form).status_code == 200
    assert house.client.cookies["sohoa"] != before
    assert house.client.get("/find").status_code == 200
    thief = house.browser()
    thief.cookies.set("sohoa", before)
    assert thief.get("/account", follow_redirects=False).status_code == 303


def test_guessing_the_old_password_is_stopped(house: WebHouse) -> None:
    sign_in(house.client)
    form = {"csrf": token_of(house.client), "old": "not the password", "new": NEW, "again": NEW}
    for _ in range(5):
        house.client.post("/account/password", data=form)
    answer = house.client.post("/account/password", data={**form, "old": GOOD})
    assert answer.status_code == 422
    assert "quá nhiều lần" in answer.text


def test_password_fields_may_be_pasted_into_and_filled_by_password_managers(house: WebHouse) -> None:
    page = house.client.get("/sign-in").text
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    sign_in(house.client)
    page = house.client.get("/account/password").text
    assert page.count('autocomplete="new-password"') == 2
    script = house.client.get("/static/people.js").text
    assert "paste" not in page + script


def test_an_administrator_adds_changes_disables_and_resets_accounts(house: WebHouse) -> None:
    sign_in(house.client)
    csrf = {"csrf": token_of(house.client)}
    form = csrf | {"login": "Minh", "name": "Trần Minh", "roles": ["operator", "reviewer"], "offices": "H06 000.00.16.H05"}
    made = house.client.post("/accounts/new", data=form)
    password = re.search(r'class="one-time">([a-z0-9-]{19})<', made.text)
    assert password
    assert sign_in(house.browser(), "minh", password[1]).status_code == 303
    account = house.catalogue.people.by_login("minh")
    assert account is not None
    assert account.roles == {Role.OPERATOR, Role.REVIEWER}
    assert account.offices == {"H06", "000.00.16.H05"}
    house.client.post("/accounts/minh", data=csrf | {"name": "Trần Văn Minh", "roles": "manager", "offices": ""})
    assert "Trần Văn Minh" in house.client.get("/accounts").text
    house.client.post("/accounts/minh/disable", data=csrf)
    assert sign_in(house.browser(), "minh", password[1]).status_code == 401
    house.client.post("/accounts/minh/enable", data=csrf)
    assert 'class="one-time"' in house.client.post("/accounts/minh/reset-password", data=csrf).text
    assert sign_in(house.browser(), "minh", password[1]).status_code == 401
    house.catalogue.audit.seal("2026-01-05", 1000)
    told = [
        (one.happening.actor, one.happening.reason)
        for one in house.catalogue.audit.lines()
        if one.happening.action == "account"
    ]
    reasons = ["account added", "account changed", "account disabled", "account enabled", "password reset"]
    assert told == [("lan", reason) for reason in reasons]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/accounts/new", {"login": "lan", "name": "x"}),
        ("/accounts/new", {"login": "có dấu", "name": "x"}),
        ("/accounts/new", {"login": "minh", "name": "Minh", "offices": "phòng"}),
        ("/accounts/new", {"login": "minh", "name": "Minh", "roles": "king"}),
        ("/accounts/lan", {"name": "Lan", "roles": "operator"}),
        ("/accounts/lan/disable", {}),
    ],
)
def test_what_makes_no_account_is_said_and_not_kept(house: WebHouse, path: str, form: dict[str, str]) -> None:
    sign_in(house.client)
    before = house.catalogue.people.accounts()
    answer = house.client.post(path, data={"csrf": token_of(house.client), **form})
    assert answer.status_code == 422
    assert house.catalogue.people.accounts() == before
    assert "king" not in answer.text


def test_a_password_of_an_account_that_others_vouch_for_is_none_of_ours(house: WebHouse) -> None:
    account = house.house.accounts.find("lan")
    house.catalogue.people.enter(replace(account, id="v", login="v", issuer="https://id.example", subject="1", password=""))
    sign_in(house.client)
    assert house.client.post("/accounts/v/reset-password", data={"csrf": token_of(house.client)}).status_code == 422
    assert sign_in(house.browser(), "v", "").status_code == 401


def test_two_windows_can_both_be_signed_in_with(house: WebHouse) -> None:
    token = token_of(house.client, "/sign-in")
    assert token_of(house.client, "/sign-in") == token
    answer = house.browser().get("/sign-in", headers={"Cookie": "sohoa=planted"})
    assert re.match(r"sohoa=[\w-]{43};", answer.headers["set-cookie"])


def test_figures_are_open_on_this_machine_alone(house: WebHouse, tmp_path: Path) -> None:
    assert house.client.get("/", follow_redirects=False).status_code == 200
    (tmp_path / "served").mkdir()
    with WebHouse(tmp_path / "served", Place("https://sohoa.tinh.vn")) as served:
        for path in ("/", "/state"):
            answer = served.client.get(path, follow_redirects=False)
            assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert served.signed_in("x", Role.MANAGER).get("/").status_code == 200


def test_a_second_factor_is_set_up_asked_for_and_taken_away(house: WebHouse) -> None:
    sign_in(house.client)
    codes, secret = set_up(house)
    assert len(codes) == 10
    browser = house.browser()
    assert sign_in(browser, to="/find?q=x").headers["location"] == "/sign-in/code?to=%2Ffind%3Fq%3Dx"
    asked = browser.get("/account", follow_redirects=False)
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?to=/account")
    assert "Lan" not in browser.get("/sign-in/code?to=/find?q=x").text
    assert show(browser, "000000").status_code == 401
    house.clock.advance(timedelta(seconds=SECONDS))
    answer = show(browser, code_at(secret, house.clock.now()), to="/find?q=x")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/news?to=%2Ffind%3Fq%3Dx")
    news = browser.get("/account/news?to=/find?q=x").text
    assert "Xác thực hai lớp đã được bật." in news
    said = browser.post("/account/news", data={"csrf": token_of(browser), "to": "/find?q=x"}, follow_redirects=False)
    assert said.headers["location"] == "/find?q=x"
    assert "Không có gì mới." in browser.get("/account/news").text
    assert "Xác thực hai lớp đã được bật." in browser.get("/account").text
    wrong = browser.post("/account/second-factor/remove", data={"csrf": token_of(browser), "code": "1"})
    assert wrong.status_code == 422
    renewed = browser.post("/account/second-factor/codes", data={"csrf": token_of(browser), "code": codes[0]})
    assert len(re.findall(r"<li><code>", renewed.text)) == 10
    assert browser.get("/account", follow_redirects=False).status_code == 200
    house.clock.advance(timedelta(seconds=SECONDS))
    code = code_at(secret, house.clock.now())
    gone = browser.post("/account/second-factor/remove", data={"csrf": token_of(browser), "code": code})
    assert gone.url.path == "/account"
    assert sign_in(house.browser()).headers["location"].startswith("/account/news")


def set_up(house: WebHouse) -> tuple[list[str], str]:
    """The codes of recovery of a second factor that whoever sits at the first browser sets up, and its secret."""
    page = house.client.get("/account/second-factor").text
    secret = re.search(r'lang="en">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    sealed = re.search(r'name="sealed" value="([\w-]+)"', page)[1]
    assert secret not in sealed
    form = {"csrf": token_of(house.client), "sealed": sealed, "code": code_at(secret, house.clock.now())}
    for wrong in ({"password": "not the password"}, {"password": GOOD, "code": "000000"}, {"password": GOOD, "sealed": "x"}):
        answer = house.client.post("/account/second-factor", data={**form, **wrong})
        assert not re.findall(r"<li><code>", answer.text)
    answer = house.client.post("/account/second-factor", data={**form, "password": GOOD})
    assert house.client.get("/account", follow_redirects=False).status_code == 200
    return re.findall(r"<li><code>([a-z0-9-]+)</code>", answer.text), secret


def show(browser: TestClient, code: str, to: str = "/account") -> object:
    form = {"csrf": token_of(browser, "/sign-in/code"), "code": code, "to": to}
    return browser.post("/sign-in/code", data=form, follow_redirects=False)


def test_the_page_that_shows_codes_still_signs_out(house: WebHouse) -> None:
    """It is written with the key that the browser holds from then on, not with the one before."""
    sign_in(house.client)
    page = house.client.get("/account/second-factor").text
    secret = re.search(r'lang="en">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    sealed = re.search(r'name="sealed" value="([\w-]+)"', page)[1]
    form = {"csrf": token_of(house.client), "sealed": sealed, "code": code_at(secret, house.clock.now()), "password": GOOD}
    shown = house.client.post("/account/second-factor", data=form)
    token = re.search(r'"X-CSRF-Token": "([0-9a-f]{64})"', shown.text)[1]
    assert house.client.post("/sign-out", data={"csrf": token}, follow_redirects=False).status_code == 303


def test_nobody_goes_on_without_a_second_factor_whose_role_needs_one(tmp_path: Path) -> None:
    with WebHouse(tmp_path, second_factor=frozenset({Role.ADMINISTRATOR})) as house:
        browser = house.signed_in("sếp", Role.ADMINISTRATOR)
        asked = browser.get("/accounts", follow_redirects=False)
        assert (asked.status_code, asked.headers["location"]) == (303, "/account/second-factor")
        assert "bắt buộc xác thực hai lớp" in browser.get("/account/second-factor").text
        assert house.signed_in("hoa", Role.OPERATOR).get("/station", follow_redirects=False).status_code == 200


def test_accounts_are_changed_from_elsewhere_only_with_a_second_factor_that_was_shown_a_moment_ago(
    tmp_path: Path, hashed: str
) -> None:
    with WebHouse(tmp_path, Place("https://sohoa.example.vn")) as house:
        house.person("lan", Role.ADMINISTRATOR, password=hashed)
        house.person("minh", Role.OPERATOR)
        sign_in(house.client)
        assert house.client.get("/accounts").status_code == 403
        _, secret = set_up(house)
        assert house.client.get("/accounts/minh").status_code == 200
        house.clock.advance(timedelta(minutes=16))
        assert house.client.get("/accounts").status_code == 200
        asked = house.client.get("/accounts/minh", follow_redirects=False)
        assert asked.headers["location"] == "/account/prove?to=%2Faccounts%2Fminh"
        token = token_of(house.client, "/account/prove")
        late = house.client.post("/accounts/minh/disable", data={"csrf": token}, follow_redirects=False)
        assert late.status_code == 303
        house.clock.advance(timedelta(minutes=16))
        late = house.client.post("/accounts/minh/disable", data={"csrf": token}, follow_redirects=False)
        assert late.headers["location"] == "/account/prove?to=%2F"
        form = {"csrf": token, "code": "000000", "to": "/accounts/minh"}
        assert house.client.post("/account/prove", data=form).status_code == 401
        proven = {**form, "code": code_at(secret, house.clock.now())}
        assert house.client.post("/account/prove", data=proven, follow_redirects=False).headers["location"] == "/accounts/minh"
        assert house.client.get("/accounts/minh").status_code == 200


def test_an_administrator_resets_the_second_factor_of_who_lost_it(house: WebHouse) -> None:
    sign_in(house.client)
    set_up(house)
    boss = house.signed_in("boss", Role.ADMINISTRATOR)
    page = boss.get("/accounts/lan").text
    assert "/accounts/lan/reset-second-factor" in page
    boss.post("/accounts/lan/reset-second-factor", data={"csrf": token_of(boss)})
    assert "/accounts/lan/reset-second-factor" not in boss.get("/accounts/lan").text
    assert house.client.get("/account", follow_redirects=False).status_code == 303
    assert sign_in(house.browser()).headers["location"].startswith("/account/news")


def test_of_whom_a_provider_vouches_the_second_factor_is_the_providers(house: WebHouse) -> None:
    house.catalogue.people.enter(replace(house.catalogue.people.account("lan"), id="p", login="p", issuer="i", subject="s"))
    browser = house.browser()
    browser.cookies.set("sohoa", house.house.admission.open(house.catalogue.people.account("p"), "127.0.0.1"))
    assert browser.get("/account/second-factor").status_code == 404
    assert "/account/second-factor" not in browser.get("/account").text
