"""Which hard limits pairs break.

Pairs are given as two arrays of indexes that are broadcast against each other: a list of pairs, a
whole block of rows by columns, or one person and everybody.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.codes import Broken
from patenwerk.matching.kernel.crowd import UNKNOWN_AGE, Crowd
from patenwerk.matching.kernel.neighbours import UNKNOWN_HM
from patenwerk.people.enums import Level

BoolArray = NDArray[np.bool_]
Indexes = NDArray[np.integer]
BrokenArray = NDArray[np.uint16]


def common_levels(
    mentees: Crowd, mentors: Crowd, rows: Indexes, columns: Indexes
) -> NDArray[np.int8]:
    """How well both speak the common language they share best: the level of the weaker one.

    0 where they share none. Whoever shares one at a level does so at all below, so that it is
    enough to count them.
    """
    known, spoken = mentees.speaks.take(rows, axis=0), mentors.speaks.take(columns, axis=0)
    best = np.zeros(np.broadcast(rows, columns).shape, dtype=np.int8)
    for level in Level:
        shared = known[..., level, 0] & spoken[..., level, 0]
        for word in range(1, known.shape[-1]):
            shared |= known[..., level, word] & spoken[..., level, word]
        best += shared != 0
    return best


def _keeps_age_wish(wishing: Crowd, wished: Crowd, one: Indexes, other: Indexes) -> BoolArray:
    """Who has no known age keeps no wish: ``UNKNOWN_AGE`` is below all."""
    ages = wished.age[other]
    inside = (wishing.youngest[one] <= ages) & (ages <= wishing.oldest[one])
    kept: BoolArray = ~wishing.wishes_age[one] | (inside & (ages != UNKNOWN_AGE))
    return kept


def never_again(mentees: Crowd, rows: Indexes, columns: Indexes, width: int) -> BoolArray:
    """Whether one of the two is never to be suggested to the other again; ``width``: mentors."""
    if not len(mentees.never_with):
        return np.zeros(np.broadcast_shapes(rows.shape, columns.shape), dtype=np.bool_)
    owners = np.repeat(np.arange(len(mentees.never) - 1), np.diff(mentees.never))
    apart = owners * width + mentees.never_with
    return np.isin(rows.astype(np.int64) * width + columns, apart)


def broken_limits(
    mentees: Crowd,
    mentors: Crowd,
    rows: Indexes,
    columns: Indexes,
    *,
    hm: NDArray[np.int32],
    levels: NDArray[np.int8],
) -> BrokenArray:
    """The bits of :class:`Broken` for every limit a pair breaks; 0 is a feasible pair.

    ``hm``: how far apart the two are; ``levels``: as from :func:`common_levels`.
    """
    broken = np.zeros(hm.shape, dtype=np.uint16)

    def add(limit: Broken, where: BoolArray) -> None:
        broken[np.broadcast_to(where, broken.shape)] |= np.uint16(limit)

    add(Broken.PLACE_UNKNOWN, hm == UNKNOWN_HM)
    add(Broken.MENTEE_DISTANCE, hm > mentees.reach[rows])
    add(Broken.MENTOR_DISTANCE, hm > mentors.reach[columns])
    add(Broken.LANGUAGE, levels < mentees.required[rows])
    add(Broken.FREE_TIME, (mentees.free_times[rows] & mentors.free_times[columns]) == 0)
    add(Broken.MENTEE_GENDER_WISH, ~mentees.accepts[rows, mentors.gender[columns]])
    add(Broken.MENTOR_GENDER_WISH, ~mentors.accepts[columns, mentees.gender[rows]])
    add(Broken.MENTEE_AGE_WISH, ~_keeps_age_wish(mentees, mentors, rows, columns))
    add(Broken.MENTOR_AGE_WISH, ~_keeps_age_wish(mentors, mentees, columns, rows))
    add(Broken.RECORD_CHECK, mentees.guarded[rows] & mentors.guarded[columns])
    add(Broken.MENTOR_FULL, mentors.places_open[columns] == 0)
    add(Broken.MENTEE_FULL, mentees.places_open[rows] == 0)
    add(Broken.NEVER_AGAIN, never_again(mentees, rows, columns, len(mentors.identity)))
    add(
        Broken.NETWORK,
        (mentees.network[rows] != mentors.network[columns])
        & ~(mentees.beyond[rows] & mentors.beyond[columns]),
    )
    return broken
