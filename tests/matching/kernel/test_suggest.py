"""One person is answered from the columns: exactly who fits, the best first."""

from __future__ import annotations

import numpy as np
import pytest

from patenwerk.matching.kernel.codes import Broken
from patenwerk.matching.kernel.pairs import field_of, find_pairs
from patenwerk.matching.kernel.pool import other_side
from patenwerk.matching.kernel.scoring import tables_of
from patenwerk.matching.kernel.settings import Weights
from patenwerk.matching.kernel.suggest import Standing, one_of, without
from patenwerk.people.enums import Side
from tests.matching.kernel.profiles import everything
from tests.matching.kernel.test_pairs import random_pool, with_many_words


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


def test_languages_are_shared_however_many_there_are() -> None:
    """Also where somebody speaks what nobody of the others does."""
    pool = random_pool(8, 60, choosy=0)
    mentees = with_many_words(pool.mentee_crowd, 0)
    mentors = with_many_words(pool.mentor_crowd, 1)
    few = mentors.speaks.copy()
    few[:, :, 1:] = 0
    mentors = mentors._replace(speaks=few)
    tables = tables_of(Weights(), 4)
    pairs = find_pairs(field_of(mentees, mentors, pool.vectors, tables))
    assert pairs.feasible > 100
    standing = Standing.of(mentors, pool.vectors, tables)
    for number in range(len(mentees.identity)):
        listed = slice(*pairs.begin[number : number + 2].tolist())
        expected = dict(
            zip(pairs.other[listed].tolist(), pairs.score[listed].tolist(), strict=True)
        )
        apart = np.array(mentees.never_with[slice(*mentees.never[number : number + 2].tolist())])
        numbers, scores = standing.fitting(one_of(mentees, number), Side.MENTEE, apart)
        assert dict(zip(numbers.tolist(), scores.tolist(), strict=True)) == expected


def test_who_is_left_when_some_are_taken_out() -> None:
    pool = random_pool(3, 20)
    left = without(pool.mentor_crowd, np.array([0, 5]))
    kept = [at for at in range(20) if at not in {0, 5}]
    assert left.identity.tolist() == pool.mentor_crowd.identity[kept].tolist()
    standing = Standing.of(left, pool.vectors, pool.tables)
    numbers, _ = standing.fitting(one_of(pool.mentee_crowd, 0), Side.MENTEE)
    assert set(numbers.tolist()) <= set(range(18))
    assert np.array_equal(left.speaks, pool.mentor_crowd.speaks[kept])
