"""What holds of every judgement, whatever a paper is and whatever was said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.documents import Owner, Status
from pipeline.domain.findings import Validity
from pipeline.domain.holdings import Exclusion, Holding, Kept, Standing, StandingKind, State
from pipeline.domain.plain import plain, unplain
from pipeline.domain.validity import ValidityState, state_on
from pipeline.reuse.judgement import judge
from pipeline.reuse.policies import shipped_policies

AT = datetime(2026, 1, 5, tzinfo=UTC)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
MAYBE_DAY = st.one_of(st.just(""), DAYS.map(date.isoformat))
TYPES = st.sampled_from([*shipped_policies().by_type, "quyet_dinh", "khac"])
OWNERS = st.sampled_from([Owner("001190000001", "Lan", "1990-05-01"), Owner("", "Lan", "1990-05-01"), Owner("", "Lan", "")])


@st.composite
def standings(draw: st.DrawFn, document: str) -> tuple[Standing, ...]:
    kinds = draw(st.lists(st.sampled_from(list(StandingKind)), max_size=4))
    said = []
    for number, kind in enumerate(kinds, 1):
        other = draw(st.sampled_from(list(Exclusion))).value if kind is StandingKind.EXCLUDED else "Z"
        said.append(Standing(document, number, kind, "a", "r", "b", AT, draw(MAYBE_DAY), other))
    return tuple(said)


@st.composite
def papers(draw: st.DrawFn, document: str = "A") -> Kept:
    validity = draw(
        st.none() | st.builds(Validity, issued=MAYBE_DAY, until=MAYBE_DAY, unlimited=st.booleans(), doubtful=st.booleans())
    )
    held = Holding(
        document,
        0,
        draw(st.sampled_from(["H1", "000.00.16.H05-260105-0001"])),
        1,
        draw(TYPES),
        tuple(draw(st.lists(OWNERS, max_size=2))),
        validity=validity,
        lineage=draw(st.sampled_from(["", "owner", "x"])),
        unsure=draw(st.sampled_from([(), ("so",)])),
        marks=draw(st.sampled_from([(), (Exclusion.PHOTOCOPY,)])),
        signature_broken=draw(st.booleans()),
    )
    return Kept(held, draw(st.sampled_from(list(Status))), standings=draw(standings(document)))


@st.composite
def cases(draw: st.DrawFn) -> Kept:
    kept = draw(papers())
    siblings = draw(st.lists(papers("B"), max_size=2)) if kept.holding.lineage else []
    return replace(kept, copies=draw(standings("C")), siblings=tuple(siblings))


@given(cases(), DAYS)
def test_only_what_is_approved_in_term_unrevoked_and_not_excluded_is_valid(kept: Kept, on: date) -> None:
    found = judge(kept, on)
    if found.is_reusable:
        assert kept.status in {Status.APPROVED, Status.ARCHIVED}
        assert state_on(kept.holding.validity, on) in {ValidityState.VALID, ValidityState.UNKNOWN}
        assert found.reasons == ()
        last = [word for word in kept.standings if word.kind in {"revoked", "superseded", "restored"}][-1:]
        assert all(word.kind == "restored" or word.since > on.isoformat() or word.other == "A" for word in last)
    else:
        assert found.reasons
    assert (found.state is State.VALID) == (not found.reasons)


@given(cases(), DAYS)
def test_where_a_paper_was_scanned_is_nowhere_among_what_is_judged(kept: Kept, on: date) -> None:
    elsewhere = replace(kept, holding=replace(kept.holding, dossier="000.00.99.H49-250101-0007"))
    assert judge(elsewhere, on) == judge(kept, on)


@given(cases(), DAYS, st.integers(1, 400))
def test_what_is_valid_stays_so_until_its_last_day_unless_something_happens(kept: Kept, on: date, days: int) -> None:
    kept = replace(kept, siblings=())
    found, later = judge(kept, on), on + timedelta(days=days)
    if found.is_reusable and (found.until is None or later <= found.until):
        assert judge(kept, later).is_reusable
    if found.is_reusable and found.until is not None:
        assert not judge(kept, found.until + timedelta(days=1)).is_reusable


@given(cases())
def test_what_is_known_of_papers_outlives_being_written_down(kept: Kept) -> None:
    assert unplain(Holding, plain(kept.holding)) == kept.holding
    assert [unplain(Standing, plain(word)) for word in kept.standings] == list(kept.standings)
