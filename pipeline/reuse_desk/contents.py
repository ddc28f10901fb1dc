"""What leaves: values of a record, or a PDF; each held against what was archived before it does."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from pipeline import archive
from pipeline.domain.errors import NotFoundError, StageError
from pipeline.domain.findings import FieldValue, Findings
from pipeline.domain.holdings import Holding
from pipeline.ports import ObjectStore

#: Values by field.
Values = tuple[tuple[str, FieldValue], ...]

#: For how long a PDF that was looked at is taken to stand there still, and how many such are remembered.
INTACT, _MOST = timedelta(minutes=1), 10_000


class AlteredError(Exception):
    """What stands in the bucket is not what was archived."""


def values_of(holding: Holding, fields: Sequence[str], store: ObjectStore) -> Values:
    """The values of those of ``fields`` that the paper has, and that are certain; raises :class:`AlteredError`."""
    try:
        data = store.get(holding.record_key)
    except NotFoundError as error:
        raise AlteredError(holding.record_key) from error
    if hashlib.sha256(data).hexdigest() != holding.record_sha256:
        raise AlteredError(holding.record_key)
    found = _part(archive.parse_record(data).findings, holding.part)
    known = {field.key: field.value for field in found.fields if field.key not in holding.unsure}
    return tuple((key, known[key]) for key in fields if known.get(key) not in (None, "", ()))


def _part(findings: Findings | None, part: int) -> Findings:
    assert findings is not None, "a paper is held only where something was understood"
    return findings.components[part - 1].findings if part else findings


def check_pdf(holding: Holding, store: ObjectStore) -> None:
    """Nothing where the PDF stands there as archived, as far as the store knows; else raises :class:`AlteredError`."""
    info = store.stat(holding.pdf_key) if holding.pdf_key else None
    if info is None or info.bytes != holding.pdf_bytes or (info.sha256 and info.sha256 != holding.pdf_sha256):
        raise AlteredError(holding.pdf_key)


@dataclass(frozen=True, slots=True)
class Span:
    """Some of the bytes of a PDF: ``length`` of them, from ``first`` on, counted from 0."""

    first: int
    length: int


class Intact:
    """Remembers for a while which PDFs stood there as archived, of a bounded number; safe from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: OrderedDict[tuple[str, str], datetime] = OrderedDict()

    def check(self, holding: Holding, store: ObjectStore, now: datetime) -> None:
        """As :func:`check_pdf`, unless the PDF was looked at a moment ago."""
        this = holding.pdf_key, holding.pdf_sha256
        with self._lock:
            seen = self._seen.get(this)
        if seen is not None and timedelta() <= now - seen < INTACT:
            return
        check_pdf(holding, store)
        with self._lock:
            self._seen[this] = now
            self._seen.move_to_end(this)
            while len(self._seen) > _MOST:
                self._seen.popitem(last=False)


def stream_pdf(holding: Holding, store: ObjectStore) -> Iterator[bytes]:
    """The PDF in pieces; raises ``StageError`` before the last one where it is not the PDF that was archived."""
    digest, held = hashlib.sha256(), b""
    for piece in store.read(holding.pdf_key):
        if held:
            yield held
        digest.update(piece)
        held = piece
    if digest.hexdigest() != holding.pdf_sha256:
        raise StageError(f"{holding.pdf_key} is not what was archived; see `sohoa verify`", code="damaged")
    yield held
