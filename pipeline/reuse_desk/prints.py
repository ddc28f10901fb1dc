"""Codes on prints: a page that everybody may open says whether the paper still holds, and nothing about anybody."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.domain.reuse import PublicState
from pipeline.reuse_desk.scene import ReusePorts


@dataclass(frozen=True, slots=True)
class PublicCheck:
    """What a code tells: the state, and the title of the type where it is known."""

    state: PublicState
    title: str = ""


@dataclass(frozen=True, slots=True)
class PrintCodes:
    """Codes on prints."""

    ports: ReusePorts

    def make(self, document: str, *, actor: str, part: int = 0) -> str:
        """A code for prints of the newest revision. Raises ``NotFoundError``, ``NotEntitledError`` for what is not valid."""
        raise NotImplementedError

    def look(self, code: str) -> PublicCheck:
        """What the code tells today."""
        raise NotImplementedError
