"""The fixed list of tables of a dated release: year × Land, year × focus, year × carrier.

Each tandem counts once, in its founding year, under its lead site's Land and carrier and one
primary field. Disclosure control itself is in ``core.disclosure``; here its arrays are made.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from patenwerk.core.disclosure.figures import Breakdown, Figures
from patenwerk.core.disclosure.ledger import Ledger
from patenwerk.core.disclosure.minimum import MINIMUM_CELL
from patenwerk.core.disclosure.protection import Protected, protect
from patenwerk.reporting.kernel.counting import Verdict

LAND, FOCUS, CARRIER = "land", "focus", "carrier"
TABLES = (LAND, FOCUS, CARRIER)
UNKNOWN = "unknown"
IMPORTED = "imported"


@dataclass(frozen=True)
class YearlyFigure:
    """A carrier's founded tandems of one year, divided by Land and, on its own, by focus.

    What ``lands`` or ``focuses`` do not account for stands under ``unknown``. ``imported``: from
    before the installation, reported and not counted here.
    """

    year: int
    carrier: str
    total: int
    lands: Mapping[str, int] = field(default_factory=dict)
    focuses: Mapping[str, int] = field(default_factory=dict)
    imported: bool = False

    def __post_init__(self) -> None:
        """Refuse parts below zero or above the total (``ValueError``)."""
        for parts in (self.lands, self.focuses):
            if min((self.total, *parts.values())) < 0 or sum(parts.values()) > self.total:
                raise ValueError(f"{self.carrier} {self.year}: parts do not fit in {self.total}")


@dataclass(frozen=True)
class CountedTandem:
    """A tandem's verdicts and where it belongs: lead site's carrier and Land, primary field."""

    verdicts: Sequence[Verdict]
    carrier: str
    land: str = UNKNOWN
    focus: str = UNKNOWN


def yearly_figures(tandems: Iterable[CountedTandem]) -> list[YearlyFigure]:
    """Founded tandems, each once, gathered by year and carrier (sorted)."""
    lands: dict[tuple[int, str], dict[str, int]] = {}
    focuses: dict[tuple[int, str], dict[str, int]] = {}
    for tandem in tandems:
        year = next((one.year for one in tandem.verdicts if one.founded), None)
        if year is None:
            continue
        key = (year, tandem.carrier)
        for parts, group in ((lands, tandem.land), (focuses, tandem.focus)):
            part = parts.setdefault(key, {})
            part[group] = part.get(group, 0) + 1
    return [
        YearlyFigure(year, carrier, sum(part.values()), part, focuses[year, carrier])
        for (year, carrier), part in sorted(lands.items())
    ]


def table(
    tandems: Iterable[CountedTandem], years: Sequence[int], columns: Sequence[str], *, by: str
) -> np.ndarray:
    """Unhidden counts for those who may see them, shape (years, columns, 2).

    The last axis is founded, continued. ``by`` is ``land``, ``focus`` or ``carrier``; years and
    columns not asked for are left out.
    """
    counts = np.zeros((len(years), len(columns), 2), dtype=np.int64)
    row = {year: at for at, year in enumerate(years)}
    place = {column: at for at, column in enumerate(columns)}
    for tandem in tandems:
        column = getattr(tandem, by)
        for one in tandem.verdicts:
            if one.counts and one.year in row and column in place:
                counts[row[one.year], place[column], int(one.continued)] += 1
    return counts


def release_figures(
    figures: Iterable[YearlyFigure],
    *,
    lands: Sequence[str],
    focuses: Sequence[str],
    carriers: Sequence[str],
    settled: Iterable[int],
) -> Figures:
    """The arrays disclosure control works on, from the first year with a figure to the last.

    Several figures of one year and carrier add up (imported and counted ones). A year is marked
    ``imported`` as soon as one of its figures is. Groups that appear only in the figures get a
    column after those asked for. ``settled`` years are divided; others show their total only.
    """
    every = sorted(figures, key=lambda one: (one.year, one.carrier))
    years = range(every[0].year, every[-1].year + 1) if every else range(0)
    contributors = _columns(carriers, ({one.carrier: 1} for one in every))
    parts = {
        LAND: [_rest(one.lands, one.total) for one in every],
        FOCUS: [_rest(one.focuses, one.total) for one in every],
        CARRIER: [{one.carrier: one.total} for one in every],
    }
    asked = {LAND: lands, FOCUS: focuses, CARRIER: contributors}
    breakdowns = []
    for name in TABLES:
        columns = _columns(asked[name], parts[name])
        shares = np.zeros((len(contributors), len(years), len(columns)), dtype=np.int64)
        for one, part in zip(every, parts[name], strict=True):
            at = contributors.index(one.carrier), one.year - years[0]
            for group, count in part.items():
                shares[(*at, columns.index(group))] += count
        breakdowns.append(Breakdown(name, columns, shares, columns if name == CARRIER else ()))
    marked = {one.year for one in every if one.imported}
    return Figures(
        periods=tuple(str(year) for year in years),
        contributors=contributors,
        breakdowns=tuple(breakdowns),
        settled=frozenset(str(year) for year in settled if year in years),
        marks={str(year): (IMPORTED,) for year in sorted(marked)},
    )


def publish(
    figures: Figures, *, on: date, minimum: int = MINIMUM_CELL, ledger: Ledger | None = None
) -> Protected:
    """A dated release after disclosure control; ``ledger`` is the one the last release returned."""
    return protect(figures, release=on.isoformat(), minimum=minimum, ledger=ledger)


def _rest(parts: Mapping[str, int], total: int) -> dict[str, int]:
    rest = total - sum(parts.values())
    return {**parts, UNKNOWN: parts.get(UNKNOWN, 0) + rest} if rest else dict(parts)


def _columns(asked: Sequence[str], parts: Iterable[Mapping[str, int]]) -> tuple[str, ...]:
    found = {group for part in parts for group, count in part.items() if count}
    return (*asked, *sorted(found - set(asked)))
