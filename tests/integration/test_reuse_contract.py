"""The books of reuse on SQLite and on PostgreSQL: the same answers, and no race that lets a revoked paper go unheard of."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.domain.documents import Owner
from pipeline.domain.errors import NotEntitledError
from pipeline.domain.holdings import Exclusion, OwnerEvent, OwnerEventKind
from pipeline.domain.outbox import EventKind
from pipeline.domain.releases import CheckQuestion, ExcludedType, Held, ReleaseForm, Wanted
from tests.reuse_office import BIRTH, DESK, LAN, MARITAL, PROCEDURE, PURPOSE, ReuseOffice, entitled

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
