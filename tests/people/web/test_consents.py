"""Consent on a person's page: read out, recorded, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from patenwerk.organisations.models import Site
from patenwerk.people.enums import ConsentPurpose
from patenwerk.people.kernel.consents import TEXTS
from patenwerk.people.models import Consent
from tests.factories.organisations import SiteFactory, coordinator, manager, office
from tests.factories.people import ConsentFactory, MenteeFactory

pytestmark = pytest.mark.django_db

PAGES = ["consent_to_carriers", "withdraw_from_carriers"]


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


def page(name: str, *args: object) -> str:
    return reverse(f"people:{name}", args=args)


def test_from_the_text_to_the_record_and_back(client: Client, site: Site) -> None:
    person = MenteeFactory.create(site=site, birth_date=date(2014, 5, 1))
    client.force_login(coordinator(site, language="de"))
    shown = client.get(page("person", person.pk)).content.decode()
    assert page("consent_to_carriers", person.pk) in shown
    form = client.get(page("consent_to_carriers", person.pk)).content.decode()
    assert TEXTS[ConsentPurpose.OTHER_CARRIERS][-1].german in form
    assert "checked" not in form.split("<main")[1]
    child = client.post(
        page("consent_to_carriers", person.pk), {"given_by": "self", "given_on": "2026-11-20"}
    )
    assert child.status_code == 422
    assert not Consent.objects.exists()
    answer = client.post(
        page("consent_to_carriers", person.pk), {"given_by": "guardian", "given_on": "2026-11-20"}
    )
    assert answer.headers["Location"] == page("person", person.pk)
    stored = Consent.objects.get()
    assert (stored.person, stored.given_by, stored.given_on) == (
        person,
        "guardian",
        date(2026, 11, 20),
    )
    shown = client.get(page("person", person.pk)).content.decode()
    assert "Eine sorgeberechtigte Person hat Ja gesagt" in shown
    assert page("withdraw_from_carriers", person.pk) in shown
    client.post(page("withdraw_from_carriers", person.pk))
    stored.refresh_from_db()
    assert stored.withdrawn_on == date(2026, 11, 23)
    assert (
        page("consent_to_carriers", person.pk)
        in client.get(page("person", person.pk)).content.decode()
    )


def test_nothing_said_is_no_consent(client: Client, site: Site) -> None:
    person = MenteeFactory.create(site=site)
    client.force_login(coordinator(site))
    client.post(page("consent_to_carriers", person.pk), {"given_on": "2026-11-20"})
    client.post(page("consent_to_carriers", person.pk), {"given_by": "self"})
    assert not Consent.objects.exists()


@pytest.mark.parametrize("name", PAGES)
def test_who_may(client: Client, site: Site, name: str) -> None:
    person = MenteeFactory.create(site=site)
    ConsentFactory.create(person=person)
    other = SiteFactory.create(carrier=site.carrier)
    for member, status in (
        (manager(site.carrier), 403),
        (office(site.programme), 404),
        (coordinator(other), 404),
    ):
        client.force_login(member)
        assert client.get(page(name, person.pk)).status_code == status
        sent = {"given_by": "self", "given_on": "2026-11-20"}
        assert client.post(page(name, person.pk), sent).status_code == status
    assert list(Consent.objects.values_list("withdrawn_on", flat=True)) == [None]


def test_the_management_reads_whether_somebody_consented(client: Client, site: Site) -> None:
    consent = ConsentFactory.create(person__site=site)
    client.force_login(manager(site.carrier))
    shown = client.get(page("person", consent.person.pk)).content.decode()
    assert "2026-11" in shown
    assert not any(page(name, consent.person.pk) in shown for name in PAGES)


def test_archived_people_are_not_asked_but_may_take_it_back(client: Client, site: Site) -> None:
    gone = datetime(2026, 11, 1, tzinfo=UTC)
    person = MenteeFactory.create(site=site, archived_at=gone)
    client.force_login(coordinator(site))
    shown = client.get(page("person", person.pk)).content.decode()
    assert page("consent_to_carriers", person.pk) not in shown
    ConsentFactory.create(person=person)
    shown = client.get(page("person", person.pk)).content.decode()
    assert page("withdraw_from_carriers", person.pk) in shown
