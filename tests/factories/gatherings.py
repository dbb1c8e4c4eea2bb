"""Gatherings for tests: rows as the domain would have written them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import factory

from patenwerk.gatherings.domain.promise import words_of
from patenwerk.gatherings.enums import Audience, CommitmentKind, ItemState, Mode, Seat, State
from patenwerk.gatherings.models import (
    AgendaItem,
    Commitment,
    Contact,
    Decision,
    Expert,
    Gathering,
    GatheringKind,
    Minutes,
    Registration,
    Section,
    Series,
)
from tests.factories.organisations import CREATED, CarrierFactory, ProgrammeFactory, WordFactory

STARTS = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


class GatheringKindFactory(WordFactory):
    class Meta:
        model = GatheringKind


class SeriesFactory(factory.django.DjangoModelFactory[Series]):
    class Meta:
        model = Series

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: f"Reihe {n}")
    created_at = CREATED


class GatheringFactory(factory.django.DjangoModelFactory[Gathering]):
    """Open for registration, for the circle, organised by the network office."""

    class Meta:
        model = Gathering

    programme = factory.SubFactory(ProgrammeFactory)
    kind = factory.SubFactory(GatheringKindFactory, programme=factory.SelfAttribute("..programme"))
    title = factory.Sequence(lambda n: f"Vernetzungstreffen {n}")
    state = State.OPEN.value
    mode = Mode.IN_PERSON.value
    audience = Audience.CIRCLE.value
    starts_at = STARTS
    ends_at = factory.LazyAttribute(lambda made: made.starts_at + timedelta(hours=6))
    announced_at = factory.LazyAttribute(
        lambda made: None if made.state == State.DRAFT else CREATED
    )
    cancel_reason = factory.LazyAttribute(
        lambda made: "Der Ort fällt aus." if made.state == State.CANCELLED else ""
    )
    changed_at = CREATED
    created_at = CREATED


class RegistrationFactory(factory.django.DjangoModelFactory[Registration]):
    """Somebody with a seat. Give ``state`` and ``waiting_since`` for the queue."""

    class Meta:
        model = Registration

    gathering = factory.SubFactory(GatheringFactory)
    carrier = factory.SubFactory(
        CarrierFactory, programme=factory.SelfAttribute("..gathering.programme")
    )
    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    state = Seat.SEATED.value
    created_at = CREATED


class AgendaItemFactory(factory.django.DjangoModelFactory[AgendaItem]):
    class Meta:
        model = AgendaItem

    gathering = factory.SubFactory(GatheringFactory)
    programme = factory.SelfAttribute("gathering.programme")
    carrier = factory.SelfAttribute("gathering.carrier")
    position = factory.Sequence(lambda n: n)
    title = factory.Sequence(lambda n: f"Punkt {n}")
    state = ItemState.ACCEPTED.value
    minutes = 30
    created_at = CREATED


class MinutesFactory(factory.django.DjangoModelFactory[Minutes]):
    """Minutes in draft."""

    class Meta:
        model = Minutes

    gathering = factory.SubFactory(GatheringFactory, state=State.HELD.value)
    programme = factory.SelfAttribute("gathering.programme")
    carrier = factory.SelfAttribute("gathering.carrier")
    created_at = CREATED


class SectionFactory(factory.django.DjangoModelFactory[Section]):
    class Meta:
        model = Section

    minutes = factory.SubFactory(MinutesFactory)
    programme = factory.SelfAttribute("minutes.programme")
    carrier = factory.SelfAttribute("minutes.carrier")
    position = factory.Sequence(lambda n: n)
    heading = factory.Sequence(lambda n: f"Abschnitt {n}")


class DecisionFactory(factory.django.DjangoModelFactory[Decision]):
    class Meta:
        model = Decision

    gathering = factory.SubFactory(GatheringFactory, state=State.HELD.value)
    programme = factory.SelfAttribute("gathering.programme")
    carrier = factory.SelfAttribute("gathering.carrier")
    number = factory.Sequence(lambda n: n + 1)
    text = factory.Sequence(lambda n: f"Beschluss {n}")
    words = factory.LazyAttribute(lambda made: words_of(made.text))
    decided_on = STARTS.date()


class CommitmentFactory(factory.django.DjangoModelFactory[Commitment]):
    """An open task of a carrier."""

    class Meta:
        model = Commitment

    gathering = factory.SubFactory(GatheringFactory, state=State.HELD.value)
    programme = factory.SelfAttribute("gathering.programme")
    carrier = factory.SelfAttribute("gathering.carrier")
    series = factory.SelfAttribute("gathering.series")
    kind = CommitmentKind.TASK.value
    text = factory.Sequence(lambda n: f"Zusage {n}")
    owner = "Nadja Beispiel"
    of_carrier = factory.SubFactory(
        CarrierFactory, programme=factory.SelfAttribute("..gathering.programme")
    )
    due_on = STARTS.date() + timedelta(days=60)
    words = factory.LazyAttribute(lambda made: words_of(made.text))
    created_at = CREATED


class ExpertFactory(factory.django.DjangoModelFactory[Expert]):
    class Meta:
        model = Expert

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: f"Dr. Expertin {n}")
    email = factory.Sequence(lambda n: f"expertin{n}@example.org")
    topics = factory.LazyFunction(lambda: ["Leichte Sprache"])
    words = factory.LazyAttribute(lambda made: words_of(made.name).rstrip())
    consented_on = CREATED.date()
    created_at = CREATED


class ContactFactory(factory.django.DjangoModelFactory[Contact]):
    class Meta:
        model = Contact

    carrier = factory.SubFactory(CarrierFactory)
    programme = factory.SelfAttribute("carrier.programme")
    name = factory.Sequence(lambda n: f"Kontakt {n}")
    email = factory.Sequence(lambda n: f"kontakt{n}@example.org")
    created_at = CREATED
