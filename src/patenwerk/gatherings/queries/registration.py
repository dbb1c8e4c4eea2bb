"""Who comes, who waits, and which carriers have not answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.urls import reverse

from patenwerk.core.clock import day_of
from patenwerk.core.links import said_by, signed_token
from patenwerk.core.policy import Actor, Level, visible
from patenwerk.gatherings.enums import AHEAD, HOLDING, Audience, Seat, State
from patenwerk.gatherings.models import Answer, CarrierShare, Gathering, Question, Registration
from patenwerk.gatherings.policy import ORGANISE, SEE_GATHERING, SEND_PEOPLE
from patenwerk.organisations.models import Carrier, Site

SALT = "gatherings.registration"
INVITE = "invite"
"""The first step of a registration that began as an invitation by name."""


def token_of(registration: Registration) -> str:
    """What opens a registration without a login; it does not run out, the state decides."""
    return signed_token({"registration": registration.pk}, purpose=SALT)


def registration_of(token: str) -> Registration | None:
    """The registration a link belongs to; nothing for words that were not signed here."""
    pk = said_by(token, purpose=SALT).get("registration", 0)
    rows = Registration.objects.select_related("gathering__programme", "carrier", "account")
    return rows.filter(pk=pk).first()


def is_invited(registration: Registration) -> bool:
    """Whether somebody was invited by name and did not register."""
    return registration.steps_taken.filter(step=INVITE).exists()


def registration_link() -> str:
    """The full address of a registration, with ``{token}`` in it."""
    path = reverse("gatherings:registration", args=["TOKEN"])
    return settings.PUBLIC_URL + path.replace("TOKEN", "{token}")


def seats_of_carrier(gathering: Gathering, carrier: Carrier) -> int | None:
    """How many seats a carrier may take: its own number, else everybody's; None is no limit."""
    own = CarrierShare.objects.filter(gathering=gathering, of_carrier=carrier).first()
    if own is not None and own.seats is not None:
        return own.seats
    return gathering.seats_per_carrier


def carriers_to_send(actor: Actor, gathering: Gathering) -> QuerySet[Carrier]:
    """The carriers the actor registers people of at this gathering."""
    own = visible(actor, SEND_PEOPLE, Carrier)
    found = Carrier.objects.filter(own, programme=gathering.programme_id, archived_at__isnull=True)
    if gathering.audience == Audience.INVITED:
        found = found.filter(Q(pk=gathering.carrier_id) | Q(pk__in=_invited(gathering)))
    return found


def working_carrier(actor: Actor, gathering: Gathering) -> Carrier | None:
    """The carrier an actor works for within the gathering's programme; none for its offices.

    Of several, an invited one; else the first by name.
    """
    sites = Site.objects.filter(pk__in=actor.organisations(SEE_GATHERING, Level.SITE))
    found = Carrier.objects.filter(
        Q(pk__in=actor.organisations(SEE_GATHERING, Level.CARRIER))
        | Q(pk__in=sites.values("carrier_id")),
        programme=gathering.programme_id,
        archived_at__isnull=True,
    )
    if gathering.audience == Audience.INVITED:
        found = found.filter(Q(pk=gathering.carrier_id) | Q(pk__in=_invited(gathering)))
    return found.first()


def registrations_of(gathering: Gathering) -> QuerySet[Registration]:
    """Everybody registered, declined ones included, for the organisers."""
    return gathering.registrations.select_related("carrier", "account").order_by("name", "pk")


def place_in_queue(registration: Registration) -> int:
    """How many stand before somebody who waits, and they: 1 is next."""
    before = Q(waiting_since__lt=registration.waiting_since) | Q(
        waiting_since=registration.waiting_since, pk__lte=registration.pk
    )
    waiting = Registration.objects.filter(
        before, gathering=registration.gathering_id, state=Seat.WAITING
    )
    return waiting.count()


def listed_participants(gathering: Gathering) -> QuerySet[Registration]:
    """Those with a seat who agreed that the others read their name."""
    return (
        gathering.registrations.filter(state=Seat.SEATED, listed_at__isnull=False)
        .select_related("carrier")
        .order_by("name", "pk")
    )


def carriers_asked(gathering: Gathering) -> QuerySet[Carrier]:
    """The carriers an answer is expected from: the programme's, or the invited ones."""
    asked = Carrier.objects.filter(programme=gathering.programme_id, archived_at__isnull=True)
    if gathering.audience == Audience.INVITED:
        asked = asked.filter(pk__in=_invited(gathering))
    return asked.exclude(pk=gathering.carrier_id) if gathering.carrier_id else asked


def carriers_without_answer(gathering: Gathering) -> QuerySet[Any]:
    """Asked carriers that registered nobody and did not say that nobody can come.

    A declined registration is an answer. Each carries ``reminded_at``, the last reminder.
    """
    registered = Registration.objects.filter(gathering=gathering, carrier=OuterRef("pk"))
    share = CarrierShare.objects.filter(gathering=gathering, of_carrier=OuterRef("pk"))
    return (
        carriers_asked(gathering)
        .filter(~Exists(registered), ~Exists(share.filter(regretted_at__isnull=False)))
        .annotate(reminded_at=share.values("reminded_at")[:1])
    )


def gatherings_to_move(at: datetime) -> list[int]:
    """Ids of gatherings where an offer ran out, or where free seats meet people who wait."""
    rows = Registration.objects.filter(gathering=OuterRef("pk"))
    room = Q(capacity__isnull=True) | Q(capacity__gt=F("seats_taken"))
    ahead = Q(state__in=AHEAD, starts_at__gt=at) & room
    found = Gathering.objects.filter(
        Exists(rows.filter(state=Seat.OFFERED, offered_until__lte=at))
        | ahead & Exists(rows.filter(state=Seat.WAITING))
    )
    return list(found.order_by("pk").values_list("pk", flat=True))


def regrets_of(gathering: Gathering) -> QuerySet[CarrierShare]:
    """The carriers of which nobody can come, with their reason."""
    return (
        CarrierShare.objects.filter(gathering=gathering, regretted_at__isnull=False)
        .select_related("of_carrier")
        .order_by("of_carrier__name", "pk")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """A question with what was answered to it."""

    question: Question
    answers: list[Answer]

    @property
    def totals(self) -> list[tuple[str, int]]:
        """How often each answer to choose from was given; nothing for answers in own words."""
        said = Counter(answer.text for answer in self.answers)
        return [(line, said[line]) for line in self.question.lines]


def needs_of(gathering: Gathering) -> list[Needs]:
    """What participants need, question by question. For the organisers' own page alone."""
    answers: dict[int, list[Answer]] = {}
    for answer in gathering.answers.select_related("registration__carrier").order_by(
        "registration__name", "pk"
    ):
        answers.setdefault(answer.question_id, []).append(answer)
    return [
        Needs(question=question, answers=answers.get(question.pk, []))
        for question in gathering.questions.order_by("position", "pk")
    ]


def answered_questions(registration: Registration) -> frozenset[int]:
    """Ids of the questions somebody has answered; what was said is not read here."""
    return frozenset(registration.answers.values_list("question_id", flat=True))


def registrations_panel(
    actor: Actor,
    ids: Sequence[int],
    on: date,
) -> Mapping[int, Mapping[str, Any]]:
    """Registration as somebody sees it: seats, oneself, the people of one's own carrier.

    Afterwards only for whom there is something to see.
    """
    organised = set(
        Gathering.objects.filter(visible(actor, ORGANISE, Gathering), pk__in=ids).values_list(
            "pk", flat=True
        )
    )
    seen = Gathering.objects.filter(visible(actor, SEE_GATHERING, Gathering), pk__in=ids)
    # Before registration opens there is something to prepare for the organisers alone.
    early = Q(state__in=[State.DRAFT, State.ANNOUNCED]) & ~Q(pk__in=organised)
    gatherings = {row.pk: row for row in seen.exclude(early)}
    sending = set(
        Gathering.objects.filter(
            visible(actor, SEND_PEOPLE, Gathering), pk__in=gatherings
        ).values_list("pk", flat=True)
    )
    own = {
        row.gathering_id: row
        for row in Registration.objects.filter(
            gathering__in=gatherings, account_id=actor.user_id or 0
        ).exclude(state=Seat.DECLINED)
    }
    people = _people_of(actor, list(gatherings))
    counted = _counted(list(gatherings))
    return {
        pk: {
            "gathering": row,
            "is_open": row.state == State.OPEN
            and on <= day_of(min(row.closes_at or row.starts_at, row.starts_at)),
            "is_ahead": row.state in AHEAD and on <= day_of(row.starts_at),
            "free": None if row.capacity is None else row.capacity - row.seats_taken,
            "own": own.get(pk),
            "own_token": token_of(own[pk]) if pk in own else "",
            "people": people.get(pk, []),
            "organises": pk in organised,
            "sends": pk in sending,
            "counts": counted.get(pk, {}),
        }
        for pk, row in gatherings.items()
        if row.state in AHEAD or pk in own or pk in people or pk in organised
    }


def _people_of(actor: Actor, ids: Sequence[int]) -> dict[int, list[Registration]]:
    """The people of the actor's own carriers, by gathering."""
    carriers = Carrier.objects.filter(visible(actor, SEND_PEOPLE, Carrier)).values("pk")
    found: dict[int, list[Registration]] = {}
    rows = Registration.objects.filter(gathering__in=ids, carrier__in=carriers)
    for row in rows.order_by("name", "pk"):
        found.setdefault(row.gathering_id, []).append(row)
    return found


def _counted(ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Seats by state, and people to be seen on the list, by gathering."""
    rows = (
        Registration.objects.filter(gathering__in=ids)
        .values("gathering_id")
        .order_by()
        .annotate(
            seated=Sum("seats", filter=Q(state__in=HOLDING), default=0),
            waiting=Sum("seats", filter=Q(state=Seat.WAITING), default=0),
            substitutes=Count("pk", filter=Q(state=Seat.SUBSTITUTE)),
            declined=Count("pk", filter=Q(state=Seat.DECLINED)),
        )
    )
    return {row.pop("gathering_id"): row for row in rows}


def _invited(gathering: Gathering) -> QuerySet[CarrierShare, int]:
    return CarrierShare.objects.filter(gathering=gathering, is_invited=True).values_list(
        "of_carrier_id", flat=True
    )
