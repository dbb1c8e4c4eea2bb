from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.places.domain.place import (
    CannotImportPlaces,
    import_places,
    load_default_places,
)
from patenwerk.places.enums import Source
from patenwerk.places.kernel.towns import digest, towns
from patenwerk.places.models import Place, PlaceList

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOBODY = Actor(None)


def row(postcode: str, name: str, land: str = "Sachsen", lat: str = "51.06") -> str:
    return f"DE\t{postcode}\t{name}\t{land}\t\t\t\t\t\t{lat}\t13.71\t6\n"


def run(text: str | bytes, **options: object) -> PlaceList:
    raw = text if isinstance(text, bytes) else text.encode()
    return import_places(
        file=BytesIO(raw),
        name="DE.txt",
        by=NOBODY,
        at=AT,
        **options,  # type: ignore[arg-type]
    )


def stored() -> set[tuple[str, str]]:
    return set(Place.objects.values_list("postcode", "name"))


@pytest.mark.django_db
def test_migrating_has_filled_the_table() -> None:
    newest = PlaceList.objects.get()
    assert (newest.source, newest.digest) == (Source.DEFAULT, digest())
    assert newest.rows == Place.objects.count() == sum(len(t.postcodes) for t in towns())
    dresden = Place.objects.get(name="Dresden")
    assert (dresden.postcode, dresden.last_postcode, dresden.land) == ("01067", "01328", "SN")
    assert dresden.words == "dresden"


@pytest.mark.django_db
def test_loading_the_same_table_again_does_nothing() -> None:
    assert load_default_places(at=AT) is None
    assert PlaceList.objects.count() == 1


@pytest.mark.django_db
def test_a_newer_table_replaces_an_older_one() -> None:
    PlaceList.objects.update(digest="old")
    Place.objects.exclude(name="Dresden").delete()
    loaded = load_default_places(at=AT)
    assert loaded is not None
    assert loaded.rows == Place.objects.count() > 1000
    assert loaded.loaded_at == AT


@pytest.mark.django_db
def test_an_empty_database_is_filled() -> None:
    PlaceList.objects.all().delete()
    Place.objects.all().delete()
    assert load_default_places(at=AT) is not None
    assert AuditEntry.objects.count() == 0


@pytest.mark.django_db
def test_the_own_table_never_replaces_a_file() -> None:
    run(row("01067", "Dresden"))
    assert load_default_places(at=AT) is None
    assert stored() == {("01067", "Dresden")}


@pytest.mark.django_db
def test_a_file_replaces_everything_and_is_recorded() -> None:
    text = row("01067", "Dresden") + row("01067", "Dresden", lat="52.0")
    text += row("99999", "Irgendwo", "Thuringia") + "AT\t1010\tWien\t\t\t\t\t\t\t48.2\t16.3\n"
    loaded = run(text)
    assert (loaded.source, loaded.rows, loaded.loaded_at) == (Source.GEONAMES, 2, AT)
    assert stored() == {("01067", "Dresden"), ("99999", "Irgendwo")}
    dresden = Place.objects.get(name="Dresden")
    assert (dresden.lat, dresden.last_postcode, dresden.population) == (51.06, "01067", 565_000)
    elsewhere = Place.objects.get(name="Irgendwo")
    assert (elsewhere.land, elsewhere.population) == ("TH", 0)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id, entry.at) == ("places.import", loaded.pk, AT)


@pytest.mark.django_db
def test_a_second_file_replaces_the_first() -> None:
    run(row("01067", "Dresden"))
    run(row("01067", "Dresden") + row("01069", "Dresden"))
    assert stored() == {("01067", "Dresden"), ("01069", "Dresden")}
    assert PlaceList.objects.count() == 3


@pytest.mark.django_db
def test_progress_is_told_every_thousand_lines() -> None:
    told: list[int] = []
    run("".join(row(f"{number:05}", "Ort") for number in range(2500)), progress=told.append)
    assert told == [1000, 2000]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "DE.txt: no German place found in it."),
        ("AT\t1\tWien\t\t\t\t\t\t\t1\t1\n", "DE.txt: no German place found in it."),
        (
            row("01067", "Dresden") + row("1069", "Dresden"),
            "DE.txt, line 2, column 2: a postcode of five digits was expected. Found: “1069”",
        ),
        (
            row("01067", "Dresden", "Tirol"),
            "DE.txt, line 1, column 4: the name of a German Land was expected. Found: “Tirol”",
        ),
        (
            row("01067", " "),
            "DE.txt, line 1, column 3: the name of a place was expected. Found: “ ”",
        ),
        (
            row("01067", "Dresden", lat="1" * 50),
            "DE.txt, line 1, column 10: a latitude within Germany was expected, such as 52.52. "
            f"Found: “{'1' * 40}”",
        ),
        (
            row("01067", "D").replace("13.71", "\x1b[2J"),
            "DE.txt, line 1, column 11: a longitude within Germany was expected, such as 13.41. "
            "Found: “[2J”",
        ),
        (
            "DE;01067\n",
            "DE.txt, line 1, column 1: at least 11 columns separated by tabs were expected. "
            "Found: “1”",
        ),
        (
            b"PK\x03\x04",
            "DE.txt, line 1, column 1: text was expected; is the file still packed?",
        ),
        (b"DE\t\xff\n", "DE.txt, line 1, column 2: text in UTF-8 was expected."),
    ],
)
def test_a_malformed_file_is_refused_in_one_sentence(text: str | bytes, sentence: str) -> None:
    before = stored()
    with translation.override("en"), pytest.raises(CannotImportPlaces) as caught:
        run(text)
    assert str(caught.value) == sentence
    assert stored() == before
    assert PlaceList.objects.count() == 1
    assert AuditEntry.objects.count() == 0


@pytest.mark.django_db
def test_a_file_without_line_breaks_is_not_read_to_its_end() -> None:
    file = BytesIO(b"x" * 100_000)
    with pytest.raises(CannotImportPlaces):
        import_places(file=file, name="x", by=NOBODY, at=AT)
    assert file.tell() < 10_000


class AnyBytes(TestCase):
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.binary(max_size=400))
    def test_any_bytes_leave_the_places_alone(self, raw: bytes) -> None:
        count = Place.objects.count()
        with pytest.raises(CannotImportPlaces):
            run(raw)
        assert Place.objects.count() == count
