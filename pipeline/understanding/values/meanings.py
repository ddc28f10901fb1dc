"""A value, with what speaks for it in the text it was read from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.domain.findings import FieldValue


@dataclass(frozen=True, slots=True)
class Meaning:
    """A value and how well the text fits it, 0..1.

    ``agreeing`` counts other readings of the same stretch that say the same (a sum in words beside its figure), ``rivals``
    are those that say something else. ``known``, ``mended`` and ``maimed`` are those of ``confidence.Proof``.
    """

    value: FieldValue
    quality: float = 1.0
    agreeing: int = 0
    rivals: tuple[FieldValue, ...] = ()
    known: bool | None = None
    mended: bool = False
    maimed: bool = False


def beside(meaning: Meaning, said: FieldValue | None) -> Meaning:
    """``meaning`` with what the words beside its figure say; None where they cannot be read."""
    if said is None:
        return meaning
    if said == meaning.value:
        return replace(meaning, quality=max(meaning.quality, 0.95), agreeing=1)
    return replace(meaning, rivals=(said,))
