"""What signs are worth, learnt from made documents by ``scripts/train_types.py`` and kept in ``weights.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def weigh(signs: Mapping[str, float], kind: str) -> float:
    """The sum of ``signs``, each 0..1, times their weights of ``kind``: natural log odds.

    ``kind`` is a table of the file; its weight ``bias`` counts always. A sign without a weight there counts nothing.
    """
    table = _weights()[kind]
    return table.get("bias", 0.0) + sum(value * table.get(name, 0.0) for name, value in signs.items())


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    text = files(__package__).joinpath("weights.toml").read_text(encoding="utf-8")
    return {kind: dict(table) for kind, table in tomllib.loads(text).items() if isinstance(table, dict)}
