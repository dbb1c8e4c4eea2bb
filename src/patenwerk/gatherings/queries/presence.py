"""Who was there."""

from __future__ import annotations

from django.db.models import Q

from patenwerk.gatherings.enums import Seat
from patenwerk.gatherings.models import Registration


def present() -> Q:
    """Registrations of those who were there: ticked, or with a seat where nobody ticked.

    Meant for gatherings that are over.
    """
    return Q(attended=True) | Q(attended__isnull=True, state=Seat.SEATED)


def was_present(registration: Registration) -> bool:
    """The same of one registration at hand."""
    if registration.attended is None:
        return registration.state == Seat.SEATED
    return registration.attended
