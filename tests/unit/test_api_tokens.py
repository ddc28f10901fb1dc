"""How systems prove who they are, and what their tokens are worth."""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from pipeline.cli import main
from pipeline.commands.systems import _hours
from pipeline.domain.audit import Action
from pipeline.domain.clients import Scope, TokenKey
from pipeline.systems.assertions import public_keys
from pipeline.systems.certificates import thumbprint_of
from pipeline.systems.keyring import LEAD, LONGEST, ROTATION, Keyring
from pipeline.systems.limits import Limiter
from pipeline.systems.registry import plan_of
from pipeline.web.house import Place
from storage.clocks import FixedClock
from storage.token_keys import FolderTokenKeys
from tests.api_house import SECRET, TOKEN, ApiHouse, MemoryTokenKeys, client_key, jwks_of

GRANT = {"grant_type": "client_credentials"}
BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
WHOAMI = "/v1/systems/self"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ApiHouse]:
    made = ApiHouse.make(tmp_path)
    with made.web:
        yield made


def basic(name: str, secret: str) -> dict[str, str]:
    pair = f"{quote(name, safe='')}:{quote(secret, safe='')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def asserted(token: str) -> dict[str, str]:
    return GRANT | {"client_assertion_type": BEARER, "client_assertion": token}


def test_a_secret_gives_a_token_that_opens_what_its_scopes_allow(house: ApiHouse) -> None:
    house.system(scopes=(Scope.DOSSIERS_READ, Scope.SEARCH))
    answer = house.anybody().post(TOKEN, data=GRANT | {"scope": "dossiers:read"}, headers=basic("dvc", SECRET))
    assert answer.status_code == 200
    given = answer.json()
    assert (given["token_type"], given["expires_in"], given["scope"]) == ("Bearer", 600, "dossiers:read")
    assert answer.headers["cache-control"] == "no-store"
    me = house.anybody(Authorization=f"Bearer {given['access_token']}").get(WHOAMI).json()
    assert (me["id"], me["agency"], me["scopes"]) == ("dvc", "000.00.16.H05", ["dossiers:read"])


def test_a_token_says_who_for_whom_and_for_how_long(house: ApiHouse) -> None:
    token = house.desk.tokens.give(house.system(), [Scope.SEARCH])
    keys = house.anybody().get("/v1/oauth/jwks.json").json()
    assert not any("d" in key for key in keys["keys"])
    found = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["ES256"])
    assert found.header["typ"] == "at+jwt"
    claims = found.claims
    assert claims["iss"] == claims["aud"] == "http://127.0.0.1:8321/v1"
    assert claims["exp"] - claims["iat"] == 600
    assert (claims["client_id"], claims["scope"], claims["agency"]) == ("dvc", "search", "000.00.16.H05")


@pytest.mark.parametrize(("name", "secret"), [("dvc", "wrong"), ("nobody", SECRET), ("dvc", ""), ("", ""), ("DVC\0", SECRET)])
def test_wrong_secrets_and_unknown_systems_are_told_the_same(house: ApiHouse, name: str, secret: str) -> None:
    house.system()
    answer = house.anybody().post(TOKEN, data=GRANT, headers=basic(name, secret))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert answer.json() == {
        "error": "invalid_client",
        "error_description": "the system is unknown, or does not prove who it is",
    }


def test_a_scope_that_the_system_does_not_have_is_refused(house: ApiHouse) -> None:
    house.system(scopes=(Scope.SEARCH,))
    answer = house.anybody().post(TOKEN, data=GRANT | {"scope": "search export"}, headers=basic("dvc", SECRET))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_an_assertion_of_a_registered_key_gives_a_token_once(house: ApiHouse) -> None:
    house.system(keys=jwks_of(client_key()))
    token = house.assertion()
    assert house.anybody().post(TOKEN, data=asserted(token)).status_code == 200
    replayed = house.anybody().post(TOKEN, data=asserted(token))
    assert (replayed.status_code, replayed.json()["error"]) == (401, "invalid_client")
    assert house.anybody().post(TOKEN, data=asserted(house.assertion())).status_code == 200


@pytest.mark.parametrize("seconds", [-290, -50, 50, 290])
def test_clocks_that_are_a_little_apart_do_no_harm(house: ApiHouse, seconds: int) -> None:
    house.system(keys=jwks_of(client_key()))
    now = int(house.web.clock.now().timestamp()) + seconds
    token = house.assertion(iat=now, nbf=now, exp=now + 5)
    assert house.anybody().post(TOKEN, data=asserted(token)).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://elsewhere.example"},
        {"aud": None},
        {"exp": None},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"iss": "other"},
        {"exp": 1},
        {"exp": 99_999_999_999},
        {"nbf": 99_999_999_999},
        {"sub": "other", "iss": "other"},
    ],
)
def test_an_assertion_that_does_not_fit_is_refused(house: ApiHouse, claims: dict[str, object]) -> None:
    house.system(keys=jwks_of(client_key()))
    assert house.anybody().post(TOKEN, data=asserted(house.assertion(**claims))).status_code == 401


def test_assertions_of_other_keys_unsigned_ones_and_ones_by_what_everybody_knows_are_refused(house: ApiHouse) -> None:
    client = house.system(keys=jwks_of(client_key()))
    claims = jwt.decode(house.assertion(), client_key(), algorithms=["ES256"]).claims
    by_public = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(client.keys.ljust(64)), algorithms=["HS256"])
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    unsigned = f"{head}.{house.assertion().split('.')[1]}."
    stranger = house.assertion(key=ECKey.generate_key("P-256", {"kid": "system-1"}))
    for token in (by_public, unsigned, stranger, "no.token", "x", "a.b.c", "...."):
        assert house.anybody().post(TOKEN, data=asserted(token)).status_code == 401, token


def test_a_secret_of_its_own_does_not_help_whoever_registers_keys_alone(house: ApiHouse) -> None:
    house.system(secrets=(), keys=jwks_of(client_key()))
    assert house.anybody().post(TOKEN, data=GRANT, headers=basic("dvc", SECRET)).status_code == 401


def test_two_proofs_at_once_are_refused(house: ApiHouse) -> None:
    house.system(keys=jwks_of(client_key()))
    answer = house.anybody().post(TOKEN, data=asserted(house.assertion()), headers=basic("dvc", SECRET))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_too_many_tries_from_one_address_are_stopped(house: ApiHouse) -> None:
    form = asserted("x.y.z")
    statuses = [house.anybody().post(TOKEN, data=form).status_code for _ in range(61)]
    assert statuses[:60] == [401] * 60
    refused = house.anybody().post(TOKEN, data=form)
    assert (statuses[60], refused.status_code, refused.headers["retry-after"]) == (429, 429, "1")


@pytest.mark.parametrize("minutes", [9, 12])
def test_a_token_is_over_after_ten_minutes(house: ApiHouse, minutes: int) -> None:
    caller = house.caller(house.system())
    house.web.clock.advance(timedelta(minutes=minutes))
    answer = caller.get(WHOAMI)
    assert answer.status_code == (200 if minutes < 10 else 401)
    if answer.status_code == 401:
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "no_token"


def test_a_disabled_system_is_out_at_once_and_its_scopes_count_as_they_are_now(house: ApiHouse) -> None:
    client = house.system(scopes=(Scope.SEARCH, Scope.EXPORT))
    caller = house.caller(client)
    registry = house.desk.registry
    registry.change(plan_of("dvc", "Cổng", "H05", (), [Scope.SEARCH]), by="test")
    assert caller.get(WHOAMI).json()["scopes"] == ["search"]
    registry.disable("dvc", by="test")
    assert caller.get(WHOAMI).status_code == 401
    assert house.anybody().post(TOKEN, data=GRANT, headers=basic("dvc", SECRET)).status_code == 401
    registry.enable("dvc", by="test")
    assert caller.get(WHOAMI).status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer a.b.c", "bearer  ", "Bearer " + "x" * 9000]
)
def test_what_is_no_token_is_refused(house: ApiHouse, header: str) -> None:
    answer = house.anybody(**({"Authorization": header} if header else {})).get(WHOAMI)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith('Bearer realm="sohoa"')


def test_tokens_of_other_makers_kinds_and_audiences_are_refused(house: ApiHouse) -> None:
    client = house.system()
    key = house.desk.keyring.signing_key()
    good = jwt.decode(house.desk.tokens.give(client, client.scopes), key, algorithms=["ES256"])
    other = ECKey.generate_key("P-256", {"kid": key.kid})

    def made(signer: ECKey = key, typ: str = "at+jwt", **claims: object) -> str:
        return jwt.encode({**good.header, "typ": typ}, good.claims | claims, signer)

    assert house.anybody(Authorization=f"Bearer {made()}").get(WHOAMI).status_code == 200
    for token in (
        made(other),
        made(typ="JWT"),
        made(aud="https://elsewhere"),
        made(iss="https://elsewhere"),
        made(sub="other"),
    ):
        assert house.anybody(Authorization=f"Bearer {token}").get(WHOAMI).status_code == 401


def test_a_key_is_known_to_everybody_before_it_signs_and_until_nothing_it_signed_lasts() -> None:
    clock, kept = FixedClock(), MemoryTokenKeys()
    ring = Keyring(kept, clock)
    (published,) = ring.published()["keys"]
    first = ring.signing_key().kid
    assert published["kid"] == first
    second = ring.rotate()
    assert ring.signing_key().kid == first
    assert {key["kid"] for key in ring.published()["keys"]} == {first, second}
    clock.advance(LEAD)
    assert ring.signing_key().kid == second
    clock.advance(LONGEST)
    third = ring.rotate()
    assert {key["kid"] for key in ring.published()["keys"]} == {first, second, third}
    clock.advance(timedelta(seconds=1))
    ring.rotate()
    assert first not in {key["kid"] for key in ring.published()["keys"]}
    assert {second, third} <= {key["kid"] for key in ring.published()["keys"]}


def test_a_successor_is_made_by_itself_when_a_key_is_old(house: ApiHouse) -> None:
    client = house.system()
    caller = house.caller(client)
    first = house.desk.keyring.signing_key().kid
    house.web.clock.advance(ROTATION + timedelta(seconds=1))
    assert house.desk.keyring.signing_key().kid == first
    assert len(house.keys.held) == 2
    house.web.clock.advance(LEAD)
    assert house.desk.keyring.signing_key().kid != first
    assert caller.get(WHOAMI).status_code == 401
    assert house.caller(client).get(WHOAMI).status_code == 200


def test_keys_of_tokens_lie_in_files_that_their_owner_alone_reads(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    kept = FolderTokenKeys(folder)
    assert kept.all() == ()
    ring, clock = Keyring(kept, FixedClock()), FixedClock()
    kid = ring.signing_key().kid
    (file,) = folder.iterdir()
    assert (file.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    again = FolderTokenKeys(folder).all()
    assert [(key.id, key.made_at) for key in again] == [(kid, clock.now())]
    kept.enter(TokenKey("k2", again[0].pem, clock.now() + LEAD))
    assert [key.id for key in kept.all()] == [kid, "k2"]
    kept.forget(kid)
    kept.forget("unknown")
    assert [key.id for key in kept.all()] == ["k2"]


def test_a_new_secret_works_beside_the_one_before_for_a_day(house: ApiHouse) -> None:
    house.system()
    fresh = house.desk.registry.rotate_secret("dvc", by="test")

    def works(secret: str) -> bool:
        return house.anybody().post(TOKEN, data=GRANT, headers=basic("dvc", secret)).status_code == 200

    assert works(fresh)
    assert works(SECRET)
    house.web.clock.advance(timedelta(hours=24))
    assert works(fresh)
    assert not works(SECRET)


def test_what_makes_no_system_is_refused(house: ApiHouse) -> None:
    registry = house.desk.registry
    good = {"client_id": "x1", "name": "X", "agency": "H05", "offices": (), "scopes": [Scope.SEARCH]}
    for wrong in ({"client_id": "X x"}, {"name": " "}, {"agency": "abc"}, {"offices": ["abc"]}, {"scopes": []}):
        with pytest.raises(ValueError, match=r".+"):
            registry.add(plan_of(**(good | wrong)), by="test")
    with pytest.raises(ValueError, match="neither"):
        registry.add(plan_of(**good), by="test", with_secret=False)
    assert registry.all() == ()


@pytest.mark.parametrize(
    "jwks",
    [
        "x",
        "[]",
        "{}",
        '{"keys": []}',
        json.dumps({"keys": [ECKey.generate_key("P-256").as_dict(private=True)]}),
        json.dumps({"keys": [OctKey.generate_key(256).as_dict(private=True)]}),
    ],
    ids=["no-json", "list", "no-keys", "empty", "private", "secret"],
)
def test_keys_that_are_no_good_are_not_registered(house: ApiHouse, jwks: str) -> None:
    plan = replace(plan_of("x1", "X", "H05", (), [Scope.SEARCH]), keys=jwks)
    with pytest.raises(ValueError, match=r"JWKS|key"):
        house.desk.registry.add(plan, by="test")


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_key_that_is_too_short_is_not_registered() -> None:
    with pytest.raises(ValueError, match="2048"):
        public_keys(json.dumps({"keys": [RSAKey.generate_key(1024, auto_kid=True).as_dict(private=False)]}))


def test_every_token_and_every_refusal_is_in_the_audit_log(house: ApiHouse) -> None:
    house.system()
    house.anybody().post(TOKEN, data=GRANT, headers=basic("dvc", SECRET))
    house.anybody().post(TOKEN, data=GRANT, headers=basic("dvc", "wrong secret"))
    house.web.flow.auditing.seal()
    lines = [line.happening for line in house.web.catalogue.audit.lines()]
    found = [(one.actor, one.reason) for one in lines if one.action == Action.SIGN_IN]
    assert found == [("system dvc", "token given"), ("system", "system refused")]
    assert "wrong secret" not in repr(lines)
    assert SECRET not in repr(lines)


def test_a_token_belongs_to_the_certificate_that_it_was_given_with(tmp_path: Path) -> None:
    der = b"any certificate"
    x5t = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
    shown = {"Client-Cert": f":{base64.b64encode(der).decode()}:"}
    place = Place("https://sohoa.example.vn")
    house = ApiHouse.make(tmp_path, place, certificate_header="Client-Cert")
    with house.web:
        house.system(certificates=frozenset({x5t}))
        assert house.anybody().post(TOKEN, data=GRANT, headers=basic("dvc", SECRET)).status_code == 401
        token = house.anybody(**shown).post(TOKEN, data=GRANT, headers=basic("dvc", SECRET)).json()["access_token"]
        bearer = {"Authorization": f"Bearer {token}"}
        assert house.anybody(**bearer).get(WHOAMI).status_code == 401
        assert house.anybody(**bearer, **{"Client-Cert": ":b3RoZXI=:"}).get(WHOAMI).status_code == 401
        assert house.anybody(**bearer, **shown).get(WHOAMI).status_code == 200


def test_a_certificate_is_read_as_proxies_write_it() -> None:
    der = b"\x30\x03abc"
    text = base64.b64encode(der).decode()
    wanted = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
    pem = f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"
    assert thumbprint_of(quote(pem)) == thumbprint_of(f":{text}:") == wanted
    assert thumbprint_of("") == thumbprint_of("x") == thumbprint_of(":====:") == ""


def test_a_bucket_fills_evenly() -> None:
    limiter, now = Limiter(), datetime(2026, 1, 5, tzinfo=UTC)
    assert [limiter.take("a", 3, now).left for _ in range(3)] == [2, 1, 0]
    empty = limiter.take("a", 3, now)
    assert (empty.allowed, empty.wait, empty.full) == (False, 20, 60)
    assert limiter.take("b", 3, now).allowed
    later = limiter.take("a", 3, now + timedelta(seconds=20))
    assert (later.allowed, later.left) == (True, 0)
    assert limiter.take("a", 3, now - timedelta(hours=1)).allowed is False


@pytest.mark.parametrize("text", ["-1", "x", "721", ""])
def test_an_overlap_is_some_hours(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        _hours(text)


def test_systems_are_looked_after_by_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path))
    keys = tmp_path / "keys.json"
    keys.write_text(jwks_of(client_key()))

    def sohoa(*words: str) -> str:
        assert main(["systems", *words]) == 0
        return capsys.readouterr().out

    added = sohoa("add", "DVC", "--name", "Cổng", "--agency", "h05", "--scope", "search", "--rate", "30")
    assert re.match(r"dvc  secret: [\w-]{43}\n", added)
    assert "no secret" in sohoa(
        "add", "csdl", "--name", "CSDL", "--agency", "H05", "--scope", "export", "--jwks", str(keys), "--no-secret"
    )
    assert "H06" in sohoa("change", "dvc", "--office", "H05", "--office", "H06", "--scope", "events")
    assert re.match(r"dvc  secret: [\w-]{43}\n", sohoa("rotate", "dvc", "--overlap", "0"))
    assert "signs access tokens" in sohoa("rotate-keys")
    assert "disabled" in sohoa("disable", "csdl")
    assert "disabled" not in sohoa("enable", "csdl")
    listed = [json.loads(line) for line in sohoa("list", "--json").splitlines()]
    assert [(one["id"], one["scopes"], one["secrets"], one["rate"]) for one in listed] == [
        ("csdl", ["export"], 0, 0),
        ("dvc", ["events"], 1, 30),
    ]
    assert main(["systems", "add", "dvc", "--name", "x", "--agency", "H05", "--scope", "search"]) == 2
    assert "already" in capsys.readouterr().err
