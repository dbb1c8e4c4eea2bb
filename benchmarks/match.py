"""How long matching takes, and what it reaches, beside other ways on the same graph.

    python benchmarks/match.py [--people N ...] [--case abundant|scarce]
                               [--peers none|all] [--json FILE]
    python benchmarks/match.py --instances FOLDER

``--people`` is the number of mentees (default 2000 and 10000). Up to 5,000 it is one metropolitan
region (``_region.py``), beyond the whole country (``_country.py``). »abundant«: as many mentors as
mentees, with 1.4 places on average; »scarce«: 0.6 mentors per mentee.

Each method runs in a process of its own. ``seconds`` of »round«: all pairs looked at and the best
set found, from the columns of both sides on; of »profiles to reasons«: everything from single
profiles to pairs with reasons, left over people and the verifier's proof; of the others the search
alone on pairs found before. »interpreted« is the same without the extra »fast«. ``memory_mb``: the
peak of the whole process, with interpreter. ``missing``: how many pairs more are possible, 0 is
proved by a cut; ``gap``: how far the total is from its bound, told where nobody is missing. Both
bounds are computed anew by the verifier up to 100,000 people, beyond by the prices over all pairs.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from _country import MENTORS_PER_MENTEE, country
from _peers import MOST_DENSE, PEERS, Graph
from _published import instances, solved_instance
from _region import ON, region_pool, sides

from patenwerk.matching.kernel.compiled import IS_COMPILED
from patenwerk.matching.kernel.extend import score_bound, solve_field
from patenwerk.matching.kernel.pairs import field_of, find_pairs
from patenwerk.matching.kernel.rounds import match_round
from patenwerk.matching.kernel.scan import Field
from patenwerk.matching.kernel.scoring import tables_of
from patenwerk.matching.kernel.settings import Weights
from patenwerk.matching.kernel.solver import Solution, solve
from patenwerk.matching.kernel.verifier import verify
from patenwerk.places.kernel.towns import default_locator

REGION = 5_000
"""Up to so many mentees the instance is one region."""
VERIFIED = 100_000
"""Up to so many the verifier looks at all pairs once more; it is no fast way."""
SLOWEST = {"SciPy, needs of 1": 10_000, "dense Hungarian, needs of 1": MOST_DENSE}
"""Peers that do not come further within minutes or memory."""
INTERPRETED = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result."""

    people: int
    case: str
    method: str
    seconds: float | None
    matched: int | None
    missing: int | None
    gap: float | None
    memory_mb: int | None


def parts(size: int, case: str) -> tuple[Any, ...]:
    """Mentees, mentors and places as columns, and the tables of the score."""
    if size <= REGION:
        pool = region_pool(size, case)
        return pool.mentee_crowd, pool.mentor_crowd, pool.vectors, pool.tables
    vectors, mentees, mentors = country(size, case)
    return mentees, mentors, vectors, tables_of(Weights(), int(mentees.asked.max()))


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def warm() -> None:
    """Load compiled loops once: what is compiled is kept, so only the very first run compiles."""
    if IS_COMPILED:
        solve_field(field_of(*parts(1000, "scarce")), listed=0, least=1)


def measured_round(size: int, case: str, method: str) -> Row:
    warm()
    given = parts(size, case)
    start = time.perf_counter()
    field = field_of(*given)
    found = solve_field(field)
    seconds, memory = time.perf_counter() - start, peak_mb()
    missing, gap = proved(size, given, field, found)
    return Row(size, case, method, round(seconds, 3), len(found.rows), missing, gap, memory)


def proved(size: int, given: tuple[Any, ...], field: Field, found: Solution) -> tuple[int, float]:
    """What is missing at most, and the gap."""
    certificate = found.certificate
    if size <= VERIFIED:
        proof = verify(
            *given,
            rows=found.rows,
            columns=found.columns,
            prices=certificate.prices,
            bonus=certificate.bonus,
            shift=certificate.shift,
        )
        return proof.missing, proof.gap
    total = total_of(field, found)
    bound = score_bound(field, certificate, len(found.rows))
    # One pair more would be worth at least the bonus: so the bound of all pairs bounds the count.
    # This is coarse: many small gains look like one pair.
    missing = (bound - total) // max(1, certificate.bonus)
    return missing, (bound - total) / total


def total_of(field: Field, found: Solution) -> int:
    from patenwerk.matching.kernel.criteria import common_levels
    from patenwerk.matching.kernel.scoring import part_points, total_score

    mentees, mentors = field.mentees, field.mentors
    levels = common_levels(mentees, mentors, found.rows, found.columns)
    hm = distances(field, found)
    points = part_points(
        mentees, mentors, found.rows, found.columns, hm=hm, levels=levels, tables=field.tables
    )
    return int(total_score(points).astype(np.int64).sum())


def distances(field: Field, found: Solution) -> np.ndarray:
    """How far apart the pairs are, from the lists of neighbours."""
    near = field.near
    width = len(near.begin) - 1
    keys = np.repeat(np.arange(width), np.diff(near.begin)) * width + near.place
    order = np.argsort(keys)
    wanted = field.mentees.place[found.rows].astype(np.int64) * width
    wanted += field.mentors.place[found.columns]
    return near.hm[order][np.searchsorted(keys[order], wanted)]


def measured_profiles(size: int, case: str, method: str) -> Row:
    warm()
    mentors, mentees = sides(size, case)
    locate = default_locator()
    start = time.perf_counter()
    result = match_round(mentors, mentees, on=ON, locate=locate)
    seconds = time.perf_counter() - start
    return Row(
        size,
        case,
        method,
        round(seconds, 3),
        result.matched,
        result.missing,
        result.gap,
        peak_mb(),
    )


def graph_of(size: int, case: str, method: str) -> tuple[Any, Any, Any, Field]:
    field = field_of(*parts(size, case))
    needs = field.mentees.places_open
    if "needs of 1" in method:
        needs = np.minimum(needs, 1)
    return find_pairs(field), needs, field.mentors.places_open, field


def solved(pairs: Any, needs: Any, places: Any, field: Field) -> Solution:
    return solve(
        pairs,
        needs,
        places,
        mentee_identity=field.mentees.identity,
        mentor_identity=field.mentors.identity,
    )


def measured_solver(size: int, case: str, method: str) -> Row:
    warm()
    pairs, needs, places, field = graph_of(size, case, method)
    start = time.perf_counter()
    found = solved(pairs, needs, places, field)
    seconds = time.perf_counter() - start
    return Row(size, case, method, round(seconds, 3), len(found.rows), None, None, peak_mb())


def measured_peer(size: int, case: str, method: str) -> Row:
    warm()
    pairs, needs, places, field = graph_of(size, case, method)
    graph = Graph.of(pairs, needs, places)
    start = time.perf_counter()
    taken = PEERS[method](graph)
    seconds, memory = time.perf_counter() - start, peak_mb()
    best = solved(pairs, needs, places, field)
    width = len(places)
    at_best = np.isin(graph.rows * width + graph.columns, best.rows * width + best.columns)
    total, best_total = int(graph.score[taken].sum()), int(graph.score[at_best].sum())
    matched = int(taken.sum())
    assert matched < len(best.rows) or total <= best_total, "a peer has found a better round"
    missing = len(best.rows) - matched
    gap = None if missing else (best_total - total) / best_total
    return Row(size, case, method, round(seconds, 3), matched, missing, gap, memory)


def apart(function: Callable[..., Row], *arguments: object) -> Row:
    """In a fresh process, so that one method's memory is not another's.

    This process stays small, because a new one begins with the peak of the one that starts it.
    """
    with multiprocessing.get_context("spawn").Pool(1) as workers:
        return workers.apply(function, arguments)


def interpreted(size: int, case: str) -> Row:
    """The same round in a process that leaves the extra »fast« alone."""
    command = [sys.executable, __file__, "--people", str(size), "--case", case, "--peers", "none"]
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    told = subprocess.run(  # noqa: S603  this very file
        [*command, "--json", "-"], env=env, check=True, capture_output=True, text=True
    )
    (row,) = [one for one in json.loads(told.stdout.splitlines()[-1]) if one["method"] == "round"]
    return replace(Row(**row), method="round, interpreted")


def results(size: int, case: str, *, peers: bool) -> Iterator[Row]:
    yield apart(measured_round, size, case, "round")
    if size <= REGION and IS_COMPILED:
        yield apart(measured_profiles, size, case, "profiles to reasons")
    if IS_COMPILED and size <= INTERPRETED:
        yield interpreted(size, case)
    if not peers:
        return
    yield apart(measured_solver, size, case, "solver alone")
    yield apart(measured_solver, size, case, "solver alone, needs of 1")
    for name in PEERS:
        if size > SLOWEST.get(name, size):
            yield Row(size, case, f"{name}: not run", None, None, None, None, None)
        else:
            yield apart(measured_peer, size, case, name)


def shown(row: Row) -> str:
    if row.seconds is None:
        return f"  {row.method}"
    gap = "-" if row.gap is None else f"{row.gap:.1e}"
    missing = "-" if row.missing is None else f"{row.missing:,}"
    return (
        f"  {row.method:28}{row.seconds:9.3f} s {row.matched:8,} matched "
        f"{missing:>6} missing   gap {gap:8}{row.memory_mb:6,} MB"
    )


def described(size: int, case: str) -> str:
    warm()
    field = field_of(*parts(size, case))
    begun = time.perf_counter()
    pairs = find_pairs(field, most=1)
    return (
        f"{size:,} {case}: {len(field.mentors.identity):,} mentors with "
        f"{int(field.mentors.places_open.sum()):,} places, needs of "
        f"{int(field.mentees.places_open.sum()):,}; {pairs.within:,} pairs within reach, "
        f"{pairs.feasible:,} fit ({pairs.feasible / max(1, pairs.within):.1%}), looked at in "
        f"{time.perf_counter() - begun:.2f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure matching.")
    parser.add_argument("--people", type=int, nargs="+", default=[2000, 10_000], metavar="N")
    parser.add_argument("--case", choices=list(MENTORS_PER_MENTEE), help="default: both")
    parser.add_argument("--peers", choices=["none", "all"], default="all")
    parser.add_argument("--json", metavar="FILE", help="write the rows there; - prints them")
    parser.add_argument("--instances", type=Path, metavar="FOLDER", help="published ones instead")
    chosen = parser.parse_args()
    if min(chosen.people) < 1:
        parser.error("--people must be at least 1")
    rows = []
    if chosen.instances:
        for file in instances(chosen.instances):
            print(solved_instance(file), flush=True)
        return
    for size in chosen.people:
        for case in [chosen.case] if chosen.case else list(MENTORS_PER_MENTEE):
            if IS_COMPILED:
                print(apart(described, size, case), flush=True)  # type: ignore[arg-type]
            for row in results(size, case, peers=chosen.peers == "all"):
                print(shown(row), flush=True)
                rows.append(asdict(row))
    if chosen.json == "-":
        print(json.dumps(rows))
    elif chosen.json:
        Path(chosen.json).write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
