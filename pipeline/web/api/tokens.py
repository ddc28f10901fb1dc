"""Where systems get their tokens (RFC 6749 section 4.4, RFC 7523), the public keys, and what the problems mean."""

from __future__ import annotations

import base64
from typing import Annotated, Any, Literal
from urllib.parse import unquote

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from pipeline.domain.clients import Scope
from pipeline.systems.assertions import ALGORITHMS
from pipeline.systems.desk import TOKEN_PATH, ForeignScopeError, Proof, UnknownClientError
from pipeline.systems.tokens import LIFE
from pipeline.web.api.admitting import AnyDesk, OpenRoute, certificate_of
from pipeline.web.api.problems import ApiProblemError, problem_kinds
from pipeline.web.api.shapes import problems

router = APIRouter(tags=["oauth"], route_class=OpenRoute)


_LONGEST_ASSERTION = 8192


class TokenForm(BaseModel):
    """What is asked for, and with which proof."""

    model_config = ConfigDict(extra="forbid")

    grant_type: Literal["client_credentials"]
    scope: str = Field(default="", max_length=500, description="Scopes, separated by spaces; without it all of the system.")
    client_id: str = Field(default="", max_length=64)
    client_assertion_type: Literal["", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"] = ""
    client_assertion: str = Field(default="", max_length=_LONGEST_ASSERTION)


class TokenAnswer(BaseModel):
    """An access token; it lasts for ``expires_in`` seconds."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str


class TokenRefusal(BaseModel):
    """Why there is no token (RFC 6749, 5.2)."""

    error: Literal["invalid_client", "invalid_scope", "invalid_request", "too_many_tries"]
    error_description: str


class KeySet(BaseModel):
    """Public keys (RFC 7517)."""

    keys: list[dict[str, Any]]


class ProblemMeaning(BaseModel):
    """What a code of a problem means."""

    code: str
    status: int
    titles: dict[str, str]
    advice: dict[str, str]


_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": TokenRefusal, "description": "A scope that the system does not have, or two proofs at once."},
    401: {"model": TokenRefusal, "description": "The system is unknown, or does not prove who it is."},
    429: {"model": TokenRefusal, "description": "Too many tries from one address."},
}


@router.post("/oauth/token", response_model=TokenAnswer, responses=_REFUSALS | problems(413, 421, 422, 503))
def give_token(request: Request, desk: AnyDesk, form: Annotated[TokenForm, Form()]) -> Response:
    """An access token for a system that proves who it is."""
    address = request.client.host if request.client else ""
    tries = desk.tries_left(address)
    if not tries.allowed:
        return _refused(429, "too_many_tries", "wait before the next try", {"Retry-After": str(tries.wait)})
    name, secret = _basic(request.headers.get("authorization", ""))
    if form.client_assertion and secret:
        return _refused(400, "invalid_request", "one proof at a time")
    proof = Proof(name or form.client_id, secret, form.client_assertion, certificate_of(request), address)
    try:
        token, scopes = desk.admit(proof, form.scope.split())
    except UnknownClientError as error:
        return _refused(401, "invalid_client", error.message, {"WWW-Authenticate": 'Basic realm="sohoa"'})
    except ForeignScopeError as error:
        return _refused(400, "invalid_scope", error.message)
    given = TokenAnswer(
        access_token=token,
        token_type="Bearer",  # noqa: S106 - the kind of a token
        expires_in=int(LIFE.total_seconds()),
        scope=" ".join(sorted(scopes)),
    )
    return JSONResponse(given.model_dump(), headers={"Pragma": "no-cache"})


@router.get("/oauth/jwks.json", responses=problems(421, 503))
def publish_keys(desk: AnyDesk, response: Response) -> KeySet:
    """The public keys that access tokens are proven by; a new one stands here before anything is signed with it."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return KeySet(keys=desk.keyring.published()["keys"])


@router.get("/.well-known/oauth-authorization-server", responses=problems(421))
def describe(desk: AnyDesk) -> dict[str, Any]:
    """Where what is (RFC 8414)."""
    return {
        "issuer": desk.issuer,
        "token_endpoint": f"{desk.origin}{TOKEN_PATH}",
        "jwks_uri": f"{desk.issuer}/oauth/jwks.json",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": [scope.value for scope in Scope],
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic"],
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "tls_client_certificate_bound_access_tokens": bool(desk.certificate_header),
    }


@router.get("/problems/{code}", responses=problems(404, 421, 422))
def explain_problem(code: Annotated[str, Path(pattern=r"^[a-z_]{1,40}$", examples=["not_found"])]) -> ProblemMeaning:
    """What a code means, and what to do."""
    kind = problem_kinds().get(code)
    if kind is None:
        raise ApiProblemError("not_found")
    return ProblemMeaning(code=kind.code, status=kind.status, titles=dict(kind.titles), advice=dict(kind.advice))


def _refused(status: int, error: str, text: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": error, "error_description": text}, status, headers)


def _basic(header: str) -> tuple[str, str]:
    """Name and secret of a header; both empty for what is none. RFC 6749, 2.3.1: both are escaped as in forms."""
    kind, _, rest = header.partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        name, _, secret = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return unquote(name.replace("+", " "))[:64], unquote(secret.replace("+", " "))[:256]
