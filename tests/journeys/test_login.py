"""Everyone's way in: a password, or a code by mail; and the way out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.factories.organisations import SiteFactory, coordinator
from tests.journeys.hands import Hands, Keys, look_at

pytestmark = pytest.mark.django_db(transaction=True)

Work = Callable[[], None]


@pytest.mark.parametrize(
    ("hands", "javascript"), [(Hands, True), (Hands, False), (Keys, True)], ids=str
)
def test_with_a_password(visit: Any, hands: type[Hands], javascript: bool) -> None:
    coordinator(SiteFactory.create(), email="jutta@example.org", password="mein-langes-passwort")
    person = hands(visit(javascript=javascript, width=360, height=740))
    page = person.page

    person.open("/mein-tag/")
    person.type(person.field("E-Mail-Adresse"), "jutta@example.org")
    person.type(person.field("Passwort"), "falsch-geraten")
    person.follow(person.button("Anmelden"))
    assert "Die E-Mail-Adresse und/oder" in person.text()
    person.type(person.field("Passwort"), "mein-langes-passwort")
    person.follow(person.button("Anmelden"))

    assert page.url.endswith("/mein-tag/")
    person.tap(page.locator("details.who summary"))
    person.follow(person.button("Abmelden"))
    person.open("/mein-tag/")
    assert "/konto/anmelden/" in page.url


def test_with_a_mailed_code(visit: Any, work: Work, mailoutbox: list[Any]) -> None:
    coordinator(SiteFactory.create(), email="jutta@example.org")
    person = Hands(visit(width=360, height=740))
    page = person.page

    person.open("/konto/anmelden/")
    person.follow(person.link("Mit einem Code per E-Mail anmelden"))
    person.type(person.field("E-Mail-Adresse"), "jutta@example.org")
    person.follow(person.button("Code senden"))
    # Nobody comes to this page by its address alone, so it is looked at here.
    found = look_at(page, page.url)
    assert not found, "\n".join(found)
    work()
    assert [mail.to for mail in mailoutbox] == [["jutta@example.org"]]
    code = re.search(r"anmelden: ([A-Z0-9-]{6,12})\b", mailoutbox[0].body, re.IGNORECASE)
    assert code, mailoutbox[0].body
    person.type(person.field("Code"), code[1])
    person.follow(person.button("Anmelden"))

    assert page.url.endswith("/mein-tag/")


def test_a_forgotten_password(visit: Any, work: Work, mailoutbox: list[Any]) -> None:
    coordinator(SiteFactory.create(), email="jutta@example.org")
    person = Hands(visit())
    page = person.page

    person.open("/konto/anmelden/")
    person.follow(person.link("Passwort vergessen?"))
    person.type(person.field("E-Mail-Adresse"), "jutta@example.org")
    person.follow(person.button("Link senden"))
    work()
    link = re.search(r"https?://\S+", mailoutbox[0].body)
    assert link, mailoutbox[0].body
    person.open(link[0])
    for field in page.locator("main input[type=password]").all():
        person.type(field, "sieben-blaue-fahrraeder")
    person.follow(page.locator("main form[method=post] button"))
    person.open("/konto/anmelden/")
    person.type(person.field("E-Mail-Adresse"), "jutta@example.org")
    person.type(person.field("Passwort"), "sieben-blaue-fahrraeder")
    person.follow(person.button("Anmelden"))

    assert page.url.endswith("/mein-tag/")
