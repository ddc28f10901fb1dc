"""Words that are no words: what engines make of rulings, seal rims, specks and stains."""

from __future__ import annotations

from pipeline.domain.pages import Line, Word

#: Below this confidence a token without letters and digits is taken for a ruling or a speck.
MARK_CONFIDENCE = 0.6

#: Marks that a ruling becomes, however sure the engine is.
RULINGS = frozenset("|¦_‗—–-=~¬")


def remove_ghosts(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """``lines`` without ghost words; letters and digits always stay, whatever their confidence."""
    kept = (Line(tuple(word for word in line.words if not is_ghost(word)), line.block) for line in lines)
    return tuple(line for line in kept if line.words)


def is_ghost(word: Word) -> bool:
    """Whether ``word`` is no text: without area, or a mark without letters and digits that is doubtful or a ruling."""
    if word.box.area <= 0 or not word.text.strip():
        return True
    if any(character.isalnum() for character in word.text):
        return False
    if "|" in word.text or word.confidence < MARK_CONFIDENCE:
        return True
    return len(word.text) > 1 and set(word.text) <= RULINGS
