"""People, as far as the actor's grants reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q, QuerySet

from patenwerk.core.policy import Actor, visible
from patenwerk.core.sheets.words import fold
from patenwerk.organisations.models import Site, SupportField
from patenwerk.organisations.queries.organisation import sites
from patenwerk.people.enums import Side
from patenwerk.people.kernel.defaults import RECORD_CHECK_FROM
from patenwerk.people.kernel.validity import years_after
from patenwerk.people.models import Person
from patenwerk.people.policy import RECORD_CHECK, SEE_PERSON
from patenwerk.people.queries.activity import running
from patenwerk.people.queries.record_check import ending


class Presence(StrEnum):
    """Which people a list shows: those who are here, who wait for somebody, or the archived."""

    HERE = "here"
    WAITING = "waiting"
    ARCHIVED = "archived"


class CheckFilter(StrEnum):
    """Mentors without a record check, or whose check runs out."""

    MISSING = "missing"
    ENDING = "ending"


class Order(StrEnum):
    """How a list is sorted: who has waited longest first, or by name."""

    WAITING = "waiting"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFilter:
    """What a list is narrowed to; None and the empty text narrow nothing."""

    text: str = ""
    side: Side | None = None
    site_id: int | None = None
    language: str = ""
    field: str = ""
    presence: Presence = Presence.HERE
    check: CheckFilter | None = None
    order: Order = Order.WAITING


def people(actor: Actor, filters: PeopleFilter, on: date) -> QuerySet[Person]:
    """The people the actor sees, narrowed and sorted, with site and record check.

    Each once: entries that were merged into another are left out. The text finds people by the
    beginnings of words in name, number and postcode, whatever the umlauts. A filter by record check
    shows nobody whose check the actor may not see.
    """
    found = Person.objects.filter(
        visible(actor, SEE_PERSON, Person),
        _words(filters.text),
        _presence(filters.presence),
        merged_into__isnull=True,
    )
    if filters.side is not None:
        found = found.filter(side=filters.side)
    if filters.site_id is not None:
        found = found.filter(site_id=filters.site_id)
    if filters.language:
        found = found.filter(languages__has_key=filters.language)
    if filters.field:
        # A subquery instead of a join: nobody appears twice.
        found = found.filter(pk__in=Person.objects.filter(fields__code=filters.field).values("pk"))
    if filters.check is not None:
        found = found.filter(_check(actor, filters.check, on))
    names = ("last_name", "first_name", "pk")
    order = names if filters.order is Order.NAME else ("waiting_since", *names)
    return found.select_related("site", "record_check").order_by(*order)


def sites_with_people(actor: Actor) -> QuerySet[Site]:
    """The sites whose people the actor sees."""
    return sites(actor, SEE_PERSON)


def support_fields(actor: Actor) -> QuerySet[SupportField]:
    """The fields of support of the programmes whose people the actor sees."""
    programmes = sites_with_people(actor).order_by().values("programme_id")
    return SupportField.objects.filter(programme__in=programmes)


def _words(text: str) -> Q:
    wanted = Q()
    for word in fold(text).split():
        wanted &= Q(search_text__contains=f" {word}")
    return wanted


def _presence(presence: Presence) -> Q:
    if presence is Presence.ARCHIVED:
        return Q(archived_at__isnull=False)
    here = Q(archived_at__isnull=True)
    return here & ~running() if presence is Presence.WAITING else here


def _check(actor: Actor, check: CheckFilter, on: date) -> Q:
    reach = visible(actor, RECORD_CHECK, Person) & Q(side=Side.MENTOR)
    if check is CheckFilter.MISSING:
        # Nobody asks those who are too young for one.
        young = Q(birth_date__gt=years_after(on, -RECORD_CHECK_FROM))
        return reach & Q(record_check__isnull=True) & ~young
    return reach & ending(sites(actor, RECORD_CHECK), on)
