"""A person's tandems when two entries become one, and when they are taken apart."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from patenwerk.core.policy import Actor
from patenwerk.organisations.models import Site
from patenwerk.people.domain.duplicate import (
    CannotMerge,
    CannotUndo,
    merge_people,
    seen_of,
    undo_merge,
)
from patenwerk.people.domain.list_people import People
from patenwerk.people.domain.move import accept_move
from patenwerk.people.domain.person import HasMoved
from patenwerk.people.enums import Side
from patenwerk.people.kernel.listed import Who
from patenwerk.people.models import Merge, Person
from patenwerk.tandems.domain.meeting_list import MEETINGS
from patenwerk.tandems.domain.tandem import CannotPropose, propose_tandem, restart_tandem
from patenwerk.tandems.domain.tandem_list import TANDEMS
from patenwerk.tandems.enums import EndReason, State
from patenwerk.tandems.models import Participant, Tandem
from tests.factories.matching import decision
from tests.factories.people import MenteeFactory, MentorFactory, MoveFactory, site_beside
from tests.factories.tandems import ParticipantFactory, tandem_of
from tests.people.refusals import said

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = AT + timedelta(days=1)
BY = Actor(user_id=7)


@pytest.fixture
def keep() -> Person:
    return MenteeFactory.create(capacity=3)


@pytest.fixture
def drop(keep: Person) -> Person:
    return MenteeFactory.create(site=keep.site, capacity=3)


def merged(keep: Person, drop: Person) -> Merge:
    keep, drop = (Person.objects.get(pk=one.pk) for one in (keep, drop))
    return merge_people(keep=keep, drop=drop, taken=(), seen=seen_of(keep, drop), by=BY, at=AT)


def people_in(tandem: Tandem) -> set[int]:
    return set(tandem.participants.values_list("person_id", flat=True))


def end(tandem: Tandem) -> None:
    Tandem.objects.filter(pk=tandem.pk).update(
        state=State.ENDED, ended_on=date(2026, 11, 1), end_reason=EndReason.OTHER
    )
    tandem.participants.update(left_on=date(2026, 11, 1))


def test_tandems_go_along_and_back(keep: Person, drop: Person) -> None:
    first, second = (MentorFactory.create(site=keep.site) for _ in range(2))
    own, theirs = tandem_of(first, keep), tandem_of(second, drop)
    merge = merged(keep, drop)
    assert (people_in(own), people_in(theirs)) == ({first.pk, keep.pk}, {second.pk, keep.pk})
    end(theirs)
    undo_merge(merge=merge, by=BY, at=LATER)
    assert (people_in(own), people_in(theirs)) == ({first.pk, keep.pk}, {second.pk, drop.pk})
    assert Tandem.objects.count() == 2


def test_two_who_met_in_one_tandem_are_two(keep: Person, drop: Person) -> None:
    tandem = tandem_of(MentorFactory.create(site=keep.site), keep)
    ParticipantFactory.create(tandem=tandem, person=drop)
    with pytest.raises(CannotMerge, check=said("one_tandem")):
        merged(keep, drop)


def test_a_tandem_entered_twice_is_ended_once_first(keep: Person, drop: Person) -> None:
    mentor = MentorFactory.create(site=keep.site, capacity=3)
    tandem_of(mentor, keep)
    again = tandem_of(mentor, drop)
    with pytest.raises(CannotMerge, check=said("same_partner")):
        merged(keep, drop)
    end(again)
    merged(keep, drop)
    assert Participant.objects.filter(person=keep).count() == 2


def test_of_a_tandem_proposed_since_nobody_knows_whose_it_is(keep: Person, drop: Person) -> None:
    tandem_of(MentorFactory.create(site=keep.site), drop)
    merge = merged(keep, drop)
    propose_tandem(
        site=keep.site,
        mentors=[MentorFactory.create(site=keep.site)],
        mentees=[keep],
        values=decision(keep.site),
        by=BY,
        at=AT,
    )
    with pytest.raises(CannotUndo, check=said("tandem_since")):
        undo_merge(merge=merge, by=BY, at=LATER)


def test_nobody_is_proposed_under_an_entry_that_went(keep: Person, drop: Person) -> None:
    merged(keep, drop)
    with pytest.raises(CannotPropose, check=said("archived")):
        propose_tandem(
            site=keep.site,
            mentors=[MentorFactory.create(site=keep.site)],
            mentees=[drop],
            values=decision(keep.site),
            by=BY,
            at=AT,
        )


def test_a_list_of_tandems_means_the_one_person_by_both_numbers_and_names(
    keep: Person, drop: Person
) -> None:
    Person.objects.filter(pk=keep.pk).update(file_id="T-1", first_name="Olena")
    Person.objects.filter(pk=drop.pk).update(file_id="T-2", first_name="Elena")
    merged(keep, drop)
    people = People(keep.site, {})
    for who in (
        Who(number="T-1"),
        Who(number="T-2"),
        Who(name=f"Olena {keep.last_name}"),
        Who(name=f"Elena {drop.last_name}"),
    ):
        found = people.find(Side.MENTEE, who)
        assert [(one.pk, one.is_archived) for one in found] == [(keep.pk, False)]


def test_two_entries_of_one_name_are_found_once(keep: Person, drop: Person) -> None:
    Person.objects.update(first_name="Olena", last_name="Melnyk")
    people = People(keep.site, {})
    assert len(people.find(Side.MENTEE, Who(name="Melnyk, Olena"))) == 2
    merged(keep, drop)
    people = People(keep.site, {})
    assert [one.pk for one in people.find(Side.MENTEE, Who(name="Melnyk, Olena"))] == [keep.pk]


# --- moving to another site -----------------------------------------------------------------


def moved(person: Person, there: Site) -> Person:
    """The person after having moved."""
    move = MoveFactory.create(person=person, to_site=there)
    return accept_move(move=move, answer="", by=BY, at=AT)


def scopes(model: Any) -> list[int]:
    return list(model.objects.order_by("pk").values_list("site_id", flat=True))


def test_open_tandems_go_on_where_they_are_led_and_what_is_over_stays() -> None:
    person = MenteeFactory.create(first_name="Amina", capacity=5)
    there = site_beside(person.site)
    running = tandem_of(mentee=person)
    ended = tandem_of(
        mentee=person,
        state=State.ENDED,
        ended_on=date(2026, 10, 20),
        end_reason=EndReason.TIME_OVER,
    )
    left = tandem_of(mentee=person)
    left.participants.filter(person=person).update(left_on=date(2026, 10, 20))
    here = person.site_id
    moved(person, there)
    assert set(scopes(Tandem)) == {here}
    found = {
        (row.tandem_id, row.side): (row.site_id, row.carrier_id)
        for row in Participant.objects.all()
    }
    old = (here, running.carrier_id)
    assert found == {
        (running.pk, "mentee"): (there.pk, there.carrier_id),
        (running.pk, "mentor"): old,
        (ended.pk, "mentee"): old,
        (ended.pk, "mentor"): old,
        (left.pk, "mentee"): old,
        (left.pk, "mentor"): old,
    }
    assert set(running.meetings.values_list("site_id", flat=True)) == {here}


def test_the_lists_of_the_old_site_say_as_much_as_its_pages() -> None:
    person = MenteeFactory.create(first_name="Amina", last_name="Haddad", capacity=5)
    site = person.site
    mentor = MentorFactory.create(site=site, file_id="M-1")
    tandem_of(mentor, person, state=State.PROPOSED, meetings=())
    running = tandem_of(mentor, person)
    now = moved(person, site_beside(site))
    now.file_id = "K-99"
    now.save()
    own = [mentor.full_name, "M-1"]
    assert [list(row[1:5]) for row in TANDEMS.export(site)] == [
        [*own, "Amina", ""],
        [*own, "Amina Haddad", ""],
    ]
    assert [list(row[1:5]) for row in MEETINGS.export(site)] == [[*own, "Amina Haddad", ""]]
    assert running.meetings.get().site == site


def test_nobody_proposes_a_tandem_with_somebody_who_has_just_moved() -> None:
    mentee = MenteeFactory.create(capacity=3)
    mentor = MentorFactory.create(site=mentee.site, capacity=3)
    ended = tandem_of(
        mentor,
        mentee,
        state=State.ENDED,
        ended_on=date(2026, 10, 20),
        end_reason=EndReason.TIME_OVER,
    )
    old, site = Person.objects.get(pk=mentee.pk), mentee.site
    values = decision(site)
    now = moved(mentee, site_beside(site))
    asked: dict[str, Any] = {
        "site": site,
        "mentors": [mentor],
        "values": values,
        "by": BY,
        "at": AT,
    }
    with transaction.atomic(), pytest.raises(HasMoved, check=said("moved")):
        propose_tandem(mentees=[old], **asked)
    with transaction.atomic(), pytest.raises(CannotPropose, check=said("went_elsewhere")):
        restart_tandem(tandem=ended, values=values, by=BY, at=AT)
    with transaction.atomic():
        assert propose_tandem(mentees=[now], **asked).site == site
