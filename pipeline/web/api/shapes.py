"""What several addresses answer: problems, and the parameters that many calls take."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from fastapi import Header
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict

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


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _written(value: Any) -> Any:  # noqa: ANN401 - whatever came
    if (isinstance(value, str) and not _DAY.match(value)) or isinstance(value, int | float):
        raise ValueError("a day or time is written as text")
    return value


def _counted(value: Any) -> Any:  # noqa: ANN401 - whatever came
    if isinstance(value, str | bool):
        raise ValueError("a number is written as a number")
    return value


#: A day, and a time with a zone, as ISO 8601 writes them: numbers are neither. A whole number: no text, no truth value.
Day = Annotated[date, BeforeValidator(_written)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
Whole = Annotated[int, BeforeValidator(_counted)]


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
