"""Deciding about the agenda: propose, accept, decline, add, change, order, remove."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.gatherings.domain.answer_mail import ProposalOutcome, tell_proposer
from patenwerk.gatherings.domain.minutes import (
    add_section_of,
    remove_section_of,
    rename_section_of,
)
from patenwerk.gatherings.enums import AHEAD, AgendaEvent, ItemState, State
from patenwerk.gatherings.models import AgendaChange, AgendaItem, Gathering
from patenwerk.organisations.models import Carrier

LONGEST_MINUTES = 1440
"""An item of more than a day is several items."""


class CannotPlan(Refusal):
    """The agenda stays as it is."""


class CannotPropose(Refusal):
    """The proposal was not taken down, or not answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemValues:
    """What an item is about. ``starts_at`` pins it to a moment; carriers that propose do not."""

    title: str
    text: str = ""
    minutes: int | None = None
    speaker: str = ""
    starts_at: datetime | None = None


def propose_item(
    *, gathering: Gathering, of_carrier: Carrier, values: ItemValues, by: Actor, at: datetime
) -> AgendaItem:
    """Propose an item in the name of a carrier.

    Possible from the announcement until the day the gathering names, else until it begins. Raises
    :class:`CannotPropose` with all reasons.
    """
    _refuse(CannotPropose, [*_proposals_closed(gathering, at), *_wrong_item(gathering, values)])
    item = _created(gathering, values, ItemState.PROPOSED, by, at, proposed_by=of_carrier)
    record(by=by, at=at, action="gatherings.propose_item", things=[item])
    return item


def withdraw_proposal(*, item: AgendaItem, by: Actor, at: datetime) -> None:
    """Take one's own proposal back before it was answered. Raises :class:`CannotPropose`."""
    _refuse(CannotPropose, _answered(item))
    record(by=by, at=at, action="gatherings.withdraw_item", things=[item])
    item.delete()


def accept_item(*, item: AgendaItem, by: Actor, at: datetime) -> None:
    """Put a proposal at the end of the agenda, also one that was declined before.

    In minutes that have been begun it gets a section. Its carrier is told by mail. Needs an open
    transaction. Raises :class:`CannotPropose` when it stands there already, :class:`CannotPlan`
    when the gathering is over.
    """
    gathering = _locked(item.gathering_id)
    _refuse(CannotPlan, _not_ahead(gathering))
    if item.state == ItemState.ACCEPTED:
        raise CannotPropose(Reason("accepted", _("It stands on the agenda already.")))
    item.state, item.decline_reason = ItemState.ACCEPTED.value, ""
    item.position = len(_on_agenda(gathering)) + 1
    item.save(update_fields=["state", "decline_reason", "position"])
    add_section_of(item)
    _told(gathering, AgendaEvent.ADDED, item.title, at)
    record(by=by, at=at, action="gatherings.accept_item", things=[item])
    tell_proposer(item, ProposalOutcome.ACCEPTED, by=by, at=at)


def decline_item(*, item: AgendaItem, reason: str, by: Actor, at: datetime) -> None:
    """Say no to a proposal, with a reason its carrier is mailed.

    Needs an open transaction. Raises :class:`CannotPropose`.
    """
    reasons = [*_answered(item)]
    if not reason.strip():
        sentence = _("Please say why. The carrier that proposed it reads your words.")
        reasons.append(Reason("no_reason", sentence, "reason"))
    _refuse(CannotPropose, reasons)
    item.state, item.decline_reason = ItemState.DECLINED.value, reason.strip()
    item.save(update_fields=["state", "decline_reason"])
    record(by=by, at=at, action="gatherings.decline_item", things=[item])
    tell_proposer(item, ProposalOutcome.DECLINED, by=by, at=at)


def add_item(*, gathering: Gathering, values: ItemValues, by: Actor, at: datetime) -> AgendaItem:
    """Put an item at the end of the agenda, and of the minutes that have been begun.

    Needs an open transaction. Raises :class:`CannotPlan` with all reasons.
    """
    gathering = _locked(gathering.pk)
    _refuse(CannotPlan, [*_not_ahead(gathering), *_wrong_item(gathering, values)])
    item = _created(gathering, values, ItemState.ACCEPTED, by, at)
    add_section_of(item)
    _told(gathering, AgendaEvent.ADDED, item.title, at)
    record(by=by, at=at, action="gatherings.add_item", things=[item])
    return item


def change_item(*, item: AgendaItem, values: ItemValues, by: Actor, at: datetime) -> None:
    """Change an item. The same values again change nothing and are told nobody.

    Needs an open transaction. Raises :class:`CannotPlan` with all reasons.
    """
    gathering = _locked(item.gathering_id)
    _refuse(CannotPlan, [*_not_ahead(gathering), *_wrong_item(gathering, values)])
    said = _columns(values)
    changed = [name for name, value in said.items() if getattr(item, name) != value]
    if not changed:
        return
    title = item.title
    for name in changed:
        setattr(item, name, said[name])
    item.save(update_fields=changed)
    rename_section_of(item, title)
    if item.state == ItemState.ACCEPTED:
        _told(gathering, AgendaEvent.CHANGED, item.title, at)
    record(by=by, at=at, action="gatherings.change_item", things=[item])


def move_item(*, item: AgendaItem, by_places: int, by: Actor, at: datetime) -> None:
    """Move an item of the agenda up (negative) or down; beyond the ends it stays at the end.

    Needs an open transaction. Raises :class:`CannotPlan` for a proposal or a gathering that is
    over.
    """
    gathering = _locked(item.gathering_id)
    _refuse(CannotPlan, _not_ahead(gathering))
    order = _on_agenda(gathering)
    place = next((index for index, each in enumerate(order) if each.pk == item.pk), None)
    if place is None:
        raise CannotPlan(Reason("proposed", _("This item does not stand on the agenda yet.")))
    target = min(max(place + by_places, 0), len(order) - 1)
    if target == place:
        return
    order.insert(target, order.pop(place))
    _number(order)
    _told(gathering, AgendaEvent.MOVED, item.title, at)
    record(by=by, at=at, action="gatherings.move_item", things=[item])


def remove_item(*, item: AgendaItem, by: Actor, at: datetime) -> None:
    """Take an item off the agenda. Its documents stay with the gathering.

    The carrier that proposed it is told by mail, unless it read a no before. Needs an open
    transaction. Raises :class:`CannotPlan`.
    """
    gathering = _locked(item.gathering_id)
    _refuse(CannotPlan, _not_ahead(gathering))
    if item.state == ItemState.ACCEPTED:
        _told(gathering, AgendaEvent.REMOVED, item.title, at)
    if item.state != ItemState.DECLINED:
        tell_proposer(item, ProposalOutcome.REMOVED, by=by, at=at)
    record(by=by, at=at, action="gatherings.remove_item", things=[item])
    remove_section_of(item)
    item.delete()
    _number(_on_agenda(gathering))


# ------------------------------------------------------------------ what may stand in the way


def _refuse(refusal: type[Refusal], reasons: Iterable[Reason]) -> None:
    found = list(reasons)
    if found:
        raise refusal(found)


def _not_ahead(gathering: Gathering) -> Iterable[Reason]:
    if gathering.state not in AHEAD:
        sentence = _("The gathering is over or cancelled: its agenda stays as it is.")
        yield Reason("not_ahead", sentence)


def _answered(item: AgendaItem) -> Iterable[Reason]:
    if item.state != ItemState.PROPOSED:
        yield Reason("answered", _("This proposal has been answered. Please look again."))


def _proposals_closed(gathering: Gathering, at: datetime) -> Iterable[Reason]:
    if gathering.state not in AHEAD or gathering.state == State.DRAFT:
        yield Reason("not_ahead", _("This gathering takes no proposals now."))
    elif not takes_proposals(gathering, at):
        yield Reason("too_late", _("The time for proposals is over. Please write to us."))


def takes_proposals(gathering: Gathering, at: datetime) -> bool:
    """Whether carriers can propose items at this moment."""
    if gathering.state not in AHEAD or gathering.state == State.DRAFT or at >= gathering.starts_at:
        return False
    until = gathering.proposals_until
    return until is None or day_of(at) <= until


def _wrong_item(gathering: Gathering, values: ItemValues) -> Iterable[Reason]:
    if not values.title.strip():
        yield Reason("no_title", _("Please say what it is about."), "title")
    if values.minutes is not None and not 1 <= values.minutes <= LONGEST_MINUTES:
        yield Reason("minutes", _("An item takes between 1 and 1440 minutes."), "minutes")
    pinned = values.starts_at
    if pinned is not None and not gathering.starts_at <= pinned < gathering.ends_at:
        sentence = _("This moment is not within the gathering.")
        yield Reason("pinned_outside", sentence, "starts_at")


# ------------------------------------------------------------------ rows


def _locked(gathering_id: int) -> Gathering:
    """The gathering, so that two people who order its agenda do it one after the other."""
    return Gathering.objects.select_for_update().get(pk=gathering_id)


def _on_agenda(gathering: Gathering) -> list[AgendaItem]:
    return list(AgendaItem.objects.filter(gathering=gathering, state=ItemState.ACCEPTED))


def _number(order: Sequence[AgendaItem]) -> None:
    for position, item in enumerate(order, start=1):
        item.position = position
    AgendaItem.objects.bulk_update(order, ["position"])


def _columns(values: ItemValues) -> dict[str, str | int | datetime | None]:
    return {
        "title": values.title.strip(),
        "text": values.text.strip(),
        "minutes": values.minutes,
        "speaker": values.speaker.strip(),
        "starts_at": values.starts_at,
    }


def _created(
    gathering: Gathering,
    values: ItemValues,
    state: ItemState,
    by: Actor,
    at: datetime,
    *,
    proposed_by: Carrier | None = None,
) -> AgendaItem:
    return AgendaItem.objects.create(
        **gathering.organiser_columns,
        **_columns(values),
        gathering=gathering,
        position=len(_on_agenda(gathering)) + 1,
        proposed_by=proposed_by,
        state=state.value,
        created_at=at,
        created_by_id=by.user_id,
    )


def _told(gathering: Gathering, event: AgendaEvent, title: str, at: datetime) -> None:
    """Tell everybody of a change. Before the announcement there is nobody to be told.

    The same said of the same item twice in a row is one change, with the later moment.
    """
    if gathering.announced_at is None:
        return
    last = AgendaChange.objects.filter(gathering=gathering).first()
    if last is not None and (last.event, last.title) == (event.value, title):
        last.at = at
        last.save(update_fields=["at"])
    else:
        AgendaChange.objects.create(
            **gathering.organiser_columns,
            gathering=gathering,
            event=event.value,
            title=title,
            at=at,
        )
    gathering.changed_at = at
    gathering.save(update_fields=["changed_at"])
