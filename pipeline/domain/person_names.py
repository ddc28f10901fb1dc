"""Names of persons as they are spelt, read from ``person_names.toml``: family names by what they tell, and given names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from pipeline.domain.syllables import bare, canonical


@cache
def families(*groups: str) -> tuple[str, ...]:
    """The family names of ``groups`` (clear, words, middle, seldom, rare, given_too) as they are spelt, common ones first."""
    listed = dict.fromkeys(name for group in groups for name in _data()["families"][group].split())
    return tuple(dict.fromkeys((*(name for name in common_families() if name in listed), *listed)))


@cache
def common_families(count: int = 40) -> tuple[str, ...]:
    """The ``count`` most common family names, 40 at most, in the order of their frequency."""
    return tuple(_data()["families"]["common"].split()[:count])


@cache
def common_given_names() -> tuple[str, ...]:
    """Syllables of middle and given names so common that a mark that was lost is given back to them."""
    return (*(name for name in _given() if name[:1].isupper()), *_data()["given"]["doubtful"].split())


def is_given_syllable(word: str) -> bool:
    """Whether ``word``, in any case, is a usual syllable of middle and given names, marks as spelt."""
    return canonical(word) in _given_letters()


def is_outdone(word: str, *, family: bool = False) -> bool:
    """Whether a far commoner family name, or syllable of given names, than ``word`` has its letters but other marks.

    Lường for Lương, Hiểu for Hiếu: people are called so, but more often one mark was misread.
    """
    common = _common_families() if family else _common_letters()
    return canonical(word) not in common.get(bare(word), (canonical(word),))


@cache
def _common_families() -> Mapping[str, tuple[str, ...]]:
    return _by_letters(common_families())


@cache
def _common_letters() -> Mapping[str, tuple[str, ...]]:
    return _by_letters(name for name in _given() if name[:1].isupper())


def _by_letters(names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        found[bare(name)] = (*found.get(bare(name), ()), canonical(name))
    return found


@cache
def _given_letters() -> frozenset[str]:
    return frozenset(canonical(name) for name in _given())


@cache
def _given() -> tuple[str, ...]:
    return tuple(_data()["given"]["syllables"].split())


@cache
def _data() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files(__package__).joinpath("person_names.toml").read_text(encoding="utf-8"))
