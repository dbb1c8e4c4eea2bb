"""What can be read from a list: filled by the apps above, which know the columns.

An app adds one :class:`Kind` per list (mentors, mentees). This app reads the file, asks what is
open, shows the preview and takes the rows in a job; what a column means, whom a row is about and
how it is stored only the kind knows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from patenwerk.core.policy import Actor
from patenwerk.core.registrations import Registered, Registry
from patenwerk.core.sheets.dates import DateOrder
from patenwerk.core.sheets.model import Sheet
from patenwerk.core.sheets.templates import TemplateTable
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Programme, Site


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column that a list may have: its code, its title in words, whether it holds dates."""

    name: str
    title: str
    has_dates: bool = False


@dataclass(frozen=True, slots=True)
class Suggested:
    """What one header most likely means; empty: nothing. ``sure`` where nobody has to look."""

    column: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """What a row says otherwise than what is stored, in words."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be taken: the column as the file calls it (empty: the whole row)."""

    header: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row beside what is stored.

    ``words`` of a new row says each value as understood, by column. ``fingerprint`` is the same
    exactly if the same would be written to the same entry. ``hint`` is what somebody should look at
    before taking the row. ``entry`` is the kind's own.
    """

    number: int
    label: str
    standing: Standing
    words: Callable[[], Mapping[str, str]] = dict
    differences: tuple[Difference, ...] = ()
    problems: tuple[Problem, ...] = ()
    fingerprint: str = ""
    hint: Callable[[], str] = str
    entry: Any = None


@dataclass(frozen=True, slots=True)
class TakenRows:
    """How many entries a batch made and changed."""

    new: int
    changed: int


Beside = Mapping[str, Sequence[Line]]
"""Name of a kind → the lines of its lists in the same file."""


class Kind(Registered, Protocol):
    """A list that can be read. ``permission``: what taking its rows needs at the site.

    ``order``: lists of one file are taken in this order, so that each finds what it refers to.
    """

    def title(self, programme: Programme) -> str:
        """What the list holds, in the programme's words: »Pat*innen«."""

    def sheet_words(self) -> Collection[str]:
        """Folded words that name a sheet of this kind: »mentoren«, »mentors«."""

    def columns(self) -> Sequence[ColumnChoice]:
        """The columns it may have, in their usual order."""

    def template(self, site: Site) -> TemplateTable:
        """An empty table to be filled in, with hints and the words a column may hold."""

    def export(self, site: Site) -> Iterator[Sequence[object]]:
        """Everything that is stored, row by row, in the columns of the template: read in again,
        it is the same. Few rows are in memory at a time.
        """

    def known_headers(self) -> Collection[str]:
        """Header words in the form of ``header_key``: they help to find the header row."""

    def suggest(self, headers: Sequence[str], remembered: Mapping[str, str]) -> Sequence[Suggested]:
        """What each header means. ``remembered``: header key → column, empty where left out."""

    def missing(self, columns: Collection[str]) -> Sequence[str]:
        """Titles of what a list needs and these columns do not have."""

    def understand(
        self,
        sheet: Sheet,
        mapping: Mapping[int, str],
        *,
        site: Site,
        on: date,
        date_order: DateOrder | None,
    ) -> Sequence[Any]:
        """Every row as understood, without a look at what is stored."""

    def compare(
        self, understood: Sequence[Any], *, site: Site, on: date, beside: Beside
    ) -> list[Line]:
        """Every row beside what is stored, in the order given; a fixed number of queries.

        ``beside`` has the lines of the lists that are taken before this one out of the same file:
        a row may refer to what they will make.
        """

    def take(self, lines: Sequence[Line], *, site: Site, by: Actor, at: datetime) -> TakenRows:
        """Write new and changed rows, all or none, in the open transaction."""

    def taken_url(self, site: Site) -> str:
        """Where people see what was taken."""


kinds: Registry[Kind] = Registry()


def kind_named(name: str) -> Kind:
    """The kind of this name. Raises ``LookupError`` where no app has one."""
    for kind in kinds.all():
        if kind.name == name:
            return kind
    raise LookupError(f"No list is called {name!r}.")
