from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import time_machine

from patenwerk.reporting.kernel.counting import (
    Code,
    CountingRule,
    MeetingFacts,
    MenteeFacts,
    Reason,
    Standing,
    TandemFacts,
    Unit,
    Verdict,
    berlin_day,
    counted_once,
    founding_day,
    next_change_on,
    rule_for,
    units,
    verdict,
    verdicts,
)

START = date(2016, 1, 1)
ONE = CountingRule("chance-1", "chance", START)
THREE = CountingRule("impulse-1", "impulse", START, meetings=3, continues=False)
LONG = CountingRule("long-1", "long", START, months=6)
RULES = (ONE, THREE, LONG)


def _met(*days: date | datetime, minutes: int = 60) -> tuple[MeetingFacts, ...]:
    return tuple(MeetingFacts(day, minutes) for day in days)


def _tandem(kind: str, *days: date, ended_on: date | None = None) -> TandemFacts:
    return TandemFacts(kind, min(days), ended_on, _met(*days))


def _reason(found: Verdict, code: Code) -> Reason:
    (reason,) = [reason for reason in found.reasons if reason.code is code]
    return reason


# --- the day a moment falls on


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2025, 12, 31, 22, 59, tzinfo=UTC), date(2025, 12, 31)),
        (datetime(2025, 12, 31, 23, 0, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2025, 12, 31, 23, 30, tzinfo=UTC), date(2026, 1, 1)),
        # Summer time is two hours ahead, so days turn an hour earlier in UTC.
        (datetime(2025, 6, 30, 21, 59, tzinfo=UTC), date(2025, 6, 30)),
        (datetime(2025, 6, 30, 22, 0, tzinfo=UTC), date(2025, 7, 1)),
        # The nights on which the clock changes: 30 March and 26 October 2025.
        (datetime(2025, 3, 29, 23, 0, tzinfo=UTC), date(2025, 3, 30)),
        (datetime(2025, 3, 30, 22, 0, tzinfo=UTC), date(2025, 3, 31)),
        (datetime(2025, 10, 25, 22, 0, tzinfo=UTC), date(2025, 10, 26)),
        (datetime(2025, 10, 26, 22, 59, tzinfo=UTC), date(2025, 10, 26)),
        (datetime(2025, 10, 26, 23, 0, tzinfo=UTC), date(2025, 10, 27)),
        (datetime(2026, 1, 1, 5, tzinfo=timezone(timedelta(hours=9))), date(2025, 12, 31)),
        (datetime(2025, 12, 31, 23, 59, tzinfo=ZoneInfo("Europe/Berlin")), date(2025, 12, 31)),
        (date(2025, 12, 31), date(2025, 12, 31)),
    ],
)
def test_a_day_is_a_day_in_germany(moment: date | datetime, day: date) -> None:
    assert berlin_day(moment) == day


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        berlin_day(datetime(2025, 1, 1, 12))  # noqa: DTZ001 - the fault under test


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_a_meeting_late_on_new_years_eve_counts_in_the_berlin_year(zone: str) -> None:
    tandem = TandemFacts("chance", meetings=_met(datetime(2025, 12, 31, 23, 30, tzinfo=UTC)))
    with time_machine.travel(datetime(2026, 2, 1, tzinfo=ZoneInfo(zone))):
        (only,) = verdicts(tandem, RULES, on=date(2026, 2, 1))
    assert (only.year, only.founded) == (2026, True)


# --- founding and continuing


def test_founded_in_the_year_of_its_first_meeting_continued_in_later_ones() -> None:
    tandem = _tandem("chance", date(2023, 5, 1), date(2024, 2, 1), date(2025, 3, 1))
    found = verdicts(tandem, RULES, on=date(2025, 6, 1))
    assert [(one.year, one.counts, one.standing) for one in found] == [
        (2023, True, Standing.FOUNDED),
        (2024, True, Standing.CONTINUED),
        (2025, True, Standing.CONTINUED),
    ]
    assert [one.founded for one in found] == [True, False, False]
    assert [one.continued for one in found] == [False, True, True]
    assert {one.version for one in found} == {"chance-1"}


def test_a_running_tandem_without_meetings_in_a_year_does_not_continue_in_it() -> None:
    tandem = _tandem("chance", date(2023, 5, 1), date(2025, 3, 1))
    _, middle, last = verdicts(tandem, RULES, on=date(2025, 6, 1))
    assert middle == Verdict(
        2024,
        counts=False,
        standing=Standing.CONTINUED,
        reasons=(
            Reason(
                Code.MEETINGS,
                met=False,
                values={"has": 0, "needs": 1, "until": date(2024, 12, 31)},
            ),
        ),
        version="chance-1",
    )
    assert last.continued


def test_verdicts_end_with_the_year_of_the_end() -> None:
    days = date(2023, 5, 1), date(2024, 1, 1)
    ended = _tandem("chance", *days, ended_on=date(2024, 1, 1))
    assert [one.year for one in verdicts(ended, RULES, on=date(2026, 1, 1))] == [2023, 2024]
    assert all(one.counts for one in verdicts(ended, RULES, on=date(2026, 1, 1)))
    # An end still to come does not make verdicts for years that have not begun.
    later = _tandem("chance", *days, ended_on=date(2027, 1, 1))
    assert [one.year for one in verdicts(later, RULES, on=date(2024, 6, 1))] == [2023, 2024]
    # A last day before the first meeting is odd, and still gives the founding year an answer.
    odd = _tandem("chance", date(2024, 2, 1), ended_on=date(2023, 12, 1))
    (only,) = verdicts(odd, RULES, on=date(2024, 6, 1))
    assert (only.year, only.counts) == (2024, False)


def test_the_founding_day_is_given_or_the_first_meeting() -> None:
    meetings = _met(date(2025, 3, 2), datetime(2025, 3, 1, 23, 30, tzinfo=UTC), date(2025, 4, 1))
    assert founding_day(TandemFacts("chance", meetings=meetings)) == date(2025, 3, 2)
    assert founding_day(TandemFacts("chance", date(2025, 2, 1), meetings=meetings)) == date(
        2025, 2, 1
    )
    assert founding_day(TandemFacts("chance")) is None


# --- why not, whatever the rule


@pytest.mark.parametrize(
    ("tandem", "year", "reason", "change"),
    [
        (TandemFacts("chance", declined=True), 2025, Reason(Code.DECLINED, met=False), None),
        (TandemFacts("chance"), 2025, Reason(Code.NOT_FOUNDED, met=False), None),
        (
            _tandem("chance", date(2025, 1, 1)),
            2024,
            Reason(Code.BEFORE_FOUNDING, met=False, values={"founded_on": date(2025, 1, 1)}),
            None,
        ),
        (
            _tandem("chance", date(2023, 1, 1), ended_on=date(2024, 12, 31)),
            2025,
            Reason(Code.ENDED_BEFORE, met=False, values={"ended_on": date(2024, 12, 31)}),
            None,
        ),
        (
            _tandem("chance", date(2025, 9, 1)),
            2025,
            Reason(Code.NOT_BEGUN, met=False, values={"begins_on": date(2025, 9, 1)}),
            date(2025, 9, 1),
        ),
        (
            _tandem("chance", date(2024, 9, 1)),
            2026,
            Reason(Code.NOT_BEGUN, met=False, values={"begins_on": date(2026, 1, 1)}),
            date(2026, 1, 1),
        ),
        (
            _tandem("other", date(2024, 9, 1)),
            2024,
            Reason(Code.NO_RULE, met=False, values={"kind": "other", "on": date(2024, 9, 1)}),
            None,
        ),
        (
            _tandem("other", date(2024, 9, 1)),
            2025,
            Reason(Code.NO_RULE, met=False, values={"kind": "other", "on": date(2025, 1, 1)}),
            None,
        ),
    ],
)
def test_what_keeps_a_tandem_out_whatever_the_rule(
    tandem: TandemFacts, year: int, reason: Reason, change: date | None
) -> None:
    assert verdict(tandem, RULES, year=year, on=date(2025, 8, 1)) == Verdict(
        year,
        counts=False,
        standing=Standing.NONE,
        reasons=(reason,),
        next_change_on=change,
    )


@pytest.mark.parametrize(
    "tandem",
    [
        TandemFacts("chance"),
        TandemFacts("chance", date(2024, 1, 1), declined=True),
        TandemFacts("chance", date(2026, 1, 1)),
    ],
)
def test_what_has_not_begun_has_one_verdict_for_the_present_year(tandem: TandemFacts) -> None:
    (only,) = verdicts(tandem, RULES, on=date(2025, 8, 1))
    assert (only.year, only.counts) == (2025, False)


# --- meetings


def test_too_few_meetings_say_how_many_of_how_many() -> None:
    tandem = _tandem("impulse", date(2025, 3, 1), date(2025, 4, 1))
    found = verdict(tandem, RULES, year=2025, on=date(2025, 8, 1))
    assert not found.counts
    assert not found.founded
    assert found.standing is Standing.FOUNDED
    assert _reason(found, Code.MEETINGS) == Reason(
        Code.MEETINGS, met=False, values={"has": 2, "needs": 3, "until": date(2025, 12, 31)}
    )
    enough = replace(tandem, meetings=(*tandem.meetings, *_met(date(2025, 8, 1))))
    assert verdict(enough, RULES, year=2025, on=date(2025, 8, 1)).founded


def test_a_meeting_still_to_come_counts_from_its_day_on() -> None:
    tandem = _tandem("impulse", date(2025, 3, 1), date(2025, 9, 9), date(2025, 10, 1))
    before = verdict(tandem, RULES, year=2025, on=date(2025, 9, 30))
    assert (before.counts, before.next_change_on) == (False, date(2025, 10, 1))
    after = verdict(tandem, RULES, year=2025, on=date(2025, 10, 1))
    assert (after.counts, after.next_change_on) == (True, None)


def test_short_meetings_do_not_count_where_the_rule_wants_minutes() -> None:
    rule = replace(ONE, minutes=30)
    tandem = TandemFacts("chance", date(2025, 3, 1), None, _met(date(2025, 3, 1), minutes=29))
    assert not verdict(tandem, [rule], year=2025, on=date(2025, 8, 1)).counts
    longer = replace(tandem, meetings=_met(date(2025, 3, 1), minutes=30))
    assert verdict(longer, [rule], year=2025, on=date(2025, 8, 1)).counts


def test_days_of_grace_let_meetings_of_the_new_year_count_for_the_founding_one() -> None:
    rule = replace(THREE, grace_days=31, continues=True, continued_meetings=2)
    days = date(2024, 12, 1), date(2024, 12, 20), date(2025, 1, 31)
    tandem = _tandem("impulse", *days)
    first, second = verdicts(tandem, [rule], on=date(2025, 8, 1))
    assert first.founded
    assert _reason(first, Code.MEETINGS).values["until"] == date(2025, 1, 31)
    # In later years there is no grace, and their own number of meetings.
    assert _reason(second, Code.MEETINGS).values == {
        "has": 1,
        "needs": 2,
        "until": date(2025, 12, 31),
    }
    late = _tandem("impulse", *days[:2], date(2025, 2, 1))
    assert not verdict(late, [rule], year=2024, on=date(2025, 8, 1)).counts
    assert not verdict(tandem, [THREE], year=2024, on=date(2025, 8, 1)).counts


def test_a_kind_may_not_continue_at_all() -> None:
    tandem = _tandem("impulse", date(2024, 12, 31), date(2025, 1, 2), date(2025, 1, 3))
    found = verdict(tandem, RULES, year=2025, on=date(2025, 8, 1))
    assert found == Verdict(
        2025,
        counts=False,
        standing=Standing.CONTINUED,
        reasons=(Reason(Code.NOT_CONTINUED, met=False, values={"kind": "impulse"}),),
        version="impulse-1",
    )


# --- length


def test_a_length_is_reached_by_the_calendar_alone() -> None:
    tandem = _tandem("long", date(2025, 8, 31))
    before = verdict(tandem, RULES, year=2025, on=date(2026, 2, 27))
    assert not before.counts
    assert before.next_change_on == date(2026, 2, 28)
    assert _reason(before, Code.LENGTH).values == {
        "days": 180,
        "needed_days": 0,
        "needed_months": 6,
        "reached_on": date(2026, 2, 28),
    }
    after = verdict(tandem, RULES, year=2025, on=date(2026, 2, 28))
    assert (after.counts, after.next_change_on) == (True, None)


def test_a_tandem_that_ended_too_early_never_reaches_the_length() -> None:
    ended = _tandem("long", date(2025, 1, 15), ended_on=date(2025, 7, 14))
    found = verdict(ended, RULES, year=2025, on=date(2026, 1, 1))
    assert (found.counts, found.next_change_on) == (False, None)
    assert _reason(found, Code.LENGTH).values["reached_on"] is None
    assert _reason(found, Code.LENGTH).values["days"] == 180
    just = replace(ended, ended_on=date(2025, 7, 15))
    assert verdict(just, RULES, year=2025, on=date(2026, 1, 1)).counts


@pytest.mark.parametrize(
    ("founded_on", "months", "days", "reached_on"),
    [
        (date(2023, 8, 31), 6, 0, date(2024, 2, 29)),
        (date(2024, 8, 31), 6, 0, date(2025, 2, 28)),
        (date(2024, 12, 31), 2, 1, date(2025, 3, 1)),
        (date(2024, 2, 29), 12, 0, date(2025, 2, 28)),
        (date(2024, 1, 1), 0, 21, date(2024, 1, 22)),
        # A day less or more of daylight saving changes nothing.
        (date(2024, 3, 30), 0, 2, date(2024, 4, 1)),
    ],
)
def test_months_end_on_the_last_day_where_the_day_is_missing(
    founded_on: date, months: int, days: int, reached_on: date
) -> None:
    assert replace(LONG, months=months, days=days).reached_on(founded_on) == reached_on


def test_two_open_conditions_change_at_the_earlier_day() -> None:
    rule = replace(LONG, meetings=2, days=14)
    tandem = _tandem("long", date(2025, 1, 1), date(2025, 3, 1))
    found = verdict(tandem, [rule], year=2025, on=date(2025, 2, 1))
    assert found.next_change_on == date(2025, 3, 1)
    assert [reason.met for reason in found.reasons] == [False, False]


# --- versions of a rule


def test_the_version_in_force_when_the_tandem_enters_the_year_applies() -> None:
    old = replace(ONE, valid_to=date(2025, 6, 30))
    new = CountingRule("chance-2", "chance", date(2025, 7, 1), meetings=2, continued_meetings=2)
    on = date(2026, 6, 1)
    first = _tandem("chance", date(2025, 6, 30), date(2026, 5, 1))
    second = _tandem("chance", date(2025, 7, 1), date(2026, 5, 1))
    assert [one.version for one in verdicts(first, [old, new], on=on)] == ["chance-1", "chance-2"]
    assert [one.counts for one in verdicts(first, [old, new], on=on)] == [True, False]
    assert [one.version for one in verdicts(second, [old, new], on=on)] == ["chance-2"] * 2
    assert [one.counts for one in verdicts(second, [old, new], on=on)] == [False, False]


def test_a_rule_covers_its_kind_from_its_first_to_its_last_day() -> None:
    rule = CountingRule("v", "chance", date(2025, 1, 1), date(2025, 12, 31))
    assert [rule.covers("chance", date(2025, 1, 1) + timedelta(days=n)) for n in (-1, 0, 364)] == [
        False,
        True,
        True,
    ]
    assert not rule.covers("chance", date(2026, 1, 1))
    assert not rule.covers("impulse", date(2025, 5, 1))


def test_of_versions_that_overlap_the_later_one_applies() -> None:
    later = CountingRule("chance-2", "chance", date(2025, 1, 1))
    assert rule_for([later, ONE], "chance", date(2025, 5, 1)) is later
    assert rule_for([later, ONE], "chance", date(2024, 5, 1)) is ONE
    assert rule_for([later, ONE], "chance", date(2010, 5, 1)) is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"meetings": 0}, "at least one meeting"),
        ({"continued_meetings": 0}, "at least one meeting"),
        ({"minutes": -1}, "nothing below zero"),
        ({"months": -1}, "nothing below zero"),
        ({"days": -1}, "nothing below zero"),
        ({"grace_days": -1}, "nothing below zero"),
        ({"valid_to": date(2015, 12, 31)}, "ends before"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        replace(ONE, **changes)  # type: ignore[arg-type]


# --- when to look again, and the counter


def test_a_running_tandem_is_judged_anew_at_new_year_or_when_its_length_is_reached() -> None:
    on = date(2025, 8, 1)

    def again(tandem: TandemFacts) -> date | None:
        return next_change_on(tandem, verdicts(tandem, RULES, on=on), on=on)

    assert again(_tandem("chance", date(2025, 3, 1))) == date(2026, 1, 1)
    assert again(_tandem("long", date(2025, 3, 1))) == date(2025, 9, 1)
    assert again(_tandem("chance", date(2025, 3, 1), ended_on=date(2025, 7, 1))) is None
    assert again(_tandem("chance", date(2025, 3, 1), ended_on=date(2026, 1, 1))) == date(2026, 1, 1)
    assert again(TandemFacts("chance")) is None
    assert again(TandemFacts("chance", date(2025, 3, 1), declined=True)) is None


def test_the_counter_takes_each_tandem_once_in_its_founding_year() -> None:
    on = date(2025, 8, 1)
    every = [
        _tandem("chance", date(2023, 5, 1), date(2024, 2, 1), date(2025, 3, 1)),
        _tandem("chance", date(2025, 5, 1)),
        _tandem("chance", date(2023, 12, 31)),
        _tandem("impulse", date(2024, 5, 1)),
        # Not counted when founded, so continuing adds nothing.
        TandemFacts("chance", date(2023, 6, 1), None, _met(date(2024, 6, 1))),
    ]
    assert counted_once(verdicts(one, RULES, on=on) for one in every) == {2023: 2, 2025: 1}


# --- groups: once, or once for each mentee

CLASS = CountingRule("1", "class", START, meetings=2)
EACH = replace(CLASS, version="2", valid_from=date(2026, 1, 1), each_mentee=True)
CHANGED = (replace(CLASS, valid_to=date(2025, 12, 31)), EACH)


def _group(*days: date, ended_on: date | None = None) -> TandemFacts:
    return TandemFacts("class", min(days), ended_on, _met(*days))


def _counted(found: list[Unit]) -> list[tuple[int | None, list[tuple[int, bool, str]]]]:
    return [
        (unit.mentee, [(one.year, one.counts, one.standing.value) for one in unit.verdicts])
        for unit in found
    ]


def test_a_group_counts_once_unless_the_rule_counts_each() -> None:
    group = _group(date(2026, 3, 1), date(2026, 3, 8))
    both = [MenteeFacts(pk, _met(date(2026, 3, 1), date(2026, 3, 8))) for pk in (7, 8)]
    on = date(2026, 5, 1)
    once = [(None, [(2026, True, "founded")])]
    assert _counted(units(group, both, [CLASS], on=on)) == once
    assert _counted(units(group, [], [EACH], on=on)) == once  # two people: one as the other
    assert _counted(units(group, both, [EACH], on=on)) == [
        (7, [(2026, True, "founded")]),
        (8, [(2026, True, "founded")]),
    ]


def test_each_mentee_is_judged_by_the_meetings_they_came_to() -> None:
    group = _group(date(2026, 3, 1), date(2026, 3, 8), date(2026, 3, 15))
    came_once = MenteeFacts(7, _met(date(2026, 3, 8)))
    came_twice = MenteeFacts(8, _met(date(2026, 3, 8), date(2026, 3, 15)))
    never = MenteeFacts(9)
    found = units(group, [came_once, came_twice, never], [EACH], on=date(2026, 5, 1))
    assert _counted(found) == [
        (7, [(2026, False, "founded")]),
        (8, [(2026, True, "founded")]),
    ]


def test_who_joins_later_is_new_when_the_others_go_on_and_who_left_does_not() -> None:
    early = _met(date(2026, 3, 1), date(2026, 3, 8))
    late = _met(date(2027, 3, 1), date(2027, 3, 8))
    stays, leaves = MenteeFacts(1, early + late), MenteeFacts(2, early, left_on=date(2026, 6, 1))
    joins = MenteeFacts(3, late)
    group = _group(*(meeting.at for meeting in early + late), ended_on=date(2027, 6, 1))
    assert _counted(units(group, [stays, leaves, joins], [EACH], on=date(2027, 12, 31))) == [
        (1, [(2026, True, "founded"), (2027, True, "continued")]),
        (2, [(2026, True, "founded")]),
        (3, [(2027, True, "founded")]),
    ]


def test_the_rule_of_each_year_says_what_counts() -> None:
    days = [date(2025, 3, 1), date(2025, 3, 8), date(2026, 3, 1), date(2026, 3, 8)]
    found = units(
        _group(*days),
        [MenteeFacts(pk, _met(*days)) for pk in (1, 2)],
        CHANGED,
        on=date(2026, 12, 31),
    )
    assert _counted(found) == [
        (None, [(2025, True, "founded")]),
        (1, [(2026, True, "continued")]),
        (2, [(2026, True, "continued")]),
    ]


def test_a_group_that_never_met_says_so_once() -> None:
    group = TandemFacts("class", declined=True)
    found = units(group, [MenteeFacts(1), MenteeFacts(2)], [EACH], on=date(2026, 5, 1))
    assert _counted(found) == [(None, [(2026, False, "none")])]
