"""The flows against a linear programme that knows nothing of networks."""

from collections.abc import Sequence

import numpy as np
import pytest
from scipy.optimize import linprog

from patenwerk.core.disclosure.network import UNBOUNDED, Moves, Name, Network


def _reference(network: Network, edge: int) -> float:
    """Highest minus lowest move of one edge over all circulations."""
    sums = np.zeros((network.nodes, len(network.tails)))
    for at, (tail, head) in enumerate(zip(network.tails, network.heads, strict=True)):
        sums[tail, at] += 1
        sums[head, at] -= 1
    aim = np.eye(len(network.tails))[edge]
    bounds = [(-min(slack, 10_000), None) for slack in network.slack]
    ends = [
        linprog(sign * aim, A_eq=sums, b_eq=np.zeros(network.nodes), bounds=bounds)
        for sign in (1, -1)
    ]
    if any(end.status == 3 for end in ends):
        return np.inf
    return float(-ends[1].fun - ends[0].fun)


def _random(seed: int) -> Network:
    random = np.random.default_rng(seed)
    rows, columns = int(random.integers(2, 6)), int(random.integers(2, 6))
    edges = [
        (row, rows + column, int(random.integers(0, 8)))
        for row in range(rows)
        for column in range(columns)
        if random.random() < 0.5
    ]
    return _network(rows + columns, *zip(*edges, strict=True))


def _network(
    nodes: int, tails: Sequence[int], heads: Sequence[int], slack: Sequence[int]
) -> Network:
    return Network(nodes, tails, heads, slack, [("edge", at) for at in range(len(tails))])


@pytest.mark.parametrize("seed", range(30))
def test_widths_agree_with_a_linear_programme(seed: int) -> None:
    network = _random(seed)
    widths = [_reference(network, edge) for edge in range(len(network.tails))]
    assert [network.width(edge, 1000) for edge in range(len(widths))] == pytest.approx(widths)
    for need in (1, 3, 5):
        assert list(network.narrow(need)) == [at for at, width in enumerate(widths) if width < need]


@pytest.mark.parametrize("seed", range(30))
def test_proofs_of_another_network_are_checked_before_they_are_believed(seed: int) -> None:
    """The second network knows more: cells can give less, and some are not hidden any more."""
    random = np.random.default_rng(seed)
    first = _random(seed)
    proofs: dict[Name, Moves] = {}
    assert list(first.narrow(4, proofs)) == list(first.narrow(4, proofs))
    kept = np.flatnonzero(random.random(len(first.tails)) < 0.85)
    second = Network(
        first.nodes,
        [first.tails[at] for at in kept],
        [first.heads[at] for at in kept],
        [int(random.integers(0, first.slack[at] + 1)) for at in kept],
        [first.names[at] for at in kept],
    )
    assert list(second.narrow(4, proofs)) == list(second.narrow(4))


def test_a_number_alone_in_its_sum_cannot_move() -> None:
    assert _network(2, [0], [1], [9]).width(0, 5) == 0


def test_the_width_is_cut_off_at_the_limit_upwards_and_downwards() -> None:
    # Two cells of one row whose column totals are not published: one gives what the other takes.
    pair = _network(2, [0, 0], [1, 1], [3, 40])
    assert pair.width(0, 5) == 5
    assert pair.width(0, 100) == 43
    assert pair.width(1, 10) == 10


def test_a_number_without_limit_below_moves_as_far_as_the_others_let_it() -> None:
    chain = _network(3, [0, 0, 1], [1, 2, 2], [4, 7, UNBOUNDED])
    assert [chain.width(edge, 1000) for edge in range(3)] == [11, 11, 11]


def test_flows_may_take_back_what_an_earlier_path_took() -> None:
    # Four cells of a square plus a diagonal way out: the second path must undo part of the first.
    square = _network(4, [0, 0, 1, 1, 0], [2, 3, 2, 3, 1], [2, 3, 4, 1, 5])
    for edge in range(5):
        assert square.width(edge, 1000) == pytest.approx(_reference(square, edge))
