"""The chain of the audit log: whatever is changed in it shows, wherever it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from pipeline import archive
from pipeline.domain.audit import AuditLine, Happening, Head, chain, is_sound, line_as_json, line_of_json
from pipeline.verification.log import check_lines, compare_lines

TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)
HAPPENINGS = st.builds(
    Happening,
    uid=st.uuids().map(lambda one: one.hex),
    at=st.datetimes(timezones=st.just(UTC)),
    actor=TEXTS,
    action=st.sampled_from(["status", "view", "erase"]),
    document=TEXTS,
    before=TEXTS,
    after=TEXTS,
    reason=TEXTS,
    details=st.just(""),
)
CHAINS = st.lists(HAPPENINGS, min_size=2, max_size=8, unique_by=lambda one: one.uid)


def codes(lines: list[AuditLine], last: int) -> set[str]:
    return {finding.damage.value for finding in check_lines(lines, Head(), last, "audit/x")}


@given(CHAINS)
def test_a_chain_is_sound_and_survives_its_files(happenings: list[Happening]) -> None:
    lines = tuple(chain(happenings, Head()))
    assert all(map(is_sound, lines))
    assert codes(list(lines), len(lines)) == set()
    segment, read = archive.parse_segment(archive.render_segment(lines, "2026-01-05"))
    assert read == lines
    assert (segment.first, segment.last, segment.day) == (1, len(lines), "2026-01-05")
    assert [line_of_json(line_as_json(line)) for line in lines] == list(lines)


@given(CHAINS, st.data())
def test_whatever_is_changed_shows_and_is_named(happenings: list[Happening], data: st.DataObject) -> None:
    lines = list(chain(happenings, Head()))
    at = data.draw(st.integers(0, len(lines) - 1))
    line = lines[at]
    other = (at + 1) % len(lines)
    swapped = lines.copy()
    swapped[at], swapped[other] = lines[other], lines[at]
    changed: dict[str, tuple[str, Callable[[], list[AuditLine]]]] = {
        "altered": ("audit_line_altered", lambda: [*lines[:at], _with_actor(line), *lines[at + 1 :]]),
        "removed": ("audit_line_removed", lambda: [*lines[:at], *lines[at + 1 :]]),
        "twice": ("audit_line_added", lambda: [*lines[:at], line, *lines[at:]]),
        "swapped": ("audit_line_reordered", lambda: swapped),
    }
    for code, change in changed.values():
        found = list(check_lines(change(), Head(), len(lines), "audit/x"))
        assert code in {finding.damage.value for finding in found}
        touched = {at + 1, other + 1} if code == "audit_line_reordered" else {at + 1}
        told = [finding.lines for finding in found if finding.damage.value == code and finding.lines]
        assert touched <= {number for first, last in told for number in range(first, last + 1)}


@given(CHAINS, st.data())
def test_a_catalogue_that_says_something_else_than_the_bucket_is_found(
    happenings: list[Happening], data: st.DataObject
) -> None:
    lines = list(chain(happenings, Head()))
    at = data.draw(st.integers(0, len(lines) - 1))
    rewritten = list(chain((_renamed(one) if n == at else one for n, one in enumerate(happenings)), Head()))
    found = list(compare_lines(rewritten, lines, len(lines), "the catalogue"))
    assert [(finding.damage.value, finding.lines) for finding in found] == [("audit_line_altered", (at + 1, len(lines)))]
    assert list(compare_lines(lines, lines, len(lines), "the catalogue")) == []


def _with_actor(line: AuditLine) -> AuditLine:
    return replace(line, happening=_renamed(line.happening))


def _renamed(happening: Happening) -> Happening:
    return replace(happening, actor=f"{happening.actor}?")
