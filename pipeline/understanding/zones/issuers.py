"""The issuing body and the one above it, from the lines of the header's left block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.understanding.folding import fold
from pipeline.understanding.phrases import phrases
from pipeline.understanding.sheets import Token

_LEVELS = ("tinh ", "thanh pho ", "tp ", "huyen ", "quan ", "thi xa ", "xa ", "phuong ", "thi tran ", "dac khu ")
Lines = tuple[tuple[Token, ...], ...]


@dataclass(frozen=True, slots=True)
class Issuers:
    """Tokens of the issuing body, and of its superior where one stands above; ``issuer`` is never empty."""

    issuer: tuple[Token, ...]
    superior: tuple[Token, ...] = ()
    completed: bool = False


def tell_issuers(lines: Lines) -> Issuers | None:
    """Which of ``lines`` name the issuing body and which the one above it; None where there are none.

    Where the name of the body says nothing alone (VĂN PHÒNG), ``completed`` tells that its superior belongs to it.
    """
    bodies = _bodies(lines)
    if not bodies:
        return None
    issuer = bodies[-1]
    superior = tuple(token for body in bodies[:-1] for token in body)
    alone = fold(" ".join(token.text for token in issuer))
    return Issuers(issuer, superior, completed=bool(superior) and alone in phrases("dependent"))


def _bodies(lines: Lines) -> list[tuple[Token, ...]]:
    bodies: list[tuple[Token, ...]] = []
    for line in lines:
        text = " ".join(token.text for token in line)
        if bodies and not _begins(fold(text) + " ", bodies[-1]):
            bodies[-1] += line
        else:
            bodies.append(line)
    return bodies


def _begins(folded: str, before: Sequence[Token]) -> bool:
    above = " ".join(token.text for token in before).rstrip()
    hanging = above.endswith(("-", "–", ",")) or fold(above).endswith(
        (" va", " cua", " quan ly", " nghien cuu", " phat trien")
    )
    if hanging or folded.startswith(_LEVELS):
        return False
    return folded.startswith(tuple(f"{head} " for head in phrases("heads")))
