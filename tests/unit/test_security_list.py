"""docs/security.md has every line of the standard, each held by a test that exists, not applying, or told not to be held."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

FILE = re.compile(r"\| ([A-Z]{1,2}) \| `(tests/[\w/]+\.py)`")
NAMED = re.compile(r"\b([A-Z]{1,2}):(test_\w+)")
LINE = re.compile(r"^\| (\d+\.\d+[^|]*) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)

#: The lines of levels 1 and 2 of ASVS 4.0.3, without those that it has deleted: chapter and section, then numbers in it.
WANTED = """
1.1 1-7  1.2 1-4  1.4 1,4,5  1.5 1-4  1.6 1-4  1.7 1-2  1.8 1-2  1.9 1-2  1.10 1  1.11 1-2  1.12 2  1.14 1-6
2.1 1-12  2.2 1-3  2.3 1-3  2.4 1-6  2.5 1-7  2.6 1-3  2.7 1-6  2.8 1-7  2.9 1-3  2.10 1-4
3.1 1  3.2 1-4  3.3 1-4  3.4 1-5  3.5 1-3  3.7 1
4.1 1-3,5  4.2 1-2  4.3 1-3
5.1 1-5  5.2 1-8  5.3 1-10  5.4 1-3  5.5 1-4
6.1 1-3  6.2 1-6  6.3 1-2  6.4 1-2
7.1 1-4  7.2 1-2  7.3 1,3,4  7.4 1-3
8.1 1-4  8.2 1-3  8.3 1-8
9.1 1-3  9.2 1-4
10.2 1-2  10.3 1-3
11.1 1-8
12.1 1-3  12.2 1  12.3 1-6  12.4 1-2  12.5 1-2  12.6 1
13.1 1,3-5  13.2 1-3,5,6  13.3 1-2  13.4 1-2
14.1 1-4  14.2 1-6  14.3 2-3  14.4 1-7  14.5 1-4
"""


@pytest.fixture
def text(root: Path) -> str:
    return (root / "docs" / "security.md").read_text(encoding="utf-8")


def numbers(listed: str) -> Iterator[int]:
    for part in listed.split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def wanted() -> set[str]:
    words = WANTED.split()
    return {
        f"{section}.{number}" for section, listed in zip(words[::2], words[1::2], strict=True) for number in numbers(listed)
    }


def lines_of(told: str) -> Iterator[str]:
    """The lines that a row is about: one, several, a run of them, or a whole section."""
    for part in told.split(", "):
        first, _, last = part.partition("–")
        if last:
            section, _, number = first.rpartition(".")
            yield from (f"{section}.{one}" for one in range(int(number), int(last.rpartition(".")[2]) + 1))
        elif first.count(".") == 1:
            yield from (line for line in wanted() if line.startswith(f"{first}."))
        else:
            yield first


def test_every_test_that_is_named_exists(root: Path, text: str) -> None:
    held = {letter: ast.parse((root / path).read_text(encoding="utf-8")) for letter, path in FILE.findall(text)}
    there = {
        letter: {node.name for node in module.body if isinstance(node, ast.FunctionDef)} for letter, module in held.items()
    }
    named = set(NAMED.findall(text))
    assert len(named) > 150
    assert [f"{letter}:{name}" for letter, name in sorted(named) if name not in there.get(letter, set())] == []


def test_every_line_of_the_standard_is_there_once(text: str) -> None:
    told = [line for row, _, _ in LINE.findall(text) for line in lines_of(row.strip())]
    assert len(wanted()) == 260
    assert sorted(wanted() - set(told)) == []
    assert sorted(set(told) - wanted()) == []
    assert len(told) == len(set(told))


def test_every_line_is_held_by_a_test_does_not_apply_or_is_told_not_to_be_held(text: str) -> None:
    rows = LINE.findall(text)
    assert len(rows) > 150
    for number, _, held in rows:
        assert NAMED.search(held) or re.match(r"– \(.+\)|\*\*not held\*\*: .+", held), number


def test_what_is_not_held_says_what_to_do_instead(text: str) -> None:
    loose = [number for number, _, held in LINE.findall(text) if "**not held**" in held]
    assert loose == ["6.4.2", "8.3.1", "8.3.6", "9.2.4"]
