"""One submitted file: what it is, and its pages one at a time."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.domain.documents import Source
from pipeline.domain.pages import ScannedPage
from pipeline.intake import media, rejections
from pipeline.intake.bounds import Bounds
from pipeline.intake.names import safe_name
from pipeline.intake.pdf_files import count_pdf
from pipeline.intake.pdf_pages import read_pdf_page
from pipeline.intake.pictures import count_pictures, read_picture


def inspect(path: Path, name: str, bounds: Bounds) -> Source:
    """The file as a source: safe name, sha256, size, media type by its bytes, page and signature counts.

    Raises ``RejectedInputError`` or a subclass where it cannot be taken in.
    """
    safe = safe_name(name)
    try:
        size = path.stat().st_size
        if size == 0:
            raise rejections.empty(safe)
        if size > bounds.max_file_bytes:
            raise rejections.too_many_bytes(safe, bounds.max_file_bytes)
        media_type = media.recognise_media(path)
    except OSError as error:
        raise rejections.damaged(safe, "the file cannot be opened") from error
    pages, signatures = _count(path, safe, media_type, bounds)
    return Source(safe, _digest(path), size, media_type, pages, signatures)


def read_page(path: Path, media_type: str, number: int, bounds: Bounds) -> ScannedPage:
    """Page ``number`` (from 1) as the eye sees it, with what may be kept of its bytes and its text layer.

    Raises ``DamagedFileError`` (``damaged_page``) where this page cannot be read, ``TooLargeError`` where it asks
    for more than ``bounds`` allow.
    """
    if media_type == media.PDF:
        return read_pdf_page(path, number, bounds)
    if media_type in media.PICTURES:
        return read_picture(path, media_type, number, bounds)
    raise rejections.unsupported(f"page {number}", media_type or "an unknown kind of file")


def _count(path: Path, name: str, media_type: str, bounds: Bounds) -> tuple[int, int]:
    if media_type == media.PDF:
        return count_pdf(path, name, bounds)
    if media_type in media.PICTURES:
        return count_pictures(path, name, media_type, bounds), 0
    raise rejections.unsupported(name, "a ZIP inside a document" if media_type == media.ZIP else "this kind of file")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
