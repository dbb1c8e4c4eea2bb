"""The states of minutes and the steps between them, with what may stand in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from patenwerk.core.clock import day_of
from patenwerk.core.lifecycle import Lifecycle, Step, StepRequest
from patenwerk.core.refusal import Reason
from patenwerk.gatherings.enums import OVER, MinutesState, ObjectionState
from patenwerk.gatherings.models import Gathering, Minutes, MinutesStep


def gathering_is_over(request: StepRequest) -> Iterable[Reason]:
    """Minutes are sent of what has taken place."""
    if request.thing.gathering.state not in OVER:
        yield Reason("not_held", _("Please say first that the gathering has taken place."))


def something_is_written(request: StepRequest) -> Iterable[Reason]:
    """Empty minutes tell nobody anything."""
    minutes: Minutes = request.thing
    written = minutes.sections.exclude(text="").exists()
    if not written and not minutes.gathering.decisions.exists():
        yield Reason("nothing_written", _("Nothing has been written yet."))


def term_lies_ahead(request: StepRequest) -> Iterable[Reason]:
    """Carriers need time to read."""
    until = request.facts.get("objections_until")
    if until is not None and until <= day_of(request.at):
        sentence = _("Please leave the carriers time to read: at least until tomorrow.")
        yield Reason("no_time", sentence, "objections_until")


def objections_are_answered(request: StepRequest) -> Iterable[Reason]:
    """Every objection gets an answer in words."""
    if request.thing.objections.filter(state=ObjectionState.OPEN).exists():
        yield Reason("open_objections", _("There are objections without an answer."))


def time_to_object_is_over(request: StepRequest) -> Iterable[Reason]:
    """The term is over, or the circle itself approves in a later gathering of the series."""
    minutes: Minutes = request.thing
    later: Gathering | None = request.facts.get("approved_in")
    if later is None:
        until = minutes.objections_until
        if until is not None and day_of(request.at) <= until:
            sentence = _("The term for objections is not over yet.")
            yield Reason("term_runs", sentence)
        return
    earlier = minutes.gathering
    if (
        later.series_id is None
        or later.series_id != earlier.series_id
        or later.starts_at <= earlier.starts_at
        or later.starts_at > request.at
    ):
        sentence = _("Please choose a later gathering of the same series that has begun.")
        yield Reason("other_gathering", sentence, "approved_in")


def _scope(minutes: Minutes) -> Mapping[str, Any]:
    return {"minutes": minutes, **minutes.organiser_columns}


MINUTES_STEPS = Lifecycle(
    name="minutes",
    model=Minutes,
    event_model=MinutesStep,
    event_scope=_scope,
    steps=(
        Step(
            "send",
            _("Send to the circle"),
            frozenset({MinutesState.DRAFT, MinutesState.OBJECTED}),
            MinutesState.SENT,
            (gathering_is_over, something_is_written, objections_are_answered, term_lies_ahead),
        ),
        Step("object", _("Object"), frozenset({MinutesState.SENT}), MinutesState.OBJECTED),
        Step(
            "approve",
            _("Approve"),
            frozenset({MinutesState.SENT, MinutesState.OBJECTED}),
            MinutesState.APPROVED,
            (objections_are_answered, time_to_object_is_over),
        ),
        Step("lock", _("Lock"), frozenset({MinutesState.APPROVED}), MinutesState.LOCKED),
    ),
)
