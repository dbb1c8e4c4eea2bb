"""Disclosure control: which numbers of a dated release are published, given all earlier ones.

Promise: nobody who reads all releases, knows the rule and knows one contributor's own figures can
narrow any hidden number (of others) to an interval narrower than the minimum cell. How and why: see
docs/explanation/disclosure.md.
"""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from patenwerk.core.disclosure.figures import Breakdown, Figures
from patenwerk.core.disclosure.ledger import Ledger, Row, Shares, Stand, TableRecord
from patenwerk.core.disclosure.network import UNBOUNDED, Moves, Name, Network
from patenwerk.core.disclosure.publication import Publication, PublishedTable, PublishedTotals
from patenwerk.core.disclosure.rows import Mask, movable, sensitive, slack, with_partners

LOWEST_MINIMUM = 3


class Unprotected(Exception):
    """The audit found a hidden number that could be computed too closely; nothing is published."""


@dataclass(frozen=True)
class Protected:
    """``publication`` is for everyone; ``ledger`` is confidential, for the next release."""

    publication: Publication
    ledger: Ledger


def protect(
    figures: Figures,
    *,
    release: str,
    minimum: int = 5,
    ledger: Ledger | None = None,
    partners: bool = True,
) -> Protected:
    """Decide what a release publishes, and audit the decision.

    ``release`` names it (its date, say); ``ledger`` is what the release before returned; the ledger
    given is not changed. Every interval of a hidden number is at least ``minimum`` wide.
    ``partners=False`` hides small cells alone and skips the audit: it exists so that a test can see
    an attacker succeed, and protects nobody. Raises ``ValueError`` on a minimum below 3 or a
    release name used before; ``Unprotected`` if the audit fails.
    """
    if minimum < LOWEST_MINIMUM:
        raise ValueError(f"minimum cell {minimum}: never below {LOWEST_MINIMUM}")
    book = deepcopy(ledger) if ledger else Ledger()
    if release in book.releases:
        raise ValueError(f"release {release} exists")
    gone = [period for period in book.periods if period not in figures.periods]
    book.periods = [*gone, *figures.periods]
    book.releases.append(release)
    for row, period in enumerate(figures.periods):
        _take_stand(book, figures, row, period, minimum)
    for breakdown in figures.breakdowns:
        record = book.tables.setdefault(breakdown.name, TableRecord())
        _remember_columns(record, breakdown)
        _add_rows(book, record, figures, breakdown.name, minimum, partners=partners)
        _choose_totals(record, minimum, partners=partners)
        if partners and _narrow(record, record.hidden_totals, minimum, {}):
            raise Unprotected(breakdown.name)
    return Protected(_published(book, figures, release, minimum), book)


def _take_stand(book: Ledger, figures: Figures, row: int, period: str, minimum: int) -> None:
    """Take the period's new figures over, if the change against every earlier stand is harmless."""
    stand = Stand(
        book.releases[-1],
        {
            breakdown.name: _shares(figures.contributors, breakdown, row)
            for breakdown in figures.breakdowns
        },
    )
    earlier = book.stands.get(period, [])
    now = stand.totals()
    if not earlier and not sum(now.values()) and period not in figures.settled:
        return
    before = [one.totals() for one in earlier] or [{}]
    if all(_harmless(now, old, minimum) for old in before):
        book.stands[period] = [*earlier, stand]


def _harmless(now: dict[str, int], before: dict[str, int], minimum: int) -> bool:
    """Whether the change is 0 or at least the minimum, also after any contributor's own change."""
    own = [now.get(name, 0) - before.get(name, 0) for name in now.keys() | before.keys()]
    change = sum(own)
    return all(rest == 0 or abs(rest) >= minimum for rest in (change, *(change - x for x in own)))


def _shares(contributors: Sequence[str], breakdown: Breakdown, row: int) -> Shares:
    return {
        contributor: {
            column: int(count)
            for column, count in zip(breakdown.columns, breakdown.shares[one, row], strict=True)
            if count
        }
        for one, contributor in enumerate(contributors)
    }


def _remember_columns(record: TableRecord, breakdown: Breakdown) -> None:
    known = set(record.columns)
    record.columns += [column for column in breakdown.columns if column not in known]
    for column, owner in zip(breakdown.columns, breakdown.owners, strict=False):
        if owner is not None:
            record.owners[column] = owner


def _add_rows(
    book: Ledger, record: TableRecord, figures: Figures, name: str, minimum: int, *, partners: bool
) -> None:
    """Lay down the rows of settled periods that are not there yet and can be protected."""
    stands = {
        period: every[-1] for period, every in book.stands.items() if name in every[-1].tables
    }
    new = [
        period
        for period in figures.periods
        if period in figures.settled and period in stands and period not in record.rows
    ]
    owners = tuple(record.owners.get(column) for column in record.columns)
    shares = {period: stands[period].tables[name] for period in new}
    everyone = sorted({one for part in shares.values() for one in part})
    arrays = {period: _array(part, everyone, record.columns) for period, part in shares.items()}
    filled = {period: array.sum(axis=0) > 0 for period, array in arrays.items()}
    filled |= {
        period: np.array([row.count(column) > 0 for column in record.columns])
        for period, row in record.rows.items()
    }
    small = {
        period: sensitive(array, minimum, _present(filled, period, len(record.columns)))
        for period, array in arrays.items()
    }
    often = sum(
        (mask.astype(float) for mask in small.values()), start=_hidden_in(record.rows, record)
    )
    moves = movable(tuple(everyone), owners)
    for period, array in arrays.items():
        hidden: Mask | None = small[period]
        if partners:
            hidden = with_partners(
                small[period], slack(array), moves, minimum, _price(array, often)
            )
        if hidden is None:
            continue
        often = often + (hidden & ~small[period])
        record.rows[period] = Row(
            len(record.hidden_totals),
            stands[period].release,
            shares[period],
            tuple(column for column, hide in zip(record.columns, hidden, strict=True) if hide),
        )


def _array(shares: Shares, contributors: Sequence[str], columns: Sequence[str]) -> np.ndarray:
    return np.array(
        [[shares.get(one, {}).get(column, 0) for column in columns] for one in contributors],
        dtype=np.int64,
    ).reshape(len(contributors), len(columns))


def _present(filled: dict[str, Mask], period: str, columns: int) -> Mask:
    others = [mask for other, mask in filled.items() if other != period]
    return np.logical_or.reduce(others) if others else np.zeros(columns, dtype=bool)


def _hidden_in(rows: dict[str, Row], record: TableRecord) -> np.ndarray:
    return np.array(
        [sum(column in row.hidden for row in rows.values()) for column in record.columns],
        dtype=float,
    )


def _price(array: np.ndarray, often: np.ndarray) -> np.ndarray:
    """What hiding a cell costs: little where small, less where the column hides others anyway.

    The same partners year after year let the column totals be published again. An empty cell is
    never a partner: that nobody is there may be known.
    """
    counts = array.sum(axis=0)
    return np.where(counts > 0, (1 + 0.2 * np.log1p(counts)) / (1 + often), np.inf)


def _choose_totals(record: TableRecord, minimum: int, *, partners: bool) -> None:
    """Hide the column totals over hidden cells, then publish each that the audit allows."""
    last = len(record.hidden_totals)
    before = set(record.hidden_totals[-1]) if record.hidden_totals else set()
    fresh = [row for row in record.rows.values() if row.since == last]
    closed = [
        column
        for column in record.columns
        if column in before or any(column in row.hidden for row in fresh)
    ]
    if not partners:
        closed = []
    record.hidden_totals.append(tuple(closed))
    hidden = _hidden_in(record.rows, record)
    rank = {column: hidden[at] for at, column in enumerate(record.columns)}
    proofs: dict[Name, Moves] = {}
    for column in sorted(closed, key=lambda column: -rank[column]):
        if column in record.hidden_totals[-1] and rank[column] > 1:
            _open(record, column, minimum, proofs)


def _open(record: TableRecord, column: str, minimum: int, proofs: dict[Name, Moves]) -> None:
    """Publish a column's total, with others that would follow from it, if all intervals hold."""
    *before, closed = record.hidden_totals
    opened = {column}
    while opened:
        closed = tuple(other for other in closed if other not in opened)
        narrow = _narrow(record, [*before, closed], minimum, proofs)
        if not narrow:
            record.hidden_totals = [*before, closed]
        opened = {other for other in narrow if other is not None}


def _narrow(
    record: TableRecord,
    hidden_totals: list[tuple[str, ...]],
    minimum: int,
    proofs: dict[Name, Moves],
) -> set[str | None]:
    """The audit: hidden numbers whose interval is too narrow for somebody, empty if there are none.

    Asks for an outsider and for every contributor, and stops at the first who learns too much. A
    total of the last release is named by its column, anything else is ``None`` (and then no other
    is named).
    """
    everyone = {one for row in record.rows.values() for one in row.shares}
    last = len(hidden_totals) - 1
    for who in (None, *sorted(everyone)):
        network = _network(record, hidden_totals, who)
        narrow: set[str | None] = set()
        for edge in network.narrow(minimum, proofs):
            column, release = network.names[edge]
            if release != last:
                return {None}
            narrow.add(column)
        if narrow:
            return narrow
    return set()


def _network(record: TableRecord, hidden_totals: list[tuple[str, ...]], who: str | None) -> Network:
    """The hidden numbers of a table as seen by ``who``: sums are nodes, hidden numbers edges.

    A column has one node per release, where the total before, the rows added and the total after
    meet; the total after the last release leads to one node for everything unpublished.
    """
    number: dict[Name | str, int] = {"unpublished": 0}

    def node(key: Name | str) -> int:
        return number.setdefault(key, len(number))

    edges: list[tuple[int, int, int, Name]] = []
    for period, row in record.rows.items():
        for column in row.hidden:
            if who is None or record.owners.get(column) != who:
                count = row.count(column)
                known = row.shares.get(who, {}).get(column, 0) if who else 0
                give = count - max(known, min(count, 1))
                ends = node(f"period {period}"), node((column, row.since))
                edges.append((*ends, give, (column, period)))
    last = len(hidden_totals) - 1
    for release, columns in enumerate(hidden_totals):
        for column in columns:
            if who is None or record.owners.get(column) != who:
                after = node((column, release + 1)) if release < last else 0
                edges.append((node((column, release)), after, UNBOUNDED, (column, release)))
    return Network(
        nodes=len(number),
        tails=[edge[0] for edge in edges],
        heads=[edge[1] for edge in edges],
        slack=[edge[2] for edge in edges],
        names=[edge[3] for edge in edges],
    )


def _published(book: Ledger, figures: Figures, release: str, minimum: int) -> Publication:
    stands = [book.stands.get(period, [None])[-1] for period in book.periods]
    values = [None if stand is None else sum(stand.totals().values()) for stand in stands]
    return Publication(
        release=release,
        minimum=minimum,
        totals=PublishedTotals(
            periods=tuple(book.periods),
            values=tuple(values),
            as_of=tuple(stand.release if stand else None for stand in stands),
            marks=_marks(figures, book.periods),
            grand_total=sum(value for value in values if value is not None),
        ),
        tables=tuple(_table(book, figures, breakdown.name) for breakdown in figures.breakdowns),
    )


def _table(book: Ledger, figures: Figures, name: str) -> PublishedTable:
    record = book.tables[name]
    rows = {period: record.rows[period] for period in book.periods if period in record.rows}
    totals = tuple(row.total() for row in rows.values())
    return PublishedTable(
        name=name,
        periods=tuple(rows),
        columns=tuple(record.columns),
        values=tuple(
            tuple(None if column in row.hidden else row.count(column) for column in record.columns)
            for row in rows.values()
        ),
        period_totals=totals,
        column_totals=tuple(
            None
            if column in record.hidden_totals[-1]
            else sum(row.count(column) for row in rows.values())
            for column in record.columns
        ),
        grand_total=sum(totals),
        as_of=tuple(row.as_of for row in rows.values()),
        marks=_marks(figures, rows),
        waiting=tuple(
            period for period in book.periods if period in figures.settled and period not in rows
        ),
    )


def _marks(figures: Figures, periods: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(figures.marks.get(period, ()) for period in periods)
