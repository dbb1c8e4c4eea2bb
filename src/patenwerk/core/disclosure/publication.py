"""What comes out: the published form, plain values that survive a trip through JSON.

A hidden cell is ``None``, whether it is small itself or hidden to protect another: the two look the
same, everywhere.
"""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class PublishedTotals:
    """The total of each period. ``as_of`` names the release from which each figure stands.

    ``values`` are ``None`` for a period held back; ``grand_total`` is the sum of the others.
    """

    periods: tuple[str, ...]
    values: tuple[int | None, ...]
    as_of: tuple[str | None, ...]
    marks: tuple[tuple[str, ...], ...]
    grand_total: int


@dataclass(frozen=True)
class PublishedTable:
    """One breakdown of the settled periods.

    ``values[row][column]``, ``period_totals[row]`` and ``column_totals[column]`` add up among
    themselves; ``grand_total`` is the sum of ``period_totals``. ``as_of`` names the release in
    which each row was first published. ``waiting`` are settled periods that cannot be divided yet
    without disclosing something.
    """

    name: str
    periods: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[int | None, ...], ...]
    period_totals: tuple[int, ...]
    column_totals: tuple[int | None, ...]
    grand_total: int
    as_of: tuple[str, ...]
    marks: tuple[tuple[str, ...], ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True)
class Publication:
    """Everything one dated release makes public."""

    release: str
    minimum: int
    totals: PublishedTotals
    tables: tuple[PublishedTable, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain dictionaries, lists, numbers and words."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Publication":
        """The inverse of ``to_json``."""
        return cls(
            release=data["release"],
            minimum=data["minimum"],
            totals=PublishedTotals(**_frozen(data["totals"])),
            tables=tuple(PublishedTable(**_frozen(table)) for table in data["tables"]),
        )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _frozen(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: _tuple(value) for key, value in fields.items()}


def _tuple(value: Any) -> Any:
    return tuple(_tuple(item) for item in value) if isinstance(value, list) else value
