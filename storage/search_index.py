"""The searchable side of the catalogue: what a finished revision leaves to be found by, and finding it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    and_,
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from pipeline.ports import Hit, IndexEntry, Narrowing
from storage.folding import fold
from storage.scopes import allowed
from storage.snippets import cut_snippet
from storage.tables import documents, entries, passages

#: Characters of text to a passage, about eight pages, and how far one reaches into the next so that no phrase is cut.
_PASSAGE, _OVERLAP = 20_000, 200
_HEADING = 10_000
_MOST_WORDS = 32
_FOUND = (
    entries.c.document,
    entries.c.dossier,
    entries.c.type,
    entries.c.title,
    entries.c.number,
    entries.c.pdf_key,
)

_FIRST_PASSAGE = (
    select(passages.c.text)
    .where(passages.c.document == entries.c.document)
    .order_by(passages.c.id)
    .limit(1)
    .correlate(entries)
    .scalar_subquery()
)

_OF_PASSAGE = entries.c.document == passages.c.document

#: SQLite's own table of the words of passages.
_WORDS = table("passage_words", column("rowid", Integer))


def store_entry(connection: Connection, entry: IndexEntry) -> None:
    """Nothing; ``entry`` stands in the index, unless a newer revision of its document does."""
    values = {
        "document": entry.document,
        "dossier": entry.dossier,
        "revision": entry.revision,
        "type": entry.type,
        "status": entry.status.value,
        "title": entry.title,
        "number": entry.number,
        "number_key": fold(entry.number),
        "fields": json.dumps(entry.fields, ensure_ascii=False),
        "record_key": entry.record_key,
        "record_sha256": entry.record_sha256,
        "pdf_key": entry.pdf_key,
        "pages": entry.pages,
    }
    put = (insert_sqlite if connection.dialect.name == "sqlite" else insert_postgresql)(entries).values(values)
    replace = put.on_conflict_do_update(
        index_elements=[entries.c.document], set_=values, where=entries.c.revision <= entry.revision
    )
    if connection.execute(replace).rowcount == 0:
        return
    connection.execute(delete(passages).where(passages.c.document == entry.document))
    heading = fold(" ".join((entry.title, entry.number, entry.dossier, *(value for _, value in entry.fields))))[:_HEADING]
    connection.execute(
        insert(passages),
        [{"document": entry.document, "text": piece, "heading": heading, "body": fold(piece)} for piece in _cut(entry.text)],
    )


def find(
    connection: Connection, query: str, limit: int, offices: Sequence[str] | None = None, narrowed: Narrowing | None = None
) -> tuple[Hit, ...]:
    """At most ``limit`` documents: the number asked for, numbers that begin so, then the phrase, then all of its words.

    Only those of ``offices`` and as ``narrowed``; where it is narrowed, an empty query finds all of them, the newest first.
    ``query`` is any text; only its letters and digits count, and ``Số:`` before a number does not.
    """
    words = fold(query).split()[:_MOST_WORDS]
    if len(words) > 1 and words[0] == "so" and words[1][0].isdigit():
        words = words[1:]
    seen, listed = allowed(offices, narrowed), narrowed is not None and not narrowed.is_any
    if limit < 1 or not (words or listed):
        return ()
    hits: dict[str, Hit] = {}
    found = _candidates(connection, words, limit, seen) if words else connection.execute(_newest(seen, limit))
    for row in found:
        if row.document not in hits:
            hits[row.document] = _hit(row, words)
        if len(hits) == limit:
            break
    return tuple(hits.values())


def _candidates(
    connection: Connection, words: Sequence[str], limit: int, seen: ColumnElement[bool] | None
) -> Iterator[Row[tuple[object, ...]]]:
    sqlite = connection.dialect.name == "sqlite"
    yield from connection.execute(_by_number(entries.c.number_key == " ".join(words), seen, limit))
    if any(sign.isdigit() for sign in words[0]):
        begins = _begins(entries.c.number_key, " ".join(words) + " ", sqlite=sqlite)
        yield from connection.execute(_by_number(begins, seen, limit))
    by_words = _by_words_sqlite if sqlite else _by_words_postgresql
    for phrase in (True, False) if len(words) > 1 else (True,):
        yield from connection.execute(by_words(words, seen, phrase=phrase, limit=limit))


def _begins(column: ColumnElement[str], beginning: str, *, sqlite: bool) -> ColumnElement[bool]:
    """The condition that ``column`` begins with words and a space, written so that each database uses its index."""
    if sqlite:
        return and_(column >= beginning, column < beginning[:-1] + "!")
    return column.startswith(beginning, autoescape=True)


def _newest(seen: ColumnElement[bool] | None, limit: int) -> Select[tuple[object, ...]]:
    """Entries ``seen``, those of the documents that came last first."""
    newest = select(*_FOUND, _FIRST_PASSAGE.label("text")).join_from(entries, documents, documents.c.id == entries.c.document)
    ordered = newest.order_by(documents.c.received_at.desc(), entries.c.document.desc()).limit(limit)
    return ordered if seen is None else ordered.where(seen)


def _by_number(condition: ColumnElement[bool], seen: ColumnElement[bool] | None, limit: int) -> Select[tuple[object, ...]]:
    return (
        select(*_FOUND, _FIRST_PASSAGE.label("text"))
        .where(condition if seen is None else and_(condition, seen))
        .order_by(entries.c.number_key, entries.c.document.desc())
        .limit(limit)
    )


def _by_words_sqlite(
    words: Sequence[str], seen: ColumnElement[bool] | None, *, phrase: bool, limit: int
) -> Select[tuple[object, ...]]:
    asked = f'"{" ".join(words)}"' if phrase else " ".join(f'"{word}"' for word in words)
    ranked = (
        select(_WORDS.c.rowid.label("id"), literal_column("bm25(passage_words, 4.0, 1.0)").label("score"))
        .where(text("passage_words MATCH :asked").bindparams(asked=asked))
        .order_by(text("score"))
        .limit(limit * 4)
    )
    if seen is not None:
        ranked = ranked.join(passages, passages.c.id == _WORDS.c.rowid).join(entries, _OF_PASSAGE).where(seen)
    matches = ranked.subquery("matches")
    return (
        select(*_FOUND, passages.c.text)
        .join_from(matches, passages, passages.c.id == matches.c.id)
        .join(entries, _OF_PASSAGE)
        .order_by(matches.c.score, entries.c.document.desc())
    )


def _by_words_postgresql(
    words: Sequence[str], seen: ColumnElement[bool] | None, *, phrase: bool, limit: int
) -> Select[tuple[object, ...]]:
    parse = func.phraseto_tsquery if phrase else func.plainto_tsquery
    asked = parse(literal_column("'simple'::regconfig"), " ".join(words))
    stored = literal_column("passages.words", TSVECTOR)
    found = (
        select(*_FOUND, passages.c.text)
        .join_from(entries, passages, _OF_PASSAGE)
        .where(stored.op("@@")(asked))
        .order_by(func.ts_rank(stored, asked, 1).desc(), entries.c.document.desc())
        .limit(limit * 4)
    )
    return found if seen is None else found.where(seen)


def _hit(row: Row[tuple[object, ...]], words: Sequence[str]) -> Hit:
    return Hit(
        document=row.document,
        dossier=row.dossier,
        type=row.type,
        title=row.title,
        number=row.number,
        snippet=cut_snippet(row.text or "", words),
        pdf_key=row.pdf_key,
    )


def _cut(whole: str) -> Iterator[str]:
    """``whole`` in passages that overlap; one empty passage for an empty text, for its heading is to be found too."""
    yield whole[:_PASSAGE]
    for start in range(_PASSAGE - _OVERLAP, max(len(whole) - _OVERLAP, 0), _PASSAGE - _OVERLAP):
        yield whole[start : start + _PASSAGE]
