"""Electronic signatures as witnesses of who signed and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipeline.domain.findings import Findings
from pipeline.domain.pages import LineRole, PageText
from pipeline.understanding import understand
from pipeline.understanding.sheets import make_sheet
from pipeline.understanding.zones.electronic import electronic_days, electronic_signers
from tests.written_pages import Written, decision, write_line, write_page

TODAY = date(2026, 1, 1)


def signed_page(*said: str, lines: list[Written] | None = None):
    page = write_page(lines or decision())
    over = tuple(
        replace(write_line(1500, 20 + 40 * at, text), block=9, role=LineRole.E_SIGNATURE) for at, text in enumerate(said)
    )
    return replace(page, content=PageText(1, (*page.text.lines, *over), "written"))


def read(*said: str, lines: list[Written] | None = None) -> Findings:
    return understand([signed_page(*said, lines=lines)], today=TODAY)


@pytest.mark.parametrize(
    ("said", "names"),
    [
        (("Người ký: Nguyễn Văn Thành", "Email: thanh@x.gov.vn"), ("Nguyễn Văn Thành",)),
        (("Ký bởi: Ủy ban nhân dân tỉnh Bắc Ninh", "Thời gian ký: 07/03/2024 08:00:01 +07:00"), ()),
        (("Ký bởi: TRẦN THỊ BÌNH", "Cơ quan: Sở Tư pháp"), ("Trần Thị Bình",)),
    ],
)
def test_persons_are_told_from_bodies(said: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert electronic_signers([make_sheet(signed_page(*said))]) == names


def test_the_day_of_a_signature_is_read() -> None:
    page = signed_page("Ký bởi: Sở Tư pháp", "Thời gian ký: 07/03/2024 08:00:01 +07:00")
    assert electronic_days([make_sheet(page)]) == {"2024-03-07"}


def test_a_name_hidden_on_paper_is_taken_from_the_signature_and_confirmed_by_a_human() -> None:
    lines = [(1520, 2400, "N£uýễn Văn Thành", 0.25) if line[2] == "Nguyễn Văn Thành" else line for line in decision()]
    lines += [(1700, 2401, "Thành", 0.99)]
    found = read("Người ký: Nguyễn Văn Thành", lines=lines).field("nguoi_ky")
    assert found is None or (found.value == "Nguyễn Văn Thành" and found.confidence <= 0.9)


def test_another_spelling_in_the_signature_is_suggested() -> None:
    found = read("Người ký: Nguyễn Văn Thanh").field("nguoi_ky")
    assert found is not None
    assert found.value == "Nguyễn Văn Thành"
    assert [one.value for one in found.suggestions] == ["Nguyễn Văn Thanh"]


def test_a_clerk_who_stamped_the_paper_electronically_is_not_its_signer() -> None:
    found = read("Người ký: Lê Thị Hoa").field("nguoi_ky")
    assert found is not None
    assert (found.value, found.suggestions) == ("Nguyễn Văn Thành", ())
