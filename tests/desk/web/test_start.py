"""The start page for everyone: published figures, the way in, and no word of anybody."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from patenwerk.organisations.models import Phase, Programme, Site
from tests.factories.organisations import (
    CarrierFactory,
    FocusFactory,
    ProgrammeFactory,
    SiteFactory,
    coordinator,
)
from tests.factories.reporting import (
    YearlyFigureFactory,
    drafted,
    published,
    tandems_at,
)
from tests.factories.tandems import tandem_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]


@pytest.fixture
def site() -> Site:
    """A site of the only programme, with enough tandems to be published."""
    site = SiteFactory.create(
        name="Mitte",
        phone="030 123-45",
        email="mitte@example.org",
        carrier__name="Brückenbogen",
        carrier__programme__motto="Zu zweit geht es leichter.",
        carrier__programme__lead="Zwei Menschen treffen sich.",
    )
    other = SiteFactory.create(
        name="Köln", carrier__programme=site.programme, land="NW", postcode="50667", town="Köln"
    )
    focuses = FocusFactory.create_batch(2, programme=site.programme)
    for place in (site, other):
        for focus in focuses:
            tandems_at(place, 15, founded_on=date(2025, 5, 1), focus=focus)
    tandems_at(site, 20, founded_on=date(2026, 5, 1), focus=focuses[0])
    return site


def phase(programme: Programme, code: str, first: int, last: int | None) -> Phase:
    return Phase.objects.create(
        programme=programme,
        code=code,
        name_de=f"{code} de",
        name_en=f"{code} en",
        text_de=f"Text {code}",
        text_en=f"Words {code}",
        starts_on=date(first, 1, 1),
        ends_on=None if last is None else date(last, 12, 31),
    )


def start(client: Client, **asked: str) -> str:
    answer = client.get("/", asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def part(client: Client, name: str, **asked: str) -> Any:
    answer = client.get("/", asked)
    found = {each["part"].name: each["context"] for each in answer.context["parts"]}
    return found.get(f"reporting.{name}")


def test_without_a_programme_the_page_is_friendly(client: Client) -> None:
    assert "Hier gibt es noch kein Programm." in start(client)


def test_without_a_release_there_are_no_figures(client: Client, site: Site) -> None:
    drafted(site.programme)
    said = start(client)
    assert "Zu zweit geht es leichter." in said
    assert "Zwei Menschen treffen sich." in said
    assert "Brückenbogen" in said
    assert 'class="columns"' not in said
    assert 'class="tilemap"' not in said
    assert "80" not in plain(said)
    phase(site.programme, "ankommen", 2016, None)
    assert "Es sind noch keine Zahlen veröffentlicht." in start(client)


def test_the_counter_is_the_latest_release_s(client: Client, site: Site) -> None:
    published(site.programme, as_of=date(2026, 9, 30))
    YearlyFigureFactory.create(
        programme=site.programme, year=2024, count=1000, reported_by=site.carrier
    )
    release = published(site.programme)
    tandems_at(site, 50, founded_on=date(2026, 11, 1))
    drafted(site.programme, as_of=date(2026, 11, 20))
    said = start(client)
    text = plain(said)
    assert "1.080" in text
    assert "Tandems haben sich seit 2024 gefunden" in text
    assert "Stand 31. Oktober 2026 ." in text
    assert "aus den Jahresmeldungen vor der Einführung" in text
    assert reverse("reporting:release", args=[release.pk]) in said
    assert part(client, "counter")["columns"] == [("2024", 1000), ("2025", 60), ("2026", 20)]
    assert part(client, "counter")["running"] == "2026"


def test_phases_stand_below_their_years(client: Client, site: Site) -> None:
    published(site.programme)
    phase(site.programme, "ankommen", 2016, None)
    phase(site.programme, "abstand", 2025, 2025)
    phase(site.programme, "frueher", 2016, 2018)
    found = part(client, "counter")
    assert found["spans"] == [("ankommen de", 0, 2), ("abstand de", 0, 1)]
    text = plain(start(client))
    assert "seit 2016 ankommen de Text ankommen" in text
    assert "2016 bis 2018 frueher de" in text
    assert "2025 abstand de" in text
    answer = client.get("/", headers={"Accept-Language": "en"})
    assert "Words ankommen" in answer.content.decode()


def test_the_map_is_what_was_published(client: Client, site: Site) -> None:
    published(site.programme)
    tiles = {code: value for code, _name, value in part(client, "nearby")["tiles"]}
    assert (tiles["BE"], tiles["NW"], tiles["SH"]) == (30, 30, 0)
    assert len(tiles) == 16
    assert "von 2025 bis 2025" in plain(start(client))


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("10115", ["Mitte", "Köln"]),
        ("Köln", ["Köln", "Mitte"]),
        ("50667 Köln", ["Köln", "Mitte"]),
        ("Nirgendwoheim", []),
        ("99999999", []),
        ("'><script>", []),
        ("  ", []),
    ],
)
def test_the_nearest_sites(client: Client, site: Site, place: str, names: list[str]) -> None:
    SiteFactory.create(carrier__programme=site.programme, archived_at=timezone.now())
    SiteFactory.create(
        carrier=CarrierFactory.create(programme=site.programme, archived_at=timezone.now())
    )
    found = part(client, "nearby", place=place)["sites"]
    assert [each.site.name for each in found] == names
    said = start(client, place=place)
    assert "<script>" not in said.replace("<script src", "")
    if not names and place.strip():
        assert "Diesen Ort kennen wir nicht." in said


def test_a_site_nearby_says_how_far_and_whom_to_ask(client: Client, site: Site) -> None:
    text = plain(start(client, place="10115"))
    assert "gleicher Ort , Brückenbogen" in text.replace("Ort, ", "Ort , ")
    assert re.search(r"etwa 4\d\d km", text)
    said = start(client, place="10115")
    assert 'href="tel:03012345"' in said
    assert 'href="mailto:mitte@example.org"' in said


def test_five_sites_are_enough_and_another_programme_s_is_none(client: Client, site: Site) -> None:
    SiteFactory.create_batch(6, carrier=site.carrier)
    found = part(client, "nearby", place="10115")["sites"]
    assert len(found) == 5


def test_carriers_with_their_sites_and_published_tandems(client: Client, site: Site) -> None:
    published(site.programme)
    later = CarrierFactory.create(programme=site.programme, website="https://example.org/")
    CarrierFactory.create(programme=site.programme, archived_at=timezone.now())
    found = {
        each["carrier"].name: (each["carrier"].site_count, each["counted"], each["count"])
        for each in part(client, "carriers")["carriers"]
    }
    other = Site.objects.get(name="Köln").carrier.name
    assert found == {
        "Brückenbogen": (1, True, 30),
        other: (1, True, 30),
        later.name: (0, False, None),
    }
    said = start(client)
    assert 'href="https://example.org/"' in said
    assert "1 Standort" in plain(said)


def test_a_programme_without_carriers_leaves_them_out(client: Client) -> None:
    ProgrammeFactory.create()
    assert part(client, "carriers") is None


def test_demo_figures_are_labelled(client: Client, site: Site) -> None:
    published(site.programme)
    assert "Erfundene Zahlen." not in start(client)
    Programme.objects.update(is_demo=True)
    said = start(client)
    assert "Erfundene Zahlen." in said
    assert "Dies ist ein Demoprogramm." in said


def test_several_programmes_each_have_their_page(client: Client, site: Site) -> None:
    other = ProgrammeFactory.create(name="Ganz anders", slug="ganz-anders")
    published(site.programme)
    said = start(client)
    pages = [reverse("desk:programme", args=[slug]) for slug in (site.programme.slug, other.slug)]
    for url in pages:
        assert f'href="{url}"' in said
    assert "Brückenbogen" not in said
    assert "Brückenbogen" in client.get(pages[0]).content.decode()
    theirs = client.get(pages[1]).content.decode()
    assert "Brückenbogen" not in theirs
    assert 'class="columns"' not in theirs
    assert client.get(reverse("desk:programme", args=["keines"])).status_code == 404


def test_nobody_s_name_is_on_the_page(client: Client, site: Site) -> None:
    tandem = tandem_of(site=site)
    for row in tandem.participants.select_related("person"):
        row.person.first_name = "Zaunkoenig"
        row.person.save()
    published(site.programme)
    client.force_login(coordinator(site, first_name="Pirolruf"))
    said = start(client, place="10115")
    assert "Zaunkoenig" not in said
    assert "Zu meiner Arbeit" in said


@pytest.mark.parametrize(("asked", "queries"), [({}, 7), ({"place": "10115"}, 10)])
def test_the_page_costs_the_same_with_one_carrier_and_three(
    client: Client,
    site: Site,
    asked: dict[str, str],
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    published(site.programme)
    client.get("/", {"place": "10115"})
    for _more in range(2):
        with django_assert_num_queries(queries):
            client.get("/", asked)
        for number in range(2):
            SiteFactory.create(carrier__programme=site.programme)
            phase(site.programme, f"p{_more}{number}", 2016, None)
