"""What is open before a gathering, and what promises and decisions cost to read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.policy import Actor
from patenwerk.gatherings.enums import Audience, MinutesState
from patenwerk.gatherings.models import (
    CarrierShare,
    Commitment,
    Gathering,
    Objection,
    Progress,
    Series,
)
from patenwerk.gatherings.queries.agenda import agenda_for_everybody, agendas
from patenwerk.gatherings.queries.decision import (
    HIT_LENGTH,
    decisions_found,
    series_with_decisions,
    successors_of,
    years_of_decisions,
)
from patenwerk.gatherings.queries.panels import (
    agenda_panel,
    carrier_panel,
    overdue_card,
    own_promises_card,
    promises_panel,
)
from patenwerk.gatherings.queries.promise import (
    carriers_for,
    is_overdue,
    may_tell,
    open_before,
    open_before_each,
    promise_link,
)
from patenwerk.organisations.models import Carrier, Programme
from tests.factories.gatherings import (
    STARTS,
    AgendaItemFactory,
    CommitmentFactory,
    DecisionFactory,
    GatheringFactory,
    MinutesFactory,
    SeriesFactory,
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
def series(programme: Programme) -> Series:
    return SeriesFactory.create(programme=programme)


def held(programme: Programme, days_before: int = 90, **values: Any) -> Gathering:
    """An earlier gathering whose minutes were sent."""
    found: Gathering = GatheringFactory.create(
        programme=programme,
        state="held",
        starts_at=STARTS - timedelta(days=days_before),
        **values,
    )
    MinutesFactory.create(
        gathering=found,
        state=MinutesState.SENT.value,
        sent_at=CREATED,
        objections_until=STARTS.date(),
    )
    return found


def objection(gathering: Gathering, **values: Any) -> Objection:
    return Objection.objects.create(
        **gathering.organiser_columns,
        minutes=gathering.minutes,
        of_carrier=CarrierFactory.create(programme=gathering.programme),
        text="Es waren zwölf.",
        raised_at=CREATED,
        **values,
    )


def upcoming(programme: Programme, **values: Any) -> Gathering:
    found: Gathering = GatheringFactory.create(programme=programme, **values)
    return found


def test_open_promises_and_objections_of_the_series_stand_by_themselves(
    programme: Programme, series: Series
) -> None:
    earlier = held(programme, series=series)
    promise = CommitmentFactory.create(gathering=earlier)
    CommitmentFactory.create(gathering=earlier, state="done", settled_on=STARTS.date())
    objected = objection(earlier)
    objection(earlier, state="rejected", answer="Doch.", answered_at=CREATED)
    before = open_before(upcoming(programme, series=series))
    assert (before.commitments, before.objections) == ([promise], [objected])
    assert bool(before)


def test_nothing_open_is_nothing(programme: Programme) -> None:
    assert not open_before(upcoming(programme))


@pytest.mark.parametrize(
    ("own", "next_one", "same_kind", "stands"),
    [
        ("a", "a", False, True),
        ("a", "b", True, False),
        ("a", None, True, False),
        (None, "a", False, True),
        (None, None, True, True),
        (None, None, False, False),
    ],
)
def test_what_has_no_next_one_of_its_own_goes_to_every_series_and_its_kind(
    programme: Programme, own: str | None, next_one: str | None, same_kind: bool, stands: bool
) -> None:
    rows = {name: SeriesFactory.create(programme=programme) for name in ("a", "b")}
    earlier = held(programme, series=rows.get(own or ""))
    CommitmentFactory.create(gathering=earlier)
    more = {"kind": earlier.kind} if same_kind else {}
    following = upcoming(programme, series=rows.get(next_one or ""), **more)
    assert bool(open_before(following)) is stands


def test_what_invited_carriers_agreed_stays_in_its_series(
    programme: Programme, series: Series
) -> None:
    invited = held(programme, series=series, audience=Audience.INVITED.value)
    promise = CommitmentFactory.create(gathering=invited)
    assert open_before(upcoming(programme, series=series)).commitments == [promise]
    assert not open_before(upcoming(programme))


def test_later_gatherings_and_other_organisers_leave_nothing_here(
    programme: Programme, series: Series
) -> None:
    carrier = CarrierFactory.create(programme=programme)
    for gathering in (
        held(programme, days_before=-1, series=series),
        held(programme, carrier=carrier),
        held(ProgrammeFactory.create()),
    ):
        CommitmentFactory.create(gathering=gathering)
    assert not open_before(upcoming(programme, series=series))


def test_a_reader_finds_only_what_the_minutes_told(programme: Programme, series: Series) -> None:
    unsent = GatheringFactory.create(
        programme=programme, series=series, state="held", starts_at=STARTS - timedelta(days=9)
    )
    promise = CommitmentFactory.create(gathering=unsent)
    following = upcoming(programme, series=series)
    reader = actor(manager(CarrierFactory.create(programme=programme)))
    promiser = actor(manager(promise.of_carrier))
    assert not open_before(following, actor=reader)
    assert open_before(following, actor=promiser).commitments == [promise]
    assert open_before(following).commitments == [promise]


def test_those_a_gathering_is_for_can_promise_something(programme: Programme) -> None:
    own, invited, other = (CarrierFactory.create(programme=programme) for _carrier in range(3))
    open_to_all = upcoming(programme)
    assert set(carriers_for(open_to_all)) == {own, invited, other}
    closed = upcoming(programme, carrier=own, audience=Audience.INVITED.value)
    CarrierShare.objects.create(
        **closed.organiser_columns, gathering=closed, of_carrier=invited, is_invited=True
    )
    CarrierShare.objects.create(
        **closed.organiser_columns, gathering=closed, of_carrier=other, seats=2
    )
    assert set(carriers_for(closed)) == {own, invited}


def test_overdue_is_the_day_after() -> None:
    promise = CommitmentFactory.build(due_on=ON)
    assert not is_overdue(promise, ON)
    assert is_overdue(promise, ON + timedelta(days=1))
    promise.due_on = None
    assert not is_overdue(promise, ON)


def test_the_link_of_a_promise_keeps_its_place() -> None:
    assert promise_link().endswith("/zusage/{pk}/")


def filled(programme: Programme, series: Series, carrier: Carrier, number: int) -> Gathering:
    """``number`` earlier gatherings with everything open, and one to come with items."""
    for count in range(number):
        earlier = held(programme, series=series, days_before=30 * (count + 1))
        decision = DecisionFactory.create(gathering=earlier, number=1)
        promise = CommitmentFactory.create(gathering=earlier, of_carrier=carrier, decision=decision)
        promise.partners.add(CarrierFactory.create(programme=programme))
        Progress.objects.create(
            **earlier.organiser_columns, commitment=promise, text="Es geht voran", at=CREATED
        )
        objection(earlier)
    following = upcoming(programme, series=series)
    for _count in range(number):
        AgendaItemFactory.create(gathering=following, proposed_by=carrier)
    return following


@pytest.mark.parametrize("number", [1, 3])
def test_everything_costs_the_same_with_one_and_three_rows(
    programme: Programme,
    series: Series,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    carrier = CarrierFactory.create(programme=programme)
    following = filled(programme, series, carrier, number)
    by: Actor = actor(network_office(programme))
    speaks: Actor = actor(manager(carrier))
    earlier = [row.pk for row in Gathering.objects.filter(state="held")]
    with django_assert_num_queries(4):
        before = open_before(following)
        assert [len(row.partners.all()) for row in before.commitments] == [1] * number
        assert len(before.objections) == number
    with django_assert_num_queries(4):
        assert len(open_before_each([following, following], actor=by)) == 1
    with django_assert_num_queries(3):
        assert len(agendas(by, [following])[following.pk].rows) == number
    with django_assert_num_queries(2):
        assert len(agenda_for_everybody(following)) == number
    with django_assert_num_queries(9):
        panel = agenda_panel(by, [following.pk], ON)[following.pk]
        assert len(panel["before"]["promises"]) == number
    with django_assert_num_queries(4):
        assert len(promises_panel(by, earlier, ON)) == number
    with django_assert_num_queries(3):
        assert carrier_panel(by, [carrier.pk], ON)[carrier.pk]["overdue"] == number
    with django_assert_num_queries(4):
        card = own_promises_card(speaks, ON)
        assert card is not None
        assert card["total"] == number
    with django_assert_num_queries(3):
        overdue = overdue_card(by, ON)
        assert overdue is not None
        assert overdue["by_carrier"] == [(carrier.name, number)]
    with django_assert_num_queries(1):
        assert len(decisions_found(by, "beschluss", 5)) == number


def test_a_panel_of_a_gathering_that_is_over_lists_nothing_from_before(
    programme: Programme, series: Series
) -> None:
    CommitmentFactory.create(gathering=held(programme, series=series))
    over = held(programme, series=series, days_before=1)
    panel = agenda_panel(actor(network_office(programme)), [over.pk], ON)[over.pk]
    assert panel["before"] == {"promises": [], "objections": []}
    assert not panel["may_organise"]


def test_cards_and_panels_without_anything_are_not_there(programme: Programme) -> None:
    carrier = CarrierFactory.create(programme=programme)
    by = actor(network_office(programme))
    assert own_promises_card(actor(manager(carrier)), ON) is None
    assert overdue_card(by, ON) is None
    assert carrier_panel(by, [carrier.pk], ON) == {}
    assert promises_panel(by, [held(programme).pk], ON) == {}


def test_a_carriers_panel_counts_what_is_open_overdue_and_done(programme: Programme) -> None:
    carrier = CarrierFactory.create(programme=programme)
    earlier = held(programme)
    for values in (
        {"due_on": ON},
        {"due_on": ON - timedelta(days=1)},
        {"state": "done", "settled_on": ON},
        {"state": "dropped", "settled_on": ON},
    ):
        CommitmentFactory.create(gathering=earlier, of_carrier=carrier, **values)
    shared: Commitment = CommitmentFactory.create(gathering=earlier)
    shared.partners.add(carrier)
    panel = carrier_panel(actor(manager(carrier)), [carrier.pk], ON)[carrier.pk]
    assert (panel["open"], panel["overdue"], panel["done"]) == (3, 2, 1)


def test_the_organisers_own_promise_counts_for_no_carrier(programme: Programme) -> None:
    CommitmentFactory.create(gathering=held(programme), of_carrier=None)
    card = overdue_card(actor(network_office(programme)), ON)
    assert card is not None
    assert (card["total"], card["by_carrier"]) == (1, [])


def test_nobody_tells_of_promises_without_a_role(programme: Programme) -> None:
    promise = CommitmentFactory.create(gathering=held(programme))
    assert may_tell(Actor(user_id=None), [promise]) == frozenset()
    assert may_tell(actor(manager(promise.of_carrier)), [promise]) == {promise.pk}


def test_the_register_knows_its_years_series_and_what_may_follow(
    programme: Programme, series: Series
) -> None:
    by = actor(network_office(programme))
    first = DecisionFactory.create(
        gathering=held(programme, series=series), decided_on=date(2019, 5, 1)
    )
    later = DecisionFactory.create(gathering=held(programme), decided_on=date(2024, 5, 1))
    DecisionFactory.create(
        gathering=held(programme), decided_on=date(2025, 5, 1), state="withdrawn"
    )
    assert years_of_decisions(by) == [2025, 2024, 2019]
    assert list(series_with_decisions(by)) == [series]
    assert list(successors_of(by, first)) == [later]
    assert list(successors_of(by, later)) == []


def test_a_long_decision_is_named_by_its_beginning(programme: Programme) -> None:
    DecisionFactory.create(gathering=held(programme), text="Beschluss " + "lang " * 40)
    hit = decisions_found(actor(network_office(programme)), "lang", 5)[0]
    assert len(hit.label) <= HIT_LENGTH
    assert hit.label.endswith("…")
