"""What is answered, as values. What a newer server tells beside it is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, TypeVar

T = TypeVar("T")


def make(kind: type[T], raw: Mapping[str, Any], **more: object) -> T:
    """A value of a class of this module; raises ``KeyError`` where the answer lacks what must be there."""
    told: dict[str, Any] = {}
    for one in fields(kind):  # type: ignore[arg-type]  # all of them are dataclasses
        if one.name in more:
            told[one.name] = more[one.name]
        elif one.name in raw and raw[one.name] is not None:
            told[one.name] = raw[one.name]
        elif one.default is MISSING and one.default_factory is MISSING:
            raise KeyError(one.name)
    return kind(**told)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way: ``open``, ``whole``, ``used`` or ``spoilt``."""

    id: str
    bytes: int
    received: int
    state: str


@dataclass(frozen=True, slots=True)
class Document:
    """How far a document is; ``revision`` 0: nothing was read of it yet."""

    id: str
    dossier: str
    name: str
    sha256: str
    pages: int
    status: str
    type: str
    revision: int

    @property
    def is_settled(self) -> bool:
        """Whether nothing of it is being read any more."""
        return self.status not in {"received", "reading"}


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier with its documents; ``etag`` names this state of it."""

    code: str
    office: str
    settled: bool
    documents: tuple[Document, ...]
    etag: str = ""


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A value as read: ``text`` as it stands on the paper, ``confidence`` from 0 to 1."""

    text: str
    confidence: float
    origin: str
    value: Any = None
    problems: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fields:
    """What was read of a document."""

    document: str
    revision: int
    status: str
    type: str
    fields: Mapping[str, FieldValue]


@dataclass(frozen=True, slots=True)
class Component:
    """What is known of a component: ``held_reusable``, ``held_not_reusable``, ``not_held`` or ``not_entitled``."""

    type: str
    title: str
    held: str
    vi: str
    en: str
    document: str = ""
    part: int = 0
    until: str = ""
    forms: tuple[str, ...] = ()
    consent: bool = False
    reasons: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """The answer to a check."""

    id: str
    on: str
    components: tuple[Component, ...]

    @property
    def dont_ask_again(self) -> tuple[Component, ...]:
        """What the citizen must not be asked for."""
        return tuple(one for one in self.components if one.held == "held_reusable")


@dataclass(frozen=True, slots=True)
class Request:
    """A request: ``open``, ``released`` or ``refused``; it may be released until ``until``."""

    id: str
    document: str
    type: str
    form: str
    state: str
    until: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a release would give."""

    request: Request
    title: str
    pages: int
    judgement: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Release:
    """What was released, with its ``receipt`` (a JWS): keep both. ``values`` by field; a PDF comes with ``Sohoa.pdf_of``."""

    request: Request
    receipt: str
    sha256: str
    disclosure: str = field(repr=False)
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    url: str = ""
    check_code: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; ``id`` is its own for ever, and it may be told more than once."""

    id: str
    seq: int
    kind: str
    at: str
    dossier: str
    document: str = ""
    type: str = ""
    revision: int = 0
    other: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in order; ``next`` is to be kept, and asked with later."""

    events: tuple[Event, ...]
    next: str
