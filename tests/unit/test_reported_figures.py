"""Tables of received and solved dossiers: read line by line, every fault told, checked against each other, kept for ever."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import archive, bootstrap, cli
from pipeline.cli import OK, REJECTED, USAGE
from pipeline.domain.errors import RejectedInputError
from pipeline.domain.figures import Level, Month, Period, ReportedFigures, agency_key, received_day
from pipeline.reported import ReportedImports
from pipeline.reporting.contradictions import contradictions
from pipeline.reporting.imported import parse_figures
from pipeline.reporting.targets import load_targets, shipped_targets
from pipeline.reporting.throughput import quantile
from storage.catalogue import SqlCatalogue
from storage.clocks import FixedClock
from storage.memory import MemoryStore

HEADING = "Kỳ;Mã cơ quan;Tên cơ quan;Cấp;Mã thủ tục;Tồn kỳ trước;Tiếp nhận;Đã giải quyết;Đúng hạn;Đang giải quyết;Ngày gửi\n"
ROW = "01/2026;000.00.16.H05;Sở Tư pháp;tỉnh;;5;1.250;1.200;1.150;55;09/02/2026\n"
MAY = Month(2026, 5)


@pytest.fixture
def imports(tmp_path: Path) -> Iterator[ReportedImports]:
    with closing(SqlCatalogue(f"sqlite:///{tmp_path}/catalogue.sqlite")) as catalogue:
        yield ReportedImports(MemoryStore(), catalogue, FixedClock(datetime(2026, 2, 12, 3, tzinfo=UTC)))


def table(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "so-lieu.csv"
    path.write_text(HEADING + "".join(rows), encoding="utf-8")
    return path


def told(data: str) -> str:
    with pytest.raises(RejectedInputError) as caught:
        parse_figures(data.encode(), "so-lieu.csv")
    assert "Chưa nhập dòng nào" in caught.value.advice
    return caught.value.message


def test_a_row_says_what_the_province_counted() -> None:
    (row,) = parse_figures((HEADING + ROW).encode(), "a.csv")
    assert row == ReportedFigures(
        Month(2026, 1),
        "000.00.16.H05",
        Level.PROVINCE,
        received=1250,
        solved=1200,
        name="Sở Tư pháp",
        carried_over=5,
        pending=55,
        on_time=1150,
        delivered=date(2026, 2, 9),
        line=2,
    )


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_tables_are_read_in_the_codings_that_spreadsheets_write(coding: str, delimiter: str) -> None:
    data = (HEADING + ROW).replace(";", delimiter).encode(coding)
    assert parse_figures(data, "a.csv")[0].name == "Sở Tư pháp"


def test_a_workbook_with_lines_above_its_headings_is_read_like_a_table() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["UBND TỈNH BẮC NINH"])
    sheet.append(["BÁO CÁO THÁNG 01/2026"])
    sheet.append(HEADING.strip().split(";"))
    cells: list[object] = ["2026-01", "000.00.16.H05", "Sở Tư pháp", "Tỉnh", None, 5, 1250.0, "1200", 1150, 55]
    sheet.append([*cells, datetime(2026, 2, 9)])
    out = io.BytesIO()
    book.save(out)
    (row,) = parse_figures(out.getvalue(), "a.xlsx")
    assert (row.received, row.solved, row.delivered, row.line) == (1250, 1200, date(2026, 2, 9), 4)


def test_every_faulty_line_is_told_with_its_number_and_nothing_is_guessed() -> None:
    message = told(
        HEADING
        + "13/2026;000.00.16.H05;A;tỉnh;;;1;1;;;\n"
        + "01/2026;Sở Tư pháp;A;tỉnh;;;1;1;;;\n"
        + "01/2026;000.00.16.H05;A;phường;;;1;1;;;\n"
        + "01/2026;000.00.16.H05;A;tỉnh;;;-1;1,5;;;\n"
        + "01/2026;000.00.16.H05;A;tỉnh;123;;1;1;;;31/02/2026\n"
        + "01/2026;000.00.17.H05;A;tỉnh;;;;1;;;\n"
        + "01/2026;;UBND xã X;xã;;;1;1;;;\n"
        + "01/2026;000.00.18.H05;A;tổng;;;1;1;;;\n"
    )
    for wanted in (
        "dòng 2: kỳ “13/2026” không phải là tháng",
        "dòng 3: “Sở Tư pháp” không phải mã định danh cơ quan",
        "dòng 4: cấp “phường” không phải",
        "dòng 5: tiep_nhan “-1” không phải số nguyên",
        "dòng 5: da_giai_quyet “1,5” không phải số nguyên",
        "dòng 6: “123” không phải mã thủ tục",
        "dòng 6: ngày “31/02/2026” không đúng",
        "dòng 7: thiếu tiep_nhan",
        "dòng 8: thiếu ma_co_quan của “UBND xã X”",
        "dòng 9: cap của cơ quan 000.00.18.H05 phải là tỉnh, huyện hoặc xã",
    ):
        assert wanted in message


def test_what_is_no_table_of_figures_is_told_as_such() -> None:
    assert "không thấy dòng tiêu đề" in told("a;b\n1;2\n")
    assert "không có dòng số liệu nào" in told(HEADING)
    assert "trùng kỳ, cơ quan và thủ tục với dòng 2" in told(HEADING + ROW + ROW)
    with pytest.raises(RejectedInputError, match="không mở được sổ tính"):
        parse_figures(b"PK\x03\x04 no workbook", "a.xlsx")
    with pytest.raises(RejectedInputError, match="dòng 2: không phải chữ UTF-8"):
        parse_figures((HEADING + ROW).encode().replace(b"1.250", b"\xd2"), "a.csv")
    many = HEADING + "".join(f"x;000.00.{n}.H05;A;tỉnh;;;1;1;;;\n" for n in range(10, 60))
    assert "và 30 lỗi nữa" in told(many)


def row(**changed: object) -> ReportedFigures:
    plain = {"month": MAY, "office": "H05.16", "level": Level.PROVINCE, "received": 10, "solved": 8}
    return ReportedFigures(**{**plain, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([row(carried_over=1, solved=12)], "solved_beyond"),
        ([row(carried_over=1, pending=9)], "pending_differs"),
        ([row(on_time=9)], "on_time_beyond"),
        ([row(components=11)], "components_beyond"),
        ([row(results=9)], "results_beyond"),
        ([row(level=Level.DISTRICT)], "no_districts"),
        ([row(), row(procedure="1.001193", received=9), row(procedure="2.000635", received=2, solved=0)], "procedures_differ"),
        ([row(), row(office="H05.17"), row(office="", received=21, solved=16)], "levels_differ"),
        ([row(), row(office="", level=Level.UNKNOWN, solved=9)], "levels_differ"),
        ([row(carried_over=2), row(month=MAY.next, carried_over=3)], "carried_differs"),
    ],
)
def test_figures_that_cannot_be_true_together_are_found(rows: list[ReportedFigures], code: str) -> None:
    assert code in {one.code for one in contradictions(rows)}


def test_figures_that_agree_are_left_in_peace() -> None:
    rows = [
        row(carried_over=2, pending=4, on_time=8, components=10, results=8),
        row(procedure="1.001193", received=6, solved=5),
        row(procedure="2.000635", received=4, solved=3),
        row(office="000.00.17.H05", received=1, solved=0),
        row(office="", received=11),
        row(office="", level=Level.UNKNOWN, received=11),
        row(month=MAY.next, office="000.00.16.H05", carried_over=4, received=0, solved=4, pending=0),
    ]
    assert contradictions(rows) == ()


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_a_month_that_adds_up_is_never_doubted(carried: int, received: int, solved: int) -> None:
    done = min(solved, carried + received)
    one = row(carried_over=carried, received=received, solved=done, pending=carried + received - done)
    after = row(month=MAY.next, carried_over=one.pending, received=0, solved=0, pending=one.pending)
    assert contradictions([one, after]) == ()


def test_an_import_is_kept_and_the_same_table_again_changes_nothing(imports: ReportedImports, tmp_path: Path) -> None:
    path = table(tmp_path, ROW)
    tried = imports.import_table(path, dry_run=True)
    assert (tried.added, list(imports.store.list("reference/figures/"))) == (1, [])
    first, again = imports.import_table(path), imports.import_table(path)
    assert (first.added, again.added, again.unchanged) == (1, 0, 1)
    (kept,) = imports.store.list("reference/figures/")
    assert archive.parse_figures_import(imports.store.get(kept.key)).rows == parse_figures(path.read_bytes(), "a.csv")
    noted = [one for one in imports.catalogue.audit.happenings("") if one.action == "import"]
    assert [one.told["key"] for one in noted] == [kept.key]


def test_a_corrected_row_takes_the_place_of_the_old_one_and_its_first_delivery_stays(
    imports: ReportedImports, tmp_path: Path
) -> None:
    imports.import_table(table(tmp_path, ROW))
    later = ROW.replace("1.200", "1.201").replace("09/02/2026", "20/02/2026")
    changed = imports.import_table(table(tmp_path, later))
    assert (changed.added, changed.changed) == (0, 1)
    (held,) = imports.catalogue.figures.reported("2026-01", "2026-01")
    assert (held.solved, held.delivered) == (1201, date(2026, 2, 9))
    sooner = imports.import_table(table(tmp_path, later.replace("20/02/2026", "03/02/2026")))
    assert sooner.changed == 1
    assert imports.catalogue.figures.reported("2026-01", "2026-01")[0].delivered == date(2026, 2, 3)
    unsaid = imports.import_table(table(tmp_path, ROW.replace("000.00.16", "000.00.17").replace("09/02/2026", "")))
    assert unsaid.added == 1
    days = {one.office: one.delivered for one in imports.catalogue.figures.reported("2026-01", "2026-01")}
    assert days["000.00.17.H05"] == date(2026, 2, 12)


def test_the_command_takes_figures_in_and_tells_faults_by_their_lines(
    imports: ReportedImports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    services = SimpleNamespace(store=imports.store, catalogue=imports.catalogue, clock=imports.clock)
    monkeypatch.setattr(bootstrap, "build_services", lambda settings: services)
    path = table(tmp_path, ROW.replace(";55;", ";54;"))
    assert cli.main(["import", "figures", str(path), "--dry-run"]) == OK
    said = capsys.readouterr().out
    assert "sẽ nhập (thử, chưa ghi): 1 dòng mới" in said
    assert "đang giải quyết 54" in said
    assert "(dòng 2)" in said
    assert cli.main(["import", "figures", str(path), "--json"]) == OK
    assert json.loads(capsys.readouterr().out)["added"] == 1
    assert cli.main(["import", "figures", str(table(tmp_path, ROW.replace("1.250", "?")))]) == REJECTED
    assert "dòng 2: tiep_nhan “?”" in capsys.readouterr().err
    assert cli.main(["import", "figures", str(path), "--partial"]) == USAGE
    assert cli.main(["import", "procedures", str(path), "--dry-run"]) == USAGE


def test_targets_are_those_of_the_time_and_the_level() -> None:
    targets = shipped_targets()
    early, late = Month(2022, 3), Month(2026, 1)
    assert [targets.percent("digitisation", level, early) for level in list(Level)] == [50, 30, 20, None]
    assert [targets.percent("digitisation", level, late) for level in list(Level)] == [100, 100, 100, 100]
    assert targets.percent("digitisation", Level.PROVINCE, Month(2019, 1)) is None
    assert targets.percent("asked_again", Level.COMMUNE, late) == 0
    assert targets.due(late) == date(2026, 2, 10)


@pytest.mark.parametrize(
    ("text", "told_of"),
    [
        ("report_due_day = 31", "report_due_day"),
        ('[[targets]]\nfigure = "speed"\nbasis = "x"\nsince = 2021-01-01', "speed"),
        ('[[targets]]\nfigure = "reuse"\nbasis = "x"\nsince = 2021-01-01\nprovince = 101', "hundred"),
        ('[[targets]]\nfigure = "reuse"\nbasis = "x"\nsince = 2021-01-01\nuntil = 2020-01-01', "no such days"),
        ('[[targets]]\nfigure = "reuse"\nbasis = "x"\nsince = 2021-01-01\nward = 1', "ward"),
        ('[[targets]]\nfigure = "reuse"\nsince = 2021-01-01', "basis"),
        ("[[targets", "array"),
    ],
)
def test_faulty_targets_of_an_installation_are_named(tmp_path: Path, text: str, told_of: str) -> None:
    path = tmp_path / "muc-tieu.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=f"(?s)muc-tieu.toml.*{told_of}"):
        load_targets(path)


def test_the_same_agency_is_known_however_its_code_is_written() -> None:
    assert agency_key("000.16.05.H05") == agency_key("H05.05.16") == "H05.05.16"
    assert agency_key("000.00.16.H05") == agency_key("H05.16") != agency_key("000.00.17.H05")
    assert agency_key("G22") == "G22"


def test_days_months_and_periods_know_their_bounds() -> None:
    assert received_day("000.16.05.H05-210616-0001") == date(2021, 6, 16)
    assert received_day("000.16.05.H05-211399-0001") is None
    assert received_day("tập 1") is None
    assert Month(2025, 12).next == Month(2026, 1)
    assert Month(2026, 1).previous == Month(2025, 12)
    assert Period.parse("2026-01", "2026-02") == Period(date(2026, 1, 1), date(2026, 2, 28))
    assert Period.parse("2026-01-05", "2026-01-05").months == (Month(2026, 1),)
    with pytest.raises(ValueError, match="comes after"):
        Period.parse("2026-02", "2026-01")


@given(st.lists(st.floats(0, 100), min_size=1, max_size=30), st.sampled_from([0.5, 0.9, 1.0]))
def test_a_quantile_is_a_value_that_enough_do_not_exceed(values: list[float], share: float) -> None:
    ascending = sorted(values)
    found = quantile(ascending, share)
    assert found in ascending
    assert sum(value <= found for value in ascending) >= share * len(ascending) - 1e-9
    assert quantile([], share) is None
