"""The application of the interface: its families of addresses, its OpenAPI document, what errors become."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException

from pipeline.domain.errors import SohoaError
from pipeline.web.api import callers, documents, dossiers, events, exports, owners, reuse, searching, tokens, uploads
from pipeline.web.api.guarding import Guard
from pipeline.web.api.problems import ApiProblemError, answer
from pipeline.web.api.shapes import Problem
from pipeline.web.api.swift import Lane
from pipeline.web.house import House

#: The version of the interface: what stands under ``/v1`` only grows.
VERSION = "1.0"

FAMILIES = (
    tokens.router,
    callers.router,
    uploads.router,
    dossiers.router,
    documents.router,
    searching.router,
    exports.router,
)

#: The families of what is held for others.
OF_REUSE = (reuse.keys, reuse.swift, reuse.router, events.router, owners.router)


_TEXT = """Sohoa for other systems: hand in scans, take back fields and documents, ask before a citizen is asked again.

Errors are problems (RFC 9457) with stable codes, see `/v1/problems/{code}`. Lists come in pages: follow `next`. What can be
read carries a strong `ETag`. A POST may carry an `Idempotency-Key`. Calls are counted per system (`RateLimit`), each stands
in the audit log, and `X-Correlation-Id` names it."""


def make_api(house: House) -> FastAPI:
    """The interface over ``house``, to be mounted under ``/v1``."""
    api = FastAPI(
        title="Sohoa",
        version=VERSION,
        description=_TEXT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        openapi_tags=[{"name": "oauth", "description": "Tokens, keys, meanings of problems."}],
    )
    api.state.house = house
    api.add_middleware(Guard, place=house.place)
    for kind in (ApiProblemError, SohoaError, HTTPException, RequestValidationError):
        api.add_exception_handler(kind, _tell)
    for router in FAMILIES + (OF_REUSE if house.reuse is not None else ()):
        api.include_router(router)
    api.openapi = lambda: _document(api)  # type: ignore[method-assign]
    return api


def make_lane(api: FastAPI, house: House, prefix: str) -> Lane | None:
    """What answers the calls that are made most, past the application; None where nothing is held for others."""
    return Lane(api, reuse.swift.routes, prefix, house.place) if house.reuse is not None else None


async def _tell(request: Request, error: Exception) -> Response:
    made = answer(request, error)
    if made.status_code == 405:
        made.headers["Allow"] = ", ".join(_methods(request))
    return made


def _methods(request: Request) -> list[str]:
    """What is known at the address, whichever route it is of."""
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    known: dict[str, dict[str, Any]] = request.app.openapi()["paths"]
    found = (told for template, told in known.items() if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path))
    return sorted({method.upper() for told in found for method in told})


def _never_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter: one that is not given is left out, and there is no null in an address or a header."""
    kinds = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**kinds[0], **rest} if len(kinds) == 1 else schema


def _document(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI document: without FastAPI's own shape of faults, which is never sent, and with that of problems."""
    if api.openapi_schema is None:
        made = get_openapi(
            title=api.title, version=api.version, description=api.description, routes=api.routes, tags=api.openapi_tags
        )
        made["servers"] = [{"url": "/v1"}]
        shapes = made["components"]["schemas"]
        for unsent in ("HTTPValidationError", "ValidationError"):
            shapes.pop(unsent, None)
        shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        shapes.update(shape.pop("$defs", {}))
        shapes["Problem"] = shape
        for told in (told for methods in made["paths"].values() for told in methods.values()):
            for parameter in told.get("parameters", ()):
                parameter["schema"] = _never_null(parameter["schema"])
        api.openapi_schema = made
    return api.openapi_schema
