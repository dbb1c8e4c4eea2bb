"""Networks: a name is taken once per programme."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.organisations.domain.network import CannotSaveNetwork, create_network
from patenwerk.organisations.models import Network
from tests.factories.organisations import NetworkFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BY = Actor(user_id=9)


def test_a_network_is_created_in_its_programme() -> None:
    programme = ProgrammeFactory.create()
    network = create_network(programme=programme, name="Am Fluss", by=BY, at=AT)
    assert Network.objects.get() == network
    assert (network.programme, str(network)) == (programme, "Am Fluss")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id, entry.programme_id) == (
        "organisations.create_network",
        network.pk,
        programme.pk,
    )


def test_a_name_is_taken_once_per_programme() -> None:
    taken = NetworkFactory.create(name="Am Fluss")
    with pytest.raises(CannotSaveNetwork) as refused:
        create_network(programme=taken.programme, name="Am Fluss", by=BY, at=AT)
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [
        ("name_taken", "name")
    ]
    assert Network.objects.get() == taken
    assert not AuditEntry.objects.exists()
    create_network(programme=ProgrammeFactory.create(), name="Am Fluss", by=BY, at=AT)
