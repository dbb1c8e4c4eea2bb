"""Carriers: a name is taken once per programme."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.organisations.domain.carrier import (
    CannotSaveCarrier,
    CarrierValues,
    change_carrier,
    create_carrier,
)
from patenwerk.organisations.models import Carrier
from tests.factories.organisations import CarrierFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BY = Actor(user_id=9)
VALUES = CarrierValues(name="Hafenlichter", about="Wir fangen an.", website="https://h.example/")


def test_a_carrier_is_created_in_its_programme() -> None:
    programme = ProgrammeFactory.create()
    carrier = create_carrier(programme=programme, values=VALUES, by=BY, at=AT)
    carrier.refresh_from_db()
    assert (carrier.programme, carrier.name, carrier.about) == (
        programme,
        "Hafenlichter",
        "Wir fangen an.",
    )
    assert (carrier.website, carrier.created_at) == ("https://h.example/", AT)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, entry.object_id, entry.programme_id) == (
        "organisations.create_carrier",
        9,
        carrier.pk,
        programme.pk,
    )


def test_a_name_is_taken_once_per_programme() -> None:
    taken = CarrierFactory.create(name="Hafenlichter")
    with pytest.raises(CannotSaveCarrier) as refused:
        create_carrier(programme=taken.programme, values=VALUES, by=BY, at=AT)
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [
        ("name_taken", "name")
    ]
    assert Carrier.objects.get() == taken
    assert not AuditEntry.objects.exists()
    create_carrier(programme=ProgrammeFactory.create(), values=VALUES, by=BY, at=AT)


def test_changing_keeps_the_own_name_and_takes_no_other() -> None:
    carrier = CarrierFactory.create(name="Hafenlichter")
    other = CarrierFactory.create(programme=carrier.programme, name="Brückenbogen")
    change_carrier(carrier=carrier, values=VALUES, by=BY, at=AT)
    carrier.refresh_from_db()
    assert carrier.about == "Wir fangen an."
    assert AuditEntry.objects.get().action == "organisations.change_carrier"
    with pytest.raises(CannotSaveCarrier):
        change_carrier(carrier=other, values=VALUES, by=BY, at=AT)
    other.refresh_from_db()
    assert other.name == "Brückenbogen"
    change_carrier(carrier=other, values=CarrierValues(name="Neuland"), by=BY, at=AT)
    other.refresh_from_db()
    assert (other.name, other.about) == ("Neuland", "")
