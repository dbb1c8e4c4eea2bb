"""The verifier refuses broken pairs, and its bounds hold whatever prices it is given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from patenwerk.matching.kernel.verifier import BrokenAssignment, verify
from tests.matching.kernel.reference import best_by_trying_all
from tests.matching.kernel.test_assignment import random_case


def given(**changes: Any) -> dict[str, Any]:
    """Two by two, everything fits but (1, 1); the pairs (0, 1) and (1, 0) are the best."""
    plain: dict[str, Any] = {
        "score": np.array([[10, 4], [5, 100]]),
        "feasible": np.array([[True, True], [True, False]]),
        "row_places": np.array([1, 1]),
        "column_places": np.array([1, 1]),
        "rows": np.array([0, 1]),
        "columns": np.array([1, 0]),
        "row_prices": np.array([0, 0]),
        "column_prices": np.array([0, 0]),
        "pair_bonus": 0,
    }
    return plain | changes


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"rows": np.array([0])}, "unequal_lengths"),
        ({"columns": np.array([0, 1])}, "infeasible_pair"),
        ({"rows": np.array([0, 0]), "columns": np.array([1, 1])}, "pair_twice"),
        (
            {"rows": np.array([0, 0]), "columns": np.array([1, 1]), "row_places": np.array([2, 2])},
            "pair_twice",
        ),
        ({"rows": np.array([0, 0]), "columns": np.array([0, 1])}, "too_many_partners"),
        ({"rows": np.array([0, 1]), "columns": np.array([0, 0])}, "too_many_partners"),
        ({"row_prices": np.array([-1, 0])}, "negative_price"),
        ({"column_prices": np.array([0, -1])}, "negative_price"),
    ],
)
def test_broken_assignments_are_refused(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(BrokenAssignment) as refused:
        verify(**given(**changes))
    assert refused.value.problem == problem


def test_good_prices_prove_the_optimum() -> None:
    proof = verify(
        **given(pair_bonus=20, row_prices=np.array([24, 19]), column_prices=[6, 0])
        | {"column_prices": np.array([6, 0])}
    )
    assert (proof.matched, proof.total) == (2, 9)
    assert (proof.count_bound, proof.score_bound) == (2, 9)


def test_a_smaller_set_of_pairs_shows_what_it_misses() -> None:
    proof = verify(**given(rows=np.array([0]), columns=np.array([0])))
    assert (proof.matched, proof.count_bound) == (1, 2)


def test_pairs_that_score_less_show_a_gap() -> None:
    score = np.array([[10, 4], [5, 3]])
    everyone = np.ones((2, 2), dtype=bool)
    prices = {"row_prices": np.array([10, 5]), "column_prices": np.array([0, 0])}
    proof = verify(**given(score=score, feasible=everyone, **prices))
    assert (proof.total, proof.score_bound) == (9, 15)


def test_the_bounds_hold_for_any_prices_and_any_pairs() -> None:
    for seed in range(300):
        rng = np.random.default_rng(seed)
        score, feasible, row_places, column_places = random_case(seed)
        count, total = best_by_trying_all(
            score.tolist(), feasible.tolist(), row_places.tolist(), column_places.tolist()
        )
        nothing = np.zeros(0, dtype=np.int64)
        bonus = int(rng.integers(-50, 2000))
        proof = verify(
            score=score,
            feasible=feasible,
            row_places=row_places,
            column_places=column_places,
            rows=nothing,
            columns=nothing,
            row_prices=rng.integers(0, 600, len(row_places)),
            column_prices=rng.integers(0, 600, len(column_places)),
            pair_bonus=bonus,
        )
        assert (proof.matched, proof.total) == (0, 0)
        assert proof.count_bound >= count, seed
        assert proof.score_bound - bonus * count >= total, seed
