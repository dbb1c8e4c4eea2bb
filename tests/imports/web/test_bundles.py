"""The pages on which a carrier's archive is read in: looked at site by site, taken over at once."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from patenwerk.imports.models import Book, Bundle
from patenwerk.organisations.models import Carrier, Site
from patenwerk.people.models import Person
from tests.factories.imports import AT, JONAS, LEA, a_book
from tests.factories.jobs import do_open_jobs
from tests.factories.organisations import CarrierFactory, SiteFactory, coordinator, manager, office
from tests.imports.domain.test_bundle import archive

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]


@pytest.fixture
def carrier(client: Client) -> Carrier:
    carrier: Carrier = CarrierFactory.create(name="Eins")
    SiteFactory.create(carrier=carrier, name="Nord")
    client.force_login(manager(carrier))
    return carrier


def sent(client: Client, carrier: Carrier, data: bytes) -> str:
    address = reverse("imports:new_bundle", args=[carrier.pk])
    answer = client.post(address, {"file": SimpleUploadedFile("Alles.zip", data)})
    if answer.status_code == 302:
        return str(answer["Location"])
    assert answer.status_code == 422
    return answer.content.decode()


def test_an_archive_is_looked_at_and_taken_over(client: Client, carrier: Carrier) -> None:
    carrier_page = reverse("organisations:carrier", args=[carrier.pk])
    assert (
        reverse("imports:new_bundle", args=[carrier.pk])
        in client.get(carrier_page).content.decode()
    )
    bad = {**JONAS, "PLZ": "1"}
    page = sent(client, carrier, archive(**{"Nord.xlsx": a_book(Ehrenamtliche=[LEA, bad])}))
    running = client.get(page).content.decode()
    assert "0 von 1 Standorten sind fertig" in running
    assert 'http-equiv="refresh"' in running
    do_open_jobs(lambda: AT)
    book = Book.objects.get()
    site_page = reverse("imports:bundle_site", args=[book.pk])
    shown = client.get(page).content.decode()
    assert site_page in shown
    assert 'http-equiv="refresh"' not in shown
    preview = client.get(site_page).content.decode()
    assert "Jonas Esche" in preview
    assert "PLZ" in preview
    assert client.post(page, {"do": "take"})["Location"] == page
    do_open_jobs(lambda: AT)
    assert [person.first_name for person in Person.objects.all()] == ["Lea"]
    assert "Die Standorte sind übernommen" in client.get(page).content.decode()
    assert "Alles.zip" in client.get(carrier_page).content.decode()


def test_changed_rows_are_chosen_for_all_sites(client: Client, carrier: Carrier) -> None:
    for data in (LEA, {**LEA, "PLZ": "04315"}):
        page = sent(client, carrier, archive(**{"Nord.xlsx": a_book(Ehrenamtliche=[data])}))
        do_open_jobs(lambda: AT)
        client.post(page, {"do": "take"})
        do_open_jobs(lambda: AT)
    assert "1 geänderte Zeile dazunehmen" in client.get(page).content.decode()
    site_page = reverse("imports:bundle_site", args=[Book.objects.first().pk])  # type: ignore[union-attr]
    assert "PLZ: 04109 → 04315" in client.get(site_page).content.decode()
    client.post(page, {"do": "choose"})
    client.post(page, {"do": "take"})
    do_open_jobs(lambda: AT)
    assert Person.objects.get().postcode == "04315"


def test_what_does_not_fit_is_said_on_the_page(client: Client, carrier: Carrier) -> None:
    assert "heißt so, wie »West.xlsx« sagt" in sent(
        client, carrier, archive(**{"West.xlsx": a_book(Ehrenamtliche=[LEA])})
    )
    assert "kein Archiv" in sent(client, carrier, b"x")
    assert not Bundle.objects.exists()


def test_it_can_be_discarded_until_it_is_taken(client: Client, carrier: Carrier) -> None:
    data = archive(**{"Nord.xlsx": a_book(Ehrenamtliche=[LEA])})
    page = sent(client, carrier, data)
    pk = Bundle.objects.get().pk
    discard = reverse("imports:discard_bundle", args=[pk])
    assert client.post(discard).status_code == 422  # a job is at it
    do_open_jobs(lambda: AT)
    assert discard in client.get(page).content.decode()
    assert client.get(discard).status_code == 200
    assert client.post(discard)["Location"] == reverse("organisations:carrier", args=[carrier.pk])
    assert not Book.objects.exists()
    client.post(page, {"do": "take"})
    assert client.get(page).status_code == 404


def test_nothing_to_take_is_said(client: Client, carrier: Carrier) -> None:
    page = sent(client, carrier, archive(**{"Nord.xlsx": b"no workbook"}))
    do_open_jobs(lambda: AT)
    shown = client.get(page).content.decode()
    assert "Jetzt gibt es nichts zu übernehmen" in shown
    answer = client.post(page, {"do": "take"}, follow=True)
    assert "Es gibt nichts zu übernehmen" in answer.content.decode()


def test_it_is_the_manager_s_alone(client: Client, carrier: Carrier) -> None:
    page = sent(client, carrier, archive(**{"Nord.xlsx": a_book(Ehrenamtliche=[LEA])}))
    do_open_jobs(lambda: AT)
    book = Book.objects.get()
    addresses = [
        page,
        reverse("imports:new_bundle", args=[carrier.pk]),
        reverse("imports:bundle_site", args=[book.pk]),
        reverse("imports:discard_bundle", args=[Bundle.objects.get().pk]),
    ]
    own = coordinator(Site.objects.get())
    other = manager(CarrierFactory.create(programme=carrier.programme))
    for account in (own, other, office(carrier.programme)):
        client.force_login(account)
        assert [client.get(address).status_code for address in addresses] == [404] * 4
    # Whoever works at the site finds its file among the site's.
    client.force_login(own)
    assert client.get(reverse("imports:book", args=[book.pk])).status_code == 200
