"""A person's letters when two entries become one, and when they are taken apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from patenwerk.core.policy import Actor
from patenwerk.letters.enums import LetterKind
from patenwerk.letters.models import Letter
from patenwerk.letters.queries.facts import facts_of
from patenwerk.letters.queries.run import letters_of
from patenwerk.organisations.models import Site
from patenwerk.people.domain.duplicate import merge_people, seen_of, undo_merge
from patenwerk.people.domain.move import accept_move
from patenwerk.people.models import Merge, Person
from tests.factories.letters import LetterFactory, LetterRunFactory, run_for
from tests.factories.organisations import CREATED
from tests.factories.people import MenteeFactory, MentorFactory, MoveFactory, site_beside
from tests.factories.tandems import tandem_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BY = Actor(user_id=7)


@pytest.fixture
def keep() -> Person:
    return MentorFactory.create(capacity=3)


@pytest.fixture
def drop(keep: Person) -> Person:
    return MentorFactory.create(site=keep.site, capacity=3)


def merged(keep: Person, drop: Person) -> Merge:
    keep, drop = (Person.objects.get(pk=one.pk) for one in (keep, drop))
    return merge_people(keep=keep, drop=drop, taken=(), seen=seen_of(keep, drop), by=BY, at=AT)


def owners() -> list[int | None]:
    return list(Letter.objects.order_by("pk").values_list("person_id", flat=True))


def test_letters_go_along_and_back(keep: Person, drop: Person) -> None:
    run_for(drop)
    run_for(keep, drop)
    merge = merged(keep, drop)
    assert owners() == [keep.pk, keep.pk, drop.pk]
    undo_merge(merge=merge, by=BY, at=AT + timedelta(days=1))
    assert owners() == [drop.pk, keep.pk, drop.pk]


def test_certificates_for_two_tandems_stay_two(keep: Person, drop: Person) -> None:
    run = LetterRunFactory.create(site=keep.site, kind=LetterKind.CERTIFICATE.value)
    for mentor in (keep, drop):
        LetterFactory.create(run=run, person=mentor, tandem=tandem_of(mentor))
    merged(keep, drop)
    assert owners() == [keep.pk, keep.pk]
    assert len(facts_of(run, list(letters_of(run)), AT.date())) == 2


# --- moving to another site -----------------------------------------------------------------


def moved(person: Person, there: Site) -> Person:
    """The person after having moved."""
    move = MoveFactory.create(person=person, to_site=there)
    return accept_move(move=move, answer="", by=BY, at=AT)


def test_letters_stay_where_they_were_written_and_the_unwritten_are_not() -> None:
    person = MenteeFactory.create(first_name="Amina", capacity=5)
    there = site_beside(person.site)
    beside = MenteeFactory.create(site=person.site)
    unmade = run_for(person, beside)
    made = run_for(person, state="made", made_at=CREATED)
    sent = run_for(beside, state="mailing")
    mailed = LetterFactory.create(run=sent, person=person, mailed_at=CREATED)
    left_out = LetterFactory.create(run=run_for(beside), person=person, left_out="address")
    about = LetterFactory.create(
        run=run_for(beside), person=person, tandem=tandem_of(mentee=person)
    )
    moved(person, there)
    assert list(unmade.letters.values_list("person_id", flat=True)) == [beside.pk]
    stayed = {made.letters.get().pk, mailed.pk, left_out.pk, about.pk}
    theirs = Letter.objects.filter(person=person)
    assert {(letter.pk, letter.site_id) for letter in theirs} == {
        (pk, person.site_id) for pk in stayed
    }
