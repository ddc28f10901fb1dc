"""The matrix of rights: agency × procedure × type × purpose × validity × exclusion, each refusal right, explained, audited."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from pipeline.domain.documents import Owner, Status
from pipeline.domain.errors import ConflictError, NotEntitledError, NotFoundError, RejectedInputError
from pipeline.domain.findings import Validity
from pipeline.domain.holdings import Exclusion, ReasonCode
from pipeline.domain.releases import (
    ANY,
    CheckQuestion,
    ExcludedType,
    Held,
    ReleaseForm,
    RequestState,
    System,
    Wanted,
)
from pipeline.reuse.receipts import owner_hash, values_hash
from storage.receipt_keys import verify_receipt
from tests.reuse_office import (
    AGENCY,
    BIRTH,
    DESK,
    HUNG,
    LAN,
    LAW,
    MARITAL,
    OTHER_AGENCY,
    PERMIT,
    PROCEDURE,
    PURPOSE,
    STRANGER,
    ReuseOffice,
    entitled,
)

TODAY = date(2026, 1, 5)


@pytest.fixture
def office(tmp_path: Path) -> ReuseOffice:
    return ReuseOffice(tmp_path)


@dataclass(frozen=True, slots=True)
class State:
    """A paper in a state: how it came to be, and the code that refuses it (empty: none does)."""

    name: str
    code: str


STATES = (
    State("sound", ""),
    State("expired", "expired"),
    State("not_yet", "not_yet"),
    State("revoked", "revoked"),
    State("superseded", "superseded"),
    State("newer", "superseded_by_newer"),
    State("unapproved", "needs_review"),
    State("doubted", "doubted"),
    State("photocopy", "photocopy"),
    State("show_only", "show_only"),
    State("secret", "secret"),
    State("shared_elsewhere", "shared_elsewhere"),
    State("erased", "not_held"),
)
AGENCIES = (DESK, STRANGER)
PROCEDURES = (PROCEDURE, "1.000999", "")
PURPOSES = (PURPOSE, "bien_che")
TYPES = (BIRTH, PERMIT)


def prepare(office: ReuseOffice, state: State) -> str:
    """Lan's birth certificate in a state; its id."""
    answer = {"reason": "vì lý do", "basis": "QĐ 12/QĐ-UBND", "actor": "cán bộ A"}
    if state.name == "expired":
        return office.hold("A", until="2025-12-31")
    if state.name == "not_yet":
        return office.hold("A", issued="2026-01-06")
    name = office.hold("A", status=Status.NEEDS_REVIEW if state.name == "unapproved" else Status.APPROVED)
    if state.name == "revoked":
        office.revocations.revoke(name, **answer)
    elif state.name == "superseded":
        office.revocations.supersede(name, office.hold("NEW", PERMIT, until="2026-12-01"), **answer)
    elif state.name == "newer":
        office.hold("NEW", issued="2026-01-01")
    elif state.name == "doubted":
        office.revocations.doubt(name, **answer)
    elif state.name in {"photocopy", "show_only", "secret"}:
        office.revocations.exclude(name, Exclusion(state.name), **answer)
    elif state.name == "shared_elsewhere":
        office.bar(ExcludedType(BIRTH, Exclusion.SHARED_ELSEWHERE, "QĐ 06", "CSDL hộ tịch"))
    elif state.name == "erased":
        office.catalogue.holdings.forget(name)
    return name


@pytest.mark.parametrize("state", STATES, ids=lambda one: one.name)
def test_every_combination_is_released_or_refused_rightly_explained_and_audited(office: ReuseOffice, state: State) -> None:
    office.allow(entitled(), entitled(PERMIT))
    prepare(office, state)
    for caller, procedure, kind, purpose in product(AGENCIES, PROCEDURES, TYPES, PURPOSES):
        may = caller is DESK and procedure == PROCEDURE and purpose == PURPOSE
        held = kind == BIRTH or state.name == "superseded"
        expected = "not_entitled" if not may else state.code if kind == BIRTH else "" if held else "not_held"
        if state.name == "newer" and kind == BIRTH and may:
            expected = ""  # the newer one is released in its place
        wanted = Wanted(purpose, procedure, type=kind, owner=LAN)
        before = len(office.actions())
        if not expected:
            release = office.requests.release(caller, office.requests.open(caller, wanted).id)
            assert release.receipt.document == ("NEW" if state.name == "newer" or kind == PERMIT else "A")
            assert release.receipt.basis == LAW
            assert office.actions()[before:] == ["reuse_open", "reuse_release", "reuse_fetch"]
            continue
        with pytest.raises(NotEntitledError) as refused:
            office.requests.open(caller, wanted)
        assert refused.value.code == ("not_held" if expected == "secret" else expected), (caller, procedure, kind, purpose)
        assert refused.value.advice.endswith(".") and refused.value.message.endswith(".")
        assert office.actions()[before:] == ["reuse_refusal"]
        (*_, line) = office.catalogue.audit.lines()
        told = line.happening.told
        assert (line.happening.actor, told["gate"], told["codes"][0]) == (caller.id, "release", expected)
        assert (told["agency"], told["purpose"]) == (caller.agency, purpose)
        assert LAN.id12 not in line.happening.details and LAN.name not in line.happening.details


@pytest.mark.parametrize("state", STATES, ids=lambda one: one.name)
def test_checks_answer_as_releases_do(office: ReuseOffice, state: State) -> None:
    office.allow(entitled(), entitled(PERMIT))
    prepare(office, state)
    answer = office.checks.check(DESK, CheckQuestion(LAN, PURPOSE, TODAY, PROCEDURE))
    birth = next(one for one in answer.components if one.type == BIRTH)
    wanted = Held.REUSABLE if state.name in {"sound", "newer"} else Held.NOT_REUSABLE
    if state.name in {"erased", "secret"}:
        wanted = Held.NOT_HELD
    assert birth.held is wanted
    assert (birth in answer.dont_ask_again) == (wanted is Held.REUSABLE)
    if wanted is Held.NOT_REUSABLE:
        assert state.code in {one.code for one in birth.reasons}
        assert all(one.vi in birth.vi for one in birth.reasons)
        assert birth.forms == ()
    stranger = office.checks.check(STRANGER, CheckQuestion(LAN, PURPOSE, TODAY, PROCEDURE))
    assert {(one.held, one.document) for one in stranger.components} == {(Held.NOT_ENTITLED, "")}


@pytest.mark.parametrize("where", ["agency", "procedure", "type"])
def test_a_line_may_be_for_any_agency_procedure_or_type_but_never_for_any_purpose(office: ReuseOffice, where: str) -> None:
    office.allow(entitled(**{where: ANY}))
    office.hold("A")
    caller = STRANGER if where == "agency" else DESK
    procedure = "" if where == "procedure" else PROCEDURE
    assert office.requests.open(caller, Wanted(PURPOSE, procedure, type=BIRTH, owner=LAN)).document == "A"
    with pytest.raises(NotEntitledError):
        office.requests.open(caller, Wanted("bien_che", procedure, type=BIRTH, owner=LAN))


@pytest.mark.parametrize(
    ("since", "until", "may"),
    [("2026-01-05", "2026-01-05", True), ("2026-01-06", "", False), ("", "2026-01-04", False)],
)
def test_a_line_counts_on_its_days(office: ReuseOffice, since: str, until: str, may: bool) -> None:
    office.allow(entitled(since=since, until=until))
    office.hold("A")
    answer = office.checks.check(DESK, CheckQuestion(LAN, PURPOSE, TODAY, PROCEDURE, (BIRTH,)))
    assert (answer.components[0].held is Held.REUSABLE) == may


def test_fields_are_given_where_fields_are_enough(office: ReuseOffice) -> None:
    office.allow(entitled(), entitled(form=ReleaseForm.FIELDS))
    office.hold("A")
    release = office.requests.release(DESK, office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, type=BIRTH, owner=LAN)).id)
    assert release.values == (("ho_ten", LAN.name), ("ngay_sinh", LAN.birth_date))
    assert (release.url, release.check_code) == ("", "")
    assert release.receipt.sha256 == values_hash(release.values)


def test_nobody_gets_more_fields_than_the_line_names(office: ReuseOffice) -> None:
    office.allow(entitled(form=ReleaseForm.FIELDS))
    office.hold("A")
    for wish in ({"fields": ("ho_ten", "so")}, {"form": ReleaseForm.PDF}):
        with pytest.raises(NotEntitledError) as refused:
            office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, type=BIRTH, owner=LAN, **wish))
        assert refused.value.code == ReasonCode.FORM_NOT_ENTITLED
        assert "ho_ten, ngay_sinh" in refused.value.advice


def test_consent_is_asked_for_where_the_line_wants_it(office: ReuseOffice) -> None:
    office.allow(entitled(consent=True))
    office.hold("A")
    wanted = Wanted(PURPOSE, PROCEDURE, type=BIRTH, owner=LAN)
    with pytest.raises(NotEntitledError) as refused:
        office.requests.open(DESK, wanted)
    assert refused.value.code == ReasonCode.CONSENT_MISSING
    given = office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, type=BIRTH, owner=LAN, consent="ĐY-2026-17"))
    assert office.requests.release(DESK, given.id).receipt.consent == "ĐY-2026-17"


def test_a_paper_known_by_name_only_leaves_only_where_the_line_allows_it(office: ReuseOffice) -> None:
    office.hold("A", owner=Owner("", LAN.name, LAN.birth_date))
    office.allow(entitled())
    wanted = Wanted(PURPOSE, PROCEDURE, type=BIRTH, owner=LAN)
    (told,) = office.checks.check(DESK, CheckQuestion(LAN, PURPOSE, TODAY, PROCEDURE)).components
    assert (told.held, told.reasons[-1].code) == (Held.NOT_REUSABLE, ReasonCode.OWNER_BY_NAME)
    with pytest.raises(NotEntitledError) as refused:
        office.requests.open(DESK, wanted)
    assert refused.value.code == ReasonCode.OWNER_BY_NAME
    office.allow(entitled(by_name=True))
    request = office.requests.open(DESK, wanted)
    assert office.requests.release(DESK, request.id).receipt.document == "A"
    office.allow(entitled())
    with pytest.raises(NotEntitledError):
        office.requests.release(DESK, request.id)


def test_another_person_of_the_same_name_and_birth_date_gets_nothing(office: ReuseOffice) -> None:
    office.allow(entitled(by_name=True))
    office.hold("A")
    other = Owner("001190000009", LAN.name, LAN.birth_date)
    answer = office.checks.check(DESK, CheckQuestion(other, PURPOSE, TODAY, PROCEDURE))
    assert answer.components[0].held is Held.NOT_HELD
    with pytest.raises(NotEntitledError):
        office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, document="A", owner=other))


def test_nobody_learns_of_a_document_that_they_are_not_entitled_to(office: ReuseOffice) -> None:
    office.allow(entitled())
    office.hold("A", PERMIT, until="2026-06-01")
    told = []
    for document in ("A", "nothing"):
        with pytest.raises(NotEntitledError) as refused:
            office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, document=document))
        told.append((refused.value.code, refused.value.message))
    assert told[0] == told[1]


def test_of_several_papers_that_serve_the_caller_must_name_one(office: ReuseOffice) -> None:
    office.allow(entitled(PERMIT))
    for name in ("A", "B"):
        office.hold(name, PERMIT, until="2026-06-01")
    with pytest.raises(NotEntitledError) as refused:
        office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, type=PERMIT, owner=LAN))
    assert refused.value.code == ReasonCode.SEVERAL_HELD
    assert office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, document="B")).document == "B"


def test_of_a_file_with_several_papers_fields_may_leave_and_the_file_may_not(office: ReuseOffice) -> None:
    office.hold("A", parts=(PERMIT, BIRTH), validity=None)
    office.allow(entitled())
    with pytest.raises(NotEntitledError) as refused:
        office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, type=BIRTH, owner=LAN))
    assert refused.value.code == ReasonCode.SEVERAL_IN_FILE
    office.allow(entitled(form=ReleaseForm.FIELDS))
    request = office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, type=BIRTH, owner=LAN))
    assert (request.part, dict(office.requests.release(DESK, request.id).values)["ho_ten"]) == (2, LAN.name)


def test_the_same_key_is_the_same_request_and_another_question_a_conflict(office: ReuseOffice) -> None:
    office.allow(entitled())
    office.hold("A")
    wanted = Wanted(PURPOSE, PROCEDURE, type=BIRTH, owner=LAN)
    first = office.requests.open(DESK, wanted, idempotency_key="k1")
    assert office.requests.open(DESK, wanted, idempotency_key="k1") == first
    assert office.requests.open(DESK, wanted, idempotency_key="k2").id != first.id
    with pytest.raises(ConflictError):
        office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, document="A"), idempotency_key="k1")
    assert office.actions().count("reuse_open") == 2


def test_releasing_again_gives_the_same_receipt_until_the_paper_is_revised(office: ReuseOffice) -> None:
    office.allow(entitled())
    office.hold("A")
    request = office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, type=BIRTH, owner=LAN))
    first, second = (office.requests.release(DESK, request.id) for _ in range(2))
    assert (first.jws, first.disclosure, first.check_code) == (second.jws, second.disclosure, second.check_code)
    assert first.request.state is RequestState.RELEASED
    assert office.actions().count("reuse_release") == 1
    office.revise("A")
    with pytest.raises(NotEntitledError) as refused:
        office.requests.release(DESK, request.id)
    assert refused.value.code == ReasonCode.REVISED


def test_requests_end_and_belong_to_who_opened_them(office: ReuseOffice) -> None:
    office.allow(entitled())
    office.hold("A")
    request = office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, type=BIRTH, owner=LAN))
    with pytest.raises(NotFoundError):
        office.requests.release(System("another", AGENCY), request.id)
    with pytest.raises(NotFoundError):
        office.requests.stream(DESK, request.id)
    office.pass_days(1)
    with pytest.raises(NotEntitledError) as refused:
        office.requests.release(DESK, request.id)
    assert refused.value.code == ReasonCode.REQUEST_EXPIRED


def test_a_preview_says_what_would_leave_and_shows_none_of_it(office: ReuseOffice) -> None:
    office.allow(entitled())
    office.hold("A")
    request = office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, type=BIRTH, owner=LAN))
    shown = office.requests.preview(DESK, request.id)
    assert (shown.title, shown.revision, shown.judgement.is_reusable) == ("Giấy khai sinh", 1, True)
    assert LAN.name not in repr(shown) and LAN.id12 not in repr(shown)
    office.revocations.revoke("A", reason="r", basis="b", actor="a")
    assert not office.requests.preview(DESK, request.id).judgement.is_reusable


def test_a_receipt_proves_what_was_given_to_whoever_has_the_keys(office: ReuseOffice) -> None:
    office.allow(entitled())
    office.hold("A", until="2026-12-31")
    release = office.requests.release(DESK, office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, type=BIRTH, owner=LAN)).id)
    claims = verify_receipt(release.jws, office.ports.receipts.keys(), "sohoa-receipt+jwt")
    data = b"".join(office.requests.stream(DESK, release.request.id))
    assert claims["sha256"] == hashlib.sha256(data).hexdigest()
    assert (claims["aud"], claims["agency"], claims["purpose"]) == (DESK.id, AGENCY, PURPOSE)
    assert (claims["valid_on"], claims["valid_until"]) == ("2026-01-05", "2026-12-31")
    assert claims["owner"] == owner_hash(release.disclosure, [LAN]) != owner_hash("", [LAN])
    assert LAN.id12 not in release.jws
    head, body, signature = release.jws.split(".")
    for forged in (f"{head}.{body}.{signature[:-4]}AAAA", f"{head}.{body[:-1]}.{signature}", "", "a.b.c"):
        with pytest.raises(ValueError, match="no receipt"):
            verify_receipt(forged, office.ports.receipts.keys(), "sohoa-receipt+jwt")


@pytest.mark.parametrize("form", list(ReleaseForm))
def test_what_is_no_longer_what_was_archived_never_leaves(office: ReuseOffice, form: ReleaseForm) -> None:
    office.allow(entitled(form=form))
    office.hold("A")
    request = office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, type=BIRTH, owner=LAN))
    (kept,) = office.catalogue.holdings.of_document("A")
    key = kept.holding.pdf_key if form is ReleaseForm.PDF else kept.holding.record_key
    office.store.put(key, office.store.get(key).replace(b"A", b"B"))
    with pytest.raises(NotEntitledError) as refused:
        office.requests.release(DESK, request.id)
    assert refused.value.code == ReasonCode.DAMAGED


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (CheckQuestion(Owner("", "Lan"), PURPOSE, TODAY, PROCEDURE), "owner_missing"),
        (CheckQuestion(Owner("12345"), PURPOSE, TODAY, PROCEDURE), "owner_faulty"),
        (CheckQuestion(LAN, PURPOSE, TODAY, "1.999999"), "types_missing"),
    ],
)
def test_a_question_must_name_somebody_and_something(office: ReuseOffice, question: CheckQuestion, code: str) -> None:
    office.allow(entitled())
    with pytest.raises(RejectedInputError) as refused:
        office.checks.check(DESK, question)
    assert refused.value.code == code


def test_checks_are_audited_without_telling_of_whom(office: ReuseOffice) -> None:
    office.allow(entitled(), entitled(MARITAL))
    office.hold("A")
    office.checks.check(DESK, CheckQuestion(LAN, PURPOSE, TODAY, PROCEDURE))
    office.checks.check(DESK, CheckQuestion(HUNG, PURPOSE, TODAY, PROCEDURE))
    office.ports.auditing.seal()
    lines = [line.happening for line in office.catalogue.audit.lines() if line.happening.action == "check"]
    assert [one.told["answers"] for one in lines] == [
        [[BIRTH, "held_reusable"], [MARITAL, "not_held"]],
        [[BIRTH, "not_held"], [MARITAL, "not_held"]],
    ]
    assert lines[0].told["owner"] != lines[1].told["owner"]
    assert not any(LAN.id12 in one.details or OTHER_AGENCY in one.details for one in lines)


def test_what_stands_on_a_paper_is_told_only_to_who_was_given_it(office: ReuseOffice) -> None:
    office.allow(entitled(PERMIT))
    told = Validity(issued="2025-12-01", until="2026-12-01", conditions=("chỉ xây tại thửa 12",))
    office.hold("A", PERMIT, validity=told)
    (found,) = office.checks.check(DESK, CheckQuestion(LAN, PURPOSE, TODAY, PROCEDURE)).components
    assert found.held is Held.REUSABLE
    request = office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, document="A"))
    shown = office.requests.preview(DESK, request.id)
    assert "thửa 12" not in f"{found}{shown}"
    assert [one.code for one in found.notes] == [ReasonCode.CONDITIONS]
    assert "thửa 12" in office.requests.release(DESK, request.id).notes[0].vi
    office.allow(entitled(MARITAL))
    office.hold("M", MARITAL, validity=told)
    with pytest.raises(NotEntitledError) as refused:
        office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, document="M"))
    assert (refused.value.code, "thửa 12" in refused.value.advice) == (ReasonCode.CONDITIONS, False)
