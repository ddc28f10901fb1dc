"""The text of a PDF as three readers see it: poppler, pdfium (Chromium) and pdf.js (Firefox), page by page."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdfium2

_ROOT = Path(__file__).parents[2]
_PDFJS = ".venv/pdfjs/node_modules/pdfjs-dist"

_SCRIPT = """
const { getDocument } = await import(process.argv[1]);
const document = await getDocument({ url: process.argv[2], verbosity: 0 }).promise;
const pages = [];
for (let number = 1; number <= document.numPages; number += 1) {
  const content = await (await document.getPage(number)).getTextContent();
  pages.push(content.items.map((item) => item.str + (item.hasEOL ? "\\n" : "")).join(""));
}
console.log("TEXT" + JSON.stringify(pages));
"""


def by_poppler(path: Path, *options: str) -> list[str]:
    """What ``pdftotext`` writes of each page, in the order of the page's operators unless ``options`` say otherwise."""
    command = ["pdftotext", *(options or ("-raw",)), str(path), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\f")[:-1]


def by_poppler_tags(path: Path) -> str:
    """The text in the order of the tags, as poppler hands it to screen readers."""
    told = subprocess.run(["pdfinfo", "-struct-text", str(path)], capture_output=True, check=True).stdout.decode(
        errors="replace"
    )
    return "\n".join(re.findall(r'^ +"(.*)"$', told, re.MULTILINE))


def by_pdfium(path: Path) -> list[str]:
    """What Chromium would copy of each page.

    A hyphen at the end of a line, which pdfium takes for one of syllables and tells as U+FFFE, is a hyphen again.
    """
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_range().replace("\ufffe", "-\n") for page in document]


def by_pdfjs(path: Path) -> list[str]:
    """What Firefox would copy of each page."""
    command = ["node", "--input-type=module", "-e", _SCRIPT, str(_pdfjs().resolve()), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    pages: list[str] = json.loads(done.stdout.rpartition("TEXT")[2])
    return pages


def missing(reader: Callable[..., object]) -> str:
    """What has to be installed before ``reader`` can be asked; empty where nothing is missing."""
    if reader in {by_poppler, by_poppler_tags} and (shutil.which("pdftotext") is None or shutil.which("pdfinfo") is None):
        return "no pdftotext: apt-get install poppler-utils"
    if reader is by_pdfjs and (shutil.which("node") is None or not _pdfjs().exists()):
        return "no pdf.js: scripts/setup test installs it"
    return ""


def _pdfjs() -> Path:
    return Path(os.environ.get("PDFJS_DIST", _ROOT / _PDFJS)) / "legacy/build/pdf.mjs"


READERS: dict[str, Callable[[Path], list[str]]] = {"poppler": by_poppler, "pdfium": by_pdfium, "pdf.js": by_pdfjs}
