"""What was done for many at once: who sees it, in which order, and what is counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from patenwerk.people.enums import BatchKind, BatchState, RowState
from patenwerk.people.kernel.defaults import DAYS_TO_TAKE_BACK
from patenwerk.people.queries import activity
from patenwerk.people.queries.activity import Activity
from patenwerk.people.queries.batch import (
    batches_done,
    checks_that_go,
    counts_of,
    has_mentors,
    last_day,
    rows_shown,
)
from tests.factories.organisations import SiteFactory, actor, coordinator, manager, office
from tests.factories.people import (
    BatchFactory,
    BatchRowFactory,
    MentorFactory,
    RecordCheckFactory,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
NOT_DONE = {"state": BatchState.CHOSEN, "done_at": None}


def test_what_was_done_is_seen_where_one_works_the_latest_first() -> None:
    site = SiteFactory.create()
    first = BatchFactory.create(site=site, done_at=AT)
    latest = BatchFactory.create(
        site=site, done_at=AT + timedelta(days=1), undone_at=AT, state=BatchState.UNDONE
    )
    BatchFactory.create(site=site, **NOT_DONE)
    BatchFactory.create(site__carrier=site.carrier)
    BatchFactory.create()
    assert list(batches_done(actor(coordinator(site)))) == [latest, first]
    assert list(batches_done(actor(manager(site.carrier)))) == []
    assert list(batches_done(actor(office(site.programme)))) == []


def test_people_are_counted_by_what_became_of_them() -> None:
    batch = BatchFactory.create()
    for state in (*RowState, RowState.DONE):
        BatchRowFactory.create(batch=batch, state=state)
    BatchRowFactory.create()
    found = batches_done(actor(coordinator(batch.site))).values("done_count", "left_out_count")
    assert list(found) == [{"done_count": 4, "left_out_count": 1}]
    assert counts_of(batch) == {**dict.fromkeys(RowState, 1), RowState.DONE: 2}
    assert counts_of(BatchFactory.create()) == dict.fromkeys(RowState, 0)


def test_those_left_out_come_first_then_names_decide() -> None:
    batch = BatchFactory.create()
    for name, state in (
        ("Anton", RowState.SAME),
        ("Berta", RowState.DONE),
        ("Anna", RowState.DONE),
        ("Zoe", RowState.LEFT_OUT),
        ("Yara", RowState.STAYS),
    ):
        BatchRowFactory.create(batch=batch, state=state, person__last_name=name)
    BatchRowFactory.create()
    shown = [row.person.last_name for row in rows_shown(batch)]
    assert shown == ["Zoe", "Yara", "Anna", "Berta", "Anton"]


def test_whether_somebody_accompanies() -> None:
    row = BatchRowFactory.create()
    assert not has_mentors(row.batch)
    BatchRowFactory.create(batch=row.batch, person=MentorFactory.create(site=row.site))
    assert has_mentors(row.batch)


def test_only_checks_that_no_activity_followed_go_with_archiving(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = BatchFactory.create(kind=BatchKind.ARCHIVE, **NOT_DONE)
    idle, active, left_out = (RecordCheckFactory.create(person__site=batch.site) for _ in range(3))
    RecordCheckFactory.create(person__site=batch.site)
    for check, state in (
        (idle, RowState.TO_DO),
        (active, RowState.TO_DO),
        (left_out, RowState.LEFT_OUT),
    ):
        BatchRowFactory.create(batch=batch, person=check.person, state=state)
    monkeypatch.setattr(activity, "_sources", [lambda _: {active.person_id: Activity(True)}])
    assert checks_that_go(batch) == 1
    batch.kind = BatchKind.RESTORE
    assert checks_that_go(batch) == 0


def test_the_days_count_from_the_doing() -> None:
    assert last_day(BatchFactory.create(done_at=AT)) == AT + timedelta(days=DAYS_TO_TAKE_BACK)
    with pytest.raises(ValueError, match="Nothing was done"):
        last_day(BatchFactory.create(**NOT_DONE))
