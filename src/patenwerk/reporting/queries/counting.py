"""Verdicts over many tandems at once: the same for a tandem's page, the tables and a release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from patenwerk.core.policy import Actor, visible
from patenwerk.reporting.kernel.counting import MeetingFacts, TandemFacts, verdicts
from patenwerk.reporting.kernel.release import UNKNOWN, CountedTandem
from patenwerk.reporting.policy import SEE_TABLES
from patenwerk.reporting.queries.rule import rules_of
from patenwerk.reporting.queries.wording import verdict_in_words
from patenwerk.tandems.enums import EndReason
from patenwerk.tandems.models import Meeting, Tandem


@dataclass(frozen=True)
class Counted(CountedTandem):
    """A tandem's verdicts with everything the tables divide by; ids are kept as text."""

    pk: int = 0
    site: str = ""
    field: str = ""
    kind: str = ""
    ended_on: date | None = None
    from_a_list: bool = False


def counted_tandems(rows: QuerySet[Tandem], on: date) -> list[Counted]:
    """The verdicts of the tandems as known on a day, each year from founding on: four queries.

    Land and carrier are the lead site's. A tandem is declined when one side said no before the
    two had met; later it is judged like any other.
    """
    found = list(
        rows.order_by("pk").values_list(
            "pk",
            "programme_id",
            "carrier_id",
            "site_id",
            "site__land",
            "focus_id",
            "field_id",
            "kind_id",
            "founded_on",
            "ended_on",
            "end_reason",
            "taken_over_at",
        )
    )
    rules = rules_of({row[1] for row in found})
    meetings = _meetings(rows)
    counted = []
    for pk, programme, carrier, site, land, focus, field, kind, founded, ended, why, came in found:
        facts = TandemFacts(
            kind=str(kind),
            founded_on=founded,
            ended_on=ended,
            meetings=meetings.get(pk, ()),
            declined=why == EndReason.DECLINED and founded is None,
        )
        counted.append(
            Counted(
                verdicts=verdicts(facts, rules[programme], on=on),
                carrier=str(carrier),
                land=land or UNKNOWN,
                focus=str(focus),
                pk=pk,
                site=str(site),
                field=str(field),
                kind=str(kind),
                ended_on=ended,
                from_a_list=came is not None,
            )
        )
    return counted


def _meetings(rows: QuerySet[Tandem]) -> Mapping[int, Sequence[MeetingFacts]]:
    found: dict[int, list[MeetingFacts]] = defaultdict(list)
    held = Meeting.objects.filter(tandem__in=rows.order_by().values("pk")).order_by()
    for pk, held_on, minutes in held.values_list("tandem_id", "held_on", "minutes"):
        found[pk].append(MeetingFacts(held_on, minutes))
    return found


def reachable(actor: Actor) -> QuerySet[Tandem]:
    """The tandems whose figures the actor may see unhidden."""
    return Tandem.objects.filter(visible(actor, SEE_TABLES, Tandem))


def counting_panel(actor: Actor, ids: Sequence[int], on: date) -> dict[int, Mapping[str, Any]]:
    """Per tandem whether it counts in each year and why: for the tandem's page."""
    counted = counted_tandems(reachable(actor).filter(pk__in=ids), on)
    return {
        one.pk: {
            "years": [
                verdict_in_words(each, on=on, runs=one.ended_on is None)
                for each in reversed(one.verdicts)
            ],
            "on": on,
        }
        for one in counted
    }
