"""What stands before every call: the host must be ours, bodies are bounded, each call has a name, every answer its headers."""

from __future__ import annotations

import re
import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.domain.errors import TooLargeError
from pipeline.web.api.problems import ApiProblemError, answer
from pipeline.web.house import Place

#: Bytes of a body of JSON or of a form.
BODY_BYTES = 1_000_000

#: Where pieces of files come in.
PIECES = re.compile(r"/uploads/[^/]+")

CORRELATION = "X-Correlation-Id"

_NAME = re.compile(r"[\w.\-]{8,64}", re.ASCII)
_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)

#: What every answer carries. Nothing here is a page, and no browser is to make one of it.
HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


class Guard:
    """Refuses foreign hosts and bodies that are too large; names each call."""

    def __init__(self, app: ASGIApp, place: Place) -> None:
        self._app = app
        self._place = place
        self._headers = HEADERS | ({"Strict-Transport-Security": _STRICT_TRANSPORT} if place.secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        correlation = headers.get(CORRELATION, "")
        if not _NAME.fullmatch(correlation):
            correlation = secrets.token_hex(12)
        scope.setdefault("state", {})["correlation"] = correlation
        limit = self._limit(scope)

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(scope=message)
                found[CORRELATION] = correlation
                for name, value in self._headers.items():
                    found.setdefault(name, value)
            await send(message)

        refusal = self._refusal(headers, limit)
        if refusal is not None:
            await answer(Request(scope), refusal)(scope, receive, told)
            return
        await self._app(scope, _Bounded(receive, limit), told)

    def _refusal(self, headers: Headers, limit: int) -> ApiProblemError | None:
        if not self._is_ours(headers.get("host", "")):
            return ApiProblemError("foreign_host")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > limit:
            return ApiProblemError("too_large")
        return None

    def _is_ours(self, host: str) -> bool:
        if self._place.origin:
            return host.lower() == urlsplit(self._place.origin).netloc.lower()
        return bool(_LOOPBACK.fullmatch(host))

    def _limit(self, scope: Scope) -> int:
        """Bytes that the body may have; who sends pieces of files is asked who it is before any of them is read."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return self._place.upload_bytes if scope["method"] == "PATCH" and PIECES.fullmatch(path) else BODY_BYTES


class _Bounded:
    """Receives at most ``limit`` bytes, whatever the header of the length said."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise TooLargeError("more came than may")
        return message
