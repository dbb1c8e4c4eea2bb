"""A family is proposed, somebody joins, the mentor leaves and who stood in takes over."""

from __future__ import annotations

import re
from typing import Any

import pytest

from patenwerk.organisations.models import Site
from patenwerk.tandems.models import Tandem
from tests.factories.organisations import (
    FocusFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
    coordinator,
)
from tests.factories.people import MenteeFactory, MentorFactory
from tests.journeys.hands import Checking, Hands

pytestmark = pytest.mark.django_db(transaction=True)

ADULT = {"birth_date": "1990-01-01"}


@pytest.fixture
def site() -> Site:
    made: Site = SiteFactory.create(name="Patenbüro Plagwitz")
    for make in (SupportFieldFactory, FocusFactory):
        make.create(programme=made.programme)
    TandemKindFactory.create(programme=made.programme, name_de="Gruppenpatenschaft", most_mentees=5)
    for first in ("Ali", "Bea", "Cem"):
        MenteeFactory.create(site=made, first_name=first, last_name="Haddad", **ADULT)
    for first in ("Vera", "Rita"):
        MentorFactory.create(site=made, first_name=first, last_name="Moos", **ADULT)
    return made


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (360, False)])
def test_a_family_from_the_proposal_to_another_mentor(
    visit: Any, site: Site, width: int, javascript: bool
) -> None:
    hands = Checking if javascript else Hands  # axe is a script, too
    person = hands(visit(coordinator(site), width=width, javascript=javascript))
    page = person.page
    person.open(f"/tandems/standort/{site.pk}/vorschlagen/")
    page.get_by_label("Wer begleitet wird", exact=False).first.select_option(label="Ali Haddad")
    page.get_by_label("Wer begleitet", exact=False).nth(1).select_option(label="Vera Moos")
    page.get_by_label("Warum diese Menschen?").fill("Eine Familie, eine Wohnung.")
    page.get_by_text("Eine Familie, eine Klasse oder eine Gruppe").click()
    page.get_by_label("Name der Gruppe").fill("Familie Haddad")
    page.get_by_label("Plätze für Begleitete").fill("3")
    page.get_by_role("group", name="Wer noch begleitet wird").get_by_text("Bea Haddad").click()
    page.get_by_role("group", name="Wer vertritt").get_by_text("Rita Moos").click()
    person.follow(person.button("Propose"))
    tandem = Tandem.objects.get()
    assert (tandem.name, tandem.places, tandem.participants.count()) == ("Familie Haddad", 3, 4)
    for _answer in range(4):
        person.follow(page.get_by_role("button", name="Hat zugesagt").first)
    person.follow(person.button("Start the trial"))

    person.follow(page.get_by_role("link", name="Jemanden dazu fragen"))
    page.get_by_label("Wer?").select_option(label="Cem Haddad")
    person.follow(person.button("Ask"))
    person.follow(page.get_by_role("button", name="Hat zugesagt"))
    assert page.get_by_text("3 von 3 Plätzen").is_visible()

    person.follow(page.get_by_role("link", name=re.compile("Geht.*Vera")))
    person.follow(person.button("Save"))
    assert page.get_by_text("Sonst begleitet niemand").first.is_visible()
    person.follow(page.get_by_role("link", name="Zurück"))
    person.follow(page.get_by_role("link", name=re.compile("Übernimmt.*Rita")))
    person.follow(person.button("Save"))
    person.follow(page.get_by_role("link", name=re.compile("Geht.*Vera")))
    person.follow(person.button("Save"))
    assert page.get_by_text("Vera ist gegangen, die anderen machen weiter").is_visible()
    assert page.get_by_role("heading", level=1).inner_text() == "Familie Haddad & Rita"
