"""Yearly figures from before the demo's own tandems: a real programme's shape, much smaller."""

from __future__ import annotations

from datetime import date

from patenwerk.demo.kernel.scene import CARRIERS, FOCUSES

SHAPE = {
    2016: 273,
    2017: 304,
    2018: 285,
    2019: 274,
    2020: 143,
    2021: 175,
    2022: 326,
    2023: 280,
}
"""Up in the first years, few in the years of distance, most of all in 2022."""
LATER = 255
FOCUS_SHARES = {"ankommen": 52, "chancen": 30, "abstand": 14, "ukraine": 34}
HEADER = "Jahr;Träger;Merkmal;Wert;Anzahl"


def yearly_figures(first: int, last: int) -> str:
    """A file of figures of the years ``first`` to ``last`` as the programme office would import it.

    Per year and carrier a total, divided by Land and by focus.
    """
    lines = [HEADER]
    for year in range(first, last + 1):
        weights = [sum(site.weight for site in carrier.sites) for carrier in CARRIERS]
        totals = parts_of(SHAPE.get(year, LATER), weights)
        for carrier, total in zip(CARRIERS, totals, strict=True):
            lines.append(f"{year};{carrier.name};gesamt;;{total}")
            lands: dict[str, int] = {}
            for site in carrier.sites:
                lands[site.land] = lands.get(site.land, 0) + site.weight
            lines += _rows(year, carrier.name, "Land", lands, total)
            lines += _rows(year, carrier.name, "Schwerpunkt", _focuses_of(year), total)
    return "\n".join(lines) + "\n"


def parts_of(total: int, weights: list[int]) -> list[int]:
    """``total`` divided by weights into whole numbers: the largest remainders get one more."""
    shares = [total * weight / sum(weights) for weight in weights]
    parts = [int(share) for share in shares]
    by_rest = sorted(range(len(parts)), key=lambda at: parts[at] - shares[at])
    for at in by_rest[: total - sum(parts)]:
        parts[at] += 1
    return parts


def _focuses_of(year: int) -> dict[str, int]:
    """The focuses in force in a year with their shares."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return {
        word.code: FOCUS_SHARES[word.code]
        for word in FOCUSES
        if word.starts_on is not None
        and word.starts_on <= last
        and (word.ends_on is None or word.ends_on >= first)
    }


def _rows(year: int, carrier: str, what: str, weights: dict[str, int], total: int) -> list[str]:
    counts = parts_of(total, list(weights.values()))
    return [
        f"{year};{carrier};{what};{code};{count}"
        for code, count in zip(weights, counts, strict=True)
        if count
    ]
