"""How long the fetch of a released document takes beside the bare GET of the same object, with many clients at once.

Clients in one light process (:mod:`scripts.bench.closed_loop`) never pause. What is compared takes turns, round by round, on
the same objects; of each the CPU time is told of the object store, of our processes, and of the clients.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

import psutil
import urllib3
import uvicorn

from pipeline.custody.auditing import Notes
from pipeline.domain.clients import Scope
from pipeline.domain.documents import Document, Owner, QueueName, Source, Status
from pipeline.domain.findings import Validity
from pipeline.domain.holdings import Holding
from pipeline.domain.releases import Entitlement, ReleaseForm, RightsList, System, Wanted
from pipeline.domain.secret import Secret
from pipeline.flow import FlowPorts
from pipeline.reuse.receipts import KIND
from pipeline.reuse_desk import Requests, ReusePorts, Terms
from pipeline.settings import Settings
from pipeline.systems.desk import SystemDesk
from pipeline.systems.registry import plan_of
from pipeline.web import make_app
from pipeline.web.house import House, Place
from pipeline.web.server import configure
from scripts.bench.closed_loop import Step, serve_clients
from scripts.bench.reuse import Nobody
from storage.catalogue import SqlCatalogue
from storage.clocks import SystemClock
from storage.memory import ScriptedDispatcher
from storage.objects import MinioStore
from storage.receipt_keys import KeyedReceipts
from storage.seaweed_server import SeaweedServer
from storage.token_keys import FolderTokenKeys

_AGENCY, _PURPOSE, _TYPE = "000.00.16.H05", "bench", "giay_khai_sinh"
_DOSSIER = f"{_AGENCY}-260105-0001"
_CLIENTS, _PAPERS, _BYTES = 50, 100, 1_000_000

#: Fetches of each kind by each client in a round.
_EACH = 4


def bench_fetch(folder: Path, rounds: int) -> None:
    """Print how long fetches take, in ``rounds`` turns of everything that is compared, under ``folder``."""
    server = SeaweedServer(folder / "seaweed")
    server.start()
    server.wait_ready()
    try:
        store = (server.endpoint, server.access_key, server.secret_key)
        with _serving(folder, store) as (origin, pid):
            office = _Office.opened(folder, store, origin)
            with _clients() as clients:
                bench = _Bench(office, clients, {"store": server.pid or 0, "ours": pid})
                bench.run(rounds)
    finally:
        server.stop()


def _ports(folder: Path, store: tuple[str, str, str]) -> ReusePorts:
    catalogue, clock = SqlCatalogue(f"sqlite:///{folder}/catalogue.sqlite"), SystemClock()
    receipts = KeyedReceipts(folder / "receipts.pem", kind=KIND, made=True)
    kept = MinioStore(*store, "bench", encryption="SSE-S3")
    return ReusePorts(kept, catalogue, clock, receipts, Nobody(), Terms(master=Secret("bench"), request=timedelta(hours=2)))


def _desk(folder: Path, ports: ReusePorts, origin: str) -> SystemDesk:
    notes = Notes(ports.catalogue.audit, ports.clock)
    return SystemDesk(ports.catalogue.clients, FolderTokenKeys(folder / "keys"), notes, ports.clock, origin, rate=10**9)


def _serve(folder: Path, store: tuple[str, str, str], port: int) -> None:
    ports = _ports(folder, store)
    desk = _desk(folder, ports, f"http://127.0.0.1:{port}")
    flow = FlowPorts(ports.store, ports.catalogue, ScriptedDispatcher(), ports.clock, _NoReader(), folder)
    house = House(flow, lambda: None, Place(port=port), systems=desk, reuse=ports)
    uvicorn.Server(configure(make_app(house), Settings(folder), "127.0.0.1", port)).run()


class _NoReader:
    """Nothing is read here."""


@contextmanager
def _serving(folder: Path, store: tuple[str, str, str]) -> Iterator[tuple[str, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = multiprocessing.get_context("spawn").Process(target=_serve, args=(folder, store, port), daemon=True)
    running.start()
    try:
        urllib3.PoolManager().request(
            "GET", f"http://127.0.0.1:{port}/v1/oauth/jwks.json", retries=urllib3.Retry(60, backoff_factor=0.2, backoff_max=1)
        )
        yield f"http://127.0.0.1:{port}", running.pid or 0
    finally:
        running.terminate()
        running.join()


@dataclass(slots=True)
class _Orders:
    """The process of the clients: what it is told to fetch, and how long that took."""

    pid: int
    run: Callable[[Sequence[list[Step]]], list[float]]


@contextmanager
def _clients() -> Iterator[_Orders]:
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    running = spawn.Process(target=serve_clients, args=(theirs,), daemon=True)
    running.start()

    def run(plans: Sequence[list[Step]]) -> list[float]:
        ours.send(list(plans))
        took: list[float] = ours.recv()
        return took

    try:
        yield _Orders(running.pid or 0, run)
    finally:
        ours.send(None)
        running.join()


@dataclass(slots=True)
class _Office:
    """What is held, and a system that fetches it: the papers, a released request of each, a token."""

    ports: ReusePorts
    origin: str
    token: str
    released: list[str] = field(default_factory=list)

    @classmethod
    def opened(cls, folder: Path, store: tuple[str, str, str], origin: str) -> _Office:
        """With all papers in keeping."""
        ports = _ports(folder, store)
        ports.catalogue.rights.keep(
            RightsList((Entitlement(_AGENCY, "*", _TYPE, _PURPOSE, ReleaseForm.PDF, "bench"),), (), (1, 0))
        )
        for number in range(_PAPERS):
            _hold(ports, number)
        desk = _desk(folder, ports, origin)
        desk.registry.add(plan_of("desk", "Bench", _AGENCY, (), tuple(Scope)), by="bench")
        made = cls(ports, origin, desk.tokens.give(desk.registry.find("desk"), tuple(Scope)))
        made.released = made.requests()
        return made

    @property
    def headers(self) -> dict[str, str]:
        """What a call brings."""
        return {"Authorization": f"Bearer {self.token}"}

    def requests(self) -> list[str]:
        """A fresh request of each paper."""
        system, desk = System("desk", _AGENCY), Requests(self.ports)
        wanted = Wanted(_PURPOSE, "1.001193")
        return [desk.open(system, replace(wanted, document=_name(number))).id for number in range(_PAPERS)]

    def release(self, request: str) -> str:
        """The link that the release of a request tells."""
        answer = urllib3.request("POST", self.address(request, "release"), headers=self.headers)
        assert answer.status == 200, answer.data
        return str(answer.json()["url"])

    def address(self, request: str, what: str) -> str:
        """Where it is called."""
        return f"{self.origin}/v1/reuse/requests/{request}/{what}"


def _name(number: int) -> str:
    return f"20260105-{number:012x}"


def _hold(ports: ReusePorts, number: int) -> None:
    """Hold one paper of its own owner."""
    name, content = _name(number), os.urandom(_BYTES)
    key, digest = f"dossiers/{_DOSSIER}/{name}/r0001/document.pdf", hashlib.sha256(content).hexdigest()
    ports.store.put_once(key, content)
    source = Source("a.pdf", f"{number:064x}", _BYTES, "application/pdf", 1)
    ports.catalogue.receive(Document(name, _DOSSIER, source, Status.RECEIVED, QueueName.BATCH, datetime.now(UTC)))
    owner, validity = Owner(f"{number:012d}", f"Người {number}", "1990-05-01"), Validity(issued="2020-01-01", unlimited=True)
    held = Holding(name, 0, _DOSSIER, 1, _TYPE, (owner,), validity=validity, pdf_key=key, pdf_sha256=digest, pdf_bytes=_BYTES)
    ports.catalogue.holdings.enter(name, [held])
    for status in (Status.READING, Status.APPROVED):
        ports.catalogue.move(name, status, actor="bench", reason="bench", at=ports.clock.now())


@dataclass(slots=True)
class _Kind:
    """One way to fetch: the milliseconds of all its fetches, p95 of each round, CPU seconds of each part."""

    name: str
    took: list[float] = field(default_factory=list)
    rounds: list[float] = field(default_factory=list)
    burnt: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class _Bench:
    """The ways to fetch beside each other."""

    office: _Office
    clients: _Orders
    pids: dict[str, int]

    def run(self, rounds: int) -> None:
        """Fetch in turns, and print what came of it."""
        kinds = {
            "bare GET of the object (S3)": self._bare,
            "GET of links of releases": self._links,
            "content by the interface, which leads to a link": self._led,
            "content by the interface, which sends it": self._sent,
            "first release, then GET of its link": self._released,
        }
        measured = [_Kind(name) for name in kinds]
        for kind in measured:
            self._turn(_Kind(kind.name), kinds[kind.name])
        for turn in range(rounds):
            for place in range(len(measured)):
                kind = measured[(turn + place) % len(measured)]
                self._turn(kind, kinds[kind.name])
        _print(measured, rounds)

    def _turn(self, kind: _Kind, steps: Callable[[], list[Step]]) -> None:
        listed = steps()
        plans = [[listed[(client * _EACH + one) % len(listed)] for one in range(_EACH)] for client in range(_CLIENTS)]
        before = self._cpu()
        took = self.clients.run(plans)
        for part, after in self._cpu().items():
            kind.burnt[part] = kind.burnt.get(part, 0.0) + after - before[part]
        kind.took += took
        kind.rounds.append(quantiles(took, n=20)[18])

    def _cpu(self) -> dict[str, float]:
        return {part: _burnt(pid) for part, pid in {**self.pids, "clients": self.clients.pid}.items()}

    def _bare(self) -> list[Step]:
        life = timedelta(minutes=10)
        keys = [f"dossiers/{_DOSSIER}/{_name(number)}/r0001/document.pdf" for number in range(_PAPERS)]
        return [Step(self.office.ports.store.link(key, life, "a.pdf"), _BYTES) for key in keys]

    def _links(self) -> list[Step]:
        return [Step(self.office.release(request), _BYTES) for request in self.office.released]

    def _led(self) -> list[Step]:
        told = tuple(self.office.headers.items())
        listed = [self.office.address(one, "pdf?by=link") for one in self.office.released]
        return [Step(one, _BYTES, "GET", told, "location") for one in listed]

    def _sent(self) -> list[Step]:
        told = tuple(self.office.headers.items())
        listed = [self.office.address(one, "pdf?by=stream") for one in self.office.released]
        return [Step(one, _BYTES, "GET", told) for one in listed]

    def _released(self) -> list[Step]:
        """Two requests of each paper, for each is released once alone."""
        told = tuple(self.office.headers.items())
        fresh = [one for _ in range(_CLIENTS * _EACH // _PAPERS) for one in self.office.requests()]
        return [Step(self.office.address(one, "release"), _BYTES, "POST", told, "url") for one in fresh]


def _burnt(pid: int) -> float:
    """CPU seconds of a process and its children."""
    process = psutil.Process(pid)
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return float(sum(one.user + one.system for one in times))


def _print(measured: Sequence[_Kind], rounds: int) -> None:
    bare = measured[0]
    print(
        f"{_CLIENTS} clients that never pause, {_PAPERS} papers of 1 MB; {rounds} rounds of {_CLIENTS * _EACH} fetches each;"
    )
    print("SeaweedFS, ours and the clients on one machine\n")
    print("| what | p50 ms | p95 ms | beside bare (p95) | by round | CPU ms a fetch: S3 | ours | clients |")
    print("|---|---|---|---|---|---|---|---|")
    for kind in measured:
        cut = quantiles(kind.took, n=20)
        ratios = [mine / its for mine, its in zip(kind.rounds, bare.rounds, strict=True)]
        each = [1000 * kind.burnt[part] / len(kind.took) for part in ("store", "ours", "clients")]
        spread = f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        beside = f"{cut[18] / quantiles(bare.took, n=20)[18]:.2f}"
        print(
            f"| {kind.name} | {cut[9]:.0f} | {cut[18]:.0f} | {beside} | {spread} | "
            + " | ".join(f"{one:.2f}" for one in each)
            + " |"
        )
