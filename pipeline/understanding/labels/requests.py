"""What an application asks for, without the courtesies around it."""

from __future__ import annotations

import re

from pipeline.understanding.folding import squeeze

_LEVEL = r"(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh|đặc khu)"
_NAMED = rf"(?:\s+{_LEVEL}(?:\s+[A-ZĐÀ-Ỹ][\w'’-]*)+,?)*"
_BODY = (
    r"(?:(?:quý|các)\s+)?(?:cơ quan(?:\s+(?:chức năng|có thẩm quyền|nhà nước))?|ủy ban nhân dân|uỷ ban nhân dân|ubnd|"
    rf"lãnh đạo|ban lãnh đạo|sở|phòng|trung tâm|ban|ông\s*/?\s*bà|quý vị){_NAMED}"
)
_OPENING = re.compile(
    rf"^(?:(?:tôi|nay tôi|kính|đề nghị|mong|được)\s+)*(?:{_BODY}(?:\s*(?:,|và)\s*{_BODY})*\s+)?"
    r"(?:(?:quan tâm|xem xét|giải quyết(?!\s+việc\b)|giúp đỡ|tạo điều kiện|chấp thuận)\s*(?:,|và)?\s*)*"
    r"(?:cho\s+(?:tôi|gia đình tôi|con tôi|em|chúng tôi)\s*(?:được)?\s*|về việc\s+|việc\s+)?",
    re.IGNORECASE,
)
_REASONS = re.compile(r"[.;]?\s*(?:lý do|vì lý do|với lý do)\s*(?::|là\b).*$", re.IGNORECASE)


def bare_request(text: str) -> str:
    """``text`` without the opening formula, the body addressed and the reasons; as it is where nothing else is left."""
    plain = _REASONS.sub("", squeeze(text))
    bare = _OPENING.sub("", plain, count=1).strip(" .,;:–-")
    return bare if len(bare.split()) > 1 else plain.strip(" .,;:–-")
