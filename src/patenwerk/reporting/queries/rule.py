"""The counting rules in force, as counting itself wants them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta

from django.db.models import Q, QuerySet

from patenwerk.core.disclosure.minimum import MINIMUM_CELL
from patenwerk.core.policy import Actor, visible
from patenwerk.organisations.models import Programme, Site, TandemKind
from patenwerk.reporting.kernel import counting
from patenwerk.reporting.kernel.defaults import default_rules
from patenwerk.reporting.models import CountingRule, KindRule, ReportingSettings
from patenwerk.reporting.policy import SEE_RULES

MINIMUM_RULE = 0
"""Number of the rule that holds before a programme has one: a documented meeting is enough."""


def programmes_with_rules(actor: Actor) -> QuerySet[Programme]:
    """The programmes somebody works in, at whatever level."""
    sites = Site.objects.filter(visible(actor, SEE_RULES, Site))
    return Programme.objects.filter(
        visible(actor, SEE_RULES, Programme) | Q(pk__in=sites.values("programme_id"))
    )


def versions(programmes: Iterable[Programme]) -> QuerySet[CountingRule]:
    """All versions of the programmes' rules with their kinds, the newest first: two queries."""
    return (
        CountingRule.objects.filter(programme__in=programmes)
        .select_related("programme")
        .prefetch_related("kinds__kind")
        .order_by("programme__name", "programme_id", "-number")
    )


def kinds_without_rule(programme: Programme) -> list[TandemKind]:
    """Kinds in use that the newest version says nothing about: their tandems do not count."""
    newest = CountingRule.objects.filter(programme=programme).order_by("-number").first()
    if newest is None:
        return []
    known = newest.kinds.values("kind_id")
    return list(
        TandemKind.objects.filter(programme=programme, is_active=True).exclude(pk__in=known)
    )


def rules_of(programme_ids: Collection[int]) -> dict[int, tuple[counting.CountingRule, ...]]:
    """Per programme every version for every kind, under the kind's id as text: two queries.

    A version ends on the day before the next. Before the first one, and in a programme without
    any, the minimum holds (version 0): one documented meeting in the year.
    """
    kinds: dict[int, list[str]] = defaultdict(list)
    for pk, programme_id in TandemKind.objects.filter(programme__in=programme_ids).values_list(
        "pk", "programme_id"
    ):
        kinds[programme_id].append(str(pk))
    rows: dict[int, dict[CountingRule, list[KindRule]]] = defaultdict(lambda: defaultdict(list))
    for row in KindRule.objects.filter(programme__in=programme_ids).select_related("rule"):
        rows[row.programme_id][row.rule].append(row)
    return {one: _rules(kinds[one], rows[one]) for one in programme_ids}


def _rules(
    kinds: list[str], rows: dict[CountingRule, list[KindRule]]
) -> tuple[counting.CountingRule, ...]:
    in_order = sorted(rows, key=lambda rule: rule.number)
    first = in_order[0].valid_from if in_order else None
    found = [
        replace(
            rule,
            version=str(MINIMUM_RULE),
            valid_to=None if first is None else first - timedelta(days=1),
        )
        for rule in default_rules(dict.fromkeys(kinds, 1))
        if first is None or rule.valid_from < first
    ]
    for rule, following in zip(in_order, [*in_order[1:], None], strict=False):
        last = None if following is None else following.valid_from - timedelta(days=1)
        found += [
            counting.CountingRule(
                version=str(rule.number),
                kind=str(row.kind_id),
                valid_from=rule.valid_from,
                valid_to=last,
                meetings=row.meetings,
                continued_meetings=row.continued_meetings,
                minutes=row.minutes,
                days=row.days,
                grace_days=row.grace_days,
                continues=row.continues,
                each_mentee=row.each_mentee,
            )
            for row in rows[rule]
        ]
    return tuple(found)


def minimum_cell(programme: Programme) -> int:
    """The smallest number the programme publishes."""
    said = ReportingSettings.objects.filter(programme=programme).first()
    return MINIMUM_CELL if said is None else said.minimum_cell
