"""Shades of the map, and distances in words."""

from __future__ import annotations

import pytest

from patenwerk.organisations.models import Site
from patenwerk.places.enums import Precision
from patenwerk.places.kernel.locator import Locator
from patenwerk.places.queries.place import locator, point_of
from patenwerk.reporting.queries.start import sites_nearby, thresholds
from tests.factories.organisations import SiteFactory


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], [1, 2, 3, 4]),
        ([None, 0], [1, 2, 3, 4]),
        ([1], [1, 2, 3, 4]),
        ([11, 8, 7, 3], [2, 4, 6, 8]),
        ([50] * 16, [50, 51, 52, 53]),
        ([452, 627, 1014, 1354, 1808, 2409, 3212, 7613, 18091, 32130], [1000, 1500, 3000, 15000]),
    ],
)
def test_four_rising_thresholds(values: list[int | None], expected: list[int]) -> None:
    assert thresholds(values) == expected


@pytest.mark.django_db
def test_a_distance_is_said_as_exactly_as_it_is_known() -> None:
    here = SiteFactory.create(postcode="10115")
    SiteFactory.create(carrier=here.carrier, name="nirgends", postcode="00000")
    place = point_of("10115")
    assert place is not None
    assert [(each.site, each.distance) for each in sites_nearby(here.programme, place)] == [
        (here, "gleicher Ort")
    ]


def _precision(find: Locator, code: str) -> Precision | None:
    found = find.find(code)
    return None if found is None else found.precision


@pytest.mark.django_db
def test_a_postcode_known_only_roughly_is_in_the_same_area() -> None:
    find = locator()
    codes = (f"{number:05}" for number in range(1000, 99999))
    rough = next(code for code in codes if _precision(find, code) == Precision.AREA)
    site: Site = SiteFactory.create(postcode=rough)
    place = point_of(rough)
    assert place is not None
    assert [each.distance for each in sites_nearby(site.programme, place)] == [
        "in derselben Gegend"
    ]
