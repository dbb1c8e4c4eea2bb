"""People as the search over everything finds them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.policy import Actor
from patenwerk.core.registrations import SearchHit
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.people.queries.person import Order, PeopleFilter, people

_ANY_DAY = date.min
"""Only the filter by record check asks for the day."""


def people_found(actor: Actor, text: str, limit: int) -> Sequence[SearchHit]:
    """The first people by name who fit the text. Archived ones are found in the list only."""
    filters = PeopleFilter(text=text, order=Order.NAME)
    found = people(actor, filters, _ANY_DAY).select_related("programme")[:limit]
    return [
        SearchHit(
            label=person.full_name,
            hint=f"{side_in_words(person)} · {person.site.name}",
            url=reverse("people:person", args=[person.pk]),
            icon="user",
        )
        for person in found
    ]


def side_in_words(person: Person) -> str:
    """»Pat*in« as the programme says it, or »mentee«. Needs ``programme``."""
    if person.side == Side.MENTOR:
        return person.programme.mentor_words.singular
    return _("Mentee")
