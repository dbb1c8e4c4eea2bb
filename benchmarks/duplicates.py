"""How well entries of one person are found: precision and recall, and beside the usual rule.

    python benchmarks/duplicates.py [--people N] [--seeds N ...]
    python benchmarks/duplicates.py --truth FILE
    python benchmarks/duplicates.py --write FILE
    python benchmarks/duplicates.py --weights

Without a file people are made up (`_people.py`), with seeds that the weights were not chosen by. A
file is CSV in UTF-8 with a header: `who` says who somebody really is, then as many as there are of
`first_name`, `last_name`, `birth_date` (2001-12-31), `gender` (female, male, diverse, unsaid),
`phone`, `email`, `postcode`, and `origin` for figures of each group. One file is one site and side.

All pairs of entries of one person count, including those the search does not look at. The usual
rule is »two of first name, last name and birth date agree«, once letter by letter and once with
case, accents and umlauts folded as everywhere in the house. `--weights` counts how often things
agree between entries of one person and of others: what the points in `likeness.py` come from.
"""

from __future__ import annotations

import argparse
import csv
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from benchmarks._people import site  # noqa: E402 - the path is made above

from patenwerk.core.sheets.words import fold  # noqa: E402
from patenwerk.people.kernel.likeness import (  # noqa: E402
    LIKELY,
    UNITS,
    Crowd,
    Frequencies,
    Known,
    clues_of,
    likeness,
    traits_of,
)

COLUMNS = (
    *("who", "origin", "first_name", "last_name", "birth_date", "gender", "phone", "email"),
    "postcode",
)
TUNING, TESTING = (1, 2, 3), (11, 12, 13, 14, 15)
USUAL = "two of three, folded"
THRESHOLDS = range(-60, 121, 20)

Pair = tuple[int, int]
Place = tuple[int, int, int]
"""A list, and two rows of it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(TESTING))
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--weights", action="store_true")
    said = parser.parse_args()
    if said.write:
        write(said.write, said.people, said.seeds[0])
    elif said.truth:
        report([read(said.truth)], f"{said.truth.name}")
    elif said.weights:
        weigh([made(said.people, seed) for seed in TUNING])
    else:
        seeds = ", ".join(map(str, said.seeds))
        report([made(said.people, seed) for seed in said.seeds], f"made up, seeds {seeds}")


def made(people: int, seed: int) -> list[dict[str, str]]:
    """Made-up entries in the form of a file."""
    return [
        {name: "" if (value := getattr(row, name)) is None else str(value) for name in COLUMNS}
        for row in site(people, seed=seed)
    ]


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if not rows or "who" not in rows[0] or "first_name" not in rows[0]:
        sys.exit(f"{file.name} needs at least the columns who and first_name.")
    return rows


def write(file: Path, people: int, seed: int) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS)
        writer.writeheader()
        writer.writerows(made(people, seed))


@dataclass
class Judged:
    """Over several lists: the pairs that are one person, what was found, and whose names it is."""

    truth: set[Place] = field(default_factory=set)
    scores: dict[Place, int] = field(default_factory=dict)
    rules: dict[str, set[Place]] = field(default_factory=lambda: defaultdict(set))
    origin: dict[Place, str] = field(default_factory=dict)
    entries: int = 0
    seconds: float = 0.0

    def add(self, number: int, rows: Sequence[dict[str, str]]) -> None:
        """Look through one list."""
        self.entries += len(rows)
        begun = time.perf_counter()
        crowd = Crowd(known(place, row) for place, row in enumerate(rows))
        found = crowd.pairs(least=THRESHOLDS[0])
        self.seconds += time.perf_counter() - begun
        self.scores |= {(number, first, second): score for first, second, score in found}
        self.truth |= {(number, *pair) for pair in same(rows)}
        for rule, pairs in (
            ("two of three, letter by letter", usual(rows, str)),
            (USUAL, usual(rows, fold)),
            ("a fingerprint in common", with_a_clue(rows)),
        ):
            self.rules[rule] |= {(number, *pair) for pair in pairs}
        for place in (
            *self.truth,
            *self.scores,
            *(each for rule in self.rules.values() for each in rule),
        ):
            if place[0] == number:
                self.origin[place] = rows[place[1]].get("origin", "")

    def likely(self, least: int) -> set[Place]:
        """What is shown from a score on."""
        return {place for place, score in self.scores.items() if score >= least}


def report(lists: Sequence[list[dict[str, str]]], name: str) -> None:
    judged = Judged()
    for number, rows in enumerate(lists):
        judged.add(number, rows)
    truth, chosen = judged.truth, judged.likely(LIKELY)
    print(
        f"{name}: {judged.entries} entries in {len(lists)} lists, {len(truth)} pairs of one person"
    )
    print(f"compared in {judged.seconds:.1f} s, {memory()} MB\n")
    print("| from bits | precision | recall | F1 |\n|---|---|---|---|")
    for least in THRESHOLDS:
        mark = " (chosen)" if least == LIKELY else ""
        print(line(f"{least / UNITS:g}{mark}", judged.likely(least), truth))
    print("\n| way | precision | recall | F1 |\n|---|---|---|---|")
    print(line("likeness", chosen, truth))
    for rule, pairs in judged.rules.items():
        print(line(rule, pairs, truth))
    groups = sorted({*judged.origin.values()} - {""})
    if groups:
        print("\n| names | way | precision | recall | F1 |\n|---|---|---|---|---|")
    for group in groups:
        own = {place for place in truth if judged.origin[place] == group}
        for way, pairs in (("likeness", chosen), (USUAL, judged.rules[USUAL])):
            theirs = {place for place in pairs if judged.origin[place] == group}
            print(line(f"{group} | {way}", theirs, own))


def line(name: str, chosen: set[Place], truth: set[Place]) -> str:
    right = len(chosen & truth)
    precision = right / len(chosen) if chosen else 1.0
    recall = right / len(truth) if truth else 1.0
    both = 2 * precision * recall / (precision + recall) if right else 0.0
    return f"| {name} | {precision:.3f} | {recall:.3f} | {both:.3f} |"


def same(rows: Sequence[dict[str, str]]) -> Iterable[Pair]:
    """The pairs that are one person."""
    places = defaultdict(list)
    for place, row in enumerate(rows):
        places[row["who"]].append(place)
    return (pair for each in places.values() for pair in combinations(each, 2))


def usual(rows: Sequence[dict[str, str]], form: Callable[[str], str]) -> set[Pair]:
    """»Two of first name, last name, birth date agree«."""
    found: set[Pair] = set()
    for names in combinations(("first_name", "last_name", "birth_date"), 2):
        places = defaultdict(list)
        for place, row in enumerate(rows):
            key = tuple(form(row.get(name) or "") for name in names)
            if all(key):
                places[key].append(place)
        found |= {pair for each in places.values() for pair in combinations(each, 2)}
    return found


def with_a_clue(rows: Sequence[dict[str, str]]) -> set[Pair]:
    """What two sites could find out about each other's people by their fingerprints."""
    places = defaultdict(list)
    for place, row in enumerate(rows):
        for clue in clues_of(known(place, row)):
            places[clue].append(place)
    return {pair for each in places.values() for pair in combinations(each, 2)}


def known(place: int, row: dict[str, str]) -> Known:
    born = row.get("birth_date")
    rest = {
        name: row[name]
        for name in ("last_name", "gender", "phone", "email", "postcode")
        if row.get(name)
    }
    return Known(
        id=place,
        first_name=row["first_name"],
        birth_date=date.fromisoformat(born) if born else None,
        **rest,
    )


def weigh(lists: Sequence[list[dict[str, str]]]) -> None:
    """How often what agrees how, between entries of one person and of others that are compared."""
    counts: dict[bool, Counter[tuple[str, str]]] = {True: Counter(), False: Counter()}
    sizes: Counter[bool] = Counter()
    for rows in lists:
        traits = [traits_of(known(place, row)) for place, row in enumerate(rows)]
        among = Frequencies(traits)
        together = set(same(rows))
        others = [(place, (place * 7 + 13) % len(rows)) for place in range(len(rows))]
        for is_one, pairs in ((True, together), (False, others)):
            for first, second in pairs:
                if first == second or (not is_one and (first, second) in together):
                    continue
                sizes[is_one] += 1
                for each in likeness(traits[first], traits[second], among).evidence:
                    counts[is_one][each.what, each.how] += 1
    print("| what | how | of one person | of others |\n|---|---|---|---|")
    for what, how in sorted(counts[True].keys() | counts[False].keys()):
        shares = [
            counts[is_one][what, how]
            / max(1, sum(n for (other, _how), n in counts[is_one].items() if other == what))
            for is_one in (True, False)
        ]
        print(f"| {what} | {how} | {shares[0]:.4f} | {shares[1]:.4f} |")


def memory() -> int:
    """The peak of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
