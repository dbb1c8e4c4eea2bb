"""Organisations and roles: exactly what the grants reach."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from patenwerk.core.policy import Actor
from patenwerk.organisations.enums import Role
from patenwerk.organisations.models import Carrier, Invitation, RoleGrant, Site
from patenwerk.organisations.policy import EDIT_SITE
from patenwerk.organisations.queries.actors import NOBODY
from patenwerk.organisations.queries.organisation import (
    carriers,
    grants,
    open_invitations,
    programmes,
    sites,
)
from tests.factories.organisations import (
    AccountFactory,
    SiteFactory,
    actor,
    coordinator,
    manager,
    office,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


class World:
    """A site, its sibling, a colleague's site of the programme, a foreign one; all with people."""

    def __init__(self) -> None:
        self.own: Site = SiteFactory.create()
        self.sibling: Site = SiteFactory.create(carrier=self.own.carrier)
        self.colleague: Site = SiteFactory.create(carrier__programme=self.own.programme)
        self.foreign: Site = SiteFactory.create()
        self.coordination = coordinator(self.own)
        self.management = manager(self.own.carrier)
        self.office = office(self.own.programme)
        for site in (self.sibling, self.colleague, self.foreign):
            coordinator(site)
            manager(site.carrier)
        office(self.foreign.programme)


@pytest.fixture
def world() -> World:
    return World()


def everything(who: Actor) -> list[int]:
    return [
        programmes(who).count(),
        carriers(who).count(),
        sites(who).count(),
        grants(who, DAY).count(),
        open_invitations(who).count(),
    ]


def test_nobody_sees_nothing(world: World) -> None:
    invitation_to(world.own)
    assert everything(NOBODY) == [0, 0, 0, 0, 0]


def test_coordination_sees_its_site(world: World) -> None:
    who = actor(world.coordination)
    assert set(sites(who)) == {world.own}
    assert (list(programmes(who)), list(carriers(who)), list(grants(who, DAY))) == ([], [], [])


def test_management_sees_its_carrier(world: World) -> None:
    who = actor(world.management)
    assert set(sites(who)) == {world.own, world.sibling}
    assert set(carriers(who)) == {world.own.carrier}
    assert list(programmes(who)) == []
    assert {grant.carrier_id for grant in grants(who, DAY)} == {world.own.carrier_id}
    assert grants(who, DAY).count() == RoleGrant.objects.filter(carrier=world.own.carrier).count()


def test_the_office_sees_its_programme(world: World) -> None:
    who = actor(world.office)
    assert set(sites(who)) == {world.own, world.sibling, world.colleague}
    assert set(carriers(who)) == {world.own.carrier, world.colleague.carrier}
    assert set(programmes(who)) == {world.own.programme}
    assert {grant.programme_id for grant in grants(who, DAY)} == {world.own.programme_id}


def test_sites_by_another_permission(world: World) -> None:
    assert set(sites(actor(world.management), EDIT_SITE)) == {world.own, world.sibling}
    assert not sites(actor(world.office), EDIT_SITE).exists()


def test_carriers_know_how_many_sites_they_have(world: World) -> None:
    found = {row.pk: row.site_count for row in carriers(actor(world.office))}
    assert found == {world.own.carrier_id: 2, world.colleague.carrier_id: 1}


@pytest.mark.parametrize(
    ("dates", "shown"),
    [
        ({"valid_from": DAY}, True),
        ({"valid_to": DAY}, True),
        ({"valid_from": date(2026, 11, 24)}, False),
        ({"valid_to": date(2026, 11, 22)}, False),
    ],
)
def test_roles_on_a_day(world: World, dates: dict[str, date], *, shown: bool) -> None:
    who = actor(world.management)
    grant = RoleGrant.objects.get(account=world.coordination)
    RoleGrant.objects.filter(pk=grant.pk).update(**dates)
    assert (grant in grants(who, DAY)) is shown


def invitation_to(site: Site, **more: object) -> Invitation:
    number = Invitation.objects.count()
    return Invitation.objects.create(
        programme=site.programme,
        carrier=site.carrier,
        site=site,
        role=Role.COORDINATOR,
        email="ada@example.org",
        first_name="Ada",
        last_name="Kern",
        token_hash=f"{number:064}",
        invited_by=AccountFactory.create(),
        created_at=AT,
        expires_at=AT,
        **more,
    )


def test_open_invitations_are_neither_accepted_nor_withdrawn(world: World) -> None:
    waiting = invitation_to(world.own)
    invitation_to(world.own, accepted_at=AT)
    invitation_to(world.own, withdrawn_at=AT)
    colleague = invitation_to(world.colleague)
    invitation_to(world.foreign)
    assert set(open_invitations(actor(world.management))) == {waiting}
    assert set(open_invitations(actor(world.office))) == {waiting, colleague}
    assert not open_invitations(actor(world.coordination)).exists()


def test_a_carrier_without_sites_is_listed(world: World) -> None:
    empty = Carrier.objects.create(programme=world.own.programme, name="Leer", created_at=AT)
    assert carriers(actor(world.office)).get(pk=empty.pk).site_count == 0
