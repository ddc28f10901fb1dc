"""What a receipt says, as the claims of a JWS, and back; and whose paper it was, for those alone who may know."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from pipeline.domain.audit import canonical
from pipeline.domain.documents import Owner
from pipeline.domain.holdings import id_key, name_key
from pipeline.domain.releases import Receipt, ReleaseForm

#: ``typ`` of the header of a receipt.
KIND = "sohoa-receipt+jwt"

#: What values leave as: scalars, or several for a field of type ``list``.
Values = Sequence[tuple[str, str | int | tuple[str, ...]]]


def claims_of(receipt: Receipt) -> dict[str, Any]:
    """The claims; empty ones are left out."""
    said = {
        "jti": receipt.id,
        "iss": receipt.issuer,
        "aud": receipt.system,
        "iat": int(receipt.at.timestamp()),
        "agency": receipt.agency,
        "document": receipt.document,
        "part": receipt.part,
        "revision": receipt.revision,
        "type": receipt.type,
        "owner": receipt.owner,
        "form": receipt.form.value,
        "fields": list(receipt.fields),
        "sha256": receipt.sha256,
        "purpose": receipt.purpose,
        "procedure": receipt.procedure,
        "basis": receipt.basis,
        "consent": receipt.consent,
        "valid_on": receipt.valid_on.isoformat(),
        "valid_until": receipt.valid_until.isoformat() if receipt.valid_until else "",
        "check": receipt.check,
    }
    return {key: value for key, value in said.items() if value not in ("", [])}


def receipt_of(claims: Mapping[str, Any]) -> Receipt:
    """The receipt; raises ``KeyError`` or ``ValueError`` for other claims."""
    until = claims.get("valid_until")
    return Receipt(
        id=claims["jti"],
        issuer=claims["iss"],
        system=claims["aud"],
        agency=claims["agency"],
        document=claims["document"],
        part=claims["part"],
        revision=claims["revision"],
        type=claims["type"],
        owner=claims["owner"],
        form=ReleaseForm(claims["form"]),
        fields=tuple(claims.get("fields", ())),
        sha256=claims["sha256"],
        purpose=claims["purpose"],
        procedure=claims.get("procedure", ""),
        basis=claims["basis"],
        consent=claims.get("consent", ""),
        at=datetime.fromtimestamp(claims["iat"], UTC),
        valid_on=date.fromisoformat(claims["valid_on"]),
        valid_until=date.fromisoformat(until) if until else None,
        check=claims.get("check", ""),
    )


def owner_hash(disclosure: str, owners: Sequence[Owner]) -> str:
    """What a receipt says of the owners: nobody learns from it whose paper it was, unless they have the disclosure."""
    whose = sorted(id_key(one) or name_key(one) or f"n:{one.name}" for one in owners)
    return hashlib.sha256(canonical([disclosure, whose]).encode()).hexdigest()


def values_hash(values: Values) -> str:
    """The sha256 of values as they leave: canonical JSON of an object, fields by name."""
    return hashlib.sha256(canonical(dict(values)).encode()).hexdigest()
