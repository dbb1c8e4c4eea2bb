"""Whom a carrier's mails go to: who was named, else who manages it."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.gatherings.queries.contact import (
    carriers_without_contact,
    contacts,
    contacts_of,
    contacts_panel,
)
from patenwerk.organisations.models import Carrier, RoleGrant
from tests.factories.gatherings import ContactFactory
from tests.factories.organisations import (
    AccountFactory,
    CarrierFactory,
    SiteFactory,
    actor,
    coordinator,
    manager,
    network_office,
)

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)


@pytest.fixture
def carrier() -> Carrier:
    return CarrierFactory.create(name="Brückenbau e. V.")


def test_named_contacts_come_before_the_managers(carrier: Carrier) -> None:
    manager(carrier)
    account = AccountFactory.create(language="en")
    ContactFactory.create(carrier=carrier, name="Berta", email="b@example.org")
    ContactFactory.create(carrier=carrier, name="Anton", email="a@example.org", account=account)
    [anton, berta] = contacts_of([carrier.pk], ON)[carrier.pk]
    assert (anton.name, anton.email, anton.language) == ("Anton", "a@example.org", "en")
    assert anton.account_id == account.pk
    assert (berta.name, berta.language, berta.account_id) == ("Berta", "de", None)


def test_where_nobody_is_named_the_managers_of_the_day_are_written_to(carrier: Carrier) -> None:
    now = manager(carrier, first_name="Nadja", last_name="Amsel", language="en")
    RoleGrant.objects.filter(account=manager(carrier)).update(valid_to=date(2026, 11, 22))
    RoleGrant.objects.filter(account=manager(carrier)).update(valid_from=date(2026, 11, 24))
    manager(carrier, is_active=False)
    coordinator(SiteFactory.create(carrier=carrier))
    [only] = contacts_of([carrier.pk], ON)[carrier.pk]
    assert (only.name, only.email, only.language) == ("Nadja Amsel", now.email, "en")
    assert only.account_id == now.pk


def test_a_role_ending_today_still_counts(carrier: Carrier) -> None:
    RoleGrant.objects.filter(account=manager(carrier)).update(valid_to=ON)
    assert len(contacts_of([carrier.pk], ON)[carrier.pk]) == 1


def test_no_address_twice_and_nobody_is_an_empty_list(carrier: Carrier) -> None:
    ContactFactory.create(carrier=carrier, email="A@example.org")
    ContactFactory.create(carrier=carrier, email="a@example.org")
    other = CarrierFactory.create()
    found = contacts_of([carrier.pk, other.pk], ON)
    assert len(found[carrier.pk]) == 1
    assert found[other.pk] == []
    assert contacts_of([], ON) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_contacts_of_many_carriers_are_two_queries(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    named = [ContactFactory.create().carrier_id for _ in range(rows)]
    managed = [carrier.pk for carrier in CarrierFactory.create_batch(rows)]
    for pk in managed:
        manager(Carrier.objects.get(pk=pk))
    with django_assert_num_queries(2):
        found = contacts_of([*named, *managed], ON)
    assert all(len(each) == 1 for each in found.values())


def test_each_role_sees_the_contacts_it_reaches(carrier: Carrier) -> None:
    own = ContactFactory.create(carrier=carrier)
    sibling = ContactFactory.create(carrier=CarrierFactory.create(programme=carrier.programme))
    abroad = ContactFactory.create()
    assert list(contacts(actor(manager(carrier)))) == [own]
    seen = list(contacts(actor(network_office(carrier.programme))))
    assert set(seen) == {own, sibling}
    assert abroad not in seen
    assert not contacts(actor(coordinator(SiteFactory.create(carrier=carrier)))).exists()


@pytest.mark.parametrize("text", ["brucken", "Müll", "mueller", "kongr berta", "b muller"])
def test_contacts_are_found_by_the_beginnings_of_words(carrier: Carrier, text: str) -> None:
    sees = actor(network_office(carrier.programme))
    meant = ContactFactory.create(carrier=carrier, name="Berta Müller", task="Kongress")
    ContactFactory.create(
        carrier=CarrierFactory.create(programme=carrier.programme, name="Ufer"),
        name="Anton",
        email="anton@example.org",
    )
    assert list(contacts(sees, text)) == [meant]
    assert not contacts(sees, "ücken").exists()


def test_carriers_that_named_nobody(carrier: Carrier) -> None:
    sees = actor(network_office(carrier.programme))
    assert list(carriers_without_contact(sees)) == [carrier]
    ContactFactory.create(carrier=carrier)
    assert not carriers_without_contact(sees).exists()


def test_the_panel_shows_contacts_and_who_may_change_them(
    carrier: Carrier, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    contact = ContactFactory.create(carrier=carrier)
    other = CarrierFactory.create(programme=carrier.programme)
    sees = actor(manager(carrier))
    with django_assert_num_queries(2):
        panel = contacts_panel(sees, [carrier.pk, other.pk], ON)
    assert panel == {
        carrier.pk: {"carrier_id": carrier.pk, "contacts": [contact], "may_edit": True}
    }
