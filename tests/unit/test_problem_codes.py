"""docs/problems.md names every problem code of the product, in the words that operators see."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.reuse import exclusions
from pipeline.review import earlier
from pipeline.understanding.messages import MESSAGES

ROW = re.compile(r"^\| `([a-z_]+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)
REJECTED = re.compile(r"class \w+\((?:RejectedInputError|SohoaError)\):.*?default_code = \"(\w+)\"", re.DOTALL)
#: Errors of our own and of callers: they never stand in a record of a paper as a problem of the file.
NOT_OF_FILES = {"stage_failed", "unavailable", "not_entitled", "not_found", "conflict"}


@pytest.fixture
def rows(root: Path) -> dict[str, tuple[str, str]]:
    """Message and English of every code that is documented."""
    found = ROW.findall((root / "docs" / "problems.md").read_text(encoding="utf-8"))
    assert len({code for code, _, _ in found}) == len(found)
    return {code: (message, english) for code, message, english in found}


def codes_in(root: Path) -> set[str]:
    """Every code that a record can hold about a file, its pages and its fields."""
    review = "".join(path.read_text(encoding="utf-8") for path in (root / "pipeline" / "review").glob("*.py"))
    refusing = ("intake/rejections.py", "foreign/refusals.py")
    rejections = "".join((root / "pipeline" / name).read_text(encoding="utf-8") for name in refusing)
    errors = (root / "pipeline" / "domain" / "errors.py").read_text(encoding="utf-8")
    return {
        *MESSAGES,
        *re.findall(r"Problem\(\s*\"([a-z_]+)\"", review),
        *(earlier.FIELD_DIFFERS, earlier.FIELD_LOST, earlier.TYPE_DIFFERS),
        *re.findall(r"code=\"([a-z_]+)\"", rejections),
        *exclusions.CODES.values(),
        *(set(REJECTED.findall(errors)) - NOT_OF_FILES),
    }


def test_every_code_is_documented_and_no_other(root: Path, rows: dict[str, tuple[str, str]]) -> None:
    assert set(rows) == codes_in(root)


def test_messages_stand_there_as_operators_see_them(rows: dict[str, tuple[str, str]]) -> None:
    for code, message in MESSAGES.items():
        assert rows[code][0] == message


def test_every_message_says_what_to_do() -> None:
    for code, message in MESSAGES.items():
        *said, to_do = re.split(r"(?<=[.?;]) ", message)
        assert said, code
        assert re.match(r"Đối chiếu|Kiểm tra|Chọn|Xác nhận|nếu|Không|Nhập", to_do), code
