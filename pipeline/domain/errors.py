"""Every error the product raises on purpose.

::

    SohoaError                      (retryable = False)
    ├─ RejectedInputError           the file is at fault
    │  ├─ UnsupportedFileError
    │  ├─ EncryptedPdfError
    │  ├─ DamagedFileError
    │  ├─ TooLargeError
    │  └─ InfectedFileError
    ├─ StageError                   our work failed
    │  ├─ RecognitionError
    │  ├─ CompositionError
    │  └─ SigningError
    ├─ UnavailableError             store, broker or engine away (retryable = True)
    ├─ NotEntitledError
    ├─ ConflictError
    └─ NotFoundError

A message says what happened, to which file or page, and what to do about it. Surfaces map classes, never texts.
"""

from __future__ import annotations

from typing import ClassVar


class SohoaError(Exception):
    """Root of the tree.

    ``code`` is the stable reason code of records and APIs; ``advice`` tells the operator, in Vietnamese, what to do next.
    """

    retryable: ClassVar[bool] = False
    default_code: ClassVar[str] = "error"

    def __init__(self, message: str, *, code: str | None = None, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.advice = advice

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.code, self.advice)


def _rebuild(kind: type[SohoaError], message: str, code: str, advice: str) -> SohoaError:
    return kind(message, code=code, advice=advice)


class RejectedInputError(SohoaError):
    """The file is at fault; the original is kept, the document becomes ``rejected``."""

    default_code = "rejected"


class UnsupportedFileError(RejectedInputError):
    """The file is of a kind that is not taken in."""

    default_code = "unsupported_file"


class EncryptedPdfError(RejectedInputError):
    """The PDF asks for a password."""

    default_code = "encrypted_pdf"


class DamagedFileError(RejectedInputError):
    """The file cannot be opened, or none of its pages can."""

    default_code = "damaged_file"


class TooLargeError(RejectedInputError):
    """The file goes past a bound: bytes, pages, pixels, members."""

    default_code = "too_large"


class InfectedFileError(RejectedInputError):
    """A scanner found malicious content in the file."""

    default_code = "infected_file"


class StageError(SohoaError):
    """Our own work failed; the document becomes ``failed`` and may be tried again."""

    default_code = "stage_failed"


class RecognitionError(StageError):
    """The OCR engine failed on a page."""

    default_code = "recognition_failed"


class CompositionError(StageError):
    """The searchable PDF could not be written."""

    default_code = "composition_failed"


class SigningError(StageError):
    """No signature could be put: the key, its certificate or the order of signatures does not allow it."""

    default_code = "signing_failed"


class UnavailableError(SohoaError):
    """A store, broker or engine does not answer; worth trying again."""

    retryable = True
    default_code = "unavailable"


class NotEntitledError(SohoaError):
    """The caller may not have what it asked for."""

    default_code = "not_entitled"


class ConflictError(SohoaError):
    """What is asked contradicts what was asked before under the same name."""

    default_code = "conflict"


class NotFoundError(SohoaError):
    """There is no such document, dossier or object."""

    default_code = "not_found"
