"""The pages over an installation in memory, and people who are signed in to them."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from fastapi.testclient import TestClient

from pipeline.domain.errors import UnavailableError
from pipeline.domain.people import ALL_OFFICES, Account, Role
from pipeline.domain.secret import Secret
from pipeline.flow import FlowPorts
from pipeline.intake import Bounds
from pipeline.people.vault import Vault
from pipeline.scan_views import ScanViewer
from pipeline.station.feeder import Feeder
from pipeline.station.scanner import Scanner
from pipeline.station.taking import Taking
from pipeline.station.tray import Tray
from pipeline.web import make_app
from pipeline.web.house import House, Place, Vouching
from storage.catalogue import SqlCatalogue
from storage.clocks import FixedClock
from storage.memory import MemoryStore, ScriptedDispatcher
from tests.scripted_office import ScriptedReader

AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
ORIGIN = "http://127.0.0.1:8321"
EVERY_ROLE = frozenset(Role)


class WebHouse:
    """Ports in memory with the pages over them; ``client`` is a browser that nobody is signed in with.

    The clock stands; ``house.clock.advance(...)`` moves it.
    """

    def __init__(
        self,
        folder: Path,
        place: Place | None = None,
        vouching: Vouching | None = None,
        views: ScanViewer | None = None,
        scanner: Scanner | None = None,
        **more: object,
    ) -> None:
        self.store = MemoryStore()
        self.catalogue = SqlCatalogue(f"sqlite:///{folder}/catalogue.sqlite")
        self.dispatcher = ScriptedDispatcher()
        self.clock = FixedClock()
        self.reader = ScriptedReader()
        self.scratch = folder / "scratch"
        self.scratch.mkdir()
        self.broker_away = False
        self.flow = FlowPorts(self.store, self.catalogue, self.dispatcher, self.clock, self.reader, self.scratch)
        station = self._station(views, scanner)
        more.setdefault("vault", Vault(lambda: (Secret("a key of trials that is long enough"),)))
        self.house = House(self.flow, self._ping, place or Place(), vouching, views=views, **station, **more)
        self.app = make_app(self.house)
        self.client = self.browser()

    def browser(self) -> TestClient:
        """Another browser, with nothing in it. Redirects are followed."""
        return TestClient(self.app, base_url=self.house.place.origin or ORIGIN)

    def person(self, login: str, *roles: Role, offices: tuple[str, ...] = (ALL_OFFICES,), password: str = "") -> Account:
        """An account; without ``password`` it can be used by :meth:`signed_in` alone."""
        account = Account(login, login, login.title(), frozenset(roles), frozenset(offices), AT, password)
        self.catalogue.people.enter(account)
        return account

    def signed_in(self, login: str, *roles: Role, offices: tuple[str, ...] = (ALL_OFFICES,)) -> TestClient:
        """A browser in which a new person of these roles and offices is signed in."""
        account = self.person(login, *roles, offices=offices)
        browser = self.browser()
        name = "__Host-sohoa" if self.house.place.secure else "sohoa"
        browser.cookies.set(name, self.house.admission.open(account, "127.0.0.1"))
        return browser

    def _station(self, views: ScanViewer | None, scanner: Scanner | None) -> dict[str, object]:
        if views is None:
            return {}
        tray = Tray(views, self.store, self.scratch, self.clock)
        taking = Taking(self.flow, tray, views, Bounds())
        feeder = Feeder(scanner, views, self.scratch, taking.take_scan) if scanner else None
        return {"tray": tray, "feeder": feeder}

    def _ping(self) -> None:
        if self.broker_away:
            raise UnavailableError("no broker", code="broker_unavailable")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with closing(self.catalogue):
            if self.house.feeder is not None:
                self.house.feeder.close()
            if self.house.tray is not None:
                self.house.tray.stop()


def token_of(browser: TestClient, path: str = "/") -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'"X-CSRF-Token": "([0-9a-f]{64})"', browser.get(path).text)
    assert found, f"no token on {path}"
    return found[1]
