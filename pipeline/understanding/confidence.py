"""How sure a value is: from its words, from how well it was found, and from the marks of ink."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from pipeline.understanding.sheets import Token

#: Nothing that was read is certain.
CEILING = 0.99
#: The most that a number or day may have which looks written by hand: engines misread ink without a doubt.
INK_CEILING = 0.6
#: The most that ink may have which the reader of ink read: 30 in a row were right on real papers (docs/decisions/0015).
INK_READ_CEILING = 0.88


def word_confidence(tokens: Sequence[Token], *, exact: bool) -> float:
    """The chance that all of ``tokens`` are right, or, where ``exact``, all of those that hold digits."""
    values = [token.confidence for token in tokens if any(sign.isalnum() for sign in token.text)]
    if exact:
        values = [token.confidence for token in tokens if any(sign.isdigit() for sign in token.text)] or values
    return math.prod(values) if values else 0.0


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
