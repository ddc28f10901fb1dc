"""Signing in through an identity provider: one that is real, and one that lies."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from pipeline.domain.people import Role
from pipeline.domain.secret import Secret
from pipeline.people.vouching import Rights, load_rights
from pipeline.web.house import Place, Vouching
from storage.identity_provider import OpenIdProvider
from tests.browsing import PATIENCE, chromium, served
from tests.web_house import WebHouse

RIGHTS = """
[roles]
claim = "groups"
values = { "Một cửa" = ["operator"], "Soát xét" = ["reviewer", "operator"] }
[offices]
claim = "department"
values = { "Phòng Tư pháp" = ["000.00.16.H05"] }
"""
LAN = {
    "sub": "7",
    "preferred_username": "lan.nguyen",
    "name": "Nguyễn Thị Lan",
    "groups": ["Soát xét"],
    "department": "Phòng Tư pháp",
}


@pytest.fixture
def rights(tmp_path: Path) -> Rights:
    path = tmp_path / "rights.toml"
    path.write_text(RIGHTS, encoding="utf-8")
    return load_rights(path)


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(claims).encode())}"


def make_house(folder: Path, issuer: str, rights: Rights, place: Place | None = None) -> WebHouse:
    provider = OpenIdProvider(issuer, "sohoa", Secret("a secret: with %20"))
    return WebHouse(folder, place, Vouching(provider, rights))


@pytest.fixture(scope="module")
def real_provider() -> Iterator[str]:
    """A provider in a process of its own; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = (sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true")
    with subprocess.Popen((*command, "--user-claims", json.dumps(LAN)), stderr=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _until_it_answers(address, process)
            yield address
        finally:
            process.terminate()


def _until_it_answers(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/.well-known/openid-configuration", timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail("the provider did not start")


def test_somebody_signs_in_in_a_real_browser_and_comes_back_to_where_they_wanted_to_go(
    tmp_path: Path, real_provider: str, rights: Rights
) -> None:
    """The provider is another site: a strict cookie must hold all the same once one is back."""
    issuer = real_provider.replace("127.0.0.1", "localhost")
    with make_house(tmp_path, issuer, rights) as house, served(house) as address, chromium() as browser:
        object.__setattr__(house.house, "place", Place(port=urlsplit(address).port or 0))
        with browser.new_context(base_url=address) as window:
            window.set_default_timeout(PATIENCE)
            page = window.new_page()
            page.goto("/find?q=x")
            page.get_by_role("link", name="Đăng nhập bằng tài khoản chung").click()
            page.wait_for_url(f"{issuer}/**")
            page.locator("input[name=sub]").fill(LAN["sub"])
            page.keyboard.press("Enter")
            page.wait_for_url(f"{address}/find?q=x")
            page.get_by_role("link", name="Nguyễn Thị Lan").click()
            page.wait_for_url(f"{address}/account")
            assert page.locator("input[type=password]").count() == 0
            assert {one["sameSite"] for one in window.cookies() if one["name"] == "sohoa"} == {"Strict"}


def test_somebody_signs_in_with_a_real_provider_and_gets_the_rights_of_the_claims(
    tmp_path: Path, real_provider: str, rights: Rights
) -> None:
    with make_house(tmp_path, real_provider, rights) as house:
        browser = house.browser()
        leaving = browser.get("/sign-in/openid?to=/account", follow_redirects=False)
        with httpx2.Client() as there:
            back = there.post(leaving.headers["location"], data={"sub": LAN["sub"]}).headers["location"]
        arrived = browser.get(back)
        assert arrived.status_code == 200
        assert 'content="0;url=/account"' in arrived.text
        page = browser.get("/account").text
        assert "Nguyễn Thị Lan" in page
        assert "000.00.16.H05" in page
        account = house.catalogue.people.by_subject(real_provider, "7")
        assert account is not None
        assert account.roles == {Role.OPERATOR, Role.REVIEWER}
        assert browser.get(back).status_code == 403


class LyingProvider:
    """A provider whose every answer may be bent: what its tokens say, who signs them, what it calls itself."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.signs_with: Any = self.key
        self.header: dict[str, str] = {"alg": "RS256", "kid": "one"}
        self.claims: dict[str, Any] = {}
        self.user: dict[str, Any] = dict(LAN)
        self.calls_itself = ""
        self.challenges: dict[str, tuple[str, str]] = {}
        self.authorizations: list[str] = []
        self.forge: Callable[[dict[str, Any]], str] | None = None
        handler = type("Handler", (_Handler,), {"provider": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def consent(self, address: str) -> str:
        """Where the browser is sent back to, as if somebody had signed in."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.challenges)}"
        self.challenges[code] = asked["code_challenge"], asked["nonce"]
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def metadata(self) -> dict[str, Any]:
        here = self.issuer
        return {
            "issuer": self.calls_itself or here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/keys",
            "userinfo_endpoint": f"{here}/me",
        }

    def redeem(self, form: dict[str, list[str]], authorization: str) -> dict[str, Any] | None:
        self.authorizations.append(authorization)
        challenge, nonce = self.challenges.pop(form["code"][0], ("", ""))
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        if encoded(digest) != challenge:
            return None
        now = int(time.time())
        plain = {"iss": self.issuer, "sub": "7", "aud": "sohoa", "iat": now, "exp": now + 300, "nonce": nonce}
        claims = {key: value for key, value in {**plain, **self.claims}.items() if value is not None}
        token = (
            self.forge(claims)
            if self.forge
            else jwt.encode(self.header, claims, self.signs_with, algorithms=["RS256", "ES256"])
        )
        return {"id_token": token, "access_token": "access", "token_type": "Bearer"}


class _Handler(BaseHTTPRequestHandler):
    provider: LyingProvider

    def do_GET(self) -> None:
        found = {
            "/.well-known/openid-configuration": self.provider.metadata,
            "/keys": lambda: KeySet([self.provider.key]).as_dict(),
            "/me": lambda: self.provider.user,
        }
        self._answer(found[self.path]())

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self._answer(self.provider.redeem(form, self.headers.get("Authorization", "")))

    def _answer(self, found: dict[str, Any] | None) -> None:
        data = json.dumps(found or {"error": "invalid_grant"}).encode()
        self.send_response(200 if found else 400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def liar() -> Iterator[LyingProvider]:
    made = LyingProvider()
    yield made
    made.close()


@pytest.fixture
def house(tmp_path: Path, liar: LyingProvider, rights: Rights) -> Iterator[WebHouse]:
    with make_house(tmp_path, liar.issuer, rights) as made:
        yield made


def arrive(house: WebHouse, liar: LyingProvider) -> Any:
    browser = house.browser()
    leaving = browser.get("/sign-in/openid", follow_redirects=False)
    return browser.get(liar.consent(leaving.headers["location"]))


def test_an_honest_answer_is_taken_and_the_client_proves_who_it_is(house: WebHouse, liar: LyingProvider) -> None:
    assert arrive(house, liar).status_code == 200
    pair = base64.b64decode(liar.authorizations[0].removeprefix("Basic ")).decode()
    assert pair == "sohoa:a%20secret%3A%20with%20%2520"


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"aud": ["sohoa", "another-client"], "azp": "another-client"},
        {"aud": ["sohoa", "another-client"]},
        {"nonce": "a nonce of before"},
        {"nonce": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": 9_000_000_000},
        {"sub": None},
        {"sub": "8"},
    ],
)
def test_a_token_that_is_not_for_this_very_sign_in_is_refused(
    house: WebHouse, liar: LyingProvider, lie: dict[str, Any]
) -> None:
    liar.claims = lie
    assert arrive(house, liar).status_code == 403
    assert house.catalogue.people.accounts() == ()


def test_a_token_of_another_key_is_refused(house: WebHouse, liar: LyingProvider) -> None:
    liar.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    assert arrive(house, liar).status_code == 403


def test_an_unsigned_token_is_refused(house: WebHouse, liar: LyingProvider) -> None:
    liar.forge = lambda claims: f"{compact({'alg': 'none'}, claims)}."
    assert arrive(house, liar).status_code == 403


def test_a_token_signed_with_what_everybody_knows_is_refused(house: WebHouse, liar: LyingProvider) -> None:
    def forge(claims: dict[str, Any]) -> str:
        told = compact({"alg": "HS256", "kid": "one"}, claims)
        return f"{told}.{encoded(hmac.digest(liar.key.as_pem(private=False), told.encode(), 'sha256'))}"

    liar.forge = forge
    assert arrive(house, liar).status_code == 403


def test_a_new_key_of_the_provider_is_fetched_when_it_is_first_seen(house: WebHouse, liar: LyingProvider) -> None:
    assert arrive(house, liar).status_code == 200
    liar.key = liar.signs_with = ECKey.generate_key("P-256", {"kid": "two", "use": "sig"})
    liar.header = {"alg": "ES256", "kid": "two"}
    assert arrive(house, liar).status_code == 200


def test_a_provider_that_calls_itself_otherwise_is_not_asked(house: WebHouse, liar: LyingProvider) -> None:
    liar.calls_itself = "https://elsewhere.example"
    assert house.browser().get("/sign-in/openid").status_code == 503


def test_an_answer_that_another_browser_asked_for_is_refused(house: WebHouse, liar: LyingProvider) -> None:
    mine, other = house.browser(), house.browser()
    leaving = mine.get("/sign-in/openid", follow_redirects=False)
    back = liar.consent(leaving.headers["location"])
    other.get("/sign-in/openid", follow_redirects=False)
    assert other.get(back).status_code == 403
    assert house.browser().get(back).status_code == 403
    assert liar.authorizations == []


def test_an_answer_that_names_another_provider_is_refused(house: WebHouse, liar: LyingProvider) -> None:
    browser = house.browser()
    leaving = browser.get("/sign-in/openid", follow_redirects=False)
    back = liar.consent(leaving.headers["location"])
    assert browser.get(f"{back}&iss=https://elsewhere.example").status_code == 403


def test_somebody_whom_the_provider_turned_away_is_told(house: WebHouse) -> None:
    browser = house.browser()
    leaving = browser.get("/sign-in/openid", follow_redirects=False)
    state = dict(parse_qsl(urlsplit(leaving.headers["location"]).query))["state"]
    assert browser.get(f"/sign-in/openid/callback?error=access_denied&state={state}").status_code == 403


def test_somebody_without_a_role_here_is_not_let_in(house: WebHouse, liar: LyingProvider) -> None:
    liar.user |= {"groups": ["Kế toán"]}
    answer = arrive(house, liar)
    assert answer.status_code == 403
    assert "chưa được cấp quyền" in answer.text


def test_rights_follow_the_claims_at_every_sign_in(house: WebHouse, liar: LyingProvider) -> None:
    arrive(house, liar)
    liar.user |= {"groups": "Một cửa", "department": "Phòng khác"}
    arrive(house, liar)
    (account,) = house.catalogue.people.accounts()
    assert account.roles == {Role.OPERATOR}
    assert account.offices == frozenset()


def test_who_looks_after_accounts_from_elsewhere_comes_through_the_provider_with_a_second_factor(
    tmp_path: Path, liar: LyingProvider
) -> None:
    path = tmp_path / "rights.toml"
    path.write_text(
        'second_factor = ["mfa", "otp"]\n[roles]\nclaim = "groups"\nvalues = { "Soát xét" = ["reviewer", "administrator"] }'
    )
    with make_house(tmp_path, liar.issuer, load_rights(path), Place("https://sohoa.tinh.vn")) as made:
        local = made.signed_in("chief", Role.ADMINISTRATOR)
        assert local.get("/accounts").status_code == 403
        for methods, wanted in ((None, 403), (["pwd"], 403), (["pwd", "otp"], 200)):
            liar.claims = {"amr": methods}
            browser = made.browser()
            leaving = browser.get("/sign-in/openid", follow_redirects=False)
            assert browser.get(liar.consent(leaving.headers["location"])).status_code == 200
            assert browser.get("/accounts").status_code == wanted


def test_a_disabled_account_stays_out_whatever_the_provider_says(house: WebHouse, liar: LyingProvider) -> None:
    arrive(house, liar)
    house.person("chief", Role.ADMINISTRATOR)
    house.house.accounts.disable("lan.nguyen", by="chief")
    assert arrive(house, liar).status_code == 403


def test_a_provider_cannot_take_over_an_account_of_our_own(house: WebHouse, liar: LyingProvider) -> None:
    house.person("lan.nguyen", Role.ADMINISTRATOR)
    assert arrive(house, liar).status_code == 403
    (account,) = house.catalogue.people.accounts()
    assert account.roles == {Role.ADMINISTRATOR}
    assert not account.issuer


def test_the_page_of_signing_in_leads_to_the_provider_and_only_to_our_own_pages_afterwards(
    house: WebHouse, liar: LyingProvider
) -> None:
    assert 'href="/sign-in/openid?to=/find"' in house.client.get("/sign-in?to=/find").text
    browser = house.browser()
    leaving = browser.get("/sign-in/openid?to=//evil.example/", follow_redirects=False)
    assert re.search(r'content="0;url=/"', browser.get(liar.consent(leaving.headers["location"])).text)


def test_without_a_provider_there_is_no_such_page(tmp_path: Path) -> None:
    with WebHouse(tmp_path) as made:
        assert made.client.get("/sign-in/openid").status_code == 404
        assert "/sign-in/openid" not in made.client.get("/sign-in").text


def test_by_https_all_cookies_are_bound_to_the_host(tmp_path: Path, liar: LyingProvider, rights: Rights) -> None:
    with make_house(tmp_path, liar.issuer, rights, Place("https://sohoa.tinh.vn")) as made:
        browser = made.browser()
        leaving = browser.get("/sign-in/openid", follow_redirects=False)
        cookie = leaving.headers["set-cookie"]
        assert cookie.startswith("__Host-sohoa-going=")
        assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        assert "redirect_uri=https%3A%2F%2Fsohoa.tinh.vn%2Fsign-in%2Fopenid%2Fcallback" in leaving.headers["location"]
        arrived = browser.get(liar.consent(leaving.headers["location"]))
        assert arrived.status_code == 200
        session = next(one for one in arrived.headers.get_list("set-cookie") if one.startswith("__Host-sohoa="))
        assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(session.split("; "))


@pytest.mark.parametrize(
    "text",
    ["", "[roles]\nclaim = 'groups'", "[roles]\nclaim='g'\nvalues={a=['king']}", RIGHTS.replace("000.00.16.H05", "đâu")],
)
def test_a_faulty_file_of_rights_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rights.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"rights\.toml"):
        load_rights(path)
