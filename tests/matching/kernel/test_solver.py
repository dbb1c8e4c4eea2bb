"""The best set of pairs against trying all of them, and against nasty shapes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patenwerk.matching.kernel.market import RoundTooLarge, scale_for
from patenwerk.matching.kernel.pairs import Pairs, listed_pairs
from patenwerk.matching.kernel.solver import (
    Certificate,
    Earlier,
    Solution,
    resumed_market,
    solve,
)
from tests.matching.kernel.reference import best_by_trying_all


@dataclass(frozen=True)
class Case:
    """A table of scores, which of them are pairs, and places on both sides."""

    score: np.ndarray
    feasible: np.ndarray
    row_places: np.ndarray
    column_places: np.ndarray

    def usable(self) -> np.ndarray:
        """The pairs of people who both have a place: no others come to the solver."""
        return self.feasible & (self.row_places > 0)[:, None] & (self.column_places > 0)[None, :]

    def pairs(self) -> Pairs:
        rows, columns = np.nonzero(self.usable())
        return listed_pairs(
            rows,
            columns,
            self.score[rows, columns].astype(np.int32),
            row_identity=identities(len(self.row_places), 1),
            column_identity=identities(len(self.column_places), 2),
        )

    def solved(self) -> Solution:
        return solve(
            self.pairs(),
            self.row_places,
            self.column_places,
            mentee_identity=identities(len(self.row_places), 1),
            mentor_identity=identities(len(self.column_places), 2),
        )

    def reached(self) -> tuple[int, int]:
        """(pairs, sum of scores) of the solution, after its rules have been checked."""
        found = self.solved()
        pairs = list(zip(found.rows.tolist(), found.columns.tolist(), strict=True))
        assert len(set(pairs)) == len(pairs)
        assert self.usable()[found.rows, found.columns].all()
        for people, places in (
            (found.rows, self.row_places),
            (found.columns, self.column_places),
        ):
            assert (np.bincount(people, minlength=len(places)) <= places).all()
        return len(pairs), int(self.score[found.rows, found.columns].sum())

    def score_bound(self) -> int:
        """What the certificate says no set of as many pairs exceeds: computed by hand."""
        found = self.solved()
        certificate: Certificate = found.certificate
        prices = certificate.prices.tolist()
        worth = sum(p * price for p, price in zip(self.column_places.tolist(), prices, strict=True))
        usable = self.usable()
        for row, places in enumerate(self.row_places.tolist()):
            beyond = sorted(
                (
                    ((int(self.score[row, column]) + certificate.bonus) << certificate.shift)
                    - prices[column]
                    for column in np.flatnonzero(usable[row])
                ),
                reverse=True,
            )
            worth += sum(one for one in beyond[:places] if one > 0)
        return (worth >> certificate.shift) - certificate.bonus * len(found.rows)


def identities(size: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 1 << 63, size, dtype=np.uint64)


def random_case(seed: int) -> Case:
    """Small graphs: sparse to full, few to many ties, several places on both sides."""
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 6, 2))
    score = rng.integers(0, rng.choice([2, 5, 1000]), shape)
    if seed % 5 == 0:
        score -= 500
    feasible = rng.random(shape) < rng.choice([0.3, 0.6, 1.0])
    most = 1 + seed % 3
    return Case(
        score,
        feasible,
        rng.integers(0, most + 1, shape[0]),
        rng.integers(0, most + 1, shape[1]),
    )


def plain(score: list[list[int]], *, feasible: np.ndarray | None = None) -> Case:
    """One place each; everything fits where nothing else is said."""
    table = np.array(score)
    rows, columns = table.shape
    return Case(
        table,
        np.ones(table.shape, dtype=bool) if feasible is None else feasible,
        np.ones(rows, dtype=np.int64),
        np.ones(columns, dtype=np.int64),
    )


@pytest.mark.parametrize("hundred", range(6))
def test_nobody_finds_a_better_one_by_trying_all(hundred: int) -> None:
    for seed in range(100 * hundred, 100 * hundred + 100):
        case = random_case(seed)
        count, total = best_by_trying_all(
            case.score.tolist(),
            case.feasible.tolist(),
            case.row_places.tolist(),
            case.column_places.tolist(),
        )
        assert case.reached() == (count, total), seed
        assert case.score_bound() == total, seed


@pytest.mark.parametrize(
    ("rows", "columns", "density", "highest", "most_places"),
    [
        (60, 60, 0.1, 1000, 1),
        (60, 40, 0.3, 1000, 3),
        (40, 60, 0.3, 3, 3),
        (50, 50, 1.0, 1, 1),
        (80, 80, 0.03, 50, 2),
        (200, 150, 0.02, 100_000, 3),
    ],
)
def test_larger_graphs_prove_themselves(
    rows: int, columns: int, density: float, highest: int, most_places: int
) -> None:
    rng = np.random.default_rng(rows * columns)
    case = Case(
        rng.integers(0, highest + 1, (rows, columns)),
        rng.random((rows, columns)) < density,
        rng.integers(1, most_places + 1, rows),
        rng.integers(1, most_places + 1, columns),
    )
    _, total = case.reached()
    assert case.score_bound() == total


@given(seed=st.integers(0, 1 << 30))
def test_any_order_of_rows_gives_the_same_pairs(seed: int) -> None:
    """Also where everything is equally good: the identities decide, and nothing else."""
    rng = np.random.default_rng(seed)
    size = 12
    score = rng.integers(0, 2, (size, size))
    feasible = rng.random((size, size)) < 0.5
    one, other = identities(size, seed), identities(size, seed + 1)
    ones = np.ones(size, dtype=np.int64)

    def solved(rows: np.ndarray, columns: np.ndarray) -> set[tuple[int, int]]:
        at = np.nonzero(feasible[rows][:, columns])
        pairs = listed_pairs(
            *at,
            score[rows][:, columns][at].astype(np.int32),
            row_identity=one[rows],
            column_identity=other[columns],
        )
        found = solve(pairs, ones, ones, mentee_identity=one[rows], mentor_identity=other[columns])
        return set(zip(rows[found.rows].tolist(), columns[found.columns].tolist(), strict=True))

    first = solved(np.arange(size), np.arange(size))
    assert solved(rng.permutation(size), rng.permutation(size)) == first


def test_products_of_ranks_the_worst_case_for_shortest_paths() -> None:
    found = plain(np.multiply.outer(np.arange(60), np.arange(60)).tolist()).solved()
    assert found.rows.tolist() == found.columns.tolist() == list(range(60))


def test_one_pair_more_beats_any_score() -> None:
    case = plain([[1_000_000, 1], [1, 0]], feasible=np.array([[True, True], [True, False]]))
    found = case.solved()
    assert {*zip(found.rows.tolist(), found.columns.tolist(), strict=True)} == {(0, 1), (1, 0)}


def chain(size: int) -> Case:
    """One pair more costs nearly all score: all partners have to be changed for it."""
    score = np.zeros((size + 1, size + 1), dtype=int)
    feasible = np.zeros(score.shape, dtype=bool)
    for at in range(size):
        feasible[at, at] = feasible[at, at + 1] = True
        score[at, at] = 1000 * (size - at)
    feasible[size, 0] = True
    return plain(score.tolist(), feasible=feasible)


@pytest.mark.parametrize("size", [12, 60, 400])
def test_a_long_chain_of_better_scores_does_not_hide_one_pair_more(size: int) -> None:
    """The bonus has to grow, for the longer ones beyond the room there was at first."""
    case = chain(size)
    assert case.reached() == (size + 1, 0)
    assert case.score_bound() == 0


def test_an_earlier_round_without_room_for_the_chain_is_begun_anew() -> None:
    case = chain(700)
    nothing = np.zeros(0, dtype=np.int64)
    earlier = Earlier(nothing, nothing, Certificate(np.zeros(701, dtype=np.int64), 0, 0))
    market = resumed_market(
        case.pairs(),
        case.row_places,
        case.column_places,
        mentee_identity=identities(701, 1),
        mentor_identity=identities(701, 2),
        earlier=earlier,
    )
    assert market is not None
    assert len(market.pairs()[0]) == 701


def test_three_who_fit_nobody_but_the_same_one() -> None:
    """The third cannot pay the price any more and is not searched for."""
    score = [[9, 0, 0, 0], [8, 0, 0, 0], [7, 0, 0, 0], [1, 2, 3, 4]]
    case = plain(score, feasible=np.array(score) > 0)
    assert case.reached() == (2, 13)
    assert case.score_bound() == 13


def test_one_mentor_for_everybody() -> None:
    assert plain([[3], [9], [5]]).solved().rows.tolist() == [1]


def test_who_needs_two_gets_two_different_ones() -> None:
    case = Case(np.array([[9, 1]]), np.ones((1, 2), dtype=bool), np.array([2]), np.array([2, 2]))
    assert case.solved().columns.tolist() == [0, 1]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (2, 2)])
def test_nothing_fits(shape: tuple[int, int]) -> None:
    case = plain(np.zeros(shape).tolist()) if 0 not in shape else None
    if case is None:
        case = Case(
            np.zeros(shape, dtype=np.int64),
            np.zeros(shape, dtype=bool),
            np.ones(shape[0], dtype=np.int64),
            np.ones(shape[1], dtype=np.int64),
        )
    else:
        case = plain([[0, 0], [0, 0]], feasible=np.zeros(shape, dtype=bool))
    assert case.reached() == (0, 0)
    assert case.score_bound() == 0


def test_scores_that_fill_the_numbers_are_still_exact() -> None:
    """No room is left for ties: the widest scores there are, and many places."""
    rng = np.random.default_rng(3)
    score = rng.integers(-(1 << 30), 1 << 30, (5, 5))
    places = np.full(5, 1 << 30)
    case = Case(score, rng.random((5, 5)) < 0.8, np.array([1, 2, 1, 1, 1]), places)
    count, total = best_by_trying_all(
        score.tolist(), case.feasible.tolist(), [1, 2, 1, 1, 1], [5] * 5
    )
    assert case.reached() == (count, total)


def test_progress_counts_places() -> None:
    told: list[tuple[int, int]] = []
    size = 3000
    rows = np.repeat(np.arange(size), 2)
    pairs = listed_pairs(
        rows,
        rows // 2,
        np.zeros(len(rows), dtype=np.int32),
        row_identity=identities(size, 1),
        column_identity=identities(size // 2, 2),
    )
    twos = np.full(size, 2, dtype=np.int64)
    solve(
        pairs,
        twos,
        np.full(size // 2, 9, dtype=np.int64),
        mentee_identity=identities(size, 1),
        mentor_identity=identities(size // 2, 2),
        report=lambda done, total: told.append((done, total)),
    )
    assert told
    assert all(0 <= done <= total for done, total in told)


def test_sums_that_would_overflow_are_refused() -> None:
    scores = np.array([-(1 << 31), (1 << 31) - 1], dtype=np.int32)
    assert scale_for(scores, 2, 1).shift > 0
    with pytest.raises(RoundTooLarge):
        scale_for(scores, 2, 1 << 40)


def test_where_no_room_is_left_for_ties_scores_are_values() -> None:
    scores = np.array([3, 8], dtype=np.int32)
    scale = scale_for(scores, 1 << 56, 1)
    assert (scale.shift, scale.tie_bits) == (0, 0)
    assert scale.values(scores, np.array([1, 1])).tolist() == [6, 11]
