"""The same for many people at once: every refusal, what is done, left out, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason
from patenwerk.organisations.models import Site, SupportField
from patenwerk.people.domain import batch as domain
from patenwerk.people.domain import person as person_domain
from patenwerk.people.domain.batch import (
    CannotChoose,
    CannotDo,
    CannotPlan,
    CannotTakeBack,
    begin,
    choose_people,
    do_batch,
    forget_batches,
    plan_change,
    sentences,
    take_back,
    taking_back_now,
    taking_back_refusals,
)
from patenwerk.people.domain.batch_change import Change
from patenwerk.people.domain.person import ArchivingGuard, archive_person, restore_person
from patenwerk.people.enums import BatchKind, BatchState, RowState
from patenwerk.people.models import Batch, BatchRow, Person, RecordCheck
from patenwerk.people.queries import activity
from patenwerk.people.queries.activity import Activity, ActivitySource
from tests.factories.organisations import (
    SiteFactory,
    SupportFieldFactory,
    actor,
    coordinator,
    manager,
)
from tests.factories.people import (
    BatchFactory,
    BatchRowFactory,
    MenteeFactory,
    MentorFactory,
    RecordCheckFactory,
)
from tests.people.refusals import said

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
LONG_AGO = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
SINCE = date(2026, 10, 1)


@pytest.fixture
def site() -> Site:
    site = SiteFactory.create()
    for code in ("schule", "sprache", "alltag"):
        SupportFieldFactory.create(programme=site.programme, code=code)
    return site


@pytest.fixture
def by(site: Site) -> Actor:
    return actor(coordinator(site))


@pytest.fixture(autouse=True)
def busy(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The people whom a higher app does not let go: only those of this test."""
    ids: set[int] = set()
    guard = ArchivingGuard(Reason("busy", "There is something to be done."), ids.intersection)
    monkeypatch.setattr(person_domain, "_archiving_guards", [guard])
    return ids


@pytest.fixture(autouse=True)
def sources(monkeypatch: pytest.MonkeyPatch) -> list[ActivitySource]:
    """Only the activity of this test."""
    found: list[ActivitySource] = []
    monkeypatch.setattr(activity, "_sources", found)
    return found


def choose(kind: BatchKind, people: Iterable[Person], by: Actor) -> Batch:
    return choose_people(kind=kind, ids=[person.pk for person in people], by=by, at=AT)


def planned(people: Iterable[Person], by: Actor, **change: Any) -> Batch:
    batch = choose(BatchKind.CHANGE, people, by)
    plan_change(batch=batch, change=Change(**change), by=by, at=AT)
    batch.refresh_from_db()
    return batch


def done(batch: Batch, by: Actor) -> Batch:
    return do_batch(batch=batch, version=batch.version, by=by, at=LATER)


def rows(batch: Batch) -> dict[int, tuple[str, list[str]]]:
    """State and reasons of each person."""
    found = BatchRow.objects.filter(batch=batch)
    return {row.person_id: (row.state, row.reasons) for row in found}


def codes_of(person: Person) -> set[str]:
    return {field.code for field in person.fields.all()}


def audited(action: str) -> tuple[list[int], dict[str, Any]]:
    entry = AuditEntry.objects.get(action=action)
    return entry.object_ids, entry.details


# --- choosing -------------------------------------------------------------------------------


def test_people_are_chosen_as_far_as_the_actor_reaches(site: Site, by: Actor) -> None:
    own, merged = MentorFactory.create(site=site), MenteeFactory.create(site=site)
    Person.objects.filter(pk=merged.pk).update(merged_into=own, archived_at=AT)
    foreign = MenteeFactory.create(site__carrier=site.carrier)
    address = begin(BatchKind.CHANGE, by, [own.pk, merged.pk, foreign.pk, 2_000_000_000], AT)
    batch = Batch.objects.get()
    assert address == f"/personen/auf-einmal/{batch.pk}/"
    assert (batch.kind, batch.state, batch.version, batch.site_id) == (
        "change",
        "chosen",
        0,
        site.pk,
    )
    assert rows(batch) == {own.pk: (RowState.CHOSEN, [])}
    row = batch.rows.get()
    assert (row.site_id, row.carrier_id) == (site.pk, site.carrier_id)
    assert audited("people.choose_batch") == ([batch.pk], {"kind": "change", "people": 1})


def test_who_cannot_be_archived_is_known_before(site: Site, by: Actor, busy: set[int]) -> None:
    free, held, gone = (MenteeFactory.create(site=site) for _ in range(3))
    busy.add(held.pk)
    archive_person(person=gone, by=by, at=LONG_AGO)
    batch = choose(BatchKind.ARCHIVE, [free, held, gone], by)
    assert rows(batch) == {
        free.pk: (RowState.TO_DO, []),
        held.pk: (RowState.LEFT_OUT, ["busy"]),
        gone.pk: (RowState.LEFT_OUT, ["archived"]),
    }
    assert Person.objects.get(pk=free.pk).archived_at is None


def test_nobody_too_many_and_several_sites_are_refused(
    site: Site, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = MenteeFactory.create_batch(2, site=site)
    other = MenteeFactory.create(site__carrier=site.carrier)
    leads = actor(manager(site.carrier))
    with pytest.raises(CannotChoose, check=said("nobody")):
        choose(BatchKind.ARCHIVE, [], by)
    with pytest.raises(CannotChoose, check=said("nobody")):
        choose(BatchKind.ARCHIVE, [first, other], leads)
    both = Actor(
        user_id=None,
        grants=by.grants | actor(coordinator(other.site)).grants,
    )
    with pytest.raises(CannotChoose, check=said("sites")):
        choose(BatchKind.ARCHIVE, [first, other], both)
    monkeypatch.setattr(domain, "MOST_AT_ONCE", 1)
    with pytest.raises(CannotChoose, check=said("many")):
        choose(BatchKind.ARCHIVE, [first, second], by)
    assert not Batch.objects.exists()
    monkeypatch.setattr(domain, "MOST_AT_ONCE", 2)
    assert choose(BatchKind.ARCHIVE, [first, second], by).rows.count() == 2


# --- planning a change ----------------------------------------------------------------------


def test_what_is_and_what_will_be_stands_with_everybody(site: Site, by: Actor) -> None:
    near = MentorFactory.create(site=site, furthest_km=5, waiting_since=SINCE)
    near.fields.set(SupportField.objects.filter(code__in=["schule", "alltag"]))
    alike = MentorFactory.create(site=site, furthest_km=20, capacity=2, waiting_since=SINCE)
    alike.fields.set(SupportField.objects.filter(code="sprache"))
    mentee = MenteeFactory.create(site=site)
    batch = planned(
        [near, alike, mentee],
        by,
        furthest_km=20,
        capacity=2,
        waiting_since=SINCE,
        added_fields=frozenset({"sprache"}),
        removed_fields=frozenset({"alltag"}),
    )
    assert batch.version == 1
    assert rows(batch) == {
        near.pk: (RowState.TO_DO, []),
        alike.pk: (RowState.SAME, []),
        mentee.pk: (RowState.LEFT_OUT, ["one_partner"]),
    }
    row = batch.rows.get(person=near)
    assert row.before == {"capacity": 1, "fields": ["alltag", "schule"], "furthest_km": 5}
    assert row.after == {"capacity": 2, "fields": ["schule", "sprache"], "furthest_km": 20}
    near.refresh_from_db()
    assert near.furthest_km == 5
    assert audited("people.plan_batch") == (
        [batch.pk],
        {
            "fields": [
                *("added_fields", "capacity", "furthest_km", "removed_fields", "waiting_since"),
            ],
            "people": 3,
        },
    )


def test_planning_again_forgets_what_was_planned_before(site: Site, by: Actor) -> None:
    person = MenteeFactory.create(site=site, furthest_km=5)
    batch = planned([person], by, furthest_km=20)
    plan_change(batch=batch, change=Change(expected_months=12), by=by, at=AT)
    row = batch.rows.get()
    assert (row.before, row.after) == ({"expected_months": None}, {"expected_months": 12})
    assert Batch.objects.get().version == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, "nothing"),
        ({"furthest_km": 301}, "furthest_range"),
        ({"capacity": 0}, "capacity_range"),
        ({"expected_months": 121}, "months_range"),
        ({"waiting_since": date(2026, 11, 24)}, "waits_later"),
        ({"added_fields": frozenset({"fremd"})}, "field_unknown"),
        (
            {"added_fields": frozenset({"schule"}), "removed_fields": frozenset({"schule"})},
            "added_and_removed",
        ),
    ],
)
def test_what_does_not_hold_together_is_not_planned(
    site: Site, by: Actor, change: dict[str, Any], code: str
) -> None:
    batch = choose(BatchKind.CHANGE, [MentorFactory.create(site=site)], by)
    with pytest.raises(CannotPlan, check=said(code)):
        plan_change(batch=batch, change=Change(**change), by=by, at=AT)
    assert (Batch.objects.get().version, batch.rows.get().state) == (0, RowState.CHOSEN)


def test_only_a_change_that_was_not_done_is_planned(site: Site, by: Actor) -> None:
    person = MenteeFactory.create(site=site)
    wish = Change(furthest_km=20)
    for batch in (
        done(planned([person], by, furthest_km=20), by),
        choose(BatchKind.ARCHIVE, [person], by),
    ):
        with pytest.raises(CannotPlan, check=said("done")):
            plan_change(batch=batch, change=wish, by=by, at=AT)


def test_whoever_was_merged_since_is_left_out_of_the_plan(site: Site, by: Actor) -> None:
    kept, gone = MenteeFactory.create_batch(2, site=site)
    batch = choose(BatchKind.CHANGE, [kept, gone], by)
    Person.objects.filter(pk=gone.pk).update(merged_into=kept, archived_at=AT)
    plan_change(batch=batch, change=Change(furthest_km=20), by=by, at=AT)
    assert rows(batch) == {
        kept.pk: (RowState.TO_DO, []),
        gone.pk: (RowState.LEFT_OUT, ["merged"]),
    }


# --- doing it -------------------------------------------------------------------------------


def test_all_are_archived_with_one_record(
    site: Site, by: Actor, busy: set[int], sources: list[ActivitySource]
) -> None:
    idle, active, held, other = (MentorFactory.create(site=site) for _ in range(4))
    for mentor in (idle, active, held, other):
        RecordCheckFactory.create(person=mentor)
    sources.append(lambda _ids: {active.pk: Activity(ended_on=SINCE)})
    busy.add(held.pk)
    batch = done(choose(BatchKind.ARCHIVE, [idle, active, held], by), by)
    archived = Person.objects.filter(archived_at=LATER)
    assert set(archived) == {idle, active}
    assert set(Person.objects.filter(archived_at=None)) == {held, other}
    assert {check.person_id for check in RecordCheck.objects.all()} == {
        active.pk,
        held.pk,
        other.pk,
    }
    assert (batch.state, batch.done_at, batch.done_by_id) == ("done", LATER, by.user_id)
    assert batch.checks_removed == 1
    assert rows(batch)[held.pk] == (RowState.LEFT_OUT, ["busy"])
    ids, details = audited("people.archive_many")
    assert set(ids) == {idle.pk, active.pk}
    assert details == {
        "batch": batch.pk,
        "done": 2,
        "left_out": 0,
        "fields": [],
        "record_checks_removed": 1,
    }


def test_whoever_cannot_be_archived_any_more_is_named(
    site: Site, by: Actor, busy: set[int]
) -> None:
    free, held, gone = (MenteeFactory.create(site=site) for _ in range(3))
    batch = choose(BatchKind.ARCHIVE, [free, held, gone], by)
    busy.add(held.pk)
    archive_person(person=gone, by=by, at=AT)
    done(batch, by)
    assert rows(batch) == {
        free.pk: (RowState.DONE, []),
        held.pk: (RowState.LEFT_OUT, ["busy"]),
        gone.pk: (RowState.LEFT_OUT, ["archived"]),
    }
    assert Person.objects.get(pk=gone.pk).archived_at == AT
    assert audited("people.archive_many")[1]["left_out"] == 2


def test_whoever_was_left_out_stays_left_out(site: Site, by: Actor, busy: set[int]) -> None:
    """The preview said so; a tandem that ended since changes nothing about it."""
    free, held = MenteeFactory.create_batch(2, site=site)
    busy.add(held.pk)
    batch = choose(BatchKind.ARCHIVE, [free, held], by)
    busy.clear()
    done(batch, by)
    assert set(Person.objects.filter(archived_at=None)) == {held}


def test_where_nobody_is_left_it_is_recorded_all_the_same(
    site: Site, by: Actor, busy: set[int]
) -> None:
    person = MenteeFactory.create(site=site)
    batch = choose(BatchKind.ARCHIVE, [person], by)
    busy.add(person.pk)
    done(batch, by)
    ids, details = audited("people.archive_many")
    assert (ids, details["done"], details["left_out"]) == ([batch.pk], 0, 1)


def test_all_are_brought_back(site: Site, by: Actor) -> None:
    one, other, here = (MenteeFactory.create(site=site) for _ in range(3))
    for person in (one, other):
        archive_person(person=person, by=by, at=LONG_AGO)
    batch = choose(BatchKind.RESTORE, [one, other, here], by)
    assert rows(batch)[here.pk] == (RowState.LEFT_OUT, ["not_archived"])
    restore_person(person=other, by=by, at=AT)
    done(batch, by)
    assert not Person.objects.exclude(archived_at=None).exists()
    assert rows(batch)[one.pk] == (RowState.DONE, [])
    assert rows(batch)[other.pk] == (RowState.LEFT_OUT, ["not_archived"])
    assert audited("people.restore_many")[0] == [one.pk]


def test_all_are_changed_and_nothing_else_of_them(site: Site, by: Actor) -> None:
    one = MentorFactory.create(site=site, file_id="7", furthest_km=5, note="Kommt zu Fuß.")
    one.fields.set(SupportField.objects.filter(code__in=["schule", "alltag"]))
    two = MenteeFactory.create(site=site, file_id="7", furthest_km=20, expected_months=3)
    other = MenteeFactory.create(site=site, furthest_km=5)
    batch = planned(
        [one, two],
        by,
        furthest_km=20,
        expected_months=12,
        waiting_since=SINCE,
        added_fields=frozenset({"sprache"}),
        removed_fields=frozenset({"alltag"}),
    )
    done(batch, by)
    for person in (one, two):
        person.refresh_from_db()
        now = (person.furthest_km, person.expected_months, person.waiting_since, person.file_id)
        assert now == (20, 12, SINCE, "7")
    assert (codes_of(one), codes_of(two)) == ({"schule", "sprache"}, {"sprache"})
    assert one.note == "Kommt zu Fuß."
    other.refresh_from_db()
    assert (other.furthest_km, codes_of(other)) == (5, set())
    assert set(audited("people.change_many")[0]) == {one.pk, two.pk}


def test_what_somebody_changed_meanwhile_is_not_written_over(site: Site, by: Actor) -> None:
    same, km, fields, alike = (MenteeFactory.create(site=site, furthest_km=5) for _ in range(4))
    Person.objects.filter(pk=alike.pk).update(furthest_km=20)
    added = frozenset({"sprache"})
    batch = planned([same, km, fields, alike], by, furthest_km=20, added_fields=added)
    Person.objects.filter(pk=km.pk).update(furthest_km=8)
    Person.objects.filter(pk=same.pk).update(note="Neu.")
    fields.fields.set(SupportField.objects.filter(code="alltag"))
    done(batch, by)
    assert rows(batch) == {
        same.pk: (RowState.DONE, []),
        km.pk: (RowState.LEFT_OUT, ["changed"]),
        fields.pk: (RowState.LEFT_OUT, ["changed"]),
        alike.pk: (RowState.DONE, []),
    }
    now = {person.pk: (person.furthest_km, person.note) for person in Person.objects.all()}
    assert now == {
        same.pk: (20, "Neu."),
        km.pk: (8, ""),
        fields.pk: (5, ""),
        alike.pk: (20, ""),
    }
    assert (codes_of(km), codes_of(fields), codes_of(alike)) == (set(), {"alltag"}, {"sprache"})


def test_it_is_done_once_and_as_it_was_seen(site: Site, by: Actor) -> None:
    person = MenteeFactory.create(site=site, furthest_km=5)
    batch = planned([person], by, furthest_km=20)
    plan_change(batch=batch, change=Change(furthest_km=30), by=by, at=AT)
    with pytest.raises(CannotDo, check=said("planned_since")):
        do_batch(batch=batch, version=1, by=by, at=AT)
    do_batch(batch=batch, version=2, by=by, at=AT)
    with pytest.raises(CannotDo, check=said("done")):
        do_batch(batch=batch, version=2, by=by, at=AT)
    assert Person.objects.get().furthest_km == 30


def test_for_nobody_nothing_is_done(site: Site, by: Actor) -> None:
    person = MenteeFactory.create(site=site, furthest_km=20)
    for batch in (planned([person], by, furthest_km=20), choose(BatchKind.CHANGE, [person], by)):
        with pytest.raises(CannotDo, check=said("nobody")):
            done(batch, by)


# --- taking it back -------------------------------------------------------------------------


def test_archived_people_come_back_unless_somebody_decided_since(site: Site, by: Actor) -> None:
    one, back, anew = (MenteeFactory.create(site=site) for _ in range(3))
    batch = done(choose(BatchKind.ARCHIVE, [one, back, anew], by), by)
    for person in (back, anew):
        restore_person(person=person, by=by, at=LATER)
    archive_person(person=anew, by=by, at=LATER + timedelta(minutes=1))
    found = take_back(batch=batch, by=by, at=LATER)
    assert (found.back.keys(), found.stays.keys()) == ({one.pk, back.pk}, {anew.pk})
    assert set(Person.objects.filter(archived_at=None)) == {one, back}
    assert rows(batch) == {
        one.pk: (RowState.UNDONE, []),
        back.pk: (RowState.UNDONE, []),
        anew.pk: (RowState.STAYS, ["changed"]),
    }
    batch.refresh_from_db()
    assert (batch.state, batch.undone_at, batch.undone_by_id) == ("undone", LATER, by.user_id)
    assert {(str(row.before), str(row.after)) for row in batch.rows.all()} == {("{}", "{}")}
    ids, details = audited("people.take_batch_back")
    assert set(ids) == {one.pk, back.pk}
    assert details == {"batch": batch.pk, "kind": "archive", "stays": 1}


def test_people_brought_back_are_archived_as_before_where_that_is_allowed(
    site: Site, by: Actor, busy: set[int]
) -> None:
    one, held, anew = (MentorFactory.create(site=site) for _ in range(3))
    for person in (one, held, anew):
        archive_person(person=person, by=by, at=LONG_AGO)
    batch = done(choose(BatchKind.RESTORE, [one, held, anew], by), by)
    for person in (one, held):
        RecordCheckFactory.create(person=person)
    busy.add(held.pk)
    archive_person(person=Person.objects.get(pk=anew.pk), by=by, at=LATER)
    take_back(batch=batch, by=by, at=LATER)
    now = dict(Person.objects.values_list("pk", "archived_at"))
    assert now == {one.pk: LONG_AGO, held.pk: None, anew.pk: LATER}
    assert rows(batch) == {
        one.pk: (RowState.UNDONE, []),
        held.pk: (RowState.STAYS, ["busy"]),
        anew.pk: (RowState.STAYS, ["changed"]),
    }
    assert [check.person_id for check in RecordCheck.objects.all()] == [held.pk]


def test_values_go_back_one_by_one_unless_somebody_changed_them_since(
    site: Site, by: Actor
) -> None:
    one = MenteeFactory.create(site=site, furthest_km=5, expected_months=None)
    two = MenteeFactory.create(site=site, furthest_km=6, expected_months=3)
    for person in (one, two):
        person.fields.set(SupportField.objects.filter(code="alltag"))
    batch = planned(
        [one, two],
        by,
        furthest_km=20,
        expected_months=12,
        added_fields=frozenset({"sprache"}),
        removed_fields=frozenset({"alltag"}),
    )
    done(batch, by)
    Person.objects.filter(pk=two.pk).update(furthest_km=8)
    two.fields.add(SupportField.objects.get(code="schule"))
    preview = taking_back_now(batch)
    assert (preview.back.keys(), preview.stays.keys()) == ({one.pk, two.pk}, {two.pk})
    take_back(batch=batch, by=by, at=LATER)
    for person in (one, two):
        person.refresh_from_db()
    assert (one.furthest_km, one.expected_months) == (5, None)
    assert (two.furthest_km, two.expected_months) == (8, 3)
    assert codes_of(one) == {"alltag"}
    assert codes_of(two) == {"alltag", "schule"}
    assert rows(batch) == {
        one.pk: (RowState.UNDONE, []),
        two.pk: (RowState.STAYS, ["changed"]),
    }
    assert batch.rows.get(person=two).stays == ["furthest_km"]


def test_what_somebody_has_put_back_already_is_no_difference(site: Site, by: Actor) -> None:
    one, two = (MenteeFactory.create(site=site, furthest_km=5) for _ in range(2))
    batch = done(planned([one, two], by, furthest_km=20), by)
    Person.objects.filter(pk=two.pk).update(furthest_km=5)
    take_back(batch=batch, by=by, at=LATER)
    assert {state for state, _reasons in rows(batch).values()} == {RowState.UNDONE}


def test_of_an_entry_that_was_merged_since_everything_stays(site: Site, by: Actor) -> None:
    kept, gone = (MenteeFactory.create(site=site, furthest_km=5) for _ in range(2))
    batch = done(planned([kept, gone], by, furthest_km=20), by)
    Person.objects.filter(pk=gone.pk).update(merged_into=kept, archived_at=LATER)
    take_back(batch=batch, by=by, at=LATER)
    assert dict(Person.objects.values_list("pk", "furthest_km")) == {kept.pk: 5, gone.pk: 20}
    assert rows(batch)[gone.pk] == (RowState.STAYS, ["merged"])


def test_a_field_the_programme_gave_up_does_not_come_back(site: Site, by: Actor) -> None:
    person = MenteeFactory.create(site=site)
    person.fields.set(SupportField.objects.filter(code__in=["alltag", "schule"]))
    removed = frozenset({"alltag", "schule"})
    batch = done(planned([person], by, removed_fields=removed), by)
    SupportField.objects.filter(code="alltag").delete()
    take_back(batch=batch, by=by, at=LATER)
    assert codes_of(person) == {"schule"}


def test_nothing_is_taken_back_twice_late_or_for_nobody(site: Site, by: Actor) -> None:
    person = MenteeFactory.create(site=site, furthest_km=5)
    batch = planned([person], by, furthest_km=20)
    with pytest.raises(CannotTakeBack, check=said("not_done")):
        take_back(batch=batch, by=by, at=LATER)
    batch = done(batch, by)
    Person.objects.update(furthest_km=8)
    with pytest.raises(CannotTakeBack, check=said("nobody")):
        take_back(batch=batch, by=by, at=LATER)
    Person.objects.update(furthest_km=20)
    last = LATER + timedelta(days=30)
    with pytest.raises(CannotTakeBack, check=said("too_late")):
        take_back(batch=batch, by=by, at=last + timedelta(seconds=1))
    assert list(taking_back_refusals(batch=batch, at=last)) == []
    assert Person.objects.get().furthest_km == 20
    take_back(batch=batch, by=by, at=last)
    with pytest.raises(CannotTakeBack, check=said("not_done")):
        take_back(batch=batch, by=by, at=last)
    assert Person.objects.get().furthest_km == 5


# --- afterwards -----------------------------------------------------------------------------


def test_what_nobody_can_take_back_any_more_goes(by: Actor) -> None:
    old = BatchRowFactory.create(batch__done_at=AT - timedelta(days=30, seconds=1)).batch
    young = BatchFactory.create(done_at=AT - timedelta(days=30))
    not_done = {"state": BatchState.CHOSEN, "done_at": None}
    unused = BatchFactory.create(**not_done, chosen_at=AT - timedelta(days=3, seconds=1))
    used = BatchFactory.create(**not_done, chosen_at=AT - timedelta(days=3))
    assert forget_batches(by=by, at=AT) == 2
    assert set(Batch.objects.all()) == {young, used}
    assert not BatchRow.objects.exists()
    assert set(audited("people.forget_batches")[0]) == {old.pk, unused.pk}
    assert forget_batches(by=by, at=AT) == 0
    assert AuditEntry.objects.filter(action="people.forget_batches").count() == 1


def test_every_code_that_is_kept_has_its_sentence() -> None:
    assert set(sentences()) == {
        *("merged", "archived", "not_archived", "changed", "one_partner", "busy"),
    }
    assert all(sentences().values())


@pytest.mark.parametrize("count", [1, 3])
def test_all_of_it_costs_the_same_for_one_and_for_three(site: Site, by: Actor, count: int) -> None:
    people = MentorFactory.create_batch(count, site=site, furthest_km=5)
    for person in people:
        RecordCheckFactory.create(person=person)
    wish = Change(furthest_km=20, added_fields=frozenset({"sprache"}))
    spent: dict[str, int] = {}

    def costs(name: str, work: Callable[[], Any]) -> Any:
        with CaptureQueriesContext(connection) as seen:
            answer = work()
        spent[name] = len([q for q in seen if "SAVEPOINT" not in q["sql"]])
        return answer

    batch = costs("choose change", lambda: choose(BatchKind.CHANGE, people, by))
    costs("plan", lambda: plan_change(batch=batch, change=wish, by=by, at=AT))
    batch.refresh_from_db()
    costs("change", lambda: done(batch, by))
    costs("change back", lambda: take_back(batch=batch, by=by, at=LATER))
    batch = costs("choose archive", lambda: choose(BatchKind.ARCHIVE, people, by))
    costs("archive", lambda: done(batch, by))
    costs("archive back", lambda: take_back(batch=batch, by=by, at=LATER))
    assert spent == {
        "choose change": 4,
        "plan": 9,
        "change": 12,
        "change back": 11,
        "choose archive": 4,
        "archive": 10,
        "archive back": 9,
    }
