"""A sample dossier as a citizen would bring it to the counter: five components, each in another form."""

from __future__ import annotations

from pathlib import Path

from scripts.corpus.make import make_document
from scripts.corpus.specimen import Form, Specimen

SEED = 2026


def write_dossier(folder: Path, seed: int = SEED) -> tuple[Path, ...]:
    """Writes five components and, under ``truth/``, what each of them says; the paths of the components."""
    folder.mkdir(parents=True, exist_ok=True)
    parts: tuple[tuple[str, Specimen, Form], ...] = (
        ("01-don-de-nghi", make_document("don_de_nghi", seed, level="office", dpi=200), "pdf"),
        ("02-can-cuoc-cong-dan", make_document("can_cuoc_cong_dan", seed, level="office", dpi=300), "jpg"),
        ("03-giay-khai-sinh", make_document("giay_khai_sinh", seed, level="office", layout="two_sides", dpi=200), "tif"),
        ("04-quyet-dinh", make_document("quyet_dinh", seed, level="office", dpi=300), "pdf"),
        ("05-giay-tiep-nhan", make_document("giay_tiep_nhan_ho_so", seed, level="office", dpi=200), "jpg"),
    )
    found: list[Path] = []
    for stem, specimen, form in parts:
        found += specimen.save(folder, stem, form)
    truth = folder.parent / f"{folder.name}-truth"
    truth.mkdir(exist_ok=True)
    for path in folder.glob("*.json"):
        path.replace(truth / path.name)
    return tuple(found)
