"""People of one side as columns: what the search for partners reads, without names."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.neighbours import Places
from patenwerk.matching.kernel.settings import Limits
from patenwerk.matching.kernel.sides import age_on, waiting_days
from patenwerk.people.enums import Gender, Level
from patenwerk.people.kernel.defaults import RECORD_CHECK_FROM
from patenwerk.people.kernel.profile import Profile

UNKNOWN_AGE = -1
"""Stands in ``age`` for somebody whose birth date is not known."""
OLDEST_AGE = 1 << 14
"""Above every age: the upper end of a wish that has none."""
UNSAID_MONTHS = -1


class Crowd(NamedTuple):
    """``n`` people of one side, sorted by place, as columns of length ``n``.

    ``identity`` uint64: a digest of the id; ``place`` int32; ``reach`` int32 in units of 100 m;
    ``age`` int16 in years or ``UNKNOWN_AGE``; ``youngest``, ``oldest`` int16: the wished ages of
    the other side, ``wishes_age`` bool; ``gender`` int8: index in :class:`Gender`; ``accepts``
    (n, genders) bool: genders of the other side that keep the wish; ``guarded`` bool: of a mentee,
    whom only a mentor with a valid record check meets, of a mentor, who has none; ``free_times``
    uint32; ``network`` int32; ``beyond`` bool: meets people of other networks who are ``beyond``
    as well; ``speaks`` (n, levels + 1, words) uint64: bits of the languages spoken at least at a
    level, one person's side by side; ``required`` int8: the level the common language needs at
    least (mentees); ``fields``, ``interests``, ``dislikes`` (n, words) uint64: bits; ``asked``
    int32: how many fields, at least 1; ``months`` int16 or ``UNSAID_MONTHS``; ``waiting`` int32 in
    days; ``places_open`` int64; ``never`` (n + 1,) int64 and ``never_with`` int32: whom of the
    other side never again, as compressed rows (mentees; both directions).
    """

    identity: NDArray[np.uint64]
    place: NDArray[np.int32]
    reach: NDArray[np.int32]
    age: NDArray[np.int16]
    youngest: NDArray[np.int16]
    oldest: NDArray[np.int16]
    wishes_age: NDArray[np.bool_]
    gender: NDArray[np.int8]
    accepts: NDArray[np.bool_]
    guarded: NDArray[np.bool_]
    free_times: NDArray[np.uint32]
    network: NDArray[np.int32]
    beyond: NDArray[np.bool_]
    speaks: NDArray[np.uint64]
    required: NDArray[np.int8]
    fields: NDArray[np.uint64]
    interests: NDArray[np.uint64]
    dislikes: NDArray[np.uint64]
    asked: NDArray[np.int32]
    months: NDArray[np.int16]
    waiting: NDArray[np.int32]
    places_open: NDArray[np.int64]
    never: NDArray[np.int64]
    never_with: NDArray[np.int32]


def size_of(crowd: Crowd) -> int:
    """How many people there are."""
    return len(crowd.identity)


def identity_of(person_id: str) -> int:
    """A digest of an id: what breaks ties, so that nobody is favoured by a low number."""
    return int.from_bytes(hashlib.blake2b(person_id.encode(), digest_size=8).digest(), "little")


def in_order(people: Iterable[Profile], places: Places) -> tuple[Profile, ...]:
    """The same people by place and digest, whatever order they came in."""
    return tuple(sorted(people, key=lambda p: (places.number[p.postcode], identity_of(p.id), p.id)))


def crowds_of(
    mentees: Sequence[Profile],
    mentors: Sequence[Profile],
    *,
    on: date,
    places: Places,
    limits: Limits,
) -> tuple[Crowd, Crowd]:
    """Both sides as columns, seen on the day ``on``; the people are :func:`in_order`."""
    everybody = (*mentees, *mentors)
    codes = {
        name: _vocabulary(getattr(person, name) for person in everybody)
        for name in ("languages", "fields", "interests", "dislikes")
    }
    codes["network"] = _vocabulary([person.network] for person in everybody)
    column_of = {person.id: column for column, person in enumerate(mentors)}
    row_of = {person.id: row for row, person in enumerate(mentees)}
    apart = {
        (row_of[p.id], column_of[one]) for p in mentees for one in p.never_with if one in column_of
    }
    apart |= {
        (row_of[one], column_of[p.id]) for p in mentors for one in p.never_with if one in row_of
    }
    by_row = sorted(apart)
    none: list[tuple[int, int]] = []
    return (
        _crowd(mentees, by_row, _minors, on=on, places=places, limits=limits, codes=codes),
        _crowd(mentors, none, _unchecked, on=on, places=places, limits=limits, codes=codes),
    )


def _crowd(
    people: Sequence[Profile],
    never: Sequence[tuple[int, int]],
    guarded: Callable[[Sequence[Profile], date, Limits], list[bool]],
    *,
    on: date,
    places: Places,
    limits: Limits,
    codes: Mapping[str, Mapping[str, int]],
) -> Crowd:
    genders, networks = list(Gender), codes["network"]
    begin = np.zeros(len(people) + 1, dtype=np.int64)
    np.add.at(begin, [row + 1 for row, _ in never], 1)

    def column(kind: type, value: Callable[[Profile], object]) -> NDArray[Any]:
        return np.array([value(person) for person in people], dtype=kind).reshape(-1)

    def bits(name: str) -> NDArray[np.uint64]:
        return _bits([getattr(person, name) for person in people], codes[name])

    return Crowd(
        identity=column(np.uint64, lambda p: identity_of(p.id)),
        place=column(np.int32, lambda p: places.number[p.postcode]),
        reach=column(np.int32, lambda p: p.furthest_km * 10),
        age=column(np.int16, lambda p: _age(p, on)),
        youngest=column(np.int16, lambda p: p.wished_age_from or 0),
        oldest=column(
            np.int16, lambda p: OLDEST_AGE if p.wished_age_to is None else p.wished_age_to
        ),
        wishes_age=column(np.bool_, lambda p: (p.wished_age_from, p.wished_age_to) != (None, None)),
        gender=column(np.int8, lambda p: genders.index(p.gender)),
        accepts=np.array(
            [[_keeps_wish(one, p.wished_genders) for one in genders] for p in people], np.bool_
        ).reshape(-1, len(genders)),
        guarded=np.array(guarded(people, on, limits), dtype=np.bool_),
        free_times=column(np.uint32, lambda p: p.free_times),
        network=column(np.int32, lambda p: networks[p.network]),
        beyond=column(np.bool_, lambda p: p.beyond or not limits.same_network),
        speaks=np.stack(
            [_spoken(people, level, codes["languages"]) for level in (0, *Level)], axis=1
        ),
        required=column(
            np.int8, lambda p: limits.minimum_level if p.minimum_level is None else p.minimum_level
        ),
        fields=bits("fields"),
        interests=bits("interests"),
        dislikes=bits("dislikes"),
        asked=column(np.int32, lambda p: max(1, len(p.fields))),
        months=column(
            np.int16, lambda p: UNSAID_MONTHS if p.expected_months is None else p.expected_months
        ),
        waiting=column(np.int32, lambda p: waiting_days(p.waiting_since, on)),
        places_open=column(np.int64, lambda p: p.open_places),
        never=np.cumsum(begin),
        never_with=np.array([one for _, one in never], dtype=np.int32),
    )


def _age(person: Profile, on: date) -> int:
    return UNKNOWN_AGE if person.birth_date is None else age_on(person.birth_date, on)


def _keeps_wish(gender: Gender, wished: frozenset[Gender]) -> bool:
    return not wished or (gender in wished and gender is not Gender.UNSAID)


def _minors(people: Sequence[Profile], on: date, limits: Limits) -> list[bool]:
    """Whom only a mentor with a valid record check meets (§ 72a SGB VIII)."""
    ages = [_age(person, on) for person in people]
    return [
        limits.unknown_age_is_minor if age == UNKNOWN_AGE else age < limits.age_of_majority
        for age in ages
    ]


def _unchecked(people: Sequence[Profile], on: date, _limits: Limits) -> list[bool]:
    """Who has no valid record check; who is too young for one is not asked."""
    ages = [_age(person, on) for person in people]
    until = [person.record_check_until for person in people]
    return [
        (last is None or last < on) and (age == UNKNOWN_AGE or age >= RECORD_CHECK_FROM)
        for age, last in zip(ages, until, strict=True)
    ]


def _spoken(
    people: Sequence[Profile], level: int, vocabulary: Mapping[str, int]
) -> NDArray[np.uint64]:
    known = [[name for name, at in p.languages.items() if at >= level] for p in people]
    return _bits(known, vocabulary)


def _vocabulary(sets: Iterable[Iterable[str]]) -> dict[str, int]:
    return {
        word: place for place, word in enumerate(sorted({word for one in sets for word in one}))
    }


def _bits(sets: Sequence[Iterable[str]], vocabulary: Mapping[str, int]) -> NDArray[np.uint64]:
    """(n, words) uint64: one bit for every word of the vocabulary, at least one column."""
    table = np.zeros((len(sets), max(1, -(-len(vocabulary) // 64))), dtype=np.uint64)
    for row, words in enumerate(sets):
        for word in words:
            place, bit = divmod(vocabulary[word], 64)
            table[row, place] |= np.uint64(1 << bit)
    return table
