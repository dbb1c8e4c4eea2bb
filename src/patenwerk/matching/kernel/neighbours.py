"""Which places lie within reach of each other, and how far: the last floats of the kernel."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.compiled import Cells

EARTH_RADIUS_HM = 63_710
"""Mean radius of the earth in units of 100 m."""
UNKNOWN_HM = -1
"""Stands for a distance nobody knows."""

Locate = Callable[[str], tuple[float, float] | None] | Mapping[str, tuple[float, float]]
"""Postcode → (latitude, longitude) in degrees, or None where the place is not known."""
Vectors = NDArray[np.float64]
"""(places, 3) float64: unit vectors from the centre of the earth, NaN where unknown."""

_ROWS_AT_ONCE = 32
"""Few, so that the tables made on the way stay near the processor."""
_HM_AT, _PLACE_AT = 24, 42
"""Bits: up to 16 million places, and distances up to halfway around the earth."""


@dataclass(frozen=True, slots=True)
class Places:
    """The different places of everybody: postcodes at one point are one place, unknown ones one
    each. ``number`` tells the place of a postcode; places near each other have near numbers.
    """

    vectors: Vectors
    number: Mapping[str, int]


def places_of(postcodes: Iterable[str], locate: Locate) -> Places:
    """The places of these postcodes."""
    look_up = locate if callable(locate) else locate.get
    points = {code: look_up(code) for code in set(postcodes)}
    keys = {code: point or code for code, point in points.items()}
    order = sorted(set(keys.values()), key=_along)
    number = {key: place for place, key in enumerate(order)}
    return Places(
        vectors=unit_vectors([key if isinstance(key, tuple) else None for key in order]),
        number={code: number[key] for code, key in keys.items()},
    )


def _along(key: tuple[float, float] | str) -> tuple[float, float, str]:
    """In strips a quarter of a degree wide from south to north, from west to east in each."""
    if isinstance(key, str):
        return (math.inf, math.inf, key)
    return (math.floor(key[0] * 4), key[1], str(key))


def unit_vectors(points: Iterable[tuple[float, float] | None]) -> Vectors:
    """Unit vectors of points given as (latitude, longitude) in degrees."""
    degrees = [(math.nan, math.nan) if point is None else tuple(point) for point in points]
    radians = np.radians(np.array(degrees, dtype=np.float64).reshape(-1, 2))
    latitude, longitude = radians[:, 0], radians[:, 1]
    return np.stack(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ],
        axis=1,
    )


def distances_hm(
    vectors: Vectors, here: NDArray[np.integer], there: NDArray[np.integer]
) -> NDArray[np.int32]:
    """Straight lines between places, in units of 100 m, in the common shape of the two.

    0 for the same place, also where it is unknown; else ``UNKNOWN_HM`` where one is unknown.
    Rounded to whole units here, so that all comparisons are between integers.
    """
    squares = np.zeros(np.broadcast_shapes(here.shape, there.shape))
    for axis in range(3):
        squares += (vectors[here, axis] - vectors[there, axis]) ** 2
    halves = np.minimum(np.sqrt(squares) / 2, 1.0)
    arcs = np.rint(2 * EARTH_RADIUS_HM * np.arcsin(halves))
    known = np.where(np.isnan(arcs), UNKNOWN_HM, arcs).astype(np.int32)
    return np.where(here == there, np.int32(0), known)


class Neighbours(NamedTuple):
    """For each place the places within reach, the nearest first, as compressed rows.

    ``begin`` (places + 1,) int64, ``place`` int32 and ``hm`` int32 in units of 100 m.
    """

    begin: Cells
    place: Cells
    hm: Cells


def neighbours_of(
    vectors: Vectors, reach: NDArray[np.int32], reached: NDArray[np.int32]
) -> Neighbours:
    """Pairs of places not further apart than somebody at the one and somebody at the other go.

    ``reach`` and ``reached`` (places,) int32: the furthest anybody of the one side goes from each
    place, of the other side; -1 where nobody of it is. The last few answers are kept.
    """
    return _neighbours(len(vectors), vectors.tobytes(), reach.tobytes(), reached.tobytes())


@lru_cache(maxsize=4)
def _neighbours(size: int, vectors: bytes, reach: bytes, reached: bytes) -> Neighbours:
    where = np.frombuffer(vectors, dtype=np.float64).reshape(size, 3)
    go = np.frombuffer(reach, dtype=np.int32)
    come = np.frombuffer(reached, dtype=np.int32)
    height = np.where(np.isnan(where[:, 2]), np.inf, where[:, 2])
    by_height = np.argsort(height, kind="stable")
    heights = height[by_height]
    everywhere = np.arange(size)
    found = [(everywhere[:0], everywhere[:0])]
    widest = min(int(go.max(initial=-1)), int(come.max(initial=-1)))
    # Two places are at least as far apart as their heights (the third axis) are.
    margin = (widest + 1) / EARTH_RADIUS_HM
    # Cosines are cheap and, with a little to spare, never leave out who is near enough. A place
    # nobody knows or goes from is near to none.
    known = np.nan_to_num(where)
    nearest = [
        np.where(side >= 0, np.cos((side + 1) / EARTH_RADIUS_HM), 2.0) for side in (go, come)
    ]
    for first in range(0, size, _ROWS_AT_ONCE):
        here = by_height[first : first + _ROWS_AT_ONCE]
        low = np.searchsorted(heights, height[here[0]] - margin)
        high = np.searchsorted(heights, height[here[-1]] + margin, "right")
        there = by_height[low:high]
        wanted = np.maximum(nearest[0][here][:, None], nearest[1][there][None, :])
        wanted -= 1e-12
        at = np.flatnonzero((known[here] @ known[there].T >= wanted).ravel())
        found.append((here[at // max(1, len(there))], there[at % max(1, len(there))]))
    one, other = (np.concatenate(part) for part in zip(*found, strict=True))
    distinct = one != other
    one = np.concatenate([one[distinct], everywhere])
    other = np.concatenate([other[distinct], everywhere])
    apart = distances_hm(where, one, other).astype(np.int64)
    near = (apart <= go[one]) & (apart <= come[other])
    # By place, then by distance, as one number: sorting numbers is many times faster than rows.
    ranked = (one[near] << _PLACE_AT) | (apart[near] << _HM_AT) | other[near]
    ranked.sort()
    begin = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(ranked >> _PLACE_AT, minlength=size), out=begin[1:])
    return Neighbours(
        begin,
        (ranked & ((1 << _HM_AT) - 1)).astype(np.int32),
        ((ranked >> _HM_AT) & ((1 << (_PLACE_AT - _HM_AT)) - 1)).astype(np.int32),
    )
