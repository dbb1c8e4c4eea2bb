"""Attack the published figures of many random programmes; every release, every insider.

    .venv/bin/python benchmarks/attack.py --programmes 200 --insiders 3 --results

Per programme the attacker reads the exported files of all releases as an outsider and as some of
the contributors (the largest first, then at random) and computes every hidden number's interval.
"""

import argparse
import platform
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.core.disclosure.attacker import (  # noqa: E402 - the path comes first
    Insider,
    changes,
    intervals,
)
from tests.core.disclosure.programmes import (  # noqa: E402
    Programme,
    random_programme,
    realistic_programme,
)
from tests.core.disclosure.releases import exported  # noqa: E402

ENOUGH = 6  # no interval is followed further than one beyond what is promised


@dataclass
class Tally:
    hidden: int = 0
    attacks: int = 0
    narrowest: int = ENOUGH
    too_narrow: int = 0
    small_changes: int = 0


def attack(programme: Programme, whos: Sequence[Insider | None], tally: Tally, **how: bool) -> None:
    files = exported(programme, **how)
    for who in whos:
        found = intervals(files, who, enough=ENOUGH)
        tally.attacks += 1
        tally.hidden += len(found)
        tally.narrowest = min([tally.narrowest, *(one.width for one in found)])
        tally.too_narrow += sum(one.width < 5 for one in found)
        tally.small_changes += sum(0 < abs(change) < 5 for change in changes(files, who))


def chosen(programme: Programme, number: int, seed: int) -> list[Insider | None]:
    insiders = programme.insiders()
    figures = programme.releases[-1][1]
    sizes = figures.totals.sum(axis=1)
    largest = max(insiders, key=lambda one: sizes[figures.contributors.index(one.name)])
    others = [one for one in insiders if one is not largest]
    rest = random.Random(seed).sample(others, min(len(others), max(number - 1, 0)))
    return [None, *([largest] if number else []), *rest]


def share(programme: Programme) -> list[dict[str, float]]:
    """Published share of the non-zero cells of settled periods, by table, in the last release."""
    figures, last = programme.releases[-1][1], exported(programme)[-1]
    rows = []
    for breakdown, table in zip(figures.breakdowns, last["tables"], strict=True):
        counts = breakdown.shares.sum(axis=0)
        cells = shown = people = people_shown = 0
        for at, period in enumerate(figures.periods):
            if period not in figures.settled:
                continue
            cells += int((counts[at] > 0).sum())
            people += int(counts[at].sum())
            if period in table["periods"]:
                values = table["values"][table["periods"].index(period)]
                shown += sum(bool(value) for value in values)
                people_shown += sum(value or 0 for value in values)
        totals = [
            t for t, any_ in zip(table["column_totals"], counts.sum(axis=0), strict=True) if any_
        ]
        rows.append(
            {
                "cells": shown / cells,
                "tandems": people_shown / people,
                "totals": sum(total is not None for total in totals) / len(totals),
            }
        )
    return rows


def measured(programmes: int, first: int, insiders: int) -> list[str]:
    started, tally, control = time.monotonic(), Tally(), Tally()
    for seed in range(first, first + programmes):
        programme = random_programme(seed)
        attack(programme, chosen(programme, insiders, seed), tally)
        if seed % 10 == 0:
            attack(programme, [None], control, partners=False)
        if sys.stderr.isatty() or seed % 10 == 0:
            print(f"{seed + 1 - first}/{programmes}: {tally}", file=sys.stderr, flush=True)
    every = [share(realistic_programme(seed)) for seed in range(20)]
    lines = [
        f"{programmes} random programmes, {tally.attacks} attacks (an outsider and up to {insiders}"
        f" contributors each), {tally.hidden} intervals of hidden numbers: narrowest"
        f" **{tally.narrowest}** (6: at least 6), narrower than 5: **{tally.too_narrow}**; changes"
        f" of published totals from 1 to 4 between releases: **{tally.small_changes}**.",
        f"Control without partner cells: narrowest {control.narrowest},"
        f" {control.too_narrow} of {control.hidden} narrower than 5.",
        "",
        "Published on 20 realistic programmes (6 contributors, 24 sites, 800 tandems of four"
        " years, yearly figures of about 600 for seven years before; three releases):",
        "",
        "| table | non-zero cells | tandems in them | column totals |",
        "|---|---|---|---|",
    ]
    for at, name in enumerate(("year × Land", "year × focus", "year × carrier")):
        mean = {key: sum(one[at][key] for one in every) / len(every) for key in every[0][at]}
        cells, tandems, totals = (f"{100 * mean[key]:.0f} %" for key in mean)
        lines.append(f"| {name} | {cells} | {tandems} | {totals} |")
    lines += [
        "",
        f"{time.monotonic() - started:.0f} s on {platform.machine()}, Python"
        f" {platform.python_version()}, {datetime.now(UTC).date()}.",
    ]
    if tally.too_narrow or tally.small_changes:
        raise SystemExit("\n".join(lines))
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programmes", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--insiders", type=int, default=3, help="contributors per programme")
    parser.add_argument("--results", action="store_true", help="append to benchmarks/RESULTS.md")
    options = parser.parse_args()
    lines = measured(options.programmes, options.first, options.insiders)
    print("\n".join(lines))
    if options.results:
        command = " ".join(["benchmarks/attack.py", *sys.argv[1:]])
        with (ROOT / "benchmarks" / "RESULTS.md").open("a", encoding="utf-8") as file:
            file.write("\n## Attacker\n\n`" + command + "`\n\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
