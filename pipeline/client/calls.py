"""The calls of the interface, as methods."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlencode

from pipeline.client.credentials import Credentials
from pipeline.client.failures import ConnectionLostError, RefusedError
from pipeline.client.shapes import (
    Check,
    Component,
    Document,
    Dossier,
    Event,
    EventPage,
    Fields,
    FieldValue,
    Preview,
    Release,
    Request,
    Upload,
    make,
)
from pipeline.client.transport import Answer, Transport

#: Bytes of a piece of a file; how often it may have to be asked how far an upload is before it is given up.
PIECE, LOSSES = 8 << 20, 10

_JSON = {"Content-Type": "application/json"}


#: An answer that leads to another address.
_LED = 307


class Sohoa:
    """The interface at ``origin``. ``purpose`` is what papers are asked for; it stands in the audit log of Sohoa.

    ``options`` are those of :class:`~pipeline.client.transport.Transport`. ::

        with Sohoa("https://sohoa.tinh.vn", SecretCredentials("dvc", secret), purpose="giai_quyet_tthc") as sohoa:
            dossier = sohoa.hand_in([sohoa.upload(Path("giấy khai sinh.pdf"))])
    """

    def __init__(self, origin: str, credentials: Credentials, *, purpose: str, **options: Any) -> None:  # noqa: ANN401
        self._transport = Transport(origin, credentials, **options)
        self._purpose = purpose

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._transport.close()

    def upload(self, path: Path, *, name: str = "", piece: int = PIECE) -> Upload:
        """The file of ``path``, sent whole; goes on after cuts. Raises ``CallError``."""
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        told = {"name": name or path.name, "bytes": path.stat().st_size, "sha256": sha256}
        return self.resume(make(Upload, self._post("/v1/uploads", told).json()).id, path, piece=piece)

    def resume(self, upload: str, path: Path, *, piece: int = PIECE) -> Upload:
        """The rest of the file of ``path``, for an upload that was begun before; raises ``CallError``."""
        address, lost = f"/v1/uploads/{quote(upload)}", 0
        size = path.stat().st_size
        offset = self._offset(address)
        with path.open("rb") as file:
            while offset < size:
                file.seek(offset)
                part = file.read(piece)
                try:
                    offset = self._append(address, offset, part)
                except (ConnectionLostError, RefusedError) as error:
                    lost += 1
                    if lost > LOSSES or (isinstance(error, RefusedError) and error.code != "offset_mismatch"):
                        raise
                    offset = self._offset(address)
        return make(Upload, self._get(address).json())

    def hand_in(self, uploads: Iterable[Upload], *, code: str = "", office: str = "", queue: str = "batch") -> Dossier:
        """A dossier of these files, made once however often it is tried; without ``code`` the next one of ``office``."""
        told: dict[str, Any] = {"documents": [{"upload": one.id} for one in uploads], "queue": queue}
        told |= {key: value for key, value in (("code", code), ("office", office)) if value}
        return _dossier(self._post("/v1/dossiers", told))

    def add(self, code: str, uploads: Iterable[Upload], *, queue: str = "batch", etag: str = "") -> Dossier:
        """The dossier with more files; with ``etag`` only where nothing has changed in it since."""
        told = {"documents": [{"upload": one.id} for one in uploads], "queue": queue}
        return _dossier(self._post(f"/v1/dossiers/{quote(code)}/documents", told, {"If-Match": etag} if etag else {}))

    def dossier(self, code: str) -> Dossier:
        """How far a dossier is."""
        return _dossier(self._get(f"/v1/dossiers/{quote(code)}"))

    def wait(self, code: str, pause: Callable[[], None], *, looks: int = 600) -> Dossier:
        """The dossier once nothing of it is being read any more; ``pause`` waits between looks. Raises ``TimeoutError``."""
        for _ in range(looks):
            found = self.dossier(code)
            if found.settled:
                return found
            pause()
        raise TimeoutError(f"{code} is not settled after {looks} looks")

    def documents(self, dossier: str = "") -> Iterator[Document]:
        """All documents of the system's offices, page by page."""
        asked = {"dossier": dossier} if dossier else {}
        while True:
            page = self._get(f"/v1/documents?{urlencode(asked)}").json()
            yield from (make(Document, one) for one in page["documents"])
            if not page.get("next"):
                return
            asked["cursor"] = page["next"]

    def document(self, document: str) -> Document:
        """How far a document is."""
        return make(Document, self._get(f"/v1/documents/{quote(document)}").json())

    def fields(self, document: str) -> Fields:
        """What was read of a document."""
        raw = self._get(f"/v1/documents/{quote(document)}/fields").json()
        return make(Fields, raw, fields={key: make(FieldValue, one) for key, one in raw["fields"].items()})

    def text(self, document: str) -> str:
        """The text of a document."""
        return self._get(f"/v1/documents/{quote(document)}/text").body.decode()

    def pdf(self, document: str) -> bytes:
        """The searchable PDF/A of a document."""
        return self._get(f"/v1/documents/{quote(document)}/pdf").body

    def check(
        self, owner: Mapping[str, str], *, procedure: str = "", types: Sequence[str] = (), on: str = "", purpose: str = ""
    ) -> Check:
        """What is held of ``owner`` (``id12``, or ``name`` and ``birth_date``), and whether it may be used again."""
        told: dict[str, Any] = {"owner": dict(owner), "purpose": purpose or self._purpose}
        told |= {key: value for key, value in (("procedure", procedure), ("types", list(types)), ("on", on)) if value}
        raw = self._post("/v1/reuse/checks", told).json()
        return make(Check, raw, components=tuple(_component(one) for one in raw["components"]))

    def request(self, *, purpose: str = "", key: str = "", **wanted: Any) -> Request:  # noqa: ANN401 - JSON
        """A request for a ``document``, or the one paper of ``type`` of ``owner``; as the interface names what is ``wanted``.

        ``key`` of one's own: the same request, even after this process has ended.
        """
        told = {**wanted, "purpose": purpose or self._purpose}
        return make(Request, self._post("/v1/reuse/requests", told, {"Idempotency-Key": key} if key else {}).json())

    def preview(self, request: str) -> Preview:
        """What a release would give."""
        raw = self._get(f"/v1/reuse/requests/{quote(request)}/preview").json()
        return make(Preview, raw, request=make(Request, raw["request"]))

    def release(self, request: str) -> Release:
        """What was asked for, with its receipt; the same one each time."""
        raw = self._post(f"/v1/reuse/requests/{quote(request)}/release", {}).json()
        return make(Release, raw, request=make(Request, raw["request"]))

    def pdf_of(self, request: str) -> bytes:
        """The PDF of a request that was released; from where the server leads to, else from the server itself."""
        path = f"/v1/reuse/requests/{quote(request)}/pdf"
        answer = self._get(path)
        if answer.status == _LED:
            led = self._transport.follow(answer.headers["Location"])
            answer = led if led is not None else self._get(f"{path}?by=stream")
        return answer.body

    def receipt_keys(self) -> Mapping[str, Any]:
        """The keys that receipts are proven by (a JWKS)."""
        found: Mapping[str, Any] = self._transport.call("GET", "/v1/reuse/receipts/jwks.json", open_to_all=True).json()
        return found

    def subscribe(self, url: str, kinds: Sequence[str], offices: Sequence[str] = ()) -> tuple[str, Mapping[str, str]]:
        """The id of a new subscription, and its secret by the id of its key, as ``verify_webhook`` takes it."""
        told = {"url": url, "kinds": list(kinds), "offices": list(offices)}
        return _secret(self._post("/v1/events/subscriptions", told, repeatable=False).json())

    def rotate(self, subscription: str) -> tuple[str, Mapping[str, str]]:
        """As :meth:`subscribe`, with a new secret; the former one signs too for a day."""
        return _secret(self._post(f"/v1/events/subscriptions/{quote(subscription)}/rotate", {}, repeatable=False).json())

    def events(self, cursor: str = "") -> EventPage:
        """Events behind ``cursor``: for whoever has no webhook, or missed some."""
        raw = self._get(f"/v1/events{f'?cursor={quote(cursor)}' if cursor else ''}").json()
        return make(EventPage, raw, events=tuple(make(Event, one) for one in raw["events"]))

    def dead_letters(self) -> list[dict[str, Any]]:
        """Deliveries to this system that were given up."""
        found: list[dict[str, Any]] = []
        path = "/v1/events/dead-letters"
        while True:
            page = self._get(path).json()
            found += page["deliveries"]
            if not page.get("next"):
                return found
            path = f"/v1/events/dead-letters?cursor={quote(page['next'])}"

    def retry(self, delivery: str) -> None:
        """Have one that was given up tried again."""
        self._post(f"/v1/events/dead-letters/{quote(delivery)}/retry", {})

    def search(self, query: str, **narrowed: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON
        """Documents of the system's offices that hold ``query``."""
        found: list[dict[str, Any]] = self._post("/v1/search", {"query": query, **narrowed}).json()["found"]
        return found

    def export(self, target: str, *, since: str = "") -> Iterator[dict[str, Any]]:
        """A line for each finished document of the system's offices, as ``target`` wants it; ``since`` a day of receipt."""
        path = f"/v1/exports/{quote(target)}{f'?since={quote(since)}' if since else ''}"
        while path:
            answer = self._get(path)
            yield from (json.loads(line) for line in answer.body.splitlines())
            link = answer.headers.get("Link", "")
            path = link.partition(">")[0].lstrip("<") if 'rel="next"' in link else ""

    def accesses(self, id12: str) -> list[dict[str, Any]]:
        """Who fetched papers of an owner."""
        found: list[dict[str, Any]] = self._post("/v1/owners/accesses", {"owner": {"id12": id12}}).json()["accesses"]
        return found

    def _offset(self, address: str) -> int:
        return int(self._transport.call("HEAD", address).headers["Upload-Offset"])

    def _append(self, address: str, offset: int, part: bytes) -> int:
        checksum = base64.b64encode(hashlib.sha256(part).digest()).decode()
        headers = {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            "Upload-Checksum": f"sha256 {checksum}",
        }
        answer = self._transport.call("PATCH", address, body=part, headers=headers)
        return int(answer.headers["Upload-Offset"])

    def _get(self, path: str) -> Answer:
        return self._transport.call("GET", path, headers={"Sohoa-Purpose": self._purpose})

    def _post(
        self, path: str, told: Mapping[str, Any], headers: Mapping[str, str] | None = None, *, repeatable: bool = True
    ) -> Answer:
        named = {"Idempotency-Key": secrets.token_hex(16), "Sohoa-Purpose": self._purpose, **_JSON, **(headers or {})}
        body = json.dumps(told, ensure_ascii=False).encode()
        return self._transport.call("POST", path, body=body, headers=named, repeatable=repeatable)


def _dossier(answer: Answer) -> Dossier:
    raw = answer.json()
    documents = tuple(make(Document, one) for one in raw["documents"])
    return make(Dossier, raw, documents=documents, etag=answer.headers.get("ETag", ""))


def _component(raw: Mapping[str, Any]) -> Component:
    return make(Component, raw, forms=tuple(raw.get("forms") or ()), reasons=tuple(raw.get("reasons") or ()))


def _secret(raw: Mapping[str, Any]) -> tuple[str, Mapping[str, str]]:
    return str(raw["id"]), {f"{raw['id']}.{raw['key']}": str(raw["secret"])}
