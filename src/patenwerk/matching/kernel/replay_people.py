"""A replay of people as matching knows them: limits and scores are those of a round.

What is held fixed: everybody is seen as of one day, the last one. Age, record check, wishes, free
times and places are taken as they are then; only coming, leaving and waiting follow the calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from patenwerk.matching.kernel import defaults
from patenwerk.matching.kernel.crowd import Crowd
from patenwerk.matching.kernel.neighbours import Locate
from patenwerk.matching.kernel.pool import Pool, build_pool
from patenwerk.matching.kernel.replay import (
    RHYTHMS,
    STAYS,
    Arrivals,
    Figures,
    Floats,
    Ints,
    Possible,
    curve,
)
from patenwerk.matching.kernel.scoring import shared_words
from patenwerk.matching.kernel.settings import Limits, Weights
from patenwerk.people.kernel.profile import Profile

_PAIRS_AT_ONCE = 1 << 20

Watch = Callable[[int, int], None]
"""Told (done, total); may raise to stop."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everybody who ever comes, and the pairs that are possible between them."""

    pool: Pool
    possible: Possible
    mentees: Arrivals
    mentors: Arrivals

    def fit(self, pairs: Ints) -> Floats:
        """The share of what the mentee asks for that the mentor offers; NaN: asks for nothing."""
        rows, columns = self.possible.rows[pairs], self.possible.columns[pairs]
        mentees, mentors = self.pool.mentee_crowd, self.pool.mentor_crowd
        shared = shared_words(mentees.fields, mentors.fields, rows, columns)
        asks = np.bitwise_count(mentees.fields[rows]).sum(axis=1) > 0
        return np.where(asks, shared / mentees.asked[rows], np.nan)

    def km(self, pairs: Ints) -> Floats:
        """Kilometres between the two places: known of every pair that breaks no limit."""
        return self.pool.look(self.possible.rows[pairs], self.possible.columns[pairs]).hm / 10


def stage_of(
    mentors: Sequence[Profile],
    mentees: Sequence[Profile],
    *,
    on: date,
    locate: Locate,
    weights: Weights | None = None,
    limits: Limits | None = None,
    mentors_left: Mapping[str, date] | None = None,
    mentees_left: Mapping[str, date] | None = None,
    watch: Watch | None = None,
) -> Stage:
    """Find all pairs that are possible between everybody who comes, seen as of the day ``on``.

    ``open_places`` of a person is how many partners the person takes in the whole replay;
    ``…_left`` maps ids to the last day on which somebody could be matched. Raises
    :class:`~patenwerk.matching.kernel.sides.UnfitProfile`.
    """
    used = weights or Weights()
    # Nobody has waited yet: each run adds the waiting of its own day.
    pool = build_pool(
        [replace(person, waiting_since=on) for person in mentors],
        [replace(person, waiting_since=on) for person in mentees],
        on=on,
        locate=locate,
        weights=used,
        limits=limits or Limits(),
    )
    per_day = defaults.POINTS_PER_WAITING_DAY * used.waiting
    return Stage(
        pool,
        _possible(pool, watch),
        _arrivals(pool.mentees, pool.mentee_crowd, mentees, mentees_left or {}, per_day),
        _arrivals(pool.mentors, pool.mentor_crowd, mentors, mentors_left or {}, per_day),
    )


def replay_people(
    stage: Stage,
    *,
    on: date,
    rhythms: Sequence[int | None] = RHYTHMS,
    watch: Watch | None = None,
) -> list[Figures]:
    """The figures of each rhythm; days are ordinals of :class:`~datetime.date`.

    Matched is in the evening of a run day, so whoever comes on the day itself takes part and has
    waited 0 days. The first run ends the first ``every`` days, counted from the day on which the
    first person came; the last one is not after ``on``. Without anybody there are no runs.
    """
    came = np.concatenate([stage.mentees.came, stage.mentors.came])
    end = float(on.toordinal())
    return curve(
        stage.possible,
        stage.mentees,
        stage.mentors,
        rhythms=rhythms,
        first=float(came.min(initial=end)) - 1,
        end=end,
        fit=stage.fit,
        km=stage.km,
        report=watch,
    )


def _arrivals(
    ordered: Sequence[Profile],
    crowd: Crowd,
    people: Sequence[Profile],
    left: Mapping[str, date],
    per_day: int,
) -> Arrivals:
    since = {person.id: person.waiting_since.toordinal() for person in people}
    return Arrivals(
        identity=crowd.identity,
        came=np.array([since[person.id] for person in ordered], dtype=np.float64),
        left=np.array(
            [left[p.id].toordinal() if p.id in left else STAYS for p in ordered],
            dtype=np.float64,
        ),
        places=crowd.places_open,
        day_points=per_day,
    )


def _possible(pool: Pool, watch: Watch | None) -> Possible:
    count, others = len(pool.mentees), np.arange(len(pool.mentors))
    step = max(1, _PAIRS_AT_ONCE // max(1, len(others)))
    parts = [(np.zeros(0, dtype=np.int64),) * 3]
    for begin in range(0, count, step):
        block = np.arange(begin, min(count, begin + step))
        look = pool.look(block[:, None], others[None, :])
        row, column = np.nonzero(look.feasible)
        parts.append((block[row], column, look.score[row, column].astype(np.int64)))
        if watch is not None:
            watch(int(block[-1]) + 1, count)
    rows, columns, score = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Possible(rows, columns, score, persons=rows * max(1, len(others)) + columns)
