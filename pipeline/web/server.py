"""Serving the state page."""

from __future__ import annotations

import ipaddress

import uvicorn

from pipeline.bootstrap import build_services
from pipeline.dispatch import connect_broker, ping
from pipeline.settings import Settings
from pipeline.web.app import make_app
from pipeline.web.house import House, Place


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve the state page until SIGTERM or SIGINT; raises ``ValueError`` for an address that others can reach.

    The page shows personal data and asks nobody who they are: it must not leave the machine.
    """
    if not is_loopback(host):
        raise ValueError(f"The state page has no sign-in and is served on this machine only, not on {host}; use 127.0.0.1.")
    services = build_services(settings)
    broker = connect_broker(services.settings.redis_url)
    app = make_app(House(services.flow, lambda: ping(broker), Place(upload_bytes=settings.bounds.max_file_bytes)))
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False, server_header=False, ws="none")


def is_loopback(host: str) -> bool:
    """Whether ``host`` means this machine and nothing else."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
