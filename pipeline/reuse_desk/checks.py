"""Whether papers are held, and what they are worth: the "don't ask again" list of a one-stop desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.domain.reuse import CheckAnswer, CheckQuestion, Judgement, System
from pipeline.reuse_desk.scene import ReusePorts


@dataclass(frozen=True, slots=True)
class Validity:
    """What papers are worth."""

    ports: ReusePorts

    def judge(self, document: str, on: date | None = None, *, part: int = 0) -> Judgement:
        """What the paper is worth on a day (today); raises ``NotFoundError``."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Checks:
    """Answers to what is held."""

    ports: ReusePorts

    def check(self, caller: System, question: CheckQuestion) -> CheckAnswer:
        """For each component: held and reusable, held but not (why), or not held. Audited.

        What the caller is not entitled to is answered ``not_entitled`` without looking. Raises ``RejectedInputError`` for a
        question that names nobody (``owner_missing``) or nothing (``types_missing``).
        """
        raise NotImplementedError
