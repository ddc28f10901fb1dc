"""docs/security.md names tests that exist, and every line is held, does not apply, or says that it is not held."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FILE = re.compile(r"\| ([A-Z]) \| `(tests/[\w/]+\.py)`")
NAMED = re.compile(r"\b([A-Z]):(test_\w+)")
LINE = re.compile(r"^\| (\d+\.\d+[^|]*) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


@pytest.fixture
def text(root: Path) -> str:
    return (root / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_test_that_is_named_exists(root: Path, text: str) -> None:
    files = {letter: (root / path).read_text(encoding="utf-8") for letter, path in FILE.findall(text)}
    named = set(NAMED.findall(text))
    assert len(named) > 80
    assert [f"{letter}:{name}" for letter, name in named if f"def {name}(" not in files[letter]] == []


def test_every_line_says_how_it_is_held(text: str) -> None:
    lines = LINE.findall(text)
    assert len(lines) > 80
    for number, _, held in lines:
        assert NAMED.search(held) or re.match(r"–|\*\*not held\*\*|through the|\[prov|`", held), number


def test_no_line_stands_twice(text: str) -> None:
    numbers = [number for number, _, _ in LINE.findall(text)]
    assert len(numbers) == len(set(numbers))
