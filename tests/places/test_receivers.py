from __future__ import annotations

import pytest
from django.db import connection

from patenwerk.places.models import Place, PlaceList
from patenwerk.places.receivers import fill_places


@pytest.mark.django_db
def test_filled_after_migrating() -> None:
    Place.objects.all().delete()
    PlaceList.objects.all().delete()
    fill_places(using="default")
    assert Place.objects.count() > 1000


@pytest.mark.django_db
def test_without_the_tables_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    PlaceList.objects.all().delete()
    monkeypatch.setattr(connection.introspection, "table_names", lambda: ["places_place"])
    fill_places(using="default")
    assert PlaceList.objects.count() == 0
