"""How long the fetch of a released document takes beside the bare GET of the same object, with many clients at once."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

import urllib3
import uvicorn

from pipeline.custody.auditing import Notes
from pipeline.domain.clients import Scope
from pipeline.domain.documents import Document, Owner, QueueName, Source, Status
from pipeline.domain.findings import Validity
from pipeline.domain.holdings import Holding
from pipeline.domain.releases import Entitlement, ReleaseForm, RightsList
from pipeline.domain.secret import Secret
from pipeline.flow import FlowPorts
from pipeline.reuse.receipts import KIND
from pipeline.reuse_desk import ReusePorts, Terms
from pipeline.systems.desk import SystemDesk
from pipeline.systems.registry import plan_of
from pipeline.web import make_app
from pipeline.web.house import House, Place
from scripts.bench.reuse import Nobody
from storage.catalogue import SqlCatalogue
from storage.clocks import SystemClock
from storage.memory import ScriptedDispatcher
from storage.objects import MinioStore
from storage.receipt_keys import KeyedReceipts
from storage.seaweed_server import SeaweedServer
from storage.token_keys import FolderTokenKeys

_AGENCY, _PURPOSE, _TYPE = "000.00.16.H05", "bench", "giay_khai_sinh"
_DOCUMENT, _DOSSIER = "20260105-0123456789ab", f"{_AGENCY}-260105-0001"
_KEY = f"dossiers/{_DOSSIER}/{_DOCUMENT}/r0001/document.pdf"
_CLIENTS, _BYTES = 50, 1_000_000


def bench_fetch(folder: Path, rounds: int) -> None:
    """Print how long fetches take, ``rounds`` by each of the clients, under ``folder``."""
    server = SeaweedServer(folder / "seaweed")
    server.start()
    server.wait_ready()
    try:
        store = (server.endpoint, server.access_key, server.secret_key)
        with _serving(folder, store) as origin:
            request, token = _release(folder, store, origin)
            _measure(rounds, origin, request, token)
    finally:
        server.stop()


def _ports(folder: Path, store: tuple[str, str, str]) -> ReusePorts:
    catalogue, clock = SqlCatalogue(f"sqlite:///{folder}/catalogue.sqlite"), SystemClock()
    receipts = KeyedReceipts(folder / "receipts.pem", kind=KIND, made=True)
    return ReusePorts(MinioStore(*store, "bench"), catalogue, clock, receipts, Nobody(), Terms(master=Secret("bench")))


def _desk(folder: Path, ports: ReusePorts, origin: str) -> SystemDesk:
    notes = Notes(ports.catalogue.audit, ports.clock)
    return SystemDesk(ports.catalogue.clients, FolderTokenKeys(folder / "keys"), notes, ports.clock, origin, rate=10**9)


def _serve(folder: Path, store: tuple[str, str, str], port: int) -> None:
    ports = _ports(folder, store)
    desk = _desk(folder, ports, f"http://127.0.0.1:{port}")
    flow = FlowPorts(ports.store, ports.catalogue, ScriptedDispatcher(), ports.clock, _NoReader(), folder)
    house = House(flow, lambda: None, Place(port=port), systems=desk, reuse=ports)
    uvicorn.run(make_app(house), host="127.0.0.1", port=port, log_level="critical", access_log=False, ws="none")


class _NoReader:
    """Nothing is read here."""


@contextmanager
def _serving(folder: Path, store: tuple[str, str, str]) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = multiprocessing.get_context("spawn").Process(target=_serve, args=(folder, store, port), daemon=True)
    running.start()
    try:
        urllib3.PoolManager().request(
            "GET", f"http://127.0.0.1:{port}/v1/oauth/jwks.json", retries=urllib3.Retry(60, backoff_factor=0.2, backoff_max=1)
        )
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.join()


def _release(folder: Path, store: tuple[str, str, str], origin: str) -> tuple[str, str]:
    """The id of a released request, and a token."""
    ports, owner, content = _ports(folder, store), Owner("001190000018", "Nguyễn Văn An", "1990-05-01"), os.urandom(_BYTES)
    ports.store.put_once(_KEY, content)
    source = Source("a.pdf", "0" * 64, _BYTES, "application/pdf", 1)
    document = Document(_DOCUMENT, _DOSSIER, source, Status.RECEIVED, QueueName.BATCH, datetime.now(UTC))
    ports.catalogue.receive(document)
    held = Holding(
        _DOCUMENT,
        0,
        _DOSSIER,
        1,
        _TYPE,
        (owner,),
        validity=Validity(issued="2020-01-01", unlimited=True),
        pdf_key=_KEY,
        pdf_sha256=hashlib.sha256(content).hexdigest(),
        pdf_bytes=_BYTES,
    )
    ports.catalogue.holdings.enter(_DOCUMENT, [held])
    for status in (Status.READING, Status.APPROVED):
        ports.catalogue.move(_DOCUMENT, status, actor="bench", reason="bench", at=ports.clock.now())
    line = Entitlement(_AGENCY, "*", _TYPE, _PURPOSE, ReleaseForm.PDF, "bench")
    ports.catalogue.rights.keep(RightsList((line,), (), (1, 0)))
    desk = _desk(folder, ports, origin)
    desk.registry.add(plan_of("desk", "Bench", _AGENCY, (), tuple(Scope)), by="bench")
    token = desk.tokens.give(desk.registry.find("desk"), tuple(Scope))
    http, headers = urllib3.PoolManager(), {"Authorization": f"Bearer {token}"}
    wanted = {"document": _DOCUMENT, "purpose": _PURPOSE, "procedure": "1.001193"}
    opened = http.request("POST", f"{origin}/v1/reuse/requests", json=wanted, headers=headers)
    assert opened.status == 201, opened.data
    return str(opened.json()["id"]), token


def _measure(rounds: int, origin: str, request: str, token: str) -> None:
    headers, path = {"Authorization": f"Bearer {token}"}, f"{origin}/v1/reuse/requests/{request}"

    def released(http: urllib3.PoolManager) -> str:
        answer = http.request("POST", f"{path}/release", headers=headers)
        assert answer.status == 200, answer.data
        return str(answer.json()["url"])

    link = released(urllib3.PoolManager())

    def fetch(http: urllib3.PoolManager, url: str, told: dict[str, str] | None = None) -> None:
        answer = http.request("GET", url, headers=told)
        assert (answer.status, len(answer.data)) == (200, _BYTES), answer.status

    print(f"{_CLIENTS} clients, {rounds} fetches of 1 MB each, one process of ours, SeaweedFS and clients on one machine\n")
    print("| what | median ms | p95 ms | beside the bare GET (p95) |\n|---|---|---|---|")
    bare = _row("bare GET of the object (S3)", rounds, lambda http: fetch(http, link), None)
    links = [released(urllib3.PoolManager()) for _ in range(_CLIENTS)]
    _row("GET of links of releases", rounds, lambda http: fetch(http, links[threading.get_ident() % _CLIENTS]), bare)
    _row("release, then GET of its link", rounds, lambda http: fetch(http, released(http)), bare)
    _row("stream through the interface", rounds, lambda http: fetch(http, f"{path}/pdf", headers), bare)


def _row(name: str, rounds: int, work: Callable[[urllib3.PoolManager], None], bare: float | None) -> float:
    took: list[float] = []

    def run() -> None:
        with urllib3.PoolManager(maxsize=2) as http:
            for _ in range(rounds):
                begun = time.perf_counter()
                work(http)
                took.append(1000 * (time.perf_counter() - begun))

    running = [threading.Thread(target=run) for _ in range(_CLIENTS)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    cut = quantiles(took, n=20)
    beside = f"{cut[18] / bare:.2f}" if bare else "1"
    print(f"| {name} | {cut[9]:.0f} | {cut[18]:.0f} | {beside} |")
    return cut[18]
