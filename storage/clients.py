"""Systems that call the interface, what they were answered, and their files on the way in, in SQL."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.exc import IntegrityError

from pipeline.domain.clients import Client, ClientSecret, KeptAnswer, Scope, Upload, UploadState
from storage.client_tables import clients, kept_answers, spent_assertions, uploads
from storage.database import Database

_PENDING = (UploadState.OPEN.value, UploadState.WHOLE.value)

_CLIENT = select(clients).where(clients.c.id == bindparam("client"))


class SqlClients:
    """``Clients`` beside the catalogue, in the same database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def clients(self) -> tuple[Client, ...]:
        """All of them, by id, those disabled included."""
        with self._database.read() as connection:
            return tuple(_client(row) for row in connection.execute(select(clients).order_by(clients.c.id)))

    def client(self, client_id: str) -> Client | None:
        """The system of this id."""
        with self._database.read() as connection:
            row = connection.execute(_CLIENT, {"client": client_id}).one_or_none()
        return None if row is None else _client(row)

    def enter(self, client: Client) -> None:
        """Hold a new system. Raises ``ValueError`` where another one has its id."""
        try:
            with self._database.write() as connection:
                connection.execute(insert(clients).values(_client_values(client)))
        except IntegrityError as error:
            raise ValueError(f"there is a system {client.id!r} already") from error

    def keep(self, client: Client) -> None:
        """Hold what a system is now; one that was never entered is not."""
        with self._database.write() as connection:
            connection.execute(update(clients).where(clients.c.id == client.id).values(_client_values(client)))

    def spend(self, client_id: str, assertion: str, until: datetime, now: datetime) -> bool:
        """Note that an assertion was used, until it is over; False where it had been."""
        row = {"client": client_id, "assertion": assertion, "until": until}
        with self._database.write() as connection:
            connection.execute(delete(spent_assertions).where(spent_assertions.c.until < now))
            put = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgresql
            return bool(connection.execute(put(spent_assertions).values(row).on_conflict_do_nothing()).rowcount)


class SqlAnswers:
    """``Answers`` beside the catalogue, in the same database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, client_id: str, key: str, fresh: KeptAnswer, forgotten: datetime, given_up: datetime) -> KeptAnswer | None:
        """None where the call is to be made now, by whoever asked; else what is kept of the earlier one."""
        stale = and_(kept_answers.c.status == 0, kept_answers.c.begun < given_up)
        row = {"client": client_id, "key": key, **_answer_values(fresh)}
        with self._database.write() as connection:
            connection.execute(delete(kept_answers).where((kept_answers.c.begun < forgotten) | stale))
            put = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgresql
            if connection.execute(put(kept_answers).values(row).on_conflict_do_nothing()).rowcount:
                return None
            return _answer(connection.execute(select(kept_answers).where(_of(client_id, key))).one())

    def keep(self, client_id: str, key: str, answer: KeptAnswer) -> None:
        """Hold what the call was answered."""
        with self._database.write() as connection:
            connection.execute(update(kept_answers).where(_of(client_id, key)).values(_answer_values(answer)))

    def release(self, client_id: str, key: str) -> None:
        """Forget the call: it may be made again."""
        with self._database.write() as connection:
            connection.execute(delete(kept_answers).where(_of(client_id, key)))


class SqlUploads:
    """``Uploads`` beside the catalogue, in the same database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, upload: Upload, most: int) -> bool:
        """Hold a new one; False where its system has ``most`` already that are neither used nor spoilt."""
        mine = and_(uploads.c.client == upload.client, uploads.c.state.in_(_PENDING))
        with self._database.write() as connection:
            if connection.execute(select(func.count()).select_from(uploads).where(mine)).scalar_one() >= most:
                return False
            connection.execute(insert(uploads).values(_upload_values(upload)))
            return True

    def find(self, upload_id: str) -> Upload | None:
        """The upload of this id."""
        with self._database.read() as connection:
            row = connection.execute(select(uploads).where(uploads.c.id == upload_id)).one_or_none()
        return None if row is None else _upload(row)

    def advance(self, upload: Upload, received: int, piece: str) -> bool:
        """Note that one more piece came, up to byte ``received``; False where another piece was there first."""
        open_still = uploads.c.state == UploadState.OPEN.value
        unchanged = and_(uploads.c.id == upload.id, uploads.c.received == upload.received, open_still)
        changed = {"received": received, "pieces": " ".join((*upload.pieces, piece))}
        with self._database.write() as connection:
            return bool(connection.execute(update(uploads).where(unchanged).values(changed)).rowcount)

    def assign(self, upload_id: str, dossier: str) -> None:
        """Note in which dossier it is about to be handed in; one that was noted before stays."""
        mine = and_(uploads.c.id == upload_id, uploads.c.dossier == "")
        with self._database.write() as connection:
            connection.execute(update(uploads).where(mine).values(dossier=dossier))

    def settle(self, upload_id: str, state: UploadState) -> None:
        """Note that nothing more comes."""
        with self._database.write() as connection:
            connection.execute(update(uploads).where(uploads.c.id == upload_id).values(state=state.value))

    def remove(self, upload_id: str) -> None:
        """Forget it; an unknown one is fine."""
        with self._database.write() as connection:
            connection.execute(delete(uploads).where(uploads.c.id == upload_id))

    def over(self, now: datetime, limit: int) -> tuple[Upload, ...]:
        """Those whose time is over."""
        asked = select(uploads).where(uploads.c.until < now).order_by(uploads.c.until).limit(limit)
        with self._database.read() as connection:
            return tuple(_upload(row) for row in connection.execute(asked))


def _client_values(client: Client) -> dict[str, object]:
    secrets = [[one.hashed, one.until.isoformat() if one.until else ""] for one in client.secrets]
    return {
        "id": client.id,
        "name": client.name,
        "agency": client.agency,
        "offices": " ".join(sorted(client.offices)),
        "scopes": " ".join(sorted(client.scopes)),
        "created_at": client.created_at,
        "secrets": json.dumps(secrets),
        "jwks": client.keys,
        "certificates": " ".join(sorted(client.certificates)),
        "rate": client.rate,
        "disabled": int(client.disabled),
    }


def _client(row: Row[tuple[object, ...]]) -> Client:
    secrets = json.loads(row.secrets)
    return Client(
        id=row.id,
        name=row.name,
        agency=row.agency,
        offices=frozenset(row.offices.split()),
        scopes=frozenset(Scope(scope) for scope in row.scopes.split()),
        created_at=row.created_at,
        secrets=tuple(ClientSecret(hashed, datetime.fromisoformat(until) if until else None) for hashed, until in secrets),
        keys=row.jwks,
        certificates=frozenset(row.certificates.split()),
        rate=row.rate,
        disabled=bool(row.disabled),
    )


def _of(client_id: str, key: str) -> ColumnElement[bool]:
    return and_(kept_answers.c.client == client_id, kept_answers.c.key == key)


def _answer_values(answer: KeptAnswer) -> dict[str, object]:
    return {
        "digest": answer.digest,
        "begun": answer.begun,
        "status": answer.status,
        "headers": answer.headers,
        "body": answer.body,
    }


def _answer(row: Row[tuple[object, ...]]) -> KeptAnswer:
    return KeptAnswer(row.digest, row.begun, row.status, row.headers, bytes(row.body))


def _upload_values(upload: Upload) -> dict[str, object]:
    return {
        "id": upload.id,
        "client": upload.client,
        "name": upload.name,
        "bytes": upload.bytes,
        "sha256": upload.sha256,
        "made_at": upload.made_at,
        "until": upload.until,
        "received": upload.received,
        "pieces": " ".join(upload.pieces),
        "state": upload.state.value,
        "dossier": upload.dossier,
    }


def _upload(row: Row[tuple[object, ...]]) -> Upload:
    return Upload(
        id=row.id,
        client=row.client,
        name=row.name,
        bytes=row.bytes,
        sha256=row.sha256,
        made_at=row.made_at,
        until=row.until,
        received=row.received,
        pieces=tuple(row.pieces.split()),
        state=UploadState(row.state),
        dossier=row.dossier,
    )
