"""Serving the pages."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import timedelta

import uvicorn
from fastapi import FastAPI

from pipeline.bootstrap import (
    build_identity_provider,
    build_reports,
    build_reuse,
    build_services,
    build_systems,
    build_vault,
    build_virus_scanner,
)
from pipeline.dispatch import connect_broker, ping
from pipeline.domain.people import Role
from pipeline.review_desk import Rules
from pipeline.scan_views import ScanViews
from pipeline.screening import screened_viewer
from pipeline.settings import Settings
from pipeline.station.feeder import Feeder
from pipeline.station.folder import ScannerFolder
from pipeline.station.scanner import SaneScanner
from pipeline.station.taking import Taking
from pipeline.station.tray import Tray
from pipeline.systems.exporting import load_layouts
from pipeline.understanding import document_types
from pipeline.web.app import make_app
from pipeline.web.house import House, Place, Vouching


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve the pages until SIGTERM or SIGINT; raises ``ValueError`` for an address that others can reach without TLS.

    Passwords and people's papers go over the wire: without a certificate they must not leave the machine. A reverse proxy
    that ends TLS on this machine is named by ``SOHOA_WEB_ORIGIN``.
    """
    check_place(settings, host)
    services = build_services(settings)
    broker = connect_broker(services.settings.redis_url)
    place = Place(settings.web.origin, settings.bounds.max_file_bytes, port)
    found = build_identity_provider(settings)
    vouching = Vouching(*found) if found else None
    views = ScanViews(services.flow.scratch / "views", services.clock, settings.bounds)
    views.warm()
    scanner = build_virus_scanner(settings)
    viewer = screened_viewer(views, scanner) if scanner else views
    tray = Tray(viewer, services.store, services.flow.scratch, services.clock)
    feeder = _feeder(settings, Taking(services.flow, tray, viewer, settings.bounds))
    house = House(
        services.flow,
        lambda: ping(broker),
        place,
        vouching,
        views=viewer,
        review_rules=review_rules(settings),
        targets=build_reports(services).targets,
        tray=tray,
        feeder=feeder,
        bounds=settings.bounds,
        scanner_folder=ScannerFolder(settings.scanner_folder) if settings.scanner_folder else None,
        systems=build_systems(services.settings, place.address),
        reuse=build_reuse(services, place.address),
        layouts=load_layouts(settings.web.api.layouts),
        vault=build_vault(settings),
        measures=settings.web.measures,
        second_factor=frozenset(Role(role) for role in settings.web.second_factor),
    )
    try:
        uvicorn.Server(configure(make_app(house), settings, host, port)).run()
    finally:
        if feeder is not None:
            feeder.close()
        tray.stop()
        views.stop()


def check_place(settings: Settings, host: str) -> None:
    """Nothing, unless others could reach ``host`` without TLS: ``ValueError``."""
    if not is_loopback(host) and settings.web.certificate is None:
        raise ValueError(
            f"Without a certificate the pages are served on this machine only, not on {host}; use 127.0.0.1, "
            "or set SOHOA_WEB_ORIGIN, SOHOA_WEB_CERTIFICATE and SOHOA_WEB_KEY."
        )


def _feeder(settings: Settings, taking: Taking) -> Feeder | None:
    """The scanner of the station, where one is set; raises ``ValueError`` for what is none."""
    if not settings.scanner or taking.viewer is None:
        return None
    scanner = SaneScanner(settings.scanner, settings.scanner_options)
    return Feeder(scanner, taking.viewer, taking.ports.scratch, taking.take_scan)


def configure(app: FastAPI, settings: Settings, host: str, port: int) -> uvicorn.Config:
    """How the pages are served: no line for each request (addresses tell whose papers), TLS 1.2 at least where there is any.

    What a proxy says of who asks is believed of one on this machine, and only where it is said that there is one.
    """
    made = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
        proxy_headers=bool(settings.web.origin) and settings.web.certificate is None,
        forwarded_allow_ips="127.0.0.1,::1",
        ssl_certfile=settings.web.certificate,
        ssl_keyfile=settings.web.key,
    )
    made.load()
    if made.ssl is not None:
        made.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


def review_rules(settings: Settings) -> Rules:
    """How the installation reviews; raises ``ValueError`` for a type that the dictionary does not have."""
    unknown = settings.second_reader - {kind.code for kind in document_types()}
    if unknown:
        raise ValueError(f"SOHOA_SECOND_READER: there is no type {', '.join(sorted(unknown))}")
    return Rules(timedelta(minutes=settings.review_minutes), settings.second_reader)


def is_loopback(host: str) -> bool:
    """Whether ``host`` means this machine and nothing else."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
