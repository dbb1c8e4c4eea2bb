"""Whom rows of lists name: one person each, and each once."""

from __future__ import annotations

import pytest

from patenwerk.organisations.models import Site
from patenwerk.people.domain.list_people import NotTaken, People, all_of, names_of, one_of
from patenwerk.people.enums import Side
from patenwerk.people.kernel.listed import Who
from tests.factories.organisations import SiteFactory
from tests.factories.people import MenteeFactory

pytestmark = pytest.mark.django_db
TITLE = "Mentee"


@pytest.fixture
def site() -> Site:
    site: Site = SiteFactory.create()
    for number in ("K-1", "K-2", "K-3"):
        last = "Aue" if number == "K-3" else "Linde"
        MenteeFactory.create(site=site, first_name="Sara", last_name=last, file_id=number)
    return site


def test_a_name_that_several_have_leaves_it_open(site: Site) -> None:
    people = People(site, {})
    assert one_of(people, Side.MENTEE, Who(name="Aue, Sara"), title=TITLE).name == "Sara Aue"
    assert one_of(people, Side.MENTEE, Who("K-2", "Sara Linde"), title=TITLE).key == "#K-2"
    for who in (Who(name="Sara Linde"), Who("K-9"), Who(name="Niemand")):
        with pytest.raises(NotTaken) as refused:
            one_of(people, Side.MENTEE, who, title=TITLE)
        assert refused.value.problem.header == TITLE


def test_each_person_is_named_once(site: Site) -> None:
    people = People(site, {})
    found = all_of(people, Side.MENTEE, [Who("K-1"), Who("K-3")], title=TITLE)
    assert names_of(found) == "Sara Linde und Sara Aue"
    with pytest.raises(NotTaken):
        all_of(people, Side.MENTEE, [Who("K-1"), Who("K-1")], title=TITLE)
