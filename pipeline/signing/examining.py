"""Signatures of foreign files are looked at for so long, and no longer; what cannot be looked at is said, not raised."""

from __future__ import annotations

from pathlib import Path

from pipeline.domain.deadlines import stopped_after
from pipeline.domain.errors import SohoaError
from pipeline.domain.signatures import Integrity, SourceSignature, Trust
from pipeline.ports import SignatureExaminer

#: Code that looking at a signature is done by, beside the examiner's own.
_STOPPABLE = ("storage.", "pyhanko", "asn1crypto.", "cryptography.")


def examine_bounded(path: Path, examiner: SignatureExaminer, seconds: float) -> tuple[SourceSignature, ...]:
    """The signatures of the file; one that is unreadable where looking took longer, or more memory, than it may.

    Must be called in the main thread of a process whose memory is bounded. Raises ``SigningError`` where the trusted
    certificates of the installation cannot be read.
    """
    within = (*_STOPPABLE, type(examiner).__module__)
    try:
        with stopped_after(seconds, TimeoutError("looking at the signatures took too long"), within=within):
            return examiner.examine(path) or (_unreadable("no signature was found where one is counted"),)
    except SohoaError:
        raise
    except Exception as error:  # a signature that nobody foresaw must not take the document along
        return (_unreadable(f"looking at the signatures ended in {type(error).__name__}"),)


def _unreadable(reason: str) -> SourceSignature:
    return SourceSignature(field="", name="", integrity=Integrity.UNREADABLE, trust=Trust.UNKNOWN, reason=reason)
