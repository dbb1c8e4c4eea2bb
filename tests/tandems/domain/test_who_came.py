"""Who came to a meeting: told by a list, compared with what is stored, out again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from patenwerk.core.policy import Actor
from patenwerk.imports.domain.kinds import Line
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Site, TandemKind
from patenwerk.people.models import Person
from patenwerk.tandems.domain.meeting_list import MEETINGS
from patenwerk.tandems.domain.member_list import MEMBERS
from patenwerk.tandems.domain.tandem_list import TANDEMS
from patenwerk.tandems.enums import Acceptance
from patenwerk.tandems.models import Meeting, Participant
from tests.factories.organisations import SiteFactory
from tests.factories.people import MenteeFactory
from tests.factories.tandems import ParticipantFactory
from tests.tandems.domain.lists import problems, read, standings, taken

pytestmark = pytest.mark.django_db
GROUP = {
    "file_id": "G-1",
    "mentor": "Lea Birke",
    "mentee": "Sara Linde; Mo Ulme",
    "group": "Familie Linde",
    "began_on": date(2026, 3, 1),
}
DAY = date(2026, 4, 1)
MET: dict[str, Any] = {"file_id": "G-1", "held_on": DAY, "minutes": 60}


@pytest.fixture(autouse=True)
def _group(site: Site, lea: Person, sara: Person) -> None:
    TandemKind.objects.update(most_mentees=5)
    MenteeFactory.create(site=site, first_name="Mo", last_name="Ulme", file_id="K-2")


def came() -> list[set[str]]:
    meetings = Meeting.objects.order_by("held_on", "pk")
    return [{row.person.first_name for row in one.came.all()} for one in meetings]


def test_whoever_is_named_came_and_nobody_named_is_everybody(site: Site, by: Actor) -> None:
    taken(site, by, GROUP)
    rows = [
        {**MET, "came": "M-1; Linde, Sara"},
        {**MET, "held_on": date(2026, 4, 2), "came": "Lea Birke; ; K-2"},
        {**MET, "held_on": date(2026, 4, 3), "came": None},
        {**MET, "held_on": date(2026, 4, 4), "came": "K-2; M-1; Sara Linde"},
    ]
    (line, *_rest) = read(MEETINGS, site, *rows)
    assert line.words()["came"] == "M-1; Linde, Sara"
    taken(site, by, *rows, kind=MEETINGS)
    everybody = {"Lea", "Sara", "Mo"}
    assert came() == [{"Lea", "Sara"}, {"Lea", "Mo"}, everybody, everybody]
    assert standings(read(MEETINGS, site, *rows)) == [Standing.UNCHANGED] * 4
    assert [list(row)[-1] for row in MEETINGS.export(site)][1:] == ["Mo Ulme; Lea Birke", "", ""]
    # A list that does not say who came changes nothing about it.
    unsaid = [{name: row[name] for name in MET} for row in rows]
    assert standings(read(MEETINGS, site, *unsaid)) == [Standing.UNCHANGED] * 4


def test_who_came_is_a_difference(site: Site, by: Actor) -> None:
    taken(site, by, GROUP)
    taken(site, by, {**MET, "came": "M-1; Sara Linde"}, kind=MEETINGS)
    for said, after, there in (
        ("M-1; K-2", "Mo Ulme und Lea Birke", {"Lea", "Mo"}),
        (None, "Mo Ulme, Lea Birke und Sara Linde", {"Lea", "Mo", "Sara"}),
    ):
        (line,) = read(MEETINGS, site, {**MET, "came": said})
        assert line.standing is Standing.CHANGED
        assert [(each.title, each.after) for each in line.differences] == [("Wer kam", after)]
        taken(site, by, {**MET, "came": said}, kind=MEETINGS)
        assert came() == [there]
    # Something else is corrected, and nothing is said of who came.
    taken(site, by, {**MET, "came": "M-1; K-2"}, kind=MEETINGS)
    taken(site, by, {**MET, "minutes": 90}, kind=MEETINGS)
    assert came() == [{"Lea", "Mo"}]
    assert Meeting.objects.get().minutes == 90


@pytest.mark.parametrize("said", ["Ben Esche", "K-9", "Sara Linde; Ben Esche"])
def test_who_did_not_take_part_that_day_is_refused(site: Site, by: Actor, said: str) -> None:
    ben = MenteeFactory.create(site=site, first_name="Ben", last_name="Esche")
    taken(site, by, GROUP)
    (sentence,) = problems(read(MEETINGS, site, {**MET, "came": said}))
    assert "war an diesem Tag nicht Teil dieses Tandems" in sentence
    # Who had left before, or came later, neither.
    tandem = Participant.objects.get(person__first_name="Mo").tandem
    ParticipantFactory.create(
        tandem=tandem,
        person=ben,
        acceptance=Acceptance.ACCEPTED,
        answered_on=date(2026, 4, 2),
        joined_on=date(2026, 4, 2),
        left_on=date(2026, 4, 8),
    )
    row = {**MET, "came": "Ben Esche"}
    for day, standing in (
        (1, Standing.BAD),
        (2, Standing.NEW),
        (8, Standing.NEW),
        (9, Standing.BAD),
    ):
        (line,) = read(MEETINGS, site, {**row, "held_on": date(2026, 4, day)})
        assert line.standing is standing


def test_two_of_one_name_are_told_apart_by_number(site: Site, by: Actor) -> None:
    MenteeFactory.create(site=site, first_name="Mo", last_name="Ulme", file_id="K-3")
    taken(site, by, {**GROUP, "mentee": "Mo Ulme; Mo Ulme", "mentee_id": "K-2; K-3"})
    (sentence,) = problems(read(MEETINGS, site, {**MET, "came": "Lea Birke; Mo Ulme"}))
    assert sentence == "Mehrere Menschen heißen »Mo Ulme«. Bitte ergänzen Sie die Nummer."
    taken(site, by, {**MET, "came": "Lea Birke; K-3"}, kind=MEETINGS)
    (meeting,) = Meeting.objects.all()
    assert set(meeting.came.values_list("person__file_id", flat=True)) == {"M-1", "K-3"}
    assert [row[-1] for row in MEETINGS.export(site)] == ["K-3; Lea Birke"]


def test_whom_the_same_file_brings_can_have_come(site: Site, by: Actor) -> None:
    MenteeFactory.create(site=site, first_name="Ben", last_name="Esche")
    late = {
        "file_id": "G-1",
        "person": "Ben Esche",
        "role": "wird begleitet",
        "joined_on": date(2026, 3, 9),
        "left_on": date(2026, 7, 1),
    }
    beside: dict[str, list[Line]] = {"tandems": read(TANDEMS, site, GROUP)}
    beside["members"] = read(MEMBERS, site, late, {**late, "role": ""}, beside=beside)
    row = {**MET, "came": "Lea Birke; Ben Esche"}
    (before,) = read(MEETINGS, site, row, beside=beside)
    assert before.standing is Standing.NEW, before.problems
    (too_late,) = read(MEETINGS, site, {**row, "held_on": date(2026, 7, 2)}, beside=beside)
    assert too_late.standing is Standing.BAD
    taken(site, by, GROUP)
    taken(site, by, late, kind=MEMBERS)
    (now,) = read(MEETINGS, site, row)
    assert now.fingerprint == before.fingerprint
    taken(site, by, row, kind=MEETINGS)
    assert came() == [{"Lea", "Ben"}]


def test_where_other_sites_take_part_lists_say_nothing_of_who_came(site: Site, by: Actor) -> None:
    taken(site, by, GROUP)
    taken(site, by, {**MET, "came": "M-1; K-2"}, kind=MEETINGS)
    elsewhere = SiteFactory.create(carrier=site.carrier)
    far = MenteeFactory.create(site=elsewhere, first_name="Ferne", last_name="Kanarie")
    Participant.objects.filter(person__file_id="K-2").update(person=far, site=elsewhere)
    (row,) = MEETINGS.export(site)
    assert "Kanarie" not in str(row[-1])
    assert row[-1] == ""
    met = {**MET, "came": "Ferne Kanarie"}
    assert standings(read(MEETINGS, site, met)) == [Standing.UNCHANGED]
