"""A round that goes on from an earlier one: the same result, told what changed and why."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from patenwerk.matching.kernel.codes import Changed, Limit
from patenwerk.matching.kernel.rounds import (
    Change,
    EarlierRound,
    Limits,
    RoundResult,
    Weights,
    build_pool,
    changes_between,
    match_round,
)
from patenwerk.people.enums import Side
from patenwerk.people.kernel.profile import Profile
from tests.matching.kernel.profiles import ON, PLACES, crowd, mentee, mentor


def matched(mentors: list[Profile], mentees: list[Profile], **more: Any) -> RoundResult:
    return match_round(
        mentors, mentees, on=ON, locate=PLACES, limits=Limits(same_network=False), **more
    )


def told(result: RoundResult) -> set[tuple[str, str]]:
    return {(pair.mentor, pair.mentee) for pair in result.pairs}


def kept(result: RoundResult) -> EarlierRound:
    return EarlierRound(
        pairs=told(result), prices=result.prices, bonus=result.bonus, shift=result.shift
    )


@pytest.mark.parametrize("seed", range(25))
def test_going_on_finds_what_a_fresh_round_finds(seed: int) -> None:
    rng = random.Random(seed)
    mentors, mentees = crowd(rng, Side.MENTOR, 30, choosy=0.05), crowd(rng, Side.MENTEE, 30)
    before = matched(mentors[:25], mentees[:25])
    mentors = [
        replace(one, open_places=rng.randint(0, 2)) if rng.random() < 0.2 else one
        for one in mentors[3:]
    ]
    fresh = matched(mentors, mentees[2:])
    again = matched(mentors, mentees[2:], earlier=kept(before))
    assert told(again) == told(fresh)
    assert (again.total, again.bound, again.missing, again.gap) == (
        fresh.total,
        fresh.bound,
        0,
        0.0,
    )


def test_a_told_pair_stays_until_the_gain_is_larger() -> None:
    old, new = mentor("old", postcode="10999"), mentor("new")
    before = matched([old], [mentee()])
    plain = matched([old, new], [mentee()])
    gain = plain.total - before.total
    assert told(plain) == {("new", "mentee")}
    stays = matched([old, new], [mentee()], earlier=kept(before), keep=gain + 1)
    assert told(stays) == {("old", "mentee")}
    assert (stays.total, stays.bound, stays.gap) == (before.total, before.total, 0.0)
    goes = matched([old, new], [mentee()], earlier=kept(before), keep=gain - 1)
    assert told(goes) == {("new", "mentee")}


def test_nobody_stays_alone_so_that_others_keep_their_partner() -> None:
    near, far = mentor("near"), mentor("far", postcode="14467", furthest_km=60)
    before = matched([near, far], [mentee("wide", furthest_km=60)])
    assert told(before) == {("near", "wide")}
    both = [mentee("wide", furthest_km=60), mentee("narrow")]
    after = matched([near, far], both, earlier=kept(before), keep=1_000_000)
    assert told(after) == {("near", "narrow"), ("far", "wide")}


def changed(
    before: set[tuple[str, str]],
    now: set[tuple[str, str]],
    mentors: list[Profile],
    mentees: list[Profile],
) -> tuple[Change, ...]:
    pool = build_pool(mentors, mentees, on=ON, locate=PLACES, weights=Weights(), limits=Limits())
    return changes_between(pool, before, now)


def test_what_changed_and_why() -> None:
    mentors = [
        mentor("near"),
        mentor("far", postcode="10999"),
        mentor("full", open_places=0),
        mentor("other"),
    ]
    mentees = [mentee(name) for name in ("stays", "new", "better", "broken", "alone", "gives")]
    before = {
        ("near", "stays"),
        ("far", "better"),
        ("full", "broken"),
        ("left", "alone"),
        ("near", "gives"),
        ("near", "vanished"),
    }
    now = {
        ("near", "stays"),
        ("other", "new"),
        ("near", "better"),
        ("other", "broken"),
        ("far", "gives"),
    }
    found = {change.mentee: change for change in changed(before, now, mentors, mentees)}
    assert {name: change.why for name, change in found.items()} == {
        "new": Changed.NEW,
        "better": Changed.BETTER,
        "broken": Changed.FITS_NO_MORE,
        "alone": Changed.MENTOR_GONE,
        "gives": Changed.FOR_OTHERS,
        "vanished": Changed.MENTEE_GONE,
    }
    assert found["broken"].limits == (Limit.MENTOR_FULL,)
    assert found["better"].gain > 0
    assert (found["alone"].before, found["alone"].now) == ("left", None)
    assert all(change.gain == 0 for name, change in found.items() if name != "better")


def test_several_partners_are_told_one_by_one() -> None:
    mentors = [mentor(name) for name in "abcd"]
    found = changed(
        {("a", "mentee"), ("b", "mentee")},
        {("b", "mentee"), ("c", "mentee"), ("d", "mentee")},
        mentors,
        [mentee(open_places=3)],
    )
    assert [(one.before, one.now) for one in found] == [("a", "c"), (None, "d")]
