"""Files that systems hand in: in pieces, after a cut from where they stood, whole only with the sha256 that was announced.

::

    begin ──► append … append ──► whole, sha256 as announced ──► submit: the original, write-once
                 ▲ cut: what came stays; the next piece goes on from there

Pieces lie under ``working/uploads/`` in the bucket, so that any server goes on with what another began.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pipeline import flow
from pipeline.domain.clients import Client, Upload, UploadState
from pipeline.domain.documents import QueueName
from pipeline.domain.errors import NotFoundError, SohoaError
from pipeline.flow import FlowPorts
from pipeline.intake.names import safe_name
from pipeline.rooms import room_in

#: How long an upload may take, and be kept until it is handed in.
LIFE = timedelta(hours=48)

#: Uploads of a system that are neither handed in nor removed; pieces that one upload may come in.
MOST_OPEN, MOST_PIECES = 200, 2_000

_SWEPT = 20


class UploadError(SohoaError):
    """The upload does not take this: ``code`` is that of a problem of the interface."""

    default_code = "conflict"


@dataclass(frozen=True, slots=True)
class Handover:
    """Takes files in. ``most_bytes`` is how large one may be."""

    ports: FlowPorts
    most_bytes: int

    def begin(self, client: Client, name: str, size: int, sha256: str) -> Upload:
        """A new upload, empty; raises ``UploadError``."""
        self._sweep()
        if size > self.most_bytes:
            raise UploadError(f"{size} bytes are more than may come", code="too_large")
        now = self.ports.clock.now()
        made = Upload(secrets.token_hex(12), client.id, safe_name(name), size, sha256, now, now + LIFE)
        if not self.ports.catalogue.uploads.begin(made, MOST_OPEN):
            raise UploadError(f"{client.id} has {MOST_OPEN} uploads open", code="too_many_uploads")
        return made

    def find(self, client: Client, upload_id: str) -> Upload:
        """The upload of this system; raises ``NotFoundError`` in the same words for those of others."""
        found = self.ports.catalogue.uploads.find(upload_id)
        if found is None or found.client != client.id or found.until <= self.ports.clock.now():
            raise NotFoundError(f"no upload {upload_id!r}")
        return found

    def append(self, upload: Upload, offset: int, piece: Path) -> Upload:
        """The upload with the bytes of the file ``piece`` behind ``offset``; raises ``UploadError``."""
        size = piece.stat().st_size
        self.require_open(upload, offset)
        if upload.received + size > upload.bytes:
            raise UploadError("more came than was announced", code="too_large")
        if size:
            token = secrets.token_hex(6)
            self.ports.store.put(_key(upload, token), piece)
            if not self.ports.catalogue.uploads.advance(upload, upload.received + size, token):
                self.ports.store.remove(_key(upload, token))
                raise UploadError("another piece was there first", code="offset_mismatch")
        kept = self._kept(upload)
        return self._close(kept) if kept.received == kept.bytes and kept.state is UploadState.OPEN else kept

    def require_open(self, upload: Upload, offset: int) -> None:
        """Raise ``UploadError`` for an upload that takes nothing more, or nothing at ``offset``."""
        if upload.state is not UploadState.OPEN:
            raise UploadError("the upload takes nothing more", code="upload_used")
        if offset != upload.received or len(upload.pieces) >= MOST_PIECES:
            raise UploadError(f"the upload stands at {upload.received}", code="offset_mismatch")

    def remove(self, upload: Upload) -> None:
        """Forget an upload, and what came of it; what was handed in stays."""
        self._drop_pieces(upload)
        self.ports.catalogue.uploads.remove(upload.id)

    def require_whole(self, upload: Upload) -> None:
        """Raise ``UploadError`` for an upload that cannot be handed in."""
        if upload.state is UploadState.OPEN:
            raise UploadError("the upload is not whole", code="upload_not_whole")
        if upload.state is UploadState.SPOILT:
            raise UploadError("the upload is spoilt", code="upload_used")

    def submit(self, uploads: Sequence[Upload], dossier: str, queue: QueueName, *, by: str = "") -> None:
        """Whole uploads into ``dossier``, in the name of ``by``.

        Raises ``UploadError`` for one that went, or was about to go, into another dossier.

        What is cut short may be repeated: nothing counts as used until all are handed in, and each is entered once.
        """
        for upload in uploads:
            self.require_whole(upload)
            if upload.dossier not in {"", dossier}:
                raise UploadError(f"the upload belongs to {upload.dossier}", code="upload_used")
        for upload in uploads:
            self.ports.catalogue.uploads.assign(upload.id, dossier)
        waiting = [upload for upload in uploads if upload.state is UploadState.WHOLE]
        for upload in waiting:
            self._enter(upload, dossier, queue, by)
        for upload in waiting:
            self.ports.catalogue.uploads.settle(upload.id, UploadState.USED)
            self._drop_pieces(upload)

    def _enter(self, upload: Upload, dossier: str, queue: QueueName, by: str) -> None:
        with room_in(self.ports.scratch, "upload") as folder:
            path = folder / "file"
            with path.open("wb") as file:
                file.writelines(self._read(upload))
            flow.submit(path, upload.name, dossier, queue, self.ports, by=by)

    def _close(self, upload: Upload) -> Upload:
        digest = hashlib.sha256()
        for part in self._read(upload):
            digest.update(part)
        if digest.hexdigest() != upload.sha256:
            self.ports.catalogue.uploads.settle(upload.id, UploadState.SPOILT)
            self._drop_pieces(upload)
            raise UploadError("the file is not the one that was announced", code="checksum_mismatch")
        self.ports.catalogue.uploads.settle(upload.id, UploadState.WHOLE)
        return self._kept(upload)

    def _kept(self, upload: Upload) -> Upload:
        found = self.ports.catalogue.uploads.find(upload.id)
        if found is None:
            raise NotFoundError(f"no upload {upload.id!r}")
        return found

    def _read(self, upload: Upload) -> Iterator[bytes]:
        for token in upload.pieces:
            yield from self.ports.store.read(_key(upload, token))

    def _drop_pieces(self, upload: Upload) -> None:
        for token in upload.pieces:
            self.ports.store.remove(_key(upload, token))

    def _sweep(self) -> None:
        """Forget a few of the uploads whose time is over."""
        for upload in self.ports.catalogue.uploads.over(self.ports.clock.now(), _SWEPT):
            self.remove(upload)


def _key(upload: Upload, token: str) -> str:
    return f"working/uploads/{upload.id}/{token}"
