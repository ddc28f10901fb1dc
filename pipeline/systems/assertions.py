"""Proof of who a system is by a key of its own: a signed assertion (RFC 7523, ``private_key_jwt``)."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

#: Signatures that are taken.
ALGORITHMS = ("ES256", "ES384", "RS256", "PS256", "EdDSA")

#: How far the clocks may be apart, as with webhooks, and how long an assertion may last at most.
LEEWAY, LONGEST = timedelta(minutes=5), timedelta(minutes=10)

_MOST_KEYS, _FEWEST_BITS, _LONGEST_ID = 10, 2048, 200


@dataclass(frozen=True, slots=True)
class Assertion:
    """What was proven: ``client`` says it, once (``id``), before ``until``."""

    client: str
    id: str
    until: datetime


@lru_cache(maxsize=256)
def public_keys(jwks: str) -> KeySet:
    """The keys of a JWKS (JSON); raises ``ValueError`` for what holds none, a private one, or one that is too weak."""
    try:
        raw = json.loads(jwks)
        listed = raw["keys"]
        keys = KeySet.import_key_set({"keys": listed})
    except (ValueError, KeyError, TypeError, JoseError) as error:
        raise ValueError(f"no JWKS with public keys: {error}") from error
    if not 1 <= len(keys.keys) <= _MOST_KEYS:
        raise ValueError(f"a JWKS of a system has 1 to {_MOST_KEYS} keys")
    for key in keys.keys:
        if key.key_type == "oct" or key.is_private:
            raise ValueError("a JWKS of a system holds public keys alone: never send a private one anywhere")
        if isinstance(key, RSAKey) and int(key.raw_value.key_size) < _FEWEST_BITS:
            raise ValueError(f"an RSA key has {_FEWEST_BITS} bits at least")
    return keys


def claimed_client(token: str) -> str:
    """Whom an assertion claims to be of, unproven; empty where it says nothing that can be read."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return str(claims.get("sub", "")) if isinstance(claims, dict) else ""
    except (IndexError, ValueError):
        return ""


def prove(token: str, jwks: str, audiences: Collection[str], now: datetime) -> Assertion:
    """What the assertion proves; raises ``ValueError`` where signature, issuer, audience or times are not right."""
    try:
        claims = jwt.decode(token, public_keys(jwks), algorithms=list(ALGORITHMS)).claims
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=int(LEEWAY.total_seconds()),
            iss={"essential": True},
            sub={"essential": True},
            aud={"essential": True, "values": list(audiences)},
            exp={"essential": True},
            jti={"essential": True},
        ).validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ValueError(f"the assertion does not fit: {error}") from error
    return _assertion(claims, now)


def _assertion(claims: dict[str, Any], now: datetime) -> Assertion:
    subject, jti, exp = claims["sub"], claims["jti"], claims["exp"]
    if claims["iss"] != subject or not isinstance(subject, str):
        raise ValueError("the assertion speaks of another system")
    if not isinstance(jti, str) or not 1 <= len(jti) <= _LONGEST_ID:
        raise ValueError("the assertion has no id of its own")
    if not isinstance(exp, int) or exp > (now + LONGEST + LEEWAY).timestamp():
        raise ValueError(f"the assertion lasts longer than {LONGEST.total_seconds():.0f} seconds")
    return Assertion(subject, jti, datetime.fromtimestamp(exp, UTC) + LEEWAY)
