"""Proposals wait where their organisers look in the morning."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.policy import Actor
from patenwerk.gatherings.enums import ItemState, State
from patenwerk.gatherings.models import AgendaItem, Gathering
from patenwerk.gatherings.queries.agenda import agendas, proposals_card
from patenwerk.organisations.models import Carrier
from tests.factories.gatherings import STARTS, AgendaItemFactory, GatheringFactory
from tests.factories.organisations import (
    CREATED,
    CarrierFactory,
    SiteFactory,
    actor,
    coordinator,
    manager,
    network_office,
    office,
)

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 1)


@pytest.fixture
def carrier() -> Carrier:
    return CarrierFactory.create(name="Nord")


def proposed(gathering: Gathering, by: Carrier | None, **values: object) -> AgendaItem:
    said = {"state": ItemState.PROPOSED, "proposed_by": by, "created_at": CREATED, **values}
    return AgendaItemFactory.create(gathering=gathering, **said)


def shown(who: Actor) -> list[int]:
    card = proposals_card(who, ON)
    return [] if card is None else [item.pk for item in card["items"]]


def test_proposals_wait_for_the_organisers_the_next_gathering_first(carrier: Carrier) -> None:
    programme = carrier.programme
    later = GatheringFactory.create(programme=programme, starts_at=STARTS + timedelta(days=9))
    next_one, held = (
        GatheringFactory.create(programme=programme, state=state)
        for state in (State.ANNOUNCED, State.HELD)
    )
    own = GatheringFactory.create(programme=programme, carrier=carrier)
    first, second = proposed(later, carrier), proposed(next_one, carrier)
    mine = proposed(own, CarrierFactory.create(programme=programme))
    proposed(held, carrier)
    proposed(next_one, carrier, state=ItemState.ACCEPTED)
    proposed(next_one, carrier, state=ItemState.DECLINED, decline_reason="Nein.")
    proposed(next_one, None)
    proposed(GatheringFactory.create(), CarrierFactory.create())
    assert shown(actor(network_office(programme))) == [second.pk, first.pk]
    assert shown(actor(manager(carrier))) == [mine.pk]
    site = SiteFactory.create(carrier=carrier)
    for who in (coordinator(site), office(programme), network_office(GatheringFactory().programme)):
        assert proposals_card(actor(who), ON) is None


def test_a_long_queue_says_how_many_more_there_are(carrier: Carrier) -> None:
    gathering = GatheringFactory.create(programme=carrier.programme)
    for _number in range(7):
        proposed(gathering, carrier)
    who = actor(network_office(carrier.programme))
    card = proposals_card(who, ON)
    assert card is not None
    assert (len(card["items"]), card["further"]) == (5, 2)
    assert agendas(who, [gathering])[gathering.pk].waiting == 7


@pytest.mark.parametrize("rows", [1, 3])
def test_the_card_is_one_query(
    carrier: Carrier, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    gathering = GatheringFactory.create(programme=carrier.programme)
    for _number in range(rows):
        proposed(gathering, carrier)
    who = actor(network_office(carrier.programme))
    with django_assert_num_queries(1):
        card = proposals_card(who, ON)
        assert card is not None
        said = [f"{item.title} {item.proposed_by} {item.gathering}" for item in card["items"]]
    assert len(said) == rows
