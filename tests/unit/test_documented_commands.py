"""Every command that the documentation shows is one that the parser takes, with these very options.

That they do what is told of them, tests/acceptance/test_documented_commands.py tries.
"""

from __future__ import annotations

import re

import pytest

from pipeline.cli import make_parser
from tests.documentation import MORE, ROOT, Shown, shown, variants

#: What stands for a number.
_NUMBERS = {"N": "2"}
SOHOA = sorted({(one.page, words) for one in shown() if one.program == "sohoa" for words in variants(one.words)})


def typed(words: tuple[str, ...]) -> list[str]:
    """The words of a command: of one that is not written out nothing but what was asked for."""
    if words[-1] in MORE and not words[-2].startswith("--"):
        return [*words[:-1], "--help"] if len(words) == 2 else [words[0], "--help"]
    plain = (word.removesuffix("...") for word in words)
    return [_NUMBERS.get(word, word) for word in plain if word]


def leaves(words: list[str]) -> object:
    try:
        make_parser().parse_args(words)
    except SystemExit as left:
        return left.code
    return 0


@pytest.mark.parametrize(("page", "words"), [(page, words) for page, words in SOHOA if words], ids=str)
def test_what_the_documentation_shows_can_be_typed(
    page: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    spoken_of = not any(one.whole for one in shown() if one.page == page and words in variants(one.words))
    code = leaves(typed(words))
    if code and spoken_of:
        code = leaves([*(word for word in typed(words)[:2] if not word.startswith("-")), "--help"])
    assert not code, f"{page}: sohoa {' '.join(words)}\n{capsys.readouterr().err}"


def test_alternatives_are_taken_apart_as_people_read_them() -> None:
    assert list(variants(("batch", "list", "|", "show", "..."))) == [("batch", "list", "..."), ("batch", "show", "...")]
    assert list(variants(("revoke", "|", "clear", "D", "--by", "…"))) == [
        ("revoke", "D", "--by", "…"),
        ("clear", "D", "--by", "…"),
    ]
    assert list(variants(("hooks", "list", "|", "end", "S"))) == [("hooks", "list"), ("hooks", "end", "S")]
    assert list(variants(("exclude", "D", "--as", "a|b"))) == [("exclude", "D", "--as", "a"), ("exclude", "D", "--as", "b")]


def scripts() -> list[Shown]:
    return sorted({one for one in shown() if one.program != "sohoa"})


@pytest.mark.parametrize("one", scripts(), ids=str)
def test_programs_of_the_checkout_that_the_documentation_shows_are_there(one: Shown) -> None:
    if one.program.startswith("scripts/"):
        assert (ROOT / one.program).exists()
        return
    if one.words[0] == "-m":
        place = ROOT.joinpath(*one.words[1].split("."))
        assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file(), one
    else:
        assert (ROOT / one.words[0]).is_file(), one


def test_benches_that_the_documentation_shows_are_there() -> None:
    told = {one.words[2] for one in shown() if one.words[:2] == ("-m", "scripts.bench")}
    listed = (
        (ROOT / "scripts" / "bench" / "__main__.py").read_text(encoding="utf-8").partition("benches = (")[2].partition(")")[0]
    )
    assert told <= set(re.findall(r'"([\w-]+)"', listed))
