"""The pages by TLS, and behind a proxy that ends it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import uvicorn

from pipeline.settings import Settings, WebSettings
from pipeline.stack.supervisor import _answers
from pipeline.web.house import Place
from pipeline.web.server import configure
from storage.loopback_certificates import make_certificates
from tests.web_house import WebHouse


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    return make_certificates(tmp_path)[0]


@pytest.fixture
def settings(tmp_path: Path, authority: Path) -> Iterator[Settings]:
    """Settings of pages that are being served by TLS."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    origin = f"https://127.0.0.1:{port}"
    web = WebSettings(origin, tmp_path / "loopback.crt", tmp_path / "loopback.key")
    made = Settings(home=tmp_path, web_port=port, web=web)
    with WebHouse(tmp_path, Place(origin)) as house:
        server = uvicorn.Server(configure(house.app, made, "127.0.0.1", port))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive()
                thread.join(0.02)
            yield made
        finally:
            server.should_exit = True
            thread.join(30)


def test_browsers_are_served_by_tls_alone_and_told_to_stay_with_it(settings: Settings, authority: Path) -> None:
    trust = ssl.create_default_context(cafile=str(authority))
    with httpx2.Client(verify=trust, base_url=settings.web_address) as browser:
        answer = browser.get("/sign-in")
    assert answer.status_code == 200
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    assert answer.headers["set-cookie"].startswith("__Host-sohoa=")
    with pytest.raises(httpx2.HTTPError):
        httpx2.get(f"http://127.0.0.1:{settings.web_port}/")


def test_old_versions_of_tls_are_refused(settings: Settings, authority: Path) -> None:
    old = ssl.create_default_context(cafile=str(authority))
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", settings.web_port)) as line, pytest.raises((ssl.SSLError, ConnectionError)):
        old.wrap_socket(line, server_hostname="127.0.0.1")


def test_the_supervisor_asks_for_health_and_takes_our_own_certificate_alone(settings: Settings, tmp_path: Path) -> None:
    assert _answers(settings)
    other = tmp_path / "other"
    other.mkdir()
    make_certificates(other)
    foreign = WebSettings(settings.web.origin, other / "loopback.crt", other / "loopback.key")
    assert not _answers(Settings(home=tmp_path, web_port=settings.web_port, web=foreign))


@pytest.mark.parametrize(
    ("web", "believed"),
    [(WebSettings(), False), (WebSettings("https://sohoa.tinh.vn"), True)],
)
def test_a_proxy_is_believed_only_where_there_is_said_to_be_one(tmp_path: Path, web: WebSettings, believed: bool) -> None:
    with WebHouse(tmp_path) as house:
        made = configure(house.app, Settings(home=tmp_path, web=web), "127.0.0.1", 8321)
    assert made.proxy_headers is believed
    assert made.forwarded_allow_ips == "127.0.0.1,::1"
    assert not made.access_log
