"""The tandems of the demo: when two people are brought together, how often they meet, how it ends.

Lengths, endings and rhythm follow what research and practice report; ``docs/explanation/demo.md``
compares both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from patenwerk.demo.kernel.dice import Dice
from patenwerk.tandems.enums import EndReason

HORIZON = timedelta(days=1096)
"""About three years lie in the database; what was before is imported figures."""
EARLY_PERCENT, ON_TIME_PERCENT = 345, 655
"""Out of 1,000 tandems of chances so many close before the agreed time is over."""
MONTH = timedelta(days=30)

TRIED = (
    EndReason.NO_TIME,
    EndReason.NO_CONTACT,
    EndReason.MOVED_AWAY,
    EndReason.DID_NOT_FIT,
    EndReason.OTHER,
    EndReason.BY_ORGANISATION,
)
TRIED_OFTEN = (27, 24, 22, 15, 8, 4)
FULFILLED = (EndReason.GOAL_REACHED, EndReason.TIME_OVER)
NEVER_MET = (EndReason.NO_TIME, EndReason.MOVED_AWAY, EndReason.NO_CONTACT, EndReason.OTHER)


class Course(StrEnum):
    """How far a tandem came."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    TRIAL = "trial"
    DECLINED = "declined"
    NEVER_MET = "never_met"
    MET = "met"


class Rhythm(StrEnum):
    """How often two people meet after the first month."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


GAPS = {Rhythm.WEEKLY: (6, 8), Rhythm.FORTNIGHTLY: (12, 16), Rhythm.MONTHLY: (26, 34)}
FIRST_GAPS = {Rhythm.WEEKLY: (6, 8), Rhythm.FORTNIGHTLY: (9, 14), Rhythm.MONTHLY: (12, 18)}


@dataclass(slots=True, kw_only=True)
class Story:
    """One tandem from the proposal on. Days that have not come are None.

    ``closed_on`` is the day on which somebody wrote down the end of ``ended_on``.
    """

    course: Course
    proposed_on: date
    kind: str = "chancenpatenschaft"
    months: int = 12
    agreed_on: date | None = None
    trial_on: date | None = None
    active_on: date | None = None
    pauses: list[tuple[date, date | None]] = field(default_factory=list)
    meetings: list[date] = field(default_factory=list)
    rhythm: Rhythm = Rhythm.FORTNIGHTLY
    ended_on: date | None = None
    closed_on: date | None = None
    reason: EndReason | None = None
    silent: bool = False

    def taken_until(self, today: date) -> date:
        """The last day on which it takes a place of both people."""
        return self.closed_on or today + HORIZON

    def is_active(self) -> bool:
        """Whether it goes on now, beyond the trial and without a pause."""
        paused = bool(self.pauses) and self.pauses[-1][1] is None
        return self.active_on is not None and self.ended_on is None and not paused


def stories(dice: Dice, today: date, count: int) -> list[Story]:
    """``count`` tandems of the last three years, by the day of their proposal."""
    courses = dice.deal(
        (
            Course.MET,
            Course.DECLINED,
            Course.NEVER_MET,
            Course.TRIAL,
            Course.PROPOSED,
            Course.AGREED,
        ),
        (856, 62, 25, 29, 17, 11),
        count,
    )
    met = courses.count(Course.MET)
    told = [_beginning(dice, today, course) for course in courses if course is not Course.MET]
    told += _met(dice, today, met)
    _trouble(dice, today, told)
    return sorted(told, key=lambda story: story.proposed_on)


def _beginning(dice: Dice, today: date, course: Course) -> Story:
    """A tandem that has not come beyond the trial, or never began."""
    if course is Course.PROPOSED:
        return Story(course=course, proposed_on=dice.days_after(today, -9, -2))
    if course is Course.AGREED:
        proposed = dice.days_after(today, -24, -14)
        agreed = dice.days_after(proposed, 4, 10)
        return Story(course=course, proposed_on=proposed, agreed_on=agreed)
    if course is Course.TRIAL:
        story = _started(dice, course, dice.days_after(today, -38, -24))
        gaps = FIRST_GAPS[story.rhythm]
        assert story.trial_on is not None  # noqa: S101  as _started says
        story.meetings = _days(dice, story.trial_on, today, gaps, gaps)
        return story
    proposed = dice.days_after(today - HORIZON, 0, HORIZON.days - 60)
    if course is Course.DECLINED:
        closed = dice.days_after(proposed, 3, 14)
        return Story(
            course=course,
            proposed_on=proposed,
            ended_on=closed,
            closed_on=closed,
            reason=EndReason.DECLINED,
        )
    agreed = dice.days_after(proposed, 3, 10)
    closed = dice.days_after(agreed, 10, 40)
    return Story(
        course=course,
        proposed_on=proposed,
        agreed_on=agreed,
        ended_on=closed,
        closed_on=closed,
        reason=dice.one(NEVER_MET),
    )


def _started(dice: Dice, course: Course, proposed: date) -> Story:
    agreed = dice.days_after(proposed, 3, 9)
    return Story(
        course=course,
        proposed_on=proposed,
        agreed_on=agreed,
        trial_on=dice.days_after(agreed, 2, 12),
        rhythm=dice.weighted(tuple(Rhythm), (22, 40, 38)),
    )


def _met(dice: Dice, today: date, count: int) -> list[Story]:
    """Tandems that met, evenly over the years, with lengths and endings dealt out."""
    impulses = count * 22 // 100
    chances = count - impulses
    kinds = dice.deal(("chancenpatenschaft", "impulspatenschaft"), (78, 22), count)
    early = iter(dice.deal((True, False), (EARLY_PERCENT, ON_TIME_PERCENT), chances + impulses))
    # Each reason once at first, so that none is missing in a small demo.
    tried = iter((*TRIED, *dice.deal(TRIED, TRIED_OFTEN, count)))
    told = []
    span = HORIZON.days - 48
    for place, kind in enumerate(kinds):
        proposed = today - HORIZON + timedelta(days=(place * span + dice.whole(0, span)) // count)
        story = _started(dice, Course.MET, proposed)
        story.kind = kind
        ends_early = next(early)
        length = (
            _impulse(dice, story)
            if kind != "chancenpatenschaft"
            else (_cut_short(dice, story) if ends_early else _to_the_end(dice, story))
        )
        _live(dice, today, story, length)
        if story.ended_on is not None:
            broken = ends_early and kind == "chancenpatenschaft"
            story.reason = next(tried) if broken else dice.one(FULFILLED)
        told.append(story)
    return told


def _impulse(dice: Dice, story: Story) -> int:
    """Three or four meetings within three months."""
    story.months = 3
    story.rhythm = Rhythm.FORTNIGHTLY
    return dice.whole(40, 70)


def _cut_short(dice: Dice, story: Story) -> int:
    """Days until an early end: one in six does not survive the trial."""
    story.months = _agreed_months(dice)
    if dice.happens(17):
        return dice.whole(8, 24)
    return dice.whole(36, story.months * 30 * 3 // 4)


def _to_the_end(dice: Dice, story: Story) -> int:
    """Days until the agreed end; four in ten stay together for longer."""
    story.months = _agreed_months(dice)
    longer = dice.whole(30, 220) if dice.happens(40) else dice.whole(3, 24)
    return story.months * 30 + longer


def _agreed_months(dice: Dice) -> int:
    return dice.weighted((6, 9, 12, 18), (30, 20, 42, 8))


def _live(dice: Dice, today: date, story: Story, length: int) -> None:
    """Let the two meet from the trial on, for ``length`` days or until now."""
    assert story.trial_on is not None  # noqa: S101  as _started says
    last = story.trial_on + timedelta(days=length)
    closed = dice.days_after(last, 0, 9)
    ended = closed < today
    if ended:
        story.ended_on, story.closed_on = last, closed
    until = last if ended else today - timedelta(days=1)
    story.meetings = _days(
        dice,
        story.trial_on,
        until + timedelta(days=1),
        FIRST_GAPS[story.rhythm],
        GAPS[story.rhythm],
    )
    third = max(story.meetings[:3])
    active = dice.days_after(min(third, story.trial_on + timedelta(days=28)), 1, 5)
    if active >= (story.ended_on or today) or length < 26:
        return
    story.active_on = active
    if dice.happens(7) and length > 150:
        begin = dice.days_after(active, 40, 90)
        _pause(story, begin, dice.days_after(begin, 21, 49), until)


def _pause(story: Story, begin: date, end: date | None, until: date) -> None:
    """Nobody meets in a pause; one that would reach the end is left out."""
    if end is not None and end >= until:
        return
    story.pauses.append((begin, end))
    story.meetings = [
        day for day in story.meetings if day < begin or (end is not None and day > end)
    ]


def _days(
    dice: Dice, first: date, until: date, early: tuple[int, int], later: tuple[int, int]
) -> list[date]:
    """Days of meetings from ``first`` on, before ``until``; the days around New Year are free."""
    days = [first]
    while True:
        gap = early if days[-1] < first + MONTH else later
        following = dice.days_after(days[-1], *gap)
        if dice.happens(9):
            following = dice.days_after(following, *gap)
        if (following.month, following.day) >= (12, 23) or (following.month, following.day) < (
            1,
            3,
        ):
            following += timedelta(days=12)
        if following >= until:
            return days
        days.append(following)


def _trouble(dice: Dice, today: date, told: list[Story]) -> None:
    """Some of those that go on have fallen silent, and a few are in a pause."""
    going_on = [
        story
        for story in told
        if story.is_active() and story.months > 3 and len(story.meetings) > 8
    ]
    states = dice.deal(("well", "silent", "paused"), (82, 11, 7), len(going_on))
    for story, state in zip(going_on, states, strict=True):
        if state == "silent":
            story.silent = True
            story.rhythm = Rhythm.FORTNIGHTLY
            quiet = today - timedelta(days=dice.whole(26, 52))
            heard = [day for day in story.meetings if day <= quiet]
            story.meetings = heard if len(heard) > 3 else story.meetings[:4]
        elif state == "paused" and story.active_on:
            begin = max(dice.days_after(today, -35, -6), story.active_on + timedelta(days=20))
            if begin < today and (not story.pauses or begin > (story.pauses[-1][1] or today)):
                story.pauses.append((begin, None))
                story.meetings = [day for day in story.meetings if day < begin]
