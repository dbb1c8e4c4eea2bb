"""Taking in, changing, archiving: every refusal, and what is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason
from patenwerk.organisations.models import Site
from patenwerk.people.domain import person as domain
from patenwerk.people.domain.person import (
    ArchivingGuard,
    CannotArchive,
    CannotRestore,
    CannotTakePerson,
    CannotTakeRows,
    add_archiving_guard,
    add_person,
    archive_person,
    archiving_reasons,
    archiving_refusals,
    change_person,
    restore_person,
    take_rows,
    values_of,
)
from patenwerk.people.domain.person_values import PersonValues, problems
from patenwerk.people.enums import Side
from patenwerk.people.models import Person, RecordCheck
from patenwerk.people.queries import activity
from patenwerk.people.queries.activity import Activity, ActivitySource
from tests.factories.organisations import SiteFactory, SupportFieldFactory
from tests.factories.people import MenteeFactory, MentorFactory, RecordCheckFactory
from tests.people.refusals import said

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ON = date(2026, 11, 23)
BY = Actor(user_id=None)
FULL = PersonValues(
    first_name=" Jörg  Ümit ",
    last_name="Weiß",
    file_id="M-1",
    postcode="04109",
    birth_date=date(1980, 2, 3),
    gender="male",
    email="joerg@example.org",
    phone="0341 1",
    furthest_km=20,
    languages={"en": 3, "de": 7},
    minimum_level=None,
    free_times=5,
    fields=frozenset({"schule"}),
    interests=("Schach", " Schach ", "", "Rad fahren"),
    dislikes=("Fußball",),
    wished_genders=frozenset({"male", "female"}),
    wished_age_from=10,
    wished_age_to=20,
    expected_months=12,
    capacity=2,
    waiting_since=date(2026, 10, 1),
    note="Kommt\r\nzu Fuß. ",
)
BARE = PersonValues(first_name="Ewa", postcode="10115")


@pytest.fixture
def site() -> Site:
    site = SiteFactory.create()
    SupportFieldFactory.create(programme=site.programme, code="schule")
    SupportFieldFactory.create(code="fremd")
    return site


@pytest.fixture
def guards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the guards of this test."""
    monkeypatch.setattr(domain, "_archiving_guards", [])


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> list[ActivitySource]:
    """Only the activity of this test."""
    found: list[ActivitySource] = []
    monkeypatch.setattr(activity, "_sources", found)
    return found


def entries() -> list[tuple[str, list[int]]]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", "object_ids"))


def test_a_person_is_taken_in_tidied_and_searchable(site: Site) -> None:
    person = add_person(site=site, side=Side.MENTOR, values=FULL, by=BY, at=AT)
    stored = Person.objects.get()
    assert stored == person
    assert (stored.programme_id, stored.carrier_id) == (site.programme_id, site.carrier_id)
    assert (stored.first_name, stored.note) == ("Jörg Ümit", "Kommt\nzu Fuß.")
    assert stored.languages == {"de": 7, "en": 3}
    assert stored.interests == ["Schach", "Rad fahren"]
    assert stored.wished_genders == ["female", "male"]
    assert stored.search_text == " jorg umit weiss m 1 04109"
    assert [field.code for field in stored.fields.all()] == ["schule"]
    assert stored.created_at == AT
    assert entries() == [("people.add", [person.pk])]
    tidy = FULL.tidied()
    assert values_of(stored) == replace(tidy, languages={"de": 7, "en": 3})


def test_whoever_says_no_day_waits_from_today(site: Site) -> None:
    person = add_person(site=site, side=Side.MENTEE, values=BARE, by=BY, at=AT)
    assert person.waiting_since == ON


WRONG: list[tuple[dict[str, object], str, str]] = [
    ({"first_name": "  "}, "first_name_missing", "first_name"),
    ({"first_name": "a" * 81}, "too_long", "first_name"),
    ({"last_name": "a" * 81}, "too_long", "last_name"),
    ({"file_id": "a" * 61}, "too_long", "file_id"),
    ({"phone": "1" * 41}, "too_long", "phone"),
    ({"note": "a" * 10_001}, "too_long", "note"),
    ({"note": "a\0b"}, "no_text", "note"),
    ({"interests": ("a\0b",)}, "no_text", "interests"),
    ({"postcode": "4109"}, "postcode_form", "postcode"),
    ({"postcode": "041090"}, "postcode_form", "postcode"),
    ({"postcode": "٠٤١٠٩"}, "postcode_form", "postcode"),
    ({"email": "joerg"}, "email_form", "email"),
    ({"gender": "x"}, "gender_unknown", "gender"),
    ({"birth_date": date(2026, 11, 24)}, "born_later", "birth_date"),
    ({"birth_date": date(1899, 12, 31)}, "born_long_ago", "birth_date"),
    ({"waiting_since": date(2026, 11, 24)}, "waits_later", "waiting_since"),
    ({"waiting_since": date(1999, 12, 31)}, "waits_long", "waiting_since"),
    ({"languages": {"xx": 3}}, "language_unknown", "languages"),
    ({"languages": {"de": 0}}, "level_unknown", "languages"),
    ({"languages": {"de": 8}}, "level_unknown", "languages"),
    ({"languages": {"de": "B1"}}, "level_unknown", "languages"),
    ({"minimum_level": 8}, "level_unknown", "minimum_level"),
    ({"furthest_km": 0}, "furthest_range", "furthest_km"),
    ({"furthest_km": 301}, "furthest_range", "furthest_km"),
    ({"capacity": 0}, "capacity_range", "capacity"),
    ({"capacity": 10}, "capacity_range", "capacity"),
    ({"free_times": -1}, "free_times_form", "free_times"),
    ({"free_times": 1 << 21}, "free_times_form", "free_times"),
    ({"expected_months": 0}, "months_range", "expected_months"),
    ({"expected_months": 121}, "months_range", "expected_months"),
    ({"wished_age_from": 121}, "age_range", "wished_age_from"),
    ({"wished_age_to": -1}, "age_range", "wished_age_to"),
    ({"wished_age_from": 20, "wished_age_to": 19}, "age_order", "wished_age_to"),
    ({"wished_genders": frozenset({"unsaid"})}, "gender_unknown", "wished_genders"),
    ({"interests": tuple(f"w{n}" for n in range(31))}, "too_many_words", "interests"),
    ({"dislikes": ("a" * 61,)}, "word_too_long", "dislikes"),
    ({"fields": frozenset({"fremd"})}, "field_unknown", "fields"),
]


@pytest.mark.parametrize(("said", "code", "field"), WRONG)
def test_what_does_not_hold_together_is_refused(
    site: Site, said: dict[str, object], code: str, field: str
) -> None:
    values = replace(BARE, **said)  # type: ignore[arg-type]
    with pytest.raises(CannotTakePerson) as refused:
        add_person(site=site, side=Side.MENTEE, values=values, by=BY, at=AT)
    assert (code, field) in {(r.code, r.field) for r in refused.value.reasons}
    assert {r.field for r in refused.value.reasons} <= {field, "wished_age_to"}
    assert all(str(reason.sentence) for reason in refused.value.reasons)
    assert not Person.objects.exists()
    assert entries() == []


@pytest.mark.parametrize(
    "said",
    [
        {"birth_date": ON, "waiting_since": ON},
        {"birth_date": date(1900, 1, 1), "waiting_since": date(2000, 1, 1)},
        {"furthest_km": 1, "capacity": 1, "expected_months": 1, "free_times": 0},
        {"furthest_km": 300, "capacity": 9, "expected_months": 120, "free_times": (1 << 21) - 1},
        {"wished_age_from": 0, "wished_age_to": 120},
        {"wished_age_from": 30, "wished_age_to": 30},
        {"wished_age_from": 30},
        {"wished_age_to": 30},
        {"languages": {"de": 1, "ar": 7}, "minimum_level": 1},
        {"note": "a" * 10_000, "interests": tuple(f"w{n}" for n in range(30))},
        {"dislikes": ("a" * 60,), "first_name": "a" * 80},
    ],
)
def test_the_limits_themselves_are_allowed(said: dict[str, object]) -> None:
    assert problems(replace(BARE, **said).tidied(), on=ON, known_fields=()) == []  # type: ignore[arg-type]


def test_all_reasons_come_at_once(site: Site) -> None:
    values = PersonValues(first_name="", postcode="1", capacity=0)
    with pytest.raises(CannotTakePerson) as refused:
        add_person(site=site, side=Side.MENTEE, values=values, by=BY, at=AT)
    assert [reason.field for reason in refused.value.reasons] == [
        "first_name",
        "postcode",
        "capacity",
    ]


def test_a_number_is_given_once_within_a_side_of_a_site(site: Site) -> None:
    numbered = replace(BARE, file_id="7")
    first = add_person(site=site, side=Side.MENTEE, values=numbered, by=BY, at=AT)
    add_person(site=site, side=Side.MENTOR, values=numbered, by=BY, at=AT)
    add_person(site=SiteFactory.create(), side=Side.MENTEE, values=numbered, by=BY, at=AT)
    with pytest.raises(CannotTakePerson, check=said("file_id_taken")):
        add_person(site=site, side=Side.MENTEE, values=numbered, by=BY, at=AT)
    assert change_person(person=first, values=numbered, by=BY, at=AT) == frozenset()
    add_person(site=site, side=Side.MENTEE, values=BARE, by=BY, at=AT)
    add_person(site=site, side=Side.MENTEE, values=BARE, by=BY, at=AT)


def test_a_change_names_what_changed(site: Site) -> None:
    person = add_person(site=site, side=Side.MENTOR, values=FULL, by=BY, at=AT)
    SupportFieldFactory.create(programme=site.programme, code="alltag")
    values = replace(
        FULL, last_name="Schwarz", fields=frozenset({"alltag"}), waiting_since=date(2026, 9, 1)
    )
    changed = change_person(person=person, values=values, by=BY, at=AT)
    assert changed == {"last_name", "fields", "waiting_since"}
    stored = Person.objects.get()
    assert values_of(stored) == replace(values.tidied(), languages={"de": 7, "en": 3})
    assert "schwarz" in stored.search_text
    entry = AuditEntry.objects.get(action="people.change")
    assert entry.details == {"fields": ["fields", "last_name", "waiting_since"]}


def test_without_a_difference_nothing_is_written(site: Site) -> None:
    person = add_person(site=site, side=Side.MENTOR, values=FULL, by=BY, at=AT)
    same = replace(FULL, waiting_since=None)
    assert change_person(person=person, values=same, by=BY, at=AT) == frozenset()
    assert Person.objects.get().waiting_since == FULL.waiting_since
    assert entries() == [("people.add", [person.pk])]


def test_a_refused_change_leaves_everything(site: Site) -> None:
    person = add_person(site=site, side=Side.MENTOR, values=FULL, by=BY, at=AT)
    with pytest.raises(CannotTakePerson):
        change_person(person=person, values=replace(FULL, postcode="1"), by=BY, at=AT)
    assert Person.objects.get().postcode == "04109"


def test_a_change_starts_from_the_stored_row(site: Site) -> None:
    person = add_person(site=site, side=Side.MENTOR, values=FULL, by=BY, at=AT)
    stale = Person.objects.get()
    archive_person(person=person, by=BY, at=AT)
    change_person(person=stale, values=replace(FULL, phone="1"), by=BY, at=AT)
    assert stale.archived_at == AT


def test_archived_and_brought_back(guards: None, sources: list[ActivitySource]) -> None:
    person = MentorFactory.create()
    archive_person(person=person, by=BY, at=AT)
    assert Person.objects.get().archived_at == AT
    with pytest.raises(CannotArchive, check=said("archived")):
        archive_person(person=person, by=BY, at=AT)
    restore_person(person=person, by=BY, at=AT)
    assert Person.objects.get().archived_at is None
    with pytest.raises(CannotRestore, check=said("not_archived")):
        restore_person(person=person, by=BY, at=AT)
    assert entries() == [("people.archive", [person.pk]), ("people.restore", [person.pk])]


def test_higher_apps_may_refuse_archiving(guards: None) -> None:
    person = MentorFactory.create()

    other = MentorFactory.create()
    asked = []

    def against(ids: Collection[int]) -> Collection[int]:
        asked.append(ids)
        return [person.pk]

    runs = ArchivingGuard(Reason("runs", "A tandem runs."), against)
    add_archiving_guard(runs)
    add_archiving_guard(runs)
    refusals = archiving_refusals([person, other])
    assert refusals == {person.pk: [runs.reason], other.pk: []}
    assert asked == [[person.pk, other.pk]]
    assert archiving_reasons() == [runs.reason]
    with pytest.raises(CannotArchive, match="A tandem runs"):
        archive_person(person=person, by=BY, at=AT)
    assert not Person.objects.exclude(archived_at=None).exists()
    assert entries() == []


@pytest.mark.parametrize(
    ("known", "left"),
    [
        (Activity(), 0),
        (Activity(running=True), 1),
        (Activity(ended_on=date(2026, 11, 1)), 1),
    ],
)
def test_a_check_that_no_activity_followed_goes_with_archiving(
    guards: None, sources: list[ActivitySource], known: Activity, left: int
) -> None:
    check = RecordCheckFactory.create()
    other = RecordCheckFactory.create()
    sources.append(lambda _ids: {check.person_id: known})
    archive_person(person=check.person, by=BY, at=AT)
    assert RecordCheck.objects.filter(person=check.person).count() == left
    assert RecordCheck.objects.filter(person=other.person).exists()


def test_a_batch_is_taken_with_one_record(site: Site) -> None:
    old = add_person(site=site, side=Side.MENTEE, values=replace(FULL, file_id="1"), by=BY, at=AT)
    add_person(site=site, side=Side.MENTEE, values=replace(BARE, file_id="2"), by=BY, at=AT)
    taken = take_rows(
        site=site,
        side=Side.MENTEE,
        new=[replace(BARE, file_id="3", fields=frozenset({"schule"})), BARE],
        changed={old.pk: replace(BARE, first_name="Neu", file_id="4")},
        by=BY,
        at=AT,
    )
    assert taken.changed == (old.pk,)
    everyone = {p.pk: p for p in Person.objects.prefetch_related("fields")}
    assert len(everyone) == 4
    assert everyone[old.pk].first_name == "Neu"
    assert everyone[old.pk].created_at == AT
    assert list(everyone[old.pk].fields.all()) == []
    assert everyone[old.pk].waiting_since == FULL.waiting_since
    assert [f.code for f in everyone[taken.new[0]].fields.all()] == ["schule"]
    assert everyone[taken.new[1]].search_text == " ewa 10115"
    entry = AuditEntry.objects.get(action="people.take_rows")
    assert entry.object_ids == [*taken.new, old.pk]
    assert entry.details == {"new": 2, "changed": 1, "side": "mentee"}
    assert entry.site_id == site.pk


def test_numbers_may_change_places_within_a_batch(site: Site) -> None:
    one, two = (
        add_person(site=site, side=Side.MENTEE, values=replace(BARE, file_id=n), by=BY, at=AT)
        for n in "12"
    )
    changed = {one.pk: replace(BARE, file_id="2"), two.pk: replace(BARE, file_id="1")}
    take_rows(site=site, side=Side.MENTEE, new=[], changed=changed, by=BY, at=AT)
    assert dict(Person.objects.values_list("pk", "file_id")) == {one.pk: "2", two.pk: "1"}


def test_one_bad_row_and_nothing_is_taken(site: Site) -> None:
    old = add_person(site=site, side=Side.MENTEE, values=replace(BARE, file_id="1"), by=BY, at=AT)
    with pytest.raises(CannotTakeRows) as refused:
        take_rows(
            site=site,
            side=Side.MENTEE,
            new=[BARE, replace(BARE, postcode="1"), replace(BARE, file_id="9")],
            changed={old.pk: replace(BARE, file_id="9")},
            by=BY,
            at=AT,
        )
    assert {n: [r.code for r in found] for n, found in refused.value.rows.items()} == {
        1: ["postcode_form"],
        3: ["file_id_taken"],
    }
    assert [p.file_id for p in Person.objects.all()] == ["1"]
    assert [action for action, _ids in entries()] == ["people.add"]


def test_a_number_of_somebody_outside_the_batch_is_refused(site: Site) -> None:
    add_person(site=site, side=Side.MENTEE, values=replace(BARE, file_id="1"), by=BY, at=AT)
    with pytest.raises(CannotTakeRows, check=said("file_id_taken")):
        take_rows(
            site=site,
            side=Side.MENTEE,
            new=[replace(BARE, file_id="1")],
            changed={},
            by=BY,
            at=AT,
        )


@pytest.mark.parametrize("where", ["site", "side"])
def test_people_of_elsewhere_are_no_rows_of_a_batch(site: Site, where: str) -> None:
    foreign = MenteeFactory.create() if where == "site" else MentorFactory.create(site=site)
    with pytest.raises(LookupError, match="No mentee of site"):
        take_rows(site=site, side=Side.MENTEE, new=[BARE], changed={foreign.pk: BARE}, by=BY, at=AT)
    assert Person.objects.count() == 1


def test_an_empty_batch_leaves_no_record(site: Site) -> None:
    taken = take_rows(site=site, side=Side.MENTEE, new=[], changed={}, by=BY, at=AT)
    assert (taken.new, taken.changed) == ((), ())
    assert entries() == []


def test_a_batch_costs_the_same_whatever_its_rows(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 3):
        with django_assert_num_queries(8):
            take_rows(
                site=site,
                side=Side.MENTEE,
                new=[replace(BARE, fields=frozenset({"schule"}))] * count,
                changed={},
                by=BY,
                at=AT,
            )


def test_whoever_gives_a_number_locks_the_site_first(site: Site) -> None:
    """Two people giving one number at once: the second waits, and reads a sentence."""
    for values, locked in ((BARE, False), (replace(BARE, file_id="1"), True)):
        with CaptureQueriesContext(connection) as asked:
            add_person(site=site, side=Side.MENTEE, values=values, by=BY, at=AT)
        tables = [query["sql"] for query in asked if 'FROM "organisations_site"' in query["sql"]]
        assert bool(tables) is locked
