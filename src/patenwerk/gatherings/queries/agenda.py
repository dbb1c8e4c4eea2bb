"""The agenda as readers see it: items with their times, what changed, what was proposed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from patenwerk.core.policy import Actor, visible
from patenwerk.gatherings.enums import AHEAD, ItemState
from patenwerk.gatherings.kernel.agenda import Planned, Slot, timed
from patenwerk.gatherings.models import AgendaChange, AgendaItem, Gathering, Material
from patenwerk.gatherings.policy import ORGANISE, SEE_GATHERING
from patenwerk.gatherings.queries.material import materials, public_materials

SHOWN = 5
"""So many proposals stand on »my day«."""


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One item with its time and its documents."""

    item: AgendaItem
    slot: Slot
    materials: Sequence[Material] = ()


@dataclass(slots=True)
class Agenda:
    """An agenda: its items in order, what changed (latest first), what was proposed."""

    rows: list[AgendaRow] = field(default_factory=list)
    changes: list[AgendaChange] = field(default_factory=list)
    proposals: list[AgendaItem] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How many proposals nobody has answered."""
        return sum(item.state == ItemState.PROPOSED for item in self.proposals)

    @property
    def last_change(self) -> AgendaChange | None:
        """The latest change, or None."""
        return self.changes[0] if self.changes else None


def timed_items(
    gathering: Gathering,
    items: Sequence[AgendaItem],
    documents: Mapping[int, Sequence[Material]] | None = None,
) -> list[AgendaRow]:
    """Items of one gathering, in their order, with their times and the ``documents`` to them."""
    to_item = documents or {}
    slots = timed(
        [Planned(minutes=item.minutes, pinned=item.starts_at) for item in items],
        begins_at=gathering.starts_at,
        ends_at=gathering.ends_at,
    )
    return [
        AgendaRow(item, slot, to_item.get(item.pk, ()))
        for item, slot in zip(items, slots, strict=True)
    ]


def agendas(actor: Actor, gatherings: Iterable[Gathering]) -> Mapping[int, Agenda]:
    """The agendas of several gatherings, as far as the actor sees them: three queries.

    Proposals are there for the organisers and for the carrier that made them.
    """
    wanted = {gathering.pk: gathering for gathering in gatherings}
    found = {pk: Agenda() for pk in wanted}
    planned: dict[int, list[AgendaItem]] = {pk: [] for pk in wanted}
    items = AgendaItem.objects.filter(
        visible(actor, SEE_GATHERING, AgendaItem), gathering__in=wanted
    )
    for item in items.select_related("proposed_by").order_by("position", "pk"):
        if item.state == ItemState.ACCEPTED:
            planned[item.gathering_id].append(item)
        else:
            found[item.gathering_id].proposals.append(item)
    changes = AgendaChange.objects.filter(
        visible(actor, SEE_GATHERING, AgendaChange), gathering__in=wanted
    )
    for change in changes.order_by("-at", "-pk"):
        found[change.gathering_id].changes.append(change)
    documents = _by_item(materials(actor).filter(gathering__in=wanted))
    for pk, agenda in found.items():
        agenda.rows = timed_items(wanted[pk], planned[pk], documents)
    return found


def agenda_for_everybody(gathering: Gathering) -> list[AgendaRow]:
    """The items of a gathering that is open to everybody, for its public page: two queries."""
    items = AgendaItem.objects.filter(gathering=gathering, state=ItemState.ACCEPTED)
    documents = _by_item(public_materials().filter(gathering=gathering))
    return timed_items(gathering, list(items.order_by("position", "pk")), documents)


def proposals_card(
    actor: Actor,
    on: date,  # noqa: ARG001 - every card is asked for a day
) -> Mapping[str, Any] | None:
    """Carriers' proposals that wait for their organisers, the next gathering first; else None."""
    waiting = AgendaItem.objects.filter(
        visible(actor, ORGANISE, AgendaItem),
        state=ItemState.PROPOSED,
        proposed_by__isnull=False,
        gathering__state__in=AHEAD,
    ).select_related("gathering", "proposed_by")
    found = list(waiting.order_by("gathering__starts_at", "created_at", "pk"))
    return {"items": found[:SHOWN], "further": len(found[SHOWN:])} if found else None


def _by_item(rows: Iterable[Material]) -> Mapping[int, list[Material]]:
    found: dict[int, list[Material]] = {}
    for material in rows:
        if material.item_id is not None:
            found.setdefault(material.item_id, []).append(material)
    return found
