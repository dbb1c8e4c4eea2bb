"""Every hard limit, at its edge by hand and against the slow reference on random crowds."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from patenwerk.matching.kernel.codes import Limit, limits_of
from patenwerk.matching.kernel.rounds import build_pool
from patenwerk.matching.kernel.settings import Limits, Weights
from patenwerk.people.enums import Gender, Level, Side
from tests.matching.kernel import reference
from tests.matching.kernel.profiles import FIRST, ON, PLACES, crowd, everything, mentee, mentor


def broken(of_mentor: Any, of_mentee: Any, limits: Limits | None = None) -> set[Limit]:
    pool = build_pool(
        [of_mentor],
        [of_mentee],
        on=ON,
        locate=PLACES,
        weights=Weights(),
        limits=limits or Limits(),
    )
    return set(limits_of(int(pool.look(FIRST, FIRST).broken[0])))


def test_the_plain_pair_fits() -> None:
    assert broken(mentor(), mentee()) == set()


# 10115 and 10999 are 4.3 km apart, 10115 and 12043 are 6.8 km.
@pytest.mark.parametrize(
    ("mentor_changes", "mentee_changes", "expected"),
    [
        ({"furthest_km": 4, "postcode": "10999"}, {}, {Limit.MENTOR_DISTANCE}),
        ({"furthest_km": 5, "postcode": "10999"}, {}, set()),
        ({"postcode": "10999"}, {"furthest_km": 4}, {Limit.MENTEE_DISTANCE}),
        ({"postcode": "10999"}, {"furthest_km": 5}, set()),
        (
            {"furthest_km": 4, "postcode": "10999"},
            {"furthest_km": 4},
            {Limit.MENTOR_DISTANCE, Limit.MENTEE_DISTANCE},
        ),
        ({"furthest_km": 0}, {"furthest_km": 0}, set()),
        ({"postcode": "99999", "furthest_km": 999}, {}, {Limit.PLACE_UNKNOWN}),
        ({}, {"postcode": "99999"}, {Limit.PLACE_UNKNOWN}),
        ({"postcode": "99999"}, {"postcode": "99998"}, {Limit.PLACE_UNKNOWN}),
        ({"postcode": "99999", "furthest_km": 0}, {"postcode": "99999"}, set()),
        ({"languages": {"de": Level.A2}}, {}, {Limit.LANGUAGE}),
        ({"languages": {"de": Level.A2, "ar": Level.B1}}, {}, set()),
        ({"languages": {"en": Level.NATIVE}}, {}, {Limit.LANGUAGE}),
        ({"languages": {}}, {"languages": {}}, {Limit.LANGUAGE}),
        ({"languages": {"de": Level.A2}}, {"minimum_level": Level.A2}, set()),
        ({}, {"minimum_level": Level.B2}, {Limit.LANGUAGE}),
        ({"free_times": 0b001}, {}, {Limit.FREE_TIME}),
        ({"free_times": 0}, {"free_times": 0}, {Limit.FREE_TIME}),
        ({"free_times": 1 << 20}, {"free_times": 1 << 20}, set()),
        ({}, {"wished_genders": frozenset({Gender.MALE})}, {Limit.MENTEE_GENDER_WISH}),
        ({}, {"wished_genders": frozenset({Gender.MALE, Gender.FEMALE})}, set()),
        ({"wished_genders": frozenset({Gender.FEMALE})}, {}, {Limit.MENTOR_GENDER_WISH}),
        ({"wished_genders": frozenset({Gender.MALE})}, {}, set()),
        (
            {"gender": Gender.UNSAID},
            {"wished_genders": frozenset({Gender.UNSAID})},
            {Limit.MENTEE_GENDER_WISH},
        ),
        ({"gender": Gender.UNSAID}, {"gender": Gender.UNSAID}, set()),
        ({}, {"wished_age_from": 45}, {Limit.MENTEE_AGE_WISH}),
        ({}, {"wished_age_from": 44, "wished_age_to": 44}, set()),
        ({}, {"wished_age_to": 43}, {Limit.MENTEE_AGE_WISH}),
        ({"wished_age_from": 13}, {}, {Limit.MENTOR_AGE_WISH}),
        ({"wished_age_from": 12, "wished_age_to": 12}, {}, set()),
        ({"wished_age_to": 11}, {}, {Limit.MENTOR_AGE_WISH}),
        ({"birth_date": None}, {}, set()),
        ({"birth_date": None}, {"wished_age_to": 99}, {Limit.MENTEE_AGE_WISH}),
        ({"birth_date": None}, {"wished_age_from": 0}, {Limit.MENTEE_AGE_WISH}),
        ({"record_check_until": None}, {}, {Limit.RECORD_CHECK}),
        ({"record_check_until": date(2025, 2, 28)}, {}, {Limit.RECORD_CHECK}),
        ({"record_check_until": ON}, {}, set()),
        ({"record_check_until": None}, {"birth_date": date(2007, 3, 1)}, set()),
        ({"record_check_until": None}, {"birth_date": date(2007, 3, 2)}, {Limit.RECORD_CHECK}),
        ({"record_check_until": None}, {"birth_date": None}, {Limit.RECORD_CHECK}),
        # A mentor who is 14 tomorrow cannot have a record check; from today on it is asked.
        ({"record_check_until": None, "birth_date": date(2011, 3, 2)}, {}, set()),
        ({"record_check_until": None, "birth_date": date(2011, 3, 1)}, {}, {Limit.RECORD_CHECK}),
        ({"record_check_until": None, "birth_date": None}, {}, {Limit.RECORD_CHECK}),
        ({"open_places": 0}, {}, {Limit.MENTOR_FULL}),
        ({}, {"open_places": 0}, {Limit.MENTEE_FULL}),
        ({"never_with": frozenset({"mentee"})}, {}, {Limit.NEVER_AGAIN}),
        ({}, {"never_with": frozenset({"mentor"})}, {Limit.NEVER_AGAIN}),
        ({"never_with": frozenset({"mentor"})}, {"never_with": frozenset({"mentee"})}, set()),
        ({"network": "north"}, {}, {Limit.NETWORK}),
        ({"network": "north"}, {"network": "north"}, set()),
    ],
)
def test_each_limit_at_its_edge(
    mentor_changes: dict[str, Any], mentee_changes: dict[str, Any], expected: set[Limit]
) -> None:
    assert broken(mentor(**mentor_changes), mentee(**mentee_changes)) == expected


def test_settings_move_the_limits() -> None:
    assert broken(mentor(), mentee(), Limits(minimum_level=Level.B2)) == {Limit.LANGUAGE}
    assert broken(mentor(network="north"), mentee(), Limits(same_network=False)) == set()
    unchecked = mentor(record_check_until=None)
    assert broken(unchecked, mentee(), Limits(age_of_majority=12)) == set()
    unborn = mentee(birth_date=None)
    assert broken(unchecked, unborn, Limits(unknown_age_is_minor=False)) == set()


@pytest.mark.parametrize("seed", range(12))
def test_random_crowds_agree_with_the_reference(seed: int) -> None:
    rng = random.Random(seed)
    limits = Limits(
        minimum_level=rng.choice(list(Level)),
        same_network=rng.random() < 0.5,
        unknown_age_is_minor=rng.random() < 0.5,
    )
    mentors, mentees = crowd(rng, Side.MENTOR, 25), crowd(rng, Side.MENTEE, 20)
    pool = build_pool(mentors, mentees, on=ON, locate=PLACES.get, weights=Weights(), limits=limits)
    broken = everything(pool).broken
    for row, one in enumerate(pool.mentees):
        for column, other in enumerate(pool.mentors):
            found = set(limits_of(int(broken[row, column])))
            assert found == reference.broken(other, one, ON, PLACES.get, limits)
