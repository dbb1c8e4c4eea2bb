"""The year's page: for the network office alone, with its files."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.gatherings.enums import State
from patenwerk.organisations.models import Carrier, Programme
from tests.factories.gatherings import (
    GatheringFactory,
    GatheringKindFactory,
    MinutesFactory,
    RegistrationFactory,
)
from tests.factories.organisations import (
    CarrierFactory,
    ProgrammeFactory,
    SiteFactory,
    coordinator,
    manager,
    network_office,
    office,
)

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]
YEAR = "/treffen/jahr/"


@pytest.fixture
def programme() -> Programme:
    return ProgrammeFactory.create()


@pytest.fixture
def network(client: Client, programme: Programme) -> Client:
    client.force_login(network_office(programme))
    return client


def make_year(programme: Programme, name: str = "Brückenbogen e. V.") -> Carrier:
    """A workshop with four people and a guest, an open meeting, one of another year."""
    carrier: Carrier = CarrierFactory.create(programme=programme, name=name)
    kind = GatheringKindFactory.create(programme=programme, name_de="Werkstatt")
    held = GatheringFactory.create(
        programme=programme, kind=kind, title=f"Sprache {name}", state=State.HELD.value
    )
    RegistrationFactory.create(gathering=held, carrier=carrier, seats=3)
    RegistrationFactory.create(gathering=held, carrier=None)
    GatheringFactory.create(programme=programme, title="Treffen im Dezember")
    MinutesFactory.create(
        gathering=GatheringFactory.create(
            programme=programme,
            state=State.HELD.value,
            starts_at=datetime(2025, 3, 1, 9, tzinfo=UTC),
        )
    )
    return carrier


def test_the_year_tells_what_was_who_came_and_what_is_open(
    network: Client, programme: Programme
) -> None:
    make_year(programme)
    CarrierFactory.create(programme=programme, name="Nie dabei e. V.")
    shown = network.get(YEAR).content.decode()
    for word in (
        "Das Jahr 2026",
        "Werkstatt",
        "März",
        "Brückenbogen e. V.",
        "75 %",
        "Gäste",
        "auch vorher nie",
        "Treffen im Dezember",
        "2 Träger",
        "Noch nicht genehmigte Protokolle",
        "Im Vergleich mit anderen Jahren",
    ):
        assert word in shown, word
    assert f'href="{YEAR}"' in shown
    assert reverse("gatherings:gathering", args=[1])[:-2] in shown


def test_an_empty_year_says_so(network: Client) -> None:
    shown = network.get(YEAR, {"year": "2024"}).content.decode()
    assert "Das Jahr 2024" in shown
    assert "In diesem Jahr gibt es kein Treffen" in shown
    assert "Noch war niemand da" in shown
    assert "Alle Protokolle sind genehmigt" in shown


@pytest.mark.parametrize("said", ["", "x", "-1", "1999", "2032", "20266", "²", "99999999999999"])
def test_a_year_that_is_none_is_the_running_one(network: Client, said: str) -> None:
    assert "Das Jahr 2026" in network.get(YEAR, {"year": said}).content.decode()


def test_the_year_as_files(network: Client, programme: Programme) -> None:
    make_year(programme)
    answer = network.get(YEAR, {"format": "xlsx"})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[0] == ("Tag", "Treffen", "Art", "Stand", "Personen", "Träger", "Gäste")
    assert rows[1][0].date() == date(2026, 3, 12)
    assert rows[1][1:3] + rows[1][4:] == ("Sprache Brückenbogen e. V.", "Werkstatt", 4, 1, 1)
    assert len(rows) == 3
    other = network.get(YEAR, {"format": "csv", "part": "carriers", "year": "2026"})
    lines = other.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Träger")
    assert any(line.startswith("Brückenbogen e. V.") and "75" in line for line in lines)


def test_only_the_network_office_reads_it(client: Client, programme: Programme) -> None:
    carrier = CarrierFactory.create(programme=programme)
    for account in (
        office(programme),
        manager(carrier),
        coordinator(SiteFactory.create(carrier=carrier)),
    ):
        client.force_login(account)
        assert client.get(YEAR).status_code == 404
    make_year(ProgrammeFactory.create(), "Fremd e. V.")
    client.force_login(network_office(programme))
    assert "Fremd" not in client.get(YEAR).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_number(
    network: Client,
    programme: Programme,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for place in range(rows):
        make_year(programme, f"Träger {place}")
    network.get(YEAR)
    with django_assert_num_queries(11):
        network.get(YEAR)
