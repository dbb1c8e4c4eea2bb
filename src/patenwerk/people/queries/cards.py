"""What people's data has to say on the page »my day«."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from patenwerk.core.policy import Actor
from patenwerk.people.queries.record_check import Standing, record_checks_expiring

SHOWN = 5


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
