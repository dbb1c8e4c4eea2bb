"""Lists of consents: whom they mean, what they bring, what they take back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.core.sheets.model import Row, Sheet
from patenwerk.imports.domain.kinds import Beside, Line
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Site
from patenwerk.people.domain import consent as domain
from patenwerk.people.domain.consent import ConsentHistory, take_consents
from patenwerk.people.domain.consent_list import CONSENTS, consent_rows, title_of
from patenwerk.people.domain.importing import MENTEES
from patenwerk.people.enums import ConsentPurpose, GivenBy
from patenwerk.people.kernel.consent_rows import ConsentField, ConsentRow
from patenwerk.people.models import Consent, Guardian, Person
from tests.factories.organisations import SiteFactory
from tests.factories.people import ConsentFactory, GuardianFactory, MenteeFactory, MentorFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ON = date(2026, 11, 23)
BY = Actor(user_id=3)
GIVEN = {
    "person": "Sara Linde",
    "purpose": "Teilnahme",
    "version": "2026-11",
    "given_by": "Eltern",
    "guardians": "Eva Linde",
    "given_on": date(2026, 11, 2),
}


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


@pytest.fixture
def sara(site: Site) -> Person:
    return MenteeFactory.create(
        site=site, first_name="Sara", last_name="Linde", birth_date=date(2014, 3, 1), file_id="K-1"
    )


def sheet_of(*rows: Mapping[str, Any]) -> tuple[Sheet, dict[int, str]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = tuple(
        Row(number, tuple(row.get(name) for name in names))
        for number, row in enumerate(rows, start=2)
    )
    sheet = Sheet(
        name="",
        sheet_names=(),
        headers=tuple(names),
        header_row=1,
        rows=cells,
        notices=(),
        asks_date_order=False,
    )
    return sheet, dict(enumerate(names))


def read(
    site: Site, *rows: Mapping[str, Any], kind: Any = CONSENTS, beside: Beside | None = None
) -> list[Line]:
    sheet, mapping = sheet_of(*rows)
    understood = kind.understand(sheet, mapping, site=site, on=ON, date_order=None)
    lines: list[Line] = kind.compare(understood, site=site, on=ON, beside=beside or {})
    return lines


def take(site: Site, *rows: Mapping[str, Any]) -> None:
    CONSENTS.take(read(site, *rows), site=site, by=BY, at=AT)


def standings(lines: list[Line]) -> list[Standing]:
    return [line.standing for line in lines]


def test_a_consent_comes_with_who_gave_it(site: Site, sara: Person) -> None:
    eva = GuardianFactory.create(person=sara, first_name="Eva", last_name="Linde")
    row = {**GIVEN, "guardians": "linde, EVA; Oma Hanne"}
    (line,) = read(site, row)
    assert (line.standing, line.label) == (Standing.NEW, "Sara Linde")
    with translation.override("en"):
        words = read(site, row)[0].words()
    assert words["purpose"] == "take part in the programme"
    assert (words["guardians"], words["given_on"]) == ("Hanne, Oma\nlinde, EVA", "11/02/2026")
    CONSENTS.take([line], site=site, by=BY, at=AT)
    consent = Consent.objects.get()
    assert (consent.person, consent.purpose, consent.version) == (sara, "taking_part", "2026-11")
    assert (consent.given_by, consent.given_on, consent.site_id) == (
        GivenBy.GUARDIAN,
        date(2026, 11, 2),
        site.pk,
    )
    assert eva in consent.guardians.all()
    # Whoever is not entered stands with the name alone: it proves who said so.
    proof = Guardian.objects.get(first_name="Oma")
    assert (proof.removed_on, proof.position) == (consent.given_on, eva.position + 1)
    entry = AuditEntry.objects.get(action="people.take_consents")
    assert (entry.object_ids, entry.details) == ([sara.pk], {"new": 1, "changed": 0})
    assert standings(read(site, row)) == [Standing.UNCHANGED]


def test_that_it_was_taken_back_is_a_difference_and_its_followers_hear_of_it(
    site: Site, sara: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(site, GIVEN)
    heard: list[tuple[Person, ConsentPurpose]] = []
    monkeypatch.setattr(
        domain, "_followers", [lambda who, what, _by, _at: heard.append((who, what))]
    )
    back = {**GIVEN, "withdrawn_on": date(2026, 11, 20)}
    (line,) = read(site, back)
    assert line.standing is Standing.CHANGED
    assert [(each.title, each.before, each.after) for each in line.differences] == [
        ("Widerrufen am", "", "20.11.2026")
    ]
    CONSENTS.take([line], site=site, by=BY, at=AT)
    assert Consent.objects.get().withdrawn_on == date(2026, 11, 20)
    assert heard == [(sara, ConsentPurpose.TAKING_PART)]
    assert standings(read(site, back)) == [Standing.UNCHANGED]
    for stale in (GIVEN, {**GIVEN, "withdrawn_on": date(2026, 11, 21)}):
        assert standings(read(site, stale)) == [Standing.BAD]
    again = {**GIVEN, "given_on": date(2026, 11, 22)}
    assert standings(read(site, back, again)) == [Standing.UNCHANGED, Standing.NEW]


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"version": "2019-01"}, "version"),
        ({"guardians": None}, "guardians"),
        ({"given_by": "selbst", "guardians": None}, "given_by"),
        ({"purpose": "Wechsel"}, "purpose"),
        ({"person": "Niemand"}, "person"),
        ({"given_on": None}, "given_on"),
    ],
)
def test_what_speaks_against_a_consent_is_said_beside_its_column(
    site: Site, sara: Person, changes: dict[str, Any], column: str
) -> None:
    (line,) = read(site, {**GIVEN, **changes})
    assert line.standing is Standing.BAD
    said = line.problems[0].header
    assert said in {column, title_of(column)}
    assert line.problems[0].sentence


def test_whoever_decides_alone_names_no_guardian(site: Site) -> None:
    MentorFactory.create(site=site, first_name="Lea", last_name="Birke")
    alone = {**GIVEN, "person": "Lea Birke", "given_by": "selbst"}
    assert standings(read(site, alone)) == [Standing.BAD]
    assert standings(read(site, {**alone, "guardians": None})) == [Standing.NEW]


def test_a_row_without_a_day_is_a_mistake_of_the_caller(site: Site, sara: Person) -> None:
    values = {ConsentField.PERSON: "Sara Linde"}
    with pytest.raises(LookupError):
        CONSENTS.compare(
            [ConsentRow(number=2, values=values, problems=())], site=site, on=ON, beside={}
        )


def test_one_is_in_force_and_each_row_counts_once(site: Site, sara: Person) -> None:
    later = {**GIVEN, "given_on": date(2026, 11, 3)}
    assert standings(read(site, GIVEN, GIVEN, later)) == [
        Standing.NEW,
        Standing.BAD,
        Standing.BAD,
    ]
    over = {**GIVEN, "withdrawn_on": date(2026, 11, 9)}
    assert standings(read(site, over, over)) == [Standing.NEW, Standing.BAD]
    other = {**GIVEN, "purpose": "andere Träger"}
    assert standings(read(site, GIVEN, other)) == [Standing.NEW, Standing.NEW]
    take(site, GIVEN)
    assert standings(read(site, later)) == [Standing.BAD]


def test_a_consent_to_move_comes_only_once_it_is_over(site: Site, sara: Person) -> None:
    moving = {**GIVEN, "purpose": "Wechsel", "withdrawn_on": date(2026, 11, 9)}
    assert standings(read(site, moving)) == [Standing.NEW]
    take(site, moving)
    ConsentFactory.create(person=sara, purpose=ConsentPurpose.MOVE_SITE)
    assert len(list(consent_rows(site))) == 1


def test_number_name_and_side_say_whose_it_is(site: Site, sara: Person) -> None:
    twin = {"first_name": "Sara", "last_name": "Linde", "birth_date": date(1990, 1, 1)}
    MentorFactory.create(site=site, file_id="K-1", **twin)
    (line,) = read(site, GIVEN)
    assert (line.standing, line.problems[0].header) == (Standing.BAD, "Seite")
    (line,) = read(site, {**GIVEN, "side": "Mentee"})
    assert line.entry.person_id == sara.pk
    (line,) = read(site, {**GIVEN, "side": "Mentee", "person_id": "K-1", "person": None})
    assert line.entry.person_id == sara.pk
    MenteeFactory.create(site=SiteFactory.create(), first_name="Fremd", last_name="Fern")
    assert standings(read(site, {**GIVEN, "person": "Fremd Fern"})) == [Standing.BAD]


def test_somebody_the_same_file_brings_has_consented_already(site: Site) -> None:
    mentees = read(
        site,
        {"name": "Sara Linde", "postcode": "04109", "languages": "Deutsch C1"},
        kind=MENTEES,
    )
    (line,) = read(site, GIVEN, beside={"mentee": mentees})
    assert line.standing is Standing.NEW
    with pytest.raises(LookupError, match="Not stored yet"):
        CONSENTS.take([line], site=site, by=BY, at=AT)
    MENTEES.take(mentees, site=site, by=BY, at=AT)
    (now,) = read(site, GIVEN)
    assert (now.standing, now.fingerprint) == (line.standing, line.fingerprint)


def test_only_the_site_s_own_are_written(site: Site, sara: Person) -> None:
    foreign = ConsentFactory.create()
    with pytest.raises(LookupError):
        take_consents(site=site, new=[], withdrawn={foreign.pk: ON}, by=BY, at=AT)
    history = ConsentHistory(
        person_id=foreign.person_id,
        purpose=ConsentPurpose.TAKING_PART,
        version="2026-11",
        given_by=GivenBy.SELF,
        given_on=ON,
    )
    with pytest.raises(LookupError):
        take_consents(site=site, new=[history], withdrawn={}, by=BY, at=AT)
    assert take_consents(site=site, new=[], withdrawn={}, by=BY, at=AT) == []
    assert not AuditEntry.objects.exists()


def test_of_two_guardians_with_one_name_the_one_who_is_there_is_meant(
    site: Site, sara: Person
) -> None:
    GuardianFactory.create(person=sara, first_name="Eva", last_name="Linde", removed_on=ON)
    there = GuardianFactory.create(person=sara, first_name="Eva", last_name="Linde")
    take(site, GIVEN)
    assert list(Consent.objects.get().guardians.all()) == [there]


def test_what_the_list_is_called_and_needs(site: Site) -> None:
    assert CONSENTS.title(site.programme) == "Einwilligungen"
    assert CONSENTS.missing({"person_id", "purpose", "version", "given_by"}) == ["Eingewilligt am"]
    assert CONSENTS.missing(set(GIVEN) - {"person"}) == ["Person"]
    assert CONSENTS.taken_url(site).endswith(f"?site={site.pk}")
    assert "einwilligungen" in CONSENTS.sheet_words()
    assert {each.name for each in CONSENTS.columns() if each.has_dates} == {
        "given_on",
        "withdrawn_on",
    }


@pytest.mark.parametrize("count", [1, 3])
def test_comparing_asks_as_often_for_many(
    site: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = []
    for number in range(count):
        child = MenteeFactory.create(
            site=site, file_id=f"K-{number}", birth_date=date(2014, 3, 1), last_name=f"L{number}"
        )
        guardian = GuardianFactory.create(person=child)
        consent = ConsentFactory.create(person=child)
        consent.guardians.add(guardian)
        rows.append({**GIVEN, "person": None, "person_id": child.file_id})
    with django_assert_num_queries(4):  # people and their fields, consents and who gave them
        lines = read(site, *rows)
    with django_assert_num_queries(8):  # savepoint, people, consents, guardians, who gave, record
        CONSENTS.take(lines, site=site, by=BY, at=AT)
