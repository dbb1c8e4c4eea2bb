"""How fast one person is answered: suggestions, coming and going without a new round.

    python benchmarks/live.py [--people N] [--case abundant|scarce]

The whole country (``_country.py``). »suggest«: the ten who fit best for a mentee, out of all
mentors, interpreted whether the extra is there or not. »arrive«: a mentee comes, everybody who fits
is found and the best pairs for all are restored; »depart«: a mentor leaves and whoever was paired
with them finds the best way on, or a mentee does. Milliseconds, each call by itself, by the clock
and of this process alone. At the end the bound by the prices is compared with what the pairs are
worth: the difference is 0 where the pairs are the best.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from _country import MENTORS_PER_MENTEE, country

from patenwerk.matching.kernel.crowd import size_of
from patenwerk.matching.kernel.pairs import field_of, find_pairs
from patenwerk.matching.kernel.scoring import tables_of
from patenwerk.matching.kernel.settings import Weights
from patenwerk.matching.kernel.solver import filled_market
from patenwerk.matching.kernel.suggest import Standing, one_of, without
from patenwerk.people.enums import Side

ARRIVALS, DEPARTURES, SUGGESTIONS = 2000, 200, 2000
LONGEST_WAIT = 3650


class Watch:
    """How long each call took, by the clock and of this process alone."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.taken: list[tuple[float, float]] = []

    def __enter__(self) -> None:
        self.begun = time.perf_counter(), time.process_time()

    def __exit__(self, *_error: object) -> None:
        clock, processor = self.begun
        self.taken.append((time.perf_counter() - clock, time.process_time() - processor))

    def tell(self) -> None:
        for clock, seconds in zip(("clock", "processor"), np.array(self.taken).T, strict=True):
            parts = [f"{one:.3f}" for one in np.percentile(seconds * 1000, [50, 95, 99, 100])]
            print(f"  {self.name:20} {clock:10} {' '.join(parts)} ms", flush=True)


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
    print("  half, 95 and 99 of 100, the longest", flush=True)
    suggesting = Watch("suggest ten")
    for number in rng.choice(chosen.people, SUGGESTIONS):
        person = one_of(everybody, int(number))
        with suggesting:
            standing.best(person, Side.MENTEE, 10)
    suggesting.tell()

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
    arriving, finding = Watch("arrive, all of it"), Watch("  finding who fits")
    for number in later.tolist():
        person = one_of(everybody, number)
        with arriving:
            with finding:
                numbers, scores = standing.fitting(person, Side.MENTEE)
            market.arrive(
                Side.MENTEE,
                numbers,
                scores,
                identity=int(person.identity[0]),
                places=int(person.places_open[0]),
            )
    arriving.tell()
    finding.tell()
    for side, crowd in ((Side.MENTOR, mentors), (Side.MENTEE, mentees)):
        departing = Watch(f"depart, a {side}")
        for number in rng.choice(size_of(crowd), DEPARTURES, replace=False).tolist():
            with departing:
                market.depart(side, number)
        departing.tell()
    bound, worth = market.bound(), market.worth()
    before = len(market.pairs()[0])
    market.make_complete()
    print(
        f"  bound - worth after all: {bound - worth}; pairs {before:,}, "
        f"{len(market.pairs()[0]) - before} more were possible"
    )


if __name__ == "__main__":
    main()
