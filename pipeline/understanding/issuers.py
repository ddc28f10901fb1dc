"""The issuing body and the one above it, from the lines of the header's left block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.understanding.folding import fold
from pipeline.understanding.sheets import Token

#: Words that begin the name of a body, folded; a line that begins otherwise goes on with the name above it.
_HEADS = (
    "so ", "ban ", "van phong", "cuc ", "phong ", "chi cuc", "trung tam", "bo ", "uy ban", "hoi dong", "tong cuc", "toa an",
    "vien ", "cong an", "truong ", "benh vien", "dang uy", "cong ty", "thanh tra", "kho bac", "bao hiem", "thue ", "chi nhanh",
    "hoi ", "lien doan", "dai hoc", "hoc vien", "doan ", "to ", "tap doan", "ngan hang", "ubnd", "hdnd", "dai ", "bao ", "quy ",
    "chinh phu", "quoc hoi", "tong cong ty", "vu ", "nha ", "thu vien", "bao tang", "tram ", "doi ", "tieu ban", "mat tran",
    "tinh uy", "huyen uy", "thanh uy", "dang bo", "tong lien doan", "thu tuong", "bhxh", "tand", "vksnd", "kiem toan", "xi nghiep",
)  # fmt: skip
_LEVELS = ("tinh ", "thanh pho ", "tp ", "huyen ", "quan ", "thi xa ", "xa ", "phuong ", "thi tran ", "dac khu ")
#: Names that say nothing without the body above them.
_DEPENDENT = ("van phong", "hoi dong nhan dan", "uy ban nhan dan", "thanh tra", "thuong truc", "ban thuong vu", "ban chap hanh")

Lines = tuple[tuple[Token, ...], ...]


@dataclass(frozen=True, slots=True)
class Issuers:
    """Tokens of the issuing body, and of its superior where one stands above; ``issuer`` is never empty."""

    issuer: tuple[Token, ...]
    superior: tuple[Token, ...] = ()
    completed: bool = False


def tell_issuers(lines: Lines) -> Issuers | None:
    """Which of ``lines`` name the issuing body and which the one above it; None where there are none.

    Where the name of the body says nothing alone (VĂN PHÒNG), ``completed`` tells that its superior belongs to it.
    """
    bodies = _bodies(lines)
    if not bodies:
        return None
    issuer = bodies[-1]
    superior = tuple(token for body in bodies[:-1] for token in body)
    alone = fold(" ".join(token.text for token in issuer))
    return Issuers(issuer, superior, completed=bool(superior) and alone in _DEPENDENT)


def _bodies(lines: Lines) -> list[tuple[Token, ...]]:
    bodies: list[tuple[Token, ...]] = []
    for line in lines:
        text = " ".join(token.text for token in line)
        if bodies and not _begins(fold(text) + " ", bodies[-1]):
            bodies[-1] += line
        else:
            bodies.append(line)
    return bodies


def _begins(folded: str, before: Sequence[Token]) -> bool:
    above = " ".join(token.text for token in before).rstrip()
    hanging = above.endswith(("-", "–", ",")) or fold(above).endswith((" va", " cua", " quan ly", " nghien cuu", " phat trien"))
    if hanging or folded.startswith(_LEVELS):
        return False
    return folded.startswith(_HEADS)
