"""The intermediates between reading a page and finishing its document, as bytes."""

from __future__ import annotations

import json
from typing import Any

from pipeline.domain.geometry import Box
from pipeline.domain.pages import (
    CodeFormat,
    Line,
    LineRole,
    PageCode,
    PageOrigin,
    PagePicture,
    PageReading,
    PageText,
    PictureAccount,
    PictureEncoding,
    PictureLayer,
    Quality,
    RefusedCoding,
    UnreadPage,
    Word,
)

_PAGE_MAGIC, _PICTURE_MAGIC = b"sohoa.page/1 ", b"sohoa.picture/1 "
_LAYER_PARTS = ("width", "height", "components", "bits")


def encode_page(reading: PageReading, picture: PagePicture) -> bytes:
    """A page as one object: how long its reading is, the reading, the picture."""
    read = encode_reading(reading)
    return _PAGE_MAGIC + str(len(read)).encode() + b"\n" + read + encode_picture(picture)


def decode_page(data: bytes) -> tuple[PageReading, PagePicture]:
    """What :func:`encode_page` wrote; raises ``ValueError`` for other bytes."""
    first, place = _halves(data)
    return decode_reading(data[first:place]), decode_picture(data[place:])


def reading_of(data: bytes) -> PageReading:
    """The reading alone of what :func:`encode_page` wrote; raises ``ValueError`` for other bytes."""
    first, place = _halves(data)
    return decode_reading(data[first:place])


def _halves(data: bytes) -> tuple[int, int]:
    """Where the reading begins, and where the picture does."""
    if not data.startswith(_PAGE_MAGIC):
        raise ValueError("not a page in work")
    end = data.index(b"\n")
    return end + 1, end + 1 + int(data[len(_PAGE_MAGIC) : end])


def encode_reading(reading: PageReading) -> bytes:
    """UTF-8 JSON of a reading; words as ``[text, left, top, right, bottom, confidence]``.

    The text as read follows where it differs, and true where a hand wrote the word. Lines are ``[block, words]``, with their
    role behind them where they lie over the document's own text.
    """
    content: dict[str, Any]
    if isinstance(reading.content, UnreadPage):
        content = {"unread": [reading.content.reason, reading.content.message]}
    else:
        content = {
            "engine": reading.content.engine,
            "lines": [_line_row(line) for line in reading.content.lines],
        }
    return json.dumps(
        {
            "number": reading.number,
            "size": [reading.width, reading.height, reading.dpi],
            "origin": reading.origin.value,
            "turn": [reading.rotation, reading.skew],
            "blank": reading.blank,
            "quality": [reading.quality.verdict, *reading.quality.reasons],
            "problems": list(reading.problems),
            "seconds": list(reading.seconds),
            "codes": [code_as_row(code) for code in reading.codes],
            **({"likeness": reading.likeness} if reading.likeness else {}),
            **({"picture": _account_row(reading.picture)} if reading.picture else {}),
            **content,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def _account_row(account: PictureAccount) -> list[Any]:
    refused = [[one.coding, *one.reasons] for one in account.refused]
    return [account.coding, account.bytes, account.ssim, account.digits, refused]


def _decode_account(row: list[Any] | None) -> PictureAccount | None:
    if row is None:
        return None
    coding, size, ssim, digits, refused = row
    tried = tuple(RefusedCoding(one, tuple(reasons)) for one, *reasons in refused)
    return PictureAccount(coding, size, ssim, digits, tried)


def _line_row(line: Line) -> list[Any]:
    row = [line.block, [_word_row(word) for word in line.words]]
    return row if line.role is LineRole.BODY else [*row, line.role.value]


def code_as_row(code: PageCode) -> list[str | float]:
    """A code as plain JSON values."""
    box = code.box
    return [code.format.value, code.text, box.left, box.top, box.right, box.bottom]


def code_of_row(row: list[Any]) -> PageCode:
    """What :func:`code_as_row` wrote; raises ``ValueError`` or ``TypeError`` for what it did not."""
    return PageCode(CodeFormat(row[0]), row[1], Box(*row[2:]))


def _word_row(word: Word) -> list[str | float | bool]:
    box = word.box
    row: list[str | float | bool] = [word.text, box.left, box.top, box.right, box.bottom, word.confidence]
    if word.written:
        return [*row, word.read, True]
    return [*row, word.read] if word.read else row


def decode_reading(data: bytes) -> PageReading:
    """The reading that :func:`encode_reading` wrote, equal to it."""
    raw = json.loads(data)
    number = raw["number"]
    content: PageText | UnreadPage
    if "unread" in raw:
        content = UnreadPage(number, *raw["unread"])
    else:
        lines = tuple(
            Line(tuple(Word(row[0], Box(*row[1:5]), *row[5:]) for row in rows), block, *map(LineRole, role))
            for block, rows, *role in raw["lines"]
        )
        content = PageText(number, lines, raw["engine"])
    width, height, dpi = raw["size"]
    return PageReading(
        number=number,
        width=width,
        height=height,
        dpi=dpi,
        content=content,
        origin=PageOrigin(raw["origin"]),
        rotation=raw["turn"][0],
        skew=raw["turn"][1],
        blank=raw["blank"],
        quality=Quality(raw["quality"][0], tuple(raw["quality"][1:])),
        problems=tuple(raw["problems"]),
        seconds=tuple((name, took) for name, took in raw["seconds"]),
        codes=tuple(map(code_of_row, raw.get("codes", ()))),
        picture=_decode_account(raw.get("picture")),
        likeness=raw.get("likeness", ""),
    )


def encode_picture(picture: PagePicture) -> bytes:
    """One line of JSON, then the coded bytes as they are, those of layers one after the other."""
    head: dict[str, Any] = {
        "encoding": picture.encoding.value,
        "width": picture.width,
        "height": picture.height,
        "dpi": picture.dpi,
        "components": picture.components,
        "bits": picture.bits,
        "black_is_1": picture.black_is_1,
    }
    if picture.layers:
        head["own"] = len(picture.data)
        head["layers"] = [_layer_row(layer) for layer in picture.layers]
    coded = b"".join((picture.data, *(layer.data for layer in picture.layers)))
    return _PICTURE_MAGIC + json.dumps(head).encode() + b"\n" + coded


def _layer_row(layer: PictureLayer) -> dict[str, Any]:
    box = layer.box
    return {
        "bytes": len(layer.data),
        "encoding": layer.encoding.value,
        "box": [box.left, box.top, box.right, box.bottom],
        "colour": layer.colour,
        **{part: getattr(layer, part) for part in _LAYER_PARTS},
    }


def decode_picture(data: bytes) -> PagePicture:
    """The picture that :func:`encode_picture` wrote; raises ``ValueError`` for other bytes."""
    if not data.startswith(_PICTURE_MAGIC):
        raise ValueError("not a page picture")
    end = data.index(b"\n")
    head = json.loads(data[len(_PICTURE_MAGIC) : end])
    rows, place = head.pop("layers", ()), end + 1
    own = data[place : place + head.pop("own", 0)] if rows else data[place:]
    place += len(own)
    layers = []
    for row in rows:
        layers.append(_decode_layer(row, data[place : place + row["bytes"]]))
        place += row["bytes"]
    return PagePicture(data=own, encoding=PictureEncoding(head.pop("encoding")), layers=tuple(layers), **head)


def _decode_layer(row: dict[str, Any], data: bytes) -> PictureLayer:
    if len(data) != row["bytes"]:
        raise ValueError("a layer of a page picture is cut off")
    colour = tuple(row["colour"]) if row["colour"] else None
    parts = {part: row[part] for part in _LAYER_PARTS}
    return PictureLayer(data, PictureEncoding(row["encoding"]), Box(*row["box"]), colour=colour, **parts)
