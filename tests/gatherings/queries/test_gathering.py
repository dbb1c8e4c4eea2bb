"""What »my day« says of the next gatherings."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.gatherings.enums import Seat, State
from patenwerk.gatherings.queries.gathering import next_card
from tests.factories.gatherings import STARTS, GatheringFactory, RegistrationFactory
from tests.factories.organisations import CREATED, CarrierFactory, actor, manager

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 1)


def test_the_next_gatherings_say_how_one_is_registered(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    carrier = CarrierFactory.create()
    account = manager(carrier)
    of = {"programme": carrier.programme}
    GatheringFactory.create(**of, starts_at=STARTS - timedelta(days=30))
    GatheringFactory.create(**of, state=State.DRAFT)
    expected = []
    # Declined and none read the same; the fourth is too far away for the card.
    for days, state in enumerate([Seat.WAITING, Seat.DECLINED, Seat.SEATED, Seat.SEATED]):
        gathering = GatheringFactory.create(**of, starts_at=STARTS + timedelta(days=days))
        RegistrationFactory.create(
            gathering=gathering,
            account=account,
            state=state,
            waiting_since=CREATED if state == Seat.WAITING else None,
        )
        RegistrationFactory.create(gathering=gathering)
        expected.append((gathering.pk, None if state == Seat.DECLINED else state.value))
    who = actor(account)
    with django_assert_num_queries(1):
        card = next_card(who, ON)
    assert card is not None
    found = [(row["gathering"].pk, row["own"] and row["own"].state) for row in card["rows"]]
    assert found == expected[:3]
    assert next_card(actor(manager(CarrierFactory.create())), ON) is None
