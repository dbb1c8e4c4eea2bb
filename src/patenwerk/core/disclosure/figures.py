"""What goes in: true counts by period, broken down by groups, with each contributor's part."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Breakdown:
    """One way to divide every period's total into groups.

    ``shares`` has the shape (contributors, periods, columns) and holds whole numbers >= 0; the true
    count of a cell is the sum over the contributors. ``owners`` names, for each column, the
    contributor who knows that whole column because the column *is* that contributor (``None``:
    nobody does); left empty, nobody does anywhere.
    """

    name: str
    columns: tuple[str, ...]
    shares: Counts
    owners: tuple[str | None, ...] = ()


@dataclass(frozen=True)
class Figures:
    """All breakdowns of the same periods; each divides the same totals.

    ``periods`` are in order of time. ``settled`` names the periods whose breakdown may be
    published: it is published once and never changes, so a period is settled when all have
    reported. ``marks`` are codes carried through to the published rows (where the figures of a
    period are from, for instance).
    """

    periods: tuple[str, ...]
    contributors: tuple[str, ...]
    breakdowns: tuple[Breakdown, ...]
    settled: frozenset[str] = frozenset()
    marks: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse figures that contradict themselves (``ValueError``)."""
        for labels in (self.periods, self.contributors, self.names):
            _refuse_twice(labels)
        if not self.breakdowns:
            raise ValueError("figures need at least one breakdown")
        unknown = (self.settled | self.marks.keys()) - set(self.periods)
        if unknown:
            raise ValueError(f"not a period of these figures: {', '.join(sorted(unknown))}")
        for breakdown in self.breakdowns:
            self._check(breakdown)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(breakdown.name for breakdown in self.breakdowns)

    @property
    def totals(self) -> Counts:
        """Total of each contributor in each period, shape (contributors, periods)."""
        totals: Counts = self.breakdowns[0].shares.sum(axis=2)
        return totals

    def _check(self, breakdown: Breakdown) -> None:
        _refuse_twice(breakdown.columns)
        shape = (len(self.contributors), len(self.periods), len(breakdown.columns))
        if breakdown.shares.shape != shape:
            raise ValueError(f"{breakdown.name}: shape {breakdown.shares.shape}, expected {shape}")
        if not np.issubdtype(breakdown.shares.dtype, np.integer) or (breakdown.shares < 0).any():
            raise ValueError(f"{breakdown.name}: counts are whole numbers from 0 on")
        if breakdown.owners and len(breakdown.owners) != len(breakdown.columns):
            raise ValueError(f"{breakdown.name}: one owner (or None) for each column")
        if not np.array_equal(breakdown.shares.sum(axis=2), self.totals):
            raise ValueError(f"{breakdown.name}: totals differ from those of {self.names[0]}")


def _refuse_twice(labels: tuple[str, ...]) -> None:
    if len(set(labels)) != len(labels):
        raise ValueError(f"a label appears twice: {', '.join(labels)}")
