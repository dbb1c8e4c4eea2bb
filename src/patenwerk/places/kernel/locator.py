"""Where a postcode is: as exact as what is known allows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from patenwerk.places.enums import DistanceCode, Land, Precision
from patenwerk.places.kernel.distance import Distance, Point, distance_km, spoken_distance

_POSTCODE = re.compile(r"[0-9]{5}")
_WITHIN = re.compile(r"(?<![0-9])[0-9]{5}(?![0-9])")


def cleaned_postcode(text: str) -> str | None:
    """The five digits of a German postcode (»D-01067«, » 01067 «), None for anything else.

    Leading zeros stay; four digits are not completed, since the missing one is not known.
    """
    shortened = text.strip().upper().removeprefix("DE-").removeprefix("D-").strip()
    return shortened if _POSTCODE.fullmatch(shortened) else None


def postcode_in(text: str) -> str | None:
    """The first postcode within a text such as »10961 Berlin«, None where there is none."""
    found = _WITHIN.search(text)
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Entry:
    """A place with the postcodes ``first`` to ``last`` (five digits each, the same for one)."""

    first: str
    last: str
    name: str
    land: Land
    point: Point

    @property
    def span(self) -> int:
        """How many numbers lie between the first and the last postcode."""
        return int(self.last) - int(self.first)


@dataclass(frozen=True, slots=True)
class Region:
    """One of the two-digit postcode regions with its centre; it may lie in several Länder."""

    digits: str
    name: str
    point: Point
    laender: frozenset[Land]


@dataclass(frozen=True, slots=True)
class Located:
    """What is known of a postcode. ``land`` is None where the rough position leaves it open."""

    point: Point
    name: str
    land: Land | None
    precision: Precision


class Locator:
    """Finds postcodes among given places without asking a database.

    Called with a postcode it answers with a ``Point`` (latitude, longitude), or None where even
    the region does not exist. From best to roughest: the places with exactly this postcode, the
    town whose range holds it (the narrowest of several), the middle of the known places with the
    same three first digits, the centre of the two-digit region.
    """

    def __init__(self, entries: Iterable[Entry], regions: Iterable[Region]) -> None:
        self._exact: dict[str, list[Entry]] = defaultdict(list)
        self._ranges: dict[str, list[Entry]] = defaultdict(list)
        self._areas: dict[str, list[Entry]] = defaultdict(list)
        self._regions = {region.digits: region for region in regions}
        self._found: dict[str, Located | None] = {}
        for entry in entries:
            self._areas[entry.first[:3]].append(entry)
            if entry.first == entry.last:
                self._exact[entry.first].append(entry)
                continue
            for digits in range(int(entry.first[:2]), int(entry.last[:2]) + 1):
                self._ranges[f"{digits:02}"].append(entry)

    def __call__(self, postcode: str) -> Point | None:
        found = self.find(postcode)
        return found.point if found else None

    def find(self, postcode: str) -> Located | None:
        """Where the postcode is, what it is called, and how precisely that is known."""
        cleaned = cleaned_postcode(postcode)
        if cleaned is None:
            return None
        # A postcode asked once is asked again: remembered, at most 100,000 of them exist.
        if cleaned not in self._found:
            self._found[cleaned] = self._look_up(cleaned)
        return self._found[cleaned]

    def distance(self, a: str, b: str) -> Distance | None:
        """How the distance between two postcodes is said, None where one of them is nowhere.

        Two postcodes of which only the same rough area is known are ``SAME_AREA``: neither the
        same place, nor so many kilometres.
        """
        found_a, found_b = self.find(a), self.find(b)
        if found_a is None or found_b is None:
            return None
        if cleaned_postcode(a) == cleaned_postcode(b):
            return spoken_distance(0, same_place=True)
        if found_a == found_b:
            if found_a.precision in {Precision.AREA, Precision.REGION}:
                return Distance(DistanceCode.SAME_AREA, 0)
            return spoken_distance(0, same_place=True)
        return spoken_distance(distance_km(found_a.point, found_b.point), same_place=False)

    def _look_up(self, postcode: str) -> Located | None:
        if postcode in self._exact:
            return _middle(self._exact[postcode], Precision.POSTCODE)
        around = [
            entry
            for entry in self._ranges.get(postcode[:2], ())
            if entry.first <= postcode <= entry.last
        ]
        if around:
            narrowest = min(entry.span for entry in around)
            return _middle([entry for entry in around if entry.span == narrowest], Precision.TOWN)
        if postcode[:3] in self._areas:
            return _middle(self._areas[postcode[:3]], Precision.AREA)
        region = self._regions.get(postcode[:2])
        if region is None:
            return None
        land = next(iter(region.laender)) if len(region.laender) == 1 else None
        return Located(region.point, region.name, land, Precision.REGION)


def _middle(entries: list[Entry], precision: Precision) -> Located:
    """The middle of places that share a postcode; named after the first by name."""
    first = min(entries, key=lambda entry: (entry.name, entry.land))
    laender = {entry.land for entry in entries}
    return Located(
        Point(
            sum(entry.point.lat for entry in entries) / len(entries),
            sum(entry.point.lon for entry in entries) / len(entries),
        ),
        first.name,
        first.land if len(laender) == 1 else None,
        precision,
    )
