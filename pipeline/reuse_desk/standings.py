"""Words on documents: revoked, superseded, excluded, doubted, and taken back; and what befell their owners."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.domain.reuse import Exclusion, OwnerEvent, Standing
from pipeline.reuse_desk.scene import ReusePorts


@dataclass(frozen=True, slots=True)
class Revocations:
    """Says what documents are worth. Each word is an object of the bucket, written once, and an event for all who fetched.

    All raise ``NotFoundError`` for an unknown document, ``RejectedInputError`` without reason or basis (``basis_missing``).
    The same said again changes nothing.
    """

    ports: ReusePorts

    def revoke(self, document: str, *, reason: str, basis: str, actor: str, since: str = "") -> Standing:
        """The paper holds no more from the day ``since`` on (ISO; empty: it never did)."""
        raise NotImplementedError

    def supersede(self, document: str, by: str, *, reason: str, basis: str, actor: str, since: str = "") -> Standing:
        """Document ``by`` takes its place."""
        raise NotImplementedError

    def restore(self, document: str, *, reason: str, basis: str, actor: str) -> Standing:
        """It was revoked or superseded wrongly."""
        raise NotImplementedError

    def exclude(self, document: str, exclusion: Exclusion, *, reason: str, basis: str, actor: str) -> Standing:
        """It is not for reuse."""
        raise NotImplementedError

    def include(self, document: str, *, reason: str, basis: str, actor: str) -> Standing:
        """It is for reuse after all."""
        raise NotImplementedError

    def doubt(self, document: str, *, reason: str, basis: str, actor: str) -> Standing:
        """Something about it must be looked into first."""
        raise NotImplementedError

    def clear(self, document: str, *, reason: str, basis: str, actor: str) -> Standing:
        """It was looked into, and holds."""
        raise NotImplementedError

    def of(self, document: str) -> tuple[Standing, ...]:
        """All that was said of it, oldest first."""
        raise NotImplementedError

    def befall(self, told: OwnerEvent) -> bool:
        """Take in what a register tells of a person; False where it was told before."""
        raise NotImplementedError
