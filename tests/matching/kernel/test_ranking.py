"""Who fits one person: exactly those who keep all limits, the best first, the busy ones marked."""

from __future__ import annotations

import random
from typing import Any

import pytest

from patenwerk.matching.kernel.codes import Limit, Part, Why
from patenwerk.matching.kernel.rounds import Ranking, UnfitProfile, rank_partners
from patenwerk.matching.kernel.settings import Limits, Weights
from patenwerk.people.enums import Side
from tests.matching.kernel import reference
from tests.matching.kernel.profiles import ON, PLACES, crowd, mentee, mentor

FULL = {Limit.MENTOR_FULL, Limit.MENTEE_FULL}


def ranked(*args: Any, **kwargs: Any) -> Ranking:
    return rank_partners(*args, on=ON, locate=PLACES, **kwargs)


def test_the_best_comes_first_and_the_busy_are_marked() -> None:
    partners = [
        mentor("near", open_places=0),
        mentor("far", postcode="12043"),
        mentor("middle", postcode="10999"),
        mentor("silent", free_times=0),
    ]
    found = ranked(mentee(), partners, taken={"far"})
    assert [(one.id, one.busy) for one in found.partners] == [
        ("near", True),
        ("middle", False),
        ("far", True),
    ]
    assert (found.found, found.free, found.left_over) == (3, 1, None)
    assert [one.reasons[0].value for one in found.partners] == [0.0, 4.3, 6.8]


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("seed", range(6))
def test_random_crowds_agree_with_the_reference(seed: int, side: Side) -> None:
    rng = random.Random(seed)
    weights, limits = Weights(waiting=30), Limits(same_network=False)
    person = crowd(rng, side, 1)[0]
    other = Side.MENTOR if side is Side.MENTEE else Side.MENTEE
    partners = crowd(rng, other, 60, choosy=0.1)
    expected = {}
    for one in partners:
        pair = (one, person) if side is Side.MENTEE else (person, one)
        if reference.broken(*pair, ON, PLACES.get, limits) <= FULL:
            expected[one.id] = (
                reference.score(*pair, ON, PLACES.get, weights),
                one.open_places == 0,
            )
    found = ranked(person, partners, weights=weights, limits=limits)
    assert {one.id: (one.score, one.busy) for one in found.partners} == expected
    scores = [one.score for one in found.partners]
    assert scores == sorted(scores, reverse=True)
    assert found.free == sum(not busy for _, busy in expected.values())
    assert (found.left_over is None) == (found.free > 0)
    rng.shuffle(partners)
    assert ranked(person, partners, weights=weights, limits=limits) == found


def test_ones_own_places_do_not_matter_for_the_list() -> None:
    found = ranked(mentee(open_places=0), [mentor()])
    assert [(one.id, one.busy) for one in found.partners] == [("mentor", False)]


def test_a_list_may_be_cut() -> None:
    found = ranked(mentor(), [mentee("a"), mentee("b"), mentee("c")], longest=2)
    assert (len(found.partners), found.found, found.free) == (2, 3, 3)
    assert [reason.code for reason in found.partners[0].reasons] == list(Part)


def test_nobody_free_is_explained() -> None:
    taken = ranked(mentee(), [mentor()], taken={"mentor"}).left_over
    assert taken is not None
    assert taken.why is Why.ALL_TAKEN
    none = ranked(mentee(), [mentor(free_times=0)]).left_over
    assert none is not None
    assert (none.why, none.limits) == (Why.NONE_FEASIBLE, (Limit.FREE_TIME,))


def test_partners_of_the_same_side_are_refused() -> None:
    with pytest.raises(UnfitProfile) as refused:
        ranked(mentee(), [mentee("other")])
    assert (refused.value.id, refused.value.problem) == ("other", "wrong_side")
