"""Pairs, merges and look-alikes: who sees which, and what they cost."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from patenwerk.organisations.models import Site
from patenwerk.people.enums import PairState, Side
from patenwerk.people.kernel.likeness import Evidence, How, Known, What
from patenwerk.people.models import Person
from patenwerk.people.queries.cards import duplicates_card
from patenwerk.people.queries.duplicate import (
    SHOWN,
    duplicates_of,
    evidence_between,
    look_alikes,
    merges_into,
    people_to_compare,
    possible_duplicates,
)
from patenwerk.people.queries.likeness_words import speaks_against, speaks_for
from patenwerk.people.queries.person import PeopleFilter, Presence, people
from tests.factories.organisations import SiteFactory, actor, coordinator, manager
from tests.factories.people import MenteeFactory, MergeFactory, PossibleDuplicateFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ON = date(2026, 11, 23)
BORN = date(2001, 5, 17)


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


def test_a_coordinator_sees_the_open_pairs_of_its_site_the_likeliest_first(site: Site) -> None:
    weak = PossibleDuplicateFactory.create(first__site=site, score=10)
    strong = PossibleDuplicateFactory.create(first__site=site, score=90)
    PossibleDuplicateFactory.create()
    PossibleDuplicateFactory.create(first__site=site, state=PairState.NOT_THE_SAME, decided_at=AT)
    for gone in ("first", "second"):
        PossibleDuplicateFactory.create(
            **{
                "first__site": site,
                f"{gone}__archived_at": AT,
                f"{gone}__merged_into": weak.first,
            }
        )
    who = actor(coordinator(site))
    assert list(possible_duplicates(who)) == [strong, weak]
    assert list(duplicates_of(who, weak.first)) == [weak]
    assert list(duplicates_of(who, strong.second)) == [strong]
    assert not possible_duplicates(actor(manager(site.carrier))).exists()


def test_merges_in_force_are_those_nobody_has_undone(site: Site) -> None:
    kept = MenteeFactory.create(site=site)
    merge = MergeFactory.create(kept=kept)
    MergeFactory.create(kept=kept, undone_at=AT)
    MergeFactory.create(kept__site=site)
    assert list(merges_into(actor(coordinator(site)), kept)) == [merge]
    assert not merges_into(actor(coordinator(SiteFactory.create())), kept).exists()


def test_who_was_merged_is_in_no_list_of_people(site: Site) -> None:
    merge = MergeFactory.create(kept__site=site)
    who = actor(coordinator(site))
    for presence, found in ((Presence.HERE, [merge.kept]), (Presence.ARCHIVED, [])):
        assert list(people(who, PeopleFilter(presence=presence), ON)) == found
    assert [known.id for known in people_to_compare(site, Side.MENTEE)] == [merge.kept.pk]


def test_the_likeliest_are_named_with_what_speaks_for_them(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    known = Known(id=0, first_name="Olena", last_name="Melnyk", birth_date=BORN)
    for count in (1, SHOWN + 1):
        MenteeFactory.create_batch(
            count, site=site, first_name="Олена", last_name="Мельник", birth_date=BORN
        )
        with django_assert_num_queries(2):
            found = look_alikes(site, Side.MENTEE, known)
        assert len(found) == min(count, SHOWN)
        assert found[0].evidence[0] == Evidence(
            What.FIRST_NAME, How.EQUAL, found[0].evidence[0].points
        )
    assert look_alikes(site, Side.MENTOR, known) == []


def test_what_speaks_for_and_against_is_said_without_a_value(site: Site) -> None:
    said = {"site": site, "first_name": "Olena", "last_name": "Melnyk", "birth_date": BORN}
    first = MenteeFactory.create(**said, phone="0341 123456")
    second = MenteeFactory.create(**said, phone="0341 987654")
    found = evidence_between(Person.objects.select_related("site").get(pk=first.pk), second)
    with translation.override("en"):
        assert speaks_for(found) == [
            "the same date of birth",
            "the same last name",
            "the same first name",
            "the same postcode",
            "the same gender",
        ]
        assert speaks_against(found) == ["different phones"]


def test_every_finding_has_its_words() -> None:
    names = {How.EQUAL, How.ALIKE, How.NEAR, How.CLOSE, How.PART, How.DIFFERENT}
    possible = {
        What.FIRST_NAME: names,
        What.LAST_NAME: names,
        What.BIRTH_DATE: {How.EQUAL, How.SWAPPED, How.NEAR, How.PART, How.DIFFERENT},
        What.GENDER: {How.EQUAL, How.DIFFERENT},
        What.PHONE: {How.EQUAL, How.NEAR, How.DIFFERENT},
        What.EMAIL: {How.EQUAL, How.DIFFERENT},
        What.POSTCODE: {How.EQUAL, How.DIFFERENT},
    }
    found = [Evidence(what, how, 1) for what, hows in possible.items() for how in hows]
    with translation.override("de"):
        assert len(set(speaks_for(found))) == len(found)


def test_the_card_shows_the_first_three(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    who = actor(coordinator(site))
    assert duplicates_card(who, ON) is None
    for made, shown, has_more in ((1, 1, False), (2, 3, False), (1, 3, True)):
        PossibleDuplicateFactory.create_batch(made, first__site=site)
        with django_assert_num_queries(1):
            card = duplicates_card(who, ON)
        assert card is not None
        assert (len(card["shown"]), card["has_more"]) == (shown, has_more)
