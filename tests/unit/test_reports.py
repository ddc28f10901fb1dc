"""Reports agree to the unit with who counts the records of the bucket by hand."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import flow
from pipeline.domain.documents import Status
from pipeline.domain.dossier_sheets import DossierSheet
from pipeline.domain.figures import Month, PaperKind, Period
from pipeline.reported import ReportedImports
from pipeline.reporting.targets import shipped_targets
from pipeline.reports import Reports
from storage.catalogue import SqlCatalogue
from tests.figured_office import COMMUNE, DISTRICT, PROVINCE, Paper, keep, many, review
from tests.scripted_office import Office, ScriptedReader

#: Read once more, by other hands: what the dictionary calls a result.
RESULTS = {
    *("quyet_dinh", "nghi_quyet", "giay_khai_sinh", "giay_chung_nhan_ket_hon", "giay_xac_nhan_hon_nhan"),
    *("giay_chung_nhan_ho_kinh_doanh", "giay_phep_xay_dung", "giay_chung_nhan_quyen_su_dung_dat", "phieu_ly_lich_tu_phap"),
}
APRIL_TO_JULY = Period(date(2025, 4, 1), date(2025, 7, 31))
FIGURES = "ky;ma_co_quan;ten_co_quan;cap;ma_thu_tuc;tiep_nhan;da_giai_quyet\n"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with closing(SqlCatalogue(f"sqlite:///{tmp_path}/catalogue.sqlite")) as catalogue:
        yield Office(tmp_path, catalogue, ScriptedReader())


def reports(office: Office) -> Reports:
    return Reports(office.catalogue, office.store, office.clock, shipped_targets())


def imports(office: Office) -> ReportedImports:
    return ReportedImports(office.store, office.catalogue, office.clock)


def report_figures(office: Office, *rows: str) -> None:
    path = office.folder / "figures.csv"
    path.write_text(FIGURES + "\n".join(rows), encoding="utf-8")
    imports(office).import_table(path)


def records(office: Office) -> list[dict[str, Any]]:
    """The newest record of every document in the bucket."""
    newest: dict[str, str] = {}
    for info in office.store.list("dossiers/"):
        if info.key.endswith("/record.json"):
            folder = info.key.rsplit("/", 2)[0]
            newest[folder] = max(newest.get(folder, ""), info.key)
    return [json.loads(office.store.get(key)) for key in newest.values()]


def papers(record: dict[str, Any]) -> list[dict[str, Any]]:
    return record["components"] or ([record] if record["document_type"] else [])


def day_in_vietnam(iso: str) -> str:
    return (datetime.fromisoformat(iso) + timedelta(hours=7)).date().isoformat()


def counted(record: dict[str, Any], paper: dict[str, Any]) -> tuple[str, str]:
    """Whether a paper is a component or a result, and the day that it counts on."""
    came = day_in_vietnam(record["received_at"])
    written = re.search(r"-(\d\d)(\d\d)(\d\d)-\d+$", record["dossier"])
    received = f"20{written[1]}-{written[2]}-{written[3]}" if written else ""
    said = paper["validity"] or {}
    issued = "" if said.get("doubtful") else said.get("issued") or ""
    issued = issued if issued and issued <= came else ""
    if paper["document_type"]["code"] in RESULTS and not (received and issued and issued < received):
        return "result", issued or came
    return "component", received or came


def digitised_by_hand(office: Office) -> dict[tuple[str, str], tuple[str, Counter[str]]]:
    """By kind and dossier: the first day, and how many of its papers name each procedure."""
    found: dict[tuple[str, str], tuple[str, Counter[str]]] = {}
    for record in records(office):
        if record["status"] not in {"approved", "archived"} or record["dossier"] in {"", "."}:
            continue
        for paper in papers(record):
            kind, day = counted(record, paper)
            first, named = found.get((kind, record["dossier"]), (day, Counter()))
            named[(paper["procedure"] or {}).get("code", "")] += 1
            found[kind, record["dossier"]] = (min(first, day), named)
    return found


def test_dossiers_are_counted_as_who_counts_the_records_by_hand(office: Office) -> None:
    keep(office, many(7, 100))
    by_hand = digitised_by_hand(office)
    for month in APRIL_TO_JULY.months:
        period = Period(month.first, month.last)
        for kind in PaperKind:
            wanted = {
                dossier: (day, sum(named.values()))
                for (of_kind, dossier), (day, named) in by_hand.items()
                if of_kind == kind and day.startswith(str(month))
            }
            found = office.catalogue.figures.digitised(kind, period, None)
            assert {one.dossier: (one.day.isoformat(), one.papers) for one in found} == wanted, (month, kind)
    whole = office.catalogue.figures.digitised(PaperKind.COMPONENT, APRIL_TO_JULY, None)
    assert len(whole) > 20
    for one in whole:
        named = by_hand["component", one.dossier][1]
        del named[""]
        wanted_code = min(named, key=lambda code: (-named[code], code)) if named else ""
        assert one.procedure == wanted_code


def test_rates_are_what_who_divides_by_hand_gets(office: Office) -> None:
    keep(office, many(11, 90))
    told = {
        (month, code): (20 + 3 * number + place, 15 + place)
        for number, month in enumerate(("2025-04", "2025-05", "2025-07"))
        for place, code in enumerate((PROVINCE, COMMUNE))
    }
    levels = {PROVINCE: "tỉnh", COMMUNE: "xã"}
    rows = (f"{month};{code};Tên {code};{levels[code]};;{got};{done}" for (month, code), (got, done) in told.items())
    report_figures(office, *rows)
    rates = reports(office).rates(APRIL_TO_JULY, None)
    inside: Counter[tuple[str, str]] = Counter()
    outside = 0
    for (kind, dossier), (day, _) in digitised_by_hand(office).items():
        agency = dossier.split("-")[0]
        if "2025-04-01" <= day <= "2025-07-31":
            if (day[:7], agency) in told:
                inside[kind, agency] += 1
            else:
                outside += 1
    assert rates.total.rate.received == sum(got for got, _ in told.values())
    assert rates.total.rate.solved == sum(done for _, done in told.values())
    assert rates.total.rate.outside == outside > 0
    for code in (PROVINCE, COMMUNE):
        (row,) = (one for one in rates.offices if one.key == code)
        assert (row.rate.components, row.rate.results) == (inside["component", code], inside["result", code])
        got = sum(got for (_, of_office), (got, _) in told.items() if of_office == code)
        assert row.rate.of_components == pytest.approx(100 * inside["component", code] / got)
    for rows_of in (rates.levels, rates.offices, rates.months):
        for name in ("received", "solved", "components", "results", "outside"):
            assert sum(getattr(row.rate, name) for row in rows_of) == getattr(rates.total.rate, name), name
    assert sum(row.rate.components + row.rate.results + row.rate.outside for row in rates.procedures) == sum(
        "2025-04-01" <= day <= "2025-07-31" for day, _ in digitised_by_hand(office).values()
    )


def test_throughput_is_what_who_counts_the_records_by_hand_gets(office: Office) -> None:
    keep(office, many(13, 70))
    wanted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for record in records(office):
        agency = record["dossier"].split("-")[0]
        key = (agency if agency in {PROVINCE, DISTRICT, COMMUNE} else "", record["queue"])
        if not "2025-05-01" <= day_in_vietnam(record["received_at"]) <= "2025-05-31":
            continue
        wanted[key]["documents"] += 1
        wanted[key]["pages"] += len(record["pages"])
        wanted[key]["rescans"] += sum(page["quality"]["verdict"] == "rescan" for page in record["pages"])
        wanted[key]["approved"] += record["status"] == "approved"
        wanted[key]["rejected"] += record["status"] == "rejected"
    found = office.catalogue.figures.desks(Period(date(2025, 5, 1), date(2025, 5, 31)), None)
    assert {(one.office, one.queue) for one in found} == wanted.keys()
    for one in found:
        for name, count in wanted[one.office, one.queue].items():
            assert getattr(one, name) == count, (one.office, one.queue, name)
        assert len(one.minutes) == one.approved


def test_who_scanned_is_counted_as_the_receipts_say(office: Office) -> None:
    keep(office, many(17, 60))
    wanted: dict[str, Counter[str]] = defaultdict(Counter)
    receipts = [one.key for one in office.store.list("dossiers/") if one.key.endswith("/received.json")]
    told = {receipt["document"]: receipt for receipt in (json.loads(office.store.get(key)) for key in receipts)}
    for record in records(office):
        by = told[record["document"]].get("by", "")
        wanted[by]["documents"] += 1
        wanted[by]["pages"] += len(record["pages"])
        wanted[by]["rescans"] += sum(page["quality"]["verdict"] == "rescan" for page in record["pages"])
        wanted[by]["rejected"] += record["status"] == "rejected"
    period = Period(date(2025, 1, 1), date(2025, 12, 31))
    found = office.catalogue.figures.scanners(period, None)
    assert {one.person for one in found} == wanted.keys() == {"hoa", "lan", ""}
    for one in found:
        assert {name: getattr(one, name) for name in wanted[one.person]} == wanted[one.person]
    with closing(SqlCatalogue("sqlite://")) as fresh:
        flow.reindex(replace(office.ports, catalogue=fresh))
        assert fresh.figures.scanners(period, None) == found
    table = next(one for one in reports(office).make("throughput", period, None).tables if one.key == "scanners")
    assert {row[0] for row in table.rows} == {"hoa", "lan", "không ghi"}


def test_papers_whose_pages_went_into_another_count_as_neither_rejected_nor_scanned_twice(office: Office) -> None:
    kept = keep(office, [Paper("don_de_nghi", f"{COMMUNE}-250501-0001", "2025-05-01", rescans=1, by="hoa")] * 3)
    said = ("merged: gộp vào", "undone: tách nhầm", "withdrawn: quét mờ")
    for document, reason in zip(kept, said, strict=True):
        for status in (Status.NEEDS_REVIEW, Status.REJECTED):
            office.catalogue.move(document.id, status, actor="lan", reason=reason, at=office.clock.now())
    period = Period(date(2025, 5, 1), date(2025, 5, 31))
    (desk,) = office.catalogue.figures.desks(period, None)
    (scans,) = office.catalogue.figures.scanners(period, None)
    assert (desk.documents, desk.pages, desk.rescans, desk.rejected) == (1, 1, 1, 1)
    assert (scans.person, scans.documents, scans.pages, scans.rescans, scans.rejected) == ("hoa", 1, 1, 1, 1)


def test_people_and_corrections_are_counted_by_who_looked_and_what_was_wrong(office: Office) -> None:
    kept = keep(office, many(29, 60))
    review(office, kept, ["hoa", "lan"])
    looked = [document for document in kept[::3] if document.status is Status.APPROVED]
    wrong = sum(number % 4 == 0 for number, document in enumerate(kept[::3]) if document.status is Status.APPROVED)
    period = Period(date(2025, 1, 1), date(2025, 12, 31))
    people = office.catalogue.figures.people(period, None)
    assert {one.person for one in people} == {"hoa", "lan"}
    assert sum(one.documents for one in people) == len(looked)
    assert sum(one.looked_at for one in people) == 3 * len(looked)
    assert sum(one.wrong for one in people) == wrong > 0
    assert sum(one.seconds for one in people) == 36.0 * len(looked)
    corrections = office.catalogue.figures.corrections(period, None)
    assert sum(one.wrong for one in corrections) == wrong
    assert {one.key for one in corrections if one.wrong} == {"ngay_sinh"}
    mine = [document for document in looked if document.dossier.startswith(f"{COMMUNE}-")]
    assert sum(one.documents for one in office.catalogue.figures.people(period, (COMMUNE,))) == len(mine)


def test_an_office_is_counted_without_the_others(office: Office) -> None:
    keep(office, many(17, 60))
    report_figures(office, f"2025-05;{COMMUNE};Xã A;xã;;9;8", f"2025-05;{PROVINCE};Sở B;tỉnh;;9;8")
    rates = reports(office).rates(APRIL_TO_JULY, (COMMUNE,))
    assert {row.key for row in rates.offices} == {COMMUNE}
    assert {one.office for one in rates.deliveries} == {COMMUNE}
    desks = office.catalogue.figures.desks(APRIL_TO_JULY, (COMMUNE,))
    assert {desk.office for desk in desks} == {COMMUNE}
    assert office.catalogue.figures.digitised(PaperKind.COMPONENT, APRIL_TO_JULY, ()) == ()


def test_a_catalogue_rebuilt_from_the_bucket_counts_the_same(office: Office, tmp_path: Path) -> None:
    keep(office, many(19, 50))
    report_figures(office, f"2025-05;{COMMUNE};Xã A;xã;;9;8")
    report_figures(office, f"2025-05;{COMMUNE};Xã A;xã;;10;8")
    office.ports.auditing.seal()
    with closing(SqlCatalogue(f"sqlite:///{tmp_path}/new.sqlite")) as fresh:
        flow.reindex(replace(office.ports, catalogue=fresh))
        again = Reports(fresh, office.store, office.clock, shipped_targets())
        assert again.rates(APRIL_TO_JULY, None) == reports(office).rates(APRIL_TO_JULY, None)
        assert fresh.figures.reported_held() == 2


def test_documents_of_before_there_were_figures_are_counted_when_a_report_is_asked_for(office: Office) -> None:
    kept = keep(office, many(23, 30))
    figures = office.catalogue.figures
    before = figures.digitised(PaperKind.COMPONENT, APRIL_TO_JULY, None)
    from storage.figures import forget_tally

    with figures._database.write() as connection:  # type: ignore[attr-defined]
        for document in kept:
            forget_tally(connection, document.id)
    assert figures.digitised(PaperKind.COMPONENT, APRIL_TO_JULY, None) == ()
    assert reports(office).catch_up(most=10) == 10
    assert reports(office).catch_up() == 20
    assert figures.digitised(PaperKind.COMPONENT, APRIL_TO_JULY, None) == before


def test_an_office_that_reported_before_and_is_silent_now_is_told_of_once_its_figures_are_due(office: Office) -> None:
    report_figures(
        office,
        f"2025-04;{COMMUNE};Xã A;xã;;9;8",
        f"2025-04;{DISTRICT};Huyện B;huyện;;9;8",
        f"2025-06;{PROVINCE};Sở C;tỉnh;;9;8",
    )
    june = reports(office).rates(Period(date(2025, 6, 1), date(2025, 6, 30)), None)
    assert {(one.name, one.day is None) for one in june.deliveries} == {("Xã A", True), ("Huyện B", True), ("Sở C", False)}
    july = reports(office).rates(Period(date(2025, 7, 1), date(2025, 7, 31)), None)
    assert {one.name for one in july.deliveries} == {"Xã A", "Sở C"}
    office.clock.advance(datetime(2025, 8, 10, 1, tzinfo=UTC) - office.clock.now())
    assert reports(office).rates(Period(date(2025, 7, 1), date(2025, 7, 31)), None).deliveries == ()
    office.clock.advance(timedelta(days=1))
    assert len(reports(office).rates(Period(date(2025, 7, 1), date(2025, 7, 31)), None).deliveries) == 2


def test_an_office_counts_at_the_level_that_it_had_in_that_month(office: Office) -> None:
    report_figures(office, f"2025-06;{DISTRICT};Huyện B;huyện;;9;8", f"2025-07;{DISTRICT};Xã B;xã;;5;4")
    rates = reports(office).rates(Period(date(2025, 6, 1), date(2025, 7, 31)), None)
    assert {row.key: row.rate.received for row in rates.levels} == {"district": 9, "commune": 5}


def test_what_was_declared_at_the_counter_counts_more_than_what_papers_name(office: Office) -> None:
    dossier = f"{PROVINCE}-250405-0001"
    office.ports.sheets.declare(DossierSheet(dossier, procedure="2.000635", procedure_name="Cấp phép"), actor="hoa")
    (kept,) = keep(office, [Paper("don_de_nghi", dossier, "2025-04-05", procedure="1.001193")])
    (found,) = office.catalogue.figures.digitised(PaperKind.COMPONENT, APRIL_TO_JULY, None)
    assert found.procedure == "2.000635"
    office.ports.sheets.erase(dossier, actor="hoa", reason="nhầm")
    from storage.figures import forget_tally

    with office.catalogue.figures._database.write() as connection:  # type: ignore[attr-defined]
        forget_tally(connection, kept.id)
    reports(office).catch_up()
    (found,) = office.catalogue.figures.digitised(PaperKind.COMPONENT, APRIL_TO_JULY, None)
    assert found.procedure == "1.001193"


def test_what_is_erased_counts_no_more(office: Office) -> None:
    kept, _ = keep(office, [Paper("don_de_nghi", f"{PROVINCE}-250405-0001", "2025-04-05") for _ in range(2)])
    office.catalogue.restore(replace(kept, status=Status.ERASED))
    (left,) = office.catalogue.figures.digitised(PaperKind.COMPONENT, APRIL_TO_JULY, None)
    assert left.papers == 1


def test_a_dossier_that_is_read_again_goes_on_to_count(office: Office) -> None:
    (kept,) = keep(office, [Paper("don_de_nghi", f"{PROVINCE}-250405-0001", "2025-04-05")])
    flow.read_again(kept.id, flow.Wish(kept.queue), office.ports)
    assert len(office.catalogue.figures.digitised(PaperKind.COMPONENT, APRIL_TO_JULY, None)) == 1


def test_what_was_issued_before_the_dossier_came_is_no_result_of_it(office: Office) -> None:
    dossier = f"{PROVINCE}-250405-0001"
    keep(
        office,
        [
            Paper("giay_khai_sinh", dossier, "2025-04-05", issued="2015-07-20"),
            Paper("giay_phep_xay_dung", dossier, "2025-05-09", issued="2025-05-06"),
        ],
    )
    (component,) = office.catalogue.figures.digitised(PaperKind.COMPONENT, APRIL_TO_JULY, None)
    (result,) = office.catalogue.figures.digitised(PaperKind.RESULT, APRIL_TO_JULY, None)
    assert (component.day, result.day) == (date(2025, 4, 5), date(2025, 5, 6))


def test_a_dossier_without_a_day_in_its_code_counts_once_in_its_first_month(office: Office) -> None:
    keep(office, [Paper("don_de_nghi", "tập 1", day) for day in ("2025-05-20", "2025-06-02")])
    figures = office.catalogue.figures
    for month, count in ((Month(2025, 5), 1), (Month(2025, 6), 0)):
        assert len(figures.digitised(PaperKind.COMPONENT, Period(month.first, month.last), None)) == count
