"""What »my day« and a person's page show of matching."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from patenwerk.core.policy import Actor, visible
from patenwerk.matching.enums import RoundState
from patenwerk.matching.models import LeftOverPerson
from patenwerk.matching.policy import DECIDE, SEE_MATCHING
from patenwerk.matching.queries.elsewhere import asks_elsewhere
from patenwerk.matching.queries.partners import obstacle_of
from patenwerk.matching.queries.round import requests_of_other_sites, waiting_people
from patenwerk.matching.queries.wording import WhyNot, why_not_in_words
from patenwerk.organisations.models import Site
from patenwerk.people.enums import Side

SHOWN = 5


def waiting_card(actor: Actor, on: date) -> Mapping[str, Any] | None:
    """Mentees without anybody, longest waiting first; None when nobody waits."""
    waiting = waiting_people(actor)
    total, asked = waiting.count(), requests_of_other_sites(actor).count()
    if not total and not asked:
        return None
    people = list(waiting[:SHOWN])
    explained = why_not(actor, [person.pk for person in people])
    rows = [
        {
            "person": person,
            "days": max(0, (on - person.waiting_since).days),
            "why_not": None if person.has_suggestion else explained.get(person.pk),
        }
        for person in people
    ]
    return {"rows": rows, "total": total, "asked": asked}


def person_panel(actor: Actor, ids: Sequence[int], on: date) -> Mapping[int, Mapping[str, Any]]:
    """Who of these people waits for somebody, with the way to the partners who fit."""
    found: dict[int, Mapping[str, Any]] = {}
    explained = why_not(actor, ids)
    for person in waiting_people(actor, *Side).filter(pk__in=ids):
        found[person.pk] = {
            "person": person,
            "days": max(0, (on - person.waiting_since).days),
            "why_not": None if person.has_suggestion else explained.get(person.pk),
        }
    return found


def propose_panel(
    actor: Actor,
    ids: Sequence[int],
    on: date,  # noqa: ARG001 - every panel is asked for a day
) -> Mapping[int, Mapping[str, Any]]:
    """For the form that proposes by hand at a site: whose partners can be looked for elsewhere."""
    sites = Site.objects.filter(visible(actor, DECIDE, Site), pk__in=ids)
    return {site.pk: {"mentees": list(asks_elsewhere(actor, site))} for site in sites}


def why_not(actor: Actor, ids: Sequence[int]) -> dict[int, WhyNot]:
    """Why the latest round that still counts found nobody for these people."""
    rows = LeftOverPerson.objects.filter(
        visible(actor, SEE_MATCHING, LeftOverPerson),
        person__in=ids,
        round__state=RoundState.READY,
    ).select_related("person")
    ordered = rows.order_by("round__created_at", "pk")
    return {row.person_id: why_not_in_words(obstacle_of(row.person, row)) for row in ordered}
