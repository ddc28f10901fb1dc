"""What understanding finds: the type of a document, its fields, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.domain.documents import Owner
from pipeline.domain.geometry import Box


class FieldOrigin(StrEnum):
    """Where the value of a field comes from."""

    OCR = "ocr"
    QR = "qr"
    BARCODE = "barcode"
    TEXT_LAYER = "text_layer"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding, not an exception: ``message`` is Vietnamese and says what to do.

    ``field`` and ``page`` name what it concerns, where it concerns one.
    """

    code: str
    message: str
    field: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where on the scan a value was seen."""

    page: int
    box: Box


#: A scalar, or several for a field of type ``list``.
FieldValue = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a value may be instead; a human decides.

    ``source``: ``check``, ``qr``, ``barcode``, ``print``, ``page``, ``units`` or ``register``; ``reason`` is Vietnamese.
    """

    value: FieldValue
    source: str
    reason: str = ""


class UnitLevel(StrEnum):
    """The levels of administrative units; districts only until 30 June 2025."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True)
class Unit:
    """An administrative unit: its code in the official list, its name with its kind (``Phường Ba Đình``)."""

    code: str
    name: str
    level: UnitLevel


class UnitScheme(StrEnum):
    """Which division of the country an address is written in."""

    BEFORE_2025_07 = "before_2025_07"
    SINCE_2025_07 = "since_2025_07"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class AddressUnits:
    """The units an address names, from the province down, and those in force today.

    ``detail`` is what stands before the units, as printed. ``today`` is empty where it cannot be told, or where one commune
    went to several: then ``successors`` holds them and ``note`` says why (Vietnamese). ``basis`` is the legal basis of the
    change, ``since`` its ISO date; both empty where nothing changed.
    """

    scheme: UnitScheme
    units: tuple[Unit, ...]
    detail: str = ""
    today: tuple[Unit, ...] = ()
    successors: tuple[Unit, ...] = ()
    basis: str = ""
    since: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One value: ``value`` normalised as the dictionary says, ``text`` as printed (NFC), confidence 0..1.

    ``suggestions`` best first; ``units`` where the value is an address or a place.
    """

    key: str
    value: FieldValue
    text: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    origin: FieldOrigin = FieldOrigin.OCR
    problems: tuple[Problem, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    units: AddressUnits | None = None


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field of the dictionary: key, value type, whether every well-made document of the type carries it."""

    key: str
    type: str
    required: bool
    label: str = ""


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A type of the dictionary with the fields it must yield; ``valid_for`` as ISO 8601 duration, empty without a term."""

    code: str
    title: str
    role: str
    fields: tuple[FieldSpec, ...]
    abbreviation: str = ""
    also: tuple[str, ...] = ()
    valid_for: str = ""


@dataclass(frozen=True, slots=True)
class Classification:
    """The type code with its probability 0..1, and the runners-up, best first."""

    code: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a paper holds: ISO dates, the term as ISO 8601 duration, ``conditions`` as printed; empty where not said.

    ``since`` is the first day on which it holds where that is not the day of issue, ``until`` the last one. ``unlimited``
    where the paper, or the law of its type, says so. ``doubtful`` where what it rests on was not read for certain, or
    contradicts itself. ``evidence`` is where the paper speaks of it.
    """

    issued: str = ""
    until: str = ""
    term: str = ""
    unlimited: bool = False
    conditions: tuple[str, ...] = ()
    since: str = ""
    doubtful: bool = False
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcedureRef:
    """The administrative procedure (thủ tục hành chính) a paper belongs to: its code, its name, how sure the link is."""

    code: str
    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Findings:
    """All that understanding has to say of one document; ``dossier_code`` is the code of its dossier that it bears.

    Where its file holds several, these are the first one's, and ``components`` are all of them, the first included.
    """

    classification: Classification
    fields: tuple[Field, ...] = ()
    problems: tuple[Problem, ...] = ()
    owners: tuple[Owner, ...] = ()
    validity: Validity | None = None
    procedure: ProcedureRef | None = None
    components: tuple[Component, ...] = ()
    dossier_code: str = ""

    def field(self, key: str) -> Field | None:
        """The field named ``key``, or None."""
        return next((found for found in self.fields if found.key == key), None)


@dataclass(frozen=True, slots=True)
class Component:
    """One of several documents in a file: the numbers of its pages, ascending, and what was found in it."""

    pages: tuple[int, ...]
    findings: Findings


class Outcome(StrEnum):
    """How a file fares against one rule."""

    PASSED = "pass"
    FAILED = "fail"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """What a rule weighs: the law says so, the deployment chose so, or it is only worth saying."""

    BINDING = "binding"
    SETTING = "setting"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """One rule of a rule set, and how a file fares: what was wanted, what was found; ``pages`` where it concerns some.

    ``title`` names the rule in Vietnamese, ``point`` is where it stands in the law.
    """

    rule: str
    outcome: Outcome
    wanted: str = ""
    found: str = ""
    pages: tuple[int, ...] = ()
    title: str = ""
    point: str = ""
    severity: Severity = Severity.BINDING


@dataclass(frozen=True, slots=True)
class Conformity:
    """How a file fares against a rule set, such as ``nd30`` of a version; ``basis`` is its legal basis."""

    rule_set: str
    version: str
    basis: str
    outcomes: tuple[RuleOutcome, ...]
