"""What was handed in, file by file: a folder is a dossier, a ZIP is a folder, a file alone stands by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.domain.errors import RejectedInputError
from pipeline.intake import media, rejections
from pipeline.intake.archives import Allowance, Member, unpack
from pipeline.intake.bounds import Bounds
from pipeline.intake.names import distinct, safe_dossier, safe_name

_ALONE = "."
#: What systems leave in folders and ZIPs; nobody handed it in.
_LITTER = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
#: Folders in folders that a ZIP which is seen as a whole may have.
_DEEPEST = 32


@dataclass(frozen=True, slots=True)
class Submission:
    """One file of a dossier (``.`` for none): safe ``name``, ``path`` of its bytes, ``error`` where it is refused already.

    ``archive`` is the ZIP that it came out of, ``member`` its name there; for one that was not unpacked ``path`` is that of
    the ZIP. ``tree``: the folder with all that the ZIP holds, where it was seen as a whole.
    """

    dossier: str
    name: str
    path: Path
    error: RejectedInputError | None = None
    archive: Submission | None = None
    member: str = ""
    tree: Path | None = None

    @property
    def shown(self) -> str:
        """Where people find it."""
        return str(self.path) if self.archive is None else f"{self.archive.shown}/{self.member}"


#: Whether a ZIP is to be seen as the folder that it holds.
Whole = Callable[[Path], bool]


def _never(_: Path) -> bool:
    return False


def gather(paths: Sequence[Path], bounds: Bounds, scratch: Path, whole: Whole = _never) -> Iterator[Submission]:
    """All files under ``paths`` in name order; ZIPs are unpacked into ``scratch`` as they are reached.

    The dossier is the folder's name, nested folders joined by ``/`` below the folder given. What cannot be taken
    in comes with its ``error``; nothing is raised for it. The files of a ZIP come in its own order, each before the next is
    unpacked; of one that is ``whole`` they all lie there under their names before the first comes, in name order.
    """
    gatherer = _Gatherer(bounds, scratch, whole)
    for path in paths:
        if path.is_dir():
            yield from gatherer.folder(path, path.resolve(), (), (path.resolve().name,))
        else:
            yield from gatherer.file(path, path.name, ())


@dataclass(frozen=True, slots=True)
class _Inside:
    """A ZIP whose members are gone through: ``depth`` ZIPs deep, with what is left to all of them together."""

    archive: Submission
    allowance: Allowance
    depth: int
    member: str = ""
    tree: Path | None = None

    def mark(self, one: Submission, path: Path) -> Submission:
        """A file that came out of the ZIP."""
        if self.tree is not None and path.is_relative_to(self.tree):
            return replace(one, archive=self.archive, member=str(path.relative_to(self.tree)), tree=self.tree)
        return replace(one, archive=self.archive, member=self.member)


@dataclass(slots=True)
class _Gatherer:
    bounds: Bounds
    scratch: Path
    whole: Whole
    taken: dict[str, set[str]] = field(default_factory=dict)
    zips: int = 0

    def folder(
        self, folder: Path, root: Path, below: tuple[str, ...], top: tuple[str, ...], inside: _Inside | None = None
    ) -> Iterator[Submission]:
        dossier = below or top
        try:
            entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
        except OSError:
            error = rejections.damaged(folder.name, "the folder cannot be opened")
            yield self._submission(dossier, folder.name, folder, error, inside)
            return
        for entry in (entry for entry in entries if not is_litter(entry.name) and not entry.is_dir()):
            if not entry.resolve().is_relative_to(root):
                refused = rejections.unsafe_name(entry.name, "a link that leads out of the folder")
                yield self._submission(dossier, entry.name, entry, refused, inside)
            elif entry.is_file():
                yield from self.file(entry, entry.name, dossier, inside)
        for entry in entries:
            if entry.is_dir() and not entry.is_symlink() and not is_litter(entry.name):
                yield from self.folder(entry, root, (*below, entry.name), top, inside)

    def file(self, path: Path, name: str, dossier: tuple[str, ...], inside: _Inside | None = None) -> Iterator[Submission]:
        try:
            is_zip = path.is_file() and path.stat().st_size > 0 and media.recognise_media(path) == media.ZIP
        except OSError:
            is_zip = False
        if is_zip:
            yield from self._archive(path, name, dossier, inside)
        else:
            yield self._submission(dossier, name, path, None, inside)

    def _archive(self, path: Path, name: str, dossier: tuple[str, ...], outer: _Inside | None) -> Iterator[Submission]:
        self.zips += 1
        room = self.scratch / f"zip-{self.zips:04d}"
        top = dossier or (safe_name(name).rpartition(".")[0] or safe_name(name),)
        try:
            inside = self._enter(path, name, dossier, outer, room)
            for member in unpack(path, name, self.bounds, inside.allowance, room):
                yield from self._member(member, dossier, top, replace(inside, member=member.name))
            if inside.tree is not None:
                yield from self.folder(inside.tree, inside.tree, dossier, top, inside)
        except RejectedInputError as error:
            yield self._submission(dossier, name, path, error, outer)

    def _enter(self, path: Path, name: str, dossier: tuple[str, ...], outer: _Inside | None, room: Path) -> _Inside:
        """What is known of a ZIP before it is unpacked; raises ``RejectedInputError``."""
        depth = outer.depth + 1 if outer else 1
        if path.stat().st_size > self.bounds.max_file_bytes:
            raise rejections.too_many_bytes(name, self.bounds.max_file_bytes)
        if depth > self.bounds.max_nesting:
            raise rejections.zip_too_deep(name, self.bounds.max_nesting)
        own = Submission(safe_dossier(dossier) if dossier else _ALONE, safe_name(name), path)
        allowance = outer.allowance if outer else Allowance.of(self.bounds)
        tree = None
        if self.whole(path):
            tree = room.resolve() / "tree"
            tree.mkdir(parents=True)
        return _Inside(outer.mark(own, path) if outer else own, allowance, depth, "", tree)

    def _member(self, member: Member, outside: tuple[str, ...], top: tuple[str, ...], inside: _Inside) -> Iterator[Submission]:
        parts = member.name.replace("\\", "/").split("/")
        *folders, name = [part for part in parts if part.strip(".")] or [member.name]
        if any(is_litter(part) for part in (*folders, name)):
            return
        dossier = (*outside, *folders) if folders else top
        if member.error is not None or member.path is None:
            yield self._submission(dossier, name, inside.archive.path, member.error, inside)
        elif inside.tree is None or not _lay(member.path, inside.tree, (*folders, name)):
            yield from self.file(member.path, name, dossier, inside)

    def _submission(
        self, parts: tuple[str, ...], name: str, path: Path, error: RejectedInputError | None, inside: _Inside | None
    ) -> Submission:
        dossier = safe_dossier(parts) if parts else _ALONE
        chosen = distinct(safe_name(name), self.taken.setdefault(dossier, set()))
        one = Submission(dossier, chosen, path, error)
        return one if inside is None else inside.mark(one, path)


def _lay(path: Path, tree: Path, parts: tuple[str, ...]) -> bool:
    """Whether the file lies under its own name in the tree now; not where the name is taken, or none for a file system."""
    place = tree.joinpath(*parts)
    try:
        if len(parts) > _DEEPEST or place.exists():
            return False
        place.parent.mkdir(parents=True, exist_ok=True)
        path.rename(place)
    except (OSError, ValueError):
        return False
    return True


def is_litter(name: str) -> bool:
    """Whether a file or folder of this name is one that systems leave, or hidden."""
    return (name.startswith(".") and name not in (".", "..")) or name.casefold() in _LITTER
