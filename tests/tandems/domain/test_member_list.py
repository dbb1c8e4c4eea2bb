"""Lists of who joined later and left before the end: compared, taken, left, out again."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.audit.models import AuditEntry
from patenwerk.core.clock import noon_of
from patenwerk.core.policy import Actor
from patenwerk.imports.domain.kinds import Line
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Site, TandemKind
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.tandems.domain.group import CannotChangeGroup
from patenwerk.tandems.domain.meeting_list import MEETINGS
from patenwerk.tandems.domain.member_history import MemberHistory, take_members
from patenwerk.tandems.domain.member_list import MEMBERS, member_rows
from patenwerk.tandems.domain.tandem_list import TANDEMS
from patenwerk.tandems.enums import Acceptance, State
from patenwerk.tandems.models import Meeting, Participant, Tandem
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import ParticipantFactory, group_of
from tests.tandems.domain.lists import AT, ON, problems, read, standings, taken

pytestmark = pytest.mark.django_db
BEGAN = date(2026, 3, 1)
GROUP = {
    "file_id": "G-1",
    "mentor": "Lea Birke",
    "mentee": "Sara Linde; Mo Ulme",
    "group": "Familie Linde",
    "began_on": BEGAN,
}
LATE = {"file_id": "G-1", "person": "Mo Ulme", "role": "Mentee", "joined_on": date(2026, 5, 1)}
GONE = {
    "file_id": "G-1",
    "person": "Ben Esche",
    "role": "wird begleitet",
    "joined_on": date(2026, 3, 9),
    "left_on": date(2026, 7, 1),
    "member_why": "Freund von Sara",
}


@pytest.fixture
def children(site: Site, lea: Person, sara: Person) -> dict[str, Person]:
    TandemKind.objects.update(most_mentees=5)
    mo, ben = (
        MenteeFactory.create(site=site, first_name=first, last_name=last)
        for first, last in (("Mo", "Ulme"), ("Ben", "Esche"))
    )
    return {"sara": sara, "mo": mo, "ben": ben}


def spans(*people: Person) -> list[tuple[str, date, date | None, str]]:
    rows = Participant.objects.filter(person__in=people).order_by("joined_on", "pk")
    return [(row.person.first_name, row.joined_on, row.left_on, row.acceptance) for row in rows]


def test_who_came_later_and_who_left_are_taken_with_the_group(
    site: Site, by: Actor, children: dict[str, Person]
) -> None:
    beside: dict[str, list[Line]] = {"tandems": read(TANDEMS, site, GROUP)}
    shown = read(MEMBERS, site, LATE, GONE, beside=beside)
    assert standings(shown) == [Standing.NEW, Standing.NEW]
    words = shown[1].words()
    assert (words["role"], words["left_on"]) == ("wird begleitet", "01.07.2026")
    taken(site, by, GROUP)
    now = read(MEMBERS, site, LATE, GONE)
    for missing in ({"tandem_id": None}, {"person_id": None}):
        entry = dataclasses.replace(now[0].entry, **missing)
        with pytest.raises(LookupError, match="Not stored yet"):
            MEMBERS.take([dataclasses.replace(now[0], entry=entry)], site=site, by=by, at=AT)
    assert [(a.standing, a.fingerprint) for a in now] == [
        (a.standing, a.fingerprint) for a in shown
    ]
    result = MEMBERS.take(now, site=site, by=by, at=AT)
    assert (result.new, result.changed) == (2, 0)
    assert spans(children["mo"], children["ben"]) == [
        ("Ben", date(2026, 3, 9), date(2026, 7, 1), "accepted"),
        ("Mo", date(2026, 5, 1), None, "accepted"),
    ]
    ben = Participant.objects.get(person=children["ben"])
    assert (ben.why, ben.side, ben.answered_on) == (
        "Freund von Sara",
        Side.MENTEE,
        date(2026, 3, 9),
    )
    entry = AuditEntry.objects.get(action="tandems.take_members")
    assert entry.details == {"new": 1, "changed": 1, "people": 2}
    assert standings(read(MEMBERS, site, LATE, GONE, LATE)) == [
        Standing.UNCHANGED,
        Standing.UNCHANGED,
        Standing.BAD,
    ]
    assert standings(read(TANDEMS, site, GROUP)) == [Standing.UNCHANGED]


def test_meetings_count_whoever_was_there_whichever_list_comes_first(
    site: Site, by: Actor, children: dict[str, Person]
) -> None:
    taken(site, by, GROUP)
    days = [date(2026, 4, 1), date(2026, 6, 1), date(2026, 8, 1)]
    met = [{"file_id": "G-1", "held_on": day, "minutes": 60} for day in days]
    taken(site, by, *met[:2], kind=MEETINGS)
    taken(site, by, LATE, GONE, kind=MEMBERS)
    taken(site, by, *met, kind=MEETINGS)
    came = {
        meeting.held_on: {row.person.first_name for row in meeting.came.all()}
        for meeting in Meeting.objects.all()
    }
    assert came == {
        days[0]: {"Lea", "Sara", "Ben"},
        days[1]: {"Lea", "Sara", "Ben", "Mo"},
        days[2]: {"Lea", "Sara", "Mo"},
    }


def test_a_corrected_day_is_a_difference(
    site: Site, by: Actor, children: dict[str, Person]
) -> None:
    taken(site, by, GROUP)
    taken(site, by, LATE, GONE, kind=MEMBERS)
    days = [date(2026, 4, 1), date(2026, 6, 15)]
    met = [{"file_id": "G-1", "held_on": day, "minutes": 60} for day in days]
    taken(site, by, *met, kind=MEETINGS)
    taken(site, by, {**GONE, "left_on": date(2026, 6, 1)}, kind=MEMBERS)
    ben = Participant.objects.get(person=children["ben"])
    assert list(Meeting.objects.filter(came=ben).values_list("held_on", flat=True)) == days[:1]
    taken(site, by, GONE, kind=MEMBERS)
    assert Meeting.objects.filter(came=ben).count() == 2
    other = {**GONE, "left_on": date(2026, 7, 3), "answer": "nein"}
    lines = read(MEMBERS, site, {**LATE, "joined_on": date(2026, 5, 2)}, other)
    assert standings(lines) == [Standing.CHANGED, Standing.CHANGED]
    assert [(each.title, each.before, each.after) for each in lines[1].differences] == [
        ("Dabei bis", "01.07.2026", "03.07.2026"),
        ("Antwort", "hat zugesagt", "hat abgesagt"),
    ]
    result = MEMBERS.take(lines, site=site, by=by, at=AT)
    assert (result.new, result.changed) == (0, 2)
    assert spans(children["mo"], children["ben"]) == [
        ("Ben", date(2026, 3, 9), date(2026, 7, 3), "declined"),
        ("Mo", date(2026, 5, 2), None, "accepted"),
    ]
    assert Participant.objects.get(person=children["ben"]).answered_on == date(2026, 7, 3)
    assert not Meeting.objects.filter(came=ben).exists()


def test_whoever_comes_back_has_a_time_for_each(
    site: Site, by: Actor, children: dict[str, Person]
) -> None:
    first = {**LATE, "joined_on": BEGAN, "left_on": date(2026, 4, 1)}
    beside: dict[str, list[Line]] = {"tandems": read(TANDEMS, site, GROUP)}
    assert standings(read(MEMBERS, site, first, LATE, beside=beside)) == [
        Standing.NEW,
        Standing.NEW,
    ]
    # Named as somebody who is there, and as somebody who has left: one of the two is wrong.
    (alone,) = read(MEMBERS, site, first, beside=beside)
    assert (alone.standing, alone.problems[0].header) == (Standing.BAD, "Dabei bis")
    taken(site, by, GROUP)
    taken(site, by, first, LATE, kind=MEMBERS)
    assert spans(children["mo"]) == [
        ("Mo", BEGAN, date(2026, 4, 1), "accepted"),
        ("Mo", date(2026, 5, 1), None, "accepted"),
    ]


def test_who_is_there_leaves_as_on_the_group_s_page(
    site: Site, by: Actor, children: dict[str, Person]
) -> None:
    taken(site, by, GROUP)
    leaves = {**LATE, "left_on": date(2026, 9, 1)}
    (line,) = read(MEMBERS, site, leaves)
    assert line.standing is Standing.CHANGED
    assert [(each.title, each.before, each.after) for each in line.differences] == [
        ("Dabei ab", "01.03.2026", "01.05.2026"),
        ("Dabei bis", "", "01.09.2026"),
    ]
    MEMBERS.take([line], site=site, by=by, at=AT)
    assert spans(children["mo"]) == [("Mo", date(2026, 5, 1), date(2026, 9, 1), "accepted")]
    assert AuditEntry.objects.filter(action="tandems.leave").count() == 1
    # The last of a side does not leave: the tandem ends.
    (last,) = read(MEMBERS, site, {**leaves, "person": "Sara Linde", "joined_on": None})
    assert (last.standing, last.problems[0].header) == (Standing.BAD, "Dabei bis")
    sara = Participant.objects.get(person=children["sara"])
    entry = dataclasses.replace(line.entry, participant_id=sara.pk, is_said_anew=False)
    with pytest.raises(CannotChangeGroup):
        MEMBERS.take([dataclasses.replace(line, entry=entry)], site=site, by=by, at=AT)


def test_of_a_group_decided_here_only_that_somebody_leaves(
    site: Site, by: Actor, children: dict[str, Person], lea: Person
) -> None:
    group = group_of(site, 1, mentor=lea, name="Hier", created_at=noon_of(BEGAN))
    group.participants.update(joined_on=BEGAN)
    ParticipantFactory.create(
        tandem=group,
        person=children["mo"],
        joined_on=date(2026, 5, 1),
        acceptance="accepted",
        answered_on=BEGAN,
    )
    row = {**LATE, "file_id": f"T{group.pk}", "group": "Hier"}
    assert standings(read(MEMBERS, site, row)) == [Standing.UNCHANGED]
    assert standings(read(MEMBERS, site, {**row, "file_id": None})) == [Standing.UNCHANGED]
    left = {**row, "left_on": date(2026, 9, 1)}
    (line,) = read(MEMBERS, site, left)
    assert (line.standing, line.entry.is_said_anew) == (Standing.CHANGED, False)
    for change in ({"joined_on": date(2026, 5, 2)}, {"person": "Ben Esche"}):
        assert standings(read(MEMBERS, site, {**left, **change})) == [Standing.BAD]
    result = MEMBERS.take([line], site=site, by=by, at=AT)
    assert (result.new, result.changed) == (0, 1)
    assert spans(children["mo"]) == [("Mo", date(2026, 5, 1), date(2026, 9, 1), "accepted")]
    assert not AuditEntry.objects.filter(action="tandems.take_members").exists()
    member = MemberHistory(
        tandem_id=group.pk,
        person_id=lea.pk,
        side=Side.MENTOR,
        is_substitute=False,
        acceptance=Acceptance.ACCEPTED,
        joined_on=BEGAN,
        left_on=None,
    )
    with pytest.raises(LookupError):
        take_members(site=site, told=[member], by=by, at=AT)


def test_a_row_of_somebody_else_is_not_written(
    site: Site, by: Actor, children: dict[str, Person], lea: Person
) -> None:
    taken(site, by, GROUP)
    mentor = Participant.objects.get(person=lea)
    member = MemberHistory(
        tandem_id=mentor.tandem_id,
        person_id=children["mo"].pk,
        side=Side.MENTEE,
        is_substitute=False,
        acceptance=Acceptance.ACCEPTED,
        joined_on=BEGAN,
        left_on=None,
        participant_id=mentor.pk,
    )
    with pytest.raises(LookupError):
        take_members(site=site, told=[member], by=by, at=AT)


def test_answers_of_those_who_were_asked(
    site: Site, by: Actor, children: dict[str, Person]
) -> None:
    MentorFactory.create(site=site, first_name="Uta", last_name="Rabe")
    taken(site, by, {**GROUP, "state": "Vorschlag", "substitute": "Uta Rabe"})
    rows = [
        {**LATE, "joined_on": None, "answer": "ja"},
        {**LATE, "joined_on": None, "person": "Uta Rabe", "role": "Vertretung", "answer": "ja"},
        {**GONE, "left_on": None, "joined_on": None, "answer": "nein"},
    ]
    assert standings(read(MEMBERS, site, *rows)) == [Standing.NEW] * 3
    taken(site, by, *rows, kind=MEMBERS)
    answers = dict(Participant.objects.values_list("person__first_name", "acceptance"))
    assert answers == {
        "Lea": "open",
        "Sara": "open",
        "Mo": "accepted",
        "Uta": "accepted",
        "Ben": "declined",
    }
    assert standings(read(MEMBERS, site, *rows)) == [Standing.UNCHANGED] * 3
    asked = {**LATE, "joined_on": None, "answer": "offen"}
    taken(site, by, asked, kind=MEMBERS)
    assert Participant.objects.get(person=children["mo"]).answered_on is None


def test_bad_rows_say_why(site: Site, by: Actor, children: dict[str, Person]) -> None:
    ended = {**GROUP, "ended_on": date(2026, 9, 1), "end_reason": "Umzug"}
    taken(site, by, ended, {**GROUP, "file_id": "G-2", "began_on": date(2026, 10, 1)})
    rows: list[dict[str, Any]] = [
        {**GONE, "joined_on": date(2026, 2, 1)},
        {**GONE, "left_on": date(2026, 9, 2)},
        {**GONE, "left_on": date(2026, 3, 8)},
        {**GONE, "joined_on": None, "left_on": date(2026, 2, 1)},
        {**GONE, "file_id": "G-9"},
        {**GONE, "file_id": None},
        {**GONE, "file_id": None, "group": "Familie Linde"},  # two have this name
        {**GONE, "person": "Niemand"},
        {**GONE, "role": None},
        {**GONE, "left_on": None},  # was there to the end, and the list of tandems says no word
        {**GONE, "file_id": "G-2", "joined_on": date(2026, 10, 2), "left_on": None},
    ]
    lines = read(MEMBERS, site, *rows)
    assert standings(lines) == [Standing.BAD] * len(rows)
    assert len(problems(lines)) == len(rows)
    # Whoever left is not made to be there again by a list.
    taken(site, by, {**GONE, "file_id": "G-2", "joined_on": ON, "left_on": ON}, kind=MEMBERS)
    back = {**GONE, "file_id": "G-2", "joined_on": ON, "left_on": None}
    assert standings(read(MEMBERS, site, back)) == [Standing.BAD]


def test_what_the_list_is_called_and_needs(site: Site) -> None:
    assert MEMBERS.title(site.programme) == "Beitritte und Austritte"
    assert MEMBERS.missing({"group", "person_id"}) == ["Rolle"]
    assert MEMBERS.missing({"role"}) == ["Tandem-Nr.", "Person"]


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_many_rows(
    site: Site,
    by: Actor,
    children: dict[str, Person],
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    taken(site, by, GROUP)
    rows = []
    for number in range(count):
        MenteeFactory.create(site=site, file_id=f"B-{number}")
        rows.append({**GONE, "person_id": f"B-{number}"})
    with django_assert_num_queries(10):  # words twice, people and their fields, tandems
        lines = read(MEMBERS, site, *rows)
    with django_assert_num_queries(7):  # savepoint, people, tandem, written, came, record
        MEMBERS.take(lines, site=site, by=by, at=AT)
    with django_assert_num_queries(2):
        assert len(list(member_rows(site))) == count
    assert Tandem.objects.get().state == State.ACTIVE
