"""Boxes and maps between pixel grids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.geometry import Affine, Box, Homography, hull

coordinates = st.floats(-5000, 5000)
boxes = st.builds(
    lambda left, top, width, height: Box(left, top, left + width, top + height),
    coordinates,
    coordinates,
    st.floats(1, 3000),
    st.floats(1, 3000),
)
maps = st.builds(
    lambda turn, scale, x, y: Affine.rotation(turn, 100, 50).then(Affine.scale(scale)).then(Affine.shift(x, y)),
    st.floats(-180, 180),
    st.floats(0.1, 8),
    coordinates,
    coordinates,
)


@given(maps, coordinates, coordinates)
def test_the_way_back_leads_back(there: Affine, x: float, y: float) -> None:
    assert there.inverse().apply(*there.apply(x, y)) == pytest.approx((x, y), abs=1e-3)


@given(maps, maps, coordinates, coordinates)
def test_two_maps_in_one_do_the_first_one_first(first: Affine, second: Affine, x: float, y: float) -> None:
    assert first.then(second).apply(x, y) == pytest.approx(second.apply(*first.apply(x, y)), abs=1e-3, rel=1e-6)


@given(maps, boxes)
def test_a_mapped_box_holds_every_corner(there: Affine, box: Box) -> None:
    mapped = there.map_box(box).grown(1e-6 * (1 + abs(box.left) + abs(box.bottom)))
    for corner in ((box.left, box.top), (box.right, box.bottom), (box.left, box.bottom)):
        x, y = there.apply(*corner)
        assert mapped.left <= x <= mapped.right
        assert mapped.top <= y <= mapped.bottom


@given(boxes, boxes)
def test_overlap_is_a_share_and_does_not_care_who_comes_first(one: Box, other: Box) -> None:
    assert 0 <= one.overlap(other) <= 1
    assert one.overlap(other) == pytest.approx(other.overlap(one))
    assert one.overlap(one) == pytest.approx(1)


@given(st.lists(boxes, min_size=1, max_size=5))
def test_a_hull_holds_what_it_was_made_of(parts: list[Box]) -> None:
    whole = hull(parts)
    assert all(whole.intersection(part).area == pytest.approx(part.area) for part in parts)


def test_a_quarter_turn_is_clockwise_as_the_eye_sees_it() -> None:
    assert Affine.rotation(90).apply(1, 0) == pytest.approx((0, 1))


leanings = st.builds(
    lambda there, lean, fall: Homography((1, 0, 0, 0, 1, 0, lean, fall, 1)).then(there),
    maps,
    st.floats(-4e-4, 4e-4),
    st.floats(-4e-4, 4e-4),
)


@given(leanings, st.floats(0, 400), st.floats(0, 400))
def test_the_way_back_from_a_camera_leads_back(there: Homography, x: float, y: float) -> None:
    assert there.inverse().apply(*there.apply(x, y)) == pytest.approx((x, y), abs=1e-3)


@given(maps, leanings, st.floats(0, 400), st.floats(0, 400))
def test_maps_of_both_kinds_do_the_first_one_first(first: Affine, second: Homography, x: float, y: float) -> None:
    assert first.then(second).apply(x, y) == pytest.approx(second.apply(*first.apply(x, y)), rel=1e-6, abs=1e-4)
    assert second.then(first).apply(x, y) == pytest.approx(first.apply(*second.apply(x, y)), rel=1e-6, abs=1e-4)


@given(leanings, st.floats(50, 350), st.floats(50, 350))
def test_around_a_point_a_camera_is_close_to_an_affine_map(there: Homography, x: float, y: float) -> None:
    close = there.near(x, y)
    assert close.apply(x, y) == pytest.approx(there.apply(x, y), rel=1e-6, abs=1e-4)
    assert close.apply(x + 0.1, y - 0.1) == pytest.approx(there.apply(x + 0.1, y - 0.1), rel=1e-4, abs=1e-2)
