"""How sure a value is: from its words, from how well it was found, and from the marks of ink."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.understanding.sheets import Token

#: Nothing that was read is certain.
CEILING = 0.99
#: The most that may be learnt of a value from how often others like it were right.
LEARNT_CEILING = 0.9995
#: The most confidence of a value of which a part may be missing.
MAIMED_CEILING = 0.5
#: The most that a number or day may have which looks written by hand: engines misread ink without a doubt.
INK_CEILING = 0.6
#: The most that ink may have which the reader of ink read: 30 in a row were right on real papers (docs/decisions/0015).
INK_READ_CEILING = 0.88


@dataclass(frozen=True, slots=True)
class Proof:
    """What speaks for a value and against it; whoever reads a value fills in what it knows, the rest keeps its default.

    ``chances``: of the words that bear the value, each 0..1; :func:`prove` takes them from the tokens. ``fit``: how well the
    label or zone and the form of the value fit, 0..1. ``known``: whether a list (set phrases, places, the register of units,
    names) holds the value; None where none was asked. ``mended``: signs were changed from what was read. ``maimed``: part of
    the value may be missing. ``inked``: a pen wrote it. ``agreeing`` and ``differing``: other places of the document, or
    codes on it, that say the same or something else. ``formed``: the chances of further words that bear the value, whose form
    is known to the last sign, so that few misreadings of them would make sense.
    """

    chances: tuple[float, ...] = ()
    fit: float = 1.0
    known: bool | None = None
    mended: bool = False
    maimed: bool = False
    inked: bool = False
    agreeing: int = 0
    differing: int = 0
    formed: tuple[float, ...] = ()


#: Nothing is known beside the words.
UNSAID = Proof()


def prove(tokens: Sequence[Token], proof: Proof, *, exact: bool) -> Proof:
    """``proof`` with the chances of ``tokens``, of those with digits alone where the value is ``exact``, and their ink.

    Chances that whoever read the value has told already stay.
    """
    inked = proof.inked or any(token.word.written for token in tokens)
    return replace(proof, chances=proof.chances or _chances(tokens, exact=exact), inked=inked)


def word_confidence(tokens: Sequence[Token], *, exact: bool) -> float:
    """The chance that all of ``tokens`` are right, or, where ``exact``, all of those that hold digits."""
    values = _chances(tokens, exact=exact)
    return math.prod(values) if values else 0.0


def _chances(tokens: Sequence[Token], *, exact: bool) -> tuple[float, ...]:
    values = tuple(token.confidence for token in tokens if any(sign.isalnum() for sign in token.text))
    if exact:
        values = tuple(token.confidence for token in tokens if any(sign.isdigit() for sign in token.text)) or values
    return values


def looks_inked(token: Token, neighbours: Sequence[Token]) -> bool:
    """Whether ``token`` was read as ink, or stands out from its printed ``neighbours``: higher, lower, or off their middle."""
    if token.word.written:
        return True
    printed = [other for other in neighbours if other is not token and any(sign.isalnum() for sign in other.text)]
    if not printed:
        return False
    height = statistics.median(other.box.height for other in printed)
    middle = statistics.median(other.box.centre[1] for other in printed)
    grown = token.box.height > 1.3 * height or token.box.height < 0.55 * height
    return grown or abs(token.box.centre[1] - middle) > 0.32 * height


def ink_ceiling(tokens: Sequence[Token]) -> float:
    """The most confidence that ``tokens`` of a number or day written by hand may have."""
    return INK_READ_CEILING if any(token.word.written for token in tokens) else INK_CEILING
