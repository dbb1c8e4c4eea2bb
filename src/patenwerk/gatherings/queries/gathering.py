"""Gatherings as lists, cards, the search and public pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from patenwerk.core.clock import BERLIN
from patenwerk.core.policy import Actor, Level, visible
from patenwerk.core.registrations import SearchHit
from patenwerk.gatherings.enums import AHEAD, KNOWN, Audience, Seat, State
from patenwerk.gatherings.models import Gathering, GatheringKind, Registration, Series
from patenwerk.gatherings.policy import ORGANISE, SEE_GATHERING
from patenwerk.organisations.models import Carrier, Programme

CARD = 3
"""So many next gatherings stand on »my day«."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheringFilter:
    """What a list is narrowed to; empty is no narrowing.

    ``since`` and ``until`` are moments between which a gathering ends.
    """

    text: str = ""
    kind: GatheringKind | None = None
    year: int | None = None
    is_mine: bool = False
    since: datetime | None = None
    until: datetime | None = None


def gatherings(actor: Actor, filters: GatheringFilter) -> QuerySet[Gathering]:
    """The gatherings the actor sees, by their beginning, with kind and organising carrier.

    »Mine« are those the actor registered for or organises.
    """
    rows = Gathering.objects.filter(visible(actor, SEE_GATHERING, Gathering))
    if filters.text:
        said = Q(title__icontains=filters.text) | Q(place_name__icontains=filters.text)
        rows = rows.filter(said)
    if filters.kind is not None:
        rows = rows.filter(kind=filters.kind)
    if filters.year is not None:
        rows = rows.filter(starts_at__year=filters.year)
    if filters.is_mine:
        rows = rows.filter(mine(actor))
    if filters.since is not None:
        rows = rows.filter(ends_at__gte=filters.since)
    if filters.until is not None:
        rows = rows.filter(ends_at__lt=filters.until)
    return rows.select_related("kind", "carrier", "series").order_by("starts_at", "pk")


def mine(actor: Actor) -> Q:
    """Gatherings the actor is registered for, in whatever state but declined, or organises."""
    own = Registration.objects.filter(account__isnull=False, account=actor.user_id)
    coming = own.exclude(state=Seat.DECLINED)
    return Q(pk__in=coming.values("gathering_id")) | visible(actor, ORGANISE, Gathering)


def organised(actor: Actor, ids: Sequence[int]) -> frozenset[int]:
    """Which of these gatherings the actor organises."""
    own = visible(actor, ORGANISE, Gathering)
    return frozenset(Gathering.objects.filter(own, pk__in=ids).values_list("pk", flat=True))


def years_of_gatherings(actor: Actor) -> list[int]:
    """The years in which there are gatherings the actor sees, the latest first."""
    seen = Gathering.objects.filter(visible(actor, SEE_GATHERING, Gathering)).order_by()
    found = seen.annotate(year=ExtractYear("starts_at")).values_list("year", flat=True)
    return sorted(set(found.distinct()), reverse=True)


def kinds_of_gatherings(actor: Actor) -> QuerySet[GatheringKind]:
    """The kinds of the gatherings the actor sees."""
    seen = Gathering.objects.filter(visible(actor, SEE_GATHERING, Gathering)).order_by()
    return GatheringKind.objects.filter(pk__in=seen.values("kind"))


def organising_programmes(actor: Actor) -> QuerySet[Programme]:
    """The programmes whose network office the actor is."""
    return Programme.objects.filter(pk__in=actor.organisations(ORGANISE, Level.PROGRAMME))


def organising_carriers(actor: Actor) -> QuerySet[Carrier]:
    """The carriers the actor organises gatherings for."""
    return Carrier.objects.filter(
        pk__in=actor.organisations(ORGANISE, Level.CARRIER), archived_at__isnull=True
    ).select_related("programme")


def kinds_to_choose(programmes: Sequence[int]) -> QuerySet[GatheringKind]:
    """The kinds in use of these programmes."""
    return GatheringKind.objects.filter(programme__in=programmes, is_active=True)


def series_to_choose(actor: Actor) -> QuerySet[Series]:
    """The series of the organisers the actor works for."""
    return Series.objects.filter(visible(actor, ORGANISE, Series))


def public_gatherings(programme: Programme) -> QuerySet[Gathering]:
    """What everybody may know of a programme's gatherings, by their beginning."""
    return (
        Gathering.objects.filter(programme=programme, audience=Audience.PUBLIC, state__in=KNOWN)
        .select_related("kind", "carrier", "programme")
        .order_by("starts_at", "pk")
    )


def public_gathering(pk: int) -> Gathering | None:
    """One gathering for everybody, or None."""
    return (
        Gathering.objects.filter(pk=pk, audience=Audience.PUBLIC, state__in=KNOWN)
        .select_related("kind", "carrier", "programme")
        .first()
    )


def next_card(actor: Actor, on: date) -> Mapping[str, Any] | None:
    """The next gatherings for »my day«, each with how the actor is registered; else None.

    Whoever waits or has yet to answer an offer reads so: a seat is what is read of most.
    """
    begins = datetime.combine(on, time.min, BERLIN)
    own = Registration.objects.filter(
        gathering=OuterRef("pk"), account__isnull=False, account=actor.user_id
    ).exclude(state=Seat.DECLINED)
    rows = gatherings(actor, GatheringFilter(since=begins)).filter(state__in=AHEAD - {State.DRAFT})
    found = rows.annotate(own_state=Subquery(own.values("state")[:1]))[:CARD]
    shown = [
        {"gathering": row, "own": Registration(state=row.own_state) if row.own_state else None}
        for row in found
    ]
    return {"rows": shown} if shown else None


def start_part(
    programme: Programme,
    asked: Mapping[str, str],  # noqa: ARG001 - every part is asked with the address
    on: date,
) -> Mapping[str, Any] | None:
    """The next gatherings open to everybody, for the programme's start page; else None."""
    begins = datetime.combine(on, time.min, BERLIN)
    rows = public_gatherings(programme).filter(state__in=AHEAD, ends_at__gte=begins)
    found = list(rows[:CARD])
    return {"gatherings": found} if found else None


def gatherings_found(actor: Actor, text: str, limit: int) -> Sequence[SearchHit]:
    """The latest gatherings by title or place, for the search over everything."""
    found = gatherings(actor, GatheringFilter(text=text)).order_by("-starts_at", "-pk")[:limit]
    return [
        SearchHit(
            label=gathering.title,
            hint=f"{gathering.get_state_display()} · {date_format(gathering.starts_at)}",
            url=reverse("gatherings:gathering", args=[gathering.pk]),
            icon="calendar",
        )
        for gathering in found
    ]


def period(gathering: Gathering) -> str:
    """From when to when, in words; the day once where it begins and ends on the same."""
    start, end = localtime(gathering.starts_at), localtime(gathering.ends_at)
    form = "TIME_FORMAT" if start.date() == end.date() else "DATETIME_FORMAT"
    return f"{date_format(start, 'DATETIME_FORMAT')} – {date_format(end, form)}"
