"""Who has custody of a child is read on that child's pages and where all lists go out.

That nobody of another site or carrier reads it is the sweep's, whose families have guardians.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from patenwerk.people.enums import ConsentPurpose, GivenBy
from patenwerk.people.models import Person
from tests.factories.people import ConsentFactory, GuardianFactory
from tests.isolation.makers import MAKERS
from tests.isolation.routes import Route, routes
from tests.isolation.test_sweep import words_of
from tests.isolation.world import Place, World, build

pytestmark = pytest.mark.django_db

NAME = "Haselstrauch"


def with_a_guardian() -> World:
    """One person of the own site has a guardian who has consented."""
    world = build(MAKERS)
    records = world.records[Place.OWN].by_model
    person = records[Person]
    Person.objects.filter(pk=person.pk).update(birth_date="2014-03-01")
    guardian = GuardianFactory.create(
        person=person, first_name=NAME, phone=NAME, email=f"{NAME}@example.org"
    )
    ConsentFactory.create(
        person=person, purpose=ConsentPurpose.TAKING_PART, given_by=GivenBy.GUARDIAN
    ).guardians.add(guardian)
    records[type(guardian)] = guardian
    return world


def where_shown(client: Client, world: World) -> dict[str, set[str]]:
    """By role: the addresses, of own rows or without a row, that hold the name."""
    shown: dict[str, set[str]] = {}
    for role, account in world.accounts.items():
        client.force_login(account)
        shown[role] = {
            route.name
            for route in routes()
            if not route.is_public and route.name != "account_logout"
            for url in _addresses(route, world)
            for form in (("", "xlsx") if route.is_list else ("",))
            if NAME in words_of(client.get(url, {"format": form} if form else {}))
        }
    return shown


def _addresses(route: Route, world: World) -> list[str]:
    if route.model is None:
        return [] if route.converters else [reverse(route.name)]
    records = world.records[Place.OWN].by_model
    return [reverse(route.name, args=[records[route.model].pk])] if route.model in records else []


def test_the_own_site_reads_it_on_the_child_s_pages_and_in_what_goes_out(client: Client) -> None:
    shown = where_shown(client, with_a_guardian())
    assert shown == {
        "coordinator": {
            "people:person",
            "people:change_guardian",
            "people:remove_guardian",
            "people:consent_move_site",
            "people:consent_other_carriers",
            "people:consent_taking_part",
        },
        # All a carrier's sites go out with everything its manager reads page by page.
        "manager": {"people:person", "imports:export_carrier"},
        "office": set(),
        "network": set(),
    }
