"""Installed font files that hold every Vietnamese letter, and widths of words set in them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont

from scripts.corpus.chance import Split

TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
VIETNAMESE = "đĐ" + "".join(
    unicodedata.normalize("NFC", letter + tone) for letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for tone in TONES
)

ROOTS = tuple(
    Path(root)
    for root in ("/usr/share/fonts", "/usr/share/texmf/fonts", "/usr/share/texlive/texmf-dist/fonts", "/usr/local/share/fonts")
)

#: Family -> split and file names of regular, bold, italic, bold italic.
FILES: dict[str, tuple[Split, tuple[str, str, str, str]]] = {
    "Liberation Serif": (
        "tune",
        (
            "liberation2/LiberationSerif-Regular.ttf",
            "liberation2/LiberationSerif-Bold.ttf",
            "liberation2/LiberationSerif-Italic.ttf",
            "liberation2/LiberationSerif-BoldItalic.ttf",
        ),
    ),
    "FreeSerif": ("tune", ("FreeSerif.ttf", "FreeSerifBold.ttf", "FreeSerifItalic.ttf", "FreeSerifBoldItalic.ttf")),
    "Noto Serif": (
        "tune",
        ("NotoSerif-Regular.ttf", "NotoSerif-Bold.ttf", "NotoSerif-Italic.ttf", "NotoSerif-BoldItalic.ttf"),
    ),
    "Liberation Sans": (
        "tune",
        (
            "liberation2/LiberationSans-Regular.ttf",
            "liberation2/LiberationSans-Bold.ttf",
            "liberation2/LiberationSans-Italic.ttf",
            "liberation2/LiberationSans-BoldItalic.ttf",
        ),
    ),
    "TeX Gyre Termes": (
        "held_out",
        (
            "texgyretermes-regular.otf",
            "texgyretermes-bold.otf",
            "texgyretermes-italic.otf",
            "texgyretermes-bolditalic.otf",
        ),
    ),
    "DejaVu Serif Condensed": (
        "held_out",
        (
            "DejaVuSerifCondensed.ttf",
            "DejaVuSerifCondensed-Bold.ttf",
            "DejaVuSerifCondensed-Italic.ttf",
            "DejaVuSerifCondensed-BoldItalic.ttf",
        ),
    ),
    "Carlito": ("held_out", ("Carlito-Regular.ttf", "Carlito-Bold.ttf", "Carlito-Italic.ttf", "Carlito-BoldItalic.ttf")),
    "Noto Sans": (
        "held_out",
        ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSans-Italic.ttf", "NotoSans-BoldItalic.ttf"),
    ),
}

SANS = {"Liberation Sans", "Noto Sans", "Carlito"}

#: How often a family is drawn: offices write in Times, whose look-alikes come first.
WEIGHTS = {"Liberation Serif": 5, "TeX Gyre Termes": 5, "FreeSerif": 3}


def _find(name: str) -> Path | None:
    for root in ROOTS:
        if root.is_dir():
            found = next(root.rglob(f"**/{name}"), None)
            if found is not None:
                return found
    return None


def _is_complete(path: Path) -> bool:
    with TTFont(path, lazy=True) as font:
        letters = font.getBestCmap()
    return all(ord(letter) in letters for letter in VIETNAMESE)


@lru_cache(maxsize=1)
def families() -> dict[str, tuple[Path, ...]]:
    """Family -> files (regular, bold, italic, bold italic) of the installed fonts with all Vietnamese letters."""
    found: dict[str, tuple[Path, ...]] = {}
    for family, (_, names) in FILES.items():
        paths = [path for path in map(_find, names) if path is not None]
        if len(paths) == len(names) and all(_is_complete(path) for path in paths):
            found[family] = tuple(paths)
    if not found:
        raise FileNotFoundError("no font with all Vietnamese letters: install fonts-liberation2 or fonts-dejavu-core")
    return found


def families_of(split: Split) -> tuple[str, ...]:
    """Installed families of ``split``, repeated by weight; all installed ones where the split has none."""
    names = [name for name in families() if FILES[name][0] == split] or list(families())
    return tuple(name for name in names for _ in range(WEIGHTS.get(name, 1)))


def sans_of(split: Split) -> str:
    """A sans-serif family of ``split``, any family where none is installed."""
    names = families_of(split)
    return next((name for name in names if name in SANS), names[0])


def file_of(family: str, bold: bool = False, italic: bool = False) -> Path:
    """The font file of one face; raises ``KeyError`` for a family that is not installed."""
    return families()[family][int(bold) + 2 * int(italic)]


@lru_cache(maxsize=256)
def face(family: str, bold: bool, italic: bool, pixels: int) -> ImageFont.FreeTypeFont:
    """The face at a size in pixels, laid out one composed letter after the other."""
    return ImageFont.truetype(str(file_of(family, bold, italic)), pixels, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=60_000)
def width_of(text: str, family: str, bold: bool = False, italic: bool = False) -> float:
    """Width of ``text`` at size 1, in the unit of the size."""
    return face(family, bold, italic, 400).getlength(text) / 400
