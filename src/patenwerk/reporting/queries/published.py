"""A release as its pages and files show it: years, groups, words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from patenwerk.core.disclosure.publication import Publication, PublishedTable
from patenwerk.reporting.kernel.release import CARRIER, FOCUS, IMPORTED, LAND
from patenwerk.reporting.models import Release
from patenwerk.reporting.queries.release import name_in


@dataclass(frozen=True, slots=True)
class YearShown:
    """A year's total; None is held back. ``as_of`` names the release it was first in."""

    year: str
    value: int | None
    as_of: str | None
    imported: bool


@dataclass(frozen=True, slots=True)
class RowShown:
    """One group in each year, and over all of them; None is hidden."""

    code: str
    name: str
    values: tuple[int | None, ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class TableShown:
    """Groups down, years across."""

    name: str
    years: tuple[str, ...]
    rows: list[RowShown]
    year_totals: tuple[int, ...]
    grand_total: int
    waiting: tuple[str, ...]

    @property
    def hides(self) -> bool:
        """Whether anything in it is hidden."""
        return any(None in (*row.values, row.total) for row in self.rows)

    @property
    def cells(self) -> list[dict[str, object]]:
        """Rows that hold anything, each value beside its year."""
        return [
            {
                "name": row.name,
                "values": list(zip(self.years, row.values, strict=True)),
                "total": row.total,
            }
            for row in self.rows
            if any(value != 0 for value in (*row.values, row.total))
        ]

    @property
    def year_cells(self) -> list[tuple[str, int]]:
        """Each year's total beside its year."""
        return list(zip(self.years, self.year_totals, strict=True))


@dataclass(frozen=True, slots=True)
class ReleaseShown:
    """A calculated release, drafted or published."""

    release: Release
    years: list[YearShown]
    grand_total: int
    tables: dict[str, TableShown]

    @property
    def since(self) -> str:
        """The first year with a figure."""
        return self.years[0].year if self.years else ""

    @property
    def imported(self) -> tuple[str, str] | None:
        """First and last imported year."""
        found = [each.year for each in self.years if each.imported]
        return (found[0], found[-1]) if found else None

    @property
    def holds_back(self) -> bool:
        """Whether a year's total is held back."""
        return any(each.value is None for each in self.years)

    @property
    def hidden_count(self) -> int:
        """How many numbers are hidden or held back."""
        cells = (
            value
            for table in self.tables.values()
            for row in table.rows
            for value in (*row.values, row.total)
        )
        return sum(each.value is None for each in self.years) + sum(each is None for each in cells)


def shown(release: Release) -> ReleaseShown | None:
    """A release with the words of its columns; None while its tables are not there."""
    publication = release.publication
    if publication is None:
        return None
    totals = publication.totals
    years = [
        YearShown(year, value, as_of, IMPORTED in marks)
        for year, value, as_of, marks in zip(
            totals.periods, totals.values, totals.as_of, totals.marks, strict=True
        )
    ]
    by_name = {table.name: table for table in publication.tables}
    tables = {name: _table(release, by_name[name]) for name in (LAND, FOCUS, CARRIER)}
    return ReleaseShown(release, years, totals.grand_total, tables)


def file_rows(found: ReleaseShown) -> Iterator[tuple[str, str, str, str, int | None, str, str]]:
    """The same in rows: table, year, code, name, number, hidden or not, where it is from."""
    imported = {each.year for each in found.years if each.imported}

    def line(
        table: str, year: str, code: str, name: str, value: int | None
    ) -> tuple[str, str, str, str, int | None, str, str]:
        source = "imported" if year in imported else "counted" if year else ""
        return (table, year, code, name, value, "hidden" if value is None else "", source)

    for each in found.years:
        yield line("total", each.year, "", "", each.value)
    for table in found.tables.values():
        for row in table.rows:
            for year, value in zip(table.years, row.values, strict=True):
                yield line(table.name, year, row.code, row.name, value)
            if table.years:
                yield line(table.name, "", row.code, row.name, row.total)


def file_json(release: Release, publication: Publication) -> dict[str, object]:
    """The published tables as they are kept, with the words of the columns."""
    return {
        "programme": release.programme.name,
        "demo": release.programme.is_demo,
        "as_of": release.as_of.isoformat(),
        "counting_rule": release.rule_number,
        "settled_through": release.settled_through,
        "notes": release.notes,
        "names": release.names,
        **publication.to_json(),
    }


def _table(release: Release, table: PublishedTable) -> TableShown:
    rows = [
        RowShown(
            code=code,
            name=name_in(release.names, table.name, code),
            values=tuple(row[at] for row in table.values),
            total=table.column_totals[at],
        )
        for at, code in enumerate(table.columns)
    ]
    return TableShown(
        name=table.name,
        years=table.periods,
        rows=rows,
        year_totals=table.period_totals,
        grand_total=table.grand_total,
        waiting=table.waiting,
    )
