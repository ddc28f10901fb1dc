"""Who papers go to, as recipients are named: bodies by set phrases, what they are told it for, and who else with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from rapidfuzz import fuzz, process

from pipeline.understanding.folding import fold
from pipeline.understanding.phrases import phrases
from pipeline.understanding.units.lone_names import is_registered

_PURPOSE = re.compile(r"^(?P<body>.*\S)\s*\((?P<purpose>[^()]+)\)$")
#: How like a known recipient one must be, of 100, that was meant to be it.
_NEAR = 80.0
#: And by how many letters it may be longer or shorter.
_LETTERS = 4
_BESIDES = " và các "


def spelt_recipient(text: str) -> str:
    """``text`` as the recipient of its letters is spelt: a body, others of its kind, what for; empty where none is known."""
    found = _PURPOSE.match(text)
    if fold(text) in known_recipients():
        return known_recipients()[fold(text)]
    body = _spelt_body(found["body"] if found else text)
    purpose = _spelt_purpose(found["purpose"]) if found else ""
    if not body or (found and not purpose):
        return ""
    return f"{body} ({purpose})" if purpose else body


def is_usual_recipient(text: str) -> bool:
    """Whether such a recipient is known, marks as spelt."""
    return spelt_recipient(text) == text or is_body(text)


def is_body(text: str) -> bool:
    """Whether ``text`` is the name of a body, with its place where it has one."""
    found = _PURPOSE.match(text)
    body = found["body"] if found else text
    told = found is None or _spelt_purpose(found["purpose"]) == found["purpose"]
    words = body.split()
    heads = (" ".join(words[:size]) for size in range(1, len(words)))
    placed = any(head in _bodies().values() and is_registered(body.removeprefix(head).strip()) for head in heads)
    return told and (body in _bodies().values() or placed)


def is_near_miss(text: str) -> bool:
    """Whether a known recipient is almost called ``text``, neither being but the beginning of the other: one was misread."""
    letters = fold(text)
    near = process.extract(letters, known_recipients().keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=3)
    return any(
        abs(len(phrase) - len(letters)) <= _LETTERS and not phrase.startswith(letters) and not letters.startswith(phrase)
        for phrase, _, _ in near
    )


def _spelt_body(text: str) -> str:
    letters = fold(text)
    if letters in known_recipients():
        return known_recipients()[letters]
    if letters in _bodies():
        return _bodies()[letters]
    for others, spelt in _besides().items():
        if letters.endswith(others) and (body := known_recipients().get(letters.removesuffix(others).strip())):
            return f"{body}{_BESIDES}{spelt}"
    return ""


def _spelt_purpose(text: str) -> str:
    said = [_purposes().get(fold(part), "") for part in re.split(r"\s*[,;]\s*", text)]
    return ", ".join(said) if all(said) else ""


@cache
def known_recipients() -> Mapping[str, str]:
    """Set phrases that name recipients, by their letters."""
    return {fold(phrase): phrase for phrase in phrases("recipients")}


@cache
def _bodies() -> Mapping[str, str]:
    """Bodies that issue papers, by their letters; words that only begin their names are none."""
    return {fold(phrase): phrase for phrase in phrases("issuers") if " " in phrase}


@cache
def _besides() -> Mapping[str, str]:
    """What stands behind a body with others of its kind, by its letters, the longest first."""
    spelt = sorted(phrases("besides"), key=len, reverse=True)
    return {f"{fold(_BESIDES)} {fold(phrase)}": phrase for phrase in spelt}


@cache
def _purposes() -> Mapping[str, str]:
    return {fold(f"{lead}{purpose}"): f"{lead}{purpose}" for purpose in phrases("purposes") for lead in ("để ", "")}
