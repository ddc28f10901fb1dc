"""What papers are worth: one thing at a time against a paper that is otherwise sound."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.domain.documents import Owner, Status
from pipeline.domain.findings import Validity
from pipeline.domain.holdings import (
    OWNER_LINEAGE,
    Exclusion,
    Holding,
    Judgement,
    Kept,
    OwnerEvent,
    OwnerEventKind,
    ReasonCode,
    Standing,
    StandingKind,
    State,
)
from pipeline.domain.releases import ExcludedType
from pipeline.reuse.judgement import judge

LAN = Owner("001190000001", "Nguyễn Thị Lan", "1990-05-01")
ON = date(2026, 1, 5)
AT = datetime(2026, 1, 5, tzinfo=UTC)
BIRTH, MARITAL, PERMIT = "giay_khai_sinh", "giay_xac_nhan_hon_nhan", "giay_phep_xay_dung"


def holding(kind: str = BIRTH, name: str = "A", **changed: object) -> Holding:
    validity = Validity(issued="2025-12-01", unlimited=kind == BIRTH, until="" if kind == BIRTH else "2026-06-01")
    made = Holding(name, 0, "H", 1, kind, (LAN,), validity=validity, lineage=OWNER_LINEAGE)
    return replace(made, **changed)


def kept(held: Holding | None = None, status: Status = Status.APPROVED, **changed: object) -> Kept:
    return Kept(held or holding(), status, **changed)


def said(kind: StandingKind, document: str = "A", number: int = 1, **told: str) -> Standing:
    return Standing(document, number, kind, "cán bộ A", "lý do", "QĐ 12", AT, **told)


def codes(found: Judgement) -> set[ReasonCode]:
    return {one.code for one in found.reasons}


@pytest.mark.parametrize("status", [Status.APPROVED, Status.ARCHIVED])
def test_a_sound_paper_is_valid(status: Status) -> None:
    found = judge(kept(status=status), ON)
    assert (found.state, found.reasons) == (State.VALID, ())


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (Status.NEEDS_REVIEW, ReasonCode.NEEDS_REVIEW),
        (Status.READING, ReasonCode.IN_WORK),
        (Status.RECEIVED, ReasonCode.IN_WORK),
        (Status.REJECTED, ReasonCode.NOT_APPROVED),
        (Status.FAILED, ReasonCode.NOT_APPROVED),
    ],
)
def test_nothing_is_reused_before_it_is_approved(status: Status, code: ReasonCode) -> None:
    found = judge(kept(status=status), ON)
    assert (found.state, codes(found)) == (State.UNAPPROVED, {code})


def test_the_last_day_counts_in_full_and_is_told() -> None:
    paper = kept(holding(MARITAL))
    assert judge(paper, date(2026, 6, 1)).until == date(2026, 6, 1)
    assert judge(paper, date(2026, 6, 1)).is_reusable
    assert judge(paper, date(2026, 6, 2)).state is State.EXPIRED
    assert judge(paper, date(2025, 11, 30)).state is State.NOT_YET


def test_a_paper_without_a_term_holds_only_where_its_policy_says_so() -> None:
    without = Validity(issued="2025-12-01")
    land = holding("giay_chung_nhan_quyen_su_dung_dat", validity=without)
    assert judge(kept(land), ON).is_reusable
    letter = kept(holding("don_de_nghi", validity=without))
    assert codes(judge(letter, ON)) == {ReasonCode.TERM_UNKNOWN}
    cleared = replace(letter, standings=(said(StandingKind.CLEARED),))
    assert judge(cleared, ON).is_reusable


def test_a_doubtful_term_is_never_cleared_by_a_word() -> None:
    doubtful = holding(validity=Validity(issued="2025-12-01", unlimited=True, doubtful=True))
    found = judge(kept(doubtful, standings=(said(StandingKind.CLEARED),)), ON)
    assert codes(found) == {ReasonCode.TERM_DOUBTFUL}


def test_conditions_are_told_or_asked_about_as_the_policy_of_the_type_says() -> None:
    told = Validity(issued="2025-12-01", until="2026-06-01", conditions=("để đăng ký kết hôn",))
    found = judge(kept(holding(PERMIT, validity=told)), ON)
    assert found.is_reusable
    assert found.notes[0].vi == "Giấy tờ kèm điều kiện: để đăng ký kết hôn."
    assert codes(judge(kept(holding(MARITAL, validity=told)), ON)) == {ReasonCode.CONDITIONS}


def test_revocation_counts_from_its_day_and_can_be_taken_back() -> None:
    word = said(StandingKind.REVOKED, since="2026-02-01")
    paper = kept(standings=(word,))
    assert judge(paper, ON).until == date(2026, 1, 31)
    assert judge(paper, date(2026, 2, 1)).state is State.REVOKED
    back = replace(paper, standings=(word, said(StandingKind.RESTORED, number=2)))
    assert judge(back, date(2026, 2, 1)).is_reusable


def test_the_same_paper_revoked_elsewhere_is_revoked_here() -> None:
    found = judge(kept(copies=(said(StandingKind.REVOKED, "B"),)), ON)
    assert (found.state, found.reasons[0].document) == (State.REVOKED, "B")


def test_what_was_superseded_names_what_took_its_place() -> None:
    found = judge(kept(standings=(said(StandingKind.SUPERSEDED, other="C"),)), ON)
    assert (found.state, found.reasons[0].document) == (State.SUPERSEDED, "C")
    assert "C" in found.reasons[0].vi and "QĐ 12" in found.reasons[0].vi


def sibling(issued: str = "2026-01-01", status: Status = Status.APPROVED, **changed: object) -> Kept:
    validity = Validity(issued=issued, unlimited=True)
    return kept(holding(name="NEW", validity=validity, **changed), status)


def test_of_one_owner_only_the_newest_counts() -> None:
    found = judge(kept(siblings=(sibling(),)), ON)
    assert (found.state, found.reasons[0].document) == (State.SUPERSEDED, "NEW")
    assert judge(kept(siblings=(sibling("2025-11-01"),)), ON).is_reusable
    assert judge(kept(siblings=(sibling("2026-01-06"),)), ON).is_reusable


@pytest.mark.parametrize(
    "newer",
    [
        sibling(status=Status.NEEDS_REVIEW),
        sibling(issued=""),
        sibling(owners=(Owner("", LAN.name, LAN.birth_date),)),
        sibling(marks=(Exclusion.PHOTOCOPY,)),
        replace(sibling(), standings=(said(StandingKind.REVOKED, "NEW"),)),
    ],
)
def test_an_uncertain_newer_paper_makes_doubtful_and_no_more(newer: Kept) -> None:
    found = judge(kept(siblings=(newer,)), ON)
    assert (found.state, codes(found)) == (State.DOUBTFUL, {ReasonCode.NEWER_UNCERTAIN})


def test_another_person_of_the_same_name_supersedes_nobody() -> None:
    stranger = Owner("001190000009", LAN.name, LAN.birth_date)
    assert judge(kept(siblings=(sibling(owners=(stranger,)),)), ON).is_reusable


def test_the_same_paper_scanned_twice_supersedes_nothing() -> None:
    assert judge(kept(holding(paper="p"), siblings=(sibling(paper="p"),)), ON).is_reusable


def event(kind: OwnerEventKind, day: str = "2026-01-02") -> OwnerEvent:
    return OwnerEvent("E1", kind, LAN, day, "KT 5/2026", "hộ tịch", AT)


def test_death_ends_what_its_policy_says_and_leaves_the_rest() -> None:
    died = (event(OwnerEventKind.DIED),)
    assert judge(kept(holding(MARITAL), owner_events=died), ON).state is State.EXPIRED
    found = judge(kept(owner_events=died), ON)
    assert found.is_reusable
    assert found.notes[0].code is ReasonCode.OWNER_DIED
    assert judge(kept(holding(MARITAL), owner_events=died), date(2026, 1, 1)).is_reusable


def test_a_new_name_is_told_and_papers_issued_since_are_not_doubted() -> None:
    renamed = (event(OwnerEventKind.RENAMED),)
    assert judge(kept(owner_events=renamed), ON).is_reusable
    assert judge(kept(holding(MARITAL), owner_events=renamed), ON).state is State.DOUBTFUL
    since = holding(MARITAL, validity=Validity(issued="2026-01-03", until="2026-07-03"))
    assert judge(kept(since, owner_events=renamed), ON).is_reusable


def test_old_names_of_units_stay_valid_and_are_explained() -> None:
    found = judge(kept(holding(units_note="Xã A → Phường B (NQ 1660)")), ON)
    assert found.is_reusable
    assert found.notes[0].vi == "Địa danh cũ vẫn có giá trị: Xã A → Phường B (NQ 1660)."


@pytest.mark.parametrize("exclusion", list(Exclusion))
def test_every_exclusion_is_heeded_by_type_and_by_word(exclusion: Exclusion) -> None:
    listed = ExcludedType(BIRTH, exclusion, "TT 01", "CSDL dân cư", "2026-01-01", "2026-01-31")
    found = judge(kept(), ON, [listed])
    assert (found.state, found.reasons[0].code.value) == (State.EXCLUDED, exclusion.value)
    assert judge(kept(), date(2026, 2, 1), [listed]).is_reusable
    word = said(StandingKind.EXCLUDED, other=exclusion.value)
    assert judge(kept(standings=(word,)), ON).state is State.EXCLUDED
    assert judge(kept(standings=(word, said(StandingKind.INCLUDED, number=2))), ON).is_reusable


def test_what_the_pages_show_excludes_until_somebody_says_otherwise() -> None:
    marked = holding(marks=(Exclusion.PHOTOCOPY,))
    assert judge(kept(marked), ON).state is State.EXCLUDED
    assert judge(kept(marked, standings=(said(StandingKind.INCLUDED),)), ON).is_reusable


def test_a_secret_is_a_secret_in_every_copy() -> None:
    word = said(StandingKind.EXCLUDED, "B", other=Exclusion.CLASSIFIED.value)
    assert judge(kept(copies=(word,)), ON).state is State.EXCLUDED
    shown = said(StandingKind.EXCLUDED, "B", other=Exclusion.PHOTOCOPY.value)
    assert judge(kept(copies=(shown,)), ON).is_reusable


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"unsure": ("so",)}, ReasonCode.FIELDS_UNSURE), ({"signature_broken": True}, ReasonCode.SIGNATURE_BROKEN)],
)
def test_doubts_hold_until_somebody_has_looked(changed: dict[str, object], code: ReasonCode) -> None:
    paper = kept(holding(**changed))
    assert codes(judge(paper, ON)) == {code}
    assert judge(replace(paper, standings=(said(StandingKind.CLEARED),)), ON).is_reusable
    again = (said(StandingKind.CLEARED), said(StandingKind.DOUBTED, number=2))
    assert ReasonCode.DOUBTED in codes(judge(replace(paper, standings=again), ON))


def test_the_worst_is_the_state_and_everything_is_told() -> None:
    paper = kept(holding(MARITAL, unsure=("so",)), Status.NEEDS_REVIEW, standings=(said(StandingKind.REVOKED),))
    found = judge(paper, ON + timedelta(days=400))
    assert found.state is State.REVOKED
    assert [one.code for one in found.reasons] == [
        ReasonCode.REVOKED,
        ReasonCode.EXPIRED,
        ReasonCode.NEEDS_REVIEW,
        ReasonCode.FIELDS_UNSURE,
    ]
    assert all(one.vi.endswith(".") and one.en.endswith(".") for one in found.reasons)
