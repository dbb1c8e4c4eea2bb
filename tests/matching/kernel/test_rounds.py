"""Whole rounds: the best pairs whatever the order of rows, with reasons and everyone left over."""

from __future__ import annotations

import random
from typing import Any

import pytest

from patenwerk.matching.kernel.codes import Limit, Part, Step, Why
from patenwerk.matching.kernel.rounds import (
    RoundCancelled,
    RoundResult,
    UnfitProfile,
    match_round,
)
from patenwerk.matching.kernel.settings import Limits, Weights
from patenwerk.people.enums import Side
from patenwerk.people.kernel.profile import Profile
from tests.matching.kernel import reference
from tests.matching.kernel.profiles import ON, PLACES, crowd, mentee, mentor


def matched(mentors: list[Profile], mentees: list[Profile], **kwargs: Any) -> RoundResult:
    return match_round(mentors, mentees, on=ON, locate=PLACES, **kwargs)


@pytest.mark.parametrize("seed", range(60))
def test_a_small_round_is_the_best_of_all(seed: int) -> None:
    rng = random.Random(seed)
    mentors = crowd(rng, Side.MENTOR, rng.randint(1, 5), choosy=0.05)
    mentees = crowd(rng, Side.MENTEE, rng.randint(1, 5), choosy=0.05)
    weights, limits = Weights(), Limits(same_network=False)
    best = reference.best_by_trying_all(
        [[reference.score(m, e, ON, PLACES.get, weights) for m in mentors] for e in mentees],
        [[not reference.broken(m, e, ON, PLACES.get, limits) for m in mentors] for e in mentees],
        [e.open_places for e in mentees],
        [m.open_places for m in mentors],
    )
    found = matched(mentors, mentees, limits=limits)
    assert (found.matched, found.total) == best
    assert (found.count_bound, found.bound) == best
    assert (found.missing, found.gap) == (0, 0.0)
    everyone = {m.id: m for m in mentors} | {e.id: e for e in mentees}
    for pair in found.pairs:
        assert pair.score == sum(reason.points for reason in pair.reasons)
        two = everyone[pair.mentor], everyone[pair.mentee]
        assert reference.broken(*two, ON, PLACES.get, limits) == set()
    alone = {p.id for p in everyone.values() if p.open_places} - {
        one for pair in found.pairs for one in (pair.mentor, pair.mentee)
    }
    assert {left.id for left in found.unmatched} == alone


@pytest.mark.parametrize("seed", range(5))
def test_any_order_of_rows_gives_the_same_round(seed: int) -> None:
    """Twins in everything but the id make many rounds equally good: one must always win."""
    rng = random.Random(seed)
    mentors = [mentor(f"m{n}", postcode=rng.choice(["10115", "10999"])) for n in range(12)]
    mentees = [mentee(f"e{n}", open_places=rng.randint(1, 2)) for n in range(12)]
    mentors += crowd(rng, Side.MENTOR, 15)
    mentees += crowd(rng, Side.MENTEE, 15)
    first = matched(mentors, mentees)
    assert first.pairs
    for _ in range(4):
        rng.shuffle(mentors)
        rng.shuffle(mentees)
        assert matched(mentors, mentees) == first


def test_the_order_is_by_score_and_by_waiting() -> None:
    found = matched(
        [mentor("near"), mentor("far", postcode="10999"), mentor("early", free_times=0)],
        [
            mentee("a", waiting_since=ON),
            mentee("b"),
            mentee("young", free_times=1 << 9, waiting_since=ON),
            mentee("old", free_times=1 << 9),
        ],
    )
    assert [pair.score for pair in found.pairs] == sorted(
        (pair.score for pair in found.pairs), reverse=True
    )
    assert {pair.mentee for pair in found.pairs} == {"a", "b"}
    assert [(left.side, left.id) for left in found.unmatched] == [
        (Side.MENTEE, "old"),
        (Side.MENTEE, "young"),
        (Side.MENTOR, "early"),
    ]
    assert found.considered == 4


def test_who_waits_longer_gets_the_only_place() -> None:
    found = matched([mentor()], [mentee("late", waiting_since=ON), mentee("early")])
    assert [pair.mentee for pair in found.pairs] == ["early"]
    (left,) = found.unmatched
    assert (left.id, left.why, left.limits, left.feasible) == ("late", Why.ALL_TAKEN, (), 1)


def test_more_people_come_before_a_better_score() -> None:
    found = matched(
        [mentor("near"), mentor("far", postcode="14467", furthest_km=60)],
        [mentee("stays"), mentee("goes", furthest_km=60)],
        weights=Weights(distance=100),
    )
    assert {(pair.mentor, pair.mentee) for pair in found.pairs} == {
        ("near", "stays"),
        ("far", "goes"),
    }


def test_weights_decide_between_equally_many() -> None:
    mentors = [mentor("near"), mentor("kindred", postcode="10999", dislikes=frozenset({"noise"}))]
    mentees = [mentee(dislikes=frozenset({"noise"}))]
    near = matched(mentors, mentees, weights=Weights(dislikes=0))
    kindred = matched(mentors, mentees, weights=Weights(distance=0))
    assert [pair.mentor for pair in near.pairs] == ["near"]
    assert [pair.mentor for pair in kindred.pairs] == ["kindred"]


def test_people_without_open_places_are_neither_paired_nor_left_over() -> None:
    found = matched([mentor(open_places=0)], [mentee("a"), mentee("full", open_places=0)])
    assert found.pairs == ()
    assert [(left.id, left.limits) for left in found.unmatched] == [("a", (Limit.MENTOR_FULL,))]


@pytest.mark.parametrize("sides", [([], []), ([mentor()], []), ([], [mentee()])])
def test_an_empty_side(sides: tuple[list[Profile], list[Profile]]) -> None:
    found = matched(*sides)
    assert (found.pairs, found.matched, found.total, found.missing, found.gap) == ((), 0, 0, 0, 0.0)
    assert [left.why for left in found.unmatched] == [Why.NOBODY_THERE] * len(sides[0] + sides[1])


def test_one_day_more_of_waiting_decides_between_twins() -> None:
    twins = [mentee("a"), mentee("b")]
    (winner,) = (pair.mentee for pair in matched([mentor()], twins).pairs)
    (loser,) = {"a", "b"} - {winner}
    since = mentee().waiting_since
    longer = mentee(
        loser, waiting_since=since.replace(day=since.day).fromordinal(since.toordinal() - 1)
    )
    again = matched([mentor()], [mentee(winner), longer], weights=Weights(waiting=1))
    assert [pair.mentee for pair in again.pairs] == [loser]


@pytest.mark.parametrize(
    ("mentors", "mentees", "side", "person", "problem"),
    [
        ([mentor("x"), mentor("x")], [], Side.MENTOR, "x", "duplicate_id"),
        ([], [mentee("x"), mentee("y"), mentee("x")], Side.MENTEE, "x", "duplicate_id"),
        ([mentee("x")], [], Side.MENTOR, "x", "wrong_side"),
        ([], [mentor("x")], Side.MENTEE, "x", "wrong_side"),
        ([mentor("x", open_places=-1)], [], Side.MENTOR, "x", "negative_places"),
        ([], [mentee("x", furthest_km=-1)], Side.MENTEE, "x", "negative_distance"),
    ],
)
def test_people_who_cannot_be_matched_are_refused(
    mentors: list[Profile], mentees: list[Profile], side: Side, person: str, problem: str
) -> None:
    with pytest.raises(UnfitProfile) as refused:
        matched(mentors, mentees)
    assert (refused.value.side, refused.value.id, refused.value.problem) == (side, person, problem)
    assert problem in str(refused.value)


def test_the_same_id_on_both_sides_are_two_people() -> None:
    assert matched([mentor("x")], [mentee("x")]).matched == 1


def test_progress_tells_every_step() -> None:
    told: list[tuple[Step, int, int]] = []
    matched([mentor()], [mentee()], progress=lambda *step: told.append(step))
    assert [step for step, done, total in told if done == total] == list(Step)


@pytest.mark.parametrize("at", list(Step))
def test_a_round_can_be_stopped_at_every_step(at: Step) -> None:
    def stop(step: Step, done: int, total: int) -> None:
        if step is at:
            raise RoundCancelled

    with pytest.raises(RoundCancelled):
        matched([mentor()], [mentee()], progress=stop)


def test_no_part_speaks_of_success() -> None:
    words = [*Part, *Limit, *Why, *Step]
    assert not [word for word in words if "success" in word or "percent" in word]
