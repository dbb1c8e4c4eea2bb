"""Straight-line distances between the centres of places, and how they are said.

Distances are never turned into minutes: a straight line does not know a bus.
"""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from patenwerk.places.enums import DistanceCode

#: Mean radius of the earth in kilometres (IUGG).
EARTH_RADIUS_KM = 6371.0088


class Point(NamedTuple):
    """Degrees north and degrees east (WGS 84)."""

    lat: float
    lon: float


class Distance(NamedTuple):
    """A distance as it is said: a code, and whole kilometres where the code is ``ABOUT``."""

    code: DistanceCode
    km: int


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance of two points in kilometres (haversine)."""
    half_lat = sin(radians(b.lat - a.lat) / 2)
    half_lon = sin(radians(b.lon - a.lon) / 2)
    part = half_lat**2 + cos(radians(a.lat)) * cos(radians(b.lat)) * half_lon**2
    # Rounding may push the value of antipodes a hair beyond one, where asin has no answer.
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, part)))


def distances_km(
    lat_a: ArrayLike, lon_a: ArrayLike, lat_b: ArrayLike, lon_b: ArrayLike
) -> NDArray[np.float64]:
    """Great-circle distances in kilometres of arrays of degrees, broadcast like NumPy does.

    ``distances_km(lat[:, None], lon[:, None], lat2[None, :], lon2[None, :])`` is the whole table.
    """
    phi_a, phi_b = np.radians(lat_a), np.radians(lat_b)
    half_lat = np.sin((phi_b - phi_a) / 2)
    half_lon = np.sin((np.radians(lon_b) - np.radians(lon_a)) / 2)
    part = half_lat**2 + np.cos(phi_a) * np.cos(phi_b) * half_lon**2
    result: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, part)))
    return result


def spoken_distance(km: float, *, same_place: bool) -> Distance:
    """How a distance is said: »same place«, or »about« so many whole kilometres, at least one.

    Two different places are never said to be 0 km apart.
    """
    if same_place:
        return Distance(DistanceCode.SAME_PLACE, 0)
    return Distance(DistanceCode.ABOUT, max(1, round(km)))
