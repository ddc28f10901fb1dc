"""The interface over an installation in memory, and systems that are registered with it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey

from pipeline.custody.auditing import Notes
from pipeline.domain.clients import Client, ClientSecret, Scope, TokenKey
from pipeline.people.passwords import hash_password
from pipeline.systems.desk import SystemDesk
from pipeline.systems.registry import plan_of
from pipeline.web import make_app
from pipeline.web.house import Place
from tests.reuse_office import ReuseOffice
from tests.web_house import ORIGIN, WebHouse

TOKEN = "/v1/oauth/token"
PURPOSE = {"Sohoa-Purpose": "giai_quyet_tthc"}
SECRET = "một-bí-mật-chỉ-để-thử-0123456789"


class MemoryTokenKeys:
    """``TokenKeys`` in a list."""

    def __init__(self) -> None:
        self.held: list[TokenKey] = []

    def all(self) -> tuple[TokenKey, ...]:
        return tuple(sorted(self.held, key=lambda key: key.made_at))

    def enter(self, key: TokenKey) -> None:
        self.held.append(key)

    def forget(self, key_id: str) -> None:
        self.held = [key for key in self.held if key.id != key_id]


@cache
def hashed_secret() -> str:
    """The hash of :data:`SECRET`, made once: it takes its time."""
    return hash_password(SECRET)


@cache
def client_key() -> ECKey:
    """A key of a system."""
    return ECKey.generate_key("P-256", {"kid": "system-1"})


def jwks_of(*keys: ECKey) -> str:
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]})


@dataclass
class ApiHouse:
    """A :class:`WebHouse` with the interface; ``keys`` are those of its tokens, ``office`` holds papers for others."""

    web: WebHouse
    keys: MemoryTokenKeys
    desk: SystemDesk
    office: ReuseOffice

    @classmethod
    def make(cls, folder: Path, place: Place | None = None, **settings: object) -> ApiHouse:
        """An installation in ``folder``."""
        web, keys = WebHouse(folder, place), MemoryTokenKeys()
        notes = Notes(web.catalogue.audit, web.clock)
        origin = web.house.place.origin or ORIGIN
        desk = SystemDesk(web.catalogue.clients, keys, notes, web.clock, origin, **settings)
        office = ReuseOffice(folder)
        office.catalogue.close()
        office.catalogue, office.store, office.clock = web.catalogue, web.store, web.clock
        office.ports = replace(office.ports, catalogue=web.catalogue, store=web.store, clock=web.clock)
        web.house = replace(web.house, systems=desk, reuse=office.ports)
        web.app = make_app(web.house)
        return cls(web, keys, desk, office)

    def system(self, name: str = "dvc", scopes: Iterable[Scope] = tuple(Scope), **changes: object) -> Client:
        """A system with :data:`SECRET`."""
        plan = plan_of(name, "Cổng dịch vụ công", "000.00.16.H05", (), scopes)
        usual = {"created_at": self.web.clock.now(), "secrets": (ClientSecret(hashed_secret()),)}
        made = replace(plan, **(usual | changes))
        self.web.catalogue.clients.enter(made)
        return made

    def caller(self, client: Client, scopes: Iterable[Scope] = ()) -> TestClient:
        """Somebody who calls as ``client``, with a token of its own."""
        token = self.desk.tokens.give(client, scopes or client.scopes)
        return self.anybody(Authorization=f"Bearer {token}")

    def anybody(self, **headers: str) -> TestClient:
        """Somebody who calls with these headers."""
        return TestClient(self.web.app, base_url=self.desk.origin, headers=headers)

    def assertion(self, client: str = "dvc", key: ECKey | None = None, **claims: object) -> str:
        """An assertion of ``client`` as it should be but for ``claims``."""
        now = int(self.web.clock.now().timestamp())
        plain = {
            "iss": client,
            "sub": client,
            "aud": f"{self.desk.origin}{TOKEN}",
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_hex(8),
        }
        key = key or client_key()
        made = {name: value for name, value in (plain | claims).items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": key.kid}, made, key)
