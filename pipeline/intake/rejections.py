"""Why a file or page is refused: stable code, English for the log, Vietnamese advice for the operator."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.domain.errors import (
    DamagedFileError,
    EncryptedPdfError,
    RejectedInputError,
    TooLargeError,
    UnsupportedFileError,
)


def unsupported(name: str, kind: str) -> UnsupportedFileError:
    """``unsupported_file``: ``kind`` names what the bytes seem to be."""
    return UnsupportedFileError(
        f"{name}: {kind} is not taken in; send PDF, TIFF, JPEG, PNG, WebP, HEIC or a ZIP of these",
        advice="Tệp không thuộc loại được tiếp nhận. Hãy gửi tệp PDF, TIFF, JPEG, PNG, WebP, HEIC hoặc ZIP chứa các tệp này.",
    )


def empty(name: str) -> DamagedFileError:
    """``empty_file``: zero bytes."""
    return DamagedFileError(
        f"{name}: the file is empty (0 bytes); scan or copy it again",
        code="empty_file",
        advice="Tệp rỗng (0 byte). Hãy quét hoặc sao chép lại tệp rồi gửi lại.",
    )


def encrypted_pdf(name: str) -> EncryptedPdfError:
    """``encrypted_pdf``: a password is needed to open it."""
    return EncryptedPdfError(
        f"{name}: the PDF asks for a password; save it without one and send it again",
        advice="Tệp PDF có mật khẩu mở. Hãy mở bằng mật khẩu, lưu lại không đặt mật khẩu rồi gửi lại.",
    )


def encrypted_zip(name: str) -> RejectedInputError:
    """``encrypted_zip``: a member of a ZIP asks for a password."""
    return RejectedInputError(
        f"{name}: this member of the ZIP asks for a password; send the ZIP without one",
        code="encrypted_zip",
        advice="Tệp nằm trong ZIP có mật khẩu. Hãy giải nén bằng mật khẩu rồi gửi lại tệp không đặt mật khẩu.",
    )


def damaged(name: str, why: str) -> DamagedFileError:
    """``damaged_file``: it cannot be opened, or nothing of it can be read."""
    return DamagedFileError(
        f"{name}: the file is damaged ({why}); scan or copy it again",
        advice="Tệp bị hỏng, không mở được. Hãy quét lại hoặc sao chép lại từ bản gốc rồi gửi lại.",
    )


def damaged_page(number: int, why: str) -> DamagedFileError:
    """``damaged_page``: this page cannot be read; the others may."""
    return DamagedFileError(
        f"page {number} is damaged ({why}); scan the page again",
        code="damaged_page",
        advice=f"Trang {number} bị hỏng, không đọc được. Hãy quét lại trang này.",
    )


def no_pages(name: str) -> DamagedFileError:
    """``no_pages``: the file opens and holds nothing."""
    return DamagedFileError(
        f"{name}: the file has no pages; check it and send it again",
        code="no_pages",
        advice="Tệp không có trang nào. Hãy kiểm tra lại tệp nguồn rồi quét hoặc gửi lại.",
    )


def too_many_bytes(name: str, limit: int) -> TooLargeError:
    """``too_large``: the file itself."""
    return TooLargeError(
        f"{name}: the file is larger than {limit:,} bytes; split it",
        advice=f"Tệp lớn hơn {limit // 1_000_000} MB. Hãy tách thành nhiều tệp nhỏ hơn rồi gửi lại.",
    )


def too_many_pages(name: str, pages: int, limit: int) -> TooLargeError:
    """``too_many_pages``."""
    return TooLargeError(
        f"{name}: {pages:,} pages are more than {limit:,}; split the file",
        code="too_many_pages",
        advice=f"Tệp có quá {limit} trang. Hãy tách thành nhiều tệp nhỏ hơn rồi gửi lại.",
    )


def too_many_pixels(name: str, width: int, height: int, limit: int) -> TooLargeError:
    """``too_many_pixels``: one picture, as its header declares it."""
    return TooLargeError(
        f"{name}: a picture of {width:,} × {height:,} pixels goes past {limit:,} pixels; scan it at 300 dpi",
        code="too_many_pixels",
        advice=f"Ảnh quá lớn (hơn {limit // 1_000_000} triệu điểm ảnh). Hãy quét lại ở độ phân giải 300 dpi.",
    )


def zip_too_large(name: str, limit: int) -> TooLargeError:
    """``zip_too_large``: what comes out of the ZIP."""
    return TooLargeError(
        f"{name}: the ZIP unpacks to more than {limit:,} bytes; split it",
        code="zip_too_large",
        advice=f"Tệp ZIP giải nén ra hơn {limit // 1_000_000} MB. Hãy chia thành nhiều tệp ZIP nhỏ hơn rồi gửi lại.",
    )


def zip_too_many_members(name: str, limit: int) -> TooLargeError:
    """``zip_too_many_members``."""
    return TooLargeError(
        f"{name}: the ZIP holds more than {limit:,} members; split it",
        code="zip_too_many_members",
        advice=f"Tệp ZIP chứa hơn {limit} tệp. Hãy chia thành nhiều tệp ZIP nhỏ hơn rồi gửi lại.",
    )


def zip_too_deep(name: str, limit: int) -> TooLargeError:
    """``zip_too_deep``: ZIPs within ZIPs."""
    return TooLargeError(
        f"{name}: ZIPs are nested deeper than {limit}; unpack the inner ones first",
        code="zip_too_deep",
        advice=f"ZIP lồng nhau quá {limit} lớp. Hãy giải nén các ZIP bên trong rồi gửi lại.",
    )


def faulty_list(name: str, faults: Sequence[str]) -> RejectedInputError:
    """``faulty_list``: nothing of a ZIP is taken in, because of the list in it; ``faults`` are in Vietnamese."""
    told = " ".join(faults[:20]) + (f" … và {len(faults) - 20} lỗi nữa." if len(faults) > 20 else "")
    return RejectedInputError(
        f"{name}: {len(faults)} faults in the list that it holds; mend them and send it again",
        code="faulty_list",
        advice=f"Mục lục trong tệp ZIP có chỗ sai nên chưa nhận tệp nào của ZIP. {told} Hãy sửa mục lục, nén lại rồi gửi lại.",
    )


def unsafe_name(name: str, why: str) -> RejectedInputError:
    """``unsafe_name``: the name would lead out of the dossier."""
    return RejectedInputError(
        f"{name}: {why}; rename the file and send it again",
        code="unsafe_name",
        advice="Tên hoặc liên kết của tệp trỏ ra ngoài thư mục hồ sơ. Hãy đổi tên tệp rồi gửi lại.",
    )
