"""What has been published so far, kept so that a later release cannot betray an earlier one.

The ledger holds true counts: it is as confidential as the figures themselves and never published.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

# contributor → column → count; what is zero is left out
Shares = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Stand:
    """A period's figures as one release took them: every breakdown, by its name."""

    release: str
    tables: dict[str, Shares]

    def totals(self) -> dict[str, int]:
        """Each contributor's total."""
        shares = next(iter(self.tables.values()))
        return {name: sum(columns.values()) for name, columns in shares.items()}


@dataclass(frozen=True)
class Row:
    """A row of a published table: never changed once it is there.

    ``since`` counts the releases of the table before the one that first held the row; ``as_of`` is
    that release's name.
    """

    since: int
    as_of: str
    shares: Shares
    hidden: tuple[str, ...]

    def count(self, column: str) -> int:
        return sum(columns.get(column, 0) for columns in self.shares.values())

    def total(self) -> int:
        return sum(sum(columns.values()) for columns in self.shares.values())


@dataclass
class TableRecord:
    """One table through all releases: its rows, and which column totals each release hid."""

    columns: list[str] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    hidden_totals: list[tuple[str, ...]] = field(default_factory=list)


@dataclass
class Ledger:
    """All releases so far. ``stands[period]`` lists every total ever published for the period."""

    releases: list[str] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)
    stands: dict[str, list[Stand]] = field(default_factory=dict)
    tables: dict[str, TableRecord] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain dictionaries, lists, numbers and words (confidential)."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Ledger":
        """The inverse of ``to_json``."""
        return cls(
            releases=list(data["releases"]),
            periods=list(data["periods"]),
            stands={
                period: [Stand(stand["release"], stand["tables"]) for stand in stands]
                for period, stands in data["stands"].items()
            },
            tables={name: _record(table) for name, table in data["tables"].items()},
        )


def _record(data: dict[str, Any]) -> TableRecord:
    return TableRecord(
        columns=list(data["columns"]),
        owners=dict(data["owners"]),
        rows={
            period: Row(row["since"], row["as_of"], row["shares"], tuple(row["hidden"]))
            for period, row in data["rows"].items()
        },
        hidden_totals=[tuple(columns) for columns in data["hidden_totals"]],
    )
