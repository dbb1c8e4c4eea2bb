"""Which hard limits each pair breaks. Rows are mentees, columns are mentors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.codes import Broken
from patenwerk.matching.kernel.settings import Limits
from patenwerk.matching.kernel.sides import (
    UNKNOWN_AGE,
    BoolArray,
    IntArray,
    SideArrays,
    membership,
)
from patenwerk.people.enums import Level

EARTH_RADIUS_HM = 63_710
"""Mean radius of the earth in units of 100 m."""
UNKNOWN_HM = -1
"""Stands for a distance nobody knows."""

BrokenArray = NDArray[np.uint16]


def distances_hm(mentees: SideArrays, mentors: SideArrays) -> IntArray:
    """(mentees, mentors) int64: straight line between place centres in units of 100 m.

    0 for the same postcode, also where its place is unknown; else ``UNKNOWN_HM`` where one of the
    places is unknown. Rounded to whole units here, so that all comparisons are between integers.
    """
    squares = np.zeros((len(mentees.people), len(mentors.people)))
    for axis in range(3):
        squares += (mentees.places[:, axis, None] - mentors.places[None, :, axis]) ** 2
    halves = np.minimum(np.sqrt(squares) / 2, 1.0)
    arcs = 2 * EARTH_RADIUS_HM * np.arcsin(halves)
    unknown = np.isnan(arcs)
    result = np.where(unknown, UNKNOWN_HM, np.rint(np.where(unknown, 0, arcs))).astype(np.int64)
    result[_same_postcode(mentees, mentors)] = 0
    return result


def _same_postcode(mentees: SideArrays, mentors: SideArrays) -> BoolArray:
    return _equal_words([p.postcode for p in mentees.people], [p.postcode for p in mentors.people])


def _equal_words(rows: list[str], columns: list[str]) -> BoolArray:
    numbers = {word: number for number, word in enumerate({*rows, *columns})}
    left = np.array([numbers[word] for word in rows], dtype=np.int64)
    right = np.array([numbers[word] for word in columns], dtype=np.int64)
    equal: BoolArray = left[:, None] == right[None, :]
    return equal


def common_levels(mentees: SideArrays, mentors: SideArrays) -> IntArray:
    """(mentees, mentors) int64: how well both speak the common language they share best.

    The level is the lower one of the two, as in :class:`Level`; 0 where they share none.
    """
    spoken = [p.languages for p in (*mentees.people, *mentors.people)]
    names = sorted({name for languages in spoken for name in languages})
    vocabulary = {name: place for place, name in enumerate(names)}
    best = np.zeros((len(mentees.people), len(mentors.people)), dtype=np.int64)
    for level in Level:
        rows, columns = (
            membership(
                [[name for name, at in p.languages.items() if at >= level] for p in side.people],
                vocabulary,
            )
            for side in (mentees, mentors)
        )
        best[(rows @ columns.T) > 0] = level
    return best


def required_levels(mentees: SideArrays, limits: Limits) -> IntArray:
    """(mentees,) int64: the mentee's own wish for the common language, else the carrier's."""
    return np.array(
        [
            limits.minimum_level if p.minimum_level is None else p.minimum_level
            for p in mentees.people
        ],
        dtype=np.int64,
    )


def common_free_times(mentees: SideArrays, mentors: SideArrays) -> NDArray[np.uint32]:
    """(mentees, mentors) uint32: the cells of the week grid in which both are free, as bits."""
    common: NDArray[np.uint32] = mentees.free_times[:, None] & mentors.free_times[None, :]
    return common


def minors(mentees: SideArrays, limits: Limits) -> BoolArray:
    """(mentees,) bool: whom only a mentor with a valid record check meets (§ 72a SGB VIII)."""
    known = mentees.ages != UNKNOWN_AGE
    young = mentees.ages < limits.age_of_majority
    return np.where(known, young, limits.unknown_age_is_minor)


def _keeps_age_wish(wishing: SideArrays, wished: SideArrays) -> BoolArray:
    """(wishing, wished) bool. Who has no known age keeps no wish: ``UNKNOWN_AGE`` is below all."""
    ages = wished.ages[None, :]
    inside = (wishing.youngest[:, None] <= ages) & (ages <= wishing.oldest[:, None])
    kept: BoolArray = ~wishing.wishes_age[:, None] | inside
    return kept


def _never_again(mentees: SideArrays, mentors: SideArrays) -> BoolArray:
    """(mentees, mentors) bool: one of the two is never to be suggested to the other again."""
    never = np.zeros((len(mentees.people), len(mentors.people)), dtype=np.bool_)
    row_of = {p.id: row for row, p in enumerate(mentees.people)}
    column_of = {p.id: column for column, p in enumerate(mentors.people)}
    for row, mentee in enumerate(mentees.people):
        for mentor_id in mentee.never_with & column_of.keys():
            never[row, column_of[mentor_id]] = True
    for column, mentor in enumerate(mentors.people):
        for mentee_id in mentor.never_with & row_of.keys():
            never[row_of[mentee_id], column] = True
    return never


def broken_limits(
    mentees: SideArrays,
    mentors: SideArrays,
    *,
    limits: Limits,
    distances: IntArray,
    levels: IntArray,
) -> BrokenArray:
    """(mentees, mentors) uint16: the bits of :class:`Broken` for every limit a pair breaks.

    0 is a feasible pair. ``distances`` as from :func:`distances_hm`, ``levels`` as from
    :func:`common_levels`.
    """
    broken = np.zeros(distances.shape, dtype=np.uint16)

    def add(limit: Broken, where: BoolArray) -> None:
        broken[np.broadcast_to(where, broken.shape)] |= np.uint16(limit)

    add(Broken.PLACE_UNKNOWN, distances == UNKNOWN_HM)
    add(Broken.MENTEE_DISTANCE, distances > mentees.furthest_hm[:, None])
    add(Broken.MENTOR_DISTANCE, distances > mentors.furthest_hm[None, :])
    add(Broken.LANGUAGE, levels < required_levels(mentees, limits)[:, None])
    add(Broken.FREE_TIME, common_free_times(mentees, mentors) == 0)
    add(Broken.MENTEE_GENDER_WISH, ~mentees.accepts[:, mentors.genders])
    add(Broken.MENTOR_GENDER_WISH, ~mentors.accepts[:, mentees.genders].T)
    add(Broken.MENTEE_AGE_WISH, ~_keeps_age_wish(mentees, mentors))
    add(Broken.MENTOR_AGE_WISH, ~_keeps_age_wish(mentors, mentees).T)
    add(Broken.RECORD_CHECK, minors(mentees, limits)[:, None] & ~mentors.checked[None, :])
    add(Broken.MENTOR_FULL, (mentors.open_places == 0)[None, :])
    add(Broken.MENTEE_FULL, (mentees.open_places == 0)[:, None])
    add(Broken.NEVER_AGAIN, _never_again(mentees, mentors))
    if limits.same_network:
        networks = ([p.network for p in side.people] for side in (mentees, mentors))
        add(Broken.NETWORK, ~_equal_words(*networks))
    return broken
