"""Deciding about gatherings: create, change, take the steps, cancel, invite carriers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.gatherings.domain.lifecycle import LIFECYCLE, missing_place
from patenwerk.gatherings.domain.registration import set_seats, tell_of_cancellation
from patenwerk.gatherings.domain.registration_mail import Outcome, tell
from patenwerk.gatherings.enums import AHEAD, Seat, State
from patenwerk.gatherings.models import CarrierShare, Gathering, GatheringKind, Series
from patenwerk.organisations.models import Carrier, Programme

#: What a calendar entry shows: a change of it is a new version of the entry.
CALENDAR = frozenset(
    {"title", "starts_at", "ends_at", "mode", "place_name", "address", "join_link"}
)
#: What those who come have to know at once.
MOVED = CALENDAR - {"title"}
#: Seats are given under a lock and move the queue.
SEATS = frozenset({"capacity", "seats_per_carrier"})


class CannotSaveGathering(Refusal):
    """The gathering stays as it is, or was not made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheringValues:
    """What is said about a gathering. Moments are aware; None is »no limit« or »not said«."""

    kind: GatheringKind
    title: str
    mode: str
    audience: str
    starts_at: datetime
    ends_at: datetime
    series: Series | None = None
    about: str = ""
    place_name: str = ""
    address: str = ""
    join_link: str = ""
    access: str = ""
    languages: str = ""
    costs: str = ""
    capacity: int | None = None
    seats_per_carrier: int | None = None
    offer_hours: int = 48
    closes_at: datetime | None = None
    proposals_until: date | None = None
    answers_until: date | None = None
    feedback_anonymous: bool = True

    def columns(self) -> dict[str, Any]:
        """The values by the names of the gathering's columns."""
        return {column.name: getattr(self, column.name) for column in fields(self)}


def create_gathering(
    *,
    programme: Programme,
    carrier: Carrier | None,
    values: GatheringValues,
    new_series: str = "",
    by: Actor,
    at: datetime,
) -> Gathering:
    """Make a draft of the network office, or of the ``carrier`` that organises.

    ``new_series`` names a series that is begun with it, instead of the one in ``values``. Needs an
    open transaction. Raises :class:`CannotSaveGathering` with all reasons.
    """
    gathering = Gathering(programme=programme, carrier=carrier, changed_at=at, created_at=at)
    _refuse(_wrong(gathering, values))
    for name, value in values.columns().items():
        setattr(gathering, name, value)
    if new_series.strip():
        gathering.series = _begun_series(gathering, new_series, at)
    gathering.save()
    record(by=by, at=at, action="gatherings.create", things=[gathering])
    return gathering


def change_gathering(
    *,
    gathering: Gathering,
    values: GatheringValues,
    new_series: str = "",
    link: str,
    by: Actor,
    at: datetime,
) -> None:
    """Change what is said about a gathering that is still to come.

    Once it was announced, another time, place or title is a new version of the calendar entry;
    of another time or place everybody who is registered gets a mail, those with a seat with it.
    More seats move the queue at once; ``link`` is the address of a registration with ``{token}``.
    Needs an open transaction; locks the gathering. Raises :class:`CannotSaveGathering` with all
    reasons, ``CannotChange`` below the seats that are taken.
    """
    locked = Gathering.objects.select_for_update(of=("self",)).get(pk=gathering.pk)
    if locked.state not in AHEAD:
        sentence = _("This gathering is over or cancelled. It stays as it was.")
        _refuse([Reason("over", sentence)])
    _refuse(
        [
            *_wrong(locked, values),
            *(missing_place(values) if locked.state != State.DRAFT else []),
        ]
    )
    said = values.columns()
    seats = {name: said.pop(name) for name in sorted(SEATS)}
    if new_series.strip():
        said["series"] = _begun_series(locked, new_series, at)
    changed = {name: value for name, value in said.items() if getattr(locked, name) != value}
    if changed:
        if CALENDAR & changed.keys() and locked.state != State.DRAFT:
            changed["sequence"] = locked.sequence + 1
        changed["changed_at"] = at
        for name, value in changed.items():
            setattr(locked, name, value)
        locked.save(update_fields=sorted(changed))
        record(
            by=by,
            at=at,
            action="gatherings.change",
            things=[locked],
            details={"fields": sorted(said.keys() & changed.keys())},
        )
    if MOVED & changed.keys():
        _tell_of_move(locked, link, by, at)
    if any(getattr(locked, name) != value for name, value in seats.items()):
        set_seats(
            gathering=locked,
            capacity=values.capacity,
            seats_per_carrier=values.seats_per_carrier,
            link=link,
            by=by,
            at=at,
        )
    gathering.refresh_from_db()


def take_step(*, gathering: Gathering, step: str, note: str = "", by: Actor, at: datetime) -> None:
    """Announce, open, close, hold or document. Raises ``CannotMove`` with all reasons.

    ``note`` says what there is instead of minutes. Needs an open transaction.
    """
    changes: dict[str, Any] = {}
    if step in {"announce", "hold"} and gathering.announced_at is None:
        changes = {"announced_at": at, "changed_at": at}
    LIFECYCLE.move(
        gathering,
        step,
        by=by,
        at=at,
        note=note.strip(),
        facts={"note": note},
        changes=changes,
    )
    record(by=by, at=at, action=f"gatherings.{step}", things=[gathering])


def cancel_gathering(
    *, gathering: Gathering, reason: str, link: str, by: Actor, at: datetime
) -> int:
    """Cancel a gathering and mail everybody who is registered, with the cancelled entry.

    Answers how many are told. ``link`` is the address of a registration with ``{token}``. Needs an
    open transaction. Raises ``CannotMove`` without a reason, or when it is over.
    """
    # The copy at hand may be old: the version of the entry is read under the lock.
    latest = Gathering.objects.select_for_update(of=("self",)).get(pk=gathering.pk)
    LIFECYCLE.move(
        gathering,
        "cancel",
        by=by,
        at=at,
        facts={"reason": reason},
        changes={
            "cancel_reason": reason.strip(),
            "changed_at": at,
            "sequence": latest.sequence + 1,
        },
    )
    record(by=by, at=at, action="gatherings.cancel", things=[gathering])
    return tell_of_cancellation(gathering=gathering, link=link, by=by, at=at)


def invite_carriers(
    *,
    gathering: Gathering,
    invited: Mapping[Carrier, int | None],
    by: Actor,
    at: datetime,
) -> None:
    """Say which carriers are invited, each with its number of seats; None is everybody's number.

    Carriers that are not named are no longer invited; what they answered stays. Raises
    :class:`CannotSaveGathering` when the gathering is over or a carrier is another programme's.
    """
    reasons = []
    if gathering.state not in AHEAD:
        sentence = _("This gathering is over or cancelled. It stays as it was.")
        reasons.append(Reason("over", sentence))
    if any(carrier.programme_id != gathering.programme_id for carrier in invited):
        reasons.append(Reason("foreign_carrier", _("Please invite carriers of this programme.")))
    _refuse(reasons)
    shares = CarrierShare.objects.filter(gathering=gathering)
    shares.exclude(of_carrier__in=list(invited)).update(is_invited=False, seats=None)
    for carrier, seats in invited.items():
        shares.update_or_create(
            gathering=gathering,
            of_carrier=carrier,
            defaults={"is_invited": True, "seats": seats},
            create_defaults={
                **gathering.organiser_columns,
                "is_invited": True,
                "seats": seats,
            },
        )
    record(
        by=by,
        at=at,
        action="gatherings.invite",
        things=[gathering],
        details={"carriers": sorted(carrier.pk for carrier in invited)},
    )


def _refuse(reasons: list[Reason]) -> None:
    if reasons:
        raise CannotSaveGathering(reasons)


def _wrong(gathering: Gathering, values: GatheringValues) -> list[Reason]:
    """What cannot be true of a gathering, whatever its state."""
    reasons = []
    if values.ends_at <= values.starts_at:
        reasons.append(Reason("ends_early", _("The end lies before the beginning."), "ends_at"))
    if values.closes_at is not None and values.closes_at > values.ends_at:
        sentence = _("Registration cannot last longer than the gathering.")
        reasons.append(Reason("closes_late", sentence, "closes_at"))
    until = values.proposals_until
    if until is not None and until > day_of(values.starts_at):
        sentence = _("Proposals are needed before the gathering begins.")
        reasons.append(Reason("proposals_late", sentence, "proposals_until"))
    if values.answers_until is not None and values.answers_until < day_of(values.ends_at):
        sentence = _("The answers are needed until the gathering ends.")
        reasons.append(Reason("answers_early", sentence, "answers_until"))
    if values.kind.programme_id != gathering.programme_id:
        reasons.append(Reason("foreign_kind", _("Please choose a kind of this programme."), "kind"))
    series = values.series
    if series is not None and series.organiser_columns != gathering.organiser_columns:
        sentence = _("Please choose a series of the same organisers.")
        reasons.append(Reason("foreign_series", sentence, "series"))
    return reasons


def _tell_of_move(gathering: Gathering, link: str, by: Actor, at: datetime) -> None:
    coming = gathering.registrations.exclude(state=Seat.DECLINED).select_related("account")
    for registration in coming.order_by("pk"):
        registration.gathering = gathering
        tell(registration, Outcome.MOVED, link=link, by=by, at=at)


def _begun_series(gathering: Gathering, name: str, at: datetime) -> Series:
    """The series of this name that the gathering begins. Names are unique in a programme."""
    name = " ".join(name.split())
    if Series.objects.filter(programme=gathering.programme_id, name=name).exists():
        sentence = _("There is a series of this name already. Please choose it, or another name.")
        raise CannotSaveGathering(Reason("series_taken", sentence, "new_series"))
    return Series.objects.create(**gathering.organiser_columns, name=name, created_at=at)
