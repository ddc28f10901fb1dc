"""Papers that may have come in twice: shown to the operator, held back where one of the two must be wrong or needless."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipeline.domain.documents import Status
from pipeline.domain.duplicates import Duplicate, DuplicateKind
from pipeline.domain.findings import Problem


def note_duplicates(
    status: Status,
    problems: tuple[Problem, ...],
    found: Sequence[Duplicate],
    *,
    dossier: str,
    settled: Collection[Problem] = (),
) -> tuple[Status, tuple[Problem, ...]]:
    """Status and problems with what ``found`` adds to them; ``settled`` are problems that a human has decided about.

    A document that has its like in the same dossier, or bears the number of another paper, waits for a human. One that is
    known from another dossier does not: the same paper serves many, and the link says so.
    """
    sheets = {one.document for one in found if one.kind is not DuplicateKind.NUMBER}
    added, held = [], False
    for one in found:
        if one.kind is DuplicateKind.NUMBER and one.document in sheets:
            continue
        problem = _problem(one)
        added.append(problem)
        held |= problem not in settled and (one.dossier == dossier or one.kind is DuplicateKind.NUMBER)
    held &= status is Status.APPROVED
    return (Status.NEEDS_REVIEW if held else status), (*problems, *added)


def _problem(one: Duplicate) -> Problem:
    where = f"hồ sơ {one.dossier}, tài liệu {one.document}" if one.dossier else f"tài liệu {one.document}"
    if one.kind is DuplicateKind.FILE:
        return Problem(
            "duplicate_file", f"Tệp này đã được nộp trước đây ({where}). Kiểm tra; nếu cùng việc thì dùng bản đã có."
        )
    if one.kind is DuplicateKind.PAGES:
        page = one.pages[0][0] if one.pages else None
        message = f"Giấy tờ này có vẻ đã được quét trước đây ({where}). Đối chiếu hai bản; nếu trùng thì dùng bản đã có."
        return Problem("duplicate_pages", message, page=page)
    message = f"Đã có giấy tờ cùng số, cùng cơ quan, cùng ngày ({where}). Đối chiếu hai bản với bản giấy."
    return Problem("duplicate_number", message)
