"""All yes/no limits of both directions folded into one number per person.

Two people, one who asks and one who is asked, break none of them if their numbers have no bit in
common: each bit is a property of the one, and set in the other where it is not wished.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.crowd import UNKNOWN_AGE, Crowd
from patenwerk.people.enums import Gender
from patenwerk.people.kernel.profile import DAYS, PARTS_OF_DAY

_GENDERS = len(Gender)
_CHECK = _GENDERS
_FULL = _CHECK + 1
_AGES = _FULL + 1
"""The low half: properties of who is asked, and what who asks does not wish; the high half the
reverse. In each half genders, no record check, no place, and age classes in what is left."""
_HALF = 32
_MOST_CUTS = _HALF - _AGES - 2
_ONE = np.uint64(1)

_BEYOND_AT = DAYS * PARTS_OF_DAY
_NETWORKS_AT = _BEYOND_AT + 1
TIME_BITS = np.uint64((1 << _BEYOND_AT) - 1)
WORD_BITS = 64

Keys = NDArray[np.uint64]


class Cuts(NamedTuple):
    """The ages at which classes begin, ascending: those of who ``asks`` and of who is ``asked``.

    Where a class is wider than a wish, a pair whose numbers share no bit may still break that wish,
    never the reverse. So the exact ages are compared last, for the few who are left.
    """

    asks: NDArray[np.int64]
    asked: NDArray[np.int64]


def keys_of(mentees: Crowd, mentors: Crowd) -> tuple[Keys, Keys]:
    """The numbers of both sides, (n,) uint64 each: mentees ask. Age classes end where wishes do, as
    long as there are bits.
    """
    cuts = Cuts(_cuts(_ends(mentors)), _cuts(_ends(mentees)))
    return asking_keys(mentees, cuts), asked_keys(mentors, cuts)


def cuts_for(asked: Crowd) -> Cuts:
    """Where people are asked by others of whom nothing is known yet: by their own ages."""
    return Cuts(_cuts(_ends(asked)), _cuts(asked.age[asked.age != UNKNOWN_AGE]))


def asking_keys(people: Crowd, cuts: Cuts) -> Keys:
    """The numbers of people who ask, (n,) uint64."""
    found = _unwished(people, cuts.asked) | (_properties(people, cuts.asks) << np.uint64(_HALF))
    return found | _guarded(people)


def asked_keys(people: Crowd, cuts: Cuts) -> Keys:
    """The numbers of people who are asked, (n,) uint64."""
    found = _properties(people, cuts.asked) | (_unwished(people, cuts.asks) << np.uint64(_HALF))
    return found | _guarded(people)


def _guarded(people: Crowd) -> Keys:
    """A mentee who is guarded never meets a mentor who is, whoever of the two asks."""
    return people.guarded.astype(np.uint64) << np.uint64(_CHECK)


def _ends(wishing: Crowd) -> NDArray[np.int64]:
    """The ages at which wishes begin or have just ended."""
    wished = wishing.wishes_age
    return np.concatenate([wishing.youngest[wished], wishing.oldest[wished].astype(np.int64) + 1])


def _cuts(ages: NDArray[np.integer]) -> NDArray[np.int64]:
    """The different ones of these ages, ascending; of more than there are bits some."""
    different = np.unique(ages).astype(np.int64)
    if len(different) > _MOST_CUTS:
        different = different[np.linspace(0, len(different) - 1, _MOST_CUTS).astype(np.int64)]
    return different


def _class_of(ages: NDArray[np.int16], cuts: NDArray[np.int64]) -> Keys:
    """Which class an age is in, the youngest being 0."""
    return np.searchsorted(cuts, ages, "right").astype(np.uint64)


def _properties(people: Crowd, cuts: NDArray[np.int64]) -> Keys:
    classes = _class_of(people.age, cuts) + np.uint64(_AGES + 1)
    classes[people.age == UNKNOWN_AGE] = _AGES
    full = (people.places_open == 0).astype(np.uint64) << np.uint64(_FULL)
    found: Keys = (_ONE << people.gender.astype(np.uint64)) | full | (_ONE << classes)
    return found


def _unwished(people: Crowd, cuts: NDArray[np.int64]) -> Keys:
    genders = np.packbits(~people.accepts, axis=1, bitorder="little")[:, 0].astype(np.uint64)
    # Wished are the classes from that of the youngest to that of the oldest, all others are not;
    # nor is an age that nobody knows.
    younger = (_ONE << _class_of(people.youngest, cuts)) - _ONE
    all_classes = np.uint64((1 << (len(cuts) + 1)) - 1)
    up_to_oldest = (_ONE << (_class_of(people.oldest, cuts) + _ONE)) - _ONE
    outside = younger | (all_classes & ~up_to_oldest)
    ages = ((outside << _ONE) | _ONE) << np.uint64(_AGES)
    return genders | np.uint64(1 << _FULL) | np.where(people.wishes_age, ages, np.uint64(0))


def common_of(people: Crowd) -> Keys:
    """(n,) uint64: what two people need in common. They may meet where their numbers share one of
    the ``TIME_BITS`` and one of the others: that both meet people of other networks, or the
    network, of which there are more than bits, so that some share a bit.
    """
    networks = WORD_BITS - _NETWORKS_AT
    network = (people.network % networks + _NETWORKS_AT).astype(np.uint64)
    beyond = people.beyond.astype(np.uint64) << np.uint64(_BEYOND_AT)
    found: Keys = people.free_times.astype(np.uint64) | beyond | (_ONE << network)
    return found
