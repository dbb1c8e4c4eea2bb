"""Several people archived from the list, changed, and brought back by the same way."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from patenwerk.organisations.models import Site
from patenwerk.people.models import Person
from tests.factories.organisations import SiteFactory, coordinator
from tests.factories.people import MenteeFactory
from tests.factories.tandems import tandem_of
from tests.journeys.hands import Checking, Hands

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site() -> Site:
    made = SiteFactory.create(name="Patenbüro Plagwitz")
    for name in ("Ahorn", "Birke"):
        MenteeFactory.create(site=made, first_name="Lea", last_name=name, furthest_km=5)
    tandem_of(mentee=MenteeFactory.create(site=made, first_name="Noor", last_name="Linde"))
    return made


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (360, False)])
def test_several_are_archived_and_come_back(
    visit: Any, site: Site, width: int, *, javascript: bool
) -> None:
    hands = Checking if javascript else Hands
    person = hands(visit(coordinator(site), width=width, javascript=javascript))
    person.open(f"{reverse('people:people')}?side=mentee")
    person.tap(person.page.get_by_text("alle 3 gefundenen Zeilen"))
    person.follow(person.button("Archive"))
    person.reads(
        "2 Personen archivieren?",
        "Noor Linde",
        "Es gibt ein laufendes Tandem. Bitte beenden Sie es zuerst.",
    )
    person.follow(person.page.get_by_role("button", name="2 Personen archivieren"))
    person.reads("2 Personen archiviert", "Lea Ahorn", "ausgelassen")
    assert set(Person.objects.exclude(archived_at=None).values_list("last_name", flat=True)) == {
        *("Ahorn", "Birke"),
    }
    person.open(reverse("people:people"))
    person.follow(person.link("Done for many at once"))
    person.follow(person.page.get_by_role("link", name="2 Personen archiviert"))
    person.follow(person.link("Take back"))
    person.reads("2 Personen sind dann wie vorher.")
    person.follow(person.button("Take back"))
    person.reads("2 Personen sind wieder wie vorher.", "zurückgenommen")
    assert not Person.objects.exclude(archived_at=None).exists()


@pytest.mark.parametrize(("width", "javascript"), [(1280, False), (360, True)])
def test_several_are_changed_after_a_look(
    visit: Any, site: Site, width: int, *, javascript: bool
) -> None:
    hands = Checking if javascript else Hands
    person = hands(visit(coordinator(site), width=width, javascript=javascript))
    person.open(f"{reverse('people:people')}?side=mentee")
    for name in ("Ahorn", "Birke"):
        person.tap(person.page.locator("label.choice", has_text=f"Lea {name}"))
    person.follow(person.button("Change"))
    person.follow(person.button("Look at it"))
    person.reads("Bitte sagen Sie, was anders werden soll.")
    person.type(person.field("Furthest distance in km"), "30")
    person.follow(person.button("Look at it"))
    person.reads("2 Personen ändern?", "Lea Birke", "30")
    person.follow(person.page.get_by_role("button", name="2 Personen ändern"))
    person.reads("2 Personen geändert")
    found = Person.objects.filter(first_name="Lea").values_list("furthest_km", flat=True)
    assert set(found) == {30}
