from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from patenwerk.places.enums import Land, Precision
from patenwerk.places.kernel.distance import distance_km
from patenwerk.places.kernel.locator import cleaned_postcode
from patenwerk.places.kernel.towns import default_locator, digest, regions, towns

UNUSED = {"00", "05", "11", "43", "62"}
"""Two-digit regions that are not assigned."""


def test_every_assigned_region_once() -> None:
    assert [region.digits for region in regions()] == [
        f"{number:02}" for number in range(100) if f"{number:02}" not in UNUSED
    ]


def test_towns_of_every_land() -> None:
    assert len(towns()) > 1000
    per_land = Counter(town.land for town in towns() if not town.part_of)
    assert set(per_land) == set(Land)
    assert per_land[Land.BE] == per_land[Land.HH] == 1
    assert min(count for land, count in per_land.items() if land not in {"BE", "HH", "HB"}) > 20


def test_no_town_twice() -> None:
    assert not [key for key, n in Counter((t.name, t.land) for t in towns()).items() if n > 1]
    firsts = Counter((first, town.name) for town in towns() for first, _ in town.postcodes)
    assert max(firsts.values()) == 1


def test_postcodes_are_ranges_in_order() -> None:
    for town in towns():
        assert town.postcodes, town.name
        for first, last in town.postcodes:
            assert cleaned_postcode(first) == first, town.name
            assert cleaned_postcode(last) == last, town.name
            assert first <= last, town.name
        for (_, before), (after, _) in pairwise(town.postcodes):
            assert before < after, town.name


def test_towns_lie_near_their_region_and_in_its_laender() -> None:
    by_digits = {region.digits: region for region in regions()}
    for town in towns():
        for first, _ in town.postcodes:
            region = by_digits[first[:2]]
            assert distance_km(town.point, region.point) < 120, town.name
            assert town.land in region.laender, town.name


def test_parts_lie_within_their_city() -> None:
    cities = {town.name: town for town in towns() if not town.part_of}
    parts = [town for town in towns() if town.part_of]
    assert {town.part_of for town in parts} == {"Berlin", "Hamburg", "München", "Köln"}
    for part in parts:
        city = cities[part.part_of]
        assert part.land is city.land
        assert part.name.startswith(f"{city.name}-")
        assert distance_km(part.point, city.point) < 25, part.name
        for first, last in part.postcodes:
            assert any(a <= first and last <= b for a, b in city.postcodes), part.name


def test_sources_are_said() -> None:
    assert {town.source for town in towns()} == {"geonames", "own"}
    assert all(town.population >= 1000 for town in towns())


@pytest.mark.parametrize(
    ("postcode", "name", "land"),
    [
        ("01067", "Dresden", Land.SN),
        ("10961", "Berlin-Kreuzberg", Land.BE),
        ("12529", "Schönefeld", Land.BB),
        ("24103", "Kiel", Land.SH),
        ("28195", "Bremen", Land.HB),
        ("50667", "Köln-Innenstadt", Land.NW),
        ("66111", "Saarbrücken", Land.SL),
        ("65929", "Frankfurt am Main", Land.HE),
        ("80331", "München-Altstadt", Land.BY),
        ("99084", "Erfurt", Land.TH),
    ],
)
def test_towns_are_found_by_their_postcodes(postcode: str, name: str, land: Land) -> None:
    found = default_locator().find(postcode)
    assert found is not None
    assert (found.name, found.land) == (name, land)


def test_every_postcode_of_an_assigned_region_is_somewhere() -> None:
    locate = default_locator()
    for number in range(0, 100_000, 7):
        postcode = f"{number:05}"
        assert (locate(postcode) is None) == (postcode[:2] in UNUSED), postcode


def test_villages_are_placed_roughly() -> None:
    found = default_locator().find("15345")
    assert found is not None
    assert found.precision is Precision.AREA


def test_digest_names_the_table() -> None:
    assert digest() == digest()
    assert len(digest()) == 64
