"""The whole country as an instance for matching: made up, with the real towns and their size.

No names: both sides are made as columns at once, so that a million a side take seconds. The
numbers are chosen so that 7 % of the pairs within reach fit: 79 thousand pairs with 10,000 people a
side, 7.7 million with 100,000, 27.6 million with 190,000, 768 million with a million.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.crowd import OLDEST_AGE, UNSAID_MONTHS, Crowd
from patenwerk.matching.kernel.neighbours import Vectors, unit_vectors
from patenwerk.people.enums import Gender, Level
from patenwerk.places.kernel.towns import towns

MENTORS_PER_MENTEE = {"abundant": 1.0, "scarce": 0.6}
POSTCODES = 8200
KM_OF_A_DEGREE = 111.2
LANGUAGES, FIELDS, WORDS, NETWORKS = 30, 8, 40, 40


def places() -> tuple[Vectors, NDArray[np.float64]]:
    """The middles of made-up postcodes around the real towns, and how many people live there."""
    rng = np.random.default_rng(7)
    population = np.array([max(town.population, 500) for town in towns()], dtype=float)
    middle = np.array([tuple(town.point) for town in towns()])
    of_town = np.concatenate(
        [
            np.arange(len(population)),
            rng.choice(
                len(population), POSTCODES - len(population), p=population / population.sum()
            ),
        ]
    )
    spread = 0.005 * np.sqrt(population[of_town]) / KM_OF_A_DEGREE
    north = rng.normal(0, 1, POSTCODES) * spread
    east = rng.normal(0, 1, POSTCODES) * spread / np.cos(np.radians(middle[of_town, 0]))
    points = middle[of_town] + np.stack([north, east], axis=1)
    order = np.lexsort((points[:, 1], np.floor(points[:, 0] * 4)))
    share = population[of_town] / np.bincount(of_town)[of_town]
    return unit_vectors(points[order].tolist()), share[order] / share.sum()


def _bits(
    rng: np.random.Generator, size: int, words: int, low: int, high: int
) -> NDArray[np.uint64]:
    """Between ``low`` and ``high`` words each, few named by many and many by few."""
    weights = 1 / np.arange(1, words + 1) ** 0.7
    wanted = rng.integers(low, high + 1, size)
    found = np.zeros(size, dtype=np.uint64)
    for turn in range(high):
        word = rng.choice(words, size, p=weights / weights.sum()).astype(np.uint64)
        found |= np.where(wanted > turn, np.uint64(1) << word, np.uint64(0))
    return found[:, None]


def _free_times(rng: np.random.Generator, size: int, most: int) -> NDArray[np.uint32]:
    """Up to ``most`` cells of the week, evenings and weekends more often."""
    weights = np.array([1, 2, 4] * 5 + [4, 5, 3] * 2, dtype=float)
    wanted = rng.integers(1, most + 1, size)
    found = np.zeros(size, dtype=np.uint32)
    for turn in range(most):
        cell = rng.choice(21, size, p=weights / weights.sum()).astype(np.uint32)
        found |= np.where(wanted > turn, np.uint32(1) << cell, np.uint32(0))
    return found


def crowd(size: int, share: NDArray[np.float64], seed: int, *, mentees: bool) -> Crowd:
    """``size`` people of one side, sorted by place."""
    rng = np.random.default_rng(seed)
    genders = rng.choice(len(Gender), size, p=[0.5, 0.46, 0.02, 0.02]).astype(np.int8)
    accepts = np.ones((size, len(Gender)), dtype=np.bool_)
    choosy = rng.random(size) < (0.25 if mentees else 0.1)
    accepts[choosy] = False
    accepts[choosy, rng.integers(0, 2, int(choosy.sum()))] = True
    wishes_age = rng.random(size) < 0.3
    from_age = rng.integers(18, 50, size) if mentees else rng.integers(6, 20, size)
    width = rng.choice([15, 25, 40], size) if mentees else rng.choice([5, 8, 12], size)
    german = rng.choice(
        len(Level) + 1,
        size,
        p=(
            [0.03, 0.12, 0.18, 0.25, 0.2, 0.12, 0.05, 0.05]
            if mentees
            else [0, 0, 0, 0.03, 0.07, 0.1, 0.1, 0.7]
        ),
    )
    mother = _bits(rng, size, LANGUAGES, 1 if mentees else 0, 1) << np.uint64(1)
    second = _bits(rng, size, LANGUAGES, 0, 1) << np.uint64(1)
    second_level = rng.integers(1, len(Level) + 1, size)
    speaks = np.zeros((size, len(Level) + 1, 1), dtype=np.uint64)
    for level in range(len(Level) + 1):
        speaks[:, level] |= mother
        speaks[german >= level, level] |= np.uint64(1)
        speaks[:, level, 0] |= np.where(second_level >= level, second[:, 0], np.uint64(0))
    fields = _bits(rng, size, FIELDS, 1, 3 if mentees else 4)
    return Crowd(
        identity=rng.integers(0, 1 << 63, size, dtype=np.uint64),
        place=np.sort(rng.choice(len(share), size, p=share)).astype(np.int32),
        reach=rng.choice([50, 100, 150, 200, 300], size, p=[0.2, 0.3, 0.25, 0.15, 0.1]).astype(
            np.int32
        ),
        age=(rng.integers(6, 30, size) if mentees else rng.integers(18, 80, size)).astype(np.int16),
        youngest=np.where(wishes_age, from_age, 0).astype(np.int16),
        oldest=np.where(wishes_age, from_age + width, OLDEST_AGE).astype(np.int16),
        wishes_age=wishes_age,
        gender=genders,
        accepts=accepts,
        guarded=rng.random(size) < (0.6 if mentees else 0.15),
        free_times=_free_times(rng, size, 4 if mentees else 5),
        network=rng.integers(0, NETWORKS, size).astype(np.int32),
        beyond=rng.random(size) < 0.77,
        speaks=speaks,
        required=rng.choice([2, 3, 4], size, p=[0.1, 0.8, 0.1]).astype(np.int8),
        fields=fields,
        interests=_bits(rng, size, WORDS, 0, 5),
        dislikes=_bits(rng, size, WORDS, 0, 3),
        asked=np.maximum(1, np.bitwise_count(fields[:, 0])).astype(np.int32),
        months=rng.choice([UNSAID_MONTHS, 6, 12, 24], size, p=[0.2, 0.2, 0.4, 0.2]).astype(
            np.int16
        ),
        waiting=np.minimum(rng.exponential(60, size), 700).astype(np.int32),
        places_open=rng.choice(
            [1, 2, 3], size, p=[0.92, 0.05, 0.03] if mentees else [0.7, 0.2, 0.1]
        ).astype(np.int64),
        never=np.zeros(size + 1, dtype=np.int64),
        never_with=np.zeros(0, dtype=np.int32),
    )


def country(people: int, case: str) -> tuple[Vectors, Crowd, Crowd]:
    """Places, mentees and mentors: ``people`` mentees, as many mentors as the case says."""
    vectors, share = places()
    mentors = round(people * MENTORS_PER_MENTEE[case])
    return (
        vectors,
        crowd(people, share, 2, mentees=True),
        crowd(mentors, share, 1, mentees=False),
    )
