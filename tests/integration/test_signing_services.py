"""Time stamps and revocation lists over HTTP, from servers of this test's own on loopback: sound, slow, broken and away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from asn1crypto import tsp

from pipeline.domain.errors import UnavailableError
from pipeline.domain.signatures import SignatureRole
from storage.signing.revocation import FetchedAnswers
from storage.signing.time_stamps import HttpTimeStamper
from storage.signing.trial import Issued, Purpose, issue, list_revoked, stamper_of
from storage.signing.trust import TrustStore
from tests.signing_desk import Desk, compose_pdf, now

Answer = tuple[int, str, bytes]


@dataclass
class Services:
    """A time-stamp authority (POST) and a place of revocation lists (GET); ``stamp`` and ``lists`` may be replaced."""

    url: str
    stamp: Callable[[bytes], Answer]
    lists: Callable[[], Answer] = field(default=lambda: (404, "text/plain", b""))
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def services() -> Iterator[Services]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            self.answer("stamp", found.stamp(data))

        def do_GET(self) -> None:
            self.answer("list", found.lists())

        def answer(self, what: str, answer: Answer) -> None:
            status, kind, data = answer
            found.asked.append(what)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Services(f"http://127.0.0.1:{server.server_address[1]}", lambda _: (503, "text/plain", b""))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def stamps(authority: Issued) -> Callable[[bytes], Answer]:
    made = stamper_of(authority)

    def stamp(data: bytes) -> Answer:
        response = made.request_tsa_response(tsp.TimeStampReq.load(data))  # type: ignore[attr-defined]
        return 200, "application/timestamp-reply", response.dump()

    return stamp


class Pki:
    """Certificates that say where their revocations are listed."""

    def __init__(self, services: Services) -> None:
        place = f"{services.url}/root.crl"
        self.root = issue("Gốc", Purpose(authority=True))
        self.person = issue("Người ký", Purpose(lists=place), self.root)
        self.stamps = issue("Dấu thời gian", Purpose(time_stamps=True, lists=place), self.root)
        self.trust = TrustStore((self.root.for_validation,))


def sign(services: Services, pki: Pki, folder: Path) -> Path:
    desk = Desk(folder)
    changes = {
        "key": desk.key(pki.person),
        "stamper": HttpTimeStamper(f"{services.url}/tsa", seconds=2, tries=2),
        "trust": pki.trust,
        "answers": FetchedAnswers(seconds=2),
    }
    signer = desk.signer(SignatureRole.DIGITISER, **changes)
    (signature,) = signer.sign(compose_pdf(folder / "x.pdf"), folder / "1.pdf", at=now())
    assert signature.valid
    return folder / "1.pdf"


def test_time_stamps_and_lists_are_fetched_and_kept_in_the_file(services: Services, tmp_path: Path) -> None:
    pki = Pki(services)
    services.stamp = stamps(pki.stamps)
    services.lists = lambda: (200, "application/pkix-crl", list_revoked(pki.root).dump())
    signed = sign(services, pki, tmp_path)
    assert set(services.asked) == {"stamp", "list"}
    assert b"/CRLs" in signed.read_bytes()


@pytest.mark.parametrize(
    "answer",
    [
        (503, "text/plain", b"busy"),
        (200, "text/html", b"<html>log in</html>"),
        (200, "application/timestamp-reply", b"nonsense"),
        (200, "application/timestamp-reply", b"x" * 1_100_000),
    ],
    ids=["busy", "a page", "nonsense", "too much"],
)
def test_no_sound_answer_means_no_signature(services: Services, tmp_path: Path, answer: Answer) -> None:
    pki = Pki(services)
    services.stamp = lambda _: answer
    services.lists = lambda: (200, "application/pkix-crl", list_revoked(pki.root).dump())
    with pytest.raises(UnavailableError) as caught:
        sign(services, pki, tmp_path)
    assert caught.value.code == "time_stamp_unavailable"
    assert not (tmp_path / "1.pdf").exists()
    assert services.asked.count("stamp") == (2 if answer[0] == 503 else 1)


def test_an_authority_that_refuses_means_no_signature(services: Services, tmp_path: Path) -> None:
    pki = Pki(services)
    refusal = tsp.TimeStampResp({"status": tsp.PKIStatusInfo({"status": tsp.PKIStatus("rejection")})})
    services.stamp = lambda _: (200, "application/timestamp-reply", refusal.dump())
    services.lists = lambda: (200, "application/pkix-crl", list_revoked(pki.root).dump())
    with pytest.raises(UnavailableError):
        sign(services, pki, tmp_path)


def test_time_stamps_of_somebody_else_are_no_time_stamps(services: Services, tmp_path: Path) -> None:
    pki = Pki(services)
    other = issue("gốc lạ", Purpose(authority=True))
    services.stamp = stamps(issue("lạ", Purpose(time_stamps=True), other))
    services.lists = lambda: (200, "application/pkix-crl", list_revoked(pki.root).dump())
    with pytest.raises(Exception, match="certificate") as caught:
        sign(services, pki, tmp_path)
    assert caught.value.code == "certificate_untrusted"  # type: ignore[attr-defined]


def test_where_revocations_cannot_be_looked_up_nothing_is_signed(services: Services, tmp_path: Path) -> None:
    pki = Pki(services)
    services.stamp = stamps(pki.stamps)
    with pytest.raises(UnavailableError) as caught:
        sign(services, pki, tmp_path)
    assert caught.value.code == "revocation_unavailable"


def test_a_certificate_that_its_issuer_has_revoked_signs_nothing(services: Services, tmp_path: Path) -> None:
    pki = Pki(services)
    services.stamp = stamps(pki.stamps)
    revoked = list_revoked(pki.root, (pki.person.certificate,)).dump()
    services.lists = lambda: (200, "application/pkix-crl", revoked)
    with pytest.raises(Exception, match="revoked") as caught:
        sign(services, pki, tmp_path)
    assert caught.value.code == "certificate_revoked"  # type: ignore[attr-defined]


def test_where_nobody_listens_nothing_is_signed(tmp_path: Path, services: Services) -> None:
    pki = Pki(services)
    services.lists = lambda: (200, "application/pkix-crl", list_revoked(pki.root).dump())
    away = Services("http://127.0.0.1:9", services.stamp)
    with pytest.raises(UnavailableError) as caught:
        sign(away, pki, tmp_path)
    assert caught.value.retryable
