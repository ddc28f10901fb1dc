"""Access tokens: JWT (RFC 9068) that say which system calls and what it may do, for some minutes."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from pipeline.domain.clients import Client, Scope
from pipeline.ports import Clock
from pipeline.systems.keyring import ALGORITHM, Keyring

#: How long a token lasts; how far the clocks of two servers of ours may be apart.
LIFE, LEEWAY = timedelta(minutes=10), timedelta(seconds=30)

_KIND = "at+jwt"

#: Tokens that are remembered.
_MOST = 10_000


class NoTokenError(Exception):
    """What was brought is no token of ours, or over."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a token says; ``certificate`` is the thumbprint of the certificate that must come with it, empty: none.

    ``key`` is the id of the key that signed it.
    """

    client: str
    scopes: frozenset[Scope]
    certificate: str
    until: datetime
    key: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Gives tokens and takes them. ``issuer`` is who we are to others, and for whom the tokens are."""

    keyring: Keyring
    clock: Clock
    issuer: str

    def give(self, client: Client, scopes: Iterable[Scope], certificate: str = "") -> str:
        """A token for ``client``."""
        key, now = self.keyring.signing_key(), int(self.clock.now().timestamp())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.issuer,
            "sub": client.id,
            "client_id": client.id,
            "agency": client.agency,
            "iat": now,
            "exp": now + int(LIFE.total_seconds()),
            "jti": secrets.token_urlsafe(16),
            "scope": " ".join(sorted(scopes)),
        }
        if certificate:
            claims["cnf"] = {"x5t#S256": certificate}
        return jwt.encode({"alg": ALGORITHM, "typ": _KIND, "kid": key.kid}, claims, key)

    def take(self, token: str) -> AccessToken:
        """What the token says; raises ``NoTokenError``."""
        now = int(self.clock.now().timestamp())
        try:
            found = jwt.decode(token, self.keyring.verifying_keys(), algorithms=[ALGORITHM])
            if found.header.get("typ") != _KIND:
                raise NoTokenError("a token of another kind")
            jwt.JWTClaimsRegistry(
                now=now,
                leeway=int(LEEWAY.total_seconds()),
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self.issuer},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
            ).validate(found.claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise NoTokenError(str(error)) from error
        claims = found.claims
        named = {scope.value for scope in Scope}
        return AccessToken(
            client=str(claims["sub"]),
            scopes=frozenset(Scope(one) for one in str(claims.get("scope", "")).split() if one in named),
            certificate=str((claims.get("cnf") or {}).get("x5t#S256", "")),
            until=datetime.fromtimestamp(claims["exp"], UTC),
            key=str(found.header.get("kid", "")),
        )


class KnownTokens:
    """Remembers what tokens said that were proven a moment ago, of a bounded number; safe from many threads.

    A token counts for as long as it would if it were proven anew: until it is over, or its key is known no more.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[str, AccessToken] = OrderedDict()

    def take(self, token: str, tokens: Tokens) -> AccessToken:
        """As :meth:`Tokens.take`."""
        with self._lock:
            known = self._known.get(token)
        if known is not None and tokens.clock.now() < known.until and tokens.keyring.knows(known.key):
            return known
        found = tokens.take(token)
        with self._lock:
            self._known[token] = found
            self._known.move_to_end(token)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
        return found
