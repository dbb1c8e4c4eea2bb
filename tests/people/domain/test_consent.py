"""Consent to be found by other carriers: who may give it, and taking it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.people.domain import consent as domain
from patenwerk.people.domain.consent import (
    CannotConsent,
    CannotWithdraw,
    add_withdrawal_follower,
    give_consent,
    withdraw_consent,
)
from patenwerk.people.domain.subject_export import export_subject
from patenwerk.people.enums import ConsentPurpose, GivenBy
from patenwerk.people.kernel.consents import TEXTS, text_in_force, text_of
from patenwerk.people.models import Consent, Guardian, PeopleSettings, Person
from patenwerk.people.queries.consent import consented, consents_of
from tests.factories.people import ConsentFactory, GuardianFactory, MenteeFactory
from tests.people.refusals import said

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
BY = Actor(user_id=3)
CARRIERS = ConsentPurpose.OTHER_CARRIERS


def given(
    person: Person,
    given_by: GivenBy = GivenBy.SELF,
    given_on: date = TODAY,
    *,
    guardians: Collection[Guardian] = (),
) -> Consent:
    return give_consent(
        person=person,
        purpose=CARRIERS,
        given_by=given_by,
        guardians=guardians,
        given_on=given_on,
        by=BY,
        at=AT,
    )


def withdrawn(person: Person) -> Consent:
    return withdraw_consent(person=person, purpose=CARRIERS, by=BY, at=AT)


def test_a_consent_names_its_words_its_day_and_who_gave_it() -> None:
    person = MenteeFactory.create()
    consent = given(person, given_on=date(2026, 11, 2))
    assert (consent.person, consent.site, consent.carrier, consent.programme) == (
        person,
        person.site,
        person.carrier,
        person.programme,
    )
    assert (consent.purpose, consent.given_by, consent.given_on, consent.withdrawn_on) == (
        "other_carriers",
        "self",
        date(2026, 11, 2),
        None,
    )
    assert text_of(CARRIERS, consent.version) == text_in_force(CARRIERS)
    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.actor_id, entry.details) == (
        "people.give_consent",
        3,
        {"purpose": "other_carriers", "given_by": "self", "guardians": []},
    )


def test_it_can_be_taken_back_and_given_again_and_all_of_it_stays_on_record() -> None:
    person = MenteeFactory.create(archived_at=None)
    given(person, given_on=date(2026, 11, 2))
    first = withdrawn(person)
    assert first.withdrawn_on == TODAY
    assert consented([person.pk], CARRIERS) == set()
    again = given(person)
    assert list(consents_of(person)) == [again, first]
    assert consented([person.pk], CARRIERS) == {person.pk}
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == [
        "people.give_consent",
        "people.withdraw_consent",
        "people.give_consent",
    ]


def test_what_is_not_there_cannot_be_taken_back() -> None:
    person = MenteeFactory.create()
    ConsentFactory.create(person=person, withdrawn_on=TODAY)
    ConsentFactory.create()
    with pytest.raises(CannotWithdraw, check=said("no_consent")):
        withdrawn(person)


def test_archived_people_may_still_take_it_back_but_not_consent() -> None:
    person = MenteeFactory.create(archived_at=AT)
    ConsentFactory.create(person=person)
    assert withdrawn(person).withdrawn_on == TODAY
    with pytest.raises(CannotConsent, check=said("archived")):
        given(person)


def test_all_that_is_wrong_is_said_at_once() -> None:
    person = MenteeFactory.create(archived_at=AT, birth_date=date(2015, 1, 1))
    ConsentFactory.create(person=person)
    with pytest.raises(
        CannotConsent, check=said("archived", "given", "given_later", "too_young")
    ) as refused:
        given(person, given_on=date(2026, 11, 24))
    assert [reason.field for reason in refused.value.reasons] == [
        None,
        None,
        "given_on",
        "given_by",
    ]


@pytest.mark.parametrize(
    ("born", "given_by", "refusal"),
    [
        (date(2010, 11, 24), GivenBy.SELF, ["too_young"]),  # 16 tomorrow
        (date(2010, 11, 24), GivenBy.GUARDIAN, []),
        (date(2010, 11, 23), GivenBy.SELF, []),
        (date(2008, 11, 24), GivenBy.GUARDIAN, []),  # 18 tomorrow
        (date(2008, 11, 23), GivenBy.GUARDIAN, ["of_age"]),
        (date(2008, 11, 23), GivenBy.SELF, []),
        (None, GivenBy.SELF, []),
        (None, GivenBy.GUARDIAN, []),
    ],
)
def test_children_do_not_consent_alone_and_nobody_does_for_adults(
    born: date | None, given_by: GivenBy, refusal: list[str]
) -> None:
    person = MenteeFactory.create(birth_date=born)
    mother = GuardianFactory.create(person=person)
    guardians = [mother] if given_by is GivenBy.GUARDIAN else []
    if refusal:
        with pytest.raises(CannotConsent, check=said(*refusal)):
            given(person, given_by, guardians=guardians)
    else:
        consent = given(person, given_by, guardians=guardians)
        assert (consent.given_by, list(consent.guardians.all())) == (given_by, guardians)


def test_nobody_is_sent_to_enter_a_guardian_for_an_adult() -> None:
    with pytest.raises(CannotConsent, check=said("of_age")):
        given(MenteeFactory.create(birth_date=date(2008, 11, 23)), GivenBy.GUARDIAN)


def test_the_age_on_the_day_it_was_given_counts() -> None:
    person = MenteeFactory.create(birth_date=date(2008, 11, 20))
    mother = GuardianFactory.create(person=person)
    consent = given(person, GivenBy.GUARDIAN, date(2026, 11, 19), guardians=[mother])
    assert consent.given_by == "guardian"


def reasons_against(person: Person, *guardians: Guardian) -> list[tuple[str, str | None]]:
    with pytest.raises(CannotConsent) as refused:
        given(person, GivenBy.GUARDIAN, guardians=guardians)
    assert not Consent.objects.filter(person=person).exists()
    return [(reason.code, reason.field) for reason in refused.value.reasons]


def test_a_guardian_has_to_be_entered_with_custody_and_to_be_named() -> None:
    child = MenteeFactory.create(birth_date=date(2014, 5, 1))
    foreign = GuardianFactory.create(person__site=child.site)
    assert reasons_against(child) == [("no_guardian", "given_by")]
    assert reasons_against(child, foreign) == [("no_guardian", "given_by")]
    aunt = GuardianFactory.create(person=child, decides=False)
    gone = GuardianFactory.create(person=child, removed_on=TODAY)
    assert reasons_against(child, aunt) == [("no_guardian", "given_by")]
    mother = GuardianFactory.create(person=child)
    assert reasons_against(child) == [("nobody_said_so", "guardians")]
    for wrong in (aunt, gone, foreign):
        assert reasons_against(child, mother, wrong) == [("no_custody", "guardians")]
    assert list(given(child, GivenBy.GUARDIAN, guardians=[mother]).guardians.all()) == [mother]
    (entry,) = AuditEntry.objects.all()
    assert entry.details["guardians"] == [mother.pk]


def test_whoever_decides_alone_names_no_guardian() -> None:
    mother = GuardianFactory.create(person__birth_date=date(2010, 5, 1))
    with pytest.raises(CannotConsent, check=said("person_said_so")):
        given(mother.person, GivenBy.SELF, guardians=[mother])


def test_one_guardian_is_enough_unless_the_organisation_asks_all() -> None:
    mother = GuardianFactory.create(first_name="Anna")
    child = mother.person
    father = GuardianFactory.create(person=child, first_name="Bela")
    GuardianFactory.create(person=child, first_name="Tante", decides=False)
    GuardianFactory.create(person=child, first_name="Früher", removed_on=TODAY)
    PeopleSettings.objects.create(programme=child.programme, all_guardians_consent=True)
    assert reasons_against(child, mother) == [("guardian_missing", "guardians")]
    with pytest.raises(CannotConsent) as refused:
        given(child, GivenBy.GUARDIAN, date(2026, 11, 24), guardians=[mother])
    assert [reason.code for reason in refused.value.reasons] == ["given_later", "guardian_missing"]
    assert father.full_name in str(refused.value)
    assert not {"Tante", "Früher", "Anna"} & set(str(refused.value).replace(".", "").split())
    assert set(given(child, GivenBy.GUARDIAN, guardians=[father, mother]).guardians.all()) == {
        mother,
        father,
    }
    PeopleSettings.objects.update(all_guardians_consent=None)
    withdrawn(child)
    assert list(given(child, GivenBy.GUARDIAN, guardians=[father]).guardians.all()) == [father]


def test_each_purpose_is_consented_to_by_itself() -> None:
    person = MenteeFactory.create()
    given(person)
    give_consent(
        person=person,
        purpose=ConsentPurpose.TAKING_PART,
        given_by=GivenBy.SELF,
        given_on=TODAY,
        by=BY,
        at=AT,
    )
    withdrawn(person)
    assert consented([person.pk], CARRIERS) == set()
    assert consented([person.pk], ConsentPurpose.TAKING_PART) == {person.pk}


def test_higher_apps_hear_of_a_withdrawal_once_in_its_transaction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[object] = []
    monkeypatch.setattr(domain, "_followers", [])

    def follower(*told: object) -> None:
        heard.append(told)

    add_withdrawal_follower(follower)
    add_withdrawal_follower(follower)
    person = MenteeFactory.create()
    given(person)
    assert heard == []
    withdrawn(person)
    assert heard == [(person, CARRIERS, BY, AT)]

    def refuses(*_told: object) -> None:
        raise LookupError

    add_withdrawal_follower(refuses)
    given(person)
    with pytest.raises(LookupError):
        withdrawn(person)
    assert consented([person.pk], CARRIERS) == {person.pk}


def test_a_person_reads_what_they_consented_to() -> None:
    consent = ConsentFactory.create()
    told = export_subject(person=consent.person, by=BY, at=AT)["data"]["people.Consent"]
    (row,) = told["rows"]
    assert (row["version"], row["given_by"]) == ("2026-11", "self")


@pytest.mark.parametrize(
    "wrong", [{"withdrawn_on": date(2026, 11, 1)}, {"given_on": date(2026, 11, 3)}]
)
def test_the_database_keeps_one_in_force_and_the_days_in_order(wrong: dict[str, date]) -> None:
    first = ConsentFactory.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentFactory.create(person=first.person, **wrong)


def test_every_purpose_has_words_in_both_languages() -> None:
    for purpose in ConsentPurpose:
        versions = [text.version for text in TEXTS[purpose]]
        assert versions == sorted(set(versions))
        assert text_in_force(purpose).version == versions[-1]
        for text in TEXTS[purpose]:
            assert text.said_in("de") == text.german != text.english == text.said_in("en-gb")
    with pytest.raises(KeyError):
        text_of(CARRIERS, "1999-01")
