"""What a store says no with, as an error that names what is wrong and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from minio.error import InvalidResponseError, MinioException
from urllib3.exceptions import HTTPError, MaxRetryError, SSLError

from pipeline.domain.errors import UnavailableError


@dataclass(frozen=True, slots=True)
class _Refusal:
    """``code`` of the error, ``happened`` for the message, ``advice`` for the operator."""

    code: str
    happened: str
    advice: str


_WAITS = "Không tài liệu nào bị mất: việc đang dở tự chạy tiếp khi kho hoạt động lại; tài liệu chưa gửi xong cần gửi lại."
_AWAY = _Refusal(
    "store_unavailable",
    "does not answer",
    f"Kho lưu tệp không trả lời. Hãy kiểm tra máy chủ lưu trữ và mạng. {_WAITS}",
)
_FULL = _Refusal(
    "store_full",
    "is full",
    f"Kho lưu tệp đã đầy. Hãy thêm dung lượng hoặc nâng hạn mức của kho. {_WAITS}",
)
_FAILING = _Refusal(
    "store_failing",
    "failed",
    "Kho lưu tệp báo lỗi của chính nó, thường gặp nhất là khi đĩa của máy chủ lưu trữ đã đầy. "
    f"Hãy xem dung lượng đĩa, dịch vụ khóa mã hóa (nếu dùng SSE-KMS) và nhật ký của máy chủ đó. {_WAITS}",
)
_DENIED = _Refusal(
    "store_denied",
    "does not allow it",
    "Khóa truy cập không có quyền với phần này của kho lưu tệp. Hãy nhờ quản trị kho cấp quyền đọc, ghi, liệt kê "
    f"(docs/storage.md). {_WAITS}",
)
_KEYS = _Refusal(
    "store_bad_keys",
    "does not know our keys",
    f"Kho lưu tệp không nhận khóa truy cập. Hãy kiểm tra SOHOA_S3_ACCESS_KEY và SOHOA_S3_SECRET_KEY. {_WAITS}",
)
_CLOCK = _Refusal(
    "store_clock",
    "has another time",
    f"Đồng hồ máy này lệch với kho lưu tệp. Hãy bật đồng bộ giờ: sudo timedatectl set-ntp true. {_WAITS}",
)
_BUCKET = _Refusal(
    "store_no_bucket",
    "has no such bucket",
    f"Kho lưu tệp không có bucket này. Hãy tạo bucket hoặc sửa SOHOA_S3_BUCKET. {_WAITS}",
)
_NOT_ENCRYPTED = _Refusal(
    "store_not_encrypted",
    "does not encrypt",
    "Kho lưu tệp không mã hóa được dữ liệu như SOHOA_S3_ENCRYPTION yêu cầu. Hãy bật mã hóa phía máy chủ (KMS) trên kho, "
    f"hoặc đổi cài đặt (docs/storage.md). {_WAITS}",
)
_UNTRUSTED = _Refusal(
    "store_untrusted",
    "shows no certificate that we trust",
    "Không xác minh được chứng thư TLS của kho lưu tệp. Hãy đặt SOHOA_S3_CA_FILE là tệp chứng thư của cơ quan cấp, "
    f"hoặc kiểm tra địa chỉ và cổng TLS. {_WAITS}",
)
_NOT_S3 = _Refusal(
    "store_not_s3",
    "does not speak S3",
    f"Địa chỉ này không trả lời như kho S3. Hãy kiểm tra SOHOA_S3_ENDPOINT, và SOHOA_S3_SECURE nếu kho dùng TLS. {_WAITS}",
)

#: By the code that servers give (S3, MinIO, SeaweedFS, Ceph).
_BY_CODE = {
    "AccessDenied": _DENIED,
    "AllAccessDisabled": _DENIED,
    "AccountProblem": _DENIED,
    "InvalidAccessKeyId": _KEYS,
    "SignatureDoesNotMatch": _KEYS,
    "InvalidToken": _KEYS,
    "ExpiredToken": _KEYS,
    "RequestTimeTooSkewed": _CLOCK,
    "RequestExpired": _CLOCK,
    "NoSuchBucket": _BUCKET,
    "BadRequest": _NOT_S3,
    "XMinioStorageFull": _FULL,
    "XMinioAdminBucketQuotaExceeded": _FULL,
    "QuotaExceeded": _FULL,
    "InsufficientStorage": _FULL,
    "KMSNotConfigured": _NOT_ENCRYPTED,
    "KMS.NotFoundException": _NOT_ENCRYPTED,
    "ServerSideEncryptionConfigurationNotFoundError": _NOT_ENCRYPTED,
    "InternalError": _FAILING,
}
_CODE = re.compile(rb"<Code>([A-Za-z0-9._]{1,80})</Code>")


def refused(endpoint: str, key: str, status: int, code: str, *, encrypting: bool = False) -> UnavailableError:
    """The error for an answer with ``status`` and the server's ``code``; ``encrypting``: encryption was asked for.

    Waiting is never wrong: keys, room and rights are mended on the server while work waits.
    """
    kind = _BY_CODE.get(code)
    if kind is None and status == 507:
        kind = _FULL
    if kind is None and encrypting and code in {"NotImplemented", "InvalidArgument", "InvalidRequest"}:
        kind = _NOT_ENCRYPTED
    kind = kind or (_FAILING if status >= 500 else _AWAY)
    return _error(kind, endpoint, key, f"{status} {code}".strip())


def not_encrypted(endpoint: str, key: str) -> UnavailableError:
    """The error for an answer that does not say that the object was encrypted, though it was asked for."""
    return _error(_NOT_ENCRYPTED, endpoint, key, "stored, and not said to be encrypted")


def unreachable(endpoint: str, key: str, error: HTTPError | MinioException) -> UnavailableError:
    """The error for a request that got no answer of an object store at all."""
    reason = error.reason if isinstance(error, MaxRetryError) else error
    if isinstance(reason, SSLError):
        return _error(_UNTRUSTED, endpoint, key, str(reason))
    if isinstance(error, InvalidResponseError):
        return _error(_NOT_S3, endpoint, key, str(error)[:300])
    return _error(_AWAY, endpoint, key, str(error))


def code_in(body: bytes) -> str:
    """The code that an answer of S3 names, empty where it names none."""
    found = _CODE.search(body)
    return found[1].decode("ascii") if found else ""


def _error(kind: _Refusal, endpoint: str, key: str, detail: str) -> UnavailableError:
    about = f" ({key!r})" if key else ""
    return UnavailableError(
        f"the object store at {endpoint} {kind.happened}{about}: {detail}", code=kind.code, advice=kind.advice
    )
