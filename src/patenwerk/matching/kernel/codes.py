"""The codes matching speaks in. Their words are made above the kernel."""

from __future__ import annotations

from enum import IntFlag, StrEnum


class Limit(StrEnum):
    """A hard limit a pair can break. The order is the order in which limits are named.

    Where several smallest sets of limits explain equally well why somebody has no partner, the
    set whose limits come earlier here is told: what two people can talk about stands before what
    protects them.
    """

    MENTEE_DISTANCE = "mentee_distance"
    MENTOR_DISTANCE = "mentor_distance"
    FREE_TIME = "free_time"
    MENTEE_AGE_WISH = "mentee_age_wish"
    MENTOR_AGE_WISH = "mentor_age_wish"
    MENTEE_GENDER_WISH = "mentee_gender_wish"
    MENTOR_GENDER_WISH = "mentor_gender_wish"
    LANGUAGE = "language"
    MENTOR_FULL = "mentor_full"
    MENTEE_FULL = "mentee_full"
    PLACE_UNKNOWN = "place_unknown"
    RECORD_CHECK = "record_check"
    NETWORK = "network"
    NEVER_AGAIN = "never_again"


class Broken(IntFlag):
    """The same limits as bits, in the same order, so that a pair's broken limits are one number."""

    MENTEE_DISTANCE = 1 << 0
    MENTOR_DISTANCE = 1 << 1
    FREE_TIME = 1 << 2
    MENTEE_AGE_WISH = 1 << 3
    MENTOR_AGE_WISH = 1 << 4
    MENTEE_GENDER_WISH = 1 << 5
    MENTOR_GENDER_WISH = 1 << 6
    LANGUAGE = 1 << 7
    MENTOR_FULL = 1 << 8
    MENTEE_FULL = 1 << 9
    PLACE_UNKNOWN = 1 << 10
    RECORD_CHECK = 1 << 11
    NETWORK = 1 << 12
    NEVER_AGAIN = 1 << 13


def limits_of(broken: int) -> tuple[Limit, ...]:
    """The limits whose bits are set in ``broken``, in the order of :class:`Limit`."""
    return tuple(limit for place, limit in enumerate(Limit) if broken >> place & 1)


class Part(StrEnum):
    """A named part of a pair's score; each has a weight of the same name."""

    DISTANCE = "distance"
    LANGUAGES = "languages"
    FREE_TIME = "free_time"
    FIELDS = "fields"
    INTERESTS = "interests"
    DISLIKES = "dislikes"
    EXPECTED_LENGTH = "expected_length"
    WAITING = "waiting"


class Why(StrEnum):
    """Why somebody with an open place got no partner in a round."""

    ALL_TAKEN = "all_taken"
    """Partners fit, but each of their places went to somebody else."""
    NONE_FEASIBLE = "none_feasible"
    """Nobody of the other side keeps all limits."""
    NOBODY_THERE = "nobody_there"
    """The other side is empty."""


class Changed(StrEnum):
    """Why somebody's suggestion is another one than in an earlier round."""

    NEW = "new"
    """There was none before."""
    MENTEE_GONE = "mentee_gone"
    """The mentee does not wait any more."""
    MENTOR_GONE = "mentor_gone"
    """The mentor is not there any more."""
    FITS_NO_MORE = "fits_no_more"
    """The two break a limit now."""
    BETTER = "better"
    """The new one fits better, by more than what keeping was worth."""
    FOR_OTHERS = "for_others"
    """Others gain more by the change: somebody more is placed, or fits better."""


class Step(StrEnum):
    """What a round is busy with, for a progress display."""

    LIMITS = "limits"
    PAIRS = "pairs"
    PROOF = "proof"
    REASONS = "reasons"
