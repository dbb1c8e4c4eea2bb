"""Proves an assignment without trusting who made it: shares no code with the solver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from patenwerk.matching.kernel.sides import BoolArray, IntArray


class BrokenAssignment(ValueError):
    """The pairs break a rule, so there is nothing to prove.

    ``problem``: ``unequal_lengths``, ``infeasible_pair``, ``pair_twice``, ``too_many_partners``
    or ``negative_price``.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Proof:
    """What an assignment reaches and what none can exceed.

    ``matched`` pairs with the sum of scores ``total``; no assignment has more than
    ``count_bound`` pairs, and none with ``matched`` pairs scores more than ``score_bound``.
    """

    matched: int
    total: int
    count_bound: int
    score_bound: int


def verify(
    *,
    score: IntArray,
    feasible: BoolArray,
    row_places: IntArray,
    column_places: IntArray,
    rows: IntArray,
    columns: IntArray,
    row_prices: IntArray,
    column_prices: IntArray,
    pair_bonus: int,
) -> Proof:
    """Check the pairs and compute both bounds anew.

    ``score`` (n, m) int64, ``feasible`` (n, m) bool, places (n,) and (m,) int64; ``rows`` and
    ``columns`` (pairs,) int64; prices (n,) and (m,) int64 >= 0. Both bounds hold for *any* prices
    and any bonus: wrong ones give a loose bound, never a false one. All sums are Python's whole
    numbers, which cannot overflow. Raises :class:`BrokenAssignment`.
    """
    taken = _taken(feasible, row_places, column_places, rows, columns)
    if (row_prices < 0).any() or (column_prices < 0).any():
        raise BrokenAssignment("negative_price")
    matched = len(rows)
    feasible = feasible & (row_places > 0)[:, None] & (column_places > 0)[None, :]
    row_use = np.minimum(row_places, feasible.sum(axis=1))
    column_use = np.minimum(column_places, feasible.sum(axis=0))
    most_value = (
        _exact_product(row_use, row_prices)
        + _exact_product(column_use, column_prices)
        + _uncovered(score, feasible, row_prices, column_prices, pair_bonus)
    )
    return Proof(
        matched=matched,
        total=_exact_sum(score[rows, columns]),
        count_bound=_cut(feasible, taken, row_use, column_use),
        score_bound=most_value - pair_bonus * matched,
    )


def _taken(
    feasible: BoolArray,
    row_places: IntArray,
    column_places: IntArray,
    rows: IntArray,
    columns: IntArray,
) -> BoolArray:
    """(n, m) bool: the pairs as a table, after all rules have been checked."""
    if len(rows) != len(columns):
        raise BrokenAssignment("unequal_lengths")
    if not feasible[rows, columns].all():
        raise BrokenAssignment("infeasible_pair")
    taken = np.zeros(feasible.shape, dtype=np.bool_)
    taken[rows, columns] = True
    if np.count_nonzero(taken) != len(rows):
        raise BrokenAssignment("pair_twice")
    if (taken.sum(axis=1) > row_places).any() or (taken.sum(axis=0) > column_places).any():
        raise BrokenAssignment("too_many_partners")
    return taken


def _exact_sum(values: IntArray) -> int:
    return sum(values.tolist())


def _exact_product(places: IntArray, prices: IntArray) -> int:
    return sum(place * price for place, price in zip(places.tolist(), prices.tolist(), strict=True))


def _uncovered(
    score: IntArray,
    feasible: BoolArray,
    row_prices: IntArray,
    column_prices: IntArray,
    pair_bonus: int,
) -> int:
    """The sum of what each possible pair is worth beyond the two prices (dual of: no pair twice).

    Row by row, so that it needs no second table of the size of ``score``.
    """
    beyond = 0
    for row in range(feasible.shape[0]):
        here = np.flatnonzero(feasible[row])
        worth = score[row, here] + (pair_bonus - int(row_prices[row])) - column_prices[here]
        beyond += _exact_sum(worth[worth > 0])
    return beyond


def _cut(feasible: BoolArray, taken: BoolArray, row_use: IntArray, column_use: IntArray) -> int:
    """An upper bound on the number of pairs: the capacity of a cut (Ford and Fulkerson, König).

    The cut lies around everyone reached from rows with open places by going to possible partners
    over pairs not taken and back over pairs taken. Any cut bounds the number; this one meets it
    where the number is the highest.
    """
    reached_rows = taken.sum(axis=1) < row_use
    reached_columns = np.zeros(feasible.shape[1], dtype=np.bool_)
    fresh = reached_rows.copy()
    while fresh.any():
        reached_columns |= (feasible[fresh] & ~taken[fresh]).any(axis=0)
        back = taken[:, reached_columns].any(axis=1)
        fresh = back & ~reached_rows
        reached_rows |= back
    return (
        _exact_sum(row_use[~reached_rows])
        + _exact_sum(column_use[reached_columns])
        + int(np.count_nonzero(feasible[reached_rows][:, ~reached_columns]))
    )
