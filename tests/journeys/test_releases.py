"""The programme office publishes figures; everybody reads them; nobody reads of a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from patenwerk.organisations.models import Phase, Programme
from patenwerk.people.models import Person
from patenwerk.tandems.models import Tandem
from tests.factories.organisations import (
    CarrierFactory,
    FocusFactory,
    ProgrammeFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
    office,
)
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.reporting import published, tandems_at
from tests.factories.tandems import tandem_of
from tests.journeys.hands import Checking, Hands, Keys

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def programme() -> Programme:
    """Three carriers with tandems of two years, few at one of them."""
    found = ProgrammeFactory.create(name="Menschen stärken", motto="Zusammen geht vieles besser")
    words = {
        "kind": TandemKindFactory.create(programme=found),
        "focus": FocusFactory.create(programme=found),
        "field": SupportFieldFactory.create(programme=found),
    }
    Phase.objects.create(
        programme=found,
        code="anfang",
        name_de="Der Anfang",
        name_en="The beginning",
        starts_on=date(2016, 1, 1),
    )
    for name, town, postcode, land, number in (
        ("Nachbarschaft Nord e. V.", "Leipzig", "04109", "SN", 9),
        ("Brücke Süd gGmbH", "München", "80331", "BY", 7),
        ("Hafen e. V.", "Hamburg", "20095", "HH", 2),
    ):
        site = SiteFactory.create(
            carrier=CarrierFactory.create(programme=found, name=name),
            name=f"Patenbüro {town}",
            postcode=postcode,
            town=town,
            land=land,
            street="Lindenweg 1",
            phone="+49 341 000000",
        )
        for year in (2025, 2026):
            tandems_at(site, number, founded_on=date(year, 3, 4), **words)
        tandem_of(
            MentorFactory.create(site=site, last_name="Zaunkoenig"),
            MenteeFactory.create(site=site, last_name="Zaunkoenig"),
            **words,
        )
    return found


@pytest.mark.parametrize(
    ("hands", "javascript"),
    [(Checking, True), (Keys, True), (Hands, False)],
    ids=["mouse", "keyboard", "plain"],
)
def test_the_office_publishes_and_never_sees_a_person(
    visit: Any, work: Callable[[], None], programme: Programme, hands: Any, javascript: bool
) -> None:
    clerk = hands(visit(office(programme), javascript=javascript))
    clerk.open("/mein-tag/")
    clerk.follow(clerk.page.locator("nav.rail").get_by_role("link", name=clerk.word("Figures")))
    clerk.follow(clerk.link("Draft a release"))
    clerk.day(clerk.field("As of"), "2026-10-31")
    clerk.type(clerk.field("Last year shown in groups"), "2025")
    clerk.follow(clerk.button("Calculate"))
    work()
    clerk.page.reload()
    clerk.look()
    clerk.reads("Look at the tables, then publish")
    clerk.follow(clerk.button("Publish"))
    clerk.reads("Published. Everybody can read it now.")
    clerk.follow(clerk.link("Public page"))
    clerk.reads("Menschen stärken", "As a file:")
    assert "Zaunkoenig" not in clerk.page.content()

    person, tandem = Person.objects.first(), Tandem.objects.first()
    assert person is not None
    assert tandem is not None
    for path in ("/personen/", f"/personen/{person.pk}/", "/tandems/", f"/tandems/{tandem.pk}/"):
        answer = clerk.page.goto(path)
        assert answer.status == 404
        assert "Zaunkoenig" not in clerk.page.content()
    for path in ("/mein-tag/", "/suche/?q=Zaunkoenig", "/traeger/", "/standorte/"):
        clerk.open(path)
        assert clerk.page.locator("main a", has_text="Zaunkoenig").count() == 0
        assert "suche" in path or "Zaunkoenig" not in clerk.page.content()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize(("width", "rtl"), [(360, False), (1280, False), (360, True)])
def test_everybody_finds_figures_and_the_next_site(
    visit: Any, programme: Programme, javascript: bool, width: int, rtl: bool
) -> None:
    published(programme)
    hands = Checking if javascript else Hands
    guest = hands(visit(width=width, height=800, javascript=javascript, rtl=rtl))
    guest.open("/")
    counter = guest.page.locator(".count b").inner_text()
    # All of 2025 and of 2026 up to the day of the release.
    assert counter.strip() == str(2 * (9 + 7 + 2) + 3)

    guest.follow(guest.page.locator(".meet a").first)
    guest.type(guest.field("Postcode or place"), "04229")
    guest.follow(guest.button("Find a site"))
    sites = guest.page.locator("#in-der-naehe ol > li", has=guest.page.locator("h4"))
    sites.first.wait_for()
    names = [text.partition("\n")[0] for text in sites.all_inner_texts()]
    assert names == ["Patenbüro Leipzig", "Patenbüro Hamburg", "Patenbüro München"]
    guest.type(guest.field("Postcode or place"), "Nirgendwo an der Knatter")
    guest.follow(guest.button("Find a site"))
    sites.first.wait_for(state="detached")
    guest.reads("We do not know this place. Please try the postcode, five digits.")
    assert "Zaunkoenig" not in guest.page.content()

    guest.follow(guest.page.locator(".count a"))
    guest.reads("As a file:")


def test_a_guest_reads_it_in_english(visit: Any, programme: Programme) -> None:
    published(programme)
    guest = Hands(visit(language="en-GB"))
    guest.open("/")
    assert guest.page.locator("html").get_attribute("lang") == "en"
    assert "tandems have found each other" in guest.text()
