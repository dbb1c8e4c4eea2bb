"""Other ways to find pairs on the same graph, to compare with. Each gets pairs, places and scores.

``rows``, ``columns`` (pairs,) are who fits whom, ``score`` what it is worth; each answers which of
the pairs it takes, as a bool per pair.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.pairs import Pairs

Taken = NDArray[np.bool_]
MOST_DENSE = 3_500
"""A dense table of floats and a cubic search: beyond this many a side it is not run."""


@dataclass(frozen=True, slots=True)
class Graph:
    """Who fits whom, one entry a pair, with the places of both sides."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    score: NDArray[np.int64]
    row_places: NDArray[np.int64]
    column_places: NDArray[np.int64]

    @classmethod
    def of(
        cls, pairs: Pairs, row_places: NDArray[np.int64], column_places: NDArray[np.int64]
    ) -> Graph:
        rows = np.repeat(np.arange(len(row_places)), np.diff(pairs.begin))
        return cls(
            rows,
            pairs.other.astype(np.int64),
            pairs.score.astype(np.int64),
            row_places,
            column_places,
        )

    @property
    def bonus(self) -> int:
        """A worth of one pair more that beats what its place could cost the others in practice."""
        return 64 * int(self.score.max() - self.score.min() + 1)


def greedy(graph: Graph) -> Taken:
    """Always the best pair still possible."""
    row_room, column_room = graph.row_places.tolist(), graph.column_places.tolist()
    rows, columns = graph.rows.tolist(), graph.columns.tolist()
    taken = np.zeros(len(rows), dtype=np.bool_)
    for at in np.argsort(-graph.score, kind="stable").tolist():
        row, column = rows[at], columns[at]
        if row_room[row] and column_room[column]:
            row_room[row] -= 1
            column_room[column] -= 1
            taken[at] = True
    return taken


def deferred(graph: Graph) -> Taken:
    """Deferred acceptance (Gale and Shapley): mentees ask in the order of score, mentors keep the
    best of those who ask.
    """
    order = np.lexsort((-graph.score, graph.rows))
    begin = np.searchsorted(graph.rows[order], np.arange(len(graph.row_places) + 1)).tolist()
    order_list, columns, score = order.tolist(), graph.columns.tolist(), graph.score.tolist()
    following = begin[:-1]
    kept: list[list[int]] = [[] for _ in graph.column_places]
    room = graph.column_places.tolist()
    rows = graph.rows.tolist()
    asking = np.repeat(np.arange(len(graph.row_places)), graph.row_places).tolist()
    while asking:
        row = asking.pop()
        while following[row] < begin[row + 1]:
            at = order_list[following[row]]
            following[row] += 1
            held = kept[columns[at]]
            held.append(at)
            if len(held) <= room[columns[at]]:
                break
            worst = min(held, key=score.__getitem__)
            held.remove(worst)
            if worst != at:
                asking.append(rows[worst])
                break
    taken = np.zeros(len(rows), dtype=np.bool_)
    taken[[at for held in kept for at in held]] = True
    return taken


def ortools(graph: Graph) -> Taken:
    """OR-tools' minimum-cost flow: one arc of capacity 1 for each pair."""
    from ortools.graph.python import min_cost_flow

    flow = min_cost_flow.SimpleMinCostFlow()
    n, m, pairs = len(graph.row_places), len(graph.column_places), len(graph.rows)
    source, sink = n + m, n + m + 1
    ones = np.ones(pairs, dtype=np.int64)
    cost = -(graph.score + graph.bonus)
    flow.add_arcs_with_capacity_and_unit_cost(graph.rows, n + graph.columns, ones, cost)
    flow.add_arcs_with_capacity_and_unit_cost(
        np.full(n, source), np.arange(n), graph.row_places, np.zeros(n, dtype=np.int64)
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        n + np.arange(m), np.full(m, sink), graph.column_places, np.zeros(m, dtype=np.int64)
    )
    supply = int(graph.row_places.sum())
    flow.add_arcs_with_capacity_and_unit_cost(
        np.array([source]), np.array([sink]), np.array([supply]), np.array([0])
    )
    flow.set_nodes_supplies(np.array([source, sink]), np.array([supply, -supply]))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"OR-tools answered {status}")
    taken: Taken = np.array(flow.flows(np.arange(pairs))) > 0
    return taken


def scipy(graph: Graph) -> Taken:
    """SciPy's sparse assignment. It knows no places: every mentor's are columns of their own, each
    mentee needs one, and a column for each mentee says »nobody«.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    n = len(graph.row_places)
    first = np.cumsum(graph.column_places) - graph.column_places
    copies = graph.column_places[graph.columns]
    pair = np.repeat(np.arange(len(copies)), copies)
    place = (
        first[graph.columns][pair]
        + np.arange(len(pair))
        - np.repeat(np.cumsum(copies) - copies, copies)
    )
    worth = (graph.score + graph.bonus)[pair].astype(float)
    width = int(graph.column_places.sum())
    table = csr_matrix(
        (
            np.concatenate([worth, np.full(n, 1e-9)]),
            (
                np.concatenate([graph.rows[pair], np.arange(n)]),
                np.concatenate([place, width + np.arange(n)]),
            ),
        ),
        shape=(n, width + n),
    )
    rows, columns = min_weight_full_bipartite_matching(table, maximize=True)
    owner = np.repeat(np.arange(len(graph.column_places)), graph.column_places)
    real = columns < width
    return _of_pairs(graph, rows[real], owner[columns[real]])


def hungarian(graph: Graph) -> Taken:
    """The way of textbooks: a dense square table of floats from 0 to 1, what does not fit worth
    nothing, and rows added one by one (Kuhn and Munkres, O(n³)). Places are columns of their own.
    """
    owner = np.repeat(np.arange(len(graph.column_places)), graph.column_places)
    best = float(graph.score.max() + graph.bonus)
    worth = np.zeros((len(graph.row_places), len(graph.column_places)))
    worth[graph.rows, graph.columns] = (graph.score + graph.bonus) / best
    cost = -worth[:, owner]
    size = max(cost.shape)
    square = np.zeros((size, size))
    square[: cost.shape[0], : cost.shape[1]] = cost
    columns = _kuhn_munkres(square)[: cost.shape[0]]
    rows = np.arange(cost.shape[0])
    real = columns < len(owner)
    rows, mentors = rows[real], owner[columns[real]]
    fits = worth[rows, mentors] > 0
    return _of_pairs(graph, rows[fits], mentors[fits])


def _kuhn_munkres(cost: NDArray[np.float64]) -> NDArray[np.int64]:
    """The column of each row in the cheapest assignment of a square table."""
    size = len(cost)
    row_price, column_price = np.zeros(size + 1), np.zeros(size + 1)
    holder = np.full(size + 1, -1)
    for row in range(size):
        holder[size] = row
        column = size
        least, came = np.full(size, np.inf), np.full(size, size)
        seen = np.zeros(size + 1, dtype=np.bool_)
        while holder[column] >= 0:
            seen[column] = True
            here = holder[column]
            left = cost[here] - row_price[here] - column_price[:size]
            nearer = ~seen[:size] & (left < least)
            least[nearer], came[nearer] = left[nearer], column
            free = np.flatnonzero(~seen[:size])
            nearest = int(free[np.argmin(least[free])])
            step = least[nearest]
            row_price[holder[seen]] += step
            column_price[seen] -= step
            least[free] -= step
            column = nearest
        while column != size:
            holder[column] = holder[came[column]]
            column = int(came[column])
    found = np.zeros(size, dtype=np.int64)
    found[holder[:size]] = np.arange(size)
    return found


def _of_pairs(graph: Graph, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Taken:
    width = len(graph.column_places)
    return np.isin(graph.rows * width + graph.columns, rows * width + columns)


PEERS = {
    "greedy": greedy,
    "deferred acceptance": deferred,
    "OR-tools flow": ortools,
    "SciPy, needs of 1": scipy,
    "dense Hungarian, needs of 1": hungarian,
}
