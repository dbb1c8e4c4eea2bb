"""Reading the postcode format of GeoNames: tab-separated lines without a header.

Columns: country, postcode, place name, names and codes of three administrative levels (name 1,
code 1, … code 3), latitude, longitude, and optionally an accuracy.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from patenwerk.places.enums import Land
from patenwerk.places.kernel.distance import Point
from patenwerk.places.kernel.laender import land_of
from patenwerk.places.kernel.locator import cleaned_postcode

COUNTRY = "DE"
COLUMNS = 11
"""How many columns a line has at least; the accuracy in the twelfth is not needed."""
LONGEST_LINE = 4_000
LONGEST_NAME = 200
#: Germany with a little room around it, degrees.
LATITUDES = (47.0, 55.5)
LONGITUDES = (5.5, 15.5)


class Expected(StrEnum):
    """What should have stood where a file is wrong."""

    TEXT = "text"
    UTF8 = "utf8"
    COLUMNS = "columns"
    POSTCODE = "postcode"
    NAME = "name"
    LAND = "land"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"


class MalformedLine(ValueError):
    """A line that cannot be read: its number and column (from 1), what was expected and found."""

    def __init__(self, line: int, column: int, expected: Expected, found: str) -> None:
        super().__init__(line, column, expected, found)
        self.line = line
        self.column = column
        self.expected = expected
        self.found = found


@dataclass(frozen=True, slots=True)
class PostcodePlace:
    """One place of the file."""

    postcode: str
    name: str
    land: Land
    point: Point


def read_postcodes(lines: Iterable[bytes]) -> Iterator[PostcodePlace | None]:
    """The German places of a file, one answer per line; None for empty and foreign lines.

    Raises ``MalformedLine`` at the first line that cannot be read.
    """
    for number, raw in enumerate(lines, start=1):
        # A zero byte or an endless line tells a packed or foreign file from a damaged one.
        if b"\0" in raw or len(raw) > LONGEST_LINE or (number == 1 and raw.startswith(b"PK\3\4")):
            raise MalformedLine(number, 1, Expected.TEXT, "")
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            column = raw.count(b"\t", 0, error.start) + 1
            raise MalformedLine(number, column, Expected.UTF8, "") from error
        if not text.strip():
            yield None
            continue
        yield _place_of(number, text.rstrip("\r\n").split("\t"))


def _place_of(number: int, cells: list[str]) -> PostcodePlace | None:
    if len(cells) < COLUMNS:
        raise MalformedLine(number, len(cells), Expected.COLUMNS, str(len(cells)))
    if cells[0].strip().upper() != COUNTRY:
        return None
    postcode = cleaned_postcode(cells[1])
    if postcode is None:
        raise MalformedLine(number, 2, Expected.POSTCODE, cells[1])
    name = cells[2].strip()
    if not name or len(name) > LONGEST_NAME:
        raise MalformedLine(number, 3, Expected.NAME, cells[2])
    land = land_of(cells[3]) or land_of(cells[4])
    if land is None:
        raise MalformedLine(number, 4, Expected.LAND, cells[3] or cells[4])
    return PostcodePlace(
        postcode,
        name,
        land,
        Point(
            _degrees(number, 10, cells[9], Expected.LATITUDE, LATITUDES),
            _degrees(number, 11, cells[10], Expected.LONGITUDE, LONGITUDES),
        ),
    )


def _degrees(
    number: int, column: int, cell: str, expected: Expected, bounds: tuple[float, float]
) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    # Not-a-number lies between no bounds, so it is refused with the rest.
    if not bounds[0] <= value <= bounds[1]:
        raise MalformedLine(number, column, expected, cell)
    return value
