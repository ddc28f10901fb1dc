"""The desk of a manager: rates against targets, throughput, reuse, as charts, tables and files to hand in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, field_validator

from pipeline.domain.audit import Action
from pipeline.domain.errors import NotFoundError
from pipeline.domain.figures import Month, Period, agency_key
from pipeline.domain.local_time import local_day
from pipeline.domain.people import Person
from pipeline.reporting.report import Report
from pipeline.reports import FORMS, PATIENCE, render_report
from pipeline.web.charts import Drawn, draw
from pipeline.web.house import AnyHouse, House
from pipeline.web.permissions import Act, Page
from pipeline.web.rendering import language_of
from pipeline.web.visiting import require, visit_of

router = APIRouter(prefix="/figures")

#: Days that a report may span.
LONGEST = 5 * 366


class Kind(StrEnum):
    """Which report."""

    RATES = "rates"
    THROUGHPUT = "throughput"
    REUSE = "reuse"


class Form(StrEnum):
    """What a report can be fetched as."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    PNG = "png"
    SVG = "svg"


class Asked(BaseModel):
    """Which report, of which days (of Vietnam, both included) and which office; without days: of this month until today."""

    kind: Kind = Kind.RATES
    since: date | None = None
    until: date | None = None
    office: str = Field(default="", max_length=40)

    @field_validator("since", "until", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    def period(self, today: date) -> Period:
        """The days meant; those that make no sense are put in order, and to the bound."""
        until = self.until or today
        since = self.since or Month.of(until).first
        since, until = min(since, until), max(since, until)
        return Period(max(since, until - timedelta(days=LONGEST)), until)


class Fetched(Asked):
    """A report as a file."""

    form: Form


@router.get("")
def figures(
    request: Request,
    house: AnyHouse,
    person: Annotated[Person, require(Page.FIGURES, Act.VIEW)],
    asked: Annotated[Asked, Query()],
) -> Response:
    """The report with its charts and tables."""
    today = local_day(house.clock.now())
    period, offices = asked.period(today), _offices(asked, person)
    report = _made(house, asked, period, offices, language_of(request))
    house.note_view(person, "figures", **_told(asked, period))
    values: dict[str, Any] = {
        "asked": asked,
        "kinds": tuple(Kind),
        "forms": tuple(Form),
        "period": period,
        "spans": _spans(today),
        "offices": _choices(house, person),
        "report": report,
        "charts": tuple(_drawn(report)),
        "query": _query(asked, period),
    }
    return house.writer.page(request, "figures/figures.html", visit_of(request), **values)


@router.get("/export")
def export(
    request: Request,
    house: AnyHouse,
    person: Annotated[Person, require(Page.FIGURES, Act.EXPORT)],
    asked: Annotated[Fetched, Query()],
) -> Response:
    """The report as a file."""
    period, offices = asked.period(local_day(house.clock.now())), _offices(asked, person)
    report = _made(house, asked, period, offices, language_of(request))
    house.auditing.note(Action.EXPORT, actor=person.id, reason="figures", form=asked.form.value, **_told(asked, period))
    name = f"sohoa-{asked.kind}-{period.since}-{period.until}.{asked.form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(render_report(report, asked.form), media_type=FORMS[asked.form], headers=headers)


def _told(asked: Asked, period: Period) -> dict[str, str]:
    """What the audit log keeps of a report that was seen."""
    days = {"since": period.since.isoformat(), "until": period.until.isoformat()}
    return {"kind": asked.kind.value, "office": asked.office, **days}


def _made(house: House, asked: Asked, period: Period, offices: Sequence[str] | None, language: str) -> Report:
    house.reports.catch_up(most=PATIENCE)
    return house.reports.make(asked.kind, period, offices, language)


def _offices(asked: Asked, person: Person) -> Sequence[str] | None:
    """The offices that the report is of; raises ``NotFoundError`` for one that is not among those of ``person``."""
    if not asked.office:
        return person.scope
    own = {agency_key(office) for office in person.scope or ()}
    if person.scope is not None and agency_key(asked.office) not in own:
        raise NotFoundError(f"no office {asked.office!r}", advice="Không có cơ quan này trong phạm vi của bạn.")
    return (asked.office,)


def _choices(house: House, person: Person) -> tuple[tuple[str, str], ...]:
    """The offices that may be chosen: one's own, or all that are known by figures of them."""
    titles = house.reports.titles("vi")
    codes = person.scope if person.scope is not None else house.reports.offices()
    return tuple(sorted(((code, titles.office(code)) for code in codes), key=lambda one: (one[1], one[0])))


def _spans(today: date) -> tuple[tuple[str, str], ...]:
    """Periods that are asked for most, by the word that names them, as the query of an address."""
    month = Month.of(today)
    quarter = Month(today.year, (today.month - 1) // 3 * 3 + 1)
    named = (
        ("this_month", Period(month.first, today)),
        ("last_month", Period(month.previous.first, month.previous.last)),
        ("this_quarter", Period(quarter.first, today)),
        ("this_year", Period(date(today.year, 1, 1), today)),
    )
    return tuple((word, urlencode({"since": span.since, "until": span.until})) for word, span in named)


def _query(asked: Asked, period: Period) -> str:
    """What the address says beside the kind and the form."""
    said = {"since": period.since, "until": period.until, "office": asked.office}
    return urlencode({key: value for key, value in said.items() if value})


def _drawn(report: Report) -> list[Drawn]:
    return [draw(chart, report.language) for chart in report.charts]
