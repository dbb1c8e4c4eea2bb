"""People of one side as arrays, one row per person."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from patenwerk.people.enums import Gender, Side
from patenwerk.people.kernel.profile import Profile

UNKNOWN_AGE = -1
"""Stands in ``ages`` for somebody whose birth date is not known."""
OLDEST_AGE = 1 << 14
"""Above every age: the upper end of a wish that has none."""

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
Locate = Callable[[str], tuple[float, float] | None] | Mapping[str, tuple[float, float]]
"""Postcode → (latitude, longitude) in degrees, or None where the place is not known."""


class UnfitProfile(ValueError):
    """A person as given cannot be matched. Carries ``side``, ``id`` and the ``problem`` as a code.

    Problems: ``duplicate_id``, ``wrong_side``, ``negative_places``, ``negative_distance``.
    """

    def __init__(self, *, side: Side, person_id: str, problem: str) -> None:
        super().__init__(f"{side} {person_id!r}: {problem}")
        self.side = side
        self.id = person_id
        self.problem = problem


def demand_fit(people: Sequence[Profile], side: Side) -> None:
    """Refuse what no calculation can be right for. Raises :class:`UnfitProfile`."""
    seen: set[str] = set()
    for person in people:
        problem = _problem_of(person, side, seen)
        if problem:
            raise UnfitProfile(side=side, person_id=person.id, problem=problem)
        seen.add(person.id)


def _problem_of(person: Profile, side: Side, seen: set[str]) -> str | None:
    if person.side is not side:
        return "wrong_side"
    if person.id in seen:
        return "duplicate_id"
    if person.open_places < 0:
        return "negative_places"
    if person.furthest_km < 0:
        return "negative_distance"
    return None


def in_lasting_order(people: Iterable[Profile]) -> tuple[Profile, ...]:
    """The same people in an order that depends on their ids alone.

    It makes every later choice between equally good answers independent of the order of rows. A
    digest of the id rather than the id itself, so that nobody is favoured by a low number.
    """

    def digest(person: Profile) -> tuple[bytes, str]:
        return hashlib.blake2b(person.id.encode(), digest_size=8).digest(), person.id

    return tuple(sorted(people, key=digest))


def age_on(birth_date: date, on: date) -> int:
    """Full years of life on a day; who is born on 29 February grows older on 1 March."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def waiting_days(since: date, on: date) -> int:
    """Whole days waited; 0 for who begins to wait later."""
    return max(0, (on - since).days)


@dataclass(frozen=True, slots=True)
class SideArrays:
    """``n`` people as columns of length ``n``, in the order of ``people``.

    ``places`` (n, 3) float64: unit vectors from the centre of the earth, NaN where unknown;
    ``furthest_hm`` int64 in units of 100 m; ``ages`` int64 in years or ``UNKNOWN_AGE``;
    ``youngest``/``oldest`` int64: the wished ages of the other side, ``wishes_age`` bool;
    ``genders`` int64: index in :class:`Gender`; ``accepts`` (n, genders) bool: genders of the
    other side that keep the wish; ``free_times`` uint32; ``waiting`` int64 in days;
    ``months`` int64, -1 where unsaid; ``open_places`` int64; ``checked`` bool: a record check
    is valid on the day.
    """

    people: tuple[Profile, ...]
    places: NDArray[np.float64]
    furthest_hm: IntArray
    ages: IntArray
    wishes_age: BoolArray
    youngest: IntArray
    oldest: IntArray
    genders: IntArray
    accepts: BoolArray
    free_times: NDArray[np.uint32]
    waiting: IntArray
    months: IntArray
    open_places: IntArray
    checked: BoolArray


def arrays_of(people: Sequence[Profile], *, on: date, locate: Locate) -> SideArrays:
    """The people as arrays, seen on the day ``on``."""
    look_up = locate if callable(locate) else locate.get
    vectors = {code: _unit_vector(look_up(code)) for code in {p.postcode for p in people}}
    genders = list(Gender)

    def column(values: Iterable[int]) -> IntArray:
        return np.fromiter(values, dtype=np.int64, count=len(people))

    return SideArrays(
        people=tuple(people),
        places=np.array([vectors[p.postcode] for p in people], dtype=np.float64).reshape(-1, 3),
        furthest_hm=column(p.furthest_km * 10 for p in people),
        ages=column(
            UNKNOWN_AGE if p.birth_date is None else age_on(p.birth_date, on) for p in people
        ),
        wishes_age=np.array(
            [p.wished_age_from is not None or p.wished_age_to is not None for p in people],
            dtype=np.bool_,
        ),
        youngest=column(0 if p.wished_age_from is None else p.wished_age_from for p in people),
        oldest=column(OLDEST_AGE if p.wished_age_to is None else p.wished_age_to for p in people),
        genders=column(genders.index(p.gender) for p in people),
        accepts=np.array(
            [[_keeps_wish(gender, p.wished_genders) for gender in genders] for p in people],
            dtype=np.bool_,
        ).reshape(-1, len(genders)),
        free_times=np.array([p.free_times for p in people], dtype=np.uint32),
        waiting=column(waiting_days(p.waiting_since, on) for p in people),
        months=column(-1 if p.expected_months is None else p.expected_months for p in people),
        open_places=column(p.open_places for p in people),
        checked=np.array(
            [p.record_check_until is not None and p.record_check_until >= on for p in people],
            dtype=np.bool_,
        ),
    )


def _keeps_wish(gender: Gender, wished: frozenset[Gender]) -> bool:
    return not wished or (gender in wished and gender is not Gender.UNSAID)


def _unit_vector(place: tuple[float, float] | None) -> tuple[float, float, float]:
    if place is None:
        return (math.nan, math.nan, math.nan)
    latitude, longitude = math.radians(place[0]), math.radians(place[1])
    return (
        math.cos(latitude) * math.cos(longitude),
        math.cos(latitude) * math.sin(longitude),
        math.sin(latitude),
    )


def membership(sets: Sequence[Iterable[str]], vocabulary: Mapping[str, int]) -> NDArray[np.float32]:
    """(n, words) float32 of 0 and 1: which words of the vocabulary each set holds.

    float32, because products of such matrices count shared words exactly up to 2**24.
    """
    table = np.zeros((len(sets), len(vocabulary)), dtype=np.float32)
    for row, words in enumerate(sets):
        for word in words:
            table[row, vocabulary[word]] = 1
    return table


def shared_counts(
    rows: Sequence[Iterable[str]], columns: Sequence[Iterable[str]]
) -> NDArray[np.int32]:
    """(rows, columns) int32: how many words each set of rows shares with each of columns."""
    words = sorted({word for one in (*rows, *columns) for word in one})
    vocabulary = {word: place for place, word in enumerate(words)}
    left, right = membership(rows, vocabulary), membership(columns, vocabulary)
    return (left @ right.T).astype(np.int32)
