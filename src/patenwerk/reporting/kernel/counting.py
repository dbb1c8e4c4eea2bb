"""Which tandem counts in which year, and why: versioned rules, applied to plain values.

Funders agree on the minimum (voluntary, in person, documented) and differ in the rest: kinds,
meetings, months. So a rule is data, valid from one day to another, and a verdict names the version
it was made with. Reasons are codes with values; their words are made where they are shown.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

# A funding year begins and ends at midnight in Germany.
from patenwerk.core.clock import BERLIN

Values = Mapping[str, int | str | date | None]


class Standing(StrEnum):
    """How a tandem stands in a year: new in it, running on from an earlier one, or neither."""

    FOUNDED = "founded"
    CONTINUED = "continued"
    NONE = "none"


class Code(StrEnum):
    """Why a tandem counts or does not; the values that go with each are named beside it."""

    DECLINED = "declined"
    NOT_FOUNDED = "not_founded"
    NO_RULE = "no_rule"  # kind, on
    NOT_BEGUN = "not_begun"  # begins_on
    BEFORE_FOUNDING = "before_founding"  # founded_on
    ENDED_BEFORE = "ended_before"  # ended_on
    NOT_CONTINUED = "not_continued"  # kind
    MEETINGS = "meetings"  # has, needs, until
    LENGTH = "length"  # days, needed_days, needed_months, reached_on


@dataclass(frozen=True)
class CountingRule:
    """One version of the rule for one kind of tandem.

    ``valid_to`` is the last day (``None``: open). ``meetings`` are needed in the year of founding,
    ``continued_meetings`` in each later year; only those of at least ``minutes`` count.
    ``months`` and ``days`` add up to the length to be reached, in whichever year. ``grace_days``:
    how long after a year's end meetings still count for the year of founding. ``continues``:
    whether the kind counts again in later years at all. ``each_mentee``: a group counts once for
    each mentee, each judged by the meetings they came to; otherwise once as a whole.
    """

    version: str
    kind: str
    valid_from: date
    valid_to: date | None = None
    meetings: int = 1
    continued_meetings: int = 1
    minutes: int = 0
    months: int = 0
    days: int = 0
    grace_days: int = 0
    continues: bool = True
    each_mentee: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be meant (``ValueError``)."""
        numbers = (self.minutes, self.months, self.days, self.grace_days)
        if min(numbers) < 0 or min(self.meetings, self.continued_meetings) < 1:
            raise ValueError(f"{self.version}: at least one meeting, nothing below zero")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(f"{self.version}: ends before it begins")

    def covers(self, kind: str, on: date) -> bool:
        """Whether this version is in force for the kind on that day."""
        begun = self.kind == kind and self.valid_from <= on
        return begun and (self.valid_to is None or on <= self.valid_to)

    def reached_on(self, founded_on: date) -> date:
        """The day on which a tandem founded then has the needed length."""
        return _months_later(founded_on, self.months) + timedelta(days=self.days)


@dataclass(frozen=True)
class MeetingFacts:
    """When two met and for how many minutes. A moment needs a time zone, a bare date none."""

    at: datetime | date
    minutes: int = 60


@dataclass(frozen=True)
class TandemFacts:
    """All that counting may know of a tandem: no person, no name.

    ``founded_on`` is the day of the first meeting; where it is missing the first of ``meetings`` is
    taken. ``ended_on`` is the last day.
    """

    kind: str
    founded_on: date | None = None
    ended_on: date | None = None
    meetings: Sequence[MeetingFacts] = ()
    declined: bool = False


@dataclass(frozen=True)
class MenteeFacts:
    """One mentee of a group: an ``id`` without a name, the meetings they came to, and when they
    left for good (``None``: still there, or there until the group ended).
    """

    id: int
    meetings: Sequence[MeetingFacts] = ()
    left_on: date | None = None


@dataclass(frozen=True)
class Reason:
    """One condition: its code, whether it is met, and the numbers and dates to show with it."""

    code: Code
    met: bool
    values: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """Whether a tandem counts in a year, as what, and every condition that was looked at.

    ``standing`` says as what it counts or would count. ``version`` is the rule's.
    ``next_change_on`` is the first day on which the verdict can change by the calendar alone
    (``None``: only by events).
    """

    year: int
    counts: bool
    standing: Standing
    reasons: tuple[Reason, ...]
    version: str | None = None
    next_change_on: date | None = None

    @property
    def founded(self) -> bool:
        return self.counts and self.standing is Standing.FOUNDED

    @property
    def continued(self) -> bool:
        return self.counts and self.standing is Standing.CONTINUED


@dataclass(frozen=True)
class Unit:
    """What counts at most once a year: a tandem as a whole, or one mentee of a group."""

    verdicts: tuple[Verdict, ...]
    mentee: int | None = None


def berlin_day(at: datetime | date) -> date:
    """The day on the German calendar. Raises ``ValueError`` on a moment without a time zone."""
    if not isinstance(at, datetime):
        return at
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return at.astimezone(BERLIN).date()


def founding_day(tandem: TandemFacts) -> date | None:
    """The day of the first meeting, ``None`` while there was none."""
    if tandem.founded_on is not None:
        return tandem.founded_on
    return min((berlin_day(meeting.at) for meeting in tandem.meetings), default=None)


def rule_for(rules: Iterable[CountingRule], kind: str, on: date) -> CountingRule | None:
    """The version in force for the kind on a day; of several the one that began last."""
    found = [rule for rule in rules if rule.covers(kind, on)]
    return max(found, key=lambda rule: (rule.valid_from, rule.version), default=None)


def verdict(tandem: TandemFacts, rules: Sequence[CountingRule], *, year: int, on: date) -> Verdict:
    """Whether the tandem counts in the year, as known on the day ``on``.

    The version applied is the one in force when the tandem enters the year: on its founding day in
    the first year, on 1 January in later ones. What happens after ``on`` is not looked at.
    """
    founded_on = founding_day(tandem)
    barred, change = _barred(tandem, founded_on, year, on)
    if barred is not None or founded_on is None:
        return _no(year, barred or Reason(Code.NOT_FOUNDED, met=False), change)
    enters = max(date(year, 1, 1), founded_on)
    rule = rule_for(rules, tandem.kind, enters)
    if rule is None:
        values: Values = {"kind": tandem.kind, "on": enters}
        return _no(year, Reason(Code.NO_RULE, met=False, values=values))
    return _judged(tandem, rule, founded_on, year, on)


def verdicts(
    tandem: TandemFacts, rules: Sequence[CountingRule], *, on: date
) -> tuple[Verdict, ...]:
    """One verdict for each year from founding to the last it may count in (the end, or ``on``)."""
    founded_on = founding_day(tandem)
    if founded_on is None or founded_on > on or tandem.declined:
        return (verdict(tandem, rules, year=on.year, on=on),)
    last = on.year if tandem.ended_on is None else min(on.year, tandem.ended_on.year)
    years = range(founded_on.year, max(founded_on.year, last) + 1)
    return tuple(verdict(tandem, rules, year=year, on=on) for year in years)


def units(
    tandem: TandemFacts, mentees: Sequence[MenteeFacts], rules: Sequence[CountingRule], *, on: date
) -> list[Unit]:
    """A tandem's units with their verdicts, the whole first.

    In years whose rule counts each mentee, the group's verdict gives way to those of its mentees:
    each is founded by the first meeting they came to and ends when they leave. In other years the
    mentees have none. Without ``mentees`` (two people) the whole is all there is.
    """
    whole = verdicts(tandem, rules, on=on)
    if not mentees:
        return [Unit(whole)]
    each = {rule.version for rule in rules if rule.kind == tandem.kind and rule.each_mentee}
    found = [Unit(tuple(one for one in whole if one.version not in each))]
    for mentee in mentees:
        ends = [day for day in (mentee.left_on, tandem.ended_on) if day is not None]
        own = TandemFacts(
            kind=tandem.kind,
            ended_on=min(ends, default=None),
            meetings=mentee.meetings,
            declined=tandem.declined,
        )
        judged = tuple(one for one in verdicts(own, rules, on=on) if one.version in each)
        if judged:
            found.append(Unit(judged, mentee.id))
    return [unit for unit in found if unit.verdicts] or found[:1]


def next_change_on(tandem: TandemFacts, found: Sequence[Verdict], *, on: date) -> date | None:
    """When to judge anew even if nothing happens: a length is reached, or a year begins."""
    days = [one.next_change_on for one in found if one.next_change_on is not None]
    if founding_day(tandem) is not None and not tandem.declined:
        new_year = date(on.year + 1, 1, 1)
        if tandem.ended_on is None or tandem.ended_on >= new_year:
            days.append(new_year)
    return min(days, default=None)


def counted_once(found: Iterable[Sequence[Verdict]]) -> dict[int, int]:
    """Founded tandems by year: each tandem once, in the year of its first meeting.

    Takes the verdicts of many tandems; the sum over all years is the counter of the programme.
    """
    counter: dict[int, int] = {}
    for each in found:
        year = next((one.year for one in each if one.founded), None)
        if year is not None:
            counter[year] = counter.get(year, 0) + 1
    return dict(sorted(counter.items()))


def _barred(
    tandem: TandemFacts, founded_on: date | None, year: int, on: date
) -> tuple[Reason | None, date | None]:
    """What keeps the tandem out of the year whatever the rule, and the day that changes it."""
    first_day = date(year, 1, 1)
    begins = max(first_day, founded_on) if founded_on else None
    if tandem.declined:
        return Reason(Code.DECLINED, met=False), None
    if founded_on is not None and founded_on.year > year:
        return Reason(Code.BEFORE_FOUNDING, met=False, values={"founded_on": founded_on}), None
    if tandem.ended_on is not None and tandem.ended_on < first_day:
        return Reason(Code.ENDED_BEFORE, met=False, values={"ended_on": tandem.ended_on}), None
    if begins is not None and begins > on:
        return Reason(Code.NOT_BEGUN, met=False, values={"begins_on": begins}), begins
    return None, None


def _judged(
    tandem: TandemFacts, rule: CountingRule, founded_on: date, year: int, on: date
) -> Verdict:
    new = founded_on.year == year
    standing = Standing.FOUNDED if new else Standing.CONTINUED
    if not new and not rule.continues:
        no = Reason(Code.NOT_CONTINUED, met=False, values={"kind": tandem.kind})
        return Verdict(year, counts=False, standing=standing, reasons=(no,), version=rule.version)
    conditions = [_meetings(tandem, rule, year, on, new=new)]
    if rule.months or rule.days:
        conditions.append(_length(tandem, rule, founded_on, on))
    return Verdict(
        year,
        counts=all(reason.met for reason, _ in conditions),
        standing=standing,
        reasons=tuple(reason for reason, _ in conditions),
        version=rule.version,
        next_change_on=min((day for _, day in conditions if day is not None), default=None),
    )


def _meetings(
    tandem: TandemFacts, rule: CountingRule, year: int, on: date, *, new: bool
) -> tuple[Reason, date | None]:
    """The condition of meetings, and the day on which one already entered will meet it."""
    until = date(year, 12, 31) + timedelta(days=rule.grace_days if new else 0)
    needs = rule.meetings if new else rule.continued_meetings
    every = (
        berlin_day(meeting.at) for meeting in tandem.meetings if meeting.minutes >= rule.minutes
    )
    days = sorted(day for day in every if date(year, 1, 1) <= day <= until)
    has = sum(day <= on for day in days)
    change = days[needs - 1] if has < needs <= len(days) else None
    values: Values = {"has": has, "needs": needs, "until": until}
    return Reason(Code.MEETINGS, met=has >= needs, values=values), change


def _length(
    tandem: TandemFacts, rule: CountingRule, founded_on: date, on: date
) -> tuple[Reason, date | None]:
    """The condition of length, and the day on which it will be met."""
    reached_on = rule.reached_on(founded_on)
    last = on if tandem.ended_on is None else min(on, tandem.ended_on)
    too_short = tandem.ended_on is not None and tandem.ended_on < reached_on
    met = last >= reached_on
    values: Values = {
        "days": (last - founded_on).days,
        "needed_days": rule.days,
        "needed_months": rule.months,
        "reached_on": None if too_short else reached_on,
    }
    change = None if met or too_short else reached_on
    return Reason(Code.LENGTH, met=met, values=values), change


def _no(year: int, reason: Reason, next_change: date | None = None) -> Verdict:
    return Verdict(
        year,
        counts=False,
        standing=Standing.NONE,
        reasons=(reason,),
        next_change_on=next_change,
    )


def _months_later(day: date, months: int) -> date:
    """The same day some months on; the last of the month where that month has no such day."""
    number = day.month - 1 + months
    year, month = day.year + number // 12, number % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
