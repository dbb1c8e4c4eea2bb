"""Two coordinators do something for the same people at once: nothing is lost, all is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import transaction

from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Refusal
from patenwerk.organisations.models import Site
from patenwerk.people.domain.batch import choose_people, do_batch, plan_change, take_back
from patenwerk.people.domain.batch_change import Change
from patenwerk.people.domain.person import change_person, values_of
from patenwerk.people.enums import BatchKind, BatchState, RowState
from patenwerk.people.models import Batch, BatchRow, Person
from patenwerk.tandems.domain.tandem import propose_tandem
from patenwerk.tandems.models import Participant, Tandem
from tests.factories.matching import decision
from tests.factories.organisations import SiteFactory, actor, coordinator
from tests.factories.people import MenteeFactory, MentorFactory
from tests.races.threads import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ROUNDS = 5
PEOPLE = 12


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


@pytest.fixture
def by(site: Site) -> Actor:
    return actor(coordinator(site))


def everybody(site: Site) -> list[Person]:
    return MenteeFactory.create_batch(PEOPLE, site=site, furthest_km=5)


def planned(people: list[Person], by: Actor, change: Change) -> Batch:
    ids = [person.pk for person in people]
    batch = choose_people(kind=BatchKind.CHANGE, ids=ids, by=by, at=AT)
    plan_change(batch=batch, change=change, by=by, at=AT)
    return batch


def do(batch: Batch, by: Actor) -> Callable[[], object]:
    def work() -> object:
        fresh = Batch.objects.get(pk=batch.pk)
        return do_batch(batch=fresh, version=fresh.version, by=by, at=AT)

    return work


def states(batch: Batch) -> dict[int, str]:
    return dict(BatchRow.objects.filter(batch=batch).values_list("person_id", "state"))


def codes(refused: list[Refusal]) -> list[str]:
    return [reason.code for each in refused for reason in each.reasons]


def test_of_two_changes_of_the_same_people_each_keeps_what_it_says_it_did(
    site: Site, by: Actor
) -> None:
    for _again in range(ROUNDS):
        people = everybody(site)
        one = planned(people, by, Change(furthest_km=20))
        other = planned(people, by, Change(furthest_km=30))
        _won, refused = split(at_once(do(one, by), do(other, by)))
        assert refused == []
        said = {person.pk: person.furthest_km for person in Person.objects.filter(site=site)}
        first, second = states(one), states(other)
        for person in people:
            outcome = (first[person.pk], second[person.pk], said[person.pk])
            assert outcome in {
                (RowState.DONE, RowState.LEFT_OUT, 20),
                (RowState.LEFT_OUT, RowState.DONE, 30),
            }
        left_out = BatchRow.objects.filter(batch__in=[one, other], state=RowState.LEFT_OUT)
        assert {tuple(row.reasons) for row in left_out} == {("changed",)}


def test_of_two_who_do_the_same_one_does_it(site: Site, by: Actor) -> None:
    for _again in range(ROUNDS):
        batch = planned(everybody(site), by, Change(furthest_km=20))
        won, refused = split(at_once(do(batch, by), do(batch, by)))
        assert (len(won), codes(refused)) == (1, ["done"])


def test_of_two_who_take_it_back_one_does_and_nobody_is_half_back(site: Site, by: Actor) -> None:
    for _again in range(ROUNDS):
        people = everybody(site)
        batch = planned(people, by, Change(furthest_km=20))
        do(batch, by)()

        def back(pk: int = batch.pk) -> object:
            return take_back(batch=Batch.objects.get(pk=pk), by=by, at=AT)

        won, refused = split(at_once(back, back))
        assert (len(won), codes(refused)) == (1, ["not_done"])
        assert Batch.objects.get(pk=batch.pk).state == BatchState.UNDONE
        found = Person.objects.filter(pk__in=[person.pk for person in people])
        assert set(found.values_list("furthest_km", flat=True)) == {5}


def test_what_one_says_of_one_person_is_there_before_or_after_and_never_lost(
    site: Site, by: Actor
) -> None:
    """Many change while somebody else saves one of them: both, or the one is left out."""
    for _again in range(ROUNDS):
        people = everybody(site)
        batch = planned(people, by, Change(furthest_km=20))
        pk = people[PEOPLE // 2].pk

        def single(pk: int = pk) -> object:
            with transaction.atomic():
                person = Person.objects.select_for_update().get(pk=pk)
                values = values_of(person)
                new = replace(values, expected_months=7, furthest_km=values.furthest_km + 1)
                return change_person(person=person, values=new, by=by, at=AT)

        _won, refused = split(at_once(do(batch, by), single))
        assert refused == []
        person = Person.objects.get(pk=pk)
        assert person.expected_months == 7
        assert (states(batch)[pk], person.furthest_km) in {
            (RowState.DONE, 21),
            (RowState.LEFT_OUT, 6),
        }


def test_nobody_is_archived_with_a_tandem_that_was_just_proposed(site: Site, by: Actor) -> None:
    for _again in range(ROUNDS):
        people = everybody(site)
        mentor = MentorFactory.create(site=site)
        mentee = people[0]
        ids = [person.pk for person in people]
        batch = choose_people(kind=BatchKind.ARCHIVE, ids=ids, by=by, at=AT)
        values = decision(site)

        def propose(
            pk: int = mentee.pk, mentor: Person = mentor, values: object = values
        ) -> Tandem:
            with transaction.atomic():
                return propose_tandem(
                    site=site,
                    mentor=mentor,
                    mentee=Person.objects.get(pk=pk),
                    values=values,  # type: ignore[arg-type]
                    by=by,
                    at=AT,
                )

        _won, refused = split(at_once(do(batch, by), propose))
        assert codes(refused) in ([], ["archived"])
        has_tandem = Participant.objects.filter(person=mentee).exists()
        is_archived = Person.objects.get(pk=mentee.pk).archived_at is not None
        assert has_tandem is not is_archived
        assert states(batch)[mentee.pk] == (RowState.DONE if is_archived else RowState.LEFT_OUT)
        assert Person.objects.filter(pk__in=ids, archived_at=None).count() == int(has_tandem)
