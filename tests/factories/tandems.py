"""Tandems and meetings for tests: rows as the domain would have written them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import factory

from patenwerk.organisations.models import Site
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.tandems.enums import Acceptance, State
from patenwerk.tandems.models import Meeting, Participant, Tandem
from tests.factories.organisations import (
    CREATED,
    FocusFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
)
from tests.factories.people import MenteeFactory, MentorFactory


class TandemFactory(factory.django.DjangoModelFactory[Tandem]):
    class Meta:
        model = Tandem

    site = factory.SubFactory(SiteFactory)
    carrier = factory.SelfAttribute("site.carrier")
    programme = factory.SelfAttribute("site.programme")
    kind = factory.SubFactory(TandemKindFactory, programme=factory.SelfAttribute("..programme"))
    focus = factory.SubFactory(FocusFactory, programme=factory.SelfAttribute("..programme"))
    field = factory.SubFactory(SupportFieldFactory, programme=factory.SelfAttribute("..programme"))
    created_at = CREATED


class ParticipantFactory(factory.django.DjangoModelFactory[Participant]):
    class Meta:
        model = Participant

    person = factory.SubFactory(MentorFactory)
    site = factory.SelfAttribute("person.site")
    carrier = factory.SelfAttribute("person.carrier")
    programme = factory.SelfAttribute("person.programme")
    side = factory.SelfAttribute("person.side")
    joined_on = date(2026, 10, 1)


class MeetingFactory(factory.django.DjangoModelFactory[Meeting]):
    """Use it for tandems whose ``meeting_count`` and dates already say so."""

    class Meta:
        model = Meeting
        skip_postgeneration_save = True

    tandem = factory.SubFactory(TandemFactory)
    site = factory.SelfAttribute("tandem.site")
    carrier = factory.SelfAttribute("tandem.carrier")
    programme = factory.SelfAttribute("tandem.programme")
    held_on = date(2026, 10, 10)
    minutes = 90
    form_key = factory.LazyFunction(uuid.uuid4)
    created_at = CREATED


def tandem_of(
    mentor: Person | None = None,
    mentee: Person | None = None,
    *,
    state: State = State.ACTIVE,
    meetings: tuple[date, ...] = (date(2026, 10, 10),),
    **fields: Any,
) -> Tandem:
    """A tandem of two people of one site, with its meetings."""
    if mentor is None:
        site = fields.pop("site", None) or (mentee.site if mentee else SiteFactory.create())
        mentor = MentorFactory.create(site=site)
    if mentee is None:
        mentee = MenteeFactory.create(site=mentor.site)
    if meetings:
        fields |= {
            "founded_on": min(meetings),
            "last_meeting_on": max(meetings),
            "meeting_count": len(meetings),
        }
    tandem = TandemFactory.create(site=mentor.site, state=state, **fields)
    accepted = state is not State.PROPOSED
    for person, side in ((mentor, Side.MENTOR), (mentee, Side.MENTEE)):
        ParticipantFactory.create(
            tandem=tandem,
            person=person,
            side=side,
            acceptance=Acceptance.ACCEPTED if accepted else Acceptance.OPEN,
            answered_on=date(2026, 10, 5) if accepted else None,
        )
    for held_on in meetings:
        MeetingFactory.create(tandem=tandem, held_on=held_on)
    return tandem


def group_of(
    site: Site,
    mentees: int = 2,
    *,
    places: int | None = None,
    state: State = State.ACTIVE,
    mentor: Person | None = None,
    **fields: Any,
) -> Tandem:
    """A group of one mentor and several mentees who have said yes; its kind takes five."""
    kind = fields.pop("kind", None) or TandemKindFactory.create(
        programme=site.programme, most_mentees=5
    )
    tandem = TandemFactory.create(
        site=site, kind=kind, places=places or mentees, state=state, **fields
    )
    mentors = [mentor or MentorFactory.create(site=site)]
    for person in (*mentors, *(MenteeFactory.create(site=site) for _one in range(mentees))):
        ParticipantFactory.create(
            tandem=tandem,
            person=person,
            acceptance=Acceptance.ACCEPTED,
            answered_on=date(2026, 10, 5),
        )
    return tandem
