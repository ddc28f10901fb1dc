"""What cannot be true in figures that were reported: within a row, between rows, from month to month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.domain.figures import TWO_LEVELS_SINCE, Level, Month, ReportedFigures, agency_key


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What does not agree, in Vietnamese; ``lines`` of the file that it stands in, as far as they are known."""

    code: str
    month: Month
    office: str
    message: str
    lines: tuple[int, ...] = ()


def contradictions(rows: Iterable[ReportedFigures]) -> tuple[Contradiction, ...]:
    """All of them, by month and office."""
    listed = tuple(rows)
    found = [*_within(listed), *_procedures(listed), *_levels(listed), *_months(listed)]
    return tuple(sorted(found, key=lambda one: (one.month, one.office, one.code, one.lines)))


def _within(rows: Iterable[ReportedFigures]) -> Iterator[Contradiction]:
    for row in rows:
        for code, message in _of_row(row):
            yield _told(code, row, message)


def _of_row(row: ReportedFigures) -> Iterator[tuple[str, str]]:
    begun = row.received + (row.carried_over or 0)
    if row.carried_over is not None and row.solved > begun:
        yield "solved_beyond", f"đã giải quyết {row.solved} nhiều hơn tồn kỳ trước cộng tiếp nhận ({begun})"
    if row.carried_over is not None and row.pending is not None and row.solved <= begun and row.pending != begun - row.solved:
        yield "pending_differs", f"đang giải quyết {row.pending}, nhưng tồn + tiếp nhận − đã giải quyết = {begun - row.solved}"
    if row.on_time is not None and row.on_time > row.solved:
        yield "on_time_beyond", f"đúng hạn {row.on_time} nhiều hơn đã giải quyết {row.solved}"
    if row.components is not None and row.components > row.received:
        yield "components_beyond", f"số hóa thành phần {row.components} nhiều hơn tiếp nhận {row.received}"
    if row.results is not None and row.results > row.solved:
        yield "results_beyond", f"số hóa kết quả {row.results} nhiều hơn đã giải quyết {row.solved}"
    if row.level is Level.DISTRICT and row.month.first >= TWO_LEVELS_SINCE:
        yield "no_districts", "từ 01/07/2025 không còn cấp huyện"


def _procedures(rows: Iterable[ReportedFigures]) -> Iterator[Contradiction]:
    """The whole of an office against the sum of its procedures, where both are told."""
    parts: dict[tuple[Month, str], list[ReportedFigures]] = defaultdict(list)
    wholes: dict[tuple[Month, str], ReportedFigures] = {}
    for row in rows:
        if row.office and row.procedure:
            parts[row.month, agency_key(row.office)].append(row)
        elif row.office:
            wholes[row.month, agency_key(row.office)] = row
    for key, whole in wholes.items():
        if key in parts:
            yield from _sums("procedures_differ", whole, parts[key], "các thủ tục")


def _levels(rows: Iterable[ReportedFigures]) -> Iterator[Contradiction]:
    """Sums of levels, and of all, against the offices of them."""
    offices: dict[tuple[Month, Level], list[ReportedFigures]] = defaultdict(list)
    for row in offices_of(rows):
        offices[row.month, row.level].append(row)
        offices[row.month, Level.UNKNOWN].append(row)
    for row in rows:
        if not row.office and not row.procedure and (row.month, row.level) in offices:
            yield from _sums("levels_differ", row, offices[row.month, row.level], "các cơ quan")


def _months(rows: Iterable[ReportedFigures]) -> Iterator[Contradiction]:
    """What was left at the end of a month against what the next one began with."""
    told = {(row.month, _series(row)): row for row in rows}
    for (month, series), row in told.items():
        after = told.get((month.next, series))
        left = _left(row)
        if after is not None and after.carried_over is not None and left is not None and after.carried_over != left:
            message = f"tồn kỳ trước {after.carried_over}, nhưng cuối kỳ {month.shown} còn {left}"
            yield Contradiction("carried_differs", after.month, after.office, message, _lines(row, after))


def _series(row: ReportedFigures) -> tuple[str, str, str]:
    """What the row is of, from month to month."""
    return agency_key(row.office), "" if row.office else row.level.value, row.procedure


def _left(row: ReportedFigures) -> int | None:
    """What a month leaves to the next one, as far as it is told."""
    if row.pending is not None or row.carried_over is None:
        return row.pending
    return row.carried_over + row.received - row.solved


def _sums(code: str, whole: ReportedFigures, parts: list[ReportedFigures], what: str) -> Iterator[Contradiction]:
    for key, named in (("received", "tiếp nhận"), ("solved", "đã giải quyết")):
        total, said = sum(getattr(part, key) for part in parts), getattr(whole, key)
        if total != said:
            yield _told(code, whole, f"{named} {said}, nhưng cộng {what} lại là {total}")


def offices_of(rows: Iterable[ReportedFigures]) -> tuple[ReportedFigures, ...]:
    """One row for each office and month: of all procedures where that is told, else the sum of its procedures."""
    wholes: dict[tuple[Month, str], ReportedFigures] = {}
    parts: dict[tuple[Month, str], list[ReportedFigures]] = defaultdict(list)
    for row in rows:
        if row.office and row.procedure:
            parts[row.month, agency_key(row.office)].append(row)
        elif row.office:
            wholes[row.month, agency_key(row.office)] = row
    summed = {key: _sum(found) for key, found in parts.items() if key not in wholes}
    return tuple(row for _, row in sorted({**summed, **wholes}.items()))


def _sum(rows: list[ReportedFigures]) -> ReportedFigures:
    first = rows[0]
    delivered = [row.delivered for row in rows if row.delivered]
    return ReportedFigures(
        first.month,
        first.office,
        first.level,
        sum(row.received for row in rows),
        sum(row.solved for row in rows),
        first.name,
        delivered=max(delivered, default=None),
        line=first.line,
    )


def _told(code: str, row: ReportedFigures, message: str) -> Contradiction:
    return Contradiction(code, row.month, row.office, message, _lines(row))


def _lines(*rows: ReportedFigures) -> tuple[int, ...]:
    return tuple(row.line for row in rows if row.line)
