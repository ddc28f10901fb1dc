"""Pages that are drawn rather than scanned, kept as drawings: lines, areas and outlines of letters, with their images."""

from __future__ import annotations

from collections.abc import Sequence

import pikepdf

from pipeline.domain.deadlines import OWN_TIME, stopped_after
from pipeline.domain.drawings import PageDrawing
from pipeline.intake.drawing_content import Retelling
from pipeline.intake.drawing_rules import MOST_SECONDS, Matrix, UndrawableError, show_matrix
from pipeline.intake.pdf_objects import IMAGE, MOST_PIECES, PageFrame, Piece

#: A page of which images cover more is kept as a picture: nothing would be gained.
_MOST_PICTURE = 0.5
#: What may go on for longer than a page may take: glyphs that call each other without end, fonts that are programs.
_STOPPABLE = ("pipeline.intake.drawing_", "fontTools.", "pikepdf.")


def draw_page(raw: pikepdf.Pdf, raw_page: pikepdf.Page, frame: PageFrame, pieces: Sequence[Piece]) -> PageDrawing | str:
    """The page as a drawing, or the code of the reason why it cannot be one.

    ``pieces`` are what pdfium sees on it. Nothing of the file gets into the drawing but numbers and images painted anew or
    plainly coded; whether it looks as the page does is for others to tell.
    """
    if len(pieces) >= MOST_PIECES:
        return "too_much_content"
    if sum(piece.bounds.area for piece in pieces if piece.kind == IMAGE) > _MOST_PICTURE * frame.width * frame.height:
        return "mostly_picture"
    try:
        with stopped_after(MOST_SECONDS, UndrawableError("too_much_content"), within=_STOPPABLE, clock=OWN_TIME):
            return _retold(raw, raw_page, frame)
    except UndrawableError as error:
        return error.reason
    except Exception:  # whatever a hostile font, stream or object makes libraries raise: the page has its picture
        return "broken_content"


def _retold(raw: pikepdf.Pdf, raw_page: pikepdf.Page, frame: PageFrame) -> PageDrawing:
    retelling = Retelling(raw, _hidden_groups(raw))
    retelling.tell_page(raw_page)
    told, glyphs, coloured = retelling.finish()
    operators = b"\n".join([show_matrix(_upright(frame)).encode("ascii"), told])
    return PageDrawing(
        frame.width,
        frame.height,
        operators,
        tuple(retelling.images),
        tuple(retelling.alphas),
        glyphs,
        coloured,
    )


def _upright(frame: PageFrame) -> Matrix:
    """From page space to the page as displayed, origin bottom left."""
    way = frame.to_display
    return (way.a, -way.d, way.b, -way.e, way.c, frame.height - way.f)


def _hidden_groups(raw: pikepdf.Pdf) -> frozenset[tuple[int, int]]:
    """The optional content that is not shown when the file is opened."""
    properties = raw.Root.get("/OCProperties")
    if not isinstance(properties, pikepdf.Dictionary):
        return frozenset()
    settings = properties.get("/D", pikepdf.Dictionary())
    shown = {group.objgen for group in settings.get("/ON", pikepdf.Array())}
    hidden = {group.objgen for group in settings.get("/OFF", pikepdf.Array())}
    if str(settings.get("/BaseState", "/ON")) != "/ON":
        hidden |= {group.objgen for group in properties.get("/OCGs", pikepdf.Array())} - shown
    return frozenset(hidden)
