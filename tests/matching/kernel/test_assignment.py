"""The best assignment against trying all of them, and against nasty shapes."""

from __future__ import annotations

import numpy as np
import pytest

from patenwerk.matching.kernel.assignment import Assignment, RoundTooLarge, best_assignment
from patenwerk.matching.kernel.verifier import verify
from tests.matching.kernel.reference import best_by_trying_all


def random_case(
    seed: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Small graphs: sparse to full, few to many ties, several places on both sides."""
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 6, 2))
    score = rng.integers(0, rng.choice([2, 5, 1000]), shape)
    if seed % 5 == 0:
        score -= 500
    feasible = rng.random(shape) < rng.choice([0.3, 0.6, 1.0])
    most = 1 + seed % 3
    return score, feasible, rng.integers(0, most + 1, shape[0]), rng.integers(0, most + 1, shape[1])


def proof_of(
    score: np.ndarray,
    feasible: np.ndarray,
    row_places: np.ndarray,
    column_places: np.ndarray,
    found: Assignment,
) -> tuple[int, int, int, int]:
    proof = verify(
        score=score,
        feasible=feasible,
        row_places=row_places,
        column_places=column_places,
        rows=found.rows,
        columns=found.columns,
        row_prices=found.row_prices,
        column_prices=found.column_prices,
        pair_bonus=found.pair_bonus,
    )
    return proof.matched, proof.total, proof.count_bound, proof.score_bound


@pytest.mark.parametrize("hundred", range(6))
def test_nobody_finds_a_better_one_by_trying_all(hundred: int) -> None:
    for seed in range(100 * hundred, 100 * hundred + 100):
        case = random_case(seed)
        count, total = best_by_trying_all(*(part.tolist() for part in case))
        assert proof_of(*case, best_assignment(*case)) == (count, total, count, total), seed


@pytest.mark.parametrize(
    ("rows", "columns", "density", "highest", "most_places"),
    [
        (60, 60, 0.1, 1000, 1),
        (60, 40, 0.3, 1000, 3),
        (40, 60, 0.3, 3, 3),
        (50, 50, 1.0, 1, 1),
        (80, 80, 0.03, 50, 2),
    ],
)
def test_larger_graphs_prove_themselves(
    rows: int, columns: int, density: float, highest: int, most_places: int
) -> None:
    rng = np.random.default_rng(rows * columns)
    score = rng.integers(0, highest + 1, (rows, columns))
    feasible = rng.random((rows, columns)) < density
    places = rng.integers(1, most_places + 1, rows), rng.integers(1, most_places + 1, columns)
    matched, total, count_bound, score_bound = proof_of(
        score, feasible, *places, best_assignment(score, feasible, *places)
    )
    assert (matched, total) == (count_bound, score_bound)


def test_products_of_ranks_the_worst_case_for_shortest_paths() -> None:
    score = np.multiply.outer(np.arange(60), np.arange(60))
    places = np.ones(60, dtype=np.int64)
    found = best_assignment(score, np.ones((60, 60), dtype=bool), places, places)
    assert found.rows.tolist() == found.columns.tolist() == list(range(60))


def test_one_pair_more_beats_any_score() -> None:
    score = np.array([[1_000_000, 1], [1, 0]])
    feasible = np.array([[True, True], [True, False]])
    found = best_assignment(score, feasible, np.ones(2, np.int64), np.ones(2, np.int64))
    assert {*zip(found.rows.tolist(), found.columns.tolist(), strict=True)} == {(0, 1), (1, 0)}


def test_three_who_fit_nobody_but_the_same_one() -> None:
    """The third cannot pay the price any more and is not searched for."""
    score = np.array([[9, 0, 0, 0], [8, 0, 0, 0], [7, 0, 0, 0], [1, 2, 3, 4]])
    feasible = score > 0
    ones = np.ones(4, dtype=np.int64)
    assert proof_of(score, feasible, ones, ones, best_assignment(score, feasible, ones, ones)) == (
        2,
        13,
        2,
        13,
    )


def test_who_needs_two_gets_two_different_ones() -> None:
    score = np.array([[9, 1]])
    found = best_assignment(score, np.ones((1, 2), dtype=bool), np.array([2]), np.array([2, 2]))
    assert found.columns.tolist() == [0, 1]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (2, 2)])
def test_nothing_fits(shape: tuple[int, int]) -> None:
    places = np.ones(shape[0], dtype=np.int64), np.ones(shape[1], dtype=np.int64)
    case = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=bool), *places
    assert proof_of(*case, best_assignment(*case)) == (0, 0, 0, 0)


def test_numbers_too_large_to_stay_exact_are_refused() -> None:
    score = np.array([[0, 1 << 57]])
    with pytest.raises(RoundTooLarge):
        best_assignment(score, np.ones((1, 2), dtype=bool), np.ones(1, np.int64), np.ones(2, int))


def test_large_numbers_below_that_stay_exact() -> None:
    rng = np.random.default_rng(4)
    score = rng.integers(0, 1 << 50, (5, 5))
    places = np.array([1, 2, 1, 1, 1])
    case = score, rng.random((5, 5)) < 0.8, places, places[::-1]
    count, total = best_by_trying_all(*(part.tolist() for part in case))
    assert proof_of(*case, best_assignment(*case)) == (count, total, count, total)


def test_progress_counts_up_to_all_places() -> None:
    told: list[tuple[int, int]] = []
    ones = np.ones(120, dtype=np.int64)
    best_assignment(
        np.zeros((120, 120), np.int64),
        np.ones((120, 120), dtype=bool),
        ones,
        ones,
        report=lambda done, total: told.append((done, total)),
    )
    assert told == [(0, 120), (50, 120), (100, 120), (120, 120)]
