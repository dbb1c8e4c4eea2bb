"""Certificates and badges as files: for the organisers, and by one's own link."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.gatherings.enums import State
from patenwerk.gatherings.models import Gathering
from patenwerk.gatherings.queries.registration import token_of
from tests.factories.gatherings import AgendaItemFactory, GatheringFactory, RegistrationFactory
from tests.factories.organisations import CarrierFactory, manager, network_office, office

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-14 10:00", tick=False)]


def page(name: str, *args: object) -> str:
    return reverse(f"gatherings:{name}", args=args)


@pytest.fixture
def gathering() -> Gathering:
    return GatheringFactory.create(state=State.HELD.value, title="Werkstatt Sprache")


@pytest.fixture
def organiser(client: Client, gathering: Gathering) -> Client:
    client.force_login(network_office(gathering.programme))
    return client


def test_organisers_get_one_certificate_all_of_them_and_badges(
    organiser: Client, gathering: Gathering
) -> None:
    person = RegistrationFactory.create(gathering=gathering, attended=True)
    for name, pk in (
        ("certificate", person.pk),
        ("certificates", gathering.pk),
        ("badges", gathering.pk),
    ):
        answer = organiser.get(page(name, pk))
        assert answer.headers["Content-Type"] == "application/pdf", name
        assert "attachment" in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.content.startswith(b"%PDF-1.7")
        assert b"/Lang(de)" in answer.content
        assert b"Werkstatt Sprache</rdf:li>" in answer.content
    listed = organiser.get(page("registrations", gathering.pk)).content.decode()
    for address in (
        page("certificate", person.pk),
        page("certificates", gathering.pk),
        page("badges", gathering.pk),
    ):
        assert f'href="{address}"' in listed


def test_without_anybody_a_sentence_says_why(organiser: Client, gathering: Gathering) -> None:
    answer = organiser.get(page("badges", gathering.pk))
    assert answer.status_code == 404
    assert "Noch hat niemand einen Platz" in answer.content.decode()
    RegistrationFactory.create(gathering=gathering)
    answer = organiser.get(page("certificates", gathering.pk))
    assert "als anwesend abgehakt" in answer.content.decode()
    person = RegistrationFactory.create(gathering=gathering, attended=False)
    answer = organiser.get(page("certificate", person.pk))
    assert "als anwesend abgehakt" in answer.content.decode()


def test_ones_own_link_gives_the_certificate_in_ones_language(
    client: Client, gathering: Gathering
) -> None:
    person = RegistrationFactory.create(gathering=gathering, attended=True, language="en")
    address = page("certificate_by_link", token_of(person))
    answer = client.get(address)
    assert b"/Lang(en)" in answer.content
    assert b"Certificate of participation" in answer.content
    assert address in client.get(page("registration", token_of(person))).content.decode()
    absent = RegistrationFactory.create(gathering=gathering, attended=False)
    hidden = page("certificate_by_link", token_of(absent))
    assert client.get(hidden).status_code == 404
    assert hidden not in client.get(page("registration", token_of(absent))).content.decode()
    assert client.get(page("certificate_by_link", "unsinn")).status_code == 404


def test_a_logo_that_cannot_be_drawn_is_left_out(organiser: Client, gathering: Gathering) -> None:
    gathering.programme.logo.save("kaputt.png", ContentFile(b"\x89PNG\r\n\x1a\nkaputt"))
    RegistrationFactory.create(gathering=gathering, attended=True)
    answer = organiser.get(page("certificates", gathering.pk))
    assert answer.content.startswith(b"%PDF")
    assert b"/Subtype/Image" not in answer.content


def test_others_get_none(client: Client, gathering: Gathering) -> None:
    carrier = CarrierFactory.create(programme=gathering.programme)
    person = RegistrationFactory.create(gathering=gathering, attended=True)
    for account in (manager(carrier), office(gathering.programme)):
        client.force_login(account)
        assert client.get(page("certificate", person.pk)).status_code == 404
        assert client.get(page("certificates", gathering.pk)).status_code == 404
        assert client.get(page("badges", gathering.pk)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_papers_cost_the_same_for_any_number(
    organiser: Client,
    gathering: Gathering,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(rows):
        RegistrationFactory.create(gathering=gathering, attended=True)
        AgendaItemFactory.create(gathering=gathering)
    for name in ("certificates", "badges"):
        organiser.get(page(name, gathering.pk))
    with django_assert_num_queries(6):
        organiser.get(page("certificates", gathering.pk))
    with django_assert_num_queries(5):
        organiser.get(page("badges", gathering.pk))
