"""The rows of our own file: units of before, of since, and how the ones went into the others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scripts.units.sources import Commune, June2025, Successor
from scripts.units.spelling import bare, letters, marked

_BASIS = re.compile(r"Số:\s*(\d+/NQ-UBTVQH\d+);?\s*Ngày:\s*(\d\d)/(\d\d)/(\d{4})")
_BY_ASSEMBLY = re.compile(r"(\d+/20\d\d/QH\d+) - (\d\d)/(\d\d)/(\d{4})")
Resolution = tuple[str, str]


@dataclass(frozen=True)
class Former:
    """A commune under a name or in a district that it lost before July 2025, and where it went, if that is known."""

    commune: Commune
    successors: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """The communes and provinces of since July 2025 with what changed later, and their resolutions."""

    communes: Mapping[str, Successor]
    provinces: Mapping[str, tuple[str, str]]

    def resolution(self, province: str) -> Resolution:
        """The resolution that arranged the communes of ``province`` in 2025, with its ISO date."""
        found = [_resolution(entry.note) for entry in self.communes.values() if entry.province_code == province]
        return next(one for one in found if one[0].endswith("UBTVQH15"))

    def raised(self, code: str) -> Resolution | None:
        """The later resolution under which the commune ``code`` bears its name of today."""
        found = _resolution(self.communes[code].note)
        return None if found[0].endswith("UBTVQH15") else found

    def province_raised(self, code: str) -> Resolution | None:
        """The later resolution under which the province ``code`` bears its name of today."""
        match = _BY_ASSEMBLY.search(self.provinces[code][1])
        return (match[1], f"{match[4]}-{match[3]}-{match[2]}") if match and not match[1].endswith("QH15") else None


def _resolution(note: str) -> Resolution:
    match = _BASIS.search(note)
    assert match, note
    return match[1], f"{match[4]}-{match[3]}-{match[2]}"


def find_former(
    june: June2025, snapshots: Sequence[Iterable[Commune]], rules: Iterable[tuple[str, tuple[str, str, str], tuple[str, str]]]
) -> tuple[Former, ...]:
    """Every commune of a snapshot that in June 2025 bore another name or lay in another district, once.

    It went where a rule without code says that a commune of its path went; else where the commune that has its code
    now went: of communes that merge, one keeps its code. Where both speak and disagree, it is not known.
    """
    new = successors_by_name(june)
    by_path: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for code, path, successor in rules:
        if not code and path[2] and successor in new:
            by_path[path].add(new[successor])
    found: dict[tuple[str, str, str], Former] = {}
    for commune in (one for snapshot in snapshots for one in snapshot):
        now = june.communes.get(commune.code)
        if now and marked(now.name) == marked(commune.name) and now.district_code == commune.district_code:
            continue
        province = letters(bare(commune.province)).replace("thuathienhue", "hue")
        said = by_path.get((province, letters(commune.district), letters(commune.name)), set())
        coded = set(june.went_to.get(commune.code, ()))
        went = said & coded if said and coded else said or coded
        found.setdefault((commune.code, marked(commune.name), commune.district_code), Former(commune, tuple(sorted(went))))
    return tuple(found.values())


def successors_by_name(june: June2025) -> dict[tuple[str, str], str]:
    """Codes of the communes of since July 2025, by the letters of their province and their name with its marks."""
    return {(letters(bare(june.provinces[one.province_code])), marked(one.name)): one.code for one in june.successors.values()}


def district_names(june: June2025, snapshots: Sequence[Iterable[Commune]]) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Province, name of June 2025 (empty where it had ended) and other names of every district."""
    last = {one.district_code: one for one in june.communes.values()}
    others: dict[str, dict[str, Commune]] = defaultdict(dict)
    for commune in (one for snapshot in snapshots for one in snapshot):
        now = last.get(commune.district_code)
        if now is None or marked(now.district) != marked(commune.district):
            others[commune.district_code].setdefault(marked(commune.district), commune)
    return {
        code: (
            last[code].province_code if code in last else next(iter(others[code].values())).province_code,
            last[code].district if code in last else "",
            tuple(one.district for one in others[code].values()),
        )
        for code in sorted(set(last) | set(others))
    }


def write_rows(
    june: June2025, catalogue: Catalogue, former: Sequence[Former], districts: Mapping[str, tuple[str, str, tuple[str, ...]]]
) -> Iterator[str]:
    """The lines of the file, as ``pipeline/understanding/units/gazetteer.py`` reads them."""
    resolutions = [("202/2025/QH15", "2025-06-12")]
    lines: list[str] = []
    for code in sorted(june.provinces):
        later = catalogue.province_raised(code)
        own = _index(resolutions, catalogue.resolution(code))
        rest = (catalogue.provinces[code][0], _index(resolutions, later)) if later else ("", "")
        lines.append(_row("P", code, june.provinces[code], own, *rest))
    olds = {one.province_code: one.province for one in june.communes.values()}
    lines += [_row("O", code, olds[code], june.merged[code]) for code in sorted(olds)]
    lines += [_row("D", code, province, name, "|".join(others)) for code, (province, name, others) in districts.items()]
    for code in sorted(june.provinces):
        lines.append(_row("@", code))
        for one in sorted(june.successors.values(), key=lambda entry: entry.code):
            if one.province_code == code:
                later = catalogue.raised(one.code)
                rest = (catalogue.communes[one.code].name, _index(resolutions, later)) if later else ("", "")
                lines.append(_row("N", one.code, one.name, *rest))
        lines += _old_rows(june, former, code)
    yield from (_row("R", *resolution) for resolution in resolutions)
    yield from lines


def _old_rows(june: June2025, former: Sequence[Former], province: str) -> Iterator[str]:
    for one in sorted(june.communes.values(), key=lambda entry: (entry.district_code, entry.code)):
        if june.merged[one.province_code] == province:
            went = sorted(june.went_to.get(one.code, {}).items(), key=lambda share: (not share[1], share[0]))
            yield _row("C", one.code, one.district_code, one.name, ",".join(code for code, _ in went))
    for past in sorted(former, key=lambda entry: (entry.commune.district_code, entry.commune.code, entry.commune.name)):
        if june.merged[past.commune.province_code] == province:
            yield _row("F", past.commune.code, past.commune.district_code, past.commune.name, ",".join(past.successors))


def _index(resolutions: list[Resolution], one: Resolution) -> str:
    if one not in resolutions:
        resolutions.append(one)
    return str(resolutions.index(one))


def _row(*parts: str) -> str:
    return "\t".join(parts).rstrip("\t")
