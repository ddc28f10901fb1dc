"""Numbers written out: hai nghìn không trăm hai mươi lăm, năm trăm triệu, ba mốt."""

from __future__ import annotations

from pipeline.understanding.folding import fold

_DIGITS = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6, "bay": 7,
    "tam": 8, "chin": 9,
}  # fmt: skip
#: Months and days that have names of their own.
_NAMED = {"gieng": 1, "chap": 12, "ram": 15}
_SCALES = {"nghin": 1_000, "ngan": 1_000, "trieu": 1_000_000, "ty": 1_000_000_000, "ti": 1_000_000_000}
_SILENT = frozenset({"mong", "mung", "linh", "le", "chan"})
#: What never follows the last word of a number.
_LOOSE = frozenset({"linh", "le", "mong", "mung"})


def read_number(text: str) -> int | None:
    """The whole number that all words of ``text`` say, marks and case aside; None where a word is no part of one."""
    words = fold(text).split()
    if not words or words[-1] in _LOOSE:
        return None
    if len(words) == 1 and words[0] in _NAMED:
        return _NAMED[words[0]]
    if len(words) == 4 and all(word in _DIGITS for word in words):
        return int("".join(str(_DIGITS[word]) for word in words))
    return _sum(words)


def _sum(words: list[str]) -> int | None:
    total, below, scale = 0, _Section(), 0
    for word in words:
        if word in _SCALES:
            size, said = _SCALES[word], below.value or 1
            total = (total + said) * size if scale and size > scale and total else total + said * size
            below, scale = _Section(), size
        elif word == "ruoi" and scale and not below.said:
            total += scale // 2
        elif not below.take(word):
            return None
    return total + below.value


class _Section:
    """The part of a number below a thousand, word by word."""

    def __init__(self) -> None:
        self.said = False
        self._done = 0
        self._last: int | None = None

    @property
    def value(self) -> int:
        return self._done + (self._last or 0)

    def take(self, word: str) -> bool:
        """Whether ``word`` goes on with the number."""
        self.said = True
        if word == "tram":
            self._done, self._last = self._done + (1 if self._last is None else self._last) * 100, None
        elif word in ("muoi", "chuc"):
            self._done, self._last = self._done + (1 if self._last is None else self._last) * 10, None
        elif word in _DIGITS:
            if self._last is not None:
                self._done += self._last * 10
            self._last = _DIGITS[word]
        else:
            return word in _SILENT
        return True
