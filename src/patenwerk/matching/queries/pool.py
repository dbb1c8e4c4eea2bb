"""Who is looked at together: people as matching knows them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from patenwerk.matching.models import NeverAgain
from patenwerk.organisations.models import Site
from patenwerk.people.enums import Side
from patenwerk.people.kernel.profile import Profile
from patenwerk.people.models import Person
from patenwerk.people.queries.profile import profiles
from patenwerk.tandems.queries.places import free_places


@dataclass(frozen=True, slots=True)
class TwoSides:
    """Mentors and mentees who are looked at together, with the places each still has."""

    mentors: list[Profile]
    mentees: list[Profile]


def sites_matching_with(sites: Iterable[Site]) -> Q:
    """The sites that these match with, as a filter on Site: themselves and their networks'."""
    found = list(sites)
    networks = {site.network_id for site in found if site.network_id is not None}
    return Q(pk__in=[site.pk for site in found]) | Q(network_id__in=networks)


def people_of(sites: QuerySet[Site], side: Side) -> QuerySet[Person]:
    """The people of one side at these sites who have not been archived."""
    return Person.objects.filter(site__in=sites, side=side, archived_at__isnull=True)


def partners_within_reach(sites: Collection[Site], side: Side) -> QuerySet[Person]:
    """People of ``side`` at these sites and in their networks. Archived sites have left."""
    reach = Site.objects.filter(sites_matching_with(sites), archived_at__isnull=True)
    return people_of(reach, side)


def waiting_mentees(people: QuerySet[Person]) -> list[Profile]:
    """Those among the people who still have an open place."""
    return [profile for profile in known(people) if profile.open_places]


def known(people: QuerySet[Person]) -> list[Profile]:
    """People with the places they still have and whom they shall never meet again: seven queries
    for any number of them. A mentor's places are those of running groups, too.
    """
    free = free_places(dict(people.values_list("pk", "capacity")))
    return profiles(people, open_places=free, never_with=_apart(people))


def two_sides(sites: Collection[Site]) -> TwoSides:
    """A round's people: who waits at these sites, and everybody who could accompany them.

    Mentors without a place are there, too: they tell »all are taken« from »nobody fits«.
    """
    own = Site.objects.filter(pk__in=[site.pk for site in sites])
    return TwoSides(
        mentors=known(partners_within_reach(sites, Side.MENTOR)),
        mentees=waiting_mentees(people_of(own, Side.MENTEE)),
    )


def _apart(people: QuerySet[Person]) -> dict[int, set[int]]:
    pairs = NeverAgain.objects.filter(
        Q(mentor__in=people.values("pk")) | Q(mentee__in=people.values("pk"))
    )
    found: dict[int, set[int]] = {}
    for mentor, mentee in pairs.values_list("mentor_id", "mentee_id"):
        found.setdefault(mentor, set()).add(mentee)
        found.setdefault(mentee, set()).add(mentor)
    return found
