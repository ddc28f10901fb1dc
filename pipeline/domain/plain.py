"""Frozen dataclasses as plain JSON values and back, by their annotations.

Known are texts, numbers, times, days, enumerations of text, tuples, sets of text, dataclasses, and None beside one of them.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

#: What JSON knows, and the annotations that tell what it was.
_Json: TypeAlias = Any
_Kind: TypeAlias = Any
_Reader = Callable[[_Json], object]


def plain(value: object) -> _Json:
    """The value as JSON knows it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, frozenset):
        return sorted(plain(one) for one in value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return value


def unplain(kind: type[T], raw: _Json) -> T:
    """The ``kind`` that :func:`plain` made ``raw`` of; what is missing takes its default.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` for anything else.
    """
    wanted: _Kind = kind
    made = _reader(wanted)(raw)
    assert isinstance(made, kind)
    return made


@cache
def _reader(kind: _Kind) -> _Reader:
    """What makes a ``kind`` of plain values."""
    origin: _Kind = get_origin(kind)
    if origin in {Union, types.UnionType}:
        (inner,) = (one for one in get_args(kind) if one is not type(None))
        read = _reader(inner)
        return lambda raw: None if raw is None else read(raw)
    if origin in {tuple, frozenset}:
        return _reader_of_many(origin, get_args(kind))
    if is_dataclass(kind):
        return _reader_of_fields(kind)
    if isinstance(kind, type) and issubclass(kind, date):
        return kind.fromisoformat
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    return _same(kind)


def _reader_of_many(origin: type, inner: tuple[Any, ...]) -> _Reader:
    if len(inner) == 2 and inner[1] is not Ellipsis:
        readers = [_reader(one) for one in inner]
        return lambda raw: tuple(read(one) for read, one in zip(readers, raw, strict=True))
    read = _reader(inner[0])
    many: Callable[[Iterable[object]], object] = origin
    return lambda raw: many(read(one) for one in raw)


def _reader_of_fields(kind: _Kind) -> _Reader:
    hints = get_type_hints(kind)
    readers = {one.name: _reader(hints[one.name]) for one in fields(kind)}
    return lambda raw: kind(**{name: read(raw[name]) for name, read in readers.items() if name in raw})


def _same(kind: type) -> _Reader:
    def read(raw: _Json) -> object:
        if type(raw) is not kind and not (kind is float and type(raw) is int):
            raise TypeError(f"{raw!r} is no {kind.__name__}")
        return raw

    return read
