"""Receipts signed as JWS (ES256), and the keys that prove them: those of now and of former times."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from pipeline.domain.errors import SigningError
from pipeline.domain.secret import Secret
from storage.private_files import write_private_once

_ALGORITHM = "ES256"
_CURVE = "P-256"
#: Letters of a secret.
_SHORTEST = 32
_ADVICE = "Không dùng được khóa ký biên nhận. Quản trị viên hãy kiểm tra tệp khóa (SOHOA_RECEIPT_KEY) và quyền 600 của tệp."


class KeyedReceipts:
    """A ``ReceiptSigner`` whose key lies in the file ``path`` (PEM, EC P-256), which only its owner may read.

    ``former`` are files with keys that signed before (PEM, private or public). ``made``: a key is made where there is none.
    ``kind`` is the ``typ`` of what it signs. The file is read at the first use; nothing that opens foreign files ever does.
    """

    def __init__(
        self, path: Path, *, kind: str, passphrase: Secret | None = None, former: Sequence[Path] = (), made: bool = False
    ) -> None:
        self._path = path
        self._kind = kind
        self._passphrase = passphrase or Secret()
        self._former = tuple(former)
        self._made = made
        self._keys: tuple[ECKey, ...] = ()

    def sign(self, claims: Mapping[str, Any]) -> str:
        """The compact JWS of ``claims``; raises ``SigningError``."""
        key = self._all()[0]
        header = {"alg": _ALGORITHM, "typ": self._kind, "kid": key.thumbprint()}
        payload = json.dumps(claims, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        return jws.serialize_compact(header, payload, key, algorithms=[_ALGORITHM])

    def verify(self, token: str) -> dict[str, Any]:
        """The claims; raises ``ValueError`` where no key of ours signed them."""
        return verify_receipt(token, self.keys(), self._kind)

    def keys(self) -> dict[str, Any]:
        """The public keys, those of former times included (a JWK set)."""
        public = [
            {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": _ALGORITHM} for key in self._all()
        ]
        return {"keys": public}

    def _all(self) -> tuple[ECKey, ...]:
        """The keys, the one that signs first."""
        if not self._keys:
            if self._made and not self._path.exists():
                _make(self._path)
            self._keys = (self._load(self._path, private=True), *(self._load(one, private=False) for one in self._former))
        return self._keys

    def _load(self, path: Path, *, private: bool) -> ECKey:
        phrase = self._passphrase.reveal() or None
        try:
            if private and path.stat().st_mode & 0o077:
                raise SigningError(
                    f"{path}: others may read the key; chmod 600 {path}", code="unsafe_key_file", advice=_ADVICE
                )
            key = ECKey.import_key(path.read_bytes(), password=phrase)
            if key.curve_name != _CURVE or (private and not key.is_private):
                raise SigningError(f"{path}: not a private key of {_CURVE}", code="key_unfit", advice=_ADVICE)
        except (OSError, ValueError, TypeError, JoseError) as error:
            told = f"{path}: the key of receipts cannot be read ({type(error).__name__})"
        else:
            return key
        raise SigningError(told, code="key_missing", advice=_ADVICE)


def verify_receipt(token: str, keys: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The claims of a receipt that one of the ``keys`` (a JWK set) signed; raises ``ValueError`` for any other text."""
    try:
        known = KeySet.import_key_set({"keys": list(keys["keys"])})
        found = jws.deserialize_compact(token, known, algorithms=[_ALGORITHM])
        if found.protected.get("typ") != kind:
            raise ValueError("it is signed for something else")
        claims = json.loads(found.payload)
        if not isinstance(claims, dict):
            raise ValueError("it holds no claims")
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"no receipt of these keys: {error}") from error
    return claims


def read_master(path: Path, *, made: bool = False) -> Secret:
    """The secret in a file that nobody else may read; ``made``: one is made where there is none. Raises ``SigningError``."""
    try:
        if made and not path.exists():
            write_private_once(path, secrets.token_urlsafe(32))
        if path.stat().st_mode & 0o077:
            raise SigningError(f"{path}: others may read the secret; chmod 600 {path}", code="unsafe_key_file", advice=_ADVICE)
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SigningError(
            f"{path}: the secret cannot be read ({type(error).__name__})", code="key_missing", advice=_ADVICE
        ) from None
    if len(text) < _SHORTEST:
        raise SigningError(f"{path}: a secret has {_SHORTEST} letters at least", code="key_unfit", advice=_ADVICE)
    return Secret(text)


def _make(path: Path) -> None:
    """A new key in a file of its own."""
    write_private_once(path, ECKey.generate_key(_CURVE, private=True).as_pem(private=True).decode())
