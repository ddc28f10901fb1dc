"""Signatures of foreign files are looked at for so long, and no longer; what cannot be looked at is said, not raised."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.domain.errors import SohoaError
from pipeline.domain.signatures import Integrity, SourceSignature, Trust
from pipeline.ports import SignatureExaminer


def examine_bounded(path: Path, examiner: SignatureExaminer, seconds: float) -> tuple[SourceSignature, ...]:
    """The signatures of the file; one that is unreadable where looking took longer, or more memory, than it may.

    Must be called in the main thread of a process whose memory is bounded. Raises ``SigningError`` where the trusted
    certificates of the installation cannot be read.
    """
    try:
        with _alarm(seconds):
            return examiner.examine(path) or (_unreadable("no signature was found where one is counted"),)
    except SohoaError:
        raise
    except Exception as error:  # a signature that nobody foresaw must not take the document along
        return (_unreadable(f"looking at the signatures ended in {type(error).__name__}"),)


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(*_: object) -> None:
        raise TimeoutError("looking at the signatures took too long")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _unreadable(reason: str) -> SourceSignature:
    return SourceSignature(field="", name="", integrity=Integrity.UNREADABLE, trust=Trust.UNKNOWN, reason=reason)
