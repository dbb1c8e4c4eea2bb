"""Letters for chosen people, with scripts and without; a text changed and said by the next one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from patenwerk.letters.models import LetterRun
from patenwerk.organisations.models import Site
from tests.factories.organisations import SiteFactory, coordinator, manager
from tests.factories.people import MenteeFactory, MentorFactory
from tests.journeys.hands import sticks_out
from tests.letters.structure import structure_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site() -> Site:
    return SiteFactory.create(street="Markt 1", phone="030 1", carrier__name="Brücke e. V.")


def fetched(page: Page, name: str) -> bytes:
    """The file behind a button."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    return Path(download.value.path()).read_bytes()


@pytest.mark.parametrize("javascript", [False, True])
def test_hundreds_are_asked_for_record_checks_from_the_list(
    visit: Any, work: Callable[[], None], site: Site, *, javascript: bool
) -> None:
    for number in range(60):
        MentorFactory.create(site=site, last_name=f"Birke{number:02d}")
    MentorFactory.create(site=site, last_name="Ohne Datum", birth_date=None)
    page = visit(coordinator(site), javascript=javascript, width=360, height=740)
    page.goto(f"{reverse('people:people')}?side=mentor")
    page.get_by_text("alle 61 gefundenen Zeilen").click()
    page.get_by_role("button", name="Anforderung des Führungszeugnisses").click()
    assert page.get_by_role("heading", level=2).all_inner_texts() == ["60 Briefe", "1 ohne Brief"]
    assert not sticks_out(page)
    page.get_by_text("Es sollen Minderjährige begleitet werden").click()
    page.get_by_role("button", name="60 Briefe machen").click()
    page.get_by_text("Wartet, bis es losgeht").wait_for()
    work()
    page.goto(reverse("letters:run", args=[LetterRun.objects.get().pk]))
    paper = structure_of(fetched(page, "PDF holen"))
    assert (paper.pages, paper.roles.count("H1"), paper.is_accessible) == (60, 60, True)


def test_the_carrier_changes_a_text_and_the_next_letter_says_it(visit: Any, site: Site) -> None:
    person = MenteeFactory.create(site=site, first_name="Lea", last_name="Ahorn")
    page = visit(manager(site.carrier))
    page.goto(reverse("organisations:carrier", args=[site.carrier_id]))
    page.get_by_role("link", name="Texte ansehen").click()
    page.get_by_role("link", name="Deutsch (Einladung)").click()
    page.get_by_role("textbox", name="Titel").fill("Komm vorbei, {Vornamen}")
    page.get_by_role("textbox", name="Text").fill("Hallo **{Vorname}**, wir freuen uns.")
    page.get_by_role("button", name="Ansehen").click()
    page.get_by_text("Meinten Sie {Vorname}?").first.wait_for()
    page.get_by_role("textbox", name="Titel").fill("Komm vorbei, {Vorname}")
    page.get_by_role("button", name="Ansehen").click()
    page.get_by_text("Hallo Robin, wir freuen uns.").wait_for()
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("Das ist Ihr eigener Text.").wait_for()

    page = visit(coordinator(site))
    page.goto(reverse("people:person", args=[person.pk]))
    page.get_by_role("button", name="Einladung").click()
    page.get_by_role("button", name="Den ersten ansehen").click()
    page.get_by_text("Hallo Lea, wir freuen uns.").wait_for()
    page.get_by_role("button", name="Brief machen").click()
    assert structure_of(fetched(page, "PDF holen")).title == "Komm vorbei, Lea"
