"""Who has custody of the demo's children, and what they have consented to."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from patenwerk.core.clock import day_of
from patenwerk.demo.domain.organisations import Stage
from patenwerk.demo.kernel.dice import Dice
from patenwerk.demo.kernel.families import family_of
from patenwerk.people.domain.consent import give_consent
from patenwerk.people.domain.guardian import GuardianValues, add_guardian
from patenwerk.people.enums import ConsentPurpose, GivenBy, Side
from patenwerk.people.kernel.consents import AGE_OF_MAJORITY, OWN_INSIGHT_FROM
from patenwerk.people.kernel.validity import age_on, years_after
from patenwerk.people.models import Guardian, Person
from patenwerk.people.queries.activity import running
from patenwerk.people.queries.guardian import with_custody

ASKED_LATER = 10
"""One of so many children of the first site takes part without a consent on record."""


def enter_families(stage: Stage, at: datetime) -> None:
    """Guardians of every child who waits, and of all of the first site."""
    coordinators = {site.pk: by for site, by in zip(stage.sites, stage.coordinators, strict=True)}
    for person in _children(stage, at).filter(Q(site=stage.sites[0]) | ~running()):
        dice = Dice(f"family {person.site.name} {person.file_id} {person.full_name}")
        for values in family_of(dice, person.last_name, person.languages):
            add_guardian(
                person=person,
                values=GuardianValues(**values),
                by=coordinators[person.site_id],
                at=at,
            )


def families_consent(stage: Stage, at: datetime) -> None:
    """At the first site most children take part with a consent on record; one guardian said so."""
    on = day_of(at)
    for place, person in enumerate(_children(stage, at).filter(site=stage.sites[0])):
        if place % ASKED_LATER == 0:
            continue
        assert person.birth_date is not None  # noqa: S101 - children are found by it
        decides_itself = age_on(person.birth_date, on) >= OWN_INSIGHT_FROM
        give_consent(
            person=person,
            purpose=ConsentPurpose.TAKING_PART,
            given_by=GivenBy.SELF if decides_itself else GivenBy.GUARDIAN,
            guardians=[] if decides_itself else who_says_so(person),
            given_on=on,
            by=stage.coordinators[0],
            at=at,
        )


def who_says_so(person: Person) -> list[Guardian]:
    """The guardian who brought the child."""
    return list(with_custody(person)[:1])


def _children(stage: Stage, at: datetime) -> QuerySet[Person]:
    born_after = years_after(day_of(at), -AGE_OF_MAJORITY)
    children = Person.objects.filter(
        programme=stage.programme,
        side=Side.MENTEE,
        archived_at__isnull=True,
        birth_date__gt=born_after,
    )
    return children.select_related("site").order_by("pk")
