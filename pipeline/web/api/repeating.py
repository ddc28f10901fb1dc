"""Calls that may be repeated: the same key and the same body get the same answer, made once."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request, Response

from pipeline.domain.clients import KeptAnswer
from pipeline.ports import Clock
from pipeline.ports.clients import Answers
from pipeline.web.api.problems import ApiProblemError

KEY_HEADER, REPLAY_HEADER = "Idempotency-Key", "Idempotency-Replayed"
KEY_PATTERN = r"^[\w.:\-]{8,128}$"

#: How long an answer is kept; after which time a call that never ended may be made again.
MEMORY, GIVEN_UP = timedelta(hours=24), timedelta(minutes=5)

#: Bytes of an answer that is kept, and the headers that are.
_LONGEST = 200_000
_HEADERS = ("content-type", "location", "etag", "upload-offset", "upload-length")


@dataclass(slots=True)
class Repetition:
    """A call with a key. ``fresh`` is what is kept of it while it is made."""

    client: str
    key: str
    digest: str
    fresh: KeptAnswer | None = None

    @classmethod
    async def of(cls, request: Request, client: str) -> Repetition | None:
        """The call, where it has a key; raises a problem for what is none."""
        key = request.headers.get(KEY_HEADER)
        if key is None or request.method != "POST":
            return None
        if not re.fullmatch(KEY_PATTERN, key, re.ASCII):
            raise ApiProblemError(
                "faulty_request", errors=[{"where": f"header.{KEY_HEADER}", "what": "string_pattern_mismatch"}]
            )
        head = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
        return cls(client, key, hashlib.sha256(head + await request.body()).hexdigest())

    def earlier(self, answers: Answers, clock: Clock) -> Response | None:
        """What the same call was answered before; None where it is to be made now. Raises problems."""
        now = clock.now()
        self.fresh = KeptAnswer(self.digest, now)
        found = answers.claim(self.client, self.key, self.fresh, now - MEMORY, now - GIVEN_UP)
        if found is None:
            return None
        if found.digest != self.digest:
            raise ApiProblemError("key_reused")
        if not found.status:
            raise ApiProblemError("in_progress", headers={"Retry-After": "2"})
        return Response(found.body, found.status, json.loads(found.headers) | {REPLAY_HEADER: "true"})

    def keep(self, answers: Answers, made: Response) -> None:
        """Keep the answer, where it is one that the same call would always get; else the call may be made again."""
        body = getattr(made, "body", None)
        if made.status_code >= 500 or made.status_code in {401, 403, 409, 429} or body is None or len(body) > _LONGEST:
            answers.release(self.client, self.key)
            return
        assert self.fresh is not None
        headers = {name: made.headers[name] for name in _HEADERS if name in made.headers}
        kept = KeptAnswer(self.digest, self.fresh.begun, made.status_code, json.dumps(headers), bytes(body))
        answers.keep(self.client, self.key, kept)
