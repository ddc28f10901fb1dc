"""Batches kept in the bucket beside the catalogue, and the catalogue's batches rebuilt from there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline import archive
from pipeline.domain.batches import Batch, BatchFile, BatchState
from pipeline.ports import Catalogue, Clock, ObjectStore

_JSON = "application/json"
_TRIES = 200


@dataclass(frozen=True, slots=True)
class BatchBooks:
    """Writes down what happens to batches, in the catalogue and in the bucket; every call may be repeated."""

    store: ObjectStore
    catalogue: Catalogue
    clock: Clock

    def open(self, batch: Batch) -> Batch:
        """Enter a batch."""
        self.store.put_once(archive.batch_key(batch.id), archive.render_batch(batch), media_type=_JSON)
        self.catalogue.batches.open(batch)
        return self.catalogue.batches.batch(batch.id)

    def keep_file(self, batch_id: str, file: BatchFile) -> BatchFile:
        """Enter a file as it was taken; where it had been before, as it was then, with what the bucket lacked put there."""
        kept = self.catalogue.batches.take(batch_id, file)
        sides = replace(kept, sides=kept.sides or file.sides)
        key = archive.batch_file_key(batch_id, kept.number)
        self.store.put_once(key, archive.render_batch_file(sides), media_type=_JSON)
        return kept

    def sides_of(self, batch_id: str, number: int) -> BatchFile:
        """A file with what became of each side, as the bucket tells; raises ``NotFoundError``."""
        return archive.parse_batch_file(self.store.get(archive.batch_file_key(batch_id, number)))

    def is_kept(self, batch_id: str, number: int) -> bool:
        """Whether the bucket tells of a file."""
        return self.store.stat(archive.batch_file_key(batch_id, number)) is not None

    def move(self, batch_id: str, after: BatchState, actor: str) -> Batch:
        """Change the state; raises ``ValueError`` for a change that makes no sense, ``NotFoundError``."""
        before, at = self.catalogue.batches.batch(batch_id), self.clock.now()
        moved = self.catalogue.batches.move(batch_id, after, at)
        if before.state is not after:
            self._write_down(moved, at, actor)
        return moved

    def complete(self, batch_id: str, actor: str, *, complete: bool = True) -> Batch:
        """Note whether all files have been taken."""
        before = self.catalogue.batches.batch(batch_id)
        if before.complete is complete:
            return before
        self.catalogue.batches.complete(batch_id, complete=complete)
        self._write_down(replace(before, complete=complete), self.clock.now(), actor)
        return replace(before, complete=complete)

    def _write_down(self, batch: Batch, at: datetime, actor: str) -> None:
        data = archive.render_move(archive.BatchMove(batch.state, at, actor, batch.complete))
        number = 1 + sum(1 for _ in self.store.list(f"{archive.batch_key(batch.id).rpartition('/')[0]}/states/"))
        for tried in range(number, number + _TRIES):
            if self.store.put_once(archive.batch_state_key(batch.id, tried), data, media_type=_JSON):
                return


def restore_batches(store: ObjectStore, catalogue: Catalogue) -> int:
    """Enter all batches that the bucket tells of, with the documents that are there; how many."""
    count = 0
    for key in [one.key for one in store.list(archive.BATCHES_PREFIX) if one.key.endswith("/batch.json")]:
        batch = archive.parse_batch(store.get(key))
        for move in _moves(key, store):
            finished = move.state in {BatchState.DONE, BatchState.CANCELLED}
            batch = replace(batch, state=move.state, complete=move.complete, finished_at=move.at if finished else None)
        catalogue.batches.open(batch)
        for file in _files(key, store):
            _find_documents(batch.id, catalogue.batches.take(batch.id, file), catalogue)
        count += 1
    return count


def _find_documents(batch_id: str, file: BatchFile, catalogue: Catalogue) -> None:
    for part in file.parts:
        if not part.document and (found := _document_of(part.sha256, part.dossier, catalogue)):
            catalogue.batches.hand_in(batch_id, file.number, part.number, found)


def _document_of(sha256: str, dossier: str, catalogue: Catalogue) -> str:
    for one in catalogue.likenesses.same_file(sha256):
        if catalogue.document(one).dossier == dossier:
            return one
    return ""


def _moves(key: str, store: ObjectStore) -> Iterator[archive.BatchMove]:
    for entry in tuple(store.list(f"{key.rpartition('/')[0]}/states/")):
        yield archive.parse_move(store.get(entry.key))


def _files(key: str, store: ObjectStore) -> Iterator[BatchFile]:
    for entry in tuple(store.list(f"{key.rpartition('/')[0]}/files/")):
        yield archive.parse_batch_file(store.get(entry.key))
