"""Listing only the best of each mentee loses nobody: what pays is added until nothing does."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from patenwerk.matching.kernel import extend, pairs
from patenwerk.matching.kernel.extend import score_bound, shares, solve_field
from patenwerk.matching.kernel.pairs import expected_pairs, field_of, find_pairs
from patenwerk.matching.kernel.progress import nobody_counts
from patenwerk.matching.kernel.scan import Asking, Field, Lists, Paying, merge_lists
from patenwerk.matching.kernel.solver import Solution
from patenwerk.matching.kernel.ties import tie_of
from tests.matching.kernel.profiles import everything
from tests.matching.kernel.test_pairs import random_pool


def pairs_of(found: Solution) -> list[tuple[int, int]]:
    return list(zip(found.rows.tolist(), found.columns.tolist(), strict=True))


def random_field(seed: int, size: int = 60) -> Field:
    pool = random_pool(seed, size, choosy=0.05)
    return field_of(pool.mentee_crowd, pool.mentor_crowd, pool.vectors, pool.tables)


def scanned_for(field: Field, wanted: NDArray[np.bool_]) -> list[Paying]:
    """What pays for ``wanted`` mentees (bool) where nobody has anybody and all mentors are free."""
    none = np.zeros(len(wanted) + 1, dtype=np.int64)
    prices = np.zeros(len(field.mentors.identity), dtype=np.int64)
    asking = Asking(prices, none[1:], wanted.astype(np.int64), none, none)
    return extend._against_prices(field, asking, 1, 0, 32, nobody_counts)


@pytest.mark.parametrize("listed", [0, 150])
@pytest.mark.parametrize("least", [1, 2, 5])
@pytest.mark.parametrize("seed", range(8))
def test_the_same_round_whatever_is_listed_first(
    seed: int, least: int, listed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when so few are added at a time that it takes several goes: nobody needs four; and
    where some have longer lists than others.
    """
    monkeypatch.setattr(extend, "IS_COMPILED", True)
    monkeypatch.setattr(extend, "ADDED", 4)
    field = random_field(seed)
    whole = solve_field(field)
    cut = solve_field(field, listed=listed, least=least, close=0)
    assert pairs_of(cut) == pairs_of(whole) != []


def test_two_thirds_of_what_is_listed_are_everybodys_the_rest_is_for_who_has_much() -> None:
    assert shares(120_000_000, 760_000_000, 1_000_000, 32) == (80, 19)
    assert shares(120_000_000, 760_000_000, 10_000_000, 32) == (32, 19)
    assert shares(0, 500, 10, 1) == (1, 500)
    assert shares(600, 100, 10, 1) == (40, 1)


@pytest.mark.parametrize("seed", range(8))
def test_the_prices_bound_the_round_by_all_pairs(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extend, "IS_COMPILED", True)
    pool = random_pool(seed, 60, choosy=0.05)
    field = field_of(pool.mentee_crowd, pool.mentor_crowd, pool.vectors, pool.tables)
    scores = everything(pool).score
    for least in (1, 100):
        found = solve_field(field, listed=0, least=least, close=0)
        total = int(scores[found.rows, found.columns].sum())
        assert score_bound(field, found.certificate, len(found.rows)) == total


def test_pairs_are_expected_from_a_few_places() -> None:
    """So few places are one portion, which stands for thirty-two."""
    pool = random_pool(1)
    field = field_of(pool.mentee_crowd, pool.mentor_crowd, pool.vectors, pool.tables)
    assert expected_pairs(field) == 32 * int(everything(pool).feasible.sum())


@pytest.mark.parametrize("seed", range(8))
def test_close_is_close_and_nobody_is_missing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extend, "IS_COMPILED", True)
    pool = random_pool(seed, 60, choosy=0.05)
    field = field_of(pool.mentee_crowd, pool.mentor_crowd, pool.vectors, pool.tables)
    scores = everything(pool).score
    best = solve_field(field)
    found = solve_field(field, listed=0, least=1, close=0.05)
    total, most = (int(scores[one.rows, one.columns].sum()) for one in (found, best))
    assert len(found.rows) == len(best.rows)
    assert most * 0.95 <= total <= most
    assert score_bound(field, found.certificate, len(found.rows)) <= total * 1.05


def test_many_pairs_of_one_portion_find_room(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (extend, pairs):
        monkeypatch.setattr(module, "IS_COMPILED", True)
    pool = random_pool(4, 260, choosy=0)
    field = field_of(pool.mentee_crowd, pool.mentor_crowd, pool.vectors, pool.tables)
    listed = find_pairs(field)
    assert listed.feasible == int(everything(pool).feasible.sum()) > 1000
    found = scanned_for(field, np.ones(253, dtype=np.bool_))
    best = np.minimum(np.diff(listed.begin), extend.ADDED)
    assert np.concatenate([part.counts for part in found]).tolist() == best.tolist()


def test_close_enough_is_not_searched_any_further(monkeypatch: pytest.MonkeyPatch) -> None:
    """With so wide a limit some rounds end before the best one is found."""
    monkeypatch.setattr(extend, "IS_COMPILED", True)
    ended = []
    for seed in range(12):
        field = random_field(seed)
        found = solve_field(field, listed=0, least=3, close=10)
        ended.append(pairs_of(found) != pairs_of(solve_field(field)))
    assert any(ended)


def test_who_is_not_asked_adds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where others at the same place are."""
    monkeypatch.setattr(extend, "IS_COMPILED", True)
    field = random_field(3)
    size = len(field.mentees.identity)
    every_second = np.arange(size) % 2 == 0

    def beyond(wanted: NDArray[np.bool_]) -> tuple[int, list[int]]:
        found = scanned_for(field, wanted)
        counts = np.concatenate([part.counts for part in found])
        assert not counts[~wanted].any()
        return extend._sum_of(found), counts.tolist()

    some, others = beyond(every_second), beyond(~every_second)
    everybody = beyond(np.ones(size, dtype=np.bool_))
    assert min(some[0], others[0]) > 0
    assert some[0] + others[0] == everybody[0]
    assert [one + other for one, other in zip(some[1], others[1], strict=True)] == everybody[1]


def test_lists_are_merged_by_score_then_tie_and_a_pair_in_both_stands_once() -> None:
    identity, identities = np.array([7], dtype=np.uint64), np.arange(20, 26, dtype=np.uint64)
    with np.errstate(over="ignore"):
        ties = {other: int(tie_of(identity[0], identities[other])) for other in range(6)}

    def listed(*pairs: tuple[int, int]) -> Lists:
        ranked = sorted(pairs, key=lambda pair: (-pair[1], -ties[pair[0]]))
        return Lists(
            np.array([0, len(ranked)]),
            np.array([other for other, _score in ranked], dtype=np.int32),
            np.array([score for _other, score in ranked], dtype=np.int32),
        )

    one, other = listed((0, 9), (1, 5), (2, 5), (3, 1)), listed((1, 5), (4, 5), (5, 9))
    merged = Lists(np.zeros(2, dtype=np.int64), *(np.empty(7, dtype=np.int32) for _ in range(2)))
    with np.errstate(over="ignore"):
        merge_lists(one, other, merged, identity, identities)
    size = int(merged.begin[-1])
    every = listed((0, 9), (1, 5), (2, 5), (3, 1), (4, 5), (5, 9))
    assert list(merged.other[:size]) == list(every.other)
    assert list(merged.score[:size]) == list(every.score)
