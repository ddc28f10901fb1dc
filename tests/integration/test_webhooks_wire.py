"""Webhooks over real sockets: what is posted, to whom nothing ever is, and how slow or strange receivers may be."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from storage import webhooks
from storage.webhooks import HttpWebhooks


class _Receiver(BaseHTTPRequestHandler):
    """Answers by the path: the status that it names."""

    seen: list[tuple[str, bytes, dict[str, str]]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, body, dict(self.headers)))  # type: ignore[attr-defined]
        status = int(self.path.rpartition("/")[2] or 204)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def receiver() -> Iterator[tuple[str, list[tuple[str, bytes, dict[str, str]]]]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Receiver)
    server.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.seen  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join(30)
        server.server_close()


def test_an_event_is_posted_as_it_is_with_its_headers() -> None:
    with receiver() as (at, seen):
        posted = HttpWebhooks([], loopback=True).post(f"{at}/hooks/204", b"{}", {"Sohoa-Event": "x"})
    assert (posted.status, posted.error) == (204, "")
    path, body, headers = seen[0]
    assert (path, body, headers["Sohoa-Event"]) == ("/hooks/204", b"{}", "x")


@pytest.mark.parametrize("status", [302, 400, 410, 500])
def test_every_other_answer_is_a_failure_and_nobody_is_followed(status: int) -> None:
    with receiver() as (at, seen):
        posted = HttpWebhooks([], loopback=True).post(f"{at}/{status}", b"{}", {})
    assert posted.status == status
    assert str(status) in posted.error
    assert len(seen) == 1


def test_who_does_not_listen_is_a_failure_that_says_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        posted = HttpWebhooks([], loopback=True).post(f"http://127.0.0.1:{taken.getsockname()[1]}/", b"{}", {})
    assert (posted.status, bool(posted.error)) == (0, True)


@pytest.mark.parametrize(
    "url",
    [
        "http://tthc.example.vn/hooks",
        "https://other.example.vn/",
        "https://tthc.example.vn:8443/",
        "https://user:password@tthc.example.vn/",
        "https://tthc.example.vn/#x",
        "https://tthc.example.vn@evil.example/",
        "https://tthc.example.vn\\@evil.example/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "ftp://tthc.example.vn/",
        "https://",
        "https://tthc.example.vn:99999/",
        "https://tthc.example.vn/" + "a" * 2000,
        "https://tthc.example.vn/đường dẫn",
        "",
    ],
)
def test_no_address_but_the_allowed_hosts_by_tls_is_posted_to(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks.socket, "getaddrinfo", lambda *_, **__: pytest.fail("it was looked up"))
    sender = HttpWebhooks(["tthc.example.vn", "api.example.vn:8443"])
    assert sender.allows(url)
    assert sender.post(url, b"{}", {}).status == 0


def test_allowed_hosts_are_allowed_with_their_ports() -> None:
    sender = HttpWebhooks(["TTHC.example.vn", "api.example.vn:8443"])
    for url in ("https://tthc.example.vn/hooks?a=b", "https://tthc.example.vn:443/", "https://api.example.vn:8443/x"):
        assert sender.allows(url) == ""


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "169.254.169.254", "fe80::1%eth0", "0.0.0.0", "::", "224.0.0.1", "::ffff:127.0.0.1"]
)
def test_an_allowed_name_that_leads_to_ourselves_or_to_the_link_is_not_posted_to(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("10.1.2.3", 443)), (0, 0, 0, "", (address, 443))]
    monkeypatch.setattr(webhooks.socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(HttpWebhooks, "_pool", lambda *_: pytest.fail("it was connected to"))
    assert "leads to" in HttpWebhooks(["tthc.example.vn"]).post("https://tthc.example.vn/", b"{}", {}).error


def test_the_connection_goes_to_the_address_that_was_checked_under_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("10.1.2.3", 8443))]
    monkeypatch.setattr(webhooks.socket, "getaddrinfo", lambda *_, **__: found)
    sender, made = HttpWebhooks(["tthc.example.vn"]), []
    real = sender._pool

    def pool(parts: object, address: str) -> object:
        made.append(real(parts, address))  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(sender, "_pool", pool)
    with pytest.raises(KeyboardInterrupt):
        sender.post("https://tthc.example.vn/", b"{}", {})
    assert (made[0].host, made[0].assert_hostname) == ("10.1.2.3", "tthc.example.vn")


def test_names_that_nobody_knows_are_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> object:
        raise socket.gaierror("no such name")

    monkeypatch.setattr(webhooks.socket, "getaddrinfo", unknown)
    assert "not found" in HttpWebhooks(["tthc.example.vn"]).post("https://tthc.example.vn/", b"{}", {}).error
