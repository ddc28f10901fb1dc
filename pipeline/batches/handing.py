"""What lies in folders, ZIPs and files as the files of a batch, with what the list beside them says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import intake
from pipeline.batches.index import FaultyIndexError, Listed, find_index, read_index
from pipeline.batches.packages import Finds, Package, find_packages
from pipeline.batches.taking import Given
from pipeline.intake import Submission


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is handed in: ``paths``; ``dossier`` outweighs folder names; ``pairs``: files come as fronts, then their backs."""

    paths: tuple[Path, ...]
    dossier: str | None = None
    pairs: bool = False
    index: Path | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files of a submission, in their order, once each; ``listed`` is what lists say, by resolved path.

    ``finds`` are the scans among them that came with what other programs know of them.
    """

    wanted: Wanted
    bounds: intake.Bounds
    listed: Mapping[Path, Listed] = field(default_factory=dict)
    indexes: frozenset[Path] = frozenset()
    finds: Finds = field(default_factory=Finds)

    def files(self, scratch: Path) -> Iterator[Given]:
        """Each file as it is reached; ZIPs are unpacked into ``scratch``."""
        fronts: Submission | None = None
        for one in intake.gather(self.wanted.paths, self.bounds, scratch):
            place = one.path.resolve()
            listed = self.listed.get(place)
            if place in self.indexes or (listed is not None and listed.backs == place):
                continue
            if place in self.finds.packages:
                yield from (self._packed(package, one, listed) for package in self.finds.packages[place])
                continue
            if place in self.finds.taken:
                continue
            if self.wanted.pairs and listed is None:
                if fronts is None:
                    fronts = one
                else:
                    yield self._given(fronts, None, one)
                    fronts = None
                continue
            yield self._given(one, listed, None)
        if fronts is not None:
            yield self._given(fronts, None, None)

    def _packed(self, package: Package, one: Submission, listed: Listed | None) -> Given:
        dossier = one.dossier if self.wanted.dossier is None else self.wanted.dossier
        kind, owner = (listed.type, listed.owner) if listed else ("", "")
        home = (listed.dossier if listed else "") or dossier
        paths = package.pictures or (package.head,)
        return Given(package.name, home, paths, kind, owner, one.error or package.error, package)

    def _given(self, one: Submission, listed: Listed | None, backs: Submission | None) -> Given:
        paths = (one.path,) if backs is None else (one.path, backs.path)
        if listed is not None and listed.backs is not None:
            paths = (one.path, listed.backs)
        dossier = one.dossier if self.wanted.dossier is None else self.wanted.dossier
        name = one.name if backs is None else f"{one.name} + {backs.name}"
        if listed is None:
            return Given(name, dossier, paths, error=one.error)
        return Given(name, listed.dossier or dossier, paths, listed.type, listed.owner, one.error)


def survey_shelf(wanted: Wanted, bounds: intake.Bounds, types: Mapping[str, str]) -> Shelf:
    """What is there, its lists checked; raises ``FaultyIndexError`` with everything that is wrong in one of them."""
    listed: dict[Path, Listed] = {}
    indexes: set[Path] = set()
    for folder in [path for path in wanted.paths if path.is_dir()]:
        index = wanted.index or find_index(folder)
        if index is not None:
            listed |= read_index(index, folder, types)
            indexes.add(index.resolve())
    if wanted.index is not None and not indexes:
        raise FaultyIndexError(wanted.index, ["Mục lục chỉ dùng được khi gửi cả thư mục chứa các tệp."])
    finds = Finds() if wanted.pairs else find_packages([path for path in wanted.paths if path.is_dir()])
    return Shelf(wanted, bounds, listed, frozenset(indexes), finds)


def paths_of(texts: Sequence[str]) -> tuple[Path, ...]:
    """The paths that a batch was handed in from, those that are there."""
    return tuple(path for path in map(Path, texts) if path.exists())
