"""Where papers begin in a stack, and what becomes of each of its sides. Pure rules over first looks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.batches.looks import Look
from pipeline.batches.markers import Marker, is_generic, separator_in, slip_in
from pipeline.domain.batches import Handling, SidePlan, SideRole
from pipeline.domain.geometry import Box

#: A sheet with bars that part papers, and no more marks than this beside them, says nothing else: no paper, a separator.
FEW_LETTERS = 220
#: Millimetres by which scanners may see the two sides of one sheet of different size.
_SAME_SIZE = 15.0


@dataclass(frozen=True, slots=True)
class Faced:
    """A side of a stack: page ``look.number`` of the ``source``-th file."""

    source: int
    look: Look


@dataclass(frozen=True, slots=True)
class View:
    """A page of a slice: a page of a file, or the ``part`` of it (shares of its sides) that is cut out."""

    source: int
    page: int
    part: Box | None = None


@dataclass(slots=True)
class Piece:
    """A paper: what a separator said of it, its pages, and which of them (from 1) are no pages of it but separators.

    ``backs`` are those of ``removed`` that are the bare backs of separators.
    """

    marker: Marker
    views: list[View] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    backs: list[int] = field(default_factory=list)

    @property
    def holds_pages(self) -> bool:
        """Whether there is anything in it but separators."""
        return len(self.views) > len(self.removed)


@dataclass(frozen=True, slots=True)
class Cut:
    """What becomes of a stack: all its sides, and the papers in it."""

    sides: tuple[SidePlan, ...]
    pieces: tuple[Piece, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the file is one paper as it stands."""
        return len(self.pieces) == 1 and all(side.into == 1 for side in self.sides)


def interleave(fronts: Sequence[Look], backs: Sequence[Look], order: str) -> tuple[Faced, ...]:
    """The sides of sheets whose fronts and backs were scanned as two stacks; ``order`` of the backs: reversed or same.

    Raises ``ValueError`` where the stacks are not of as many sheets.
    """
    if len(fronts) != len(backs):
        raise ValueError(f"{len(fronts)} fronts and {len(backs)} backs")
    behind = list(reversed(backs)) if order == "reversed" else list(backs)
    return tuple(side for front, back in zip(fronts, behind, strict=True) for side in (Faced(1, front), Faced(2, back)))


def odd_sheets(faced: Sequence[Faced]) -> tuple[int, ...]:
    """Sheets (from 1) of interleaved stacks whose two sides cannot be of one sheet; none where only a few might be.

    Two printed sides of paper of different sizes; a separator with print on its back, which sheets of ours never have.
    """
    sheets = zip(faced[::2], faced[1::2], strict=True)
    odd = tuple(number for number, (front, back) in enumerate(sheets, 1) if _is_odd(front.look, back.look))
    return odd if len(odd) > 1 or 8 * len(odd) >= len(faced) else ()


def _is_odd(front: Look, back: Look) -> bool:
    if not (front.seen and back.seen) or front.blank or back.blank:
        return False
    sizes = zip(sorted(front.size), sorted(back.size), strict=True)
    if all((*front.size, *back.size)) and any(abs(one - other) > _SAME_SIZE for one, other in sizes):
        return True
    return _parts_papers(front) != _parts_papers(back)


def _parts_papers(look: Look) -> bool:
    bars = (look.patch or is_generic(look.codes)) and look.letters <= FEW_LETTERS
    return bars or separator_in(look.codes) is not None


def cut(faced: Iterable[Faced], handling: Handling) -> Cut:
    """The papers of a stack. Separators in a row count as one; what stands before the first is a paper of its own.

    A blank side behind a separator is its back. A separator that nothing follows stays with the paper before it.
    """
    pieces: list[Piece] = [Piece(Marker())]
    sides: list[tuple[Faced, SideRole, Piece, str, int]] = []
    leading = True
    for one in faced:
        marker, role = _role(one.look, handling, after_separator=leading and bool(sides) and _is_separator(sides[-1][1]))
        if role is SideRole.SEPARATOR:
            if pieces[-1].holds_pages:
                pieces.append(Piece(marker or Marker()))
            else:
                pieces[-1].marker = pieces[-1].marker.joined(marker or Marker())
            leading = True
        elif marker is not None and pieces[-1].holds_pages:
            pieces.append(Piece(marker))
        elif marker is not None:
            pieces[-1].marker = pieces[-1].marker.joined(marker)
        views = list(_views(one))
        if role not in (SideRole.PAGE, SideRole.BLANK):
            views = views[:1]
            pieces[-1].removed.append(len(pieces[-1].views) + 1)
            pieces[-1].backs += pieces[-1].removed[-1:] if role is SideRole.SEPARATOR_BACK else []
        else:
            leading = False
        pieces[-1].views += views
        sides.append((one, role, pieces[-1], marker.text if marker and role is SideRole.SEPARATOR else "", len(views)))
    return _gathered(pieces, sides)


def _is_separator(role: SideRole) -> bool:
    return role in (SideRole.SEPARATOR, SideRole.SEPARATOR_BACK)


def _role(look: Look, handling: Handling, *, after_separator: bool) -> tuple[Marker | None, SideRole]:
    """What a side is, and what it says of the paper that begins there, if one does."""
    if handling.split:
        own = separator_in(look.codes)
        if own is not None:
            return own, SideRole.SEPARATOR
        if look.patch or is_generic(look.codes):
            return Marker(), SideRole.SEPARATOR if look.letters <= FEW_LETTERS else SideRole.PAGE
    if look.blank:
        return None, SideRole.SEPARATOR_BACK if after_separator else SideRole.BLANK
    return (slip_in(look.codes) if handling.slips else None), SideRole.PAGE


def _views(one: Faced) -> Iterator[View]:
    look = one.look
    if look.cards:
        yield from (View(one.source, look.number, box) for box in look.cards)
    elif look.gutter is not None:
        yield View(one.source, look.number, Box(0.0, 0.0, look.gutter, 1.0))
        yield View(one.source, look.number, Box(look.gutter, 0.0, 1.0, 1.0))
    else:
        yield View(one.source, look.number)


def _gathered(pieces: list[Piece], sides: Sequence[tuple[Faced, SideRole, Piece, str, int]]) -> Cut:
    last = pieces[-1]
    if len(pieces) > 1 and not last.holds_pages:
        before = pieces[-2]
        before.removed += [len(before.views) + number for number in last.removed]
        before.backs += [len(before.views) + number for number in last.backs]
        before.views += last.views
        pieces.pop()
        sides = [(one, role, before if piece is last else piece, text, into) for one, role, piece, text, into in sides]
    held = [piece for piece in pieces if piece.holds_pages]
    numbers = {id(piece): number for number, piece in enumerate(held, 1)}
    plans = tuple(
        SidePlan(one.source, one.look.number, role, numbers.get(id(piece), 0), text, into if numbers.get(id(piece)) else 0)
        for one, role, piece, text, into in sides
    )
    return Cut(plans, tuple(held))
