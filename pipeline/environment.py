"""What variables of an environment say: paths, numbers, choices, flags. A faulty one is a ``ValueError`` that names it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path


def path_of(env: Mapping[str, str], name: str) -> Path | None:
    """The path that the variable names; None where it is not set, ``ValueError`` where there is nothing."""
    text = env.get(name, "")
    if text and not Path(text).exists():
        raise ValueError(f"{name}: there is no {text}")
    return Path(text) if text else None


def number_of(env: Mapping[str, str], name: str, default: int) -> int:
    """The whole number above zero; raises ``ValueError`` for anything else."""
    text = env.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{name} must be a whole number above zero, not {text!r}")
    return int(text)


def choice_of(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """One of ``choices``, the first where it is not set; raises ``ValueError``."""
    text = env.get(name) or choices[0]
    if text not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, not {text!r}")
    return text


def flag_of(env: Mapping[str, str], name: str, default: bool) -> bool:
    """Whether it says yes; raises ``ValueError`` for what is neither yes nor no."""
    text = env.get(name, "").lower()
    if not text:
        return default
    if text not in {"0", "1", "true", "false", "yes", "no"}:
        raise ValueError(f"{name} must be 1 or 0, not {text!r}")
    return text in {"1", "true", "yes"}


def text_or_file(env: Mapping[str, str], name: str) -> str:
    """The text of the variable, or of the file that ``<name>_FILE`` names."""
    file = path_of(env, f"{name}_FILE")
    return file.read_text(encoding="utf-8").strip() if file else env.get(name, "")


def socket_of(env: Mapping[str, str], name: str) -> str:
    """Where something listens: ``host:port``, or ``unix:`` and the path of a socket; empty where it is not set."""
    text = env.get(name, "")
    if text and not re.fullmatch(r"unix:/\S+|\[?[\w.:-]+\]?:\d{1,5}", text):
        raise ValueError(f"{name} is host:port, or unix: and the path of a socket, not {text!r}")
    return text
