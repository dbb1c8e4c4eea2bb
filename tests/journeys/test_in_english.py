"""Somebody who reads English registers people and moves up; no page and no mail turns German."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from patenwerk.gatherings.enums import Audience, Seat
from patenwerk.gatherings.models import Gathering, Registration
from patenwerk.organisations.models import Carrier
from tests.factories.gatherings import GatheringFactory, GatheringKindFactory
from tests.factories.organisations import CarrierFactory, ProgrammeFactory, manager
from tests.journeys.conftest import TODAY
from tests.journeys.hands import Hands

pytestmark = pytest.mark.django_db(transaction=True)

GERMAN = re.compile(
    r"\b(?:und|oder|nicht|kein\w*|ein(?:e[mnrs]?)?|der|dem|den|das|des|ist|sind|wird|werden|haben|"
    r"Sie|Ihr\w*|für|von|vom|mit|auf|aus|bei|beim|bis|zum?|zur|im|noch|Uhr|"
    r"\d+\. (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*|"
    r"Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember|\w+tag)\b|[äöüÄÖÜß]"
)
"""What hardly an English sentence holds and hardly a German one lacks."""

ALL_THAT_IS_SAID = """() => {
  const copy = document.documentElement.cloneNode(true);
  for (const left of copy.querySelectorAll('script, style, [lang=de]:not(html)')) left.remove();
  const said = [document.title, copy.innerText];
  for (const one of copy.querySelectorAll('*'))
    for (const name of ['aria-label', 'title', 'alt', 'placeholder', 'data-label', 'value'])
      if (one.hasAttribute(name) && one.type !== 'hidden') said.push(one.getAttribute(name));
  for (const one of copy.querySelectorAll('svg title, svg desc')) said.push(one.textContent);
  return said;
}"""
"""Also what is folded away or read out only; without the switch to German itself."""


class InEnglish(Hands):
    """Reads English and notices every German word, also one that is not seen."""

    language = "en"

    def look(self) -> None:
        super().look()
        if self.page.locator("html").get_attribute("lang") == self.language:
            self.finds_no_german()

    def switches(self) -> None:
        """Use the switch, as everybody can."""
        if self.page.locator("header details.who").count():
            self.tap(self.page.locator("header details.who > summary"))
        self.follow(self.page.locator("form.languages").get_by_role("button", name="English"))
        assert self.page.locator("html").get_attribute("lang") == "en"

    def finds_no_german(self) -> None:
        for text in self.page.evaluate(ALL_THAT_IS_SAID):
            german = GERMAN.search(text)
            assert german is None, f"{self.page.url}: »{german[0]}« in »{' '.join(text.split())}«"


@pytest.fixture
def gathering() -> Gathering:
    """For everybody, two seats; all that the test itself names is English, too."""
    programme = ProgrammeFactory.create(name="Side by Side", slug="side-by-side")
    return GatheringFactory.create(
        programme=programme,
        kind=GatheringKindFactory.create(
            programme=programme, name_de="Fachkongress", name_en="Congress"
        ),
        title="Mentoring that lasts",
        audience=Audience.PUBLIC,
        capacity=2,
        starts_at=TODAY + timedelta(days=40),
        place_name="River House",
    )


def letter_to(address: str) -> tuple[str, str]:
    """Subject and text of the last mail that went to an address."""
    last = [one for one in mail.outbox if one.to == [address]][-1]
    return str(last.subject), str(last.body)


def link_in(text: str) -> str:
    found = re.search(r"https?://\S+/treffen/link/\S+", text)
    assert found, text
    return found[0]


@pytest.mark.parametrize("width", [1280, 360])
def test_from_the_registration_to_the_seat_that_comes_free(
    visit: Any, work: Callable[[], None], gathering: Gathering, width: int
) -> None:
    north = CarrierFactory.create(programme=gathering.programme, name="Northern Neighbours")
    registers_two(visit, gathering, north, width)

    # A guest finds both seats taken and waits.
    guest = InEnglish(visit(width=width))
    guest.open("/treffen/programm/side-by-side/")
    guest.switches()
    guest.reads("Congress", "Mentoring that lasts")
    guest.follow(guest.page.get_by_role("link", name="Mentoring that lasts").first)
    guest.reads("All seats are taken.")
    guest.follow(guest.page.get_by_role("link", name="Register", exact=True).first)
    guest.type(guest.field("Name"), "Eli")
    guest.type(guest.field("E-mail address"), "eli@example.org")
    guest.follow(guest.button("Send the registration"))
    guest.reads("Please look into your mails.")
    work()

    # Whoever was registered is written to in German, and switches on the page of the link.
    ada = InEnglish(visit(width=width))
    ada.open(link_in(letter_to("ada@example.org")[1]))
    ada.switches()
    ada.reads("You have a seat")
    ada.follow(ada.link("I cannot come"))
    ada.follow(ada.button("Cancel my registration"))
    ada.reads("Thank you for telling us. Your seat goes to somebody else.", "You are not coming")
    work()

    # The guest is asked in the language of the form, and takes the seat.
    subject, text = letter_to("eli@example.org")
    assert "Mentoring that lasts" in subject
    assert not GERMAN.search(subject + text), GERMAN.search(subject + text)
    guest.open(link_in(text))
    guest.reads("A seat is free for you", "Then it goes to the next one.")
    guest.follow(guest.button("Take the seat"))
    guest.reads("The seat is yours. We are looking forward to seeing you.", "You have a seat")
    states = dict(Registration.objects.values_list("name", "state"))
    assert states == {"Ada": Seat.DECLINED, "Bo": Seat.SEATED, "Eli": Seat.SEATED}


def registers_two(visit: Any, gathering: Gathering, carrier: Carrier, width: int) -> None:
    """A carrier's manager has never used the page before: it is German until switched."""
    person = InEnglish(visit(manager(carrier, first_name="Sandra", last_name="Nord"), width=width))
    person.open("/mein-tag/")
    assert person.page.locator("html").get_attribute("lang") == "de"
    person.switches()
    person.reads("Hello, Sandra Nord")
    person.open("/treffen/")
    person.reads("Gatherings", "Congress", "0 of 2")
    person.follow(person.page.locator("main").get_by_role("link", name="Mentoring that lasts"))
    person.reads("2 seats are free.", "for everybody")
    person.follow(person.link("Register people"))
    for place, name in enumerate(("Ada", "Bo")):
        row = person.page.get_by_role("group", name=f"Person {place + 1}", exact=True)
        person.type(row.get_by_label("Name"), name)
        person.type(row.get_by_label("E-mail address"), f"{name.lower()}@example.org")
    person.follow(person.button("Send the registration"))
    person.reads("2 seats are yours.", "All seats are taken.", "From your carrier")
