"""What finds papers that came in twice: an index of the bands of pages, and the links between documents."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, insert, or_, select

from pipeline.domain.duplicates import Duplicate, DuplicateKind
from storage.database import Database
from storage.folding import fold
from storage.tables import bands, documents, duplicates, entries

#: A band that more pages than these share tells nothing: it is that of a form.
COMMON = 64


class SqlLikenesses:
    """A ``Likenesses`` beside the catalogue, in the same database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enter(self, document: str, pages: Mapping[int, Sequence[int]]) -> None:
        """Hold the bands of each page of a document, in the place of what was held of it."""
        rows = [{"band": band, "document": document, "page": page} for page, own in pages.items() for band in set(own)]
        with self._database.write() as connection:
            connection.execute(delete(bands).where(bands.c.document == document))
            if rows:
                connection.execute(insert(bands), rows)

    def candidates(self, document: str, wanted: Sequence[int], limit: int) -> tuple[str, ...]:
        """The documents that share most of the ``wanted`` bands, without ``document``; bands of forms do not count."""
        hits: Counter[str] = Counter()
        with self._database.read() as connection:
            for band in set(wanted):
                asked = select(bands.c.document).where(bands.c.band == band).limit(COMMON + 1)
                found = [row.document for row in connection.execute(asked)]
                if len(found) <= COMMON:
                    hits.update({one for one in found if one != document})
        return tuple(one for one, _ in sorted(hits.items(), key=lambda hit: (-hit[1], hit[0]))[:limit])

    def same_file(self, sha256: str) -> tuple[str, ...]:
        """The documents of a file, oldest first."""
        asked = select(documents.c.id).where(documents.c.sha256 == sha256)
        with self._database.read() as connection:
            return tuple(row.id for row in connection.execute(asked.order_by(documents.c.received_at, documents.c.id)))

    def same_number(self, number: str, limit: int) -> tuple[str, ...]:
        """The documents with this number, written in any way."""
        asked = select(entries.c.document).where(entries.c.number_key == fold(number)).order_by(entries.c.document)
        with self._database.read() as connection:
            return tuple(row.document for row in connection.execute(asked.limit(limit)))

    def link(self, document: str, found: Sequence[Duplicate]) -> None:
        """Hold what a document is a duplicate of, in the place of what was held."""
        with self._database.write() as connection:
            connection.execute(delete(duplicates).where(duplicates.c.document == document))
            rows = [
                {"document": document, "other": one.document, "kind": one.kind.value, "score": one.score, "pages": _text(one)}
                for one in found
            ]
            if rows:
                connection.execute(insert(duplicates), rows)

    def linked(self, document: str) -> tuple[Duplicate, ...]:
        """What may be the same paper as a document, whichever of them came first; its own page comes first in each pair."""
        with self._database.read() as connection:
            these = or_(duplicates.c.document == document, duplicates.c.other == document)
            rows = connection.execute(select(duplicates).where(these).order_by(duplicates.c.document, duplicates.c.other))
            found = []
            for row in rows:
                pairs = [(a, b) for a, b in json.loads(row.pages)]
                other, pages = (row.other, pairs) if row.document == document else (row.document, [(b, a) for a, b in pairs])
                dossier = _dossier(connection, other)
                found.append(Duplicate(other, dossier, DuplicateKind(row.kind), row.score, tuple(pages)))
        return tuple(found)


def forget(connection: Connection, document: str) -> None:
    """Drop all that is held of a document."""
    connection.execute(delete(bands).where(bands.c.document == document))
    connection.execute(delete(duplicates).where(or_(duplicates.c.document == document, duplicates.c.other == document)))


def _text(one: Duplicate) -> str:
    return json.dumps([list(pair) for pair in one.pages])


def _dossier(connection: Connection, document: str) -> str:
    return connection.execute(select(documents.c.dossier).where(documents.c.id == document)).scalar_one_or_none() or ""
