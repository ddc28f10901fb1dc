"""How the names of administrative units are spelt, by their letters: for names that stand without the units above them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pipeline.domain.syllables import canonical
from pipeline.understanding.folding import fold
from pipeline.understanding.units.gazetteer import KINDS, read_units

#: At which place of a row of ``units.tsv.gz`` the name stands, by the row's first part.
_NAMED = {"P": 2, "O": 2, "D": 3, "N": 2, "C": 3, "F": 3}


def unit_spellings(name: str, kind: str = "") -> tuple[str, ...]:
    """The names, without their kind, of all units with the letters of ``name``; of the folded ``kind`` alone where given."""
    found = _spellings().get(fold(name), ())
    return tuple(dict.fromkeys(spelt for of, spelt in found if not kind or of == kind or of.endswith(f" {kind}")))


@cache
def unit_words() -> frozenset[str]:
    """The words of the names of all units, in small letters, tones where today's spelling sets them."""
    return frozenset(canonical(word) for found in _spellings().values() for _, name in found for word in name.split())


@cache
def _spellings() -> Mapping[str, tuple[tuple[str, str], ...]]:
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for line in read_units().split("\n"):
        row = line.split("\t")
        at = _NAMED.get(row[0], 0)
        if not 0 < at < len(row):
            continue
        for whole in row[at].split("|"):
            kind, name = _parted(whole)
            letters = fold(name)
            if name and (kind, name) not in found.get(letters, ()):
                found[letters] = (*found.get(letters, ()), (kind, name))
    return found


def _parted(whole: str) -> tuple[str, str]:
    """The folded kind and the name of ``Phường Ba Đình``."""
    letters = fold(whole)
    kind = next((kind for kind in KINDS if letters.startswith(f"{kind} ")), "")
    return (kind, whole.split(" ", kind.count(" ") + 1)[-1]) if kind else ("", whole)
