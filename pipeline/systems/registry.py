"""Systems: registered, changed, given new secrets, disabled. None is ever removed: the audit log names it for ever."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pipeline.custody.auditing import Notes
from pipeline.domain.audit import Action
from pipeline.domain.clients import Client, ClientSecret, Scope
from pipeline.domain.errors import NotFoundError
from pipeline.domain.people import AGENCY
from pipeline.people.accounts import name_of, offices_of
from pipeline.people.keys import make_key
from pipeline.people.passwords import hash_password
from pipeline.ports import Clock
from pipeline.ports.clients import Clients
from pipeline.systems.assertions import public_keys

#: How long the former secret still works once there is a new one, unless it is said otherwise.
OVERLAP = timedelta(hours=24)

_NEVER = datetime.min.replace(tzinfo=UTC)
_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Registry:
    """Looks after the systems; ``by`` is always who asks for the change."""

    clients: Clients
    notes: Notes
    clock: Clock

    def all(self) -> tuple[Client, ...]:
        """All of them, by id."""
        return self.clients.clients()

    def find(self, client_id: str) -> Client:
        """The system of this id; raises ``NotFoundError``."""
        found = self.clients.client(client_id.strip().lower())
        if found is None:
            advice = "Không có hệ thống này. Hãy xem danh sách bằng lệnh: sohoa systems list"
            raise NotFoundError(f"no system {client_id!r}", advice=advice)
        return found

    def add(self, plan: Client, *, by: str, with_secret: bool = True) -> str:
        """The secret of a new system, empty where it has keys alone.

        Raises ``ValueError`` for what is no id, name, agency, office, key or thumbprint, and where it could prove itself by
        nothing.
        """
        secret = make_key() if with_secret else ""
        made = _checked(replace(plan, created_at=self.clock.now(), secrets=()))
        if secret:
            made = replace(made, secrets=(ClientSecret(hash_password(secret)),))
        if not made.secrets and not made.keys:
            raise ValueError("a system proves who it is by a secret or by keys: it has neither")
        self.clients.enter(made)
        self._tell(made, "system added", by)
        return secret

    def change(self, changed: Client, *, by: str) -> Client:
        """The system as it is now; ``ValueError`` as for :meth:`add`."""
        known = self.find(changed.id)
        kept = _checked(replace(changed, created_at=known.created_at, secrets=known.secrets))
        self.clients.keep(kept)
        self._tell(kept, "system changed", by)
        return kept

    def rotate_secret(self, client_id: str, *, by: str, overlap: timedelta = OVERLAP) -> str:
        """A new secret; the one before works for ``overlap`` still, any older one no longer."""
        client, now, secret = self.find(client_id), self.clock.now(), make_key()
        until = now + overlap
        last = [one for one in client.secrets[:1] if one.holds(now) and overlap]
        former = (ClientSecret(one.hashed, min(one.until or until, until)) for one in last)
        kept = replace(client, secrets=(ClientSecret(hash_password(secret)), *former))
        self.clients.keep(kept)
        self._tell(kept, "secret rotated", by)
        return secret

    def disable(self, client_id: str, *, by: str, why: str = "") -> Client:
        """The system, which nobody comes in as any more; its tokens are worth nothing from now on."""
        return self._switch(client_id, by, disabled=True, why=why)

    def enable(self, client_id: str, *, by: str) -> Client:
        """The system, which may be used again."""
        return self._switch(client_id, by, disabled=False)

    def _switch(self, client_id: str, by: str, *, disabled: bool, why: str = "") -> Client:
        kept = replace(self.find(client_id), disabled=disabled)
        self.clients.keep(kept)
        self._tell(kept, "system disabled" if disabled else "system enabled", by, **({"why": why} if why else {}))
        return kept

    def _tell(self, client: Client, reason: str, by: str, **more: str) -> None:
        self.notes.note(
            Action.ACCOUNT,
            actor=by,
            reason=reason,
            system=client.id,
            agency=client.agency,
            offices=sorted(client.offices),
            scopes=sorted(client.scopes),
            **more,
        )


def plan_of(client_id: str, name: str, agency: str, offices: Iterable[str], scopes: Iterable[Scope]) -> Client:
    """A system to be registered; without ``offices`` those of its agency alone. ``created_at`` is set when it is."""
    code = agency.strip().upper()
    from_codes = offices_of(offices) or frozenset({code})
    return Client(client_id.strip().lower(), name, code, from_codes, frozenset(scopes), _NEVER)


def _checked(client: Client) -> Client:
    """The system in its one way of writing; raises ``ValueError``."""
    if not _ID.fullmatch(client.id):
        raise ValueError(f"the id of a system is 2 to 63 of the signs a-z 0-9 -, not {client.id!r}")
    if not AGENCY.fullmatch(client.agency):
        raise ValueError(f"an agency is a code such as 000.00.16.H05, not {client.agency!r}")
    if not client.scopes:
        raise ValueError(f"a system needs a scope: {', '.join(Scope)}")
    for one in client.certificates:
        if not _THUMBPRINT.fullmatch(one):
            raise ValueError(f"a thumbprint is the sha256 of the certificate in base64url, 43 signs, not {one!r}")
    if client.keys:
        public_keys(client.keys)
    return replace(client, name=name_of(client.name), offices=offices_of(client.offices))
