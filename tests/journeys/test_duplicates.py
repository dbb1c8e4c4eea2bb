"""The same person at two desks: named while somebody types, merged, and taken apart again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from patenwerk.organisations.models import Site
from patenwerk.people.domain.duplicate import find_duplicates
from patenwerk.people.models import Person
from tests.factories.organisations import SiteFactory, actor, coordinator
from tests.factories.people import MenteeFactory
from tests.factories.tandems import tandem_of
from tests.journeys.conftest import TODAY
from tests.journeys.hands import Checking, Hands

pytestmark = pytest.mark.django_db(transaction=True)
BORN = date(2001, 5, 17)


@pytest.fixture
def site() -> Site:
    made = SiteFactory.create(name="Patenbüro Plagwitz")
    MenteeFactory.create(
        site=made, first_name="Mohammed", last_name="Haddad", birth_date=BORN, phone="0341 123456"
    )
    return made


@pytest.mark.parametrize("width", [1280, 360])
def test_somebody_known_is_named_while_the_name_is_typed(
    visit: Any, site: Site, width: int
) -> None:
    person = Checking(visit(coordinator(site), width=width))
    person.open(f"/personen/standort/{site.pk}/neu/mentee/")
    person.type(person.field("First name"), "محمد")
    person.type(person.field("Last name"), "Hadad")
    person.day(person.field("Date of birth"), "2001-05-17")
    person.page.keyboard.press("Tab")
    shown = person.page.locator("#alike")
    expect(shown).to_contain_text("Mohammed Haddad")
    expect(shown).to_contain_text("dasselbe Geburtsdatum")
    person.look()
    person.tap(person.page.get_by_label(person.word("No, this is somebody else")))
    # What is said further changes nothing about the answer.
    person.type(person.field("Postcode"), "04109")
    person.type(person.field("Phone"), "0341 999999")
    person.page.keyboard.press("Tab")
    person.page.wait_for_load_state("networkidle")
    expect(shown.locator("input")).to_be_checked()
    person.follow(person.page.get_by_role("button", name="Speichern").last)
    assert Person.objects.filter(site=site).count() == 2


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (360, False)])
def test_two_entries_become_one_and_two_again(
    visit: Any, site: Site, width: int, *, javascript: bool
) -> None:
    account = coordinator(site)
    first = Person.objects.get(site=site)
    second = MenteeFactory.create(
        site=site, first_name="Muhammad", last_name="Haddad", birth_date=BORN, phone="0341 999999"
    )
    tandem_of(mentee=second)
    find_duplicates(site=site, by=actor(account), at=TODAY)
    hands = Checking if javascript else Hands
    person = hands(visit(account, width=width, javascript=javascript))
    person.open("/mein-tag/")
    person.follow(person.page.get_by_role("link", name="Mohammed Haddad und Muhammad Haddad"))
    person.reads("dasselbe Geburtsdatum", "zwei Schreibweisen eines Namens")
    person.tap(person.page.locator("label", has_text="0341 999999"))
    person.follow(person.button("Make them one"))
    person.reads("Mohammed Haddad", "0341 999999", "Vereint mit dem Eintrag Muhammad Haddad am")
    person.open("/personen/")
    assert "Muhammad" not in person.text()
    person.open(f"/personen/{second.pk}/")
    assert person.page.url.endswith(f"/personen/{first.pk}/")
    person.follow(person.page.get_by_role("link", name="Trennen"))
    person.follow(person.button("Take apart"))
    person.reads("Muhammad Haddad", "0341 999999", "Vielleicht dieselbe Person: Mohammed Haddad")
