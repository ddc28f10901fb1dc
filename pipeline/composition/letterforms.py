"""How far printed Vietnamese reaches above and below its baseline, in parts of the font size."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category, normalize

_SMALL, _TALL, _DEEP = 0.46, 0.68, -0.21
_REACH = {
    **dict.fromkeys("acemnorsuvwxz", (_SMALL, 0.0)),
    **dict.fromkeys("bdđfhkltiı", (_TALL, 0.0)),
    **dict.fromkeys("gpqy", (_SMALL, _DEEP)),
    "j": (_TALL, _DEEP),
    **dict.fromkeys("()[]{}|§", (_TALL, -0.2)),
    **dict.fromkeys("“”‘’\"'°*", (_TALL, 0.43)),
    **dict.fromkeys("-–—~", (0.28, 0.18)),
    **dict.fromkeys(".…_", (0.1, 0.0)),
    ",": (0.1, -0.14),
    ":": (_SMALL, 0.0),
    ";": (_SMALL, -0.14),
    "+": (0.55, 0.0),
    "=": (0.4, 0.13),
}
_DOT_BELOW, _HORN = "\u0323", "\u031b"


@lru_cache(maxsize=4096)
def letter_reach(letter: str) -> tuple[float, float]:
    """Top and bottom of ``letter`` above its baseline; marks stand on the letter, a dot below hangs under it."""
    decomposed = normalize("NFD", letter)
    base, marks = decomposed[0], decomposed[1:]
    top, bottom = _REACH.get(base, (_TALL, 0.0))
    for mark in marks:
        if mark == _DOT_BELOW:
            bottom = min(bottom, -0.2)
        elif mark != _HORN and category(mark) == "Mn":
            top = max(top, _SMALL) + 0.21
    return min(top, 1.0), bottom


def word_reach(text: str) -> tuple[float, float]:
    """Top and bottom of ``text``, which holds at least one letter."""
    reaches = [letter_reach(letter) for letter in text]
    return max(top for top, _ in reaches), min(bottom for _, bottom in reaches)
