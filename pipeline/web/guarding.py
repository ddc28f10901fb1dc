"""What keeps others out before any page is asked.

Other sites' pages in the operator's browser can reach loopback too. What keeps them out: the ``Host`` header must be ours (a
rebound DNS name is not), nothing is shared across origins, and what changes anything must come from our own pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.web.house import Place
from pipeline.web.visiting import cookie_name

_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)
HEALTH = "/healthz"
_METHODS = frozenset({"GET", "HEAD", "POST"})

#: Bytes of a form; of an upload the installation's bound counts (under :data:`UPLOADS`).
FORM_BYTES = 1_000_000

#: Where other systems call: a guard of its own stands there.
API = "/v1"

#: Where files are handed in: addresses that begin so.
UPLOADS = ("/station/",)

_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "frame-src 'none'; img-src 'self' blob:"
)

#: What every answer carries.
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


class _TooLargeError(Exception):
    """More came than may."""


class Guard:
    """Refuses foreign hosts, foreign forms and bodies that are too large; tells the browser to load nothing from elsewhere."""

    def __init__(self, app: ASGIApp, place: Place, admits: Callable[[str], bool]) -> None:
        """``admits`` tells whether the key that a browser holds is that of somebody who is signed in."""
        self._app = app
        self._place = place
        self._admits = admits
        self._headers = HEADERS | ({"Strict-Transport-Security": _STRICT_TRANSPORT} if place.secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it."""
        if scope["type"] != "http" or scope["path"].startswith(f"{API}/"):
            await self._app(scope, receive, send)
            return
        limit = await self._limit(scope)
        bounded = _Bounded(receive, limit)
        guarded = _Answer(send, self._headers, bounded)
        refusal = self._refusal(scope, Headers(scope=scope), limit)
        if refusal is not None:
            await refusal(scope, receive, guarded)
            return
        try:
            await self._app(scope, bounded, guarded)
        except _TooLargeError:
            if not guarded.begun:
                await _refuse("Too large.", 413)(scope, receive, guarded)

    def _refusal(self, scope: Scope, headers: Headers, limit: int) -> PlainTextResponse | None:
        method, path = scope["method"], scope["path"]
        if not self._is_ours(headers.get("host", ""), path):
            return _refuse("This page is for this machine only.", 421)
        if method not in _METHODS:
            return _refuse("Only GET, HEAD and POST are known here.", 405)
        if method == "POST" and not _is_own_form(headers):
            return _refuse("Forms of other sites are refused.", 403)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > limit:
            return _refuse("Too large.", 413)
        return None

    def _is_ours(self, host: str, path: str) -> bool:
        """Whether the request means us; the supervisor asks for our health by an address of this machine."""
        if self._place.origin and path != HEALTH:
            return host.lower() == urlsplit(self._place.origin).netloc.lower()
        return bool(_LOOPBACK.fullmatch(host))

    async def _limit(self, scope: Scope) -> int:
        """Bytes that the body may have: files from who is signed in alone, for a body is taken in before a page is asked."""
        if scope["method"] != "POST" or not scope["path"].startswith(UPLOADS):
            return FORM_BYTES
        key = Request(scope).cookies.get(cookie_name(self._place), "")
        admitted = bool(key) and await run_in_threadpool(self._admits, key)
        return self._place.upload_bytes + FORM_BYTES if admitted else FORM_BYTES


class _Bounded:
    """Receives at most ``limit`` bytes, whatever the header of the length said."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self.exceeded:
            raise _TooLargeError
        return message

    @property
    def exceeded(self) -> bool:
        """Whether more came."""
        return self._left < 0


class _Answer:
    """Sends with our headers on; says that too much came, whatever was made of it further in."""

    def __init__(self, send: Send, headers: Mapping[str, str], bounded: _Bounded) -> None:
        self._send = send
        self._headers = headers
        self._bounded = bounded
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            if self._bounded.exceeded:
                message["status"] = 413
            found = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                found.setdefault(name, value)
        await self._send(message)


def _is_own_form(headers: Headers) -> bool:
    """Whether browser and address agree that a page of ours sent it; programs that say neither still need the token."""
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


def _refuse(text: str, status: int) -> PlainTextResponse:
    return PlainTextResponse(f"{text}\n", status_code=status)
