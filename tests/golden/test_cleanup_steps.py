"""What each cleanup step does to pixels."""

from __future__ import annotations

import numpy as np

from pipeline.cleanup.background import Paper, even_out
from pipeline.cleanup.grey import to_grey
from pipeline.cleanup.noise import remove_specks
from pipeline.cleanup.orientation import turn_page
from pipeline.cleanup.scale import resize_page
from pipeline.cleanup.tilt import straighten
from pipeline.domain.pages import PageImage, Pixels
from tests.golden.pixels import assert_pixels, draw

FLAG = """
    ####..
    #.....
    ##....
    #.....
"""


def page(pixels: Pixels, dpi: float = 150) -> PageImage:
    return PageImage(1, pixels, dpi)


def test_a_page_is_turned_clockwise_by_quarters():
    assert_pixels(
        turn_page(page(draw(FLAG)), 90).pixels,
        """
            ####
            .#.#
            ...#
            ...#
            ....
            ....
        """,
    )
    assert_pixels(
        turn_page(page(draw(FLAG)), 180).pixels,
        """
            .....#
            ....##
            .....#
            ..####
        """,
    )
    assert_pixels(
        turn_page(page(draw(FLAG)), 270).pixels,
        """
            ....
            ....
            #...
            #...
            #.#.
            ####
        """,
    )


def test_a_page_that_lies_right_is_not_touched():
    image = page(draw(FLAG))
    assert turn_page(image, 0) is image
    assert straighten(image, 0.1) is image
    assert resize_page(image, 1.0) is image


def test_single_specks_vanish_and_strokes_stay():
    assert_pixels(
        remove_specks(
            page(
                draw(
                    """
                        .........
                        .#...###.
                        .....###.
                        ...#.###.
                        .....###.
                        .........
                    """
                )
            )
        ).pixels,
        """
            .........
            ......#..
            .....###.
            .....###.
            ......#..
            .........
        """,
    )


def test_a_shadow_becomes_white_and_the_text_in_it_keeps_its_contrast():
    picture = draw(
        """
            ........--------
            .#.#.#.#-#-#-#-#
            ........--------
        """
    )
    shade = np.where(np.arange(16)[None] < 8, 255, 180).astype(np.uint8).repeat(3, 0)
    assert_pixels(
        even_out(page(picture), Paper(shade, 75, 200)).pixels,
        """
            ................
            .#.#.#.#.#.#.#.#
            ................
        """,
    )


def test_where_there_is_no_paper_the_page_is_white():
    picture = np.full((2, 8), 30, np.uint8)
    assert_pixels(even_out(page(picture), Paper(np.full((2, 8), 30, np.uint8), 0, 0)).pixels, "........\n........")


def test_halving_a_page_averages_its_pixels():
    assert_pixels(
        resize_page(
            page(
                draw(
                    """
                        ##..#.
                        ##....
                    """
                )
            ),
            0.5,
        ).pixels,
        "#.-",
    )


def test_a_red_seal_fades_and_black_and_blue_ink_stay():
    pixels = np.full((40, 40, 3), 255, np.uint8)
    pixels[4:36, 4:36] = (225, 60, 60)
    pixels[10:14, 10:30] = (20, 20, 20)
    pixels[24:28, 10:30] = (30, 40, 160)
    grey = to_grey(page(pixels, 75)).pixels
    assert grey[6, 6] > 200
    assert grey[12, 20] < 40
    assert grey[26, 20] < 60


def test_a_line_of_red_print_stays_dark():
    pixels = np.full((60, 160, 3), 255, np.uint8)
    pixels[20:30, 20:140] = (210, 30, 30)
    grey = to_grey(page(pixels, 75)).pixels
    assert grey[25, 80] < 110
    assert grey[50, 80] == 255
