"""What a year of reuse is played with: Sohoa at a port, agencies' systems as processes, and what the year knows for itself."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from starlette.types import Scope

from pipeline.domain.documents import Owner, Status
from pipeline.domain.releases import ANY, Entitlement, ReleaseForm
from pipeline.flow import FlowPorts
from pipeline.ports.reuse import Posted
from pipeline.reuse.receipts import KIND
from pipeline.systems.desk import SystemDesk
from pipeline.web import make_app
from pipeline.web.house import House, Place
from storage.clocks import FixedClock
from storage.memory import MemoryStore, ScriptedDispatcher
from storage.receipt_keys import KeyedReceipts
from storage.token_keys import FolderTokenKeys
from storage.webhooks import HttpWebhooks
from tests.api_server import Unreliable, held_port, serving
from tests.reuse_office import BIRTH, LAW, MARITAL, PROCEDURE, PURPOSE, ReuseOffice
from tests.scripted_office import ScriptedReader

Told = dict[str, Any]


class Posting:
    """Posts to loopback, and remembers what was posted."""

    def __init__(self) -> None:
        self._sender = HttpWebhooks((), loopback=True)
        self.posted: list[tuple[str, bytes, Mapping[str, str]]] = []

    def allows(self, url: str) -> str:
        return self._sender.allows(url)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        self.posted.append((url, body, headers))
        return self._sender.post(url, body, headers)


class ServedSohoa:
    """Sohoa at a port. The bucket, the database and the keys stay when it is stopped; connections get lost by chance."""

    def __init__(self, folder: Path, port: int, seed: str) -> None:
        self.folder, self.port = folder, port
        self.origin = f"http://127.0.0.1:{port}"
        self.store, self.clock, self.posting = MemoryStore(), FixedClock(), Posting()
        self.chance = random.Random(f"{seed} connections")
        self.generation = 1
        self.lost_answers = 0
        self.scratch = folder / "scratch"
        self.scratch.mkdir()
        self._up = ExitStack()

    def start(self) -> None:
        """Serve: with nothing in memory of what was before."""
        self._up = ExitStack()
        ports = {"store": self.store, "clock": self.clock, "sender": self.posting, "receipts": self._receipts()}
        self.office = ReuseOffice(self.folder, f"sqlite:///{self.folder}/catalogue.sqlite", **ports)
        self._up.callback(self.office.catalogue.close)
        catalogue = self.office.catalogue
        keys = FolderTokenKeys(self.folder / "api-keys")
        self.desk = SystemDesk(catalogue.clients, keys, self.office.ports.auditing, self.clock, self.origin)
        flow = FlowPorts(self.store, catalogue, ScriptedDispatcher(), self.clock, ScriptedReader(), self.scratch)
        house = House(flow, lambda: None, Place(), systems=self.desk, reuse=self.office.ports)
        app = Unreliable(make_app(house))
        app.mischief = self._mischief
        self._up.enter_context(serving(app, self.port))

    def stop(self) -> None:
        """Nobody answers any more."""
        self._up.close()

    def change_receipt_key(self) -> None:
        """Sign receipts with a new key from the next start on."""
        self.generation += 1

    def _receipts(self) -> KeyedReceipts:
        paths = [self.folder / f"receipts-{number}.pem" for number in range(self.generation, 0, -1)]
        return KeyedReceipts(paths[0], kind=KIND, former=paths[1:], made=True)

    def _mischief(self, scope: Scope) -> str:
        if "/subscriptions" in scope["path"] or self.chance.random() > 0.06:
            return ""
        what = self.chance.choice(("before", "after", "busy"))
        self.lost_answers += what == "after"
        return what


@contextmanager
def served_sohoa(folder: Path, seed: str) -> Iterator[ServedSohoa]:
    """Sohoa, started."""
    with held_port() as port:
        sohoa = ServedSohoa(folder, port, seed)
        sohoa.start()
        try:
            yield sohoa
        finally:
            sohoa.stop()


class Agency:
    """An agency with its system, which is a process of its own; ``alive`` says whether it runs."""

    def __init__(self, name: str, code: str, folder: Path, port: int, seed: str) -> None:
        self.name, self.code, self.port, self.seed = name, code, port, seed
        self.books = folder / f"{name}.json"
        self.process: subprocess.Popen[str] | None = None

    @property
    def alive(self) -> bool:
        return self.process is not None

    def start(self, root: Path) -> None:
        """Start the system; it knows what stands in its books."""
        command = (sys.executable, str(root / "tests" / "reuse_agency.py"), str(self.books), str(self.port), self.seed)
        environment = os.environ | {"PYTHONPATH": str(root)}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True)
        assert self._answer() == {"ready": True}

    def tell(self, do: str, **told: Any) -> Told:
        """What the system answers to an order."""
        self._say(do, told)
        return self._answer()

    def die_of(self, do: str, **told: Any) -> None:
        """Have the system do what kills it."""
        self._say(do, told)
        self._end()

    def kill(self) -> None:
        """Kill the system, whatever it is at."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self._end()

    def _say(self, do: str, told: Told) -> None:
        assert self.process is not None and self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do} | told) + "\n")
        self.process.stdin.flush()

    def _answer(self) -> Told:
        assert self.process is not None and self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the system of {self.name} is gone"
        found: Told = json.loads(line)
        return found

    def _end(self) -> None:
        assert self.process is not None
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()
        self.process = None


class Newer(Enum):
    """Whether there is a newer paper: none, one that something stands against, one that takes the place."""

    NONE, UNSOUND, SOUND = range(3)


@dataclass(slots=True)
class Paper:
    """What the year knows of a paper: as plain as can be, and nothing that the product says."""

    name: str
    type: str
    owner: Owner
    issued: str
    until: str
    approved: bool
    revision: int = 1
    revoked: bool = False
    replaced: bool = False
    excluded: bool = False
    doubted: bool = False


@dataclass(slots=True)
class Truth:
    """Papers, what befell their owners, which types are barred, and who is entitled to what: by agency, type and form."""

    papers: dict[str, Paper] = field(default_factory=dict)
    died: dict[str, str] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    barred: set[str] = field(default_factory=set)
    lines: list[Entitlement] = field(default_factory=list)

    def ended(self, paper: Paper, today: date) -> bool:
        """Whether it holds no more, for good as far as is known."""
        day = today.isoformat()
        past = bool(paper.until) and paper.until < day
        return paper.revoked or paper.replaced or paper.excluded or past or self._outlived(paper, day)

    def open(self, paper: Paper, today: date) -> bool:
        """Whether something must be looked into first."""
        return (
            paper.doubted or not paper.approved or paper.type in self.barred or self.has_newer(paper, today) is not Newer.NONE
        )

    def may_leave(self, name: str, today: date) -> bool:
        paper = self.papers[name]
        return not self.ended(paper, today) and not self.open(paper, today)

    def entitled(self, agency: str, type_: str, form: str, consent: str, today: date) -> bool:
        """Whether the agency may have such a paper in such a form (empty: any)."""
        day = today.isoformat()
        return any(
            line.agency in {agency, ANY}
            and line.type == type_
            and (not form or line.form.value == form)
            and (line.since or "") <= day <= (line.until or "9999")
            and (consent or not line.consent)
            for line in self.lines
        )

    def _outlived(self, paper: Paper, day: str) -> bool:
        """The owner of a confirmation of marital status has died, or has another name than it says."""
        if paper.type != MARITAL:
            return False
        died, renamed = self.died.get(paper.owner.id12, "9999"), self.renamed.get(paper.owner.id12, "9999")
        return died <= day or (renamed <= day and paper.issued < renamed)

    def has_newer(self, paper: Paper, today: date) -> Newer:
        """Whether the owner has a newer paper of the type, and whether that one is beyond doubt."""
        if paper.type not in {BIRTH, MARITAL}:
            return Newer.NONE
        same = [one for one in self.papers.values() if (one.type, one.owner.id12) == (paper.type, paper.owner.id12)]
        newer = [one for one in same if paper.issued < one.issued <= today.isoformat()]
        if not newer:
            return Newer.NONE
        flawed = (one.revoked or one.replaced or one.excluded or one.doubted or not one.approved for one in newer)
        return Newer.UNSOUND if all(flawed) else Newer.SOUND


def line(agency: str, type_: str, form: ReleaseForm, **changed: Any) -> Entitlement:
    """A line of the list of entitlements."""
    fields = ("ho_ten", "ngay_sinh", "so") if form is ReleaseForm.FIELDS else ()
    return replace(Entitlement(agency, PROCEDURE, type_, PURPOSE, form, LAW, fields), **changed)


def status_of(approved: bool) -> Status:
    return Status.APPROVED if approved else Status.NEEDS_REVIEW


def seconds(at: datetime) -> float:
    return at.timestamp()
