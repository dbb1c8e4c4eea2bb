"""What everybody reads: published releases and their files, nothing else."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.disclosure.publication import Publication
from patenwerk.organisations.models import Site
from tests.factories.organisations import FocusFactory, SiteFactory
from tests.factories.reporting import drafted, published, release_at, tandems_at

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]


@pytest.fixture
def site() -> Site:
    site = SiteFactory.create(carrier__programme__slug="demo")
    other = SiteFactory.create(carrier__programme=site.programme, land="NW")
    focuses = FocusFactory.create_batch(2, programme=site.programme)
    for place in (site, other):
        for focus in focuses:
            tandems_at(place, 15, founded_on=date(2025, 5, 1), focus=focus)
    tandems_at(site, 3, founded_on=date(2026, 5, 1), focus=focuses[0])
    return site


def url(pk: int, kind: str = "") -> str:
    if kind:
        return reverse("reporting:release_file", args=[pk, kind])
    return reverse("reporting:release", args=[pk])


def test_a_draft_does_not_exist_for_the_public(client: Client, site: Site) -> None:
    draft = drafted(site.programme)
    for address in (url(draft.pk), url(draft.pk, "json"), url(2_000_000_000)):
        assert client.get(address).status_code == 404


def test_a_release_says_what_its_numbers_mean(client: Client, site: Site) -> None:
    other = published(site.programme, as_of=date(2026, 9, 30))
    release = published(site.programme, notes="Mit Dank an alle")
    foreign = release_at(SiteFactory.create(), "Fremd")
    said = client.get(url(release.pk)).content.decode()
    for words in (
        "Stand",
        "31. Oktober 2026",
        "Mit Dank an alle",
        "Zahlen unter 5",
        "Nach Trägern",
    ):
        assert words in said
    assert url(other.pk) in said
    assert url(foreign.pk) not in said


def test_json_is_the_publication_itself(client: Client, site: Site) -> None:
    release = published(site.programme)
    answer = client.get(url(release.pk, "json"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="demo-2026-10-31.json"'
    data = json.loads(answer.content)
    assert Publication.from_json(data) == release.publication
    assert data["totals"]["values"] == [60, None]
    assert data["names"]["land"]["NW"] == ["Nordrhein-Westfalen", "North Rhine-Westphalia"]


def test_rows_say_the_same_and_hide_the_same(client: Client, site: Site) -> None:
    release = published(site.programme)
    answer = client.get(url(release.pk, "csv"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))[1:]
    assert ["total", "2025", "", "", "60", "", "counted"] in rows
    assert ["total", "2026", "", "", "", "hidden", "counted"] in rows
    assert ["land", "2025", "NW", "Nordrhein-Westfalen", "30", "", "counted"] in rows
    assert ["land", "", "NW", "Nordrhein-Westfalen", "30", "", ""] in rows
    book = openpyxl.load_workbook(io.BytesIO(client.get(url(release.pk, "xlsx")).content))
    assert book.active is not None
    cells = [
        ["" if cell is None else str(cell) for cell in row]
        for row in book.active.iter_rows(min_row=2, values_only=True)
    ]
    assert cells == rows


def test_there_is_no_other_kind_of_file(client: Client, site: Site) -> None:
    assert client.get(url(published(site.programme).pk, "pdf")).status_code == 404


def test_the_page_costs_the_same_whatever_it_shows(
    client: Client, site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    release = published(site.programme)
    for more in (1, 2):
        for _one in range(more):
            release_at(site, "Notiz")
        with django_assert_num_queries(2):
            client.get(url(release.pk))
