"""What other pages show of agendas and promises: panels, cards of the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from patenwerk.core.policy import Actor, Level, visible
from patenwerk.gatherings.enums import AHEAD, CommitmentState, State
from patenwerk.gatherings.models import Commitment, Decision, Gathering
from patenwerk.gatherings.policy import ORGANISE, SEE_GATHERING, SEE_MINUTES, SEE_YEAR, SPEAK
from patenwerk.gatherings.queries.agenda import agendas
from patenwerk.gatherings.queries.promise import (
    OpenBefore,
    Standing,
    is_overdue,
    may_tell,
    open_before_each,
    promised_by,
    standing,
    with_progress,
)
from patenwerk.organisations.models import Carrier

SHOWN = 5
SOON = timedelta(days=30)
"""What a carrier promised until then stands on its day."""


def agenda_panel(actor: Actor, ids: Sequence[int], on: date) -> Mapping[int, Mapping[str, Any]]:
    """The agendas of gatherings, with what earlier ones left open while they are to come."""
    seen = Gathering.objects.filter(visible(actor, SEE_GATHERING, Gathering), pk__in=ids)
    gatherings = {row.pk: row for row in seen}
    found = agendas(actor, gatherings.values())
    ahead = [row for row in gatherings.values() if row.state in AHEAD]
    before = open_before_each(ahead, actor=actor) if ahead and actor.has(SEE_MINUTES) else {}
    organised, spoken = _ids(actor, ORGANISE, ids), _ids(actor, SPEAK, ids)
    return {
        pk: {
            "gathering": gathering,
            "agenda": found[pk],
            "before": _open_rows(before.get(pk, OpenBefore()), on),
            "may_organise": pk in organised and gathering.state in AHEAD,
            "may_propose": pk in spoken and _proposals_on(gathering, on),
            "own_carriers": actor.organisations(SPEAK, Level.CARRIER),
        }
        for pk, gathering in gatherings.items()
    }


def promises_panel(actor: Actor, ids: Sequence[int], on: date) -> Mapping[int, Mapping[str, Any]]:
    """What gatherings decided and what was promised there; nothing where there is nothing."""
    decided: dict[int, list[Decision]] = {}
    for decision in Decision.objects.filter(
        visible(actor, SEE_MINUTES, Decision), gathering__in=ids
    ).order_by("gathering", "number"):
        decided.setdefault(decision.gathering_id, []).append(decision)
    promised: dict[int, list[Mapping[str, Any]]] = {}
    rows = Commitment.objects.filter(visible(actor, SEE_MINUTES, Commitment), gathering__in=ids)
    for commitment in with_progress(rows):
        promised.setdefault(commitment.gathering_id, []).append(promise_row(commitment, on))
    return {
        pk: {"decisions": decided.get(pk, []), "promises": promised.get(pk, [])}
        for pk in decided.keys() | promised.keys()
    }


def carrier_panel(actor: Actor, ids: Sequence[int], on: date) -> Mapping[int, Mapping[str, Any]]:
    """How many promises of carriers are open, overdue and kept, for the carrier's page."""
    carriers = Carrier.objects.filter(visible(actor, SEE_MINUTES, Carrier), pk__in=ids)
    panels: dict[int, dict[str, Any]] = {
        carrier.pk: {"carrier": carrier, "open": 0, "overdue": 0, "done": 0} for carrier in carriers
    }
    rows = Commitment.objects.filter(
        visible(actor, SEE_MINUTES, Commitment), promised_by(list(panels))
    ).prefetch_related("partners")
    for row in rows:
        parties = {partner.pk for partner in row.partners.all()} | {row.of_carrier_id}
        for pk in panels.keys() & parties:
            if row.state != CommitmentState.DROPPED:
                panels[pk][row.state] += 1
            panels[pk]["overdue"] += is_overdue(row, on)
    return {pk: panel for pk, panel in panels.items() if panel["open"] or panel["done"]}


def own_promises_card(actor: Actor, on: date) -> Mapping[str, Any] | None:
    """What the actor's carriers promised and what is due soon or overdue; else None."""
    mine = actor.organisations(SPEAK, Level.CARRIER)
    rows = Commitment.objects.filter(
        promised_by(mine), state=CommitmentState.OPEN, due_on__lte=on + SOON
    ).order_by("due_on", "pk")
    found = list(with_progress(rows))
    if not found:
        return None
    tell = may_tell(actor, found[:SHOWN])
    return {
        "rows": [{**promise_row(row, on), "may_tell": row.pk in tell} for row in found[:SHOWN]],
        "total": len(found),
        "overdue": sum(is_overdue(row, on) for row in found),
        "carriers": Carrier.objects.filter(pk__in=mine).order_by("name", "pk"),
    }


def overdue_card(actor: Actor, on: date) -> Mapping[str, Any] | None:
    """What is overdue in the network office's circles, counted by carrier; else None."""
    programmes = actor.organisations(SEE_YEAR, Level.PROGRAMME)
    overdue = Commitment.objects.filter(
        standing(Standing.OVERDUE, on),
        visible(actor, SEE_MINUTES, Commitment),
        programme__in=programmes,
    )
    found = list(with_progress(overdue.order_by("due_on", "pk")))
    if not found:
        return None
    by_carrier = Counter(row.of_carrier.name for row in found if row.of_carrier is not None)
    return {
        "rows": [promise_row(row, on) for row in found[:SHOWN]],
        "total": len(found),
        "by_carrier": by_carrier.most_common(SHOWN),
    }


def promise_row(commitment: Commitment, on: date) -> dict[str, Any]:
    """A promise as lists show it. Needs what ``with_progress`` fetches."""
    told = list(commitment.progress.all())
    return {
        "promise": commitment,
        "is_overdue": is_overdue(commitment, on),
        "partners": [carrier.name for carrier in commitment.partners.all()],
        "progress": told,
        "latest": told[-1] if told else None,
    }


def _open_rows(before: OpenBefore, on: date) -> dict[str, Any]:
    return {
        "promises": [promise_row(row, on) for row in before.commitments],
        "objections": before.objections,
    }


def _ids(actor: Actor, permission: str, ids: Sequence[int]) -> frozenset[int]:
    reach = visible(actor, permission, Gathering)
    return frozenset(Gathering.objects.filter(reach, pk__in=ids).values_list("pk", flat=True))


def _proposals_on(gathering: Gathering, on: date) -> bool:
    """Whether proposals are taken on a day; the domain asks for the moment."""
    until = gathering.proposals_until
    return gathering.state in AHEAD - {State.DRAFT} and (until is None or on <= until)
