"""What higher apps tell lower ones: navigation, day cards, panels, what can be
done with chosen rows, search, the minimum cell.

A page of a lower app never knows who fills it. Each entry carries its own permission; nothing
is shown to somebody who does not hold it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from patenwerk.core.disclosure.minimum import MINIMUM_CELL
from patenwerk.core.policy import Actor

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Registered(Protocol):
    """What every registration has: a unique name, a place in the order, a permission."""

    @property
    def name(self) -> str: ...
    @property
    def order(self) -> int: ...
    @property
    def permission(self) -> str: ...


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the work area's navigation. ``phone`` puts it into the bar at the bottom."""

    name: str
    order: int
    permission: str
    label: StrOrPromise
    icon: str
    url_name: str
    phone: bool = False
    group: StrOrPromise = ""


@dataclass(frozen=True, slots=True)
class DayCard:
    """One card of »my day«: ``query(actor, on)`` gives its context, None leaves it out.

    ``aside`` puts it into the narrow column.
    """

    name: str
    order: int
    permission: str
    query: Callable[[Actor, date], Mapping[str, Any] | None]
    template: str
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a lower app's page, answered for many ids at once: id → context."""

    page: str
    name: str
    order: int
    permission: str
    query: Callable[[Actor, Sequence[int], date], Mapping[int, Mapping[str, Any]]]
    template: str


@dataclass(frozen=True, slots=True)
class RowAction:
    """What can be done with chosen rows of a lower app's list, at once.

    ``page`` is the list's URL name. ``start(actor, ids, at)`` begins it, in the request's
    transaction, and answers the address to go on at; it refuses aloud. The ids are rows the list
    shows to this actor; whether it may do this with them is the action's own question.
    """

    page: str
    name: str
    order: int
    permission: str
    label: StrOrPromise
    icon: str
    start: Callable[[Actor, Sequence[int], datetime], str]


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One line of a search answer."""

    label: str
    hint: str
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class SearchSource:
    """A place to search: ``query(actor, text, limit)``."""

    name: str
    order: int
    permission: str
    label: StrOrPromise
    query: Callable[[Actor, str, int], Sequence[SearchHit]]


@dataclass(frozen=True, slots=True)
class StartPart:
    """A section of a public start page: ``query(subject, asked, on)`` gives its context.

    ``subject`` is whose page it is, ``asked`` the address' own parameters. None leaves the section
    out, and its link from the navigation too. ``anchor`` is the section's id on the page;
    ``way_in`` marks the one where readers find somebody to turn to. What it shows is for
    everybody: there is no permission.
    """

    name: str
    order: int
    label: StrOrPromise
    anchor: str
    query: Callable[[Any, Mapping[str, str], date], Mapping[str, Any] | None]
    template: str
    way_in: bool = False
    permission: str = ""


Entry = TypeVar("Entry", bound=Registered)


@dataclass(slots=True)
class Registry(Generic[Entry]):
    """Entries by name, filled when the apps start, read in their order."""

    _entries: dict[str, Entry] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Add an entry; ``ValueError`` when another one has its name."""
        if self._entries.setdefault(entry.name, entry) != entry:
            raise ValueError(f"{entry.name} is registered twice.")

    def allowed(self, actor: Actor) -> list[Entry]:
        """The entries the actor holds the permission for, in order."""
        found = [entry for entry in self._entries.values() if actor.has(entry.permission)]
        return sorted(found, key=lambda entry: (entry.order, entry.name))

    def all(self) -> list[Entry]:
        """Every entry in order."""
        return sorted(self._entries.values(), key=lambda entry: (entry.order, entry.name))


navigation: Registry[NavigationItem] = Registry()
day_cards: Registry[DayCard] = Registry()
panels: Registry[Panel] = Registry()
row_actions: Registry[RowAction] = Registry()
search_sources: Registry[SearchSource] = Registry()
start_parts: Registry[StartPart] = Registry()


MinimumCell = Callable[[Any], int]
"""The smallest number a programme publishes."""

_minimum_cell: list[MinimumCell] = []


def say_minimum_cell(source: MinimumCell) -> None:
    """Let the app that keeps the setting say it; ``ValueError`` when another one does already."""
    if _minimum_cell and _minimum_cell != [source]:
        raise ValueError("The minimum cell is said twice.")
    _minimum_cell[:] = [source]


def minimum_cell_of(programme: Any) -> int:
    """The smallest number a programme publishes; the house's own where nobody keeps a setting."""
    return _minimum_cell[0](programme) if _minimum_cell else MINIMUM_CELL


@dataclass(frozen=True, slots=True)
class FilledPanel:
    """A panel's template with its context for one object."""

    name: str
    template: str
    context: Mapping[str, Any]


def panels_for(
    page: str, actor: Actor, ids: Sequence[int], on: date
) -> dict[int, list[FilledPanel]]:
    """For every id the panels that have something to show to this actor, in order."""
    filled: dict[int, list[FilledPanel]] = {pk: [] for pk in ids}
    for panel in panels.allowed(actor):
        if panel.page != page:
            continue
        for pk, context in panel.query(actor, ids, on).items():
            filled[pk].append(FilledPanel(panel.name, panel.template, context))
    return filled
