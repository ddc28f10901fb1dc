"""Routes that are asked most: the same steps as of every closed route, in one thread from the token to the audit log.

What they take is in their path and their headers. They read both themselves: what is declared of parameters is for the OpenAPI
document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute
from starlette.types import Receive, Send
from starlette.types import Scope as Asked

from pipeline.domain.clients import Scope
from pipeline.web.api.admitting import ServiceRoute, admit, insist_on, note_call, tell_allowance
from pipeline.web.api.guarding import Guard
from pipeline.web.api.problems import ApiProblemError, answer
from pipeline.web.house import Place, reuse_of

#: Threads that answer such calls: more of them get in each other's way, and all of them wait for one interpreter.
_THREADS = 8

#: What the id of a request looks like.
REQUEST_ID = r"^[A-Za-z0-9_-]{8,64}$"


class SwiftRoute(ServiceRoute):
    """A closed route of requests for documents: its handler takes call, ports, caller and the id of the request."""

    scopes = (Scope.REUSE_REQUEST,)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a call."""

        async def handle(request: Request) -> Response:
            return await run_in_threadpool(self.reply, request)

        return handle

    def reply(self, request: Request) -> Response:
        """The answer to a call, noted already."""
        try:
            caller, allowance = admit(request)
        except Exception as error:
            return answer(request, error)
        try:
            if not allowance.allowed:
                raise ApiProblemError("too_many_calls", headers={"Retry-After": str(allowance.wait)})
            insist_on(caller, self.scopes)
            made: Response = self.endpoint(request, reuse_of(request), caller, _request_id(request))
        except Exception as error:
            made = answer(request, error)
        try:
            note_call(request, caller, self.path, made.status_code)
        except Exception as error:
            made = answer(request, error)
        tell_allowance(made, allowance)
        return made


class Lane:
    """Answers calls of the swift ``routes`` of ``api`` under ``prefix``, past the layers of the applications around them.

    Those cost more than such an answer; of what they do nothing is left out but the looking for the route.
    """

    def __init__(self, api: FastAPI, routes: Iterable[BaseRoute], prefix: str, place: Place) -> None:
        self._api = api
        self._prefix = prefix
        self._path = re.compile(re.escape(prefix) + r"/reuse/requests/([^/]+)/([a-z]+)")
        swift = [one for one in routes if isinstance(one, SwiftRoute)]
        self._routes = {(method, one.path.rsplit("/", 1)[1]): one for one in swift for method in one.methods or ()}
        self._threads = CapacityLimiter(_THREADS)
        self._guarded = Guard(self._answer, place)

    def takes(self, scope: Asked) -> bool:
        """Whether a call is one of those; it is made ready to be answered then."""
        if scope["type"] != "http" or not scope["path"].startswith(self._prefix):
            return False
        found = self._path.fullmatch(scope["path"])
        route = self._routes.get((scope["method"], found[2])) if found else None
        if found is None or route is None:
            return False
        scope.update(app=self._api, root_path=self._prefix, path_params={"request_id": found[1]}, route=route)
        return True

    async def __call__(self, scope: Asked, receive: Receive, send: Send) -> None:
        """Answer a call that it takes."""
        await self._guarded(scope, receive, send)

    async def _answer(self, scope: Asked, receive: Receive, send: Send) -> None:
        route: SwiftRoute = scope["route"]
        made = await to_thread.run_sync(route.reply, Request(scope, receive), limiter=self._threads)
        await made(scope, receive, send)


def _request_id(request: Request) -> str:
    found = str(request.path_params["request_id"])
    if not re.fullmatch(REQUEST_ID, found):
        raise ApiProblemError("faulty_request", errors=[{"where": "path.request_id", "what": "string_pattern_mismatch"}])
    return found
