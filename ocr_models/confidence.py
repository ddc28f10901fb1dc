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
    """The weights of one ``engine`` in the file at ``path``, loaded at the first question."""

    def __init__(self, engine: str, path: Path = WEIGHTS) -> None:
        self.engine = engine
        self.path = path

    @cached_property
    def _weights(self) -> dict[str, float]:
        try:
            return {name: float(weight) for name, weight in tomllib.loads(self.path.read_text("utf-8"))[self.engine].items()}
        except (OSError, KeyError, ValueError) as error:
            raise UnavailableError(
                f"the confidences of {self.engine} in {self.path.name} cannot be loaded ({error}); install the product again",
                code="confidence_model_missing",
                advice="Thiếu bảng độ tin cậy hoặc tệp bị hỏng. Quản trị viên hãy cài đặt lại phần mềm.",
            ) from error

    def chances(self, evidence: NDArray[np.float32], features: Sequence[str]) -> Sequence[float]:
        """For each row the chance that its word is right."""
        if set(features) != set(self._weights):
            raise UnavailableError(
                f"the confidences of {self.engine} know other features than the program; run scripts/train_confidence.py",
                code="confidence_model_missing",
                advice="Bảng độ tin cậy không khớp với phần mềm. Quản trị viên hãy cài đặt lại phần mềm.",
            )
        weights = np.array([self._weights[name] for name in features])
        found: list[float] = (1.0 / (1.0 + np.exp(-(evidence @ weights)))).tolist()
        return found
