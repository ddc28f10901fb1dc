"""What a system proves who it is with."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote

#: Seconds that an assertion lasts.
_ASSERTION_LIFE = 120


class Credentials(Protocol):
    """Proves who a system is, at the token endpoint."""

    def prove(self, endpoint: str, now: float) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Headers and form fields of the call to ``endpoint`` at ``now`` (seconds since 1970)."""


@dataclass(frozen=True, slots=True)
class SecretCredentials:
    """A name and a secret (``client_secret_basic``)."""

    client: str
    secret: str = field(repr=False)

    def prove(self, endpoint: str, now: float) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Headers and form fields."""
        pair = f"{quote(self.client, safe='')}:{quote(self.secret, safe='')}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}, {}


@dataclass(frozen=True, slots=True)
class KeyCredentials:
    """A name and a private key (``private_key_jwt``): PEM, or a JWK, of EC P-256; ``kid`` as in the JWKS registered."""

    client: str
    key: str | Mapping[str, Any] = field(repr=False)
    kid: str = ""
    algorithm: str = "ES256"

    def prove(self, endpoint: str, now: float) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Headers and form fields: a new assertion each time, for none is taken twice."""
        from joserfc import jwt  # noqa: PLC0415  (whoever has a secret needs none of it)
        from joserfc.jwk import ECKey  # noqa: PLC0415

        raw = self.key if isinstance(self.key, str) else dict(self.key)
        kid = self.kid or (raw.get("kid", "") if isinstance(raw, dict) else "")
        claims = {
            "iss": self.client,
            "sub": self.client,
            "aud": endpoint,
            "iat": int(now),
            "exp": int(now) + _ASSERTION_LIFE,
            "jti": secrets.token_urlsafe(16),
        }
        header = {"alg": self.algorithm, **({"kid": kid} if kid else {})}
        token = jwt.encode(header, claims, ECKey.import_key(raw), algorithms=[self.algorithm])
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        return {}, {"client_assertion_type": kind, "client_assertion": token}


def make_key(kid: str) -> tuple[str, str]:
    """A new key of EC P-256: the private half (PEM), to be kept, and the public one (a JWKS), to be registered."""
    from joserfc.jwk import ECKey  # noqa: PLC0415

    key = ECKey.generate_key("P-256", {"kid": kid})
    public = {**key.as_dict(private=False), "use": "sig", "alg": "ES256"}
    return key.as_pem(private=True).decode(), json.dumps({"keys": [public]})
