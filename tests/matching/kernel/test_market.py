"""Whoever comes or goes: the pairs stay the best there are, and the prices prove it."""

from __future__ import annotations

import numpy as np
import pytest

from patenwerk.matching.kernel import market as kernel
from patenwerk.matching.kernel import paths
from patenwerk.matching.kernel.market import Market, RoundTooLarge
from patenwerk.matching.kernel.pairs import listed_pairs
from patenwerk.matching.kernel.solver import Earlier, filled_market, resumed_market, solution_of
from patenwerk.people.enums import Side
from tests.matching.kernel.reference import best_by_trying_all
from tests.matching.kernel.test_solver import identities


class Life:
    """A table of who could ever fit whom, and who of them is there now."""

    def __init__(self, seed: int, size: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.score = self.rng.integers(0, self.rng.choice([3, 1000]), (size, size))
        self.feasible = self.rng.random((size, size)) < self.rng.choice([0.3, 0.7])
        self.places = {side: self.rng.integers(1, 3, size) for side in Side}
        self.identity = {
            Side.MENTEE: identities(size, seed),
            Side.MENTOR: identities(size, seed + 1),
        }
        self.there = {side: list(range(size // 2)) for side in Side}
        self.coming = {side: list(range(size // 2, size)) for side in Side}
        self.number = {side: {one: one for one in self.there[side]} for side in Side}
        self.market = self.opened()

    def opened(self, earlier: Earlier | None = None) -> Market:
        rows, columns = (self.there[side] for side in (Side.MENTEE, Side.MENTOR))
        at = np.nonzero(self.feasible[np.ix_(rows, columns)])
        pairs = listed_pairs(
            *at,
            self.score[np.ix_(rows, columns)][at].astype(np.int32),
            row_identity=self.identity[Side.MENTEE][rows],
            column_identity=self.identity[Side.MENTOR][columns],
        )
        places = [self.places[side][self.there[side]] for side in (Side.MENTEE, Side.MENTOR)]
        names = {
            "mentee_identity": self.identity[Side.MENTEE][rows],
            "mentor_identity": self.identity[Side.MENTOR][columns],
        }
        if earlier:
            market = resumed_market(pairs, *places, **names, earlier=earlier)
        else:
            market = filled_market(pairs, *places, **names, later=(0, 1000))
        assert market is not None
        return market

    def table(self, side: Side, array: np.ndarray) -> np.ndarray:
        return array if side is Side.MENTEE else array.T

    def arrive(self, side: Side) -> None:
        one = self.coming[side].pop()
        other_side = Side.MENTOR if side is Side.MENTEE else Side.MENTEE
        fits = self.table(side, self.feasible)[one]
        others = [other for other in self.there[other_side] if fits[other]]
        self.number[side][one] = self.market.arrive(
            side,
            np.array([self.number[other_side][other] for other in others], dtype=np.int64),
            self.table(side, self.score)[one][others].astype(np.int32),
            identity=int(self.identity[side][one]),
            places=int(self.places[side][one]),
        )
        self.there[side].append(one)

    def depart(self, side: Side) -> None:
        one = self.there[side].pop(int(self.rng.integers(len(self.there[side]))))
        self.market.depart(side, self.number[side].pop(one))

    def reached(self) -> tuple[int, int]:
        """(pairs, score) of the market, after its rules have been checked."""
        names = {side: {number: one for one, number in self.number[side].items()} for side in Side}
        pairs = [
            (names[Side.MENTEE][row], names[Side.MENTOR][column])
            for row, column in zip(*(part.tolist() for part in self.market.pairs()), strict=True)
        ]
        assert len(set(pairs)) == len(pairs)
        assert all(self.feasible[pair] for pair in pairs)
        for at, side in enumerate((Side.MENTEE, Side.MENTOR)):
            held = np.bincount([pair[at] for pair in pairs], minlength=len(self.places[side]))
            assert (held <= self.places[side]).all()
        return len(pairs), sum(int(self.score[pair]) for pair in pairs)

    def best(self) -> tuple[int, int]:
        rows, columns = (self.there[side] for side in (Side.MENTEE, Side.MENTOR))
        return best_by_trying_all(
            self.score[np.ix_(rows, columns)].tolist(),
            self.feasible[np.ix_(rows, columns)].tolist(),
            self.places[Side.MENTEE][rows].tolist(),
            self.places[Side.MENTOR][columns].tolist(),
        )


@pytest.mark.parametrize("spare", [0, 8])
@pytest.mark.parametrize("seed", range(60))
def test_the_best_after_every_coming_and_going(
    seed: int, spare: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where lists have no room for who comes, so that they have to move."""
    monkeypatch.setattr(kernel, "_SPARE", spare)
    monkeypatch.setattr(kernel, "_SPARE_PAIRS", spare)
    life = Life(seed, 8)
    for _ in range(12):
        side = list(Side)[int(life.rng.integers(2))]
        if life.coming[side] and life.rng.random() < 0.6:
            life.arrive(side)
        elif len(life.there[side]) > 1:
            life.depart(side)
        assert life.market.bound() == life.market.worth()
        count, total = life.best()
        life.market.make_complete()
        assert life.reached() == (count, total)
        assert life.market.bound() == life.market.worth()


@pytest.mark.parametrize("seed", range(60))
def test_an_earlier_round_is_taken_up_whatever_has_changed(seed: int) -> None:
    """Scores, fits and people of today are others: prices and pairs of yesterday only help."""
    life = Life(seed, 8)
    rows, columns = life.market.pairs()
    certificate = solution_of(life.market, life.market.mentors.places).certificate
    changed = life.rng.random(life.score.shape) < 0.3
    life.score = np.where(changed, life.rng.integers(0, 1000, life.score.shape), life.score)
    life.feasible = life.feasible ^ (life.rng.random(life.score.shape) < 0.15)
    life.feasible[0, 0] = True
    life.market = life.opened()
    fresh = life.reached()
    life.market = life.opened(Earlier(rows, columns, certificate))
    assert life.reached() == fresh == life.best()
    assert life.market.bound() == life.market.worth()


@pytest.mark.parametrize("score", [1 << 30, -(1 << 30)])
def test_a_score_beyond_the_scale_is_refused_and_changes_nothing(score: int) -> None:
    life = Life(1, 8)
    before = life.reached()
    with pytest.raises(RoundTooLarge):
        life.market.arrive(
            Side.MENTEE,
            np.array([0]),
            np.array([score], dtype=np.int32),
            identity=1,
            places=1,
        )
    assert life.reached() == before
    assert life.market.mentees.size == 4


def test_who_could_be_placed_only_at_a_price_without_room_is_told() -> None:
    life = Life(1, 8)
    life.market.room = 0
    for row in range(4):
        _alone(life.market, row)
    with pytest.raises(RoundTooLarge):
        life.market.make_complete()


def _alone(market: Market, row: int) -> None:
    """Take all partners from a mentee, so that one pair more is possible."""
    slots, partner = (market.mentees.arrays[name] for name in ("slots", "partner"))
    for other in [one for one in partner[slots[row] : slots[row + 1]].tolist() if one >= 0]:
        paths.part(row, other, market.mentees.half, market.mentors.half)


@pytest.mark.parametrize("by_loops", [True, False])
def test_lists_are_put_into_order_either_way(
    by_loops: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "IS_COMPILED", by_loops)
    begin, end = np.array([0, 5, 5]), np.array([3, 5, 9])
    other = np.arange(9, dtype=np.int32)
    value = np.array([2, 9, 5, 0, 0, 1, 7, 3, 4])
    kernel.sort_lists(begin, end, other, value)
    assert value.tolist() == [9, 5, 2, 0, 0, 7, 4, 3, 1]
    assert other.tolist() == [1, 2, 0, 3, 4, 6, 8, 7, 5]


@pytest.mark.parametrize("room", [16, 1 << 47])
def test_values_are_the_same_either_way(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where there is no bit left for ties, and for more rows than are done at a time."""
    monkeypatch.setattr(kernel, "_ROWS_AT_ONCE", 2)
    rng = np.random.default_rng(2)
    mentees, mentors = (rng.integers(0, 1 << 63, size, dtype=np.uint64) for size in (5, 4))
    rows, columns = (one.ravel() for one in np.indices((5, 4)))
    pairs = listed_pairs(
        rows,
        columns,
        rng.integers(0, 900, 20).astype(np.int32),
        row_identity=mentees,
        column_identity=mentors,
    )
    scale = kernel.scale_for(pairs.score, 4, room)
    assert (scale.tie_bits == 0) == (room > 16)
    found = []
    for by_loops in (True, False):
        monkeypatch.setattr(kernel, "IS_COMPILED", by_loops)
        found.append(kernel.values_of(pairs, mentees, mentors, scale).tolist())
    assert found[0] == found[1]
    assert [one >> scale.shift for one in found[0]] == [
        score + scale.bonus - scale.lowest for score in pairs.score.tolist()
    ]


def test_how_often_each_is_listed_is_counted_some_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kernel, "_COUNTED_AT_ONCE", 3)
    other = np.array([0, 2, 2, 4, 2, 0, 4], dtype=np.int32)
    assert kernel.times_listed(other, 6).tolist() == [2, 0, 3, 0, 2, 0]
