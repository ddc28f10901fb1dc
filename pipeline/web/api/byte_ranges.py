"""Parts of what is fetched: one range of bytes, as RFC 9110 (14) has it, for whoever goes on where a line broke."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Header, Request

from pipeline.web.api.problems import ApiProblemError

#: The parameters, for the OpenAPI document: their values are read by :func:`range_of`.
Range = Annotated[str | None, Header(alias="Range", examples=["bytes=0-65535"])]
IfRange = Annotated[str | None, Header(alias="If-Range", examples=['"5d41402abc4b2a76"'])]

_ONE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes ``first`` to ``last``, both included, counted from 0, of ``all`` that there are."""

    first: int
    last: int
    all: int

    @property
    def length(self) -> int:
        """How many they are."""
        return self.last - self.first + 1

    @property
    def header(self) -> str:
        """The value of ``Content-Range``."""
        return f"bytes {self.first}-{self.last}/{self.all}"


def range_of(request: Request, count: int, tag: str) -> ByteRange | None:
    """The part of ``count`` bytes that is asked for; None where all of them are to be sent.

    All are sent where several parts are asked for, in another unit, or of something else than ``tag`` names (``If-Range``).
    Raises a problem where there is nothing of that part.
    """
    wanted, condition = request.headers.get("range"), request.headers.get("if-range")
    if wanted is None or (condition is not None and condition.strip() != tag):
        return None
    found = _ONE.fullmatch(wanted)
    if found is None or not (found[1] or found[2]):
        return None
    if found[1]:
        first, last = int(found[1]), min(int(found[2] or count - 1), count - 1)
        if found[2] and int(found[2]) < first:
            return None
    else:
        first, last = max(0, count - int(found[2])), count - 1
    if first > last:
        raise ApiProblemError("range_not_satisfiable", headers={"Content-Range": f"bytes */{count}"})
    return ByteRange(first, last, count)
