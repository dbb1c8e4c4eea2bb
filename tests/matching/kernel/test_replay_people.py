"""A replay of people: the limits and scores of a round, the days of the calendar."""

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from patenwerk.matching.kernel import defaults
from patenwerk.matching.kernel.replay_people import Stage, replay_people, stage_of
from patenwerk.matching.kernel.rounds import match_round
from patenwerk.matching.kernel.settings import Weights
from patenwerk.people.kernel.profile import Profile
from tests.matching.kernel.profiles import PLACES, mentee, mentor

ON = date(2026, 11, 23)


def stage(mentors: list[Profile], mentees: list[Profile], **more: object) -> Stage:
    return stage_of(mentors, mentees, on=ON, locate=PLACES, **more)  # type: ignore[arg-type]


def test_waiting_is_no_part_of_the_stored_score_and_each_day_has_the_carriers_weight() -> None:
    long_ago = replace(mentee("k"), waiting_since=ON - timedelta(days=300))
    weights = Weights(waiting=3)
    one = stage([mentor("m")], [long_ago], weights=weights)
    other = stage([mentor("m")], [replace(long_ago, waiting_since=ON)], weights=weights)
    assert one.possible.score.tolist() == other.possible.score.tolist()
    assert one.mentees.day_points == one.mentors.day_points == 3 * defaults.POINTS_PER_WAITING_DAY


def test_one_run_on_the_last_day_is_the_round_of_that_day() -> None:
    mentors = [replace(mentor(f"m{n}"), waiting_since=ON - timedelta(days=n)) for n in range(4)]
    mentees = [replace(mentee(f"k{n}"), waiting_since=ON - timedelta(days=9 * n)) for n in range(5)]
    found = match_round(mentors, mentees, on=ON, locate=PLACES)
    (once,) = replay_people(stage(mentors, mentees), on=ON, rhythms=[None])
    assert once.pairs == found.matched
    since = {person.id: person.waiting_since for person in (*mentors, *mentees)}
    waited = [(ON - since[pair.mentee]).days for pair in found.pairs]
    assert once.mentees.mean == sum(waited) / len(waited)


def test_the_first_run_ends_the_first_days() -> None:
    first = ON - timedelta(days=9)
    one = stage(
        [replace(mentor("m"), waiting_since=first)], [replace(mentee("k"), waiting_since=ON)]
    )
    daily, five, ten, eleven = replay_people(one, on=ON, rhythms=[1, 5, 10, 11])
    assert len(daily.runs) == 10
    assert [date.fromordinal(int(day)) for day in five.runs] == [first + timedelta(days=4), ON]
    assert ten.runs == (ON.toordinal(),)
    assert (daily.pairs, ten.pairs, eleven.pairs, eleven.runs) == (1, 1, 0, ())
    assert eleven.mentors.still_mean == 9


def test_who_left_is_there_until_that_day() -> None:
    came = ON - timedelta(days=5)
    left = {"k": ON - timedelta(days=1)}
    mentees = [replace(mentee("k"), waiting_since=came)]
    one = stage([replace(mentor("m"), waiting_since=ON)], mentees, mentees_left=left)
    (daily,) = replay_people(one, on=ON, rhythms=[1])
    assert (daily.pairs, daily.mentees.gone, daily.mentees.overall) == (0, 1, 4)
    back = stage([replace(mentor("m"), waiting_since=left["k"])], mentees, mentees_left=left)
    assert replay_people(back, on=ON, rhythms=[1])[0].pairs == 1


def test_fit_and_distance_are_known_where_somebody_said_something() -> None:
    asks = replace(mentee("a"), fields=frozenset({"school", "work"}))
    one = stage([replace(mentor("m"), fields=frozenset({"work"}))], [asks, mentee("b", fields=[])])
    pairs = np.arange(2)
    shares = {
        one.pool.mentees[row].id: share
        for row, share in zip(one.possible.rows, one.fit(pairs), strict=True)
    }
    assert shares["a"] == 0.5
    assert math.isnan(shares["b"])
    # Two of the same postcode are near each other, wherever that is.
    lost = stage([mentor("m", postcode="99999")], [mentee("k", postcode="99999")])
    assert lost.km(np.arange(1)).tolist() == [0]
    apart = stage([mentor("m", postcode="10999", furthest_km=15)], [mentee("k", furthest_km=15)])
    assert apart.km(np.arange(1)) == pytest.approx([4.3], abs=0.2)


def test_nobody_at_all_is_no_trouble() -> None:
    told: list[tuple[int, int]] = []
    one = stage([], [])
    found = replay_people(
        one, on=ON, rhythms=[1, None], watch=lambda done, total: told.append((done, total))
    )
    assert [each.pairs for each in found] == [0, 0]
    assert told == [(1, 2), (2, 2)]
