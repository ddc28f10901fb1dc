"""Why a file of another program is not taken in, and what to do about it."""

from __future__ import annotations

from pipeline.domain.errors import RejectedInputError

_AGAIN = "Hãy xuất lại tệp này từ chương trình đã tạo ra nó rồi gửi lại."


def hostile(name: str, why: str) -> RejectedInputError:
    """It has what no honest file of its kind needs."""
    return RejectedInputError(
        f"{name}: {why}; such XML is not opened",
        code="hostile_xml",
        advice=f"Tệp {name} chứa khai báo XML nguy hiểm (DTD, thực thể hoặc lồng quá sâu) nên không được mở. {_AGAIN}",
    )


def broken(name: str, why: str) -> RejectedInputError:
    """It cannot be read."""
    return RejectedInputError(
        f"{name}: not well-formed ({why})",
        code="broken_xml",
        advice=f"Tệp {name} bị hỏng hoặc không đúng định dạng. {_AGAIN}",
    )


def too_large(name: str, most: int) -> RejectedInputError:
    """It is larger than any honest one."""
    return RejectedInputError(
        f"{name}: more than {most // 1_000_000} MB, or more than its kind can hold",
        code="xml_too_large",
        advice=f"Tệp {name} lớn bất thường (quá {most // 1_000_000} MB). Hãy xuất mỗi trang thành một tệp rồi gửi lại.",
    )


def foreign_namespace(name: str, found: str, wanted: str) -> RejectedInputError:
    """It calls itself by the name of a standard, and is of none that is known."""
    return RejectedInputError(
        f"{name}: the namespace {found or '(none)'} is not one of {wanted}",
        code="wrong_namespace",
        advice=f"Tệp {name} không phải {wanted} (namespace “{found or 'trống'}”). {_AGAIN}",
    )


def broken_package(name: str, faults: list[str]) -> RejectedInputError:
    """What it names is not there, or not as it says; ``faults`` are in Vietnamese."""
    told = " ".join(faults[:20]) + (f" … và {len(faults) - 20} lỗi nữa." if len(faults) > 20 else "")
    return RejectedInputError(
        f"{name}: {len(faults)} of its references do not hold",
        code="broken_package",
        advice=f"{told} Hãy chép lại đủ các tệp của gói rồi gửi lại.",
    )


def apart(name: str, kind: str) -> RejectedInputError:
    """``package_apart``: it tells of scans, and came without them."""
    return RejectedInputError(
        f"{name}: {kind} without the scans that it tells of; send the folder, or a ZIP of it",
        code="package_apart",
        advice=f"Tệp {name} là METS, ALTO hoặc hOCR: nó mô tả ảnh quét chứ không phải giấy tờ, nên không nhận riêng. Hãy nén "
        "cả thư mục (ảnh cùng các tệp này) thành một tệp ZIP rồi gửi lại, hoặc gửi cả thư mục: sohoa submit THƯ_MỤC",
    )
