"""Whether people are active: higher apps know, and tell through this registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Activity:
    """What somebody does: whether something runs now, and the day on which the last one ended."""

    running: bool = False
    ended_on: date | None = None

    def joined(self, other: Activity) -> Activity:
        """Both together."""
        ends = [day for day in (self.ended_on, other.ended_on) if day is not None]
        return Activity(self.running or other.running, max(ends, default=None))


ActivitySource = Callable[[Sequence[int]], Mapping[int, Activity]]

NONE = Activity()
_sources: list[ActivitySource] = []


def add_activity_source(source: ActivitySource) -> None:
    """Let a higher app tell the activity of people by their ids; whoever it leaves out has none.

    Adding the same source twice adds it once.
    """
    if source not in _sources:
        _sources.append(source)


def activities(ids: Sequence[int]) -> dict[int, Activity]:
    """The activity of every one of these people, over all sources."""
    found = dict.fromkeys(ids, NONE)
    for source in _sources:
        for pk, activity in source(ids).items():
            found[pk] = found[pk].joined(activity)
    return found
