"""Serving the interface for systems alone, from several processes: behind a proxy that sends it what begins with ``/v1``."""

from __future__ import annotations

from dataclasses import replace

import uvicorn

from pipeline.bootstrap import build_reuse, build_services, build_systems
from pipeline.dispatch import connect_broker, ping
from pipeline.settings import Settings
from pipeline.systems.exporting import load_layouts
from pipeline.systems.limits import Limits
from pipeline.systems.shared_limits import SharedLimits
from pipeline.web.app import make_interface
from pipeline.web.house import House, Place
from pipeline.web.processes import listen, serve_from
from pipeline.web.server import check_place, configure


def serve_interface(settings: Settings, host: str, port: int, processes: int) -> None:
    """Serve ``/v1`` from so many processes until SIGTERM or SIGINT; raises as :func:`pipeline.web.serve` does.

    What they must agree on stands in the database (keys, idempotency, uploads) or in memory that they share (rates).
    """
    check_place(settings, host)
    limits = SharedLimits()
    with listen(host, port) as listening:

        def serve_one() -> None:
            app = make_interface(_house(settings, port, limits))
            uvicorn.Server(configure(app, settings, host, port)).run([listening])

        serve_from(processes, serve_one)


def _house(settings: Settings, port: int, limits: Limits) -> House:
    services = build_services(settings)
    broker = connect_broker(services.settings.redis_url)
    place = Place(settings.web.origin, settings.bounds.max_file_bytes, port)
    return House(
        services.flow,
        lambda: ping(broker),
        place,
        bounds=settings.bounds,
        systems=replace(build_systems(services.settings, place.address), limiter=limits),
        reuse=build_reuse(services, place.address),
        layouts=load_layouts(settings.web.api.layouts),
    )
