"""An office in memory with papers that need review, and a desk to review them at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.domain.documents import Document
from pipeline.domain.reviews import TYPE_KEY, WHOLE, Place, StepKind
from pipeline.review_desk import Case, Desk, Rules, Wish
from storage.catalogue import SqlCatalogue
from tests.scripted_office import Office, ScriptedReader

DOSSIER = "000.00.16.H05-260105-0001"
ID_KEY, SEX_KEY = Place(1, "so_dinh_danh"), Place(1, "gioi_tinh")
BIRTH = "\n".join(
    (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "GIẤY KHAI SINH",
        "Số: 12/2024",
        "Họ, chữ đệm, tên: TRẦN THỊ BƯỞI",
        "Ngày, tháng, năm sinh: 15/07/2015",
        "Giới tính: Nữ Dân tộc: Kinh Quốc tịch: Việt Nam",
        "Nơi sinh: Bệnh viện Đa khoa tỉnh Hà Giang",
        "Số định danh cá nhân: 002315000123",
        "Họ, chữ đệm, tên người mẹ: NGUYỄN THỊ HOA",
        "Nơi đăng ký khai sinh: UBND xã Phú Linh, huyện Vị Xuyên, tỉnh Hà Giang",
        "Ngày, tháng, năm đăng ký: 20/07/2015",
    )
)


@contextmanager
def birth_office(folder: Path, **rules: object) -> Iterator[tuple[Office, Desk]]:
    """An office that reads every file as a birth certificate, and its desk."""
    catalogue = SqlCatalogue(f"sqlite:///{folder / 'catalogue.sqlite'}")
    office = Office(folder, catalogue, ScriptedReader(pages=1))
    office.reader.texts = {"scripted": BIRTH}
    try:
        yield office, Desk(office.ports, Rules(**rules))  # type: ignore[arg-type]
    finally:
        catalogue.close()


def paper(office: Office, content: bytes = b"%PDF birth", dossier: str = DOSSIER) -> Document:
    """A paper that was handed in and read."""
    found = office.submit(content, dossier=dossier)
    office.work()
    return office.catalogue.document(found.id)


def look_at_all(desk: Desk, document: Document, actor: str) -> Case:
    """The case, once ``actor`` has confirmed what was read, and said that nothing stands where nothing was read.

    The sex is confirmed as well, whether or not it was doubted.
    """
    sex = desk.case(document.id).field(SEX_KEY)
    if sex is not None and sex.value is not None:
        desk.settle(document.id, document.revision, Wish(SEX_KEY, StepKind.CONFIRM, seconds=1.5), actor=actor)
    for point in desk.case(document.id).open_points:
        field = desk.case(document.id).field(point.place)
        noted = point.place.part == WHOLE
        there = point.place.key == TYPE_KEY or (field is not None and field.value is not None)
        kind = StepKind.NOTED if noted else StepKind.CONFIRM if there else StepKind.ABSENT
        desk.settle(document.id, document.revision, Wish(point.place, kind, seconds=1.5), actor=actor)
    return desk.case(document.id)
