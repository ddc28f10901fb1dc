"""What an error makes of the answer: RFC 9457, with stable codes, in Vietnamese and English; never what went on inside."""

from __future__ import annotations

import json
import tomllib
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from pipeline.domain.errors import (
    ConflictError,
    NotEntitledError,
    NotFoundError,
    RejectedInputError,
    SohoaError,
    TooLargeError,
    UnavailableError,
)

MEDIA_TYPE = "application/problem+json"

#: Seconds after which it is worth trying again, where we do not know better.
PATIENCE = 5

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of problem: its status; title and advice in each language."""

    code: str
    status: int
    titles: Mapping[str, str]
    advice: Mapping[str, str]


@cache
def problem_kinds() -> Mapping[str, ProblemKind]:
    """All kinds, by code."""
    raw = tomllib.loads(files("pipeline.web.api").joinpath("problems.toml").read_text(encoding="utf-8"))
    return {
        code: ProblemKind(
            code,
            one["status"],
            {language: one[language][0] for language in ("vi", "en")},
            {language: one[language][1] for language in ("vi", "en")},
        )
        for code, one in raw.items()
    }


class ApiProblemError(Exception):
    """A call that cannot be answered as it was made; ``code`` is one of :func:`problem_kinds`."""

    def __init__(self, code: str, detail: str = "", *, headers: Mapping[str, str] | None = None, **more: object) -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = more


#: What an error of the product is called here; the first class that fits counts.
KINDS: tuple[tuple[type[SohoaError], str], ...] = (
    (NotFoundError, "not_found"),
    (NotEntitledError, "not_entitled"),
    (TooLargeError, "too_large"),
    (ConflictError, "conflict"),
    (RejectedInputError, "conflict"),
    (UnavailableError, "unavailable"),
    (SohoaError, "fault"),
)


def answer(request: Request, error: Exception) -> Response:
    """The answer that ``error`` makes."""
    problem = translate(error)
    kind = problem_kinds()[problem.code]
    if kind.status >= 500:
        log.error("call failed", code=problem.code, correlation=correlation_of(request), **_whereabouts(error))
    headers = dict(problem.headers)
    if kind.status in {429, 503}:
        headers.setdefault("Retry-After", str(PATIENCE))
    body = document(kind, language_of(request), correlation_of(request), problem)
    data = json.dumps(body, ensure_ascii=False).encode()
    return Response(data, kind.status, headers | {"Content-Language": language_of(request)}, media_type=MEDIA_TYPE)


def _whereabouts(error: Exception) -> dict[str, object]:
    """What kind of fault it is and where: no values, which may be people's."""
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    return {"error": type(error).__name__, "at": [f"{Path(one.filename).name}:{one.lineno}" for one in frames]}


def document(kind: ProblemKind, language: str, correlation: str, problem: ApiProblemError) -> dict[str, Any]:
    """The problem as JSON."""
    return {
        "type": f"/v1/problems/{kind.code}",
        "title": kind.titles[language],
        "status": kind.status,
        "code": kind.code,
        "detail": problem.detail or kind.advice[language],
        "titles": dict(kind.titles),
        "advice": dict(kind.advice),
        "correlation": correlation,
        **problem.more,
    }


def translate(error: Exception) -> ApiProblemError:
    """The problem that ``error`` is; of faults of ours nothing but that they are."""
    if isinstance(error, ApiProblemError):
        return error
    if isinstance(error, RequestValidationError):
        return ApiProblemError("faulty_request", errors=_faults(error.errors()))
    if isinstance(error, HTTPException):
        return _of_http(error)
    return _of_product(error) if isinstance(error, SohoaError) else ApiProblemError("fault")


def _of_product(error: SohoaError) -> ApiProblemError:
    code = next(code for kind, code in KINDS if isinstance(error, kind))
    if code == "fault":
        return ApiProblemError(code)
    if error.code == "idempotency_conflict":
        return ApiProblemError("key_reused")
    return ApiProblemError(code, error.advice, reason=error.code)


def _of_http(error: HTTPException) -> ApiProblemError:
    if isinstance(error.__cause__, SohoaError | ApiProblemError):
        return translate(error.__cause__)
    codes = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media"}
    if error.status_code in codes:
        return ApiProblemError(codes[error.status_code], headers=error.headers)
    return ApiProblemError("faulty_request" if error.status_code < 500 else "fault", headers=error.headers)


def _faults(found: Sequence[Any]) -> list[dict[str, str]]:
    """Where something does not fit, and what; never what was sent."""
    return [{"where": ".".join(map(str, one["loc"])), "what": str(one["type"])} for one in found[:20]]


def correlation_of(request: Request) -> str:
    """What this call is called in log, audit log and answer."""
    return str(getattr(request.state, "correlation", ""))


def language_of(request: Request) -> str:
    """Vietnamese, unless English is wanted more."""
    wanted = request.headers.get("accept-language", "").lower()
    first = wanted.split(",")[0].strip()
    return "en" if first.startswith("en") else "vi"
