"""A text that must not be seen: it shows in no log, no representation and no traceback, and never leaves its process."""

from __future__ import annotations


class Secret:
    """A pass phrase or the like. Only :meth:`reveal` gives the text."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        """The text, for whoever must hand it on at once."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "Secret(***)" if self._text else "Secret()"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret stays in its process")
