"""The sample generator tells the truth about what it draws."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
import yaml
import zxingcpp
from PIL import Image

from scripts.corpus import LEVELS, TYPES, Level, Specimen, TrueWord, layouts_of, make_document
from scripts.corpus.chance import Chance, Split
from scripts.corpus.cli import main
from scripts.corpus.dates import say_day
from scripts.corpus.fonts import FILES, families, families_of
from scripts.corpus.people import draw_person
from scripts.corpus.places import PROVINCES

SPLITS: tuple[Split, ...] = ("tune", "held_out")


def darkness(pixels: np.ndarray, word: TrueWord) -> float:
    """How much darker than its surroundings the darkest of a word's box is, in grey levels."""
    left, top, right, bottom = (round(side) for side in word.box)
    grey = pixels[max(0, top - 6) : bottom + 6, max(0, left - 6) : right + 6].mean(axis=2)
    inside = pixels[max(0, top) : bottom, max(0, left) : right].mean(axis=2)
    return float(np.percentile(grey, 95) - inside.min()) if inside.size else 0.0


def fullness(pixels: np.ndarray, word: TrueWord) -> tuple[float, float]:
    """The shares of a box's columns and rows (in its inner nine tenths) that hold ink."""
    left, top, right, bottom = (round(side) for side in word.box)
    inside = pixels[top:bottom, left:right].min(axis=2) < 150
    return float(inside.any(axis=0).mean()), float(inside.any(axis=1).mean())


def pages_with_words(specimen: Specimen) -> list[tuple[np.ndarray, TrueWord]]:
    return [(pixels, word) for pixels, page in zip(specimen.pages, specimen.truth.pages, strict=True) for word in page.words]


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("code", TYPES)
def test_every_type_is_drawn_with_fields_words_and_text(code: str, split: Split) -> None:
    specimen = make_document(code, 11, split=split, dpi=200)
    assert specimen.truth.type == code
    assert specimen.truth.layout in layouts_of(code, split)
    assert all(page.dtype == np.uint8 and page.shape[2] == 3 for page in specimen.pages)
    assert len(specimen.pages) == len(specimen.truth.pages)
    words = [word.text for page in specimen.truth.pages for word in page.words]
    assert sorted(words) == sorted(specimen.truth.text.split())
    assert bool(specimen.truth.fields) == (code != "khac")


@pytest.mark.needs_shared
@pytest.mark.parametrize("split", SPLITS)
def test_fields_are_those_of_the_dictionary(shared: Path, split: Split) -> None:
    dictionary = yaml.safe_load((shared / "contracts" / "document_types.yaml").read_text(encoding="utf-8"))
    assert set(TYPES) == set(dictionary["types"])
    for code, entry in dictionary["types"].items():
        group = entry.get("group")
        known = dictionary["groups"][group]["fields"] if group else entry["fields"]
        fields = make_document(code, 5, split=split, dpi=200).truth.fields
        assert set(fields) <= set(known), code
        assert {key for key, kind in known.items() if kind["req"]} <= set(fields), code
        for key, value in fields.items():
            check_value(known[key]["type"], value)


def check_value(kind: str, value: object) -> None:
    match kind:
        case "date":
            assert date.fromisoformat(str(value))
        case "int" | "money_vnd" | "year":
            assert isinstance(value, int)
        case "id12":
            assert len(str(value)) == 12
            assert str(value).isdigit()
        case "code" | "phone":
            assert " " not in str(value)
        case "name":
            assert str(value) == " ".join(part[0].upper() + part[1:].lower() for part in str(value).split())
        case "list":
            assert isinstance(value, tuple)
        case _:
            assert isinstance(value, str)
            assert value


@pytest.mark.parametrize(
    "code", ["quyet_dinh", "giay_khai_sinh", "giay_chung_nhan_ket_hon", "can_cuoc_cong_dan", "giay_tiep_nhan_ho_so"]
)
def test_boxes_of_a_clean_page_hold_their_word_and_nothing_more(code: str) -> None:
    specimen = make_document(code, 3, dpi=200)
    for pixels, word in pages_with_words(specimen):
        assert darkness(pixels, word) > 40, word
    across, down = np.array([fullness(pixels, word) for pixels, word in pages_with_words(specimen)]).T
    assert np.median(across) > 0.8
    assert np.median(down) > 0.95


@pytest.mark.parametrize("level", [level for level in LEVELS if level not in ("clean", "poor", "glare")])
def test_boxes_follow_the_page_through_every_defect(level: Level) -> None:
    specimen = make_document("giay_phep_xay_dung", 4, level=level, dpi=200)
    dark = [darkness(pixels, word) > 12 for pixels, word in pages_with_words(specimen)]
    assert np.mean(dark) > 0.97


def test_a_turned_page_has_its_boxes_turned_exactly() -> None:
    clean = make_document("cong_van", 6, dpi=200)
    turned = make_document("cong_van", 6, level="turned", dpi=200)
    page = turned.truth.pages[0]
    assert page.rotation in (90, 180, 270)
    assert (page.width > page.height) == (page.rotation != 180)
    assert [word.text for word in page.words] == [word.text for word in clean.truth.pages[0].words]


@pytest.mark.parametrize("level", ["clean", "poor"])
def test_the_same_seed_gives_the_same_document(level: Level) -> None:
    first = make_document("giay_khai_sinh", 21, level=level, dpi=200)
    second = make_document("giay_khai_sinh", 21, level=level, dpi=200)
    other = make_document("giay_khai_sinh", 22, level=level, dpi=200)
    assert first.truth == second.truth
    assert all(np.array_equal(one, two) for one, two in zip(first.pages, second.pages, strict=True))
    assert first.truth.fields != other.truth.fields


def test_a_defect_leaves_what_the_document_says_as_it_is() -> None:
    clean, poor = (make_document("don_de_nghi", 8, level=level, dpi=200) for level in ("clean", "poor"))
    assert clean.truth.fields == poor.truth.fields
    assert clean.truth.text == poor.truth.text


def test_held_out_layouts_and_fonts_are_never_drawn_for_tuning() -> None:
    for code in TYPES:
        assert layouts_of(code, "tune")
        assert layouts_of(code, "held_out")
        assert not set(layouts_of(code, "tune")) & set(layouts_of(code, "held_out"))
    split_of = {family: FILES[family][0] for family in families()}
    if set(split_of.values()) == set(SPLITS):
        assert not set(families_of("tune")) & set(families_of("held_out"))


@pytest.mark.parametrize("seed", range(60))
def test_personal_ids_agree_with_birthday_sex_and_province(seed: int) -> None:
    person = draw_person(Chance(str(seed)), date(2026, 3, 2), (1, 90))
    century = int(person.id12[3])
    assert person.id12[:3] in {province.code for province in PROVINCES}
    assert century % 2 == (0 if person.male else 1)
    assert 1900 + century // 2 * 100 + int(person.id12[4:6]) == person.born.year


def test_days_are_said_as_certificates_say_them() -> None:
    assert say_day(date(2016, 5, 1)) == "Ngày mùng một, tháng năm, năm hai nghìn không trăm mười sáu"
    assert say_day(date(1985, 4, 21)) == "Ngày hai mươi mốt, tháng tư, năm một nghìn chín trăm tám mươi lăm"


@pytest.mark.parametrize("layout", ["bilingual", "chip", "card_2024"])
def test_the_qr_code_of_a_card_can_be_read_and_agrees(layout: str) -> None:
    specimen = make_document("can_cuoc_cong_dan", 2, layout=layout, dpi=200)
    (code,) = zxingcpp.read_barcodes(specimen.pages[0])
    parts = code.text.split("|")
    assert parts[0] == specimen.truth.fields["so_dinh_danh"]
    assert parts[2] == specimen.truth.fields["ho_ten"]
    assert parts[5] == specimen.truth.fields["noi_thuong_tru"]


def test_the_barcode_of_a_slip_says_the_code_of_its_dossier() -> None:
    specimen = make_document("giay_tiep_nhan_ho_so", 2, layout="slip", dpi=200)
    assert [code.text for code in zxingcpp.read_barcodes(specimen.pages[0])] == [specimen.truth.fields["ma_ho_so"]]


def test_a_trap_keeps_number_and_day_out_of_the_text_layer(tmp_path: Path) -> None:
    specimen = make_document("quyet_dinh", 9, layout="standard", trap=True, dpi=200)
    (path,) = specimen.save(tmp_path, "trap", "born_digital")
    hidden = [word.text for word in specimen.truth.pages[0].words if word.origin in ("ink", "over")]
    with pypdfium2.PdfDocument(path) as pdf:
        layer = pdf[0].get_textpage().get_text_range()
        picture = np.asarray(pdf[0].render(scale=200 / 72).to_pil().convert("RGB"))
    number = str(specimen.truth.fields["so_ky_hieu"])
    assert hidden
    assert number not in layer
    assert number.split("/", 1)[1] in layer
    for word in specimen.truth.pages[0].words:
        assert darkness(picture, word) > 30, word


def test_a_spoilt_page_cannot_be_born_digital(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="clean"):
        make_document("giay_moi", 1, level="office", dpi=200).save(tmp_path, "x", "born_digital")


def test_documents_are_saved_in_every_form(tmp_path: Path) -> None:
    specimen = make_document("nghi_dinh", 2, layout="roomy", dpi=200)
    count = len(specimen.pages)
    assert count >= 3
    (tif,) = specimen.save(tmp_path, "a", "tif")
    (pdf,) = specimen.save(tmp_path, "b", "pdf")
    jpegs = specimen.save(tmp_path, "c", "jpg")
    with Image.open(tif) as image:
        assert getattr(image, "n_frames", 1) == count
    with pikepdf.open(pdf) as opened:
        assert len(opened.pages) == count
    assert len(jpegs) == count
    truth = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))
    assert truth["fields"]["so_ky_hieu"] == specimen.truth.fields["so_ky_hieu"]
    assert truth["files"] == ["b.pdf"]


def test_the_command_line_writes_a_dossier_of_five_components(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--sample-dossier", str(tmp_path / "dossier")]) == 0
    files = sorted((tmp_path / "dossier").iterdir())
    assert [path.suffix for path in files] == [".pdf", ".jpg", ".tif", ".pdf", ".jpg"]
    assert len(capsys.readouterr().out.splitlines()) == 5
    with Image.open(io.BytesIO(files[2].read_bytes())) as image:
        assert getattr(image, "n_frames", 1) == 2


def test_the_command_line_refuses_a_type_it_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--out", str(tmp_path), "--types", "giay_la"])
    assert stop.value.code == 2


@pytest.mark.parametrize("seed", range(6))
def test_a_newborn_has_the_code_of_the_province_that_registered_the_birth(seed: int) -> None:
    fields = make_document("giay_khai_sinh", seed, layout="inline", dpi=200).truth.fields
    registered = date.fromisoformat(str(fields["ngay_dang_ky"]))
    province = str(fields["noi_dang_ky"]).rsplit(", ", 1)[1]
    assert str(fields["so_dinh_danh"])[:3] in {one.code for one in PROVINCES if one.titled(registered) == province}


def test_digits_of_forms_are_written_by_a_pen_where_that_is_asked_for():
    found = {}
    for seed in range(4):
        specimen = make_document("don_de_nghi", seed, by_hand=True, dpi=200)
        fields = specimen.truth.fields
        texts = [word.text for word in specimen.truth.pages[0].words if word.origin == "ink"]
        found[seed] = fields["so_dinh_danh"] in texts
    assert any(found.values())
