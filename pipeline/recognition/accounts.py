"""What a reader of lines says of words that somebody else read: borne out, or something else in their place."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.ports import PrintedLine

#: Signs as the reader knows them, and those at the edges of words that are no part of them.
_PLAIN = str.maketrans("⁄–—“”‘’", "/--\"\"''")
_EDGES = ".,;:\"'"

#: A text that is so likely, in nats, needs no other readings beside it.
CERTAIN = math.log(0.95)


@dataclass(frozen=True, slots=True)
class Other:
    """What a reader has for the words from ``first`` to before ``last``: ``words``, in this ``share`` of its readings."""

    first: int
    last: int
    words: tuple[str, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Account:
    """What a reader says: for each word the ``shares`` of readings, 0..1, that bear it out; what the likeliest has instead."""

    reading: str
    shares: tuple[float, ...]
    others: tuple[Other, ...]


def hear(line: PrintedLine, words: Sequence[str]) -> Account:
    """What the reader of ``line`` says of ``words``; case and signs at the edges of words do not count."""
    text = " ".join(words).translate(_PLAIN)
    (nats,) = line.weigh([text])
    if nats > CERTAIN:
        return Account(text, (math.exp(nats),) * len(words), ())
    weighed = _weigh(line, text)
    told = [_core(word) for word in words]
    shares = [0.0] * len(words)
    others: dict[tuple[int, int, tuple[str, ...]], float] = defaultdict(float)
    for reading, share in weighed:
        read = reading.split()
        steps = SequenceMatcher(None, told, [_core(word) for word in read], autojunk=False).get_opcodes()
        for tag, first, last, start, end in steps:
            if tag == "equal":
                for at in range(first, last):
                    shares[at] += share
            else:
                others[first, last, tuple(read[start:end])] += share
    return Account(
        weighed[0][0] if weighed else "",
        tuple(min(1.0, share) for share in shares),
        tuple(Other(*place, share) for place, share in sorted(others.items(), key=lambda one: -one[1])),
    )


def _weigh(line: PrintedLine, read: str) -> list[tuple[str, float]]:
    """The reader's readings with ``read`` among them, likeliest first, and how likely each is beside the others."""
    seen = line.readings()
    texts = list(dict.fromkeys([*seen, read]))
    nats = line.weigh(texts)
    highest = max(nats)
    if not seen or highest == -math.inf:
        return []
    odds = [math.exp(one - highest) for one in nats]
    ranked = sorted(zip(texts, odds, strict=True), key=lambda one: -one[1])
    return [(text, share / sum(odds)) for text, share in ranked]


def _core(word: str) -> str:
    plain = word.translate(_PLAIN)
    return (plain.strip(_EDGES) or plain).casefold()
