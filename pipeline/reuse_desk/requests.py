"""Requests, previews and releases: nothing leaves that is not valid, not entitled, or not wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.domain.reuse import Preview, Release, Released, ReuseRequest, System, Wanted
from pipeline.reuse_desk.scene import ReusePorts


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests of systems. Every refusal is ``NotEntitledError`` (``code`` of :class:`ReasonCode`, ``advice``) and audited.

    A request of another system is not found.
    """

    ports: ReusePorts

    def open(self, caller: System, wanted: Wanted, *, idempotency_key: str = "") -> ReuseRequest:
        """A request bound to one paper; the same key and question again is the same request.

        Raises ``NotEntitledError``, ``ConflictError`` (``idempotency_conflict``) where the key was used for another question.
        """
        raise NotImplementedError

    def find(self, caller: System, request: str) -> ReuseRequest:
        """The request; raises ``NotFoundError``."""
        raise NotImplementedError

    def preview(self, caller: System, request: str) -> Preview:
        """What a release would give now; refuses nothing. Raises ``NotFoundError``."""
        raise NotImplementedError

    def release(self, caller: System, request: str, *, link: bool = True) -> Release:
        """What was asked for, judged anew; the same receipt each time. ``link``: with a presigned URL of the PDF.

        Raises ``NotEntitledError``, ``NotFoundError``.
        """
        raise NotImplementedError

    def stream(self, caller: System, request: str) -> Iterator[bytes]:
        """The PDF of a released request in pieces, judged anew before the first; raises as :meth:`release` does."""
        raise NotImplementedError

    def released(self, document: str) -> tuple[Released, ...]:
        """Who fetched a document, oldest first."""
        raise NotImplementedError
