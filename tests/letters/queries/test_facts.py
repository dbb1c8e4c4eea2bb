"""What letters tell: of whom, since when, how often; and what they keep to themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from patenwerk.letters.enums import LetterKind
from patenwerk.letters.kernel.placeholders import OF_KIND, Placeholder
from patenwerk.letters.queries.facts import Facts, example_facts, facts_of, sender_of
from patenwerk.letters.queries.run import letters_of
from patenwerk.organisations.enums import GenderForm, MentorTitle
from patenwerk.organisations.models import Site
from patenwerk.people.models import Person
from patenwerk.tandems.enums import EndReason, State
from patenwerk.tandems.models import Tandem
from tests.factories.letters import LetterFactory, LetterRunFactory, run_for
from tests.factories.organisations import (
    CarrierFactory,
    FocusFactory,
    ProgrammeFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
)
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import MeetingFactory, ParticipantFactory, tandem_of

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)
CHILD = date(2015, 3, 4)


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    with translation.override("de"):
        yield


@pytest.fixture
def site() -> Site:
    programme = ProgrammeFactory.create(name="Zusammen wachsen", mentor_title=MentorTitle.LOTSE)
    return SiteFactory.create(
        carrier__programme=programme,
        carrier__name="Brücke e. V.",
        name="Brücke Leipzig",
        street="Markt 1",
        postcode="04109",
        town="Leipzig",
        phone="0341 12345",
        email="post@example.org",
    )


@pytest.fixture
def tandem(site: Site) -> Tandem:
    words = {"programme": site.programme, "name_en": "School"}
    return tandem_of(
        MentorFactory.create(site=site, first_name="Jonas", last_name="Esche"),
        MenteeFactory.create(site=site, first_name="Lea", last_name="Birke", birth_date=CHILD),
        kind=TandemKindFactory.create(**words, name_de="Chancenpatenschaft"),
        field=SupportFieldFactory.create(**words, name_de="Schule"),
        focus=FocusFactory.create(**words, name_de="Bildung"),
        expected_end_on=date(2027, 10, 1),
    )


def told(kind: LetterKind, *about: Person | Tandem, **fields: Any) -> list[Facts]:
    run = run_for(*about, kind=kind.value, **fields)
    return facts_of(run, list(letters_of(run)), ON)


def certificate(tandem: Tandem, *mentors: Person) -> list[Facts]:
    run = LetterRunFactory.create(site=tandem.site, kind=LetterKind.CERTIFICATE.value)
    for mentor in mentors or (tandem.participants.get(side="mentor").person,):
        LetterFactory.create(run=run, tandem=tandem, person=mentor)
    return facts_of(run, list(letters_of(run)), ON)


def test_the_sender_is_site_and_carrier(site: Site) -> None:
    sender = sender_of(site)
    assert (sender.programme, sender.carrier, sender.site, sender.town) == (
        site.programme,
        "Brücke e. V.",
        "Brücke Leipzig",
        "Leipzig",
    )
    assert sender.address == "Markt 1, 04109 Leipzig"
    assert sender.contact == "0341 12345 · post@example.org"
    site.street = site.phone = ""
    assert sender_of(site).address == "04109 Leipzig"
    assert sender_of(site).contact == "post@example.org"


def test_an_invitation_tells_name_role_and_time(site: Site) -> None:
    mentor = MentorFactory.create(site=site, first_name="Jonas", last_name="Esche")
    mentee = MenteeFactory.create(site=site, first_name="Lea", last_name="", birth_date=None)
    first, second = told(LetterKind.INVITATION, mentor, mentee, appointment="Montag, 17 Uhr")
    assert first.to == ("Jonas Esche",)
    assert first.signatures == ()
    values = first.values
    assert values[Placeholder.NAME] == "Jonas Esche"
    assert values[Placeholder.FIRST_NAME] == "Jonas"
    assert values[Placeholder.ROLE] == "Lots*in"
    assert values[Placeholder.APPOINTMENT] == "Montag, 17 Uhr"
    assert values[Placeholder.PROGRAMME] == "Zusammen wachsen"
    assert values[Placeholder.TODAY] == "23. November 2026"
    assert (second.values[Placeholder.NAME], second.values[Placeholder.ROLE]) == ("Lea", "Mentee")
    assert second.values[Placeholder.BIRTH_DATE] == ""


def test_a_request_tells_the_date_of_birth_and_is_signed_by_the_carrier(site: Site) -> None:
    (facts,) = told(LetterKind.RECORD_CHECK, MentorFactory.create(site=site, birth_date=CHILD))
    assert facts.values[Placeholder.BIRTH_DATE] == "4. März 2015"
    assert facts.signatures == ("für Brücke e. V.",)
    assert len(facts.to) == 1


def test_another_language_has_its_own_words(site: Site, tandem: Tandem) -> None:
    site.programme.gender_form = GenderForm.COLON
    with translation.override("en"):
        (facts,) = told(LetterKind.AGREEMENT, tandem)
    assert facts.values[Placeholder.ROLE] == "mentor"
    assert facts.values[Placeholder.FIELD] == "School"
    assert facts.values[Placeholder.FIRST_MEETING] == "Oct. 10, 2026"


def test_an_agreement_names_both_and_is_signed_by_all(tandem: Tandem) -> None:
    (facts,) = told(LetterKind.AGREEMENT, tandem)
    values = facts.values
    assert (values[Placeholder.MENTEE], values[Placeholder.MENTOR]) == ("Lea Birke", "Jonas Esche")
    assert values[Placeholder.TANDEM_KIND] == "Chancenpatenschaft"
    assert (values[Placeholder.FIELD], values[Placeholder.FOCUS]) == ("Schule", "Bildung")
    assert values[Placeholder.FIRST_MEETING] == "10. Oktober 2026"
    assert values[Placeholder.UNTIL] == "1. Oktober 2027"
    assert facts.signatures == (
        "Lea Birke",
        "für Lea Birke: sorgeberechtigte Person",
        "Jonas Esche",
        "für Brücke e. V.",
    )
    assert facts.to == ()
    assert facts.name == "Lea Birke Jonas Esche"


def test_an_agreement_names_everybody_who_is_there_now(site: Site, tandem: Tandem) -> None:
    brother = MenteeFactory.create(site=site, first_name="Ben", last_name="Birke")
    gone = MentorFactory.create(site=site, first_name="Weg", last_name="Gegangen")
    ParticipantFactory.create(tandem=tandem, person=brother)
    ParticipantFactory.create(tandem=tandem, person=gone, left_on=ON)
    Tandem.objects.filter(pk=tandem.pk).update(expected_end_on=None)
    tandem.refresh_from_db()
    (facts,) = told(LetterKind.AGREEMENT, tandem)
    assert facts.values[Placeholder.MENTEE] == "Lea Birke und Ben Birke"
    assert facts.values[Placeholder.MENTOR] == "Jonas Esche"
    assert facts.values[Placeholder.UNTIL] == ""
    assert facts.signatures == (
        *("Lea Birke", "für Lea Birke: sorgeberechtigte Person", "Ben Birke", "Jonas Esche"),
        "für Brücke e. V.",
    )


def test_a_certificate_tells_how_long_and_how_often_and_not_whom(tandem: Tandem) -> None:
    MeetingFactory.create(tandem=tandem, held_on=date(2026, 10, 17), minutes=60)
    (facts,) = certificate(tandem)
    values = facts.values
    assert values[Placeholder.NAME] == "Jonas Esche"
    assert values[Placeholder.PERIOD] == "seit 10. Oktober 2026"
    assert (values[Placeholder.MEETINGS], values[Placeholder.HOURS]) == ("2", "2,5")
    assert values[Placeholder.FIELD] == "Schule"
    assert facts.signatures == ("für Brücke e. V.",)
    assert "Lea" not in str(facts)
    Tandem.objects.filter(pk=tandem.pk).update(
        state=State.ENDED, ended_on=date(2026, 11, 2), end_reason=EndReason.GOAL_REACHED
    )
    MeetingFactory.create(tandem=tandem, held_on=date(2026, 10, 18), minutes=30)
    (facts,) = certificate(tandem)
    assert facts.values[Placeholder.PERIOD] == "vom 10. Oktober 2026 bis 2. November 2026"
    assert facts.values[Placeholder.HOURS] == "3"


def test_each_mentor_is_told_the_own_time(site: Site, tandem: Tandem) -> None:
    first = tandem.participants.get(side="mentor")
    first.left_on = date(2026, 10, 17)
    first.save()
    second = MentorFactory.create(site=site, first_name="Ada", last_name="Ulme")
    ParticipantFactory.create(tandem=tandem, person=second, joined_on=date(2026, 10, 18))
    third = MentorFactory.create(site=site, first_name="Spät", last_name="Gekommen")
    ParticipantFactory.create(tandem=tandem, person=third, joined_on=date(2026, 11, 20))
    for day in (17, 18, 25):
        MeetingFactory.create(tandem=tandem, held_on=date(2026, 10, day), minutes=60)
    found = certificate(tandem, first.person, second, third)
    periods = [facts.values[Placeholder.PERIOD] for facts in found]
    assert periods == [
        "vom 10. Oktober 2026 bis 17. Oktober 2026",
        "seit 18. Oktober 2026",
        "seit 20. November 2026",
    ]
    assert [facts.values[Placeholder.MEETINGS] for facts in found] == ["2", "2", "0"]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("kind", [LetterKind.INVITATION, LetterKind.RECORD_CHECK])
def test_letters_about_people_cost_no_query(
    site: Site, kind: LetterKind, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = run_for(*(MentorFactory.create(site=site) for _ in range(count)), kind=kind.value)
    letters = list(letters_of(run))
    with django_assert_num_queries(0):
        assert len(facts_of(run, letters, ON)) == count


@pytest.mark.parametrize("count", [1, 3])
def test_certificates_cost_one_query(
    site: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = LetterRunFactory.create(site=site, kind=LetterKind.CERTIFICATE.value)
    for _ in range(count):
        tandem = tandem_of(site=site)
        person = tandem.participants.get(side="mentor").person
        LetterFactory.create(run=run, tandem=tandem, person=person)
    letters = list(letters_of(run))
    with django_assert_num_queries(1):
        assert len(facts_of(run, letters, ON)) == count


@pytest.mark.parametrize("kind", LetterKind)
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_example_knows_everything_a_letter_may_ask(kind: LetterKind, language: str) -> None:
    carrier = CarrierFactory.create()
    with translation.override(language):
        facts = example_facts(carrier, kind, ON)
    assert all(facts.values[each] for each in OF_KIND[kind])
    assert facts.values[Placeholder.CARRIER] == carrier.name


def test_the_example_exists_on_every_day() -> None:
    carrier = CarrierFactory.create()
    for days in range(366):
        example_facts(carrier, LetterKind.CERTIFICATE, date(2028, 1, 1) + timedelta(days=days))
