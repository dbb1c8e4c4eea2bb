"""Who may not meet minors, which minors nobody has consented for, and what the day says of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.organisations.models import Site
from patenwerk.people.domain.consent import withdraw_consent
from patenwerk.people.enums import ConsentPurpose
from patenwerk.people.models import PeopleSettings, Person
from patenwerk.tandems.enums import EndReason, State
from patenwerk.tandems.queries.cards import consent_card
from patenwerk.tandems.queries.protection import (
    minors_without_consent,
    minors_without_valid_check,
    minors_without_valid_check_by_day,
    running_without_consent,
)
from tests.factories.organisations import SiteFactory, actor, coordinator, manager
from tests.factories.people import (
    ConsentFactory,
    MenteeFactory,
    MentorFactory,
    RecordCheckFactory,
)
from tests.factories.tandems import tandem_of

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
CHILD = date(2014, 3, 1)


@pytest.fixture
def site() -> Site:
    site = SiteFactory.create()
    PeopleSettings.objects.create(programme=site.programme, minors_need_consent=True)
    return site


# --- record checks of young mentors ----------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "asked"),
    [
        (date(2012, 11, 24), False),  # 14 tomorrow
        (date(2012, 11, 23), True),  # 14 today
        (date(1990, 5, 17), True),
        (None, True),
    ],
)
def test_a_record_check_is_asked_from_14_on(born: date | None, *, asked: bool) -> None:
    mentor = MentorFactory.create(birth_date=born)
    mentee = MenteeFactory.create(site=mentor.site, birth_date=CHILD)
    pair = [mentor, mentee]
    assert minors_without_valid_check(pair, ON) == ([mentor] if asked else [])
    RecordCheckFactory.create(person=mentor, certificate_date=date(2026, 9, 1))
    assert minors_without_valid_check(pair, ON) == []


def test_each_day_asks_by_the_age_of_that_day() -> None:
    mentor = MentorFactory.create(birth_date=date(2012, 11, 23))
    adult = MentorFactory.create(site=mentor.site)
    mentee = MenteeFactory.create(site=mentor.site, birth_date=CHILD)
    before = date(2026, 11, 22)
    found = minors_without_valid_check_by_day([mentor, adult, mentee], days=[before, ON])
    assert found == {before: [adult], ON: [mentor, adult]}


# --- consents to take part -------------------------------------------------------------------


def test_each_person_s_own_site_says_whether_a_consent_is_needed(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    relaxed = SiteFactory.create(carrier=site.carrier)
    PeopleSettings.objects.create(
        programme=site.programme, carrier=site.carrier, site=relaxed, minors_need_consent=False
    )
    asked, unknown, said_yes, grown_up = (
        MenteeFactory.create(site=site, birth_date=born)
        for born in (CHILD, None, CHILD, date(2008, 11, 23))
    )
    elsewhere = MenteeFactory.create(site=relaxed, birth_date=CHILD)
    ConsentFactory.create(person=said_yes, purpose=ConsentPurpose.TAKING_PART)
    everybody = [asked, unknown, said_yes, grown_up, elsewhere]
    with django_assert_num_queries(2):
        assert minors_without_consent(everybody, ON) == [asked, unknown]


def running(site: Site, name: str, **fields: object) -> Person:
    """A child in a tandem that runs with an adult."""
    child = MenteeFactory.create(
        site=site, first_name=name, last_name=f"Kind {name}", birth_date=CHILD
    )
    tandem_of(MentorFactory.create(site=site), child, **fields)  # type: ignore[arg-type]
    return child


def test_whose_consent_is_missing_in_running_tandems(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    states = {state: running(site, f"{number}", state=state) for number, state in enumerate(BEGUN)}
    running(site, "vorgeschlagen", state=State.PROPOSED)
    running(site, "zugesagt", state=State.AGREED)
    running(site, "beendet", state=State.ENDED, ended_on=ON, end_reason=EndReason.OTHER)
    running(SiteFactory.create(carrier=site.carrier), "nebenan")
    unasked = running(SiteFactory.create(), "anderswo")
    gone = running(site, "gegangen")
    gone.participations.update(left_on=ON)
    asked = running(site, "gefragt")
    asked.participations.update(acceptance="open", answered_on=None)
    said_yes = running(site, "eingewilligt")
    ConsentFactory.create(person=said_yes, purpose=ConsentPurpose.TAKING_PART)
    by = actor(coordinator(site))
    with django_assert_num_queries(3):
        seats = running_without_consent(by, ON)
    assert [seat.person for seat in seats] == list(states.values())
    withdraw_consent(person=said_yes, purpose=ConsentPurpose.TAKING_PART, by=by, at=AT)
    again = {seat.person for seat in running_without_consent(by, ON)}
    assert again == {*states.values(), said_yes}
    assert running_without_consent(actor(manager(site.carrier)), ON) == []
    elsewhere = actor(coordinator(unasked.site))
    with django_assert_num_queries(2):
        assert running_without_consent(elsewhere, ON) == []


BEGUN = (State.TRIAL, State.ACTIVE, State.PAUSED)


def test_the_card_shows_five_and_counts_the_others(site: Site) -> None:
    by = actor(coordinator(site))
    assert consent_card(by, ON) is None
    children = [running(site, f"{number}") for number in range(6)]
    card = consent_card(by, ON)
    assert card is not None
    assert [seat.person for seat in card["seats"]] == children[:5]
    assert (card["further"], card["total"]) == (1, 6)


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Einwilligungen fehlen"), ("en", "Consents are missing")],
)
def test_my_day_names_them_and_leads_to_the_consent(
    client: Client, site: Site, language: str, words: str
) -> None:
    child = running(site, "Kim")
    foreign = running(SiteFactory.create(carrier=site.carrier), "Fremdling")
    client.force_login(coordinator(site, language=language))
    with time_machine.travel(AT, tick=False):
        day = client.get(reverse("desk:day")).content.decode()
        assert words in day
        assert child.full_name in day
        assert reverse("people:consent_taking_part", args=[child.pk]) in day
        assert foreign.full_name not in day
        PeopleSettings.objects.update(minors_need_consent=None)
        assert words not in client.get(reverse("desk:day")).content.decode()
