"""Documents of every type of the field dictionary, made up whole: pixels, files and the truth about them."""

from __future__ import annotations

from collections.abc import Mapping

from scripts.corpus import (
    fonts,
    layouts_birth,
    layouts_card,
    layouts_card_later,
    layouts_civil,
    layouts_civil_older,
    layouts_declarations,
    layouts_nd30,
    layouts_other,
    layouts_permits,
    layouts_permits_newer,
    layouts_requests,
)
from scripts.corpus.chance import Chance, Split
from scripts.corpus.defects import LEVELS, Level, Scan, choose, spoil
from scripts.corpus.draft import Draft, Layout
from scripts.corpus.raster import draw
from scripts.corpus.specimen import Specimen
from scripts.corpus.truth import TruePage, TrueWord, Truth, Value

_MODULES = (
    layouts_nd30,
    layouts_birth,
    layouts_civil,
    layouts_permits,
    layouts_requests,
    layouts_other,
    layouts_card,
    layouts_civil_older,
    layouts_permits_newer,
    layouts_declarations,
    layouts_card_later,
)
LAYOUTS: dict[str, tuple[Layout, ...]] = {
    code: tuple(layout for module in _MODULES for layout in module.LAYOUTS.get(code, ()))
    for code in dict.fromkeys(code for module in _MODULES for code in module.LAYOUTS)
}
#: Codes of every type that can be drawn, as in the field dictionary.
TYPES: tuple[str, ...] = tuple(LAYOUTS)
DPI = (200, 300)


def layouts_of(type_code: str, split: Split | None = None) -> tuple[str, ...]:
    """Names of the layouts of a type, of one split or of both."""
    return tuple(layout.name for layout in LAYOUTS[type_code] if split in (None, layout.split))


def make_document(  # noqa: PLR0913  every knob of a specimen, all but two by keyword
    type_code: str,
    seed: int,
    *,
    level: Level = "clean",
    layout: str | None = None,
    font: str | None = None,
    split: Split = "tune",
    dpi: int | None = None,
    trap: bool = False,
    by_hand: bool = False,
) -> Specimen:
    """A document of ``type_code``, the same for the same arguments.

    ``level`` is one of ``LEVELS``; ``layout`` and ``font`` are drawn from ``split`` where None; ``dpi`` is that of the
    undisturbed page, 200 or 300 by chance where None; with ``trap``, number and day are of the kind that the text layer
    of a born-digital file lacks; ``by_hand`` has a pen write the digits of forms. Raises ``KeyError`` for an unknown
    type, layout, font or level.
    """
    if level not in LEVELS:
        raise KeyError(level)
    chance = Chance(f"{type_code}/{seed}/{split}", split)
    found = _layout(chance, type_code, layout, split)
    family = font or chance.pick(fonts.families_of(split))
    fonts.file_of(family)
    density = dpi or chance.pick(DPI)
    draft = Draft(chance, family, found.name, trap, by_hand)
    found.draw(draft)
    return photograph(draft, type_code, seed, level=level, dpi=density)


def invent_fields(type_code: str, seed: int, *, layout: str | None = None, split: Split = "tune") -> Mapping[str, Value]:
    """The fields that :func:`make_document` gives a document, without a picture of it."""
    chance = Chance(f"{type_code}/{seed}/{split}", split)
    found = _layout(chance, type_code, layout, split)
    draft = Draft(chance, chance.pick(fonts.families_of(split)), found.name)
    chance.pick(DPI)
    found.draw(draft)
    return draft.fields


def photograph(draft: Draft, type_code: str, seed: int, *, level: Level, dpi: int) -> Specimen:
    """The written ``draft`` as a machine of ``level`` hands it over, with its truth."""
    split = draft.chance.split
    machine = Chance(f"{type_code}/{seed}/{split}/{level}", split)
    defect = choose(machine, level)
    scans = []
    for sheet in draft.sheets:
        pixels, words = draw(sheet, dpi)
        scans.append(spoil(machine, Scan(pixels, tuple(words), dpi), defect))
    pages = tuple(
        _true_page(number, scan, "\n".join(sheet.lines))
        for number, (scan, sheet) in enumerate(zip(scans, draft.sheets, strict=True), 1)
    )
    truth = Truth(type_code, draft.fields, draft.family, draft.layout, split, seed, level, defect, scans[0].dpi, pages)
    return Specimen(tuple(scan.pixels for scan in scans), truth, tuple(draft.sheets))


def _layout(chance: Chance, type_code: str, name: str | None, split: Split) -> Layout:
    if name is not None:
        return {layout.name: layout for layout in LAYOUTS[type_code]}[name]
    return chance.pick([layout for layout in LAYOUTS[type_code] if layout.split == split])


def _true_page(number: int, scan: Scan, text: str) -> TruePage:
    words = [TrueWord(word.text, word.box, word.line, word.origin) for word in scan.words]
    height, width = scan.pixels.shape[:2]
    return TruePage(
        number,
        width,
        height,
        scan.rotation,
        text,
        tuple(word for word in words if word.origin not in ("stamp", "overlay")),
        tuple(word for word in words if word.origin in ("stamp", "overlay")),
    )
