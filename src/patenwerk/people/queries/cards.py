"""What people's data has to say on »my day« and on a carrier's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from patenwerk.core.policy import Actor, visible
from patenwerk.organisations.models import Carrier
from patenwerk.people.policy import SET_RULES
from patenwerk.people.queries.duplicate import possible_duplicates
from patenwerk.people.queries.move import answered_lately, newcomers
from patenwerk.people.queries.record_check import Standing, record_checks_expiring
from patenwerk.people.queries.settings import rules_by_scope

SHOWN = 5
PAIRS_SHOWN = 3


def record_check_card(actor: Actor, on: date) -> Mapping[str, Any] | None:
    """The mentors whose record check has run out or soon will; None where there are none."""
    found = record_checks_expiring(actor, on)
    if not found:
        return None
    expired = sum(each.check.standing is Standing.EXPIRED for each in found)
    return {
        "shown": found[:SHOWN],
        "further": max(0, len(found) - SHOWN),
        "expired": expired,
        "soon": len(found) - expired,
    }


def duplicates_card(
    actor: Actor,
    on: date,  # noqa: ARG001 - every card is asked for a day
) -> Mapping[str, Any] | None:
    """The likeliest pairs of entries that may be one person; None where there are none."""
    found = list(possible_duplicates(actor)[: PAIRS_SHOWN + 1])
    if not found:
        return None
    return {"shown": found[:PAIRS_SHOWN], "has_more": len(found) > PAIRS_SHOWN}


def moves_card(actor: Actor, on: date) -> Mapping[str, Any] | None:
    """Who asks to be taken in, and what other sites have answered; None where nothing is new."""
    waiting, answered = newcomers(actor), answered_lately(actor, on)
    if not waiting and not answered:
        return None
    return {
        "shown": waiting[:SHOWN],
        "further": max(0, len(waiting) - SHOWN),
        "answered": answered[:SHOWN],
    }


def rules_panel(
    actor: Actor,
    ids: Sequence[int],
    on: date,  # noqa: ARG001 - every panel is asked for a day
) -> Mapping[int, Mapping[str, Any]]:
    """The rules for record checks in force at carriers, for the carrier's page."""
    carriers = list(Carrier.objects.filter(visible(actor, SET_RULES, Carrier), pk__in=ids))
    rules = rules_by_scope(carrier.scope_ids for carrier in carriers)
    return {
        carrier.pk: {"rules": rule, "carrier_id": carrier.pk}
        for carrier, rule in zip(carriers, rules, strict=True)
    }
