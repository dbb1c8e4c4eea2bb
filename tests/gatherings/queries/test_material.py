"""Who may open which document, seen from every side."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.policy import Actor
from patenwerk.gatherings.enums import Access, Audience, ContributionState, Licence, Seat, State
from patenwerk.gatherings.models import Contribution, Gathering, Material
from patenwerk.gatherings.queries.material import (
    materials,
    materials_for,
    materials_panel,
    public_materials,
)
from tests.factories.gatherings import ExpertFactory, GatheringFactory, RegistrationFactory
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
ON = date(2026, 11, 23)
ALL = set(Access)


def documents(gathering: Gathering) -> None:
    """One link for every kind of access."""
    for access in Access:
        Material.objects.create(
            **gathering.organiser_columns,
            gathering=gathering,
            title=access,
            link="https://example.org/",
            licence=Licence.CC_BY,
            access=access,
            added_at=CREATED,
        )


@pytest.fixture
def gathering() -> Gathering:
    made = GatheringFactory.create()
    documents(made)
    return made


def opened(who: Actor, gathering: Gathering) -> set[str]:
    return {material.access for material in materials(who).filter(gathering=gathering)}


def test_each_access_means_whom_it_says(gathering: Gathering) -> None:
    programme = gathering.programme
    carrier = CarrierFactory.create(programme=programme)
    leads, works = manager(carrier), coordinator(SiteFactory.create(carrier=carrier))
    circle = {Access.EVERYBODY, Access.CIRCLE}
    assert opened(actor(network_office(programme)), gathering) == ALL
    for account in (leads, works, office(programme)):
        assert opened(actor(account), gathering) == circle
    RegistrationFactory.create(gathering=gathering, carrier=carrier, account=works)
    registered = circle | {Access.REGISTERED}
    assert opened(actor(works), gathering) == registered
    assert opened(actor(leads), gathering) == registered
    assert opened(actor(office(programme)), gathering) == circle
    for stranger in (manager(CarrierFactory.create()), network_office(carrier.programme)):
        sees = opened(actor(stranger), gathering)
        assert sees == (ALL if stranger.grants.get().carrier_id is None else set())
    assert opened(Actor(user_id=None), gathering) == set()


@pytest.mark.parametrize("seat", [seat for seat in Seat if seat is not Seat.SEATED])
def test_only_a_seat_opens_what_is_for_those_registered(gathering: Gathering, seat: Seat) -> None:
    carrier = CarrierFactory.create(programme=gathering.programme)
    account = manager(carrier)
    waits = {"waiting_since": CREATED} if seat in {Seat.WAITING, Seat.OFFERED} else {}
    ends = {"offered_until": CREATED} if seat is Seat.OFFERED else {}
    registration = RegistrationFactory.create(
        gathering=gathering, carrier=carrier, account=account, state=seat, **waits, **ends
    )
    assert Access.REGISTERED not in opened(actor(account), gathering)
    assert not materials_for(registration).exists()


def test_a_carrier_s_documents_are_not_the_network_office_s() -> None:
    carrier = CarrierFactory.create()
    gathering = GatheringFactory.create(programme=carrier.programme, carrier=carrier)
    documents(gathering)
    assert opened(actor(manager(carrier)), gathering) == ALL
    sees = opened(actor(network_office(carrier.programme)), gathering)
    assert sees == {Access.EVERYBODY, Access.CIRCLE}
    Gathering.objects.filter(pk=gathering.pk).update(state=State.DRAFT, announced_at=None)
    assert opened(actor(manager(carrier)), gathering) == ALL
    assert opened(actor(network_office(carrier.programme)), gathering) == set()


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("state", [State.DRAFT, State.ANNOUNCED, State.HELD])
def test_everybody_is_everybody_at_public_gatherings_only(audience: Audience, state: State) -> None:
    gathering = GatheringFactory.create(audience=audience, state=state)
    documents(gathering)
    open_to_all = audience is Audience.PUBLIC and state is not State.DRAFT
    found = {material.access for material in public_materials()}
    assert found == ({Access.EVERYBODY} if open_to_all else set())


def test_who_has_a_seat_needs_no_login(gathering: Gathering) -> None:
    guest = RegistrationFactory.create(gathering=gathering, carrier=None)
    sent = RegistrationFactory.create(gathering=gathering)
    RegistrationFactory.create()
    for registration, accesses in (
        (guest, {Access.EVERYBODY, Access.REGISTERED}),
        (sent, {Access.EVERYBODY, Access.REGISTERED, Access.CIRCLE}),
    ):
        assert {each.access for each in materials_for(registration)} == accesses
    Gathering.objects.filter(pk=gathering.pk).update(state=State.DRAFT, announced_at=None)
    assert not materials_for(guest).exists()


def contribution(gathering: Gathering, state: ContributionState, **said: Any) -> Contribution:
    return Contribution.objects.create(
        programme=gathering.programme,
        expert=ExpertFactory.create(programme=gathering.programme),
        gathering=gathering,
        title=state,
        held_on=ON,
        state=state,
        **said,
    )


def test_the_panel_tells_everybody_what_is_certain(gathering: Gathering) -> None:
    for state in ContributionState:
        contribution(gathering, state)
    carrier = CarrierFactory.create(programme=gathering.programme)
    panel = materials_panel(actor(manager(carrier)), [gathering.pk], ON)[gathering.pk]
    assert {each.state for each in panel["contributions"]} == {"accepted", "held"}
    assert (len(panel["materials"]), panel["organises"]) == (2, False)
    own = materials_panel(actor(network_office(gathering.programme)), [gathering.pk], ON)
    assert len(own[gathering.pk]["contributions"]) == len(ContributionState)
    assert own[gathering.pk]["organises"]
    works = coordinator(SiteFactory.create(carrier=carrier))
    assert materials_panel(actor(works), [gathering.pk], ON)[gathering.pk]["contributions"] == []


def test_an_empty_panel_is_the_organisers_alone() -> None:
    gathering = GatheringFactory.create()
    carrier = CarrierFactory.create(programme=gathering.programme)
    assert materials_panel(actor(manager(carrier)), [gathering.pk], ON) == {}
    assert materials_panel(actor(network_office(gathering.programme)), [gathering.pk], ON)
    assert materials_panel(actor(manager(CarrierFactory.create())), [gathering.pk], ON) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_panels_of_many_gatherings_are_four_queries(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = GatheringFactory.create()
    made = [first, *GatheringFactory.create_batch(rows - 1, programme=first.programme)]
    for gathering in made:
        documents(gathering)
        contribution(gathering, ContributionState.ACCEPTED)
    sees = actor(network_office(first.programme))
    with django_assert_num_queries(4):
        panels = materials_panel(sees, [gathering.pk for gathering in made], ON)
        shown = [
            (each.item, each.gathering.title)
            for panel in panels.values()
            for each in panel["materials"]
        ]
    assert len(shown) == rows * len(Access)
