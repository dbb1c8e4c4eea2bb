"""A carrier's manager sees all its sites, and nothing of another carrier's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.organisations import CarrierFactory, ProgrammeFactory, SiteFactory, manager
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import tandem_of
from tests.journeys.hands import Hands

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1280, 360])
def test_all_own_sites_and_no_other(visit: Any, width: int) -> None:
    programme = ProgrammeFactory.create()
    own = CarrierFactory.create(programme=programme, name="Nachbarschaft Nord e. V.")
    other = CarrierFactory.create(programme=programme, name="Brücke Süd gGmbH")
    places = {"Plagwitz": own, "Gohlis": own, "Paunsdorf": own, "Giesing": other}
    for town, carrier in places.items():
        site = SiteFactory.create(carrier=carrier, name=f"Patenbüro {town}", town=town)
        tandem_of(
            MentorFactory.create(site=site, first_name=f"Mona {town}", last_name="Muster"),
            MenteeFactory.create(site=site, first_name=f"Theo {town}", last_name="Test"),
        )
        MenteeFactory.create(site=site, first_name=f"Wanja {town}", last_name="Warten")
    person = Hands(visit(manager(own, first_name="Tülay"), width=width, height=800))

    person.open("/mein-tag/")
    assert "Giesing" not in person.text()
    for path, expected in {
        "/standorte/": {"Patenbüro Plagwitz", "Patenbüro Gohlis", "Patenbüro Paunsdorf"},
        "/personen/": {"Wanja Plagwitz", "Wanja Gohlis", "Wanja Paunsdorf"},
        "/tandems/": {"Theo Plagwitz", "Theo Gohlis", "Theo Paunsdorf"},
    }.items():
        person.open(path)
        person.reads(*expected)
        assert "Giesing" not in person.page.content()

    person.open("/personen/?q=Wanja")
    person.follow(person.page.get_by_role("link", name="Wanja Gohlis Warten").first)
    assert person.page.locator("main form[method=post]").count() == 0
    assert person.page.get_by_role("link", name=person.word("Change")).count() == 0
