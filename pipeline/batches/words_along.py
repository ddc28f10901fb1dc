"""The words that came with a package, opened and held against what is known of its files. Runs in killable processes."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from pebble import ProcessExpired

from pipeline.batches.cutting import View
from pipeline.batches.packages import Checked, Finds, Leaf, Package, find_packages
from pipeline.domain.foreign import ForeignFile, ForeignPage, ForeignText
from pipeline.foreign import Kind, kind_of, read_alto, read_hocr
from pipeline.foreign.refusals import broken, broken_package, hostile
from pipeline.foreign.xml_reader import MOST_BYTES
from pipeline.isolation import PagePool

_SUMS = {"MD5": "md5", "SHA-1": "sha1", "SHA1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A package as it is: its pages as views of its pictures, the words of each, and what people should know of it."""

    views: tuple[View, ...]
    words: ForeignText
    notes: tuple[str, ...] = ()


class Opener(Protocol):
    """Opens packages where hostile ones can do no harm."""

    def open(self, package: Package, counts: Sequence[int], *, kept: bool) -> Opened:
        """As :func:`open_package`."""

    def find(self, folder: Path, name: str) -> Finds:
        """The packages in a folder, that came as the ZIP ``name``; raises ``RejectedInputError`` for hostile ones."""


@dataclass(frozen=True, slots=True)
class PoolOpener:
    """Opens packages in the children of a pool."""

    pool: PagePool

    def open(self, package: Package, counts: Sequence[int], *, kept: bool) -> Opened:
        """As :func:`open_package`; one that takes too long or kills its process is hostile."""
        try:
            opened: Opened = self.pool.submit(open_package, package, tuple(counts), kept).result()
        except (TimeoutError, ProcessExpired, MemoryError, RecursionError) as error:
            raise hostile(package.name, f"reading it took too long or crashed ({type(error).__name__})") from error
        return opened

    def find(self, folder: Path, name: str) -> Finds:
        """The packages in a folder; where finding them takes too long or kills its process, there is one that is hostile."""
        try:
            finds: Finds = self.pool.submit(find_packages, (folder,)).result()
        except (TimeoutError, ProcessExpired, MemoryError, RecursionError) as error:
            raise hostile(name, f"looking through it took too long or crashed ({type(error).__name__})") from error
        return finds


def open_package(package: Package, counts: Sequence[int], kept: bool) -> Opened:
    """The pages and words of a package whose pictures have ``counts`` pages; ``kept``: words are to be taken as they are.

    Raises ``RejectedInputError`` where a file of it is not what it was said to be, or hostile.
    """
    wrong = [
        f"Tệp “{one.path.name}” không khớp mã kiểm {one.type} ghi trong METS." for one in package.checks if not _holds(one)
    ]
    if wrong:
        raise broken_package(package.name, wrong)
    read = {path: _read(path) for path in package.texts}
    notes: list[str] = []
    views: list[View] = []
    pages: list[ForeignPage] = []
    for view, page in _paged(package, counts, {path: found[0] for path, found in read.items()}, notes):
        views.append(view)
        if page is not None:
            pages.append(replace(page, number=len(views)))
    software = "; ".join(dict.fromkeys(found[1] for found in read.values() if found[1]))[:200]
    kinds = [kind_of(path) for path in package.texts]
    words = ForeignText(
        format=(kinds[0].value if kinds and kinds[0] else ""),
        software=software,
        pages=tuple(pages),
        kept=kept and bool(pages),
        declared=package.declared,
        files=tuple(map(_file, package.told)),
    )
    return Opened(tuple(views), words, tuple(notes))


def _read(path: Path) -> tuple[tuple[ForeignPage, ...], str]:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if kind_of(path) is Kind.ALTO:
        return read_alto(data, path.name)
    if kind_of(path) is Kind.HOCR:
        pages, software = read_hocr(data, path.name)
        return tuple(page.page for page in pages), software
    raise broken(path.name, "neither ALTO nor hOCR")


def _paged(
    package: Package, counts: Sequence[int], texts: dict[Path, tuple[ForeignPage, ...]], notes: list[str]
) -> Iterator[tuple[View, ForeignPage | None]]:
    """Each page with its words; ``notes`` hear of files that have not as many pages as their texts."""
    places = {path: (number, count) for number, (path, count) in enumerate(zip(package.pictures, counts, strict=True), 1)}
    often = Counter(leaf.picture for leaf in package.leaves)
    repeated = Counter(leaf.text for leaf in package.leaves)
    seen: Counter[Path] = Counter()
    for leaf in package.leaves:
        number, count = places[leaf.picture]
        seen[leaf.picture] += 1
        own = [seen[leaf.picture]] if often[leaf.picture] > 1 else list(range(1, count + 1))
        words = _words_of(leaf, texts, seen, repeated)
        if leaf.text is not None and len(words) != len(own):
            notes.append(f"{leaf.text.name}: văn bản của {len(words)} trang cho {len(own)} trang ảnh.")
        for place, page in enumerate(own):
            if page > count:
                raise broken_package(package.name, [f"Tệp “{leaf.picture.name}” không có trang {page}."])
            yield View(number, page), words[place] if place < len(words) else None


def _words_of(
    leaf: Leaf, texts: dict[Path, tuple[ForeignPage, ...]], seen: Counter[Path], repeated: Counter[Path | None]
) -> tuple[ForeignPage, ...]:
    if leaf.text is None:
        return ()
    pages = texts[leaf.text]
    if repeated[leaf.text] == 1:
        return pages
    seen[leaf.text] += 1
    return pages[seen[leaf.text] - 1 : seen[leaf.text]]


def _holds(one: Checked) -> bool:
    """Whether a file has the checksum that it was said to have; of a kind that nobody knows it is taken to have."""
    told = one.checksum.lower()
    if one.type in _SUMS:
        with one.path.open("rb") as file:
            return hashlib.file_digest(file, _SUMS[one.type]).hexdigest() == told
    if one.type == "CRC32":
        total = 0
        with one.path.open("rb") as file:
            while piece := file.read(1 << 20):
                total = zlib.crc32(piece, total)
        return f"{total:08x}" == told.zfill(8)
    return True


def _file(path: Path) -> ForeignFile:
    with path.open("rb") as file:
        return ForeignFile(path.name, hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)
