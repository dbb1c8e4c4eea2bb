"""How many places of a person's capacity are taken."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count

from patenwerk.tandems.enums import OPEN_STATES
from patenwerk.tandems.models import Participant


def places_taken(person_ids: Collection[int] | None = None) -> dict[int, int]:
    """Person id → open tandems the person takes part in; persons without one are left out.

    ``None`` asks for everybody: one query, for whole rounds.
    """
    rows = Participant.objects.filter(tandem__state__in=OPEN_STATES, left_on__isnull=True)
    if person_ids is not None:
        rows = rows.filter(person_id__in=person_ids)
    counted = rows.values_list("person_id").annotate(taken=Count("pk")).order_by()
    return dict(counted)
