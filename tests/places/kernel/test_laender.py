from __future__ import annotations

import pytest

from patenwerk.places.enums import Land
from patenwerk.places.kernel.laender import NAMES, land_of, name_of


def test_sixteen_laender_with_two_names_each() -> None:
    assert set(NAMES) == set(Land)
    assert len(Land) == 16


@pytest.mark.parametrize("land", list(Land))
def test_code_and_both_names_mean_the_land(land: Land) -> None:
    texts = [land.value, land.value.lower(), f"DE-{land.value}", *NAMES[land]]
    assert {land_of(text) for text in texts} == {land}


@pytest.mark.parametrize(
    ("text", "land"),
    [
        ("Thuringia", Land.TH),
        ("Thueringen", Land.TH),
        ("  BAYERN ", Land.BY),
        ("Baden Württemberg", Land.BW),
        ("Baden-Wuerttemberg", Land.BW),
        ("NRW", Land.NW),
        ("Freistaat Sachsen", Land.SN),
        ("Saxony-Anhalt", Land.ST),
        ("Mecklenburg-Western Pomerania", Land.MV),
    ],
)
def test_other_spellings(text: str, land: Land) -> None:
    assert land_of(text) is land


@pytest.mark.parametrize("text", ["", "Tirol", "DE", "Sachsen-", "BYY"])
def test_what_is_no_land(text: str) -> None:
    assert land_of(text) is (Land.SN if text == "Sachsen-" else None)


def test_name_in_the_language_of_the_page() -> None:
    assert name_of(Land.BY, "de") == name_of(Land.BY, "de-AT") == "Bayern"
    assert name_of(Land.BY, "en") == "Bavaria"
