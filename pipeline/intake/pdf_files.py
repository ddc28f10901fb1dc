"""PDF files as a whole: opening, mending, counting pages and signatures."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.intake import rejections
from pipeline.intake.bounds import Bounds

#: Mending needs the whole file in memory twice.
_LARGEST_TO_MEND = 200_000_000
#: Where this many pages in a row cannot be loaded, none will.
_MOST_TRIED = 50
_WINDOW = 1 << 17
#: What qpdf raises on objects that make no sense.
QPDF_ERRORS = (pikepdf.PikepdfError, RuntimeError, ValueError, TypeError, LookupError, AttributeError, OverflowError, OSError)


def count_pdf(path: Path, name: str, bounds: Bounds) -> tuple[int, int]:
    """How many pages and digital signatures the PDF has.

    Raises ``EncryptedPdfError``, ``TooLargeError`` for too many pages, ``DamagedFileError`` (also ``no_pages``).
    """
    with open_pdf(path, name) as document:
        pages = len(document)
        if pages == 0:
            raise rejections.no_pages(name)
        if pages > bounds.max_pages:
            raise rejections.too_many_pages(name, pages, bounds.max_pages)
        if not any(_loads(document, index) for index in range(min(pages, _MOST_TRIED))):
            raise rejections.damaged(name, "none of its pages can be loaded")
        return pages, _count_signatures(document)


@contextmanager
def open_pdf(path: Path, name: str) -> Iterator[pdfium.PdfDocument]:
    """The PDF as pdfium sees it, mended by qpdf where pdfium alone cannot open it or finds no page.

    Whether a password is missing is asked of qpdf: pdfium's last error may be one of an earlier file.
    Raises ``EncryptedPdfError`` or ``DamagedFileError``.
    """
    document = _open_or_mend(path, name)
    try:
        yield document
    finally:
        document.close()


@contextmanager
def open_raw(path: Path) -> Iterator[pikepdf.Pdf | None]:
    """The PDF's own objects and coded streams, None where qpdf cannot make sense of them."""
    try:
        raw = pikepdf.open(path, suppress_warnings=True)
    except QPDF_ERRORS:
        yield None
        return
    with raw:
        yield raw


def has_active_content(raw: pikepdf.Pdf) -> bool:
    """Whether the PDF carries JavaScript or starts programs; none of it survives in what we derive."""
    try:
        root = raw.Root
        scripts = "/JavaScript" in root.get("/Names", {})
        return scripts or _is_script(root.get("/OpenAction")) or any(_is_script(act) for _, act in _actions(root))
    except QPDF_ERRORS:
        return False


def _loads(document: pdfium.PdfDocument, index: int) -> bool:
    try:
        document[index].close()
    except (pdfium.PdfiumError, IndexError):
        return False
    return True


def _actions(holder: pikepdf.Object) -> list[tuple[str, pikepdf.Object]]:
    actions = holder.get("/AA")
    return list(actions.items()) if isinstance(actions, pikepdf.Dictionary) else []


def _is_script(action: object) -> bool:
    return isinstance(action, pikepdf.Dictionary) and str(action.get("/S")) in ("/JavaScript", "/Launch")


def _open_or_mend(path: Path, name: str) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(path)
        if len(document):
            return document
        document.close()
    except pdfium.PdfiumError:
        pass
    return _mend(path, name)


def _mend(path: Path, name: str) -> pdfium.PdfDocument:
    if path.stat().st_size > _LARGEST_TO_MEND:
        raise rejections.damaged(name, "not a readable PDF")
    mended = io.BytesIO()
    try:
        with pikepdf.open(path, suppress_warnings=True) as raw:
            if not len(raw.pages):
                raise rejections.no_pages(name)
            raw.save(mended)
        return pdfium.PdfDocument(mended.getvalue())
    except pikepdf.PasswordError as error:
        raise rejections.encrypted_pdf(name) from error
    except (*QPDF_ERRORS, pdfium.PdfiumError) as error:
        if _names_encryption(path):
            raise rejections.encrypted_pdf(name) from error
        raise rejections.damaged(name, "not a readable PDF") from error


def _names_encryption(path: Path) -> bool:
    """Whether the PDF is locked in a way that qpdf does not know, for instance with a certificate."""
    with path.open("rb") as file:
        head = file.read(_WINDOW)
        file.seek(max(0, path.stat().st_size - _WINDOW))
        return b"/Encrypt" in head + file.read()


def _count_signatures(document: pdfium.PdfDocument) -> int:
    """Fields that are signed: a signature field without a byte range is only a place to sign."""
    count = max(0, pdfium_c.FPDF_GetSignatureCount(document))
    fields = (pdfium_c.FPDF_GetSignatureObject(document, index) for index in range(min(count, 10_000)))
    return sum(1 for found in fields if found and pdfium_c.FPDFSignatureObj_GetByteRange(found, None, 0) > 0)
