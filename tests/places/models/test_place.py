from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from patenwerk.places.models import Place, PlaceList

pytestmark = pytest.mark.django_db


def make(**changes: str) -> Place:
    values = {"postcode": "00001", "last_postcode": "00009", "name": "Ort", "land": "SN"}
    return Place.objects.create(**(values | changes), words="ort", lat=51.0, lon=13.0)


@pytest.mark.parametrize(
    "changes",
    [
        {"land": "XX"},
        {"last_postcode": "00000"},
        {"postcode": "1"},
        {"postcode": "0000a"},
        {"last_postcode": "9"},
    ],
)
def test_the_database_refuses(changes: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**changes)


def test_once_per_postcode() -> None:
    place = make()
    make(name="Anderer Ort")
    with pytest.raises(IntegrityError), transaction.atomic():
        make()
    assert str(place) == "00001 Ort"


def test_sources_are_known() -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceList.objects.create(source="other", digest="", rows=0, loaded_at=at)
    with translation.override("en"):
        loaded = PlaceList(source="geonames", digest="", rows=3, loaded_at=at)
        assert str(loaded) == "GeoNames postcode file (3)"
