"""A year of two agencies: processes of their own that use the client, and at its end all books agree, the audit log too."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Self

import pytest

from pipeline.client import make_key
from pipeline.domain.audit import Action, Head, is_sound
from pipeline.domain.documents import Owner
from pipeline.domain.holdings import State
from pipeline.domain.outbox import PUSHED, EventKind
from pipeline.domain.releases import ReleaseForm, System
from pipeline.reuse_desk import Events, Revocations, Subscriptions, Validity
from pipeline.web import make_app
from storage.webhooks import HttpWebhooks
from tests.agency_system import STALE
from tests.api_house import SECRET, ApiHouse
from tests.api_server import Unreliable, serving
from tests.reuse_office import AGENCY, BIRTH, MARITAL, OTHER_AGENCY, PROCEDURE, PURPOSE, entitled

#: Fortnights of the year, and how the days of each go by.
FORTNIGHTS, STEPS = 26, (timedelta(days=1), timedelta(days=3), timedelta(days=10))

#: Fortnights in which the second agency's receiver is down, until deliveries are given up.
DOWN = range(8, 16)

OWNERS = [Owner(f"00119000000{number}", f"Nguyễn Thị {name}", "1990-05-01") for number, name in enumerate("ABCD")]
ORDER = {"reason": "cấp sai thẩm quyền", "basis": "Quyết định 1/QĐ-UBND", "actor": "cán bộ A"}


class Process:
    """The system of an agency, told what to do."""

    def __init__(self, root: Path, **begun: object) -> None:
        self.line = subprocess.Popen(
            [sys.executable, "-m", "tests.agency_system"], cwd=root, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.url: str = self._say(begun)

    def do(self, what: str, **order: object) -> Any:
        """What came of it."""
        return self._say({"do": what} | order)

    def _say(self, told: dict[str, Any]) -> Any:
        assert self.line.stdin
        assert self.line.stdout
        self.line.stdin.write(json.dumps(told) + "\n")
        self.line.stdin.flush()
        answer = self.line.stdout.readline()
        assert answer, f"the process ended at {told}"
        return json.loads(answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.line.stdin
        assert self.line.stdout
        self.line.stdin.close()
        self.line.wait(30)
        self.line.stdout.close()


class Year:
    """The installation, its two agencies, and what happens to its papers."""

    def __init__(self, house: ApiHouse, front: Unreliable, origin: str, root: Path, stack: ExitStack) -> None:
        sender = HttpWebhooks([], loopback=True)
        self.house, self.front = house, front
        self.ports = replace(house.office.ports, sender=sender)
        house.desk = replace(house.desk, origin=origin)
        house.web.house = replace(house.web.house, systems=house.desk, reuse=self.ports)
        front.app = make_app(house.web.house)
        self.chance = random.Random(2026)
        self.held: list[str] = []
        self.private, public = make_key("k1")
        house.system("desk", agency=AGENCY, keys=public, secrets=())
        house.system("land", agency=OTHER_AGENCY, offices=frozenset({OTHER_AGENCY}))
        told = {"origin": origin, "procedure": PROCEDURE, "purpose": PURPOSE}
        self.desk = stack.enter_context(Process(root, client="desk", skew=45.0, **told))
        self.land = stack.enter_context(Process(root, client="land", skew=-45.0, **told))
        self.agencies = {"desk": self.desk, "land": self.land}
        self.tell_time()
        self.desk.do("prove", key=self.private, kid="k1")
        self.land.do("prove", secret=SECRET)
        self.subscriptions = {name: self._subscribe(name) for name in self.agencies}

    def _subscribe(self, name: str) -> str:
        client = self.house.web.catalogue.clients.client(name)
        assert client
        made, secret = Subscriptions(self.ports).add(
            System(name, client.agency), self.agencies[name].url, [EventKind.DOCUMENT_APPROVED], (), actor="quản trị"
        )
        self.agencies[name].do("secrets", secrets={f"{made.id}.{made.key}": secret})
        return made.id

    def tell_time(self) -> None:
        """Let all clocks show the same, but for their skew."""
        for one in self.agencies.values():
            one.do("now", now=self.house.web.clock.now().timestamp())

    def paper(self) -> None:
        """A paper comes in; certificates of marital status hold for some weeks."""
        today, number = self.house.web.clock.now().date(), len(self.held)
        kind, owner = self.chance.choice([BIRTH, MARITAL]), self.chance.choice(OWNERS)
        until = (today + timedelta(days=40)).isoformat() if kind == MARITAL else ""
        name = f"{today:%Y%m%d}-{number:012x}"
        self.held.append(self.house.office.hold(name, kind, owner, issued=today.isoformat(), until=until))

    def words(self) -> None:
        """Papers are revoked, and wrongly revoked ones restored."""
        words = Revocations(self.ports)
        for document in self.held:
            state = self.judged(document)
            if state is State.VALID and self.chance.random() < 0.08:
                words.revoke(document, **ORDER)
            elif state is State.REVOKED and self.chance.random() < 0.15:
                words.restore(document, **ORDER)

    def judged(self, document: str) -> State:
        """What a paper is worth today."""
        return Validity(self.ports).judge(document).state

    def deliver(self) -> None:
        """Send all that is due."""
        while Events(self.ports).deliver_due():
            pass

    def keys(self, fortnight: int) -> None:
        """Keys change: those of tokens, of the agencies, of webhooks; every few weeks, in turn."""
        registry = self.house.desk.registry
        if fortnight % 6 == 1:
            self.private, public = make_key(f"k{fortnight}")
            registry.change(replace(registry.find("desk"), keys=public), by="quản trị")
            self.desk.do("prove", key=self.private, kid=f"k{fortnight}")
        if fortnight % 6 == 2:
            self.land.do("prove", secret=registry.rotate_secret("land", by="quản trị"))
        if fortnight % 6 == 3:
            self.house.desk.keyring.rotate()
        if fortnight % 6 == 4:
            name = self.chance.choice(["desk", "land"])
            self.agencies[name].do("rotate", subscription=self.subscriptions[name])

    def mischief(self, fortnight: int) -> None:
        """Webhooks and their answers get lost, and calls too."""
        self.desk.do("mischief", mischief=[self.chance.choice(["", "down", "cut"]) for _ in range(4)])
        self.land.do("mischief", mischief=["down"] * 1000 if fortnight in DOWN else ["cut"])
        whats = (self.chance.choice(["", "before", "after", "busy"]) for _ in range(6))
        lost = iter([one for what in whats for one in (what, "")])
        self.front.mischief = lambda scope: "" if scope["path"].endswith("/rotate") else next(lost, "")

    def fortnight(self, number: int) -> None:
        """Two weeks of work."""
        for _ in range(2):
            self.paper()
        self.words()
        self.keys(number)
        self.mischief(number)
        for name, agency in self.agencies.items():
            agency.do("fetch", owner={"id12": self.chance.choice(OWNERS).id12})
            assert self.house.web.catalogue.clients.client(name)
        for step in STEPS:
            self.deliver()
            self.house.web.clock.advance(step)
            self.tell_time()

    def settle(self) -> None:
        """The year is over: what waits is delivered, what was given up tried again, what was missed fetched."""
        self.front.mischief = lambda _scope: ""
        for agency in self.agencies.values():
            agency.do("mischief", mischief=[])
        self.given_up = self.land.do("retry")
        self.house.web.clock.advance(timedelta(hours=12))
        self.tell_time()
        self.deliver()
        self.caught_up = {name: agency.do("catch_up") for name, agency in self.agencies.items()}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Year]:
    house = ApiHouse.make(tmp_path_factory.mktemp("year"), rate=10**6)
    front = Unreliable(house.web.app)
    lines = [entitled(), entitled(MARITAL), entitled(agency=OTHER_AGENCY, form=ReleaseForm.PDF)]
    lines += [entitled(MARITAL, ReleaseForm.FIELDS, agency=OTHER_AGENCY, fields=("ho_ten", "ngay_sinh"))]
    house.office.allow(*lines)
    with ExitStack() as stack:
        stack.enter_context(house.web)
        made = Year(house, front, stack.enter_context(serving(front)), root, stack)
        for number in range(FORTNIGHTS):
            made.fortnight(number)
        made.settle()
        yield made


def test_both_sides_say_the_same_of_what_was_fetched(year: Year) -> None:
    released = [one for document in year.held for one in year.house.web.catalogue.releases.fetchers(document)]
    for name, agency in year.agencies.items():
        book = agency.do("book")["fetched"]
        ours = {one.id: one for one in released if one.system == name}
        assert len(book) > 10
        assert {key: (one["document"], one["sha256"], one["receipt"]) for key, one in book.items()} == {
            key: (one.document, one.sha256, one.jws) for key, one in ours.items()
        }
    assert {one.form for one in released} == {ReleaseForm.PDF, ReleaseForm.FIELDS}


def test_both_sides_say_the_same_of_what_must_not_be_used_any_more(year: Year) -> None:
    events = year.house.web.catalogue.outbox.after(0, 100_000)
    stale_somewhere = 0
    for agency in year.agencies.values():
        told = agency.do("book")
        for document in {one["document"] for one in told["fetched"].values()}:
            ours = [(one.seq, one.kind.value) for one in events if one.document == document and one.kind in PUSHED]
            theirs = told["told"].get(document)
            if ours:
                assert tuple(theirs) == max(ours)
            stale = bool(theirs) and theirs[1] in STALE
            assert stale or year.judged(document) not in {State.REVOKED, State.SUPERSEDED}, document
            assert not stale or year.judged(document) is not State.VALID, document
            stale_somewhere += stale
    assert stale_somewhere > 3


def test_nothing_stale_leaves_a_second_time(year: Year) -> None:
    for agency in year.agencies.values():
        again = agency.do("fetch_again")
        assert again["came"] == 0
        assert again["refused"] > 0


def test_what_went_wrong_did_go_wrong(year: Year) -> None:
    """Else the year would have proven nothing."""
    desk, land = (agency.do("book")["counts"] for agency in year.agencies.values())
    assert desk["lost"] > 5
    assert desk["twice"] > 5
    assert land["lost"] > 50
    assert year.given_up > 0
    assert min(year.caught_up.values()) > 0
    assert desk["unproven"] == land["unproven"] == 0
    states = {year.judged(document) for document in year.held}
    assert {State.VALID, State.REVOKED, State.EXPIRED} <= states
    assert date.fromisoformat("2026-12-01") < year.house.web.clock.now().date()


def test_the_audit_log_is_whole_and_tells_of_every_release(year: Year) -> None:
    year.house.web.flow.auditing.seal()
    head, released, signed_in = Head(), set[tuple[str, str]](), 0
    for line in year.house.web.catalogue.audit.lines():
        assert is_sound(line)
        assert (line.seq, line.previous) == (head.seq + 1, head.hash)
        head = Head(line.seq, line.hash)
        told = line.happening
        if told.action == Action.REUSE_RELEASE:
            released.add((told.actor, told.told["request"]))
        signed_in += told.action == Action.SIGN_IN and told.reason == "token given"
    books = {(name, key) for name, agency in year.agencies.items() for key in agency.do("book")["fetched"]}
    assert released == books
    assert signed_in > FORTNIGHTS
