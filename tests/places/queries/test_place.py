from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest

from patenwerk.core.policy import Actor
from patenwerk.places.domain.place import import_places
from patenwerk.places.enums import Land, Precision, Source
from patenwerk.places.kernel.distance import Point
from patenwerk.places.kernel.towns import default_locator
from patenwerk.places.models import Place, PlaceList
from patenwerk.places.queries.place import (
    PlaceHit,
    current_places,
    locate,
    locator,
    nearest,
    point_of,
    search_places,
)

pytestmark = pytest.mark.django_db


def replace(*places: tuple[str, str, str]) -> None:
    lines = "".join(f"DE\t{p}\t{n}\tSachsen\t\t\t\t\t\t{lat}\t13.0\n" for p, n, lat in places)
    import_places(
        file=BytesIO(lines.encode()),
        name="DE.txt",
        by=Actor(None),
        at=datetime(2026, 3, 1, tzinfo=UTC),
    )


def names(text: str, limit: int = 10) -> list[str]:
    return [hit.name for hit in search_places(text, limit=limit)]


@pytest.mark.parametrize("postcode", ["01067", "10961", "15366", "15345", "19999", "05000", "x"])
def test_stored_places_answer_like_the_table_without_a_database(postcode: str) -> None:
    assert locator().find(postcode) == default_locator().find(postcode)
    assert locate(postcode) == default_locator()(postcode)


def test_a_locator_asks_once(django_assert_num_queries: Any) -> None:
    locator()
    with django_assert_num_queries(1):
        find = locator()
        for postcode in ["01067", "80331", "15345", "99999", "00000"]:
            find(postcode)


def test_replaced_places_are_seen(django_assert_num_queries: Any) -> None:
    assert locate("01067") == Point(51.051, 13.738)
    replace(("01067", "Dresden", "51.5"))
    with django_assert_num_queries(2):
        assert locate("01067") == Point(51.5, 13.0)


def test_without_any_list_the_regions_still_answer() -> None:
    Place.objects.all().delete()
    PlaceList.objects.all().delete()
    found = locator().find("01067")
    assert found is not None
    assert found.precision is Precision.REGION
    assert current_places() is None


def test_search_by_name_larger_first() -> None:
    assert names("frankfurt", 2) == ["Frankfurt am Main", "Frankfurt (Oder)"]
    assert names("Halle")[0] == "Halle (Saale)"


def test_the_whole_name_comes_before_longer_ones() -> None:
    assert names("Essen")[0] == "Essen"
    assert names("hof")[0] == "Hof"


@pytest.mark.parametrize("text", ["köln", "Koeln", "KÖLN", "koln", "  Köln "])
def test_umlauts_do_not_matter(text: str) -> None:
    assert names(text)[0] == "Köln"


def test_saints() -> None:
    assert names("Sankt Ingbert") == names("St. Ingbert") == ["St. Ingbert"]


def test_within_names_too() -> None:
    assert "Berlin-Kreuzberg" in names("kreuzberg")


def test_a_city_with_several_ranges_is_one_hit() -> None:
    assert names("Hamburg", 30).count("Hamburg") == 1


def test_places_of_one_name_in_different_regions_stay_apart() -> None:
    replace(
        ("01067", "Neustadt", "51.0"), ("01069", "Neustadt", "51.2"), ("04100", "Neustadt", "52")
    )
    hits = search_places("neustadt")
    assert [(hit.postcode, round(hit.point.lat, 6)) for hit in hits] == [
        ("01067", 51.1),
        ("04100", 52.0),
    ]


def test_search_by_postcode() -> None:
    (hit,) = search_places("12529")
    assert hit == PlaceHit("Schönefeld", Land.BB, "12529", Point(52.389, 13.504))
    assert {hit.name for hit in search_places("15366")} == {
        "Hoppegarten",
        "Neuenhagen bei Berlin",
    }


def test_postcode_within_a_range_or_beside_a_name() -> None:
    expected = [PlaceHit("Berlin-Kreuzberg", Land.BE, "10965", Point(52.497, 13.402))]
    assert search_places("10965") == search_places("10965 Berlin") == expected


def test_a_rough_postcode_is_answered_and_an_unknown_one_not() -> None:
    (hit,) = search_places("19999")
    assert (hit.land, hit.postcode) == (None, "19999")
    assert search_places("05000") == []


def test_first_digits() -> None:
    assert {hit.postcode[:3] for hit in search_places("010")} == {"010"}


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "Atlantis", "123456"])
def test_finds_nothing(text: str) -> None:
    assert search_places(text) == []
    assert point_of(text) is None


def test_limit(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert len(search_places("bad", limit=3)) == 3


def test_point_of_postcode_or_place() -> None:
    by_name, by_postcode = point_of("Kiel"), point_of("24103 Kiel")
    assert by_name is not None
    assert by_name == by_postcode
    assert (by_name.name, by_name.land) == ("Kiel", Land.SH)


def test_nearest_in_order_and_cut() -> None:
    here = Point(51.0, 13.0)
    candidates = [("far", Point(53.0, 13.0)), ("here", here), ("near", Point(51.1, 13.0))]
    found = nearest(here, candidates)
    assert [key for key, _ in found] == ["here", "near", "far"]
    assert found[1][1] == pytest.approx(11.12, abs=0.01)
    assert [key for key, _ in nearest(here, candidates, limit=1)] == ["here"]
    assert nearest(here, []) == []


def test_equally_near_keep_their_order() -> None:
    here = Point(51.0, 13.0)
    assert nearest(here, [("b", here), ("a", here)]) == [("b", 0.0), ("a", 0.0)]


def test_current_places() -> None:
    current = current_places()
    assert current is not None
    assert current.source == Source.DEFAULT
