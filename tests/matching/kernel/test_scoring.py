"""The score against the slow reference, and what it promises."""

from __future__ import annotations

import random
from dataclasses import fields
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patenwerk.matching.kernel.codes import Part
from patenwerk.matching.kernel.pairs import keeps_rest
from patenwerk.matching.kernel.reasons import reasons_of
from patenwerk.matching.kernel.rounds import build_pool
from patenwerk.matching.kernel.settings import Limits, Weights
from patenwerk.people.enums import Level, Side
from tests.matching.kernel import reference
from tests.matching.kernel.profiles import FIRST, ON, PLACES, crowd, everything, mentee, mentor


def score(of_mentor: Any, of_mentee: Any, weights: Weights | None = None) -> int:
    pool = build_pool(
        [of_mentor],
        [of_mentee],
        on=ON,
        locate=PLACES,
        weights=weights or Weights(),
        limits=Limits(),
    )
    return int(pool.look(FIRST, FIRST).score[0])


@pytest.mark.parametrize("seed", range(8))
def test_random_crowds_agree_with_the_reference(seed: int) -> None:
    rng = random.Random(seed)
    weights = Weights(**{part.value: rng.randint(1, 100) for part in Part})
    pool = build_pool(
        crowd(rng, Side.MENTOR, 20),
        crowd(rng, Side.MENTEE, 25),
        on=ON,
        locate=PLACES,
        weights=weights,
        limits=Limits(),
    )
    score = everything(pool).score
    for row, one in enumerate(pool.mentees):
        for column, other in enumerate(pool.mentors):
            found = int(score[row, column])
            assert found == reference.score(other, one, ON, PLACES.get, weights)
            reasons = reasons_of(pool, np.array([row]), np.array([column]))[0]
            assert [reason.code for reason in reasons] == list(Part)
            assert sum(reason.points for reason in reasons) == found


def test_every_weight_is_named_as_its_part() -> None:
    assert [weight.name for weight in fields(Weights)] == list(Part)


@pytest.mark.parametrize("part", list(Part))
def test_a_part_without_weight_adds_nothing(part: Part) -> None:
    rich = {
        "fields": frozenset({"school"}),
        "interests": frozenset({"chess"}),
        "dislikes": frozenset({"noise"}),
        "expected_months": 6,
    }
    pair = mentor(**rich), mentee(**rich)
    lowest = 1 if part is Part.WAITING else 0
    step = score(*pair, Weights(**{part.value: lowest + 1})) - score(
        *pair, Weights(**{part.value: lowest})
    )
    assert step == reference.points(*pair, ON, PLACES.get)[part] > 0


@given(
    days=st.integers(0, 20_000),
    side=st.sampled_from(Side),
    weight=st.integers(1, 100),
)
def test_one_more_day_of_waiting_always_raises_the_score(
    days: int, side: Side, weight: int
) -> None:
    since = ON - timedelta(days=days)

    def waited(since: Any) -> int:
        pair = (
            (mentor(waiting_since=since), mentee())
            if side is Side.MENTOR
            else (mentor(), mentee(waiting_since=since))
        )
        return score(*pair, Weights(waiting=weight))

    assert waited(since - timedelta(days=1)) > waited(since)


def test_who_begins_to_wait_later_has_not_waited() -> None:
    later = mentee(waiting_since=ON + timedelta(days=9))
    assert score(mentor(), later) == score(mentor(), mentee(waiting_since=ON))


def test_shared_dislikes_count_more_than_shared_interests() -> None:
    word = frozenset({"football"})
    plain = score(mentor(), mentee())
    interests = score(mentor(interests=word), mentee(interests=word))
    dislikes = score(mentor(dislikes=word), mentee(dislikes=word))
    assert plain < interests < dislikes


def test_nearer_is_better_at_every_distance() -> None:
    scores = [score(mentor(), mentee(postcode=code)) for code in PLACES]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_the_values_behind_the_reasons() -> None:
    one = mentee(
        languages={"de": Level.B1, "ar": Level.NATIVE, "en": Level.A2, "uk": Level.B1},
        fields=frozenset({"school", "work"}),
        interests=frozenset({"chess", "music"}),
        dislikes=frozenset({"noise"}),
        expected_months=6,
    )
    other = mentor(
        postcode="10999",
        languages={"de": Level.NATIVE, "en": Level.C1, "uk": Level.C2, "ar": Level.B2},
        fields=frozenset({"work", "school", "home"}),
        interests=frozenset({"music", "chess"}),
        dislikes=frozenset({"noise", "rain"}),
    )
    pool = build_pool([other], [one], on=ON, locate=PLACES, weights=Weights(), limits=Limits())
    assert {reason.code: reason.value for reason in reasons_of(pool, FIRST, FIRST)[0]} == {
        Part.DISTANCE: 4.3,
        Part.LANGUAGES: (("ar", Level.B2), ("de", Level.B1), ("uk", Level.B1)),
        Part.FREE_TIME: (1, 2),
        Part.FIELDS: ("school", "work"),
        Part.INTERESTS: ("chess", "music"),
        Part.DISLIKES: ("noise",),
        Part.EXPECTED_LENGTH: (None, 6),
        Part.WAITING: (59, 28),
    }


def test_an_unknown_distance_has_no_value() -> None:
    pool = build_pool(
        [mentor(postcode="99999")],
        [mentee()],
        on=ON,
        locate=PLACES,
        weights=Weights(),
        limits=Limits(),
    )
    distance = reasons_of(pool, FIRST, FIRST)[0][0]
    assert (distance.value, distance.points) == (None, 0)


def test_more_languages_and_interests_than_one_number_holds() -> None:
    """Words are bits of numbers of 64; what stands in the second number counts as in the first."""
    many = range(70)
    pool = build_pool(
        [
            mentor(f"v{n}", languages={f"l{n}": Level.NATIVE}, interests=frozenset({f"w{n}"}))
            for n in many
        ],
        [
            mentee(f"k{n}", languages={f"l{n}": Level.NATIVE}, interests=frozenset({f"w{n}"}))
            for n in many
        ],
        on=ON,
        locate=PLACES,
        weights=Weights(),
        limits=Limits(),
    )
    look = everything(pool)
    same = np.array(
        [[one.id[1:] == other.id[1:] for other in pool.mentors] for one in pool.mentees]
    )
    assert (look.feasible == same).all()
    assert (look.levels == np.where(same, Level.NATIVE, 0)).all()
    shared = look.points[Part.INTERESTS] > 0
    assert (shared == same).all()
    rows, columns = (axis.ravel() for axis in np.indices(same.shape))
    kept = keeps_rest(pool.mentee_crowd, pool.mentor_crowd, rows, columns)
    assert (kept == same.ravel()).all()
