"""Calls that come through: tokens renewed before they end, tries repeated with growing pauses, never a change made twice."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3

from pipeline.client.credentials import Credentials
from pipeline.client.failures import ConnectionLostError, RefusedError

#: Answers after which the same call may go well: too many calls, or a part of the server is away.
PASSING = frozenset({429, 502, 503, 504})

#: Seconds before the end of a token at which a new one is asked for.
_EARLY = 30

#: Hosts of this machine, which are reached without TLS.
_OURS = frozenset({"127.0.0.1", "localhost", "::1"})

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 60.0
_TOKEN = "/v1/oauth/token"  # noqa: S105 - an address


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a call is tried, and how long at most, in seconds; ``timeout`` bounds each try."""

    tries: int = 6
    seconds: float = 180.0
    timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - JSON
        """The body as JSON."""
        return json.loads(self.body)


class Transport:
    """Calls the interface at ``origin`` for whoever has ``credentials``; safe from many threads.

    ``ca_file`` names who vouches for the server, where the system does not know. ``clock`` and ``sleep`` are for tests.
    """

    def __init__(
        self,
        origin: str,
        credentials: Credentials,
        *,
        patience: Patience | None = None,
        ca_file: str | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(origin)
        if parts.scheme != "https" and parts.hostname not in _OURS:
            raise ValueError(f"papers of people go by https alone, not to {origin}")
        self._origin = origin.rstrip("/")
        self._credentials = credentials
        self._patience = patience or Patience()
        self._clock = clock
        self._sleep = sleep
        self._lock = Lock()
        self._token, self._ends = "", 0.0
        self._pool = urllib3.PoolManager(ca_certs=ca_file, timeout=self._patience.timeout, retries=False, maxsize=10)

    def close(self) -> None:
        """Let go of all connections."""
        self._pool.clear()

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = True,
        open_to_all: bool = False,
    ) -> Answer:
        """The answer; raises ``RefusedError`` for a problem, ``ConnectionLostError``.

        ``repeatable``: the call changes nothing that is not changed once alone, however often it is made.
        """
        begun, tries, renewed = self._clock(), 0, False
        while True:
            tries += 1
            found, sent = None, False
            try:
                token = {} if open_to_all else {"Authorization": f"Bearer {self._bearer()}"}
                sent = True
                found = self._send(method, path, body, {**(headers or {}), **token})
            except _NoTokenError as error:
                found = error.answer
            except ConnectionLostError:
                if sent and not repeatable:
                    raise
            if found is not None and found.status < 400:
                return found
            if found is not None and found.status == 401 and sent and not (renewed or open_to_all):
                self._forget()
                renewed = True
                continue
            pause = self._pause(found, tries, repeatable=repeatable or not sent)
            if pause is None or tries >= self._patience.tries or self._clock() - begun + pause > self._patience.seconds:
                raise _refusal(found) if found is not None else ConnectionLostError(f"{self._origin} does not answer")
            self._sleep(pause)

    def follow(self, url: str) -> Answer | None:
        """What is fetched from an address that the server led to, without a token; None where it is not reached or refuses."""
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in _OURS:
            return None
        try:
            found = self._pool.request("GET", url, redirect=False)
        except urllib3.exceptions.HTTPError:
            return None
        return Answer(found.status, found.headers, found.data) if found.status == 200 else None

    def _pause(self, found: Answer | None, tries: int, *, repeatable: bool) -> float | None:
        """Seconds to wait before the next try; None where another try makes no sense."""
        growing = min(_LONGEST_PAUSE, _FIRST_PAUSE * float(1 << (tries - 1))) * random.uniform(0.5, 1.0)
        if found is None:
            return growing
        waits = found.status in PASSING or (found.status == 409 and _problem(found).get("code") == "in_progress")
        if not waits or (not repeatable and found.status != 429):
            return None
        told = found.headers.get("Retry-After", "")
        return max(growing, float(told)) if told.isdecimal() else growing

    def _bearer(self) -> str:
        with self._lock:
            if self._clock() >= self._ends - _EARLY:
                self._renew()
            return self._token

    def _forget(self) -> None:
        with self._lock:
            self._ends = 0.0

    def _renew(self) -> None:
        told, proof = self._credentials.prove(f"{self._origin}{_TOKEN}", self._clock())
        body = urlencode({"grant_type": "client_credentials", **proof}).encode()
        answer = self._send("POST", _TOKEN, body, {"Content-Type": "application/x-www-form-urlencoded", **told})
        if answer.status != 200:
            raise _NoTokenError(answer)
        given = answer.json()
        self._token, self._ends = str(given["access_token"]), self._clock() + float(given["expires_in"])

    def _send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        try:
            found = self._pool.request(method, f"{self._origin}{path}", body=body, headers=dict(headers), redirect=False)
        except urllib3.exceptions.HTTPError as error:
            raise ConnectionLostError(f"{self._origin} does not answer: {error}") from error
        return Answer(found.status, found.headers, found.data)


class _NoTokenError(Exception):
    """No token was given; the call itself was not made."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def _refusal(found: Answer) -> RefusedError:
    return RefusedError(found.status, _problem(found))


def _problem(found: Answer) -> dict[str, Any]:
    try:
        raw = found.json()
    except ValueError:
        return {}
    return raw if isinstance(raw, dict) else {}
