"""A content stream retold in operators that every reader draws alike: paths, clips, grey and RGB, constant opacity, images.

Letters become their outlines. What cannot be said so raises ``UndrawableError``: the page is then kept as its picture.
Operators as in ISO 32000-1, Annex A.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pikepdf

from pipeline.domain.drawings import DrawnGlyph, DrawnImage
from pipeline.intake.drawing_annotations import appearances
from pipeline.intake.drawing_colours import CHANNELS, Palette, Space, Tint, colour_operator, first_colour, space_of
from pipeline.intake.drawing_fonts import DrawnFont
from pipeline.intake.drawing_images import MOST_PIXELS, draw_image
from pipeline.intake.drawing_rules import (
    DEEPEST_FORM,
    DEEPEST_STATE,
    MOST_BYTES,
    MOST_STEPS,
    Matrix,
    UndrawableError,
    as_number,
    bytes_of,
    matrix_of,
    numbers_of,
    show_matrix,
    show_number,
)
from pipeline.intake.drawing_text import AnyFont, Glyphs, TextState
from pipeline.intake.drawing_type3 import Type3Font

_PATHS = {"m": 2, "l": 2, "c": 6, "v": 4, "y": 4, "re": 4, "h": 0}
_PAINTS = frozenset({"S", "s", "f", "f*", "B", "B*", "b", "b*", "n", "W", "W*"})
_LINES = {"J": 1, "j": 1, "M": 1}
#: Parts of a page that only tools look at, and settings that no screen knows.
_SILENT = frozenset({"BMC", "EMC", "MP", "DP", "BX", "EX", "ri", "i", "d0"})
_IDLE_SETTINGS = frozenset({"/Type", "/RI", "/FL", "/SM", "/SA", "/OP", "/op", "/OPM", "/TK", "/Name", "/AAPL:AA"})
_NONE = frozenset({"/None", "/Default", "/Identity"})


@dataclass(slots=True)
class _State:
    """What q saves and Q brings back, as far as it is not in the output anyway."""

    areas: Space = "/DeviceGray"
    lines: Space = "/DeviceGray"
    alpha: tuple[float, float] = (1.0, 1.0)
    width: float = 1.0
    text: TextState = field(default_factory=TextState)


class Retelling:
    """The retelling of a page's content: ``raw`` is the file it stands in, ``hidden`` what its optional content leaves out."""

    def __init__(self, raw: pikepdf.Pdf, hidden: frozenset[tuple[int, int]]) -> None:
        self.palette = Palette(raw)
        self.images: list[DrawnImage] = []
        self.alphas: list[tuple[float, float]] = []
        self.glyphs = Glyphs()
        self._raw, self._hidden = raw, hidden
        self._out: list[str | Tint] = []
        self._state = _State()
        self._saved: list[_State] = []
        self._steps = self._bytes = self._pixels = 0
        self._fonts: dict[tuple[int, int], AnyFont] = {}
        self._known_images: dict[tuple[int, int], int] = {}

    def tell_page(self, page: pikepdf.Page) -> None:
        """Retell a page, with the appearances of its annotations upon it; raises ``UndrawableError``."""
        self._save()
        contents = page.obj.get("/Contents")
        for stream in contents if isinstance(contents, pikepdf.Array) else ():
            bytes_of(stream, MOST_BYTES)
        if isinstance(contents, pikepdf.Stream):
            bytes_of(contents, MOST_BYTES)
        self.tell(page, page.resources)
        self._restore(0)
        for form, matrix in appearances(page):
            self.place_form(form, pikepdf.Dictionary(), 0, matrix)

    def tell(self, content: pikepdf.Object | pikepdf.Page, resources: pikepdf.Object, depth: int = 0) -> None:
        """Retell ``content``, a page or a form, with its ``resources``; raises ``UndrawableError``."""
        if depth > DEEPEST_FORM:
            raise UndrawableError("nested_forms")
        floor = len(self._saved)
        if isinstance(content, pikepdf.Stream):
            bytes_of(content, MOST_BYTES)
        for instruction in pikepdf.parse_content_stream(content):
            self._steps += 1
            if self._steps > MOST_STEPS or self._bytes > MOST_BYTES:
                raise UndrawableError("too_much_content")
            if isinstance(instruction, pikepdf.ContentStreamInlineImage):
                raise UndrawableError("inline_image")
            self._step(str(instruction.operator), list(instruction.operands), resources, depth, floor)
        while len(self._saved) > floor:
            self._restore(floor)

    def place_form(self, form: pikepdf.Object, resources: pikepdf.Object, depth: int, matrix: Matrix | None = None) -> None:
        """Retell a form where it is called, ``matrix`` put before its own where it is an annotation's appearance."""
        group = form.get("/Group")
        if isinstance(group, pikepdf.Dictionary) and (self._state.alpha != (1.0, 1.0) or bool(group.get("/K", False))):
            raise UndrawableError("transparency_group")
        self._check_optional(form.get("/OC"))
        self._save()
        if matrix is not None:
            self._put(show_matrix(matrix))
        self._put(show_matrix(matrix_of(form.get("/Matrix"))))
        left, low, right, high = numbers_of(list(form.get("/BBox", [])), 4)
        box = (min(left, right), min(low, high), abs(right - left), abs(high - low))
        self._put(" ".join(show_number(side) for side in box) + " re W n")
        before, self._state.text = self._state.text, replace(self._state.text)
        self.tell(form, form.get("/Resources", resources), depth + 1)
        self._state.text = before
        self._restore(0)

    def finish(self) -> tuple[bytes, tuple[DrawnGlyph, ...], bool]:
        """The operators of all that was retold, the glyphs they call, and whether there is colour in it."""
        colours = self.palette.mix()
        coloured = any(len(colour) == 3 for colour in colours)
        shown = (one if isinstance(one, str) else colour_operator(colours[one.place], one.lines) for one in self._out)
        told, glyphs = self.glyphs.settle("\n".join(shown))
        if len(told) > MOST_BYTES:
            raise UndrawableError("too_much_content")
        return told.encode("ascii"), glyphs, coloured or any(_is_coloured(image) for image in self.images)

    def _put(self, text: str | Tint) -> None:
        self._bytes += len(text) + 1 if isinstance(text, str) else 20
        self._out.append(text)

    def _save(self) -> None:
        if len(self._saved) >= DEEPEST_STATE:
            raise UndrawableError("nested_states")
        self._saved.append(self._state)
        self._state = replace(self._state, text=replace(self._state.text))
        self._put("q")

    def _restore(self, floor: int) -> None:
        if len(self._saved) > floor:
            self._state = self._saved.pop()
            self._put("Q")

    def _step(self, name: str, operands: list[object], resources: pikepdf.Object, depth: int, floor: int) -> None:
        if name in _PATHS:
            shown = [show_number(number) for number in numbers_of(operands, _PATHS[name])]
            self._put(" ".join([*shown, name]))
        elif name in _PAINTS:
            self._put(name)
        elif name == "F":
            self._put("f")
        elif name == "q":
            self._save()
        elif name == "Q":
            self._restore(floor)
        elif name == "cm":
            a, b, c, d, e, f = numbers_of(operands, 6)
            self._put(show_matrix((a, b, c, d, e, f)))
        elif name in _SILENT:
            return
        elif name == "BDC":
            self._begin_marked(operands, resources)
        elif not self._colour(name, operands, resources):
            self._other(name, operands, resources, depth)

    def _other(self, name: str, operands: list[object], resources: pikepdf.Object, depth: int) -> None:
        if name in _LINES:
            self._put(f"{show_number(numbers_of(operands, 1)[0])} {name}")
        elif name == "w":
            self._set_width(numbers_of(operands, 1)[0])
        elif name == "d":
            self._set_dashes(operands)
        elif name == "gs":
            self._apply(_resource(resources, "/ExtGState", operands))
        elif name == "Do":
            self._do(_resource(resources, "/XObject", operands), resources, depth)
        elif name == "Tf":
            self._state.text.font = self._font(_resource(resources, "/Font", operands[:1]))
            self._state.text.size = numbers_of(operands[1:], 1)[0]
        elif (piece := self._state.text.step(name, operands, self._state.width, self.glyphs)) is not None:
            if piece:
                self._put(piece)
        else:
            raise UndrawableError("operator_" + (name if name.isalnum() else "odd"))

    def _set_width(self, width: float) -> None:
        self._state.width = width
        self._put(f"{show_number(width)} w")

    def _set_dashes(self, operands: Sequence[object]) -> None:
        if len(operands) != 2 or not isinstance(operands[0], pikepdf.Array):
            raise UndrawableError("broken_content")
        dashes = [as_number(dash) for dash in operands[0]]
        if any(dash < 0 for dash in dashes) or (dashes and not any(dashes)):
            raise UndrawableError("broken_content")
        self._put(f"[{' '.join(show_number(dash) for dash in dashes)}] {show_number(as_number(operands[1]))} d")

    def _begin_marked(self, operands: list[object], resources: pikepdf.Object) -> None:
        if operands and str(operands[0]) == "/OC":
            self._check_optional(_resource(resources, "/Properties", operands[1:]))

    def _check_optional(self, group: pikepdf.Object | None) -> None:
        """Optional content that is shown is content like any other; what is hidden, or depends, is not retold."""
        if group is None:
            return
        if str(group.get("/Type")) != "/OCG" or group.objgen in self._hidden:
            raise UndrawableError("optional_content")

    def _font(self, font: pikepdf.Object) -> AnyFont:
        """The font, or why nothing can be drawn in it: many pages name fonts in which they write nothing."""
        key = font.objgen if font.is_indirect else (-id(font), 0)
        if key not in self._fonts:
            try:
                self._fonts[key] = Type3Font(font) if str(font.get("/Subtype")) == "/Type3" else DrawnFont(font)
            except UndrawableError as error:
                self._fonts[key] = error
        return self._fonts[key]

    def _apply(self, settings: pikepdf.Object) -> None:
        for key, value in settings.items():
            match key:
                case "/LW":
                    self._set_width(as_number(value))
                case "/LC" | "/LJ" | "/ML":
                    self._put(f"{show_number(as_number(value))} {_LINE_KEYS[key]}")
                case "/D":
                    self._set_dashes(list(value))
                case "/CA" | "/ca":
                    areas, lines = self._state.alpha
                    opacity = min(1.0, max(0.0, as_number(value)))
                    self._set_alpha((areas, opacity) if key == "/CA" else (opacity, lines))
                case "/BM" if str(value) in ("/Normal", "/Compatible"):
                    pass
                case "/SMask" | "/TR" | "/TR2" | "/BG" | "/BG2" | "/UCR" | "/UCR2" | "/HT" if str(value) in _NONE:
                    pass
                case "/AIS" if not bool(value):
                    pass
                case "/Font":
                    self._state.text.font, self._state.text.size = self._font(value[0]), as_number(value[1])
                case _ if key not in _IDLE_SETTINGS:
                    raise UndrawableError("graphics_state_" + key[1:4].lower())

    def _set_alpha(self, alpha: tuple[float, float]) -> None:
        if alpha == self._state.alpha:
            return
        self._state.alpha = alpha
        if alpha not in self.alphas:
            self.alphas.append(alpha)
        self._put(f"/A{self.alphas.index(alpha)} gs")

    def _do(self, target: pikepdf.Object, resources: pikepdf.Object, depth: int) -> None:
        kind = str(target.get("/Subtype")) if isinstance(target, pikepdf.Stream) else ""
        if kind == "/Form":
            self.place_form(target, resources, depth)
        elif kind == "/Image":
            key = target.objgen
            if key not in self._known_images:
                image, pixels = draw_image(self._raw, target)
                self._pixels += pixels
                if self._pixels > MOST_PIXELS:
                    raise UndrawableError("image_size")
                self._known_images[key] = len(self.images)
                self.images.append(image)
            self._put(f"/I{self._known_images[key]} Do")
        else:
            raise UndrawableError("odd_object")

    def _colour(self, name: str, operands: list[object], resources: pikepdf.Object) -> bool:
        """Take an operator of colour; False for any other."""
        lines = name.isupper()
        match name.lower():
            case "g" | "rg" | "k":
                space = {"g": "/DeviceGray", "rg": "/DeviceRGB", "k": "/DeviceCMYK"}[name.lower()]
                self._set_colour(space, numbers_of(operands, CHANNELS[space]), lines)
            case "cs":
                named = space_of(resources, operands)
                self._set_colour(named, first_colour(named), lines)
            case "sc" | "scn":
                space_in_force = self._state.lines if lines else self._state.areas
                if operands and isinstance(operands[-1], pikepdf.Name):
                    raise UndrawableError("pattern")
                self._set_colour(space_in_force, [as_number(operand) for operand in operands], lines)
            case _:
                return False
        return True

    def _set_colour(self, space: Space, components: Sequence[float], lines: bool) -> None:
        if lines:
            self._state.lines = space
        else:
            self._state.areas = space
        self._put(self.palette.ask(space, components, lines=lines))


_LINE_KEYS = {"/LC": "J", "/LJ": "j", "/ML": "M"}


def _resource(resources: pikepdf.Object, kind: str, operands: Sequence[object]) -> pikepdf.Object:
    """What a name leads to; raises ``UndrawableError`` where it leads nowhere."""
    if len(operands) != 1 or not isinstance(operands[0], pikepdf.Name):
        raise UndrawableError("broken_content")
    named = resources.get(kind) if isinstance(resources, pikepdf.Dictionary) else None
    found = named.get(str(operands[0])) if isinstance(named, pikepdf.Dictionary) else None
    if not isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        raise UndrawableError("missing_resource")
    return found


def _is_coloured(image: DrawnImage) -> bool:
    if image.picture is not None:
        return image.picture.components == 3
    return image.pixels is not None
