"""Which object keys every store takes."""

from __future__ import annotations

#: S3 takes keys up to this many bytes of UTF-8.
MAX_KEY_BYTES = 1024

#: A segment becomes a file name on MinIO.
MAX_SEGMENT_BYTES = 255


def check_key(key: str) -> str:
    """``key`` itself, where every store would keep it as it stands.

    Raises ``ValueError`` for empty, ``.`` and ``..`` segments, control characters and lengths that some servers refuse or
    rewrite.
    """
    segments = key.split("/")
    if any(segment in {"", ".", ".."} for segment in segments):
        raise ValueError(f"object key {key!r} has an empty, '.' or '..' segment")
    if any(character < " " or character == "\x7f" for character in key):
        raise ValueError(f"object key {key!r} has a control character")
    if len(key.encode()) > MAX_KEY_BYTES or any(len(segment.encode()) > MAX_SEGMENT_BYTES for segment in segments):
        raise ValueError(f"object key {key[:80]!r}… is longer than stores take")
    return key
