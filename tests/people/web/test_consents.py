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
from patenwerk.people.models import Consent, PeopleSettings
from tests.factories.organisations import SiteFactory, coordinator, manager, office
from tests.factories.people import ConsentFactory, GuardianFactory, MenteeFactory

pytestmark = pytest.mark.django_db

PAGES = [f"{step}_{purpose}" for purpose in ConsentPurpose for step in ("consent", "withdraw")]
ADDRESSES = {
    ConsentPurpose.OTHER_CARRIERS: "andere-traeger",
    ConsentPurpose.TAKING_PART: "teilnahme",
}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


def page(name: str, *args: object) -> str:
    return reverse(f"people:{name}", args=args)


@pytest.mark.parametrize("purpose", list(ADDRESSES))
def test_from_the_text_to_the_record_and_back(
    client: Client, site: Site, purpose: ConsentPurpose
) -> None:
    person = MenteeFactory.create(site=site, birth_date=date(2014, 5, 1))
    mother = GuardianFactory.create(person=person, first_name="Anna", last_name="Aue")
    give, withdraw = page(f"consent_{purpose}", person.pk), page(f"withdraw_{purpose}", person.pk)
    assert give.endswith(f"/einwilligung/{ADDRESSES[purpose]}/")
    client.force_login(coordinator(site, language="de"))
    assert give in client.get(page("person", person.pk)).content.decode()
    form = client.get(give).content.decode()
    others = [TEXTS[other][-1].german for other in ConsentPurpose if other != purpose]
    assert TEXTS[purpose][-1].german in form
    assert not any(text in form for text in others)
    assert "checked" not in form.split("<main")[1]
    child = client.post(give, {"given_by": "self", "given_on": "2026-11-20"})
    assert child.status_code == 422
    sent = {"given_by": "guardian", "given_on": "2026-11-20"}
    nobody = client.post(give, sent)
    assert list(nobody.context["form"].errors) == ["guardians"]
    assert "Bitte kreuzen Sie an, wer Ja gesagt hat." in nobody.content.decode()
    assert not Consent.objects.exists()
    answer = client.post(give, {**sent, "guardians": mother.pk})
    assert answer.headers["Location"] == page("person", person.pk)
    stored = Consent.objects.get()
    assert (stored.person, stored.purpose, stored.given_by, stored.given_on) == (
        person,
        purpose,
        "guardian",
        date(2026, 11, 20),
    )
    assert list(stored.guardians.all()) == [mother]
    shown = client.get(page("person", person.pk)).content.decode()
    assert 'Anna Aue (Mutter) hat Ja gesagt am <time datetime="2026-11-20"' in " ".join(
        shown.split()
    )
    assert withdraw in shown
    assert f'href="{give}"' not in shown
    asked = client.get(withdraw).content.decode()
    assert person.full_name in asked.split("<main")[1]
    assert "%(name)s" not in asked
    client.post(withdraw)
    stored.refresh_from_db()
    assert stored.withdrawn_on == date(2026, 11, 23)
    assert give in client.get(page("person", person.pk)).content.decode()


def test_where_nobody_with_custody_is_entered_the_page_leads_there(
    client: Client, site: Site
) -> None:
    child = MenteeFactory.create(site=site, birth_date=date(2014, 5, 1))
    GuardianFactory.create(person=child, decides=False)
    client.force_login(coordinator(site, language="de"))
    give = page("consent_taking_part", child.pk)
    assert page("add_guardian", child.pk) in client.get(give).content.decode()
    answer = client.post(give, {"given_by": "guardian", "given_on": "2026-11-20"})
    assert list(answer.context["form"].errors) == ["given_by"]
    assert "tragen Sie zuerst eine sorgeberechtigte Person ein" in answer.content.decode()
    adult = MenteeFactory.create(site=site)
    form = client.get(page("consent_taking_part", adult.pk)).content.decode()
    assert page("add_guardian", adult.pk) not in form


def test_all_guardians_are_asked_where_the_carrier_says_so(client: Client, site: Site) -> None:
    mother = GuardianFactory.create(person__site=site, first_name="Anna", last_name="Aue")
    father = GuardianFactory.create(person=mother.person, first_name="Bela", last_name="Aue")
    PeopleSettings.objects.create(
        programme=site.programme, carrier=site.carrier, all_guardians_consent=True
    )
    client.force_login(coordinator(site, language="de"))
    give = page("consent_taking_part", mother.person_id)
    assert "Alle mit Sorgerecht müssen Ja sagen." in client.get(give).content.decode()
    sent = {"given_by": "guardian", "given_on": "2026-11-20"}
    one = client.post(give, {**sent, "guardians": [mother.pk]})
    assert "Es fehlt noch: Bela Aue." in one.content.decode()
    assert not Consent.objects.exists()
    client.post(give, {**sent, "guardians": [mother.pk, father.pk]})
    shown = client.get(page("person", mother.person_id)).content.decode()
    both = "Anna Aue (Mutter), Bela Aue (Mutter) haben Ja gesagt am"
    assert both in " ".join(shown.split())


def test_a_guardian_of_another_child_cannot_be_ticked(client: Client, site: Site) -> None:
    mother = GuardianFactory.create(person__site=site)
    foreign = GuardianFactory.create(person__site=site, first_name="Fremd")
    client.force_login(coordinator(site))
    give = page("consent_taking_part", mother.person_id)
    sent = {"given_by": "guardian", "given_on": "2026-11-20", "guardians": [foreign.pk]}
    answer = client.post(give, sent)
    assert list(answer.context["form"].errors) == ["guardians"]
    assert "Fremd" not in answer.content.decode()
    assert not Consent.objects.exists()


def test_nothing_said_is_no_consent(client: Client, site: Site) -> None:
    person = MenteeFactory.create(site=site)
    client.force_login(coordinator(site))
    client.post(page("consent_other_carriers", person.pk), {"given_on": "2026-11-20"})
    client.post(page("consent_other_carriers", person.pk), {"given_by": "self"})
    assert not Consent.objects.exists()


@pytest.mark.parametrize("name", PAGES)
def test_who_may(client: Client, site: Site, name: str) -> None:
    person = MenteeFactory.create(site=site)
    ConsentFactory.create(person=person)
    ConsentFactory.create(person=person, purpose=ConsentPurpose.TAKING_PART)
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
    assert list(Consent.objects.values_list("withdrawn_on", flat=True)) == [None, None]


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
    assert page("consent_other_carriers", person.pk) not in shown
    ConsentFactory.create(person=person)
    shown = client.get(page("person", person.pk)).content.decode()
    assert page("withdraw_other_carriers", person.pk) in shown
