"""The pages of contacts: who sees them, who changes them, what they cost."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.gatherings.models import Contact
from patenwerk.organisations.models import Carrier
from tests.factories.gatherings import ContactFactory
from tests.factories.organisations import (
    CarrierFactory,
    SiteFactory,
    coordinator,
    manager,
    network_office,
    office,
)

pytestmark = pytest.mark.django_db
BERTA = {"name": "Berta Müller", "email": "berta@example.org", "phone": "030 12", "task": "Fragen"}


def page(name: str, *args: object) -> str:
    return reverse(f"gatherings:{name}", args=args)


@pytest.fixture
def carrier() -> Carrier:
    return CarrierFactory.create(name="Brückenbogen e. V.")


def test_a_manager_names_changes_and_removes_somebody(client: Client, carrier: Carrier) -> None:
    client.force_login(manager(carrier))
    home = reverse("organisations:carrier", args=[carrier.pk])
    assert page("add_contact", carrier.pk) in client.get(home).content.decode()
    answer = client.post(page("add_contact", carrier.pk), BERTA)
    assert answer.headers["Location"] == home
    contact = Contact.objects.get()
    shown = client.get(home).content.decode()
    assert "Berta Müller" in shown
    assert page("change_contact", contact.pk) in shown
    assert "berta@example.org" in client.get(page("change_contact", contact.pk)).content.decode()
    client.post(page("change_contact", contact.pk), {**BERTA, "name": "Berta Neu"})
    contact.refresh_from_db()
    assert contact.name == "Berta Neu"
    assert "Berta Neu" in client.get(page("remove_contact", contact.pk)).content.decode()
    client.post(page("remove_contact", contact.pk))
    assert not Contact.objects.exists()


def test_a_refusal_stands_beside_its_field(client: Client, carrier: Carrier) -> None:
    client.force_login(manager(carrier))
    ContactFactory.create(carrier=carrier, email=BERTA["email"])
    answer = client.post(page("add_contact", carrier.pk), BERTA)
    assert answer.status_code == 422
    assert "Diese Adresse ist für den Träger schon genannt" in answer.content.decode()
    assert client.post(page("add_contact", carrier.pk), {"name": "x"}).status_code == 422


def test_who_reads_and_who_does_not(client: Client, carrier: Carrier) -> None:
    contact = ContactFactory.create(carrier=carrier, name="Berta Müller")
    foreign = manager(CarrierFactory.create(programme=carrier.programme))
    for account, expected in (
        (network_office(carrier.programme), 200),
        (manager(carrier), 200),
        (foreign, 200),
        (office(carrier.programme), 404),
        (coordinator(SiteFactory.create(carrier=carrier)), 404),
    ):
        client.force_login(account)
        answer = client.get(page("contacts"))
        assert answer.status_code == expected
        sees = expected == 200 and account != foreign
        assert ("Berta Müller" in answer.content.decode()) == sees
        reached = client.get(page("change_contact", contact.pk)).status_code
        assert reached == (200 if sees else 404)


def test_the_list_is_narrowed_and_given_away(client: Client, carrier: Carrier) -> None:
    client.force_login(network_office(carrier.programme))
    nobody = client.get(page("contacts")).content.decode()
    assert "Noch niemand genannt" in nobody
    assert carrier.name in nobody
    ContactFactory.create(carrier=carrier, name="Berta Müller", task="Kongress")
    ContactFactory.create(carrier=carrier, name="Anton", email="anton@example.org")
    found = client.get(page("contacts"), {"text": "mueller"}).content.decode()
    assert "Berta Müller" in found
    assert "Anton" not in found
    assert "Niemand gefunden" in client.get(page("contacts"), {"text": "xyz"}).content.decode()
    sheet = client.get(page("contacts"), {"format": "csv"}).content.decode("utf-8-sig")
    assert "Träger" in sheet.splitlines()[0]
    assert "Berta Müller" in sheet


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number(
    client: Client, carrier: Carrier, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(network_office(carrier.programme))
    for _ in range(rows):
        ContactFactory.create(carrier=CarrierFactory.create(programme=carrier.programme))
    client.get(page("contacts"))
    with django_assert_num_queries(6):
        client.get(page("contacts"))
