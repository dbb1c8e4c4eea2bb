"""One group at the first site: it meets, and has a free place that matching can fill."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from patenwerk.core.clock import day_of
from patenwerk.demo.domain.organisations import Stage
from patenwerk.demo.kernel.crowd import Crowd
from patenwerk.demo.kernel.dice import Dice
from patenwerk.people.domain.person import take_rows
from patenwerk.people.domain.person_values import PersonValues
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.tandems.domain.meeting import MeetingValues, log_meetings
from patenwerk.tandems.domain.tandem import (
    TandemValues,
    propose_tandem,
    record_answer,
    take_step,
)
from patenwerk.tandems.enums import Acceptance

KIND = "gruppenpatenschaft"
NAME = "Lesekreis am Kanal"
MENTEES, PLACES = 3, 4
DAYS_AGO = 34
MEETINGS = (7, 14, 28)
"""Days after the proposal."""


def a_group_reads(stage: Stage, on: date, at: datetime) -> None:
    """Adults who read together: proposed, agreed, met three times, one place is free."""
    site, by = stage.sites[0], stage.coordinators[0]
    begin = at - timedelta(days=DAYS_AGO)
    crowd = Crowd(Dice(f"group {on}"), day_of(begin))
    people: dict[Side, list[Person]] = {}
    for side, count in ((Side.MENTOR, 1), (Side.MENTEE, MENTEES)):
        plans = [crowd.join(0, side, before=day_of(begin), minor=False) for _one in range(count)]
        new = [PersonValues(**{**plan.values, "file_id": ""}) for plan in plans]  # type: ignore[arg-type]
        taken = take_rows(site=site, side=side, new=new, changed={}, by=by, at=begin)
        people[side] = list(Person.objects.filter(pk__in=taken.new).order_by("pk"))
    tandem = propose_tandem(
        site=site,
        mentors=people[Side.MENTOR],
        mentees=people[Side.MENTEE],
        values=TandemValues(
            kind=stage.kinds[KIND],
            focus=stage.focuses["chancen"],
            field=stage.fields["sprache"],
            why="Alle lesen gern und wollen sicherer sprechen.",
            name=NAME,
            places=PLACES,
        ),
        by=by,
        at=begin,
    )
    for row in tandem.participants.all():
        record_answer(participant=row, acceptance=Acceptance.ACCEPTED, by=by, at=begin)
    take_step(tandem=tandem, step="start_trial", by=by, at=begin)
    log_meetings(
        tandem=tandem,
        meetings=[
            MeetingValues(
                held_on=day_of(begin) + timedelta(days=days),
                minutes=90,
                topic="zusammen gelesen",
                came=list(tandem.participants.all()),
            )
            for days in MEETINGS
        ],
        by=by,
        at=at,
    )
    take_step(tandem=tandem, step="activate", by=by, at=at)
