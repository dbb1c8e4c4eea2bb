from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patenwerk.places.enums import DistanceCode, Land, Precision
from patenwerk.places.kernel.distance import Distance, Point
from patenwerk.places.kernel.locator import (
    Entry,
    Located,
    Locator,
    Region,
    cleaned_postcode,
    postcode_in,
)

REGIONS = [
    Region("01", "Dresden", Point(51.1, 13.8), frozenset({Land.SN, Land.BB})),
    Region("50", "Köln", Point(50.9, 6.8), frozenset({Land.NW})),
]
CITY = Entry("50001", "50399", "Stadt", Land.NW, Point(50.0, 7.0))
QUARTER = Entry("50100", "50199", "Stadt-Viertel", Land.NW, Point(50.2, 7.2))
HAMLET = Entry("50150", "50150", "Weiler", Land.NW, Point(50.3, 7.3))
EAST = Entry("01200", "01200", "Ost", Land.SN, Point(51.0, 14.0))
NORTH = Entry("01200", "01200", "Nord", Land.BB, Point(51.2, 14.2))
WIDE = Entry("49900", "50050", "Breit", Land.NI, Point(52.0, 8.0))


@pytest.fixture(scope="module")
def locate() -> Locator:
    return Locator([CITY, QUARTER, HAMLET, EAST, NORTH, WIDE], REGIONS)


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("01067", "01067"),
        (" 01067 ", "01067"),
        ("D-01067", "01067"),
        ("de-01067", "01067"),
        ("D- 01067", "01067"),
        ("1067", None),
        ("010670", None),
        ("0106७", None),
        ("O1067", None),
        ("", None),
    ],
)
def test_cleaned_postcode(text: str, postcode: str | None) -> None:
    assert cleaned_postcode(text) == postcode


@pytest.mark.parametrize(
    ("text", "postcode"),
    [("10961 Berlin", "10961"), ("Berlin, 10961", "10961"), ("109612", None), ("Berlin", None)],
)
def test_postcode_in(text: str, postcode: str | None) -> None:
    assert postcode_in(text) == postcode


def test_exact_postcode_beats_every_range(locate: Locator) -> None:
    assert locate.find("50150") == Located(HAMLET.point, "Weiler", Land.NW, Precision.POSTCODE)


def test_narrowest_range_wins(locate: Locator) -> None:
    assert locate.find("50101") == Located(QUARTER.point, "Stadt-Viertel", Land.NW, Precision.TOWN)
    assert locate.find("50200") == Located(CITY.point, "Stadt", Land.NW, Precision.TOWN)
    assert locate.find("50020") == Located(WIDE.point, "Breit", Land.NI, Precision.TOWN)


def test_range_over_two_regions_holds_in_both(locate: Locator) -> None:
    assert locate("49950") == locate("50000") == WIDE.point


def test_places_of_one_postcode_are_met_in_their_middle(locate: Locator) -> None:
    found = locate.find("01200")
    assert found is not None
    assert found.point == pytest.approx(Point(51.1, 14.1))
    assert (found.name, found.land, found.precision) == ("Nord", None, Precision.POSTCODE)


def test_same_three_digits_before_the_region(locate: Locator) -> None:
    found = locate.find("01299")
    region = locate.find("01300")
    assert found is not None
    assert (found.precision, found.point) == (Precision.AREA, pytest.approx(Point(51.1, 14.1)))
    assert region == Located(Point(51.1, 13.8), "Dresden", None, Precision.REGION)


def test_region_within_one_land_says_it(locate: Locator) -> None:
    assert locate.find("50999") == Located(Point(50.9, 6.8), "Köln", Land.NW, Precision.REGION)


@pytest.mark.parametrize("postcode", ["00000", "99999", "1067", "", "Köln"])
def test_nowhere(locate: Locator, postcode: str) -> None:
    assert locate(postcode) is None
    assert locate.find(postcode) is None
    assert locate.distance(postcode, "50150") is None
    assert locate.distance("50150", postcode) is None


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ("50150", "50150", Distance(DistanceCode.SAME_PLACE, 0)),
        ("01299", " 01299", Distance(DistanceCode.SAME_PLACE, 0)),
        ("50101", "50102", Distance(DistanceCode.SAME_PLACE, 0)),
        ("01298", "01299", Distance(DistanceCode.SAME_AREA, 0)),
        ("50998", "50999", Distance(DistanceCode.SAME_AREA, 0)),
        ("50101", "50150", Distance(DistanceCode.ABOUT, 13)),
    ],
)
def test_distance_in_codes(locate: Locator, a: str, b: str, said: Distance) -> None:
    assert locate.distance(a, b) == said
    assert locate.distance(b, a) == said


@given(st.text())
def test_any_text_is_answered(locate: Locator, text: str) -> None:
    found = locate.find(text)
    assert (found is None) == (locate(text) is None)
