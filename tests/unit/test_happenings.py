"""What happened to papers is told in words: no code of the machine stands on a page, people's own words stay as they are."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.domain.documents import Event, Status
from pipeline.domain.holdings import ReasonCode
from pipeline.review_desk import RejectionCode
from pipeline.web.happenings import actor_in_words, part_in_words, reason_in_words
from pipeline.web.words import WORDS

AT = datetime(2026, 1, 5, 8, tzinfo=UTC)
CODE = re.compile(r"\b[a-z]+_[a-z_]+\b|Error\b|\w\(")
#: Reasons that the machine gives in the words of its own code, as string constants.
OF_OURS = re.compile(r'(?:reason=|Status\.\w+, |status, |former, )"([a-z][a-z ]+(?:: [a-z ]+)?)"')


def said(reason: str, actor: str = "sohoa", after: Status = Status.NEEDS_REVIEW, language: str = "vi") -> str:
    return reason_in_words(Event("d1", AT, actor, None, after, reason), WORDS[language])


def codes(root: Path) -> list[str]:
    return re.findall(r"^\| `([a-z_]+)` \|", (root / "docs" / "problems.md").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_problem_code_stands_in_a_timeline(root: Path, language: str) -> None:
    for code in codes(root):
        for after in Status:
            told = said(code, after=after, language=language)
            assert told, code
            assert not CODE.search(told), code
            assert code not in told


def test_every_reason_that_the_flow_gives_has_words_of_its_own(root: Path) -> None:
    for name in ("flow.py", "revisions.py", "custody/page_changes.py", "batches/feeding.py", "../storage/catalogue.py"):
        text = (root / "pipeline" / name).read_text(encoding="utf-8")
        for reason in OF_OURS.findall(text):
            if reason not in {"signed", "approved"}:
                assert said(reason) not in {WORDS["vi"]["h_fault"], WORDS["vi"]["h_value"]}, (name, reason)


def test_what_nobody_has_words_for_is_still_a_decent_phrase() -> None:
    assert said("something_new") == "có thông tin cần đối chiếu"
    assert said("something_new", after=Status.REJECTED) == "tệp không dùng được"
    assert said("something_new", after=Status.READING) == "hệ thống ghi nhận thay đổi"
    broken = "read_page(d1, 3): ValueError: no such page"
    assert said(broken, after=Status.FAILED) == WORDS["vi"]["h_fault"]
    assert said(broken, after=Status.APPROVED) == WORDS["vi"]["h_fault"]
    assert not said("")


def test_what_people_wrote_stays_as_they_wrote_it() -> None:
    assert said("Dân báo sai ngày sinh: xem lại", actor="hoa") == "Dân báo sai ngày sinh: xem lại"
    assert said("received", actor="hoa") == "received"
    assert said("reviewed", actor="hoa", after=Status.APPROVED) == "đã soát xét và duyệt"
    assert said("withdrawn: mờ", actor="hoa") == "bỏ khỏi hồ sơ tại quầy: mờ"
    assert said("merged: 0199-id: hai tờ là một", actor="hoa") == "gộp vào giấy tờ khác: hai tờ là một"
    assert said("undone: nhầm", actor="hoa") == "hoàn tác thay đổi trang: nhầm"


def test_every_reason_of_a_reviewer_is_said_in_words() -> None:
    for code in RejectionCode:
        told = said(f"{code.value}: Trang 1 mờ", actor="hoa", after=Status.REJECTED)
        assert told == f"{WORDS['vi'][f'r_{code.value}']}: Trang 1 mờ"


def test_who_did_it_and_what_was_looked_at_have_names() -> None:
    assert actor_in_words("sohoa", {}, WORDS["vi"]) == "Hệ thống"
    assert actor_in_words("hoa", {"hoa": "Lê Thị Hoa"}, WORDS["en"]) == "Lê Thị Hoa"
    assert actor_in_words("system:x", {}, WORDS["vi"]) == "system:x"
    assert part_in_words("document.pdf", WORDS["vi"]) == "tệp PDF"
    assert part_in_words("latest documents", WORDS["en"]) == "latest documents"
    assert part_in_words("brand_new", WORDS["vi"]) == "phần khác"
    assert not part_in_words("", WORDS["vi"])


@pytest.mark.parametrize("code", ReasonCode)
def test_why_a_paper_was_refused_is_said_on_the_page_of_its_owner(code):
    for language in ("vi", "en"):
        assert part_in_words(code.value, WORDS[language]) not in {"", WORDS[language]["what_other"]}
