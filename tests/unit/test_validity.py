"""How long papers hold: what they say, what the law says, and what that makes on a day."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.domain.findings import Classification, Field, Findings, Problem, Validity
from pipeline.domain.validity import ValidityState, last_day, state_on
from pipeline.understanding.sheets import make_sheet
from pipeline.understanding.standing.terms import Said, read_term
from pipeline.understanding.standing.validity import find_validity
from tests.written_findings import found
from tests.written_pages import write_page


def validity(findings: Findings, *lines: str) -> Validity | None:
    page = write_page([(330, 400 + 90 * place, line) for place, line in enumerate(lines)])
    return find_validity(findings, [make_sheet(page)])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Giấy này có giá trị trong thời hạn 06 tháng kể từ ngày cấp.", Said(term="P6M")),
        ("có giá trị 06 (sáu) tháng kể từ ngày ký", Said(term="P6M")),
        ("có giá trị trong thời hạn mười hai tháng", Said(term="P12M")),
        ("có giá trị đến hết ngày 15/10/2043", Said(until="2043-10-15")),
        ("Có giá trị đến / Date of expiry: 15/10/2043", Said(until="2043-10-15")),
        ("từ ngày 01/02/2025 đến ngày 31/01/2026", Said(since="2025-02-01", until="2026-01-31")),
        ("có hiệu lực thi hành kể từ ngày 01 tháng 7 năm 2025", Said(since="2025-07-01")),
        ("có hiệu lực sau 45 ngày kể từ ngày ký", Said()),
        ("có hiệu lực sau ngày ký", Said()),
        ("Lâu dài", Said(unlimited=True)),
        ("Không thời hạn", Said(unlimited=True)),
        ("Đến tháng 10/2043", Said(until="2043-10-31")),
        ("đến năm 2060", Said(until="2060-12-31")),
        ("50 năm kể từ ngày Nhà nước giao đất", Said(term="P50Y")),
        ("06 (tám) tháng", Said(term="P6M", doubtful=True)),
        ("Đất ở: Lâu dài; đất vườn: đến ngày 15/10/2043", Said(until="2043-10-15", doubtful=True)),
        ("thay thế Quyết định số 12/QĐ-UBND ngày 03/02/2020", Said()),
        ("tháng 6 năm 2025", Said()),
    ],
)  # fmt: skip
def test_terms_are_read_as_papers_print_them(text: str, said: Said) -> None:
    assert read_term(text) == said


@pytest.mark.parametrize(
    ("first", "term", "last"),
    [
        (date(2025, 1, 15), "P6M", date(2025, 7, 15)),
        (date(2024, 8, 31), "P6M", date(2025, 2, 28)),
        (date(2024, 2, 29), "P1Y", date(2025, 2, 28)),
        (date(2024, 12, 20), "P30D", date(2025, 1, 19)),
        (date(2024, 12, 20), "P2W", date(2025, 1, 3)),
        (date(2024, 12, 20), "P", None),
        (date(2024, 12, 20), "6 tháng", None),
    ],
)
def test_a_term_ends_with_the_day_of_the_same_number(first: date, term: str, last: date | None) -> None:
    assert last_day(first, term) == last


SINGLE = found("giay_xac_nhan_hon_nhan", ngay_cap="2025-01-15", muc_dich="đăng ký kết hôn với anh Lê Văn Bình")


def test_a_certificate_of_single_status_holds_six_months_for_its_purpose() -> None:
    made = validity(SINGLE, "Giấy này có giá trị trong thời hạn 06 tháng kể từ ngày cấp.")
    assert made is not None
    assert (made.issued, made.until, made.term, made.doubtful) == ("2025-01-15", "2025-07-15", "P6M", False)
    assert made.conditions == ("đăng ký kết hôn với anh Lê Văn Bình",)
    assert made.evidence[0].page == 1


def test_the_law_says_the_term_where_the_paper_does_not() -> None:
    made = validity(SINGLE)
    assert made is not None and (made.until, made.term) == ("2025-07-15", "P6M")


def test_a_paper_that_contradicts_the_law_of_its_type_is_doubtful_and_ends_with_the_earlier_term() -> None:
    made = validity(SINGLE, "Giấy này có giá trị trong thời hạn 08 tháng kể từ ngày cấp.")
    assert made is not None and (made.until, made.doubtful) == ("2025-07-15", True)


def test_a_building_permit_says_its_twelve_months_over_a_line_break() -> None:
    permit = found("giay_phep_xay_dung", ngay_cap="2024-03-01")
    made = validity(permit, "3. Giấy phép này có hiệu lực khởi công xây dựng trong thời hạn", "12 tháng kể từ ngày ký;")
    assert made is not None and (made.until, made.doubtful) == ("2025-03-01", False)


def test_an_unsure_day_of_issue_makes_the_end_doubtful() -> None:
    inked = Field("ngay_cap", "2025-01-15", "15/01/2025", 0.5, problems=(Problem("date_handwritten", "Xem lại."),))
    made = validity(found("giay_xac_nhan_hon_nhan", ngay_cap=inked))
    assert made is not None and made.doubtful


def test_a_card_without_a_term_holds_for_ever() -> None:
    card = found("can_cuoc_cong_dan", ho_ten="Trần Văn An")
    assert validity(card, "Có giá trị đến: Không thời hạn") == Validity(
        unlimited=True, evidence=validity(card, "Có giá trị đến: Không thời hạn").evidence
    )


def test_entries_of_civil_status_hold_without_a_term_by_law() -> None:
    made = validity(found("giay_khai_sinh", ngay_dang_ky="2016-06-15"))
    assert made == Validity("2016-06-15", unlimited=True)


def test_a_by_law_that_comes_into_force_later_says_since_when() -> None:
    made = validity(found("thong_tu", ngay_ban_hanh="2025-06-30"), "Thông tư này có hiệu lực từ ngày 01 tháng 7 năm 2025.")
    assert made is not None and (made.issued, made.since, made.until) == ("2025-06-30", "2025-07-01", "")


def test_what_a_decision_says_of_land_is_not_its_own_term() -> None:
    made = validity(found("quyet_dinh", ngay_ban_hanh="2025-02-05"), "Thời hạn sử dụng đất: Ổn định lâu dài.")
    assert made is not None and not made.unlimited


def test_a_conditions_sentence_counts_where_no_field_names_a_purpose() -> None:
    single = found("giay_xac_nhan_hon_nhan", ngay_cap="2025-01-15")
    made = validity(single, "Giấy này chỉ có giá trị sử dụng để vay vốn tại ngân hàng.")
    assert made is not None and made.conditions == ("Giấy này chỉ có giá trị sử dụng để vay vốn tại ngân hàng.",)


def test_types_without_validity_have_none() -> None:
    assert validity(Findings(Classification("khac", 0.9)), "Giấy này có giá trị đến ngày 01/01/2030") is None


@pytest.mark.parametrize(
    ("made", "day", "state"),
    [
        (None, "2025-01-01", ValidityState.UNKNOWN),
        (Validity("2025-01-15", "2025-07-15"), "2025-07-15", ValidityState.VALID),
        (Validity("2025-01-15", "2025-07-15"), "2025-07-16", ValidityState.EXPIRED),
        (Validity("2025-01-15", "2025-07-15"), "2025-01-14", ValidityState.NOT_YET),
        (Validity("2025-06-30", since="2025-07-01", unlimited=True), "2025-06-30", ValidityState.NOT_YET),
        (Validity("2025-06-30", since="2025-07-01"), "2025-08-01", ValidityState.UNKNOWN),
        (Validity(until="2028-04-07"), "2028-04-07", ValidityState.VALID),
        (Validity("2016-06-15", unlimited=True), "2090-01-01", ValidityState.VALID),
        (Validity("2025-01-15", "2025-07-15", doubtful=True), "2025-03-01", ValidityState.DOUBTFUL),
        (Validity("2025-01-15", "2024-07-15"), "2025-03-01", ValidityState.DOUBTFUL),
        (Validity("ngày mai", "không rõ"), "2025-03-01", ValidityState.UNKNOWN),
    ],
)
def test_the_state_on_a_day_follows_from_what_is_known(made: Validity | None, day: str, state: ValidityState) -> None:
    assert state_on(made, date.fromisoformat(day)) is state
