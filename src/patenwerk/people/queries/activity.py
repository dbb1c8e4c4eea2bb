"""Whether people are active: higher apps know, and tell through this registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q


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
Running = Callable[[], Q]

NONE = Activity()
_sources: list[ActivitySource] = []
_running: list[Running] = []


def add_activity_source(source: ActivitySource, *, running: Running | None = None) -> None:
    """Let a higher app tell what people do, by their ids; whoever it leaves out does nothing.

    ``running`` builds the filter on Person for those with whom something runs now: lists of who
    waits leave them out. Adding the same source twice adds it once.
    """
    if source not in _sources:
        _sources.append(source)
    if running is not None and running not in _running:
        _running.append(running)


def activities(ids: Sequence[int]) -> dict[int, Activity]:
    """The activity of every one of these people, over all sources."""
    found = dict.fromkeys(ids, NONE)
    for source in _sources:
        for pk, activity in source(ids).items():
            found[pk] = found[pk].joined(activity)
    return found


def running() -> Q:
    """The people with whom something runs now, as a filter on Person."""
    reach = Q(pk__in=())
    for build in _running:
        reach |= build()
    return reach
