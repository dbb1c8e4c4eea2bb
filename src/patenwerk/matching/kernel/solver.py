"""The exact best set of pairs: most pairs first, then the highest sum of scores.

People with several places are one row or column with a capacity, never copies of themselves, so
that no pair can be made twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.market import (
    HIGHEST,
    ROOM,
    Ints,
    Market,
    RoundTooLarge,
    Scale,
    scale_for,
)
from patenwerk.matching.kernel.pairs import Pairs
from patenwerk.matching.kernel.progress import Report, nobody_counts


@dataclass(frozen=True, slots=True)
class Certificate:
    """What proves a set of pairs to be the best: ``prices`` (mentors,) int64 >= 0.

    A pair is worth (score + ``bonus``) * 2**``shift``. No set of pairs is worth more than all
    mentors' places at these prices together with what the best pairs of each mentee are worth
    beyond them.
    """

    prices: Ints
    bonus: int
    shift: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier round: its pairs as ``rows`` and ``columns`` of today and the mentors' prices
    then, 0 for who is new.
    """

    rows: Ints
    columns: Ints
    certificate: Certificate

    def prices_on(self, scale: Scale) -> Ints:
        """The prices on a scale of today. What one pair more was worth is another amount now, so
        a price that was paid for being scarce is lowered or raised by as much.
        """
        then = self.certificate
        points = then.prices >> then.shift
        more = (scale.bonus - scale.lowest) - then.bonus
        scarce = points > then.bonus
        prices: Ints = np.where(scarce, np.maximum(0, points + more), points) << scale.shift
        return np.minimum(prices, HIGHEST - 1)


@dataclass(frozen=True, slots=True)
class Solution:
    """The pairs as ``rows`` (mentees) and ``columns`` (mentors), (pairs,) int64, sorted."""

    rows: Ints
    columns: Ints
    certificate: Certificate


def solve(
    pairs: Pairs,
    mentee_places: Ints,
    mentor_places: Ints,
    *,
    mentee_identity: NDArray[np.uint64],
    mentor_identity: NDArray[np.uint64],
    report: Report = nobody_counts,
) -> Solution:
    """The best set of pairs; rows of ``pairs`` are mentees.

    Places say how many different partners each may get. The identities decide between equally
    good sets: each pair has a tiny worth of its own that depends on them alone. Raises
    :class:`~patenwerk.matching.kernel.market.RoundTooLarge`.
    """
    market = filled_market(
        pairs,
        mentee_places,
        mentor_places,
        mentee_identity=mentee_identity,
        mentor_identity=mentor_identity,
        report=report,
    )
    if market is None:
        return nothing_found(len(mentor_places))
    return solution_of(market, mentor_places)


def nothing_found(mentors: int) -> Solution:
    """No pair is possible at all."""
    nothing = np.zeros(0, dtype=np.int64)
    return Solution(nothing, nothing.copy(), Certificate(np.zeros(mentors, dtype=np.int64), 0, 0))


def solution_of(market: Market, mentor_places: Ints) -> Solution:
    """What a market has found, with what proves it.

    ``mentor_places`` may be more than the market knows of: more than there are people. Whoever
    has places left then costs nothing, too.
    """
    scale = market.scale
    rows, columns = market.pairs()
    held = np.bincount(columns, minlength=len(mentor_places))
    prices = np.where(held < mentor_places, 0, market.prices())
    return Solution(rows, columns, Certificate(prices, scale.bonus - scale.lowest, scale.shift))


def filled_market(
    pairs: Pairs,
    mentee_places: Ints,
    mentor_places: Ints,
    *,
    mentee_identity: NDArray[np.uint64],
    mentor_identity: NDArray[np.uint64],
    later: tuple[int, int] | None = None,
    report: Report = nobody_counts,
) -> Market | None:
    """The market with the best pairs in it; None where no pair is possible at all.

    ``later``: the lowest and highest score there may be of people who arrive in it later.
    """
    room = ROOM
    while True:
        market = _opened(
            pairs, mentee_places, mentor_places, mentee_identity, mentor_identity, room, later
        )
        if market is None or market.fill(report):
            return market
        room *= ROOM


def resumed_market(
    pairs: Pairs,
    mentee_places: Ints,
    mentor_places: Ints,
    *,
    mentee_identity: NDArray[np.uint64],
    mentor_identity: NDArray[np.uint64],
    earlier: Earlier,
) -> Market | None:
    """The same from an earlier round on: what is still best stays, the rest is looked for anew.

    The pairs found are those of :func:`filled_market`; this way they are found by a few paths.
    """
    market = _opened(
        pairs, mentee_places, mentor_places, mentee_identity, mentor_identity, ROOM * ROOM
    )
    if market is None:
        return None
    try:
        market.resume(earlier.prices_on(market.scale), earlier.rows, earlier.columns)
    except RoundTooLarge:  # one pair more is worth more than there is room for: begin anew
        return filled_market(
            pairs,
            mentee_places,
            mentor_places,
            mentee_identity=mentee_identity,
            mentor_identity=mentor_identity,
        )
    return market


def _opened(
    pairs: Pairs,
    mentee_places: Ints,
    mentor_places: Ints,
    mentee_identity: NDArray[np.uint64],
    mentor_identity: NDArray[np.uint64],
    room: int,
    later: tuple[int, int] | None = None,
) -> Market | None:
    # Nobody can have more partners than there are people.
    mentee_places = np.minimum(mentee_places, len(mentor_places))
    mentor_places = np.minimum(mentor_places, len(mentee_places))
    units = int(min(mentee_places.sum(), mentor_places.sum()))
    if units == 0 or len(pairs.other) == 0:
        return None
    scale = scale_for(pairs.score, units, room, later=later)
    return Market(
        pairs,
        mentee_places,
        mentor_places,
        mentee_identity,
        mentor_identity,
        scale,
        room,
        grows=later is not None,
    )
