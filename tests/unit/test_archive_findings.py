"""Findings go into record.json and come back as they were."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files

import jsonschema
import pytest

from pipeline.archive import parse_record
from pipeline.archive.findings import conformity_as_json, conformity_of_json
from pipeline.archive.record import Record, render_record
from pipeline.domain.documents import Owner, Source, Status
from pipeline.domain.findings import (
    AddressUnits,
    Classification,
    Component,
    Conformity,
    Evidence,
    Field,
    FieldOrigin,
    Findings,
    Outcome,
    Problem,
    ProcedureRef,
    RuleOutcome,
    Severity,
    Suggestion,
    Unit,
    UnitLevel,
    UnitScheme,
    Validity,
)
from pipeline.domain.geometry import Box

SCHEMA = json.loads(files("pipeline.archive").joinpath("record.schema.json").read_text(encoding="utf-8"))
UNITS = AddressUnits(
    UnitScheme.BEFORE_2025_07,
    (Unit("64", "Tỉnh Gia Lai", UnitLevel.PROVINCE), Unit("628", "Huyện Ia Grai", UnitLevel.DISTRICT)),
    detail="Làng Tung Chúc",
    today=(Unit("52", "Tỉnh Gia Lai", UnitLevel.PROVINCE),),
    successors=(Unit("23728", "Xã Ia Grai", UnitLevel.COMMUNE), Unit("23734", "Xã Ia Krái", UnitLevel.COMMUNE)),
    basis="1664/NQ-UBTVQH15",
    since="2025-07-01",
    note="Huyện đã chia cho nhiều xã",
)
ADDRESS = Field(
    "que_quan",
    "Huyện la Grai, tỉnh Gia Lai",
    "Huyện la Grai, tỉnh Gia Lai",
    0.84,
    (Evidence(1, Box(10.0, 20.0, 300.0, 60.0)),),
    FieldOrigin.QR,
    (Problem("units_unknown", "Kiểm tra tên huyện.", "que_quan", 1),),
    (Suggestion("Huyện Ia Grai, tỉnh Gia Lai", "units", "Gia Lai có huyện Ia Grai"),),
    UNITS,
)
FOUND = Findings(
    Classification("giay_khai_sinh", 0.98, (("khac", 0.01),)),
    (ADDRESS, Field("noi_nhan", ("Như Điều 3", "Lưu: VT"), "- Như Điều 3; - Lưu: VT.", 0.9)),
    owners=(Owner("064199000123", "Rơ Châm H'Lan", "1999-02-28"), Owner(name="Nguyễn Văn An")),
    validity=Validity(
        "2024-03-05",
        "2024-09-04",
        "P6M",
        conditions=("Để đăng ký kết hôn",),
        since="2024-03-06",
        doubtful=True,
        evidence=(Evidence(2, Box(1.0, 2.0, 3.0, 4.0)),),
    ),
    procedure=ProcedureRef("1.001193", "Thủ tục đăng ký khai sinh", 0.97),
    dossier_code="000.16.05.H05-210616-0001",
)
CONFORMITY = Conformity(
    "nd30",
    "2020-1",
    "Nghị định 30/2020/NĐ-CP",
    (RuleOutcome("dpi", Outcome.FAILED, ">= 200 dpi", "150 dpi", (2,), "Độ phân giải", "phụ lục I", Severity.SETTING),),
)


def record_of(findings: Findings) -> Record:
    return Record(Source("a.pdf", "0" * 64, 1, "application/pdf", 3), Status.NEEDS_REVIEW, findings=findings)


@pytest.mark.parametrize(
    "findings",
    [
        FOUND,
        replace(FOUND, components=(Component((1, 2), FOUND), Component((3,), Findings(Classification("khac", 0.7))))),
        Findings(Classification("khac", 0.9)),
    ],
)
def test_findings_come_back_from_a_record_as_they_were(findings: Findings) -> None:
    written = render_record(replace(record_of(findings), conformity=(CONFORMITY,)))
    jsonschema.validate(json.loads(written), SCHEMA)
    assert parse_record(written).findings == findings


def test_the_outcomes_of_rules_come_back_as_they_were() -> None:
    assert conformity_of_json(conformity_as_json(CONFORMITY)) == CONFORMITY


def test_a_record_of_before_there_were_units_and_components_is_still_read() -> None:
    old = render_record(record_of(Findings(Classification("quyet_dinh", 0.9))))
    for part in (
        b' "owners": [],\n',
        b' "validity": null,\n',
        b' "procedure": null,\n',
        b' "dossier_code": null,\n',
        b' "components": [],\n',
    ):
        assert part in old
        old = old.replace(part, b"")
    assert parse_record(old).findings == Findings(Classification("quyet_dinh", 0.9))
