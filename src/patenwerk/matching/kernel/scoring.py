"""The score of pairs, in named parts: whole numbers, made from tables.

Pairs are given as in ``criteria``: two arrays of indexes, broadcast against each other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel import defaults
from patenwerk.matching.kernel.codes import Part
from patenwerk.matching.kernel.criteria import Indexes
from patenwerk.matching.kernel.crowd import UNSAID_MONTHS, Crowd
from patenwerk.matching.kernel.neighbours import UNKNOWN_HM
from patenwerk.matching.kernel.settings import Weights
from patenwerk.people.enums import Level
from patenwerk.people.kernel.profile import DAYS, PARTS_OF_DAY

PointArray = NDArray[np.int32]

FURTHEST_HM = 65_535
"""Where the table of distances ends: what is further apart has the points of its last entry."""


class Tables(NamedTuple):
    """Points of each part, weight included, by what the part looks at. All int32.

    ``distance`` by 100 m; ``languages`` by level; ``free_time`` by common cells; ``fields``
    (asked, shared); ``interests`` and ``dislikes`` by shared words, the last entry for all more;
    ``expected_length`` by months between, the last entry for all more; ``waiting`` (1,): by day.
    """

    distance: PointArray
    languages: PointArray
    free_time: PointArray
    fields: PointArray
    interests: PointArray
    dislikes: PointArray
    expected_length: PointArray
    waiting: PointArray


def tables_of(weights: Weights, most_fields: int) -> Tables:
    """The tables for these weights; ``most_fields``: how many fields anybody asks for."""
    full, half = defaults.FULL_POINTS, defaults.HALF_POINTS_AT_HM
    enough = defaults.FREE_TIMES_FOR_FULL_POINTS
    number = np.arange(most_fields + 1, dtype=np.int32)
    months = np.arange(full // defaults.POINTS_LOST_PER_MONTH + 1, dtype=np.int32)
    cells = np.arange(DAYS * PARTS_OF_DAY + 1, dtype=np.int32)
    words = np.array(defaults.SHARED_WORDS_POINTS, dtype=np.int32)
    points = Tables(
        distance=full * half // (half + np.arange(FURTHEST_HM + 1, dtype=np.int32)),
        languages=np.arange(max(Level) + 1, dtype=np.int32) * full // max(Level),
        free_time=np.minimum(cells, enough) * full // enough,
        fields=number[None, :] * full // np.maximum(number, 1)[:, None],
        interests=words,
        dislikes=words,
        expected_length=full - months * defaults.POINTS_LOST_PER_MONTH,
        waiting=np.array([defaults.POINTS_PER_WAITING_DAY], dtype=np.int32),
    )
    return Tables(
        **{
            name: (table * weight_of(Part(name), weights)).astype(np.int32)
            for name, table in points._asdict().items()
        }
    )


def weight_of(part: Part, weights: Weights) -> int:
    """The weight that bears the part's name."""
    weight: int = getattr(weights, part.value)
    return weight


def shared_words(
    one: NDArray[np.uint64], other: NDArray[np.uint64], rows: Indexes, columns: Indexes
) -> PointArray:
    """How many words two people share; (people, words) uint64 of bits."""
    shared = one.take(rows, axis=0) & other.take(columns, axis=0)
    count: PointArray = np.bitwise_count(shared[..., 0]).astype(np.int32)
    for word in range(1, shared.shape[-1]):
        count += np.bitwise_count(shared[..., word])
    return count


def part_points(
    mentees: Crowd,
    mentors: Crowd,
    rows: Indexes,
    columns: Indexes,
    *,
    hm: NDArray[np.int32],
    levels: NDArray[np.integer],
    tables: Tables,
) -> dict[Part, PointArray]:
    """Points of each part, weight included, int32 in the common shape of the pairs."""
    cells = np.bitwise_count(mentees.free_times[rows] & mentors.free_times[columns])
    near = np.where(hm == UNKNOWN_HM, np.int32(0), tables.distance[np.minimum(hm, FURTHEST_HM)])
    return {
        Part.DISTANCE: near,
        Part.LANGUAGES: tables.languages[levels],
        Part.FREE_TIME: tables.free_time[cells],
        Part.FIELDS: tables.fields[
            mentees.asked[rows], shared_words(mentees.fields, mentors.fields, rows, columns)
        ],
        Part.INTERESTS: _of_table(
            tables.interests, shared_words(mentees.interests, mentors.interests, rows, columns)
        ),
        Part.DISLIKES: _of_table(
            tables.dislikes, shared_words(mentees.dislikes, mentors.dislikes, rows, columns)
        ),
        Part.EXPECTED_LENGTH: _length_points(mentees, mentors, rows, columns, tables),
        Part.WAITING: (mentees.waiting[rows] + mentors.waiting[columns]) * tables.waiting[0],
    }


def total_score(points: dict[Part, PointArray]) -> PointArray:
    """The sum of all parts."""
    total: PointArray = sum(points.values(), start=np.zeros(1, dtype=np.int32))
    return total


def _of_table(table: PointArray, number: PointArray) -> PointArray:
    points: PointArray = table[np.minimum(number, len(table) - 1)]
    return points


def _length_points(
    mentees: Crowd, mentors: Crowd, rows: Indexes, columns: Indexes, tables: Tables
) -> PointArray:
    """Only what both have said can agree."""
    one, other = mentees.months[rows].astype(np.int32), mentors.months[columns].astype(np.int32)
    unsaid = (one == UNSAID_MONTHS) | (other == UNSAID_MONTHS)
    return np.where(unsaid, np.int32(0), _of_table(tables.expected_length, np.abs(one - other)))
