"""Somebody is invited by name: a seat is kept, and the link says yes or no without a login."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from patenwerk.gatherings.enums import Audience, Seat
from patenwerk.gatherings.models import Gathering, Registration
from tests.factories.gatherings import GatheringFactory
from tests.factories.organisations import ProgrammeFactory, network_office
from tests.journeys.conftest import TODAY
from tests.journeys.hands import Checking, Hands

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gathering() -> Gathering:
    """For invited people, two seats."""
    return GatheringFactory.create(
        programme=ProgrammeFactory.create(name="Programm am Fluss"),
        title="Werkstatt Leichte Sprache",
        audience=Audience.INVITED,
        capacity=2,
        starts_at=TODAY + timedelta(days=40),
        place_name="Haus der Begegnung",
    )


def letters(address: str) -> list[Any]:
    return [one for one in mail.outbox if one.to == [address]]


def link_to(address: str) -> str:
    """The link in the invitation that went to an address."""
    found = re.search(r"https?://\S+/treffen/link/\S+", str(letters(address)[0].body))
    assert found, letters(address)[0].body
    return found[0]


def invite(office: Hands, name: str) -> None:
    office.follow(office.link("Jemanden einladen"))
    office.type(office.field("Name"), name)
    office.type(office.field("E-Mail-Adresse"), f"{name.lower()}@example.org")
    office.follow(office.button("Einladung abschicken"))


def states() -> dict[str, str]:
    return dict(Registration.objects.values_list("name", "state"))


@pytest.mark.parametrize("width", [1280, 360])
def test_a_seat_is_kept_and_the_link_says_yes_or_no(
    visit: Any, work: Callable[[], None], gathering: Gathering, width: int
) -> None:
    account = network_office(gathering.programme, email="office@example.org")
    office = Checking(visit(account, width=width))
    office.open(f"/treffen/{gathering.pk}/")
    office.follow(office.link("Alle Anmeldungen"))
    for name in ("Ruth", "Samir"):
        invite(office, name)
        office.reads(f"Die Einladung an {name} ist unterwegs.")
    office.reads("2 von 2 Plätzen sind vergeben oder angeboten.")

    # Both seats are kept: a third invitation is refused with a reason that says what helps.
    invite(office, "Tove")
    office.reads("Es ist kein Platz frei.")
    assert states() == {"Ruth": Seat.OFFERED, "Samir": Seat.OFFERED}
    work()

    # Ruth says yes, with scripts and looked at by axe.
    ruth = Checking(visit(width=width))
    ruth.open(link_to("ruth@example.org"))
    ruth.reads("Sie sind eingeladen", "Bitte sagen Sie, ob Sie kommen.")
    ruth.follow(ruth.button("Ich komme"))
    ruth.reads("Sie haben einen Platz")

    # Samir says no, without scripts.
    samir = Hands(visit(width=width, javascript=False))
    samir.open(link_to("samir@example.org"))
    samir.reads("Sie sind eingeladen")
    samir.follow(samir.link("Ich kann nicht kommen"))
    samir.type(samir.field("Warum, wenn Sie es sagen möchten"), "An dem Tag bin ich verreist.")
    samir.follow(samir.button("Ich melde mich ab"))
    samir.reads("Sie kommen nicht")
    assert states() == {"Ruth": Seat.SEATED, "Samir": Seat.DECLINED}

    # Whoever invited reads both answers in a mail, and the seat can be given to somebody else.
    work()
    answers = [str(one.body) for one in letters("office@example.org")]
    assert ["Ruth" in answers[0], "Samir" in answers[1], len(answers)] == [True, True, 2]
    assert "An dem Tag bin ich verreist." in answers[1]
    office.open(f"/treffen/{gathering.pk}/anmeldungen/")
    office.reads("1 von 2 Plätzen sind vergeben oder angeboten.")
    invite(office, "Tove")
    work()

    # The same yes without scripts: one button, no other page.
    tove = Hands(visit(width=width, javascript=False))
    tove.open(link_to("tove@example.org"))
    tove.follow(tove.button("Ich komme"))
    tove.reads("Sie haben einen Platz")
    assert states()["Tove"] == Seat.SEATED
