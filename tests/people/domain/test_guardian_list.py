"""Guardians in a list of mentees: compared, shown, taken over, and out again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.imports.domain.kinds import Line
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Site
from patenwerk.people.domain.guardian import (
    CannotTakeGuardian,
    GuardianValues,
    Told,
    take_guardians,
    values_of,
)
from patenwerk.people.domain.guardian_list import guardian_cell
from patenwerk.people.domain.importing import MENTEES
from patenwerk.people.enums import Relation
from patenwerk.people.kernel.columns import GUARDIAN_FIELDS, Field
from patenwerk.people.models import Guardian, Person
from tests.factories.organisations import SiteFactory
from tests.factories.people import ConsentFactory, GuardianFactory, MenteeFactory
from tests.people.refusals import said
from tests.sheets import sheet_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ON = date(2026, 11, 23)
BY = Actor(user_id=3)
SARA = {
    "file_id": "K-1",
    "first_name": "Sara",
    "last_name": "Linde",
    "birth_date": date(2014, 3, 1),
    "postcode": "10115",
    "languages": "Deutsch C1",
}
EVA = {
    **SARA,
    "guardians": "Eva Linde",
    "guardian_relations": "Mutter",
    "guardian_phones": "0341 1",
}


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


@pytest.fixture
def sara(site: Site) -> Person:
    take(site, SARA)
    return Person.objects.get()


def compared(site: Site, *rows: Mapping[str, Any]) -> list[Line]:
    """The rows as the preview has them."""
    sheet = sheet_of(*rows)
    mapping = dict(enumerate(sheet.headers))
    understood = MENTEES.understand(sheet, mapping, site=site, on=ON, date_order=None)
    return MENTEES.compare(understood, site=site, on=ON, beside={})


def take(site: Site, *rows: Mapping[str, Any]) -> list[Line]:
    lines = compared(site, *rows)
    MENTEES.take(lines, site=site, by=BY, at=AT)
    return lines


def test_a_new_child_comes_with_its_guardians(site: Site) -> None:
    both = {**EVA, "guardians": "Eva Linde; Jan", "guardian_custody": "ja; nein"}
    (line,) = take(site, both)
    assert line.standing is Standing.NEW
    assert line.words()["guardians"] == "Eva Linde; Jan"
    eva, jan = Guardian.objects.order_by("position")
    assert values_of(eva) == GuardianValues(
        relation=Relation.MOTHER, first_name="Eva", last_name="Linde", phone="0341 1"
    )
    assert values_of(jan) == GuardianValues(
        relation=Relation.OTHER, first_name="Jan", decides=False
    )
    assert (eva.person.first_name, eva.site_id, jan.position) == ("Sara", site.pk, 2)
    entry = AuditEntry.objects.get(action="people.take_guardians")
    assert (entry.details, entry.object_ids) == ({"new": 2, "changed": 0}, [eva.person_id])
    (again,) = compared(site, both)
    assert again.standing is Standing.UNCHANGED


def test_what_a_list_says_otherwise_is_a_difference(site: Site, sara: Person) -> None:
    GuardianFactory.create(
        person=sara, first_name="Eva", last_name="Linde", email="eva@example.org", position=1
    )
    later = {**EVA, "guardians": "Linde, EVA; Jan", "guardian_phones": "0341 1; –"}
    with translation.override("en"):
        (line,) = compared(site, later)
        assert line.standing is Standing.CHANGED
        assert [(each.title, each.before, each.after) for each in line.differences] == [
            ("Guardians", "Linde, Eva", "Linde, Eva\nJan"),
            ("Relation to the child", "mother", "mother\nother relation"),
            ("Custody", "yes", "yes\nyes"),
            ("Guardians' phone", "", "0341 1\n–"),
            ("Guardians' e-mail address", "eva@example.org", "eva@example.org\n–"),
        ]
    MENTEES.take([line], site=site, by=BY, at=AT)
    eva, jan = Guardian.objects.order_by("position")
    assert (eva.phone, eva.email, jan.full_name) == ("0341 1", "eva@example.org", "Jan")


def test_nobody_is_taken_away_and_columns_not_there_stay(site: Site, sara: Person) -> None:
    eva = GuardianFactory.create(person=sara, first_name="Eva", last_name="", phone="1")
    gone = GuardianFactory.create(person=sara, first_name="Jan", removed_on=ON)
    for row in (SARA, {**SARA, "guardians": ""}, {**SARA, "guardians": "Eva"}):
        assert [line.standing for line in compared(site, row)] == [Standing.UNCHANGED]
    (line,) = compared(site, {**SARA, "guardians": "Eva", "guardian_phones": ""})
    assert [(each.before, each.after) for each in line.differences] == [("1", "")]
    # Whoever was removed stands there as a proof; the same name now is somebody entered anew.
    take(site, {**SARA, "guardians": f"Jan {gone.last_name}"})
    assert Guardian.objects.filter(first_name="Jan").count() == 2
    assert Guardian.objects.get(pk=eva.pk).phone == "1"


def test_a_bad_cell_makes_the_row_bad_and_says_which(site: Site) -> None:
    for change, column in (
        ({"guardian_relations": "Nachbarin"}, "guardian_relations"),
        ({"guardians": ""}, "guardian_relations"),
        ({"guardians": "Eva\0"}, "Erziehungsberechtigte"),
        ({"guardian_phones": "0341\0"}, "Telefon Eltern"),
    ):
        (line,) = compared(site, {**EVA, **change})
        assert (line.standing, line.problems[0].header) == (Standing.BAD, column), change
        assert line.problems[0].sentence


def test_an_archived_child_is_not_changed(site: Site, sara: Person) -> None:
    Person.objects.update(archived_at=AT)
    (line,) = compared(site, EVA)
    assert line.standing is Standing.BAD


def test_a_row_shown_is_another_one_once_the_guardian_changed(site: Site, sara: Person) -> None:
    (shown,) = compared(site, EVA)
    GuardianFactory.create(person=sara, first_name="Eva", last_name="Linde")
    (now,) = compared(site, EVA)
    assert shown.fingerprint != now.fingerprint


def test_what_goes_out_is_read_as_it_was() -> None:
    guardians = [
        GuardianValues(relation="mother", first_name="Eva", last_name="Linde", phone="1; 2"),
        GuardianValues(relation="court", last_name="Amt; Nord", language="uk", decides=False),
        GuardianValues(relation="other", first_name="Oma Hanne", email="h@example.org"),
    ]
    cells = {field: guardian_cell(field, guardians) for field in GUARDIAN_FIELDS}
    assert cells[Field.GUARDIANS] == "Linde, Eva\nAmt  Nord, \n, Oma Hanne"
    assert cells[Field.GUARDIAN_PHONES] == "1; 2\n–\n–"
    assert cells[Field.GUARDIAN_LANGUAGES] == "–\nUkrainisch\n–"
    assert {guardian_cell(field, []) for field in GUARDIAN_FIELDS} == {""}
    assert guardian_cell(Field.GUARDIAN_EMAILS, guardians[:1]) == ""


# --- many at once -----------------------------------------------------------------------------


def told(**values: Any) -> Told:
    return Told(None, GuardianValues(relation="mother", **values))


def test_taking_is_all_or_none_and_only_the_site_s_own(site: Site, sara: Person) -> None:
    with pytest.raises(CannotTakeGuardian, check=said("name_missing")):
        take_guardians(site=site, told={sara.pk: [told(first_name="Eva"), told()]}, by=BY, at=AT)
    foreign = MenteeFactory.create()
    with pytest.raises(LookupError):
        take_guardians(site=site, told={foreign.pk: [told(first_name="Eva")]}, by=BY, at=AT)
    other = GuardianFactory.create()
    with pytest.raises(KeyError):
        take_guardians(site=site, told={sara.pk: [Told(other.pk, values_of(other))]}, by=BY, at=AT)
    assert Guardian.objects.count() == 1
    assert take_guardians(site=site, told={}, by=BY, at=AT) == 0
    assert not AuditEntry.objects.filter(action="people.take_guardians").exists()


def test_nobody_takes_the_place_of_one_who_has_consented(site: Site, sara: Person) -> None:
    gone = GuardianFactory.create(person=sara, position=7, removed_on=ON)
    ConsentFactory.create(person=sara).guardians.add(gone)
    take_guardians(site=site, told={sara.pk: [told(first_name="Eva")]}, by=BY, at=AT)
    assert Guardian.objects.get(first_name="Eva").position == 8


@pytest.mark.parametrize("count", [1, 3])
def test_comparing_and_taking_ask_as_often_for_many(
    site: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [{**EVA, "file_id": f"K-{number}", "last_name": f"L{number}"} for number in range(count)]
    with django_assert_num_queries(4):  # fields twice, labels, people
        compared(site, *rows)
    take(site, *rows)
    changed = [{**row, "guardian_phones": "2"} for row in rows]
    with django_assert_num_queries(6):  # and fields of the people, and their guardians
        lines = compared(site, *changed)
    said = {line.entry.person_id: line.entry.guardians for line in lines}
    with django_assert_num_queries(6):  # savepoint, people, guardians, written, record
        take_guardians(site=site, told=said, by=BY, at=AT)
