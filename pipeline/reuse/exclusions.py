"""What is not digitised for reuse (Thông tư 01/2023/TT-VPCP, article 4), told where it comes in and where it is archived."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from types import MappingProxyType

from pipeline.domain.errors import RejectedInputError
from pipeline.domain.findings import Problem
from pipeline.domain.holdings import Exclusion
from pipeline.domain.releases import ANY, ExcludedType
from pipeline.reuse.holdings import MARKS

#: What to do with such a paper, for whoever hands it in.
ADVICE = MappingProxyType(
    {
        Exclusion.PHOTOCOPY: "Bản chụp, bản sao chứng thực không thuộc diện số hóa. Hãy quét bản chính, hoặc chỉ đối chiếu.",
        Exclusion.SHOW_ONLY: "Giấy tờ chỉ để xuất trình không thuộc diện số hóa. Hãy đối chiếu rồi trả lại, không quét.",
        Exclusion.CLASSIFIED: "Tài liệu mật không được số hóa trên hệ thống này. Hãy giao cho văn thư bảo mật.",
        Exclusion.SHARED_ELSEWHERE: "Giấy tờ đã có trong cơ sở dữ liệu dùng chung. Hãy khai thác từ đó, không quét.",
    }
)

#: Codes of the problems that hold a paper back at the archive, by exclusion.
CODES = MappingProxyType({one: f"excluded_{one.value}" for one in Exclusion})


def refuse_at_intake(declared: Exclusion | None, kind: str, on: date, excluded: Sequence[ExcludedType]) -> None:
    """Nothing, where a paper may come in; else raises ``RejectedInputError``.

    ``declared`` is what whoever hands it in says of it, ``kind`` the type that they expect (empty: none).
    """
    found = declared or (by_type(kind, on, excluded) if kind else None)
    if found is not None:
        raise RejectedInputError(
            f"papers of this kind are not digitised ({found.value})", code=CODES[found], advice=ADVICE[found]
        )


def by_type(kind: str, on: date, excluded: Sequence[ExcludedType]) -> Exclusion | None:
    """The exclusion of all papers of a type on a day; None where it has none."""
    for one in excluded:
        if one.type in {ANY, kind} and (one.since or "") <= on.isoformat() <= (one.until or "9999"):
            return one.exclusion
    return None


def marks_of(codes: Iterable[str]) -> tuple[str, ...]:
    """The ids of the rules that the problems of these codes stand for."""
    rules = {CODES[one]: rule for rule, one in MARKS.items()}
    return tuple(rules[code] for code in codes if code in rules)


def problems_at_archive(
    failed: Collection[str], kinds: Collection[str], on: date, excluded: Sequence[ExcludedType]
) -> tuple[Problem, ...]:
    """What holds a paper back from being archived for reuse: what its pages show, or its type; a human decides.

    ``failed`` are the ids of rules of conformity that the file fails.
    """
    found = [MARKS[rule] for rule in failed if rule in MARKS]
    found += [one for kind in kinds if (one := by_type(kind, on, excluded)) is not None]
    return tuple(Problem(CODES[one], ADVICE[one]) for one in dict.fromkeys(found))
