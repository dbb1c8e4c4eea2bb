"""How a tandem's page tells what was: the life line and the list of what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils import formats

from patenwerk.core.clock import day_of
from patenwerk.tandems.enums import Acceptance, State
from patenwerk.tandems.models import Meeting, Tandem, TandemStep
from patenwerk.tandems.queries.tandem import Pair

SHOWN_MEETINGS = 5
"""So many latest meetings stand one by one; the earlier ones are folded together by year."""

_WAY = (State.PROPOSED, State.AGREED, State.TRIAL, State.ACTIVE, State.ENDED)
_MARKS = {State.ENDED: "closed"}


@dataclass(frozen=True, slots=True)
class Told:
    """One entry: a step, a meeting, or a year of meetings."""

    kind: str
    at: date
    thing: Any


def lifeline(tandem: Tandem, steps: Sequence[TandemStep]) -> list[tuple[str, str, str, str]]:
    """Mark, word, day and »done«/»current« for each station of a tandem's way."""
    reached = {step.to_state: day_of(step.at) for step in steps}
    words = dict(tandem._meta.get_field("state").flatchoices)
    here = State.ACTIVE if tandem.state == State.PAUSED else State(tandem.state)
    found = []
    for state in _WAY:
        day = tandem.ended_on if state is State.ENDED else reached.get(state)
        standing = "current" if state is here else "done" if day is not None else ""
        word = words[tandem.state if state is here else state]
        note = formats.date_format(day, "DATE_FORMAT") if day else ""
        found.append((_MARKS.get(state, state.value), str(word), note, standing))
    return found


def story(
    tandem: Tandem, pair: Pair, steps: Iterable[TandemStep], meetings: Sequence[Meeting]
) -> list[Told]:
    """Steps, meetings, who joined later and who left before the end, latest first; earlier
    meetings come as one entry a year.
    """
    told = [Told("step", day_of(step.at), step) for step in steps]
    told += _joined_and_left(tandem, pair)
    told += [Told("meeting", meeting.held_on, meeting) for meeting in meetings[:SHOWN_MEETINGS]]
    earlier = meetings[SHOWN_MEETINGS:]
    for year, group in groupby(earlier, key=lambda meeting: meeting.held_on.year):
        found = list(group)
        hours = sum(meeting.minutes for meeting in found) / 60
        told.append(
            Told("year", found[0].held_on, {"year": year, "meetings": found, "hours": hours})
        )
    return sorted(told, key=lambda entry: (entry.at, entry.kind == "step"), reverse=True)


def _joined_and_left(tandem: Tandem, pair: Pair) -> Iterable[Told]:
    for seat in (*pair.seats, *pair.former):
        row = seat.participant
        said_yes = row.acceptance == Acceptance.ACCEPTED
        if said_yes and row.joined_on > day_of(tandem.created_at):
            yield Told("joined", row.joined_on, seat)
        if seat in pair.former and row.left_on is not None:
            yield Told("left" if said_yes else "declined", row.left_on, seat)
