"""Playing the plan: every event becomes a call of the domain function a coordinator would cause."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from patenwerk.core.clock import BERLIN
from patenwerk.core.policy import Actor
from patenwerk.demo.domain.organisations import Stage
from patenwerk.demo.kernel.plan import (
    Answer,
    End,
    Event,
    Inspect,
    Leave,
    Log,
    MeetingPlan,
    Move,
    Propose,
    TakeIn,
    TandemPlan,
    WaitAgain,
)
from patenwerk.people.domain.person import archive_person, change_person, take_rows, values_of
from patenwerk.people.domain.person_values import PersonValues
from patenwerk.people.domain.record_check import (
    Inspected,
    inspect_record_check,
    take_record_checks,
)
from patenwerk.people.models import Person
from patenwerk.tandems.domain.meeting import MeetingValues, log_meetings
from patenwerk.tandems.domain.tandem import (
    TandemValues,
    end_tandem,
    propose_tandem,
    record_answer,
    restart_tandem,
    take_step,
)
from patenwerk.tandems.enums import Acceptance
from patenwerk.tandems.models import Participant, Tandem

MONTH = timedelta(days=30)
OPENS = time(9)
SECONDS_APART = 20

Watch = Callable[[int], None]
"""Told how many events were played."""


class Play:
    """Plays events in their order. Needs an open transaction."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.people: dict[int, Person] = {}
        self.tandems: dict[int, Tandem] = {}
        self.participants: dict[int, dict[str, Participant]] = {}
        self._doing: dict[type[Any], Callable[[Any, datetime], None]] = {
            TakeIn: self._take_in,
            Inspect: self._inspect,
            Propose: self._propose,
            Answer: self._answer,
            Move: self._move,
            Log: self._log,
            End: self._end,
            Leave: self._leave,
            WaitAgain: self._wait_again,
        }

    def all(self, events: Iterable[Event], *, watch: Watch) -> None:
        """Play the events, each some seconds after the one before it on its day."""
        listed = list(events)
        at = datetime.combine(listed[0].day, OPENS, BERLIN)
        for done, event in enumerate(listed):
            opens = datetime.combine(event.day, OPENS, BERLIN)
            at = max(opens, at + timedelta(seconds=SECONDS_APART))
            self._doing[type(event)](event, at)
            watch(done + 1)

    def _by(self, site: int) -> Actor:
        return self.stage.coordinators[site]

    def _take_in(self, event: TakeIn, at: datetime) -> None:
        new = [PersonValues(**person.values) for person in event.people]  # type: ignore[arg-type]
        taken = take_rows(
            site=self.stage.sites[event.site],
            side=event.side,
            new=new,
            changed={},
            by=self._by(event.site),
            at=at,
        )
        found = Person.objects.in_bulk(taken.new)
        for plan, pk in zip(event.people, taken.new, strict=True):
            self.people[plan.key] = found[pk]

    def _inspect(self, event: Inspect, at: datetime) -> None:
        person, by = self.people[event.person.key], self._by(event.person.site)
        if event.taken_over:
            take_record_checks(
                site=self.stage.sites[event.person.site],
                checks={person.pk: Inspected(event.certificate)},
                by=by,
                at=at,
            )
            return
        inspect_record_check(
            person=person,
            certificate_date=event.certificate,
            conviction_found=False,
            by=by,
            at=at,
        )

    def _propose(self, event: Propose, at: datetime) -> None:
        plan = event.tandem
        by, values = self._by(plan.site), self._values(plan)
        if plan.before is not None:
            previous = self.tandems[plan.before]
            previous.refresh_from_db()
            tandem = restart_tandem(tandem=previous, values=values, by=by, at=at)
        else:
            tandem = propose_tandem(
                site=self.stage.sites[plan.site],
                mentors=[self.people[plan.mentor.key]],
                mentees=[self.people[plan.mentee.key]],
                values=values,
                by=by,
                at=at,
            )
        self.tandems[plan.key] = tandem
        self.participants[plan.key] = {row.side: row for row in tandem.participants.all()}

    def _values(self, plan: TandemPlan) -> TandemValues:
        begin = plan.story.trial_on or plan.story.proposed_on
        return TandemValues(
            kind=self.stage.kinds[plan.story.kind],
            focus=self.stage.focuses[plan.focus],
            field=self.stage.fields[plan.field],
            why=plan.why,
            expected_end_on=begin + MONTH * plan.story.months,
        )

    def _answer(self, event: Answer, at: datetime) -> None:
        record_answer(
            participant=self.participants[event.tandem.key][event.side],
            acceptance=Acceptance.ACCEPTED if event.yes else Acceptance.DECLINED,
            by=self._by(event.tandem.site),
            at=at,
        )

    def _move(self, event: Move, at: datetime) -> None:
        tandem = self.tandems[event.tandem.key]
        take_step(tandem=tandem, step=event.step, by=self._by(event.tandem.site), at=at)

    def _log(self, event: Log, at: datetime) -> None:
        plan = event.tandem
        log_meetings(
            tandem=self.tandems[plan.key],
            meetings=[self._meeting(plan, meeting) for meeting in event.meetings],
            by=self._by(plan.site),
            at=at,
        )

    def _meeting(self, plan: TandemPlan, meeting: MeetingPlan) -> MeetingValues:
        return MeetingValues(
            held_on=meeting.held_on,
            minutes=meeting.minutes,
            place=meeting.place,
            topic=meeting.topic,
            came=list(self.participants[plan.key].values()),
        )

    def _end(self, event: End, at: datetime) -> None:
        end_tandem(
            tandem=self.tandems[event.tandem.key],
            reason=event.reason,
            ended_on=event.ended_on,
            note="",
            by=self._by(event.tandem.site),
            at=at,
        )

    def _leave(self, event: Leave, at: datetime) -> None:
        person = self.people[event.person.key]
        archive_person(person=person, by=self._by(event.person.site), at=at)

    def _wait_again(self, event: WaitAgain, at: datetime) -> None:
        person = self.people[event.person.key]
        change_person(
            person=person,
            values=replace(values_of(person), waiting_since=event.day),
            by=self._by(event.person.site),
            at=at,
        )
