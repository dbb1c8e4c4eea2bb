"""A world with everything in four places, and a canary in every record of each place.

»own« is the site the coordinator works at, »sibling« another site of its carrier, »colleague« a
site of another carrier, »abroad« a site of another programme. Every text of every record holds
its place's canary, so that a page that shows one it should not is found out by its words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.db import models

from patenwerk.organisations.models import (
    Account,
    Carrier,
    Phase,
    Programme,
    RoleGrant,
    Site,
)
from tests.factories.organisations import (
    CarrierFactory,
    FocusFactory,
    ProgrammeFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
    coordinator,
    manager,
    network_office,
    office,
)
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import tandem_of


class Place(StrEnum):
    """Where a record belongs, as seen from the coordinator."""

    OWN = "own"
    SIBLING = "sibling"
    COLLEAGUE = "colleague"
    ABROAD = "abroad"


CANARIES = {
    Place.OWN: "Zaunkoenig",
    Place.SIBLING: "Wiedehopf",
    Place.COLLEAGUE: "Pirolruf",
    Place.ABROAD: "Eisvogel",
}


@dataclass(slots=True)
class Records:
    """What one place holds, by model; the organisations above it belong to it as well."""

    place: Place
    by_model: dict[type[models.Model], Any] = field(default_factory=dict)

    def add(self, *records: Any) -> None:
        """Remember the first record of each model."""
        for record in records:
            self.by_model.setdefault(type(record), record)

    def pk(self, model: type[models.Model]) -> int:
        """The id of this place's record; ``KeyError`` where the world has none of the model."""
        return int(self.by_model[model].pk)


#: Apps above tandems add their records here: called with the place's records, site and canary.
Maker = Callable[[Records, Site, str], None]


@dataclass(slots=True)
class World:
    """All places and the accounts that look at them."""

    records: dict[Place, Records]
    accounts: dict[str, Account]


def build(makers: list[Maker]) -> World:
    """Make the world."""
    programme = _programme(Place.OWN)
    carrier = CarrierFactory.create(programme=programme, name=f"Träger {CANARIES[Place.OWN]}")
    elsewhere = CarrierFactory.create(
        programme=programme, name=f"Träger {CANARIES[Place.COLLEAGUE]}"
    )
    foreign = CarrierFactory.create(
        programme=_programme(Place.ABROAD), name=f"Träger {CANARIES[Place.ABROAD]}"
    )
    carriers = {
        Place.OWN: carrier,
        Place.SIBLING: carrier,
        Place.COLLEAGUE: elsewhere,
        Place.ABROAD: foreign,
    }
    records = {place: _fill(place, carriers[place], makers) for place in Place}
    own = records[Place.OWN].by_model[Site]
    assert isinstance(own, Site)
    accounts = {
        "coordinator": coordinator(own, last_name="Koordination"),
        "manager": manager(carrier, last_name="Leitung"),
        "office": office(programme, last_name="Programmbüro"),
        "network": network_office(programme, last_name="Netzwerkstelle"),
    }
    return World(records, accounts)


def _programme(place: Place) -> Programme:
    return ProgrammeFactory.create(
        name=f"Programm {CANARIES[place]}", slug=f"programm-{place}", funder=CANARIES[place]
    )


def _fill(place: Place, carrier: Carrier, makers: list[Maker]) -> Records:
    canary, records = CANARIES[place], Records(place)
    site = SiteFactory.create(carrier=carrier, name=f"Standort {canary}", town=canary)
    member = coordinator(site, first_name=canary, last_name=canary)
    programme = carrier.programme
    # A programme's words are shown at all its sites: only another programme's betray something.
    word = canary if place is Place.ABROAD else "Gemeinsam"
    words = {"programme": programme, "name_de": f"Wort {word}", "name_en": f"Word {word}"}
    codes = {key: f"{key}-{place}" for key in ("feld", "fokus", "art", "phase")}
    support = SupportFieldFactory.create(**words, code=codes["feld"])
    focus = FocusFactory.create(**words, code=codes["fokus"])
    kind = TandemKindFactory.create(**words, code=codes["art"])
    phase = Phase.objects.create(**words, code=codes["phase"], starts_on=date(2016, 1, 1))
    people = {"site": site, "last_name": canary, "note": canary, "interests": [canary]}
    mentor = MentorFactory.create(first_name=f"M{canary}", **people)
    mentee = MenteeFactory.create(first_name=f"T{canary}", **people)
    waiting = MenteeFactory.create(first_name=f"W{canary}", **people)
    MentorFactory.create(first_name=f"F{canary}", **people)
    tandem = tandem_of(mentor, mentee, kind=kind, focus=focus, field=support, why=canary)
    tandem.meetings.update(topic=canary)
    records.add(
        programme,
        carrier,
        site,
        RoleGrant.objects.get(account=member),
        support,
        focus,
        kind,
        phase,
        waiting,
        tandem,
        tandem.participants.first(),
        tandem.meetings.first(),
    )
    for make in makers:
        make(records, site, canary)
    return records
