"""Persons for tests."""

from __future__ import annotations

from datetime import date

import factory

from patenwerk.core.sheets.words import fold
from patenwerk.organisations.models import Site
from patenwerk.people.enums import (
    BatchKind,
    BatchState,
    ConsentPurpose,
    Gender,
    GivenBy,
    MoveState,
    Relation,
    RowState,
    Side,
)
from patenwerk.people.models import (
    Batch,
    BatchRow,
    Consent,
    Guardian,
    Merge,
    Move,
    Person,
    PossibleDuplicate,
    RecordCheck,
)
from tests.factories.organisations import CREATED, CarrierFactory, SiteFactory


class PersonFactory(factory.django.DjangoModelFactory[Person]):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    site = factory.SubFactory(SiteFactory)
    carrier = factory.SelfAttribute("site.carrier")
    programme = factory.SelfAttribute("site.programme")
    first_name = factory.Sequence(lambda n: f"Vorname{n}")
    last_name = factory.Sequence(lambda n: f"Nachname{n}")
    search_text = factory.LazyAttribute(lambda row: fold(f"{row.first_name} {row.last_name}"))
    birth_date = date(1990, 5, 17)
    gender = Gender.FEMALE
    postcode = "10115"
    furthest_km = 15
    languages = factory.LazyFunction(lambda: {"de": 5})
    free_times = (1 << 21) - 1
    waiting_since = date(2026, 9, 1)
    created_at = CREATED


class MentorFactory(PersonFactory):
    side = Side.MENTOR


class MenteeFactory(PersonFactory):
    side = Side.MENTEE


class RecordCheckFactory(factory.django.DjangoModelFactory[RecordCheck]):
    class Meta:
        model = RecordCheck

    person = factory.SubFactory(MentorFactory)
    site = factory.SelfAttribute("person.site")
    carrier = factory.SelfAttribute("person.carrier")
    programme = factory.SelfAttribute("person.programme")
    certificate_date = date(2026, 8, 1)
    conviction_found = False


class GuardianFactory(factory.django.DjangoModelFactory[Guardian]):
    """The mother of a child, with custody."""

    class Meta:
        model = Guardian

    person = factory.SubFactory(MenteeFactory, birth_date=date(2014, 3, 1))
    site = factory.SelfAttribute("person.site")
    carrier = factory.SelfAttribute("person.carrier")
    programme = factory.SelfAttribute("person.programme")
    first_name = factory.Sequence(lambda n: f"Elternteil{n}")
    last_name = factory.SelfAttribute("person.last_name")
    relation = Relation.MOTHER
    decides = True
    position = factory.Sequence(lambda n: n + 1)


class ConsentFactory(factory.django.DjangoModelFactory[Consent]):
    """A consent to be found by other carriers, in force."""

    class Meta:
        model = Consent

    person = factory.SubFactory(MenteeFactory)
    site = factory.SelfAttribute("person.site")
    carrier = factory.SelfAttribute("person.carrier")
    programme = factory.SelfAttribute("person.programme")
    purpose = ConsentPurpose.OTHER_CARRIERS
    version = "2026-11"
    given_by = GivenBy.SELF
    given_on = date(2026, 11, 2)


class PossibleDuplicateFactory(factory.django.DjangoModelFactory[PossibleDuplicate]):
    """Two mentees of one site who may be one; the first is made before the second."""

    class Meta:
        model = PossibleDuplicate

    first = factory.SubFactory(MenteeFactory)
    second = factory.SubFactory(MenteeFactory, site=factory.SelfAttribute("..first.site"))
    site = factory.SelfAttribute("first.site")
    carrier = factory.SelfAttribute("first.carrier")
    programme = factory.SelfAttribute("first.programme")
    score = 40
    found_at = CREATED


class MergeFactory(factory.django.DjangoModelFactory[Merge]):
    """Two mentees made one a moment ago, of whom nothing had to be moved."""

    class Meta:
        model = Merge

    kept = factory.SubFactory(MenteeFactory)
    dropped = factory.SubFactory(
        MenteeFactory,
        site=factory.SelfAttribute("..kept.site"),
        archived_at=CREATED,
        merged_into=factory.SelfAttribute("..kept"),
    )
    site = factory.SelfAttribute("kept.site")
    carrier = factory.SelfAttribute("kept.carrier")
    programme = factory.SelfAttribute("kept.programme")
    presence = factory.LazyFunction(lambda: {"kept": None, "dropped": None})
    merged_at = CREATED


class MoveFactory(factory.django.DjangoModelFactory[Move]):
    """A mentee is to move to another carrier's site, which has not answered yet."""

    class Meta:
        model = Move

    person = factory.SubFactory(MenteeFactory)
    site = factory.SelfAttribute("person.site")
    carrier = factory.SelfAttribute("person.carrier")
    programme = factory.SelfAttribute("person.programme")
    to_site = factory.SubFactory(
        SiteFactory,
        carrier=factory.SubFactory(CarrierFactory, programme=factory.SelfAttribute("...programme")),
    )
    to_carrier = factory.SelfAttribute("to_site.carrier")
    consent = factory.SubFactory(
        ConsentFactory,
        person=factory.SelfAttribute("..person"),
        purpose=ConsentPurpose.MOVE_SITE,
    )
    why = "zieht um"
    proposed_at = CREATED
    decided_at = factory.LazyAttribute(
        lambda made: None if made.state == MoveState.PROPOSED else CREATED
    )
    state = MoveState.PROPOSED.value
    answer = factory.LazyAttribute(
        lambda made: "Wir sind voll." if made.state == MoveState.DECLINED else ""
    )


def site_beside(site: Site, **said: object) -> Site:
    """A site of another carrier of the same programme."""
    return SiteFactory.create(carrier=CarrierFactory.create(programme=site.programme), **said)


class BatchFactory(factory.django.DjangoModelFactory[Batch]):
    """Something that was done a moment ago for many people, who are its rows."""

    class Meta:
        model = Batch

    site = factory.SubFactory(SiteFactory)
    carrier = factory.SelfAttribute("site.carrier")
    programme = factory.SelfAttribute("site.programme")
    kind = BatchKind.CHANGE.value
    state = BatchState.DONE.value
    version = 1
    chosen_at = CREATED
    done_at = CREATED


class BatchRowFactory(factory.django.DjangoModelFactory[BatchRow]):
    """Somebody who looks for partners within 15 km since, and did within 10 km before."""

    class Meta:
        model = BatchRow

    batch = factory.SubFactory(BatchFactory)
    site = factory.SelfAttribute("batch.site")
    carrier = factory.SelfAttribute("batch.carrier")
    programme = factory.SelfAttribute("batch.programme")
    person = factory.SubFactory(MenteeFactory, site=factory.SelfAttribute("..batch.site"))
    state = RowState.DONE.value
    before = factory.LazyFunction(lambda: {"furthest_km": 10})
    after = factory.LazyFunction(lambda: {"furthest_km": 15})
