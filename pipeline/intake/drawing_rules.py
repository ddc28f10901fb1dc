"""What a drawing may be made of, and how numbers are written in it."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence

import pikepdf


class UndrawableError(Exception):
    """The page cannot be kept as a drawing; ``reason`` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


#: Operators of a page, with those of its forms and glyphs: a drawing of more is larger than its picture.
MOST_STEPS = 200_000
#: Bytes of operators, before they are packed, and of a font.
MOST_BYTES, MOST_FONT_BYTES = 24_000_000, 40_000_000
#: Seconds of work on a page: what takes longer is no letter that somebody wrote.
MOST_SECONDS = 15.0
#: ISO 19005-2, 6.1.13 allows 28 states saved upon each other; some are left to who draws the drawing.
DEEPEST_STATE = 24
#: Forms within forms.
DEEPEST_FORM = 8
#: Numbers beyond this are none of a page.
_LARGEST = 1e6

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def then(first: Matrix, second: Matrix) -> Matrix:
    """``first`` followed by ``second``, as PDF multiplies matrices."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def as_number(value: object) -> float:
    """A number of a content stream; raises ``UndrawableError`` for anything else, or what no reader could draw."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError) as error:
        raise UndrawableError("broken_content") from error
    if not math.isfinite(number) or abs(number) > _LARGEST:
        raise UndrawableError("broken_content")
    return number


def numbers_of(operands: Sequence[object], count: int) -> list[float]:
    """Exactly ``count`` numbers; raises ``UndrawableError``."""
    if len(operands) != count:
        raise UndrawableError("broken_content")
    return [as_number(operand) for operand in operands]


def matrix_of(value: object) -> Matrix:
    """A matrix of six numbers, the identity where there is none; raises ``UndrawableError``."""
    if value is None:
        return IDENTITY
    if not isinstance(value, pikepdf.Array):
        raise UndrawableError("broken_content")
    a, b, c, d, e, f = numbers_of(list(value), 6)
    return (a, b, c, d, e, f)


def show_number(value: float, decimals: int = 4) -> str:
    """``value`` without exponent; raises ``UndrawableError`` where it is out of all bounds."""
    if not abs(value) <= _LARGEST:
        raise UndrawableError("out_of_range")
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{value:.0f}"
    return "0" if text in ("-0", "") else text


def show_matrix(matrix: Matrix) -> str:
    """The operator that puts ``matrix`` before the one in force."""
    return " ".join(show_number(value, 7) for value in matrix) + " cm"


def bytes_of(stream: pikepdf.Object, most: int) -> bytes:
    """What a stream holds; raises ``UndrawableError`` where that is more than ``most`` bytes, before they are all unpacked."""
    filters = stream.get("/Filter")
    names = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)] if filters else []
    if isinstance(stream, pikepdf.Stream) and names and all(name in ("/FlateDecode", "/Fl") for name in names):
        data = stream.read_raw_bytes()
        for _ in names:
            inflater = zlib.decompressobj()
            data = inflater.decompress(data, most + 1)
            if len(data) > most:
                raise UndrawableError("too_much_content")
    if not isinstance(stream, pikepdf.Stream) or int(stream.get("/Length", 0)) > most:
        raise UndrawableError("too_much_content")
    found = bytes(stream.read_bytes())
    if len(found) > most:
        raise UndrawableError("too_much_content")
    return found
