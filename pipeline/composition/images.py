"""Coded images as PDF objects."""

from __future__ import annotations

from pipeline.composition.container import Name, PdfFile, PdfValue, Ref
from pipeline.domain.pages import PagePicture, PictureEncoding, PictureLayer


def write_image(pdf: PdfFile, image: PagePicture | PictureLayer, *, black_is_1: bool = False, mask: Ref | None = None) -> Ref:
    """Write ``image`` as an image object, with ``mask`` as its soft mask where it has one; returns it."""
    entries: dict[str, PdfValue] = {
        "Type": Name("XObject"),
        "Subtype": Name("Image"),
        "Width": image.width,
        "Height": image.height,
        "BitsPerComponent": image.bits,
    }
    if isinstance(image, PictureLayer) and image.colour is not None:
        entries["ImageMask"] = True
    else:
        entries["ColorSpace"] = Name("DeviceRGB" if image.components == 3 else "DeviceGray")
    if mask is not None:
        entries["SMask"] = mask
    match image.encoding:
        case PictureEncoding.JPEG:
            entries["Filter"] = Name("DCTDecode")
        case PictureEncoding.CCITT_G4:
            entries["Filter"] = Name("CCITTFaxDecode")
            entries["DecodeParms"] = {"K": -1, "Columns": image.width, "Rows": image.height, "BlackIs1": black_is_1}
        case PictureEncoding.PNG_ROWS:
            entries["Filter"] = Name("FlateDecode")
            entries["DecodeParms"] = {"Predictor": 15, "Colors": image.components, "Columns": image.width}
        case _:
            entries["Filter"] = Name("FlateDecode")
    return pdf.add_stream(entries, image.data)
