"""One person is answered from the columns: exactly who fits, the best first."""

from __future__ import annotations

import numpy as np
import pytest

from patenwerk.matching.kernel.codes import Broken
from patenwerk.matching.kernel.pool import other_side
from patenwerk.matching.kernel.suggest import Standing, one_of, without
from patenwerk.people.enums import Side
from tests.matching.kernel.profiles import everything
from tests.matching.kernel.test_pairs import random_pool


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("seed", range(8))
def test_everybody_who_fits_and_nobody_else(seed: int, side: Side) -> None:
    pool = random_pool(seed, 50, choosy=0.1)
    crowds = {Side.MENTEE: pool.mentee_crowd, Side.MENTOR: pool.mentor_crowd}
    look = everything(pool)
    apart_at_all = (look.broken & np.uint16(Broken.NEVER_AGAIN)) != 0
    feasible, score, never = (
        table if side is Side.MENTEE else table.T
        for table in (look.feasible, look.score, apart_at_all)
    )
    standing = Standing.of(crowds[other_side(side)], pool.vectors, pool.tables)
    for number in range(len(pool.people(side))):
        person = one_of(crowds[side], number)
        expected = {at: int(score[number, at]) for at in np.flatnonzero(feasible[number]).tolist()}
        apart = np.flatnonzero(never[number])
        numbers, scores = standing.fitting(person, side, apart)
        found = dict(zip(numbers.tolist(), scores.tolist(), strict=True))
        assert found == expected
        best = standing.best(person, side, 3, apart)
        assert [one for _, one in best] == sorted(found.values(), reverse=True)[:3]


def test_who_is_left_when_some_are_taken_out() -> None:
    pool = random_pool(3, 20)
    left = without(pool.mentor_crowd, np.array([0, 5]))
    kept = [at for at in range(20) if at not in {0, 5}]
    assert left.identity.tolist() == pool.mentor_crowd.identity[kept].tolist()
    standing = Standing.of(left, pool.vectors, pool.tables)
    numbers, _ = standing.fitting(one_of(pool.mentee_crowd, 0), Side.MENTEE)
    assert set(numbers.tolist()) <= set(range(18))
    assert np.array_equal(left.speaks, pool.mentor_crowd.speaks[kept])
