"""What is posted to webhooks, how it is signed, how receivers tell that it is ours, and when a delivery is tried again.

The header :data:`HEADER` reads ``t=1767225600,sub1.2=<hex>,sub1.1=<hex>``: the time of the try in seconds since 1970, then for
each key (the newest, and the former one for a while after a change) HMAC-SHA256 over ``<t>.<delivery id>.<body>``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from pipeline.domain.outbox import Delivery, ReuseEvent, Subscription

HEADER, ID_HEADER, KIND_HEADER = "Sohoa-Signature", "Sohoa-Delivery", "Sohoa-Event"

#: How far the clocks of both sides may be apart, and how old a delivery may be when it comes.
TOLERANCE = timedelta(minutes=5)

#: Tries until a delivery is given up: over two days.
TRIES = 16
_FIRST, _LONGEST = timedelta(seconds=10), timedelta(hours=6)

_PART = re.compile(r"([\w.-]+)=([0-9a-f]+)")


def render_event(event: ReuseEvent) -> bytes:
    """The body: UTF-8 JSON without anything personal."""
    told = {
        "id": event.id,
        "seq": event.seq,
        "kind": event.kind.value,
        "at": event.at.astimezone(UTC).isoformat(timespec="seconds"),
        "dossier": event.dossier,
        "document": event.document or None,
        "type": event.type or None,
        "revision": event.revision or None,
        "other": event.other or None,
        "code": event.code or None,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def secret_of(master: str, subscription: str, key: int) -> str:
    """The secret of the ``key``-th key of a subscription: derived, so that it stands nowhere."""
    return hmac.new(master.encode(), f"webhook {subscription} {key}".encode(), hashlib.sha256).hexdigest()


def headers_of(delivery: Delivery, body: bytes, subscription: Subscription, master: str, now: datetime) -> dict[str, str]:
    """The headers of one try."""
    keys = [subscription.key]
    if subscription.former_until is not None and now < subscription.former_until:
        keys.append(subscription.key - 1)
    secrets = {f"{subscription.id}.{key}": secret_of(master, subscription.id, key) for key in keys}
    return {
        "Content-Type": "application/json",
        ID_HEADER: delivery.id,
        KIND_HEADER: delivery.event.kind.value,
        HEADER: sign(delivery.id, body, secrets, now),
    }


def sign(delivery: str, body: bytes, secrets: Mapping[str, str], now: datetime) -> str:
    """The signature header; ``secrets`` by the id of their key."""
    at = int(now.timestamp())
    return ",".join([f"t={at}", *(f"{key}={_mac(secret, at, delivery, body)}" for key, secret in secrets.items())])


def is_ours(header: str, delivery: str, body: bytes, secrets: Mapping[str, str], now: datetime) -> bool:
    """Whether one of the ``secrets`` signed the body, now. A receiver that has the id of the delivery already drops it."""
    parts = dict(_PART.findall(header))
    if not parts.get("t", "").isdecimal() or abs(now - datetime.fromtimestamp(int(parts["t"]), UTC)) > TOLERANCE:
        return False
    known = [(secret, parts[key]) for key, secret in secrets.items() if key in parts]
    return any(hmac.compare_digest(_mac(secret, int(parts["t"]), delivery, body), given) for secret, given in known)


def pause_after(tries: int) -> timedelta:
    """How long to wait after so many tries: ten seconds, then twice as long each time, six hours at most."""
    doublings: int = 1 << min(max(tries - 1, 0), 20)
    return min(_FIRST * doublings, _LONGEST)


def _mac(secret: str, at: int, delivery: str, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{at}.{delivery}.".encode() + body, hashlib.sha256).hexdigest()
