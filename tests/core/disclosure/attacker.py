"""An attacker who reads published files and nothing of the code that made them.

It knows every release so far (as exported), the documented rule (a row never changes once it is
published), that counts are whole numbers from 0 on, and one contributor's own figures. For every
hidden number it computes the exact interval of values that agree with all of this.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

# (table, "cell" or "total", period or release, column)
Key = tuple[str, str, str, str]
ENDLESS = 1 << 40
Exports = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Insider:
    """One contributor: its own counts by release, table, period and column; columns that are it."""

    name: str
    own: Mapping[str, Mapping[str, Mapping[str, Mapping[str, int]]]]
    owned: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Interval:
    key: Key
    low: int
    high: int

    @property
    def width(self) -> int:
        return self.high - self.low


class _Equations:
    """Published sums over unknown numbers, and what is known of each from below and above."""

    def __init__(self) -> None:
        self.index: dict[Key, int] = {}
        self.low: list[float] = []
        self.high: list[float] = []
        self.rows: dict[tuple[tuple[int, int], ...], int] = {}

    def unknown(self, key: Key, low: int = 0, high: float = np.inf) -> int:
        if key not in self.index:
            self.index[key] = len(self.low)
            self.low.append(0)
            self.high.append(np.inf)
        at = self.index[key]
        self.low[at], self.high[at] = max(self.low[at], low), min(self.high[at], high)
        return at

    def add(self, terms: Iterable[tuple[int, int]], right: int) -> None:
        row = tuple(sorted(terms))
        if not row:
            assert right == 0, "published numbers contradict each other"
            return
        assert self.rows.setdefault(row, right) == right

    def parts(self) -> list[list[int]]:
        """Unknowns that share no equation do not influence each other."""
        group = list(range(len(self.low)))

        def root(at: int) -> int:
            while group[at] != at:
                at = group[at]
            return at

        for row in self.rows:
            for at, _ in row:
                group[root(at)] = root(row[0][0])
        found: dict[int, list[int]] = {}
        for at in range(len(group)):
            found.setdefault(root(at), []).append(at)
        return list(found.values())


def intervals(
    exports: Exports, insider: Insider | None = None, *, enough: int = ENDLESS
) -> list[Interval]:
    """The interval of each hidden number of others, over all releases together.

    What is seen to be at least ``enough`` wide is not computed to the end; pass nothing for exact
    intervals everywhere.
    """
    equations = _read(exports, insider)
    found: list[Interval] = []
    for part in equations.parts():
        found += _solve(equations, part, enough)
    hidden = {key for key in equations.index if not _owned(key, insider)}
    return [interval for interval in found if interval.key in hidden]


def _owned(key: Key, insider: Insider | None) -> bool:
    return insider is not None and (key[0], key[3]) in insider.owned


def _read(exports: Exports, insider: Insider | None) -> _Equations:
    equations = _Equations()
    for export in exports:
        for table in export["tables"]:
            _read_table(equations, export["release"], table, insider)
    return equations


def _read_table(
    equations: _Equations, release: str, table: Mapping[str, Any], insider: Insider | None
) -> None:
    name, columns = table["name"], table["columns"]
    sums: list[list[tuple[int, int]]] = [[] for _ in columns]
    seen = [0] * len(columns)
    for period, values, period_total, as_of in zip(
        table["periods"], table["values"], table["period_totals"], table["as_of"], strict=True
    ):
        terms, left = [], period_total
        for at, (column, value) in enumerate(zip(columns, values, strict=True)):
            if value is not None:
                seen[at] += value
                left -= value
                continue
            key = (name, "cell", period, column)
            own = insider.own[as_of][name].get(period, {}).get(column, 0) if insider else 0
            unknown = equations.unknown(key, own, own if _owned(key, insider) else np.inf)
            terms.append((unknown, 1))
            sums[at].append((unknown, 1))
        equations.add(terms, left)
    for at, (column, value) in enumerate(zip(columns, table["column_totals"], strict=True)):
        if value is None:
            total = equations.unknown((name, "total", release, column))
            equations.add([*sums[at], (total, -1)], -seen[at])
        else:
            equations.add(sums[at], value - seen[at])


def _solve(equations: _Equations, part: list[int], enough: int) -> list[Interval]:
    place = {at: n for n, at in enumerate(part)}
    keys = {at: key for key, at in equations.index.items()}
    inside = [row for row in equations.rows if row[0][0] in place]
    matrix = csr_array((len(inside), len(part)))
    if inside:
        data = [(n, place[at], sign) for n, row in enumerate(inside) for at, sign in row]
        where = ([n for n, _, _ in data], [at for _, at, _ in data])
        matrix = csr_array(([sign for *_, sign in data], where), shape=matrix.shape)
    right = [equations.rows[row] for row in inside]
    bounds = Bounds([equations.low[at] for at in part], [equations.high[at] for at in part])
    low, high = np.full(len(part), np.inf), np.full(len(part), -np.inf)
    constraints = [LinearConstraint(matrix, right, right)] if inside else []
    spread = np.random.default_rng(0).choice([-1.0, 0.0, 1.0], (8 * (enough < ENDLESS), len(part)))
    aims = [*spread, *(np.eye(len(part))[at] * sign for at in range(len(part)) for sign in (1, -1))]
    for aim in aims:
        single = np.flatnonzero(aim) if len(aim) else []
        at = int(single[0]) if len(single) else 0
        if len(single) == 1 and high[at] - low[at] >= enough:
            continue
        answer = milp(aim, integrality=np.ones(len(part)), bounds=bounds, constraints=constraints)
        assert answer.x is not None, answer.message
        low, high = np.minimum(low, answer.x.round()), np.maximum(high, answer.x.round())
    return [Interval(keys[at], int(low[place[at]]), int(high[place[at]])) for at in part]


def changes(exports: Exports, insider: Insider | None = None) -> list[int]:
    """What each pair of releases says a period's total changed by, after the insider's own part."""
    found = []
    for n, first in enumerate(exports):
        for second in exports[n + 1 :]:
            old = dict(_totals(first, insider))
            found += [value - old[key] for key, value in _totals(second, insider) if key in old]
    return found


def _totals(export: Mapping[str, Any], insider: Insider | None) -> Iterable[tuple[str, int]]:
    totals = export["totals"]
    for period, value, as_of in zip(
        totals["periods"], totals["values"], totals["as_of"], strict=True
    ):
        if value is not None:
            own = next(iter(insider.own[as_of].values())).get(period, {}) if insider else {}
            yield period, value - sum(own.values())
