"""What »my day« and a person's page show of tandems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.tandems.enums import OPEN_STATES, State
from patenwerk.tandems.models import Participant
from patenwerk.tandems.queries.protection import running_without_consent
from patenwerk.tandems.queries.tandem import (
    counts_by_state,
    open_proposals,
    pair_of,
    silent_tandems,
    tandems,
    with_people,
)

SHOWN = 5
MOST_SIGNS = 80
"""More signs than this say nothing any more: then the list of states stands alone."""


def silent_card(actor: Actor, on: date) -> Mapping[str, Any] | None:
    """Silent tandems, longest silence first; None when there are none."""
    found = silent_tandems(actor, on)
    if not found:
        return None
    rows = []
    for tandem in found[:SHOWN]:
        pair, last = pair_of(tandem, actor), tandem.last_meeting_on
        weeks = None if last is None else (on - last).days // 7
        rows.append(
            {"tandem": tandem, "pair": pair, "weeks": weeks, "phone": pair.mentor.person.phone}
        )
    return {"rows": rows, "total": len(found)}


def proposal_card(actor: Actor, on: date) -> Mapping[str, Any] | None:
    """Proposals that wait, oldest first; None when there are none."""
    found = open_proposals(actor)
    if not found:
        return None
    rows = [
        {"tandem": row, "pair": pair_of(row, actor), "days": (on - day_of(row.created_at)).days}
        for row in found[:SHOWN]
    ]
    return {"rows": rows, "total": len(found)}


def consent_card(actor: Actor, on: date) -> Mapping[str, Any] | None:
    """People in running tandems who need a consent to take part and have none; None without any."""
    found = running_without_consent(actor, on)
    if not found:
        return None
    return {"seats": found[:SHOWN], "further": max(0, len(found) - SHOWN), "total": len(found)}


def flock_card(actor: Actor, on: date) -> Mapping[str, Any]:
    """How many tandems stand where, with one sign each while they can be overlooked."""
    counted = counts_by_state(actor, on)
    words = (
        (State.ACTIVE, _("active")),
        (State.TRIAL, _("trial")),
        (State.PAUSED, _("paused")),
        (State.AGREED, _("agreed")),
        (State.PROPOSED, _("proposed")),
        ("silent", _("silent")),
    )
    states = [
        (str(state), word, counted.get(state, 0), f"/tandems/?state={state}")
        for state, word in words
    ]
    total = sum(count for _sign, _word, count, _url in states)
    signs = [sign for sign, _word, count, _url in states for _one in range(count)]
    return {"states": states, "total": total, "signs": signs if total <= MOST_SIGNS else []}


def person_panel(
    actor: Actor,
    ids: Sequence[int],
    on: date,  # noqa: ARG001 - every panel is asked for a day
) -> Mapping[int, Mapping[str, Any]]:
    """The tandems of people, for the page of a person."""
    rows = with_people(tandems(actor).filter(participants__person_id__in=ids)).distinct()
    by_tandem = {row.pk: row for row in rows}
    found: dict[int, dict[str, Any]] = defaultdict(lambda: {"rows": []})
    taking_part = Participant.objects.filter(person_id__in=ids, tandem_id__in=by_tandem)
    for person_id, tandem_id in taking_part.values_list("person_id", "tandem_id"):
        tandem = by_tandem[tandem_id]
        found[person_id]["rows"].append({"tandem": tandem, "pair": pair_of(tandem, actor)})
    return dict(found)


def list_panel(
    actor: Actor,
    ids: Sequence[int],
    on: date,  # noqa: ARG001 - every panel is asked for a day
) -> Mapping[int, Mapping[str, Any]]:
    """The tandems that people are in now, for a list of people: one query for all of them."""
    running = Participant.objects.filter(
        person_id__in=ids,
        left_on__isnull=True,
        tandem__state__in=OPEN_STATES,
        tandem__in=tandems(actor),
    )
    found: dict[int, dict[str, Any]] = defaultdict(lambda: {"tandems": []})
    for seat in running.select_related("tandem").order_by("tandem_id"):
        found[seat.person_id]["tandems"].append(seat.tandem)
    return dict(found)
