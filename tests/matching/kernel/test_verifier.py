"""The verifier refuses broken rounds, and its bounds hold whatever prices it is given."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from patenwerk.matching.kernel.pool import Pool, build_pool
from patenwerk.matching.kernel.settings import Limits, Weights
from patenwerk.matching.kernel.verifier import BrokenRound, Proof, verify
from patenwerk.people.enums import Side
from tests.matching.kernel import reference
from tests.matching.kernel.profiles import ON, PLACES, crowd, everything, mentee, mentor


def pool_of(mentors: Any, mentees: Any, limits: Limits | None = None) -> Pool:
    return build_pool(
        mentors,
        mentees,
        on=ON,
        locate=PLACES,
        weights=Weights(),
        limits=limits or Limits(),
    )


def checked(pool: Pool, pairs: list[tuple[str, str]], **changes: Any) -> Proof:
    """Pairs by the ids of mentee and mentor; no prices where nothing else is said."""
    row_of = {person.id: row for row, person in enumerate(pool.mentees)}
    column_of = {person.id: column for column, person in enumerate(pool.mentors)}
    given = {
        "rows": np.array([row_of[one] for one, _ in pairs], dtype=np.int64),
        "columns": np.array([column_of[one] for _, one in pairs], dtype=np.int64),
        "prices": np.zeros(len(pool.mentors), dtype=np.int64),
        "bonus": 0,
        "shift": 0,
    }
    return verify(
        pool.mentee_crowd, pool.mentor_crowd, pool.vectors, pool.tables, **(given | changes)
    )


TWO_BY_TWO = pool_of(
    [mentor("near"), mentor("far", postcode="10999"), mentor("silent", free_times=0)],
    [mentee("first"), mentee("picky", furthest_km=3)],
)
"""Everything fits but the far mentor for who does not go so far, and nobody fits the silent one."""


@pytest.mark.parametrize(
    ("pairs", "changes", "problem"),
    [
        ([("first", "near")], {"columns": np.array([0, 1])}, "unequal_lengths"),
        ([("picky", "far")], {}, "infeasible_pair"),
        ([("first", "near"), ("picky", "far")], {}, "infeasible_pair"),
        ([("first", "silent")], {}, "infeasible_pair"),
        ([("first", "near"), ("first", "near")], {}, "pair_twice"),
        ([("first", "near"), ("picky", "near")], {}, "too_many_partners"),
        ([("first", "near"), ("first", "far")], {}, "too_many_partners"),
        ([], {"prices": np.array([-1, 0, 0])}, "negative_price"),
    ],
)
def test_broken_rounds_are_refused(
    pairs: list[tuple[str, str]], changes: dict[str, Any], problem: str
) -> None:
    with pytest.raises(BrokenRound) as refused:
        checked(TWO_BY_TWO, pairs, **changes)
    assert refused.value.problem == problem


def test_no_pair_at_all_is_within_any_bound() -> None:
    proof = checked(TWO_BY_TWO, [])
    assert (proof.matched, proof.total, proof.count_bound, proof.missing) == (0, 0, 2, 2)
    assert (proof.considered, proof.gap) == (3, 0.0)


def test_good_prices_prove_the_best_round() -> None:
    scores = everything(TWO_BY_TWO).score
    near = int(np.flatnonzero([person.id == "near" for person in TWO_BY_TWO.mentors])[0])
    bonus = 1_000_000
    prices = np.zeros(3, dtype=np.int64)
    # Whoever gets the near one leaves the picky one alone: the price is what that is worth.
    prices[near] = bonus
    proof = checked(TWO_BY_TWO, [("picky", "near"), ("first", "far")], prices=prices, bonus=bonus)
    assert (proof.matched, proof.count_bound, proof.missing) == (2, 2, 0)
    assert proof.total == proof.score_bound
    assert proof.gap == 0
    assert proof.total < int(scores.sum())


def test_a_worse_round_has_a_gap() -> None:
    pool = pool_of([mentor("near"), mentor("far", postcode="10999")], [mentee()])
    best, worse = checked(pool, [("mentee", "near")]), checked(pool, [("mentee", "far")])
    assert (best.missing, best.gap) == (0, 0)
    assert (worse.missing, worse.score_bound) == (0, best.total)
    assert worse.gap == (best.total - worse.total) / worse.total > 0


@pytest.mark.parametrize("seed", range(40))
def test_no_prices_make_the_bound_false(seed: int) -> None:
    rng = random.Random(seed)
    limits = Limits(same_network=False)
    mentors = crowd(rng, Side.MENTOR, rng.randint(1, 5), choosy=0.05)
    mentees = crowd(rng, Side.MENTEE, rng.randint(1, 5), choosy=0.05)
    pool = pool_of(mentors, mentees, limits)
    best, total = reference.best_by_trying_all(
        [[reference.score(m, e, ON, PLACES.get, Weights()) for m in mentors] for e in mentees],
        [[not reference.broken(m, e, ON, PLACES.get, limits) for m in mentors] for e in mentees],
        [e.open_places for e in mentees],
        [m.open_places for m in mentors],
    )
    for _ in range(10):
        bonus, shift = rng.randint(0, 1 << 20), rng.randint(0, 12)
        prices = np.array([rng.randint(0, bonus << shift) for _ in mentors], dtype=np.int64)
        proof = checked(pool, [], prices=prices, bonus=bonus, shift=shift)
        assert proof.count_bound >= best
        # Without a pair of its own the bound stands for the worth of all: the bonus is in it.
        assert proof.score_bound >= total + best * bonus


@pytest.mark.parametrize("seed", range(6))
def test_every_feasible_pair_is_found(seed: int) -> None:
    rng = random.Random(seed)
    pool = pool_of(crowd(rng, Side.MENTOR, 40), crowd(rng, Side.MENTEE, 30))
    assert checked(pool, []).considered == int(everything(pool).feasible.sum())


def test_every_infeasible_pair_is_found_wherever_it_stands() -> None:
    rng = random.Random(3)
    pool = pool_of(crowd(rng, Side.MENTOR, 12), crowd(rng, Side.MENTEE, 12))
    broken = ~everything(pool).feasible
    assert broken.any()
    for row, column in np.argwhere(broken).tolist():
        with pytest.raises(BrokenRound) as refused:
            checked(pool, [(pool.mentees[row].id, pool.mentors[column].id)])
        assert refused.value.problem == "infeasible_pair"
