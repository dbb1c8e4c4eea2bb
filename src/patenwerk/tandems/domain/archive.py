"""What tandems have against archiving a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason
from patenwerk.people.models import Person
from patenwerk.tandems.queries.places import places_taken


def no_open_tandem(person: Person, by: Actor, at: datetime) -> Iterable[Reason]:  # noqa: ARG001
    """Somebody in an open tandem is not archived: the tandem is closed first."""
    if places_taken([person.pk]):
        yield Reason("open_tandem", _("There is an open tandem. Please end it first."))
