"""All mentors and mentees of one calculation with everything known about each pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from patenwerk.matching.kernel.codes import Broken, Part, Step
from patenwerk.matching.kernel.criteria import (
    BrokenArray,
    broken_limits,
    common_levels,
    distances_hm,
    required_levels,
)
from patenwerk.matching.kernel.progress import Progress, nobody_watches
from patenwerk.matching.kernel.scoring import PointArray, part_points, total_score
from patenwerk.matching.kernel.settings import Limits, Weights
from patenwerk.matching.kernel.sides import (
    BoolArray,
    IntArray,
    Locate,
    SideArrays,
    arrays_of,
    demand_fit,
    in_lasting_order,
)
from patenwerk.people.enums import Side
from patenwerk.people.kernel.profile import Profile


@dataclass(frozen=True, slots=True)
class Pool:
    """Tables over all pairs: rows are mentees, columns are mentors, both in lasting order.

    ``distances`` int64 in units of 100 m, -1 unknown; ``levels`` int64: best common language
    level; ``required`` (mentees,) int64; ``broken`` uint16: bits of :class:`Broken`, 0 feasible;
    ``points`` int32 per part; ``score`` int64, also for pairs that break a limit.
    """

    mentees: SideArrays
    mentors: SideArrays
    weights: Weights
    distances: IntArray
    levels: IntArray
    required: IntArray
    broken: BrokenArray
    points: dict[Part, PointArray]
    score: IntArray

    @property
    def feasible(self) -> BoolArray:
        """(mentees, mentors) bool: the pairs that break no limit."""
        keeps_all: BoolArray = self.broken == 0
        return keeps_all

    def people(self, side: Side) -> tuple[Profile, ...]:
        """The people of one side, in the order of the tables."""
        return (self.mentees if side is Side.MENTEE else self.mentors).people

    def broken_of(self, side: Side, index: int) -> BrokenArray:
        """(other side,) uint16: limits broken with each of the other side, own places apart."""
        if side is Side.MENTEE:
            own, broken = Broken.MENTEE_FULL, self.broken[index]
        else:
            own, broken = Broken.MENTOR_FULL, self.broken[:, index]
        others: BrokenArray = broken & np.uint16(0xFFFF ^ own)
        return others

    def score_of(self, side: Side, index: int) -> IntArray:
        """(other side,) int64: the score with each of the other side."""
        return self.score[index] if side is Side.MENTEE else self.score[:, index]


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
    progress: Progress = nobody_watches,
) -> Pool:
    """Look at every pair of the two sides as of the day ``on``.

    Raises :class:`~patenwerk.matching.kernel.sides.UnfitProfile`.
    """
    demand_fit(mentors, Side.MENTOR)
    demand_fit(mentees, Side.MENTEE)
    progress(Step.LIMITS, 0, 1)
    rows = arrays_of(in_lasting_order(mentees), on=on, locate=locate)
    columns = arrays_of(in_lasting_order(mentors), on=on, locate=locate)
    distances, levels = distances_hm(rows, columns), common_levels(rows, columns)
    broken = broken_limits(rows, columns, limits=limits, distances=distances, levels=levels)
    progress(Step.LIMITS, 1, 1)
    progress(Step.SCORES, 0, 1)
    points = part_points(rows, columns, distances=distances, levels=levels)
    score = total_score(points, weights)
    progress(Step.SCORES, 1, 1)
    return Pool(
        mentees=rows,
        mentors=columns,
        weights=weights,
        distances=distances,
        levels=levels,
        required=required_levels(rows, limits),
        broken=broken,
        points=points,
        score=score,
    )
