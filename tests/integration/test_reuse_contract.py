"""The books of reuse on SQLite and on PostgreSQL: the same answers, and no race that lets a revoked paper go unheard of."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.domain.documents import Owner
from pipeline.domain.errors import NotEntitledError, NotFoundError
from pipeline.domain.holdings import Exclusion, OwnerEvent, OwnerEventKind
from pipeline.domain.outbox import Delivery, DeliveryState, EventKind, LettersAsked, ReuseEvent
from pipeline.domain.releases import CheckQuestion, ExcludedType, Held, ReleaseForm, Wanted
from tests.reuse_office import (
    BIRTH,
    DESK,
    LAN,
    MARITAL,
    OTHER_AGENCY,
    PROCEDURE,
    PURPOSE,
    STRANGER,
    ReuseOffice,
    entitled,
)

ANSWER = {"reason": "cấp sai", "basis": "QĐ 12/QĐ-UBND", "actor": "cán bộ A"}
URL = "https://desk.example.vn/hooks"


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ReuseOffice]:
    kind = request.param
    url = request.getfixturevalue("postgresql_url") if kind == "postgresql" else f"sqlite:///{tmp_path}/catalogue.sqlite"
    office = ReuseOffice(tmp_path, url)
    with closing(office.catalogue):
        office.allow(entitled(), entitled(MARITAL, ReleaseForm.FIELDS))
        yield office


def test_papers_are_found_by_every_way_to_name_their_owner(office: ReuseOffice) -> None:
    office.hold("A")
    office.hold("B", MARITAL, Owner("", LAN.name, LAN.birth_date), until="2026-06-01")
    found = {one.holding.document: one for one in office.catalogue.holdings.of_owner(LAN, [BIRTH, MARITAL])}
    assert {name: one.by_name for name, one in found.items()} == {"A": False, "B": True}
    by_name = office.catalogue.holdings.of_owner(Owner("", "NGUYEN THI LAN", LAN.birth_date), [BIRTH, MARITAL])
    assert len(by_name) == 2
    assert office.catalogue.holdings.of_owner(LAN, ["khac"]) == ()
    office.catalogue.holdings.forget("A")
    assert office.catalogue.holdings.of_document("A") == ()


def test_a_whole_life_of_a_paper(office: ReuseOffice) -> None:
    office.subscriptions.add(DESK, URL, {EventKind.DOSSIER_DIGITISED}, ("000.00.99.H05",), actor="quản trị")
    office.hold("A", number="12/2020")
    office.hold("M", MARITAL, until="2026-06-01")
    wanted = Wanted(PURPOSE, PROCEDURE, type=BIRTH, owner=LAN)
    request = office.requests.open(DESK, wanted, idempotency_key="k")
    assert office.requests.open(DESK, wanted, idempotency_key="k") == request
    given = office.requests.release(DESK, request.id)
    assert office.requests.release(DESK, request.id).jws == given.jws
    office.hold("COPY", number="12/2020", dossier="000.00.18.H05-260105-0009")
    office.revocations.revoke("COPY", **ANSWER)
    died = OwnerEvent("E1", OwnerEventKind.DIED, LAN, "2026-01-04", "KT", "hộ tịch", office.clock.now())
    office.revocations.befall(died)
    answer = office.checks.check(DESK, CheckQuestion(LAN, PURPOSE, office.ports.today, PROCEDURE))
    assert {one.type: one.held for one in answer.components} == {BIRTH: Held.NOT_REUSABLE, MARITAL: Held.NOT_REUSABLE}
    office.bar(ExcludedType(BIRTH, Exclusion.SHARED_ELSEWHERE, "QĐ", "CSDL"))
    with pytest.raises(NotEntitledError):
        office.requests.release(DESK, request.id)
    assert office.events.deliver_due() == 1
    assert office.receipts.keep() == 1
    office.pass_days(1)
    assert office.events.deliver_due() == 0
    office.catalogue.clear()
    assert office.catalogue.holdings.of_owner(LAN, [BIRTH]) == ()
    assert len(office.requests.released("A")) == 1


def test_a_release_and_a_revocation_at_once_never_miss_each_other(office: ReuseOffice) -> None:
    office.subscriptions.add(DESK, URL, {EventKind.DOSSIER_DIGITISED}, ("000.00.99.H05",), actor="quản trị")
    names = [f"D{number}" for number in range(6)]
    requests = {}
    for number, name in enumerate(names):
        office.hold(name, owner=Owner(f"{number:012d}", f"Người {number}", "1990-01-01"))
        requests[name] = office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, document=name)).id
    given: set[str] = set()

    def release(name: str) -> None:
        try:
            office.requests.release(DESK, requests[name])
            given.add(name)
        except NotEntitledError:
            pass

    works = [threading.Thread(target=release, args=(name,)) for name in names]
    works += [threading.Thread(target=office.revocations.revoke, args=(name,), kwargs=ANSWER) for name in names]
    for one in works:
        one.start()
    for one in works:
        one.join()
    assert {name for name in names if office.requests.released(name)} == given
    office.events.plan()
    told = {one.event.document for one in office.catalogue.outbox.deliveries()}
    assert told == given


def test_each_delivery_is_in_one_hand_and_each_event_has_one_number(office: ReuseOffice) -> None:
    office.subscriptions.add(DESK, URL, set(EventKind), ("000.00.16.H05",))
    for number in range(8):
        office.hold(f"D{number}", owner=Owner(f"{number:012d}", f"Người {number}", "1990-01-01"))
    works = [threading.Thread(target=office.events.plan) for _ in range(3)]
    for one in works:
        one.start()
    for one in works:
        one.join()
    events = office.catalogue.outbox.after(0, 100)
    assert [one.seq for one in events] == list(range(1, len(events) + 1))
    now, claimed = office.clock.now(), []

    def claim() -> None:
        claimed.extend(office.catalogue.outbox.claim(now, now + timedelta(minutes=5), 6))

    works = [threading.Thread(target=claim) for _ in range(4)]
    for one in works:
        one.start()
    for one in works:
        one.join()
    assert len({one.id for one in claimed}) == len(claimed) == len(events)


def bury(office: ReuseOffice, names: str, to: str) -> None:
    """Dead deliveries of these names, each given up a minute after the one before, ``=`` after a name: at the same time."""
    due = office.clock.now()
    for name in names:
        if name == "=":
            due -= timedelta(minutes=1)
            continue
        event = ReuseEvent(0, f"event {name}", EventKind.DOCUMENT_REVOKED, office.clock.now(), "", name)
        office.catalogue.outbox.enter(event)
        office.catalogue.outbox.plan(event, [Delivery(name, event, to, DeliveryState.DEAD, 16, due, "down", due)])
        due += timedelta(minutes=1)


def listed(office: ReuseOffice, **asked: object) -> str:
    """The names of all letters that are asked for, read two at a time."""
    found: list[Delivery] = []
    behind = None
    while page := office.catalogue.outbox.letters(LettersAsked(**asked, behind=behind, limit=2)):  # type: ignore[arg-type]
        found += page
        behind = page[-1].due, page[-1].id
    return "".join(one.id for one in found)


def test_what_was_given_up_is_listed_by_system_and_none_is_missed(office: ReuseOffice) -> None:
    mine, _ = office.subscriptions.add(DESK, URL, (), ("000.00.16.H05",))
    others, _ = office.subscriptions.add(STRANGER, URL, (), (OTHER_AGENCY,))
    bury(office, "ab=c=de", mine.id)
    bury(office, "xy", others.id)
    assert listed(office, system=DESK.id) == "edcba"
    assert listed(office, system=DESK.id, oldest_first=True) == "abcde"
    assert sorted(listed(office)) == sorted("abcdexy")
    assert listed(office, system="nobody") == listed(office, state=DeliveryState.DROPPED) == ""
    assert office.catalogue.outbox.tally(DeliveryState.DEAD) == {DESK.id: 5, STRANGER.id: 2}
    assert office.catalogue.outbox.tally(DeliveryState.WAITING) == {}
    (first,) = office.catalogue.outbox.letters(LettersAsked(oldest_first=True, system=STRANGER.id, limit=1))
    assert (first.begun, first.due, first.error) == (first.due, office.clock.now(), "down")


def test_what_was_given_up_is_tried_again_or_dropped_once(office: ReuseOffice) -> None:
    mine, _ = office.subscriptions.add(DESK, URL, (), ("000.00.16.H05",))
    others, _ = office.subscriptions.add(STRANGER, URL, (), (OTHER_AGENCY,))
    bury(office, "abc", mine.id)
    bury(office, "x", others.id)
    outcomes: list[str] = []

    def attempt(act: str) -> None:
        try:
            if act == "drop":
                office.letters.drop("a", why="thử", actor="an")
            else:
                office.letters.retry("b", actor="an")
            outcomes.append(act)
        except NotFoundError:
            pass

    works = [threading.Thread(target=attempt, args=(act,)) for act in ("drop", "retry") * 3]
    for one in works:
        one.start()
    for one in works:
        one.join()
    assert sorted(outcomes) == ["drop", "retry"]
    assert listed(office, system=DESK.id) == "c"
    assert office.letters.retry_all(DESK.id, actor="an") == 1
    assert office.letters.retry_all(DESK.id, actor="an") == 0
    (dropped,) = office.letters.walk(state=DeliveryState.DROPPED)
    assert (dropped.delivery.id, dropped.dropped and dropped.dropped.told["why"]) == ("a", "thử")
    assert office.catalogue.outbox.tally(DeliveryState.DEAD) == {STRANGER.id: 1}
    office.ports.auditing.seal()
    noted = [line.happening for line in office.catalogue.audit.lines() if line.happening.actor == "an"]
    assert sorted(one.reason for one in noted) == ["all tried again", "dropped", "tried again"]
    assert office.events.deliver_due() == 2


def test_it_is_known_when_each_system_asked_last(office: ReuseOffice) -> None:
    office.hold("A")
    for days in (0, 1):
        office.pass_days(days)
        office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, document="A"))
    asked = office.clock.now()
    office.pass_days(1)
    assert office.catalogue.releases.last_asked([DESK.id, STRANGER.id]) == {DESK.id: asked}
