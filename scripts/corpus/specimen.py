"""A made document with its truth, and its files."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pikepdf
from numpy.typing import NDArray
from PIL import Image

from scripts.corpus.canvas import Sheet
from scripts.corpus.truth import Truth

Form = Literal["jpg", "png", "tif", "pdf", "born_digital"]
SUFFIXES: dict[str, str] = {"jpg": "jpg", "png": "png", "tif": "tif", "pdf": "pdf", "born_digital": "pdf"}


@dataclass(frozen=True, slots=True)
class Specimen:
    """Pages as RGB pixels, the truth about them, and the sheets they were drawn from."""

    pages: tuple[NDArray[np.uint8], ...]
    truth: Truth
    sheets: tuple[Sheet, ...]

    @property
    def dpi(self) -> int:
        """Pixels to the inch."""
        return self.truth.dpi

    def save(self, folder: Path, stem: str, form: Form = "jpg") -> tuple[Path, ...]:
        """Writes the document and ``<stem>.json``; the paths of the document's files (several for jpg and png pages).

        ``born_digital`` writes a PDF with a text layer; raises ``ValueError`` for it unless the specimen is clean,
        since its boxes are those of the undisturbed page.
        """
        folder.mkdir(parents=True, exist_ok=True)
        paths = self._write(folder, stem, form)
        truth = {**self.truth.as_json(), "files": [path.name for path in paths]}
        (folder / f"{stem}.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")
        return paths

    def _write(self, folder: Path, stem: str, form: Form) -> tuple[Path, ...]:
        path = folder / f"{stem}.{SUFFIXES[form]}"
        if form == "born_digital":
            from scripts.corpus.born_digital import write_pdf  # noqa: PLC0415  its library is a development dependency

            if self.truth.defect != "clean":
                raise ValueError(f"{stem}: only a clean specimen can be born digital, this one is {self.truth.defect}")
            write_pdf(self.sheets, path, self.truth)
        elif form == "pdf":
            write_scan(self.pages, path, self.dpi)
        elif form == "tif":
            images = [Image.fromarray(page) for page in self.pages]
            images[0].save(
                path, save_all=True, append_images=images[1:], compression="jpeg", quality=88, dpi=(self.dpi, self.dpi)
            )
        else:
            return _write_pictures(self.pages, path, self.dpi)
        return (path,)


def _write_pictures(pages: Sequence[NDArray[np.uint8]], path: Path, dpi: int) -> tuple[Path, ...]:
    paths = [
        path if len(pages) == 1 else path.with_name(f"{path.stem}.p{number:02d}{path.suffix}")
        for number in range(1, len(pages) + 1)
    ]
    for page, target in zip(pages, paths, strict=True):
        image = Image.fromarray(page)
        if path.suffix == ".jpg":
            image.save(target, quality=84, dpi=(dpi, dpi))
        else:
            image.save(target, compress_level=3, dpi=(dpi, dpi))
    return tuple(paths)


def write_scan(pages: Sequence[NDArray[np.uint8]], path: Path, dpi: int) -> None:
    """A PDF of one JPEG a page, as scanners make it."""
    with pikepdf.new() as pdf:
        for page in pages:
            stream = io.BytesIO()
            Image.fromarray(page).save(stream, "JPEG", quality=82)
            height, width = page.shape[:2]
            picture = pikepdf.Stream(pdf, stream.getvalue())
            picture.stream_dict = pikepdf.Dictionary(
                Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width, Height=height, BitsPerComponent=8,
                ColorSpace=pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode,
            )  # fmt: skip
            size = (width * 72 / dpi, height * 72 / dpi)
            sheet = pdf.add_blank_page(page_size=size)
            sheet.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=picture))
            sheet.obj.Contents = pikepdf.Stream(pdf, f"q {size[0]:.4f} 0 0 {size[1]:.4f} 0 0 cm /Scan Do Q".encode())
        pdf.save(path, deterministic_id=True)
