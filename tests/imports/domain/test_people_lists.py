"""Whom a row is about: by its number, else by name and birth date."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from patenwerk.core.clock import day_of
from patenwerk.core.refusal import Reason
from patenwerk.organisations.models import Site
from patenwerk.people.domain.importing import MENTEES, MENTORS
from patenwerk.people.kernel.columns import Field
from patenwerk.people.models import Person
from tests.factories.imports import AT, JONAS, LEA, take, upload_of
from tests.factories.organisations import SiteFactory, SupportFieldFactory, actor, coordinator

pytestmark = pytest.mark.django_db
PLAIN = {name: value for name, value in LEA.items() if name != "Nr."}


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


def stored(site: Site, *rows: dict[str, Any] | Any) -> None:
    upload = upload_of(site, *rows)
    take(upload, actor(coordinator(site)))
    assert upload.taken_new == len(rows)


def standings(site: Site, *rows: Any) -> list[str]:
    return [row.standing for row in upload_of(site, *rows).rows.all()]


@pytest.mark.parametrize(
    ("there", "comes", "expected"),
    [
        (LEA, LEA, "unchanged"),
        (LEA, {**LEA, "Vorname": "Lena"}, "changed"),
        (LEA, {**LEA, "Nr.": "M-9"}, "new"),
        (LEA, PLAIN, "unchanged"),
        (LEA, {**LEA, "Nr.": None}, "unchanged"),
        (PLAIN, LEA, "changed"),
        (PLAIN, {**PLAIN, "Vorname": "LEA"}, "changed"),
        (PLAIN, {**PLAIN, "Geburtsdatum": "25.05.1990"}, "new"),
        (PLAIN, {**PLAIN, "Geburtsdatum": None}, "changed"),
        ({**PLAIN, "Geburtsdatum": None}, PLAIN, "changed"),
        (PLAIN, {k: v for k, v in PLAIN.items() if k != "Geburtsdatum"}, "unchanged"),
        (PLAIN, {**PLAIN, "Nachname": "Birk"}, "new"),
    ],
)
def test_a_row_finds_its_person(site: Site, there: Any, comes: Any, expected: str) -> None:
    stored(site, there)
    assert standings(site, comes) == [expected]


def test_a_number_is_never_taken_away(site: Site) -> None:
    stored(site, LEA)
    upload = upload_of(site, {**LEA, "Nr.": None, "PLZ": "01067"})
    assert [title for title, *_words in upload.rows.get().differences] == ["PLZ"]


def test_between_several_nothing_decides(site: Site) -> None:
    stored(site, LEA, {**LEA, "Nr.": "M-2", "PLZ": "04315"})
    upload = upload_of(site, PLAIN)
    assert [row.standing for row in upload.rows.all()] == ["bad"]
    assert "Nummer" in upload.rows.get().problems[0][1]
    assert standings(site, LEA, {**LEA, "Nr.": "M-2", "PLZ": "04315"}) == ["unchanged"] * 2


def test_rows_about_one_person_are_all_bad(site: Site) -> None:
    upload = upload_of(site, PLAIN, {**PLAIN, "PLZ": "01067"}, {**PLAIN, "Vorname": "Ina"})
    assert dict(upload.rows.values_list("number", "standing")) == {2: "bad", 3: "bad", 4: "new"}
    assert ["3" in upload.rows.get(number=2).problems[0][1]] == [True]
    stored(site, LEA)
    assert standings(site, LEA, {**PLAIN, "Nr.": None, "PLZ": "01067"}) == ["bad", "bad"]


def test_a_row_without_birth_date_leaves_people_to_rows_that_name_them(site: Site) -> None:
    stored(site, PLAIN)
    undated = {**PLAIN, "Geburtsdatum": None, "PLZ": "01067"}
    assert standings(site, PLAIN, undated) == ["unchanged", "new"]


def test_the_archived_are_not_changed_behind_their_back(site: Site) -> None:
    stored(site, LEA, JONAS)
    Person.objects.update(archived_at=AT)
    assert standings(site, LEA, {**JONAS, "PLZ": "01067"}) == ["unchanged", "bad"]


def test_who_takes_part_no_longer_comes_into_the_archive(site: Site) -> None:
    left = {**LEA, "Im Archiv seit": "30.09.2025"}
    upload = upload_of(site, left, JONAS)
    take(upload, actor(coordinator(site)))
    found = dict(Person.objects.values_list("first_name", "archived_at"))
    assert found["Jonas"] is None
    assert found["Lea"] is not None
    assert day_of(found["Lea"]) == date(2025, 9, 30)
    assert standings(site, left, JONAS) == ["unchanged"] * 2
    upload = upload_of(site, {**JONAS, "Im Archiv seit": "30.09.2025"})
    assert upload.rows.get().problems[0][0] == "Im Archiv seit"
    assert standings(
        site, {**left, "Nr.": "M-9", "Vorname": "Ida", "Im Archiv seit": "1.1.2099"}
    ) == ["bad"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("Wartet seit", "01.01.1999"),
        ("Interessen", ", ".join("abcdefghijklmnopqrstuvwxyz12345")),
        ("Entfernung km", 400),
        ("Vorname", "x" * 81),
    ],
)
def test_what_a_person_may_not_have_is_a_bad_row(site: Site, column: str, value: Any) -> None:
    row = upload_of(site, {**LEA, column: value}).rows.get()
    assert (row.standing, [header for header, _sentence in row.problems]) == ("bad", [column])


@pytest.mark.parametrize(
    ("field", "header"),
    [("interests", "Interessen"), ("wished_age_to", "Wunsch Alter"), (None, ""), ("x", "")],
)
def test_what_only_the_domain_refuses_is_a_bad_row_too(
    site: Site, monkeypatch: pytest.MonkeyPatch, field: str | None, header: str
) -> None:
    against = [Reason("no", "Das geht nicht.", field)]
    monkeypatch.setattr("patenwerk.people.domain.importing.problems", lambda *_a, **_m: against)
    row = upload_of(site, LEA).rows.get()
    assert (row.standing, row.problems) == ("bad", [[header, "Das geht nicht."]])


def test_fields_of_support_are_the_programme_s_own(site: Site) -> None:
    SupportFieldFactory.create(programme=site.programme, code="school", name_de="Schule")
    SupportFieldFactory.create(code="art", name_de="Kunst")
    upload = upload_of(
        site, {**LEA, "Lebensbereiche": "schule"}, {**JONAS, "Lebensbereiche": "Kunst"}
    )
    good, bad = upload.rows.all()
    assert (good.cells["fields"], bad.standing) == ("Schule", "bad")
    assert "Schule" in bad.problems[0][1]
    assert "art" not in bad.problems[0][1].split()
    take(upload, actor(coordinator(site)))
    assert [field.code for field in Person.objects.get().fields.all()] == ["school"]
    assert standings(site, {**LEA, "Lebensbereiche": "Schule"}) == ["unchanged"]


def test_every_value_of_a_row_is_stored_and_shown(site: Site) -> None:
    full = {
        **LEA,
        "Geschlecht": "divers",
        "E-Mail": "lea@beispiel.example",
        "Telefon": "0341 1",
        "Entfernung km": "10 km",
        "Freie Zeiten": "Mo nachmittags",
        "Interessen": "Fußball, Kochen",
        "Abneigungen": "Achterbahn",
        "Wunsch Geschlecht": "weiblich oder divers",
        "Wunsch Alter": "ab 25",
        "Dauer Monate": 12,
        "Plätze": 2,
        "Wartet seit": "01.03.2026",
        "Notiz": "spielt Geige",
    }
    stored(site, full)
    person = Person.objects.get()
    assert (person.gender, person.free_times, person.capacity) == ("diverse", 2, 2)
    assert (person.interests, person.wished_genders) == (
        ["Fußball", "Kochen"],
        ["diverse", "female"],
    )
    assert standings(site, full) == ["unchanged"]
    other = {
        **full,
        "Geschlecht": "w",
        "Freie Zeiten": "Di abends",
        "Interessen": "Lesen",
        "Wunsch Geschlecht": "egal",
        "Wunsch Alter": None,
        "Plätze": 1,
    }
    differences = upload_of(site, other).rows.get().differences
    assert {title for title, *_words in differences} == {
        "Geschlecht",
        "Freie Zeiten",
        "Interessen",
        "Wunsch Geschlecht",
        "Wunsch Alter",
        "Plätze",
    }


def test_a_mentee_s_own_level_is_a_difference(site: Site) -> None:
    row = {**LEA, "Mindestniveau": "A2"}
    upload = upload_of(site, row, kind="mentee")
    take(upload, actor(coordinator(site)))
    for level, words in (
        ("B1", ["Mindestniveau", "A2", "B1"]),
        (None, ["Mindestniveau", "A2", ""]),
    ):
        changed = upload_of(site, {**row, "Mindestniveau": level}, kind="mentee")
        assert changed.rows.get().differences == [words]


def test_what_serves_two_files_only_is_no_column_here(site: Site) -> None:
    upload = upload_of(site, {**LEA, "Nie mit": "K-1", "Netzwerk": "Ost"})
    assert upload.mapping[-2:] == ["", ""]
    names = {column.name for column in (*MENTORS.columns(), *MENTEES.columns())}
    assert names == {field.value for field in Field} - {
        "never_with",
        "network",
        "record_check_until",
    }
