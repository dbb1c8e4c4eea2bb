"""The year at a glance: what is counted, for whom, and in how many queries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.policy import Actor
from patenwerk.gatherings.enums import Audience, CommitmentState, MinutesState, Seat, State
from patenwerk.gatherings.models import CarrierShare, Gathering, Objection
from patenwerk.gatherings.queries.year import Tally, Year, year_at_a_glance
from patenwerk.organisations.models import Carrier, Programme
from tests.factories.gatherings import (
    STARTS,
    CommitmentFactory,
    GatheringFactory,
    GatheringKindFactory,
    MinutesFactory,
    RegistrationFactory,
)
from tests.factories.organisations import (
    CREATED,
    CarrierFactory,
    ProgrammeFactory,
    actor,
    manager,
    network_office,
)

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)


@pytest.fixture
def programme() -> Programme:
    return ProgrammeFactory.create()


@pytest.fixture
def who(programme: Programme) -> Actor:
    return actor(network_office(programme), ON)


def held(programme: Programme, starts_at: datetime = STARTS, **said: Any) -> Gathering:
    return GatheringFactory.create(
        programme=programme, starts_at=starts_at, **{"state": State.HELD.value, **said}
    )


def there(gathering: Gathering, carrier: Carrier | None, seats: int = 1, **said: Any) -> None:
    RegistrationFactory.create(gathering=gathering, carrier=carrier, seats=seats, **said)


def look(who: Actor, year: int = 2026) -> Year:
    return year_at_a_glance(who, year, ON)


def test_held_planned_and_cancelled_by_kind_and_month(programme: Programme, who: Actor) -> None:
    congress = GatheringKindFactory.create(programme=programme, position=2)
    meeting = GatheringKindFactory.create(programme=programme, position=1)
    held(programme, kind=congress)
    held(programme, kind=congress, state=State.DOCUMENTED.value)
    held(programme, datetime(2026, 12, 3, 9, tzinfo=UTC), kind=meeting, state=State.DRAFT.value)
    held(programme, datetime(2026, 5, 3, 9, tzinfo=UTC), kind=meeting, state=State.CANCELLED.value)
    held(programme, datetime(2025, 5, 3, 9, tzinfo=UTC), kind=meeting)
    found = look(who)
    assert found.tally == Tally(held=2, planned=1, cancelled=1)
    assert found.tally.total == 4
    assert [(kind, tally.total) for kind, tally in found.kinds] == [(meeting, 2), (congress, 2)]
    months = {month: tally for month, tally in found.months if tally.total}
    assert months == {3: Tally(held=2), 5: Tally(cancelled=1), 12: Tally(planned=1)}
    assert len(found.months) == 12
    assert found.years == [2026, 2025]
    assert look(who, 2024).years == [2026, 2025, 2024]


def test_a_year_is_berlins(programme: Programme, who: Actor) -> None:
    held(programme, datetime(2025, 12, 31, 23, 30, tzinfo=UTC))
    assert look(who).tally.held == 1
    assert look(who).months[0] == (1, Tally(held=1))
    assert look(who, 2025).tally.held == 0


def test_who_came_with_shares_and_guests(programme: Programme, who: Actor) -> None:
    first, second = (CarrierFactory.create(programme=programme, name=name) for name in "AB")
    gathering, other = held(programme), held(programme, STARTS + timedelta(days=30))
    there(gathering, first, 2)
    there(gathering, second, 5, attended=True)
    there(other, second)
    there(gathering, None, 2)
    there(gathering, first, attended=False)
    there(gathering, first, state=Seat.DECLINED.value)
    there(held(programme, state=State.CLOSED.value), first)
    found = look(who)
    assert (found.people, found.guests, found.guests_share) == (10, 2, 20.0)
    came = [(row.carrier, row.people, row.gatherings, row.share) for row in found.came]
    assert came == [(second, 6, 2, 60.0), (first, 2, 1, 20.0)]
    rows = [(row.people, row.carriers, row.guests) for row in found.gatherings]
    assert rows == [(9, 2, 2), (0, 0, 0), (1, 1, 0)]
    assert found.absent == []


def test_who_never_came_and_when_they_last_did(programme: Programme, who: Actor) -> None:
    came, once, never = (CarrierFactory.create(programme=programme, name=name) for name in "ABC")
    CarrierFactory.create(programme=programme, archived_at=CREATED)
    CarrierFactory.create()
    there(held(programme), came)
    for year in (2023, 2024, 2027):
        there(held(programme, datetime(year, 3, 1, 9, tzinfo=UTC)), once)
    found = look(who)
    rows = [(row.carrier, row.last_came) for row in found.absent]
    assert rows == [(once, date(2024, 3, 1)), (never, None)]
    assert look(who, 2024).absent[0].carrier == came


def test_who_has_not_answered(programme: Programme, who: Actor) -> None:
    coming, regretting, silent = (
        CarrierFactory.create(programme=programme, name=name) for name in "ABC"
    )
    circle = held(programme, state=State.OPEN.value)
    invited = held(programme, state=State.OPEN.value, audience=Audience.INVITED.value)
    answered = held(programme, state=State.OPEN.value, audience=Audience.INVITED.value)
    held(programme, state=State.CLOSED.value)
    there(circle, coming, state=Seat.DECLINED.value)
    for gathering, carrier, said in (
        (circle, regretting, {"regretted_at": CREATED}),
        (circle, silent, {}),
        (invited, coming, {"is_invited": True}),
        (answered, coming, {"is_invited": True, "regretted_at": CREATED}),
    ):
        CarrierShare.objects.create(
            gathering=gathering, of_carrier=carrier, **gathering.organiser_columns, **said
        )
    rows = {row.gathering: row.carriers for row in look(who).silent}
    assert rows == {circle: [silent], invited: [coming]}


def test_what_is_open_today(programme: Programme, who: Actor) -> None:
    gathering = held(programme)
    CommitmentFactory.create(gathering=gathering, due_on=ON)
    CommitmentFactory.create(gathering=gathering, due_on=ON - timedelta(days=1))
    CommitmentFactory.create(
        gathering=gathering,
        due_on=ON - timedelta(days=1),
        state=CommitmentState.DONE.value,
        settled_on=ON,
    )
    written = MinutesFactory.create(gathering=held(programme, title="Im Entwurf"))
    MinutesFactory.create(
        gathering=held(programme),
        state=MinutesState.APPROVED.value,
        sent_at=CREATED,
        objections_until=ON,
        approved_at=CREATED,
    )
    for state, answer in (("open", {}), ("accepted", {"answer": "Ja", "answered_at": CREATED})):
        Objection.objects.create(
            minutes=written,
            text="Anders",
            raised_at=CREATED,
            state=state,
            **written.organiser_columns,
            **answer,
        )
    work = look(who).work
    assert (work.commitments, work.overdue, work.objections) == (2, 1, 1)
    assert work.without_approval == [gathering, written.gathering]


def test_earlier_years_beside_this_one(programme: Programme, who: Actor) -> None:
    carrier = CarrierFactory.create(programme=programme)
    there(held(programme), carrier, 3)
    earlier = held(programme, datetime(2024, 3, 1, 9, tzinfo=UTC))
    there(earlier, carrier, 2)
    there(earlier, None)
    held(programme, datetime(2024, 4, 1, 9, tzinfo=UTC), state=State.CANCELLED.value)
    rows = [
        (row.year, row.tally.held, row.tally.cancelled, row.people, row.carriers)
        for row in look(who).compared
    ]
    assert rows == [(2024, 1, 1, 3, 1), (2026, 1, 0, 3, 1)]


def test_only_ones_own_gatherings_count(programme: Programme, who: Actor) -> None:
    carrier = CarrierFactory.create(programme=programme)
    held(programme, carrier=carrier)
    held(ProgrammeFactory.create())
    assert look(who).tally.total == 0
    nobody = look(actor(manager(carrier), ON))
    assert (nobody.tally.total, nobody.absent, nobody.compared) == (0, [], [])


@pytest.mark.parametrize("rows", [1, 3])
def test_a_year_costs_the_same_for_any_number(
    programme: Programme, who: Actor, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        carrier = CarrierFactory.create(programme=programme)
        there(held(programme), carrier)
        there(held(programme, state=State.OPEN.value), carrier)
        MinutesFactory.create(gathering=held(programme))
        CommitmentFactory.create(gathering=held(programme))
    with django_assert_num_queries(8):
        found = look(who)
    assert len(found.gatherings) == 4 * rows
