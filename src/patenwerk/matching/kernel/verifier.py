"""Proves a round without trusting who made it: shares no code with the search.

It looks at every pair within reach once more, limit by limit, and computes both bounds from the
prices and from a cut of its own. All sums are exact whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.criteria import BoolArray, broken_limits, common_levels
from patenwerk.matching.kernel.crowd import Crowd, size_of
from patenwerk.matching.kernel.neighbours import EARTH_RADIUS_HM, Vectors, distances_hm
from patenwerk.matching.kernel.progress import Report, nobody_counts
from patenwerk.matching.kernel.scoring import Tables, part_points, total_score

Ints = NDArray[np.int64]

_PLACES_AT_ONCE = 512
_PAIRS_AT_ONCE = 1 << 20
_LOW = np.int64((1 << 32) - 1)


class BrokenRound(ValueError):
    """The pairs break a rule, so there is nothing to prove.

    ``problem``: ``unequal_lengths``, ``infeasible_pair``, ``pair_twice``, ``too_many_partners``
    or ``negative_price``.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Proof:
    """What a round reaches and what none can exceed.

    ``matched`` pairs with the sum of scores ``total``; no round has more than ``count_bound``
    pairs, and none with ``matched`` pairs scores more than ``score_bound``. ``considered`` counts
    the feasible pairs.
    """

    matched: int
    total: int
    count_bound: int
    score_bound: int
    considered: int

    @property
    def missing(self) -> int:
        """How many pairs more there could be at most."""
        return self.count_bound - self.matched

    @property
    def gap(self) -> float:
        """How far the total is from its bound, relative to the total; 0 without pairs."""
        return (self.score_bound - self.total) / self.total if self.total else 0.0


def verify(
    mentees: Crowd,
    mentors: Crowd,
    vectors: Vectors,
    tables: Tables,
    *,
    rows: Ints,
    columns: Ints,
    prices: Ints,
    bonus: int,
    shift: int,
    favoured: tuple[Ints, Ints, int] | None = None,
    report: Report = nobody_counts,
) -> Proof:
    """Check the pairs (``rows`` mentees, ``columns`` mentors) and compute both bounds anew.

    ``prices`` (mentors,) int64 >= 0, ``bonus`` and ``shift`` as in a certificate. Both bounds hold
    for *any* prices and any bonus: wrong ones give a loose bound, never a false one (weak duality:
    a mentee gets at most ``n`` partners, so what they are worth together is at most the mentors'
    prices and the ``n`` best sums beyond the prices). ``favoured``: (rows, columns, points) of
    pairs that were to count more; then the bound is of what rounds reach beside what is favoured in
    this one. Raises :class:`BrokenRound`.
    """
    if len(rows) != len(columns):
        raise BrokenRound("unequal_lengths")
    if (prices < 0).any():
        raise BrokenRound("negative_price")
    begin, other, score = _feasible(mentees, mentors, vectors, tables, report)
    found = _places_in(begin, other, rows, columns, size_of(mentors))
    more = _more(begin, other, favoured, size_of(mentors))
    if len(set(found.tolist())) != len(found):
        raise BrokenRound("pair_twice")
    for people, places in ((rows, mentees.places_open), (columns, mentors.places_open)):
        if (np.bincount(people, minlength=len(places)) > places).any():
            raise BrokenRound("too_many_partners")
    matched = len(rows)
    usable = np.minimum(mentors.places_open, np.bincount(other, minlength=size_of(mentors)))
    worth = _exact_product(usable, prices) + _beyond_prices(
        begin, other, score + more, mentees.places_open, prices, bonus, shift
    )
    taken = np.zeros(len(other), dtype=np.bool_)
    taken[found] = True
    return Proof(
        matched=matched,
        total=_exact_sum(score[found].astype(np.int64)),
        count_bound=_cut(begin, other, taken, mentees.places_open, usable),
        score_bound=(worth >> shift) - bonus * matched - _exact_sum(more[found].astype(np.int64)),
        considered=len(other),
    )


def _feasible(
    mentees: Crowd, mentors: Crowd, vectors: Vectors, tables: Tables, report: Report
) -> tuple[Ints, NDArray[np.int32], NDArray[np.int32]]:
    """All pairs that break no limit: begin of each mentee's, mentors, scores."""
    parts = [(np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32))]
    for near, there in _within_reach(mentees, mentors, vectors, report):
        apart = distances_hm(vectors, mentees.place[near], mentors.place[there])
        known = common_levels(mentees, mentors, near, there)
        kept = broken_limits(mentees, mentors, near, there, hm=apart, levels=known) == 0
        one, other, hm, levels = near[kept], there[kept], apart[kept], known[kept]
        points = part_points(mentees, mentors, one, other, hm=hm, levels=levels, tables=tables)
        parts.append((one, other.astype(np.int32), total_score(points)))
    rows = np.concatenate([part[0] for part in parts])
    columns = np.concatenate([part[1] for part in parts])
    scores = np.concatenate([part[2] for part in parts])
    order = np.argsort(rows, kind="stable")
    begin = np.zeros(size_of(mentees) + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=size_of(mentees)), out=begin[1:])
    return begin, columns[order], scores[order]


def _within_reach(
    mentees: Crowd, mentors: Crowd, vectors: Vectors, report: Report
) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of people near enough to be looked at, in portions; a few that are not may be there."""
    homes = np.unique(mentees.place)
    there, first, count = np.unique(mentors.place, return_index=True, return_counts=True)
    if not len(homes) or not len(there):
        return
    widest = min(int(mentees.reach.max()), int(mentors.reach.max()))
    near = np.cos((widest + 1) / EARTH_RADIUS_HM) - 1e-12
    for at in range(0, len(homes), _PLACES_AT_ONCE):
        report(at, len(homes))
        here = homes[at : at + _PLACES_AT_ONCE]
        cosines = vectors[here] @ vectors[there].T
        one, other = np.nonzero((cosines >= near) | (here[:, None] == there[None, :]))
        begin = np.searchsorted(mentees.place, here[one], "left")
        size = np.searchsorted(mentees.place, here[one], "right") - begin
        portion = np.cumsum(size * count[other]) // _PAIRS_AT_ONCE
        for some in np.split(np.arange(len(one)), np.flatnonzero(np.diff(portion)) + 1):
            yield _all_of(begin[some], size[some], first[other[some]], count[other[some]])


def _all_of(rows: Ints, heights: Ints, columns: Ints, widths: Ints) -> tuple[Ints, Ints]:
    """Every person of each place with every person of another: blocks as lists of pairs."""
    block = np.repeat(np.arange(len(rows)), heights * widths)
    inside = np.arange(len(block)) - np.repeat(
        np.cumsum(heights * widths) - heights * widths, heights * widths
    )
    return rows[block] + inside // widths[block], columns[block] + inside % widths[block]


def _more(
    begin: Ints, other: NDArray[np.int32], favoured: tuple[Ints, Ints, int] | None, width: int
) -> NDArray[np.int32]:
    """What each pair counts more than its score."""
    more = np.zeros(len(other), dtype=np.int32)
    if favoured is not None:
        rows, columns, points = favoured
        owners = np.repeat(np.arange(len(begin) - 1), np.diff(begin))
        more[np.isin(owners * width + other, rows * width + columns)] = points
    return more


def _places_in(
    begin: Ints, other: NDArray[np.int32], rows: Ints, columns: Ints, width: int
) -> Ints:
    """Where the pairs stand among the feasible ones. Raises :class:`BrokenRound`."""
    owners = np.repeat(np.arange(len(begin) - 1), np.diff(begin))
    keys = owners * width + other
    order = np.argsort(keys)
    wanted = rows * width + columns
    at = np.searchsorted(keys[order], wanted)
    if (at >= len(keys)).any() or (keys[order][at] != wanted).any():
        raise BrokenRound("infeasible_pair")
    found: Ints = order[at]
    return found


def _exact_sum(values: Ints) -> int:
    """In two halves, which cannot overflow before 2**31 numbers are added."""
    return (int((values >> 32).sum()) << 32) + int((values & _LOW).sum())


def _exact_product(places: Ints, prices: Ints) -> int:
    held = places > 0
    return sum(a * b for a, b in zip(places[held].tolist(), prices[held].tolist(), strict=True))


def _beyond_prices(
    begin: Ints,
    other: NDArray[np.int32],
    score: NDArray[np.int32],
    places: Ints,
    prices: Ints,
    bonus: int,
    shift: int,
) -> int:
    """What each mentee's best pairs, as many as there are places, are worth beyond the prices."""
    beyond = ((score.astype(np.int64) + bonus) << shift) - prices[other]
    owners = np.repeat(np.arange(len(begin) - 1), np.diff(begin))
    pays = beyond > 0
    owners, beyond = owners[pays], beyond[pays]
    order = np.lexsort((-beyond, owners))
    owners, beyond = owners[order], beyond[order]
    rank = np.arange(len(owners)) - np.searchsorted(owners, owners)
    return _exact_sum(beyond[rank < places[owners]])


def _cut(
    begin: Ints, other: NDArray[np.int32], taken: BoolArray, places: Ints, usable: Ints
) -> int:
    """An upper bound on the number of pairs: the capacity of a cut (Ford and Fulkerson, König).

    The cut lies around everyone reached from mentees with open places by going to possible
    partners over pairs not taken and back over pairs taken. Any cut bounds the number; this one
    meets it where the number is the highest.
    """
    owners = np.repeat(np.arange(len(begin) - 1), np.diff(begin))
    use = np.minimum(places, np.diff(begin))
    reached = np.bincount(owners[taken], minlength=len(use)) < use
    met = np.zeros(len(usable), dtype=np.bool_)
    while True:
        met[other[reached[owners] & ~taken]] = True
        back = owners[taken & met[other]]
        if reached[back].all():
            break
        reached[back] = True
    across = reached[owners] & ~met[other]
    return _exact_sum(use[~reached]) + _exact_sum(usable[met]) + int(np.count_nonzero(across))
