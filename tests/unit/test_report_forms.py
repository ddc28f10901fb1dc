"""Reports as people get them: on the terminal, as files, drawn; and what reuse adds up to, from the audit log."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import openpyxl
import pytest

from pipeline import bootstrap, cli
from pipeline.cli import OK, USAGE
from pipeline.domain.audit import Action
from pipeline.domain.errors import NotEntitledError
from pipeline.domain.figures import Period
from pipeline.domain.people import Account
from pipeline.domain.releases import CheckQuestion, Wanted
from pipeline.reported import ReportedImports
from pipeline.reporting.plots import wrapped
from pipeline.reporting.report import Chart, Kind, Series, floored, shown
from pipeline.reporting.targets import shipped_targets
from pipeline.reports import FORMS, KINDS, Reports, render_report
from storage.catalogue import SqlCatalogue
from tests.figured_office import PROVINCE, keep, many, review
from tests.reuse_office import AGENCY, DESK, LAN, PROCEDURE, PURPOSE, STRANGER, ReuseOffice, entitled
from tests.scripted_office import Office, ScriptedReader
from tests.web_house import AT

SPRING = Period(date(2025, 4, 1), date(2025, 6, 30))
LONG = "Ủy ban nhân dân xã Vạn Ninh và các thôn phụ cận thuộc huyện Gia Bình, tỉnh Bắc Ninh, bộ phận một cửa liên thông"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with closing(SqlCatalogue(f"sqlite:///{folder}/catalogue.sqlite")) as catalogue:
        made = Office(folder, catalogue, ScriptedReader())
        review(made, keep(made, many(31, 60)), ["hoa"])
        catalogue.people.enter(Account("hoa", "hoa", "Lê Thị Hoa", frozenset(), frozenset(), AT))
        rows = "".join(f"2025-0{month};{PROVINCE};{LONG};tỉnh;20;18\n" for month in (4, 5, 6))
        table = folder / "figures.csv"
        table.write_text(f"ky;ma_co_quan;ten_co_quan;cap;tiep_nhan;da_giai_quyet\n{rows}", encoding="utf-8")
        ReportedImports(made.store, catalogue, made.clock).import_table(table)
        yield made


@pytest.fixture
def reports(office: Office) -> Reports:
    return Reports(office.catalogue, office.store, office.clock, shipped_targets())


@pytest.fixture
def terminal(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    services = SimpleNamespace(
        store=office.store, catalogue=office.catalogue, clock=office.clock, settings=SimpleNamespace(targets=None)
    )
    monkeypatch.setattr(bootstrap, "build_services", lambda settings: services)


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_written_in_every_form_the_same_each_time(reports: Reports, kind: str) -> None:
    report = reports.make(kind, SPRING, None)
    for form in FORMS:
        data = render_report(report, form)
        assert len(data) > 500, form
        if kind == KINDS[0] and form != "xlsx":
            assert render_report(report, form) == data, form


def test_plots_are_large_enough_for_print_and_stay_within_their_page(reports: Reports) -> None:
    for kind in KINDS:
        data = np.frombuffer(render_report(reports.make(kind, SPRING, None), "png"), np.uint8)
        picture = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
        assert picture is not None
        assert picture.shape[1] == pytest.approx(210 / 25.4 * 200, abs=2)
        ink = picture < 200
        for edge in (ink[:20], ink[-20:], ink[:, :20], ink[:, -20:]):
            assert not edge.any(), kind


def test_a_plot_names_what_has_no_room_in_three_lines() -> None:
    lines = wrapped(LONG)
    assert len(lines) == 3
    assert all(len(line) <= 26 for line in lines)
    assert lines[-1].endswith("…")
    assert wrapped("Sở Tư pháp") == ["Sở Tư pháp"]
    assert wrapped("x" * 60) == ["x" * 25 + "…"]


def test_drawings_of_nothing_and_of_full_rates_hold(reports: Reports) -> None:
    empty = reports.make("rates", Period(date(2001, 1, 1), date(2001, 1, 31)), None)
    assert empty.charts == ()
    for form in FORMS:
        assert render_report(empty, form)
    full = Chart("x", "X", False, ("A",), (Series("s", (100.0,)),), (100.0,), "target")
    assert full.top == 100.0
    assert Chart("x", "X", False, ("A",), (Series("s", (3.0,)),)).top == pytest.approx(3.3)


def test_what_is_not_reached_is_never_shown_as_reached() -> None:
    assert floored(99.99) == 99.9
    assert shown(99.99, Kind.PERCENT) == "99,9 %"
    assert shown(29.3, Kind.PERCENT) == "29,3 %"
    assert shown(1234567, Kind.COUNT) == "1.234.567"
    assert shown(1234567, Kind.COUNT, "en") == "1,234,567"
    assert shown(None, Kind.COUNT) == "–"
    assert shown(date(2026, 2, 9), Kind.DAY) == "09/02/2026"


@pytest.mark.usefixtures("terminal")
def test_the_command_shows_a_report_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["report", "rates", "--from", "2025-04", "--to", "2025-06"]) == OK
    said = capsys.readouterr().out
    for wanted in ("Tỷ lệ số hóa hồ sơ", "Theo cấp", "Cấp tỉnh", "100,0 %", "Quyết định số 717/QĐ-UBND"):
        assert wanted in said
    assert cli.main(["report", "throughput", "--from", "2025-01", "--to", "2025-12", "--english"]) == OK
    assert "Lê Thị Hoa" in capsys.readouterr().out
    assert cli.main(["report", "rates", "--from", "2025-06", "--to", "2025-04"]) == USAGE
    assert cli.main(["report", "rates", "--from", "hôm qua"]) == USAGE


@pytest.mark.usefixtures("terminal")
def test_the_command_writes_files_and_standard_output(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    span = ["--from", "2025-04", "--to", "2025-06"]
    assert cli.main(["report", "reuse", *span, "--format", "csv"]) == OK
    rows = list(csv.reader(io.StringIO(capsysbinary.readouterr().out.decode("utf-8-sig"))))
    assert rows[0][1] == "Từ 01/04/2025 đến 30/06/2025"
    for form in FORMS:
        assert cli.main(["report", "rates", *span, "--format", form, "--out", str(tmp_path / f"r.{form}")]) == OK
    assert openpyxl.load_workbook(tmp_path / "r.xlsx").sheetnames[:2] == ["Sohoa", "Theo cấp"]
    assert cli.main(["report", "rates", *span, "--out", str(tmp_path / "r.txt"), "--office", PROVINCE]) == OK
    assert "Cấp xã" not in (tmp_path / "r.txt").read_text(encoding="utf-8")


def test_reuse_is_what_the_audit_log_and_the_papers_handed_in_say(tmp_path: Path) -> None:
    office = ReuseOffice(tmp_path)
    office.allow(entitled())
    office.hold("a")
    office.pass_days(1)
    office.checks.check(DESK, CheckQuestion(LAN, PURPOSE, office.ports.today, PROCEDURE))
    request = office.requests.open(DESK, Wanted(PURPOSE, PROCEDURE, document="a"))
    office.requests.release(DESK, request.id)
    with pytest.raises(NotEntitledError):
        office.requests.open(STRANGER, Wanted(PURPOSE, PROCEDURE, document="a"))
    office.hold("b", kind="don_de_nghi", dossier=f"{AGENCY}-260106-0002")
    told = {"held": "a", "type": "giay_khai_sinh", "office": AGENCY}
    office.ports.auditing.note(Action.ASKED_AGAIN, actor="sohoa", reason="already held", document="b", **told)
    reports = Reports(office.catalogue, office.store, office.clock, shipped_targets())
    assert reports.catch_up() == 2
    period = Period(office.ports.today.replace(day=1), office.ports.today)
    report = reports.make("reuse", period, None)
    by_agency = {row[0]: row[1:] for row in report.table("by_agency").rows}
    assert by_agency[AGENCY] == (2, 1, pytest.approx(100 / 3), 1, 50.0, 0, 1, 1)
    assert by_agency[STRANGER.agency][5] == 1
    assert report.table("answers").rows == (("có, dùng lại được", 1),)
    (month,) = report.table("by_month").rows
    assert month[1:6] == (2, 1, pytest.approx(100 / 3), 1, 50.0)
    own = reports.make("reuse", period, (STRANGER.agency,))
    assert [row[0] for row in own.table("by_agency").rows] == [STRANGER.agency]
