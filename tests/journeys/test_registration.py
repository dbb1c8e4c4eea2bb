"""A carrier registers four with a substitute; somebody waits, somebody cannot come, all move up."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from patenwerk.gatherings.enums import Need, Seat
from patenwerk.gatherings.models import Gathering, Question, Registration
from patenwerk.gatherings.queries.registration import token_of
from tests.factories.gatherings import GatheringFactory, RegistrationFactory
from tests.factories.organisations import (
    CarrierFactory,
    ProgrammeFactory,
    manager,
    network_office,
)
from tests.journeys.conftest import TODAY
from tests.journeys.hands import Checking, Hands

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gathering() -> Gathering:
    made: Gathering = GatheringFactory.create(
        programme=ProgrammeFactory.create(name="Programm am Fluss"),
        title="Fachkongress Patenschaften",
        capacity=3,
        starts_at=TODAY + timedelta(days=40),
        place_name="Haus der Begegnung",
    )
    Question.objects.create(
        gathering=made, need=Need.ACCESS, text="Was brauchen Sie am Ort?", **made.organiser_columns
    )
    return made


def link_to(address: str) -> str:
    """The link in the last mail that went to an address."""
    letter = [one for one in mail.outbox if one.to == [address]][-1]
    found = re.search(r"https?://\S+/treffen/link/\S+", str(letter.body))
    assert found, letter.body
    return found[0]


def name_people(hands: Hands, *people: str, substitutes: tuple[str, ...] = ()) -> None:
    """Fill in the form of a carrier, a row each."""
    for place, name in enumerate(people):
        row = hands.page.get_by_role("group", name=f"Person {place + 1}", exact=True)
        hands.type(row.get_by_label("Name"), name)
        hands.type(row.get_by_label("E-Mail-Adresse"), f"{name.lower()}@example.org")
        if name in substitutes:
            hands.tap(row.get_by_text("Vertretung"))


def states() -> dict[str, str]:
    return dict(Registration.objects.values_list("name", "state"))


def test_seats_move_from_hand_to_hand(
    visit: Any, work: Callable[[], None], gathering: Gathering
) -> None:
    north, south = (
        CarrierFactory.create(programme=gathering.programme, name=name)
        for name in ("Nachbarschaft Nord e. V.", "Südpaten")
    )
    first = Checking(visit(manager(north)))
    first.open(f"/treffen/{gathering.pk}/")
    first.follow(first.link("Personen anmelden"))
    name_people(first, "Ada", "Bo", "Cem", "Dana", substitutes=("Dana",))
    first.follow(first.button("Anmeldung abschicken"))
    first.reads("3 Plätze sind für Sie vergeben.", "1 Vertretung ist genannt.")

    # The other carrier comes late, on a phone, without scripts.
    late = Hands(visit(manager(south), width=360, javascript=False))
    late.open(f"/treffen/{gathering.pk}/anmelden/")
    name_people(late, "Eli")
    late.follow(late.button("Anmeldung abschicken"))
    late.reads("1 Person steht auf der Warteliste.")
    work()

    # Ada cannot come: the substitute of her carrier has the seat at once.
    ada = Checking(visit(width=360))
    ada.open(link_to("ada@example.org"))
    ada.reads("Sie haben einen Platz")
    ada.follow(ada.link("Ich kann nicht kommen"))
    ada.follow(ada.button("Ich melde mich ab"))
    ada.reads("Sie kommen nicht")
    assert states()["Dana"] == Seat.SEATED
    assert states()["Eli"] == Seat.WAITING
    work()
    dana = Checking(visit())
    dana.open(link_to("dana@example.org"))
    dana.reads("Sie haben einen Platz")

    # Neither can Bo, and nobody of Nord is left to step in: Eli is asked and says yes.
    first.open(f"/treffen/{gathering.pk}/")
    row = first.page.get_by_role("listitem").filter(has_text="Bo")
    first.follow(row.get_by_role("link"))
    first.follow(first.button("Abmelden"))
    first.reads("Bo kommt nicht.")
    work()
    eli = Checking(visit(width=360))
    eli.open(link_to("eli@example.org"))
    eli.reads("Ein Platz ist für Sie frei")
    eli.follow(eli.button("Platz annehmen"))
    eli.reads("Der Platz gehört Ihnen. Wir freuen uns auf Sie.", "Sie haben einen Platz")
    assert states() == {
        "Ada": Seat.DECLINED,
        "Bo": Seat.DECLINED,
        "Cem": Seat.SEATED,
        "Dana": Seat.SEATED,
        "Eli": Seat.SEATED,
    }


def test_what_somebody_needs_is_told_by_link_and_read_by_the_organisers(
    visit: Any, gathering: Gathering
) -> None:
    row = RegistrationFactory.create(gathering=gathering, name="Eli")
    Gathering.objects.update(seats_taken=1)
    eli = Checking(visit(width=360))
    eli.open(f"/treffen/link/{token_of(row)}/")
    eli.follow(eli.link("Fragen beantworten"))
    eli.type(eli.field("Was brauchen Sie am Ort?"), "Platz für einen Rollstuhl")
    eli.follow(eli.button("Speichern"))
    eli.reads("Bitte stimmen Sie zu")
    eli.tap(eli.page.get_by_label(re.compile("^Ich bin einverstanden")))
    eli.follow(eli.button("Speichern"))
    eli.follow(eli.link("Ändern"))
    eli.tap(eli.page.get_by_label(re.compile("Namen auf der Liste lesen")))
    eli.follow(eli.button("Speichern"))
    eli.reads("Ihre Anmeldung ist geändert.", "Wer noch kommt")
    office = Hands(visit(network_office(gathering.programme)))
    office.open(f"/treffen/{gathering.pk}/anmeldungen/")
    office.reads("1 von 3 Plätzen sind vergeben oder angeboten.", "Eli")
    office.follow(office.link("Was Teilnehmende brauchen"))
    office.reads("Eli", "Platz für einen Rollstuhl")
