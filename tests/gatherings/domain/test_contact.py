"""Naming a carrier's contacts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from patenwerk.audit.models import AuditEntry
from patenwerk.gatherings.domain.contact import (
    CannotSaveContact,
    ContactValues,
    add_contact,
    change_contact,
    remove_contact,
)
from patenwerk.gatherings.models import Contact
from patenwerk.organisations.models import Carrier
from tests.factories.gatherings import ContactFactory
from tests.factories.organisations import CarrierFactory, actor, manager

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BERTA = ContactValues(name="Berta", email="Berta@Example.org", phone="030 1", task="Kongress")


@pytest.fixture
def carrier() -> Carrier:
    return CarrierFactory.create()


def test_somebody_is_named(carrier: Carrier) -> None:
    by = actor(manager(carrier))
    contact = add_contact(carrier=carrier, values=BERTA, by=by, at=AT)
    contact.refresh_from_db()
    assert (contact.name, contact.email, contact.phone, contact.task) == (
        *("Berta", "berta@example.org", "030 1", "Kongress"),
    )
    assert (contact.programme_id, contact.carrier_id, contact.account_id, contact.created_at) == (
        *(carrier.programme_id, carrier.pk, None, AT),
    )
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id, entry.carrier_id) == (
        *("gatherings.add_contact", contact.pk, carrier.pk),
    )


def test_an_account_of_the_same_carrier_is_known_again(carrier: Carrier) -> None:
    own, other = manager(carrier), manager(CarrierFactory.create())
    by = actor(own)
    for account, known in ((own, own.pk), (other, None)):
        values = ContactValues(name="Berta", email=account.email.upper())
        contact = add_contact(carrier=carrier, values=values, by=by, at=AT)
        assert contact.account_id == known


def test_an_address_is_named_once_at_a_carrier(carrier: Carrier) -> None:
    by = actor(manager(carrier))
    first = ContactFactory.create(carrier=carrier, email="berta@example.org")
    with pytest.raises(CannotSaveContact) as refused:
        add_contact(carrier=carrier, values=BERTA, by=by, at=AT)
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [("named", "email")]
    second = ContactFactory.create(carrier=carrier)
    with pytest.raises(CannotSaveContact):
        change_contact(contact=second, values=BERTA, by=by, at=AT)
    change_contact(contact=first, values=BERTA, by=by, at=AT)
    first.refresh_from_db()
    assert first.name == "Berta"
    assert add_contact(carrier=CarrierFactory.create(), values=BERTA, by=by, at=AT).pk
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactFactory.create(carrier=carrier, email="berta@example.org")


def test_a_contact_is_forgotten(carrier: Carrier) -> None:
    contact = ContactFactory.create(carrier=carrier)
    remove_contact(contact=contact, by=actor(manager(carrier)), at=AT)
    assert not Contact.objects.exists()
    assert AuditEntry.objects.get().action == "gatherings.remove_contact"
