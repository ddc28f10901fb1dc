"""Proof of what came: receipts, the documents and values that they speak of, webhooks."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.client.failures import UnprovenError
from pipeline.client.shapes import Event, make

#: How far clocks may be apart, and how old a webhook may be, in seconds.
TOLERANCE = 300

_KIND = "sohoa-receipt+jwt"
_PART = re.compile(r"([\w.-]+)=([0-9a-f]+)")


def verify_receipt(receipt: str, keys: Mapping[str, Any], client: str) -> dict[str, Any]:
    """What a receipt says, signed by one of ``keys`` (a JWKS) and made out to ``client``; raises ``UnprovenError``."""
    from joserfc import jws  # noqa: PLC0415  (whoever verifies none needs none of it)
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import KeySet  # noqa: PLC0415

    try:
        found = jws.deserialize_compact(receipt, KeySet.import_key_set({"keys": list(keys["keys"])}), algorithms=["ES256"])
        claims = json.loads(found.payload)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise UnprovenError(f"no key of Sohoa signed the receipt: {error}") from error
    if found.headers().get("typ") != _KIND or not isinstance(claims, dict):
        raise UnprovenError("what was signed is no receipt")
    if claims.get("aud") != client:
        raise UnprovenError(f"the receipt is made out to {claims.get('aud')!r}")
    return claims


def verify_content(claims: Mapping[str, Any], content: bytes) -> None:
    """Nothing where ``content`` is the PDF that a receipt speaks of; else raises ``UnprovenError``."""
    if claims.get("form") != "pdf" or hashlib.sha256(content).hexdigest() != claims.get("sha256"):
        raise UnprovenError("the document is not the one that the receipt speaks of")


def verify_values(claims: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Nothing where ``values`` are those that a receipt speaks of; else raises ``UnprovenError``."""
    text = json.dumps(dict(values), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if claims.get("form") != "fields" or hashlib.sha256(text.encode()).hexdigest() != claims.get("sha256"):
        raise UnprovenError("the values are not those that the receipt speaks of")


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook that is proven: ``delivery`` is its own id; one that was seen before is to be dropped."""

    delivery: str
    event: Event


def verify_webhook(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str], now: float) -> Webhook:
    """The event of a webhook that one of ``secrets`` (by the id of their key) signed; raises ``UnprovenError``.

    ``now`` is in seconds since 1970. Keep the ids of deliveries for a while: the same one may come more than once.
    """
    told = {name.lower(): value for name, value in headers.items()}
    delivery, signed = told.get("sohoa-delivery", ""), dict(_PART.findall(told.get("sohoa-signature", "")))
    at = signed.pop("t", "")
    if not at.isdecimal() or abs(now - int(at)) > TOLERANCE:
        raise UnprovenError("the webhook is too old, or from the future")
    for key, secret in secrets.items():
        mac = hmac.new(secret.encode(), f"{at}.{delivery}.".encode() + body, hashlib.sha256).hexdigest()
        if hmac.compare_digest(mac, signed.get(key, "")):
            return Webhook(delivery, make(Event, json.loads(body)))
    raise UnprovenError("no key of ours signed the webhook")
