"""The interface over an installation in memory, and systems that are registered with it."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey

from pipeline import flow
from pipeline.custody.auditing import Notes
from pipeline.domain.clients import Client, ClientSecret, Scope, TokenKey
from pipeline.people.passwords import hash_password
from pipeline.systems.desk import SystemDesk
from pipeline.systems.registry import plan_of
from pipeline.web import make_app
from pipeline.web.house import Place
from storage.memory import Message
from tests.reuse_office import ReuseOffice, open_reuse
from tests.web_house import ORIGIN, WebHouse

TOKEN = "/v1/oauth/token"
PURPOSE = {"Sohoa-Purpose": "giai_quyet_tthc"}

#: A file of a dossier, the kind of its pieces, and the code of the dossier.
SCAN = b"%PDF scan of a paper" * 50
PIECE = {"Content-Type": "application/offset+octet-stream"}
CODE = "000.00.16.H05-260105-0007"

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
        office = open_reuse(web, folder)
        web.house = replace(web.house, systems=desk)
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


def announce(caller: TestClient, content: bytes = SCAN, **changes: object) -> dict[str, Any]:
    told = {"name": "giấy khai sinh.pdf", "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    answer = caller.post("/v1/uploads", json=told | changes)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/uploads/{answer.json()['id']}"
    found: dict[str, Any] = answer.json()
    return found


def send(caller: TestClient, upload: str, content: bytes, offset: int = 0, **headers: str) -> Any:
    told = PIECE | {"Upload-Offset": str(offset)} | headers
    return caller.patch(f"/v1/uploads/{upload}", content=content, headers=told)


def uploaded(caller: TestClient, content: bytes = SCAN) -> str:
    made = announce(caller, content)
    assert send(caller, made["id"], content).status_code == 204
    return str(made["id"])


def hand_in(caller: TestClient, *uploads: str, headers: dict[str, str] | None = None, **more: object) -> Any:
    body = {"code": CODE, "documents": [{"upload": one} for one in uploads]} | more
    return caller.post("/v1/dossiers", json=body, headers=headers or {})


def work(house: ApiHouse) -> None:
    def handle(message: Message) -> None:
        if message.step == "split":
            flow.split_document(message.document, house.web.flow)
        elif message.step == "read":
            flow.read_page(message.document, message.page, house.web.flow)
        else:
            flow.finish_document(message.document, house.web.flow)

    house.web.dispatcher.drain(handle)
