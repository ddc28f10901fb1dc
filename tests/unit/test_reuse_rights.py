"""Lists of rights as installations write them: TOML and CSV, faults told line by line, every import kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import archive
from pipeline.custody.papers import restore_books
from pipeline.domain.errors import RejectedInputError
from pipeline.domain.holdings import Exclusion
from pipeline.domain.releases import ReleaseForm
from pipeline.reuse.policies import load_policies, shipped_policies
from pipeline.reuse_desk import RightsRegisters
from pipeline.understanding import document_types
from storage.catalogue import SqlCatalogue
from tests.reuse_office import ReuseOffice

TOML = """
[[entitlement]]
agency = "000.00.16.H05"
procedure = "1.001193"
type = "giay_khai_sinh"
purpose = "dang_ky_ket_hon"
form = "fields"
fields = ["ho_ten", "ngay_sinh"]
consent = true
since = "2026-01-01"
basis = "Nghị định 123/2015/NĐ-CP, Điều 10"

[[entitlement]]
agency = "*"
procedure = "*"
type = "giay_phep_xay_dung"
purpose = "kiem_tra"
form = "pdf"
basis = "Luật Xây dựng 50/2014/QH13"
"""
CSV = """agency;procedure;type;purpose;form;fields;consent;since;basis
000.00.16.H05;1.001193;giay_khai_sinh;dang_ky_ket_hon;fields;ho_ten ngay_sinh;có;2026-01-01;Nghị định 123/2015/NĐ-CP, Điều 10
*;*;giay_phep_xay_dung;kiem_tra;pdf;;;;Luật Xây dựng 50/2014/QH13
"""


@pytest.fixture
def office(tmp_path: Path) -> ReuseOffice:
    return ReuseOffice(tmp_path)


@pytest.fixture
def registers(office: ReuseOffice) -> RightsRegisters:
    return RightsRegisters(office.store, office.catalogue, office.clock)


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_toml_and_csv_say_the_same(office: ReuseOffice, registers: RightsRegisters, tmp_path: Path) -> None:
    assert registers.import_entitlements(written(tmp_path, "a.toml", TOML), actor="quản trị").changed
    first = office.catalogue.rights.current()
    assert not registers.import_entitlements(written(tmp_path, "a.csv", CSV), actor="quản trị").changed
    assert first.entitlements[0].fields == ("ho_ten", "ngay_sinh")
    assert (first.entitlements[0].consent, first.entitlements[1].form) == (True, ReleaseForm.PDF)


def test_every_import_is_kept_audited_and_found_again_in_the_bucket(
    office: ReuseOffice, registers: RightsRegisters, tmp_path: Path
) -> None:
    registers.import_entitlements(written(tmp_path, "a.toml", TOML), actor="quản trị")
    shorter = "\n".join(CSV.splitlines()[:2]) + "\n"
    assert registers.import_entitlements(written(tmp_path, "b.csv", shorter), actor="quản trị").lines == 1
    excluded = "type,exclusion,basis,holder\ncan_cuoc_cong_dan,shared_elsewhere,Luật Căn cước,CSDL quốc gia về dân cư\n"
    registers.import_exclusions(written(tmp_path, "x.csv", excluded), actor="quản trị")
    keys = [entry.key for entry in office.store.list("reference/")]
    assert keys == [
        "reference/entitlements/r0001.json",
        "reference/entitlements/r0002.json",
        "reference/exclusions/r0001.json",
    ]
    assert office.actions() == ["import"] * 3
    fresh = SqlCatalogue("sqlite://")
    restore_books(office.store, fresh)
    assert fresh.rights.current() == office.catalogue.rights.current()
    assert fresh.rights.current().exclusions[0].exclusion is Exclusion.SHARED_ELSEWHERE
    older = archive.parse_reuse(archive.EntitlementList, office.store.get(keys[0]))
    assert len(older.entitlements) == 2


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("000.00.16.H05;", "H5;", "no agency code"),
        ("1.001193", "1193", "no code of a procedure"),
        ("giay_khai_sinh", "giay_la", "no type 'giay_la'"),
        ("dang_ky_ket_hon", "Đăng ký", "no code of a purpose"),
        ("ho_ten ngay_sinh", "ho_ten so_tang", "no field so_tang"),
        ("ho_ten ngay_sinh", "", "form fields needs fields"),
        ("hon;fields;", "hon;giấy;", "is not a valid ReleaseForm"),
        ("có", "chắc", "consent is yes or no"),
        ("2026-01-01", "01/01/2026", "01/01/2026"),
        ("Nghị định 123/2015/NĐ-CP, Điều 10", "", "basis is missing"),
        ("consent;since", "consent;sence", "no column is called 'sence'"),
    ],
)
def test_a_faulty_line_is_named_and_nothing_is_taken_in(
    office: ReuseOffice, registers: RightsRegisters, tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in CSV
    with pytest.raises(RejectedInputError, match="line 2") as refused:
        registers.import_entitlements(written(tmp_path, "a.csv", CSV.replace(old, new, 1)), actor="quản trị")
    assert told in refused.value.message
    assert office.catalogue.rights.current().entitlements == ()
    assert [*office.store.list("reference/")] == []


@pytest.mark.parametrize("data", [b"\xff\xfe", b"", b"agency\n", b"[[entitlement]]\nagency = 1", b'"unclosed'])
def test_what_is_no_list_is_refused(registers: RightsRegisters, tmp_path: Path, data: bytes) -> None:
    for name in ("a.csv", "a.toml"):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(RejectedInputError):
            registers.import_entitlements(path, actor="quản trị")


def test_the_shipped_policies_name_types_and_fields_that_there_are() -> None:
    fields = {kind.code: {one.key for one in kind.fields} for kind in document_types()}
    for kind, policy in shipped_policies().by_type.items():
        assert kind == "*" or kind in fields
        assert set(policy.newest) <= {"owner"} | fields.get(kind, set())
        assert policy.basis


@pytest.mark.parametrize(
    "text",
    [
        "version = 1",
        '[[policy]]\ntypes = ["*"]',
        'version = 1\n[[policy]]\ntypes = ["khac"]\nbasis = "x"\nwithout_term = "holds"\non_death = "holds"\n'
        'on_change = "holds"\nconditions = "told"',
        'version = 1\n[[policy]]\ntypes = ["*"]\nbasis = "x"\nwithout_term = "ends"\non_death = "holds"\n'
        'on_change = "holds"\nconditions = "told"',
    ],
)
def test_a_faulty_file_of_policies_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"policies\.toml"):
        load_policies(written(tmp_path, "policies.toml", text))
