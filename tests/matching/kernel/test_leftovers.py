"""Why somebody is left over, checked by relaxing every set of limits one after the other."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations

import pytest

from patenwerk.matching.kernel.codes import Limit, Why
from patenwerk.matching.kernel.leftovers import LeftOver, explain_left_over
from patenwerk.matching.kernel.pool import Pool, build_pool
from patenwerk.matching.kernel.settings import Limits, Weights
from patenwerk.people.enums import Level, Side
from patenwerk.people.kernel.profile import Profile
from tests.matching.kernel import reference
from tests.matching.kernel.profiles import ON, PLACES, crowd, mentee, mentor

OWN = {Side.MENTEE: Limit.MENTEE_FULL, Side.MENTOR: Limit.MENTOR_FULL}
OTHERS = {Side.MENTEE: Limit.MENTOR_FULL, Side.MENTOR: Limit.MENTEE_FULL}


def pool_of(mentors: list[Profile], mentees: list[Profile]) -> Pool:
    return build_pool(mentors, mentees, on=ON, locate=PLACES, weights=Weights(), limits=Limits())


def explain_mentee(*mentors: Profile) -> LeftOver:
    return explain_left_over(pool_of([*mentors], [mentee()]), Side.MENTEE, 0)


def broken_by_partner(pool: Pool, side: Side, index: int) -> dict[str, set[Limit]]:
    """What the slow reference says about each partner, one's own places apart."""
    person = pool.people(side)[index]
    broken = {}
    for other in pool.people(Side.MENTOR if side is Side.MENTEE else Side.MENTEE):
        pair = (other, person) if side is Side.MENTEE else (person, other)
        broken[other.id] = reference.broken(*pair, ON, PLACES.get, Limits()) - {OWN[side]}
    return broken


@pytest.mark.parametrize("seed", range(15))
@pytest.mark.parametrize("side", list(Side))
def test_the_set_is_smallest_and_minimal(seed: int, side: Side) -> None:
    rng = random.Random(seed)
    pool = pool_of(
        crowd(rng, Side.MENTOR, rng.randint(1, 7), choosy=0.6),
        crowd(rng, Side.MENTEE, rng.randint(1, 7), choosy=0.6),
    )
    for index in range(len(pool.people(side))):
        told = explain_left_over(pool, side, index)
        partners = broken_by_partner(pool, side, index)

        def opened(relaxed: set[Limit], partners: dict[str, set[Limit]] = partners) -> set[str]:
            return {one for one, broken in partners.items() if broken <= relaxed}

        assert len(opened(set(told.limits))) == told.opens > 0
        assert told.partner in opened(set(told.limits))
        for smaller in range(len(told.limits)):
            for other_set in combinations(Limit, smaller):
                assert opened(set(other_set)) == set()
        assert told.excluded == Counter(limit for broken in partners.values() for limit in broken)
        assert told.feasible == len(opened(set()))
        fits_but_for_places = opened({OTHERS[side]}) != set()
        if told.why is Why.ALL_TAKEN:
            assert fits_but_for_places
        if opened(set()):
            assert (told.why, told.limits) == (Why.ALL_TAKEN, ())


def test_one_limit_keeps_two_apart() -> None:
    told = explain_mentee(
        mentor("far", postcode="10999", furthest_km=3),
        mentor("farther", postcode="12043", furthest_km=3),
        mentor("silent", languages={"en": Level.C2}, free_times=0),
    )
    assert told == LeftOver(
        side=Side.MENTEE,
        id="mentee",
        why=Why.NONE_FEASIBLE,
        feasible=0,
        limits=(Limit.MENTOR_DISTANCE,),
        opens=2,
        partner="far",
        excluded={Limit.MENTOR_DISTANCE: 2, Limit.LANGUAGE: 1, Limit.FREE_TIME: 1},
    )


def test_partners_who_fit_were_given_to_others() -> None:
    told = explain_mentee(mentor("one"), mentor("two", free_times=0))
    assert (told.why, told.limits, told.feasible, told.partner) == (Why.ALL_TAKEN, (), 1, "one")


def test_partners_who_fit_had_no_place_before() -> None:
    told = explain_mentee(mentor(open_places=0))
    assert (told.why, told.limits, told.feasible) == (Why.ALL_TAKEN, (Limit.MENTOR_FULL,), 0)


def test_a_mentors_own_places_do_not_explain_anything() -> None:
    pool = pool_of([mentor(open_places=0)], [mentee(free_times=0)])
    told = explain_left_over(pool, Side.MENTOR, 0)
    assert (told.limits, told.excluded) == ((Limit.FREE_TIME,), {Limit.FREE_TIME: 1})


def test_nobody_is_there() -> None:
    told = explain_left_over(pool_of([], [mentee()]), Side.MENTEE, 0)
    assert told == LeftOver(
        side=Side.MENTEE,
        id="mentee",
        why=Why.NOBODY_THERE,
        feasible=0,
        limits=(),
        opens=0,
        partner=None,
        excluded={},
    )


def test_never_again_is_told_only_where_nothing_else_would_help() -> None:
    apart = frozenset({"mentee"})
    parted = [mentor("a", never_with=apart), mentor("b", never_with=apart)]
    assert explain_mentee(*parted).limits == (Limit.NEVER_AGAIN,)
    assert explain_mentee(*parted, mentor(free_times=0)).limits == (Limit.FREE_TIME,)


def test_of_equal_sets_the_one_that_opens_more_is_told() -> None:
    told = explain_mentee(
        mentor("a", free_times=0),
        mentor("b", record_check_until=None),
        mentor("c", record_check_until=None),
    )
    assert (told.limits, told.opens) == ((Limit.RECORD_CHECK,), 2)


def test_of_sets_that_open_as_many_the_first_named_is_told() -> None:
    told = explain_mentee(mentor("a", record_check_until=None), mentor("b", free_times=0))
    assert told.limits == (Limit.FREE_TIME,)
