"""Families, classes, groups: who joins, who leaves, who stands in, how many places there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from patenwerk.audit.models import AuditEntry
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.organisations.models import Site, TandemKind
from patenwerk.people.enums import ConsentPurpose
from patenwerk.people.models import PeopleSettings, Person
from patenwerk.tandems.domain import tandem as decisions
from patenwerk.tandems.domain.group import (
    CannotChangeGroup,
    ask_to_join,
    change_group,
    leave_group,
    step_in,
)
from patenwerk.tandems.domain.meeting import MeetingValues, log_meeting
from patenwerk.tandems.domain.tandem import (
    CannotPropose,
    TandemValues,
    end_tandem,
    propose_tandem,
    record_answer,
    restart_tandem,
    take_step,
)
from patenwerk.tandems.enums import Acceptance, EndReason, State
from patenwerk.tandems.models import Participant, Tandem
from patenwerk.tandems.queries.places import (
    free_places,
    groups_with_places,
    place_for,
    places_taken,
)
from patenwerk.tandems.queries.tandem import pair_of, with_people
from tests.factories.organisations import (
    FocusFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
    actor,
    coordinator,
)
from tests.factories.people import (
    ConsentFactory,
    MenteeFactory,
    MentorFactory,
    RecordCheckFactory,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
ADULT = {"birth_date": date(1990, 1, 1)}


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


@pytest.fixture
def kind(site: Site) -> TandemKind:
    found: TandemKind = TandemKindFactory.create(programme=site.programme, most_mentees=5)
    return found


def mentee(site: Site, name: str = "Ali", **more: Any) -> Person:
    found: Person = MenteeFactory.create(site=site, first_name=name, **{**ADULT, **more})
    return found


def mentor(site: Site, name: str = "Vera", **more: Any) -> Person:
    found: Person = MentorFactory.create(site=site, first_name=name, **{**ADULT, **more})
    return found


def values(kind: TandemKind, **more: Any) -> TandemValues:
    words = {"programme": kind.programme}
    return TandemValues(
        kind=kind,
        focus=FocusFactory.create(**words),
        field=SupportFieldFactory.create(**words),
        **more,
    )


def by(site: Site) -> Any:
    return actor(coordinator(site))


def propose(
    site: Site, kind: TandemKind, mentors: list[Person], mentees: list[Person], **more: Any
) -> Tandem:
    substitutes = more.pop("substitutes", ())
    return propose_tandem(
        site=site,
        mentors=mentors,
        mentees=mentees,
        substitutes=substitutes,
        values=values(kind, **more),
        by=by(site),
        at=AT,
    )


def running(site: Site, kind: TandemKind, mentees: int = 2, **more: Any) -> Tandem:
    """A group of one mentor that has agreed and is in its trial."""
    tandem = propose(
        site, kind, [mentor(site)], [mentee(site, f"Kind{n}") for n in range(mentees)], **more
    )
    for row in tandem.participants.all():
        record_answer(participant=row, acceptance=Acceptance.ACCEPTED, by=by(site), at=AT)
    take_step(tandem=tandem, step="start_trial", by=by(site), at=AT)
    tandem.refresh_from_db()
    return tandem


def row_of(tandem: Tandem, person: Person) -> Participant:
    return tandem.participants.select_related("person", "tandem").filter(person=person).latest("pk")


def codes(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refusal) as refusal:
        call()
    return [reason.code for reason in refusal.value.reasons]


def here(tandem: Tandem, site: Site) -> tuple[set[str], set[str], set[str], set[str]]:
    """First names of mentees, mentors, who stands in and who has left."""
    pair = pair_of(with_people(Tandem.objects.filter(pk=tandem.pk)).get(), by(site))
    return (
        {seat.person.first_name for seat in pair.mentees},
        {seat.person.first_name for seat in pair.mentors},
        {seat.person.first_name for seat in pair.substitutes},
        {seat.person.first_name for seat in pair.former},
    )


def test_a_family_two_mentors_and_one_who_stands_in(site: Site, kind: TandemKind) -> None:
    family = [mentee(site, name) for name in ("Ali", "Bea", "Cem")]
    both, third = [mentor(site, "Vera"), mentor(site, "Udo")], mentor(site, "Rita")
    tandem = propose(site, kind, both, family, substitutes=[third], name=" Familie Haddad ")
    assert (tandem.name, tandem.places) == ("Familie Haddad", 3)
    assert here(tandem, site) == ({"Ali", "Bea", "Cem"}, {"Vera", "Udo"}, {"Rita"}, set())
    pair = pair_of(with_people(Tandem.objects.filter(pk=tandem.pk)).get(), by(site))
    assert pair.is_group
    assert (pair.mentee_sign, pair.mentor_sign) == ("3", "2")
    with translation.override("de"):
        assert pair.names == "Familie Haddad & Vera und Udo"
    taken = places_taken([person.pk for person in (*family, *both, third)])
    assert taken == {person.pk: 1 for person in (*family, *both)}


def test_the_kind_says_how_many_and_everybody_counts_once(site: Site) -> None:
    for_two = TandemKindFactory.create(programme=site.programme)
    of_three = TandemKindFactory.create(programme=site.programme, most_mentees=3)
    accompanies, children = mentor(site), [mentee(site) for _one in range(4)]
    assert codes(lambda: propose(site, for_two, [accompanies], children[:2])) == ["kind_for_two"]
    assert codes(lambda: propose(site, of_three, [accompanies], children)) == ["group_too_large"]
    assert codes(lambda: propose(site, of_three, [accompanies], children[:2], places=4)) == [
        "group_too_large"
    ]
    assert codes(lambda: propose(site, of_three, [accompanies], children[:2], places=1)) == [
        "places"
    ]
    assert codes(
        lambda: propose(site, of_three, [accompanies], children[:1], substitutes=[accompanies])
    ) == ["twice"]
    assert codes(lambda: propose(site, of_three, [accompanies], [])) == ["sides", "places"]
    assert codes(
        lambda: propose(site, of_three, [accompanies], children[:1], substitutes=children[1:2])
    ) == ["sides"]
    assert not Tandem.objects.exists()


def test_a_no_ends_only_what_it_leaves_empty(site: Site, kind: TandemKind) -> None:
    children = [mentee(site, name) for name in ("Ali", "Bea")]
    accompanies, third = mentor(site), mentor(site, "Rita")
    tandem = propose(site, kind, [accompanies], children, substitutes=[third])

    def answer(person: Person, said: Acceptance) -> State:
        record_answer(participant=row_of(tandem, person), acceptance=said, by=by(site), at=AT)
        tandem.refresh_from_db()
        return State(tandem.state)

    assert answer(children[0], Acceptance.DECLINED) is State.PROPOSED
    assert row_of(tandem, children[0]).left_on == TODAY
    assert places_taken([children[0].pk]) == {}
    assert answer(third, Acceptance.DECLINED) is State.PROPOSED
    assert answer(accompanies, Acceptance.ACCEPTED) is State.PROPOSED
    assert answer(children[1], Acceptance.ACCEPTED) is State.AGREED
    assert here(tandem, site) == ({"Bea"}, {"Vera"}, set(), {"Ali", "Rita"})

    other = propose(site, kind, [mentor(site)], [mentee(site), mentee(site)])
    (alone,) = other.participants.filter(side="mentor")
    record_answer(participant=alone, acceptance=Acceptance.DECLINED, by=by(site), at=AT)
    other.refresh_from_db()
    assert (other.state, other.end_reason) == (State.ENDED, EndReason.DECLINED)


def test_the_last_open_answer_may_be_a_no(site: Site, kind: TandemKind) -> None:
    children = [mentee(site), mentee(site)]
    tandem = propose(site, kind, [mentor(site)], children)
    for row in tandem.participants.all():
        said = Acceptance.DECLINED if row.person == children[1] else Acceptance.ACCEPTED
        record_answer(participant=row, acceptance=said, by=by(site), at=AT)
    tandem.refresh_from_db()
    assert tandem.state == State.AGREED


def test_somebody_joins_a_group_that_runs(site: Site, kind: TandemKind) -> None:
    tandem, new = running(site, kind, places=3), mentee(site, "Neu")
    joined = ask_to_join(tandem=tandem, person=new, by=by(site), at=AT)
    assert places_taken([new.pk]) == {new.pk: 1}
    later = AT + timedelta(days=3)
    record_answer(participant=joined, acceptance=Acceptance.ACCEPTED, by=by(site), at=later)
    joined.refresh_from_db()
    assert (joined.joined_on, joined.acceptance) == (date(2026, 11, 26), Acceptance.ACCEPTED)
    tandem.refresh_from_db()
    assert tandem.state == State.TRIAL
    assert codes(lambda: ask_to_join(tandem=tandem, person=mentee(site), by=by(site), at=AT)) == [
        "full"
    ]
    assert AuditEntry.objects.filter(action="tandems.join").count() == 1


def test_a_no_of_who_is_asked_later_changes_nothing_for_the_others(
    site: Site, kind: TandemKind
) -> None:
    tandem, new = running(site, kind, places=3), mentee(site, "Neu")
    joined = ask_to_join(tandem=tandem, person=new, by=by(site), at=AT)
    record_answer(participant=joined, acceptance=Acceptance.DECLINED, by=by(site), at=AT)
    tandem.refresh_from_db()
    assert tandem.state == State.TRIAL
    assert here(tandem, site)[0] == {"Kind0", "Kind1"}
    assert places_taken([new.pk]) == {}
    with pytest.raises(Refusal):
        record_answer(participant=joined, acceptance=Acceptance.ACCEPTED, by=by(site), at=AT)
    again = ask_to_join(tandem=tandem, person=new, by=by(site), at=AT)
    assert again.pk != joined.pk


def test_who_is_in_it_is_not_asked_again(site: Site, kind: TandemKind) -> None:
    tandem = running(site, kind, places=5)
    (first, *_others) = tandem.participants.filter(side="mentee")
    with pytest.raises(Refusal):
        record_answer(participant=first, acceptance=Acceptance.DECLINED, by=by(site), at=AT)
    assert "there" in codes(
        lambda: ask_to_join(tandem=tandem, person=first.person, by=by(site), at=AT)
    )


def test_what_stands_against_joining(site: Site, kind: TandemKind) -> None:
    tandem = running(site, kind, places=5)
    busy, gone = mentee(site), mentee(site, archived_at=AT)
    propose(site, kind, [mentor(site)], [busy])
    stranger = mentee(SiteFactory.create())

    def refused(person: Person, **more: Any) -> list[str]:
        return codes(lambda: ask_to_join(tandem=tandem, person=person, by=by(site), at=AT, **more))

    assert refused(busy) == ["no_place"]
    assert refused(gone) == ["archived"]
    assert refused(stranger) == ["other_programme"]
    assert refused(mentee(site), is_substitute=True) == ["substitute"]
    take_step_to_paused(tandem, site)
    assert refused(mentee(site)) == ["paused"]
    end_tandem(
        tandem=tandem,
        reason=EndReason.TIME_OVER,
        ended_on=TODAY,
        note="",
        by=by(site),
        at=AT,
    )
    assert refused(mentee(site)) == ["ended"]


def take_step_to_paused(tandem: Tandem, site: Site) -> None:
    log_meeting(tandem=tandem, values=MeetingValues(held_on=TODAY, minutes=60), by=by(site), at=AT)
    take_step(tandem=tandem, step="activate", by=by(site), at=AT)
    take_step(tandem=tandem, step="pause", by=by(site), at=AT)


def test_a_mentor_and_one_who_stands_in_join_without_taking_the_groups_places(
    site: Site, kind: TandemKind
) -> None:
    tandem = running(site, kind)
    second, stands_in = mentor(site, "Udo"), mentor(site, "Rita")
    ask_to_join(tandem=tandem, person=second, by=by(site), at=AT)
    ask_to_join(tandem=tandem, person=stands_in, is_substitute=True, by=by(site), at=AT)
    assert here(tandem, site)[1:3] == ({"Vera", "Udo"}, {"Rita"})
    assert places_taken([second.pk, stands_in.pk]) == {second.pk: 1}


def test_somebody_leaves_and_comes_back(site: Site, kind: TandemKind) -> None:
    tandem = running(site, kind)
    (first, second) = tandem.participants.filter(side="mentee").order_by("pk")
    leave_group(participant=first, left_on=TODAY, by=by(site), at=AT)
    assert here(tandem, site) == ({"Kind1"}, {"Vera"}, set(), {"Kind0"})
    assert places_taken([first.person_id]) == {}
    assert codes(lambda: leave_group(participant=second, left_on=TODAY, by=by(site), at=AT)) == [
        "last"
    ]
    assert "left" in codes(
        lambda: leave_group(participant=first, left_on=TODAY, by=by(site), at=AT)
    )
    back = ask_to_join(tandem=tandem, person=first.person, by=by(site), at=AT)
    record_answer(participant=back, acceptance=Acceptance.ACCEPTED, by=by(site), at=AT)
    assert tandem.participants.filter(person=first.person).count() == 2
    assert here(tandem, site)[0] == {"Kind0", "Kind1"}


def test_nobody_leaves_before_a_meeting_they_came_to(site: Site, kind: TandemKind) -> None:
    tandem = running(site, kind)
    (first, _second) = tandem.participants.filter(side="mentee").order_by("pk")
    later = AT + timedelta(days=7)
    log_meeting(
        tandem=tandem,
        values=MeetingValues(held_on=TODAY + timedelta(days=2), minutes=60, came=[first]),
        by=by(site),
        at=later,
    )

    def refused(day: date) -> list[str]:
        return codes(lambda: leave_group(participant=first, left_on=day, by=by(site), at=later))

    assert refused(TODAY + timedelta(days=1)) == ["left_before_meeting"]
    assert refused(TODAY + timedelta(days=8)) == ["future"]
    assert refused(TODAY - timedelta(days=1)) == ["before_joining"]
    leave_group(participant=first, left_on=TODAY + timedelta(days=2), by=by(site), at=later)
    with pytest.raises(Refusal) as refusal:
        log_meeting(
            tandem=tandem,
            values=MeetingValues(held_on=TODAY + timedelta(days=3), minutes=60, came=[first]),
            by=by(site),
            at=later,
        )
    assert [reason.code for reason in refusal.value.reasons] == ["came"]


def test_who_has_not_answered_does_not_leave(site: Site, kind: TandemKind) -> None:
    tandem = propose(site, kind, [mentor(site)], [mentee(site), mentee(site)])
    (first, _second) = tandem.participants.filter(side="mentee")
    assert codes(lambda: leave_group(participant=first, left_on=TODAY, by=by(site), at=AT)) == [
        "not_accepted",
        "last",
    ]


def test_who_stands_in_takes_over_and_the_mentor_leaves(site: Site, kind: TandemKind) -> None:
    stands_in = mentor(site, "Rita")
    tandem = running(site, kind, substitutes=[stands_in])
    vera = tandem.participants.get(side="mentor", is_substitute=False)
    assert codes(lambda: leave_group(participant=vera, left_on=TODAY, by=by(site), at=AT)) == [
        "last"
    ]
    step_in(participant=row_of(tandem, stands_in), by=by(site), at=AT)
    leave_group(participant=vera, left_on=TODAY, by=by(site), at=AT)
    assert here(tandem, site)[1:] == ({"Rita"}, set(), {"Vera"})
    assert places_taken([stands_in.pk]) == {stands_in.pk: 1}
    assert codes(lambda: step_in(participant=row_of(tandem, stands_in), by=by(site), at=AT)) == [
        "no_place",
        "no_substitute",
    ]


def test_who_stands_in_leaves_without_leaving_a_side_empty(site: Site, kind: TandemKind) -> None:
    stands_in = mentor(site, "Rita")
    tandem = running(site, kind, substitutes=[stands_in])
    leave_group(participant=row_of(tandem, stands_in), left_on=TODAY, by=by(site), at=AT)
    assert here(tandem, site)[2] == set()


def test_a_group_gets_a_name_and_places(site: Site, kind: TandemKind) -> None:
    tandem = running(site, kind)

    def change(places: int) -> Tandem:
        return change_group(tandem=tandem, name=" Lesegruppe ", places=places, by=by(site), at=AT)

    assert (change(5).name, change(5).places) == ("Lesegruppe", 5)
    assert codes(lambda: change(6)) == ["group_too_large"]
    assert codes(lambda: change(1)) == ["places"]
    end_tandem(tandem=tandem, reason=EndReason.NO_TIME, ended_on=TODAY, note="", by=by(site), at=AT)
    assert codes(lambda: change(5)) == ["ended"]


def test_free_places_stand_with_the_first_mentor_only(site: Site, kind: TandemKind) -> None:
    tandem = running(site, kind, places=4)
    vera = tandem.participants.get(side="mentor").person
    udo = mentor(site, "Udo", capacity=3)
    ask_to_join(tandem=tandem, person=udo, by=by(site), at=AT)
    assert {pk: [one.free for one in found] for pk, found in groups_with_places().items()} == {
        vera.pk: [2]
    }
    assert groups_with_places([udo.pk]) == {}
    assert free_places({vera.pk: 1, udo.pk: 3}) == {vera.pk: 2, udo.pk: 2}
    assert place_for(vera) == tandem
    assert place_for(udo) is None
    with_two = running(site, kind)
    assert place_for(with_two.participants.get(side="mentor").person) is None


def test_an_ended_group_begins_again_with_who_was_there(site: Site, kind: TandemKind) -> None:
    stands_in = mentor(site, "Rita")
    tandem = running(site, kind, 3, places=4, name="Lesegruppe", substitutes=[stands_in])
    first = tandem.participants.filter(side="mentee").order_by("pk")[0]
    leave_group(participant=first, left_on=TODAY, by=by(site), at=AT)
    later = AT + timedelta(days=2)
    end_tandem(
        tandem=tandem,
        reason=EndReason.NO_TIME,
        ended_on=TODAY + timedelta(days=2),
        note="",
        by=by(site),
        at=later,
    )
    tandem.refresh_from_db()
    again = restart_tandem(tandem=tandem, values=values(kind), by=by(site), at=later)
    assert (again.name, again.places, again.episode) == ("Lesegruppe", 4, 2)
    assert here(again, site) == ({"Kind1", "Kind2"}, {"Vera"}, {"Rita"}, set())


def test_a_mentor_without_a_record_check_does_not_join_minors(site: Site, kind: TandemKind) -> None:
    tandem = running(site, kind, places=3)
    child = mentee(site, "Kind", birth_date=date(2015, 1, 1))
    joined = ask_to_join(tandem=tandem, person=child, by=by(site), at=AT)
    assert codes(
        lambda: record_answer(
            participant=joined, acceptance=Acceptance.ACCEPTED, by=by(site), at=AT
        )
    ) == ["record_check"]
    record_answer(participant=joined, acceptance=Acceptance.DECLINED, by=by(site), at=AT)


def test_a_minor_joins_a_running_group_with_a_consent_where_the_rules_want_it(
    site: Site, kind: TandemKind
) -> None:
    tandem = running(site, kind, places=3)
    RecordCheckFactory.create(
        person=tandem.participants.get(side="mentor").person, certificate_date=date(2026, 9, 1)
    )
    PeopleSettings.objects.create(programme=site.programme, minors_need_consent=True)
    child = mentee(site, "Kind", birth_date=date(2015, 1, 1))
    joined = ask_to_join(tandem=tandem, person=child, by=by(site), at=AT)

    def says_yes() -> object:
        return record_answer(participant=joined, acceptance=Acceptance.ACCEPTED, by=by(site), at=AT)

    assert codes(says_yes) == ["consent"]
    ConsentFactory.create(person=child, purpose=ConsentPurpose.TAKING_PART)
    says_yes()
    joined.refresh_from_db()
    assert joined.acceptance == Acceptance.ACCEPTED


def test_two_are_no_tandem_twice_by_way_of_a_group(site: Site, kind: TandemKind) -> None:
    vera, ali = mentor(site, capacity=3), mentee(site, capacity=3)
    propose(site, kind, [vera], [ali])
    group = propose(site, kind, [vera], [mentee(site)], places=3)
    assert codes(lambda: ask_to_join(tandem=group, person=ali, by=by(site), at=AT)) == ["together"]
    with pytest.raises(CannotPropose):
        propose(site, kind, [vera], [ali, mentee(site)])
    udo = mentor(site, "Udo", capacity=3)
    propose(site, kind, [udo], [ali])
    with pytest.raises(CannotChangeGroup):
        ask_to_join(tandem=Tandem.objects.earliest("pk"), person=udo, by=by(site), at=AT)


def test_nobody_leaves_what_has_ended(site: Site, kind: TandemKind) -> None:
    tandem = running(site, kind)
    first = tandem.participants.filter(side="mentee").earliest("pk")
    end_tandem(tandem=tandem, reason=EndReason.NO_TIME, ended_on=TODAY, note="", by=by(site), at=AT)
    assert codes(lambda: leave_group(participant=first, left_on=TODAY, by=by(site), at=AT)) == [
        "ended",
        "last",
    ]


def test_what_is_against_several_pairs_is_said_once(
    site: Site, kind: TandemKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    against = Reason("never_again", "Nie wieder.")
    monkeypatch.setattr(decisions, "_pair_guards", [lambda _mentor, _mentee: [against]])
    children = [mentee(site), mentee(site)]
    assert codes(lambda: propose(site, kind, [mentor(site)], children)) == ["never_again"]


def test_who_has_left_does_not_step_in(site: Site, kind: TandemKind) -> None:
    stands_in = mentor(site, "Rita")
    tandem = running(site, kind, substitutes=[stands_in])
    leave_group(participant=row_of(tandem, stands_in), left_on=TODAY, by=by(site), at=AT)
    gone = row_of(tandem, stands_in)
    assert codes(lambda: step_in(participant=gone, by=by(site), at=AT)) == ["left"]


def test_who_stands_in_leaves_before_the_mentor_has_answered(site: Site, kind: TandemKind) -> None:
    stands_in = mentor(site, "Rita")
    tandem = propose(site, kind, [mentor(site)], [mentee(site)], substitutes=[stands_in])
    row = row_of(tandem, stands_in)
    record_answer(participant=row, acceptance=Acceptance.ACCEPTED, by=by(site), at=AT)
    leave_group(participant=row_of(tandem, stands_in), left_on=TODAY, by=by(site), at=AT)
    assert here(tandem, site)[2] == set()


def test_who_has_said_no_is_not_asked_for_another_answer(site: Site, kind: TandemKind) -> None:
    children = [mentee(site, "Ali"), mentee(site, "Bea")]
    tandem = propose(site, kind, [mentor(site)], children)
    no = row_of(tandem, children[0])
    record_answer(participant=no, acceptance=Acceptance.DECLINED, by=by(site), at=AT)
    assert codes(
        lambda: record_answer(
            participant=row_of(tandem, children[0]),
            acceptance=Acceptance.ACCEPTED,
            by=by(site),
            at=AT,
        )
    ) == ["not_proposed"]


def test_what_stands_between_two_is_asked_with_the_mentor_first(
    site: Site, kind: TandemKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    tandem = running(site, kind, 1, places=2)
    asked: list[tuple[str, str]] = []

    def guard(mentor: Person, mentee: Person) -> list[Reason]:
        asked.append((mentor.first_name, mentee.first_name))
        return []

    monkeypatch.setattr(decisions, "_pair_guards", [guard])
    for person in (mentor(site, "Udo"), mentee(site, "Neu")):
        ask_to_join(tandem=tandem, person=person, why="passt", by=by(site), at=AT)
    assert asked == [("Udo", "Kind0"), ("Vera", "Neu"), ("Udo", "Neu")]
