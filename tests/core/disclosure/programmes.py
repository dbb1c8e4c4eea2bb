"""Random figures with the skew of real ones: a few large contributors, many small corners."""

from dataclasses import dataclass

import numpy as np

from patenwerk.core.disclosure.figures import Breakdown, Figures
from tests.core.disclosure.attacker import Insider


@dataclass(frozen=True)
class Programme:
    """True figures as each release finds them, oldest first."""

    releases: tuple[tuple[str, Figures], ...]

    def insiders(self) -> list[Insider]:
        names = self.releases[-1][1].contributors
        return [self.insider(name) for name in names]

    def insider(self, name: str) -> Insider:
        own = {
            release: {
                breakdown.name: {
                    period: {
                        column: int(breakdown.shares[figures.contributors.index(name), row, at])
                        for at, column in enumerate(breakdown.columns)
                    }
                    for row, period in enumerate(figures.periods)
                }
                for breakdown in figures.breakdowns
            }
            for release, figures in self.releases
        }
        return Insider(name, own, frozenset({("group", name)}))


def figures_of(cube: np.ndarray, periods: list[str], settled: list[str]) -> Figures:
    """Figures of a cube (contributors, periods, regions, themes)."""
    contributors = tuple(f"group {n + 1}" for n in range(cube.shape[0]))
    totals = cube.sum(axis=(2, 3))
    own = np.zeros((*totals.shape, len(contributors)), dtype=np.int64)
    for n in range(len(contributors)):
        own[n, :, n] = totals[n]
    return Figures(
        periods=tuple(periods),
        contributors=contributors,
        breakdowns=(
            Breakdown("region", _labels("region", cube.shape[2]), cube.sum(axis=3)),
            Breakdown("theme", _labels("theme", cube.shape[3]), cube.sum(axis=2)),
            Breakdown("group", contributors, own, contributors),
        ),
        settled=frozenset(settled),
    )


def _labels(word: str, number: int) -> tuple[str, ...]:
    return tuple(f"{word} {n + 1}" for n in range(number))


def random_programme(seed: int) -> Programme:
    """2 to 30 contributors, 3 to 15 periods, 16 regions, up to 6 themes, 1 to 5 releases."""
    random = np.random.default_rng(seed)
    contributors, themes = int(random.integers(2, 31)), int(random.integers(2, 7))
    years, releases = int(random.integers(3, 16)), int(random.integers(1, 6))
    size = float(np.exp(random.uniform(np.log(30), np.log(3000))))
    cube = _cube(random, contributors, years, themes, size)
    return _released(random, cube, releases)


def realistic_programme(seed: int, imported: float = 600) -> Programme:
    """6 contributors with 24 sites, 800 tandems of 4 years, yearly figures for 7 years before."""
    random = np.random.default_rng(seed)
    cube = _cube(random, 6, 11, 5, 200, sites=24, ramp=False)
    before = _cube(random, 6, 11, 5, imported, sites=24, ramp=False)
    cube[:, :7] = before[:, :7]
    return _released(random, cube, 3)


def _cube(
    random: np.random.Generator,
    contributors: int,
    years: int,
    themes: int,
    size: float,
    *,
    sites: int | None = None,
    ramp: bool = True,
) -> np.ndarray:
    """Expected counts per site spread over themes, then drawn."""
    places = random.dirichlet(np.full(16, 0.6))
    cube = np.zeros((contributors, years, 16, themes), dtype=np.int64)
    number = sites or contributors * int(random.integers(1, 6))
    owner = np.arange(number) % contributors
    weight = random.lognormal(0, 0.8, number)
    weight *= size / weight.sum()
    for site in range(number):
        region = random.choice(16, p=places)
        start = int(random.integers(0, years)) if ramp and random.random() < 0.4 else 0
        mix = random.dirichlet(np.full(themes, 1.0))
        for year in range(start, years):
            cube[owner[site], year, region] += random.poisson(weight[site] * mix)
    return cube


def _released(random: np.random.Generator, cube: np.ndarray, releases: int) -> Programme:
    """The last releases look at ever later times: a running period grows, late ones come in."""
    years = cube.shape[1]
    periods = [str(2016 + n) for n in range(years)]
    made = []
    now = cube.copy()
    late = cube.copy()
    for n in range(releases):
        last = max(0, years - 1 - (releases - 1 - n) // 2)
        now = np.maximum(late, 0)[:, : last + 1].copy()
        running = n % 2 == releases % 2
        if running:
            now[:, last] = random.binomial(now[:, last], 0.5)
        settled = periods[: last if running else last + 1]
        made.append((f"release {n + 1}", figures_of(now, periods[: last + 1], settled)))
        for _ in range(int(random.integers(0, 6))):
            at = tuple(int(random.integers(0, bound)) for bound in cube.shape)
            late[at] += int(random.integers(-3, 8))
        late = np.maximum(late, 0)
    return Programme(tuple(made))
