"""Guardians on a child's page: entered, copied from a sibling, changed, removed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.organisations.models import Site
from patenwerk.people.models import Guardian, Person
from tests.factories.organisations import SiteFactory, coordinator, manager, office
from tests.factories.people import (
    ConsentFactory,
    GuardianFactory,
    MenteeFactory,
    MentorFactory,
    RecordCheckFactory,
)

pytestmark = pytest.mark.django_db

SAID = {
    "first_name": "Anna",
    "last_name": "Aue",
    "relation": "mother",
    "decides": "on",
    "phone": "0000 123",
    "email": "anna@example.org",
    "language": "uk",
}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


@pytest.fixture
def child(site: Site) -> Person:
    return MenteeFactory.create(site=site, birth_date=date(2014, 3, 1), last_name="Aue")


def page(name: str, *args: object) -> str:
    return reverse(f"people:{name}", args=args)


def shown(client: Client, person: Person) -> str:
    return client.get(page("person", person.pk)).content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ("Eltern und Sorgeberechtigte", "Mutter", "hat das Sorgerecht", "Ukrainisch")),
        ("en", ("Guardians", "mother", "has custody", "Ukrainian")),
    ],
)
def test_entered_changed_and_removed(
    client: Client, site: Site, child: Person, language: str, words: tuple[str, ...]
) -> None:
    client.force_login(coordinator(site, language=language))
    before = shown(client, child)
    assert words[0] in before
    assert page("add_guardian", child.pk) in before
    answer = client.post(page("add_guardian", child.pk), SAID)
    assert answer.headers["Location"] == page("person", child.pk)
    guardian = Guardian.objects.get()
    after = shown(client, child)
    for word in (*words, "Anna Aue", "tel:0000123", "mailto:anna@example.org"):
        assert word in after
    form = client.get(page("change_guardian", guardian.pk)).content.decode()
    assert 'value="Anna"' in form
    client.post(page("change_guardian", guardian.pk), {**SAID, "decides": "", "phone": ""})
    guardian.refresh_from_db()
    assert (guardian.decides, guardian.phone, guardian.email) == (False, "", "anna@example.org")
    assert words[2] not in shown(client, child)
    assert "Anna Aue" in client.get(page("remove_guardian", guardian.pk)).content.decode()
    client.post(page("remove_guardian", guardian.pk))
    assert not Guardian.objects.exists()
    # The page says once that she is removed, then nothing of her.
    assert "Anna Aue" in shown(client, child)
    assert "Anna" not in shown(client, child)


def test_what_does_not_fit_is_said_beside_its_field(
    client: Client, site: Site, child: Person
) -> None:
    client.force_login(coordinator(site, language="de"))
    answer = client.post(
        page("add_guardian", child.pk), {"relation": "mother", "email": "anna", "phone": "0" * 41}
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"first_name", "email", "phone"}
    assert "Bitte nennen Sie einen Vor- oder Nachnamen." in answer.content.decode()
    answer = client.post(page("add_guardian", child.pk), {**SAID, "relation": "", "language": "xx"})
    assert set(answer.context["form"].errors) == {"relation", "language"}
    assert not Guardian.objects.exists()


def test_a_sibling_s_guardian_fills_in_the_form_and_a_stranger_s_does_not(
    client: Client, site: Site, child: Person
) -> None:
    family = {"last_name": "Aue", "search_text": " kind aue"}
    sibling = MenteeFactory.create(site=site, first_name="Kind", **family)
    mother = GuardianFactory.create(person=sibling, first_name="Anna", phone="0000 77")
    other = SiteFactory.create(carrier=site.carrier)
    stranger = GuardianFactory.create(
        person=MenteeFactory.create(site=other, **family), first_name="Fremd", phone="0000 88"
    )
    client.force_login(coordinator(site, language="de"))
    url = page("add_guardian", child.pk)
    offer = client.get(url).content.decode()
    assert "Anna Aue übernehmen, eingetragen bei Kind Aue" in offer
    assert f"?wie={mother.pk}" in offer
    assert 'value="0000 77"' not in offer
    filled = client.get(url, {"wie": mother.pk}).content.decode()
    assert 'value="Anna"' in filled
    assert 'value="0000 77"' in filled
    for wrong in (stranger.pk, 2_000_000_000, "x"):
        empty = client.get(url, {"wie": wrong}).content.decode()
        assert "Fremd" not in empty
        assert "0000 88" not in empty
        assert "0000 77" not in empty
    assert "Fremd" not in offer


def test_whom_they_are_shown_for(client: Client, site: Site) -> None:
    client.force_login(coordinator(site, language="de"))
    heading = "Eltern und Sorgeberechtigte"
    minor, adult, unknown = (
        MenteeFactory.create(site=site, birth_date=born)
        for born in (date(2008, 11, 24), date(2008, 11, 23), None)
    )
    young_mentor = MentorFactory.create(site=site, birth_date=date(2012, 1, 1))
    assert [heading in shown(client, one) for one in (minor, young_mentor, adult, unknown)] == [
        True,
        True,
        False,
        False,
    ]
    for person in (adult, unknown):
        GuardianFactory.create(person=person, first_name="Anna")
    of_age = shown(client, adult)
    assert heading in of_age
    assert 'Volljährig seit <time datetime="2026-11-23"' in of_age
    assert page("add_guardian", adult.pk) not in of_age
    assert "Volljährig" not in shown(client, unknown)
    assert page("add_guardian", unknown.pk) in shown(client, unknown)
    answer = client.post(page("add_guardian", adult.pk), SAID)
    assert answer.status_code == 422
    assert "Diese Person ist volljährig" in answer.content.decode()


def test_who_is_too_young_for_a_record_check_is_not_asked_for_one(
    client: Client, site: Site
) -> None:
    young, old_enough = (
        MentorFactory.create(site=site, birth_date=born)
        for born in (date(2012, 11, 24), date(2012, 11, 23))
    )
    client.force_login(coordinator(site, language="de"))
    none = "Unter 14 Jahren kann niemand eines haben."
    asked = "Einsicht eintragen"
    for person, is_asked in ((young, False), (old_enough, True)):
        read = shown(client, person)
        assert (none in read, asked in read) == (not is_asked, is_asked)
    lines = client.get(page("people")).context["lines"]
    assert {line["person"]: line["check"] is None for line in lines} == {
        young: True,
        old_enough: False,
    }
    RecordCheckFactory.create(person=young, certificate_date=date(2026, 9, 1))
    assert none not in shown(client, young)


def test_who_may(client: Client, site: Site, child: Person) -> None:
    guardian = GuardianFactory.create(person=child, first_name="Anna")
    urls = [
        page("add_guardian", child.pk),
        page("change_guardian", guardian.pk),
        page("remove_guardian", guardian.pk),
    ]
    for member, status in (
        (manager(site.carrier), 403),
        (office(site.programme), 404),
        (coordinator(SiteFactory.create(carrier=site.carrier)), 404),
    ):
        client.force_login(member)
        for url in urls:
            assert client.get(url).status_code == status
            assert client.post(url, SAID).status_code == status
    assert list(Guardian.objects.values_list("first_name", flat=True)) == ["Anna"]
    client.force_login(manager(site.carrier))
    read = shown(client, child)
    assert guardian.full_name in read
    assert not any(url in read for url in urls)


def test_who_was_removed_has_no_page_any_more(client: Client, site: Site, child: Person) -> None:
    guardian = GuardianFactory.create(person=child, removed_on=date(2026, 11, 1))
    client.force_login(coordinator(site))
    for name in ("change_guardian", "remove_guardian"):
        assert client.get(page(name, guardian.pk)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_few_and_many(
    client: Client,
    site: Site,
    child: Person,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    consent = ConsentFactory.create(person=child, given_by="guardian")
    for _one in range(count):
        consent.guardians.add(GuardianFactory.create(person=child))
    client.force_login(coordinator(site))
    with django_assert_num_queries(PERSON_PAGE):
        client.get(page("person", child.pk))


PERSON_PAGE = 19
