"""What several addresses answer: problems, and the parameters that many calls take."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Header
from pydantic import BaseModel, ConfigDict

from pipeline.web.api.problems import MEDIA_TYPE, problem_kinds
from pipeline.web.api.repeating import KEY_HEADER, KEY_PATTERN


class Fault(BaseModel):
    """One thing that does not fit: where it stands, and what is wrong with it."""

    where: str
    what: str


class Problem(BaseModel):
    """RFC 9457, with a stable ``code`` for programs and both languages for people. ``reason`` is finer than ``code``."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str
    titles: dict[str, str]
    advice: dict[str, str]
    correlation: str
    reason: str | None = None
    errors: list[Fault] | None = None


#: The schema under which the OpenAPI document keeps it.
PROBLEM = {"$ref": "#/components/schemas/Problem"}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What the OpenAPI document says of answers that are problems."""
    return {status: {"description": _titles(status), "content": {MEDIA_TYPE: {"schema": PROBLEM}}} for status in statuses}


def closed(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """As :func:`problems`, of addresses that ask for a token."""
    return problems(401, 403, 421, 422, 429, 500, 503, *statuses)


def _titles(status: int) -> str:
    return "; ".join(f"{kind.titles['en']} ({kind.code})" for kind in problem_kinds().values() if kind.status == status)


class Strict(BaseModel):
    """What is sent to us: nothing more than what is known."""

    model_config = ConfigDict(extra="forbid")


IdempotencyKey = Annotated[
    str | None,
    Header(
        alias=KEY_HEADER,
        pattern=KEY_PATTERN,
        description="A key of your own for this very call: repeated with the same body within 24 hours, it is made once.",
    ),
]
