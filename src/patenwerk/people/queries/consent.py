"""What people have consented to."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from patenwerk.people.enums import ConsentPurpose
from patenwerk.people.models import Consent, Person


def in_force(purpose: ConsentPurpose) -> Exists:
    """Whether a person's consent to a purpose is in force, to annotate or filter people with."""
    return Exists(
        Consent.objects.filter(person=OuterRef("pk"), purpose=purpose, withdrawn_on__isnull=True)
    )


def consented(ids: Collection[int], purpose: ConsentPurpose) -> set[int]:
    """Whose consent to a purpose is in force, among these people: one query."""
    found = Consent.objects.filter(person__in=ids, purpose=purpose, withdrawn_on__isnull=True)
    return set(found.values_list("person_id", flat=True))


def held_by(person: Person, purpose: ConsentPurpose) -> QuerySet[Consent]:
    """The person's consent to a purpose that is in force: one at most."""
    return Consent.objects.filter(person=person, purpose=purpose, withdrawn_on__isnull=True)


def consents_of(person: Person) -> QuerySet[Consent]:
    """Every consent of a person with the guardians who said so, what was written down last first.

    Two queries.
    """
    return Consent.objects.filter(person=person).prefetch_related("guardians").order_by("-pk")
