"""Digital signatures: those we put on what we derive, and those that files come with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SignatureRole(StrEnum):
    """In whose name a signature stands: of who digitised the paper, then of the agency."""

    DIGITISER = "digitiser"
    AGENCY = "agency"


#: The level of every signature that is put; a lower one is never made.
LEVEL = "PAdES-B-LT"


@dataclass(frozen=True, slots=True)
class CertificateInfo:
    """A certificate as people tell it apart: ``subject`` and ``issuer`` in one line, ``serial`` in hexadecimal digits."""

    subject: str
    issuer: str
    serial: str
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that stands on the searchable PDF.

    ``name`` is what it shows, ``signed_at`` what the signer's clock said, ``stamped_at`` what the time-stamp authority
    ``authority`` vouches for. ``valid``: it was when the revision was made, by the certificates trusted here.
    """

    role: SignatureRole
    name: str
    certificate: CertificateInfo
    signed_at: datetime
    stamped_at: datetime | None
    authority: str
    level: str
    valid: bool


class Integrity(StrEnum):
    """What became of the bytes a signature covers.

    ``intact``: as signed, and nothing but what signatures allow was added since. ``changed``: as signed, but something else
    was added or covered only in part. ``broken``: other bytes than those signed. ``unreadable``: it cannot be made sense of.
    """

    INTACT = "intact"
    CHANGED = "changed"
    BROKEN = "broken"
    UNREADABLE = "unreadable"


class Trust(StrEnum):
    """Whether a signer's certificate leads to one that is trusted here, at the time that is proven for the signature.

    ``weak``: it does, but by algorithms that can be forged by now (SHA-1, short keys). ``unknown``: it could not be looked at,
    because the signature is broken, or because no certificate is trusted here at all.
    """

    TRUSTED = "trusted"
    WEAK = "weak"
    UNTRUSTED = "untrusted"
    SELF_SIGNED = "self_signed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class Revocation(StrEnum):
    """What the revocation lists and answers inside the file say of a certificate; nothing is ever fetched."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SourceSignature:
    """A signature in a file that was handed in.

    ``field`` is the name of its form field. ``claimed_at`` is what the signer says, ``stamped_at`` what a time stamp inside
    proves (None where there is none, or an unsound one). ``whole``: it covers the file to its end. ``changes`` says what
    came after it, ``reason`` what stands against it, both in English, for experts.
    """

    field: str
    name: str
    integrity: Integrity
    trust: Trust
    revocation: Revocation = Revocation.UNKNOWN
    certificate: CertificateInfo | None = None
    claimed_at: datetime | None = None
    stamped_at: datetime | None = None
    whole: bool = False
    changes: tuple[str, ...] = ()
    reason: str = ""
