"""The issuing body and the one above it, from the lines of the header's left block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.domain.syllables import canonical, is_syllable
from pipeline.understanding.folding import fold
from pipeline.understanding.phrases import phrases
from pipeline.understanding.sheets import Token

_LEVELS = ("tinh ", "thanh pho ", "tp ", "huyen ", "quan ", "thi xa ", "xa ", "phuong ", "thi tran ", "dac khu ")
#: Heads of bodies that no name goes on with behind a comma.
_WHOLE = ("so ", "van phong ", "uy ban ", "phong ", "ban quan ly ", "hoi dong nhan dan ", "thanh tra ", "cong an ")
#: A word with figures or small letters less sure than the first that is no syllable is ink, one of capitals less sure than the
#: second, and so is what stands behind it; a line in which no word is surer than the third is ink above all bodies.
_INK, _SCRAWLED, _ILLEGIBLE = 0.5, 0.2, 0.3
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
    for whole in lines:
        line = _without_ink(whole)
        text = " ".join(token.text for token in line)
        if bodies and max(token.confidence for one in bodies for token in one) < _ILLEGIBLE:
            bodies.clear()
        if bodies and not _begins(fold(text) + " ", bodies[-1]):
            bodies[-1] += line
        else:
            bodies.append(line)
    return bodies


def _without_ink(line: tuple[Token, ...]) -> tuple[Token, ...]:
    """``line`` from its first head of a body, where ink stands before it, up to the ink behind its second word."""
    heads = tuple(f"{head} " for head in phrases("heads"))
    starts = [at for at in range(1, len(line)) if (fold(" ".join(token.text for token in line[at:])) + " ").startswith(heads)]
    start = next((at for at in starts if all(token.confidence < _ILLEGIBLE for token in line[:at])), 0)
    kept = line[start:]
    end = next((at for at in range(2, len(kept)) if _is_ink(kept[at])), len(kept))
    return kept[:end]


def _is_ink(token: Token) -> bool:
    letters = "".join(sign for sign in token.text if sign.isalnum())
    strange = any(sign.isdigit() or sign.islower() for sign in letters)
    sure = _INK if strange else _SCRAWLED
    return token.confidence < sure and len(letters) < 5 and not is_syllable(canonical(letters))


def _begins(folded: str, before: Sequence[Token]) -> bool:
    above = " ".join(token.text for token in before).rstrip()
    hanging = above.endswith(("-", "–", ",")) or fold(above).endswith(
        (" va", " cua", " quan ly", " nghien cuu", " phat trien")
    )
    if folded.startswith(_LEVELS):
        return False
    if hanging:
        return above.endswith(",") and folded.startswith(_WHOLE) and fold(above).startswith(("uy ban", "ubnd"))
    return folded.startswith(tuple(f"{head} " for head in phrases("heads")))
