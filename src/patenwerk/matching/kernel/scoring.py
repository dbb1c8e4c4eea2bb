"""The score of every pair, in named parts. Rows are mentees, columns are mentors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel import defaults
from patenwerk.matching.kernel.codes import Part
from patenwerk.matching.kernel.criteria import UNKNOWN_HM, common_free_times
from patenwerk.matching.kernel.settings import Weights
from patenwerk.matching.kernel.sides import IntArray, SideArrays, shared_counts
from patenwerk.people.enums import Level

PointArray = NDArray[np.int32]


def part_points(
    mentees: SideArrays, mentors: SideArrays, *, distances: IntArray, levels: IntArray
) -> dict[Part, PointArray]:
    """Points of each part before weighing, (mentees, mentors) int32 each.

    0 to 1000 for every part but waiting, which has no upper end.
    """
    waited = mentees.waiting[:, None] + mentors.waiting[None, :]
    return {
        Part.DISTANCE: _distance_points(distances),
        Part.LANGUAGES: (levels * defaults.FULL_POINTS // max(Level)).astype(np.int32),
        Part.FREE_TIME: _free_time_points(mentees, mentors),
        Part.FIELDS: _field_points(mentees, mentors),
        Part.INTERESTS: _shared_word_points(
            shared_counts(
                [p.interests for p in mentees.people], [p.interests for p in mentors.people]
            )
        ),
        Part.DISLIKES: _shared_word_points(
            shared_counts(
                [p.dislikes for p in mentees.people], [p.dislikes for p in mentors.people]
            )
        ),
        Part.EXPECTED_LENGTH: _length_points(mentees, mentors),
        Part.WAITING: (waited * defaults.POINTS_PER_WAITING_DAY).astype(np.int32),
    }


def total_score(points: dict[Part, PointArray], weights: Weights) -> IntArray:
    """(mentees, mentors) int64: the sum of all parts, each multiplied by its weight."""
    score = np.zeros(points[Part.WAITING].shape, dtype=np.int64)
    for part, values in points.items():
        score += np.multiply(values, weight_of(part, weights), dtype=np.int64)
    return score


def weight_of(part: Part, weights: Weights) -> int:
    """The weight that bears the part's name."""
    weight: int = getattr(weights, part.value)
    return weight


def _distance_points(distances: IntArray) -> PointArray:
    """Near is better, at every distance, and a kilometre matters more the nearer the two are."""
    half = defaults.HALF_POINTS_AT_HM
    points = defaults.FULL_POINTS * half // (half + np.maximum(distances, 0))
    return np.where(distances == UNKNOWN_HM, 0, points).astype(np.int32)


def _free_time_points(mentees: SideArrays, mentors: SideArrays) -> PointArray:
    enough = defaults.FREE_TIMES_FOR_FULL_POINTS
    cells = np.bitwise_count(common_free_times(mentees, mentors)).astype(np.int32)
    points: PointArray = np.minimum(cells, enough) * defaults.FULL_POINTS // enough
    return points


def _field_points(mentees: SideArrays, mentors: SideArrays) -> PointArray:
    """The share of what the mentee asks for that the mentor offers."""
    asked = np.array([max(1, len(p.fields)) for p in mentees.people], dtype=np.int32)
    shared = shared_counts([p.fields for p in mentees.people], [p.fields for p in mentors.people])
    points: PointArray = shared * defaults.FULL_POINTS // asked[:, None]
    return points


def _shared_word_points(counts: PointArray) -> PointArray:
    table = np.array(defaults.SHARED_WORDS_POINTS, dtype=np.int32)
    points: PointArray = table[np.minimum(counts, len(table) - 1)]
    return points


def _length_points(mentees: SideArrays, mentors: SideArrays) -> PointArray:
    """Only what both have said can agree."""
    rows, columns = mentees.months[:, None], mentors.months[None, :]
    lost = np.abs(rows - columns) * defaults.POINTS_LOST_PER_MONTH
    points = np.maximum(defaults.FULL_POINTS - lost, 0)
    return np.where((rows < 0) | (columns < 0), 0, points).astype(np.int32)
