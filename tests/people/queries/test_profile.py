"""What a profile says of a person."""

from __future__ import annotations

from datetime import date

import pytest

from patenwerk.people.models import Person
from patenwerk.people.queries.profile import profiles
from tests.factories.people import ConsentFactory, MentorFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def test_a_profile_says_who_may_be_found_beyond_the_carrier() -> None:
    with_consent, without = MentorFactory.create(), MentorFactory.create()
    ConsentFactory.create(person=with_consent)
    ConsentFactory.create(person=without, withdrawn_on=TODAY)
    people = Person.objects.order_by("pk")
    assert [profile.beyond for profile in profiles(people)] == [True, False]
