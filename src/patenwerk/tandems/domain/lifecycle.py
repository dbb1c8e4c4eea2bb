"""The states of a tandem and the steps between them, with what may stand in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from patenwerk.core.clock import day_of
from patenwerk.core.lifecycle import Lifecycle, Step, StepRequest
from patenwerk.core.refusal import Reason
from patenwerk.people.models import Person
from patenwerk.tandems.enums import EndReason, State
from patenwerk.tandems.models import Tandem, TandemStep
from patenwerk.tandems.queries.participant import there_now, waiting
from patenwerk.tandems.queries.protection import (
    minors_without_consent,
    minors_without_valid_check,
)

#: Reasons that a tandem which never met may end with.
BEFORE_THE_FIRST_MEETING = frozenset(
    {
        EndReason.DECLINED,
        EndReason.MOVED_AWAY,
        EndReason.NO_TIME,
        EndReason.NO_CONTACT,
        EndReason.DID_NOT_FIT,
        EndReason.BY_ORGANISATION,
        EndReason.OTHER,
    }
)


def everybody_said_yes(request: StepRequest) -> Iterable[Reason]:
    """Both sides answer on their own; nobody is decided for."""
    if waiting(request.thing).exists():
        yield Reason("not_accepted", _("Somebody has not said yes yet."))


def minors_are_protected(request: StepRequest) -> Iterable[Reason]:
    """Contact with minors needs an inspected, valid record check (§ 72a SGB VIII)."""
    mentors = minors_without_valid_check(
        [row.person for row in there_now(request.thing).select_related("person")],
        on=day_of(request.at),
    )
    for mentor in mentors:
        yield needs_record_check(mentor)


def needs_record_check(mentor: Person) -> Reason:
    """The refusal where somebody without a valid record check would meet minors."""
    return Reason(
        "record_check",
        _("The record check of %(name)s is missing or too old. Please inspect it first.")
        % {"name": mentor.full_name},
    )


def minors_have_consent(request: StepRequest) -> Iterable[Reason]:
    """Where a site's rules want it, minors take part with a recorded consent only."""
    people = [row.person for row in there_now(request.thing).select_related("person")]
    for person in minors_without_consent(people, on=day_of(request.at)):
        yield needs_consent(person)


def needs_consent(person: Person) -> Reason:
    """The refusal where a minor would take part without a consent on record."""
    sentence = (
        _(
            "%(name)s has no consent in force to take part, and no date of birth. Please enter "
            "the date of birth, or record the consent first."
        )
        if person.birth_date is None
        else _("%(name)s has no consent in force to take part. Please record it first.")
    )
    return Reason("consent", sentence % {"name": person.full_name})


def they_have_met(request: StepRequest) -> Iterable[Reason]:
    """The trial is for meeting each other."""
    if request.thing.meeting_count == 0:
        yield Reason("no_meeting", _("Please log the first meeting before the trial ends."))


def end_is_said_properly(request: StepRequest) -> Iterable[Reason]:
    """An end has a coded reason that fits, and a day that can be true."""
    tandem: Tandem = request.thing
    reason = request.facts.get("reason", "")
    ended_on: date | None = request.facts.get("ended_on")
    if not reason:
        yield Reason("no_reason", _("Please say why the tandem ends."), "reason")
    elif tandem.meeting_count == 0 and reason not in BEFORE_THE_FIRST_MEETING:
        yield Reason(
            "reason_needs_meeting",
            _("This reason needs at least one meeting. Please choose another one."),
            "reason",
        )
    elif reason == EndReason.DECLINED and tandem.state != State.PROPOSED:
        yield Reason(
            "declined_too_late",
            _("»One side said no« is for proposals. Please choose another reason."),
            "reason",
        )
    if ended_on is None or ended_on > day_of(request.at):
        yield Reason("end_in_future", _("The end cannot lie in the future."), "ended_on")
    elif tandem.last_meeting_on is not None and ended_on < tandem.last_meeting_on:
        yield Reason("end_before_meeting", _("There is a meeting after this day."), "ended_on")
    elif ended_on < day_of(tandem.created_at):
        yield Reason("end_before_start", _("The tandem was proposed after this day."), "ended_on")


def _scope(tandem: Tandem) -> Mapping[str, Any]:
    return {
        "tandem": tandem,
        "programme_id": tandem.programme_id,
        "carrier_id": tandem.carrier_id,
        "site_id": tandem.site_id,
    }


LIFECYCLE = Lifecycle(
    name="tandem",
    model=Tandem,
    event_model=TandemStep,
    event_scope=_scope,
    steps=(
        Step(
            "agree",
            _("Everybody has said yes"),
            frozenset({State.PROPOSED}),
            State.AGREED,
            (everybody_said_yes,),
        ),
        Step(
            "start_trial",
            _("Start the trial"),
            frozenset({State.AGREED}),
            State.TRIAL,
            (minors_are_protected, minors_have_consent),
        ),
        Step(
            "activate",
            _("Everybody wants to go on"),
            frozenset({State.TRIAL}),
            State.ACTIVE,
            (they_have_met, minors_are_protected, minors_have_consent),
        ),
        Step("pause", _("Enter a pause"), frozenset({State.ACTIVE}), State.PAUSED),
        Step(
            "resume",
            _("Go on after the pause"),
            frozenset({State.PAUSED}),
            State.ACTIVE,
            (minors_are_protected, minors_have_consent),
        ),
        Step(
            "end",
            _("End the tandem"),
            frozenset({State.PROPOSED, State.AGREED, State.TRIAL, State.ACTIVE, State.PAUSED}),
            State.ENDED,
            (end_is_said_properly,),
        ),
    ),
)
