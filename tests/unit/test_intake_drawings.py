"""Pages drawn by programs stay drawings where they can be drawn again, and say why where they cannot."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from pipeline import intake
from pipeline.composition import compress
from pipeline.domain.pages import PictureEncoding, ScannedPage
from pipeline.intake import drawings
from tests.drawn_pdfs import add_content, draw_inks, draw_letter, draw_photo, draw_seal, edit, office_pdf, stamp


def page_of(path: Path) -> ScannedPage:
    return intake.read_page(path, "application/pdf", 1, intake.Bounds())


def form_of(pdf: pikepdf.Pdf, content: bytes, **entries: object) -> pikepdf.Object:
    form = pdf.make_stream(content)
    form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 600, 850]
    for key, value in entries.items():
        form[f"/{key}"] = value
    return form


def turn(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Rotate = 90


def crop(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.MediaBox = [-20, -30, 600, 850]
    pdf.pages[0].obj.CropBox = [30, 40, 560, 800]


def nest(pdf: pikepdf.Pdf) -> None:
    inner = form_of(pdf, b"0.2 0.6 0.2 rg 100 500 80 40 re f", Matrix=[0.5, 0, 0, 0.5, 10, 20])
    outer = form_of(pdf, b"q 1 0 0 1 30 0 cm /X Do Q", Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner)))
    add_content(pdf, "q /Y Do Q", XObject=pikepdf.Dictionary(Y=outer))


def enlarge(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.UserUnit = 2


def spot_colour(pdf: pikepdf.Pdf) -> None:
    mix = pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[0, 1, 0.8, 0], N=1)
    spot = pikepdf.Array([pikepdf.Name.Separation, pikepdf.Name("/Red"), pikepdf.Name.DeviceCMYK, mix])
    add_content(pdf, "/S cs 0.7 scn 80 80 200 100 re f", ColorSpace=pikepdf.Dictionary(S=spot))


def bold_by_lines(pdf: pikepdf.Pdf) -> None:
    font = next(iter(pdf.pages[0].obj.Resources.Font.keys()))
    page = pdf.pages[0]
    content = page.obj.Contents.read_bytes() if isinstance(page.obj.Contents, pikepdf.Stream) else b""
    assert font
    page.obj.Contents = pdf.make_stream(content.replace(b"BT ", b"BT 2 Tr 0.4 w "))


KEPT: dict[str, tuple[tuple[Callable[..., None], ...], Callable[[pikepdf.Pdf], None] | None]] = {
    "letters": ((), None),
    "inks": ((draw_inks,), None),
    "images": ((draw_seal,), None),
    "all of it": ((draw_inks, draw_seal), None),
    "turned": ((draw_seal,), turn),
    "cropped": ((draw_seal,), crop),
    "forms in forms": ((), nest),
    "large units": ((), enlarge),
    "a spot colour": ((), spot_colour),
    "bold by lines": ((), bold_by_lines),
    "a stamp": ((), stamp),
    "a hidden stamp": ((), lambda pdf: stamp(pdf, flags=2)),
}


@pytest.mark.parametrize("case", KEPT)
def test_what_can_be_drawn_again_looks_as_before(tmp_path, case):
    more, change = KEPT[case]
    path = office_pdf(tmp_path / "a.pdf", draw_letter, *more)
    if change is not None:
        edit(path, change)
    page = page_of(path)
    assert page.undrawn == ""
    kept = compress(page, "nd30")
    assert (kept.account.coding, kept.account.refused) == ("vectors", ())
    assert kept.picture.encoding is PictureEncoding.DRAWING
    assert kept.account.ssim > 0.95


def blend(pdf: pikepdf.Pdf) -> None:
    add_content(pdf, "/B gs 9 9 9 9 re f", ExtGState=pikepdf.Dictionary(B=pikepdf.Dictionary(BM=pikepdf.Name.Multiply)))


def shade(pdf: pikepdf.Pdf) -> None:
    ramp = pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], C0=[1, 0, 0], C1=[0, 0, 1], N=1)
    shading = pikepdf.Dictionary(ShadingType=2, ColorSpace=pikepdf.Name.DeviceRGB, Coords=[0, 0, 99, 0], Function=ramp)
    add_content(pdf, "/H sh", Shading=pikepdf.Dictionary(H=shading))


def tile(pdf: pikepdf.Pdf) -> None:
    add_content(pdf, "/Pattern cs /P scn 9 9 99 99 re f")


def recurse(pdf: pikepdf.Pdf) -> None:
    form = form_of(pdf, b"/Z Do")
    form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Z=form))
    add_content(pdf, "/Z Do", XObject=pikepdf.Dictionary(Z=form))


def multiply(pdf: pikepdf.Pdf) -> None:
    """Ten forms, each of which calls the next ten times."""
    form = form_of(pdf, b"0 0 1 1 re f " * 10)
    for _ in range(6):
        form = form_of(pdf, b"/Z Do " * 10, Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Z=form)))
    add_content(pdf, "/Z Do", XObject=pikepdf.Dictionary(Z=form))


def hide(pdf: pikepdf.Pdf) -> None:
    group = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="ẩn"))
    pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=[group], D=pikepdf.Dictionary(OFF=[group]))
    add_content(pdf, "/OC /G BDC 9 9 99 99 re f EMC", Properties=pikepdf.Dictionary(G=group))


def unfound(pdf: pikepdf.Pdf) -> None:
    add_content(pdf, "/Nowhere Do")


def pile(pdf: pikepdf.Pdf) -> None:
    add_content(pdf, "q " * 40 + "Q " * 40)


def soften(pdf: pikepdf.Pdf) -> None:
    mask = pikepdf.Dictionary(S=pikepdf.Name.Luminosity, G=form_of(pdf, b"0.5 g 0 0 600 850 re f"))
    add_content(pdf, "/B gs 9 9 9 9 re f", ExtGState=pikepdf.Dictionary(B=pikepdf.Dictionary(SMask=mask)))


def clip_to_letters(pdf: pikepdf.Pdf) -> None:
    name = next(iter(pdf.pages[0].obj.Resources.Font.keys()))
    add_content(pdf, f"BT {name} 20 Tf 7 Tr (\\001\\002) Tj ET 0 0 99 99 re f")


def lose_font(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[0].obj.Resources.Font.values():
        if "/FontDescriptor" in font:
            del font.FontDescriptor["/FontFile2"]


def spoil_font(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[0].obj.Resources.Font.values():
        if "/FontDescriptor" in font:
            font.FontDescriptor.FontFile2 = pdf.make_stream(b"\0\1\0\0" + b"\xff" * 400)


REFUSED: dict[str, tuple[Callable[[pikepdf.Pdf], None], str]] = {
    "blending": (blend, "graphics_state_bm"),
    "a shading": (shade, "operator_sh"),
    "a pattern": (tile, "pattern"),
    "a form within itself": (recurse, "nested_forms"),
    "forms that multiply": (multiply, "too_much_content"),
    "hidden layers": (hide, "optional_content"),
    "a resource that is not there": (unfound, "missing_resource"),
    "states without end": (pile, "nested_states"),
    "a soft mask": (soften, "graphics_state_sma"),
    "clipping to letters": (clip_to_letters, "text_clip"),
    "a font that is not embedded": (lose_font, "font_not_embedded"),
    "a spoilt font": (spoil_font, "broken_content"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_drawn_again_is_a_picture_and_says_why(tmp_path, case):
    change, reason = REFUSED[case]
    page = page_of(edit(office_pdf(tmp_path / "a.pdf"), change))
    assert (page.drawing, page.undrawn) == (None, reason)
    kept = compress(page, "nd30")
    assert kept.account.coding != "vectors"
    assert (kept.account.refused[0].coding, kept.account.refused[0].reasons) == ("vectors", (reason,))


def test_a_drawing_that_looks_otherwise_is_refused(tmp_path):
    page = page_of(office_pdf(tmp_path / "a.pdf"))
    other = page_of(office_pdf(tmp_path / "b.pdf", draw_inks))
    kept = compress(ScannedPage(page.image, drawing=other.drawing), "nd30")
    assert kept.account.coding != "vectors"
    assert "lost_stroke" in kept.account.refused[0].reasons


def test_pages_that_are_mostly_pictures_stay_pictures(tmp_path):
    path = office_pdf(tmp_path / "a.pdf", draw_photo, draw_letter)
    assert page_of(path).undrawn == "mostly_picture"


def test_glyphs_that_call_each_other_without_end_are_given_up(tmp_path, monkeypatch):
    """Parts of parts of parts, ten of each: a font of a few kilobytes that would be drawn for years."""
    monkeypatch.setattr(drawings, "MOST_SECONDS", 0.2)
    page = page_of(edit(office_pdf(tmp_path / "a.pdf"), explode_font))
    assert page.undrawn == "too_much_content"
    assert compress(page, "nd30").account.coding != "vectors"


def explode_font(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[0].obj.Resources.Font.values():
        if "/FontDescriptor" not in font:
            continue
        data = io.BytesIO(font.FontDescriptor.FontFile2.read_bytes())
        with TTFont(data, recalcBBoxes=False) as program:
            order, glyphs = program.getGlyphOrder(), program["glyf"]
            for name, part in pairwise(order[1:40]):
                pen = TTGlyphPen(glyphs)
                for step in range(10):
                    pen.addComponent(part, (1, 0, 0, 1, step, 0))
                glyphs[name] = pen.glyph()
                glyphs[name].xMin = glyphs[name].yMin = 0
                glyphs[name].xMax = glyphs[name].yMax = 1000
            out = io.BytesIO()
            program.save(out)
        font.FontDescriptor.FontFile2 = pdf.make_stream(out.getvalue())


def test_nothing_of_the_file_but_its_looks_gets_into_the_drawing(tmp_path):
    def spike(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        add_content(pdf, "/Span <</ActualText (nothing) /X (secret)>> BDC 9 9 2 2 re f EMC")

    drawing = page_of(edit(office_pdf(tmp_path / "a.pdf"), spike)).drawing
    assert drawing is not None
    assert not any(word in drawing.operators for word in (b"Span", b"secret", b"Tf", b"BDC"))


def test_fonts_that_the_file_does_not_carry_are_drawn_as_pdfium_paints_them(tmp_path):
    def plain(canvas):
        for row, font in enumerate(("Helvetica", "Times-BoldItalic", "Courier")):
            canvas.setFont(font, 14)
            canvas.drawString(72, 700 - 30 * row, "So 717/QD-UBND ngay 06/01/2025, ca fe deja")

    page = page_of(office_pdf(tmp_path / "a.pdf", plain))
    assert compress(page, "nd30").account.coding == "vectors"


def type3_font(pdf: pikepdf.Pdf, proc: bytes) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type3,
        FontBBox=[0, -200, 1000, 800],
        FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
        CharProcs=pikepdf.Dictionary(a=pdf.make_stream(proc)),
        Encoding=pikepdf.Dictionary(Differences=[97, pikepdf.Name("/a")]),
        FirstChar=97,
        LastChar=97,
        Widths=[900],
    )


@pytest.mark.parametrize(
    ("proc", "reason"),
    [
        (b"900 0 0 0 800 700 d1 100 0 m 700 0 l 700 650 l h 50 50 30 30 re f", ""),
        (b"900 0 d0 1 0 0 rg 100 0 600 600 re f", "font_type3"),
        (b"900 0 0 0 800 700 d1 100 0 0 100 0 0 cm BI /W 1 /H 1 /IM true ID \x00 EI", "font_type3"),
    ],
)
def test_letters_of_type_3_are_drawn_where_they_are_outlines(tmp_path, proc, reason):
    def write(pdf: pikepdf.Pdf) -> None:
        fonts = pdf.pages[0].obj.Resources.Font
        fonts["/T3"] = type3_font(pdf, proc)
        add_content(pdf, "BT /T3 30 Tf 100 120 Td 0.2 0.3 0.7 rg (aaa) Tj ET")

    page = page_of(edit(office_pdf(tmp_path / "a.pdf"), write))
    assert page.undrawn == reason
    if not reason:
        assert compress(page, "nd30").account.coding == "vectors"
