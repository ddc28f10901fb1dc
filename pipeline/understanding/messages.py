"""Findings in the operator's words: what is wrong and what to do."""

from __future__ import annotations

from pipeline.domain.findings import FieldSpec, Problem

_MESSAGES = {
    "number_unread": "Không đọc được phần số của số, ký hiệu (đọc thấy “{text}”). Đối chiếu bản giấy và nhập số.",
    "number_handwritten": "Phần số có vẻ viết tay. Đối chiếu số, ký hiệu với bản giấy.",
    "date_unread": "Không đọc được ngày, tháng, năm (đọc thấy “{text}”). Đối chiếu bản giấy và nhập ngày.",
    "date_handwritten": "Ngày có vẻ viết tay. Đối chiếu ngày với bản giấy.",
    "value_unreadable": "Không hiểu nội dung mục “{label}” (đọc thấy “{text}”). Đối chiếu bản giấy và nhập lại.",
    "field_missing": "Không tìm thấy mục “{label}”. Kiểm tra bản giấy; nếu có thì nhập, nếu không thì xác nhận là không có.",
    "date_in_future": "Mục “{label}” là ngày ở tương lai ({text}). Đối chiếu bản giấy và sửa ngày.",
    "dates_out_of_order": "Mục “{label}” ({text}) sớm hơn mục phải có trước nó. Đối chiếu hai ngày với bản giấy.",
    "id_structure": "Số định danh {text} sai cấu trúc (mã tỉnh, thế kỷ – giới tính hoặc năm sinh). Đối chiếu từng chữ số.",
    "id_disagrees_birth": "Số định danh {text} không khớp năm sinh trên giấy. Đối chiếu số định danh và ngày sinh.",
    "id_disagrees_sex": "Số định danh {text} không khớp giới tính trên giấy. Đối chiếu số định danh và giới tính.",
    "number_disagrees_type": "Ký hiệu trong {text} không phải của loại giấy tờ này. Kiểm tra loại giấy tờ và số, ký hiệu.",
    "number_disagrees_date": "Năm trong {text} không khớp ngày ghi trên giấy. Đối chiếu số và ngày.",
    "code_structure": "Mã {text} không đúng cấu trúc mã hồ sơ. Đối chiếu từng ký tự với bản giấy.",
    "phone_structure": "Số điện thoại {text} không đúng đầu số. Đối chiếu với bản giấy.",
    "type_unknown": "Chưa nhận ra loại giấy tờ. Chọn loại giấy tờ rồi nhập các mục cần thiết.",
    "type_doubtful": "Chưa chắc chắn về loại giấy tờ. Xác nhận hoặc chọn lại loại.",
}


def describe(code: str, spec: FieldSpec | None = None, *, text: str = "", page: int | None = None) -> Problem:
    """The problem ``code`` about the field ``spec``, ``text`` being what was read or is doubted."""
    label = (spec.label or spec.key) if spec else ""
    message = _MESSAGES[code].format(text=text or "…", label=label)
    return Problem(code, message, spec.key if spec else None, page)
