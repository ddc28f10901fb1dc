"""What an operator declares of a dossier, checked before it is kept: the procedure, whose it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from pipeline.domain.documents import Owner
from pipeline.domain.dossier_sheets import DossierSheet
from pipeline.station.procedure_shelf import ProcedureShelf
from pipeline.understanding.checks.people import is_personal_id

#: Characters of a name at most.
LONGEST_NAME = 120


def read_declaration(
    before: DossierSheet, typed: Mapping[str, str], shelf: ProcedureShelf, today: date
) -> tuple[DossierSheet | None, dict[str, str]]:
    """The next sheet, and no faults; or None and the words that tell what is wrong (keys of words), by field."""
    name = " ".join(unicodedata.normalize("NFC", typed.get("owner_name", "")).split())
    number = re.sub(r"[\s.]", "", typed.get("owner_id", ""))
    code = typed.get("procedure", "").strip()
    faults = {}
    if len(name) > LONGEST_NAME or any(not (sign.isalpha() or sign in " '’-.") for sign in unicodedata.normalize("NFC", name)):
        faults["owner_name"] = "bad_owner_name"
    if number and not re.fullmatch(r"\d{12}", number):
        faults["owner_id"] = "id_not_twelve"
    elif number and not is_personal_id(number, today):
        faults["owner_id"] = "id_cannot_be"
    procedure = shelf.named(code) if code else None
    if code and procedure is None and code != before.procedure:
        faults["procedure"] = "unknown_procedure"
    if faults:
        return None, faults
    title = procedure.name if procedure else before.procedure_name if code else ""
    return DossierSheet(before.dossier, before.number, code, title, Owner(id12=number, name=name)), {}
