"""A site with words, its coordinator, and the two people that lists about tandems name."""

from __future__ import annotations

import pytest

from patenwerk.core.policy import Actor
from patenwerk.organisations.models import Site
from patenwerk.people.models import Person
from tests.factories.organisations import (
    FocusFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
    actor,
    coordinator,
)
from tests.factories.people import MenteeFactory, MentorFactory


@pytest.fixture
def site() -> Site:
    site: Site = SiteFactory.create()
    TandemKindFactory.create(programme=site.programme, code="chance", name_de="Chance")
    FocusFactory.create(programme=site.programme, code="education", name_de="Bildung")
    SupportFieldFactory.create(programme=site.programme, code="school", name_de="Schule")
    return site


@pytest.fixture
def by(site: Site) -> Actor:
    return actor(coordinator(site))


@pytest.fixture
def lea(site: Site) -> Person:
    return MentorFactory.create(site=site, first_name="Lea", last_name="Birke", file_id="M-1")


@pytest.fixture
def sara(site: Site) -> Person:
    return MenteeFactory.create(site=site, first_name="Sara", last_name="Linde")
