"""All mentors and mentees of one calculation, and a close look at any of their pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.codes import Broken, Part
from patenwerk.matching.kernel.criteria import (
    BoolArray,
    BrokenArray,
    Indexes,
    broken_limits,
    common_levels,
)
from patenwerk.matching.kernel.crowd import Crowd, crowds_of, in_order
from patenwerk.matching.kernel.neighbours import Locate, Vectors, distances_hm, places_of
from patenwerk.matching.kernel.scoring import (
    PointArray,
    Tables,
    part_points,
    tables_of,
    total_score,
)
from patenwerk.matching.kernel.settings import Limits, Weights
from patenwerk.matching.kernel.sides import demand_fit
from patenwerk.people.enums import Side
from patenwerk.people.kernel.profile import Profile


@dataclass(frozen=True, slots=True)
class Look:
    """Everything about some pairs, in their common shape.

    ``hm`` int32 in units of 100 m, -1 unknown; ``levels`` int8: best common language level;
    ``broken`` uint16: bits of :class:`Broken`, 0 feasible; ``points`` int32 per part, weight
    included; ``score`` int32, also for pairs that break a limit.
    """

    hm: NDArray[np.int32]
    levels: NDArray[np.int8]
    broken: BrokenArray
    points: dict[Part, PointArray]
    score: PointArray

    @property
    def feasible(self) -> BoolArray:
        """The pairs that break no limit."""
        keeps_all: BoolArray = self.broken == 0
        return keeps_all


@dataclass(frozen=True, slots=True)
class Pool:
    """Both sides, each by place and then in an order that depends on the ids alone.

    ``mentees`` and ``mentors`` are the people, ``mentee_crowd`` and ``mentor_crowd`` the same as
    columns, without names; ``vectors``: where the places are.
    """

    mentees: tuple[Profile, ...]
    mentors: tuple[Profile, ...]
    mentee_crowd: Crowd
    mentor_crowd: Crowd
    vectors: Vectors
    weights: Weights
    tables: Tables

    def people(self, side: Side) -> tuple[Profile, ...]:
        """The people of one side, in the order of all indexes."""
        return self.mentees if side is Side.MENTEE else self.mentors

    def look(self, rows: Indexes, columns: Indexes) -> Look:
        """Look at pairs of mentees (``rows``) and mentors: two arrays, broadcast."""
        mentees, mentors = self.mentee_crowd, self.mentor_crowd
        hm = distances_hm(self.vectors, mentees.place[rows], mentors.place[columns])
        levels = common_levels(mentees, mentors, rows, columns)
        points = part_points(
            mentees, mentors, rows, columns, hm=hm, levels=levels, tables=self.tables
        )
        return Look(
            hm=hm,
            levels=levels,
            broken=broken_limits(mentees, mentors, rows, columns, hm=hm, levels=levels),
            points=points,
            score=total_score(points),
        )

    def look_from(self, side: Side, index: int) -> Look:
        """One person and everybody of the other side, (other side,); own places left apart."""
        one, others = np.array([index]), np.arange(len(self.people(other_side(side))))
        if side is Side.MENTEE:
            own, look = Broken.MENTEE_FULL, self.look(one, others)
        else:
            own, look = Broken.MENTOR_FULL, self.look(others, one)
        return replace(look, broken=look.broken & np.uint16(0xFFFF ^ own))


def other_side(side: Side) -> Side:
    """Mentees for mentors, mentors for mentees."""
    return Side.MENTOR if side is Side.MENTEE else Side.MENTEE


def build_pool(
    mentors: Sequence[Profile],
    mentees: Sequence[Profile],
    *,
    on: date,
    locate: Locate,
    weights: Weights,
    limits: Limits,
) -> Pool:
    """Both sides as of the day ``on``; ``locate`` finds the places of postcodes.

    Raises :class:`~patenwerk.matching.kernel.sides.UnfitProfile`.
    """
    demand_fit(mentors, Side.MENTOR)
    demand_fit(mentees, Side.MENTEE)
    places = places_of((person.postcode for person in (*mentors, *mentees)), locate)
    rows, columns = in_order(mentees, places), in_order(mentors, places)
    mentee_crowd, mentor_crowd = crowds_of(rows, columns, on=on, places=places, limits=limits)
    return Pool(
        mentees=rows,
        mentors=columns,
        mentee_crowd=mentee_crowd,
        mentor_crowd=mentor_crowd,
        vectors=places.vectors,
        weights=weights,
        tables=tables_of(weights, int(mentee_crowd.asked.max(initial=1))),
    )
