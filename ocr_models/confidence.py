"""How likely words are right: a logistic regression learnt by ``scripts/train_confidence.py``, behind ``ConfidenceModel``."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.errors import UnavailableError

#: The weights that come with the product: a table for each engine.
WEIGHTS = Path(__file__).with_name("confidence.toml")


class LogisticConfidence:
    """The weights in the file at ``path``, loaded at the first question, which raises ``UnavailableError`` without them."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        self.path = path

    @cached_property
    def _weights(self) -> dict[str, dict[str, float]]:
        try:
            tables = tomllib.loads(self.path.read_text("utf-8"))
            return {name: {key: float(weight) for key, weight in table.items()} for name, table in tables.items()}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise _unfit(f"{self.path.name} cannot be loaded ({error}); install the product again") from error

    def knows(self, engine: str) -> bool:
        """Whether there are weights for this engine."""
        return engine in self._weights

    def chances(self, evidence: NDArray[np.float32], features: Sequence[str], engine: str) -> Sequence[float]:
        """For each row the chance that the word is right."""
        table = self._weights[engine]
        if set(features) != set(table):
            raise _unfit(f"the weights of {engine} are of other features than the program's; run scripts/train_confidence.py")
        weights = np.array([table[name] for name in features])
        found: list[float] = (1.0 / (1.0 + np.exp(-(evidence @ weights)))).tolist()
        return found


def _unfit(what: str) -> UnavailableError:
    return UnavailableError(
        f"confidence of words: {what}",
        code="confidence_model_missing",
        advice="Bảng độ tin cậy bị thiếu, hỏng hoặc không khớp với phần mềm. Quản trị viên hãy cài đặt lại phần mềm.",
    )
