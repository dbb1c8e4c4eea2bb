"""Entries that may be one person, and entries that were made one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from patenwerk.core.policy import Actor, visible
from patenwerk.organisations.models import Site
from patenwerk.people.enums import PairState, Side
from patenwerk.people.kernel.likeness import Crowd, Evidence, Known
from patenwerk.people.models import Merge, Person, PersonFingerprint, PossibleDuplicate
from patenwerk.people.policy import MERGE

_COMPARED = (
    *("id", "first_name", "last_name", "birth_date", "gender", "phone", "email", "postcode"),
)
SHOWN = 5


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Somebody stored who may be the person that is being added, and what says so."""

    person: Person
    evidence: tuple[Evidence, ...]


def who_is_meant(entries: Iterable[Person]) -> list[tuple[Person, Person]]:
    """Each entry of a site with the one that counts: itself, or the last it was merged into.

    Those that count come first, so that a number given anew means whoever has it now.
    """
    known = {entry.pk: entry for entry in entries}
    found = []
    for entry in sorted(known.values(), key=lambda each: each.merged_into_id is not None):
        person = entry
        while person.merged_into_id is not None:
            person = known[person.merged_into_id]
        found.append((entry, person))
    return found


def known_person(person: Person) -> Known:
    """What is known of somebody stored, as far as it tells people apart."""
    return Known(**{name: getattr(person, name) for name in _COMPARED})


def people_to_compare(site: Site, side: Side) -> Iterator[Known]:
    """Everybody of one side of a site, archived people too: somebody may have come back."""
    rows = Person.objects.filter(site=site, side=side, merged_into__isnull=True).order_by("pk")
    for row in rows.values_list(*_COMPARED):
        yield Known(**dict(zip(_COMPARED, row, strict=True)))


def look_alikes(site: Site, side: Side, known: Known) -> list[LookAlike]:
    """The likeliest people of the site who may be the one that is being added: two queries."""
    found = Crowd(people_to_compare(site, side)).like(known)[:SHOWN]
    people = Person.objects.in_bulk([pk for pk, _likeness in found])
    return [LookAlike(people[pk], likeness.evidence) for pk, likeness in found if pk in people]


def evidence_between(first: Person, second: Person) -> tuple[Evidence, ...]:
    """What speaks for and against two people of one site being one. Needs ``site``: one query."""
    crowd = Crowd(people_to_compare(first.site, Side(first.side)))
    return crowd.likeness(first.pk, second.pk).evidence


def possible_duplicates(actor: Actor) -> QuerySet[PossibleDuplicate]:
    """The pairs the actor decides about and nobody has decided yet, the likeliest first."""
    return (
        PossibleDuplicate.objects.filter(
            visible(actor, MERGE, PossibleDuplicate),
            state=PairState.OPEN,
            first__merged_into__isnull=True,
            second__merged_into__isnull=True,
        )
        .select_related("first", "second", "site")
        .order_by("-score", "pk")
    )


def duplicates_of(actor: Actor, person: Person) -> QuerySet[PossibleDuplicate]:
    """The undecided pairs in which a person is."""
    return possible_duplicates(actor).filter(Q(first=person) | Q(second=person))


def merges_into(actor: Actor, person: Person) -> QuerySet[Merge]:
    """The merges in force that brought other entries into this one, latest first."""
    return Merge.objects.filter(
        visible(actor, MERGE, Merge), kept=person, undone_at__isnull=True
    ).select_related("dropped")


def is_known_elsewhere(person: Person) -> bool:
    """Whether an entry at another site of the programme has a fingerprint in common.

    Nothing else is told, neither whose nor where: one query.
    """
    own = PersonFingerprint.objects.filter(person=person).values("digest")
    return (
        PersonFingerprint.objects.filter(
            programme_id=person.programme_id,
            digest__in=own,
            person__archived_at__isnull=True,
        )
        .exclude(site_id=person.site_id)
        .exists()
    )
