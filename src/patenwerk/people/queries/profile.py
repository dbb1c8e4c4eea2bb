"""People as matching knows them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.db.models import QuerySet

from patenwerk.core.sheets.words import fold
from patenwerk.people.enums import ConsentPurpose, Gender, Level, Side
from patenwerk.people.kernel.profile import Profile
from patenwerk.people.models import Person
from patenwerk.people.queries.consent import in_force
from patenwerk.people.queries.record_check import valid_until
from patenwerk.people.queries.settings import PeopleRules, rules_by_scope

NOBODY: Collection[int] = ()


def profiles(
    people: QuerySet[Person],
    *,
    open_places: Mapping[int, int] | None = None,
    never_with: Mapping[int, Collection[int]] | None = None,
) -> list[Profile]:
    """These people as profiles, in the queryset's order: three queries for any number of them.

    ``open_places`` is how many further partners each may get (a person's capacity where it says
    nothing: tandems knows who is taken); ``never_with`` names people of the other side that shall
    not be suggested. A profile's id is the person's id as text; its network is the site's network
    or else the site on its own. Who has consented to be found by other carriers is ``beyond``.
    """
    found = list(
        people.annotate(beyond=in_force(ConsentPurpose.OTHER_CARRIERS))
        .select_related("record_check", "site")
        .prefetch_related("fields")
    )
    rules = rules_by_scope(person.scope_ids for person in found)
    places, apart = open_places or {}, never_with or {}
    return [
        _profile(
            person,
            rule,
            open_places=places.get(person.pk, person.capacity),
            never_with=apart.get(person.pk, NOBODY),
        )
        for person, rule in zip(found, rules, strict=True)
    ]


def _profile(
    person: Person, rules: PeopleRules, *, open_places: int, never_with: Collection[int]
) -> Profile:
    check = getattr(person, "record_check", None)
    return Profile(
        id=str(person.pk),
        side=Side(person.side),
        first_name=person.first_name,
        last_name=person.last_name,
        birth_date=person.birth_date,
        gender=Gender(person.gender),
        postcode=person.postcode,
        furthest_km=person.furthest_km,
        languages={code: Level(level) for code, level in person.languages.items()},
        minimum_level=None if person.minimum_level is None else Level(person.minimum_level),
        free_times=person.free_times,
        fields=frozenset(field.code for field in person.fields.all()),
        interests=_folded(person.interests),
        dislikes=_folded(person.dislikes),
        wished_genders=frozenset(Gender(gender) for gender in person.wished_genders),
        wished_age_from=person.wished_age_from,
        wished_age_to=person.wished_age_to,
        expected_months=person.expected_months,
        open_places=open_places,
        waiting_since=person.waiting_since,
        record_check_until=valid_until(check, rules),
        network=network_key(person),
        beyond=person.beyond,  # type: ignore[attr-defined]
        never_with=frozenset(str(pk) for pk in never_with),
    )


def network_key(person: Person) -> str:
    """With whom the person's site matches: its network, else the site alone. Needs ``site``."""
    if person.site.network_id is not None:
        return f"network-{person.site.network_id}"
    return f"site-{person.site_id}"


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(fold, words)))
