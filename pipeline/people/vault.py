"""What keeps secrets of people out of the database's reach: keys in a file of their own.

::

    file:  newest key ──► encrypts, peppers, marks        a line each; what is older only still opens and checks
           older key  ──► opens what it once encrypted

Whoever gets hold of the database alone, or of its backup, can neither make one-time codes nor try passwords.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from pipeline.domain.errors import StageError
from pipeline.domain.secret import Secret

_ADVICE = "Không mở được bí mật của tài khoản bằng khóa đang có. Quản trị viên hãy kiểm tra tệp khóa (SOHOA_PEOPLE_KEYS)."


@dataclass(frozen=True, slots=True)
class Vault:
    """Encrypts, peppers and marks. ``keys`` gives the keys of now, the newest first: there is one at least."""

    keys: Callable[[], tuple[Secret, ...]]

    def seal(self, text: str) -> str:
        """``text``, encrypted by the newest key."""
        return self._box().encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """What was sealed by any of the keys; raises ``StageError`` where none of them did."""
        try:
            return self._box().decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise StageError("no key of the vault opens it", code="vault_key_missing", advice=_ADVICE) from None

    def pepper(self, text: str, name: str = "") -> tuple[str, str]:
        """``text`` mixed with a key, and that key's name: the newest one, or the one of ``name``.

        Of a name that no key has the mixture is worthless.
        """
        known = {_name(key): key for key in reversed(self.keys())}
        name = name or next(reversed(known))
        key = known.get(name) or Secret(secrets.token_urlsafe(32))
        return _derived(key, b"pepper", text).hex(), name

    def is_newest(self, name: str) -> bool:
        """Whether the newest key is called ``name``."""
        return name == _name(self.keys()[0])

    def marks(self, text: str) -> tuple[str, ...]:
        """What may be kept of ``text`` so that it can be told again: by each of the keys, the newest first."""
        return tuple(_derived(key, b"mark", text).hex() for key in self.keys())

    def _box(self) -> MultiFernet:
        return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, b"seal", ""))) for key in self.keys()])


def _derived(key: Secret, purpose: bytes, text: str) -> bytes:
    return hmac.new(key.reveal().encode(), purpose + b"\0" + text.encode(), hashlib.sha256).digest()


def _name(key: Secret) -> str:
    return _derived(key, b"name", "").hex()[:8]
