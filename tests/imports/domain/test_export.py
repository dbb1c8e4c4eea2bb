"""Everything out again: what goes out and comes in elsewhere goes out the same."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from benchmarks import exports
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.core.sheets.reading import read_sheets
from patenwerk.imports.domain.export import FORMATS, export_carrier, export_site
from patenwerk.imports.domain.kinds import kinds
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Focus, Programme, Site, SupportField, TandemKind
from patenwerk.organisations.models.programme import Word
from patenwerk.people.enums import Gender, Level
from patenwerk.people.models import Guardian, Person, RecordCheck
from patenwerk.tandems.enums import EndReason, State
from patenwerk.tandems.models import Meeting, Participant, Tandem, TandemStep
from tests.factories.imports import AT, book_of, take_book
from tests.factories.organisations import (
    CarrierFactory,
    FocusFactory,
    ProgrammeFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
    actor,
    coordinator,
)
from tests.factories.people import (
    ConsentFactory,
    GuardianFactory,
    MenteeFactory,
    MentorFactory,
    RecordCheckFactory,
)
from tests.factories.tandems import MeetingFactory, ParticipantFactory, group_of, tandem_of

pytestmark = pytest.mark.django_db

STARTED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def programme_with_words() -> Programme:
    programme: Programme = ProgrammeFactory.create()
    for code, name in {"school": "Schule, Ausbildung", "work": "Beruf"}.items():
        SupportFieldFactory.create(programme=programme, code=code, name_de=name, name_en=name)
    for code, name in {"chance": "Chance", "impulse": "Impuls"}.items():
        TandemKindFactory.create(programme=programme, code=code, name_de=name, name_en=name)
    TandemKindFactory.create(
        programme=programme, code="group", name_de="Gruppe", name_en="Group", most_mentees=5
    )
    for code, name in {"education": "Bildung", "refuge": "Flucht"}.items():
        FocusFactory.create(
            programme=programme,
            code=code,
            name_de=name,
            name_en=name,
            starts_on=date(2016, 1, 1),
        )
    return programme


def site_of(programme: Programme, name: str = "Nord") -> Site:
    site: Site = SiteFactory.create(carrier=CarrierFactory.create(programme=programme), name=name)
    return site


def filled(programme: Programme) -> Site:
    """A site with people who say much and who say little, their tandems and meetings."""
    site = site_of(programme)
    words: dict[str, Any] = {
        "kind": word(TandemKind, programme, "impulse"),
        "focus": word(Focus, programme, "refuge"),
        "field": word(SupportField, programme, "school"),
        "created_at": STARTED,
    }
    lea = MentorFactory.create(
        site=site,
        file_id="M-1",
        first_name="Lea",
        last_name="von Birke",
        email="lea@example.org",
        phone="0341 123",
        postcode="04109",
        languages={"de": 7, "ar": 3, "tr": 5},
        free_times=0b101_000_010,
        interests=["Fußball", "Lesen und Schreiben"],
        dislikes=["=Lärm"],
        wished_genders=["female", "diverse"],
        wished_age_from=10,
        wished_age_to=18,
        expected_months=12,
        capacity=3,
        note="Kommt\nmit dem Rad.",
    )
    RecordCheckFactory.create(person=lea, certificate_date=date(2026, 2, 3))
    barred = MentorFactory.create(site=site, first_name="Bert", archived_at=STARTED)
    RecordCheckFactory.create(person=barred, conviction_found=True)
    sara = MenteeFactory.create(
        site=site, first_name="Sara", last_name="", birth_date=date(2012, 5, 1), wished_age_from=30
    )
    sara.fields.set(SupportField.objects.filter(programme=programme))
    GuardianFactory.create(
        person=sara, first_name="Eva", last_name="", phone="0341 1; 0170", language="ar"
    )
    GuardianFactory.create(
        person=sara, first_name="", last_name="Amt Nord", relation="youth_office", decides=False
    )
    gone = GuardianFactory.create(
        person=sara,
        first_name="Opa",
        last_name="Karl",
        relation="other",
        removed_on=date(2026, 2, 2),
    )
    early = ConsentFactory.create(
        person=sara,
        purpose="taking_part",
        given_by="guardian",
        given_on=date(2025, 1, 2),
        withdrawn_on=date(2025, 6, 2),
    )
    early.guardians.set([gone, *sara.guardians.filter(first_name="Eva")])
    ConsentFactory.create(person=lea, purpose="taking_part", given_on=date(2026, 1, 2))
    mo = MenteeFactory.create(site=site, birth_date=None, gender=Gender.UNSAID, free_times=0)
    ConsentFactory.create(person=mo, given_on=date(2026, 1, 2))
    running = tandem_of(lea, sara, why="Beide lesen.", **words, expected_end_on=date(2027, 1, 2))
    MeetingFactory.create(tandem=running, minutes=30, place="phone", topic="Mathe; Deutsch")
    ended = tandem_of(
        lea,
        mo,
        state=State.ENDED,
        meetings=(),
        ended_on=date(2026, 9, 1),
        end_reason=EndReason.MOVED_AWAY,
        **words,
    )
    ended.participants.update(joined_on=STARTED.date(), left_on=ended.ended_on)
    TandemStep.objects.create(
        tandem=ended,
        programme=programme,
        carrier=site.carrier,
        site=site,
        step="end",
        from_state=State.ACTIVE,
        to_state=State.ENDED,
        at=STARTED,
        reason=EndReason.MOVED_AWAY,
        note="Sie schreiben sich\nweiter.",
    )
    MentorFactory.create(site=site, first_name="Uwe", archived_at=datetime(2026, 8, 3, tzinfo=UTC))
    group = group_of(
        site,
        2,
        name="Familie Haddad",
        places=4,
        state=State.TRIAL,
        mentor=MentorFactory.create(site=site, first_name="Vera"),
        **{**words, "kind": word(TandemKind, programme, "group")},
    )
    ParticipantFactory.create(
        tandem=group,
        person=lea,
        is_substitute=True,
        acceptance="accepted",
        answered_on=date(2026, 10, 5),
    )
    # Of the group's two children one came later; another was there twice, and one said no.
    children = group.participants.filter(side="mentee").order_by("pk")
    first, second = children.values_list("pk", flat=True)
    Participant.objects.filter(pk=first).update(joined_on=STARTED.date())
    Participant.objects.filter(pk=second).update(why="Schwester von nebenan")
    said_yes = {"acceptance": "accepted", "answered_on": date(2026, 2, 1)}
    twice = MenteeFactory.create(site=site, first_name="Zoe")
    for joined_on, left_on in ((date(2026, 2, 1), date(2026, 3, 1)), (date(2026, 5, 1), None)):
        ParticipantFactory.create(
            tandem=group, person=twice, joined_on=joined_on, left_on=left_on, **said_yes
        )
    ParticipantFactory.create(
        tandem=group,
        person=MenteeFactory.create(site=site, first_name="Nina"),
        acceptance="declined",
        answered_on=date(2026, 10, 9),
        left_on=date(2026, 10, 9),
        why="Wohnt im selben Haus",
    )
    # Only Zoe and who accompanies them came on a day on which three others took part as well.
    met = MeetingFactory.create(tandem=group, held_on=date(2026, 10, 20), minutes=95)
    met.came.set(group.participants.filter(person__first_name__in=["Vera", "Zoe"], left_on=None))
    return site


def word(model: type[Word], programme: Programme, code: str) -> Any:
    return model._default_manager.get(programme=programme, code=code)


def exported(site: Site, form: str) -> bytes:
    out = io.BytesIO()
    export_site(site=site, form=form, out=out, by=Actor(user_id=7), at=AT)
    return out.getvalue()


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_goes_out_and_comes_in_elsewhere_goes_out_the_same(language: str) -> None:
    site, other = filled(programme_with_words()), site_of(programme_with_words())
    by = actor(coordinator(other))
    with translation.override(language):
        data = exported(site, "xlsx")
        book = book_of(other, data, by)
        assert book.left_out == []
        assert {each.kind: each.rows_bad for each in book.lists.all()} == dict.fromkeys(
            ("mentor", "mentee", "consents", "tandems", "members", "meetings", "closings"), 0
        )
        take_book(book, by)
        before, after = (json.loads(exported(each, "json"))["lists"] for each in (site, other))
    assert before == after
    names = {"de": ("Erziehungsberechtigte", "Einwilligungen"), "en": ("Guardians", "Consents")}
    guardians, consents = names[language]
    assert before["Mentees"][0][guardians] == "Eva\nAmt Nord, "
    assert [row[guardians] for row in before[consents]] == ["Eva\nKarl, Opa", "", ""]
    assert Guardian.objects.get(site=other, first_name="Opa").removed_on is not None
    assert list(
        RecordCheck.objects.filter(site=other).order_by("pk").values_list("conviction_found")
    ) == [(False,), (True,)]
    assert [len(rows) for rows in before.values()] == [4, 6, 3, 3, 8, 3, 1]
    met = Meeting.objects.get(site=other, minutes=95)
    assert sorted(met.came.values_list("person__first_name", flat=True)) == ["Vera", "Zoe"]
    left = Person.objects.filter(site=other, archived_at__isnull=False)
    assert set(left.values_list("first_name", flat=True)) == {"Bert", "Uwe"}
    group = Tandem.objects.get(site=other, places=4)
    assert (group.name, group.participants.count()) == ("Familie Haddad", 7)
    assert (
        Person.objects.filter(site=other).count(),
        Tandem.objects.filter(site=other).count(),
    ) == (10, 3)


def test_a_site_reads_its_own_export_and_nothing_changes() -> None:
    site = filled(programme_with_words())
    by = actor(coordinator(site))
    Tandem.objects.update(taken_over_at=STARTED)
    book = book_of(site, exported(site, "xlsx"), by)
    # Numbers are given to whom the site's own list gave none: the only difference.
    lists = {each.kind: each.counts for each in book.lists.all()}
    assert lists["mentor"][Standing.UNCHANGED] == 1
    assert lists["mentee"][Standing.CHANGED] == 6
    assert lists["tandems"][Standing.CHANGED] == 3
    assert all(each[Standing.NEW] == 0 for each in lists.values())


def test_what_was_decided_here_is_unchanged_when_it_comes_back() -> None:
    site = filled(programme_with_words())
    Person.objects.filter(file_id="").update(file_id=Concat(Value("N"), Cast("pk", CharField())))
    by = actor(coordinator(site))
    data = exported(site, "xlsx")
    lists = {each.kind: each.counts for each in book_of(site, data, by).lists.all()}
    for kind, count in {
        "mentor": 4,
        "mentee": 6,
        "consents": 3,
        "tandems": 3,
        "meetings": 3,
    }.items():
        assert lists[kind] == {**dict.fromkeys(Standing, 0), Standing.UNCHANGED: count}, kind
    Tandem.objects.update(why="Anders.")
    lists = {each.kind: each.counts for each in book_of(site, data, by).lists.all()}
    assert lists["tandems"][Standing.BAD] == 1  # the other rows say nothing of why


def test_three_forms_say_the_same_and_what_the_columns_hold() -> None:
    site = filled(programme_with_words())
    sheets = {sheet.name: sheet for sheet in read_sheets(exported(site, "xlsx"))}
    with zipfile.ZipFile(io.BytesIO(exported(site, "csv"))) as archive:
        tables = {name[:-4]: read_sheets(archive.read(name))[0] for name in archive.namelist()}
    said = json.loads(exported(site, "json"))
    assert said["site"] == site.name
    assert list(sheets) == [
        *("Pat innen", "Mentees", "Einwilligungen", "Tandems", "Beitritte und Austritte"),
        *("Treffen", "Abschlüsse"),
        "Beschreibung",
    ]
    assert [name.replace("-", " ") for name in tables] == list(sheets)
    for sheet, table in zip(sheets.values(), tables.values(), strict=True):
        assert sheet.headers == table.headers
        assert len(sheet.rows) == len(table.rows)
    columns = {(row.cells[0], row.cells[1]) for row in sheets["Beschreibung"].rows}
    assert ("Mentees", "Sprachen") in columns
    assert len(columns) == sum(len(kind.template(site).columns) for kind in kinds.all())
    assert said["lists"]["Treffen"][0].keys() == set(sheets["Treffen"].headers)
    assert set(said["columns"]) == set(said["lists"])
    assert AuditEntry.objects.filter(action="imports.export", actor_id=7).count() == 3
    with pytest.raises(LookupError):
        export_site(site=site, form="pdf", out=io.BytesIO(), by=Actor(user_id=7), at=AT)
    assert len(FORMATS) == 3


def test_what_begins_like_a_formula_stays_a_text() -> None:
    site = filled(programme_with_words())
    book = openpyxl.load_workbook(io.BytesIO(exported(site, "xlsx")))
    cells = {cell.value: cell for row in book["Pat innen"].iter_rows() for cell in row}
    assert cells["=Lärm"].data_type == "s"
    with zipfile.ZipFile(io.BytesIO(exported(site, "csv"))) as archive:
        assert "'=Lärm" in archive.read("Pat-innen.csv").decode("utf-8-sig")


def test_a_carrier_gets_a_workbook_of_every_site() -> None:
    programme = programme_with_words()
    site = filled(programme)
    SiteFactory.create(carrier=site.carrier, name="Süd: 2")
    SiteFactory.create(carrier=site.carrier, name="Alt", archived_at=AT)
    MentorFactory.create(site=site_of(programme), first_name="Fremd")
    out = io.BytesIO()
    export_carrier(carrier=site.carrier, out=out, by=Actor(user_id=7), at=AT)
    with zipfile.ZipFile(out) as archive:
        names = sorted(name.partition("-")[2] for name in archive.namelist())
        texts = [str(read_sheets(archive.read(name))) for name in archive.namelist()]
    assert names == ["Nord.xlsx", "Süd--2.xlsx"]
    assert not any("Fremd" in text for text in texts)
    assert AuditEntry.objects.filter(action="imports.export").count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_many_rows(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    programme = programme_with_words()
    site = site_of(programme)
    for _number in range(count):
        tandem_of(MentorFactory.create(site=site), MenteeFactory.create(site=site))
    with django_assert_num_queries(47):  # words of seven templates, thrice; rows and what hangs on
        exported(site, "json")


PEOPLE = st.fixed_dictionaries(
    {
        "languages": st.dictionaries(
            st.sampled_from(["de", "ar", "uk", "tr", "fa"]),
            st.sampled_from([level.value for level in Level]),
            min_size=1,
        ),
        "free_times": st.integers(0, (1 << 21) - 1),
        "wished_genders": st.lists(st.sampled_from(["female", "male", "diverse"]), unique=True).map(
            sorted
        ),
        "minimum_level": st.none() | st.sampled_from([level.value for level in Level]),
        "expected_months": st.none() | st.integers(1, 120),
    }
)


@pytest.fixture
def two_sites() -> tuple[Site, Site, Actor]:
    site, other = (site_of(programme_with_words()) for _ in range(2))
    return site, other, actor(coordinator(other))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=PEOPLE, language=st.sampled_from(["de", "en"]))
def test_whatever_a_person_says_is_read_back(
    two_sites: tuple[Site, Site, Actor], said: dict[str, Any], language: str
) -> None:
    site, other, by = two_sites
    Person.objects.all().delete()
    person = MenteeFactory.create(site=site, file_id="K-1", **said)
    with translation.override(language):
        take_book(book_of(other, exported(site, "xlsx"), by), by)
    read = Person.objects.get(site=other)
    for name in said:
        assert getattr(read, name) == getattr(person, name), name


def test_a_site_with_more_people_than_one_statement_names() -> None:
    """SQLite takes conditions of a limited depth: people are asked for by a join."""
    exports.fill(5_000)
    site = Site.objects.get()
    said = json.loads(exported(site, "json"))["lists"]
    assert [len(rows) for rows in said.values()] == [500, 500, 0, 600, 0, 3_400, 0]
