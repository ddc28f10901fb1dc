"""An identity provider by OpenID Connect: authorization code with PKCE, everything that comes back checked.

::

    browser ──(state, nonce, S256 of a verifier)──► provider ──(code, state)──► us ──(code, verifier, secret)──► provider
                                                                                ◄──(ID token: signature, iss, aud, nonce)──

OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9207.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from threading import Lock
from time import time
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import urllib3
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from pipeline.domain.errors import NotEntitledError, UnavailableError
from pipeline.domain.secret import Secret

#: Signatures that are taken; none that needs a shared secret, and no unsigned token.
ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA")

#: Seconds by which the clocks may differ; that one answer may take; that metadata and keys are remembered.
LEEWAY, PATIENCE, MEMORY = 60, 10.0, 3600.0

_LONGEST_ANSWER = 1_000_000
_ADVICE = "Hệ thống định danh không trả lời. Hãy thử lại sau ít phút."


class OpenIdProvider:
    """An ``IdentityProvider`` found by its ``issuer``; metadata and keys are fetched when first needed."""

    def __init__(self, issuer: str, client_id: str, client_secret: Secret) -> None:
        self._issuer = issuer.rstrip("/")
        self._client_id = client_id
        self._client_secret = client_secret
        self._http = urllib3.PoolManager(timeout=PATIENCE, retries=False)
        self._lock = Lock()
        self._known: dict[str, tuple[float, dict[str, Any]]] = {}

    @property
    def issuer(self) -> str:
        """What it calls itself."""
        return self._issuer

    def departure(self, callback: str, key: str) -> str:
        """The address that a browser goes to; what it takes along is made of ``key``, which only that browser holds."""
        challenge = _base64(hashlib.sha256(_part(key, "verifier").encode()).digest())
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": callback,
            "scope": "openid profile email",
            "state": _part(key, "state"),
            "nonce": _part(key, "nonce"),
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        endpoint = self._endpoint("authorization_endpoint")
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"

    def vouch(self, callback: str, key: str, answer: Mapping[str, str]) -> Mapping[str, Any]:
        """The claims about the person who came back to ``callback`` with ``answer``, proven to be for us and for ``key``.

        Raises ``NotEntitledError`` where anything does not fit.
        """
        if not hmac.compare_digest(answer.get("state", "").encode(), _part(key, "state").encode()):
            raise _refused("the answer is not to what this browser asked")
        if answer.get("iss", self._issuer).rstrip("/") != self._issuer:
            raise _refused("the answer comes from another provider")
        if not answer.get("code"):
            raise _refused(f"the provider says: {answer.get('error', 'nothing')}")
        tokens = self._redeem(callback, answer["code"], _part(key, "verifier"))
        claims = self._claims(str(tokens.get("id_token", "")), _part(key, "nonce"))
        return {**self._more(str(tokens.get("access_token", "")), str(claims["sub"])), **claims}

    def _redeem(self, callback: str, code: str, verifier: str) -> dict[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback, "code_verifier": verifier}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if "client_secret_basic" in self._metadata().get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            pair = f"{quote(self._client_id, safe='')}:{quote(self._client_secret.reveal(), safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": self._client_id, "client_secret": self._client_secret.reveal()}
        return self._ask("POST", self._endpoint("token_endpoint"), headers, urlencode(form))

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        """The claims of the ID token, once signature, issuer, audience, times and nonce are found to be right."""
        try:
            keys = KeySet.import_key_set(self._keys(fresh=False))
            claims = self._decoded(token, keys)
        except (JoseError, ValueError):
            keys = KeySet.import_key_set(self._keys(fresh=True))
            claims = self._decoded(token, keys)
        needed = jwt.JWTClaimsRegistry(
            now=int(time()),
            leeway=LEEWAY,
            iss={"essential": True},
            sub={"essential": True},
            aud={"essential": True, "value": self._client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            needed.validate(claims)
        except JoseError as error:
            raise _refused(f"the ID token does not fit: {error}") from error
        if str(claims["iss"]).rstrip("/") != self._issuer:
            raise _refused("the ID token is of another issuer")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self._client_id) != self._client_id:
            raise _refused("the ID token was given to another client")
        return claims

    def _decoded(self, token: str, keys: KeySet) -> dict[str, Any]:
        try:
            return dict(jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims)
        except (JoseError, ValueError) as error:
            raise _BadTokenError(f"the ID token is not signed by the provider: {error}") from error

    def _more(self, access_token: str, subject: str) -> dict[str, Any]:
        """What the provider says beside the ID token; nothing where it has no such place."""
        endpoint = self._metadata().get("userinfo_endpoint")
        if not endpoint or not access_token:
            return {}
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        found = self._ask("GET", self._endpoint("userinfo_endpoint"), headers)
        if found.get("sub") != subject:
            raise _refused("the provider speaks of somebody else")
        return found

    def _keys(self, *, fresh: bool) -> Any:  # noqa: ANN401 - a set of keys as JSON
        return self._remembered(self._endpoint("jwks_uri"), fresh=fresh)

    def _metadata(self) -> dict[str, Any]:
        found = self._remembered(f"{self._issuer}/.well-known/openid-configuration")
        if str(found.get("issuer", "")).rstrip("/") != self._issuer:
            raise UnavailableError(f"{self._issuer} calls itself {found.get('issuer')!r}", advice=_ADVICE)
        return found

    def _endpoint(self, name: str) -> str:
        """The address of this name; as safe as that of the issuer."""
        address = str(self._metadata().get(name, ""))
        if urlsplit(address).scheme != urlsplit(self._issuer).scheme and not address.startswith("https://"):
            raise UnavailableError(f"{self._issuer} has no safe {name}", advice=_ADVICE)
        return address

    def _remembered(self, address: str, *, fresh: bool = False) -> dict[str, Any]:
        with self._lock:
            at, found = self._known.get(address, (0.0, {}))
        if found and not fresh and time() - at < MEMORY:
            return found
        found = self._ask("GET", address, {"Accept": "application/json"})
        with self._lock:
            self._known[address] = (time(), found)
        return found

    def _ask(self, method: str, address: str, headers: dict[str, str], body: str | None = None) -> dict[str, Any]:
        try:
            answer = self._http.request(method, address, headers=headers, body=body, preload_content=False, redirect=False)
            data = answer.read(_LONGEST_ANSWER)
            answer.release_conn()
        except urllib3.exceptions.HTTPError as error:
            raise UnavailableError(f"{address} does not answer: {error}", advice=_ADVICE) from error
        if 400 <= answer.status < 500:
            raise _refused(f"{address} answers {answer.status}")
        try:
            found = json.loads(data)
        except ValueError as error:
            raise UnavailableError(f"{address} answers {answer.status}, no JSON", advice=_ADVICE) from error
        if answer.status != 200 or not isinstance(found, dict):
            raise UnavailableError(f"{address} answers {answer.status}", advice=_ADVICE)
        return found


class _BadTokenError(NotEntitledError, ValueError):
    """A token that no key of the provider has signed."""


def _part(key: str, what: str) -> str:
    """A value of its own for each purpose, all of one key: 43 letters, as RFC 7636 wants at least."""
    return _base64(hmac.new(key.encode(), what.encode(), hashlib.sha256).digest())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _refused(why: str) -> NotEntitledError:
    return NotEntitledError(why, code="not_vouched", advice="Đăng nhập qua hệ thống định danh không thành công. Hãy thử lại.")
