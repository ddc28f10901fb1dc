"""Events: who is told of what, how deliveries are signed, tried again, given up."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.domain.documents import Status
from pipeline.domain.errors import NotFoundError, RejectedInputError
from pipeline.domain.holdings import Exclusion, OwnerEvent, OwnerEventKind
from pipeline.domain.outbox import DeliveryState, EventKind
from pipeline.domain.releases import ANY, Wanted
from pipeline.ports.reuse import Posted
from pipeline.reuse.webhooks import HEADER, ID_HEADER, TRIES, is_ours, pause_after, sign
from tests.reuse_office import (
    AGENCY,
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

URL = "https://desk.example.vn/hooks"
ANSWER = {"reason": "cấp sai", "basis": "QĐ 12/QĐ-UBND", "actor": "cán bộ A"}


@pytest.fixture
def office(tmp_path: Path) -> ReuseOffice:
    office = ReuseOffice(tmp_path)
    office.allow(entitled(), entitled(MARITAL))
    return office


def kinds(office: ReuseOffice, url: str = URL) -> list[str]:
    """What was posted to an address so far, in order."""
    return [json.loads(body)["kind"] for where, body, _ in office.receivers.posted if where == url]


def fetch(office: ReuseOffice, kind: str = BIRTH) -> None:
    request = office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, type=kind, owner=LAN))
    office.requests.release(DESK, request.id)


def test_a_dossier_is_digitised_once_nothing_of_it_waits(office: ReuseOffice) -> None:
    office.subscriptions.add(DESK, URL, (), (AGENCY,))
    office.hold("A", status=Status.NEEDS_REVIEW)
    office.hold("B", MARITAL, until="2026-06-01")
    office.events.deliver_due()
    assert kinds(office) == ["document.approved"]
    office.catalogue.move("A", Status.APPROVED, actor="cán bộ A", reason="reviewed", at=office.clock.now())
    office.events.deliver_due()
    assert sorted(kinds(office)[1:]) == ["document.approved", "dossier.digitised"]
    assert office.events.deliver_due() == 0


def test_systems_hear_of_their_own_offices_and_of_what_they_fetched(office: ReuseOffice) -> None:
    others = "https://other.example.vn/hooks"
    office.subscriptions.add(STRANGER, others, (), (OTHER_AGENCY,))
    office.subscriptions.add(DESK, URL, {EventKind.DOSSIER_DIGITISED}, (OTHER_AGENCY,), actor="quản trị")
    office.hold("A")
    fetch(office)
    office.revocations.revoke("A", **ANSWER)
    office.events.deliver_due()
    assert kinds(office) == ["document.revoked"]
    assert kinds(office, others) == []
    body = json.loads(office.receivers.posted[0][1])
    assert (body["document"], body["code"], body["type"]) == ("A", "revoked", BIRTH)
    assert not {LAN.name, LAN.id12, ANSWER["reason"]} & {str(value) for value in body.values()}


def test_whoever_fetched_is_told_of_every_way_in_which_a_paper_ends(office: ReuseOffice) -> None:
    office.subscriptions.add(DESK, URL, {EventKind.DOSSIER_DIGITISED}, (OTHER_AGENCY,), actor="quản trị")
    office.hold("A")
    fetch(office)
    office.revocations.supersede("A", office.hold("Z", "khac"), **ANSWER)
    office.revocations.restore("A", **ANSWER)
    office.revocations.exclude("A", Exclusion.PHOTOCOPY, **ANSWER)
    office.revise("A")
    office.events.deliver_due()
    assert sorted(kinds(office)) == sorted(
        ["document.superseded", "document.restored", "document.revoked", "document.revised"]
    )


def test_a_newer_paper_of_the_owner_supersedes_and_says_so(office: ReuseOffice) -> None:
    office.subscriptions.add(DESK, URL, {EventKind.DOSSIER_DIGITISED}, (OTHER_AGENCY,), actor="quản trị")
    office.hold("A")
    fetch(office)
    office.hold("NEW", issued="2026-01-02")
    office.events.deliver_due()
    (said,) = [json.loads(body) for _, body, _ in office.receivers.posted]
    assert (said["kind"], said["document"], said["other"]) == ("document.superseded", "A", "NEW")


def test_other_scans_of_a_revoked_paper_are_told_of_too(office: ReuseOffice) -> None:
    office.subscriptions.add(DESK, URL, {EventKind.DOSSIER_DIGITISED}, (OTHER_AGENCY,), actor="quản trị")
    office.hold("A", number="12/2020")
    fetch(office)
    office.hold("B", number="12/2020", dossier="000.00.18.H05-260105-0009")
    office.revocations.revoke("B", **ANSWER)
    office.events.deliver_due()
    (said,) = [json.loads(body) for _, body, _ in office.receivers.posted]
    assert (said["document"], said["code"]) == ("A", "revoked_as_copy")


def test_an_owners_death_is_told_to_who_fetched_what_ends_by_it(office: ReuseOffice) -> None:
    office.subscriptions.add(DESK, URL, {EventKind.DOSSIER_DIGITISED}, (OTHER_AGENCY,), actor="quản trị")
    office.hold("A")
    office.hold("M", MARITAL, until="2026-06-01")
    fetch(office)
    fetch(office, MARITAL)
    told = OwnerEvent("KT-1", OwnerEventKind.DIED, LAN, "2026-01-04", "KT 5/2026", "hộ tịch", office.clock.now())
    assert office.revocations.befall(told)
    assert not office.revocations.befall(told)
    office.events.deliver_due()
    assert [json.loads(body)["document"] for _, body, _ in office.receivers.posted] == ["M"]


def test_a_paper_is_restored_only_once_nothing_else_that_was_told_stands_against_it(office: ReuseOffice) -> None:
    office.subscriptions.add(DESK, URL, {EventKind.DOSSIER_DIGITISED}, (OTHER_AGENCY,), actor="quản trị")
    office.hold("A")
    fetch(office)
    office.revocations.revoke("A", **ANSWER)
    office.revocations.exclude("A", Exclusion.PHOTOCOPY, **ANSWER)
    office.revocations.restore("A", **ANSWER)
    office.events.deliver_due()
    assert sorted(kinds(office)) == ["document.revoked", "document.revoked"]
    office.revocations.include("A", **ANSWER)
    office.events.deliver_due()
    assert kinds(office)[2:] == ["document.restored"]


def test_an_owners_death_is_told_though_the_paper_is_just_looked_into(office: ReuseOffice) -> None:
    office.subscriptions.add(DESK, URL, {EventKind.DOSSIER_DIGITISED}, (OTHER_AGENCY,), actor="quản trị")
    office.hold("M", MARITAL, until="2026-06-01")
    fetch(office, MARITAL)
    office.revocations.doubt("M", **ANSWER)
    told = OwnerEvent("KT-1", OwnerEventKind.DIED, LAN, "2026-01-04", "KT 5/2026", "hộ tịch", office.clock.now())
    office.revocations.befall(told)
    office.revocations.clear("M", **ANSWER)
    office.events.deliver_due()
    doubted, said = [json.loads(body) for _, body, _ in office.receivers.posted]
    assert (said["kind"], said["document"], said["code"]) == ("document.revoked", "M", "owner_died")
    assert doubted["kind"] == "document.doubted"


def test_a_delivery_is_signed_and_cannot_be_replayed(office: ReuseOffice) -> None:
    made, secret = office.subscriptions.add(DESK, URL, (), (AGENCY,))
    office.hold("A")
    office.events.deliver_due()
    _, body, headers = office.receivers.posted[0]
    keys, now = {f"{made.id}.1": secret}, office.clock.now()
    assert is_ours(headers[HEADER], headers[ID_HEADER], body, keys, now)
    assert not is_ours(headers[HEADER], headers[ID_HEADER], body + b" ", keys, now)
    assert not is_ours(headers[HEADER], "another", body, keys, now)
    assert not is_ours(headers[HEADER], headers[ID_HEADER], body, {f"{made.id}.1": "x" * 64}, now)
    assert not is_ours(headers[HEADER], headers[ID_HEADER], body, keys, now + timedelta(minutes=6))
    assert not is_ours("", headers[ID_HEADER], body, keys, now)
    later = sign(headers[ID_HEADER], body, {f"{made.id}.1": "x" * 64}, now + timedelta(minutes=6))
    assert not is_ours(later, headers[ID_HEADER], body, keys, now + timedelta(minutes=6))


def test_a_new_secret_and_the_former_one_both_prove_for_a_day(office: ReuseOffice) -> None:
    made, old = office.subscriptions.add(DESK, URL, (), (AGENCY,))
    again, new = office.subscriptions.rotate(DESK, made.id)
    assert (again.key, new != old) == (2, True)
    for days, known in ((0, {f"{made.id}.1": old}), (0, {f"{made.id}.2": new}), (2, {f"{made.id}.2": new})):
        office.pass_days(days)
        office.receivers.posted.clear()
        office.hold(f"D{len(known)}{days}{next(iter(known))}")
        office.events.deliver_due()
        _, body, headers = office.receivers.posted[0]
        assert is_ours(headers[HEADER], headers[ID_HEADER], body, known, office.clock.now())
    assert f"{made.id}.1=" not in headers[HEADER]


def test_what_fails_is_tried_again_later_and_given_up_at_last(office: ReuseOffice) -> None:
    office.subscriptions.add(DESK, URL, {EventKind.DOCUMENT_APPROVED}, (AGENCY,))
    office.receivers.answers[URL] = Posted(500, "the receiver answered 500")
    office.hold("A")
    for number in range(1, TRIES + 1):
        assert office.events.deliver_due() == 1
        assert office.events.deliver_due() == 0
        office.clock.advance(pause_after(number))
    assert office.events.deliver_due() == 0
    (dead,) = (one.delivery for one in office.letters.walk())
    assert (dead.state, dead.tries, dead.error) == (DeliveryState.DEAD, TRIES, "the receiver answered 500")
    assert len({headers[ID_HEADER] for _, _, headers in office.receivers.posted}) == 1
    assert office.actions().count("delivery_dead") == 1
    office.receivers.answers.clear()
    office.letters.retry(dead.id, actor="quản trị")
    assert office.events.deliver_due() == 1
    assert list(office.letters.walk()) == []


def test_a_delivery_tells_when_it_was_first_tried_and_when_it_was_given_up(office: ReuseOffice) -> None:
    made, _ = office.subscriptions.add(DESK, URL, {EventKind.DOCUMENT_APPROVED}, (AGENCY,))
    office.receivers.answers[URL] = Posted(500, "the receiver answered 500")
    office.hold("A")
    office.events.plan()
    office.pass_days(1)
    begun = office.clock.now()
    for number in range(1, TRIES):
        office.events.deliver_due()
        office.clock.advance(pause_after(number))
    given_up = office.clock.now()
    office.events.deliver_due()
    (dead,) = (one.delivery for one in office.letters.walk())
    assert (dead.begun, dead.due) == (begun, given_up)
    office.pass_days(1)
    office.letters.retry(dead.id, actor="quản trị")
    office.subscriptions.end(DESK, made.id)
    office.events.deliver_due()
    (dead,) = (one.delivery for one in office.letters.walk())
    assert (dead.begun, dead.due, dead.tries) == (begun, office.clock.now(), 0)
    assert dead.error == "the subscription has ended"


def test_what_a_killed_courier_had_in_hand_is_due_again(office: ReuseOffice) -> None:
    office.subscriptions.add(DESK, URL, {EventKind.DOCUMENT_APPROVED}, (AGENCY,))
    office.hold("A")
    office.events.plan()
    now = office.clock.now()
    assert len(office.catalogue.outbox.claim(now, now + timedelta(minutes=5), 10)) == 1
    assert office.events.deliver_due() == 0
    office.clock.advance(timedelta(minutes=5))
    assert office.events.deliver_due() == 1


def test_lost_webhooks_can_be_read_up_in_order_and_none_is_missed(office: ReuseOffice) -> None:
    for name in ("A", "B", "C"):
        office.hold(name, dossier=f"{AGENCY}-260105-{name}")
    office.hold("X", dossier=f"{OTHER_AGENCY}-260105-0001")
    office.events.plan()
    seen, seq = [], 0
    while (page := office.events.after(DESK, seq, 2)).seq != seq:
        seen += page.events
        seq = page.seq
    assert [one.seq for one in seen] == sorted(one.seq for one in seen)
    assert {one.document for one in seen if one.document} == {"A", "B", "C"}
    assert {one.document for one in office.events.after(STRANGER, 0).events if one.document} == {"X"}


def test_a_system_subscribes_for_itself_alone_to_addresses_that_are_allowed(office: ReuseOffice) -> None:
    for url, offices, code in (("http://x", (AGENCY,), "url_refused"), (URL, (ANY,), "office_refused")):
        with pytest.raises(RejectedInputError) as refused:
            office.subscriptions.add(DESK, url, (), offices)
        assert refused.value.code == code
    made, _ = office.subscriptions.add(DESK, URL, (), (AGENCY,))
    with pytest.raises(NotFoundError):
        office.subscriptions.end(STRANGER, made.id)
    office.subscriptions.end(DESK, made.id)
    office.hold("A")
    assert office.events.deliver_due() == 0


def test_a_paper_that_came_in_though_it_was_held_is_noted_once(office: ReuseOffice) -> None:
    office.hold("A", number="12/2020")
    office.pass_days(3)
    office.hold("B", number="12/2020", dossier="000.00.17.H05-260108-0002")
    for _ in range(2):
        office.events.plan()
    office.ports.auditing.seal()
    noted = [line.happening for line in office.catalogue.audit.lines() if line.happening.action == "asked_again"]
    assert [(one.document, one.told["held"], one.told["office"]) for one in noted] == [("B", "A", OTHER_AGENCY)]


def test_no_paper_is_noted_that_could_not_be_reused_then(office: ReuseOffice) -> None:
    office.hold("A", number="12/2020")
    office.revocations.revoke("A", **ANSWER)
    office.pass_days(3)
    office.hold("B", number="12/2020", dossier="000.00.17.H05-260108-0002")
    office.events.plan()
    assert "asked_again" not in office.actions()


def test_a_paper_that_is_restored_when_a_newer_one_has_its_place_is_told_to_be_superseded(office: ReuseOffice) -> None:
    office.subscriptions.add(DESK, URL, [EventKind.DOCUMENT_REVOKED], (AGENCY,))
    office.hold("A", issued="2020-03-01")
    fetch(office)
    office.revocations.revoke("A", **ANSWER)
    office.hold("B", issued="2021-03-01")
    office.events.deliver_due()
    office.revocations.restore("A", **ANSWER)
    while office.events.deliver_due():
        pass
    assert kinds(office) == ["document.revoked", "document.restored", "document.superseded"]
    last = json.loads(office.receivers.posted[-1][1])
    assert (last["document"], last["other"]) == ("A", "B")


def test_whoever_fetched_is_told_of_a_doubt_and_that_it_was_cleared(office: ReuseOffice) -> None:
    office.subscriptions.add(DESK, URL, {EventKind.DOSSIER_DIGITISED}, (OTHER_AGENCY,), actor="quản trị")
    office.hold("A", number="12/2020")
    fetch(office)
    office.hold("B", number="12/2020", dossier="000.00.18.H05-260105-0009")
    office.revocations.doubt("B", **ANSWER)
    office.revocations.clear("A", **ANSWER)
    office.events.deliver_due()
    assert kinds(office) == [], "another scan is in doubt, and nothing was doubted of this one"
    office.revocations.doubt("A", **ANSWER)
    office.revocations.revoke("A", **ANSWER)
    office.revocations.clear("A", **ANSWER)
    office.events.deliver_due()
    assert sorted(kinds(office)) == ["document.doubted", "document.revoked"], "what is revoked is not restored by a clearance"
    office.revocations.doubt("A", **ANSWER)
    office.revocations.restore("A", **ANSWER)
    office.events.deliver_due()
    assert kinds(office)[2:] == ["document.doubted"], "what is in doubt is not restored by taking back a revocation"
    office.revocations.clear("A", **ANSWER)
    office.events.deliver_due()
    assert kinds(office)[3:] == ["document.restored"]


def test_what_a_cancelled_event_had_ended_is_told_to_hold_again(office: ReuseOffice) -> None:
    office.subscriptions.add(DESK, URL, {EventKind.DOSSIER_DIGITISED}, (OTHER_AGENCY,), actor="quản trị")
    office.hold("M", MARITAL, until="2026-06-01")
    office.hold("R", MARITAL, until="2026-06-01", number="7/2026", dossier="000.00.18.H05-260105-0009", issued="2019-01-01")
    fetch(office, MARITAL)
    died = OwnerEvent("E1", OwnerEventKind.DIED, LAN, "2026-01-02", "KT 5", "hộ tịch", office.clock.now())
    office.revocations.befall(died)
    office.events.deliver_due()
    assert kinds(office) == ["document.revoked"]
    back = OwnerEvent("E2", OwnerEventKind.CANCELLED, LAN, "2026-01-03", "KT 6", "hộ tịch", office.clock.now(), cancels="E1")
    office.revocations.befall(back)
    office.events.deliver_due()
    (_, said) = [json.loads(body) for _, body, _ in office.receivers.posted]
    assert (said["kind"], said["document"], said["code"]) == ("document.restored", "M", "owner_died")
    assert office.judging.judge("M").is_reusable
    assert not office.revocations.befall(back)
    office.events.deliver_due()
    assert len(kinds(office)) == 2


def test_a_cancelled_event_restores_nothing_that_was_revoked_meanwhile(office: ReuseOffice) -> None:
    office.subscriptions.add(DESK, URL, {EventKind.DOSSIER_DIGITISED}, (OTHER_AGENCY,), actor="quản trị")
    office.hold("M", MARITAL, until="2026-06-01")
    fetch(office, MARITAL)
    died = OwnerEvent("E1", OwnerEventKind.DIED, LAN, "2026-01-02", "KT 5", "hộ tịch", office.clock.now())
    office.revocations.befall(died)
    office.revocations.revoke("M", **ANSWER)
    back = OwnerEvent("E2", OwnerEventKind.CANCELLED, LAN, "2026-01-03", "KT 6", "hộ tịch", office.clock.now(), cancels="E1")
    office.revocations.befall(back)
    office.events.deliver_due()
    assert sorted(kinds(office)) == ["document.revoked", "document.revoked"]


def test_a_paper_that_is_restored_while_a_newer_one_waits_is_told_to_be_in_doubt(office: ReuseOffice) -> None:
    office.subscriptions.add(DESK, URL, {EventKind.DOSSIER_DIGITISED}, (OTHER_AGENCY,), actor="quản trị")
    office.hold("A")
    fetch(office)
    office.revocations.revoke("A", **ANSWER)
    office.hold("NEW", issued="2026-01-02", status=Status.NEEDS_REVIEW)
    office.revocations.restore("A", **ANSWER)
    office.events.deliver_due()
    office.events.deliver_due()
    assert kinds(office) == ["document.revoked", "document.restored", "document.doubted"]
    assert json.loads(office.receivers.posted[-1][1])["code"] == "newer_uncertain"
