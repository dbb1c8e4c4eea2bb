"""What a list of people says about itself to the app that reads lists."""

from __future__ import annotations

import pytest
from django.utils import translation

from patenwerk.people.domain.importing import MENTEES, MENTORS
from tests.factories.organisations import SiteFactory

pytestmark = pytest.mark.django_db


def test_a_list_is_named_in_the_programme_s_words() -> None:
    programme = SiteFactory.create().programme
    with translation.override("de"):
        assert MENTORS.title(programme) == programme.mentor_words.plural
        assert MENTEES.title(programme) == "Mentees"


def test_what_was_taken_is_shown_at_its_site_and_side() -> None:
    site = SiteFactory.create()
    assert MENTORS.taken_url(site).endswith(f"?side=mentor&site={site.pk}")
    assert MENTEES.taken_url(site).endswith(f"?side=mentee&site={site.pk}")
