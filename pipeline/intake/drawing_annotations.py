"""What annotations and filled fields look like, and where (ISO 32000-1, 12.5.5)."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf

from pipeline.intake.drawing_rules import Matrix, UndrawableError, matrix_of, numbers_of

_MOST = 1000
_HIDDEN, _NO_VIEW = 2, 32
_UNSEEN = frozenset({"/Link", "/Popup"})


def appearances(page: pikepdf.Page) -> Iterator[tuple[pikepdf.Stream, Matrix]]:
    """The appearance of each annotation that shows, and the matrix that puts it into its place on the page.

    Raises ``UndrawableError`` where there are too many, or one is broken.
    """
    listed = page.obj.get("/Annots")
    if not isinstance(listed, pikepdf.Array):
        return
    if len(listed) > _MOST:
        raise UndrawableError("annotations")
    for annotation in listed:
        if not isinstance(annotation, pikepdf.Dictionary) or str(annotation.get("/Subtype")) in _UNSEEN:
            continue
        look = None if int(annotation.get("/F", 0)) & (_HIDDEN | _NO_VIEW) else _look(annotation)
        if look is not None and (matrix := _placed(look, annotation)) is not None:
            yield look, matrix


def _look(annotation: pikepdf.Dictionary) -> pikepdf.Stream | None:
    looks = annotation.get("/AP")
    normal = looks.get("/N") if isinstance(looks, pikepdf.Dictionary) else None
    if isinstance(normal, pikepdf.Dictionary):
        normal = normal.get(str(annotation.get("/AS", "/Off")))
    return normal if isinstance(normal, pikepdf.Stream) else None


def _placed(look: pikepdf.Stream, annotation: pikepdf.Dictionary) -> Matrix | None:
    """The matrix from the look's own box, turned as it says, to the annotation's; None where either has no area."""
    left, low, right, high = _sides(annotation.get("/Rect"))
    a, b, c, d, e, f = matrix_of(look.get("/Matrix"))
    x0, y0, x1, y1 = _sides(look.get("/BBox"))
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (x0, x1) for y in (y0, y1)]
    from_left, from_low = min(x for x, _ in corners), min(y for _, y in corners)
    across, up = max(x for x, _ in corners) - from_left, max(y for _, y in corners) - from_low
    if across <= 0 or up <= 0 or right <= left or high <= low:
        return None
    wide, tall = (right - left) / across, (high - low) / up
    return (wide, 0, 0, tall, left - from_left * wide, low - from_low * tall)


def _sides(box: pikepdf.Object | None) -> tuple[float, float, float, float]:
    """Left, low, right and high side of a rectangle."""
    if not isinstance(box, pikepdf.Array):
        raise UndrawableError("annotations")
    x0, y0, x1, y1 = numbers_of(list(box), 4)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
