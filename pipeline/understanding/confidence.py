"""How sure a value is: from its words, from how well it was found, and from the marks of ink."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from pipeline.understanding.sheets import Token

#: Nothing that was read is certain.
CEILING = 0.99
#: The most that a number or day may have which looks written by hand: engines misread ink without a doubt.
INK_CEILING = 0.6
#: The most that ink may have which the reader of ink read: 30 in a row were right on real papers (docs/decisions/0015).
INK_READ_CEILING = 0.88
#: The share of words that are right although the engine was sure of them, marks included.
_WORD_TRUST = 0.988
#: Words of a text layer come with this confidence: they were never read from a picture.
_EXACT = 0.995


def word_confidence(tokens: Sequence[Token], *, exact: bool) -> float:
    """The confidence of ``tokens``: that of the worst digit word where ``exact``, else between mean and worst."""
    if not tokens:
        return 0.0
    values = [token.confidence for token in tokens if any(sign.isalnum() for sign in token.text)]
    if exact:
        digits = [token.confidence for token in tokens if any(sign.isdigit() for sign in token.text)]
        return min(digits or values or [0.0])
    if not values:
        return 0.0
    read = sum(value < _EXACT for value in values)
    return (0.4 * statistics.fmean(values) + 0.6 * min(values)) * _WORD_TRUST**read


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
