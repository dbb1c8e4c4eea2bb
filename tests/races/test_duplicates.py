"""Two coordinators decide about the same person at once: one wins, the other reads why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Refusal
from patenwerk.matching.domain.never_again import set_never_again
from patenwerk.matching.enums import NeverReason
from patenwerk.matching.models import NeverAgain
from patenwerk.organisations.models import Site
from patenwerk.people.domain.consent import give_consent
from patenwerk.people.domain.duplicate import (
    add_unless_known,
    find_duplicates,
    merge_people,
    say_not_the_same,
    seen_of,
    undo_merge,
)
from patenwerk.people.domain.person import change_person, values_of
from patenwerk.people.domain.person_values import PersonValues
from patenwerk.people.enums import ConsentPurpose, GivenBy, PairState, Side
from patenwerk.people.models import Consent, Merge, Person, PossibleDuplicate
from patenwerk.tandems.domain.tandem import propose_tandem
from patenwerk.tandems.models import Participant, Tandem
from tests.factories.matching import decision
from tests.factories.organisations import SiteFactory
from tests.factories.people import MenteeFactory, MentorFactory
from tests.races.threads import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ROUNDS = 5
BORN = date(2001, 5, 17)


def twice(site: Site | None = None) -> tuple[Person, Person]:
    said = {"first_name": "Olena", "last_name": "Melnyk", "birth_date": BORN, "capacity": 3}
    first = MenteeFactory.create(**({"site": site} if site else {}), **said)
    return first, MenteeFactory.create(site=first.site, **said)


def merge(keep: Person, drop: Person, number: int) -> Callable[[], object]:
    """Merge two entries as somebody who has looked at them."""
    pks, seen = (keep.pk, drop.pk), seen_of(keep, drop)

    def do() -> object:
        mine, theirs = (Person.objects.get(pk=pk) for pk in pks)
        return merge_people(
            keep=mine, drop=theirs, taken=(), seen=seen, by=Actor(user_id=number), at=AT
        )

    return do


def codes(refused: list[Refusal]) -> list[str]:
    return [reason.code for each in refused for reason in each.reasons]


def test_of_two_who_merge_the_same_two_entries_one_wins() -> None:
    for _again in range(ROUNDS):
        first, second = twice()
        won, refused = split(at_once(merge(first, second, 1), merge(second, first, 2)))
        assert len(won) == 1
        assert codes(refused) == ["merged_already"]
        merged = Merge.objects.get(kept__site=first.site)
        assert merged.dropped.merged_into == merged.kept
        assert merged.kept.merged_into is None


def test_entries_merged_in_a_ring_end_in_one() -> None:
    """A into B, B into C, C into A: nobody ends in nowhere."""
    for _again in range(ROUNDS):
        first, second = twice()
        _other, third = twice(first.site)
        ring = [(first, second), (second, third), (third, first)]
        works = [merge(drop, keep, place) for place, (keep, drop) in enumerate(ring)]
        won, _refused = split(at_once(*works))
        people = Person.objects.filter(pk__in=[first.pk, second.pk, third.pk])
        assert people.filter(merged_into__isnull=True).count() == 3 - len(won) >= 1


def test_of_one_who_merges_and_one_who_tells_apart_one_wins() -> None:
    for _again in range(ROUNDS):
        first, second = twice()
        find_duplicates(site=first.site, by=Actor(user_id=None), at=AT)
        pk = PossibleDuplicate.objects.get(site=first.site).pk

        def apart(pk: int = pk) -> None:
            pair = PossibleDuplicate.objects.get(pk=pk)
            say_not_the_same(pair=pair, by=Actor(user_id=2), at=AT)

        won, refused = split(at_once(merge(first, second, 1), apart))
        assert len(won) == 1
        state = PossibleDuplicate.objects.get(pk=pk).state
        assert codes(refused) == ["merged_already" if state == PairState.MERGED else "not_the_same"]


def test_of_two_who_undo_one_wins() -> None:
    for _again in range(ROUNDS):
        pk = merge(*twice(), 1)().pk  # type: ignore[attr-defined]

        def undo(number: int, pk: int = pk) -> None:
            undo_merge(merge=Merge.objects.get(pk=pk), by=Actor(user_id=number), at=AT)

        won, refused = split(at_once(lambda: undo(1), lambda: undo(2)))
        assert len(won) == 1
        assert codes(refused) == ["undone"]


def test_a_tandem_is_proposed_before_or_not_at_all() -> None:
    """It goes along, or the entry is no more; never does it hang on an entry that went."""
    for _again in range(ROUNDS):
        keep, drop = twice()
        mentor = MentorFactory.create(site=keep.site)
        values = decision(keep.site)

        def propose(pk: int = drop.pk, mentor: Person = mentor, values: object = values) -> Tandem:
            with transaction.atomic():
                mentee = Person.objects.select_related("site").get(pk=pk)
                return propose_tandem(
                    site=mentee.site,
                    mentors=[mentor],
                    mentees=[mentee],
                    values=values,  # type: ignore[arg-type]
                    by=Actor(user_id=2),
                    at=AT,
                )

        won, refused = split(at_once(merge(keep, drop, 1), propose))
        assert codes(refused) in ([], ["archived"])
        assert Participant.objects.filter(person=keep).count() == len(won) - 1
        assert not Participant.objects.filter(person=drop).exists()


def test_what_is_said_about_somebody_is_not_lost() -> None:
    """A change, a consent, a »never again«: before the merge or refused, never on the old entry."""
    for _again in range(ROUNDS):
        keep, drop = twice()
        mentor = MentorFactory.create(site=keep.site)
        pk = drop.pk

        def change(pk: int = pk) -> None:
            person = Person.objects.get(pk=pk)
            values = values_of(person)
            change_person(person=person, values=values, by=Actor(user_id=2), at=AT)

        def consent(pk: int = pk) -> None:
            give_consent(
                person=Person.objects.get(pk=pk),
                purpose=ConsentPurpose.OTHER_CARRIERS,
                given_by=GivenBy.SELF,
                given_on=date(2026, 11, 1),
                by=Actor(user_id=3),
                at=AT,
            )

        def never(pk: int = pk, mentor: Person = mentor) -> None:
            set_never_again(
                mentor=mentor,
                mentee=Person.objects.get(pk=pk),
                reason=NeverReason.WISH,
                by=Actor(user_id=4),
                at=AT,
            )

        results = at_once(merge(keep, drop, 1), change, consent, never)
        _won, refused = split(results)
        assert not isinstance(results[0], Refusal)
        assert set(codes(refused)) <= {"merged", "archived"}
        assert not Consent.objects.filter(person=drop).exists()
        assert not NeverAgain.objects.filter(mentee=drop).exists()


def test_of_two_who_take_the_same_person_in_one_wins_and_the_other_sees_who_is_there() -> None:
    for _again in range(ROUNDS):
        site = SiteFactory.create()

        def add(first_name: str, site: Site = site) -> Person:
            values = PersonValues(
                first_name=first_name, last_name="Melnyk", birth_date=BORN, postcode="10115"
            )
            return add_unless_known(
                site=site,
                side=Side.MENTEE,
                values=values,
                apart_from=(),
                by=Actor(user_id=1),
                at=AT,
            )

        won, refused = split(at_once(lambda: add("Olena"), lambda: add("Олена")))
        assert len(won) == 1
        assert codes(refused) == ["may_be_known"]
        assert Person.objects.filter(site=site).count() == 1


def test_the_nightly_search_and_a_merge_do_not_disturb_each_other() -> None:
    for _again in range(ROUNDS):
        first, second = twice()
        site = first.site

        def search(site: Site = site) -> object:
            return find_duplicates(site=site, by=Actor(user_id=None), at=AT)

        split(at_once(merge(first, second, 1), search))
        pair = PossibleDuplicate.objects.get(site=site)
        assert pair.state == PairState.MERGED
