from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patenwerk.places.enums import DistanceCode
from patenwerk.places.kernel.distance import (
    EARTH_RADIUS_KM,
    Distance,
    Point,
    distance_km,
    distances_km,
    spoken_distance,
)

points = st.builds(
    Point,
    st.floats(-90, 90, allow_nan=False),
    st.floats(-180, 180, allow_nan=False),
)
HALF_ROUND = np.pi * EARTH_RADIUS_KM


def test_known_distance_from_berlin_to_munich() -> None:
    berlin, munich = Point(52.520, 13.405), Point(48.137, 11.575)
    assert distance_km(berlin, munich) == pytest.approx(504, abs=1)


@given(points, points)
def test_symmetric_and_never_more_than_half_round_the_earth(a: Point, b: Point) -> None:
    there, back = distance_km(a, b), distance_km(b, a)
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= HALF_ROUND + 1e-6


@given(points)
def test_no_way_to_itself_and_half_round_to_the_opposite(a: Point) -> None:
    assert distance_km(a, a) == 0
    opposite = Point(-a.lat, a.lon + 180)
    assert distance_km(a, opposite) == pytest.approx(HALF_ROUND, abs=1e-3)


@given(points, points, points)
def test_a_detour_is_never_shorter(a: Point, b: Point, c: Point) -> None:
    assert distance_km(a, c) <= distance_km(a, b) + distance_km(b, c) + 1e-3


@given(st.lists(points, min_size=1, max_size=5), st.lists(points, min_size=1, max_size=5))
def test_arrays_say_the_same_as_single_points(rows: list[Point], columns: list[Point]) -> None:
    first, second = np.array(rows), np.array(columns)
    table = distances_km(
        first[:, None, 0], first[:, None, 1], second[None, :, 0], second[None, :, 1]
    )
    assert table.shape == (len(rows), len(columns))
    expected = [[distance_km(a, b) for b in columns] for a in rows]
    assert np.allclose(table, expected, atol=1e-3)


@pytest.mark.parametrize(
    ("km", "said"), [(0.0, 1), (0.4, 1), (1.4, 1), (5.6, 6), (6.4, 6), (477.2, 477)]
)
def test_different_places_are_about_so_many_whole_kilometres(km: float, said: int) -> None:
    assert spoken_distance(km, same_place=False) == Distance(DistanceCode.ABOUT, said)


def test_the_same_place_has_no_kilometres() -> None:
    assert spoken_distance(0.3, same_place=True) == Distance(DistanceCode.SAME_PLACE, 0)
