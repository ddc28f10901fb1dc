"""Where the packages disagree, counted and listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from scripts.units.build import Catalogue, successors_by_name
from scripts.units.sources import June2025
from scripts.units.spelling import bare, letters, marked


def compare_names(june: June2025, catalogue: Catalogue) -> Iterator[str]:
    """Codes and names of the communes of since July 2025, against the catalogue's."""
    ours, theirs = june.successors, catalogue.communes
    yield f"communes since July 2025: {len(ours)} and {len(theirs)}, {len(set(ours) ^ set(theirs))} codes in one alone"
    renamed = [code for code in ours if code in theirs and marked(ours[code].name) != marked(theirs[code].name)]
    later = [code for code in renamed if catalogue.raised(code)]
    yield f"names that differ: {len(renamed)}, of which {len(later)} by a resolution of later"
    yield from (f"  {code} {ours[code].name} / {theirs[code].name}" for code in renamed if code not in later)


def compare_mapping(june: June2025, pairs: Mapping[str, set[str]], name: str) -> Iterator[str]:
    """How the successors of ``pairs`` stand to ours: same, fewer (parts left out), or others."""
    counts = dict.fromkeys(("the same", "fewer", "others", "none"), 0)
    odd: list[str] = []
    for code in june.communes:
        ours, theirs = set(june.went_to.get(code, ())), pairs.get(code, set())
        verdict = "none" if not theirs else "the same" if ours == theirs else "fewer" if theirs < ours else "others"
        counts[verdict] += 1
        if verdict == "others":
            one = june.communes[code]
            said = ", ".join(june.successors[new].name for new in sorted(theirs - ours))
            odd.append(f"  {one.name}, {one.district}, {one.province}: {said} (ours: {_names(june, ours)})")
    yield f"{name}: " + ", ".join(f"{verdict} {count}" for verdict, count in counts.items())
    yield from odd


def by_code(june: June2025, rules: Iterable[tuple[str, tuple[str, str, str], tuple[str, str]]]) -> dict[str, set[str]]:
    """The rules that give a code, as pairs of codes."""
    new = successors_by_name(june)
    found: dict[str, set[str]] = defaultdict(set)
    for code, _, successor in rules:
        if code in june.communes and successor in new:
            found[code].add(new[successor])
    return found


def by_path(june: June2025, rows: Iterable[tuple[tuple[str, str, str], tuple[str, str]]]) -> dict[str, set[str]]:
    """Rows that name an old commune by its path of letters, as pairs of codes."""
    new = successors_by_name(june)
    old = {(letters(bare(one.province)), letters(one.district), letters(one.name)): one.code for one in june.communes.values()}
    found: dict[str, set[str]] = defaultdict(set)
    for path, successor in rows:
        if path in old and successor in new:
            found[old[path]].add(new[successor])
    return found


def _names(june: June2025, codes: Iterable[str]) -> str:
    return ", ".join(june.successors[code].name for code in sorted(codes))
