"""Scans that came with what other programs know of them: which files belong together, told by METS, by names, by hOCR.

Finding them opens no picture. What is wrong with a package is its own, and takes no other file along.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline.domain.errors import RejectedInputError
from pipeline.foreign import Kind, MetsDocument, MetsFile, kind_of, read_hocr, read_mets, stem_of
from pipeline.foreign.refusals import broken_package

_PICTURES = (".tif", ".tiff", ".jpg", ".jpeg", ".jpe", ".png", ".webp", ".heic", ".heif", ".pdf")
#: Folders that hold texts of the pictures in the folder above or beside.
_TEXT_FOLDERS = frozenset({"alto", "hocr", "ocr", "fulltext", "text", "texts", "xml", "page_text"})
#: Groups of files as METS name them, the best pictures first; small copies come after all others.
_BEST = ("ORIGINAL", "MASTER", "ARCHIVE", "LOCAL", "MAX", "OCR-D-IMG", "DEFAULT", "PRESENTATION", "IMAGE")
_SMALL = ("THUMB", "MIN", "TEASER", "REFERENCE", "DOWNLOAD")
#: Files that are looked for by their names in one submission; in larger ones METS tells.
_MOST_BYTES = 40_000_000


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file of pages, and that of their words. A file that comes again and again gives a page each time, else all it has."""

    picture: Path
    text: Path | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was said to have this checksum of this type (as METS calls it)."""

    path: Path
    checksum: str
    type: str


@dataclass(frozen=True, slots=True)
class Package:
    """A paper: its leaves in order; ``told`` are the files that say so, kept as they came.

    ``head`` is the file that stands for it. ``error``: there is nothing to be had of it, and why.
    """

    head: Path
    name: str
    leaves: tuple[Leaf, ...] = ()
    told: tuple[Path, ...] = ()
    declared: tuple[tuple[str, str], ...] = ()
    checks: tuple[Checked, ...] = ()
    error: RejectedInputError | None = None

    @property
    def pictures(self) -> tuple[Path, ...]:
        """The files of its pages, each once."""
        return tuple(dict.fromkeys(leaf.picture for leaf in self.leaves))

    @property
    def texts(self) -> tuple[Path, ...]:
        """The files of its words, each once."""
        return tuple(dict.fromkeys(leaf.text for leaf in self.leaves if leaf.text is not None))


@dataclass(frozen=True, slots=True)
class Finds:
    """The packages of a folder by their heads, and all files that belong to one."""

    packages: Mapping[Path, tuple[Package, ...]] = field(default_factory=dict)
    taken: frozenset[Path] = frozenset()


def find_packages(folders: Iterable[Path]) -> Finds:
    """What lies in ``folders`` and below; heads and files are resolved paths."""
    found: dict[Path, tuple[Package, ...]] = {}
    taken: set[Path] = set()
    for folder in folders:
        root = folder.resolve()
        kinds = dict(find_kinds(root))
        for path in [path for path, kind in kinds.items() if kind is Kind.METS]:
            packages, named = _of_mets(path, root)
            found[path] = packages
            taken |= {path, *named}
        for path in [path for path, kind in kinds.items() if kind is not Kind.METS and path not in taken]:
            package = _of_text(path, kinds[path], root)
            if package.head in found and package.error is None:
                package = replace(package, head=path, error=_second(path, package.head))
            found[package.head] = (package,)
            taken |= {path, *package.pictures}
    return Finds(found, frozenset(taken))


def find_kinds(root: Path) -> Iterator[tuple[Path, Kind]]:
    """Each METS, ALTO and hOCR in a folder and below, in the order of their names; ``root`` is a resolved path."""
    for path in sorted(root.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if not hidden and path.is_file() and path.resolve().is_relative_to(root) and (kind := kind_of(path)) is not None:
            yield path.resolve(), kind


def _of_mets(path: Path, root: Path) -> tuple[tuple[Package, ...], set[Path]]:
    """The papers of a METS, and all files that it names and that are there."""
    try:
        mets = read_mets(_bytes_of(path), path.name)
    except RejectedInputError as error:
        return (Package(path, path.name, told=(path,), error=error),), set()
    places = _Places(path.parent, root)
    named = {place for file in mets.files if (place := places.find(file.href)) is not None}
    faults = list(mets.faults)
    made = []
    for number, document in enumerate(mets.documents, 1):
        name = path.name if len(mets.documents) == 1 else f"{path.stem}-{number:03d}{path.suffix}"
        made.append(_of_document(document, path, name, places, faults))
        faults = []
    return tuple(made), named


def _of_document(document: MetsDocument, mets: Path, name: str, places: _Places, faults: list[str]) -> Package:
    leaves: list[Leaf] = []
    checks: dict[Path, Checked] = {}
    faults = [*faults]
    for number, files in enumerate(document.pages, 1):
        picture, text, told = _of_page(number, files, places)
        faults += told
        if picture is None:
            continue
        leaves.append(Leaf(picture[1], text[1] if text else None))
        for file, place in filter(None, (picture, text)):
            if file.checksum:
                checks[place] = Checked(place, file.checksum, file.checksum_type)
    error = broken_package(name, faults) if faults or not leaves else None
    plain = Package(mets, name, tuple(leaves), (mets,), document.declared, tuple(checks.values()), error)
    return replace(plain, told=(mets, *plain.texts))


_Found = tuple[MetsFile, Path]


def _of_page(number: int, files: Sequence[MetsFile], places: _Places) -> tuple[_Found | None, _Found | None, list[str]]:
    """The best picture and the text of a page, and what is wrong: a copy that is missing harms nobody, a text does."""
    ranked = sorted(files, key=_rank)
    found = [(file, places.find(file.href)) for file in ranked]
    pictures = [(file, place) for file, place in found if place is not None and _is_picture(file)]
    texts = [(file, place) for file, place in found if place is not None and kind_of(place) in (Kind.ALTO, Kind.HOCR)]
    faults = [_missing(number, file) for file, place in found if place is None and _is_text(file)]
    if not pictures or _rank(pictures[0][0]) > len(_BEST):
        lost = [_missing(number, file) for file, place in found if place is None and _is_picture(file)]
        faults += lost or ([] if pictures else [f"Trang {number} không có tệp ảnh nào."])
    return next(iter(pictures), None), next(iter(texts), None), faults


def _missing(number: int, file: MetsFile) -> str:
    return f"Trang {number}: không thấy tệp “{file.href}” ({file.group})."


def _rank(file: MetsFile) -> int:
    group = file.group.upper()
    if any(small in group for small in _SMALL):
        return len(_BEST) + 1
    return next((place for place, name in enumerate(_BEST) if name in group), len(_BEST))


def _is_picture(file: MetsFile) -> bool:
    name = urlsplit(file.href).path.lower()
    return name.endswith(_PICTURES) and not _is_text(file)


def _is_text(file: MetsFile) -> bool:
    name = urlsplit(file.href).path.lower()
    return name.endswith((".xml", ".hocr", ".html", ".htm", ".xhtml")) and "page" not in file.media_type


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the files are that a METS in ``folder`` names; nothing outside of ``root`` is ever looked at."""

    folder: Path
    root: Path

    def find(self, href: str) -> Path | None:
        """The file; None where there is none. Of addresses and absolute paths the end is looked for beside the METS."""
        told = urlsplit(href.replace("\\", "/"))
        parts = [part for part in unquote(told.path).split("/") if part not in {"", "."}]
        if not told.scheme and not told.path.startswith("/"):
            return self._there(parts)
        tails = (parts[at:] for at in range(max(0, len(parts) - 4), len(parts)))
        return next(filter(None, map(self._there, tails)), None)

    def _there(self, parts: Sequence[str]) -> Path | None:
        """The file of these names, as they are written or as ZIPs have them (NFC)."""
        return self._lies(parts) or self._lies([unicodedata.normalize("NFC", part) for part in parts])

    def _lies(self, parts: Sequence[str]) -> Path | None:
        place = self.folder.joinpath(*parts) if parts and not any("\0" in part for part in parts) else None
        if place is None or not place.is_file():
            return None
        real = place.resolve()
        return real if real.is_relative_to(self.root) else None


def _of_text(path: Path, kind: Kind, root: Path) -> Package:
    """The picture that the words of a file are of: by its name, else the pictures that an hOCR names."""
    picture = next(_namesakes(path, root), None)
    if picture is not None:
        return Package(picture, picture.name, (Leaf(picture, path),), (path,))
    if kind is Kind.HOCR:
        try:
            pages, _ = read_hocr(_bytes_of(path), path.name)
        except RejectedInputError as error:
            return Package(path, path.name, told=(path,), error=error)
        places = _Places(path.parent, root)
        named = [places.find(Path(page.image.replace("\\", "/")).name) or places.find(page.image) for page in pages]
        there = [place for place in named if place is not None]
        if there and len(there) == len(named):
            return Package(path, f"{stem_of(path.name)}.pdf", tuple(Leaf(place, path) for place in there), (path,))
    told = f"Không thấy ảnh quét của “{path.name}” (tệp cùng tên, đuôi .tif, .jpg, .png hoặc .pdf)."
    return Package(path, path.name, told=(path,), error=broken_package(path.name, [told]))


def _namesakes(path: Path, root: Path) -> Iterator[Path]:
    stem = stem_of(path.name)
    folders = [path.parent]
    if path.parent.name.lower() in _TEXT_FOLDERS and path.parent != root:
        above = path.parent.parent
        folders += [above, *sorted(one for one in above.iterdir() if one.is_dir() and one != path.parent)]
    for folder in folders:
        for name in (stem, *(f"{stem}{suffix}" for suffix in (*_PICTURES, *map(str.upper, _PICTURES)))):
            place = folder / name
            if name.lower().endswith(_PICTURES) and place.is_file() and place.resolve().is_relative_to(root):
                yield place.resolve()


def _second(path: Path, picture: Path) -> RejectedInputError:
    return broken_package(path.name, [f"Ảnh “{picture.name}” đã có tệp văn bản khác đi kèm; chỉ dùng được một."])


def _bytes_of(path: Path) -> bytes:
    """The bytes of a file, one too many where it is too large to be read."""
    with path.open("rb") as file:
        return file.read(_MOST_BYTES + 1)
