"""Digitised files against the rules: every rule that comes with the product passes what is right and tells what is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from pipeline.conformity import DerivedPdf, Facts, KeptPicture, judge, load_rule_sets, picture_traits, shipped_rule_sets
from pipeline.conformity.rule_sets import parse_rule_set
from pipeline.domain.documents import Source
from pipeline.domain.findings import Conformity, Outcome, RuleOutcome, Severity
from pipeline.domain.geometry import Box
from pipeline.domain.pages import (
    Line,
    LineRole,
    PageOrigin,
    PagePicture,
    PageReading,
    PageText,
    PictureEncoding,
    Quality,
    UnreadPage,
    Word,
)

COLOUR = KeptPicture(300.0, 3, 8)
SETS = {rules.code: rules for rules in shipped_rule_sets()}
RULES = [(rules.code, rule.id) for rules in SETS.values() for rule in rules.rules]


def page(number: int, *lines: tuple[str, LineRole], **changes: object) -> PageReading:
    written = tuple(Line((Word(text, Box(200, 150, 400, 190), 0.95),), role=role) for text, role in lines)
    reading = PageReading(number, 2480, 3508, 300.0, PageText(number, written, "scripted"), PageOrigin.OCR)
    return replace(reading, **changes)  # type: ignore[arg-type]


RIGHT = Facts(
    Source("a.pdf", "0" * 64, 5, "application/pdf", pages=2),
    (page(1, ("QUYẾT ĐỊNH", LineRole.BODY)), page(2, blank=True)),
    (COLOUR, COLOUR),
    DerivedPdf("a.pdf", 500_000, 1.7, "PDF/A-2b", digitiser_signatures=1, agency_signatures=1),
)


def with_picture(**changes: object) -> Facts:
    return replace(RIGHT, pictures=(COLOUR, replace(COLOUR, **changes)))


def with_pdf(**changes: object) -> Facts:
    return replace(RIGHT, pdf=replace(RIGHT.pdf, **changes))


def with_page(reading: PageReading) -> Facts:
    return replace(RIGHT, readings=(RIGHT.readings[0], reading))


#: For each measure, a file that fares ill, what is told of it, and on what pages.
WRONG: dict[str, tuple[Facts, str, tuple[int, ...]]] = {
    "resolution": (with_picture(dpi=149.6), "150 dpi", (2,)),
    "colour": (with_picture(components=1), "xám", (2,)),
    "lost_pages": (replace(RIGHT, source=replace(RIGHT.source, pages=4)), "2 trang thiếu", ()),
    "unopened_pages": (with_picture(stand_in=True), "có", (2,)),
    "rescans": (with_page(page(2, quality=Quality("rescan", ("blur",)))), "có", (2,)),
    "secrecy": (with_page(page(2, ("TUYỆT MẬT", LineRole.BODY))), "có", (2,)),
    "copies": (with_page(page(2, ("SAO Y", LineRole.COPY_STAMP))), "có", (2,)),
    "format": (with_pdf(conformance="PDF"), "PDF", ()),
    "pdf_version": (with_pdf(version=1.3), "1.3", ()),
    "documents": (replace(RIGHT, documents=3), "3 giấy tờ", ()),
    "file_name": (with_pdf(name="hồ/sơ.exe"), "hồ/sơ.exe", ()),
    "bytes": (with_pdf(bytes=104_857_601), "104.857.601 byte", ()),
    "digitiser_signatures": (with_pdf(digitiser_signatures=0), "0 chữ ký", ()),
    "agency_signatures": (with_pdf(agency_signatures=0), "0 chữ ký", ()),
}
#: Measures that a file made by this product cannot fail: a page prints at 100 %, and every blank page is kept.
NEVER_FAILED = ("scale", "blank_pages")


def outcome(facts: Facts, code: str, rule: str) -> RuleOutcome:
    (found,) = judge(facts, [SETS[code]])
    return next(one for one in found.outcomes if one.rule == rule)


@pytest.mark.parametrize(("code", "rule"), RULES)
def test_every_rule_passes_a_right_file(code: str, rule: str) -> None:
    found = outcome(RIGHT, code, rule)
    assert (found.outcome, found.pages) == (Outcome.PASSED, ())
    assert found.wanted and found.found and found.title


@pytest.mark.parametrize(
    ("code", "rule"),
    [one for one in RULES if next(r.measure for r in SETS[one[0]].rules if r.id == one[1]) not in NEVER_FAILED],
)
def test_every_rule_tells_what_is_wrong_and_where(code: str, rule: str) -> None:
    measure = next(one.measure for one in SETS[code].rules if one.id == rule)
    facts, told, pages = WRONG[measure]
    found = outcome(facts, code, rule)
    assert (found.outcome, found.found, found.pages) == (Outcome.FAILED, told, pages)


@pytest.mark.parametrize("measure", NEVER_FAILED)
def test_rules_that_cannot_be_failed_here_tell_it_where_a_file_is_otherwise(measure: str) -> None:
    text = f'code="x"\nversion="1"\ntitle="x"\nbasis="x"\n[[rules]]\nid="r"\ntitle="r"\nmeasure="{measure}"\nequals=7'
    (found,) = judge(RIGHT, [parse_rule_set(text, "x.toml")])
    assert found.outcomes[0].outcome is Outcome.FAILED


def test_what_cannot_be_measured_is_unknown_and_what_is_not_there_not_applicable() -> None:
    blind = replace(RIGHT, pictures=(replace(COLOUR, dpi=0.0),) * 2)
    assert outcome(blind, "ban_so_nd30", "resolution").outcome is Outcome.UNKNOWN
    assert outcome(with_page(page(2)), "so_hoa_ho_so", "blank_pages").outcome is Outcome.NOT_APPLICABLE


def test_a_page_that_could_not_be_opened_says_nothing_of_resolution_and_colour() -> None:
    lost = replace(page(2), content=UnreadPage(2, "damaged"))
    facts = replace(with_picture(dpi=100.0, components=1, bits=1, stand_in=True), readings=(RIGHT.readings[0], lost))
    assert outcome(facts, "ban_so_nd30", "resolution").outcome is Outcome.PASSED
    assert outcome(facts, "so_hoa_ho_so", "pages_opened").pages == (2,)


def test_the_worst_and_the_best_of_the_pages_that_fail_are_told() -> None:
    facts = replace(RIGHT, pictures=(replace(COLOUR, dpi=96.0), replace(COLOUR, dpi=150.0)))
    assert outcome(facts, "ban_so_nd30", "resolution").found == "96–150 dpi"


@pytest.mark.parametrize("text", ["MẬT", "tuyệt mật", "MAT", "MẬT ONG RỪNG"])
def test_only_a_stamp_by_itself_makes_a_state_secret(text: str) -> None:
    found = outcome(with_page(page(2, (text, LineRole.BODY))), "so_hoa_ho_so", "secrecy")
    assert found.outcome is (Outcome.FAILED if text == "MẬT" else Outcome.PASSED)


@pytest.mark.parametrize("name", sorted(path.name for path in files("pipeline.conformity").joinpath("rules").iterdir()))
def test_every_rule_set_of_the_product_parses_and_says_where_it_comes_from(name: str) -> None:
    text = files("pipeline.conformity").joinpath("rules", name).read_text(encoding="utf-8")
    rules = parse_rule_set(text, name)
    assert name == f"{rules.code}.toml"
    assert rules.basis and rules.version and rules.title
    assert all(rule.point for rule in rules.rules if rule.severity is Severity.BINDING)


def test_an_installation_adds_sets_and_takes_the_place_of_shipped_ones(tmp_path: Path) -> None:
    own = (
        'version="1"\ntitle="Tỉnh"\nbasis="01/QĐ-UBND"\n[[rules]]\nid="dpi"\ntitle="dpi"\nmeasure="resolution"\nat_least=600\n'
    )
    (tmp_path / "tinh.toml").write_text(f'code="tinh"\n{own}', encoding="utf-8")
    (tmp_path / "luu_tru.toml").write_text(f'code="luu_tru_so"\n{own}', encoding="utf-8")
    loaded = {rules.code: rules for rules in load_rule_sets(tmp_path)}
    assert set(loaded) == {*SETS, "tinh"}
    assert loaded["luu_tru_so"].title == "Tỉnh"
    (found,) = judge(RIGHT, [loaded["tinh"]])
    assert found == Conformity(
        "tinh", "1", "01/QĐ-UBND",
        (RuleOutcome("dpi", Outcome.FAILED, "≥ 600", "300", (1, 2), "dpi", "", Severity.SETTING),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda text: text.replace("at_least = 200", ""), "needs one of"),
        (lambda text: text.replace('measure = "scale"', 'measure = "weight"'), "measures 'weight'; there are resolution"),
        (lambda text: text.replace('severity = "binding"', 'severity = "grave"', 1), "'grave' is not a valid Severity"),
        (lambda text: text.replace('id = "scale"', 'id = "colour"'), "rule 'colour' stands there twice"),
        (lambda text: text.replace('title = "Ảnh màu"', ""), "'title' is missing"),
        (lambda text: text.replace("at_least = 200", "matches = '['"), "unterminated"),
        (lambda text: "code = ", "Invalid value"),
    ],
)
def test_a_faulty_rule_set_is_refused_by_its_name(change: Callable[[str], str], fault: str) -> None:
    text = files("pipeline.conformity").joinpath("rules", "ban_so_nd30.toml").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match=r"^tinh\.toml: ") as refused:
        parse_rule_set(change(text), "tinh.toml")
    assert fault in str(refused.value)


@pytest.mark.parametrize("dpi", [float("nan"), float("inf"), 0.0, 300.0])
def test_a_resolution_that_makes_no_sense_is_not_known(dpi: float) -> None:
    picture = PagePicture(b"", PictureEncoding.JPEG, 10, 10, dpi, 3)
    assert picture_traits(picture) == KeptPicture(dpi if dpi == 300.0 else 0.0, 3, 8)
