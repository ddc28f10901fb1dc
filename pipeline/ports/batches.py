"""What keeps batches: which files came, what they became, how far they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from pipeline.domain.batches import Batch, BatchFile, BatchState, BatchTally, FileState, Placed, Waiting


class Batches(Protocol):
    """The batches of an installation. Every call is one transaction; safe from many processes at once."""

    def open(self, batch: Batch) -> None:
        """Enter a batch; one of the same id stays as it is."""

    def batch(self, batch_id: str) -> Batch:
        """The batch; raises ``NotFoundError``."""

    def batches(self, *, state: BatchState | None = None, limit: int = 100) -> tuple[Batch, ...]:
        """Batches, newest first."""

    def move(self, batch_id: str, after: BatchState, at: datetime) -> Batch:
        """Change the state; the same again is nothing. Raises ``ValueError`` for a change that makes no sense."""

    def complete(self, batch_id: str, *, complete: bool = True) -> None:
        """Note whether all files have been taken."""

    def take(self, batch_id: str, file: BatchFile) -> BatchFile:
        """Enter a file with its parts, numbered; where the same one was taken before, that one unchanged.

        The same is: of the same dossier, name and hash. A rejected one of the same dossier and name is then ``repaired``.
        """

    def known(self, batch_id: str, dossier: str, name: str, sha256: str) -> BatchFile | None:
        """The file as it was taken before; None where it was not."""

    def twin(self, batch_id: str, dossier: str, sha256: str) -> str:
        """The name of a file of this dossier and hash that was planned; empty where there is none."""

    def file(self, batch_id: str, number: int) -> BatchFile:
        """A file, without its sides; raises ``NotFoundError``."""

    def files(self, batch_id: str, *states: FileState, after: int = 0, limit: int = 500) -> tuple[BatchFile, ...]:
        """The next files behind the number ``after`` in one of ``states`` (none named: in any), without sides and parts."""

    def waiting(self, batch_id: str, limit: int) -> tuple[Waiting, ...]:
        """Parts that were not handed in yet, in the order of the files."""

    def hand_in(self, batch_id: str, file: int, part: int, document: str) -> None:
        """Note which document a part became."""

    def in_flight(self) -> int:
        """Pages of documents of all batches that were handed in and are not settled."""

    def tally(self, batch_id: str) -> BatchTally:
        """How far the batch is."""

    def settled_since(self, batch_id: str, since: datetime) -> int:
        """Pages of its documents that were settled since then."""

    def placed(
        self, batch_id: str, *, after: tuple[int, int] = (0, 0), statuses: Sequence[str] = (), limit: int = 500
    ) -> tuple[Placed, ...]:
        """The next parts behind ``after`` (file, part), with their documents; of these ``statuses`` where any are named."""

    def dossiers(self, batch_id: str) -> tuple[str, ...]:
        """The dossiers that its documents belong to, by code."""

    def stacks_of(self, sha256: str) -> tuple[str, ...]:
        """The hashes of the files that a slice of this hash was cut out of; none for a file that was handed in as it is."""

    def batches_of(self, document: str) -> tuple[str, ...]:
        """The batches that a document came in with."""
