"""Requests and releases, and the rights that they rest on, in SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from pipeline.domain.audit import Happening
from pipeline.domain.errors import NotFoundError
from pipeline.domain.holdings import Kept, PrintCode
from pipeline.domain.plain import plain, unplain
from pipeline.domain.releases import (
    Entitlement,
    ExcludedType,
    Released,
    ReleaseForm,
    RequestScene,
    RequestState,
    ReuseRequest,
    RightsList,
)
from pipeline.ports.reuse import StaleJudgementError
from storage.audit_log import note
from storage.database import Database
from storage.holdings import enter_code, load_kept, lock_saying
from storage.reuse_tables import releases, reuse_requests, rights
from storage.rows import insert_into
from storage.tables import documents

_ENTITLEMENTS, _EXCLUSIONS = "entitlements", "exclusions"

_NUMBERS = select(rights.c.name, rights.c.number)
_REQUEST = select(reuse_requests).where(reuse_requests.c.id == bindparam("request"))
_REQUEST_HELD = _REQUEST.with_for_update()
_LAST_ASKED = select(func.max(reuse_requests.c.at)).where(reuse_requests.c.system == bindparam("system"))
_RELEASED = select(releases).where(releases.c.id == bindparam("request"))
_RELEASING = insert(releases)
_SETTING = (
    update(reuse_requests)
    .where(reuse_requests.c.id == bindparam("request"))
    .values(state=bindparam("now"), data=bindparam("told"))
)
_DOCUMENT_HELD = select(documents.c.id).where(documents.c.id == bindparam("document")).with_for_update()


class SqlRights:
    """``Rights`` beside the catalogue, in the same database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known = RightsList()

    def current(self) -> RightsList:
        """Both lists, and their numbers; read anew only where the numbers have changed."""
        with self._database.read() as connection:
            return self.load(connection)

    def load(self, connection: Connection) -> RightsList:
        """The same, in a transaction that is open."""
        numbers = {row.name: row.number for row in connection.execute(_NUMBERS)}
        wanted = numbers.get(_ENTITLEMENTS, 0), numbers.get(_EXCLUSIONS, 0)
        known = self._known
        if wanted != known.numbers:
            told = {row.name: json.loads(row.data) for row in connection.execute(select(rights.c.name, rights.c.data))}
            known = self._known = RightsList(
                tuple(unplain(Entitlement, raw) for raw in told.get(_ENTITLEMENTS, ())),
                tuple(unplain(ExcludedType, raw) for raw in told.get(_EXCLUSIONS, ())),
                wanted,
            )
        return known

    def keep(self, listed: RightsList) -> None:
        """Hold lists of the bucket in the place of older ones; newer ones stay, and number 0 is no list."""
        parts = zip((_ENTITLEMENTS, _EXCLUSIONS), listed.numbers, (listed.entitlements, listed.exclusions), strict=True)
        with self._database.write() as connection:
            for name, number, lines in parts:
                held = connection.execute(select(rights.c.number).where(rights.c.name == name).with_for_update())
                if number > (held.scalar_one_or_none() or 0):
                    row = {"name": name, "number": number, "data": json.dumps(plain(lines), ensure_ascii=False)}
                    put = insert_into(connection, rights).values(row)
                    connection.execute(put.on_conflict_do_update(index_elements=[rights.c.name], set_=row))


class SqlReleases:
    """``Releases`` beside the catalogue and the ``listed`` rights, in the same database."""

    def __init__(self, database: Database, listed: SqlRights) -> None:
        self._database = database
        self._rights = listed

    def open(self, request: ReuseRequest, happening: Happening) -> ReuseRequest:
        """Enter a request and note it; where the system used its idempotency key before, the request of then."""
        claim = f"{request.system}\n{request.idempotency_key}" if request.idempotency_key else None
        row = {
            "id": request.id,
            "claim": claim,
            "system": request.system,
            "document": request.document,
            "state": request.state.value,
            "at": request.at,
            "data": json.dumps(plain(request), ensure_ascii=False),
        }

        def enter(connection: Connection) -> ReuseRequest:
            put = insert_into(connection, reuse_requests).values(row).on_conflict_do_nothing()
            if connection.execute(put).rowcount:
                note(connection, happening)
                return request
            found = connection.execute(select(reuse_requests).where(reuse_requests.c.claim == claim)).one()
            return _request(found)

        return self._database.together(enter)

    def claimed(self, system: str, idempotency_key: str) -> ReuseRequest | None:
        """The request for which the system used this key."""
        this = reuse_requests.c.claim == f"{system}\n{idempotency_key}"
        with self._database.read() as connection:
            row = connection.execute(select(reuse_requests).where(this)).one_or_none()
            return _request(row) if row else None

    def request(self, request: str) -> ReuseRequest:
        """The request; raises ``NotFoundError``."""
        with self._database.read() as connection:
            return _load(connection, request)

    def scene(self, request: str) -> RequestScene:
        """All that the request is judged by, of one moment; raises ``NotFoundError``."""
        with self._database.read() as connection:
            found = _load(connection, request)
            row = connection.execute(_RELEASED, {"request": request}).one_or_none()
            kept = load_kept(connection, found.document)
            return RequestScene(found, kept, _released(row) if row else None, self._rights.load(connection))

    def refuse(self, request: str, codes: Sequence[str]) -> None:
        """Make an open request a refused one."""
        with self._database.write() as connection:
            asked = select(reuse_requests).where(reuse_requests.c.id == request).with_for_update()
            row = connection.execute(asked).one_or_none()
            if row is not None and row.state == RequestState.OPEN.value:
                _set_state(connection, replace(_request(row), state=RequestState.REFUSED, codes=tuple(codes)))

    def release(
        self, released: Released, seen: Kept, happenings: Sequence[Happening], code: PrintCode | None = None
    ) -> Released:
        """Enter a release and note it, once for each request: where it stands there already, that one.

        The first of the happenings is the release; those behind it are noted in any case. Raises
        :class:`StaleJudgementError` where the paper is not as it was ``seen`` when it was judged.
        """

        def enter(connection: Connection) -> Released:
            lock_saying(connection, shared=True)
            if connection.dialect.name == "postgresql":
                connection.execute(_DOCUMENT_HELD, {"document": released.document})
            now = {one.holding.part: one for one in load_kept(connection, released.document)}
            if now.get(released.part) != seen:
                raise StaleJudgementError(released.document)
            request = connection.execute(_REQUEST_HELD, {"request": released.id}).one()
            standing = connection.execute(_RELEASED, {"request": released.id}).one_or_none()
            for happening in happenings if standing is None else happenings[1:]:
                note(connection, happening)
            if standing is not None:
                return _released(standing)
            connection.execute(_RELEASING, _release_row(released))
            _set_state(connection, replace(_request(request), state=RequestState.RELEASED))
            if code is not None:
                enter_code(connection, code)
            return released

        return self._database.together(enter)

    def released(self, request: str) -> Released | None:
        """What was released upon a request."""
        with self._database.read() as connection:
            row = connection.execute(_RELEASED, {"request": request}).one_or_none()
            return _released(row) if row else None

    def last_asked(self, systems: Sequence[str]) -> Mapping[str, datetime]:
        """When each of the systems asked for a paper last; those that never did are left out."""
        with self._database.read() as connection:
            found = {system: connection.execute(_LAST_ASKED, {"system": system}).scalar_one() for system in systems}
        return {system: at for system, at in found.items() if at is not None}

    def fetchers(self, document: str) -> tuple[Released, ...]:
        """All releases of a document, oldest first."""
        asked = select(releases).where(releases.c.document == document).order_by(releases.c.at, releases.c.id)
        with self._database.read() as connection:
            return tuple(_released(row) for row in connection.execute(asked))

    def unkept(self, limit: int) -> tuple[Released, ...]:
        """Releases whose receipts are not known to stand in the bucket, oldest first."""
        asked = select(releases).where(releases.c.kept == 0).order_by(releases.c.at, releases.c.id).limit(limit)
        with self._database.read() as connection:
            return tuple(_released(row) for row in connection.execute(asked))

    def keep(self, released: str) -> None:
        """Note that the receipt stands in the bucket."""
        with self._database.write() as connection:
            connection.execute(update(releases).where(releases.c.id == released).values(kept=1))

    def restore(self, released: Released) -> None:
        """Hold a release as found in the bucket."""
        with self._database.write() as connection:
            row = _release_row(replace(released, kept=True))
            connection.execute(insert_into(connection, releases).values(row).on_conflict_do_nothing())
            if released.code:
                place = (released.document, released.part, released.revision, released.at, released.system)
                enter_code(connection, PrintCode(released.code, *place))


def clear_rights(connection: Connection) -> None:
    """Drop the lists; the bucket has them."""
    connection.execute(delete(rights))


def _set_state(connection: Connection, request: ReuseRequest) -> None:
    values = {"now": request.state.value, "told": json.dumps(plain(request), ensure_ascii=False), "request": request.id}
    connection.execute(_SETTING, values)


def _load(connection: Connection, request: str) -> ReuseRequest:
    """The request; raises ``NotFoundError``."""
    row = connection.execute(_REQUEST, {"request": request}).one_or_none()
    if row is None:
        raise NotFoundError(f"no request {request!r}")
    return _request(row)


def _request(row: Row[tuple[object, ...]]) -> ReuseRequest:
    return unplain(ReuseRequest, json.loads(row.data))


def _release_row(one: Released) -> dict[str, object]:
    row: dict[str, object] = plain(one) | {"at": one.at, "kept": int(one.kept)}
    return row


def _released(row: Row[tuple[object, ...]]) -> Released:
    told = {name: getattr(row, name) for name in Released.__dataclass_fields__}
    return Released(**told | {"form": ReleaseForm(row.form), "kept": bool(row.kept)})
