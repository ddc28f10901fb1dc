"""A PDF file written front to back: nothing but the place of each object is kept in memory.

Object syntax, cross-reference table and trailer as in ISO 32000-1, 7.3 and 7.5, with the narrower spacing rules of
ISO 19005-2, 6.1.
"""

from __future__ import annotations

import hashlib
import math
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

PDF_VERSION = 1.7

#: The version, with the comment of bytes above 127 that ISO 19005-2, 6.1.2 asks for.
HEADER = f"%PDF-{PDF_VERSION}\n".encode() + b"%\xe2\xe3\xcf\xd3\n"


#: Bytes that stand in a name as #xx.
_NAMED = re.compile(rb"[^A-Za-z0-9_.+-]")


@dataclass(frozen=True, slots=True)
class Ref:
    """An indirect reference to object ``number``."""

    number: int


@dataclass(frozen=True, slots=True)
class Name:
    """A PDF name, without its slash."""

    text: str


PdfValue = bool | int | float | str | bytes | Name | Ref | Sequence["PdfValue"] | Mapping[str, "PdfValue"]


def render_number(value: float, decimals: int = 4) -> str:
    """``value`` with at most ``decimals`` (1 or more) and no exponent; raises ``ValueError`` for what is not finite."""
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot stand in a PDF")
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def render(value: PdfValue) -> bytes:
    """``value`` in PDF syntax; ``str`` becomes a text string (ASCII or UTF-16), ``bytes`` a hexadecimal string."""
    match value:
        case bool():
            shown = b"true" if value else b"false"
        case int():
            shown = b"%d" % value
        case float():
            shown = render_number(value).encode()
        case str():
            shown = _render_text(value)
        case bytes():
            shown = b"<" + value.hex().encode() + b">"
        case Name():
            shown = b"/" + _NAMED.sub(lambda found: b"#%02X" % found[0][0], value.text.encode())
        case Ref():
            shown = b"%d 0 R" % value.number
        case Mapping():
            pairs = (render(Name(key)) + b" " + render(item) for key, item in value.items())
            shown = b"<< " + b" ".join(pairs) + b" >>"
        case _:
            shown = b"[" + b" ".join(render(item) for item in value) + b"]"
    return shown


def _render_text(text: str) -> bytes:
    if text.isascii() and text.isprintable():
        for special in "\\()":
            text = text.replace(special, "\\" + special)
        return b"(" + text.encode() + b")"
    return b"<FEFF" + text.encode("utf-16-be", "replace").hex().upper().encode() + b">"


class PdfFile:
    """A PDF being written to ``target``: reserve numbers, write objects in any order, close."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._place = 0
        self._offsets: list[int] = []
        self._digest = hashlib.sha256()
        self._shared: dict[bytes, Ref] = {}
        self._write(HEADER)

    def _write(self, data: bytes) -> None:
        self._target.write(data)
        self._digest.update(data)
        self._place += len(data)

    @property
    def digest(self) -> bytes:
        """SHA-256 of everything written so far, 32 bytes."""
        return self._digest.copy().digest()

    def reserve(self) -> Ref:
        """A reference to an object that will be written later."""
        self._offsets.append(0)
        return Ref(len(self._offsets))

    def add(self, value: PdfValue, ref: Ref | None = None) -> Ref:
        """Write ``value`` as an indirect object, as ``ref`` where its number was reserved."""
        ref = ref or self.reserve()
        self._begin(ref)
        self._write(render(value) + b"\nendobj\n")
        return ref

    def add_stream(self, entries: Mapping[str, PdfValue], data: bytes, ref: Ref | None = None) -> Ref:
        """Write a stream whose bytes are ``data`` as they stand; ``entries`` says how they are coded."""
        ref = ref or self.reserve()
        self._begin(ref)
        self._write(render({**entries, "Length": len(data)}) + b"\nstream\n")
        self._write(data)
        self._write(b"\nendstream\nendobj\n")
        return ref

    def add_packed(self, entries: Mapping[str, PdfValue], data: bytes, ref: Ref | None = None) -> Ref:
        """Write a stream with ``data`` deflated."""
        return self.add_stream({**entries, "Filter": Name("FlateDecode")}, zlib.compress(data, 6), ref)

    def add_shared(self, entries: Mapping[str, PdfValue], data: bytes) -> Ref:
        """As :meth:`add_packed`, but the same stream is written only once."""
        key = hashlib.sha256(render(entries) + data).digest()
        if key not in self._shared:
            self._shared[key] = self.add_packed(entries, data)
        return self._shared[key]

    def close(self, root: Ref, info: Ref) -> None:
        """Write cross-reference table and trailer; /ID comes from the content, so equal input gives equal bytes."""
        identity = self.digest[:16]
        start, size = self._place, len(self._offsets) + 1
        rows = b"".join(b"%010d 00000 n \n" % offset for offset in self._offsets)
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % size + rows)
        trailer: dict[str, PdfValue] = {"Size": size, "Root": root, "Info": info, "ID": [identity, identity]}
        self._write(b"trailer\n" + render(trailer) + b"\nstartxref\n%d\n%%%%EOF\n" % start)

    def _begin(self, ref: Ref) -> None:
        self._offsets[ref.number - 1] = self._place
        self._write(b"%d 0 obj\n" % ref.number)
