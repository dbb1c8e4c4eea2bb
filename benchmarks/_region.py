"""One metropolitan region as an instance for matching: Berlin and the towns within 60 km.

Real population, languages as uneven as in life, made-up people. Each mentee needs one mentor.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from patenwerk.matching.kernel.pool import Pool, build_pool
from patenwerk.matching.kernel.settings import Limits, Weights
from patenwerk.people.enums import Gender, Level, Side
from patenwerk.people.kernel.profile import Profile
from patenwerk.places.kernel.distance import Point, distance_km
from patenwerk.places.kernel.towns import Town, default_locator, towns

ON = date(2025, 3, 1)
MIDDLE = Point(52.52, 13.405)
REACH_KM = 60
LANGUAGES = (
    *("ar", "uk", "tr", "ru", "fa", "en", "ku", "pl", "ro", "ps", "fr", "so", "ti", "vi", "sq"),
    *("sr", "bg", "es", "ha", "bn", "ur", "am", "ka", "hy", "zh"),
)
FIELDS = ("school", "language", "work", "home", "leisure", "authorities", "health", "arrival")
WORDS = tuple(f"word {number}" for number in range(40))
MENTORS_PER_MENTEE = {"abundant": 1.0, "scarce": 0.6}
PLACES = {"abundant": ((1, 2, 3), (70, 20, 10)), "scarce": ((1,), (1,))}
FURTHEST_KM = {"abundant": (4, 5, 6, 8, 12, 25), "scarce": (6, 8, 12, 15, 25, 40)}
"""Fewer mentors must go further for as many possible pairs, about 200,000 with 2,000 mentees."""


def region() -> list[Town]:
    return [town for town in towns() if distance_km(town.point, MIDDLE) <= REACH_KM]


def falling(size: int) -> list[float]:
    """Few are named by many, many by few."""
    return [1 / (place + 1) for place in range(size)]


def picked(rng: random.Random, words: tuple[str, ...], most: int) -> frozenset[str]:
    return frozenset(rng.choices(words, falling(len(words)), k=rng.randint(0, most)))


def spoken(rng: random.Random, side: Side) -> dict[str, Level]:
    first = rng.choices(LANGUAGES, falling(len(LANGUAGES)))[0]
    if side is Side.MENTEE:
        return {first: Level.NATIVE, "de": rng.choices(list(Level), (15, 20, 25, 18, 12, 5, 5))[0]}
    languages = {"de": rng.choices(list(Level), (0, 0, 2, 5, 8, 10, 75))[0]}
    if rng.random() < 0.5:
        languages[first] = rng.choice(list(Level))
    return languages


def free_times(rng: random.Random, side: Side) -> int:
    """Afternoons and evenings for the young, evenings and weekends for who works."""
    weights = (
        [1, 4, 4] * 5 + [4, 5, 3] * 2 if side is Side.MENTEE else [1, 2, 5] * 5 + [4, 4, 3] * 2
    )
    cells = rng.choices(range(21), weights, k=rng.randint(1, 5))
    return sum(1 << cell for cell in set(cells))


def people(rng: random.Random, side: Side, size: int, case: str) -> list[Profile]:
    around = region()
    population = [town.population for town in around]
    mentee = side is Side.MENTEE
    return [
        Profile(
            id=f"{side}-{number}",
            side=side,
            first_name="",
            last_name="",
            birth_date=ON
            - timedelta(
                days=rng.randint(7 * 365, 30 * 365) if mentee else rng.randint(7000, 28000)
            ),
            gender=rng.choices(list(Gender), (50, 46, 2, 2) if mentee else (62, 35, 2, 1))[0],
            postcode=postcode(rng, rng.choices(around, population)[0]),
            furthest_km=rng.choice(FURTHEST_KM[case]),
            languages=spoken(rng, side),
            free_times=free_times(rng, side),
            fields=picked(rng, FIELDS, 4),
            interests=picked(rng, WORDS, 5),
            dislikes=picked(rng, WORDS, 3),
            wished_genders=frozenset({rng.choice([Gender.FEMALE, Gender.MALE])})
            if rng.random() < (0.25 if mentee else 0.1)
            else frozenset(),
            wished_age_from=None if mentee or rng.random() < 0.7 else rng.choice([10, 14, 18]),
            expected_months=rng.choice([None, 6, 12, 12, 24]),
            open_places=1 if mentee else rng.choices(*PLACES[case])[0],
            waiting_since=ON - timedelta(days=min(700, int(rng.expovariate(1 / 60)))),
            record_check_until=None if rng.random() < 0.15 else date(2028, 1, 1),
        )
        for number in range(size)
    ]


def postcode(rng: random.Random, town: Town) -> str:
    first, last = rng.choice(town.postcodes)
    return f"{rng.randint(int(first), int(last)):05}"


def sides(size: int, case: str) -> tuple[list[Profile], list[Profile]]:
    rng = random.Random(20250301)
    mentors = people(rng, Side.MENTOR, round(size * MENTORS_PER_MENTEE[case]), case)
    return mentors, people(rng, Side.MENTEE, size, case)


def region_pool(size: int, case: str) -> Pool:
    """Both sides of the region as the kernel sees them."""
    return build_pool(
        *sides(size, case), on=ON, locate=default_locator(), weights=Weights(), limits=Limits()
    )
