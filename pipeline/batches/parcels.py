"""ZIPs that are seen as a whole, and paths with packages in them: told by names and first bytes, within the bounds of ZIPs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.batches.index import NAMES
from pipeline.batches.packages import find_kinds
from pipeline.domain.errors import RejectedInputError
from pipeline.foreign import WINDOW, kind_by, kind_of, may_tell
from pipeline.intake import Bounds, media
from pipeline.intake.archives import Allowance, read_heads, unpack
from pipeline.intake.submissions import is_litter
from pipeline.rooms import room_in


def is_parcel(path: Path, bounds: Bounds, *, packages: bool = True) -> bool:
    """Whether a ZIP holds a list beside its scans or, if that matters, METS, ALTO or hOCR. ZIPs in it are not looked into."""
    names = []
    for name, head in read_heads(path, bounds, may_tell, WINDOW):
        if packages and kind_by(name, head) is not None:
            return True
        parts = tuple(name.replace("\\", "/").split("/"))
        if not any(map(is_litter, parts)):
            names.append(parts)
    return _has_list(names)


def home_of(tree: Path) -> Path:
    """The folder that was packed: ``tree``, or that which alone lies in it."""
    entries = list(tree.iterdir())
    return home_of(entries[0]) if len(entries) == 1 and entries[0].is_dir() else tree


def has_packages(paths: Sequence[Path], bounds: Bounds, scratch: Path | None = None) -> bool:
    """Whether there is a METS, ALTO or hOCR among ``paths``, or in any of the folders and ZIPs among them.

    Of a ZIP the beginnings of those members are read that may be one; only ZIPs in ZIPs are unpacked, into ``scratch``.
    """
    return any(_holds(path, bounds, scratch) for path in paths)


def _holds(path: Path, bounds: Bounds, scratch: Path | None) -> bool:
    if path.is_dir():
        root = path.resolve()
        packed = (file for file in sorted(root.rglob("*")) if _is_called_zip(file.name) and file.is_file())
        return any(True for _ in find_kinds(root)) or any(_is_packed(file, bounds, scratch) for file in packed)
    return kind_of(path) is not None or _is_packed(path, bounds, scratch)


def _is_packed(path: Path, bounds: Bounds, scratch: Path | None) -> bool:
    if not _is_zip(path):
        return False
    with room_in(scratch, "look") as room:
        return any(any(_tells(one, bounds)) for one in _with_inner(path, bounds, room))


def _tells(path: Path, bounds: Bounds) -> Iterator[bool]:
    return (kind_by(*member) is not None for member in read_heads(path, bounds, may_tell, WINDOW))


def _with_inner(path: Path, bounds: Bounds, room: Path) -> Iterator[Path]:
    """The ZIP, then those in it as deep as bounds allow, each as it is reached; nothing for what is no ZIP or too large."""
    waiting, allowance = [(path, 1)], Allowance.of(bounds)
    while waiting:
        found, depth = waiting.pop()
        if not _is_zip(found) or found.stat().st_size > bounds.max_file_bytes:
            continue
        yield found
        if depth < bounds.max_nesting and any(_is_called_zip(name) for name, _ in read_heads(found, bounds, _no, 0)):
            waiting += ((inner, depth + 1) for inner in _inner(found, bounds, allowance, room / found.name))


def _inner(path: Path, bounds: Bounds, allowance: Allowance, room: Path) -> list[Path]:
    try:
        members = list(unpack(path, path.name, bounds, allowance, room, _is_called_zip))
    except RejectedInputError:
        return []
    return [member.path for member in members if member.path is not None]


def _is_zip(path: Path) -> bool:
    try:
        return path.stat().st_size > 0 and media.recognise_media(path) == media.ZIP
    except OSError:
        return False


def _is_called_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def _no(_: str) -> bool:
    return False


def _has_list(names: Sequence[tuple[str, ...]]) -> bool:
    """Whether one of these paths is a list in the folder that was packed."""
    while names and all(len(parts) > 1 for parts in names) and len({parts[0] for parts in names}) == 1:
        names = [parts[1:] for parts in names]
    return any(len(parts) == 1 and parts[0] in NAMES for parts in names)
