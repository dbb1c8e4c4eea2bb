"""A carrier's manager reads the archive of all sites in, with a mouse and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from patenwerk.organisations.models import Carrier
from patenwerk.people.models import Person
from tests.factories.imports import JONAS, LEA, a_book
from tests.factories.organisations import CarrierFactory, SiteFactory, manager
from tests.imports.domain.test_bundle import archive
from tests.journeys.hands import WIDTHS, problems, sticks_out

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def carrier() -> Carrier:
    carrier: Carrier = CarrierFactory.create(name="Nachbarschaft Nord e. V.")
    for name in ("Leipzig-Ost", "Mehrgenerationenhaus Schönefeld-Abtnaundorf"):
        SiteFactory.create(carrier=carrier, name=name)
    return carrier


def all_sites() -> bytes:
    bad = {**JONAS, "PLZ": "1"}
    return archive(
        **{
            "3-Leipzig-Ost.xlsx": a_book(Ehrenamtliche=[LEA, bad]),
            "4-Mehrgenerationenhaus-Schönefeld-Abtnaundorf.xlsx": a_book(Ehrenamtliche=[JONAS]),
        }
    )


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_all_sites_are_read_in(
    visit: Any,
    work: Callable[[], None],
    carrier: Carrier,
    tmp_path: Path,
    width: int,
    height: int,
) -> None:
    page = visit(manager(carrier), width=width, height=height)

    def looked_at() -> None:
        assert sticks_out(page) == []
        assert problems(page) == []

    page.goto(reverse("organisations:carrier", args=[carrier.pk]))
    page.get_by_role("link", name="Alle Standorte einlesen").click()
    looked_at()
    file = tmp_path / "alles.zip"
    file.write_bytes(all_sites())
    page.get_by_label("Archiv").set_input_files(str(file))
    page.get_by_role("button", name="Archiv einlesen").click()
    page.get_by_role("heading", name="Wir arbeiten an den Dateien").wait_for()
    looked_at()
    work()
    page.reload()
    page.get_by_role("heading", name="Das wurde von Ihren Standorten verstanden").wait_for()
    looked_at()
    page.get_by_role("link", name="Leipzig-Ost ansehen").click()
    page.get_by_text("Jonas Esche").wait_for()
    looked_at()
    page.get_by_role("link", name="Zurück zu allen Standorten").click()
    page.get_by_role("button", name="Alle Standorte übernehmen").click()
    page.get_by_role("heading", name="Wir arbeiten an den Dateien").wait_for()
    work()
    page.reload()
    page.get_by_role("heading", name="Die Standorte sind übernommen").wait_for()
    looked_at()
    assert Person.objects.count() == 2
