"""All that is written of the samples is valid PDF/A-2b in the eyes of veraPDF: real scans, odd files, made papers."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from pipeline.domain.errors import RejectedInputError
from scripts.bench import verapdf
from scripts.corpus import LEVELS, TYPES, make_document
from scripts.corpus.specimen import Form
from tests.quick_digitising import digitise

pytestmark = pytest.mark.skipif(bool(verapdf.missing()), reason=verapdf.missing() or "veraPDF is here")

PROFILES = ("nd30", "archive", "nd30", "exact", "nd30")
FORMS: tuple[Form, ...] = ("jpg", "pdf", "tif", "png")


@dataclass(slots=True)
class Written:
    """What became of files: pages written, what veraPDF holds against each file that is not valid, and who was rejected."""

    files: int = 0
    pages: int = 0
    wordless: list[str] = field(default_factory=list)
    active: list[str] = field(default_factory=list)
    contradictory: list[str] = field(default_factory=list)
    broken: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rejected: dict[str, str] = field(default_factory=dict)

    def add(self, path: Path, folder: Path, most: int) -> None:
        """Digitise ``path`` (no more than ``most`` pages) and judge what is written of it; that stays where it is at fault."""
        pdf = folder / f"{self.files:03d}-{path.stem}.pdf"
        try:
            self.pages += digitise(path, pdf, profile=PROFILES[self.files % len(PROFILES)], most=most)
        except RejectedInputError as error:
            self.rejected[path.name] = error.code
            return
        self.files += 1
        if not has_words(pdf):
            self.wordless.append(path.name)
        if does_something(pdf):
            self.active.append(path.name)
        if contradicts_itself(pdf):
            self.contradictory.append(path.name)
        verdict = verapdf.check(pdf)
        if verdict.valid:
            pdf.unlink()
        else:
            self.broken[path.name] = verdict.broken


def write(files: Iterable[Path], folder: Path, *, most: int = 0) -> Written:
    written = Written()
    for path in files:
        written.add(path, folder, most)
    assert (written.broken, written.active, written.contradictory) == ({}, [], [])
    return written


def has_words(pdf: Path) -> bool:
    """Whether any page has text that can be searched."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return any(document[number].get_textpage().count_chars() for number in range(len(document)))


def contradicts_itself(pdf: Path) -> bool:
    """Whether the two places for metadata differ, which the second part of the standard no longer forbids."""
    with pikepdf.open(pdf) as opened:
        told = opened.open_metadata()
        pairs = (
            ("/Title", "dc:title"),
            ("/Producer", "pdf:Producer"),
            ("/Keywords", "pdf:Keywords"),
            ("/Creator", "xmp:CreatorTool"),
        )
        return any(str(opened.docinfo.get(old, "")) != told.get(new, "") for old, new in pairs)


def does_something(pdf: Path) -> bool:
    """Whether anything in the file is an action or an attachment; veraPDF does not look into every corner for them."""
    with pikepdf.open(pdf) as opened:
        found = [one for one in opened.objects if isinstance(one, pikepdf.Dictionary)]
        return any(key in one for one in found for key in ("/JS", "/AA", "/OpenAction", "/EF", "/Launch", "/URI"))


@pytest.mark.needs_shared
def test_every_real_document(shared: Path, tmp_path: Path) -> None:
    files = sorted((shared / "samples" / "real" / "documents").glob("*.pdf"))
    written = write(files, tmp_path)
    assert (written.files, written.rejected, written.wordless) == (len(files), {}, [])
    assert written.pages > 250


@pytest.mark.needs_shared
@pytest.mark.parametrize("level", ["office", "poor"])
def test_every_synthetic_paper(shared: Path, tmp_path: Path, level: str) -> None:
    files = [path for path in sorted((shared / "samples" / "synthetic" / level).iterdir()) if path.suffix != ".json"]
    written = write(files, tmp_path)
    assert (written.files, written.rejected, written.wordless) == (len(files), {}, [])


@pytest.mark.needs_shared
def test_every_odd_file_that_is_taken_in(shared: Path, tmp_path: Path) -> None:
    files = sorted(path for path in (shared / "robustness").rglob("*") if path.suffix in {".pdf", ".png"})
    written = write(files, tmp_path, most=12)
    assert written.rejected == {
        "378014596.pdf": "damaged_file",
        "graph-encrypted.pdf": "encrypted_pdf",
        "libreoffice-writer-password.pdf": "encrypted_pdf",
        "newline-buffer-test.pdf": "no_pages",
        "unreadablemetadata.pdf": "damaged_file",
    }
    assert written.files == len(files) - len(written.rejected) > 65


def test_a_made_paper_of_every_type_and_every_level(tmp_path: Path) -> None:
    files: list[Path] = []
    for place, code in enumerate(TYPES):
        level = LEVELS[place % len(LEVELS)]
        form: Form = "born_digital" if level == "clean" else FORMS[place % len(FORMS)]
        files += make_document(code, place, level=level, dpi=200).save(tmp_path / "made", f"{code}-{level}", form)
    written = write(files, tmp_path)
    assert (written.files, written.rejected, written.wordless) == (len(files), {}, [])
    assert written.files >= len(TYPES) > len(LEVELS)
