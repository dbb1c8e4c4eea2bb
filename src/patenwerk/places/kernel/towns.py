"""The table of towns and postcode regions that is part of the product: no database needed.

The files and how they were made are described in ``docs/reference/places.md``.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from patenwerk.places.enums import Land
from patenwerk.places.kernel.distance import Point
from patenwerk.places.kernel.locator import Entry, Locator, Region


@dataclass(frozen=True, slots=True)
class Town:
    """A town, or a part of one of the largest (then ``part_of`` names the city).

    ``postcodes`` are ranges of first and last postcode; ``population`` is rounded to thousands;
    ``source`` says where the coordinates come from: ``geonames`` or ``own``.
    """

    name: str
    land: Land
    postcodes: tuple[tuple[str, str], ...]
    point: Point
    population: int
    part_of: str
    source: str


@cache
def towns() -> tuple[Town, ...]:
    """All towns of the table, by postcode."""
    return tuple(
        Town(
            name=row["name"],
            land=Land(row["land"]),
            postcodes=tuple(_range(text) for text in row["postcodes"].split()),
            point=Point(float(row["lat"]), float(row["lon"])),
            population=int(row["population"]),
            part_of=row["part_of"],
            source=row["source"],
        )
        for row in _rows("towns.csv")
    )


@cache
def regions() -> tuple[Region, ...]:
    """All two-digit postcode regions, by their digits."""
    return tuple(
        Region(
            digits=row["region"],
            name=row["name"],
            point=Point(float(row["lat"]), float(row["lon"])),
            laender=frozenset(Land(code) for code in row["laender"].split()),
        )
        for row in _rows("regions.csv")
    )


@cache
def default_locator() -> Locator:
    """Finds postcodes by this table alone, as the command line needs it."""
    return Locator(
        (
            Entry(first, last, town.name, town.land, town.point)
            for town in towns()
            for first, last in town.postcodes
        ),
        regions(),
    )


@cache
def digest() -> str:
    """A fingerprint of the table, to see whether a database holds this or an older one."""
    return hashlib.sha256((_text("towns.csv") + _text("regions.csv")).encode()).hexdigest()


def _range(text: str) -> tuple[str, str]:
    first, _, last = text.partition("-")
    return first, last or first


def _text(name: str) -> str:
    return (files("patenwerk.places") / "data" / name).read_text(encoding="utf-8")


def _rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(_text(name).splitlines())
