"""Findings in the operator's words: what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.domain.findings import FieldSpec, Problem

#: What is said of each problem of understanding, by its code.
MESSAGES: Mapping[str, str] = {
    "number_unread": "Không đọc được phần số của số, ký hiệu (đọc thấy “{text}”). Đối chiếu bản giấy và nhập số.",
    "number_handwritten": "Phần số có vẻ viết tay. Đối chiếu số, ký hiệu với bản giấy.",
    "date_unread": "Không đọc được ngày, tháng, năm (đọc thấy “{text}”). Đối chiếu bản giấy và nhập ngày.",
    "date_handwritten": "Ngày có vẻ viết tay. Đối chiếu ngày với bản giấy.",
    "title_deduced": "Chức vụ người ký bị dấu hoặc chữ ký che; giá trị suy ra từ dòng “KT.” phía trên. Đối chiếu bản giấy.",
    "value_handwritten": "Mục “{label}” có vẻ viết tay (đọc thấy “{text}”). Đối chiếu từng chữ, từng số với bản giấy.",
    "words_disagree": "Mục “{label}”: phần số và phần viết bằng chữ không khớp (đọc thấy “{text}”). Đối chiếu với bản giấy.",
    "value_unreadable": "Không hiểu nội dung mục “{label}” (đọc thấy “{text}”). Đối chiếu bản giấy và nhập lại.",
    "field_missing": "Không tìm thấy mục “{label}”. Kiểm tra bản giấy; nếu có thì nhập, nếu không thì xác nhận là không có.",
    "date_impossible": "Không có ngày “{text}” trong lịch. Có thể là {hint}. Đối chiếu bản giấy và nhập ngày.",
    "date_in_future": "Mục “{label}” là ngày ở tương lai ({text}). Đối chiếu bản giấy và sửa ngày.",
    "date_implausible": "Mục “{label}” ({text}) quá xa về trước so với các ngày khác. Đối chiếu năm với bản giấy.",
    "dates_out_of_order": "Mục “{label}” ({text}) không đúng thứ tự với một ngày khác trên giấy. Đối chiếu hai ngày.",
    "date_before_ids": "Ngày {text} có trước khi có số định danh 12 chữ số. Đối chiếu ngày và số định danh.",
    "appointment_far": "Ngày hẹn trả cách ngày tiếp nhận hơn một năm (“{label}”: {text}). Đối chiếu hai ngày với bản giấy.",
    "term_over": "Mục “{label}” ({text}): thời hạn kết thúc trước ngày cấp. Đối chiếu thời hạn và ngày cấp.",
    "expiry_disagrees_birth": "Mục “{label}” ({text}): thẻ phải hết hạn vào ngày sinh nhật tuổi 14, 25, 40 hoặc 60. "
    "Đối chiếu ngày hết hạn và ngày sinh.",
    "under_marriage_age": "Mục “{label}” ({text}): chưa đủ tuổi kết hôn vào ngày đăng ký. Đối chiếu hai ngày.",
    "id_structure": "Số định danh {text} sai cấu trúc (mã tỉnh, thế kỷ – giới tính hoặc năm sinh). Đối chiếu từng chữ số.",
    "id_foreign": "Số định danh {text} có mã của nơi đăng ký khai sinh ở nước ngoài. Đối chiếu ba chữ số đầu với bản giấy.",
    "id_disagrees_birth": "Mục “{label}” ({text}): số định danh không khớp năm sinh. Đối chiếu số định danh và ngày sinh.",
    "id_disagrees_sex": "Mục “{label}” ({text}): số định danh không khớp giới tính. Đối chiếu số định danh và giới tính.",
    "id_disagrees_date": "Mục “{label}” ({text}): năm sinh trong số định danh không hợp với ngày ghi trên giấy. "
    "Đối chiếu số định danh và ngày.",
    "id_disagrees_province": "Mục “{label}” ({text}): mã tỉnh trong số định danh không phải của nơi đăng ký khai sinh. "
    "Đối chiếu ba chữ số đầu và nơi đăng ký.",
    "same_person": "Mục “{label}” ({text}) trùng với mục của người kia. Đối chiếu hai mục với bản giấy và nhập lại mục sai.",
    "signer_is_owner": "Mục “{label}” ({text}): người ký trùng tên người được cấp. Đối chiếu tên người ký với bản giấy.",
    "name_spelling": "Mục “{label}” ({text}) có chữ không đúng chính tả tiếng Việt. Đối chiếu từng chữ và dấu với bản giấy.",
    "family_name_rare": "Mục “{label}” ({text}): họ ít gặp. Đối chiếu họ với bản giấy, sửa nếu đọc nhầm.",
    "name_disagrees_sex": "Mục “{label}” ({text}): tên đệm “Thị” không khớp giới tính. Đối chiếu họ tên và giới tính.",
    "number_structure": "Số {text} bị thiếu hoặc lẫn ký tự (thường là số/năm, ví dụ 12/2024). Đối chiếu từng ký tự.",
    "number_ambiguous": "Ký hiệu trong {text}: chữ cuối có thể là chữ “I” hoặc số “1”. Đối chiếu ký hiệu với bản giấy.",
    "number_disagrees_type": "Ký hiệu trong {text} không phải của loại giấy tờ này. Kiểm tra loại giấy tờ và số, ký hiệu.",
    "number_disagrees_date": "Năm trong số không khớp ngày ghi trên giấy (“{label}”: {text}). Đối chiếu số và ngày.",
    "number_disagrees_issuer": "Ký hiệu trong số không phải của cơ quan ban hành (“{label}”: {text}). "
    "Đối chiếu số, ký hiệu và tên cơ quan.",
    "number_disagrees_term": "Năm trong số {text} không thuộc khóa Quốc hội ghi ở ký hiệu. Đối chiếu số, ký hiệu.",
    "place_disagrees_issuer": "Mục “{label}” ({text}): địa danh không phải nơi của cơ quan ban hành. "
    "Đối chiếu địa danh và tên cơ quan.",
    "code_structure": "Mã {text} không đúng cấu trúc mã hồ sơ. Đối chiếu từng ký tự với bản giấy.",
    "code_disagrees_date": "Ngày trong mã hồ sơ không khớp ngày tiếp nhận (“{label}”: {text}). Đối chiếu mã và ngày.",
    "phone_structure": "Số điện thoại {text} không đúng đầu số. Đối chiếu với bản giấy.",
    "tax_code_structure": "Mã số thuế {text} sai chữ số kiểm tra. Đối chiếu từng chữ số với bản giấy.",
    "tax_code_disagrees_id": "Mục “{label}” ({text}): mã số đăng ký 12 chữ số phải là số định danh của chủ hộ. "
    "Đối chiếu hai số với bản giấy.",
    "business_number_structure": "Số đăng ký {text} không theo mẫu số hộ kinh doanh hoặc mã số thuế. Đối chiếu với bản giấy.",
    "land_number_structure": "Số phát hành {text} không đúng mẫu (hai chữ cái, sáu hoặc tám chữ số). Đối chiếu từng ký tự.",
    "amount_structure": "Mục “{label}” ({text}) không phải một số lớn hơn 0 viết đúng cách. "
    "Đối chiếu dấu chấm, dấu phẩy và chữ số.",
    "amount_implausible": "Mục “{label}” ({text}) khác thường. Đối chiếu từng chữ số với bản giấy.",
    "wording_unknown": "Mục “{label}” ({text}) không có trong danh mục. Đối chiếu bản giấy và chọn giá trị đúng.",
    "sources_disagree": "Mục “{label}”: {place} ghi “{text}”, khác giá trị đọc được. Đối chiếu bản giấy và chọn giá trị đúng.",
    "type_unknown": "Chưa nhận ra loại giấy tờ. Chọn loại giấy tờ rồi nhập các mục cần thiết.",
    "type_doubtful": "Chưa chắc chắn về loại giấy tờ. Xác nhận hoặc chọn lại loại.",
    "cut_doubtful": "Chưa chắc trang này có mở đầu một giấy tờ khác hay không. Kiểm tra; nếu cần, tách hoặc ghép rồi nộp lại.",
}


def describe(
    code: str, spec: FieldSpec | None = None, *, text: str = "", page: int | None = None, place: str = "", hint: str = ""
) -> Problem:
    """The problem ``code`` about the field ``spec``, ``text`` being what was read or is doubted.

    ``place`` names where else a value stands, ``hint`` what it may be; both in Vietnamese.
    """
    label = (spec.label or spec.key) if spec else ""
    message = MESSAGES[code].format(text=text or "…", label=label, place=place, hint=hint)
    return Problem(code, message, spec.key if spec else None, page)
