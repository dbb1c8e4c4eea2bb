"""Guardians of a child: entered, changed, removed, and what of them stays as proof."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.people.domain.guardian import (
    CannotRemoveGuardian,
    CannotTakeGuardian,
    GuardianValues,
    add_guardian,
    change_guardian,
    remove_guardian,
    values_of,
)
from patenwerk.people.enums import GivenBy, Relation
from patenwerk.people.models import Consent, Guardian, Person
from patenwerk.people.queries.guardian import (
    guardians_of,
    guardians_of_siblings,
    of_age_since,
    with_custody,
)
from tests.factories.organisations import SiteFactory, actor, coordinator, manager
from tests.factories.people import ConsentFactory, GuardianFactory, MenteeFactory
from tests.people.refusals import said

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
BY = Actor(user_id=3)
MOTHER = GuardianValues(
    relation=Relation.MOTHER,
    first_name="Anna",
    last_name="Aue",
    phone="0000 123",
    email="anna@example.org",
    language="uk",
)


@pytest.fixture
def child() -> Person:
    return MenteeFactory.create(birth_date=date(2014, 3, 1), last_name="Aue")


def entered(child: Person, **values: Any) -> Guardian:
    return add_guardian(person=child, values=replace(MOTHER, **values), by=BY, at=AT)


def test_everything_said_is_kept_where_the_child_is(child: Person) -> None:
    guardian = entered(child, first_name="  Anna   Maria ", phone=" 0000  123 ")
    guardian.refresh_from_db()
    assert values_of(guardian) == replace(MOTHER, first_name="Anna Maria")
    assert (guardian.person, guardian.site, guardian.carrier, guardian.programme) == (
        child,
        child.site,
        child.carrier,
        child.programme,
    )
    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.object_id, entry.actor_id, entry.details) == (
        "people.add_guardian",
        child.pk,
        3,
        {"guardian": guardian.pk},
    )


def test_they_stand_in_the_order_in_which_they_were_entered(child: Person) -> None:
    gone = GuardianFactory.create(person=child, position=7, removed_on=TODAY)
    first = entered(child)
    aunt = entered(child, first_name="Tante", decides=False)
    last = entered(child, first_name="", last_name="Jugendamt", relation=Relation.YOUTH_OFFICE)
    GuardianFactory.create(person__site=child.site)
    assert list(guardians_of(child)) == [first, aunt, last]
    assert list(with_custody(child)) == [first, last]
    assert [one.position for one in (gone, first, aunt, last)] == [7, 8, 9, 10]


@pytest.mark.parametrize(
    ("born", "refusal"),
    [(date(2008, 11, 24), []), (date(2008, 11, 23), ["of_age"]), (None, [])],
)
def test_nobody_is_entered_for_whoever_is_of_age(born: date | None, refusal: list[str]) -> None:
    person = MenteeFactory.create(birth_date=born)
    if refusal:
        with pytest.raises(CannotTakeGuardian, check=said(*refusal)):
            entered(person)
        assert not Guardian.objects.exists()
    else:
        assert entered(person).person == person


def test_all_that_is_wrong_is_said_at_once(child: Person) -> None:
    Person.objects.filter(pk=child.pk).update(
        birth_date=date(2000, 1, 1), archived_at=AT, merged_into=MenteeFactory.create()
    )
    wrong = GuardianValues(
        relation="uncle",
        first_name=" ",
        last_name="",
        phone="\0" * 41,
        email="anna",
        language="xx",
    )
    with pytest.raises(CannotTakeGuardian) as refused:
        add_guardian(person=child, values=wrong, by=BY, at=AT)
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [
        ("of_age", None),
        ("merged", None),
        ("name_missing", "first_name"),
        ("too_long", "phone"),
        ("no_text", "phone"),
        ("email_form", "email"),
        ("relation_unknown", "relation"),
        ("language_unknown", "language"),
    ]
    assert not Guardian.objects.exists()


def test_one_name_is_entered_once_for_a_child(child: Person) -> None:
    first = entered(child, last_name="Müller")
    with pytest.raises(CannotTakeGuardian, check=said("entered")):
        entered(child, first_name="ANNA", last_name="Mueller")
    entered(MenteeFactory.create(birth_date=None, site=child.site), last_name="Müller")
    second = entered(child, first_name="Bela", last_name="Müller")
    with pytest.raises(CannotTakeGuardian, check=said("entered")):
        change_guardian(guardian=second, values=values_of(first), by=BY, at=AT)
    remove_guardian(guardian=first, by=BY, at=AT)
    assert entered(child, last_name="Müller").position == 3


def test_a_change_writes_what_differs_and_says_so(child: Person) -> None:
    guardian = entered(child)
    new = replace(MOTHER, phone="0000 9", decides=False)
    assert change_guardian(guardian=guardian, values=new, by=BY, at=AT) == {"phone", "decides"}
    guardian.refresh_from_db()
    assert values_of(guardian) == new
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.details) == (
        "people.change_guardian",
        {"guardian": guardian.pk, "fields": ["decides", "phone"]},
    )
    assert change_guardian(guardian=guardian, values=new, by=BY, at=AT) == frozenset()
    assert AuditEntry.objects.latest("pk") == entry
    with pytest.raises(CannotTakeGuardian, check=said("email_form")):
        change_guardian(guardian=guardian, values=replace(new, email="x"), by=BY, at=AT)


def test_of_whoever_never_consented_nothing_stays(child: Person) -> None:
    guardian, other = entered(child), entered(child, first_name="Bela")
    remove_guardian(guardian=guardian, by=BY, at=AT)
    assert list(Guardian.objects.all()) == [other]
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.object_id, entry.details) == (
        "people.remove_guardian",
        child.pk,
        {"guardian": guardian.pk},
    )
    with pytest.raises(CannotRemoveGuardian, check=said("gone")):
        remove_guardian(guardian=guardian, by=BY, at=AT)


@pytest.mark.parametrize("withdrawn_on", [None, TODAY])
def test_whoever_consented_stays_as_a_name_beside_that_consent(
    child: Person, withdrawn_on: date | None
) -> None:
    guardian = entered(child)
    consent = ConsentFactory.create(
        person=child, given_by=GivenBy.GUARDIAN, withdrawn_on=withdrawn_on
    )
    consent.guardians.add(guardian)
    remove_guardian(guardian=guardian, by=BY, at=AT)
    (kept,) = Consent.objects.get().guardians.all()
    assert (kept.full_name, kept.relation, kept.removed_on) == ("Anna Aue", "mother", TODAY)
    assert (kept.phone, kept.email, kept.language) == ("", "", "")
    assert list(guardians_of(child)) == []
    with pytest.raises(CannotRemoveGuardian, check=said("gone")):
        remove_guardian(guardian=guardian, by=BY, at=AT)
    with pytest.raises(CannotTakeGuardian, check=said("gone")):
        change_guardian(guardian=guardian, values=MOTHER, by=BY, at=AT)


@pytest.mark.parametrize(
    ("born", "on", "since"),
    [
        (date(2008, 11, 24), TODAY, None),
        (date(2008, 11, 23), TODAY, TODAY),
        (date(1990, 5, 17), TODAY, date(2008, 5, 17)),
        (date(2008, 2, 29), date(2026, 2, 28), None),
        (date(2008, 2, 29), date(2026, 3, 1), date(2026, 3, 1)),
        (None, TODAY, None),
    ],
)
def test_from_which_day_nobody_decides_any_more(
    born: date | None, on: date, since: date | None
) -> None:
    assert of_age_since(Person(birth_date=born), on) == since


def test_a_sibling_s_guardians_can_be_copied_from_the_own_site_only(child: Person) -> None:
    by = actor(coordinator(child.site))
    family = {"last_name": "Aue", "search_text": " kind aue"}
    sibling = MenteeFactory.create(site=child.site, **family)
    mother = GuardianFactory.create(person=sibling, first_name="Anna", last_name="Aue")
    GuardianFactory.create(person=sibling, first_name="Gone", last_name="Aue", removed_on=TODAY)
    third = MenteeFactory.create(site=child.site, **family)
    GuardianFactory.create(person=third, first_name="ANNA", last_name="Aue")
    father = GuardianFactory.create(person=third, first_name="Bela", last_name="Oder")
    for stranger in (
        MenteeFactory.create(site=SiteFactory.create(carrier=child.carrier), **family),
        MenteeFactory.create(site=SiteFactory.create(), **family),
        # The name begins like theirs, or is somebody's first name.
        MenteeFactory.create(site=child.site, last_name="Auer", search_text=" kind auer"),
        MenteeFactory.create(site=child.site, first_name="Aue", search_text=" aue kind"),
        MenteeFactory.create(site=child.site, archived_at=AT, merged_into=sibling, **family),
    ):
        GuardianFactory.create(person=stranger, first_name="Fremd")
    assert guardians_of_siblings(by, child) == [mother, father]
    GuardianFactory.create(person=child, first_name="anna", last_name="AUE")
    assert guardians_of_siblings(by, child) == [father]
    assert guardians_of_siblings(actor(manager(child.carrier)), child) == []
    assert guardians_of_siblings(by, MenteeFactory.create(site=child.site, last_name="")) == []
