"""All yes/no limits of both directions folded into one number per person.

A mentee and a mentor break none of them if the numbers have no bit in common: each bit is a
property of the one, and set in the other where it is not wished.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.crowd import UNKNOWN_AGE, Crowd
from patenwerk.people.enums import Gender

_GENDERS = len(Gender)
_CHECK = _GENDERS
_FULL = _CHECK + 1
_AGES = _FULL + 1
"""The low half: properties of mentors, and what mentees do not wish; the high half the reverse.
In each half genders, no record check, no place, and age classes in what is left."""
_HALF = 32
_MOST_CUTS = _HALF - _AGES - 2

Keys = NDArray[np.uint64]


def keys_of(mentees: Crowd, mentors: Crowd) -> tuple[Keys, Keys]:
    """The numbers of both sides, (n,) uint64 each.

    Age classes end where wishes do. With more different wishes than there are bits some classes
    are too wide: so a pair whose numbers share no bit may still break a wish for an age, never
    the reverse.
    """
    cuts_of_mentors, cuts_of_mentees = _cuts(mentees), _cuts(mentors)
    mentee_keys = _unwished(mentees, cuts_of_mentors) | (
        _properties(mentees, cuts_of_mentees) << np.uint64(_HALF)
    )
    mentor_keys = _properties(mentors, cuts_of_mentors) | (
        _unwished(mentors, cuts_of_mentees) << np.uint64(_HALF)
    )
    mentee_keys |= mentees.guarded.astype(np.uint64) << np.uint64(_CHECK)
    mentor_keys |= mentors.guarded.astype(np.uint64) << np.uint64(_CHECK)
    return mentee_keys, mentor_keys


def _cuts(wishing: Crowd) -> NDArray[np.int64]:
    """The ages at which the other side's classes begin, ascending."""
    wished = wishing.wishes_age
    ends = np.unique(
        np.concatenate([wishing.youngest[wished], wishing.oldest[wished].astype(np.int64) + 1])
    )
    if len(ends) > _MOST_CUTS:
        ends = ends[np.linspace(0, len(ends) - 1, _MOST_CUTS).astype(np.int64)]
    return ends


def _properties(people: Crowd, cuts: NDArray[np.int64]) -> Keys:
    classes = np.searchsorted(cuts, people.age, "right") + 1
    classes[people.age == UNKNOWN_AGE] = 0
    full = (people.places_open == 0).astype(np.uint64) << np.uint64(_FULL)
    one = np.uint64(1)
    gender, classed = people.gender.astype(np.uint64), (classes + _AGES).astype(np.uint64)
    found: Keys = (one << gender) | full | (one << classed)
    return found


def _unwished(people: Crowd, cuts: NDArray[np.int64]) -> Keys:
    found = np.full(len(people.age), 1 << _FULL, dtype=np.uint64)
    for gender in range(_GENDERS):
        found |= (~people.accepts[:, gender]).astype(np.uint64) << np.uint64(gender)
    first = np.concatenate([[-(1 << 30)], cuts])
    last = np.concatenate([cuts - 1, [1 << 30]])
    for number in range(len(first)):
        outside = (last[number] < people.youngest) | (first[number] > people.oldest)
        found |= (outside & people.wishes_age).astype(np.uint64) << np.uint64(_AGES + 1 + number)
    return found | (people.wishes_age.astype(np.uint64) << np.uint64(_AGES))
