"""Exact bounds on hidden cells: how far each could move without touching anything published.

Every hidden number takes part in exactly two published sums (a period's and a column's, or two
consecutive column totals), once with each sign. So the hidden numbers are the edges of a network
whose nodes are the sums, every other assignment an attacker must consider is the true one plus a
circulation, and the bounds are maximum flows: whole numbers, exact, without a solver.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

UNBOUNDED = 1 << 60

# A hidden number: its column, and its period (a cell) or release (a total)
Name = tuple[str, str | int]
# How far each number moves (below zero: falls) in a rise and in a fall of the number in question
Moves = tuple[dict[Name, int], dict[Name, int]]


@dataclass
class Network:
    """Hidden numbers as edges. ``slack[e]``: how far edge e may fall, given what is known below it.

    Raising an edge carries flow from its tail to its head without limit, lowering it carries flow
    back, up to its slack. ``names`` are the same for the same number in networks that differ in
    what is known or published.
    """

    nodes: int
    tails: Sequence[int]
    heads: Sequence[int]
    slack: Sequence[int]
    names: Sequence[Name]
    _around: list[list[tuple[int, int, bool]]] = field(init=False)

    def __post_init__(self) -> None:
        self._around = [[] for _ in range(self.nodes)]
        for edge, (tail, head) in enumerate(zip(self.tails, self.heads, strict=True)):
            self._around[tail].append((head, edge, True))
            self._around[head].append((tail, edge, False))

    def narrow(self, need: int, proofs: dict[Name, Moves] | None = None) -> Iterator[int]:
        """Edges whose interval (highest minus lowest possible value) is narrower than ``need``.

        ``proofs`` remembers the moves that showed an edge to be wide. Most still stand where a
        little more is known or published, and checking them is much quicker than a new search.
        """
        proofs = {} if proofs is None else proofs
        together = self._together(need)
        give = dict(zip(self.names, self.slack, strict=True))
        for edge, slack in enumerate(self.slack):
            # A thin edge on a cycle that lowers wide edges only can rise far enough; a wide edge
            # could be its own way back and is looked at closely.
            if slack < need and together[self.tails[edge]] == together[self.heads[edge]]:
                continue
            proof = proofs.get(self.names[edge])
            if proof is not None and _stands(proof, give):
                continue
            width, moves = self._moves(edge, need)
            if width < need:
                yield edge
            else:
                proofs[self.names[edge]] = moves

    def width(self, edge: int, limit: int) -> int:
        """Width of the interval of one edge, cut off at ``limit``."""
        return self._moves(edge, limit)[0]

    def _moves(self, edge: int, limit: int) -> tuple[int, Moves]:
        """The width and the moves that reach it: how far each other edge falls, up or down."""
        up, rise = self._flow(self.heads[edge], self.tails[edge], edge, limit)
        most = min(self.slack[edge], limit - up)
        down, fall = self._flow(self.tails[edge], self.heads[edge], edge, most)
        fall[self.names[edge]] = -down
        return up + down, (rise, fall)

    def _together(self, need: int) -> list[int]:
        """For each node the first node it shares cycles with that lower only wide edges."""
        together = [-1] * self.nodes
        for node in range(self.nodes):
            if together[node] < 0:
                ahead = self._reachable(node, need, together, along=True)
                for other in ahead & self._reachable(node, need, together, along=False):
                    together[other] = node
        return together

    def _reachable(self, start: int, need: int, done: list[int], *, along: bool) -> set[int]:
        """Nodes from which (to which, unless ``along``) such a path leads, leaving out the done."""
        seen = {start}
        queue = deque(seen)
        while queue:
            for node, edge, raises in self._around[queue.popleft()]:
                free = raises is along or self.slack[edge] >= need
                if free and node not in seen and done[node] < 0:
                    seen.add(node)
                    queue.append(node)
        return seen

    def _flow(
        self, source: int, sink: int, without: int, limit: int
    ) -> tuple[int, dict[Name, int]]:
        """Maximum flow from source to sink without one edge, cut off at ``limit``; its moves."""
        left = list(self.slack)
        moves: dict[Name, int] = {}
        flow = 0
        while flow < limit:
            path = self._path(source, sink, without, left)
            if path is None:
                break
            step = min([limit - flow, *(left[edge] for edge, raises in path if not raises)])
            for edge, raises in path:
                change = step if raises else -step
                left[edge] += change
                moves[self.names[edge]] = moves.get(self.names[edge], 0) + change
            flow += step
        return flow, moves

    def _path(
        self, source: int, sink: int, without: int, left: list[int]
    ) -> list[tuple[int, bool]] | None:
        came: dict[int, tuple[int, int, bool] | None] = {source: None}
        queue = deque([source])
        while queue:
            here = queue.popleft()
            for node, edge, raises in self._around[here]:
                if node in came or edge == without or not (raises or left[edge] > 0):
                    continue
                came[node] = (here, edge, raises)
                if node == sink:
                    return _walk(came, sink)
                queue.append(node)
        return None


def _stands(proof: Moves, give: dict[Name, int]) -> bool:
    """Whether all that moves is still hidden and all that falls can fall as far."""
    return all(
        give.get(name, -UNBOUNDED) >= -change for moves in proof for name, change in moves.items()
    )


def _walk(came: dict[int, tuple[int, int, bool] | None], sink: int) -> list[tuple[int, bool]]:
    path = []
    step = came[sink]
    while step is not None:
        path.append((step[1], step[2]))
        step = came[step[0]]
    return path
