"""Coming to a gathering, staying away, and changing what was said."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.gatherings.domain.answer_mail import tell_inviter_of_guest
from patenwerk.gatherings.domain.registration_mail import BEGUN, Outcome, tell
from patenwerk.gatherings.domain.seats import (
    LIFECYCLE,
    give_back,
    lapse_offers,
    last_moment,
    lock_gathering,
    move_queue,
    refill,
    still_ahead,
    take_seats,
)
from patenwerk.gatherings.enums import AHEAD, HOLDING, OVER, Audience, Seat, State
from patenwerk.gatherings.models import CarrierShare, Gathering, Registration, RegistrationStep
from patenwerk.gatherings.queries.registration import INVITE, seats_of_carrier
from patenwerk.jobs.domain.handlers import job_name
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Account, Carrier

LAPSE_OFFERS = job_name("gatherings.lapse_offers")

CLAIMING = frozenset({*HOLDING, Seat.WAITING})
"""Registrations that count as seats of their carrier; substitutes wait outside."""


class CannotRegister(Refusal):
    """Nobody was registered."""


class CannotChange(Refusal):
    """The registration, or the seats of the gathering, stay as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """One person who comes, or a group under one name with its number of ``seats``."""

    name: str
    email: str = ""
    organisation: str = ""
    language: str = Language.GERMAN.value
    seats: int = 1
    is_substitute: bool = False
    is_listed: bool = False


def register_carrier(
    *,
    gathering: Gathering,
    carrier: Carrier,
    people: Sequence[Coming],
    form_key: uuid.UUID,
    link: str,
    by: Actor,
    at: datetime,
) -> list[Registration]:
    """Register people of a carrier, all or none; who finds no seat waits, in the order given.

    Ends the carrier's »none of us can come«. ``form_key`` names the form: sending it twice
    registers once. Whose address is an account's finds the registration there, too. ``link`` is
    the address of a registration with ``{token}`` in it. Locks the gathering. Raises
    :class:`CannotRegister` with all reasons; a reason about the n-th person names the field
    ``name-n`` or ``email-n`` (from 0).
    """
    locked = lock_gathering(gathering.pk)
    keys = [uuid.uuid5(form_key, str(place)) for place in range(len(people))]
    known = list(locked.registrations.filter(form_key__in=keys, carrier=carrier).order_by("pk"))
    if known:
        return known
    reasons = [
        *_not_open(locked, at),
        *_nobody(people),
        *_not_invited(locked, carrier),
        *_too_many(locked, carrier, people),
        *_known_addresses(locked, people),
    ]
    if reasons:
        raise CannotRegister(reasons)
    move_queue(gathering=locked, link=link, by=by, at=at)
    accounts = _accounts_of(people)
    made = [
        _enter(
            locked,
            person,
            key,
            carrier=carrier,
            account=accounts.get(person.email.lower()),
            by=by,
            at=at,
        )
        for person, key in zip(people, keys, strict=True)
    ]
    CarrierShare.objects.filter(gathering=locked, of_carrier=carrier).update(
        regret="", regretted_at=None, regretted_by_id=None
    )
    _registered(made, locked, link, by, at)
    return made


def register_account(
    *,
    gathering: Gathering,
    account: Account,
    carrier: Carrier | None,
    is_listed: bool,
    link: str,
    by: Actor,
    at: datetime,
) -> Registration:
    """Register oneself; without a free seat one waits.

    ``carrier`` is the one the account works for: the seat counts as one of its seats. Doing it
    twice registers once. Locks the gathering. Raises :class:`CannotRegister`.
    """
    locked = lock_gathering(gathering.pk)
    person = Coming(
        name=account.full_name,
        email=account.email,
        language=account.language,
        is_listed=is_listed,
    )
    known = locked.registrations.filter(account=account).exclude(state=Seat.DECLINED).first()
    if known is not None:
        return known
    reasons = [*_not_open(locked, at), *_known_addresses(locked, [person], field="")]
    if carrier is not None:
        reasons += [*_not_invited(locked, carrier), *_too_many(locked, carrier, [person])]
    if reasons:
        raise CannotRegister(reasons)
    move_queue(gathering=locked, link=link, by=by, at=at)
    made = _enter(locked, person, uuid.uuid4(), carrier=carrier, account=account, by=by, at=at)
    _registered([made], locked, link, by, at)
    return made


def register_guest(
    *, gathering: Gathering, guest: Coming, form_key: uuid.UUID, link: str, at: datetime
) -> Registration:
    """Register somebody without an account at a gathering for everybody.

    An address that is registered already gets its link once more, and the answer is the same:
    the form tells nobody who comes. Locks the gathering. Raises :class:`CannotRegister`.
    """
    by = Actor(user_id=None)
    locked = lock_gathering(gathering.pk)
    sent = locked.registrations.filter(form_key=form_key).first()
    if sent is not None:
        return sent
    reasons = _not_open(locked, at)
    if locked.audience != Audience.PUBLIC:
        sentence = _("This gathering is not open to everybody.")
        reasons = [Reason("not_public", sentence)]
    if reasons:
        raise CannotRegister(reasons)
    known = (
        locked.registrations.filter(email__iexact=guest.email)
        .exclude(state=Seat.DECLINED)
        .select_related("account")
        .first()
    )
    if known is not None:
        known.gathering = locked
        tell(known, BEGUN[Seat(known.state)], link=link, by=by, at=at)
        return known
    move_queue(gathering=locked, link=link, by=by, at=at)
    made = _enter(locked, guest, form_key, carrier=None, account=None, by=by, at=at)
    _registered([made], locked, link, by, at)
    return made


def invite_person(
    *, gathering: Gathering, person: Coming, link: str, by: Actor, at: datetime
) -> Registration:
    """Invite somebody by name: a seat is kept, and the mailed link says yes or no.

    The seat is kept until registration ends, else until the gathering begins. Locks the gathering.
    Raises :class:`CannotRegister` with all reasons: not announced yet or begun, no address, an
    address that is registered already, no free seat.
    """
    locked = lock_gathering(gathering.pk)
    reasons = [*_over(locked, at), *_known_addresses(locked, [person], field="email")]
    if locked.announced_at is None:
        reasons.append(Reason("draft", _("Please announce the gathering first.")))
    if not person.email:
        sentence = _("An invitation needs an e-mail address.")
        reasons.append(Reason("no_address", sentence, "email"))
    if not reasons and not take_seats(locked, person.seats):
        sentence = _("No seat is free. Raise the number of seats first.")
        reasons.append(Reason("full", sentence))
    if reasons:
        raise CannotRegister(reasons)
    invited = _write(
        locked, person, Seat.OFFERED, uuid.uuid4(), carrier=None, account=None, by=by, at=at
    )
    record(by=by, at=at, action="gatherings.invite_person", things=[invited], scope=locked)
    tell(invited, Outcome.INVITED, link=link, by=by, at=at)
    return invited


def accept(*, registration: Registration, link: str, by: Actor, at: datetime) -> None:
    """Take the seat that is offered; who invited by name is told.

    Locks. Raises ``CannotMove`` when its time is over.
    """
    locked = lock_gathering(registration.gathering_id)
    registration.gathering = locked
    LIFECYCLE.move(
        registration,
        "accept",
        by=by,
        at=at,
        changes={"waiting_since": None, "offered_until": None},
    )
    record(by=by, at=at, action="gatherings.accept_seat", things=[registration], scope=locked)
    tell(registration, Outcome.SEATED, link=link, by=by, at=at)
    tell_inviter_of_guest(registration, accepts=True, by=by, at=at)


def decline(
    *, registration: Registration, note: str = "", link: str, by: Actor, at: datetime
) -> None:
    """Say that somebody cannot come: what they held goes to their carrier's substitute, else on.

    What they answered about their needs is deleted; who invited them by name is told. Locks.
    Raises ``CannotMove`` when the gathering has begun or they had said so before.
    """
    locked = lock_gathering(registration.gathering_id)
    freed = _decline(registration, locked, note, by, at)
    record(by=by, at=at, action="gatherings.decline", things=[registration], scope=locked)
    tell(registration, Outcome.DECLINED, link=link, by=by, at=at)
    tell_inviter_of_guest(registration, accepts=False, note=note, by=by, at=at)
    if freed:
        refill(gathering=locked, left=registration, seats=freed, link=link, by=by, at=at)


def send_regrets(
    *, gathering: Gathering, carrier: Carrier, why: str, link: str, by: Actor, at: datetime
) -> CarrierShare:
    """Say for a carrier that none of its people can come; those registered are declined, too.

    Locks the gathering. Raises :class:`CannotRegister` when it has begun or the carrier is not
    invited.
    """
    locked = lock_gathering(gathering.pk)
    reasons = [*_over(locked, at), *_not_invited(locked, carrier)]
    if reasons:
        raise CannotRegister(reasons)
    share, _made = CarrierShare.objects.update_or_create(
        gathering=locked,
        of_carrier=carrier,
        defaults={"regret": why, "regretted_at": at, "regretted_by_id": by.user_id},
        create_defaults={
            **locked.organiser_columns,
            "regret": why,
            "regretted_at": at,
            "regretted_by_id": by.user_id,
        },
    )
    coming = locked.registrations.filter(carrier=carrier).exclude(state=Seat.DECLINED)
    left = list(coming.select_related("account").order_by("pk"))
    for registration in left:
        _decline(registration, locked, "", by, at)
        tell(registration, Outcome.DECLINED, link=link, by=by, at=at)
    record(
        by=by,
        at=at,
        action="gatherings.send_regrets",
        things=[share],
        scope=locked,
        details={"declined": [registration.pk for registration in left]},
    )
    move_queue(gathering=locked, link=link, by=by, at=at)
    return share


def change(
    *,
    registration: Registration,
    name: str,
    language: str,
    seats: int,
    is_listed: bool,
    link: str,
    by: Actor,
    at: datetime,
) -> None:
    """Correct a name, give back places of a group, agree or not to stand on the list.

    Locks gathering and registration. Raises :class:`CannotChange` when the gathering is over, the
    registration was declined, or more seats are asked for than it has: those are registered anew.
    """
    locked = lock_gathering(registration.gathering_id)
    current = locked.registrations.select_for_update(of=("self",)).get(pk=registration.pk)
    reasons = _over(locked, at)
    if current.state == Seat.DECLINED:
        reasons.append(Reason("declined", _("This registration was cancelled.")))
    if seats > current.seats:
        sentence = _("For more seats please send another registration.")
        reasons.append(Reason("more_seats", sentence, "seats"))
    if reasons:
        raise CannotChange(reasons)
    freed = current.seats - seats if current.holds_a_seat else 0
    registration.name, registration.language, registration.seats = name, language, seats
    registration.listed_at = (current.listed_at or at) if is_listed else None
    registration.save(update_fields=["name", "language", "seats", "listed_at"])
    record(
        by=by, at=at, action="gatherings.change_registration", things=[registration], scope=locked
    )
    if seats < current.seats:
        # Who waits may fit now, too.
        give_back(locked, freed)
        move_queue(gathering=locked, link=link, by=by, at=at)


def set_seats(
    *,
    gathering: Gathering,
    capacity: int | None,
    seats_per_carrier: int | None,
    link: str,
    by: Actor,
    at: datetime,
) -> None:
    """Say how many seats there are, in all and for each carrier; the queue moves at once.

    None is no limit. Nobody who has a seat loses it: raises :class:`CannotChange` below the seats
    taken. Locks the gathering.
    """
    locked = lock_gathering(gathering.pk)
    if capacity is not None and capacity < locked.seats_taken:
        sentence = ngettext_lazy(
            "%(count)d seat is taken already. Please decline somebody first.",
            "%(count)d seats are taken already. Please decline somebody first.",
            locked.seats_taken,
        )
        raise CannotChange(Reason("taken", sentence % {"count": locked.seats_taken}, "capacity"))
    locked.capacity, locked.seats_per_carrier = capacity, seats_per_carrier
    locked.save(update_fields=["capacity", "seats_per_carrier"])
    record(
        by=by,
        at=at,
        action="gatherings.set_seats",
        things=[locked],
        details={"capacity": capacity, "per_carrier": seats_per_carrier},
    )
    move_queue(gathering=locked, link=link, by=by, at=at)


def keep_the_queue_moving(*, gathering_id: int, link: str, by: Actor, at: datetime) -> int:
    """Give on the seats of offers that ran out; how many offers. Doing it again changes nothing.

    Locks the gathering, also where nothing ran out: seats may have come free by a larger room.
    """
    return lapse_offers(gathering=lock_gathering(gathering_id), link=link, by=by, at=at)


def tell_of_cancellation(*, gathering: Gathering, link: str, by: Actor, at: datetime) -> int:
    """Mail everybody who is registered that the gathering was cancelled; how many people.

    Needs must not outlive what they were for: the answers are deleted.
    """
    coming = gathering.registrations.exclude(state=Seat.DECLINED).select_related("account")
    told = list(coming.order_by("pk"))
    for registration in told:
        registration.gathering = gathering
        tell(registration, Outcome.CANCELLED, link=link, by=by, at=at)
    gathering.answers.all().delete()
    return len(told)


def tick_attendance(*, gathering: Gathering, came: Collection[int], by: Actor, at: datetime) -> int:
    """Say who was there: ``came`` are ids of registrations; how many people were.

    Everybody else with a seat was not; who waited or had declined and came nevertheless is ticked
    like the others. Raises :class:`CannotChange` before the day.
    """
    if day_of(at) < day_of(gathering.starts_at) or gathering.state not in AHEAD | OVER:
        raise CannotChange(
            Reason("too_early", _("Who is there can be ticked on the day and afterwards."))
        )
    rows = gathering.registrations.all()
    rows.filter(state=Seat.SEATED).exclude(pk__in=came).update(attended=False)
    rows.exclude(state=Seat.SEATED).exclude(pk__in=came).update(attended=None)
    there = rows.filter(pk__in=came).update(attended=True)
    record(
        by=by,
        at=at,
        action="gatherings.tick_attendance",
        things=[gathering],
        details={"came": there},
    )
    return there


def _decline(
    registration: Registration, locked: Gathering, note: str, by: Actor, at: datetime
) -> int:
    """Take the step; answers the seats that came free."""
    registration.gathering = locked
    # The copy at hand may be old: what was held is read under the lock.
    held = locked.registrations.filter(pk=registration.pk, state__in=HOLDING).exists()
    LIFECYCLE.move(
        registration,
        "decline",
        by=by,
        at=at,
        note=note,
        changes={"waiting_since": None, "offered_until": None},
    )
    registration.answers.all().delete()
    if not held:
        return 0
    give_back(locked, registration.seats)
    return registration.seats


def _enter(
    gathering: Gathering,
    person: Coming,
    form_key: uuid.UUID,
    *,
    carrier: Carrier | None,
    account: Account | None,
    by: Actor,
    at: datetime,
) -> Registration:
    """Write one registration in the state that the seats allow."""
    if person.is_substitute:
        state = Seat.SUBSTITUTE
    else:
        state = Seat.SEATED if take_seats(gathering, person.seats) else Seat.WAITING
    return _write(
        gathering, person, state, form_key, carrier=carrier, account=account, by=by, at=at
    )


def _write(
    gathering: Gathering,
    person: Coming,
    state: Seat,
    form_key: uuid.UUID,
    *,
    carrier: Carrier | None,
    account: Account | None,
    by: Actor,
    at: datetime,
) -> Registration:
    """Write one registration with its first step; its seats are taken already."""
    is_offered = state == Seat.OFFERED
    registration = Registration.objects.create(
        gathering=gathering,
        carrier=carrier,
        account=account,
        name=person.name,
        email=person.email,
        organisation=person.organisation,
        language=person.language if account is None else account.language,
        seats=person.seats,
        state=state,
        waiting_since=at if is_offered or state == Seat.WAITING else None,
        offered_until=last_moment(gathering, at) if is_offered else None,
        listed_at=at if person.is_listed else None,
        form_key=form_key,
        created_at=at,
    )
    RegistrationStep.objects.create(
        registration=registration,
        carrier=carrier,
        step=INVITE if is_offered else "register",
        from_state="",
        to_state=state,
        by_id=by.user_id,
        at=at,
    )
    return registration


def _accounts_of(people: Sequence[Coming]) -> dict[str, Account]:
    """The accounts of those who have one, by address in small letters."""
    asked = [person.email.lower() for person in people if person.email]
    found = Account.objects.annotate(lower=Lower("email")).filter(lower__in=asked, is_active=True)
    return {account.email.lower(): account for account in found}


def _registered(
    made: list[Registration], gathering: Gathering, link: str, by: Actor, at: datetime
) -> None:
    record(by=by, at=at, action="gatherings.register", things=made, scope=gathering)
    for registration in made:
        tell(registration, BEGUN[Seat(registration.state)], link=link, by=by, at=at)


def _not_open(gathering: Gathering, at: datetime) -> list[Reason]:
    closed = gathering.closes_at is not None and gathering.closes_at <= at
    if gathering.state != State.OPEN or closed or at >= gathering.starts_at:
        return [Reason("not_open", _("Registration is not open."))]
    return []


def _over(gathering: Gathering, at: datetime) -> list[Reason]:
    if still_ahead(gathering, at):
        return []
    return [Reason("over", _("The gathering has begun, is over or was cancelled."))]


def _nobody(people: Sequence[Coming]) -> list[Reason]:
    if people:
        return []
    return [Reason("nobody", _("Please name at least one person."), "name-0")]


def _not_invited(gathering: Gathering, carrier: Carrier) -> Iterable[Reason]:
    """Invited carriers and the organisers' own; the circle is the whole programme."""
    if carrier.programme_id != gathering.programme_id:
        yield Reason("other_programme", _("This carrier belongs to another programme."), "carrier")
    elif gathering.audience == Audience.INVITED and carrier.pk != gathering.carrier_id:
        invited = CarrierShare.objects.filter(
            gathering=gathering, of_carrier=carrier, is_invited=True
        )
        if not invited.exists():
            yield Reason("not_invited", _("This carrier is not invited."), "carrier")


def _too_many(gathering: Gathering, carrier: Carrier, people: Sequence[Coming]) -> Iterable[Reason]:
    """A carrier's seats are a promise to the others: more people come as substitutes."""
    limit = seats_of_carrier(gathering, carrier)
    if limit is None:
        return
    claiming = gathering.registrations.filter(carrier=carrier, state__in=CLAIMING)
    claimed: int = claiming.aggregate(seats=Sum("seats"))["seats"] or 0
    asked = sum(person.seats for person in people if not person.is_substitute)
    if claimed + asked > limit:
        sentence = ngettext_lazy(
            "Your carrier has %(limit)d seat, %(claimed)d of it taken. "
            "Please name the others as substitutes.",
            "Your carrier has %(limit)d seats, %(claimed)d of them taken. "
            "Please name the others as substitutes.",
            limit,
        )
        yield Reason("limit", sentence % {"limit": limit, "claimed": claimed})


def _known_addresses(
    gathering: Gathering, people: Sequence[Coming], field: str = "email-{place}"
) -> Iterable[Reason]:
    """One registration for each address: the link in the mail belongs to one person."""
    coming = gathering.registrations.exclude(state=Seat.DECLINED).exclude(email="")
    asked = [person.email.lower() for person in people if person.email]
    known = set(
        coming.annotate(lower=Lower("email"))
        .filter(lower__in=asked)
        .values_list("lower", flat=True)
    )
    for place, person in enumerate(people):
        address = person.email.lower()
        if address and address in known:
            sentence = _("%(address)s is registered already.") % {"address": person.email}
            yield Reason("registered", sentence, field.format(place=place))
        known.add(address)
