"""Exit codes, and the arguments that several commands take."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.domain.documents import Status
from pipeline.engines import ENGINES

if TYPE_CHECKING:
    from pipeline.bootstrap import Services
    from pipeline.settings import Settings

OK, FAILURE, USAGE, REJECTED, INTERRUPTED = 0, 1, 2, 3, 130

#: Makes the parser of a command: its name, a line of help, the function that runs it, examples.
Maker = Callable[[str, str, Callable[..., int], str], argparse.ArgumentParser]


def add_engine(command: argparse.ArgumentParser) -> None:
    """Let ``command`` be told which engine reads the pages."""
    command.add_argument("--engine", choices=ENGINES, help="what reads the pages (default: SOHOA_ENGINE, else the first)")


def positive(text: str) -> int:
    """The whole number above zero that ``text`` writes; for argparse, which tells the user of any other."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return int(text)


def must_exist(paths: Iterable[Path]) -> None:
    """Raise ``ValueError`` naming those of ``paths`` that are not there."""
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise ValueError(f"no such file or folder: {', '.join(missing)}")


def verdict(statuses: Iterable[Status]) -> int:
    """The exit code of a run whose documents ended with ``statuses``."""
    found = set(statuses)
    if Status.FAILED in found:
        return FAILURE
    return REJECTED if Status.REJECTED in found else OK


def open_services(settings: Settings) -> Services:
    """The services that ``settings`` name."""
    from pipeline.bootstrap import build_services

    return build_services(settings)


def asker() -> str:
    """Who asks, as the audit log is to name them: the user of this machine."""
    return f"{getpass.getuser()} (command line)"
