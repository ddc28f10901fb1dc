"""Picture files: JPEG, PNG, WebP, HEIC and the frames of a TIFF, as the eye sees them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, ImageOps

from pipeline.domain.errors import DamagedFileError
from pipeline.domain.pages import PageImage, PagePicture, PictureEncoding, Pixels, ScannedPage
from pipeline.intake import media, rejections
from pipeline.intake.bounds import Bounds
from pipeline.intake.broken_pictures import BROKEN, ends_well, save_truncated
from pipeline.intake.jpegs import JpegHeader, read_header
from pipeline.intake.resolution import sane_dpi, square_dots
from pipeline.intake.tiffs import Frame, list_pages

# Our own bounds are held before decoding, and Pillow's are global: its warning would only be noise.
Image.MAX_IMAGE_PIXELS = None

_FORMATS = {media.TIFF: ("TIFF",), media.JPEG: ("JPEG", "MPO"), media.PNG: ("PNG",), media.WEBP: ("WEBP",)}
_ORIENTATION_TAG = 0x0112


def count_pictures(path: Path, name: str, media_type: str, bounds: Bounds) -> int:
    """How many pages the file has.

    Raises ``DamagedFileError`` where none of them can be decoded, ``TooLargeError`` for too many of them, or where
    every one goes past the pixel bound.
    """
    if media_type == media.TIFF:
        return _count_frames(path, name, bounds)
    with _opened(path, media_type, name) as picture:
        if not bounds.hold_pixels(*picture.size, _bits(picture)):
            raise rejections.too_many_pixels(name, *picture.size, bounds.max_page_pixels)
        if not ends_well(path, media_type):
            _pixels_of(picture, path, media_type)
    return 1


def read_picture(path: Path, media_type: str, number: int, bounds: Bounds) -> ScannedPage:
    """Page ``number`` of a picture file; its own coded bytes come along where they may be kept as they are.

    Raises ``DamagedFileError`` (``damaged_page``) or ``TooLargeError``.
    """
    label = f"page {number}"
    frame = _frame(path, number, bounds) if media_type == media.TIFF else None
    if frame and not bounds.hold_pixels(frame.width, frame.height, frame.bits):
        raise rejections.too_many_pixels(label, frame.width, frame.height, bounds.max_page_pixels)
    try:
        with _opened(path, media_type, label) as picture:
            if frame:
                picture.seek(frame.index)
            if not bounds.hold_pixels(*picture.size, _bits(picture)):
                raise rejections.too_many_pixels(label, *picture.size, bounds.max_page_pixels)
            declared = _declared_dpi(picture)
            turn = picture.getexif().get(_ORIENTATION_TAG, 1)
            pixels, problems = _pixels_of(picture, path, media_type)
    except (*BROKEN, DamagedFileError) as error:
        raise rejections.damaged_page(number, "the picture cannot be decoded") from error
    pixels, dots = square_dots(pixels, *(declared if turn < 5 else declared[::-1]))
    height, width = pixels.shape[:2]
    dpi = sane_dpi(width, height, dots)
    kept = _kept(path, media_type, frame, dpi) if turn in (0, 1) and not problems else None
    if kept and (kept.width, kept.height) != (width, height):
        kept = None
    return ScannedPage(PageImage(number, pixels, dpi), picture=kept, problems=problems)


def to_pixels(picture: Image.Image) -> Pixels:
    """Grey (height, width) or RGB (height, width, 3) pixels; what is transparent shows white paper."""
    mode = picture.mode
    if mode.startswith("I;16") or mode in ("I", "F"):
        return _eight_bits(picture)
    if mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        coloured = picture.convert("RGBA")
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(coloured, mask=coloured.getchannel("A"))
        picture = paper.convert("L") if mode in ("LA", "La") else paper
    elif mode == "1":
        picture = picture.convert("L")
    elif mode not in ("L", "RGB"):
        picture = picture.convert("RGB")
    return np.ascontiguousarray(np.asarray(picture, dtype=np.uint8))


def _eight_bits(picture: Image.Image) -> Pixels:
    values = np.asarray(picture).astype(np.float32)
    top = max(float(values.max(initial=0)), 1.0)
    full = 65535.0 if top > 255 else 255.0
    return np.asarray(np.clip(values * (255.0 / max(full, top)), 0, 255), dtype=np.uint8)


def _count_frames(path: Path, name: str, bounds: Bounds) -> int:
    try:
        frames = list_pages(path, bounds.max_pages)
    except (ValueError, OSError) as error:
        raise rejections.damaged(name, "no readable TIFF directory") from error
    if len(frames) > bounds.max_pages:
        raise rejections.too_many_pages(name, len(frames), bounds.max_pages)
    if not frames:
        raise rejections.no_pages(name)
    held = [frame for frame in frames if bounds.hold_pixels(frame.width, frame.height, frame.bits)]
    if not held and all(frame.width > 0 and frame.height > 0 for frame in frames):
        raise rejections.too_many_pixels(name, frames[0].width, frames[0].height, bounds.max_page_pixels)
    if not any(_frame_opens(path, frame, name) for frame in held):
        raise rejections.damaged(name, "no page of the TIFF can be decoded")
    return len(frames)


def _frame_opens(path: Path, frame: Frame, name: str) -> bool:
    """Whether the frame can be decoded; one whose bytes are all there is decoded too, but the caller stops at the first."""
    try:
        with _opened(path, media.TIFF, name) as picture:
            picture.seek(frame.index)
            picture.load()
    except (*BROKEN, DamagedFileError):
        return False
    return True


def _frame(path: Path, number: int, bounds: Bounds) -> Frame:
    try:
        return list_pages(path, bounds.max_pages)[number - 1]
    except (ValueError, OSError, IndexError) as error:
        raise rejections.damaged_page(number, "the TIFF ends before it") from error


@contextmanager
def _opened(path: Path, media_type: str, name: str) -> Iterator[Image.Image]:
    with warnings.catch_warnings():
        # Pillow warns of what we judge ourselves: odd metadata, short files.
        warnings.simplefilter("ignore")
        try:
            picture = _open_heif(path) if media_type == media.HEIC else Image.open(path, formats=_FORMATS[media_type])
        except BROKEN as error:
            raise rejections.damaged(name, "the picture cannot be opened") from error
        with picture:
            yield picture


def _open_heif(path: Path) -> Image.Image:
    opened: Callable[[Path], Image.Image] = pillow_heif.HeifImageFile
    return opened(path)


def _pixels_of(picture: Image.Image, path: Path, media_type: str) -> tuple[Pixels, tuple[str, ...]]:
    """The decoded pixels, upright; a JPEG that breaks off just before its end is ``truncated``."""
    try:
        picture.load()
        return to_pixels(ImageOps.exif_transpose(picture)), ()
    except BROKEN as error:
        if media_type == media.JPEG:
            saved = save_truncated(path.read_bytes())
            if saved is not None:
                return to_pixels(ImageOps.exif_transpose(saved)), ("truncated",)
        raise rejections.damaged(path.name, "the picture cannot be decoded") from error


def _bits(picture: Image.Image) -> int:
    return {"1": 8, "L": 8, "P": 24, "I;16": 32, "I": 32, "F": 32}.get(picture.mode, 24)


def _declared_dpi(picture: Image.Image) -> tuple[float, float]:
    """Dots per inch across and down, zeros where the file does not say."""
    declared = picture.info.get("dpi")
    try:
        across, down = (float(value) for value in declared) if declared else (0.0, 0.0)
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0
    return across, down


def _kept(path: Path, media_type: str, frame: Frame | None, dpi: float) -> PagePicture | None:
    if media_type == media.JPEG:
        data = path.read_bytes()
        return keep_jpeg(data, read_header(data), dpi)
    if frame and frame.g4:
        with path.open("rb") as file:
            file.seek(frame.g4[0])
            data = file.read(frame.g4[1])
        inverted = not frame.white_is_zero
        return PagePicture(data, PictureEncoding.CCITT_G4, frame.width, frame.height, dpi, 1, 1, inverted)
    return None


def keep_jpeg(data: bytes, header: JpegHeader | None, dpi: float) -> PagePicture | None:
    """The JPEG bytes as a page picture, cut where the picture ends; None where they may not be kept as they are."""
    if header is None or not header.plain or not header.end:
        return None
    return PagePicture(data[: header.end], PictureEncoding.JPEG, header.width, header.height, dpi, header.components)
