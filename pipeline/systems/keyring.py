"""The keys that access tokens are signed with: made, published, used, retired, without a moment in which none fits.

::

    made ──► published for LEAD ──► signs, until a newer one does ──► published while its tokens last ──► forgotten

Whoever verifies tokens knows a key before anything is signed with it, and as long as anything signed with it lasts.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from joserfc.jwk import ECKey, KeySet

from pipeline.domain.clients import TokenKey
from pipeline.ports import Clock
from pipeline.ports.clients import TokenKeys

ALGORITHM = "ES256"

#: How long a key is published before it signs; after which time another one takes its place.
LEAD, ROTATION = timedelta(minutes=10), timedelta(days=30)

#: How long anything signed with a key may last, clocks that differ included.
LONGEST = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of the installation. The first one is made when it is needed."""

    kept: TokenKeys
    clock: Clock

    def signing_key(self) -> ECKey:
        """The private key that signs now; a successor is made once it has signed for :data:`ROTATION`."""
        now = self.clock.now()
        keys = self.kept.all() or (self._make(),)
        if now - keys[-1].made_at > ROTATION:
            self._make()
        return _parsed(_signer(keys, now))

    def rotate(self) -> str:
        """The id of a new key, which signs in :data:`LEAD`; those that nothing depends on any more are forgotten."""
        made, now = self._make(), self.clock.now()
        keys = self.kept.all()
        for key, successor in pairwise(keys):
            if successor.made_at + LEAD + LONGEST < now:
                self.kept.forget(key.id)
        return made.id

    def knows(self, key_id: str) -> bool:
        """Whether signatures of this key count."""
        return any(key.id == key_id for key in self.kept.all())

    def verifying_keys(self) -> KeySet:
        """The keys whose signatures count."""
        return KeySet([_parsed(key) for key in self.kept.all()])

    def published(self) -> dict[str, Any]:
        """The public keys as a JWKS."""
        listed = [_parsed(key).as_dict(private=False) for key in self.kept.all() or (self._make(),)]
        return {"keys": [one | {"use": "sig", "alg": ALGORITHM} for one in listed]}

    def _make(self) -> TokenKey:
        key = ECKey.generate_key("P-256")
        pem = key.as_pem(private=True).decode()
        made = TokenKey(f"k{self.clock.now():%Y%m%d}-{secrets.token_hex(6)}", pem, self.clock.now())
        self.kept.enter(made)
        return made


def _signer(keys: tuple[TokenKey, ...], now: datetime) -> TokenKey:
    """The newest key that everybody knows by now; the oldest one where none has been published long enough."""
    return next((key for key in reversed(keys) if key.made_at + LEAD <= now), keys[0])


@lru_cache(maxsize=64)
def _parsed(key: TokenKey) -> ECKey:
    return ECKey.import_key(key.pem, {"kid": key.id})
