"""Small PDFs made by hand for tests: pages of pictures, text, paths and stamps."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image

A4 = (595.2, 841.92)
LETTER_TEXT = (
    "Theo quy dinh hien hanh Uy ban nhan dan thong bao cho cac co quan va don vi",
    "co lien quan duoc biet de phoi hop thuc hien theo dung tham quyen duoc giao",
    "Can cu de nghi cua Giam doc So Noi vu va Chanh Van phong Uy ban nhan dan",
)


def scan_pixels(width: int = 620, height: int = 877, *, colour: bool = True) -> np.ndarray:
    """A page with marks that tell its corners apart: black top left, red (or grey) top right, lines below."""
    page = np.full((height, width, 3), 255, np.uint8)
    page[20:60, 20:60] = 0
    page[20:60, width - 120 : width - 20] = (200, 30, 30) if colour else (90, 90, 90)
    for top in range(150, height - 100, 40):
        page[top : top + 8, 60 : width - 90] = 40
    return page if colour else page[:, :, 0].copy()


def jpeg_bytes(pixels: np.ndarray, **options: object) -> bytes:
    """The pixels as a JPEG."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=90, **options)
    return out.getvalue()


def image_pdf(
    path: Path,
    data: bytes,
    size: tuple[int, int],
    *,
    filters: str = "/DCTDecode",
    space: str = "/DeviceRGB",
    bits: int = 8,
    matrix: str | None = None,
    rotate: int = 0,
    more: str = "",
    parameters: dict[str, object] | None = None,
    fields: dict[str, object] | None = None,
    page_size: tuple[float, float] = A4,
) -> Path:
    """One page that is one image; ``more`` is content after it."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=page_size)
    image = pikepdf.Stream(pdf, data)
    image.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": size[0], "/Height": size[1]})
    image["/ColorSpace"], image["/BitsPerComponent"] = pikepdf.Name(space), bits
    names = [pikepdf.Name(name) for name in filters.split()]
    image["/Filter"] = pikepdf.Array(names) if len(names) > 1 else names[0]
    if parameters:
        image["/DecodeParms"] = pikepdf.Dictionary(parameters)
    for key, value in (fields or {}).items():
        image[key] = value
    page.obj["/Resources"] = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(image)), Font=pikepdf.Dictionary(F0=_helvetica())
    )
    placed = matrix or f"{A4[0]} 0 0 {A4[1]} 0 0"
    page.obj["/Contents"] = pdf.make_stream(f"q {placed} cm /Im0 Do Q\n{more}".encode())
    if rotate:
        page.obj["/Rotate"] = rotate
    pdf.save(path)
    return path


def text_pdf(path: Path, content: str, *, pages: int = 1, font: str = "Helvetica") -> Path:
    """A4 pages with ``content``; font F0 is Helvetica in WinAnsi."""
    pdf = pikepdf.new()
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=A4)
        page.obj["/Resources"] = pikepdf.Dictionary(Font=pikepdf.Dictionary(F0=_helvetica(font)))
        page.obj["/Contents"] = pdf.make_stream(content.encode("cp1252"))
    pdf.save(path)
    return path


def typed(lines: tuple[str, ...] = LETTER_TEXT, *, top: float = 700, left: float = 70, mode: int = 0) -> str:
    """Content that types ``lines`` at 12 points."""
    shown = "\n".join(f"BT /F0 12 Tf {mode} Tr {left} {top - 20 * at} Td ({line}) Tj ET" for at, line in enumerate(lines))
    return shown + "\n"


def add_stamp(path: Path, rect: tuple[float, float, float, float], content: str) -> None:
    """Add an annotation whose appearance is ``content`` (in its own box, from 0 0)."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        look = pdf.make_stream(content.encode())
        look.update(
            {
                "/Type": pikepdf.Name.XObject,
                "/Subtype": pikepdf.Name.Form,
                "/BBox": pikepdf.Array([0, 0, rect[2] - rect[0], rect[3] - rect[1]]),
                "/Resources": pikepdf.Dictionary(Font=pikepdf.Dictionary(F0=_helvetica())),
            }
        )
        stamp = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Stamp,
            Rect=pikepdf.Array(list(rect)),
            F=4,
            AP=pikepdf.Dictionary(N=look),
        )
        pdf.pages[0].obj["/Annots"] = pikepdf.Array([pdf.make_indirect(stamp)])
        pdf.save(path)


def _helvetica(name: str = "Helvetica") -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name("/" + name),
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
