"""Who calls: the token, its scopes, how fast, what for; every call in the audit log before its answer leaves.

::

    token ──► allowance ──► idempotency key ──► handler ──► audit ──► answer
     401         429          409, 422, replay
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Sequence
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response, Security
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.routing import APIRoute
from fastapi.security import OAuth2, SecurityScopes
from starlette.concurrency import run_in_threadpool

from pipeline.domain.audit import Action
from pipeline.domain.clients import Scope
from pipeline.systems.certificates import thumbprint_of
from pipeline.systems.desk import TOKEN_PATH, Caller, SystemDesk
from pipeline.systems.limits import Allowance
from pipeline.systems.tokens import NoTokenError
from pipeline.web.api.problems import ApiProblemError, answer, correlation_of
from pipeline.web.api.repeating import Repetition
from pipeline.web.house import House, house_of

#: What each scope allows, as the OpenAPI document says it.
SCOPES = {
    Scope.DOSSIERS_WRITE: "hand in dossiers and files",
    Scope.DOSSIERS_READ: "status of dossiers and documents of its offices",
    Scope.DOCUMENTS_READ: "fields, text and PDF of documents of its offices",
    Scope.REUSE_CHECK: "ask what is held of an owner",
    Scope.REUSE_REQUEST: "request, preview and release documents",
    Scope.EVENTS: "subscribe to events",
    Scope.SEARCH: "search documents of its offices",
    Scope.EXPORT: "export metadata of its offices",
    Scope.OWNERS_READ: "who fetched what of an owner",
}

SCHEME = OAuth2(
    flows=OAuthFlows(
        clientCredentials=OAuthFlowClientCredentials(
            tokenUrl=TOKEN_PATH, scopes={scope.value: text for scope, text in SCOPES.items()}
        )
    ),
    scheme_name="systems",
    description="OAuth 2.0 client credentials: private_key_jwt or client_secret_basic, ES256 access tokens.",
    auto_error=False,
)

#: What the purpose of a call looks like: a short word of the province's list of purposes.
PURPOSE = r"^[a-z0-9][a-z0-9_.\-]{0,63}$"
PURPOSE_HEADER = "Sohoa-Purpose"

_BEARER = re.compile(r"Bearer +([\w.~+/=-]{1,8192})", re.IGNORECASE | re.ASCII)


async def admitted(request: Request, needed: SecurityScopes, _: Annotated[str | None, Security(SCHEME)] = None) -> Caller:
    """Who calls; raises a problem where its token lacks a scope."""
    caller: Caller = request.state.caller
    insist_on(caller, needed.scopes)
    return caller


def insist_on(caller: Caller, scopes: Sequence[str]) -> None:
    """Raise a problem where the caller's token lacks one of ``scopes``."""
    missing = sorted(set(scopes) - set(caller.scopes))
    if missing:
        told = {"WWW-Authenticate": f'Bearer realm="sohoa", error="insufficient_scope", scope="{" ".join(scopes)}"'}
        raise ApiProblemError("insufficient_scope", headers=told, missing=missing)


def needs(*scopes: Scope) -> Any:  # noqa: ANN401 - what FastAPI takes for a parameter's marker
    """The marker of a parameter that is the calling system, whose token has ``scopes``."""
    return Security(admitted, scopes=[scope.value for scope in scopes])


#: The parameter of a handler that shows personal data: what for.
Purpose = Annotated[
    str,
    Header(
        alias=PURPOSE_HEADER,
        pattern=PURPOSE,
        description="What it is asked for; stands in the audit log, and the owner sees it.",
        examples=["giai_quyet_tthc"],
    ),
]


class ClosedRoute(APIRoute):
    """A route for systems that are let in. What it answers, errors included, is audited before it leaves.

    ``keeps_answers``: to a call with an idempotency key, for whoever repeats it.
    """

    keeps_answers = True

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a call."""
        inner = super().get_route_handler()
        path, keeps = self.path, self.keeps_answers

        async def handle(request: Request) -> Response:
            try:
                caller, allowance = await run_in_threadpool(admit, request)
            except Exception as error:
                return answer(request, error)
            request.state.caller = caller
            try:
                made = await _answered(request, caller, allowance, inner, keeps=keeps)
            except Exception as error:
                made = answer(request, error)
            try:
                await run_in_threadpool(note_call, request, caller, path, made.status_code)
            except Exception as error:
                made = answer(request, error)
            tell_allowance(made, allowance)
            return made

        return handle


async def _answered(
    request: Request,
    caller: Caller,
    allowance: Allowance,
    inner: Callable[[Request], Coroutine[Any, Any, Response]],
    *,
    keeps: bool,
) -> Response:
    if not allowance.allowed:
        raise ApiProblemError("too_many_calls", headers={"Retry-After": str(allowance.wait)})
    house = house_of(request)
    repetition = await Repetition.of(request, caller.client.id) if keeps else None
    if repetition is None:
        return await inner(request)
    earlier = await run_in_threadpool(repetition.earlier, house.catalogue.answers, house.clock)
    if earlier is not None:
        return earlier
    try:
        made = await inner(request)
    except Exception as error:
        made = answer(request, error)
    await run_in_threadpool(repetition.keep, house.catalogue.answers, made)
    return made


class ServiceRoute(ClosedRoute):
    """A closed route whose service itself knows repeated calls: what it answers is personal, and kept nowhere else."""

    keeps_answers = False


class OpenRoute(APIRoute):
    """A route for everybody."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a call."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await inner(request)
            except Exception as error:
                return answer(request, error)

        return handle


def admit(request: Request) -> tuple[Caller, Allowance]:
    """Who calls, and what is left of its calls; raises a problem for whoever brings no token that holds."""
    desk = desk_of(request)
    found = _BEARER.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        raise ApiProblemError("no_token", headers={"WWW-Authenticate": 'Bearer realm="sohoa"'})
    try:
        caller = desk.caller(found[1], certificate_of(request))
    except NoTokenError as error:
        told = {"WWW-Authenticate": 'Bearer realm="sohoa", error="invalid_token"'}
        raise ApiProblemError("no_token", headers=told) from error
    return caller, desk.allowance(caller.client)


def note_call(request: Request, caller: Caller, path: str, status: int) -> None:
    """Write down who called what, what for, and what came of it; not twice what a service has written down just now."""
    if getattr(request.state, "noted", False) and status < 400:
        return
    purpose = getattr(request.state, "purpose", "") or request.headers.get(PURPOSE_HEADER, "")
    house_of(request).auditing.note(
        _action(request, status),
        actor=caller.client.actor,
        reason=purpose if re.fullmatch(PURPOSE, purpose) else "",
        document=getattr(request.state, "document", ""),
        agency=caller.client.agency,
        method=request.method,
        path=path,
        status=status,
        dossier=getattr(request.state, "dossier", ""),
        documents=getattr(request.state, "exported", None),
        correlation=correlation_of(request),
    )


def _action(request: Request, status: int) -> Action:
    if status == 403:
        return Action.REFUSAL
    if status == 200 and hasattr(request.state, "exported"):
        return Action.EXPORT
    return Action.VIEW if status == 200 and getattr(request.state, "viewed", False) else Action.CALL


def tell_allowance(made: Response, allowance: Allowance) -> None:
    """Say in the answer what is left of the caller's calls."""
    made.headers["RateLimit-Policy"] = f'"calls";q={allowance.quota};w=60'
    made.headers["RateLimit"] = f'"calls";r={allowance.left};t={allowance.full}'


def desk_of(request: Request) -> SystemDesk:
    """Where systems are let in."""
    house: House = house_of(request)
    assert house.systems is not None
    return house.systems


def certificate_of(request: Request) -> str:
    """The thumbprint of the certificate that a proxy has seen; empty where none is handed on."""
    name = desk_of(request).certificate_header
    return thumbprint_of(request.headers.get(name, "")) if name else ""


#: The parameter of a handler that asks for the desk.
AnyDesk = Annotated[SystemDesk, Depends(desk_of)]
