"""Guardians while entries become one, and while consents are given: nothing is lost or unproved."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Refusal
from patenwerk.people.domain.consent import give_consent
from patenwerk.people.domain.duplicate import merge_people, seen_of
from patenwerk.people.domain.guardian import GuardianValues, add_guardian, remove_guardian
from patenwerk.people.enums import ConsentPurpose, GivenBy, Relation
from patenwerk.people.models import Consent, Guardian, Person
from tests.factories.people import GuardianFactory, MenteeFactory
from tests.races.threads import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ROUNDS = 5
CHILD = {"first_name": "Olena", "last_name": "Melnyk", "birth_date": date(2015, 5, 17)}


def codes(refused: list[Refusal]) -> set[str]:
    return {reason.code for refusal in refused for reason in refusal.reasons}


def test_who_is_entered_while_two_entries_become_one_is_never_left_on_the_old_one() -> None:
    for _again in range(ROUNDS):
        keep = MenteeFactory.create(**CHILD)
        drop = MenteeFactory.create(site=keep.site, **CHILD)
        seen = seen_of(keep, drop)

        def merge(keep: int = keep.pk, drop: int = drop.pk, seen: str = seen) -> object:
            mine, theirs = (Person.objects.get(pk=pk) for pk in (keep, drop))
            return merge_people(
                keep=mine, drop=theirs, taken=(), seen=seen, by=Actor(user_id=1), at=AT
            )

        def enter(pk: int = drop.pk) -> object:
            return add_guardian(
                person=Person.objects.get(pk=pk),
                values=GuardianValues(relation=Relation.MOTHER, first_name="Iryna"),
                by=Actor(user_id=2),
                at=AT,
            )

        results = at_once(merge, enter, enter)
        won, refused = split(results)
        assert not isinstance(results[0], Refusal)
        assert codes(refused) <= {"merged", "entered"}
        assert not Guardian.objects.filter(person=drop).exists()
        assert Guardian.objects.filter(person=keep).count() == len(won) - 1


def test_a_consent_given_while_its_guardian_is_removed_is_refused_or_keeps_the_name() -> None:
    for _again in range(ROUNDS):
        mother = GuardianFactory.create(phone="0000 1")

        def consent(mother: Guardian = mother) -> object:
            return give_consent(
                person=mother.person,
                purpose=ConsentPurpose.TAKING_PART,
                given_by=GivenBy.GUARDIAN,
                guardians=[mother],
                given_on=date(2026, 11, 1),
                by=Actor(user_id=1),
                at=AT,
            )

        def remove(mother: Guardian = mother) -> object:
            remove_guardian(guardian=mother, by=Actor(user_id=2), at=AT)
            return None

        results = at_once(consent, remove)
        _won, refused = split(results)
        assert not isinstance(results[1], Refusal)
        given = Consent.objects.filter(person=mother.person)
        if refused:
            assert codes(refused) == {"no_guardian"}
            assert not given.exists()
            assert not Guardian.objects.filter(pk=mother.pk).exists()
        else:
            (kept,) = given.get().guardians.all()
            assert (kept.pk, kept.phone, kept.removed_on) == (mother.pk, "", date(2026, 11, 23))
