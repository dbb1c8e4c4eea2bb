"""A programme grows: the office creates a carrier, its management a site, and invites on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from patenwerk.organisations.models import RoleGrant
from tests.factories.organisations import CarrierFactory, ProgrammeFactory, office
from tests.journeys.hands import Hands

pytestmark = pytest.mark.django_db(transaction=True)


def invitation_to(address: str, mails: list[Any]) -> str:
    """The link in the last mail to somebody."""
    mail = next(mail for mail in reversed(mails) if mail.to == [address])
    link = re.search(r"https?://\S+/einladung/\S+/", mail.body)
    assert link, mail.body
    return link[0]


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_from_the_office_to_the_first_coordinator(
    visit: Any, work: Callable[[], None], mailoutbox: list[Any], javascript: bool
) -> None:
    programme = ProgrammeFactory.create(name="Menschen stärken")
    clerk = Hands(visit(office(programme), javascript=javascript))
    clerk.open("/mein-tag/")
    clerk.follow(clerk.link("Träger").first)
    clerk.follow(clerk.link("Träger anlegen"))
    clerk.type(clerk.field("Name"), "Nachbarschaft Nord e. V.")
    clerk.follow(clerk.button("Anlegen"))
    assert "Laden Sie jetzt die Leitung ein." in clerk.text()
    invite(clerk, "Tülay", "Aksoy", "tuelay@example.org")
    work()

    manager = Hands(visit(javascript=javascript, width=360, height=740))
    accept(manager, invitation_to("tuelay@example.org", mailoutbox))
    manager.open("/traeger/")
    manager.follow(manager.link("Nachbarschaft Nord e. V."))
    manager.follow(manager.link("Standort anlegen"))
    manager.type(manager.field("Name"), "Patenbüro Plagwitz")
    manager.type(manager.field("Postleitzahl"), "04229")
    manager.type(manager.field("Ort"), "Leipzig")
    manager.choose(manager.field("Land"), "Sachsen")
    manager.follow(manager.button("Anlegen"))
    assert "Laden Sie jetzt ein, wer ihn koordiniert." in manager.text()
    invite(manager, "Jutta", "Sommerfeldt", "jutta@example.org")
    work()

    coordinator = Hands(visit(javascript=javascript, width=360, height=740))
    link = invitation_to("jutta@example.org", mailoutbox)
    accept(coordinator, link)
    coordinator.tap(coordinator.page.locator("header summary").first)
    assert "Patenbüro Plagwitz" in coordinator.page.locator("header").inner_text()
    roles = RoleGrant.objects.order_by("pk").values_list("account__email", "role")
    assert list(roles[1:]) == [
        ("tuelay@example.org", "carrier_manager"),
        ("jutta@example.org", "coordinator"),
    ]

    late = visit()
    answer = late.goto(link)
    assert answer.status == 410
    assert "Dieser Link gilt nicht mehr" in late.locator("main").inner_text()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_the_network_office_comes_in_and_reads_about_the_carriers(
    visit: Any, work: Callable[[], None], mailoutbox: list[Any], javascript: bool
) -> None:
    programme = ProgrammeFactory.create(name="Menschen stärken")
    CarrierFactory.create(programme=programme, name="Nachbarschaft Nord e. V.", about="Am Hafen.")
    clerk = Hands(visit(office(programme), javascript=javascript))
    clerk.open("/traeger/")
    clerk.follow(clerk.link("Einstellungen des Programms"))
    invite(clerk, "Hanne", "Winter", "hanne@example.org", "In die Netzwerkstelle einladen")
    work()

    newcomer = Hands(visit(javascript=javascript, width=360, height=740))
    accept(newcomer, invitation_to("hanne@example.org", mailoutbox))
    newcomer.open("/mein-tag/")
    assert "Heute wartet nichts auf Sie." in newcomer.text()
    newcomer.open("/traeger/")
    newcomer.follow(newcomer.link("Nachbarschaft Nord e. V."))
    assert "Am Hafen." in newcomer.text()
    # The circle's contacts are its own; sites and people are not.
    assert newcomer.page.locator("main .button").all_inner_texts() == ["Jemanden nennen"]
    roles = RoleGrant.objects.order_by("pk").values_list("account__email", "role")
    assert roles[1] == ("hanne@example.org", "network_office")


def invite(
    person: Hands, first_name: str, last_name: str, email: str, way_in: str = "Einladen"
) -> None:
    person.follow(person.link(way_in))
    person.type(person.field("Vorname"), first_name)
    person.type(person.field("Nachname"), last_name)
    person.type(person.field("E-Mail-Adresse"), email)
    person.follow(person.button("Einladung senden"))
    assert "Die Einladung ist unterwegs." in person.text()


def accept(person: Hands, link: str) -> None:
    person.open(link)
    person.type(person.field("Passwort"), "sieben-blaue-fahrraeder")
    person.follow(person.button("Zugang einrichten"))
    assert "Willkommen. Ihr Zugang ist eingerichtet." in person.text()
