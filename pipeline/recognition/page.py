"""One page read: by the engine alone, or by the engine where the text layer is silent."""

from __future__ import annotations

from pipeline.domain.geometry import Box
from pipeline.domain.pages import CleanPage, PageText
from pipeline.ports import LanguageModel, LineReader, OcrEngine
from pipeline.recognition.boxes import find_box_rows
from pipeline.recognition.cells import read_cells_again
from pipeline.recognition.colours import see_colours
from pipeline.recognition.dots import find_lost_dots
from pipeline.recognition.filled import fill_boxes, without_box_rows
from pipeline.recognition.ghosts import remove_ghosts
from pipeline.recognition.handwriting import mark_hands
from pipeline.recognition.ink import Ink, read_ink
from pipeline.recognition.mending import mend_lines
from pipeline.recognition.merging import insert_words
from pipeline.recognition.order import order_lines
from pipeline.recognition.overlays import part_read, part_typed
from pipeline.recognition.overlooked import read_overlooked
from pipeline.recognition.regions import read_regions
from pipeline.recognition.rulings import Table, find_tables
from pipeline.recognition.second import look_again
from pipeline.recognition.signing_places import SigningPlaces
from pipeline.recognition.strokes import read_under_strokes
from pipeline.recognition.views import map_lines

#: A scan that lies no more aslant than this, in degrees, has upright cells.
STRAIGHT = 0.5


def recognise(  # noqa: PLR0913  each reader beside the engine may be missing
    clean: CleanPage,
    engine: OcrEngine,
    *,
    layer: PageText | None = None,
    unlayered: tuple[Box, ...] = (),
    language: LanguageModel | None = None,
    ink: Ink | None = None,
    names: LineReader | None = None,
) -> PageText:
    """The words of the page in reading order, boxes in scan pixels.

    With a ``layer`` only the ``unlayered`` boxes (scan pixels) are read from the picture, and the words found there are
    put at their place among the layer's lines. With a ``language`` misread marks are put right on pages read as a whole,
    with ``ink`` what hands wrote into the gaps of their lines is read, and with a reader of ``names`` those under seals and
    strokes. What lies over the document's own text comes last.
    Raises what the engine raises.
    """
    if layer is not None:
        words = read_regions(clean, engine, unlayered)
        own, over = part_typed(insert_words(layer.lines, words), clean.image.dpi, clean.image.height)
        return PageText(layer.number, (*order_lines(own, _find_tables_on_scan(clean)), *over), layer.engine)
    number = clean.image.number
    if clean.blank:
        return PageText(number, (), engine.info.name)
    lines = remove_ghosts(engine.read(clean.image))
    scan = None if ink is None else ink.scan
    colours = see_colours(clean.image, scan)
    lines, over = part_read(read_overlooked(clean.image, lines, engine), clean.image, engine, colours, scan)
    tables = find_tables(clean.image)
    lines = look_again(clean.image, lines, engine)
    if names is not None:
        lines = read_under_strokes(lines, SigningPlaces(clean.image, colours, scan), names)
    if ink is not None and (boxes := find_box_rows(clean.image)):
        tables = without_box_rows(tables, boxes)
        lines = fill_boxes(lines, boxes, clean.image, ink)
    lines = order_lines(read_cells_again(lines, tables, clean.image, engine), tables)
    if ink is not None:
        lines = read_ink(lines, clean.image, ink)
    lines, marks = mark_hands(find_lost_dots(lines, clean.image, scan), clean.image)
    mapped = map_lines((*lines, *over, *marks), clean.image.to_scan)
    return PageText(number, mapped if language is None else mend_lines(mapped, language), engine.info.name)


def _find_tables_on_scan(clean: CleanPage) -> tuple[Table, ...]:
    """The tables of ``clean``, their cells in scan pixels; none where the scan lies aslant, for cells are upright boxes."""
    if clean.rotation or abs(clean.skew) > STRAIGHT:
        return ()
    way = clean.image.to_scan
    tables = find_tables(clean.image)
    return tuple(Table(tuple(tuple(way.map_box(cell) for cell in row) for row in table.rows)) for table in tables)
