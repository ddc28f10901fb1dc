"""Objects in S3, through the ``minio`` SDK: MinIO, SeaweedFS, or any other server that speaks it."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit
from uuid import uuid4

import urllib3
from minio import Minio
from minio.credentials.credentials import Credentials
from minio.deleteobjects import DeleteObject
from minio.error import MinioException, S3Error
from minio.signer import sign_v4_s3
from urllib3.exceptions import HTTPError

from pipeline.domain.errors import NotFoundError, TooLargeError
from pipeline.ports import ObjectInfo
from storage.keys import check_key
from storage.listing import sort_keys
from storage.refusals import code_in, not_encrypted, refused, unreachable

_CHUNK = 1 << 20
_SHA256 = "x-amz-meta-sha256"
_ENCRYPTION = "x-amz-server-side-encryption"
_ABSENT = frozenset({"NoSuchKey", "NoSuchObject", "NoSuchVersion"})
_EXISTS = 412
#: S3 takes no more than this (5 GiB) in one request.
MAX_OBJECT_BYTES = 5 << 30

#: What servers can be asked to encrypt objects with, and the header that asks for it.
ENCRYPTIONS = {"SSE-S3": "AES256", "SSE-KMS": "aws:kms"}
_TOO_LARGE = "Tệp lớn hơn mức kho lưu tệp nhận được (5 GiB). Hãy tách tệp thành các tệp nhỏ hơn rồi gửi lại."


class _Connection(NamedTuple):
    process: int
    client: Minio
    pool: urllib3.PoolManager


class MinioStore:
    """An ``ObjectStore`` in one bucket, which is made when absent.

    One HTTP pool a process, made on first use and again after a fork; safe from many threads. ``connect_timeout`` and
    ``read_timeout`` are seconds for each try, of which there are ``retries`` more after the first. ``secure``: by TLS, and the
    server's certificate must lead to one in ``ca_file``, else to one that the system trusts. ``encryption`` is one of
    :data:`ENCRYPTIONS`: what the server is to encrypt objects with (``kms_key``: by that key of its); a server that does not
    say that it did is refused. Empty: as the server likes. ``public`` is the address that others fetch from, where they
    reach it by another.
    """

    def __init__(  # noqa: PLR0913 an adapter receives its settings as plain values
        self,
        endpoint: str,
        access_key: str,
        secret_key: str,
        bucket: str,
        *,
        secure: bool = False,
        ca_file: Path | None = None,
        encryption: str = "",
        kms_key: str = "",
        public: str = "",
        region: str = "us-east-1",
        connect_timeout: float = 5.0,
        read_timeout: float = 60.0,
        retries: int = 3,
    ) -> None:
        self._endpoint = endpoint
        self._credentials = Credentials(access_key, secret_key)
        self._bucket = bucket
        self._secure = secure
        self._ca_file = ca_file
        self._encryption = ENCRYPTIONS[encryption] if encryption else ""
        self._kms_key = kms_key
        self._public = public
        self._region = region
        self._timeout = urllib3.Timeout(connect=connect_timeout, read=read_timeout)
        self._retries = retries
        self._connection: _Connection | None = None

    def put(self, key: str, data: bytes | Path, *, media_type: str = "application/octet-stream") -> ObjectInfo:
        """Store, replacing what stands there."""
        return self._send(key, data, {"content-type": media_type})[1]

    def put_once(self, key: str, data: bytes | Path, *, media_type: str = "application/octet-stream") -> bool:
        """Store unless the key exists, decided by the server (``If-None-Match``); False where it already did."""
        return self._send(key, data, {"content-type": media_type, "if-none-match": "*"})[0]

    def get(self, key: str) -> bytes:
        """The bytes; raises ``NotFoundError``."""
        with self._open(key) as response:
            return bytes(response.read())

    def read(self, key: str) -> Iterator[bytes]:
        """The bytes in pieces; raises ``NotFoundError``."""
        with self._open(key) as response:
            yield from response.stream(_CHUNK)

    def read_span(self, key: str, first: int, length: int) -> Iterator[bytes]:
        """Some of the bytes in pieces; raises ``NotFoundError``."""
        with self._open(key, first, length) as response:
            yield from response.stream(_CHUNK)

    def fetch(self, key: str, path: Path) -> None:
        """The bytes into the file ``path``, whole or not at all."""
        part = path.with_name(f".{path.name[:60]}.{uuid4().hex}.part")
        try:
            with self._open(key) as response, part.open("wb") as file:
                for chunk in response.stream(_CHUNK):
                    file.write(chunk)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def stat(self, key: str) -> ObjectInfo | None:
        """What is known of the object, None where there is none."""
        with self._translated(key):
            try:
                found = self._client().stat_object(self._bucket, check_key(key))
            except S3Error as error:
                if error.code in _ABSENT:
                    return None
                raise
        sha256 = found.metadata.get(_SHA256, "") if found.metadata else ""
        return ObjectInfo(key, found.size or 0, unquote(sha256))

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """All objects under ``prefix``, in key order; a listing does not tell their ``sha256``."""
        return sort_keys(self._walk(prefix), prefix)

    def remove(self, key: str) -> None:
        """Forget an object; an absent key is fine."""
        with self._translated(key), suppress(NotFoundError):
            self._client().remove_object(self._bucket, check_key(key))

    def remove_all(self, keys: Iterable[str]) -> None:
        """Forget objects, a thousand in a request; absent keys are fine.

        One by one where the server has no such request, or our keys may see no more than a part of the bucket.
        """
        doomed = [check_key(key) for key in keys]
        with self._translated(""):
            try:
                failed = {error.name for error in self._client().remove_objects(self._bucket, map(DeleteObject, doomed))}
            except S3Error:
                failed = {None}
        for key in doomed if None in failed else filter(failed.__contains__, doomed):
            self.remove(key)

    def link(self, key: str, life: timedelta, name: str) -> str:
        """A presigned URL by which anybody may fetch the object, as the file ``name``, for so long; up to seven days."""
        shown: dict[str, str | list[str] | tuple[str]] = {
            "response-content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"
        }
        with self._translated(check_key(key)):
            url: str = self._links().get_presigned_url("GET", self._bucket, key, expires=life, response_headers=shown)
        return url

    def check(self) -> None:
        """Nothing, where the store answers and takes our keys; else raises ``UnavailableError``."""
        with self._translated(""):
            self._client().bucket_exists(self._bucket)

    def close(self) -> None:
        """Let go of all connections; the next call opens new ones."""
        connection, self._connection = self._connection, None
        if connection is not None and connection.process == os.getpid():
            connection.pool.clear()

    def _walk(self, prefix: str) -> Iterator[ObjectInfo]:
        with self._translated(prefix):
            for found in self._client().list_objects(self._bucket, prefix=prefix, recursive=True):
                if found.object_name and not found.is_dir:
                    yield ObjectInfo(found.object_name, found.size or 0, modified=found.last_modified)

    def _send(self, key: str, data: bytes | Path, headers: dict[str, str]) -> tuple[bool, ObjectInfo]:
        """Whether the object was stored, and what it is.

        One signed PUT instead of the SDK's upload: it can be conditional, it streams, the server checks the sha256, and what
        is cut off leaves neither half an object nor parts.
        """
        with self._translated(check_key(key)), _opened(data) as body:
            size = body.seek(0, io.SEEK_END)
            if size > MAX_OBJECT_BYTES:
                raise TooLargeError(f"{key!r} has {size} bytes, and an object takes {MAX_OBJECT_BYTES}", advice=_TOO_LARGE)
            body.seek(0)
            sha256 = hashlib.file_digest(body, "sha256").hexdigest()
            body.seek(0)
            client = self._client()
            url = urlsplit(client.get_presigned_url("PUT", self._bucket, key))._replace(query="")
            headers |= self._encrypting() | {"content-length": str(size), _SHA256: quote(sha256)}
            signed = self._sign(url, headers, sha256)
            response = self._pool().request("PUT", urlunsplit(url), body=body, headers=signed, redirect=False)
        info = ObjectInfo(key, size, sha256)
        if response.status == _EXISTS and "if-none-match" in headers:
            return self._was_ours(info, response), info
        if response.status != 200:
            encrypting = bool(self._encryption)
            raise refused(self._endpoint, key, response.status, code_in(response.data), encrypting=encrypting)
        if self._encryption and response.headers.get(_ENCRYPTION) != self._encryption:
            raise not_encrypted(self._endpoint, key)
        return True, info

    def _encrypting(self) -> dict[str, str]:
        """The headers that ask for encryption."""
        key = {f"{_ENCRYPTION}-aws-kms-key-id": self._kms_key} if self._kms_key else {}
        return {_ENCRYPTION: self._encryption} | key if self._encryption else {}

    def _was_ours(self, info: ObjectInfo, response: urllib3.BaseHTTPResponse) -> bool:
        """Whether the object that already exists is the one just sent, by a try whose answer was lost on the way."""
        tried = response.retries.history if response.retries is not None else ()
        if not tried:
            return False
        there = self.stat(info.key)
        return there is not None and (there.bytes, there.sha256) == (info.bytes, info.sha256)

    def _sign(self, url: SplitResult, headers: dict[str, str], sha256: str) -> dict[str, str]:
        now = datetime.now(UTC)
        headers |= {"host": url.netloc, "x-amz-content-sha256": sha256, "x-amz-date": now.strftime("%Y%m%dT%H%M%SZ")}
        signed = sign_v4_s3(
            method="PUT",
            url=url,
            region=self._region,
            headers=dict(headers),
            credentials=self._credentials,
            content_sha256=sha256,
            date=now,
        )
        return {name: str(value) for name, value in signed.items()}

    @contextmanager
    def _open(self, key: str, first: int = 0, length: int = 0) -> Iterator[urllib3.BaseHTTPResponse]:
        with self._translated(key):
            response = self._client().get_object(self._bucket, check_key(key), offset=first, length=length)
            try:
                yield response
            finally:
                response.close()
                response.release_conn()

    @contextmanager
    def _translated(self, key: str) -> Iterator[None]:
        try:
            yield
        except S3Error as error:
            if error.code in _ABSENT:
                raise NotFoundError(f"no object {key!r} in bucket {self._bucket!r}") from error
            raise refused(self._endpoint, key, error.response.status, error.code or "") from error
        except (HTTPError, MinioException) as error:
            raise unreachable(self._endpoint, key, error) from error

    def _links(self) -> Minio:
        """What signs URLs: for the address that others reach the server by, where they have another one."""
        if not self._public:
            return self._client()
        return Minio(
            self._public,
            self._credentials.access_key,
            self._credentials.secret_key,
            secure=self._secure,
            region=self._region,
        )

    def _client(self) -> Minio:
        return self._connect().client

    def _pool(self) -> urllib3.PoolManager:
        return self._connect().pool

    def _connect(self) -> _Connection:
        connection = self._connection
        if connection is not None and connection.process == os.getpid():
            return connection
        retries = urllib3.Retry(
            total=self._retries,
            backoff_factor=0.2,
            status_forcelist=(500, 502, 503, 504),
            allowed_methods=None,
            raise_on_status=False,
        )
        trusted: dict[str, Any] = {"cert_reqs": "CERT_REQUIRED", "ca_certs": str(self._ca_file)} if self._ca_file else {}
        pool = urllib3.PoolManager(maxsize=8, timeout=self._timeout, retries=retries, **trusted)
        client = Minio(
            self._endpoint,
            self._credentials.access_key,
            self._credentials.secret_key,
            secure=self._secure,
            region=self._region,
            http_client=pool,
        )
        if not self._is_there(client):
            self._make_bucket(client)
        self._connection = _Connection(os.getpid(), client, pool)
        return self._connection

    def _is_there(self, client: Minio) -> bool:
        """Whether the bucket exists; it is taken to where our keys may see no more than a part of it."""
        try:
            return bool(client.bucket_exists(self._bucket))
        except S3Error as error:
            if error.code != "AccessDenied":
                raise
        try:
            client.list_buckets()
        except S3Error as error:
            if error.code != "AccessDenied":
                raise
        return True

    def _make_bucket(self, client: Minio) -> None:
        try:
            client.make_bucket(self._bucket)
        except S3Error as error:
            if error.code not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                raise


@contextmanager
def _opened(data: bytes | Path) -> Iterator[io.BufferedReader | io.BytesIO]:
    with data.open("rb") if isinstance(data, Path) else io.BytesIO(data) as body:
        yield body
