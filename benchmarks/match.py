"""How long a whole round takes, beside SciPy's assignment and a greedy choice on the same graph.

    python benchmarks/match.py [--people N] [--case abundant|scarce]
                               [--peers none|all] [--json FILE]

One metropolitan region: Berlin and the towns within 60 km, with their real population, and
languages as uneven as in life. ``--people`` is the number of mentees. »abundant«: as many mentors,
with 1.4 places on average; »scarce«: 0.6 mentors per mentee with one place each. Each mentee needs
one mentor, so that SciPy, which knows no capacities, can be given the same graph with every
mentor's places as columns of their own.

Each method runs in a process of its own. ``seconds``: for »round« everything from profiles to
pairs with reasons, left over people and proof; for the others the assignment alone on tables made
before. ``memory_mb``: the peak of the whole process, with interpreter and tables. ``missing`` and
``gap`` as the round defines them, against bounds which the verifier has computed; a gap is only
told where as many people are matched.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from patenwerk.matching.kernel.assignment import best_assignment
from patenwerk.matching.kernel.pool import Pool
from patenwerk.matching.kernel.rounds import Limits, Weights, build_pool, match_round
from patenwerk.matching.kernel.verifier import Proof, verify
from patenwerk.people.enums import Gender, Level, Side
from patenwerk.people.kernel.profile import Profile
from patenwerk.places.kernel.distance import Point, distance_km
from patenwerk.places.kernel.towns import Town, default_locator, towns

Result = TypeVar("Result")

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


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result."""

    people: int
    case: str
    method: str
    seconds: float
    matched: int
    missing: int
    gap: float | None
    memory_mb: int


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


def tables(size: int, case: str) -> Pool:
    return build_pool(
        *sides(size, case), on=ON, locate=default_locator(), weights=Weights(), limits=Limits()
    )


def proved(pool: Pool) -> tuple[Proof, int]:
    """The bounds, and what a pair is worth beyond its score."""
    found = best_assignment(
        pool.score, pool.feasible, pool.mentees.open_places, pool.mentors.open_places
    )
    proof = verify(
        score=pool.score,
        feasible=pool.feasible,
        row_places=pool.mentees.open_places,
        column_places=pool.mentors.open_places,
        rows=found.rows,
        columns=found.columns,
        row_prices=found.row_prices,
        column_prices=found.column_prices,
        pair_bonus=found.pair_bonus,
    )
    return proof, found.pair_bonus


def by_scipy(pool: Pool, bonus: int) -> tuple[np.ndarray, np.ndarray]:
    """Most pairs first by the same bonus; what does not fit is worth nothing and left out."""
    from scipy.optimize import linear_sum_assignment

    owners = np.repeat(np.arange(len(pool.mentors.people)), pool.mentors.open_places)
    worth = np.where(pool.feasible, pool.score + bonus, 0)[:, owners]
    rows, places = linear_sum_assignment(worth, maximize=True)
    columns = owners[places]
    fits = pool.feasible[rows, columns]
    return rows[fits], columns[fits]


def by_greed(pool: Pool) -> tuple[np.ndarray, np.ndarray]:
    """Always the best pair still possible."""
    rows, columns = np.nonzero(pool.feasible)
    order = np.argsort(-pool.score[rows, columns], kind="stable")
    row_room = pool.mentees.open_places.tolist()
    column_room = pool.mentors.open_places.tolist()
    taken = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if row_room[row] and column_room[column]:
            row_room[row] -= 1
            column_room[column] -= 1
            taken.append((row, column))
    pairs = np.array(taken, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def measured(size: int, case: str, method: str) -> Row:
    if method == "round":
        mentors, mentees = sides(size, case)
        locate = default_locator()
        start = time.perf_counter()
        result = match_round(mentors, mentees, on=ON, locate=locate)
        seconds = time.perf_counter() - start
        return row_of(size, case, method, seconds, result.matched, result.missing, result.gap)
    pool = tables(size, case)
    proof, bonus = (None, 0) if method == "kernel" else proved(pool)
    start = time.perf_counter()
    if method == "kernel":
        found = best_assignment(
            pool.score, pool.feasible, pool.mentees.open_places, pool.mentors.open_places
        )
        rows, columns = found.rows, found.columns
    else:
        rows, columns = by_scipy(pool, bonus) if method == "scipy" else by_greed(pool)
    seconds = time.perf_counter() - start
    memory = peak_mb()
    if proof is None:
        proof, _ = proved(pool)
    missing = proof.count_bound - len(rows)
    total = int(pool.score[rows, columns].sum())
    gap = None if missing else (proof.score_bound - total) / total if total else 0.0
    return row_of(size, case, method, seconds, len(rows), missing, gap, memory)


def row_of(
    size: int,
    case: str,
    method: str,
    seconds: float,
    matched: int,
    missing: int,
    gap: float | None,
    memory: int | None = None,
) -> Row:
    return Row(
        people=size,
        case=case,
        method=method,
        seconds=round(seconds, 3),
        matched=matched,
        missing=missing,
        gap=gap,
        memory_mb=peak_mb() if memory is None else memory,
    )


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def described(size: int, case: str) -> str:
    pool = tables(size, case)
    return (
        f"{case}: {len(pool.mentors.people)} mentors with "
        f"{int(pool.mentors.open_places.sum())} places, {size} mentees, "
        f"{int(np.count_nonzero(pool.feasible)):,} possible pairs"
    )


def apart(function: Callable[..., Result], *arguments: object) -> Result:
    """In a fresh process, so that one method's memory is not another's.

    This process stays small, because a new one begins with the peak of the one that starts it.
    """
    with multiprocessing.get_context("spawn").Pool(1) as workers:
        return workers.apply(function, arguments)


def results(size: int, cases: list[str], methods: list[str]) -> Iterator[Row]:
    for case in cases:
        print(apart(described, size, case), flush=True)
        for method in methods:
            row = apart(measured, size, case, method)
            gap = "-" if row.gap is None else f"{row.gap:.1e}"
            print(
                f"  {row.method:8}{row.seconds:8.2f} s {row.matched:6} matched "
                f"{row.missing:5} missing   gap {gap:8}{row.memory_mb:6} MB",
                flush=True,
            )
            yield row


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a whole round of matching.")
    parser.add_argument("--people", type=int, default=2000, help="mentees (default 2000)")
    parser.add_argument("--case", choices=["abundant", "scarce"], help="default: both")
    parser.add_argument("--peers", choices=["none", "all"], default="all")
    parser.add_argument("--json", type=Path, help="write the rows there as well")
    chosen = parser.parse_args()
    if chosen.people < 1:
        parser.error("--people must be at least 1")
    cases = [chosen.case] if chosen.case else ["abundant", "scarce"]
    methods = ["round", "kernel"] + (["scipy", "greedy"] if chosen.peers == "all" else [])
    rows = list(results(chosen.people, cases, methods))
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")


if __name__ == "__main__":
    main()
