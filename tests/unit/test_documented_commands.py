"""Every command that the documentation shows is one that the parser takes, with these very options."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.cli import make_parser

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"^(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?sohoa ([^$]+)$")
#: What stands for a number, and what for more that is not written out.
_NUMBERS, _MORE = {"N": "2"}, {"...", "…"}


def documented() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for block in _BLOCK.findall(path.read_text(encoding="utf-8")):
            for line in re.sub(r"\s*\\\n\s*", " ", block).splitlines():
                for one in re.split(r"\s;\s", line.partition(" #")[0]):
                    if found := _LINE.match(one.strip()):
                        yield path.name, found[1].partition(" > ")[0].strip()


def typed(command: str) -> list[str]:
    """The words of a command: of several the first, of what is not written out nothing but the command's name."""
    words = shlex.split(command.replace("[", "").replace("]", ""))
    if words[-1] in _MORE or "|" in words:
        return [words[0], "--help"]
    plain = (word.partition("|")[0].removesuffix("...") for word in words)
    return [_NUMBERS.get(word, word) for word in plain if word]


@pytest.mark.parametrize(("page", "command"), sorted(set(documented())))
def test_what_the_documentation_shows_can_be_typed(page: str, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code: object = 0
    try:
        make_parser().parse_args(typed(command))
    except SystemExit as left:
        code = left.code
    assert not code, f"{page}: sohoa {command}\n{capsys.readouterr().err}"
