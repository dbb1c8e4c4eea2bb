"""People for the tests of the kernel: one plain pair that fits, and random crowds."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from patenwerk.matching.kernel.pool import Look, Pool
from patenwerk.people.enums import Gender, Level, Side
from patenwerk.people.kernel.profile import Profile

ON = date(2025, 3, 1)
PLACES = {
    "10115": (52.5323, 13.3846),
    "10999": (52.5006, 13.4206),
    "12043": (52.4806, 13.4369),
    "14467": (52.4009, 13.0591),
    "15230": (52.3412, 14.5503),
    "80331": (48.1345, 11.5711),
}
"""Some real places; the postcode 99999 is none."""

FIRST = np.array([0])
"""The first person of a side, as the kernel is asked about pairs."""


def everything(pool: Pool) -> Look:
    """All pairs of a pool, (mentees, mentors)."""
    return pool.look(np.arange(len(pool.mentees))[:, None], np.arange(len(pool.mentors))[None, :])


def mentor(person_id: str = "mentor", **changes: Any) -> Profile:
    """A mentor who fits :func:`mentee`."""
    plain = Profile(
        id=person_id,
        side=Side.MENTOR,
        first_name="Ada",
        last_name="Berg",
        birth_date=date(1980, 6, 1),
        gender=Gender.FEMALE,
        postcode="10115",
        furthest_km=10,
        languages={"de": Level.NATIVE},
        free_times=0b111,
        waiting_since=date(2025, 1, 1),
        record_check_until=date(2027, 1, 1),
    )
    return replace(plain, **changes)


def mentee(person_id: str = "mentee", **changes: Any) -> Profile:
    """A mentee, a minor, who fits :func:`mentor`."""
    plain = Profile(
        id=person_id,
        side=Side.MENTEE,
        first_name="Bo",
        last_name="Can",
        birth_date=date(2012, 6, 1),
        gender=Gender.MALE,
        postcode="10115",
        furthest_km=10,
        languages={"de": Level.B1, "ar": Level.NATIVE},
        free_times=0b110,
        waiting_since=date(2025, 2, 1),
    )
    return replace(plain, **changes)


def crowd(rng: random.Random, side: Side, size: int, *, choosy: float = 0.2) -> list[Profile]:
    """Random people; ``choosy`` is how likely each wish is. Everything that can be unsaid is."""

    def some(words: str, most: int) -> frozenset[str]:
        return frozenset(rng.sample(words.split(), rng.randint(0, most)))

    def sometimes(value: Any) -> Any:
        return value if rng.random() < choosy else None

    people = []
    other = "mentee" if side is Side.MENTOR else "mentor"
    for number in range(size):
        years = rng.randint(8, 30) if side is Side.MENTEE else rng.randint(18, 80)
        born = ON - timedelta(days=years * 365 + rng.randint(0, 364))
        wish = sometimes(rng.randint(8, 50))
        people.append(
            Profile(
                id=f"{side}-{number}",
                side=side,
                first_name="Vor",
                last_name="Nach",
                birth_date=None if rng.random() < 0.1 else born,
                gender=rng.choice(list(Gender)),
                postcode=rng.choice([*PLACES, "10115", "10999", "99999"]),
                furthest_km=rng.choice([0, 3, 4, 6, 30, 600]),
                languages={
                    name: rng.choice(list(Level))
                    for name in rng.sample(["de", "en", "ar", "uk"], rng.randint(0, 3))
                },
                minimum_level=sometimes(rng.choice(list(Level))),
                free_times=rng.getrandbits(21) & rng.getrandbits(21),
                fields=some("school work home leisure", 3),
                interests=some("chess music cooking football reading", 5),
                dislikes=some("noise crowds mornings heights rain", 5),
                wished_genders=frozenset(
                    rng.sample(list(Gender), 2) if rng.random() < choosy else ()
                ),
                wished_age_from=wish,
                wished_age_to=sometimes((wish or 20) + rng.randint(0, 30)),
                expected_months=rng.choice([None, 3, 6, 12, 24]),
                open_places=rng.choice([0, 1, 1, 1, 2, 3]),
                waiting_since=ON - timedelta(days=rng.randint(-5, 400)),
                record_check_until=rng.choice([None, ON, ON - timedelta(1), date(2027, 1, 1)]),
                network=rng.choice(["", "", "", "north"]),
                never_with=frozenset(
                    f"{other}-{rng.randint(0, size)}" for _ in range(rng.choice([0, 0, 1]))
                ),
            )
        )
    return people
