"""A reuse office through whatever may happen: nothing leaves that must not, and at the end all books agree."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from pipeline import archive
from pipeline.custody.papers import restore_books, restore_words
from pipeline.domain.audit import Happening
from pipeline.domain.documents import Owner, Status
from pipeline.domain.errors import NotEntitledError, NotFoundError
from pipeline.domain.holdings import Exclusion, PublicState
from pipeline.domain.outbox import EventKind
from pipeline.domain.releases import CheckQuestion, ExcludedType, Held, ReleaseForm, RequestState, System, Wanted
from pipeline.ports.reuse import Posted
from pipeline.reuse.receipts import receipt_of
from storage.catalogue import SqlCatalogue
from tests.reuse_office import BIRTH, DESK, HUNG, LAN, MARITAL, PROCEDURE, PURPOSE, STRANGER, ReuseOffice, entitled

OWNERS = st.sampled_from([LAN, HUNG])
KINDS = st.sampled_from([BIRTH, MARITAL])
CALLERS = st.sampled_from([DESK, STRANGER])
ANSWER = {"reason": "lý do", "basis": "QĐ 12/QĐ-UBND", "actor": "cán bộ A"}
URL = "https://desk.example.vn/hooks"


class Truth:
    """What the test itself knows of a document: as plain as can be, and nothing that the product says."""

    def __init__(self, kind: str, owner: Owner, issued: str, until: str, status: Status) -> None:
        self.kind, self.owner, self.issued, self.until, self.status = kind, owner, issued, until, status
        self.revoked = self.excluded = self.doubted = False

    def may_leave(self, today: str, barred: set[str], newer: bool) -> bool:
        approved = self.status in {Status.APPROVED, Status.ARCHIVED}
        in_term = self.issued <= today and (not self.until or today <= self.until)
        stopped = self.revoked or self.excluded or self.doubted or self.kind in barred or newer
        return approved and in_term and not stopped


class Books(RuleBasedStateMachine):
    """Papers come, are approved, revoked, excluded, revised; systems ask and fetch; time goes by."""

    papers = Bundle("papers")
    requests = Bundle("requests")

    @initialize()
    def open_office(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.office = ReuseOffice(self.folder)
        self.truth: dict[str, Truth] = {}
        self.allowed: set[str] = set()
        self.barred: set[str] = set()
        self.fetched: dict[str, str] = {}
        self.office.subscriptions.add(DESK, URL, set(EventKind), ("000.00.99.H05",), actor="quản trị")
        self._set_rights({BIRTH})

    def teardown(self) -> None:
        if hasattr(self, "office"):
            try:
                self._compare_books()
            finally:
                self.office.catalogue.close()
                shutil.rmtree(self.folder)

    @property
    def today(self) -> str:
        return self.office.ports.today.isoformat()

    def _set_rights(self, kinds: set[str]) -> None:
        self.allowed = kinds
        lines = [entitled(kind, form) for kind in sorted(kinds) for form in ReleaseForm]
        self.office.allow(*lines)

    @rule(target=papers, kind=KINDS, owner=OWNERS, age=st.integers(0, 60), term=st.integers(1, 60), sure=st.booleans())
    def hold(self, kind: str, owner: Owner, age: int, term: int, sure: bool) -> str:
        name = f"D{len(self.truth) + 1}"
        issued = (self.office.ports.today - timedelta(days=age)).isoformat()
        until = (self.office.ports.today - timedelta(days=age) + timedelta(days=term)).isoformat() if kind == MARITAL else ""
        status = Status.APPROVED if sure else Status.NEEDS_REVIEW
        self.office.hold(name, kind, owner, issued=issued, until=until, status=status)
        self.truth[name] = Truth(kind, owner, issued, until, status)
        return name

    @rule(name=papers)
    def approve(self, name: str) -> None:
        if self.truth[name].status is Status.NEEDS_REVIEW:
            self.office.catalogue.move(name, Status.APPROVED, actor="a", reason="reviewed", at=self.office.clock.now())
            self.truth[name].status = Status.APPROVED

    @rule(name=papers)
    def put_back_to_review(self, name: str) -> None:
        if self.truth[name].status is Status.APPROVED:
            self.office.catalogue.move(name, Status.NEEDS_REVIEW, actor="a", reason="doubt", at=self.office.clock.now())
            self.truth[name].status = Status.NEEDS_REVIEW

    @rule(name=papers)
    def revoke(self, name: str) -> None:
        self.office.revocations.revoke(name, **ANSWER)
        self.truth[name].revoked = True

    @rule(name=papers)
    def restore(self, name: str) -> None:
        self.office.revocations.restore(name, **ANSWER)
        self.truth[name].revoked = False

    @rule(name=papers, exclusion=st.sampled_from(list(Exclusion)))
    def exclude(self, name: str, exclusion: Exclusion) -> None:
        self.office.revocations.exclude(name, exclusion, **ANSWER)
        self.truth[name].excluded = True

    @rule(name=papers)
    def include(self, name: str) -> None:
        self.office.revocations.include(name, **ANSWER)
        self.truth[name].excluded = False

    @rule(name=papers, doubted=st.booleans())
    def doubt(self, name: str, doubted: bool) -> None:
        (self.office.revocations.doubt if doubted else self.office.revocations.clear)(name, **ANSWER)
        self.truth[name].doubted = doubted

    @rule(kinds=st.sets(KINDS))
    def change_rights(self, kinds: set[str]) -> None:
        self._set_rights(kinds)

    @rule(kinds=st.sets(KINDS, max_size=1))
    def bar_types(self, kinds: set[str]) -> None:
        self.barred = kinds
        self.office.bar(*(ExcludedType(kind, Exclusion.SHARED_ELSEWHERE, "QĐ 06", "CSDL") for kind in sorted(kinds)))

    @rule(days=st.integers(1, 40))
    def pass_time(self, days: int) -> None:
        self.office.pass_days(days)

    @rule(works=st.booleans())
    def deliver(self, works: bool) -> None:
        self.office.receivers.answers[URL] = Posted(204) if works else Posted(0, "no route")
        self.office.events.deliver_due()

    @rule()
    def keep_receipts(self) -> None:
        self.office.receipts.keep()

    @rule(caller=CALLERS, owner=OWNERS)
    def check(self, caller: System, owner: Owner) -> None:
        question = CheckQuestion(owner, PURPOSE, self.office.ports.today, PROCEDURE, (BIRTH, MARITAL))
        for one in self.office.checks.check(caller, question).components:
            if caller is STRANGER or one.type not in self.allowed:
                assert one.held is Held.NOT_ENTITLED
            elif one.held is Held.REUSABLE:
                self._assert_may_leave(one.document)
                assert self.truth[one.document].owner == owner
            else:
                assert not [name for name in self._of(owner, one.type) if self._may_leave(name)]

    @rule(target=requests, caller=CALLERS, name=papers, form=st.none() | st.sampled_from(list(ReleaseForm)))
    def open(self, caller: System, name: str, form: ReleaseForm | None) -> object:
        try:
            request = self.office.requests.open(caller, Wanted(PURPOSE, PROCEDURE, document=name, form=form))
        except NotEntitledError:
            assert caller is STRANGER or self.truth[name].kind not in self.allowed or not self._may_leave(name)
            return multiple()
        assert caller is DESK
        self._assert_may_leave(name)
        return request.id

    @rule(request=requests)
    def release(self, request: str) -> None:
        opened = self.office.requests.find(DESK, request)
        try:
            given = self.office.requests.release(DESK, request)
        except NotEntitledError:
            return
        self._assert_may_leave(opened.document)
        assert self.truth[opened.document].kind in self.allowed
        self.fetched[request] = given.jws

    @rule(request=requests)
    def stream(self, request: str) -> None:
        opened = self.office.requests.find(DESK, request)
        try:
            data = b"".join(self.office.requests.stream(DESK, request))
        except (NotEntitledError, NotFoundError):
            return
        self._assert_may_leave(opened.document)
        receipt = receipt_of(self.office.ports.receipts.verify(self.fetched[request]))
        assert receipt.sha256 == hashlib.sha256(data).hexdigest()

    @rule(name=papers)
    def print_code(self, name: str) -> None:
        try:
            code = self.office.prints.make(name, actor="a")
        except NotEntitledError:
            assert not self._may_leave(name)
            return
        self._assert_may_leave(name)
        assert self.office.prints.look(code).state is PublicState.VALID

    @invariant()
    def requests_that_were_released_stand_in_the_books(self) -> None:
        for request in getattr(self, "fetched", {}):
            assert self.office.requests.find(DESK, request).state is RequestState.RELEASED

    def _of(self, owner: Owner, kind: str) -> list[str]:
        return [name for name, one in self.truth.items() if (one.owner, one.kind) == (owner, kind)]

    def _may_leave(self, name: str) -> bool:
        one = self.truth[name]
        others = [self.truth[other] for other in self._of(one.owner, one.kind) if other != name]
        newer = any(one.issued < other.issued <= self.today for other in others)
        return one.may_leave(self.today, self.barred, newer)

    def _assert_may_leave(self, name: str) -> None:
        assert self._may_leave(name), name

    def _compare_books(self) -> None:
        """Receipts, audit, books and the bucket say the same, and the webhooks told what had to be told."""
        office = self.office
        office.receipts.keep()
        office.ports.auditing.seal()
        lines = [line.happening for line in office.catalogue.audit.lines()]
        given = {one.told["request"]: one for one in lines if one.action == "reuse_release"}
        books = {one.id: one for name in self.truth for one in office.requests.released(name)}
        assert given.keys() == books.keys() == self.fetched.keys()
        for request, released in books.items():
            receipt = receipt_of(office.ports.receipts.verify(released.jws))
            told = given[request].told
            assert released.jws == self.fetched[request]
            assert (receipt.id, receipt.sha256, receipt.document) == (request, told["content"], given[request].document)
            assert told["receipt"] == hashlib.sha256(released.jws.encode()).hexdigest()
            data = office.store.get(archive.release_key(released))
            assert hashlib.sha256(data).hexdigest() == told["sha256"]
        self._compare_with_bucket()
        self._compare_with_webhooks(lines)

    def _compare_with_bucket(self) -> None:
        fresh = SqlCatalogue("sqlite://")
        restore_words((entry.key for entry in self.office.store.list("dossiers/")), self.office.store, fresh)
        restore_books(self.office.store, fresh)
        for name in self.truth:
            assert fresh.holdings.standings(name) == self.office.revocations.of(name)
            kept = [replace(one, kept=True) for one in self.office.requests.released(name)]
            assert list(fresh.releases.fetchers(name)) == kept
        fresh.close()

    def _compare_with_webhooks(self, lines: list[Happening]) -> None:
        self.office.receivers.answers.clear()
        for _ in range(3):
            self.office.clock.advance(timedelta(hours=7))
            while self.office.events.deliver_due():
                pass
        posted = [json.loads(body) for _, body, _ in self.office.receivers.posted]
        told = {one["document"] for one in posted if one["kind"] == EventKind.DOCUMENT_REVOKED}
        fetched = set()
        for one in lines:
            if one.action == "reuse_release":
                fetched.add(one.document)
            elif one.action == "standing" and one.told["kind"] == "revoked" and one.document in fetched:
                assert one.document in told


Books.TestCase.settings = settings(
    max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestBooks = Books.TestCase
