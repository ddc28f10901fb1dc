"""One bucket, several keys: objects of dossiers are reached by the credentials of the agency that the dossier is of.

The server enforces it (docs/storage.md): the installation's own key has no right to read what belongs to an agency with a key
of its own, and an agency's key has none beyond its dossiers.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from pipeline.domain.people import office_of
from pipeline.ports import ObjectInfo, ObjectStore

_DOSSIERS = "dossiers"


@dataclass(frozen=True, slots=True)
class Credentials:
    """The two halves of an S3 key."""

    access_key: str
    secret_key: str = field(repr=False)


def read_credentials(path: Path) -> dict[str, Credentials]:
    """The credentials of each agency in a TOML file: a table for each agency code, with ``access_key`` and ``secret_key``.

    Raises ``ValueError`` where the file is no such thing, or others may read it.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise ValueError(f"{path}: others may read the keys of the agencies; chmod 600 {path}")
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{path}: the keys of the agencies cannot be read ({type(error).__name__})") from None
    return {code: _credentials(path, code, table) for code, table in tables.items()}


def _credentials(path: Path, code: str, table: object) -> Credentials:
    if office_of(f"{code}-") != code:
        raise ValueError(f"{path}: {code!r} is no agency code like 000.00.16.H05")
    told = table if isinstance(table, dict) else {}
    keys = told.get("access_key"), told.get("secret_key")
    if not all(isinstance(key, str) and key for key in keys) or len(told) != len(keys):
        raise ValueError(f"{path}: agency {code} needs access_key and secret_key, and nothing else")
    return Credentials(str(keys[0]), str(keys[1]))


class AgencyStore:
    """An ``ObjectStore`` over others on the same bucket: ``agencies`` by their codes, ``own`` for everything else.

    A listing of more than one dossier is the installation's own: it tells names, no contents.
    """

    def __init__(self, own: ObjectStore, agencies: Mapping[str, ObjectStore]) -> None:
        self._own = own
        self._agencies = dict(agencies)

    def put(self, key: str, data: bytes | Path, *, media_type: str = "application/octet-stream") -> ObjectInfo:
        """Store, replacing what stands there."""
        return self._of(key).put(key, data, media_type=media_type)

    def put_once(self, key: str, data: bytes | Path, *, media_type: str = "application/octet-stream") -> bool:
        """Store unless the key exists; False where it already did."""
        return self._of(key).put_once(key, data, media_type=media_type)

    def get(self, key: str) -> bytes:
        """The bytes; raises ``NotFoundError``."""
        return self._of(key).get(key)

    def read_span(self, key: str, first: int, length: int) -> Iterator[bytes]:
        """Some of the bytes in pieces; raises ``NotFoundError``."""
        return self._of(key).read_span(key, first, length)

    def read(self, key: str) -> Iterator[bytes]:
        """The bytes in pieces; raises ``NotFoundError``."""
        return self._of(key).read(key)

    def fetch(self, key: str, path: Path) -> None:
        """The bytes into the file ``path``, whole or not at all."""
        self._of(key).fetch(key, path)

    def stat(self, key: str) -> ObjectInfo | None:
        """What is known of the object, None where there is none."""
        return self._of(key).stat(key)

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """All objects under ``prefix``, in key order."""
        return self._of(prefix).list(prefix)

    def link(self, key: str, life: timedelta, name: str) -> str:
        """A URL by which anybody may fetch the object, as the file ``name``, for so long."""
        return self._of(key).link(key, life, name)

    def remove(self, key: str) -> None:
        """Forget an object; an absent key is fine."""
        self._of(key).remove(key)

    def remove_all(self, keys: Iterable[str]) -> None:
        """Forget objects; absent keys are fine."""
        all_keys = tuple(keys)
        for store in (self._own, *self._agencies.values()):
            if own := [key for key in all_keys if self._of(key) is store]:
                store.remove_all(own)

    def _of(self, key: str) -> ObjectStore:
        """The store whose credentials reach ``key``, or a prefix that ends behind the name of a dossier."""
        top, _, rest = key.partition("/")
        dossier, inside, _ = rest.partition("/")
        return self._agencies.get(office_of(dossier), self._own) if top == _DOSSIERS and inside else self._own
