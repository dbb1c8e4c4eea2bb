"""Lists of closings: they end tandems by the one door, and bring the notes of earlier ends."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.imports.domain.kinds import Line
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Site
from patenwerk.people.models import Person
from patenwerk.tandems.domain.closing_list import CLOSINGS, closing_rows
from patenwerk.tandems.domain.history import take_end_notes
from patenwerk.tandems.domain.meeting_list import MEETINGS
from patenwerk.tandems.domain.tandem_list import TANDEMS
from patenwerk.tandems.enums import EndReason, State
from patenwerk.tandems.kernel.rows import ParsedRow
from patenwerk.tandems.models import Tandem, TandemStep
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import tandem_of
from tests.tandems.domain.lists import AT, MET, ON, PAIR, problems, read, standings, taken

pytestmark = pytest.mark.django_db
ENDED = {**PAIR, "ended_on": date(2026, 9, 1), "end_reason": "Umzug"}
CLOSED = {
    "mentor": "Lea Birke",
    "mentee": "Sara Linde",
    "ended_on": date(2026, 9, 1),
    "end_reason": "Umzug",
    "note": "Sie schreiben sich.",
}


def end_of(tandem: Tandem) -> TandemStep:
    return TandemStep.objects.get(tandem=tandem, step="end")


def test_a_running_tandem_ends_by_its_one_door(
    site: Site, by: Actor, lea: Person, sara: Person
) -> None:
    taken(site, by, PAIR)
    (line,) = read(CLOSINGS, site, CLOSED)
    assert (line.standing, line.label) == (Standing.NEW, "Sara Linde & Lea Birke")
    with translation.override("en"):
        assert line.hint() == "a tandem that runs ends by this"
    words = line.words()
    assert (words["end_reason"], words["ended_on"]) == ("weggezogen", "01.09.2026")
    CLOSINGS.take([line], site=site, by=by, at=AT)
    tandem = Tandem.objects.get()
    assert (tandem.state, tandem.ended_on, tandem.end_reason) == (
        State.ENDED,
        date(2026, 9, 1),
        EndReason.MOVED_AWAY,
    )
    assert (end_of(tandem).note, end_of(tandem).at) == ("Sie schreiben sich.", AT)
    assert AuditEntry.objects.filter(action="tandems.end").count() == 1
    assert standings(read(CLOSINGS, site, CLOSED, CLOSED)) == [Standing.UNCHANGED, Standing.BAD]
    for change in ({"ended_on": date(2026, 9, 2)}, {"end_reason": "keine Zeit"}):
        assert standings(read(CLOSINGS, site, {**CLOSED, **change})) == [Standing.BAD]


def test_what_the_guards_say_comes_back_with_the_row(
    site: Site, by: Actor, lea: Person, sara: Person
) -> None:
    taken(site, by, PAIR)
    goal = {**CLOSED, "end_reason": "Ziel erreicht"}
    (line,) = read(CLOSINGS, site, goal)
    assert (line.standing, line.problems[0].header) == (Standing.BAD, "Grund des Endes")
    # Meetings of the same file are taken before, so they count.
    beside: dict[str, list[Line]] = {"meetings": read(MEETINGS, site, MET)}
    assert standings(read(CLOSINGS, site, goal, beside=beside)) == [Standing.NEW]
    early = {**goal, "ended_on": date(2026, 3, 7)}
    assert standings(read(CLOSINGS, site, early, beside=beside)) == [Standing.BAD]


def test_an_end_out_of_the_list_of_tandems_gets_its_note(
    site: Site, by: Actor, lea: Person, sara: Person
) -> None:
    beside: dict[str, list[Line]] = {"tandems": read(TANDEMS, site, ENDED)}
    (shown,) = read(CLOSINGS, site, CLOSED, beside=beside)
    assert shown.standing is Standing.NEW
    silent = {**CLOSED, "note": None}
    assert standings(read(CLOSINGS, site, silent, beside=beside)) == [Standing.UNCHANGED]
    taken(site, by, ENDED)
    (now,) = read(CLOSINGS, site, CLOSED)
    assert (now.standing, now.fingerprint) == (shown.standing, shown.fingerprint)
    assert now.hint() == ""
    CLOSINGS.take([now], site=site, by=by, at=AT)
    tandem = Tandem.objects.get()
    assert end_of(tandem).note == "Sie schreiben sich."
    entry = AuditEntry.objects.get(action="tandems.take_end_notes")
    assert entry.object_ids == [tandem.pk]
    later = {**CLOSED, "note": "Sie telefonieren."}
    (line,) = read(CLOSINGS, site, later)
    assert [(each.title, each.before, each.after) for each in line.differences] == [
        ("Notiz", "Sie schreiben sich.", "Sie telefonieren.")
    ]
    CLOSINGS.take([line], site=site, by=by, at=AT)
    assert end_of(tandem).note == "Sie telefonieren."


def test_a_tandem_of_the_same_file_ends_by_it(
    site: Site, by: Actor, lea: Person, sara: Person
) -> None:
    beside: dict[str, list[Line]] = {"tandems": read(TANDEMS, site, PAIR)}
    (shown,) = read(CLOSINGS, site, CLOSED, beside=beside)
    taken(site, by, PAIR)
    (now,) = read(CLOSINGS, site, CLOSED)
    assert (now.standing, now.fingerprint) == (Standing.NEW, shown.fingerprint)
    with pytest.raises(Tandem.DoesNotExist):
        CLOSINGS.take([shown], site=site, by=by, at=AT)


def test_a_note_written_here_stays(site: Site, lea: Person) -> None:
    sara = MenteeFactory.create(site=site, first_name="Sara", last_name="Linde")
    tandem = tandem_of(
        lea,
        sara,
        state=State.ENDED,
        ended_on=date(2026, 9, 1),
        end_reason=EndReason.MOVED_AWAY,
        created_at=datetime(2026, 3, 1, 9, tzinfo=UTC),
    )
    tandem.participants.update(joined_on=date(2026, 3, 1), left_on=tandem.ended_on)
    (line,) = read(CLOSINGS, site, CLOSED)
    assert (line.standing, line.problems[0].header) == (Standing.BAD, "Notiz")
    with pytest.raises(LookupError):
        take_end_notes(site=site, notes={tandem.pk: "x"}, by=Actor(user_id=1), at=AT)


def test_notes_are_for_what_has_ended(site: Site, by: Actor, lea: Person, sara: Person) -> None:
    taken(site, by, PAIR)
    with pytest.raises(LookupError):
        take_end_notes(site=site, notes={Tandem.objects.get().pk: "x"}, by=by, at=AT)
    assert not AuditEntry.objects.filter(action="tandems.take_end_notes").exists()


def test_bad_rows_say_why(site: Site, by: Actor, lea: Person, sara: Person) -> None:
    rows: list[dict[str, Any]] = [
        CLOSED,
        {**CLOSED, "end_reason": None},
        {**CLOSED, "ended_on": None},
        {**CLOSED, "mentee": None},
        {**CLOSED, "file_id": "T-9", "mentor": None},
        {**CLOSED, "end_reason": "Wetter"},
    ]
    lines = read(CLOSINGS, site, *rows)
    assert standings(lines) == [Standing.BAD] * 6
    assert len(problems(lines)) == 6


def test_a_row_without_a_day_is_a_mistake_of_the_caller(site: Site) -> None:
    with pytest.raises(LookupError):
        CLOSINGS.compare([ParsedRow(number=2, values={}, problems=())], site=site, on=ON, beside={})


def test_of_two_times_the_day_says_which(site: Site, by: Actor, lea: Person, sara: Person) -> None:
    first = {**PAIR, "ended_on": date(2026, 4, 1), "end_reason": "Umzug", "file_id": "T-1"}
    taken(site, by, first, {**PAIR, "began_on": date(2026, 5, 1), "file_id": "T-2"})
    early = {**CLOSED, "ended_on": date(2026, 4, 1)}
    lines = read(CLOSINGS, site, early, CLOSED)
    second = Tandem.objects.get(file_id="T-2")
    assert [line.entry.is_end for line in lines] == [False, True]
    assert lines[1].entry.tandem_id == second.pk


def test_what_the_list_is_called_and_needs(site: Site) -> None:
    assert CLOSINGS.title(site.programme) == "Abschlüsse"
    assert CLOSINGS.missing({"file_id", "ended_on"}) == ["Grund des Endes"]
    assert CLOSINGS.missing({"ended_on", "end_reason"}) == ["Mentor*in", "Mentee"]
    bold = [each.title for each in CLOSINGS.template(site).columns if each.required]
    assert bold == ["Mentor*in", "Mentee", "Beendet am", "Grund des Endes"]


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_many_rows(
    site: Site, by: Actor, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = []
    for number in range(count):
        mentor = MentorFactory.create(site=site, file_id=f"A-{number}")
        mentee = MenteeFactory.create(site=site, file_id=f"B-{number}")
        rows.append({"mentor_id": mentor.file_id, "mentee_id": mentee.file_id})
    taken(site, by, *({**row, "began_on": date(2026, 3, 1)} for row in rows))
    closed = [{**row, "ended_on": ON, "end_reason": "Umzug"} for row in rows]
    with django_assert_num_queries(11):  # words twice, people, tandems, ends
        lines = read(CLOSINGS, site, *closed)
    CLOSINGS.take(lines, site=site, by=by, at=AT)
    with django_assert_num_queries(3):  # tandems, people, ends
        assert len(list(closing_rows(site))) == count
