"""Fingerprints tell that two sites may know one person, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from patenwerk.people.domain.fingerprint import digests_of, write_fingerprints
from patenwerk.people.kernel.likeness import Known
from patenwerk.people.models import Person, PersonFingerprint
from patenwerk.people.queries.duplicate import is_known_elsewhere
from tests.factories.organisations import CarrierFactory, SiteFactory
from tests.factories.people import MenteeFactory, MentorFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BORN = date(2001, 5, 7)
KNOWN = Known(id=1, first_name="Mohammed", last_name="Haddad", birth_date=BORN, phone="0341 123456")


def test_nothing_can_be_read_from_a_digest_and_another_key_makes_another() -> None:
    found = digests_of(KNOWN, 1)
    assert len(found) == 2
    assert all(len(digest) == 32 and set(digest) <= set("0123456789abcdef") for digest in found)
    assert not found & digests_of(KNOWN, 2)
    with override_settings(SECRET_KEY="another"):
        assert not found & digests_of(KNOWN, 1)


def entry(site: object, **said: object) -> Person:
    usual = {"first_name": "Mohammed", "last_name": "Haddad", "birth_date": BORN}
    return MenteeFactory.create(site=site, **{**usual, **said})


def test_an_entry_at_another_carrier_is_noticed_whatever_its_spelling() -> None:
    here = SiteFactory.create()
    there = SiteFactory.create(carrier=CarrierFactory.create(programme=here.programme))
    elsewhere = SiteFactory.create()
    person = entry(here)
    other = entry(there, first_name="Hadad", last_name="محمد", birth_date=date(2001, 7, 5))
    stranger = entry(elsewhere)
    brother = entry(here, first_name="Khaled")
    for site in (here, there, elsewhere):
        write_fingerprints(site=site)
    assert is_known_elsewhere(person)
    assert is_known_elsewhere(other)
    assert not is_known_elsewhere(stranger)
    assert not is_known_elsewhere(brother)
    Person.objects.filter(pk=other.pk).update(archived_at=AT)
    assert not is_known_elsewhere(person)
    assert is_known_elsewhere(other)


def test_two_entries_of_one_site_are_no_other_site() -> None:
    site = SiteFactory.create()
    person, _second = entry(site), entry(site)
    write_fingerprints(site=site)
    assert not is_known_elsewhere(person)


def test_fingerprints_follow_what_is_said_and_go_with_a_merge() -> None:
    site = SiteFactory.create()
    person = entry(site)
    MentorFactory.create(site=site, first_name="Ewa", last_name="Nowak")
    assert write_fingerprints(site=site) == 2
    assert write_fingerprints(site=site) == 0
    Person.objects.filter(pk=person.pk).update(birth_date=None)
    assert write_fingerprints(site=site) == 0
    assert not PersonFingerprint.objects.filter(person=person).exists()
    other = entry(site)
    Person.objects.filter(pk=other.pk).update(merged_into=person, archived_at=AT)
    assert write_fingerprints(site=site) == 0


def test_writing_costs_the_same(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for count in (1, 3):
        site = SiteFactory.create()
        MenteeFactory.create_batch(count, site=site, first_name="Ewa", last_name="Nowak")
        with django_assert_num_queries(6):
            assert write_fingerprints(site=site) == count
