"""Names of files and dossiers that lead nowhere else: NFC, Vietnamese letters kept, one path component each."""

from __future__ import annotations

import re
import unicodedata

#: File systems hold 255 bytes; the rest is room for ``.json`` and counters.
_LONGEST = 180
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def safe_name(name: str, fallback: str = "tài liệu") -> str:
    """The last component of ``name`` as a plain file name: no separators, controls, leading or trailing dots; NFC."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(_plain(letter) for letter in last)
    plain = _FORBIDDEN.sub("_", plain).strip().strip(".").strip()
    if _RESERVED.fullmatch(plain):
        plain = f"_{plain}"
    return _shortened(plain) or fallback


def safe_dossier(parts: tuple[str, ...]) -> str:
    """The parts of a folder path as one dossier name, joined by ``/``; ``.`` where there are none."""
    kept = [safe_name(part, "") for part in parts]
    return "/".join(part for part in kept if part) or "."


def leads_outside(name: str) -> bool:
    """Whether a member name of a ZIP is absolute, has a drive, or climbs with ``..``."""
    parts = re.split(r"[/\\]", name)
    return name.startswith(("/", "\\")) or ".." in parts or bool(re.match(r"[A-Za-z]:", name)) or "\0" in name


def distinct(name: str, taken: set[str]) -> str:
    """``name``, or ``name (2)`` and so on where the folder holds it already; the choice is entered in ``taken``."""
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        stem, dot, suffix = name, "", ""
    chosen, count = name, 1
    while chosen.casefold() in taken:
        count += 1
        chosen = f"{stem} ({count}){dot}{suffix}"
    taken.add(chosen.casefold())
    return chosen


def _plain(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in {"Zs", "Zl", "Zp"}:
        return " "
    return "" if kind.startswith("C") else letter


def _shortened(name: str) -> str:
    if len(name.encode()) <= _LONGEST:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix) > 8:
        stem, dot, suffix = name, "", ""
    room = _LONGEST - len(f"{dot}{suffix}".encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + dot + suffix
