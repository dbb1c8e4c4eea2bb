"""What other pages show of letters: only what can be made, only where one may make it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.letters.enums import LetterKind
from patenwerk.letters.queries.panels import LATEST, person_panel, tandem_panel, texts_panel
from patenwerk.organisations.models import Site
from patenwerk.tandems.enums import State
from tests.factories.letters import LetterFactory, LetterTextFactory, made, run_for
from tests.factories.organisations import (
    CREATED,
    CarrierFactory,
    SiteFactory,
    actor,
    coordinator,
    manager,
)
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import tandem_of

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


def kinds(panel: object) -> list[str]:
    assert isinstance(panel, dict)
    return [kind for kind, _label in panel["kinds"]]


def test_a_person_shows_the_letters_that_fit_the_side(site: Site) -> None:
    by = actor(coordinator(site))
    mentor, mentee = MentorFactory.create(site=site), MenteeFactory.create(site=site)
    unborn = MentorFactory.create(site=site, birth_date=None)
    archived = MentorFactory.create(site=site, archived_at=CREATED)
    foreign = MentorFactory.create(site__carrier=site.carrier)
    ids = [mentor.pk, mentee.pk, unborn.pk, archived.pk, foreign.pk]
    found = person_panel(by, ids, ON)
    assert {pk: kinds(panel) for pk, panel in found.items()} == {
        mentor.pk: ["invitation", "record_check", "message"],
        mentee.pk: ["invitation", "message"],
        unborn.pk: ["invitation", "record_check", "message"],
    }
    assert found[mentor.pk]["url_name"] == "letters:of_person"
    assert person_panel(actor(manager(site.carrier)), ids, ON) == {}


def test_what_was_made_is_shown_the_latest_first(site: Site) -> None:
    by = actor(coordinator(site))
    person, other = (MenteeFactory.create(site=site, archived_at=CREATED) for _ in range(2))
    runs = [made(run_for(person), made_at=CREATED + timedelta(days=n)) for n in range(LATEST + 1)]
    run_for(person)
    made(run_for(other)).letters.update(left_out="archived")
    tandem = tandem_of(site=site)
    LetterFactory.create(run=runs[0], person=person, tandem=tandem)
    found = person_panel(by, [person.pk, other.pk], ON)
    assert set(found) == {person.pk}
    assert [letter.run for letter in found[person.pk]["made"]] == runs[::-1][:LATEST]


def test_a_tandem_shows_the_letters_that_fit_its_state(site: Site) -> None:
    by = actor(coordinator(site))
    active = tandem_of(site=site)
    agreed = tandem_of(site=site, state=State.AGREED, meetings=())
    proposed = tandem_of(site=site, state=State.PROPOSED, meetings=())
    foreign = tandem_of(site=SiteFactory.create(carrier=site.carrier))
    run = made(run_for(active, kind=LetterKind.AGREEMENT.value))
    ids = [active.pk, agreed.pk, proposed.pk, foreign.pk]
    found = tandem_panel(by, ids, ON)
    assert {pk: kinds(panel) for pk, panel in found.items()} == {
        active.pk: ["agreement", "certificate"],
        agreed.pk: ["agreement"],
    }
    assert [letter.run for letter in found[active.pk]["made"]] == [run]
    assert tandem_panel(actor(manager(site.carrier)), ids, ON) == {}


def test_a_carrier_shows_how_many_texts_are_its_own() -> None:
    carrier, foreign = CarrierFactory.create(), CarrierFactory.create()
    LetterTextFactory.create(carrier=carrier)
    by = actor(manager(carrier))
    assert texts_panel(by, [carrier.pk, foreign.pk], ON) == {
        carrier.pk: {"carrier_id": carrier.pk, "own": 1}
    }


@pytest.mark.parametrize("count", [1, 3])
def test_panels_cost_the_same_for_few_and_many(
    site: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = [MentorFactory.create(site=site) for _ in range(count)]
    tandems = [tandem_of(site=site) for _ in range(count)]
    for one in (*people, *tandems):
        made(run_for(one))
    by = actor(coordinator(site))
    with django_assert_num_queries(2):
        person_panel(by, [person.pk for person in people], ON)
    with django_assert_num_queries(2):
        tandem_panel(by, [tandem.pk for tandem in tandems], ON)
