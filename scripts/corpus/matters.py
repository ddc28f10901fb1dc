"""What administrative papers are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scripts.corpus import prose
from scripts.corpus.chance import Chance, listed
from scripts.corpus.offices import Office
from scripts.corpus.people import Person, draw_name, draw_person


@dataclass(frozen=True, slots=True)
class Matter:
    """What a paper is about, who issues it and when; ``counterpart`` signs beside the issuer where there is one."""

    subject: str
    office: Office
    day: date
    person: Person
    counterpart: tuple[str, str] | None = None

    @classmethod
    def draw(cls, chance: Chance, code: str, office: Office, day: date) -> Matter:
        """An invented matter fit for a paper of type ``code``."""
        person = draw_person(chance, day, (25, 62))
        area = str(office.address.commune if office.address.commune and chance.odds(0.6) else office.address.province)
        topic = prose.subject(chance, day, area, f"Trung tâm {chance.pick(('Y tế', 'Văn hóa', 'Quan trắc', 'Khuyến nông'))}")
        counterpart = {
            "hop_dong": ("ĐẠI DIỆN BÊN B", draw_name(chance, True)),
            "bien_ban": ("THƯ KÝ", draw_name(chance, False)),
        }.get(code)
        return cls(_subject(chance, code, topic, office, day, person), office, day, person, counterpart)


def _subject(chance: Chance, code: str, topic: str, office: Office, day: date, person: Person) -> str:
    who = f"{person.style.lower()} {person.name}"
    field = chance.pick(prose.FIELDS)
    if code in ("bao_cao", "ke_hoach", "phuong_an", "de_an", "du_an", "chuong_trinh", "huong_dan"):
        return f"Kết quả {topic}" if code == "bao_cao" else topic[0].upper() + topic[1:]
    special = {
        "luat": listed(chance.pick(prose.LAW_NAMES).upper()),
        "nghi_dinh": listed(f"Quy định chi tiết một số điều của Luật {chance.pick(prose.LAW_NAMES)}"),
        "thong_tu": listed(f"Hướng dẫn thực hiện chế độ báo cáo, lưu giữ hồ sơ lĩnh vực {field}"),
        "quy_che": listed(
            f"Làm việc của {office.title_case}|Quản lý, sử dụng tài sản công tại cơ quan|Tiếp công dân và xử lý đơn thư"
        ),
        "quy_dinh": listed(f"Về trách nhiệm phối hợp trong lĩnh vực {field}"),
        "hop_dong": listed(
            "Thuê dịch vụ bảo trì phần mềm một cửa|Mua sắm giá, kệ đựng tài liệu lưu trữ|Sửa chữa mái tôn nhà kho"
        ),
        "bien_ban": listed(f"Họp {topic}|Kiểm tra việc tiếp nhận và trả kết quả hồ sơ|Bàn giao tài liệu lưu trữ"),
        "giay_uy_quyen": listed("ký các văn bản hành chính thông thường|tham gia tố tụng tại Tòa án nhân dân khu vực"),
        "giay_moi": listed(f"dự họp {topic}|tham dự hội nghị tổng kết công tác năm"),
        "giay_gioi_thieu": listed("liên hệ công tác|cử công chức đến nhận hồ sơ, tài liệu"),
        "phieu_chuyen": listed(f"chuyển đơn của {who}|chuyển hồ sơ liên quan đến {field}"),
        "thong_bao": listed(
            f"{topic}|kết luận tại cuộc họp giao ban tháng {day.month}|niêm yết công khai việc mất giấy tờ của {who}"
        ),
        "quyet_dinh": listed(
            f"{topic}|{topic}|bổ nhiệm {who} giữ chức vụ Trưởng phòng|nâng bậc lương thường xuyên cho viên chức"
        ),
        "cong_van": listed(f"{topic}|trả lời đơn của {who}|lấy ý kiến dự thảo quy định về {field}"),
    }
    return chance.pick(special.get(code, (topic,)))
