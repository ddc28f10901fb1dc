"""What lies in folders, ZIPs and files as the files of a batch, with what the list beside them says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import intake
from pipeline.batches.index import FaultyIndexError, Listed, find_index, read_index
from pipeline.batches.packages import Finds, Package, find_packages
from pipeline.batches.parcels import home_of, is_parcel
from pipeline.batches.taking import Given
from pipeline.batches.words_along import Opener
from pipeline.domain.errors import RejectedInputError
from pipeline.foreign import kind_of
from pipeline.foreign.refusals import apart
from pipeline.intake import Submission
from pipeline.intake.rejections import faulty_list


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is handed in: ``paths``; ``dossier`` outweighs folder names; ``pairs``: files come as fronts, then their backs."""

    paths: tuple[Path, ...]
    dossier: str | None = None
    pairs: bool = False
    index: Path | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of files in folders: ``listed`` is what lists say, by resolved path; ``indexes`` are the lists.

    ``finds`` are the scans among them that came with what other programs know of them; ``refused``: nothing is to be taken.
    """

    listed: Mapping[Path, Listed] = field(default_factory=dict)
    indexes: frozenset[Path] = frozenset()
    finds: Finds = field(default_factory=Finds)
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files of a submission, in their order, once each; ``known`` of those in folders, ``types`` names codes of types."""

    wanted: Wanted
    bounds: intake.Bounds
    types: Mapping[str, str] = field(default_factory=dict)
    known: Known = field(default_factory=Known)

    def files(self, scratch: Path, opener: Opener | None = None) -> Iterator[Given]:
        """Each file as it is reached; ZIPs are unpacked into ``scratch``, with packages or a list in them as a folder is.

        ``opener`` looks through what came out of ZIPs, which may be hostile.
        """
        fronts: Submission | None = None
        for one, known in self._reached(scratch, opener):
            place = one.path.resolve()
            listed = known.listed.get(place)
            if place in known.indexes or (listed is not None and listed.backs == place):
                continue
            if place in known.finds.packages:
                yield from (self._packed(package, one, listed) for package in known.finds.packages[place])
                continue
            if place in known.finds.taken:
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

    def _reached(self, scratch: Path, opener: Opener | None) -> Iterator[tuple[Submission, Known]]:
        """Each file, and what is known where it lies; of a ZIP with a list that is wrong, or hostile, the ZIP alone."""
        trees: dict[Path, Known] = {}
        for one in intake.gather(self.wanted.paths, self.bounds, scratch, self._is_parcel):
            if one.tree is None or one.archive is None:
                yield one, self.known
                continue
            if one.tree not in trees:
                try:
                    trees[one.tree] = self._survey(home_of(one.tree), one.archive.name, opener)
                except RejectedInputError as error:
                    trees[one.tree] = Known(refused=True)
                    yield replace(one.archive, error=error), self.known
            if not trees[one.tree].refused:
                yield one, trees[one.tree]

    def _survey(self, folder: Path, name: str, opener: Opener | None) -> Known:
        """What is known of the files of the ZIP ``name``; raises ``RejectedInputError``."""
        try:
            known = _read_lists([folder], self.types)
        except FaultyIndexError as error:
            raise faulty_list(name, error.faults) from error
        if self.wanted.pairs:
            return known
        return replace(known, finds=opener.find(folder, name) if opener is not None else find_packages([folder]))

    def _is_parcel(self, path: Path) -> bool:
        return is_parcel(path, self.bounds, packages=not self.wanted.pairs)

    def _packed(self, package: Package, one: Submission, listed: Listed | None) -> Given:
        dossier = one.dossier if self.wanted.dossier is None else self.wanted.dossier
        kind, owner = (listed.type, listed.owner) if listed else ("", "")
        home = (listed.dossier if listed else "") or dossier
        paths = package.pictures or (package.head,)
        return Given(package.name, home, paths, kind, owner, one.error or package.error, package, _place(one), self._zips(one))

    def _given(self, one: Submission, listed: Listed | None, backs: Submission | None) -> Given:
        paths = (one.path,) if backs is None else (one.path, backs.path)
        if listed is not None and listed.backs is not None:
            paths = (one.path, listed.backs)
        dossier = one.dossier if self.wanted.dossier is None else self.wanted.dossier
        name = one.name if backs is None else f"{one.name} + {backs.name}"
        error = one.error or (None if self.wanted.pairs else _words_alone(one))
        given = Given(name, dossier, paths, error=error, place=_place(one, backs), zips=self._zips(one))
        if listed is None:
            return given
        return replace(given, dossier=listed.dossier or dossier, type=listed.type, owner=listed.owner)

    def _zips(self, one: Submission) -> tuple[Given, ...]:
        """The ZIP that a file came out of, then those around it, as they are called where they are rejected as a whole."""
        found: list[Given] = []
        while one.archive is not None:
            one = one.archive
            dossier = one.dossier if self.wanted.dossier is None else self.wanted.dossier
            found.append(Given(one.name, dossier, (one.path,), place=_place(one)))
        return tuple(found)


def _place(one: Submission, backs: Submission | None = None) -> str:
    """Where people find what came out of ZIPs; empty for files that lie there themselves."""
    both = [each for each in (one, backs) if each is not None]
    return " + ".join(each.shown for each in both) if any(each.archive for each in both) else ""


def _words_alone(one: Submission) -> RejectedInputError | None:
    """Why METS, ALTO or hOCR are not taken in that were handed in alone, without the folder that they lay in."""
    return apart(one.name, kind.value) if (kind := kind_of(one.path)) is not None else None


def survey_shelf(wanted: Wanted, bounds: intake.Bounds, types: Mapping[str, str]) -> Shelf:
    """What is there, its lists checked; raises ``FaultyIndexError`` with everything that is wrong in one of them."""
    folders = [path for path in wanted.paths if path.is_dir()]
    known = _read_lists(folders, types, wanted.index)
    if wanted.index is not None and not known.indexes:
        raise FaultyIndexError(wanted.index, ["Mục lục chỉ dùng được khi gửi cả thư mục chứa các tệp."])
    finds = Finds() if wanted.pairs else find_packages(folders)
    return Shelf(wanted, bounds, types, replace(known, finds=finds))


def _read_lists(folders: Sequence[Path], types: Mapping[str, str], index: Path | None = None) -> Known:
    """What the lists in folders say; ``index`` is one that outweighs theirs. Raises ``FaultyIndexError``."""
    listed: dict[Path, Listed] = {}
    indexes: set[Path] = set()
    for folder in folders:
        found = index or find_index(folder)
        if found is not None:
            listed |= read_index(found, folder, types)
            indexes.add(found.resolve())
    return Known(listed, frozenset(indexes))


def paths_of(texts: Sequence[str]) -> tuple[Path, ...]:
    """The paths that a batch was handed in from, those that are there."""
    return tuple(path for path in map(Path, texts) if path.exists())
