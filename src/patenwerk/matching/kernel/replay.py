"""What if we had matched more often, or less often? A time's arrivals, played again by a rhythm.

Everybody comes on a day and waits. On each run day all who wait are matched at once by the exact
search: most pairs first, then the highest sum of scores. Whoever found a partner waits no more.

Days are counted from any origin, the same for everything in one call. They may have a fraction,
where the moment of an arrival is known: a run at day 10.0 sees who came at 9.7, not who at 10.2.

What a pair's score and limits say of the two people is held as it is given and does not change
with the day, but for one thing: **waiting keeps counting**. To the score that is given, without
waiting, each run adds ``day_points`` for every whole day each of the two has waited by then.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.market import RoundTooLarge
from patenwerk.matching.kernel.pairs import listed_pairs
from patenwerk.matching.kernel.solver import solve

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RHYTHMS: tuple[int | None, ...] = (1, 2, 3, 5, 7, 10, 14, 21, 30, 60, 90, None)
"""The rhythms that are compared, in days between two runs; None is one run at the end."""
STAYS = math.inf
"""Stands in ``left`` for somebody who never gave up."""

_HIGHEST_SCORE = (1 << 31) - 1


class Arrivals(NamedTuple):
    """``n`` people of one side and when they came.

    ``identity`` (n,) uint64: what decides between equally good sets of pairs. ``came`` (n,)
    float64 in days. ``left`` (n,) float64 in days: the last moment at which the person can be
    matched, ``STAYS`` for who stays. ``places`` (n,) int64: how many different partners the
    person may get. ``day_points``: what one day of waiting adds to the score of each pair.
    """

    identity: NDArray[np.uint64]
    came: Floats
    left: Floats
    places: Ints
    day_points: int = 0


class Possible(NamedTuple):
    """The pairs that break no limit, (pairs,) each, in any order.

    ``rows`` int64: mentees; ``columns`` int64: mentors; ``score`` int64 without waiting;
    ``persons`` int64, not negative: pairs with the same number are the same two persons (somebody
    may stand in several rows) and come about once at most.
    """

    rows: Ints
    columns: Ints
    score: Ints
    persons: Ints


class Played(NamedTuple):
    """What came about: the indexes of the pairs in ``Possible`` and the day of each, by day."""

    pair: Ints
    day: Floats
    runs: Floats


class Mean(NamedTuple):
    """A mean and ``of`` how many; None of none."""

    value: float | None
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How the people of one side fared who came until the end. All means and medians in days.

    ``placed`` found a partner and waited ``mean`` days for the first one. ``still`` had found none
    at the end and had waited ``still_mean`` days by then; ``gone`` gave up before. ``overall`` is
    the mean over all ``came``, each until the first partner, the departure or the end: the one
    figure that does not look better when people are left waiting.
    """

    came: int
    placed: int
    mean: float | None
    median: float | None
    still: int
    still_mean: float | None
    gone: int
    overall: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One rhythm's result. ``every`` days between runs, None for one run; ``runs`` their days.

    ``fit`` and ``km`` are means over the pairs, in the units of whoever measured them.
    """

    every: int | None
    runs: tuple[float, ...]
    pairs: int
    mentees: Waiting
    mentors: Waiting
    fit: Mean
    km: Mean


Measure = Callable[[Ints], Floats]
"""Given indexes of pairs, the value of each, NaN where it is not known."""
Report = Callable[[int, int], None]
"""Told (done, total) after each rhythm; may raise to stop."""


def run_days(first: float, last: float, every: int | None, *, beyond: bool = False) -> Floats:
    """The days on which is matched: ``every`` days after ``first``, not after ``last``.

    With ``beyond`` one more run follows after ``last`` where ``last`` itself is no run day, so
    that whoever came towards the end is not left out. ``every`` None: the one run at ``last``,
    with ``beyond`` at the first whole number of days after ``first`` that is not before it.
    Raises ValueError where ``every`` is no positive number.
    """
    if every is None:
        return np.array([first + math.ceil(last - first) if beyond else last])
    if every < 1:
        raise ValueError(f"{every} is no rhythm")
    span = max(0.0, last - first) / every
    count = math.ceil(span) if beyond else math.floor(span)
    days: Floats = first + every * np.arange(1, count + 1, dtype=np.float64)
    return days


def play(possible: Possible, mentees: Arrivals, mentors: Arrivals, runs: Floats) -> Played:
    """Match all who wait on each of the days ``runs`` (ascending) and answer the pairs.

    Raises :class:`RoundTooLarge` where scores with waiting leave the range of the search.
    """
    born = np.maximum(mentees.came[possible.rows], mentors.came[possible.columns])
    order = np.argsort(born, kind="stable")
    ends = np.searchsorted(born[order], runs, side="right")
    state = _State(
        possible,
        mentees,
        mentors,
        mentees.places.copy(),
        mentors.places.copy(),
        np.zeros(int(possible.persons.max(initial=-1)) + 1, dtype=np.bool_),
    )
    found, days, begin = [np.zeros(0, dtype=np.int64)], [np.zeros(0)], 0
    open_pairs = np.zeros(0, dtype=np.int64)
    for day, end in zip(runs.tolist(), ends.tolist(), strict=True):
        open_pairs = state.still_open(np.concatenate([open_pairs, order[begin:end]]), day)
        begin = max(begin, end)
        # Once, unless two rows of one person were given the same partner: then the rest again.
        while len(open_pairs):
            taken = state.take(state.best(open_pairs, day))
            found.append(taken)
            days.append(np.full(len(taken), day))
            open_pairs = state.still_open(open_pairs, day)
    return Played(np.concatenate(found), np.concatenate(days), runs)


@dataclass(slots=True)
class _State:
    """Who still has a place, and which two persons have met."""

    possible: Possible
    mentees: Arrivals
    mentors: Arrivals
    mentee_places: Ints
    mentor_places: Ints
    met: NDArray[np.bool_]

    def still_open(self, pairs: Ints, day: float) -> Ints:
        """Those among the pairs that can come about on the day."""
        rows, columns = self.possible.rows[pairs], self.possible.columns[pairs]
        is_open = (self.mentee_places[rows] > 0) & (self.mentor_places[columns] > 0)
        is_open &= (self.mentees.left[rows] >= day) & (self.mentors.left[columns] >= day)
        is_open &= ~self.met[self.possible.persons[pairs]]
        return pairs[is_open]

    def best(self, pairs: Ints, day: float) -> Ints:
        """The exact best set out of open pairs."""
        rows, row = np.unique(self.possible.rows[pairs], return_inverse=True)
        columns, column = np.unique(self.possible.columns[pairs], return_inverse=True)
        score = self.possible.score[pairs].astype(np.int64)
        score += _waited(self.mentees, rows, day)[row]
        score += _waited(self.mentors, columns, day)[column]
        if int(score.max()) > _HIGHEST_SCORE:
            raise RoundTooLarge
        one, other = self.mentees.identity[rows], self.mentors.identity[columns]
        solution = solve(
            listed_pairs(
                row, column, score.astype(np.int32), row_identity=one, column_identity=other
            ),
            self.mentee_places[rows],
            self.mentor_places[columns],
            mentee_identity=one,
            mentor_identity=other,
        )
        # A pair of a row and a column stands in the list once, so its key finds it again.
        keys = row * len(columns) + column
        place = np.argsort(keys, kind="stable")
        wanted = solution.rows * len(columns) + solution.columns
        return pairs[place[np.searchsorted(keys[place], wanted)]]

    def take(self, pairs: Ints) -> Ints:
        """Write the pairs down, of the same two persons only the first one; answers which."""
        _persons, first = np.unique(self.possible.persons[pairs], return_index=True)
        taken = pairs[np.sort(first)]
        np.subtract.at(self.mentee_places, self.possible.rows[taken], 1)
        np.subtract.at(self.mentor_places, self.possible.columns[taken], 1)
        self.met[self.possible.persons[taken]] = True
        return taken


def _waited(side: Arrivals, people: Ints, day: float) -> Ints:
    points: Ints = np.floor(day - side.came[people]).astype(np.int64) * side.day_points
    return points


def figures_of(
    played: Played,
    possible: Possible,
    mentees: Arrivals,
    mentors: Arrivals,
    *,
    every: int | None,
    end: float,
    fit: Measure,
    km: Measure,
) -> Figures:
    """What a rhythm came to. ``end``: the day on which those who still wait are counted."""
    return Figures(
        every=every,
        runs=tuple(played.runs.tolist()),
        pairs=len(played.pair),
        mentees=_waiting(mentees, possible.rows[played.pair], played.day, end),
        mentors=_waiting(mentors, possible.columns[played.pair], played.day, end),
        fit=mean_of(fit(played.pair)),
        km=mean_of(km(played.pair)),
    )


def curve(
    possible: Possible,
    mentees: Arrivals,
    mentors: Arrivals,
    *,
    rhythms: Sequence[int | None],
    first: float,
    end: float,
    fit: Measure,
    km: Measure,
    report: Report | None = None,
) -> list[Figures]:
    """All rhythms on the same arrivals; runs until ``end``, on which the rest is counted."""
    found = []
    for done, every in enumerate(rhythms, start=1):
        played = play(possible, mentees, mentors, run_days(first, end, every))
        found.append(
            figures_of(played, possible, mentees, mentors, every=every, end=end, fit=fit, km=km)
        )
        if report is not None:
            report(done, len(rhythms))
    return found


def mean_of(values: Floats) -> Mean:
    """The mean of those that are known."""
    known = values[~np.isnan(values)]
    return Mean(float(known.mean()) if len(known) else None, len(known))


def _waiting(side: Arrivals, people: Ints, days: Floats, end: float) -> Waiting:
    first = np.full(len(side.came), math.inf)
    np.minimum.at(first, people, days)
    here = side.came <= end
    is_placed = first < math.inf
    is_gone = here & ~is_placed & (side.left < end)
    is_still = here & ~is_placed & ~is_gone
    until = np.where(is_placed, first, np.minimum(side.left, end))
    waited = np.maximum(until - side.came, 0)
    counted = here | is_placed
    return Waiting(
        came=int(counted.sum()),
        placed=int(is_placed.sum()),
        mean=mean_of(waited[is_placed]).value,
        median=float(np.median(waited[is_placed])) if is_placed.any() else None,
        still=int(is_still.sum()),
        still_mean=mean_of(waited[is_still]).value,
        gone=int(is_gone.sum()),
        overall=mean_of(waited[counted]).value,
    )
