"""Every command that the documentation shows is one that the parser takes, with these very options."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.cli import make_parser

ROOT = Path(__file__).resolve().parents[2]
#: A command line in a block of code or in backticks.
_BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"^(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?sohoa (.+)$")
#: What stands for a number, for a word, and for nothing at all.
_NUMBERS = {"N": "2"}


def documented() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for block in _BLOCK.findall(path.read_text(encoding="utf-8")):
            for line in re.sub(r"\s*\\\n\s*", " ", block).splitlines():
                for one in re.split(r"\s;\s", line.partition(" #")[0]):
                    found = _LINE.match(one.strip())
                    if found and "$" not in found[1] and not found[1].endswith("..."):
                        yield path.name, re.split(r"\s{2,}|\s[|>]\s|\s[|>]", found[1])[0].strip()


@pytest.mark.parametrize(("page", "command"), sorted(set(documented())))
def test_what_the_documentation_shows_can_be_typed(page: str, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = [_NUMBERS.get(word, word.removesuffix("...")) for word in shlex.split(command)]
    try:
        make_parser().parse_args([word for word in words if word])
    except SystemExit as left:
        pytest.fail(f"{page}: sohoa {command}\n{capsys.readouterr().err}") if left.code else None
