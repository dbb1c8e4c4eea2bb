"""Who has custody of a child, and who may be meant by a name entered with a sibling."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import QuerySet

from patenwerk.core.policy import Actor, visible
from patenwerk.core.sheets.words import fold
from patenwerk.people.kernel.consents import AGE_OF_MAJORITY
from patenwerk.people.kernel.validity import age_on, years_after
from patenwerk.people.models import Guardian, Person
from patenwerk.people.policy import EDIT_PERSON


def guardians_of(person: Person) -> QuerySet[Guardian]:
    """The guardians entered for a person, in their order; removed ones are left out."""
    return Guardian.objects.filter(person=person, removed_on__isnull=True)


def with_custody(person: Person) -> QuerySet[Guardian]:
    """Those of them whose consent is asked."""
    return guardians_of(person).filter(decides=True)


def of_age_since(person: Person, on: date) -> date | None:
    """The day from which nobody decides for a person any more, once it has come.

    None below 18, and where the date of birth is unknown.
    """
    if person.birth_date is None or age_on(person.birth_date, on) < AGE_OF_MAJORITY:
        return None
    day = years_after(person.birth_date, AGE_OF_MAJORITY)
    # Whoever was born on 29 February is a year older from 1 March on.
    late = age_on(person.birth_date, day) < AGE_OF_MAJORITY
    return day + timedelta(days=1) if late else day


def guardians_of_siblings(actor: Actor, person: Person) -> list[Guardian]:
    """Guardians entered with people of the same family name at the person's site, by name.

    Whose details may be copied to another child of the family: only those of the own site that the
    actor may change, each name once, and nobody who is entered with the person already. Two
    queries.
    """
    family = fold(person.last_name)
    if not family:
        return []
    known = {named(guardian) for guardian in guardians_of(person)}
    rows = (
        Guardian.objects.filter(
            visible(actor, EDIT_PERSON, Guardian),
            site_id=person.site_id,
            removed_on__isnull=True,
            person__merged_into__isnull=True,
            person__search_text__contains=f" {family}",
        )
        .exclude(person=person)
        .select_related("person")
        .order_by("pk")
    )
    found: dict[str, Guardian] = {}
    for guardian in rows:
        name = named(guardian)
        if fold(guardian.person.last_name) == family and name not in known:
            found.setdefault(name, guardian)
    return [found[name] for name in sorted(found)]


def named(guardian: Guardian) -> str:
    """The folded name, by which two rows are taken for one guardian."""
    return fold(guardian.full_name)


def names_of(guardians: Iterable[Guardian]) -> str:
    """Their names in one line."""
    return ", ".join(guardian.full_name for guardian in guardians)
