"""Papers of no type that say little: drawings with a title block, maps, photographs of people, leaves written by hand."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from scripts.corpus import ink
from scripts.corpus.canvas import A4, BLUE, Picture, Rule, Strokes
from scripts.corpus.draft import Draft, Layout
from scripts.corpus.flow import Margins, Writer
from scripts.corpus.people import draw_name

LANDSCAPE = (A4[1], A4[0])


def draw_plan(draft: Draft) -> None:
    """Draws a sheet of a building's design: walls, axes, a title block at the lower right."""
    chance = draft.chance
    writer = draft.writer(10, Margins(40, 40, 40, 40), LANDSCAPE)
    _box(writer, (30, 30, LANDSCAPE[0] - 30, LANDSCAPE[1] - 30), 1.6)
    for place in range(chance.whole(4, 7)):
        x = 90 + place * chance.between(70, 90)
        writer.sheet.put(Rule((x, 70), (x, 400), 0.5, dash=6))
        writer.line(str(place + 1), x, 62, writer.style)
    for _ in range(6):
        x, y = chance.between(90, 420), chance.between(90, 300)
        _box(writer, (x, y, x + chance.between(60, 130), y + chance.between(50, 90)), 2.0)
        writer.line(f"{chance.whole(12, 60)}00", x + 40, y - 4, writer.style.but(size=8))
    left, top = LANDSCAPE[0] - 260, LANDSCAPE[1] - 170
    _box(writer, (left, top, LANDSCAPE[0] - 30, LANDSCAPE[1] - 30), 1.2)
    rows = (
        "CHỦ ĐẦU TƯ: " + draw_name(chance, True).upper(), "CÔNG TRÌNH: NHÀ Ở GIA ĐÌNH",
        chance.pick_apart(("MẶT BẰNG TẦNG 1", "MẶT ĐỨNG TRỤC 1-4"), ("MẶT CẮT A-A", "CHI TIẾT MÓNG M1")),
        f"TỶ LỆ: 1/{chance.pick((50, 75, 100))}", f"BẢN VẼ SỐ: KT-{chance.whole(1, 20):02d}",
    )  # fmt: skip
    for place, text in enumerate(rows):
        writer.sheet.put(Rule((left, top + 26 * (place + 1)), (LANDSCAPE[0] - 30, top + 26 * (place + 1)), 0.6))
        writer.line(text, (left + LANDSCAPE[0] - 30) / 2, top + 18 + 26 * place, writer.style.but(size=9, bold=place == 2))


def draw_map(draft: Draft) -> None:
    """Draws a map of plots with their numbers and a scale."""
    chance = draft.chance
    writer = draft.writer(11, Margins(50, 50, 50, 50))
    writer.centred(chance.pick_apart(("BẢN ĐỒ HIỆN TRẠNG SỬ DỤNG ĐẤT",), ("SƠ ĐỒ VỊ TRÍ KHU ĐẤT",)), bold=True, gap=14)
    top, corners = writer.y + 20, []
    for row in range(5):
        corners.append(
            [(90 + 90 * column + chance.between(-18, 18), top + 100 * row + chance.between(-18, 18)) for column in range(6)]
        )
    for row in range(5):
        for column in range(6):
            if column < 5:
                writer.sheet.put(Rule(corners[row][column], corners[row][column + 1], 0.8))
            if row < 4:
                writer.sheet.put(Rule(corners[row][column], corners[row + 1][column], 0.8))
            if column < 5 and row < 4:
                x, y = corners[row][column]
                writer.line(str(chance.whole(11, 480)), x + 45, y + 48, writer.style.but(size=9))
                writer.line(f"{chance.whole(60, 900)}.{chance.digits(1)}", x + 45, y + 60, writer.style.but(size=8))
    writer.y = top + 440
    writer.centred(f"TỶ LỆ 1:{chance.pick((500, 1000, 2000))}", gap=4)


def draw_likeness(draft: Draft) -> None:
    """Draws a photograph of somebody who does not exist, and little else."""
    chance = draft.chance
    writer = draft.writer(12)
    rows, columns = np.mgrid[0:240, 0:180].astype(np.float32)
    pixels: NDArray[np.float32] = np.empty((240, 180, 3), np.float32)
    pixels[:] = chance.pick(((120, 160, 210), (214, 214, 208), (96, 130, 96)))
    body = ((columns - 90) / 80) ** 2 + ((rows - 245) / 86) ** 2 < 1
    head = ((columns - 90) / 40) ** 2 + ((rows - 104) / 54) ** 2 < 1
    pixels[body] = chance.pick(((40, 46, 70), (150, 40, 44), (230, 230, 232)))
    pixels[head] = (204, 168, 142)
    pixels[head & (rows < 74)] = (34, 30, 30)
    grain = np.random.default_rng(chance.whole(0, 10**9)).normal(0, 7, pixels.shape)
    picture = np.clip(pixels + grain, 0, 255).astype(np.uint8)
    wide = chance.between(140, 420)
    writer.sheet.put(Picture(90, 80, 90 + wide, 80 + wide * 4 / 3, picture))
    if chance.odds(0.5):
        writer.line(f"{chance.pick_apart(('Ảnh 4x6', 'Ảnh chân dung'), ('Ảnh thẻ', 'Hình 3x4'))}", 300, 760, writer.style)


def draw_scrawl(draft: Draft) -> None:
    """Draws a leaf that a hand has covered with lines nobody can read."""
    chance = draft.chance
    writer = draft.writer(13)
    for row in range(chance.whole(8, 20)):
        x, y = writer.left, 90 + row * 32.0
        while x < writer.right - 60:
            wide = chance.between(30, 80)
            mark = ink.sign(chance, (x + wide / 2, y), wide)
            writer.sheet.put(Strokes(mark.paths, mark.width, BLUE))
            x += wide + 10
    writer.line(chance.pick_apart(("Ghi chú", "Nháp"), ("Sổ tay", "Lưu ý")), 120, 60, writer.style)


def _box(writer: Writer, sides: tuple[float, float, float, float], width: float) -> None:
    left, top, right, bottom = sides
    corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    for start, end in itertools.pairwise(corners):
        writer.sheet.put(Rule(start, end, width))


PICTURES = (
    Layout("plan_sheet", "tune", draw_plan),
    Layout("plan_section", "held_out", draw_plan),
    Layout("plot_map", "tune", draw_map),
    Layout("site_sketch", "held_out", draw_map),
    Layout("likeness", "tune", draw_likeness),
    Layout("portrait", "held_out", draw_likeness),
    Layout("scrawl", "tune", draw_scrawl),
    Layout("scribble", "held_out", draw_scrawl),
)
