"""What speaks for a field, and what is made of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.domain.findings import Evidence, Field, FieldOrigin, FieldSpec, FieldValue
from pipeline.domain.geometry import Box
from pipeline.understanding import document_types, understand
from pipeline.understanding.fields import Extract
from pipeline.understanding.sheets import make_sheet
from pipeline.understanding.trust.chances import learnt_chance, settle_confidence, surround
from pipeline.understanding.trust.confidence import Proof
from pipeline.understanding.trust.traits import KINDS, TRAITS, kind_of, measure_traits, step_width
from tests.written_pages import decision, write_page

PAGE = write_page(decision())
AROUND = surround([PAGE], [make_sheet(PAGE)])
HERE = (Evidence(1, Box(420, 480, 800, 524)),)


def trait(name: str, key: str, kind: str, value: FieldValue, proof: Proof | None = None, **parts: object) -> float:
    field = Field(key, value, str(value), 0.9, HERE)
    traits = measure_traits(FieldSpec(key, kind, True), replace(field, **parts), proof or Proof((0.95, 0.97)), AROUND)  # type: ignore[arg-type]
    return traits[TRAITS.index(name)]


@pytest.mark.parametrize(
    ("name", "key", "kind", "good", "bad"),
    [
        ("no_lost_dot", "dia_danh", "text", "Đồng Kỵ", "Đồng Ky"),
        ("no_lost_dot", "nguoi_ky", "name", "Lý Đức Duy", "Lý Đức Ty"),
        ("no_small_word", "trich_yeu", "text", "nâng cấp đường Cầu Khỉ", "nâng cấp đường Cầu Khi"),
        ("given_names", "nguoi_ky", "name", "Lục Khắc Thái", "Lục Khác Thái"),
        ("given_names", "trich_yeu", "text", "bổ nhiệm ông Ngô Khắc Đạt làm Trưởng phòng", "bổ nhiệm ông Ngô Khác Đạt"),
        ("given_names", "noi_nhan", "list", ("Như trên", "Lưu: VT, NN.Hiếu9b"), ("Như trên", "Lưu: VT, NN.Biếu9b")),
        ("clean", "nganh_nghe", "text", "Bán lẻ hàng tạp hóa", "Bán & hàng tạp hóa"),
        ("family_name", "nguoi_ky", "name", "Khổng Mạnh Nam", "Không Mạnh Nam"),
        ("usual_length", "nguoi_ky", "name", "Nguyễn Kim Thắm", "Nguyễn Kim"),
        ("clean", "noi_nhan", "list", ("Như trên", "Lưu: VT, VX1"), ("Như trên", "Lưu: VT, VXI")),
        ("clean", "trich_yeu", "text", "chuyển 120 m² đất", "chuyển 120 m? đất"),
        ("sound", "noi_nhan", "list", ("Như trên", "Lưu: VT"), ("Như trên", "Công báo")),
        ("opened", "noi_nhan", "list", ("Như trên", "Lưu: VT"), ("Công báo", "Lưu: VT")),
        ("sound", "so_dinh_danh", "id12", "027166577394", "999166577394"),
        ("sound", "so_ky_hieu", "code", "40/2026/QH16", "40/2026/QH"),
        ("sound", "co_quan_chu_quan", "text", "UBND TỈNH NAM ĐỊNH", "UBND TỈNH NAM ĐỊNH SỞ GIÁO DỤC VÀ ĐÀO TẠO"),
        ("sound", "so", "code", "42/2024", "42/202"),
        ("sound", "dien_tich", "area", "43,42 m²", "43.42 m²"),
        ("sound", "so_dien_thoai", "phone", "0912345678", "0112345678"),
        ("sound", "ngay_sinh", "date", "1966-04-03", "0966-04-03"),
        ("sound", "so_tang", "int", 3, 300),
        ("spelt", "trich_yeu", "text", "Chưa đăng ký kết hôn", "Chưa đăng ký kết h"),
        ("known", "gioi_tinh", "text", "Nữ", "Nưữ"),
        ("known", "quoc_tich", "text", "Việt Nam", "Việt"),
        ("common_marks", "nguoi_ky", "name", "Lương Trọng Hiếu", "Lường Trọng Hiếu"),
        ("common_marks", "nguoi_ky", "name", "Lê Trọng Hiếu", "Lê Trọng Hiểu"),
        ("registered", "noi_cu_tru", "address", "xã Đại Đồng, tỉnh Ninh Bình", "xã Đai Đồng, tỉnh Ninh Bình"),
        ("registered", "dia_danh", "text", "Đồng Kỵ", "Đồng Ky"),
        ("ended", "noi_cu_tru", "address", "xã Phúc Than, tỉnh Lai Châu", "khu phố Giữa, xã Phúc Than"),
        ("ended", "trich_yeu", "text", "lấy ý kiến dự thảo quy định về thủy lợi", "lấy ý kiến dự thảo"),
        ("spelt", "noi_cu_tru", "address", "xã Ea Rốk, tỉnh Đắk Lắk", "xã Ea Rxk, tỉnh Đắk Lắk"),
        ("no_small_word", "noi_nhan", "list", ("Như trên", "Các sở, ban, ngành"), ("Như trên", "Sở Các ngành")),
        ("known", "noi_nhan", "list", ("UBND tỉnh (để báo cáo)", "Lưu: VT"), ("UBND tinh (để báo cáo)", "Lưu: VT")),
        ("usual_words", "trich_yeu", "text", "Tổng kết Trường Mầm non Hoà Bình", "Tổng kết Trường Mâm non Hoà Bình"),
        ("usual_words", "trich_yeu", "text", "tiếp xúc cử tri về văn bản hành chính", "tiếp xúc cử trị"),
        ("known", "chuc_vu_nguoi_ky", "text", "PHÓ CHỦ TỊCH", "PHÓ CHỦ TICHH"),
    ],
)
def test_what_looks_misread_has_less_to_speak_for_it(
    name: str, key: str, kind: str, good: FieldValue, bad: FieldValue
) -> None:
    assert (trait(name, key, kind, good), trait(name, key, kind, bad)) == (1.0, 0.0)


def test_the_rest_of_the_paper_speaks_for_a_spelling_and_against_another() -> None:
    twice = write_page([*decision(), (520, 1400, "Giao Ủy ban nhân dân xã Đồng Kỵ, xã Đồng Kỵ thực hiện.")])
    around = surround([twice], [make_sheet(twice)])

    def told(value: str) -> tuple[float, float]:
        field = Field("dia_danh", value, value, 0.9, HERE)
        traits = measure_traits(FieldSpec("dia_danh", "text", True), field, Proof((0.9, 0.9)), around)
        return traits[TRAITS.index("agreed")], traits[TRAITS.index("nothing_differs")]

    assert told("Đồng Kỵ") == (1.0, 1.0)
    assert told("Đồng Ky") == (0.0, 0.0)


def test_a_line_that_seems_left_out_of_a_list_is_noticed() -> None:
    def spots(*tops: int) -> tuple[Evidence, ...]:
        return tuple(Evidence(1, Box(100, top, 400, top + 40)) for top in tops)

    items = ("Như trên", "Lưu: VT")
    assert trait("even_lines", "noi_nhan", "list", items, evidence=spots(0, 60, 121, 180)) == 1.0
    assert trait("even_lines", "noi_nhan", "list", items, evidence=spots(0, 60, 180, 240)) == 0.0


def test_words_whose_form_is_known_to_the_last_sign_count_apart_from_the_others() -> None:
    sure, unsure = Proof((0.95,), formed=(0.99,)), Proof((0.95,), formed=(0.3,))
    value = ("Như trên", "Lưu: VT, NN.Hiếu9b")
    assert trait("formed_4", "noi_nhan", "list", value, sure) > trait("formed_4", "noi_nhan", "list", value, unsure) == 0
    assert trait("words_3", "noi_nhan", "list", value, sure) == trait("words_3", "noi_nhan", "list", value, unsure)
    assert trait("formed_5", "noi_nhan", "list", value, Proof((0.95,))) == 1.0


def test_a_name_that_goes_on_elsewhere_has_lost_its_end() -> None:
    signed = write_page([*decision(), (520, 1400, "Nguyễn Kim Thắm"), (1400, 1400, "Trần Văn An Giám đốc")])
    around = surround([signed], [make_sheet(signed)])

    def sure(name: str) -> float:
        field = Field("ho_ten", name, name.upper(), 0.9, HERE)
        spec = FieldSpec("ho_ten", "name", True)
        extract = Extract((field,), (), {"ho_ten": Proof((0.99,))})
        return settle_confidence(extract, {"ho_ten": spec}, around, lambda spec, traits: 0.99)[0].confidence

    assert sure("Nguyễn Kim") <= 0.5
    assert sure("Nguyễn Kim Thắm") == 0.99
    assert sure("Phạm Hồng") == 0.99


def test_an_address_that_stops_before_its_province_may_have_lost_its_end() -> None:
    def sure(address: str) -> float:
        field = Field("noi_cu_tru", address, address, 0.9, HERE)
        extract = Extract((field,), (), {"noi_cu_tru": Proof((0.99,))})
        specs = {"noi_cu_tru": FieldSpec("noi_cu_tru", "address", True)}
        return settle_confidence(extract, specs, AROUND, lambda spec, traits: 0.99)[0].confidence

    assert sure("khu phố Giữa, xã Phúc Than") <= 0.5
    assert sure("tổ dân phố ến Đò, xã Phúc Than, tỉnh Lai Châu") <= 0.5
    assert sure("khu phố Giữa, xã Phúc Than, huyện Than Uyên, tỉnh Lai Châu") == 0.99


@pytest.mark.parametrize(("body", "whole"), [("ỦY BAN NHÂN DÂN PHƯỜNG", False), ("ỦY BAN NHÂN DÂN PHƯỜNG 9", True)])
def test_a_body_that_stops_before_the_name_of_its_place_has_lost_its_end(body: str, whole: bool) -> None:
    field = Field("co_quan_ban_hanh", body, body, 0.9, HERE)
    extract = Extract((field,), (), {"co_quan_ban_hanh": Proof((0.99,))})
    specs = {"co_quan_ban_hanh": FieldSpec("co_quan_ban_hanh", "text", True)}
    assert (settle_confidence(extract, specs, AROUND, lambda spec, traits: 0.99)[0].confidence > 0.5) is whole


def test_each_field_is_of_one_kind_by_type_and_key() -> None:
    kinds = {kind_of(FieldSpec(key, kind, True)) for key, kind in (("so", "code"), ("dia_danh", "text"), ("x", "text"))}
    assert kinds == {"register", "place", "prose"}
    assert kind_of(FieldSpec("x", "money_vnd", True)) == "digits"
    assert step_width("words_1") == 3


def test_of_a_kind_of_which_nothing_was_learnt_nothing_is_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.understanding.trust.chances._weights", dict)
    assert learnt_chance(FieldSpec("so", "code", True), [1.0] * len(TRAITS)) == 0.0


def test_no_weight_but_the_base_speaks_against_a_value() -> None:
    base = [0.0] * (len(TRAITS) - 1) + [1.0]
    for key, kind in (("so_dinh_danh", "id12"), ("so", "code"), ("ho_ten", "name"), ("dia_chi", "address"), ("x", "list")):
        spec = FieldSpec(key, kind, True)
        assert kind_of(spec) in KINDS
        lowest = learnt_chance(spec, base)
        for place in range(len(TRAITS) - 1):
            assert learnt_chance(spec, [*base[:place], 1.0, *base[place + 1 :]]) >= lowest


def test_the_confidence_of_fields_is_what_is_asked_for() -> None:
    findings = understand([PAGE], weigh=lambda spec, traits: 0.75)
    assert findings.fields
    assert all(field.confidence <= 0.75 for field in findings.fields)


def test_where_a_pen_wrote_one_number_of_a_form_it_may_have_written_all() -> None:
    specs = {spec.key: spec for kind in document_types() if kind.code == "don_de_nghi" for spec in kind.fields}
    keys = ("so_dinh_danh", "ngay_sinh", "ho_ten")
    fields = tuple(Field(key, "2001-02-06", "x", 0.9, HERE) for key in keys)
    proofs = {key: Proof((0.99,), inked=key == "so_dinh_danh") for key in keys}
    found = settle_confidence(Extract(fields, (), proofs), specs, AROUND, lambda spec, traits: 0.99)
    assert [[problem.code for problem in field.problems] for field in found] == [
        ["value_handwritten"],
        ["value_handwritten"],
        [],
    ]
    coded = (replace(fields[0], origin=FieldOrigin.OCR), replace(fields[1], origin=FieldOrigin.QR), fields[2])
    assert not settle_confidence(Extract(coded, (), proofs), specs, AROUND, lambda spec, traits: 0.99)[1].problems
