"""The states of a gathering and the steps between them, with what may stand in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from patenwerk.core.lifecycle import Lifecycle, Step, StepRequest
from patenwerk.core.refusal import Reason
from patenwerk.gatherings.enums import AHEAD, Audience, MinutesState, Mode, State
from patenwerk.gatherings.models import Gathering, GatheringStep, Minutes


def place_is_known(request: StepRequest) -> Iterable[Reason]:
    """Nobody is invited without knowing where to go."""
    yield from missing_place(request.thing)


def missing_place(gathering: Any) -> list[Reason]:
    """What is missing so that people find the gathering: by its mode a place, a link, or both."""
    reasons = []
    if gathering.mode != Mode.ONLINE and not gathering.place_name:
        sentence = _("Please say where people meet.")
        reasons.append(Reason("no_place", sentence, "place_name"))
    if gathering.mode != Mode.IN_PERSON and not gathering.join_link:
        sentence = _("Please give the link to join online.")
        reasons.append(Reason("no_link", sentence, "join_link"))
    return reasons


def it_is_to_come(request: StepRequest) -> Iterable[Reason]:
    """Nobody is invited to what has begun."""
    if request.thing.starts_at <= request.at:
        yield Reason("begun", _("It has begun already. Please check the date."))


def somebody_can_come(request: StepRequest) -> Iterable[Reason]:
    """Registration needs people who may register, and time for it."""
    gathering: Gathering = request.thing
    invited = gathering.carriershares.filter(is_invited=True)
    if gathering.audience == Audience.INVITED and not invited.exists():
        yield Reason("nobody_invited", _("Please invite at least one carrier first."))
    if gathering.closes_at is not None and gathering.closes_at <= request.at:
        yield Reason("closed", _("The last moment to register is over. Please set a later one."))


def it_is_over(request: StepRequest) -> Iterable[Reason]:
    """Only what has ended has taken place."""
    if request.thing.ends_at > request.at:
        yield Reason("not_over", _("This is possible as soon as the gathering has ended."))


def somebody_has_written(request: StepRequest) -> Iterable[Reason]:
    """Documented is what can be read: approved minutes, or a note where there are none."""
    approved = Minutes.objects.filter(
        gathering=request.thing, state__in=[MinutesState.APPROVED, MinutesState.LOCKED]
    )
    if not approved.exists() and not request.facts.get("note", "").strip():
        sentence = _("The minutes are not approved yet. Without minutes, please write a note.")
        yield Reason("nothing_written", sentence, "note")


def reason_is_given(request: StepRequest) -> Iterable[Reason]:
    """Those who wanted to come read why it does not take place."""
    if not request.facts.get("reason", "").strip():
        sentence = _("Please say why. Everybody who is registered reads it.")
        yield Reason("no_reason", sentence, "reason")


def _scope(gathering: Gathering) -> Mapping[str, Any]:
    return {"gathering": gathering, **gathering.organiser_columns}


LIFECYCLE = Lifecycle(
    name="gathering",
    model=Gathering,
    event_model=GatheringStep,
    event_scope=_scope,
    steps=(
        Step(
            "announce",
            _("Announce"),
            frozenset({State.DRAFT}),
            State.ANNOUNCED,
            (place_is_known, it_is_to_come),
        ),
        Step(
            "open",
            _("Open registration"),
            frozenset({State.ANNOUNCED, State.CLOSED}),
            State.OPEN,
            # Where it is has been known since the announcement: changing keeps a place.
            (it_is_to_come, somebody_can_come),
        ),
        Step("close", _("Close registration"), frozenset({State.OPEN}), State.CLOSED),
        # Also from the draft: what nobody announced here can be noted afterwards.
        Step("hold", _("It has taken place"), AHEAD, State.HELD, (it_is_over,)),
        Step(
            "document",
            _("Everything is written down"),
            frozenset({State.HELD}),
            State.DOCUMENTED,
            (somebody_has_written,),
        ),
        Step("cancel", _("Cancel the gathering"), AHEAD, State.CANCELLED, (reason_is_given,)),
    ),
)
