"""The actor of an account on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.policy import Grant, Level, permissions_of
from patenwerk.organisations.enums import Role
from patenwerk.organisations.models import Account, RoleGrant
from patenwerk.organisations.queries.actors import NOBODY, actor_at, actor_for, grants_in_force
from tests.factories.organisations import (
    AccountFactory,
    CarrierFactory,
    ProgrammeFactory,
    SiteFactory,
    coordinator,
    manager,
    office,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("level", "role"),
    [
        (Level.PROGRAMME, Role.PROGRAMME_OFFICE),
        (Level.CARRIER, Role.CARRIER_MANAGER),
        (Level.SITE, Role.COORDINATOR),
    ],
)
def test_a_role_is_its_permissions_at_its_own_level_only(level: Level, role: Role) -> None:
    site = SiteFactory.create()
    account = {
        Level.PROGRAMME: lambda: office(site.programme),
        Level.CARRIER: lambda: manager(site.carrier),
        Level.SITE: lambda: coordinator(site),
    }[level]()
    number = site.scope_ids[level]
    actor = actor_for(account, DAY)
    assert actor.user_id == account.pk
    assert actor.grants == {Grant(name, level, number) for name in permissions_of(role)}


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "holds"),
    [
        (DAY, None, True),
        (DAY, DAY, True),
        (date(2026, 11, 24), None, False),
        (date(2026, 1, 1), date(2026, 11, 22), False),
        (date(2026, 1, 1), date(2026, 12, 31), True),
    ],
)
def test_a_grant_holds_between_its_days(
    valid_from: date, valid_to: date | None, *, holds: bool
) -> None:
    account = coordinator(SiteFactory.create())
    RoleGrant.objects.update(valid_from=valid_from, valid_to=valid_to)
    assert bool(actor_for(account, DAY).grants) is holds
    assert bool(grants_in_force(account, DAY)) is holds


def test_several_roles_add_up_and_other_peoples_stay_theirs() -> None:
    site = SiteFactory.create()
    carrier = CarrierFactory.create()
    account = coordinator(site)
    RoleGrant.objects.create(
        account=account,
        role=Role.CARRIER_MANAGER,
        programme=carrier.programme,
        carrier=carrier,
        valid_from=DAY,
    )
    office(ProgrammeFactory.create())
    actor = actor_for(account, DAY)
    assert {(grant.level, grant.organisation_id) for grant in actor.grants} == {
        (Level.SITE, site.pk),
        (Level.CARRIER, carrier.pk),
    }


def test_the_organisations_come_along_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    account = coordinator(SiteFactory.create())
    with django_assert_num_queries(1):
        assert [grant.organisation_name for grant in grants_in_force(account, DAY)]


def test_a_closed_account_holds_nothing() -> None:
    account = coordinator(SiteFactory.create(), is_active=False)
    actor = actor_for(account, DAY)
    assert (actor.user_id, actor.grants) == (account.pk, frozenset())


def test_a_job_works_with_what_its_account_may_at_that_moment() -> None:
    account = coordinator(SiteFactory.create())
    RoleGrant.objects.update(valid_to=DAY)
    before_midnight = datetime(2026, 11, 23, 22, 59, tzinfo=UTC)
    after = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert actor_at(account.pk, before_midnight) == actor_for(account, DAY)
    assert actor_at(account.pk, before_midnight).grants
    assert not actor_at(account.pk, after).grants


def test_an_account_that_is_gone_holds_nothing() -> None:
    actor = actor_at(10**9, datetime(2026, 11, 23, tzinfo=UTC))
    assert (actor.user_id, actor.grants) == (10**9, frozenset())
    assert (NOBODY.user_id, NOBODY.grants) == (None, frozenset())


def test_accounts_are_found_whatever_the_case_of_their_address() -> None:
    account = AccountFactory.create(email="jutta@example.org")
    assert Account.objects.get_by_natural_key("Jutta@Example.org") == account
