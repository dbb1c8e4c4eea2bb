"""Where postcodes and places are, answered from the stored places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Avg, Case, IntegerField, Min, Q, Value, When
from django.db.models.functions import Substr

from patenwerk.places.enums import Land, Precision
from patenwerk.places.kernel.distance import Point, distance_km
from patenwerk.places.kernel.locator import Entry, Located, Locator, postcode_in
from patenwerk.places.kernel.names import place_words
from patenwerk.places.kernel.towns import regions
from patenwerk.places.models import Place, PlaceList

Key = TypeVar("Key")

MOST_REGIONS = 4
"""No city lies in more two-digit postcode regions than Berlin: 10, 12, 13 and 14."""

_cached: tuple[tuple[int, str], Locator] | None = None


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """One place a search found; ``postcode`` is its first.

    ``land`` is None for a postcode that is only roughly known, where several Länder meet.
    """

    name: str
    land: Land | None
    postcode: str
    point: Point


def locator() -> Locator:
    """Finds any number of postcodes without further queries (``locate(postcode)`` → point).

    Costs one short query, which asks whether the places were replaced since; a second one reads
    all places the first time and after a replacement. Ask once per request or job, and keep it.
    """
    global _cached  # noqa: PLW0603  one copy per process is the point; swapped as a whole
    newest = PlaceList.objects.values_list("pk", "digest").first() or (0, "")
    if _cached is None or _cached[0] != newest:
        rows = Place.objects.values_list(
            "postcode", "last_postcode", "name", "land", "lat", "lon"
        ).order_by("pk")
        entries = [
            Entry(first, last, name, Land(land), Point(lat, lon))
            for first, last, name, land, lat, lon in rows
        ]
        _cached = (newest, Locator(entries, regions()))
    return _cached[1]


def locate(postcode: str) -> Point | None:
    """Where one postcode is, as exact as the stored places allow; None where it is nowhere."""
    return locator()(postcode)


def search_places(text: str, *, limit: int = 10) -> list[PlaceHit]:
    """Places for what someone typed into »postcode or place«, the likeliest first.

    A whole postcode, alone or beside a name, is answered wherever its region exists, if need be
    roughly; fewer digits find the postcodes that begin so. Letters find names that begin so, then
    names that contain them, larger places first; umlauts, case and »St.« do not matter. Nothing
    typed finds nothing.
    """
    postcode = postcode_in(text)
    if postcode is not None:
        return _by_postcode(postcode, limit)
    words = place_words(text)
    if not words:
        return []
    if words.isdecimal() and words.isascii():
        return _hits(Q(postcode__startswith=words), Value(0), limit)
    rank = Case(
        When(words=words, then=0),
        When(words__startswith=words, then=1),
        default=2,
        output_field=IntegerField(),
    )
    return _hits(Q(words__contains=words), rank, limit)


def point_of(text: str) -> Located | None:
    """The one place meant by »postcode or place«, None where nothing fits."""
    postcode = postcode_in(text)
    if postcode is not None:
        return locator().find(postcode)
    for hit in search_places(text, limit=1):
        return Located(hit.point, hit.name, hit.land, Precision.TOWN)
    return None


def nearest(
    point: Point, candidates: Iterable[tuple[Key, Point]], *, limit: int | None = None
) -> list[tuple[Key, float]]:
    """The candidates with their distances in kilometres, nearest first.

    Equally near ones stay in the order given; ``limit`` cuts the list.
    """
    measured = [(key, distance_km(point, other)) for key, other in candidates]
    return sorted(measured, key=lambda pair: pair[1])[:limit]


def current_places() -> PlaceList | None:
    """Which list of places is in use, for saying its source and date."""
    return PlaceList.objects.first()


def _by_postcode(postcode: str, limit: int) -> list[PlaceHit]:
    held = _hits(Q(postcode=postcode, last_postcode=postcode), Value(0), limit)
    if held:
        return held
    found = locator().find(postcode)
    if found is None:
        return []
    return [PlaceHit(found.name, found.land, postcode, found.point)]


def _hits(where: Q, rank: Case | Value, limit: int) -> list[PlaceHit]:
    """One hit per name, Land and postcode region, in the middle of its postcodes.

    The region keeps places of one name apart; a city stored with one point under several
    regions is one hit all the same.
    """
    rows = (
        Place.objects.filter(where)
        .annotate(rank=rank, region=Substr("postcode", 1, 2))
        .values("name", "land", "region", "rank", "population")
        .annotate(first=Min("postcode"), north=Avg("lat"), east=Avg("lon"))
        .order_by("rank", "-population", "name", "first")[: limit * MOST_REGIONS]
    )
    hits: dict[tuple[str, str, Point], PlaceHit] = {}
    for row in rows:
        point = Point(row["north"], row["east"])
        hit = PlaceHit(row["name"], Land(row["land"]), row["first"], point)
        hits.setdefault((row["name"], row["land"], point), hit)
    return list(hits.values())[:limit]
