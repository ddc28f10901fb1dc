"""Systems of others that call the interface: who they are, what they may do, what they prove it with, what they hand in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.domain.people import Person


class Scope(StrEnum):
    """What a system may do at all; whose papers it may see is said by its offices, and by entitlement."""

    DOSSIERS_WRITE = "dossiers:write"
    DOSSIERS_READ = "dossiers:read"
    DOCUMENTS_READ = "documents:read"
    REUSE_CHECK = "reuse:check"
    REUSE_REQUEST = "reuse:request"
    EVENTS = "events"
    SEARCH = "search"
    EXPORT = "export"
    OWNERS_READ = "owners:read"


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """An argon2id hash of a secret; ``until`` is when it ends, None: not by itself."""

    hashed: str
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it may still be used."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True)
class Client:
    """A system that is registered. ``id`` never changes and is what the audit log names.

    ``agency`` is whose system it is, ``offices`` are the agency codes whose dossiers it hands in and sees (``*``: all).
    ``keys`` is a JWKS (JSON) of the public keys that its assertions are signed with, ``certificates`` are thumbprints
    (``x5t#S256``) of those that it must show where a proxy hands them on; empty: none is asked for. ``rate`` is how many
    calls a minute it may make, 0: as many as is usual here.
    """

    id: str
    name: str
    agency: str
    offices: frozenset[str]
    scopes: frozenset[Scope]
    created_at: datetime
    secrets: tuple[ClientSecret, ...] = ()
    keys: str = ""
    certificates: frozenset[str] = frozenset()
    rate: int = 0
    disabled: bool = False

    @property
    def person(self) -> Person:
        """The system in the place of somebody who is signed in: without any role."""
        return Person(self.actor, self.name, frozenset(), self.offices)

    @property
    def actor(self) -> str:
        """What the audit log calls it."""
        return f"system {self.id}"


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A private key (P-256, PKCS#8 in PEM) that access tokens are signed with, from some time after ``made_at``."""

    id: str
    pem: str
    made_at: datetime


class UploadState(StrEnum):
    """``open → whole → used``; or ``spoilt``: what came is not what was announced."""

    OPEN = "open"
    WHOLE = "whole"
    USED = "used"
    SPOILT = "spoilt"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in. ``received`` counts its bytes so far, ``pieces`` names what they came in, in their order.

    ``sha256`` is that of the whole file, as announced. It is forgotten when ``until`` has come. ``dossier`` is where it was
    handed in, or is about to be.
    """

    id: str
    client: str
    name: str
    bytes: int
    sha256: str
    made_at: datetime
    until: datetime
    received: int = 0
    pieces: tuple[str, ...] = ()
    state: UploadState = UploadState.OPEN
    dossier: str = ""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What a call with an idempotency key was answered; ``status`` 0: it is still being worked on, since ``begun``.

    ``digest`` is the sha256 of what was asked.
    """

    digest: str
    begun: datetime
    status: int = 0
    headers: str = ""
    body: bytes = b""
