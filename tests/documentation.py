"""The commands that README and docs show, as people read them: what stands for what, which of several is meant."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`((?:[A-Z_]+=\S+ )*(?:sohoa|scripts/\w+|python -m \S+)(?: [^`]*)?)`")
_LINE = re.compile(r"^((?:[A-Z_]+=\S+ )*)(?:\.venv/bin/)?(sohoa|python3?|scripts/\w+)(?: (.*))?$")
#: What stands for more that is not written out.
MORE = frozenset({"...", "…"})


@dataclass(frozen=True, order=True)
class Shown:
    """A command on a page: its ``program``, its ``words``, the settings before it, the file that its output goes to.

    ``whole``: it stands in a block, to be typed; else the page speaks of it.
    """

    page: str
    program: str
    words: tuple[str, ...]
    settings: tuple[tuple[str, str], ...] = ()
    output: str = ""
    whole: bool = True

    def __str__(self) -> str:
        return " ".join((self.program, *self.words))


def shown() -> Iterator[Shown]:
    """Every command of README and docs (not of the decisions, which tell what was), in their order."""
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        text = path.read_text(encoding="utf-8")
        for block in _BLOCK.findall(text):
            for line in re.sub(r"\s*\\\n\s*", " ", block).splitlines():
                for one in re.split(r"\s;\s", line.partition(" #")[0]):
                    yield from _read(path.name, one.strip(), whole=True)
        for spoken in _INLINE.findall(_BLOCK.sub("", text)):
            yield from _read(path.name, " ".join(spoken.split()), whole=False)


def _read(page: str, text: str, *, whole: bool) -> Iterator[Shown]:
    found = _LINE.match(text)
    if found is None or "$(" in text:
        return
    command, _, output = (found[3] or "").partition(" > ")
    settings = tuple((name, value) for name, _, value in (one.partition("=") for one in found[1].split()))
    words = tuple(shlex.split(command.replace("[", "").replace("]", "")))
    yield Shown(page, found[2], words, settings, output.strip(), whole)


def blocks(page: str, heading: str) -> list[str]:
    """What is to be typed under a heading of a page, block by block."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return _BLOCK.findall(text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0])


def variants(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The commands that ``words`` stand for: ``a list | show X`` and ``--as this|that`` are several."""
    for one in _of_words(words):
        choices = next((place for place, word in enumerate(one) if "|" in word), None)
        if choices is None:
            yield one
        else:
            for word in one[choices].split("|"):
                yield (*one[:choices], word, *one[choices + 1 :])


def _of_words(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    groups: list[list[str]] = [[]]
    for word in words:
        if word == "|":
            groups.append([])
        else:
            groups[-1].append(word)
    if len(groups) == 1:
        yield words
        return
    head, first = groups[0][:1] if len(groups[0]) > 1 else [], groups[0][1:] or groups[0]
    alternatives = [first, *groups[1:]]
    tail = groups[-1][1:]
    shared = tail if not head or set(tail) <= MORE else []
    for group in alternatives[:-1]:
        yield (*head, *group, *shared)
    yield (*head, *groups[-1])
