"""The register of all decisions since the beginning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, ExtractYear
from django.urls import reverse
from django.utils.formats import date_format

from patenwerk.core.policy import Actor, visible
from patenwerk.core.registrations import SearchHit
from patenwerk.core.sheets.words import fold
from patenwerk.gatherings.enums import DecisionState
from patenwerk.gatherings.models import Commitment, Decision, GatheringKind, Series
from patenwerk.gatherings.policy import SEE_MINUTES

HIT_LENGTH = 90
"""So many letters of a decision name it in the search over everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFilter:
    """What the register is narrowed to; None and the empty text narrow nothing."""

    text: str = ""
    year: int | None = None
    state: DecisionState | None = None
    series_id: int | None = None
    kind_id: int | None = None


def decisions(actor: Actor, filters: DecisionFilter) -> QuerySet[Decision]:
    """The decisions the actor sees, narrowed, the latest first, with their gathering.

    The text finds decisions by the beginnings of words in decision and grounds, whatever the
    umlauts; all words have to be found.
    """
    found = Decision.objects.filter(visible(actor, SEE_MINUTES, Decision))
    for word in fold(filters.text).split():
        found = found.filter(words__contains=f" {word}")
    if filters.year is not None:
        found = found.filter(decided_on__year=filters.year)
    if filters.state is not None:
        found = found.filter(state=filters.state)
    if filters.series_id is not None:
        found = found.filter(gathering__series=filters.series_id)
    if filters.kind_id is not None:
        found = found.filter(gathering__kind=filters.kind_id)
    return found.select_related("gathering__kind", "gathering__series", "replaced_by").order_by(
        "-decided_on", "-gathering_id", "number"
    )


def with_promises(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """Decisions with the number of promises that carry them out, as ``promised``."""
    # A subquery instead of a join: counting the list does without it, a page asks for its rows.
    carrying = Commitment.objects.filter(decision=OuterRef("pk")).order_by().values("decision")
    number = Subquery(carrying.annotate(number=Count("pk")).values("number"))
    return rows.annotate(promised=Coalesce(number, 0))


def years_of_decisions(actor: Actor) -> list[int]:
    """The years in which something was decided that the actor sees, the latest first."""
    seen = Decision.objects.filter(visible(actor, SEE_MINUTES, Decision)).order_by()
    years = seen.annotate(year=ExtractYear("decided_on")).values_list("year", flat=True)
    return sorted(set(years.distinct()), reverse=True)


def series_with_decisions(actor: Actor) -> QuerySet[Series]:
    """The series in which something was decided that the actor sees."""
    seen = Decision.objects.filter(visible(actor, SEE_MINUTES, Decision)).order_by()
    return Series.objects.filter(pk__in=seen.values("gathering__series"))


def kinds_with_decisions(actor: Actor) -> QuerySet[GatheringKind]:
    """The kinds of gatherings in which something was decided that the actor sees."""
    seen = Decision.objects.filter(visible(actor, SEE_MINUTES, Decision)).order_by()
    return GatheringKind.objects.filter(pk__in=seen.values("gathering__kind"))


def successors_of(actor: Actor, decision: Decision) -> QuerySet[Decision]:
    """Decisions in force that may replace this one: as late or later, the same organisers."""
    return Decision.objects.filter(
        visible(actor, SEE_MINUTES, Decision),
        programme=decision.programme_id,
        carrier=decision.carrier_id,
        state=DecisionState.IN_FORCE,
        decided_on__gte=decision.decided_on,
    ).exclude(pk=decision.pk)


def decisions_found(actor: Actor, text: str, limit: int) -> Sequence[SearchHit]:
    """The latest decisions that hold every word, for the search over everything."""
    found = decisions(actor, DecisionFilter(text=text))[:limit]
    return [
        SearchHit(
            label=_short(decision.text),
            hint=f"{decision.gathering.title} · {date_format(decision.decided_on)}",
            url=reverse("gatherings:decision", args=[decision.pk]),
            icon="gavel",
        )
        for decision in found
    ]


def _short(text: str) -> str:
    return text if len(text) <= HIT_LENGTH else f"{text[: HIT_LENGTH - 1].rstrip()}…"
