"""Strong ETags, and the conditions that callers put on them (RFC 9110, 13)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Header, Request, Response
from pydantic import BaseModel

from pipeline.web.api.problems import ApiProblemError

#: The parameters, for the OpenAPI document: their values are read by :func:`answer_tagged` and :func:`require_match`.
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", examples=['"5d41402abc4b2a76"'])]
IfMatch = Annotated[str | None, Header(alias="If-Match", max_length=1000, examples=['"5d41402abc4b2a76"'])]

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "What the caller has (If-None-Match) is still right."}}


def tag_of(data: bytes) -> str:
    """A strong ETag of these bytes."""
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def answer_tagged(request: Request, made: BaseModel, headers: Mapping[str, str] | None = None) -> Response:
    """The JSON of ``made`` with its ETag; 304 without it where the caller has it already."""
    data = bytes_of(made)
    tag = tag_of(data)
    if is_known(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(data, headers={"ETag": tag, **(headers or {})}, media_type="application/json")


def bytes_of(made: BaseModel) -> bytes:
    """The JSON of ``made`` as it is sent: the same bytes for the same state."""
    return json.dumps(made.model_dump(mode="json", exclude_none=True), ensure_ascii=False, separators=(",", ":")).encode()


def is_known(request: Request, tag: str) -> bool:
    """Whether the caller has said that it has this very representation."""
    return _lists(request.headers.get("if-none-match", ""), tag, weak=True)


def require_match(request: Request, tag: str) -> None:
    """Raise a problem where the caller decides upon another representation than the present one."""
    wanted = request.headers.get("if-match")
    if wanted is not None and not _lists(wanted, tag, weak=False):
        raise ApiProblemError("precondition_failed", headers={"ETag": tag})


def _lists(header: str, tag: str, *, weak: bool) -> bool:
    listed = [one.strip() for one in header.split(",")]
    plain = [one.removeprefix("W/") if weak else one for one in listed]
    return "*" in listed or tag in plain
