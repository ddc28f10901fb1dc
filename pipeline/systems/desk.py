"""Where systems are let in: what they prove at the token endpoint, and what their tokens say afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pipeline.custody.auditing import Notes
from pipeline.domain.audit import Action
from pipeline.domain.clients import Client, Scope
from pipeline.domain.errors import SohoaError
from pipeline.people.passwords import hash_password, is_outdated, is_password
from pipeline.ports import Clock
from pipeline.ports.clients import Clients, TokenKeys
from pipeline.systems.assertions import claimed_client, prove
from pipeline.systems.keyring import Keyring
from pipeline.systems.limits import Allowance, Limiter, Limits
from pipeline.systems.registry import Registry
from pipeline.systems.tokens import KnownTokens, NoTokenError, Tokens

#: Where tokens are given, behind the origin.
TOKEN_PATH = "/v1/oauth/token"  # noqa: S105 - an address

#: Tries a minute from one address at the token endpoint.
TRIES = 60


class UnknownClientError(SohoaError):
    """Nobody is let in: the system is unknown, disabled, or does not prove that it is who it says."""

    default_code = "invalid_client"


class ForeignScopeError(SohoaError):
    """A scope was asked for that the system does not have."""

    default_code = "invalid_scope"


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody brings to the token endpoint: a name and a secret, or an assertion; ``certificate`` of the connection."""

    client: str = ""
    secret: str = ""
    assertion: str = ""
    certificate: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """A system that calls, and what its token allows: never more than it has now."""

    client: Client
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class SystemDesk:
    """Lets systems in. ``origin`` is how others reach us, ``rate`` how many calls a minute are usual.

    ``certificate_header`` names what a proxy hands the certificate of a connection on in; empty: none is looked at.
    """

    clients: Clients
    kept_keys: TokenKeys
    notes: Notes
    clock: Clock
    origin: str
    rate: int = 600
    certificate_header: str = ""
    limiter: Limits = field(default_factory=Limiter)
    known: KnownTokens = field(default_factory=KnownTokens)

    @property
    def issuer(self) -> str:
        """Who we are to others."""
        return f"{self.origin}/v1"

    @property
    def keyring(self) -> Keyring:
        """The keys of the tokens."""
        return Keyring(self.kept_keys, self.clock)

    @property
    def tokens(self) -> Tokens:
        """Who gives tokens and takes them."""
        return Tokens(self.keyring, self.clock, self.issuer)

    @property
    def registry(self) -> Registry:
        """Who looks after the systems."""
        return Registry(self.clients, self.notes, self.clock)

    def tries_left(self, address: str) -> Allowance:
        """What is left of the tries of an address at the token endpoint; this is one."""
        return self.limiter.take(f"address {address}", TRIES, self.clock.now())

    def admit(self, proof: Proof, wanted: Iterable[str] = ()) -> tuple[str, frozenset[Scope]]:
        """A token for who proves to be a system, with the scopes ``wanted``, else with all it has.

        Raises ``UnknownClientError``, in the same words whatever was wrong, and ``ForeignScopeError``.
        """
        client = self._proven(proof)
        if client is None:
            named = proof.client or claimed_client(proof.assertion)
            self.notes.note(Action.SIGN_IN, actor="system", reason="system refused", system=named[:64], address=proof.address)
            raise UnknownClientError("the system is unknown, or does not prove who it is")
        asked = frozenset(wanted)
        if not asked <= {scope.value for scope in client.scopes}:
            raise ForeignScopeError("the system does not have a scope that was asked for")
        scopes = frozenset(Scope(one) for one in asked) or client.scopes
        bound = proof.certificate if client.certificates else ""
        self.notes.note(Action.SIGN_IN, actor=client.actor, reason="token given", agency=client.agency, scopes=sorted(scopes))
        return self.tokens.give(client, scopes, bound), scopes

    def caller(self, token: str, certificate: str = "") -> Caller:
        """Who brings the token; raises ``NoTokenError`` for one that is not ours, over, or of whom is disabled."""
        found = self.known.take(token, self.tokens)
        client = self.clients.client(found.client)
        if client is None or client.disabled:
            raise NoTokenError("the system is disabled")
        if found.certificate and (found.certificate != certificate or certificate not in client.certificates):
            raise NoTokenError("the token belongs to another certificate")
        if client.certificates and not found.certificate:
            raise NoTokenError("the token is bound to no certificate")
        return Caller(client, found.scopes & client.scopes)

    def allowance(self, client: Client) -> Allowance:
        """What is left of the calls of a system; this is one."""
        return self.limiter.take(client.id, client.rate or self.rate, self.clock.now())

    def _proven(self, proof: Proof) -> Client | None:
        name = claimed_client(proof.assertion) if proof.assertion else proof.client
        client = self.clients.client(name) if name else None
        if client is not None and client.disabled:
            client = None
        if proof.assertion:
            proven = client is not None and self._is_asserted(proof.assertion, client)
        else:
            proven = self._knows_secret(client, proof.secret)
        if not proven or client is None:
            return None
        return client if not client.certificates or proof.certificate in client.certificates else None

    def _is_asserted(self, token: str, client: Client) -> bool:
        now = self.clock.now()
        if not client.keys:
            return False
        try:
            found = prove(token, client.keys, (self.issuer, f"{self.origin}{TOKEN_PATH}"), now)
        except ValueError:
            return False
        return found.client == client.id and self.clients.spend(client.id, found.id, found.until, now)

    def _knows_secret(self, client: Client | None, secret: str) -> bool:
        """Whether it is a secret of the system; it takes as long where there is no such system."""
        now = self.clock.now()
        held = [one for one in client.secrets if one.holds(now)] if client else []
        if client is None or not held:
            return is_password(secret, "")
        for one in held:
            if is_password(secret, one.hashed):
                if is_outdated(one.hashed):
                    self._hash_anew(client, one.hashed, secret)
                return True
        return False

    def _hash_anew(self, client: Client, hashed: str, secret: str) -> None:
        renewed = tuple(replace(one, hashed=hash_password(secret)) if one.hashed == hashed else one for one in client.secrets)
        self.clients.keep(replace(client, secrets=renewed))
