"""Seats of a gathering: who holds one, who is next, and that the last one is given once.

Whoever gives or frees a seat locks the gathering first and registrations after it, always in this
order. Beside the lock a conditional update counts the seats, and a constraint of the table keeps
the count below the capacity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patenwerk.core.lifecycle import Lifecycle, Step, StepRequest
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason
from patenwerk.gatherings.domain.registration_mail import Outcome, tell
from patenwerk.gatherings.enums import AHEAD, Seat
from patenwerk.gatherings.models import Gathering, Registration, RegistrationStep

OFFERS = 2
"""So often a seat is offered to somebody who does not answer; then the place in the queue ends."""


def still_ahead(gathering: Gathering, at: datetime) -> bool:
    """Whether the gathering is to come: seats move until it begins, also after registration."""
    return gathering.state in AHEAD and at < gathering.starts_at


def it_is_ahead(request: StepRequest) -> Iterable[Reason]:
    """Nobody comes to or stays away from something that is over or cancelled."""
    if not still_ahead(request.thing.gathering, request.at):
        yield Reason("over", _("The gathering has begun, is over or was cancelled."))


def offer_stands(request: StepRequest) -> Iterable[Reason]:
    """A seat can be taken until its time limit, not later: somebody else is next."""
    if request.thing.offered_until <= request.at:
        yield Reason("offer_over", _("The time to accept this seat is over."))


def offer_ran_out(request: StepRequest) -> Iterable[Reason]:
    """Nobody loses a seat before the time limit."""
    if request.thing.offered_until > request.at:
        yield Reason("offer_stands", _("There is still time to accept this seat."))


def _scope(registration: Registration) -> Mapping[str, Any]:
    return {"registration": registration, "carrier_id": registration.carrier_id}


LIFECYCLE = Lifecycle(
    name="registration",
    model=Registration,
    event_model=RegistrationStep,
    event_scope=_scope,
    steps=(
        Step(
            "offer",
            _("A seat is offered"),
            frozenset({Seat.WAITING}),
            Seat.OFFERED,
            (it_is_ahead,),
        ),
        Step(
            "accept",
            _("Take the seat"),
            frozenset({Seat.OFFERED}),
            Seat.SEATED,
            (it_is_ahead, offer_stands),
        ),
        Step(
            "lapse",
            _("The offer ran out"),
            frozenset({Seat.OFFERED}),
            Seat.WAITING,
            (offer_ran_out,),
        ),
        Step(
            "let_go",
            _("The offer ran out again"),
            frozenset({Seat.OFFERED}),
            Seat.DECLINED,
            (offer_ran_out,),
        ),
        Step(
            "step_in",
            _("The substitute steps in"),
            frozenset({Seat.SUBSTITUTE}),
            Seat.SEATED,
            (it_is_ahead,),
        ),
        Step(
            "decline",
            _("Cannot come"),
            frozenset({Seat.SEATED, Seat.WAITING, Seat.OFFERED, Seat.SUBSTITUTE}),
            Seat.DECLINED,
            (it_is_ahead,),
        ),
    ),
)


def lock_gathering(pk: int) -> Gathering:
    """The gathering, locked until the end of the transaction. Before any registration."""
    return Gathering.objects.select_for_update(of=("self",)).get(pk=pk)


def take_seats(gathering: Gathering, seats: int) -> bool:
    """Count seats as taken where they are there; whether they were.

    The promise beside the lock: it holds for writers that forgot to lock, too.
    """
    room = Q(capacity__isnull=True) | Q(capacity__gte=F("seats_taken") + seats)
    taken = Gathering.objects.filter(room, pk=gathering.pk).update(
        seats_taken=F("seats_taken") + seats
    )
    gathering.seats_taken += seats if taken else 0
    return bool(taken)


def give_back(gathering: Gathering, seats: int) -> None:
    """Count seats as free again."""
    Gathering.objects.filter(pk=gathering.pk).update(seats_taken=F("seats_taken") - seats)
    gathering.seats_taken -= seats


def offer_end(gathering: Gathering, at: datetime) -> datetime:
    """Until when a seat offered now can be accepted.

    The gathering's hours, but never past the end of registration while that is to come, and
    never past the beginning.
    """
    return min(at + timedelta(hours=gathering.offer_hours), last_moment(gathering, at))


def last_moment(gathering: Gathering, at: datetime) -> datetime:
    """The end of registration while that is to come, else the beginning of the gathering."""
    closing = gathering.closes_at
    if closing is not None and at < closing < gathering.starts_at:
        return closing
    return gathering.starts_at


def move_queue(*, gathering: Gathering, link: str, by: Actor, at: datetime) -> list[Registration]:
    """Offer free seats to those who wait, longest waiting first; answers who got an offer.

    Somebody who needs more seats than are free is passed over and keeps the place. ``gathering``
    is locked by the caller; ``link`` is the address of a registration with ``{token}`` in it.
    """
    if not still_ahead(gathering, at):
        return []
    offered: list[Registration] = []
    waiting = gathering.registrations.filter(state=Seat.WAITING).select_related("account")
    if gathering.capacity is not None:
        room = gathering.capacity - gathering.seats_taken
        if room <= 0:
            return []
        # Who cannot fit is not even asked for: a queue may be long.
        waiting = waiting.filter(seats__lte=room)
    for registration in waiting.order_by("waiting_since", "pk"):
        if not take_seats(gathering, registration.seats):
            continue
        registration.gathering = gathering
        until = offer_end(gathering, at)
        LIFECYCLE.move(registration, "offer", by=by, at=at, changes={"offered_until": until})
        tell(registration, Outcome.OFFER, link=link, by=by, at=at)
        offered.append(registration)
    return offered


def refill(
    *, gathering: Gathering, left: Registration, seats: int, link: str, by: Actor, at: datetime
) -> None:
    """Seats that ``left`` gave back go to its carrier's substitutes, then to the queue.

    Substitutes step in at once, first named first, as far as the freed ``seats`` reach: their
    carrier keeps what it had. ``gathering`` is locked by the caller.
    """
    if left.carrier_id is not None and still_ahead(gathering, at):
        substitutes = gathering.registrations.filter(
            state=Seat.SUBSTITUTE, carrier=left.carrier_id
        ).select_related("account")
        for substitute in substitutes.order_by("created_at", "pk"):
            if substitute.seats > seats or not take_seats(gathering, substitute.seats):
                continue
            seats -= substitute.seats
            substitute.gathering = gathering
            LIFECYCLE.move(substitute, "step_in", by=by, at=at)
            tell(substitute, Outcome.STEPPED_IN, link=link, by=by, at=at)
    move_queue(gathering=gathering, link=link, by=by, at=at)


def lapse_offers(*, gathering: Gathering, link: str, by: Actor, at: datetime) -> int:
    """Take back the offers whose time is over and give the seats on; how many there were.

    Who let an offer pass goes to the end of the queue once; after the second one the place in
    the queue ends, so that a seat is not kept for somebody who never answers. ``gathering`` is
    locked by the caller.
    """
    over = gathering.registrations.filter(state=Seat.OFFERED, offered_until__lte=at)
    lapsed = list(over.select_related("account").order_by("offered_until", "pk"))
    for registration in lapsed:
        registration.gathering = gathering
        offers = registration.steps_taken.filter(step="offer").count()
        again = offers < OFFERS
        LIFECYCLE.move(
            registration,
            "lapse" if again else "let_go",
            by=by,
            at=at,
            changes={"offered_until": None, "waiting_since": at if again else None},
        )
        give_back(gathering, registration.seats)
        if not again:
            registration.answers.all().delete()
    offered = move_queue(gathering=gathering, link=link, by=by, at=at)
    if still_ahead(gathering, at):
        reached = {registration.pk for registration in offered}
        for registration in lapsed:
            if registration.state == Seat.DECLINED:
                tell(registration, Outcome.LET_GO, link=link, by=by, at=at)
            elif registration.pk not in reached:
                tell(registration, Outcome.LAPSED, link=link, by=by, at=at)
    return len(lapsed)
