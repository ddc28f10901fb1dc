"""What a call can end with, other than an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class CallError(Exception):
    """The root of what this package raises."""


class ConnectionLostError(CallError):
    """Nobody answered, however often it was tried."""


class UnprovenError(CallError):
    """A receipt, a document or a webhook is not what it says: do not use it."""


class RefusedError(CallError):
    """An answer that is a problem (RFC 9457).

    ``code`` and ``reason`` are for programs, ``advice`` for people (``vi`` and ``en``), ``correlation`` for whoever asks the
    administrator of Sohoa about it.
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code") or problem.get("error") or "unknown")
        self.reason = str(problem.get("reason") or "")
        self.detail = str(problem.get("detail") or problem.get("error_description") or "")
        self.advice: Mapping[str, str] = problem.get("advice") or {}
        self.correlation = str(problem.get("correlation") or "")
        self.problem = dict(problem)
        super().__init__(f"{status} {self.code}{f' ({self.reason})' if self.reason else ''}: {self.detail}")
