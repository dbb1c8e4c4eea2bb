"""The replay against a plain simulation that tries every set of pairs."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patenwerk.matching.kernel.market import RoundTooLarge
from patenwerk.matching.kernel.replay import (
    RHYTHMS,
    STAYS,
    Arrivals,
    Floats,
    Ints,
    Played,
    Possible,
    curve,
    figures_of,
    mean_of,
    play,
    run_days,
)

Pair = tuple[int, int, int, int]
"""Row, column, score, number of the two persons."""


def side(
    came: list[float],
    *,
    left: list[float] | None = None,
    places: list[int] | None = None,
    day_points: int = 0,
    salt: int = 0,
) -> Arrivals:
    numbers = np.arange(len(came), dtype=np.uint64)
    return Arrivals(
        identity=numbers * np.uint64(7919) + np.uint64(salt),
        came=np.array(came, dtype=np.float64),
        left=np.array(left or [STAYS] * len(came), dtype=np.float64),
        places=np.array(places or [1] * len(came), dtype=np.int64),
        day_points=day_points,
    )


def possible(pairs: list[Pair]) -> Possible:
    columns = [np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True)]
    return Possible(*(columns or [np.zeros(0, dtype=np.int64)] * 4))


def unknown(pairs: Ints) -> Floats:
    """Nobody measured anything."""
    return np.full(len(pairs), math.nan)


def days_of(found: Played, pairs: list[Pair]) -> set[tuple[int, int, float]]:
    return {
        (*pairs[at][:2], day)
        for at, day in zip(found.pair.tolist(), found.day.tolist(), strict=True)
    }


def best_worth(pairs: list[Pair], mentees: Arrivals, mentors: Arrivals, day: float) -> int:
    """(number of pairs, score) of the best set, as one number, by trying every set."""

    def waited(people: Arrivals, at: int) -> int:
        return math.floor(day - float(people.came[at])) * people.day_points

    best = 0
    for size in range(len(pairs) + 1):
        for chosen in combinations(pairs, size):
            rows, columns = [one[0] for one in chosen], [one[1] for one in chosen]
            if any(rows.count(row) > mentees.places[row] for row in rows):
                continue
            if any(columns.count(column) > mentors.places[column] for column in columns):
                continue
            score = sum(
                one[2] + waited(mentees, one[0]) + waited(mentors, one[1]) for one in chosen
            )
            best = max(best, size * 1_000_000 + score)
    return best


moments = st.integers(0, 12).map(float)


@st.composite
def crowds(draw: st.DrawFn) -> tuple[list[Pair], Arrivals, Arrivals, int | None]:
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    cells = [(row, column) for row in range(rows) for column in range(columns)]
    chosen = draw(st.lists(st.sampled_from(cells), unique=True, max_size=8))
    scores = draw(st.lists(st.integers(0, 50), min_size=len(chosen), max_size=len(chosen)))
    pairs = [
        (row, column, score, row * columns + column)
        for (row, column), score in zip(chosen, scores, strict=True)
    ]
    sides = []
    for count, salt in ((rows, 1), (columns, 2)):
        came = draw(st.lists(moments, min_size=count, max_size=count))
        stay = draw(
            st.lists(st.sampled_from([0.0, 2.0, 5.0, STAYS]), min_size=count, max_size=count)
        )
        left = [start + length for start, length in zip(came, stay, strict=True)]
        places = draw(st.lists(st.integers(1, 2), min_size=count, max_size=count))
        points = draw(st.integers(0, 3))
        sides.append(side(came, left=left, places=places, day_points=points, salt=salt))
    return pairs, sides[0], sides[1], draw(st.sampled_from([1, 2, 5, None]))


@given(crowds())
@settings(deadline=None, max_examples=150)
def test_each_run_is_the_best_of_all_sets_of_those_who_wait(
    case: tuple[list[Pair], Arrivals, Arrivals, int | None],
) -> None:
    pairs, mentees, mentors, every = case
    runs = run_days(-1, 12, every)
    found = play(possible(pairs), mentees, mentors, runs)
    assert sorted(found.day.tolist()) == found.day.tolist()
    places = (mentees.places.copy(), mentors.places.copy())
    used: set[int] = set()
    for day in runs.tolist():
        waiting = [
            (at, one)
            for at, one in enumerate(pairs)
            if at not in used
            and places[0][one[0]] > 0
            and places[1][one[1]] > 0
            and mentees.came[one[0]] <= day <= mentees.left[one[0]]
            and mentors.came[one[1]] <= day <= mentors.left[one[1]]
        ]
        today = [at for at, when in zip(found.pair, found.day, strict=True) if when == day]
        assert set(today) <= {at for at, _one in waiting}
        expected = best_worth(
            [one for _at, one in waiting],
            mentees._replace(places=places[0]),
            mentors._replace(places=places[1]),
            day,
        )
        worth = best_worth([pairs[at] for at in today], mentees, mentors, day)
        assert worth == expected
        assert worth // 1_000_000 == len(today)
        for at in today:
            places[0][pairs[at][0]] -= 1
            places[1][pairs[at][1]] -= 1
            used.add(at)
    assert len(used) == len(found.pair)
    assert min(places[0].min(), places[1].min()) >= 0


def test_two_persons_come_about_once_and_the_rest_is_matched_the_same_day() -> None:
    """Rows 0 and 1 are one pupil, columns 0 and 1 one student: the second request gets another."""
    pairs = [(0, 0, 9, 7), (0, 1, 9, 7), (1, 0, 9, 7), (1, 1, 9, 7), (1, 2, 1, 8), (2, 1, 1, 9)]
    found = play(possible(pairs), side([0, 0, 0]), side([0, 0, 5], salt=3), np.array([1.0, 6.0]))
    numbers = [pairs[at][3] for at in found.pair]
    assert sorted(numbers) == [7, 8, 9]
    assert sorted(found.day.tolist()) == [1.0, 1.0, 6.0]


def test_waiting_keeps_counting() -> None:
    """The one who has waited longer goes first, and beats a better fit once it is long enough."""
    pairs = [(0, 0, 0, 0), (1, 0, 30, 1)]
    for day, expected in ((20.0, {(1, 0, 20.0)}), (40.0, {(0, 0, 40.0)})):
        # Row 1 came on the day itself, so row 0 is ahead by the whole day number.
        mentees = side([0, day], day_points=1)
        found = play(possible(pairs), mentees, side([0], salt=5), np.array([day]))
        assert days_of(found, pairs) == expected


def test_the_waiting_of_both_sides_counts() -> None:
    """Of two mentors the one goes first who has waited longer."""
    pairs = [(0, 0, 0, 0), (0, 1, 30, 1)]
    for day, expected in ((20.0, {(0, 1, 20.0)}), (40.0, {(0, 0, 40.0)})):
        mentors = side([0, day], day_points=1, salt=5)
        found = play(possible(pairs), side([0]), mentors, np.array([day]))
        assert days_of(found, pairs) == expected


def test_whoever_gave_up_is_not_matched_on_a_later_day() -> None:
    pairs = [(0, 0, 1, 0), (1, 1, 1, 1)]
    mentees = side([0, 0], left=[4, 5])
    found = play(possible(pairs), mentees, side([0, 0], salt=1), run_days(0, 10, 5))
    assert days_of(found, pairs) == {(1, 1, 5.0)}


@pytest.mark.parametrize(
    ("first", "last", "every", "beyond", "days"),
    [
        (0, 10, 5, False, [5, 10]),
        (0, 10, 4, False, [4, 8]),
        (0, 10, 4, True, [4, 8, 12]),
        (0, 10, 5, True, [5, 10]),
        (0, 10, None, False, [10]),
        (0, 9.5, None, True, [10]),
        (0, 3, 7, False, []),
        (0, 3, 7, True, [7]),
        (4, 4, 1, False, []),
    ],
)
def test_run_days(
    first: float, last: float, every: int | None, beyond: bool, days: list[float]
) -> None:
    assert run_days(first, last, every, beyond=beyond).tolist() == days


def test_a_rhythm_has_at_least_one_day() -> None:
    with pytest.raises(ValueError, match="0 is no rhythm"):
        run_days(0, 1, 0)


def test_figures_count_placed_still_waiting_and_gone_apart() -> None:
    pairs = [(0, 0, 1, 0), (0, 1, 1, 1)]
    # The fourth came after the end; the last two were there to the end or came on that day.
    mentees = side(
        [1, 2, 3, 20, 4, 10], left=[STAYS, 6, STAYS, STAYS, 10, STAYS], places=[2, 1, 1, 1, 1, 1]
    )
    mentors = side([0, 3], salt=4)
    given_pairs = possible(pairs)
    runs = run_days(0, 10, 2)
    found = figures_of(
        play(given_pairs, mentees, mentors, runs),
        given_pairs,
        mentees,
        mentors,
        every=2,
        end=10,
        fit=lambda at: np.array([0.5, math.nan])[at],
        km=lambda at: np.array([3.0, 5.0])[at],
    )
    assert found.runs == (2, 4, 6, 8, 10)
    assert found.pairs == 2
    one = found.mentees
    # The first partner counts: day 2, although the second place was filled on day 4.
    assert (one.came, one.placed, one.mean, one.median) == (5, 1, 1, 1)
    assert (one.still, one.still_mean, one.gone) == (3, (7 + 6 + 0) / 3, 1)
    assert one.overall == pytest.approx((1 + 4 + 7 + 6 + 0) / 5)
    other = found.mentors
    assert (other.placed, other.mean, other.still, other.still_mean) == (2, 1.5, 0, None)
    assert found.fit == (0.5, 1)
    assert found.km == (4, 2)


def test_nobody_at_all_is_no_trouble() -> None:
    nobody = side([])
    (found,) = curve(
        possible([]),
        nobody,
        nobody,
        rhythms=[3],
        first=0,
        end=9,
        fit=unknown,
        km=unknown,
    )
    assert (found.pairs, found.fit.value, found.mentees.mean, found.mentees.overall) == (0,) + (
        None,
    ) * 3
    assert found.runs == (3, 6, 9)


def test_more_score_than_the_search_holds_is_refused() -> None:
    with pytest.raises(RoundTooLarge):
        play(possible([(0, 0, 1 << 31, 0)]), side([0]), side([0]), np.array([1.0]))


def test_a_curve_tells_where_it_is() -> None:
    told: list[tuple[int, int]] = []
    found = curve(
        possible([(0, 0, 1, 0)]),
        side([0]),
        side([3], salt=1),
        rhythms=RHYTHMS,
        first=-1,
        end=30,
        fit=unknown,
        km=unknown,
        report=lambda done, total: told.append((done, total)),
    )
    assert told == [(done, len(RHYTHMS)) for done in range(1, len(RHYTHMS) + 1)]
    assert [one.every for one in found] == list(RHYTHMS)
    assert found[0].mentees.mean == 3
    assert found[-1].mentees.mean == 30


def test_the_mean_of_nothing_is_nothing() -> None:
    assert mean_of(np.array([math.nan])) == (None, 0)
