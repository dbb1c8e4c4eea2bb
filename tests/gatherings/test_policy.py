"""Who knows of a gathering and of what hangs on it, level by level."""

from __future__ import annotations

import pytest
from django.db.models import Model

from patenwerk.core.policy import Actor, Grant, Level, visible
from patenwerk.gatherings.enums import Audience, Seat, State
from patenwerk.gatherings.models import CarrierShare, Commitment, Gathering, Registration
from patenwerk.gatherings.policy import ORGANISE, SEE_GATHERING, SEND_PEOPLE, TELL
from patenwerk.organisations.models import Site
from tests.factories.gatherings import CommitmentFactory, GatheringFactory, RegistrationFactory
from tests.factories.organisations import (
    CarrierFactory,
    SiteFactory,
    actor,
    coordinator,
    manager,
    network_office,
    office,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


def seen(who: Actor, permission: str, model: type[Model]) -> set[int]:
    rows = model._default_manager.filter(visible(who, permission, model))
    return set(rows.values_list("pk", flat=True))


def granted(permission: str, level: Level, organisation_id: int) -> Actor:
    return Actor(1, frozenset({Grant(permission, level, organisation_id)}))


def share(gathering: Gathering, site: Site, *, is_invited: bool) -> CarrierShare:
    return CarrierShare.objects.create(
        gathering=gathering,
        of_carrier=site.carrier,
        is_invited=is_invited,
        **gathering.organiser_columns,
    )


def test_others_know_of_a_gathering_by_its_audience_from_the_announcement_on(site: Site) -> None:
    of = {"programme": site.programme}
    circle = GatheringFactory.create(**of)
    public = GatheringFactory.create(**of, audience=Audience.PUBLIC)
    GatheringFactory.create(**of, state=State.DRAFT)
    invited = GatheringFactory.create(**of, audience=Audience.INVITED)
    share(invited, site, is_invited=True)
    not_invited = GatheringFactory.create(**of, audience=Audience.INVITED)
    share(not_invited, site, is_invited=False)
    GatheringFactory.create()
    known = {circle.pk, public.pk, invited.pk}
    assert seen(actor(manager(site.carrier)), SEE_GATHERING, Gathering) == known
    assert seen(actor(coordinator(site)), SEE_GATHERING, Gathering) == known


def test_a_carriers_own_gathering_for_invited_carriers_is_its_own(site: Site) -> None:
    of = {"programme": site.programme, "carrier": site.carrier, "audience": Audience.INVITED}
    draft = GatheringFactory.create(**of, state=State.DRAFT)
    announced = GatheringFactory.create(**of)
    elsewhere = CarrierFactory.create(programme=site.programme)
    assert seen(actor(manager(site.carrier)), SEE_GATHERING, Gathering) == {draft.pk, announced.pk}
    assert seen(actor(coordinator(site)), SEE_GATHERING, Gathering) == {announced.pk}
    for account in (manager(elsewhere), network_office(site.programme), office(site.programme)):
        assert seen(actor(account), SEE_GATHERING, Gathering) == set()


def test_registrations_are_their_carriers_and_the_organisers(site: Site) -> None:
    gathering = GatheringFactory.create(programme=site.programme)
    own = RegistrationFactory.create(gathering=gathering, carrier=site.carrier)
    other = RegistrationFactory.create(gathering=gathering)
    guest = RegistrationFactory.create(gathering=gathering, carrier=None, state=Seat.SEATED)
    carriers = GatheringFactory.create(programme=site.programme, carrier=site.carrier)
    visitor = RegistrationFactory.create(gathering=carriers)
    everybody = {own.pk, other.pk, guest.pk}
    assert seen(actor(manager(site.carrier)), SEND_PEOPLE, Registration) == {own.pk}
    assert seen(actor(manager(site.carrier)), ORGANISE, Registration) == {own.pk, visitor.pk}
    assert seen(actor(network_office(site.programme)), ORGANISE, Registration) == everybody
    at_site = granted(ORGANISE, Level.SITE, site.pk)
    assert seen(at_site, ORGANISE, Registration) == set()


def test_a_share_is_its_carriers(site: Site) -> None:
    gathering = GatheringFactory.create(programme=site.programme)
    own = share(gathering, site, is_invited=True)
    share(gathering, SiteFactory.create(carrier__programme=site.programme), is_invited=True)
    assert seen(actor(manager(site.carrier)), SEND_PEOPLE, CarrierShare) == {own.pk}
    at_site = granted(SEND_PEOPLE, Level.SITE, site.pk)
    assert seen(at_site, SEND_PEOPLE, CarrierShare) == set()


def test_a_promise_is_told_of_by_who_made_it_and_by_partners(site: Site) -> None:
    gathering = GatheringFactory.create(programme=site.programme, state=State.HELD)
    own = CommitmentFactory.create(gathering=gathering, of_carrier=site.carrier)
    joint = CommitmentFactory.create(gathering=gathering)
    joint.partners.add(site.carrier)
    CommitmentFactory.create(gathering=gathering)
    assert seen(actor(manager(site.carrier)), TELL, Commitment) == {own.pk, joint.pk}
    at_site = granted(TELL, Level.SITE, site.pk)
    assert seen(at_site, TELL, Commitment) == set()
