"""Somebody moves while another decides about the person: one wins, the other reads why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import transaction

from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Refusal
from patenwerk.organisations.models import Site
from patenwerk.people.domain.consent import withdraw_consent
from patenwerk.people.domain.duplicate import find_duplicates, merge_people, seen_of
from patenwerk.people.domain.move import accept_move, decline_move, propose_move, withdraw_move
from patenwerk.people.domain.person import archive_person, change_person, values_of
from patenwerk.people.enums import ConsentPurpose, MoveState
from patenwerk.people.models import Consent, Move, Person, PossibleDuplicate
from patenwerk.tandems.domain.tandem import propose_tandem
from patenwerk.tandems.models import Participant
from tests.factories.matching import decision
from tests.factories.people import (
    ConsentFactory,
    MenteeFactory,
    MentorFactory,
    MoveFactory,
    site_beside,
)
from tests.races.threads import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ROUNDS = 5
OLD, NEW = Actor(user_id=1), Actor(user_id=2)


def to_move() -> Move:
    """Somebody whose move waits for an answer."""
    return MoveFactory.create(person__capacity=3)


def accept(move: Move) -> Callable[[], object]:
    pk = move.pk
    return lambda: accept_move(move=Move.objects.get(pk=pk), answer="", by=NEW, at=AT)


def now(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def codes(refused: list[Refusal]) -> list[str]:
    return [reason.code for each in refused for reason in each.reasons]


def test_of_two_who_take_the_same_person_in_one_wins() -> None:
    for _again in range(ROUNDS):
        move = to_move()
        won, refused = split(at_once(accept(move), accept(move)))
        assert len(won) == 1
        assert codes(refused) == ["accepted"]
        assert now(move.person).site_id == move.to_site_id


def test_of_accepting_declining_and_taking_back_one_wins() -> None:
    for _again in range(ROUNDS):
        move = to_move()
        pk = move.pk

        def decline(pk: int = pk) -> None:
            decline_move(move=Move.objects.get(pk=pk), answer="Nein.", by=NEW, at=AT)

        def withdraw(pk: int = pk) -> None:
            withdraw_move(move=Move.objects.get(pk=pk), by=OLD, at=AT)

        won, refused = split(at_once(accept(move), decline, withdraw))
        assert len(won) == 1
        move.refresh_from_db()
        assert codes(refused) == [move.state] * 2
        there = now(move.person).site_id == move.to_site_id
        assert there == (move.state == MoveState.ACCEPTED)


def test_a_consent_taken_back_comes_before_or_too_late() -> None:
    for _again in range(ROUNDS):
        move = to_move()
        person = now(move.person)

        def take_back(person: Person = person) -> None:
            withdraw_consent(person=person, purpose=ConsentPurpose.MOVE_SITE, by=OLD, at=AT)

        won, refused = split(at_once(accept(move), take_back))
        assert len(won) == 1
        assert codes(refused) in (["moved"], ["withdrawn"])
        there = now(person).site_id == move.to_site_id
        assert there == (codes(refused) == ["moved"])
        assert Consent.objects.filter(person=person, withdrawn_on__isnull=True).exists() == there


def test_of_two_proposals_one_waits() -> None:
    for _again in range(ROUNDS):
        person = MenteeFactory.create()
        ConsentFactory.create(person=person, purpose=ConsentPurpose.MOVE_SITE)
        sites = [site_beside(person.site) for _one in range(2)]

        def propose(site: Site, person: Person = person) -> Move:
            return propose_move(person=person, to_site=site, why="zieht um", by=OLD, at=AT)

        won, refused = split(at_once(*(lambda site=site: propose(site) for site in sites)))
        assert len(won) == 1
        assert codes(refused) == ["open"]


def test_whoever_is_archived_does_not_move_and_the_other_way_round() -> None:
    for _again in range(ROUNDS):
        move = to_move()
        person = now(move.person)

        def archive(person: Person = person) -> None:
            archive_person(person=person, by=OLD, at=AT)

        won, refused = split(at_once(accept(move), archive))
        assert len(won) == 1
        assert codes(refused) in (["moved"], ["move_open"])
        person = now(person)
        assert (person.site_id, person.archived_at) == (move.to_site_id, None)


@pytest.mark.parametrize("kept", [True, False])
def test_a_merge_comes_before_the_move_or_not_at_all(*, kept: bool) -> None:
    for _again in range(ROUNDS):
        move = to_move()
        other = MenteeFactory.create(site=move.site, capacity=3)
        keep, drop = (move.person, other) if kept else (other, move.person)
        seen = seen_of(keep, drop)
        people = (now(keep), now(drop))

        def merge(people: tuple[Person, Person] = people, seen: str = seen) -> object:
            keep, drop = people
            return merge_people(keep=keep, drop=drop, taken=(), seen=seen, by=OLD, at=AT)

        results = at_once(accept(move), merge)
        _won, refused = split(results)
        assert not isinstance(results[0], Refusal)
        assert codes(refused) in ([], ["moved"]) if kept else (["moved"], ["move_open"])
        assert now(move.person).site_id == move.to_site_id
        # An entry is where the person is whose it is.
        assert now(other).site_id == (move.site_id if refused else move.to_site_id)


def test_a_tandem_is_proposed_before_the_move_and_goes_along_or_not_at_all() -> None:
    for _again in range(ROUNDS):
        move = to_move()
        person, mentor = now(move.person), MentorFactory.create(site=move.site)
        values = decision(move.site)

        def propose(
            site: Site = move.site,
            person: Person = person,
            mentor: Person = mentor,
            values: object = values,
        ) -> object:
            with transaction.atomic():
                return propose_tandem(
                    site=site,
                    mentors=[mentor],
                    mentees=[person],
                    values=values,  # type: ignore[arg-type]
                    by=OLD,
                    at=AT,
                )

        results = at_once(accept(move), propose)
        _won, refused = split(results)
        assert not isinstance(results[0], Refusal)
        assert codes(refused) in ([], ["moved"])
        seats = Participant.objects.filter(person=person).values_list("site_id", flat=True)
        assert list(seats) == [move.to_site_id] * (0 if refused else 1)


def test_what_is_said_about_somebody_is_said_before_or_refused() -> None:
    for _again in range(ROUNDS):
        move = to_move()
        person = now(move.person)
        person.file_id = "K-1"
        values = values_of(person)

        def change(person: Person = person, values: object = values) -> object:
            return change_person(person=person, values=values, by=OLD, at=AT)  # type: ignore[arg-type]

        _won, refused = split(at_once(accept(move), change))
        assert codes(refused) in ([], ["moved"])
        person = now(person)
        assert (person.site_id, person.file_id) == (move.to_site_id, "")


def test_the_nightly_search_leaves_no_pair_of_two_sites() -> None:
    for _again in range(ROUNDS):
        move = to_move()
        said = {"first_name": move.person.first_name, "last_name": move.person.last_name}
        MenteeFactory.create(site=move.site, **said)
        site = move.site

        def search(site: Site = site) -> object:
            return find_duplicates(site=site, by=Actor(user_id=None), at=AT)

        split(at_once(accept(move), search))
        assert not PossibleDuplicate.objects.filter(first=move.person).exists()
