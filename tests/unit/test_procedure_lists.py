"""Lists of procedures: tables of agencies, what an import changes, and what the bucket keeps."""

from __future__ import annotations

import json
import os
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from pipeline import bootstrap, cli
from pipeline.archive import parse_procedure_list, parse_table, procedures_key
from pipeline.cli import OK, REJECTED, USAGE
from pipeline.domain.errors import RejectedInputError
from pipeline.domain.procedures import Procedure, merge_lists
from pipeline.local import digitise
from pipeline.registers import ProcedureFile, Registers
from pipeline.settings import Settings
from storage.catalogue import SqlCatalogue
from storage.clocks import FixedClock
from storage.memory import MemoryStore

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HEADING = "ma_thu_tuc\tten\tlinh_vuc\tcap\tquyet_dinh\tsource\n"
BIRTH = "1.001193\tThủ tục đăng ký khai sinh\tHộ tịch\tCấp xã\t528/QĐ-BTP\tx\n"
DEATH = "1.000656\tThủ tục đăng ký khai tử\tHộ tịch\tCấp xã\t528/QĐ-BTP\tx\n"
EXTRACT = "2.000635.000.00.00.H10\tCấp bản sao trích lục hộ tịch\tHộ tịch\tCấp xã\t528/QĐ-BTP\tx\n"


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_in_every_coding_that_spreadsheets_write(coding: str) -> None:
    found = parse_table((HEADING + BIRTH + EXTRACT).encode(coding), "a.tsv")
    assert [procedure.code for procedure in found] == ["1.001193", "2.000635"]
    assert found[0] == Procedure("1.001193", "Thủ tục đăng ký khai sinh", "Hộ tịch", "Cấp xã", "528/QĐ-BTP")


@pytest.mark.parametrize("sign", [",", ";"])
def test_a_table_with_quoted_cells_and_headings_of_agencies_is_read(sign: str) -> None:
    text = sign.join(("STT", "Mã số TTHC", "Tên thủ tục hành chính", "Lĩnh vực"))
    text += "\r\n" + sign.join(("1", "1.000656", '"Đăng ký khai tử; báo tử, xóa\n đăng ký"', '"Hộ tịch"')) + "\r\n\r\n"
    assert parse_table(text.encode("utf-8-sig"), "a.csv") == (
        Procedure("1.000656", "Đăng ký khai tử; báo tử, xóa đăng ký", "Hộ tịch"),
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "line 1: no column ma_thu_tuc and no column ten"),
        ("ma_thu_tuc,linh_vuc\n", "line 1: no column ten"),
        (HEADING, "no procedure under the headings"),
        (HEADING + BIRTH + "1.00065\tKhai tử\n", "line 3: '1.00065' is no code"),
        (HEADING + "1.000656\n", "line 2: 1 cells only"),
        (HEADING + "1.000656\t \t\n", "line 2: 1.000656 has no name"),
        (HEADING + BIRTH + DEATH + BIRTH.replace("sinh", "tử"), "line 4: 1.001193 stands in line 2 too"),
        (HEADING + '1.000656\t"Khai tử\n', "line 2: "),
    ],
)
def test_a_faulty_table_is_refused_by_the_line(text: str, fault: str) -> None:
    with pytest.raises(RejectedInputError, match=r"^a\.tsv: ") as refused:
        parse_table(text.encode(), "a.tsv")
    assert fault in refused.value.message
    assert "nhập lại" in refused.value.advice


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(RejectedInputError, match="workbook"):
        parse_table(b"PK\x03\x04....", "a.xlsx")
    with pytest.raises(RejectedInputError, match="line 2: not UTF-8"):
        parse_table(HEADING.encode() + "1.000656\tKhai tử".encode("cp1258", "replace") + b"\xff", "a.tsv")


def test_only_the_first_faults_of_a_hopeless_table_are_told() -> None:
    with pytest.raises(RejectedInputError, match=r"; and 20 more$"):
        parse_table((HEADING + "x\ty\n" * 30).encode(), "a.tsv")


@given(st.binary(max_size=200) | st.text(max_size=120).map(lambda text: (HEADING + text).encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        found = parse_table(data, "a.tsv")
    except RejectedInputError:
        return
    assert found and all(procedure.code and procedure.name for procedure in found)


A, B = Procedure("1.000001", "Một"), Procedure("1.000002", "Hai")


def test_what_a_list_lacks_is_withdrawn_but_stays_known() -> None:
    merged, changes = merge_lists((A, B), (replace(A, name="Một mới"),), day="2026-03-02")
    assert merged == (replace(A, name="Một mới"), replace(B, withdrawn="2026-03-02"))
    assert (changes.changed, changes.withdrawn, changes.added, changes.total) == (merged[:1], merged[1:], (), 1)


def test_a_partial_list_withdraws_nothing() -> None:
    merged, changes = merge_lists((A,), (B,), day="2026-03-02", partial=True)
    assert (merged, changes.added, changes.withdrawn, changes.total) == ((A, B), (B,), (), 2)


def test_a_procedure_that_comes_back_is_added() -> None:
    merged, changes = merge_lists((replace(A, withdrawn="2025-01-01"),), (A,), day="2026-03-02")
    assert (merged, changes.added, changes.changed) == ((A,), (A,), ())


LISTS = st.lists(st.builds(Procedure, st.sampled_from("abcdef"), st.sampled_from("xy")), unique_by=lambda one: one.code)


@given(LISTS, LISTS)
def test_the_same_list_again_changes_nothing(first: list[Procedure], second: list[Procedure]) -> None:
    known, _ = merge_lists(first, second, day="2026-03-02")
    assert merge_lists(known, second, day="2027-01-01") == (known, merge_lists(known, second, day="2027-01-01")[1])
    assert not merge_lists(known, second, day="2027-01-01")[1].any


@pytest.fixture
def registers():
    with closing(SqlCatalogue("sqlite://")) as catalogue:
        yield Registers(MemoryStore(), catalogue, FixedClock(NOW))


def table(folder: Path, *lines: str, name: str = "list.tsv") -> Path:
    path = folder / name
    path.write_text(HEADING + "".join(lines), encoding="utf-8")
    return path


def test_an_import_stands_in_the_bucket_and_in_the_catalogue(registers: Registers, tmp_path: Path) -> None:
    changes = registers.import_procedures(table(tmp_path, BIRTH, DEATH))
    assert [procedure.code for procedure in changes.added] == ["1.000656", "1.001193"]
    kept = parse_procedure_list(registers.store.get(procedures_key(1)))
    assert kept.procedures == registers.catalogue.procedures() == changes.added
    assert (kept.name, kept.imported_at) == ("list.tsv", NOW.isoformat())


def test_the_same_table_again_makes_no_new_list(registers: Registers, tmp_path: Path) -> None:
    registers.import_procedures(table(tmp_path, BIRTH, DEATH))
    again = registers.import_procedures(table(tmp_path, DEATH, BIRTH, name="other.tsv"))
    assert (again.any, again.total) == (False, 2)
    assert [entry.key for entry in registers.store.list("reference/")] == [procedures_key(1)]


def test_a_catalogue_that_missed_an_import_is_mended_by_the_next(registers: Registers, tmp_path: Path) -> None:
    registers.import_procedures(table(tmp_path, BIRTH))
    registers.catalogue.clear()
    assert registers.catalogue.procedures() == ()
    registers.import_procedures(table(tmp_path, BIRTH))
    assert len(registers.catalogue.procedures()) == 1


def test_the_bucket_alone_brings_the_newest_list_back(registers: Registers, tmp_path: Path) -> None:
    registers.import_procedures(table(tmp_path, BIRTH, DEATH))
    registers.import_procedures(table(tmp_path, BIRTH, EXTRACT))
    listed = registers.catalogue.procedures()
    assert {procedure.code: procedure.withdrawn for procedure in listed} == {
        "1.000656": "2026-03-02", "1.001193": "", "2.000635": ""
    }  # fmt: skip
    registers.catalogue.clear()
    assert registers.restore() == 3
    assert registers.catalogue.procedures() == listed


def test_an_import_that_comes_second_builds_on_the_first(registers: Registers, tmp_path: Path, monkeypatch) -> None:
    other = Registers(registers.store, registers.catalogue, FixedClock(NOW + timedelta(days=1)))
    put, raced = registers.store.put_once, []

    def put_after_another(key: str, data: bytes, *, media_type: str = "") -> bool:
        if not raced:
            raced.append(key)
            other.import_procedures(table(tmp_path, DEATH, name="first.tsv"), partial=True)
        return put(key, data, media_type=media_type)

    monkeypatch.setattr(registers.store, "put_once", put_after_another)
    changes = registers.import_procedures(table(tmp_path, BIRTH), partial=True)
    assert (len(changes.added), changes.total) == (1, 2)
    assert [procedure.code for procedure in registers.catalogue.procedures()] == ["1.000656", "1.001193"]


def test_a_file_of_procedures_is_read_anew_when_it_changes(tmp_path: Path) -> None:
    path = table(tmp_path, BIRTH)
    listed = ProcedureFile(path)
    assert len(listed.procedures()) == 1
    table(tmp_path, BIRTH, DEATH)
    os.utime(path, ns=(1, 1))
    assert len(listed.procedures()) == 2


@pytest.fixture
def office(registers: Registers, monkeypatch, tmp_path: Path):
    class Flow:
        pass

    flow = Flow()
    flow.registers = registers
    services = Flow()
    services.flow = flow
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(bootstrap, "build_services", lambda settings: services)
    yield
    structlog.reset_defaults()


def test_the_command_tells_what_an_import_changes(office, tmp_path: Path, capsys) -> None:
    assert cli.main(["import", "procedures", str(table(tmp_path, BIRTH, DEATH))]) == OK
    assert "2 procedures in force: 2 added, 0 changed, 0 withdrawn" in capsys.readouterr().out
    assert cli.main(["import", "procedures", str(table(tmp_path, BIRTH)), "--json"]) == OK
    told = json.loads(capsys.readouterr().out)
    assert (told["total"], told["added"], [one["code"] for one in told["withdrawn"]]) == (1, [], ["1.000656"])


def test_the_command_refuses_a_faulty_table_and_a_missing_one(office, tmp_path: Path, capsys) -> None:
    assert cli.main(["import", "procedures", str(table(tmp_path, "x\ty\n"))]) == REJECTED
    assert "line 2: 'x' is no code" in capsys.readouterr().err
    assert cli.main(["import", "procedures", str(tmp_path / "none.tsv")]) == USAGE


def test_digitising_with_a_faulty_table_begins_nothing(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, procedures=table(tmp_path, "x\ty\n"))
    with pytest.raises(ValueError, match="line 2"):
        digitise([tmp_path], tmp_path / "out", settings, profile="nd30", jobs=1, as_json=True)


@pytest.mark.needs_shared
def test_a_national_list_is_read_whole(shared: Path) -> None:
    path = shared / "reference" / "tthc_codes.tsv"
    assert len(parse_table(path.read_bytes(), path.name)) == len(path.read_text(encoding="utf-8").splitlines()) - 1
