"""Lists of tandems and meetings beside what is stored: whom they mean, what they change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from patenwerk.audit.models import AuditEntry
from patenwerk.core.lifecycle import CannotMove
from patenwerk.core.policy import Actor
from patenwerk.core.sheets.columns import header_words
from patenwerk.core.sheets.words import header_key
from patenwerk.imports.domain.kinds import Line
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Focus, Site, SupportField, TandemKind
from patenwerk.people.domain.template import number_of
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.tandems.domain.history import (
    CannotTakeHistory,
    MeetingHistory,
    TandemHistory,
    take_meetings,
    take_tandems,
)
from patenwerk.tandems.domain.list_words import title_of
from patenwerk.tandems.domain.meeting_list import MEETINGS
from patenwerk.tandems.domain.tandem_list import TANDEMS
from patenwerk.tandems.enums import Acceptance, EndReason, State
from patenwerk.tandems.kernel.rows import ParsedRow
from patenwerk.tandems.models import Meeting, Participant, Tandem, TandemStep
from tests.factories.organisations import (
    FocusFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
)
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import tandem_of
from tests.tandems.domain.lists import AT, MET, ON, PAIR, problems, read, standings, taken

pytestmark = pytest.mark.django_db


def test_a_running_tandem_is_taken_over_as_it_is(
    site: Site, by: Actor, lea: Person, sara: Person
) -> None:
    taken(site, by, {**PAIR, "file_id": "T-1", "why": "Lesen", "state": "trial"})
    tandem = Tandem.objects.get()
    assert (tandem.file_id, tandem.state, tandem.why) == ("T-1", State.TRIAL, "Lesen")
    assert tandem.created_at == datetime(2026, 3, 1, 11, 0, tzinfo=UTC)
    assert tandem.taken_over_at == AT
    words = (tandem.kind.code, tandem.focus.code, tandem.field.code)
    assert words == ("chance", "education", "school")
    people = {row.person_id: row for row in tandem.participants.all()}
    assert {pk: row.side for pk, row in people.items()} == {lea.pk: "mentor", sara.pk: "mentee"}
    for row in people.values():
        assert (row.acceptance, row.answered_on) == (Acceptance.ACCEPTED, date(2026, 3, 1))
        assert (row.joined_on, row.left_on) == (date(2026, 3, 1), None)
        assert row.site_id == site.pk
    step = TandemStep.objects.get()
    assert (step.step, step.from_state, step.to_state) == ("take_over", "", State.TRIAL)
    assert (step.at, step.by_id) == (tandem.created_at, by.user_id)
    assert AuditEntry.objects.filter(action="tandems.take_over").count() == 1


def test_an_ended_tandem_has_its_end(site: Site, by: Actor, lea: Person, sara: Person) -> None:
    taken(site, by, {**PAIR, "ended_on": date(2026, 9, 1), "end_reason": "Ziel erreicht"})
    tandem = Tandem.objects.get()
    assert (tandem.state, tandem.ended_on) == (State.ENDED, date(2026, 9, 1))
    assert tandem.end_reason == EndReason.GOAL_REACHED
    steps = list(TandemStep.objects.order_by("at").values_list("step", "from_state", "to_state"))
    assert steps == [("take_over", "", "active"), ("end", "active", "ended")]
    assert set(Participant.objects.values_list("left_on", flat=True)) == {date(2026, 9, 1)}


def test_a_proposal_is_still_asked(site: Site, by: Actor, lea: Person, sara: Person) -> None:
    taken(site, by, {**PAIR, "state": "Vorschlag"})
    assert Tandem.objects.get().state == State.PROPOSED
    assert set(Participant.objects.values_list("acceptance", "answered_on")) == {("open", None)}


def test_people_are_found_by_number_or_name(site: Site, lea: Person, sara: Person) -> None:
    MentorFactory.create(site=SiteFactory.create(), first_name="Otto", last_name="Fern")
    for name in ("Ali Ahorn", "Ali Ahorn"):
        first, last = name.split()
        MenteeFactory.create(site=site, first_name=first, last_name=last)
    lines = read(
        TANDEMS,
        site,
        {**PAIR, "mentor_id": "M-1", "mentor": "somebody else"},
        {**PAIR, "mentor": "Otto Fern"},
        {**PAIR, "mentor_id": "M-9"},
        {**PAIR, "mentee": "Ahorn Ali"},
        {**PAIR, "mentor": "Sara Linde"},
        {**PAIR, "mentee": None},
    )
    assert standings(lines) == [Standing.NEW, *[Standing.BAD] * 5]
    with translation.override("en"):
        lines = read(
            TANDEMS, site, {**PAIR, "mentor": "Otto Fern"}, {**PAIR, "mentee": "Ahorn Ali"}
        )
        assert problems(lines) == [
            "“Otto Fern” is neither at your site nor in this file. Please check name or number.",
            "Several people are called “Ahorn Ali”. Please add the number.",
        ]
        assert lines[0].problems[0].header == "Mentor"
    assert lines[0].label == "Sara Linde & Otto Fern"


def test_words_are_said_or_the_only_ones(site: Site, lea: Person, sara: Person) -> None:
    programme = site.programme
    TandemKindFactory.create(programme=programme, code="impulse", name_de="Impuls")
    TandemKindFactory.create(programme=programme, code="old", name_de="Alt", is_active=False)
    FocusFactory.create(
        programme=programme,
        code="refuge",
        name_de="Flucht",
        starts_on=date(2016, 1, 1),
        ends_on=date(2020, 12, 31),
    )
    work = SupportFieldFactory.create(programme=programme, code="work", name_de="Beruf")
    no, yes = read(TANDEMS, site, PAIR, {**PAIR, "kind": "Impuls", "field": "Beruf"})
    assert (no.standing, [each.header for each in no.problems]) == (Standing.BAD, ["Art"])
    assert yes.standing is Standing.NEW
    assert [word.code for word in yes.entry.words] == ["impulse", "education", "work"]
    assert yes.words()["kind"] == "Impuls"
    (line,) = read(TANDEMS, site, {**PAIR, "kind": "Impuls"})
    assert [each.header for each in line.problems] == ["Bereich"]
    sara.fields.add(work)
    (line,) = read(TANDEMS, site, {**PAIR, "kind": "Impuls"})
    assert line.entry.words[2] == work
    (line,) = read(TANDEMS, site, {**PAIR, "kind": "Impuls", "focus": "Flucht"})
    assert [each.header for each in line.problems] == ["Schwerpunkt"]
    (line,) = read(TANDEMS, site, {**PAIR, "kind": "Alt"})
    assert line.standing is Standing.BAD


def test_the_same_two_run_together_once(site: Site, by: Actor, lea: Person, sara: Person) -> None:
    first, second = read(TANDEMS, site, PAIR, {**PAIR, "began_on": date(2026, 5, 1)})
    assert standings([first, second]) == [Standing.NEW, Standing.BAD]
    past = {**PAIR, "ended_on": date(2026, 4, 1), "end_reason": "Umzug"}
    assert standings(read(TANDEMS, site, past, {**PAIR, "began_on": date(2026, 5, 1)})) == [
        Standing.NEW,
        Standing.NEW,
    ]
    tandem_of(lea, sara)
    assert standings(read(TANDEMS, site, PAIR)) == [Standing.BAD]
    history = TandemHistory(
        file_id="",
        mentor_ids=(lea.pk,),
        mentee_ids=(sara.pk,),
        kind_id=first.entry.words[0].pk,
        focus_id=first.entry.words[1].pk,
        field_id=first.entry.words[2].pk,
        state=State.ACTIVE,
        began_on=date(2026, 3, 1),
    )
    with pytest.raises(CannotTakeHistory) as refused:
        take_tandems(site=site, new=[history], changed={}, by=by, at=AT)
    assert [reason.code for reason in refused.value.reasons] == ["together"]
    with pytest.raises(LookupError):
        take_tandems(site=SiteFactory.create(), new=[history], changed={}, by=by, at=AT)
    assert Tandem.objects.count() == 1


def test_nothing_runs_with_somebody_archived(site: Site, lea: Person, sara: Person) -> None:
    lea.archived_at = AT
    lea.save()
    past = {**PAIR, "ended_on": date(2026, 4, 1), "end_reason": "Umzug"}
    assert standings(read(TANDEMS, site, PAIR, past)) == [Standing.BAD, Standing.NEW]


def test_a_number_stands_once_in_a_list(site: Site, lea: Person, sara: Person) -> None:
    past = {**PAIR, "ended_on": date(2026, 4, 1), "end_reason": "Umzug"}
    lines = read(TANDEMS, site, {**past, "file_id": "T-1"}, {**PAIR, "file_id": "T-1"})
    assert standings(lines) == [Standing.NEW, Standing.BAD]
    assert "T-1" in problems(lines)[0]


def test_what_a_later_list_corrects_is_shown(
    site: Site, by: Actor, lea: Person, sara: Person
) -> None:
    impulse = TandemKindFactory.create(programme=site.programme, code="impulse", name_de="Impuls")
    row = {**PAIR, "kind": "Chance", "why": "Lesen"}
    taken(site, by, row)
    assert standings(read(TANDEMS, site, row)) == [Standing.UNCHANGED]
    assert standings(read(TANDEMS, site, {**PAIR, "kind": "Chance"})) == [Standing.UNCHANGED]
    later = {**row, "kind": "Impuls", "file_id": "T-1", "expected_end_on": date(2027, 1, 2)}
    (line,) = read(TANDEMS, site, later)
    assert line.standing is Standing.CHANGED
    assert [(each.title, each.before, each.after) for each in line.differences] == [
        ("Tandem-Nr.", "", "T-1"),
        ("Art", "Chance", "Impuls"),
        ("Voraussichtlich bis", "", "02.01.2027"),
    ]
    taken(site, by, later)
    tandem = Tandem.objects.get()
    assert (tandem.kind, tandem.file_id, tandem.why) == (impulse, "T-1", "Lesen")
    assert tandem.expected_end_on == date(2027, 1, 2)
    assert standings(read(TANDEMS, site, later)) == [Standing.UNCHANGED]
    moved = {**later, "began_on": date(2026, 3, 2)}
    assert standings(read(TANDEMS, site, moved)) == [Standing.BAD]
    other = MenteeFactory.create(site=site, first_name="Mo", last_name="Ulme")
    assert standings(read(TANDEMS, site, {**later, "mentee": other.full_name})) == [Standing.BAD]


def test_a_tandem_decided_here_is_not_changed_by_a_list(site: Site, lea: Person) -> None:
    sara = MenteeFactory.create(site=site, first_name="Sara", last_name="Linde")
    tandem = tandem_of(lea, sara, file_id="T-1")
    (line,) = read(TANDEMS, site, {**PAIR, "file_id": "T-1", "began_on": date(2026, 1, 5)})
    assert line.standing is Standing.BAD
    with pytest.raises(LookupError):
        take_meetings(
            site=site,
            new=[MeetingHistory(tandem_id=tandem.pk, held_on=ON, minutes=60, place="online")],
            changed={},
            by=Actor(user_id=None),
            at=AT,
        )


# --- state and end of a stored tandem -------------------------------------------------------

ENDED = {**PAIR, "ended_on": date(2026, 9, 1), "end_reason": "Umzug"}


def test_an_end_that_a_list_tells_is_a_difference_and_ends_the_tandem_by_its_one_door(
    site: Site, by: Actor, lea: Person, sara: Person
) -> None:
    taken(site, by, PAIR)
    (line,) = read(TANDEMS, site, ENDED)
    assert line.standing is Standing.CHANGED
    assert [(each.title, each.before, each.after) for each in line.differences] == [
        ("Stand", "aktiv", "beendet"),
        ("Beendet am", "", "01.09.2026"),
        ("Grund des Endes", "", "weggezogen"),
    ]
    TANDEMS.take([line], site=site, by=by, at=AT)
    tandem = Tandem.objects.get()
    assert (tandem.state, tandem.ended_on, tandem.end_reason) == (
        State.ENDED,
        date(2026, 9, 1),
        EndReason.MOVED_AWAY,
    )
    assert set(tandem.participants.values_list("left_on", flat=True)) == {date(2026, 9, 1)}
    end = TandemStep.objects.get(step="end")
    assert (end.from_state, end.by_id, end.at) == (State.ACTIVE, by.user_id, AT)
    assert AuditEntry.objects.filter(action="tandems.end").count() == 1
    assert standings(read(TANDEMS, site, ENDED)) == [Standing.UNCHANGED]
    # An end is not said anew by a list, and not taken away.
    for row in (
        PAIR,
        {**ENDED, "ended_on": date(2026, 9, 2)},
        {**ENDED, "end_reason": "Ziel erreicht"},
    ):
        assert standings(read(TANDEMS, site, row)) == [Standing.BAD]


def test_a_tandem_decided_here_ends_by_a_list_too(site: Site, by: Actor, lea: Person) -> None:
    sara = MenteeFactory.create(site=site, first_name="Sara", last_name="Linde")
    kind, focus, field = (
        model.objects.get(programme=site.programme) for model in (TandemKind, Focus, SupportField)
    )
    tandem = tandem_of(
        lea,
        sara,
        created_at=datetime(2026, 3, 1, 9, tzinfo=UTC),
        kind=kind,
        focus=focus,
        field=field,
    )
    row = {**PAIR, "places": 1, "state": "beendet", "ended_on": ON, "end_reason": "Ziel erreicht"}
    (line,) = read(TANDEMS, site, row)
    assert line.standing is Standing.CHANGED
    (other,) = read(TANDEMS, site, {**row, "why": "Anders"})
    assert other.standing is Standing.BAD
    TANDEMS.take([line], site=site, by=by, at=AT)
    tandem.refresh_from_db()
    assert tandem.state == State.ENDED


def test_what_the_guards_have_against_an_end_comes_back_with_the_row(
    site: Site, by: Actor, lea: Person, sara: Person
) -> None:
    taken(site, by, PAIR)
    (line,) = read(TANDEMS, site, {**ENDED, "end_reason": "Ziel erreicht"})
    assert line.standing is Standing.BAD
    assert [each.header for each in line.problems] == ["Grund des Endes"]
    taken(site, by, MET, kind=MEETINGS)
    assert standings(read(TANDEMS, site, {**ENDED, "end_reason": "Ziel erreicht"})) == [
        Standing.CHANGED
    ]
    (line,) = read(TANDEMS, site, {**ENDED, "ended_on": date(2026, 3, 7)})
    assert [each.header for each in line.problems] == ["Beendet am"]


def test_a_state_that_a_list_tells_is_reached_by_a_step_or_not_at_all(
    site: Site, by: Actor, lea: Person, sara: Person
) -> None:
    taken(site, by, PAIR)
    paused = {**PAIR, "state": "Pause", "why": "Prüfungen"}
    (line,) = read(TANDEMS, site, paused)
    assert [(each.title, each.after) for each in line.differences] == [
        ("Stand", "Pause"),
        ("Warum diese beiden", "Prüfungen"),
    ]
    TANDEMS.take([line], site=site, by=by, at=AT)
    tandem = Tandem.objects.get()
    assert (tandem.state, tandem.why) == (State.PAUSED, "Prüfungen")
    assert AuditEntry.objects.filter(action="tandems.pause").count() == 1
    # Nobody said a state: it stays. No step leads from the pause back to the trial.
    assert standings(read(TANDEMS, site, PAIR)) == [Standing.UNCHANGED]
    (line,) = read(TANDEMS, site, {**PAIR, "state": "Probe"})
    assert (line.standing, line.problems[0].header) == (Standing.BAD, "Stand")
    # To go on needs what it needs on the page: with a minor, a record check.
    Person.objects.filter(pk=sara.pk).update(birth_date=date(2014, 3, 1))
    (line,) = read(TANDEMS, site, {**PAIR, "state": "aktiv"})
    assert "Führungszeugnis" in problems([line])[0]


def test_somebody_who_decided_otherwise_since_the_preview_is_noticed(
    site: Site, by: Actor, lea: Person, sara: Person
) -> None:
    taken(site, by, PAIR)
    (shown,) = read(TANDEMS, site, ENDED)
    Tandem.objects.update(state=State.PAUSED)
    (now,) = read(TANDEMS, site, {**ENDED, "state": "beendet"})
    assert now.standing is Standing.CHANGED
    assert shown.fingerprint == now.fingerprint  # it still ends on that day, for that reason
    TANDEMS.take([now], site=site, by=by, at=AT)
    with pytest.raises(CannotMove):
        TANDEMS.take([shown], site=site, by=by, at=AT)


def test_meetings_of_the_same_file_know_of_the_end(
    site: Site, by: Actor, lea: Person, sara: Person
) -> None:
    taken(site, by, PAIR)
    beside: dict[str, list[Line]] = {"tandems": read(TANDEMS, site, ENDED)}
    after, before = {**MET, "held_on": date(2026, 9, 2)}, {**MET, "held_on": date(2026, 9, 1)}
    assert standings(read(MEETINGS, site, after, before, beside=beside)) == [
        Standing.BAD,
        Standing.NEW,
    ]


def test_meetings_find_their_tandem(site: Site, by: Actor, lea: Person, sara: Person) -> None:
    past = {**PAIR, "ended_on": date(2026, 4, 1), "end_reason": "Umzug", "file_id": "T-1"}
    taken(site, by, past, {**PAIR, "began_on": date(2026, 5, 1)})
    rows = [
        MET,
        {**MET, "held_on": date(2026, 6, 1)},
        {**MET, "held_on": date(2026, 4, 15)},
        {**MET, "held_on": date(2026, 1, 15)},
        {"file_id": "T-1", "held_on": date(2026, 3, 9), "minutes": 30, "place": "Telefon"},
        {"file_id": "T-1", "held_on": date(2026, 7, 9), "minutes": 30},
        {"file_id": "T-9", "held_on": date(2026, 3, 9), "minutes": 30},
        {**MET, "mentee": "Niemand"},
        MET,
        {**MET, "minutes": 2},
    ]
    lines = read(MEETINGS, site, *rows)
    good = [line.number for line in lines if line.standing is Standing.NEW]
    assert good == [2, 3, 6]
    assert len(problems(lines)) == 7
    MEETINGS.take(
        [line for line in lines if line.standing is Standing.NEW], site=site, by=by, at=AT
    )
    first, second = Tandem.objects.order_by("created_at")
    assert (first.meeting_count, first.founded_on) == (2, date(2026, 3, 8))
    assert (first.last_meeting_on, second.meeting_count) == (date(2026, 3, 9), 1)
    assert {meeting.came.count() for meeting in Meeting.objects.all()} == {2}
    assert Meeting.objects.get(minutes=30).place == "phone"
    again = read(MEETINGS, site, *rows)
    assert [line.number for line in again if line.standing is Standing.UNCHANGED] == good


def test_meetings_of_tandems_that_do_not_fit(
    site: Site, by: Actor, lea: Person, sara: Person
) -> None:
    other = MenteeFactory.create(site=site, first_name="Mo", last_name="Ulme")
    assert "kein Tandem" in problems(read(MEETINGS, site, {**MET, "mentee": "Mo Ulme"}))[0]
    tandem_of(lea, other)
    (line,) = read(MEETINGS, site, {**MET, "mentee": "Mo Ulme", "held_on": date(2026, 10, 9)})
    assert "Seite des Tandems" in line.problems[0].sentence
    said = {**PAIR, "kind": "Chance", "focus": "Bildung", "field": "Schule"}
    taken(site, by, said)
    Tandem.objects.filter(taken_over_at=AT).update(taken_over_at=AT - timedelta(days=30))
    (line,) = read(MEETINGS, site, {**MET, "held_on": date(2026, 11, 20)})
    assert line.standing is Standing.BAD
    # Two tandems of the same two on one day: only the number tells them apart.
    overlapping = {**said, "began_on": date(2026, 2, 1), "ended_on": date(2026, 4, 1)}
    taken(site, by, {**overlapping, "end_reason": "Umzug", "file_id": "T-2"})
    (line,) = read(MEETINGS, site, MET)
    assert line.standing is Standing.BAD
    assert "Nummer" in line.problems[0].sentence


def test_a_corrected_meeting_is_shown_as_a_difference(
    site: Site, by: Actor, lea: Person, sara: Person
) -> None:
    taken(site, by, PAIR)
    rows = [MET, {**MET, "minutes": 30, "place": "online", "topic": "Mathe"}]
    taken(site, by, *rows, kind=MEETINGS)
    changed = [rows[1], {**MET, "minutes": 75}]
    lines = read(MEETINGS, site, *changed)
    assert standings(lines) == [Standing.UNCHANGED, Standing.CHANGED]
    assert [(each.title, each.before, each.after) for each in lines[1].differences] == [
        ("Dauer", "60", "75")
    ]
    taken(site, by, *changed, kind=MEETINGS)
    assert sorted(Meeting.objects.values_list("minutes", flat=True)) == [30, 75]
    assert Tandem.objects.get().meeting_count == 2
    assert AuditEntry.objects.filter(action="tandems.take_meetings").count() == 2


def test_people_the_same_file_brings_are_known_before_they_are_stored(site: Site) -> None:
    from patenwerk.people.domain.importing import MENTEES, MENTORS

    person = {"postcode": "04109", "languages": "Deutsch C1"}
    born = {**person, "birth_date": date(2000, 1, 2)}
    mentors = read(MENTORS, site, {**born, "name": "Lea Birke"}, {**person, "name": ""})
    mentees = read(MENTEES, site, {**born, "name": "Sara Linde", "file_id": "K-1"})
    beside: dict[str, list[Line]] = {Side.MENTOR.value: mentors, Side.MENTEE.value: mentees}
    tandems = read(TANDEMS, site, {**PAIR, "mentee": None, "mentee_id": "K-1"}, beside=beside)
    assert standings(tandems) == [Standing.NEW]
    met = {**MET, "mentor_id": None, "mentor": "Lea Birke"}
    beside["tandems"] = [*tandems, *read(TANDEMS, site, {**PAIR, "mentee": "Niemand"})]
    assert standings(read(MEETINGS, site, met, beside=beside)) == [Standing.NEW]
    # Nothing of it is stored: taking it alone is a mistake of the caller.
    with pytest.raises(LookupError):
        TANDEMS.take(tandems, site=site, by=Actor(user_id=None), at=AT)
    with pytest.raises(LookupError, match="is not stored yet"):
        MEETINGS.take(
            read(MEETINGS, site, met, beside=beside), site=site, by=Actor(user_id=None), at=AT
        )


def test_columns_are_recognised_and_named(site: Site) -> None:
    assert TANDEMS.title(site.programme) == "Tandems"
    assert MEETINGS.title(site.programme) == "Treffen"
    for kind in (TANDEMS, MEETINGS):  # no header means two things
        words = [header for column in kind.column_list for header in column.headers]
        keys = {header_key(word) for word in words}
        assert len(header_words(kind.column_list)) == len(keys)
        meant = [set(map(header_key, column.headers)) for column in kind.column_list]
        assert sum(map(len, meant)) == len(keys)
    headers = ["Mentor*in", "Mentee", "gestiftet am", "Unfug"]
    found = [each.column for each in TANDEMS.suggest(headers, {})]
    assert found == ["mentor", "mentee", "began_on", ""]
    assert TANDEMS.missing({"mentor_id", "began_on"}) == ["Mentee"]
    assert MEETINGS.missing({"file_id", "held_on"}) == ["Dauer"]
    assert MEETINGS.missing({"held_on", "minutes"}) == ["Mentor*in", "Mentee"]
    dated = {each.name for each in TANDEMS.columns() if each.has_dates}
    assert dated == {"began_on", "expected_end_on", "ended_on"}
    with translation.override("en"):
        assert title_of("ended_on") == "Ended on"
    assert TANDEMS.taken_url(site).endswith(f"?site={site.pk}")


@pytest.mark.parametrize("count", [1, 3])
def test_comparing_takes_as_many_queries_for_many_rows(
    site: Site, by: Actor, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows, met = [], []
    for number in range(count):
        MentorFactory.create(site=site, file_id=f"M-{number}")
        MenteeFactory.create(site=site, file_id=f"K-{number}")
        who = {"mentor_id": f"M-{number}", "mentee_id": f"K-{number}"}
        rows.append({**who, "began_on": date(2026, 3, 1)})
        met.append({**who, "held_on": date(2026, 3, 8), "minutes": 60})
    taken(site, by, *rows)
    taken(site, by, *met, kind=MEETINGS)
    with django_assert_num_queries(10):  # words twice, people, fields, tandems, participants
        read(TANDEMS, site, *rows)
    with django_assert_num_queries(12):  # the same, the meetings, and who came
        read(MEETINGS, site, *met)


def test_a_group_stands_in_one_row_and_goes_out_as_it_came(site: Site, by: Actor) -> None:
    kind = TandemKind.objects.get(programme=site.programme)
    kind.most_mentees = 4
    kind.save()
    names = {"Ali Haddad": "K1", "Bea Haddad": "K2", "Cem Haddad": ""}
    for name, number in names.items():
        first, last = name.split()
        MenteeFactory.create(site=site, first_name=first, last_name=last, file_id=number)
    for first in ("Vera", "Udo", "Rita"):
        MentorFactory.create(site=site, first_name=first, last_name="Moos", file_id="")
    group = {
        "file_id": "G1",
        "mentor": "Moos, Vera; Udo Moos",
        "mentee": "; ; Cem Haddad",
        "mentee_id": "K1; K2",
        "substitute": "Rita Moos",
        "group": "Familie Haddad",
        "places": "4 Plätze",
        "began_on": date(2026, 3, 1),
    }
    (line,) = read(TANDEMS, site, group)
    assert line.standing is Standing.NEW, line.problems
    TANDEMS.take([line], site=site, by=by, at=AT)
    tandem = Tandem.objects.get()
    assert (tandem.name, tandem.places) == ("Familie Haddad", 4)
    seats = tandem.participants.values_list("person__first_name", "side", "is_substitute")
    assert set(seats) == {
        ("Vera", "mentor", False),
        ("Udo", "mentor", False),
        ("Rita", "mentor", True),
        ("Ali", "mentee", False),
        ("Bea", "mentee", False),
        ("Cem", "mentee", False),
    }
    assert standings(read(TANDEMS, site, group)) == [Standing.UNCHANGED]
    (row,) = TANDEMS.export(site)
    assert list(row)[1:9] == [
        "Vera Moos; Udo Moos",
        "; ".join(number_of(Person.objects.get(first_name=name)) for name in ("Vera", "Udo")),
        "Ali Haddad; Bea Haddad; Cem Haddad",
        "K1; K2; " + number_of(Person.objects.get(first_name="Cem")),
        "Rita Moos",
        number_of(Person.objects.get(first_name="Rita")),
        "Familie Haddad",
        4,
    ]
    (changed,) = read(TANDEMS, site, {**group, "group": "Haddad", "places": 3})
    assert changed.standing is Standing.CHANGED
    assert [each.after for each in changed.differences] == ["Haddad", "3"]
    (meeting,) = read(
        MEETINGS, site, {**group, "file_id": "", "held_on": date(2026, 3, 2), "minutes": 60}
    )
    assert meeting.standing is Standing.NEW, meeting.problems


@pytest.mark.parametrize(
    ("said", "column", "sentence"),
    [
        ({"mentee": "Ali Haddad; Ali Haddad"}, "Mentee", "jede Person einmal"),
        ({"substitute": "Vera Moos"}, "Vertretung", "jede Person einmal"),
        ({"places": 2}, "Plätze", "höchstens"),
        ({"places": 0}, "places", "0"),
        ({"mentee": "Ali Haddad; Bea Haddad"}, "Art", "nur eine Person begleitet"),
    ],
)
def test_a_group_that_cannot_be_is_said_so(
    site: Site, said: dict[str, object], column: str, sentence: str
) -> None:
    for first in ("Ali", "Bea"):
        MenteeFactory.create(site=site, first_name=first, last_name="Haddad", file_id="")
    MentorFactory.create(site=site, first_name="Vera", last_name="Moos", file_id="")
    row = {"mentor": "Vera Moos", "mentee": "Ali Haddad", "began_on": date(2026, 3, 1), **said}
    with translation.override("de"):
        (line,) = read(TANDEMS, site, row)
    assert line.standing is Standing.BAD
    assert [problem.header for problem in line.problems] == [column]
    assert sentence in line.problems[0].sentence


def test_a_meeting_that_was_understood_has_a_day(site: Site) -> None:
    with pytest.raises(LookupError, match="Row 2"):
        MEETINGS.compare([ParsedRow(number=2, values={}, problems=())], site=site, on=ON, beside={})
