"""What a file is, by its first bytes and never by its extension."""

from __future__ import annotations

from pathlib import Path

PDF = "application/pdf"
TIFF = "image/tiff"
JPEG = "image/jpeg"
PNG = "image/png"
WEBP = "image/webp"
HEIC = "image/heic"
ZIP = "application/zip"

#: What may become pages.
PICTURES = frozenset({TIFF, JPEG, PNG, WEBP, HEIC})

_MAGICS = (
    (JPEG, (b"\xff\xd8\xff",)),
    (PNG, (b"\x89PNG\r\n\x1a\n",)),
    (TIFF, (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")),
    (ZIP, (b"PK\x03\x04", b"PK\x05\x06")),
)
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
#: How the first member of a Word, OpenDocument or Java file is called.
_OFFICE_MEMBERS = (b"[Content_Types].xml", b"mimetype", b"META-INF/", b"_rels/", b"word/", b"xl/", b"ppt/", b"docProps/")
#: Readers accept a PDF header anywhere in the first kilobyte.
_PDF_WINDOW = 1024


def recognise_media(path: Path) -> str:
    """The media type of the file, ``""`` where it is none that is taken in. Office files are ZIPs and are none."""
    with path.open("rb") as file:
        head = file.read(_PDF_WINDOW + 5)
    found = _by_magic(head)
    if found == ZIP and _is_office_file(head):
        return ""
    return found


def _by_magic(head: bytes) -> str:
    for media_type, magics in _MAGICS:
        if head.startswith(magics):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and _is_heif(head):
        return HEIC
    return PDF if b"%PDF-" in head else ""


def _is_heif(head: bytes) -> bool:
    size = min(max(int.from_bytes(head[:4], "big"), 12), 256)
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, size, 4))}
    return bool(brands & _HEIF_BRANDS) and not brands & {b"avif", b"avis"}


def _is_office_file(head: bytes) -> bool:
    name = head[30 : 30 + int.from_bytes(head[26:28], "little")]
    return name.startswith(_OFFICE_MEMBERS)
