"""What is declared of a dossier where it is taken in: for which procedure, and who comes with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.domain.documents import Owner


@dataclass(frozen=True, slots=True)
class DossierSheet:
    """The ``number``-th declaration of a dossier; 0 where nothing was declared yet.

    ``procedure`` is the code of one, empty where none was chosen. ``at`` is ISO 8601.
    """

    dossier: str
    number: int = 0
    procedure: str = ""
    procedure_name: str = ""
    owner: Owner = field(default_factory=Owner)
    actor: str = ""
    at: str = ""
