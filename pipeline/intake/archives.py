"""ZIPs, taken apart member by member under counters; nothing a ZIP says of itself is believed."""

from __future__ import annotations

import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.domain.errors import RejectedInputError
from pipeline.intake import rejections
from pipeline.intake.bounds import Bounds
from pipeline.intake.names import leads_outside

_CHUNK = 1 << 20
_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_UNICODE_PATH = 0x7075
_END_OF_DIRECTORY = b"PK\x05\x06"
#: Far more than a name needs; a longer directory is not even parsed.
_DIRECTORY_BYTES_A_MEMBER = 4096
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, struct.error)


@dataclass(slots=True)
class Allowance:
    """What is left of the bounds for one submitted ZIP and all ZIPs inside it."""

    members: int
    bytes: int

    @classmethod
    def of(cls, bounds: Bounds) -> Allowance:
        """The whole of ``bounds``."""
        return cls(bounds.max_zip_members, bounds.max_unpacked_bytes)


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its name as a person wrote it, and the unpacked file or why there is none."""

    name: str
    path: Path | None
    error: RejectedInputError | None = None


def unpack(
    path: Path,
    name: str,
    bounds: Bounds,
    allowance: Allowance,
    scratch: Path,
    wanted: Callable[[str], bool] = bool,
) -> Iterator[Member]:
    """The members of the ZIP, each unpacked into ``scratch`` (under a counter for a name) when its turn comes.

    Those whose names are not ``wanted`` are passed over.
    Raises ``RejectedInputError`` for a ZIP that cannot be opened or asks for too much before anything is unpacked.
    """
    with _open(path, name, bounds) as archive:
        infos = _infos(archive)
        if len(infos) > allowance.members:
            raise rejections.zip_too_many_members(name, bounds.max_zip_members)
        if sum(info.file_size for info in infos) > allowance.bytes:
            raise rejections.zip_too_large(name, bounds.max_unpacked_bytes)
        if not infos:
            raise rejections.no_pages(name)
        allowance.members -= len(infos)
        scratch.mkdir(parents=True, exist_ok=True)
        for count, info in enumerate(infos, start=1):
            if wanted(member_name(info)):
                yield _unpack_member(archive, info, scratch / f"{count:04d}", bounds, allowance)


def read_heads(path: Path, bounds: Bounds, wanted: Callable[[str], bool], size: int) -> Iterator[tuple[str, bytes]]:
    """The names of the members that may be unpacked, with the first ``size`` bytes of those whose names are ``wanted``.

    Nothing is written, and nothing comes of a ZIP that is refused.
    """
    try:
        archive = _open(path, path.name, bounds)
    except RejectedInputError:
        return
    with archive:
        infos = _infos(archive)
        for info in infos if len(infos) <= bounds.max_zip_members else ():
            name, head = member_name(info), b""
            try:
                _refuse_member(info, name, bounds)
                if wanted(name):
                    with archive.open(info) as member:
                        head = member.read(size)
            except (RejectedInputError, *_BROKEN):
                continue
            yield name, head


def _open(path: Path, name: str, bounds: Bounds) -> zipfile.ZipFile:
    try:
        if _directory_bytes(path) > bounds.max_zip_members * _DIRECTORY_BYTES_A_MEMBER:
            raise rejections.zip_too_many_members(name, bounds.max_zip_members)
        return zipfile.ZipFile(path)
    except _BROKEN as error:
        raise rejections.damaged(name, "not a readable ZIP") from error


def _infos(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [info for info in archive.infolist() if not info.is_dir()]


def _directory_bytes(path: Path) -> int:
    """The declared length of the ZIP's table of contents, which is all that a reader goes by."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 65_557))
        tail = file.read()
    at = tail.rfind(_END_OF_DIRECTORY)
    declared = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    return _zip64_directory_bytes(tail, at) if declared == 0xFFFFFFFF else declared


def _zip64_directory_bytes(tail: bytes, end: int) -> int:
    at = tail.rfind(b"PK\x06\x06", 0, end)
    return int.from_bytes(tail[at + 40 : at + 48], "little") if at >= 0 else 0


def _unpack_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, bounds: Bounds, allowance: Allowance
) -> Member:
    name = member_name(info)
    try:
        _refuse_member(info, name, bounds)
        _stream(archive, info, target, bounds, allowance)
    except RejectedInputError as error:
        target.unlink(missing_ok=True)
        return Member(name, None, error)
    except _BROKEN:
        target.unlink(missing_ok=True)
        return Member(name, None, rejections.damaged(name, "this member of the ZIP cannot be unpacked"))
    return Member(name, target)


def _refuse_member(info: zipfile.ZipInfo, name: str, bounds: Bounds) -> None:
    if leads_outside(info.orig_filename) or leads_outside(name):
        raise rejections.unsafe_name(name, "the name leads out of the ZIP")
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise rejections.unsafe_name(name, "a link or device instead of a file")
    if info.flag_bits & _ENCRYPTED_FLAG:
        raise rejections.encrypted_zip(name)
    if info.file_size > bounds.max_file_bytes:
        raise rejections.too_many_bytes(name, bounds.max_file_bytes)


def _stream(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, bounds: Bounds, allowance: Allowance) -> None:
    written = 0
    with archive.open(info) as source, target.open("wb") as file:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            allowance.bytes -= len(chunk)
            if allowance.bytes < 0:
                raise rejections.zip_too_large(member_name(info), bounds.max_unpacked_bytes)
            if written > bounds.max_file_bytes:
                raise rejections.too_many_bytes(member_name(info), bounds.max_file_bytes)
            file.write(chunk)


def member_name(info: zipfile.ZipInfo) -> str:
    """The name of a member, NFC: from its Unicode field, else UTF-8, else Windows' Vietnamese code page, else cp437."""
    if info.flag_bits & _UTF8_FLAG:
        return unicodedata.normalize("NFC", info.filename)
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return unicodedata.normalize("NFC", info.filename)
    for text in _readings(raw, info.extra):
        return unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", info.filename)


def _readings(raw: bytes, extra: bytes) -> Iterator[str]:
    unicode_path = _extra_field(extra, _UNICODE_PATH)
    if len(unicode_path) > 5 and int.from_bytes(unicode_path[1:5], "little") == zlib.crc32(raw):
        yield unicode_path[5:].decode(errors="replace")
    for coding in ("utf-8", "cp1258"):
        try:
            yield raw.decode(coding)
        except UnicodeDecodeError:
            continue


def _extra_field(extra: bytes, wanted: int) -> bytes:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == wanted:
            return extra[at + 4 : at + 4 + size]
        at += 4 + size
    return b""
