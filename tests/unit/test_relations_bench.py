"""The bench of relations counts what it says."""

from __future__ import annotations

from pathlib import Path

from scripts.bench.corpora import FieldTruth
from scripts.bench.relations import report
from tests.written_pages import decision, write_page

CARD = [
    (700, 250, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (900, 330, "Độc lập - Tự do - Hạnh phúc"),
    (950, 480, "CĂN CƯỚC CÔNG DÂN"),
    (400, 650, "Số: 027091000001"),
    (400, 740, "Họ và tên: TRẦN VĂN AN"),
    (400, 830, "Ngày sinh: 05/04/1991"),
    (400, 920, "Giới tính: Nam  Quốc tịch: Việt Nam"),
    (400, 1010, "Quê quán: Tiên Du, Bắc Ninh"),
    (400, 1100, "Nơi thường trú: Phú Lâm, Tiên Du, Bắc Ninh"),
    (400, 1190, "Có giá trị đến: 05/04/2031"),
]


def test_owners_and_last_days_are_held_against_the_truth() -> None:
    fields = {"so_dinh_danh": "027091000001", "ho_ten": "Trần Văn An", "ngay_het_han": "2031-04-05"}
    right = FieldTruth(Path("a.pdf"), "can_cuoc_cong_dan", fields)
    other = FieldTruth(
        Path("b.pdf"), "can_cuoc_cong_dan", fields | {"so_dinh_danh": "027091000009", "ngay_het_han": "2030-01-01"}
    )
    told = "\n".join(report("x", [(right, [write_page(CARD)]), (other, [write_page(CARD)])]))
    assert "- owners: 1 linked, 1 to another" in told
    assert "- last days: 1 right, 1 wrong" in told


def test_a_zone_that_is_taken_away_is_told() -> None:
    told = "\n".join(report("x", [(FieldTruth(Path("a.pdf"), "Quyết định", {}), [write_page(decision())])]))
    assert "- layout: 0 hints on 1 pages" in told
    for rule in ("issuer", "number", "place_date", "subject", "recipients"):
        assert f"- without {rule}: 1 fail" in told
