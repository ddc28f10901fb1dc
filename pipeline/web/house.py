"""What every page can ask: the ports of the flow, who signs in, and how the page is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from pipeline.custody.auditing import Auditing, Notes
from pipeline.domain.audit import Action
from pipeline.domain.documents import Document
from pipeline.domain.errors import NotFoundError, SohoaError, UnavailableError
from pipeline.domain.people import News, Person, Role
from pipeline.flow import FlowPorts
from pipeline.health import StoreHealth
from pipeline.intake import Bounds
from pipeline.people.accounts import Accounts
from pipeline.people.admission import Admission
from pipeline.people.measures import HandedIn, Looks, Measures
from pipeline.people.news import alert
from pipeline.people.tickets import Tickets
from pipeline.people.vault import Vault
from pipeline.people.vouching import Rights
from pipeline.ports import Catalogue, Clock, ObjectStore
from pipeline.ports.people import IdentityProvider
from pipeline.reporting.targets import Targets, shipped_targets
from pipeline.reports import Reports
from pipeline.rereading_desk import Desk as RereadingDesk
from pipeline.rereading_desk import Notices
from pipeline.reuse_desk.scene import ReusePorts
from pipeline.review_desk import Desk as ReviewDesk
from pipeline.review_desk import Rules
from pipeline.scan_views import ScanViewer
from pipeline.station.feeder import Feeder
from pipeline.station.first_texts import FirstTexts
from pipeline.station.folder import ScannerFolder
from pipeline.station.procedure_shelf import ProcedureShelf
from pipeline.station.records import PaperRecords, RecentSheets
from pipeline.station.tray import Tray
from pipeline.systems.desk import SystemDesk
from pipeline.systems.exporting import Layout, shipped_layouts
from pipeline.systems.limits import Limiter
from pipeline.web.rendering import Writer
from pipeline.web.seen import Seen
from pipeline.web.views import Desk


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pages are served. ``origin`` as browsers write it (``https://sohoa.tinh.vn``); empty: loopback, without TLS.

    ``upload_bytes`` is how large a file may be that is handed in, ``port`` that of loopback.
    """

    origin: str = ""
    upload_bytes: int = 500_000_000
    port: int = 8321

    @property
    def address(self) -> str:
        """The origin that others are told."""
        return self.origin or f"http://127.0.0.1:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether browsers reach it by HTTPS."""
        return self.origin.startswith("https://")


class TooManyRequestsError(SohoaError):
    """Somebody asks faster than anybody works; ``wait`` is after how many seconds they may again."""

    default_code = "too_many_requests"

    def __init__(self, who: str, wait: int) -> None:
        advice = f"Máy của bạn gửi quá nhiều yêu cầu. Hãy đợi {wait} giây rồi thử lại."
        super().__init__(f"{who} asks too often", advice=advice)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Vouching:
    """Who vouches for people, and what that gives them here."""

    provider: IdentityProvider
    rights: Rights


@dataclass(frozen=True, slots=True)
class House:
    """The installation as pages see it; ``ping_broker`` raises ``UnavailableError`` where the broker is away.

    Without ``vouching`` people sign in with passwords alone.
    ``views`` draws scans, without it none are shown; ``tray`` looks at pages as they come in. ``systems`` lets other systems
    in; without it there is no interface for them. ``reuse`` is what is held for others, ``layouts`` what is exported to whom.
    ``vault`` keeps secrets of people; of those with a role of ``second_factor`` one is wanted at the sign-in. ``measures`` is
    how much one person may do.
    """

    flow: FlowPorts
    ping_broker: Callable[[], None]
    place: Place = field(default_factory=Place)
    vouching: Vouching | None = None
    writer: Writer = field(default_factory=Writer)
    seen: Seen = field(default_factory=Seen)
    views: ScanViewer | None = None
    review_rules: Rules = field(default_factory=Rules)
    targets: Targets = field(default_factory=shipped_targets)
    tray: Tray | None = None
    feeder: Feeder | None = None
    scanner_folder: ScannerFolder | None = None
    systems: SystemDesk | None = None
    reuse: ReusePorts | None = None
    layouts: Mapping[str, Layout] = field(default_factory=shipped_layouts)
    desk: Desk = field(init=False)
    health: StoreHealth = field(init=False)
    notices: Notices = field(init=False)
    papers: PaperRecords = field(init=False)
    texts: FirstTexts = field(init=False)
    shelf: ProcedureShelf = field(init=False)
    sheets: RecentSheets = field(init=False)
    bounds: Bounds = field(default_factory=Bounds)
    vault: Vault | None = None
    second_factor: frozenset[Role] = frozenset()
    measures: Measures = field(default_factory=Measures)
    limiter: Limiter = field(default_factory=Limiter)
    looks: Looks = field(default_factory=Looks)

    def __post_init__(self) -> None:
        object.__setattr__(self, "papers", PaperRecords(self.flow.store))
        object.__setattr__(self, "texts", FirstTexts(self.flow.store))
        object.__setattr__(self, "sheets", RecentSheets(self.flow.sheets, self.flow.clock))
        object.__setattr__(self, "shelf", ProcedureShelf(self.flow.catalogue, self.flow.registers))
        object.__setattr__(self, "desk", Desk(self.flow.catalogue, self.flow.store))
        object.__setattr__(self, "health", StoreHealth(self.flow.store))
        object.__setattr__(self, "notices", Notices(RereadingDesk(self.flow)))

    @property
    def catalogue(self) -> Catalogue:
        """The index."""
        return self.flow.catalogue

    @property
    def store(self) -> ObjectStore:
        """The bucket."""
        return self.flow.store

    @property
    def clock(self) -> Clock:
        """The time."""
        return self.flow.clock

    @property
    def auditing(self) -> Auditing:
        """The audit log."""
        return self.flow.auditing

    @property
    def reports(self) -> Reports:
        """Who counts."""
        return Reports(self.catalogue, self.store, self.clock, self.targets)

    @property
    def admission(self) -> Admission:
        """Who lets people in."""
        return Admission(self.catalogue.people, self.notes, self.clock, self.vault, self.second_factor)

    @property
    def accounts(self) -> Accounts:
        """Who looks after the accounts."""
        return Accounts(self.catalogue.people, self.notes, self.clock, self.vault)

    @property
    def names(self) -> Mapping[str, str]:
        """The names of people, by account."""
        return {account.id: account.name for account in self.catalogue.people.accounts()}

    @property
    def system_names(self) -> Mapping[str, str]:
        """The names of the systems that are connected, by id; none where none can be."""
        return {one.id: one.name for one in self.systems.registry.all()} if self.systems else {}

    @property
    def notes(self) -> Notes:
        """Where happenings are written down."""
        return Notes(self.catalogue.audit, self.clock)

    @property
    def tickets(self) -> Tickets:
        """Leave to fetch single files."""
        return Tickets(self.catalogue.people, self.clock)

    @property
    def review(self) -> ReviewDesk:
        """The review desk."""
        return ReviewDesk(self.flow, self.review_rules)

    def document(self, document_id: str, person: Person) -> Document:
        """The document; raises ``NotFoundError`` where there is none, and in the same words where it is not for ``person``."""
        found = self.catalogue.document(document_id)
        if not person.sees(found.dossier):
            raise NotFoundError(f"no document {document_id!r}")
        return found

    def note_view(self, person: Person, page: str, document: str = "", **details: object) -> None:
        """Write down that ``person`` saw personal data on ``page``; ``details`` without personal data."""
        self.note_reader(person.id, page, document, **details)

    def note_refusal(self, person: Person, method: str, path: str, why: str) -> None:
        """Write down that ``person`` asked for what is not theirs."""
        if self.seen.is_new((person.id, method, path), self.clock.now()):
            self.auditing.note(Action.REFUSAL, actor=person.id, reason=why, method=method, path=path[:200])

    def note_listed(self, person: Person, page: str, documents: Iterable[str]) -> None:
        """As :meth:`note_view`, of a list that shows something of ``documents``: one line for those not noted just now."""
        now = self.clock.now()
        fresh = [document for document in documents if self.seen.is_new((person.id, page, document), now)]
        if fresh:
            self.auditing.note(Action.VIEW, actor=person.id, reason=page, documents=fresh)
            self._note_looks(person.id, fresh)

    def require_pace(self, person: Person) -> None:
        """Raise ``TooManyRequestsError`` for who asks faster than anybody works; administrators are told of it."""
        now = self.clock.now()
        allowance = self.limiter.take(person.id, self.measures.requests, now)
        if allowance.allowed:
            return
        if self.seen.is_new((person.id, "much asked"), now):
            self.auditing.note(Action.REFUSAL, actor=person.id, reason="too many requests", minute=self.measures.requests)
            alert(self.catalogue.people, self.clock, News.MUCH_ASKED, person.id)
        raise TooManyRequestsError(person.id, allowance.wait)

    def require_room(self, person: Person, size: int) -> None:
        """Count a file that ``person`` hands in; raises ``NotEntitledError`` where the day's measure is full."""
        HandedIn(self.catalogue.people, self.measures).require_room(person.id, size, self.clock.now())

    def _note_looks(self, reader: str, documents: Iterable[str]) -> None:
        """Have administrators told of who looks at more papers than the work needs; nobody is kept from the work by it."""
        now, measure = self.clock.now(), self.measures.papers
        for document in documents:
            if self.looks.reaches(reader, document, measure, now):
                self.auditing.note(Action.VIEW, actor=reader, reason="unusually many papers", hour=measure)
                alert(self.catalogue.people, self.clock, News.MUCH_READ, reader)

    def note_reader(self, reader: str, page: str, document: str = "", **details: object) -> None:
        """As :meth:`note_view`; the very same once in five minutes, for viewers fetch a file in many pieces."""
        if self.seen.is_new((reader, page, document, repr(details)), self.clock.now()):
            self.auditing.note(Action.VIEW, actor=reader, reason=page, document=document, **details)
            self._note_looks(reader, [document] if document else [])


def house_of(request: Request) -> House:
    """The house of the application."""
    house: House = request.app.state.house
    return house


#: The parameter of a handler that asks for the house.
AnyHouse = Annotated[House, Depends(house_of)]


def reuse_of(request: Request) -> ReusePorts:
    """What reuse works with; raises ``UnavailableError`` where the house has none."""
    found = house_of(request).reuse
    if found is None:
        raise UnavailableError("nothing is held for reuse here")
    return found


#: The parameter of a handler that asks for what reuse works with.
AnyReuse = Annotated[ReusePorts, Depends(reuse_of)]
