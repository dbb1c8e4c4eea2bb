"""Groups as they are: somebody joins, leaves, stands in, takes over; a group gets more places."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.tandems.domain.tandem import (
    apart,
    locked_people,
    no_capacity,
    not_fit_for,
    participant_of,
    wrong_size,
)
from patenwerk.tandems.enums import JOINABLE_STATES, OPEN_STATES, Acceptance, State
from patenwerk.tandems.models import Meeting, Participant, Tandem
from patenwerk.tandems.queries.participant import there_now


class CannotChangeGroup(Refusal):
    """The group stays as it is."""


@transaction.atomic
def ask_to_join(
    *,
    tandem: Tandem,
    person: Person,
    by: Actor,
    at: datetime,
    is_substitute: bool = False,
    why: str = "",
) -> Participant:
    """Ask somebody to join a proposal or a running tandem; whoever is in it stays in it.

    A mentee takes one of the group's places and one of their own; another mentor one of their own;
    a substitute none. The answer is recorded like any other (``record_answer``). Locks the person,
    then the tandem. Raises :class:`CannotChangeGroup` with all reasons.
    """
    person = locked_people([person])[person.pk]
    tandem = _locked(tandem)
    here = list(there_now(tandem).select_related("person"))
    reasons = [
        *_not_joinable(tandem),
        *not_fit_for(tandem.programme_id, person),
        *_here_already(person, here),
        *_no_place_in(tandem, person, here, is_substitute=is_substitute),
        *_between(person, here),
    ]
    if reasons:
        raise CannotChangeGroup(reasons)
    joined = participant_of(tandem, person, at, is_substitute=is_substitute)
    joined.why = why.strip()
    joined.save()
    _record("join", tandem, joined, by, at)
    return joined


@transaction.atomic
def leave_group(*, participant: Participant, left_on: date, by: Actor, at: datetime) -> None:
    """Somebody leaves and the others go on; the place is free again from that day on.

    Raises :class:`CannotChangeGroup`: the last one of a side does not leave, the tandem ends then;
    and nobody leaves before the last meeting they came to.
    """
    tandem = _locked(participant.tandem)
    row = Participant.objects.select_related("person").get(pk=participant.pk)
    reasons = against_leaving(tandem, row, left_on, at)
    if reasons:
        raise CannotChangeGroup(reasons)
    row.left_on = left_on
    row.save(update_fields=["left_on"])
    _record("leave", tandem, row, by, at)


def against_leaving(tandem: Tandem, row: Participant, left_on: date, at: datetime) -> list[Reason]:
    """Every reason against somebody leaving on a day."""
    return [
        *_not_there(tandem, row),
        *_last_of_side(tandem, row),
        *_wrong_day(row, left_on, at),
    ]


@transaction.atomic
def step_in(*, participant: Participant, by: Actor, at: datetime) -> None:
    """Let a substitute accompany from now on, as a mentor like the others.

    Takes a place of the person. Raises :class:`CannotChangeGroup`.
    """
    person = locked_people([participant.person])[participant.person_id]
    tandem = _locked(participant.tandem)
    row = Participant.objects.select_related("person").get(pk=participant.pk)
    reasons = [*_not_there(tandem, row), *no_capacity([person])]
    if not row.is_substitute:
        reasons.append(Reason("no_substitute", _("This person accompanies already.")))
    if reasons:
        raise CannotChangeGroup(reasons)
    row.is_substitute = False
    row.save(update_fields=["is_substitute"])
    _record("step_in", tandem, row, by, at)


@transaction.atomic
def change_group(*, tandem: Tandem, name: str, places: int, by: Actor, at: datetime) -> Tandem:
    """Say what a group is called and how many it takes: free places are offered in matching.

    Raises :class:`CannotChangeGroup` beyond what the kind allows, or below those who are in it.
    """
    tandem = _locked(tandem)
    mentees = there_now(tandem).filter(side=Side.MENTEE).count()
    reasons = list(wrong_size(tandem.kind, places, mentees))
    if tandem.state not in OPEN_STATES:
        reasons.append(_ended())
    if reasons:
        raise CannotChangeGroup(reasons)
    tandem.name, tandem.places = name.strip(), places
    tandem.save(update_fields=["name", "places"])
    record(by=by, at=at, action="tandems.change_group", things=[tandem], details={"places": places})
    return tandem


def _locked(tandem: Tandem) -> Tandem:
    return Tandem.objects.select_for_update(of=("self",)).select_related("kind").get(pk=tandem.pk)


def _record(what: str, tandem: Tandem, row: Participant, by: Actor, at: datetime) -> None:
    record(
        by=by,
        at=at,
        action=f"tandems.{what}",
        things=[tandem],
        details={"participant": row.pk, "substitute": row.is_substitute},
    )


def _ended() -> Reason:
    return Reason("ended", _("This tandem has ended. Please begin it again first."))


def _not_joinable(tandem: Tandem) -> Iterable[Reason]:
    if tandem.state == State.PAUSED:
        yield Reason("paused", _("The tandem pauses. Please go on first, then somebody can join."))
    elif tandem.state not in JOINABLE_STATES | {State.PROPOSED}:
        yield _ended()


def _here_already(person: Person, here: Iterable[Participant]) -> Iterable[Reason]:
    if any(row.person_id == person.pk for row in here):
        yield Reason(
            "there", _("%(name)s takes part already.") % {"name": person.full_name}, "person"
        )


def _no_place_in(
    tandem: Tandem, person: Person, here: Iterable[Participant], *, is_substitute: bool
) -> Iterable[Reason]:
    if is_substitute and person.side != Side.MENTOR:
        yield Reason("substitute", _("Only who accompanies can stand in."), "person")
    elif not is_substitute:
        yield from no_capacity([person])
    mentees = sum(row.side == Side.MENTEE for row in here)
    if person.side == Side.MENTEE and mentees >= tandem.places:
        yield Reason(
            "full",
            _("The group has no free place. Please give it more places first."),
            "person",
        )


def _between(person: Person, here: Iterable[Participant]) -> Iterable[Reason]:
    others = [row.person for row in here if row.side != person.side]
    if person.side == Side.MENTOR:
        yield from apart([person], others)
    else:
        yield from apart(others, [person])


def _not_there(tandem: Tandem, row: Participant) -> Iterable[Reason]:
    if tandem.state not in OPEN_STATES:
        yield _ended()
    elif row.left_on is not None:
        yield Reason("left", _("This person has left already. Please look again."))
    elif row.acceptance != Acceptance.ACCEPTED:
        yield Reason("not_accepted", _("This person has not said yes yet: »no« is an answer, too."))


def _last_of_side(tandem: Tandem, row: Participant) -> Iterable[Reason]:
    if row.is_substitute:
        return
    same = there_now(tandem).filter(
        side=row.side, is_substitute=False, acceptance=Acceptance.ACCEPTED
    )
    if same.exclude(pk=row.pk).exists():
        return
    if row.side == Side.MENTOR:
        yield Reason(
            "last",
            _(
                "Nobody else accompanies. Please let somebody who stands in take over first, or "
                "end the tandem."
            ),
        )
    else:
        yield Reason("last", _("Nobody else is accompanied. Please end the tandem instead."))


def _wrong_day(row: Participant, left_on: date, at: datetime) -> Iterable[Reason]:
    if left_on > day_of(at):
        yield Reason("future", _("This day lies in the future."), "left_on")
    elif left_on < row.joined_on:
        yield Reason("before_joining", _("The person joined after this day."), "left_on")
    elif Meeting.objects.filter(came=row, held_on__gt=left_on).exists():
        yield Reason(
            "left_before_meeting", _("The person came to a meeting after this day."), "left_on"
        )
