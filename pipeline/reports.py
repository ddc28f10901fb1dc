"""Reports of an installation: counted now, with the names of what they speak of, in every form they are wanted in."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.custody.tallies import catch_up
from pipeline.domain.figures import Period, ToldOffice, agency_key
from pipeline.domain.local_time import local_day
from pipeline.ports import Catalogue, Clock, ObjectStore
from pipeline.ports.figures import Offices
from pipeline.reporting.rate_report import report_rates
from pipeline.reporting.rates import Rates, count_rates
from pipeline.reporting.report import Report
from pipeline.reporting.reuse import count_reuse
from pipeline.reporting.reuse_report import report_reuse
from pipeline.reporting.targets import Targets
from pipeline.reporting.throughput import count_throughput
from pipeline.reporting.throughput_report import report_throughput
from pipeline.reporting.titles import Titles
from pipeline.understanding import field_labels, type_titles

#: The kinds of reports, and the forms that they are written in, with their media types.
KINDS = ("rates", "throughput", "reuse")
FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
}

#: Before and after all months.
_EARLIEST, _LATEST = "0001-01", "9999-12"

#: Documents of before there were figures that one report tallies at most where somebody waits for it.
PATIENCE = 500


@dataclass(frozen=True, slots=True)
class Reports:
    """Makes reports out of catalogue and bucket."""

    catalogue: Catalogue
    store: ObjectStore
    clock: Clock
    targets: Targets

    def catch_up(self, *, most: int | None = None) -> int:
        """Tally documents that were archived before there were figures; how many were."""
        return catch_up(self.catalogue, self.store, most=most)

    def rates(self, period: Period, offices: Offices) -> Rates:
        """The rates of digitising."""
        return count_rates(self.catalogue.figures, period, offices, self.targets, today=local_day(self.clock.now()))

    def make(self, kind: str, period: Period, offices: Offices, language: str = "vi") -> Report:
        """The report of one of :data:`KINDS`."""
        figures, titles, now = self.catalogue.figures, self.titles(language), self.clock.now()
        if kind == "rates":
            return report_rates(self.rates(period, offices), titles, now)
        if kind == "throughput":
            people, minutes = titles.people, self.targets.visit_minutes
            return report_throughput(
                count_throughput(figures, period, offices, names=people, visit_minutes=minutes), titles, now
            )
        return report_reuse(count_reuse(figures, period, offices), titles, now)

    def offices(self) -> tuple[str, ...]:
        """The codes of the offices of which figures were reported, each as the newest figures write it."""
        return tuple({agency_key(one.code): one.code for one in self._told()}.values())

    def titles(self, language: str) -> Titles:
        """How things are named here: offices as the newest figures of them name them."""
        offices = {agency_key(one.code): one.name for one in self._told() if one.name}
        return Titles(
            language,
            offices=offices,
            procedures={one.code: one.name for one in self.catalogue.procedures()},
            types=type_titles(),
            fields=field_labels(),
            people={one.id: one.name for one in self.catalogue.people.accounts()},
        )

    def _told(self) -> tuple[ToldOffice, ...]:
        return self.catalogue.figures.told_offices(_EARLIEST, _LATEST)


def render_report(report: Report, form: str) -> bytes:
    """The report in one of :data:`FORMS`."""
    if form in {"csv", "xlsx"}:
        from pipeline.reporting.tables import render_csv, render_workbook  # noqa: PLC0415  (few ask for it, it loads slowly)

        return render_csv(report) if form == "csv" else render_workbook(report)
    if form == "pdf":
        from pipeline.reporting.one_pager import render_one_pager  # noqa: PLC0415  (as above)

        return render_one_pager(report)
    from pipeline.reporting.plots import render_plot  # noqa: PLC0415  (as above)

    return render_plot(report, form)
