"""Engines without a program behind them: they return what they were told to."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.domain.errors import SohoaError
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageImage
from pipeline.ports import EngineInfo


class ScriptedEngine:
    """Answers each reading with the next of ``answers`` (the last one again and again); an error among them is raised.

    ``readings`` keeps what was asked: page number, region, whether a single line was meant.
    """

    def __init__(self, *answers: Iterable[Line] | SohoaError, upright: tuple[int, float] = (0, 10.0)) -> None:
        self.answers: list[tuple[Line, ...] | SohoaError] = [
            answer if isinstance(answer, SohoaError) else tuple(answer) for answer in answers
        ] or [()]
        self.turn = upright
        self.readings: list[tuple[int, Box | None, bool]] = []
        self.turns_asked = 0

    @property
    def info(self) -> EngineInfo:
        """A name that no real engine has."""
        return EngineInfo("scripted", "1", ())

    def read(self, image: PageImage, *, region: Box | None = None, single_line: bool = False) -> tuple[Line, ...]:
        """The next answer of the script."""
        answer = self.answers[min(len(self.readings), len(self.answers) - 1)]
        self.readings.append((image.number, region, single_line))
        if isinstance(answer, SohoaError):
            raise answer
        return answer

    def upright(self, image: PageImage) -> tuple[int, float]:
        """The turn of the script."""
        self.turns_asked += 1
        return self.turn
