"""What a revision holds, as reuse knows it: what ties papers to each other, and what is told beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.domain.documents import Owner
from pipeline.domain.findings import (
    AddressUnits,
    Classification,
    Component,
    Evidence,
    Field,
    FieldOrigin,
    Findings,
    Problem,
    Unit,
    UnitLevel,
    UnitScheme,
    Validity,
)
from pipeline.domain.geometry import Box
from pipeline.domain.holdings import OWNER_LINEAGE, Exclusion, Holding
from pipeline.reuse.holdings import Revision, holdings_of

LAN = Owner("001190000001", "Nguyễn Thị Lan", "1990-05-01")
LAND = "giay_chung_nhan_quyen_su_dung_dat"
REVISION = Revision("A", "H", 2, "dossiers/H/A/r0002/record.json", "r", "dossiers/H/A/r0002/document.pdf", "p", 10, 3)


def found(kind: str = "giay_khai_sinh", owner: Owner = LAN, **values: str) -> Findings:
    fields = tuple(Field(key, value, value, 0.99) for key, value in values.items())
    evidence = (Evidence(1, Box(0, 0, 1, 1)),)
    told = Validity(issued="2025-12-01", unlimited=True, evidence=evidence)
    return Findings(Classification(kind, 0.99), fields, owners=(owner,), validity=told)


def held(findings: Findings, revision: Revision = REVISION) -> Holding:
    (one,) = holdings_of(revision, findings)
    return one


def test_a_file_is_a_paper_with_its_place_and_hashes() -> None:
    one = held(found(so="12/2025"))
    assert (one.document, one.part, one.revision, one.type, one.number) == ("A", 0, 2, "giay_khai_sinh", "12 2025")
    assert (one.record_sha256, one.pdf_sha256, one.pdf_bytes, one.pages) == ("r", "p", 10, 3)
    assert one.validity == Validity(issued="2025-12-01", unlimited=True)
    assert holdings_of(REVISION, None) == ()


def test_each_of_several_papers_in_a_file_is_held_by_itself() -> None:
    parts = (Component((1,), found("giay_phep_xay_dung")), Component((2, 3), found()))
    first, second = holdings_of(REVISION, replace(found(), components=parts))
    assert (first.part, first.type, first.pages) == (1, "giay_phep_xay_dung", 1)
    assert (second.part, second.type, second.pages) == (2, "giay_khai_sinh", 2)


def test_the_same_paper_is_told_in_every_file_whoever_scanned_it() -> None:
    here, there = held(found(so="12/2025")), held(found(so="12/2025"), replace(REVISION, document="B", dossier="H2"))
    assert here.paper == there.paper != ""
    without_id = held(found(owner=replace(LAN, id12=""), so="12/2025"))
    assert without_id.paper == here.paper
    assert held(found(so="13/2025")).paper != here.paper
    assert held(found(owner=Owner("001085000002", "Trần Văn Hùng", "1985-02-03"), so="12/2025")).paper != here.paper
    assert held(found()).paper == ""


def test_lineages_follow_owners_or_fields_as_the_policy_of_the_type_says() -> None:
    assert held(found()).lineage == OWNER_LINEAGE
    plot = {"thua_dat_so": "12", "to_ban_do_so": "7", "dia_chi_thua_dat": "Xã A"}
    mine, sold = held(found(LAND, **plot)), held(found(LAND, Owner("001085000002", "Hùng", "1985-02-03"), **plot))
    assert mine.lineage == sold.lineage not in {"", OWNER_LINEAGE}
    assert held(found(LAND, **{**plot, "thua_dat_so": "13"})).lineage != mine.lineage
    assert held(found(LAND, thua_dat_so="12")).lineage == ""
    assert held(found("giay_phep_xay_dung")).lineage == ""


@pytest.mark.parametrize(
    ("origin", "reviewed", "unsure"),
    [(FieldOrigin.OCR, False, ("so",)), (FieldOrigin.HUMAN, False, ()), (FieldOrigin.OCR, True, ())],
)
def test_fields_with_problems_are_unsure_until_a_human_let_them_stand(
    origin: FieldOrigin, reviewed: bool, unsure: tuple[str, ...]
) -> None:
    field = Field("so", "12", "12", 0.5, origin=origin, problems=(Problem("x", "y"),))
    assert held(replace(found(), fields=(field,)), replace(REVISION, reviewed=reviewed)).unsure == unsure


def test_what_the_file_shows_marks_it() -> None:
    assert held(found(), replace(REVISION, failed={"secrecy", "original", "resolution"})).marks == (
        Exclusion.CLASSIFIED,
        Exclusion.PHOTOCOPY,
    )


def test_units_that_were_reorganised_are_told_with_their_basis() -> None:
    before = (Unit("27", "Tỉnh Bắc Ninh", UnitLevel.PROVINCE), Unit("9", "Xã Tam Đa", UnitLevel.COMMUNE))
    today = (Unit("24", "Tỉnh Bắc Ninh", UnitLevel.PROVINCE), Unit("7", "Xã Tam Đa mới", UnitLevel.COMMUNE))
    units = AddressUnits(UnitScheme.BEFORE_2025_07, before, today=today, basis="NQ 1658/NQ-UBTVQH15")
    field = Field("que_quan", "Xã Tam Đa", "Xã Tam Đa", 0.9, units=units)
    told = held(replace(found(), fields=(field,))).units_note
    assert told == "Xã Tam Đa, Tỉnh Bắc Ninh → Xã Tam Đa mới, Tỉnh Bắc Ninh (NQ 1658/NQ-UBTVQH15)"
    same = replace(field, units=replace(units, today=before))
    assert held(replace(found(), fields=(same,))).units_note == ""
