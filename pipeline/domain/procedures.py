"""Administrative procedures (thủ tục hành chính), as an installation has them in its list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure: its code (``1.001193``), its name, its field, its level, and the decision that published it.

    ``withdrawn`` is the ISO date from which on it is in the list no more; empty while it is. Papers of before still name it.
    """

    code: str
    name: str
    field: str = ""
    level: str = ""
    decision: str = ""
    withdrawn: str = ""
