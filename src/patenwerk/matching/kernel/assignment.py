"""The exact best assignment: most pairs first, then the highest score.

Shortest augmenting paths on reduced costs (after Kuhn, Munkres, Edmonds and Karp, Jonker and
Volgenant), with whole rows scanned at once by NumPy. People with several places are one row or
column with a capacity, never copies of themselves, so that no pair can be made twice.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from patenwerk.matching.kernel.sides import BoolArray, IntArray

FAR = 1 << 60
"""Further than every path; sums of two such numbers still fit into int64."""
HIGHEST_SUM = 1 << 58
"""What values, prices and path lengths stay below."""

Report = Callable[[int, int], None]
"""Told (done, total) from time to time."""


class RoundTooLarge(ValueError):
    """The scores and the number of places are so large that exact whole numbers would overflow."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Pairs with the prices that prove them to be the best.

    ``rows``, ``columns`` (pairs,) int64: the pairs. ``row_prices`` (n,), ``column_prices`` (m,)
    int64 >= 0 and ``pair_bonus``: what a pair is worth beyond its score, large enough that one
    pair more always beats any score. For every pair of the graph the two prices together reach
    score + bonus, or the pair is taken.
    """

    rows: IntArray
    columns: IntArray
    row_prices: IntArray
    column_prices: IntArray
    pair_bonus: int


def usable_places(feasible: BoolArray, places: IntArray, *, axis: int) -> IntArray:
    """Places that can be filled at all: nobody gets more partners than fit them."""
    degrees = np.count_nonzero(feasible, axis=axis)
    usable: IntArray = np.minimum(places, degrees).astype(np.int64)
    return usable


def best_assignment(
    score: IntArray,
    feasible: BoolArray,
    row_places: IntArray,
    column_places: IntArray,
    *,
    report: Report | None = None,
) -> Assignment:
    """The assignment with the most pairs and, among those, the highest sum of scores.

    ``score`` (n, m) int64 and ``feasible`` (n, m) bool; ``row_places`` (n,) and ``column_places``
    (m,) int64 >= 0 say how many different partners each may get. Deterministic for the given
    order of rows and columns. Raises :class:`RoundTooLarge`.
    """
    feasible = feasible & (row_places > 0)[:, None] & (column_places > 0)[None, :]
    rows_open = usable_places(feasible, row_places, axis=1)
    columns_open = usable_places(feasible, column_places, axis=0)
    most = min(int(rows_open.sum()), int(columns_open.sum()))
    if most == 0:
        nothing = np.zeros(0, dtype=np.int64)
        free_rows, free_columns = (np.zeros(size, dtype=np.int64) for size in score.shape)
        return Assignment(nothing, nothing.copy(), free_rows, free_columns, pair_bonus=0)
    scores = score[feasible]
    lowest, highest = int(scores.min()), int(scores.max())
    one_pair = most * (highest - lowest) + 1
    if (most + 2) * (one_pair + highest - lowest) >= HIGHEST_SUM:
        raise RoundTooLarge
    bonus = one_pair - lowest
    value = np.where(feasible, score + bonus, -2 * FAR)
    # The side with fewer places is the one that searches: its paths end soon at a free place.
    searching_rows = int(rows_open.sum()) <= int(columns_open.sum())
    if searching_rows:
        paths = _Paths(value, rows_open, columns_open)
    else:
        paths = _Paths(np.ascontiguousarray(value.T), columns_open, rows_open)
    paths.place_all(report)
    searchers, searched = paths.pairs()
    if searching_rows:
        return Assignment(searchers, searched, paths.profits, paths.prices, bonus)
    return Assignment(searched, searchers, paths.prices, paths.profits, bonus)


class _Paths:
    """State of the search. Rows search, columns are searched.

    Held after every insertion, which makes the pairs the best for the places inserted so far:
    profit + price >= value for every pair not taken, <= value for every pair taken; price 0 for
    every column with room; profit 0 for every row that has fewer partners than inserted places.
    """

    def __init__(self, value: IntArray, row_places: IntArray, column_places: IntArray) -> None:
        self.value = value
        self.row_places = row_places
        self.room = column_places.tolist()
        self.full = np.zeros(len(column_places), dtype=np.int64)
        self.profits = np.zeros(len(row_places), dtype=np.int64)
        self.prices = np.zeros(len(column_places), dtype=np.int64)
        self.partners: list[set[int]] = [set() for _ in range(len(row_places))]
        self.holders: list[set[int]] = [set() for _ in range(len(column_places))]
        self.length = np.empty(len(column_places), dtype=np.int64)
        self.waiting = np.empty(len(column_places), dtype=np.int64)
        self.came_from = np.zeros(len(column_places), dtype=np.int64)
        self.scratch = np.empty(len(column_places), dtype=np.int64)

    def place_all(self, report: Report | None) -> None:
        total = int(self.row_places.sum())
        done = 0
        for turn in range(1, int(self.row_places.max()) + 1):
            for row in np.flatnonzero(self.row_places >= turn).tolist():
                if report is not None and done % 50 == 0:
                    report(done, total)
                self._insert(row)
                done += 1
        if report is not None:
            report(total, total)

    def pairs(self) -> tuple[IntArray, IntArray]:
        found = [(row, column) for row, mine in enumerate(self.partners) for column in sorted(mine)]
        table = np.array(found, dtype=np.int64).reshape(-1, 2)
        return table[:, 0].copy(), table[:, 1].copy()

    def _insert(self, root: int) -> None:
        """Give ``root`` one partner more where that raises the sum of values."""
        if not self.partners[root]:
            self.profits[root] = max(0, int((self.value[root] - self.prices).max()))
        if self.profits[root] == 0:
            return
        shortest, end_column, end_row, row_length, row_from = self._search(root)
        self.prices += np.maximum(shortest - self.length, 0)
        for row, length in row_length.items():
            if length < shortest:
                self.profits[row] -= shortest - length
        if end_column is not None:
            self.room[end_column] -= 1
            self.full[end_column] = self.room[end_column] == 0
            self._rewire(root, end_column, row_from)
        elif end_row != root:
            column = row_from[end_row]
            self._part(end_row, column)
            self._rewire(root, column, row_from)

    def _search(self, root: int) -> tuple[int, int | None, int, dict[int, int], dict[int, int]]:
        """Dijkstra from ``root`` to a column with room or to the row that best goes without.

        Gives the length of the shortest path, the column or row it ends in, lengths of all
        rows reached and the column each was reached from; ``self.length`` and
        ``self.came_from`` hold the same for columns.
        """
        shortest = int(self.profits[root])
        end_column: int | None = None
        end_row = root
        self.length.fill(shortest)
        self.waiting.fill(2 * FAR)
        row_length = {root: 0}
        row_from: dict[int, int] = {}
        rows = [(0, root)]
        column, nearest = -1, 2 * FAR
        while True:
            while rows and 2 * rows[0][0] < nearest:
                length, row = heapq.heappop(rows)
                if length == row_length[row] and length < shortest:
                    self._scan(row, length)
                    column, nearest = self._nearest_column()
            column_length = nearest >> 1
            if column_length >= shortest:
                break
            if self.room[column]:
                shortest, end_column = column_length, column
                break
            self.waiting[column] = 2 * FAR
            price = int(self.prices[column])
            for row in sorted(self.holders[column]):
                profit = int(self.profits[row])
                length = column_length + int(self.value[row, column]) - profit - price
                if length < row_length.get(row, shortest):
                    row_length[row] = length
                    row_from[row] = column
                    heapq.heappush(rows, (length, row))
                    if length + profit < shortest:
                        shortest, end_row = length + profit, row
            column, nearest = self._nearest_column()
        return shortest, end_column, end_row, row_length, row_from

    def _nearest_column(self) -> tuple[int, int]:
        """The nearest column not yet left behind and its length, doubled, plus 1 if it is full.

        So of equally near columns one with room comes before rows, and rows before full columns:
        without that, many equal scores would make every search visit nearly everybody.
        """
        column = int(self.waiting.argmin())
        return column, int(self.waiting[column])

    def _scan(self, row: int, length: int) -> None:
        """Look from ``row`` at all columns at once."""
        reached = np.subtract(self.prices, self.value[row], out=self.scratch)
        reached += length + int(self.profits[row])
        for column in self.partners[row]:
            reached[column] = FAR
        nearer = (reached < self.length).nonzero()[0]
        if nearer.size:
            lengths = reached[nearer]
            self.length[nearer] = lengths
            self.waiting[nearer] = 2 * lengths + self.full[nearer]
            self.came_from[nearer] = row

    def _rewire(self, root: int, column: int, row_from: dict[int, int]) -> None:
        """Pair along the path that ends in ``column``, back to ``root``."""
        while True:
            row = int(self.came_from[column])
            self.partners[row].add(column)
            self.holders[column].add(row)
            if row == root:
                return
            column = row_from[row]
            self._part(row, column)

    def _part(self, row: int, column: int) -> None:
        self.partners[row].remove(column)
        self.holders[column].remove(row)
