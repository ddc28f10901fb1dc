"""Names of persons: spelt as names are, of families that exist; no two roles of a paper with the same person."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rapidfuzz.distance import Levenshtein

from pipeline.domain.findings import Suggestion
from pipeline.domain.person_names import common_families
from pipeline.domain.syllables import is_syllable
from pipeline.understanding.checks.papers import HINTED, Paper, Rule, Values, differ
from pipeline.understanding.folding import fold
from pipeline.understanding.values.names import FAMILY_NAMES

#: Peoples whose names are spelt as Vietnamese is, folded; empty where the paper does not say.
_SPELT_ALIKE = frozenset({"kinh", "tay", "nung", "muong", "hoa", ""})
_OWNERS = ("ho_ten", "ho_ten_vo", "ho_ten_chong", "ho_ten_me", "ho_ten_cha")


def check_names(paper: Paper) -> Iterator[Rule]:
    """What holds for the names on ``paper``."""
    alike = fold(paper.value("dan_toc")) in _SPELT_ALIKE
    for key, spec in paper.specs.items():
        if spec.type == "name" and paper.has(key):
            if alike or key == "nguoi_ky":
                yield Rule("name_spelling", (key,), _spelt(key), "", HINTED)
            yield from _family_rule(paper, key)
    for key in _OWNERS:
        keys = (key, "nguoi_ky")
        yield Rule("signer_is_owner", keys, differ(*keys), "", HINTED)


def _spelt(key: str) -> Callable[[Values], bool]:
    return lambda got: all(len(word) == 1 or not word.isalpha() or is_syllable(word) for word in got[key].split())


def _family_rule(paper: Paper, key: str) -> Iterator[Rule]:
    """A family name that is not on the list, with those that look like it: of a parent, of the same letters, common ones."""
    family = _family(paper.value(key))
    if family in FAMILY_NAMES:
        return
    kin = [_family(paper.value(parent)) for parent in ("ho_ten_cha", "ho_ten_me") if key == "ho_ten"]
    known = [name for name in kin if name in FAMILY_NAMES]
    near = [name for name in (*known, *FAMILY_NAMES) if fold(name) == fold(family)]
    near += [name for name in (*known, *common_families()) if Levenshtein.distance(fold(name), fold(family)) == 1]
    others = tuple(
        (key, Suggestion(_renamed(paper.value(key), name), "check", "Họ gần giống, thường gặp hơn."))
        for name in sorted(dict.fromkeys(near), key=lambda name: Levenshtein.distance(name, family))
    )
    yield Rule("family_name_rare", (key,), lambda got: False, "", HINTED, others)


def _family(name: str) -> str:
    return next(iter(name.split()), "")


def _renamed(name: str, family: str) -> str:
    return " ".join((family, *name.split()[1:]))
