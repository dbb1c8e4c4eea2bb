"""The search for pairs finds exactly those who keep all limits, with loops and with arrays."""

from __future__ import annotations

import random

import numpy as np
import pytest

from patenwerk.matching.kernel import pairs as kernel
from patenwerk.matching.kernel import scan
from patenwerk.matching.kernel.crowd import Crowd
from patenwerk.matching.kernel.keys import TIME_BITS, common_of, keys_of
from patenwerk.matching.kernel.pairs import Pairs, field_of, find_pairs
from patenwerk.matching.kernel.pool import Pool, build_pool
from patenwerk.matching.kernel.progress import nobody_counts
from patenwerk.matching.kernel.scoring import tables_of
from patenwerk.matching.kernel.settings import Limits, Weights
from patenwerk.people.enums import Level, Side
from tests.matching.kernel.profiles import ON, PLACES, crowd, everything


def random_pool(seed: int, size: int = 40, *, choosy: float = 0.3) -> Pool:
    rng = random.Random(seed)
    return build_pool(
        crowd(rng, Side.MENTOR, size, choosy=choosy),
        crowd(rng, Side.MENTEE, size - 7, choosy=choosy),
        on=ON,
        locate=PLACES,
        weights=Weights(),
        limits=Limits(minimum_level=rng.choice(list(Level)[:4]), same_network=rng.random() < 0.5),
    )


def ways(pool: Pool, most: int = kernel.EVERYBODY, one_in: int = kernel.EVERYBODY) -> list[Pairs]:
    """The same search by loops and by arrays."""
    field = field_of(pool.mentee_crowd, pool.mentor_crowd, pool.vectors, pool.tables)
    return [
        kernel._joined(find(field, most, one_in, nobody_counts))
        for find in (kernel._compiled, kernel._interpreted)
    ]


@pytest.fixture(autouse=True)
def _a_place_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The few places of these people are shared out as those of a country are."""
    monkeypatch.setattr(kernel, "_PLACES_AT_ONCE", 1)


@pytest.mark.parametrize("seed", range(20))
def test_exactly_the_feasible_pairs_with_their_scores(seed: int) -> None:
    pool = random_pool(seed)
    look = everything(pool)
    expected = {
        (row, column): int(look.score[row, column])
        for row, column in np.argwhere(look.feasible).tolist()
    }
    for found in ways(pool):
        rows = np.repeat(np.arange(len(pool.mentees)), np.diff(found.begin)).tolist()
        listed = list(zip(rows, found.other.tolist(), strict=True))
        assert len(set(listed)) == len(listed) == found.feasible <= found.within
        assert dict(zip(listed, found.score.tolist(), strict=True)) == expected


@pytest.mark.parametrize("most", [1, 3, kernel.EVERYBODY])
@pytest.mark.parametrize("seed", range(4))
def test_loops_and_arrays_answer_alike(seed: int, most: int) -> None:
    one, other = ways(random_pool(seed, 60, choosy=0.05), most)
    for name in ("begin", "other", "score"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    assert (one.within, one.feasible) == (other.within, other.feasible)
    assert np.diff(one.begin).max() <= most
    for row in range(len(one.begin) - 1):
        scores = one.score[one.begin[row] : one.begin[row + 1]].tolist()
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(("most", "one_in"), [(1, 2), (2, 3), (0, 1)])
def test_who_has_much_to_choose_from_has_a_longer_list(most: int, one_in: int) -> None:
    pool = random_pool(2, 60, choosy=0.05)
    everybody, _ = ways(pool)
    counts = np.diff(everybody.begin)
    wanted = np.minimum(counts, most + counts // one_in)
    for found in ways(pool, most, one_in):
        assert np.diff(found.begin).tolist() == wanted.tolist()
        for row, begin in enumerate(everybody.begin[:-1].tolist()):
            best = everybody.other[begin : begin + wanted[row]]
            assert found.other[found.begin[row] : found.begin[row + 1]].tolist() == best.tolist()


def test_more_wishes_for_ages_than_bits_lose_nobody() -> None:
    """Then the numbers alone let some pass who break a wish; nobody who keeps all is lost."""
    pool = random_pool(5, 200, choosy=0.9)
    mentees, mentors = keys_of(pool.mentee_crowd, pool.mentor_crowd)
    alike = (mentees[:, None] & mentors[None, :]) == 0
    feasible = everything(pool).feasible
    assert feasible.any()
    assert alike[feasible].all()
    for found in ways(pool):
        assert found.feasible == int(feasible.sum())


def test_ages_that_the_numbers_let_pass_are_compared_last() -> None:
    pool = random_pool(5, 200, choosy=0.9)
    mentees, mentors = (
        people._replace(speaks=np.full_like(people.speaks, 1))  # so that it is ages alone
        for people in (pool.mentee_crowd, pool.mentor_crowd)
    )
    mentee_keys, mentor_keys = keys_of(mentees, mentors)
    rows, columns = np.nonzero((mentee_keys[:, None] & mentor_keys[None, :]) == 0)
    ages, wished = mentors.age[columns], mentees.wishes_age[rows]
    too_old = wished & (ages > mentees.oldest[rows])
    assert too_old.any()
    field = field_of(mentees, mentors, pool.vectors, pool.tables)
    for find in (kernel._compiled, kernel._interpreted):
        found = kernel._joined(find(field, kernel.EVERYBODY, kernel.EVERYBODY, nobody_counts))
        pairs = set(zip(np.repeat(np.arange(193), np.diff(found.begin)), found.other, strict=True))
        assert pairs
        assert not pairs & set(zip(rows[too_old], columns[too_old], strict=True))


def test_more_networks_than_bits_let_nobody_meet_who_may_not() -> None:
    """Some networks share a bit then; the very network is compared last."""
    pool = random_pool(3, 120, choosy=0)
    rng = np.random.default_rng(1)
    mentees, mentors = (
        people._replace(
            network=rng.choice([0, 1, 42, 43], len(people.network)).astype(np.int32),
            beyond=rng.random(len(people.network)) < 0.3,
        )
        for people in (pool.mentee_crowd, pool.mentor_crowd)
    )
    ours = common_of(mentees)[:, None] & common_of(mentors)[None, :] & ~TIME_BITS
    may = mentees.network[:, None] == mentors.network[None, :]
    may |= mentees.beyond[:, None] & mentors.beyond[None, :]
    assert (ours != 0)[may].all()
    assert ((ours != 0) & ~may).any()
    field = field_of(mentees, mentors, pool.vectors, pool.tables)
    for find in (kernel._compiled, kernel._interpreted):
        found = kernel._joined(find(field, kernel.EVERYBODY, kernel.EVERYBODY, nobody_counts))
        rows = np.repeat(np.arange(len(may)), np.diff(found.begin))
        assert len(rows) > 100
        assert may[rows, found.other].all()
        assert not mentees.beyond[rows].all()


def with_many_words(people: Crowd, seed: int) -> Crowd:
    """The same people with some of 130 languages, and more words than one number has bits."""
    rng = np.random.default_rng(seed)
    size, levels, _ = people.speaks.shape
    level = rng.integers(0, levels, (size, 130)) * (rng.random((size, 130)) < 0.25)
    padded = np.zeros((size, levels, 192), dtype=np.bool_)
    padded[:, :, :130] = level[:, None, :] >= np.maximum(1, np.arange(levels))[None, :, None]
    speaks = np.packbits(padded, axis=2, bitorder="little").view(np.uint64)
    words = {
        name: rng.integers(0, 1 << 63, (size, 2), dtype=np.uint64)
        for name in ("fields", "interests", "dislikes")
    }
    words["fields"] &= np.uint64(0x101)
    return people._replace(speaks=speaks, asked=np.full(size, 4, dtype=np.int32), **words)


def test_more_languages_and_words_than_one_number_holds() -> None:
    pool = random_pool(8, 60, choosy=0)
    mentees, mentors = (
        with_many_words(people, seed)
        for seed, people in enumerate((pool.mentee_crowd, pool.mentor_crowd))
    )
    field = field_of(mentees, mentors, pool.vectors, tables_of(Weights(), 4))
    assert field.mentee_levels.shape[1] == 9
    one, other = (
        kernel._joined(find(field, kernel.EVERYBODY, kernel.EVERYBODY, nobody_counts))
        for find in (kernel._compiled, kernel._interpreted)
    )
    assert 100 < one.feasible < one.within
    for name in ("begin", "other", "score"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_a_square_of_bits_is_turned() -> None:
    rng = np.random.default_rng(5)
    words = rng.integers(0, 1 << 64, 192, dtype=np.uint64)
    turned = words.copy()
    scan.turn(turned, 64)
    assert turned[:64].tolist() == words[:64].tolist()
    assert turned[128:].tolist() == words[128:].tolist()
    places = np.arange(64, dtype=np.uint64)
    before, after = ((one[64:128, None] >> places) & np.uint64(1) for one in (words, turned))
    assert (after == before.T).all()


def test_no_words_and_no_people() -> None:
    empty = build_pool([], [], on=ON, locate=PLACES, weights=Weights(), limits=Limits())
    found = find_pairs(
        field_of(empty.mentee_crowd, empty.mentor_crowd, empty.vectors, empty.tables)
    )
    assert (found.begin.tolist(), found.feasible) == ([0], 0)


def test_the_search_can_be_stopped() -> None:
    pool = random_pool(1)
    field = field_of(pool.mentee_crowd, pool.mentor_crowd, pool.vectors, pool.tables)

    class StoppedError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise StoppedError

    for find in (kernel._compiled, kernel._interpreted):
        with pytest.raises(StoppedError):
            list(find(field, 3, kernel.EVERYBODY, stop))
