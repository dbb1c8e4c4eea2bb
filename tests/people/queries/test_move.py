"""How a person stands to other sites: came from, asked where, and what a consent is for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.policy import Actor
from patenwerk.organisations.models import Site
from patenwerk.people.enums import ConsentPurpose
from patenwerk.people.models import Consent, Move, Person
from patenwerk.people.queries.consent import consents_of
from patenwerk.people.queries.move import MoveStanding, move_standing, usable_consent
from tests.factories.organisations import CREATED, actor, coordinator
from tests.factories.people import ConsentFactory, MenteeFactory, MoveFactory, site_beside

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return MenteeFactory.create()


@pytest.fixture
def there(person: Person) -> Site:
    return site_beside(person.site)


@pytest.fixture
def by(person: Person) -> Actor:
    return actor(coordinator(person.site))


def standing(by: Actor, person: Person) -> MoveStanding:
    return move_standing(by, person, list(consents_of(person)))


def consent(person: Person) -> Consent:
    return ConsentFactory.create(person=person, purpose=ConsentPurpose.MOVE_SITE)


def came(person: Person, origin: Site, days: int = 0) -> Move:
    """A move that has brought the person to its site, so many days after the first."""
    at = CREATED + timedelta(days=days)
    return MoveFactory.create(
        person=person,
        site=origin,
        carrier=origin.carrier,
        to_site=person.site,
        state="accepted",
        proposed_at=at,
        decided_at=at,
        consent=None,
    )


def test_whoever_has_moved_nowhere_stands_where_they_are(by: Actor, person: Person) -> None:
    ConsentFactory.create(person=person)
    assert standing(by, person) == MoveStanding(None, None, None, is_usable=False)


def test_the_latest_move_to_the_present_site_is_where_somebody_came_from(
    by: Actor, person: Person, there: Site
) -> None:
    latest = came(person, there, days=5)
    came(person, site_beside(person.site), days=1)
    away = MoveFactory.create(
        person=person, to_site=there, state="accepted", decided_at=CREATED, consent=None
    )
    MoveFactory.create(
        person=person, site=there, carrier=there.carrier, to_site=person.site, state="declined"
    )
    found = standing(by, person)
    assert found.came_from is not None
    assert found.came_from.pk == latest.pk
    assert found.last is not None
    assert found.last.pk == away.pk
    stranger = actor(coordinator(there))
    assert standing(stranger, person).came_from is None, "told to whoever sees the person now"


def test_what_was_proposed_last_at_the_present_site_counts(
    by: Actor, person: Person, there: Site
) -> None:
    MoveFactory.create(person=person, to_site=there, state="declined", consent=None)
    asked = MoveFactory.create(
        person=person, to_site=there, consent=None, proposed_at=CREATED + timedelta(days=1)
    )
    last = standing(by, person).last
    assert last is not None
    assert last.pk == asked.pk


def test_a_consent_is_used_up_by_moving_and_by_another_site_s_no(
    by: Actor, person: Person, there: Site
) -> None:
    assert usable_consent(person) is None
    given = consent(person)
    assert (standing(by, person).consent, standing(by, person).is_usable) == (given, True)
    MoveFactory.create(person=person, to_site=there, state="declined", consent=given)
    assert standing(by, person).is_usable, "somebody else's no is no move"
    assert usable_consent(person) == usable_consent(person, there) == given
    assert usable_consent(person, site_beside(person.site)) is None
    MoveFactory.create(person=person, to_site=there, state="withdrawn", consent=given)
    assert usable_consent(person, there) == given
    moved = came(person, there)
    Move.objects.filter(pk=moved.pk).update(consent=given)
    assert (standing(by, person).consent, standing(by, person).is_usable) == (given, False)
    assert usable_consent(person) is usable_consent(person, there) is None


def test_a_consent_taken_back_is_none(by: Actor, person: Person) -> None:
    given = consent(person)
    Consent.objects.filter(pk=given.pk).update(withdrawn_on=given.given_on)
    assert standing(by, person).consent is None


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_one_query_for_few_and_many(
    by: Actor,
    person: Person,
    there: Site,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    consent(person)
    for days in range(count):
        came(person, there, days)
    consents = list(consents_of(person))
    with django_assert_num_queries(1):
        found = move_standing(by, person, consents)
        assert found.came_from is not None
        assert str(found.came_from.site.carrier)
