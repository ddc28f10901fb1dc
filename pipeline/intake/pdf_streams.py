"""The coded pictures inside a PDF, looked at as they are stored: how large they are, which may be kept as they are."""

from __future__ import annotations

import zlib

import pikepdf
import pypdfium2.raw as pdfium_c

from pipeline.domain.pages import PagePicture, PictureEncoding
from pipeline.intake.jpegs import read_header
from pipeline.intake.pdf_files import QPDF_ERRORS
from pipeline.intake.pdf_scans import Placement
from pipeline.intake.pictures import keep_jpeg

_MOST_RESOURCES = 20_000
#: What an image among others is said to have: its page says how large it is.
_ANY_DPI = 72.0


def keep_stream(raw_page: pikepdf.Page, placement: Placement, dpi: float) -> PagePicture | None:
    """The image's own coded bytes, where they are a plain JPEG or CCITT G4 and displayed as they are stored."""
    if not placement.upright:
        return None
    try:
        streams = [stream for stream in _images(raw_page) if _fits(stream, placement)]
        if len(streams) != 1 or _is_odd(streams[0]):
            return None
        return _keep(streams[0], dpi)
    except (*QPDF_ERRORS, zlib.error):
        return None


def keep_plain(stream: pikepdf.Stream) -> PagePicture | None:
    """The coded bytes of one image among others, where they are a plain JPEG or CCITT G4; None where they are not."""
    try:
        kept = None if _is_odd(stream) else _keep(stream, _ANY_DPI)
    except (*QPDF_ERRORS, zlib.error):
        return None
    if kept is None or (kept.width, kept.height) != _stored_size(stream):
        return None
    return kept


def broken_off(raw_page: pikepdf.Page, placement: Placement) -> bytes | None:
    """The bytes of the covering image where it is a JPEG without its end, else None."""
    try:
        for stream in (one for one in _images(raw_page) if _fits(one, placement)):
            data, last = _coded(stream)
            header = read_header(data) if last == "/DCTDecode" else None
            if header is not None and not header.end:
                return data
    except (*QPDF_ERRORS, zlib.error):
        return None
    return None


def has_stencil(raw_page: pikepdf.Page, placement: Placement) -> bool:
    """Whether the covering image may be a stencil, masked or keyed, so that only painting tells how it looks."""
    try:
        return any(_is_masked(stream) for stream in _images(raw_page) if _stored_size(stream) == placement.stored)
    except QPDF_ERRORS:
        return True


def largest_image(raw_page: pikepdf.Page) -> tuple[int, int]:
    """Declared width and height of the largest image that the page, its forms, patterns or annotations name."""
    largest = (0, 0)
    try:
        for stream in _images(raw_page):
            width, height = _stored_size(stream)
            if width * height > largest[0] * largest[1]:
                largest = (width, height)
    except QPDF_ERRORS:
        return largest
    return largest


def _fits(stream: pikepdf.Stream, placement: Placement) -> bool:
    if _stored_size(stream) != placement.stored:
        return False
    handle = placement.piece.handle
    length = pdfium_c.FPDFImageObj_GetImageDataRaw(handle, None, 0)
    return bool(length == len(stream.read_raw_bytes()))


def _stored_size(stream: pikepdf.Stream) -> tuple[int, int]:
    return int(stream.get("/Width", 0)), int(stream.get("/Height", 0))


def _is_masked(stream: pikepdf.Stream) -> bool:
    return bool(stream.get("/ImageMask", False)) or "/SMask" in stream or "/Mask" in stream


def _is_odd(stream: pikepdf.Stream) -> bool:
    return _is_masked(stream) or "/SMaskInData" in stream or "/OC" in stream or "/Alternates" in stream


def _keep(stream: pikepdf.Stream, dpi: float) -> PagePicture | None:
    data, last = _coded(stream)
    parameters = stream.get("/DecodeParms")
    if isinstance(parameters, pikepdf.Array):
        parameters = parameters[len(_filters(stream)) - 1]
    settings = parameters if isinstance(parameters, pikepdf.Dictionary) else pikepdf.Dictionary()
    if last == "/DCTDecode":
        return _keep_dct(stream, data, settings, dpi)
    if last == "/CCITTFaxDecode":
        return _keep_g4(stream, data, settings, dpi)
    return None


def _coded(stream: pikepdf.Stream) -> tuple[bytes, str]:
    """The picture's coded bytes and the name of their filter, Flate around them unpacked; ``""`` for other wrappings."""
    *wrappings, last = _filters(stream)
    if any(name != "/FlateDecode" for name in wrappings) or len(wrappings) > 2:
        return b"", ""
    data = stream.read_raw_bytes()
    for _ in wrappings:
        data = _inflated(data)
    return data, last


def _filters(stream: pikepdf.Stream) -> list[str]:
    filters = stream.get("/Filter")
    return ([str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]) or [""]


def _inflated(data: bytes) -> bytes:
    """The unpacked bytes; raises ``zlib.error`` where they are far more than a coded picture ever is."""
    inflater = zlib.decompressobj()
    unpacked = inflater.decompress(data, 4 * len(data) + (1 << 20))
    if inflater.unconsumed_tail:
        raise zlib.error("unpacks to far too much")
    return unpacked


def _keep_dct(stream: pikepdf.Stream, data: bytes, settings: pikepdf.Dictionary, dpi: float) -> PagePicture | None:
    header = read_header(data)
    if header is None or (header.width, header.height) != _stored_size(stream) or "/ColorTransform" in settings:
        return None
    plain = [0, 1] * header.components
    if _decode_array(stream, plain) != plain or _components(stream) != header.components:
        return None
    return keep_jpeg(data, header, dpi)


def _keep_g4(stream: pikepdf.Stream, data: bytes, settings: pikepdf.Dictionary, dpi: float) -> PagePicture | None:
    width, height = _stored_size(stream)
    decode = _decode_array(stream, [0, 1])
    if int(settings.get("/K", 0)) >= 0 or int(settings.get("/Columns", 1728)) != width:
        return None
    if bool(settings.get("/EncodedByteAlign", False)) or int(settings.get("/Rows", height)) not in (0, height):
        return None
    if _components(stream) != 1 or int(stream.get("/BitsPerComponent", 1)) != 1 or decode not in ([0, 1], [1, 0]):
        return None
    black_is_1 = bool(settings.get("/BlackIs1", False)) != (decode == [1, 0])
    return PagePicture(data, PictureEncoding.CCITT_G4, width, height, dpi, 1, 1, black_is_1)


def _decode_array(stream: pikepdf.Stream, plain: list[int]) -> list[int]:
    decode = stream.get("/Decode")
    if not isinstance(decode, pikepdf.Array):
        return plain
    return [round(float(value) * 1000) // 1000 for value in decode]


def _components(stream: pikepdf.Stream) -> int:
    """Channels of a plain grey or RGB colour space, 0 for any other."""
    space = stream.get("/ColorSpace")
    if isinstance(space, pikepdf.Array) and len(space) == 2 and str(space[0]) == "/ICCBased":
        channels = int(space[1].get("/N", 0))
        return channels if channels in (1, 3) else 0
    if isinstance(space, pikepdf.Array):
        space = space[0]
    return {"/DeviceGray": 1, "/CalGray": 1, "/G": 1, "/DeviceRGB": 3, "/CalRGB": 3, "/RGB": 3}.get(str(space), 0)


def _images(raw_page: pikepdf.Page) -> list[pikepdf.Stream]:
    """Every image that the page's resources, or those of its forms, patterns and annotations, lead to."""
    found: list[pikepdf.Stream] = []
    seen: set[tuple[int, int]] = set()
    waiting: list[pikepdf.Object | None] = [raw_page.obj.get("/Resources"), *_inherited(raw_page), *_appearances(raw_page)]
    looked = 0
    while waiting and looked < _MOST_RESOURCES:
        looked += 1
        entry = waiting.pop()
        if not isinstance(entry, pikepdf.Dictionary | pikepdf.Stream):
            continue
        if entry.is_indirect:
            if entry.objgen in seen:
                continue
            seen.add(entry.objgen)
        if isinstance(entry, pikepdf.Stream):
            if str(entry.get("/Subtype")) == "/Image":
                found.append(entry)
                waiting.append(entry.get("/SMask"))
            waiting.append(entry.get("/Resources"))
            continue
        for key in ("/XObject", "/Pattern"):
            named = entry.get(key)
            waiting.extend(named.values() if isinstance(named, pikepdf.Dictionary) else ())
    return found


def _inherited(raw_page: pikepdf.Page) -> list[pikepdf.Object | None]:
    found: list[pikepdf.Object | None] = []
    parent = raw_page.obj.get("/Parent")
    for _ in range(50):
        if not isinstance(parent, pikepdf.Dictionary):
            break
        found.append(parent.get("/Resources"))
        parent = parent.get("/Parent")
    return found


def _appearances(raw_page: pikepdf.Page) -> list[pikepdf.Object]:
    annotations = raw_page.obj.get("/Annots")
    if not isinstance(annotations, pikepdf.Array):
        return []
    found: list[pikepdf.Object] = []
    for annotation in list(annotations)[:1000]:
        looks = annotation.get("/AP") if isinstance(annotation, pikepdf.Dictionary) else None
        normal = looks.get("/N") if isinstance(looks, pikepdf.Dictionary) else None
        if isinstance(normal, pikepdf.Stream):
            found.append(normal)
        elif isinstance(normal, pikepdf.Dictionary):
            found.extend(normal.values())
    return found
