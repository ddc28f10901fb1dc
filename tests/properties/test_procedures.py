"""However a name was misread, it links the procedure it was, or none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.procedures import Procedure
from pipeline.understanding.folding import fold
from pipeline.understanding.standing.procedures import find_procedure
from tests.written_findings import found

NAMES = (
    "Đăng ký khai sinh", "Đăng ký lại khai sinh", "Đăng ký khai tử", "Đăng ký lại khai tử", "Đăng ký khai sinh lưu động",
    "Cấp giấy phép xây dựng", "Cấp lại giấy phép xây dựng", "Cấp đổi giấy phép xây dựng", "Gia hạn giấy phép xây dựng",
    "Cấp Phiếu lý lịch tư pháp số 1", "Cấp Phiếu lý lịch tư pháp số 2", "Cấp phép (cấp tỉnh)", "Cấp phép (cấp xã)",
)  # fmt: skip
SIGNS = st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạ01 .,")


class _Listed:
    def procedures(self) -> tuple[Procedure, ...]:
        return tuple(Procedure(f"1.{place:06d}", name) for place, name in enumerate(NAMES))


@given(st.sampled_from(range(len(NAMES))), st.lists(st.tuples(st.integers(0, 60), SIGNS), max_size=2))
def test_a_misread_name_links_its_own_procedure_or_none(place: int, slips: list[tuple[int, str]]) -> None:
    letters = list(NAMES[place])
    for at, sign in slips:
        if letters[at % len(letters)].isalpha():
            letters[at % len(letters)] = sign
    read = "".join(letters)
    link = find_procedure(found("giay_tiep_nhan_ho_so", ten_thu_tuc=read), [], [], _Listed())
    assert link is None or link.name == NAMES[place] or fold(read) == fold(link.name)


@given(st.text(max_size=60))
def test_any_text_links_nothing_that_it_does_not_name(text: str) -> None:
    link = find_procedure(found("giay_tiep_nhan_ho_so", ten_thu_tuc=text), [], [], _Listed())
    assert link is None or link.name in NAMES
