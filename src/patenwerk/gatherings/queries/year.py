"""The network office's year: what was planned and held, who came, who did not, what is open."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor, visible
from patenwerk.gatherings.enums import (
    AHEAD,
    OVER,
    Audience,
    CommitmentState,
    MinutesState,
    ObjectionState,
    State,
)
from patenwerk.gatherings.models import (
    CarrierShare,
    Commitment,
    Gathering,
    GatheringKind,
    Objection,
    Registration,
)
from patenwerk.gatherings.policy import SEE_YEAR
from patenwerk.gatherings.queries.presence import present
from patenwerk.organisations.models import Carrier


@dataclass(slots=True)
class Tally:
    """How many gatherings were held, are still planned and were cancelled."""

    held: int = 0
    planned: int = 0
    cancelled: int = 0

    @property
    def total(self) -> int:
        return self.held + self.planned + self.cancelled

    def add(self, state: str) -> None:
        """Count one gathering by its state."""
        if state in OVER:
            self.held += 1
        elif state in AHEAD:
            self.planned += 1
        else:
            self.cancelled += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldGathering:
    """One gathering of the year, with the people and carriers that were there."""

    gathering: Gathering
    day: date
    people: int
    carriers: int
    guests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierRow:
    """How many people a carrier sent in the year (seats), to how many gatherings.

    ``share`` is its part of all people in percent; ``last_came`` the last day before the year,
    for those that sent nobody in it.
    """

    carrier: Carrier
    people: int
    gatherings: int
    share: float
    last_came: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentRow:
    """An open gathering and the asked carriers that have not answered."""

    gathering: Gathering
    carriers: list[Carrier]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedYear:
    """The figures of one year beside the others."""

    year: int
    tally: Tally
    people: int
    carriers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWork:
    """What waits for somebody today, from all years."""

    commitments: int
    overdue: int
    objections: int
    without_approval: list[Gathering]


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """Everything the network office sees of one year. ``guests`` are people of no carrier."""

    year: int
    years: list[int]
    tally: Tally
    kinds: list[tuple[GatheringKind, Tally]]
    months: list[tuple[int, Tally]]
    gatherings: list[HeldGathering]
    people: int
    guests: int
    guests_share: float
    came: list[CarrierRow]
    absent: list[CarrierRow]
    silent: list[SilentRow]
    work: OpenWork
    compared: list[ComparedYear]


@dataclass(slots=True)
class _Presence:
    """People by gathering and carrier; None is for guests."""

    pairs: dict[int, dict[int | None, int]] = field(default_factory=lambda: defaultdict(dict))

    def people(self, gatherings: Iterable[int]) -> Counter[int | None]:
        """People by carrier over these gatherings."""
        counted: Counter[int | None] = Counter()
        for pk in gatherings:
            counted.update(self.pairs.get(pk, {}))
        return counted


def year_at_a_glance(actor: Actor, year: int, on: date) -> Year:
    """One year of the gatherings the actor looks after, seen on a day: a fixed number of queries.

    A year is Berlin's. People are counted as seats of those who were there.
    """
    rows = list(_own(actor).select_related("kind"))
    days = {row.pk: day_of(row.starts_at) for row in rows}
    presence = _presence(rows)
    carriers = list(
        Carrier.objects.filter(visible(actor, SEE_YEAR, Carrier)).order_by("name", "pk")
    )
    this = [row for row in rows if days[row.pk].year == year]
    counted = presence.people(row.pk for row in this)
    people = sum(counted.values())
    lines = _carrier_rows(carriers, rows, days, presence, year)
    return Year(
        year=year,
        years=_years(days.values(), year, on),
        tally=_tally(this),
        kinds=_by_kind(this),
        months=[
            (month, _tally(row for row in this if days[row.pk].month == month))
            for month in range(1, 13)
        ],
        gatherings=[_held(row, days[row.pk], presence) for row in this],
        people=people,
        guests=counted[None],
        guests_share=_percent(counted[None], people),
        came=sorted((line for line in lines if line.people), key=lambda line: -line.people),
        absent=[line for line in lines if not line.people and line.carrier.archived_at is None],
        silent=_silent(this, carriers),
        work=_open_work(actor, on),
        compared=_compared(rows, days, presence),
    )


def _own(actor: Actor) -> QuerySet[Gathering]:
    return Gathering.objects.filter(visible(actor, SEE_YEAR, Gathering)).order_by("starts_at", "pk")


def _presence(rows: Sequence[Gathering]) -> _Presence:
    over = [row.pk for row in rows if row.state in OVER]
    found = _Presence()
    seats = (
        Registration.objects.filter(present(), gathering__in=over)
        .values("gathering_id", "carrier_id")
        .order_by()
        .annotate(people=Sum("seats"))
    )
    for pair in seats:
        found.pairs[pair["gathering_id"]][pair["carrier_id"]] = pair["people"]
    return found


def _tally(rows: Iterable[Gathering]) -> Tally:
    tally = Tally()
    for row in rows:
        tally.add(row.state)
    return tally


def _by_kind(rows: Sequence[Gathering]) -> list[tuple[GatheringKind, Tally]]:
    kinds = {row.kind_id: row.kind for row in rows}
    ordered = sorted(kinds.values(), key=lambda kind: (kind.position, kind.pk))
    return [(kind, _tally(row for row in rows if row.kind_id == kind.pk)) for kind in ordered]


def _held(row: Gathering, day: date, presence: _Presence) -> HeldGathering:
    there = presence.pairs.get(row.pk, {})
    return HeldGathering(
        gathering=row,
        day=day,
        people=sum(there.values()),
        carriers=sum(pk is not None for pk in there),
        guests=there.get(None, 0),
    )


def _carrier_rows(
    carriers: Sequence[Carrier],
    rows: Sequence[Gathering],
    days: Mapping[int, date],
    presence: _Presence,
    year: int,
) -> list[CarrierRow]:
    this = [row.pk for row in rows if days[row.pk].year == year]
    before = [row.pk for row in rows if days[row.pk].year < year]
    people = presence.people(this)
    visits = Counter(pk for row in this for pk in presence.pairs.get(row, {}))
    total = sum(people.values())
    last: dict[int | None, date] = {}
    for pk in before:
        last.update(dict.fromkeys(presence.pairs.get(pk, {}), days[pk]))
    return [
        CarrierRow(
            carrier=carrier,
            people=people[carrier.pk],
            gatherings=visits[carrier.pk],
            share=_percent(people[carrier.pk], total),
            last_came=last.get(carrier.pk),
        )
        for carrier in carriers
    ]


def _silent(rows: Sequence[Gathering], carriers: Sequence[Carrier]) -> list[SilentRow]:
    """Two queries, whatever the number of gatherings."""
    waiting = {row.pk: row for row in rows if row.state == State.OPEN}
    answered = set(
        Registration.objects.filter(gathering__in=waiting, carrier__isnull=False)
        .order_by()
        .values_list("gathering_id", "carrier_id")
        .distinct()
    )
    invited = set()
    for share in CarrierShare.objects.filter(gathering__in=waiting):
        pair = (share.gathering_id, share.of_carrier_id)
        if share.regretted_at is not None:
            answered.add(pair)
        if share.is_invited:
            invited.add(pair)
    found = []
    for row in waiting.values():
        silent = [
            carrier
            for carrier in carriers
            if carrier.archived_at is None
            and carrier.programme_id == row.programme_id
            and (row.pk, carrier.pk) not in answered
            and (row.audience != Audience.INVITED or (row.pk, carrier.pk) in invited)
        ]
        if silent:
            found.append(SilentRow(gathering=row, carriers=silent))
    return found


def _open_work(actor: Actor, on: date) -> OpenWork:
    commitments = Commitment.objects.filter(
        visible(actor, SEE_YEAR, Commitment), state=CommitmentState.OPEN
    ).aggregate(waiting=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=on)))
    objections = Objection.objects.filter(
        visible(actor, SEE_YEAR, Objection), state=ObjectionState.OPEN
    )
    approved = Q(minutes__state__in=[MinutesState.APPROVED, MinutesState.LOCKED])
    return OpenWork(
        commitments=commitments["waiting"],
        overdue=commitments["overdue"],
        objections=objections.count(),
        without_approval=list(_own(actor).filter(~approved, state=State.HELD)),
    )


def _compared(
    rows: Sequence[Gathering], days: Mapping[int, date], presence: _Presence
) -> list[ComparedYear]:
    by_year: dict[int, list[Gathering]] = defaultdict(list)
    for row in rows:
        by_year[days[row.pk].year].append(row)
    found = []
    for year, held in sorted(by_year.items()):
        people = presence.people(row.pk for row in held)
        found.append(
            ComparedYear(
                year=year,
                tally=_tally(held),
                people=sum(people.values()),
                carriers=sum(pk is not None for pk in people),
            )
        )
    return found


def _years(days: Iterable[date], year: int, on: date) -> list[int]:
    return sorted({on.year, year, *(day.year for day in days)}, reverse=True)


def _percent(part: int, whole: int) -> float:
    return part / whole * 100 if whole else 0.0
