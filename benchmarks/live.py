"""How fast one person is answered: suggestions, coming and going without a new round.

    python benchmarks/live.py [--people N] [--case abundant|scarce]

The whole country (``_country.py``). »suggest«: the ten who fit best for a mentee, out of all
mentors, interpreted whether the extra is there or not. »arrive«: a mentee comes, everybody who fits
is found and the best pairs for all are restored; »depart«: a mentor leaves and whoever was paired
with them finds the best way on. Milliseconds, each call by itself. At the end the bound by the
prices is compared with what the pairs are worth: the difference is 0 where the pairs are the best.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from _country import MENTORS_PER_MENTEE, country

from patenwerk.matching.kernel.pairs import field_of, find_pairs
from patenwerk.matching.kernel.scoring import tables_of
from patenwerk.matching.kernel.settings import Weights
from patenwerk.matching.kernel.solver import filled_market
from patenwerk.matching.kernel.suggest import Standing, one_of, without
from patenwerk.people.enums import Side

ARRIVALS, DEPARTURES, SUGGESTIONS = 2000, 200, 2000
LONGEST_WAIT = 3650


def told(name: str, seconds: list[float]) -> None:
    milliseconds = np.array(seconds) * 1000
    parts = [f"{value:.3f}" for value in np.percentile(milliseconds, [50, 95, 99, 100])]
    print(f"  {name:28} {' '.join(parts)} ms (50, 95, 99 of 100, longest)", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure coming and going.")
    parser.add_argument("--people", type=int, default=190_000)
    parser.add_argument("--case", choices=list(MENTORS_PER_MENTEE), default="abundant")
    chosen = parser.parse_args()
    vectors, everybody, mentors = country(chosen.people, chosen.case)
    rng = np.random.default_rng(5)
    later = np.sort(rng.choice(chosen.people, ARRIVALS, replace=False))
    mentees = without(everybody, later)
    tables = tables_of(Weights(), int(everybody.asked.max()))
    print(f"{chosen.people:,} {chosen.case}", flush=True)

    standing = Standing.of(mentors, vectors, tables)
    seconds = []
    for number in rng.choice(chosen.people, SUGGESTIONS):
        person = one_of(everybody, int(number))
        start = time.perf_counter()
        standing.best(person, Side.MENTEE, 10)
        seconds.append(time.perf_counter() - start)
    told("suggest ten", seconds)

    pairs = find_pairs(field_of(mentees, mentors, vectors, tables))
    highest = int(sum(int(table.max()) for table in tables) + 2 * LONGEST_WAIT * tables.waiting[0])
    market = filled_market(
        pairs,
        mentees.places_open,
        mentors.places_open,
        mentee_identity=mentees.identity,
        mentor_identity=mentors.identity,
        later=(0, highest),
    )
    assert market is not None
    begun = time.perf_counter()
    market.list_other_side()
    print(f"  lists of the mentors: {time.perf_counter() - begun:.2f} s, once", flush=True)
    seconds = []
    finding = []
    for number in later.tolist():
        person = one_of(everybody, number)
        start = time.perf_counter()
        numbers, scores = standing.fitting(person, Side.MENTEE)
        found = time.perf_counter()
        market.arrive(
            Side.MENTEE,
            numbers,
            scores,
            identity=int(person.identity[0]),
            places=int(person.places_open[0]),
        )
        seconds.append(time.perf_counter() - start)
        finding.append(found - start)
    told("arrive, all of it", seconds)
    told("  of it finding who fits", finding)
    seconds = []
    for number in rng.choice(len(mentors.identity), DEPARTURES, replace=False).tolist():
        start = time.perf_counter()
        market.depart(Side.MENTOR, number)
        seconds.append(time.perf_counter() - start)
    told("depart, a mentor", seconds)
    bound, worth = market.bound(), market.worth()
    before = len(market.pairs()[0])
    market.make_complete()
    print(
        f"  bound - worth after all: {bound - worth}; pairs {before:,}, "
        f"{len(market.pairs()[0]) - before} more were possible"
    )


if __name__ == "__main__":
    main()
