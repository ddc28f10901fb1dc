"""The client against the interface itself, by HTTP: lost connections, lost answers, tokens that end, cut uploads, proofs."""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey
from starlette.types import Scope

from pipeline.client import (
    ConnectionLostError,
    KeyCredentials,
    RefusedError,
    SecretCredentials,
    Sohoa,
    UnprovenError,
    verify_content,
    verify_receipt,
    verify_values,
    verify_webhook,
)
from pipeline.client.transport import Patience, Transport
from pipeline.domain.outbox import Delivery, DeliveryState, EventKind, ReuseEvent, Subscription
from pipeline.reuse.receipts import values_hash
from pipeline.reuse.webhooks import headers_of, render_event, secret_of
from pipeline.web import make_app
from tests.api_house import SCAN, SECRET, ApiHouse, client_key, jwks_of, work
from tests.api_server import Unreliable, serving

NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


class Served:
    """An installation that answers at ``origin``, and a client of it whose clock stands with it."""

    def __init__(self, house: ApiHouse, app: Unreliable, origin: str) -> None:
        self.house, self.app, self.origin = house, app, origin
        self.pauses: list[float] = []

    def client(self, credentials: object = None, **options: object) -> Sohoa:
        """A client that waits without waiting."""
        known = credentials or SecretCredentials("dvc", SECRET)
        clock = self.house.web.clock
        told = {"clock": lambda: clock.now().timestamp(), "sleep": self.pauses.append, "patience": Patience(timeout=20.0)}
        return Sohoa(self.origin, known, purpose="giai_quyet_tthc", **(told | options))

    def lose(self, method: str, part: str, *whats: str) -> None:
        """Do ``whats`` to the next calls of this method to addresses that hold ``part``."""
        left = list(whats)

        def mischief(scope: Scope) -> str:
            fits = scope["method"] == method and part in scope["path"]
            return left.pop(0) if fits and left else ""

        self.app.mischief = mischief


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    house = ApiHouse.make(tmp_path)
    house.system()
    with house.web:
        app = Unreliable(house.web.app)
        with serving(app) as origin:
            desk = replace(house.desk, origin=origin)
            house.web.house = replace(house.web.house, systems=desk)
            house.desk, app.app = desk, make_app(house.web.house)
            yield Served(house, app, origin)


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "giấy khai sinh.pdf"
    path.write_bytes(SCAN)
    return path


def test_scans_are_handed_over_and_fields_text_and_pdf_taken_back(served: Served, scan: Path) -> None:
    with served.client() as sohoa:
        dossier = sohoa.hand_in([sohoa.upload(scan, piece=300)], office="000.00.16.H05", queue="station")
        assert (dossier.code, dossier.settled) == ("000.00.16.H05-260105-0001", False)
        found = sohoa.wait(dossier.code, lambda: work(served.house), looks=2)
        (document,) = found.documents
        assert (document.name, document.is_settled, document.sha256) == (scan.name, True, hashlib.sha256(SCAN).hexdigest())
        assert sohoa.fields(document.id).revision == 1
        assert "trang số 1" in sohoa.text(document.id)
        assert sohoa.pdf(document.id).startswith(b"%PDF")
        assert list(sohoa.documents()) == [sohoa.document(document.id)]
        scan.write_bytes(b"another")
        more = sohoa.add(dossier.code, [sohoa.upload(scan)], etag=sohoa.dossier(dossier.code).etag)
        assert len(more.documents) == 2
        with pytest.raises(RefusedError) as stale:
            sohoa.add(dossier.code, [sohoa.upload(scan)], etag=found.etag)
        assert (stale.value.status, stale.value.code) == (412, "precondition_failed")
        assert sohoa.search("trang so")[0]["document"] == document.id


def test_keys_of_its_own_let_a_system_in_again_and_again(served: Served, scan: Path) -> None:
    served.house.system("keyed", secrets=(), keys=jwks_of(client_key()))
    for key in (client_key().as_pem(private=True).decode(), client_key().as_dict(private=True)):
        with served.client(KeyCredentials("keyed", key, kid="system-1")) as sohoa:
            sohoa.upload(scan)
            served.house.web.clock.advance(timedelta(minutes=20))
            sohoa.upload(scan)
    assert sum(path.endswith("/token") for _, path in served.app.calls) == 4


def test_a_token_is_asked_for_before_it_ends_and_again_when_it_is_refused(served: Served) -> None:
    with served.client() as sohoa:
        list(sohoa.documents())
        served.house.web.clock.advance(timedelta(minutes=9, seconds=29))
        list(sohoa.documents())
        assert served.app.calls.count(("POST", "/v1/oauth/token")) == 1
        served.house.web.clock.advance(timedelta(seconds=1))
        list(sohoa.documents())
        assert served.app.calls.count(("POST", "/v1/oauth/token")) == 2
        served.house.keys.held.clear()
        list(sohoa.documents())
        assert served.app.calls.count(("POST", "/v1/oauth/token")) == 3
        served.house.desk.registry.disable("dvc", by="test")
        with pytest.raises(RefusedError) as refused:
            list(sohoa.documents())
        assert (refused.value.status, refused.value.code) == (401, "invalid_client")


@pytest.mark.parametrize("what", ["before", "after", "busy"])
def test_a_dossier_is_handed_in_once_whatever_gets_lost(served: Served, scan: Path, what: str) -> None:
    with served.client() as sohoa:
        upload = sohoa.upload(scan)
        served.lose("POST", "/dossiers", what, what)
        dossier = sohoa.hand_in([upload])
        assert len(dossier.documents) == 1
        assert dossier.code.endswith("-0001")
    assert len(served.pauses) == 2
    assert all(pause >= 3 for pause in served.pauses) or what != "busy"


@pytest.mark.parametrize("what", ["before", "after"])
def test_an_upload_goes_on_after_pieces_or_their_answers_were_lost(served: Served, scan: Path, what: str) -> None:
    with served.client() as sohoa:
        served.lose("PATCH", "/uploads/", "", what, what, "", what)
        assert sohoa.upload(scan, piece=250).state == "whole"


def test_an_upload_that_an_earlier_process_began_is_resumed(served: Served, scan: Path) -> None:
    with served.client() as sohoa:
        served.lose("PATCH", "/uploads/", "", *["before"] * 100)
        with pytest.raises(ConnectionLostError):
            sohoa.upload(scan, piece=400)
    upload = next(path for method, path in served.app.calls if method == "PATCH").rpartition("/")[2]
    served.lose("PATCH", "/uploads/")
    with served.client() as sohoa:
        found = sohoa.resume(upload, scan)
        assert (found.state, found.received) == ("whole", len(SCAN))


@pytest.mark.parametrize("what", ["before", "after", "busy"])
def test_a_token_that_got_lost_is_asked_for_again_whatever_the_call_is(served: Served, what: str) -> None:
    served.lose("POST", "/oauth/token", what, what)
    with served.client() as sohoa, pytest.raises(RefusedError) as refused:
        sohoa.rotate("0123456789abcdef")
    assert (refused.value.status, refused.value.code) == (404, "not_found")
    assert len(served.pauses) == 2


def test_tries_end(served: Served) -> None:
    served.lose("GET", "/documents", *["busy"] * 100)
    with served.client(patience=Patience(tries=4)) as sohoa, pytest.raises(RefusedError) as busy:
        list(sohoa.documents())
    assert (busy.value.status, len(served.pauses)) == (503, 3)
    with served.client(patience=Patience(seconds=1.0)) as sohoa, pytest.raises(RefusedError):
        list(sohoa.documents())
    assert len(served.pauses) == 3
    served.lose("GET", "/documents", *["before"] * 100)
    with served.client(patience=Patience(tries=2)) as sohoa, pytest.raises(ConnectionLostError):
        list(sohoa.documents())


def test_a_refusal_tells_code_advice_and_correlation(served: Served) -> None:
    with served.client() as sohoa, pytest.raises(RefusedError) as refused:
        sohoa.document("20260105-0123456789ab")
    error = refused.value
    assert (error.status, error.code, set(error.advice)) == (404, "not_found", {"vi", "en"})
    assert len(error.correlation) == 24
    assert served.pauses == []


def test_papers_of_people_go_by_https_alone() -> None:
    with pytest.raises(ValueError, match="https"):
        Transport("http://sohoa.example.vn", SecretCredentials("x", "y"))
    assert "bí mật" not in repr(SecretCredentials("x", "bí mật"))


def test_exports_are_followed_to_their_end(served: Served, scan: Path) -> None:
    with served.client() as sohoa:
        assert list(sohoa.export("sohoa", since="2026-01-01")) == []


def receipt(key: ECKey, **changes: object) -> str:
    claims = {"jti": "r1", "aud": "dvc", "form": "pdf", "sha256": hashlib.sha256(SCAN).hexdigest()} | changes
    header = {"alg": "ES256", "typ": "sohoa-receipt+jwt", "kid": key.kid}
    return jws.serialize_compact(header, json.dumps(claims).encode(), key)


def test_a_receipt_is_proven_with_what_it_speaks_of() -> None:
    key = client_key()
    keys = json.loads(jwks_of(key))
    claims = verify_receipt(receipt(key), keys, "dvc")
    verify_content(claims, SCAN)
    with pytest.raises(UnprovenError):
        verify_content(claims, SCAN + b" ")
    values = (("so_ky_hieu", "717/QĐ-UBND"), ("nam", 2026), ("ten", ("Lê Thị A", "Trần B")))
    of_values = verify_receipt(receipt(key, form="fields", sha256=values_hash(values)), keys, "dvc")
    verify_values(of_values, json.loads(json.dumps(dict(values))))
    with pytest.raises(UnprovenError):
        verify_values(of_values, {"so_ky_hieu": "718/QĐ-UBND"})
    with pytest.raises(UnprovenError):
        verify_content(of_values, SCAN)


def test_a_receipt_of_others_for_others_or_altered_is_refused() -> None:
    key, other = client_key(), ECKey.generate_key("P-256", {"kid": "system-1"})
    keys, good = json.loads(jwks_of(key)), receipt(key)
    head, body, signature = good.split(".")
    for wrong in (receipt(other), receipt(key, aud="other"), f"{head}.{body[:-2]}AA.{signature}", "x", "", f"{head}.{body}."):
        with pytest.raises(UnprovenError):
            verify_receipt(wrong, keys, "dvc")
    token = jws.serialize_compact({"alg": "ES256", "typ": "at+jwt", "kid": key.kid}, b'{"aud": "dvc"}', key)
    with pytest.raises(UnprovenError):
        verify_receipt(token, keys, "dvc")


def posted(at: datetime = NOW, rotated: bool = False) -> tuple[dict[str, str], bytes]:
    event = ReuseEvent(7, "e7", EventKind.DOCUMENT_REVOKED, NOW, "000.00.16.H05-260105-0001", "20260105-0123456789ab")
    until = NOW + timedelta(days=1) if rotated else None
    kinds = frozenset(EventKind)
    wanted = Subscription("sub1", "dvc", "H05", "https://x", kinds, frozenset({"H05"}), NOW, 1 + rotated, until)
    delivery, body = Delivery("d1", event, "sub1", DeliveryState.WAITING, 0, NOW), render_event(event)
    return headers_of(delivery, body, wanted, "master", at), body


def test_a_webhook_is_proven_also_while_its_secret_changes() -> None:
    former, fresh = secret_of("master", "sub1", 1), secret_of("master", "sub1", 2)
    headers, body = posted()
    found = verify_webhook(headers, body, {"sub1.1": former}, NOW.timestamp() + 200)
    assert (found.delivery, found.event.kind, found.event.seq) == ("d1", "document.revoked", 7)
    both, body = posted(rotated=True)
    for secrets in ({"sub1.1": former}, {"sub1.2": fresh}, {"sub1.1": "wrong", "sub1.2": fresh}):
        assert verify_webhook(both, body, secrets, NOW.timestamp()).delivery == "d1"


@pytest.mark.parametrize("change", ["late", "early", "body", "delivery", "key", "secret", "unsigned", "none"])
def test_a_webhook_that_is_not_ours_or_not_of_now_is_refused(change: str) -> None:
    headers, body = posted()
    now: Any = NOW.timestamp()
    secrets = {"sub1.1": secret_of("master", "sub1", 1)}
    if change in {"late", "early"}:
        now += 301 if change == "late" else -301
    elif change == "body":
        body += b" "
    elif change == "delivery":
        headers["Sohoa-Delivery"] = "d2"
    elif change == "key":
        secrets = {"sub1.2": secrets["sub1.1"]}
    elif change == "secret":
        secrets = {"sub1.1": "wrong"}
    elif change == "unsigned":
        headers["Sohoa-Signature"] = headers["Sohoa-Signature"].partition(",")[0]
    else:
        headers = {}
    with pytest.raises(UnprovenError):
        verify_webhook(headers, body, secrets, now)


def test_the_client_may_be_copied_without_the_rest_of_us(root: Path) -> None:
    allowed = {"urllib3", "joserfc", *sys.stdlib_module_names}
    for path in (root / "pipeline" / "client").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert all(name.split(".")[0] in allowed or name.startswith("pipeline.client") for name in names), (path, names)
