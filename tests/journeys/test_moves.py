"""Somebody moves: asked at one desk, taken in at the other."""

from __future__ import annotations

from typing import Any

import pytest

from patenwerk.organisations.models import Site
from patenwerk.people.models import Person
from tests.factories.organisations import SiteFactory, coordinator
from tests.factories.people import MenteeFactory, site_beside
from tests.factories.tandems import tandem_of
from tests.journeys.hands import Checking, Hands

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site() -> Site:
    return SiteFactory.create(name="Patenbüro Plagwitz")


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (360, False)])
def test_somebody_moves_with_consent_and_history(
    visit: Any, site: Site, width: int, *, javascript: bool
) -> None:
    there = site_beside(site, name="Lotsenhaus Gohlis")
    amina = MenteeFactory.create(
        site=site, first_name="Amina", last_name="Haddad", postcode="04229"
    )
    tandem = tandem_of(mentee=amina)
    hands = Checking if javascript else Hands
    here = hands(visit(coordinator(site), width=width, javascript=javascript))
    other = hands(visit(coordinator(there), width=width, javascript=javascript))

    here.open(f"/personen/{amina.pk}/")
    here.follow(here.link("Record the consent to a move"))
    here.tap(here.page.locator("label", has_text="die Person").last)
    here.follow(here.button("Record the consent"))
    here.follow(here.link("Propose the move"))
    here.choose(here.field("To which site?"), "Lotsenhaus Gohlis")
    here.type(here.field("Why does the person move?"), "Die Familie zieht nach Gohlis.")
    here.follow(here.button("Propose the move"))
    here.reads("angefragt", "Lotsenhaus Gohlis")

    other.open("/mein-tag/")
    other.reads("Amina, PLZ 04…", "Die Familie zieht nach Gohlis.")
    assert "Haddad" not in other.text()
    other.follow(other.page.get_by_role("link", name="Antworten"))
    other.follow(other.button("Take in"))
    other.reads("Amina Haddad", "Kam am", "Patenbüro Plagwitz")
    other.open(f"/tandems/{tandem.pk}/")
    other.reads("Das Tandem zählt einmal: bei Patenbüro Plagwitz.")

    here.open("/personen/wechsel/")
    here.reads("Amina Haddad", "Lotsenhaus Gohlis", "gewechselt")
    here.open("/personen/")
    assert "Amina" not in here.text()
    assert Person.objects.get(pk=amina.pk).site == there
