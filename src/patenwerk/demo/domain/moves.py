"""Two people change their site: one has moved to the first site, one asks to come there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from patenwerk.core.clock import day_of
from patenwerk.demo.domain.organisations import Stage
from patenwerk.mail.domain.send import without_mail
from patenwerk.people.domain.consent import give_consent
from patenwerk.people.domain.move import accept_move, propose_move
from patenwerk.people.domain.person import change_person, values_of
from patenwerk.people.enums import ConsentPurpose, GivenBy
from patenwerk.people.kernel.consents import AGE_OF_MAJORITY
from patenwerk.people.kernel.validity import years_after
from patenwerk.people.models import Move, Person
from patenwerk.people.queries.activity import running

KNOWN_FOR = timedelta(days=30)
"""Whoever moves has been there for longer."""
ASKED, TAKEN_IN = timedelta(days=9), timedelta(days=6)
"""So long ago one was proposed and taken in: »my day« still tells of it."""
WAITS = timedelta(days=2)
"""So long the other one waits for an answer."""


def somebody_moves(stage: Stage, at: datetime) -> None:
    """Adults who wait, of two other sites: the first has come, the second is proposed.

    Nobody is mailed: it has happened before anybody looks.
    """
    first_site = stage.sites[0]
    who = _who_wait_elsewhere(stage, at)
    with without_mail():
        place, person = next(who)
        move = _proposed(stage, place, person, "Wohnt seit dem Sommer hier.", at - ASKED)
        came = accept_move(
            move=move,
            answer="Herzlich willkommen, wir melden uns.",
            by=stage.coordinators[0],
            at=at - TAKEN_IN,
        )
        values = replace(values_of(came), postcode=first_site.postcode)
        change_person(person=came, values=values, by=stage.coordinators[0], at=at - TAKEN_IN)
        place, person = next(who)
        _proposed(stage, place, person, "Zieht im Januar um.", at - WAITS)


def _who_wait_elsewhere(stage: Stage, at: datetime) -> Iterator[tuple[int, Person]]:
    """Of each site but the first the adult who has waited longest, with the site's place."""
    born_until = years_after(day_of(at), -AGE_OF_MAJORITY)
    adults = Person.objects.filter(
        programme=stage.programme,
        archived_at__isnull=True,
        birth_date__lte=born_until,
        created_at__lt=at - KNOWN_FOR,
    ).exclude(running())
    for place, site in enumerate(stage.sites):
        person = adults.filter(site=site).order_by("waiting_since", "pk").first()
        if place and person is not None:
            yield place, person


def _proposed(stage: Stage, place: int, person: Person, why: str, at: datetime) -> Move:
    by = stage.coordinators[place]
    give_consent(
        person=person,
        purpose=ConsentPurpose.MOVE_SITE,
        given_by=GivenBy.SELF,
        given_on=day_of(at),
        by=by,
        at=at,
    )
    return propose_move(person=person, to_site=stage.sites[0], why=why, by=by, at=at)
