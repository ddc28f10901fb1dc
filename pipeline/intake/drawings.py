"""Pages that are drawn rather than scanned, kept as drawings: lines, areas and outlines of letters, with their images."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pikepdf

from pipeline.domain.drawings import PageDrawing
from pipeline.intake.drawing_content import Retelling
from pipeline.intake.drawing_rules import MOST_SECONDS, Matrix, UndrawableError, show_matrix
from pipeline.intake.pdf_objects import IMAGE, MOST_PIECES, PageFrame, Piece

#: A page of which images cover more is kept as a picture: nothing would be gained.
_MOST_PICTURE = 0.5


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
        with _bounded():
            return _retold(raw, raw_page, frame)
    except UndrawableError as error:
        return error.reason
    except Exception:  # whatever a hostile font, stream or object makes libraries raise: the page has its picture
        return "broken_content"


@contextmanager
def _bounded() -> Iterator[None]:
    """Stops what goes on for longer than a page may take: glyphs that call each other without end, fonts that are programs.

    Only the main thread can be stopped so; every page is read in that of a process of its own.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        raise UndrawableError("too_much_content")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


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
