"""Files of a batch into the bucket: looked at, taken apart, written down; nothing is read yet.

Whatever is killed half-way is repeated by taking the same file again: what stands already is found and left as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from pebble import ProcessExpired

from pipeline import archive, flow, intake
from pipeline.batches.cutting import Cut, Faced, Piece, View, cut, interleave, odd_sheets
from pipeline.batches.looks import Look, Looker
from pipeline.batches.markers import Marker
from pipeline.batches.packages import Package
from pipeline.batches.slices import Stack, write_slice
from pipeline.batches.words_along import Opener
from pipeline.custody.batch_books import BatchBooks
from pipeline.custody.foreign_texts import ForeignTexts
from pipeline.custody.gates import Gates
from pipeline.domain.batches import Batch, BatchFile, FileState, Part, SidePlan, SideRole
from pipeline.domain.documents import Source, Status
from pipeline.domain.errors import DamagedFileError, RejectedInputError
from pipeline.domain.foreign import ForeignText
from pipeline.domain.ledger import ChangeKind, LedgerChange, PageLedger, apply_change, open_ledger
from pipeline.domain.pages import PageCode
from pipeline.first_looks import keep_codes
from pipeline.flow import FlowPorts
from pipeline.intake import media
from pipeline.intake.rejections import too_many_pages
from pipeline.isolation import PagePool
from pipeline.originals import copy_of
from pipeline.revisions import sha256_of
from pipeline.rooms import room_in

#: Who takes separators out of documents, and why, in page ledgers.
ACTOR, REASON = "intake", "separator sheet"

#: The code of a file that was to be taken once more, and is what it was when it was refused.
UNCHANGED = "unchanged"


class Slicer(Protocol):
    """Writes slices where a hostile file can do no harm."""

    def slice(self, stacks: Sequence[Stack], views: Sequence[View], target: Path) -> None:
        """Write the pages into the PDF ``target``; raises ``RejectedInputError``."""


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it lies there (``paths``: itself, or fronts and backs), and what folder or list say of it.

    Of a ``package`` the ``paths`` are the files of its pages. ``place``: where people find it, if it came out of a ZIP, and
    ``zips`` that one, then those that it lay in itself.
    """

    name: str
    dossier: str
    paths: tuple[Path, ...]
    type: str = ""
    owner: str = ""
    error: RejectedInputError | None = None
    package: Package | None = None
    place: str = ""
    zips: tuple[Given, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """All that it is made of."""
        return (*self.paths, *(self.package.told if self.package else ()))

    @property
    def shown(self) -> str:
        """Where it lies."""
        if self.place:
            return self.place
        if self.package is not None:
            return str(self.package.head)
        return " + ".join(str(path) for path in self.paths)


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to become of a file: its stacks, how they are cut, the words that came along, notes for people.

    ``looks`` are those at the pages of each stack, empty where nobody looked.
    """

    stacks: tuple[Stack, ...]
    cut: Cut
    words: ForeignText | None = None
    notes: tuple[str, ...] = ()
    looks: tuple[Sequence[Look], ...] = ()

    def codes_of(self, piece: Piece) -> dict[int, tuple[PageCode, ...]]:
        """The codes on the pages of a piece, page by page (from 1); pages that the reading has to look at itself are left out.

        Pages of pictures are made anew for a slice, and parts of pages are other pages.
        """
        whole = ((number, view) for number, view in enumerate(piece.views, 1) if self.looks and view.part is None)
        seen = ((number, self.looks[view.source - 1][view.page - 1], view.source) for number, view in whole)
        kept = self.cut.is_whole and len(self.stacks) == 1
        return {
            number: look.marks
            for number, look, source in seen
            if look.marks is not None and (kept or self.stacks[source - 1].source.media_type == media.PDF)
        }


@dataclass(frozen=True, slots=True)
class Bench:
    """What opens and cuts foreign files, within ``bounds``; ``edition`` of the software: another may take what it refuses."""

    looker: Looker
    slicer: Slicer
    bounds: intake.Bounds
    opener: Opener | None = None
    edition: str = ""


class Taker:
    """Takes the files of one batch."""

    def __init__(self, batch: Batch, ports: FlowPorts, bench: Bench) -> None:
        self._batch = batch
        self._ports = ports
        self._books = BatchBooks(ports.store, ports.catalogue, ports.clock)
        self._bench = bench

    def take(self, given: Given) -> BatchFile:
        """The file as it stands in the batch from now on; a rejected one tells why. Raises ``UnavailableError``."""
        sha256, size = _digest(given.files)
        batches = self._ports.catalogue.batches
        known = batches.known(self._batch.id, given.dossier, given.name, sha256)
        if known is not None and (known.state is FileState.DUPLICATE or self._books.is_kept(self._batch.id, known.number)):
            return known
        plain = BatchFile(given.dossier, given.name, given.shown, sha256, size, FileState.PLANNED)
        twin = batches.twin(self._batch.id, given.dossier, sha256)
        if twin and twin != given.name:
            told = f"Trùng tệp “{twin}” trong cùng hồ sơ; chỉ nhận một lần."
            return self._books.keep_file(self._batch.id, replace(plain, state=FileState.DUPLICATE, code="twin", message=told))
        try:
            planned = self.plan(given)
            if (excluded := self._excluded(given, planned)) is not None:
                return self._books.keep_file(self._batch.id, self._told(plain, excluded))
            return self._books.keep_file(self._batch.id, self._kept(given, plain, planned))
        except RejectedInputError as error:
            return self._refuse(given, plain, error)

    def take_again(self, given: Given, *, force: bool = False) -> BatchFile:
        """A file that had been rejected, as it lies there now.

        The very same bytes stay what they are, with a word about it, unless another edition of the software refused them, or
        somebody forces it. Raises ``UnavailableError``.
        """
        sha256, size = _digest(given.files)
        known = self._ports.catalogue.batches.known(self._batch.id, given.dossier, given.name, sha256)
        if known is None or known.state is not FileState.REJECTED:
            return self.take(given)
        if not force and self._books.sides_of(self._batch.id, known.number).edition == self._bench.edition:
            return replace(known, code=UNCHANGED, message=f"Tệp chưa được sửa, vẫn đúng tệp đã bị từ chối. {known.message}")
        plain = BatchFile(given.dossier, given.name, given.shown, sha256, size, FileState.PLANNED, replaces=known.number)
        try:
            planned = self.plan(given)
            if (excluded := self._excluded(given, planned)) is not None:
                return replace(known, code=excluded.code, message=excluded.advice or excluded.message)
            kept = self._kept(given, plain, planned)
        except RejectedInputError as error:
            return replace(known, code=error.code, message=error.advice or error.message)
        for part in kept.parts:
            self._reopen(part)
        return self._books.keep_file(self._batch.id, kept)

    def is_taken(self, given: Given) -> bool:
        """Whether the file stands in the batch as it is now."""
        sha256, _ = _digest(given.files)
        return self._ports.catalogue.batches.known(self._batch.id, given.dossier, given.name, sha256) is not None

    def repaired(self, given: Given) -> BatchFile:
        """A ZIP that had been rejected as a whole and can be unpacked now, for :meth:`mend` once all in it was taken."""
        sha256, size = _digest(given.files)
        known = self._ports.catalogue.batches.known(self._batch.id, given.dossier, given.name, sha256)
        number = 0 if known is None else known.number
        told = "Tệp ZIP đã được sửa; các tệp trong đó được nhận riêng."
        zipped = BatchFile(given.dossier, given.name, given.shown, sha256, size, FileState.REPAIRED, replaces=number)
        return replace(zipped, code="unpacked", message=told)

    def mend(self, zipped: BatchFile) -> BatchFile:
        """Note that a ZIP is rejected no more."""
        return self._books.keep_file(self._batch.id, zipped)

    def _reopen(self, part: Part) -> None:
        """Have the document read that the file had become when it was refused."""
        for document in map(self._ports.catalogue.document, self._ports.catalogue.likenesses.same_file(part.sha256)):
            if document.dossier == part.dossier and document.status is Status.REJECTED:
                wish = flow.Wish(self._batch.queue, self._batch.engine)
                flow.read_again(document.id, wish, self._ports, reason="taken again")

    def plan(self, given: Given) -> Planned:
        """What is to become of a file, without keeping anything; raises ``RejectedInputError``."""
        if given.error is not None:
            raise given.error
        stacks = tuple(Stack(path, self._bench.looker.inspect(path, path.name)) for path in given.paths)
        handling = self._batch.handling
        if given.package is not None and self._bench.opener is not None:
            return self._opened(given.package, stacks, self._bench.opener)
        if len(stacks) == 1 and not (handling.looks and stacks[0].source.pages):
            return Planned(stacks, _as_it_is(stacks[0].source))
        looks = [self._bench.looker.look(stack.path, stack.source, handling) for stack in stacks]
        if len(stacks) == 1:
            return Planned(stacks, cut((Faced(1, look) for look in looks[0]), handling), looks=tuple(looks))
        try:
            faced = interleave(looks[0], looks[1], handling.backs or "reversed")
        except ValueError as error:
            raise _unequal(given, len(looks[0]), len(looks[1])) from error
        if (odd := odd_sheets(faced)) and not handling.unchecked:
            other = "same" if (handling.backs or "reversed") == "reversed" else "reversed"
            raise _mismatched(given, odd, "" if odd_sheets(interleave(looks[0], looks[1], other)) else other)
        return Planned(stacks, cut(faced, handling), looks=tuple(looks))

    def _opened(self, package: Package, stacks: tuple[Stack, ...], opener: Opener) -> Planned:
        """A paper of the pages that its package names, in their order."""
        counts = [stack.source.pages for stack in stacks]
        opened = opener.open(package, counts, kept=self._batch.handling.keep_text)
        if len(opened.views) > self._bench.bounds.max_pages:
            raise too_many_pages(package.name, len(opened.views), self._bench.bounds.max_pages)
        sides = tuple(SidePlan(view.source, view.page, SideRole.PAGE, 1) for view in opened.views)
        return Planned(stacks, Cut(sides, (Piece(Marker(), list(opened.views)),)), opened.words, opened.notes)

    def _excluded(self, given: Given, planned: Planned) -> RejectedInputError | None:
        """Why papers of the types that list or separators name are not digitised; nothing is kept of such a file."""
        gates = Gates(self._ports.catalogue, self._ports.clock)
        for kind in sorted({given.type, *(piece.marker.type for piece in planned.cut.pieces)} - {""}):
            try:
                gates.admit(declared=None, kind=kind, dossier=given.dossier, actor=self._batch.actor)
            except RejectedInputError as error:
                return error
        return None

    def _kept(self, given: Given, plain: BatchFile, planned: Planned) -> BatchFile:
        sources = tuple(self._keep_original(stack.path) for stack in planned.stacks)
        told = replace(plain, sources=sources, sides=planned.cut.sides)
        if not planned.cut.pieces:
            message = "Tệp chỉ có tờ phân cách và trang trắng, không có giấy tờ nào."
            return replace(told, state=FileState.NO_PAGES, code="no_pages", message=message)
        for path in given.package.told if given.package else ():
            self._keep_original(path)
        parts = tuple(self._part(number, piece, given, planned) for number, piece in enumerate(planned.cut.pieces, 1))
        return replace(told, parts=parts)

    def _part(self, number: int, piece: Piece, given: Given, planned: Planned) -> Part:
        """Keep a paper as a file of its own, with the ledger that it begins with, and write down what it is."""
        whole = planned.cut.is_whole and len(planned.stacks) == 1
        if whole:
            source = planned.stacks[0].source
            sha256, size, name = source.sha256, source.bytes, given.name
            if given.package is not None and given.package.head not in given.paths:
                name = f"{Path(given.name).stem}{given.paths[0].suffix}"
        else:
            sha256, size = self._keep_slice(piece, planned)
            name = f"{Path(given.name).stem}.pdf" if planned.words else f"{Path(given.name).stem}-{number:03d}.pdf"
        removed = tuple(piece.removed)
        if removed:
            self._ports.ledgers.open_with(self._opening(sha256, piece))
        if planned.words is not None:
            ForeignTexts(self._ports.store).keep(sha256, planned.words)
        if codes := planned.codes_of(piece):
            keep_codes(copy_of(sha256, self._ports.scratch), self._bench.edition, codes)
        marker = piece.marker
        return Part(
            number,
            marker.dossier or given.dossier,
            name,
            sha256,
            size,
            len(piece.views),
            removed,
            marker.type or given.type,
            given.owner,
            operator=marker.operator,
        )

    def _keep_original(self, path: Path) -> str:
        sha256 = sha256_of(path)
        self._ports.store.put_once(archive.original_key(sha256), path)
        return sha256

    def _keep_slice(self, piece: Piece, planned: Planned) -> tuple[str, int]:
        with room_in(self._ports.scratch, "slice") as folder:
            target = folder / "slice.pdf"
            self._bench.slicer.slice(planned.stacks, piece.views, target)
            return self._keep_original(target), target.stat().st_size

    def _opening(self, file: str, piece: Piece) -> PageLedger:
        at, removed, backs = self._batch.created_at.isoformat(), tuple(piece.removed), frozenset(piece.backs)
        ledger = open_ledger(file, len(piece.views))
        ledger = apply_change(ledger, LedgerChange(ChangeKind.REMOVE, removed, at, ACTOR, REASON))
        marked = (replace(side, separator=side.number in removed, blank=side.number in backs) for side in ledger.sides)
        return replace(ledger, sides=tuple(marked))

    def _told(self, plain: BatchFile, error: RejectedInputError) -> BatchFile:
        """The file, rejected."""
        told = error.advice or error.message
        return replace(plain, state=FileState.REJECTED, code=error.code, message=told, edition=self._bench.edition)

    def _refuse(self, given: Given, plain: BatchFile, error: RejectedInputError) -> BatchFile:
        """Write down why there is nothing of a file; what is not too large is kept as a rejected document."""
        told = self._told(plain, error)
        if len(given.paths) != 1 or given.package is not None:
            return self._books.keep_file(self._batch.id, told)
        path = given.paths[0]
        if path.is_file() and 0 < path.stat().st_size <= self._bench.bounds.max_file_bytes:
            wish = flow.Wish(self._batch.queue, by=self._batch.actor)
            kept = flow.refuse(path, given.name, given.dossier, wish, error, self._ports)
            told = replace(told, sources=(kept.source.sha256,))
        return self._books.keep_file(self._batch.id, told)


@dataclass(frozen=True, slots=True)
class PoolSlicer:
    """Writes slices in the children of a pool."""

    pool: PagePool
    bounds: intake.Bounds

    def slice(self, stacks: Sequence[Stack], views: Sequence[View], target: Path) -> None:
        """Write the pages into the PDF ``target``; raises ``RejectedInputError``."""
        future = self.pool.submit(write_slice, tuple(stacks), tuple(views), target, self.bounds)
        try:
            future.result()
        except (TimeoutError, ProcessExpired, MemoryError) as error:
            raise DamagedFileError(
                f"{stacks[0].source.name}: taking it apart took too long or crashed ({type(error).__name__})",
                advice="Không tách được tệp này thành từng giấy tờ. Hãy quét lại hoặc xuất lại tệp PDF rồi gửi lại.",
            ) from error


def _as_it_is(source: Source) -> Cut:
    sides = tuple(SidePlan(1, number, SideRole.PAGE, 1) for number in range(1, source.pages + 1))
    return Cut(sides, (Piece(Marker(), [View(1, side.page) for side in sides]),))


def _digest(paths: Sequence[Path]) -> tuple[str, int]:
    """The hash and the size of a file, of a pair those of both; empty for what is no file."""
    there = [path for path in paths if path.is_file()]
    if not there:
        return "", 0
    digests = [sha256_of(path) for path in there]
    together = digests[0] if len(digests) == 1 else hashlib.sha256("+".join(digests).encode()).hexdigest()
    return together, sum(path.stat().st_size for path in there)


def _unequal(given: Given, fronts: int, backs: int) -> RejectedInputError:
    return RejectedInputError(
        f"{given.name}: {fronts} fronts and {backs} backs",
        code="unequal_stacks",
        advice=f"Mặt trước có {fronts} trang, mặt sau có {backs} trang. Hãy quét lại chồng bị thiếu rồi gửi lại cả hai tệp.",
    )


def _mismatched(given: Given, odd: Sequence[int], order: str) -> RejectedInputError:
    """``order`` is the one in which the stacks would go together; empty where none is."""
    shown = ", ".join(map(str, odd[:8])) + (" …" if len(odd) > 8 else "")
    mend = f"Hai chồng khớp nhau nếu dùng --duplex {order}." if order else "Hãy xem có tờ nào bị sót hoặc quét hai lần không."
    return RejectedInputError(
        f"{given.name}: fronts and backs of sheets {shown} do not belong together",
        code="mismatched_stacks",
        advice=f"Mặt trước và mặt sau không cùng một tờ (tờ {shown}): khác khổ giấy, hoặc mặt sau tờ phân cách có chữ. {mend} "
        "Nếu hai chồng vẫn đúng, gửi lại với --unchecked.",
    )
