"""Record checks: what may be recorded, what has to go, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.people.domain.record_check import (
    CannotInspect,
    CannotRemoveCheck,
    Inspected,
    clear_record_checks,
    inspect_record_check,
    remove_record_check,
    take_record_checks,
)
from patenwerk.people.domain.settings import CannotSet, set_people_settings
from patenwerk.people.models import PeopleSettings, RecordCheck
from patenwerk.people.queries import activity
from patenwerk.people.queries.activity import Activity
from patenwerk.people.queries.settings import PeopleRules, rules_at
from tests.factories.organisations import SiteFactory
from tests.factories.people import MenteeFactory, MentorFactory, RecordCheckFactory
from tests.people.refusals import said

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BY = Actor(user_id=None)
UNSAID: dict[str, int | None] = {
    "record_check_years": None,
    "certificate_months": None,
    "months_kept": None,
    "warning_days": None,
    "all_guardians_consent": None,
    "minors_need_consent": None,
}


def does(monkeypatch: pytest.MonkeyPatch, known: Mapping[int, Activity]) -> None:
    def told(ids: Sequence[int]) -> dict[int, Activity]:
        return {pk: known[pk] for pk in ids if pk in known}

    monkeypatch.setattr(activity, "_sources", [told])


@pytest.mark.parametrize("day", [date(2026, 8, 23), date(2026, 11, 23)])
@pytest.mark.parametrize("conviction", [False, True])
def test_an_inspection_keeps_what_the_law_allows(day: date, conviction: bool) -> None:
    person = MentorFactory.create()
    for _twice in range(2):
        inspect_record_check(
            person=person, certificate_date=day, conviction_found=conviction, by=BY, at=AT
        )
    check = RecordCheck.objects.get()
    assert (check.person, check.certificate_date, check.conviction_found) == (
        person,
        day,
        conviction,
    )
    assert (check.site_id, check.carrier_id) == (person.site_id, person.carrier_id)
    kept = {column.name for column in RecordCheck._meta.concrete_fields}
    assert kept == {
        "id",
        "programme",
        "carrier",
        "site",
        "person",
        "certificate_date",
        "conviction_found",
    }
    told = AuditEntry.objects.filter(action="people.inspect_record_check")
    assert [entry.details for entry in told] == [{}, {}]


@pytest.mark.parametrize(
    ("day", "code"),
    [(date(2026, 8, 22), "certificate_old"), (date(2026, 11, 24), "certificate_later")],
)
def test_a_certificate_of_the_wrong_age_is_refused(day: date, code: str) -> None:
    with pytest.raises(CannotInspect) as refused:
        inspect_record_check(
            person=MentorFactory.create(),
            certificate_date=day,
            conviction_found=False,
            by=BY,
            at=AT,
        )
    assert [(r.code, r.field) for r in refused.value.reasons] == [(code, "certificate_date")]
    assert not RecordCheck.objects.exists()
    assert not AuditEntry.objects.exists()


def test_only_for_mentors_who_are_here() -> None:
    with pytest.raises(CannotInspect) as refused:
        inspect_record_check(
            person=MenteeFactory.create(archived_at=AT),
            certificate_date=date(2026, 11, 1),
            conviction_found=False,
            by=BY,
            at=AT,
        )
    assert [r.code for r in refused.value.reasons] == ["no_mentor", "archived"]


def test_a_site_may_say_otherwise() -> None:
    person = MentorFactory.create()
    set_people_settings(
        organisation=person.site, **{**UNSAID, "certificate_months": 1}, by=BY, at=AT
    )
    with pytest.raises(CannotInspect, check=said("certificate_old")):
        inspect_record_check(
            person=person,
            certificate_date=date(2026, 10, 22),
            conviction_found=False,
            by=BY,
            at=AT,
        )


def test_a_check_is_removed_once() -> None:
    check, other = RecordCheckFactory.create(), RecordCheckFactory.create()
    remove_record_check(person=check.person, by=BY, at=AT)
    assert list(RecordCheck.objects.all()) == [other]
    with pytest.raises(CannotRemoveCheck, check=said("no_check")):
        remove_record_check(person=check.person, by=BY, at=AT)
    assert [e.action for e in AuditEntry.objects.all()] == ["people.remove_record_check"]


def test_earlier_inspections_are_taken_over() -> None:
    site = SiteFactory.create()
    new, newer, older, convicted, gone, unnamed = (
        MentorFactory.create(site=site, archived_at=AT if n == 4 else None) for n in range(6)
    )
    for person in (newer, older):
        RecordCheckFactory.create(person=person, certificate_date=date(2024, 5, 1))
    RecordCheckFactory.create(
        person=convicted, certificate_date=date(2020, 1, 1), conviction_found=True
    )
    RecordCheckFactory.create(person=unnamed, certificate_date=date(2019, 1, 1))
    days = {
        new.pk: Inspected(date(2019, 3, 4)),
        newer.pk: Inspected(date(2025, 1, 1)),
        older.pk: Inspected(date(2024, 5, 1)),
        convicted.pk: Inspected(date(2026, 1, 1)),
        gone.pk: Inspected(date(2026, 1, 1)),
    }
    assert take_record_checks(site=site, checks=days, by=BY, at=AT) == 2
    kept = {
        c.person_id: (c.certificate_date, c.conviction_found) for c in RecordCheck.objects.all()
    }
    assert kept == {
        new.pk: (date(2019, 3, 4), False),
        newer.pk: (date(2025, 1, 1), False),
        older.pk: (date(2024, 5, 1), False),
        convicted.pk: (date(2020, 1, 1), True),
        unnamed.pk: (date(2019, 1, 1), False),
    }
    assert AuditEntry.objects.get().object_ids == [new.pk, newer.pk]
    assert take_record_checks(site=site, checks=days, by=BY, at=AT) == 0
    assert AuditEntry.objects.count() == 1


def test_a_conviction_comes_with_the_list_and_stays() -> None:
    site = SiteFactory.create()
    new, known, later = (MentorFactory.create(site=site) for _n in range(3))
    for person in (known, later):
        RecordCheckFactory.create(person=person, certificate_date=date(2024, 5, 1))
    found = Inspected(date(2024, 5, 1), conviction_found=True)
    checks = {
        new.pk: found,
        known.pk: found,
        later.pk: Inspected(date(2024, 4, 30), conviction_found=True),
    }
    assert take_record_checks(site=site, checks=checks, by=BY, at=AT) == 2
    kept = dict(RecordCheck.objects.values_list("person_id", "conviction_found"))
    assert kept == {new.pk: True, known.pk: True, later.pk: False}
    clean = {new.pk: Inspected(date(2026, 1, 1))}
    assert take_record_checks(site=site, checks=clean, by=BY, at=AT) == 0


def test_whom_the_list_itself_brings_into_the_archive_has_a_check_until_the_night() -> None:
    site = SiteFactory.create()
    gone = MentorFactory.create(site=site, archived_at=AT)
    checks = {gone.pk: Inspected(date(2026, 1, 1))}
    said = {"site": site, "checks": checks, "by": BY, "at": AT}
    assert take_record_checks(**said) == 0
    assert take_record_checks(**said, brought=[gone.pk]) == 1
    clear_record_checks(by=BY, at=AT)
    assert not RecordCheck.objects.exists()


def test_taken_over_are_only_the_sites_own_mentors_and_past_days() -> None:
    site = SiteFactory.create()
    mentor = MentorFactory.create(site=site)
    for foreign in (MentorFactory.create(), MenteeFactory.create(site=site)):
        with pytest.raises(LookupError, match="No mentor of site"):
            take_record_checks(
                site=site, checks={foreign.pk: Inspected(date(2026, 1, 1))}, by=BY, at=AT
            )
    with pytest.raises(CannotInspect, check=said("certificate_later")):
        take_record_checks(
            site=site, checks={mentor.pk: Inspected(date(2026, 11, 24))}, by=BY, at=AT
        )
    assert not RecordCheck.objects.exists()


@pytest.mark.parametrize(
    ("known", "archived", "stays"),
    [
        (Activity(), False, True),
        (Activity(), True, False),
        (Activity(running=True), True, True),
        (Activity(running=True, ended_on=date(2025, 1, 1)), False, True),
        (Activity(ended_on=date(2026, 5, 24)), True, True),
        (Activity(ended_on=date(2026, 5, 23)), True, False),
        (Activity(ended_on=date(2026, 5, 23)), False, False),
        (Activity(ended_on=date(2026, 1, 1)), False, True),
        (Activity(ended_on=date(2026, 1, 1)), True, False),
    ],
)
def test_a_check_goes_when_the_law_wants_it(
    monkeypatch: pytest.MonkeyPatch, known: Activity, archived: bool, stays: bool
) -> None:
    check = RecordCheckFactory.create(
        certificate_date=date(2026, 2, 1), person__archived_at=AT if archived else None
    )
    other = RecordCheckFactory.create()
    does(monkeypatch, {check.person_id: known})
    assert clear_record_checks(by=BY, at=AT) == (0 if stays else 1)
    assert set(RecordCheck.objects.all()) == ({check, other} if stays else {other})
    assert clear_record_checks(by=BY, at=AT) == 0
    told = [] if stays else [[check.person_id]]
    assert [entry.object_ids for entry in AuditEntry.objects.all()] == told


def test_activity_is_joined_over_all_that_know(monkeypatch: pytest.MonkeyPatch) -> None:
    def one(_ids: Sequence[int]) -> dict[int, Activity]:
        return {1: Activity(ended_on=date(2026, 1, 1))}

    def two(_ids: Sequence[int]) -> dict[int, Activity]:
        return {1: Activity(ended_on=date(2026, 2, 1)), 2: Activity(running=True)}

    monkeypatch.setattr(activity, "_sources", [])
    for source in (one, two, one):
        activity.add_activity_source(source)
    assert activity.activities([1, 2, 3]) == {
        1: Activity(ended_on=date(2026, 2, 1)),
        2: Activity(running=True),
        3: Activity(),
    }
    assert len(activity._sources) == 2


ON_CONSENTS = (False, False)
"""What holds for consents while nobody says otherwise."""


def test_rules_are_inherited_from_wide_to_narrow() -> None:
    site = SiteFactory.create()
    sibling = SiteFactory.create(carrier=site.carrier)
    elsewhere = SiteFactory.create()
    for organisation, rules in (
        (site.programme, {"record_check_years": 4, "warning_days": 10}),
        (site.carrier, {"record_check_years": 3, "months_kept": 2}),
        (site, {"warning_days": 30}),
    ):
        for _twice in range(2):
            set_people_settings(organisation=organisation, **{**UNSAID, **rules}, by=BY, at=AT)
    assert PeopleSettings.objects.count() == 3
    assert rules_at(site) == PeopleRules(3, 3, 2, 30, *ON_CONSENTS)
    assert rules_at(sibling) == PeopleRules(3, 3, 2, 10, *ON_CONSENTS)
    assert rules_at(site.carrier) == PeopleRules(3, 3, 2, 10, *ON_CONSENTS)
    assert rules_at(site.programme) == PeopleRules(4, 3, 6, 10, *ON_CONSENTS)
    assert rules_at(elsewhere) == PeopleRules(5, 3, 6, 60, *ON_CONSENTS)


def test_a_carrier_s_yes_holds_until_a_site_says_no() -> None:
    site = SiteFactory.create()
    sibling = SiteFactory.create(carrier=site.carrier)
    yes = {"all_guardians_consent": True, "minors_need_consent": True}
    set_people_settings(organisation=site.carrier, **{**UNSAID, **yes}, by=BY, at=AT)
    set_people_settings(organisation=site, **{**UNSAID, "minors_need_consent": False}, by=BY, at=AT)
    assert rules_at(site) == PeopleRules(5, 3, 6, 60, True, False)
    assert rules_at(sibling) == PeopleRules(5, 3, 6, 60, True, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("record_check_years", 0),
        ("record_check_years", 6),
        ("certificate_months", 0),
        ("certificate_months", 13),
        ("months_kept", 7),
        ("warning_days", 366),
    ],
)
def test_rules_out_of_range_are_refused(name: str, value: int) -> None:
    site = SiteFactory.create()
    with pytest.raises(CannotSet) as refused:
        set_people_settings(organisation=site, **{**UNSAID, name: value}, by=BY, at=AT)
    assert [(r.code, r.field) for r in refused.value.reasons] == [("range", name)]
    assert not PeopleSettings.objects.exists()
