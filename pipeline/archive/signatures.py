"""Signatures as the plain JSON values of record.json, and the record of a revision that differs in its signatures alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.domain.findings import RuleOutcome
from pipeline.domain.signatures import (
    CertificateInfo,
    Integrity,
    Revocation,
    Signature,
    SignatureRole,
    SourceSignature,
    Trust,
)

Json = dict[str, Any]


def signature_as_json(signature: Signature) -> Json:
    """A signature that we put."""
    return {
        "role": signature.role.value,
        "name": signature.name,
        **_certificate(signature.certificate),
        "signed_at": _time(signature.signed_at),
        "stamped_at": _time(signature.stamped_at),
        "time_stamp_authority": signature.authority,
        "level": signature.level,
        "valid": signature.valid,
    }


def source_signature_as_json(signature: SourceSignature) -> Json:
    """A signature that the file came with."""
    return {
        "field": signature.field,
        "name": signature.name,
        **_certificate(signature.certificate),
        "signed_at": _time(signature.claimed_at),
        "stamped_at": _time(signature.stamped_at),
        "integrity": signature.integrity.value,
        "trust": signature.trust.value,
        "revocation": signature.revocation.value,
        "covers_whole_file": signature.whole,
        "changes": list(signature.changes),
        "reason": signature.reason,
    }


def roles_of_json(raw: Json) -> tuple[SignatureRole, ...]:
    """In whose names the PDF of a record is signed; none in records from before there were signatures."""
    return tuple(SignatureRole(one["role"]) for one in raw.get("signatures", ()))


def is_broken_of_json(raw: Json) -> bool:
    """Whether a signature that the file came with, or that we put on the PDF, does not hold."""
    came = raw.get("source_signatures", ())
    fallen = any(
        one["integrity"] != Integrity.INTACT.value
        or Trust.REVOKED.value == one["trust"]
        or one["revocation"] == Revocation.REVOKED.value
        for one in came
    )
    return fallen or any(not one["valid"] for one in raw.get("signatures", ()))


@dataclass(frozen=True, slots=True)
class SignedPdf:
    """The PDF that takes the place of that of the revision before: what stands in it, and how rules find it."""

    sha256: str
    bytes: int
    signatures: tuple[Signature, ...]
    outcomes: tuple[tuple[str, RuleOutcome], ...]


def sign_record(before: bytes, signed: SignedPdf, *, status: str, at: datetime) -> bytes:
    """The record of the revision behind the one that ``before`` tells of: its PDF is ``signed``, all else is as it was."""
    raw: Json = json.loads(before)
    changed: Json = {
        "revision": raw["revision"] + 1,
        "previous_sha256": hashlib.sha256(before).hexdigest(),
        "created_at": at.isoformat(),
        "status": status,
    }
    return (json.dumps({**raw, **changed, **signed_parts(raw, signed)}, ensure_ascii=False, indent=1) + "\n").encode()


def signed_parts(raw: Json, signed: SignedPdf) -> Json:
    """What a signature changes of the record ``raw``."""
    new = {(rule_set, one.rule): one for rule_set, one in signed.outcomes}
    return {
        "pdf": {**raw["pdf"], "sha256": signed.sha256, "bytes": signed.bytes, "signed": True},
        "signatures": [signature_as_json(one) for one in signed.signatures],
        "conformity": [
            {**judged, "rules": [_judged_anew(judged["rule_set"], rule, new) for rule in judged["rules"]]}
            for judged in raw.get("conformity", ())
        ],
    }


def _judged_anew(rule_set: str, rule: Json, new: dict[tuple[str, str], RuleOutcome]) -> Json:
    found = new.get((rule_set, rule["rule"]))
    return {**rule, "outcome": found.outcome.value, "found": found.found} if found else rule


def signatures_as_json(signatures: Iterable[Signature], sources: Sequence[SourceSignature]) -> Json:
    """The parts of a record that tell of signatures."""
    return {
        "signatures": [signature_as_json(one) for one in signatures],
        "source_signatures": [source_signature_as_json(one) for one in sources],
    }


def _certificate(info: CertificateInfo | None) -> Json:
    return {
        "certificate": {
            "subject": info.subject,
            "issuer": info.issuer,
            "serial": info.serial,
            "since": _time(info.since),
            "until": _time(info.until),
        }
        if info
        else None
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
