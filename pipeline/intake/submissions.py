"""What was handed in, file by file: a folder is a dossier, a ZIP is a folder, a file alone stands by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.domain.errors import RejectedInputError
from pipeline.intake import media, rejections
from pipeline.intake.archives import Allowance, Member, unpack
from pipeline.intake.bounds import Bounds
from pipeline.intake.names import distinct, safe_dossier, safe_name

_ALONE = "."
#: What systems leave in folders and ZIPs; nobody handed it in.
_LITTER = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


@dataclass(frozen=True, slots=True)
class Submission:
    """One file of a dossier (``.`` for none): safe ``name``, ``path`` of its bytes, ``error`` where it is refused already.

    For a member that was not unpacked ``path`` is that of its ZIP.
    """

    dossier: str
    name: str
    path: Path
    error: RejectedInputError | None = None


def gather(paths: Sequence[Path], bounds: Bounds, scratch: Path) -> Iterator[Submission]:
    """All files under ``paths`` in name order; ZIPs are unpacked into ``scratch`` as they are reached.

    The dossier is the folder's name, nested folders joined by ``/`` below the folder given. What cannot be taken
    in comes with its ``error``; nothing is raised for it.
    """
    gatherer = _Gatherer(bounds, scratch)
    for path in paths:
        if path.is_dir():
            yield from gatherer.folder(path, path.resolve(), ())
        else:
            yield from gatherer.file(path, path.name, ())


@dataclass(slots=True)
class _Gatherer:
    bounds: Bounds
    scratch: Path
    taken: dict[str, set[str]] = field(default_factory=dict)
    zips: int = 0

    def folder(self, folder: Path, root: Path, below: tuple[str, ...]) -> Iterator[Submission]:
        dossier = below or (root.name,)
        try:
            entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
        except OSError:
            yield self._submission(
                dossier, folder.name, folder, rejections.damaged(folder.name, "the folder cannot be opened")
            )
            return
        for entry in (entry for entry in entries if not _is_litter(entry.name) and not entry.is_dir()):
            if not entry.resolve().is_relative_to(root):
                error = rejections.unsafe_name(entry.name, "a link that leads out of the folder")
                yield self._submission(dossier, entry.name, entry, error)
            elif entry.is_file():
                yield from self.file(entry, entry.name, dossier)
        for entry in entries:
            if entry.is_dir() and not entry.is_symlink() and not _is_litter(entry.name):
                yield from self.folder(entry, root, (*below, entry.name))

    def file(self, path: Path, name: str, dossier: tuple[str, ...]) -> Iterator[Submission]:
        try:
            is_zip = path.is_file() and path.stat().st_size > 0 and media.recognise_media(path) == media.ZIP
        except OSError:
            is_zip = False
        if is_zip:
            yield from self._archive(path, name, dossier, Allowance.of(self.bounds), 1)
        else:
            yield self._submission(dossier, name, path, None)

    def _archive(
        self, path: Path, name: str, dossier: tuple[str, ...], allowance: Allowance, depth: int
    ) -> Iterator[Submission]:
        self.zips += 1
        room = self.scratch / f"zip-{self.zips:04d}"
        inside = dossier or (safe_name(name).rpartition(".")[0] or safe_name(name),)
        try:
            if path.stat().st_size > self.bounds.max_file_bytes:
                raise rejections.too_many_bytes(name, self.bounds.max_file_bytes)
            if depth > self.bounds.max_nesting:
                raise rejections.zip_too_deep(name, self.bounds.max_nesting)
            for member in unpack(path, name, self.bounds, allowance, room):
                yield from self._member(member, path, inside, dossier, allowance, depth)
        except RejectedInputError as error:
            yield self._submission(dossier, name, path, error)

    def _member(
        self,
        member: Member,
        archive: Path,
        inside: tuple[str, ...],
        outside: tuple[str, ...],
        allowance: Allowance,
        depth: int,
    ) -> Iterator[Submission]:
        parts = member.name.replace("\\", "/").split("/")
        *folders, name = [part for part in parts if part.strip(".")] or [member.name]
        if any(_is_litter(part) for part in (*folders, name)):
            return
        dossier = (*outside, *folders) if folders else inside
        if member.error is not None or member.path is None:
            yield self._submission(dossier, name, archive, member.error)
        elif member.path.stat().st_size > 0 and media.recognise_media(member.path) == media.ZIP:
            yield from self._archive(member.path, name, dossier, allowance, depth + 1)
        else:
            yield self._submission(dossier, name, member.path, None)

    def _submission(self, parts: tuple[str, ...], name: str, path: Path, error: RejectedInputError | None) -> Submission:
        dossier = safe_dossier(parts) if parts else _ALONE
        chosen = distinct(safe_name(name), self.taken.setdefault(dossier, set()))
        return Submission(dossier, chosen, path, error)


def _is_litter(name: str) -> bool:
    return (name.startswith(".") and name not in (".", "..")) or name.casefold() in _LITTER
