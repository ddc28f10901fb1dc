"""Key order out of folder order.

Some S3 servers walk their folders, so that ``b/d`` comes before ``b-c`` although ``-`` sorts before ``/``.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator

from pipeline.ports import ObjectInfo


def sort_keys(objects: Iterable[ObjectInfo], prefix: str) -> Iterator[ObjectInfo]:
    """``objects`` under ``prefix``, given in folder order or key order, in key order (bytes of UTF-8).

    Holds back one folder at a time, so that listing a large bucket stays small in memory.
    """
    held: list[tuple[bytes, ObjectInfo]] = []
    for info in objects:
        while held and _is_settled(held[0][1].key[len(prefix) :], info.key[len(prefix) :]):
            yield heapq.heappop(held)[1]
        heapq.heappush(held, (info.key.encode(), info))
    while held:
        yield heapq.heappop(held)[1]


def _is_settled(key: str, current: str) -> bool:
    """Whether nothing at or after ``current`` in folder order sorts before ``key``."""
    folder, inside, _ = key.partition("/")
    name = current.partition("/")[0]
    if not inside:
        return key.encode() <= current.encode()
    return name != folder and (not name.startswith(folder) or name[len(folder)] > "/")
