"""What was promised: what is open before a gathering, of a carrier, in the whole circle."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from patenwerk.core.policy import Actor, visible
from patenwerk.core.sheets.words import fold
from patenwerk.gatherings.enums import Audience, CommitmentState, ObjectionState
from patenwerk.gatherings.models import (
    CarrierShare,
    Commitment,
    Gathering,
    Objection,
    Progress,
)
from patenwerk.gatherings.policy import SEE_MINUTES, TELL
from patenwerk.organisations.models import Carrier


class Standing(StrEnum):
    """Which promises a list shows."""

    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"
    DROPPED = "dropped"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseFilter:
    """What a list is narrowed to; None and the empty text narrow nothing."""

    text: str = ""
    standing: Standing = Standing.OPEN
    carrier_id: int | None = None


@dataclass(slots=True)
class OpenBefore:
    """What earlier gatherings left open: promises with their progress, objections to minutes."""

    commitments: list[Commitment] = field(default_factory=list)
    objections: list[Objection] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.commitments or self.objections)


def promise_link() -> str:
    """The full address of a promise, with ``{pk}`` in it, for mails."""
    path = reverse("gatherings:commitment", args=[0])
    return settings.PUBLIC_URL + path.replace("/0/", "/{pk}/")


def open_before(gathering: Gathering, *, actor: Actor | None = None) -> OpenBefore:
    """What stands by itself on the agenda and in the minutes of a gathering.

    Open promises and open objections from earlier gatherings of the same organisers: those of the
    same series. A gathering without a series has no next one of its own, so that what it left open
    stands on every series' next agenda and on the next one of its kind; what only invited carriers
    agreed does not leave its series.
    With ``actor`` only what that reader may see. Four queries at most.
    """
    return open_before_each([gathering], actor=actor)[gathering.pk]


def open_before_each(
    gatherings: Sequence[Gathering], *, actor: Actor | None = None
) -> Mapping[int, OpenBefore]:
    """The same for several gatherings at once, with the same number of queries."""
    found = {gathering.pk: OpenBefore() for gathering in gatherings}
    programmes = {gathering.programme_id for gathering in gatherings}
    promises = with_progress(
        Commitment.objects.filter(
            _seen(actor, Commitment), state=CommitmentState.OPEN, programme__in=programmes
        )
    ).order_by("due_on", "pk")
    objections = (
        Objection.objects.filter(
            _seen(actor, Objection), state=ObjectionState.OPEN, programme__in=programmes
        )
        .select_related("minutes__gathering", "section", "of_carrier")
        .order_by("raised_at", "pk")
    )
    for promise in promises:
        for gathering in gatherings:
            if _carries_over(promise.gathering, gathering):
                found[gathering.pk].commitments.append(promise)
    for objection in objections:
        for gathering in gatherings:
            if _carries_over(objection.minutes.gathering, gathering):
                found[gathering.pk].objections.append(objection)
    return found


def _seen(actor: Actor | None, model: type[Commitment | Objection]) -> Q:
    return Q() if actor is None else visible(actor, SEE_MINUTES, model)


def _carries_over(earlier: Gathering, later: Gathering) -> bool:
    if (earlier.programme_id, earlier.carrier_id) != (later.programme_id, later.carrier_id):
        return False
    if earlier.starts_at >= later.starts_at:
        return False
    if earlier.series_id is not None:
        return earlier.series_id == later.series_id
    is_next = later.series_id is not None or later.kind_id == earlier.kind_id
    return is_next and earlier.audience != Audience.INVITED


def with_progress(rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """Promises with everything that a list or the minutes show of them."""
    return rows.select_related("gathering", "of_carrier", "decision").prefetch_related(
        Prefetch("partners", Carrier.objects.order_by("name", "pk")),
        Prefetch("progress", Progress.objects.order_by("at", "pk")),
    )


def commitments(actor: Actor, filters: PromiseFilter, on: date) -> QuerySet[Commitment]:
    """The promises the actor sees, narrowed; what is due first comes first."""
    found = Commitment.objects.filter(
        visible(actor, SEE_MINUTES, Commitment), standing(filters.standing, on)
    )
    for word in fold(filters.text).split():
        found = found.filter(words__contains=f" {word}")
    if filters.carrier_id is not None:
        found = found.filter(promised_by([filters.carrier_id]))
    return with_progress(found).order_by("due_on", "pk")


def promises_of(actor: Actor, carrier: Carrier) -> list[Commitment]:
    """Everything a carrier promised as far as the actor sees it, open ones first, by day."""
    rows = Commitment.objects.filter(
        visible(actor, SEE_MINUTES, Commitment), promised_by([carrier.pk])
    )
    return list(with_progress(rows).order_by("due_on", "pk"))


def promised_by(carriers: Collection[int]) -> Q:
    """Promises of these carriers, as owner or as partner of a joint activity."""
    shared = Commitment.partners.through.objects.filter(carrier_id__in=carriers)
    return Q(of_carrier__in=carriers) | Q(pk__in=shared.values("commitment_id"))


def standing(which: Standing, on: date) -> Q:
    """The promises of this standing on a day; what is due on the day itself is not overdue."""
    if which is Standing.ALL:
        return Q()
    if which is Standing.OVERDUE:
        return Q(state=CommitmentState.OPEN, due_on__lt=on)
    return Q(state=which.value)


def is_overdue(commitment: Commitment, on: date) -> bool:
    """Whether an open promise should have been kept before this day."""
    due = commitment.due_on
    return commitment.state == CommitmentState.OPEN and due is not None and due < on


def may_tell(actor: Actor, rows: Iterable[Commitment]) -> frozenset[int]:
    """The ids of those promises whose progress and end the actor may tell: one query."""
    ids = [row.pk for row in rows]
    told = Commitment.objects.filter(visible(actor, TELL, Commitment), pk__in=ids)
    return frozenset(told.values_list("pk", flat=True))


def carriers_for(gathering: Gathering) -> QuerySet[Carrier]:
    """The carriers that can promise something in a gathering: those it is for, and its own."""
    here = Carrier.objects.filter(programme=gathering.programme_id, archived_at__isnull=True)
    if gathering.audience == Audience.INVITED:
        invited = CarrierShare.objects.filter(gathering=gathering, is_invited=True)
        here = here.filter(Q(pk__in=invited.values("of_carrier_id")) | Q(pk=gathering.carrier_id))
    return here.order_by("name", "pk")


def carriers_with_promises(actor: Actor) -> QuerySet[Carrier]:
    """The carriers that promised something the actor sees."""
    seen = Commitment.objects.filter(visible(actor, SEE_MINUTES, Commitment))
    partners = Commitment.partners.through.objects.filter(commitment__in=seen.values("pk"))
    return Carrier.objects.filter(
        Q(pk__in=seen.filter(of_carrier__isnull=False).values("of_carrier_id"))
        | Q(pk__in=partners.values("carrier_id"))
    ).order_by("name", "pk")
