"""What lies over a document's own text, told apart from it: incoming stamps, stamps of copies, electronic signatures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.domain.pages import Line, LineRole, PageImage, Word
from pipeline.ports import OcrEngine
from pipeline.recognition.colours import Colours
from pipeline.recognition.copies import find_copies, is_copy_mark
from pipeline.recognition.electronic import find_signatures
from pipeline.recognition.segments import Segment, cut_segments, drop_words, stack_rows
from pipeline.recognition.stamps import find_arrivals

Parted = tuple[tuple[Line, ...], tuple[Line, ...]]


def part_read(
    lines: tuple[Line, ...], page: PageImage, engine: OcrEngine, colours: Colours | None, scan: PageImage | None
) -> Parted:
    """The document's own lines, and those that lie over them, each of these in a block of its own; pixels of ``page``.

    Stamps are read once more from the ``scan``, red ones by its ``colours``. Raises what the engine raises.
    """
    stamps = find_arrivals(cut_segments(lines), page, engine, colours, scan)
    own = drop_words(lines, (word for stamp in stamps for word in stamp.taken))
    first = _next_block(lines)
    over = [Line(line.words, first + at, LineRole.INCOMING_STAMP) for at, stamp in enumerate(stamps) for line in stamp.lines]
    own, more = part_typed(own, page.dpi, page.height, first + len(stamps))
    return own, (*over, *more)


def part_typed(lines: tuple[Line, ...], dpi: float, height: float, block: int = 0) -> Parted:
    """The document's own lines, and those over them that are known by their words alone; blocks count from ``block``."""
    segments = cut_segments(lines)
    found: list[tuple[LineRole, Sequence[Segment]]] = []
    for members in find_signatures(segments, height):
        copied = any(is_copy_mark(segment) for segment in members)
        found.append((LineRole.COPY_STAMP if copied else LineRole.E_SIGNATURE, members))
    taken = {id(segment) for _, members in found for segment in members}
    rest = [segment for segment in segments if id(segment) not in taken]
    found += [(LineRole.COPY_STAMP, members) for members in find_copies(rest, dpi)]
    if not found:
        return lines, ()
    block = max(block, _next_block(lines))
    over = [line for at, (role, members) in enumerate(found) for line in stack_rows(members, role, block + at)]
    return drop_words(lines, _words_of(found)), tuple(over)


def _words_of(found: Iterable[tuple[LineRole, Sequence[Segment]]]) -> Iterable[Word]:
    return (word for _, members in found for segment in members for word in segment.words)


def _next_block(lines: Iterable[Line]) -> int:
    return max((line.block for line in lines), default=-1) + 1
