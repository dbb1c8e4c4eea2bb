"""Who comes, who waits, who has not answered; and what a page costs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.policy import Actor
from patenwerk.gatherings.enums import Audience, Need, Seat, State
from patenwerk.gatherings.models import Answer, CarrierShare, Gathering, Question, Registration
from patenwerk.gatherings.queries.registration import (
    answered_questions,
    carriers_asked,
    carriers_to_send,
    carriers_without_answer,
    gatherings_to_move,
    listed_participants,
    needs_of,
    place_in_queue,
    registration_link,
    registration_of,
    registrations_of,
    registrations_panel,
    regrets_of,
    seats_of_carrier,
    token_of,
    working_carrier,
)
from patenwerk.organisations.models import Carrier
from tests.factories.gatherings import STARTS, GatheringFactory, RegistrationFactory
from tests.factories.organisations import (
    CarrierFactory,
    ProgrammeFactory,
    SiteFactory,
    actor,
    coordinator,
    manager,
    network_office,
    office,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
ON = AT.date()


def share(gathering: Gathering, carrier: Carrier, **values: Any) -> CarrierShare:
    made: CarrierShare = CarrierShare.objects.create(
        gathering=gathering, of_carrier=carrier, **gathering.organiser_columns, **values
    )
    return made


def waiting(gathering: Gathering, minutes: int = 0, **values: Any) -> Registration:
    made: Registration = RegistrationFactory.create(
        gathering=gathering,
        state=Seat.WAITING,
        waiting_since=AT + timedelta(minutes=minutes),
        **values,
    )
    return made


# --- links ----------------------------------------------------------------------------------


def test_a_token_opens_its_registration_and_nothing_else() -> None:
    row = RegistrationFactory.create()
    token = token_of(row)
    assert registration_of(token) == row
    assert registration_of(token[:-1]) is None
    assert registration_of("nichts") is None
    row.delete()
    assert registration_of(token) is None


def test_the_link_has_room_for_the_token() -> None:
    assert registration_link().startswith("http://localhost:8000/treffen/link/")
    assert "{token}" in registration_link()


# --- carriers -------------------------------------------------------------------------------


def test_a_carrier_s_own_seats_go_before_everybody_s() -> None:
    gathering = GatheringFactory.create(seats_per_carrier=4)
    carrier = CarrierFactory.create(programme=gathering.programme)
    assert seats_of_carrier(gathering, carrier) == 4
    own = share(gathering, carrier)
    assert seats_of_carrier(gathering, carrier) == 4
    own.seats = 0
    own.save()
    assert seats_of_carrier(gathering, carrier) == 0
    assert seats_of_carrier(GatheringFactory.create(), carrier) is None


def test_people_are_sent_by_who_manages_a_carrier_that_may_come() -> None:
    programme = ProgrammeFactory.create()
    carrier = CarrierFactory.create(programme=programme)
    circle = GatheringFactory.create(programme=programme)
    closed = GatheringFactory.create(programme=programme, audience=Audience.INVITED.value)
    managing = actor(manager(carrier))
    assert list(carriers_to_send(managing, circle)) == [carrier]
    assert list(carriers_to_send(managing, GatheringFactory.create())) == []
    assert list(carriers_to_send(managing, closed)) == []
    share(closed, carrier, is_invited=True)
    assert list(carriers_to_send(managing, closed)) == [carrier]
    assert list(carriers_to_send(actor(network_office(programme)), circle)) == []
    assert (
        list(carriers_to_send(actor(coordinator(SiteFactory.create(carrier=carrier))), circle))
        == []
    )


def test_oneself_comes_for_the_carrier_one_works_for() -> None:
    programme = ProgrammeFactory.create()
    carrier = CarrierFactory.create(programme=programme, name="B")
    site = SiteFactory.create(carrier=carrier)
    circle = GatheringFactory.create(programme=programme)
    assert working_carrier(actor(manager(carrier)), circle) == carrier
    assert working_carrier(actor(coordinator(site)), circle) == carrier
    assert working_carrier(actor(office(programme)), circle) is None
    assert working_carrier(actor(network_office(programme)), circle) is None
    assert working_carrier(actor(manager(carrier)), GatheringFactory.create()) is None
    own = GatheringFactory.create(
        programme=programme, audience=Audience.INVITED.value, carrier=carrier
    )
    foreign = GatheringFactory.create(programme=programme, audience=Audience.INVITED.value)
    assert working_carrier(actor(coordinator(site)), own) == carrier
    assert working_carrier(actor(coordinator(site)), foreign) is None


def test_carriers_without_an_answer_are_those_asked_who_said_nothing() -> None:
    gathering = GatheringFactory.create()
    names = ("Angemeldet", "Abgemeldet", "Abgesagt", "Erinnert", "Still", "Archiviert")
    made = {name: CarrierFactory.create(programme=gathering.programme, name=name) for name in names}
    CarrierFactory.create(name="Anderes Programm")
    Carrier.objects.filter(name="Archiviert").update(archived_at=AT)
    RegistrationFactory.create(gathering=gathering, carrier=made["Angemeldet"])
    RegistrationFactory.create(gathering=gathering, carrier=made["Abgemeldet"], state=Seat.DECLINED)
    RegistrationFactory.create(carrier=made["Still"])
    share(gathering, made["Abgesagt"], regretted_at=AT, regret="Umzug")
    share(gathering, made["Erinnert"], reminded_at=AT)
    found = [(row.name, row.reminded_at) for row in carriers_without_answer(gathering)]
    assert found == [("Erinnert", AT), ("Still", None)]
    assert [(row.of_carrier.name, row.regret) for row in regrets_of(gathering)] == [
        ("Abgesagt", "Umzug")
    ]


def test_of_invited_carriers_only_those_are_asked_and_never_the_organiser() -> None:
    programme = ProgrammeFactory.create()
    host, guest, other = (CarrierFactory.create(programme=programme, name=n) for n in "ABC")
    closed = GatheringFactory.create(programme=programme, audience=Audience.INVITED.value)
    share(closed, guest, is_invited=True)
    share(closed, other)
    assert list(carriers_asked(closed)) == [guest]
    hosted = GatheringFactory.create(programme=programme, carrier=host)
    assert list(carriers_asked(hosted)) == [guest, other]


# --- people ---------------------------------------------------------------------------------


def test_the_place_in_the_queue_counts_from_one_and_by_who_came_first() -> None:
    gathering = GatheringFactory.create()
    late, early, same = waiting(gathering, 5), waiting(gathering), waiting(gathering)
    waiting(GatheringFactory.create())
    RegistrationFactory.create(gathering=gathering)
    assert [place_in_queue(row) for row in (early, same, late)] == [1, 2, 3]


def test_participants_read_of_those_with_a_seat_who_agreed() -> None:
    gathering = GatheringFactory.create()
    listed = RegistrationFactory.create(gathering=gathering, listed_at=AT)
    RegistrationFactory.create(gathering=gathering)
    waiting(gathering, listed_at=AT)
    RegistrationFactory.create(listed_at=AT)
    assert list(listed_participants(gathering)) == [listed]
    assert registrations_of(gathering).count() == 3


def test_needs_stand_by_question_with_who_needs_them() -> None:
    row = RegistrationFactory.create(name="Ada")
    gathering = row.gathering
    food, access = (
        Question.objects.create(
            gathering=gathering,
            need=Need.FOOD,
            text=text,
            position=position,
            choices="alles\nvegan" if not position else "",
            **gathering.organiser_columns,
        )
        for position, text in enumerate(("Essen?", "Zugang?"))
    )
    Answer.objects.create(
        gathering=gathering,
        registration=row,
        question=food,
        text="vegan",
        consented_at=AT,
        **gathering.organiser_columns,
    )
    assert [
        (need.question.text, [(one.registration.name, one.text) for one in need.answers])
        for need in needs_of(gathering)
    ] == [("Essen?", [("Ada", "vegan")]), ("Zugang?", [])]
    assert [need.totals for need in needs_of(gathering)] == [[("alles", 0), ("vegan", 1)], []]
    assert answered_questions(row) == {food.pk}
    assert access.pk not in answered_questions(row)


def test_gatherings_are_moved_where_an_offer_ran_out_or_seats_meet_who_waits() -> None:
    ran_out, kept, room, endless, full, begun, nobody = (
        GatheringFactory.create(**values)
        for values in (
            {"capacity": 1, "seats_taken": 1},
            {"capacity": 1, "seats_taken": 1},
            {"capacity": 2, "seats_taken": 1},
            {},
            {"capacity": 1, "seats_taken": 1},
            {"starts_at": AT},
            {"capacity": 5},
        )
    )
    for gathering, until in ((ran_out, AT), (kept, AT + timedelta(seconds=1))):
        RegistrationFactory.create(
            gathering=gathering, state=Seat.OFFERED, waiting_since=AT, offered_until=until
        )
    for gathering in (room, endless, full, begun):
        waiting(gathering)
    assert gatherings_to_move(AT) == [ran_out.pk, room.pk, endless.pk]
    assert nobody.pk not in gatherings_to_move(AT)


# --- the panel ------------------------------------------------------------------------------


def test_the_panel_shows_each_what_is_theirs() -> None:
    programme = ProgrammeFactory.create()
    carrier = CarrierFactory.create(programme=programme)
    account = manager(carrier)
    gathering = GatheringFactory.create(programme=programme, capacity=5, seats_taken=2)
    own = RegistrationFactory.create(gathering=gathering, carrier=carrier, account=account)
    mine = RegistrationFactory.create(gathering=gathering, carrier=carrier, state=Seat.SUBSTITUTE)
    RegistrationFactory.create(
        gathering=gathering, carrier=CarrierFactory.create(programme=programme)
    )
    waiting(gathering, seats=3, carrier=None)

    def panel(who: Actor) -> Any:
        return registrations_panel(who, [gathering.pk], ON)[gathering.pk]

    seen = panel(actor(account))
    assert seen["own"] == own
    assert registration_of(seen["own_token"]) == own
    assert set(seen["people"]) == {own, mine}
    assert (seen["sends"], seen["organises"], seen["free"]) == (True, False, 3)
    seen = panel(actor(network_office(programme)))
    assert (seen["own"], seen["people"], seen["own_token"]) == (None, [], "")
    assert (seen["sends"], seen["organises"]) == (False, True)
    assert seen["counts"] == {"seated": 2, "waiting": 3, "substitutes": 1, "declined": 0}
    seen = panel(actor(coordinator(SiteFactory.create(carrier=carrier))))
    assert (seen["people"], seen["sends"], seen["organises"]) == ([], False, False)


def test_the_panel_of_a_declined_registration_or_an_unlimited_gathering() -> None:
    programme = ProgrammeFactory.create()
    account = office(programme)
    gathering = GatheringFactory.create(programme=programme, state=State.CLOSED.value)
    RegistrationFactory.create(
        gathering=gathering, carrier=None, account=account, state=Seat.DECLINED
    )
    seen = registrations_panel(actor(account), [gathering.pk], ON)[gathering.pk]
    assert (seen["own"], seen["free"], seen["is_open"], seen["is_ahead"]) == (
        None,
        None,
        False,
        True,
    )


def test_registration_is_open_until_the_last_day() -> None:
    programme = ProgrammeFactory.create()
    gathering = GatheringFactory.create(programme=programme, closes_at=AT)
    who = actor(office(programme))

    def is_open(on: date) -> bool:
        return bool(registrations_panel(who, [gathering.pk], on)[gathering.pk]["is_open"])

    assert is_open(ON)
    assert not is_open(ON + timedelta(days=1))


def test_afterwards_the_panel_is_for_whom_there_is_something_to_see() -> None:
    programme = ProgrammeFactory.create()
    carrier = CarrierFactory.create(programme=programme)
    held = GatheringFactory.create(programme=programme, state=State.HELD.value)
    there = office(programme)
    RegistrationFactory.create(gathering=held, carrier=carrier, account=there, email="")
    for account, sees in (
        (there, True),
        (manager(carrier), True),
        (network_office(programme), True),
        (office(programme), False),
        (manager(CarrierFactory.create(programme=programme)), False),
    ):
        assert (held.pk in registrations_panel(actor(account), [held.pk], ON)) is sees


def test_before_registration_opens_the_panel_is_the_organisers_alone() -> None:
    programme = ProgrammeFactory.create()
    draft = GatheringFactory.create(programme=programme, state=State.DRAFT.value)
    announced = GatheringFactory.create(programme=programme, state=State.ANNOUNCED.value)
    foreign = GatheringFactory.create()
    ids = [draft.pk, announced.pk, foreign.pk]
    seen = registrations_panel(actor(network_office(programme)), ids, ON)
    assert set(seen) == {draft.pk, announced.pk}
    assert all(panel["organises"] and not panel["is_open"] for panel in seen.values())
    assert registrations_panel(actor(office(programme)), ids, ON) == {}
    assert registrations_panel(Actor(user_id=None), ids, ON) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_panels_cost_the_same_for_one_and_three(
    django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    programme = ProgrammeFactory.create()
    carrier = CarrierFactory.create(programme=programme)
    account = manager(carrier)
    gatherings = [
        GatheringFactory.create(programme=programme, starts_at=STARTS + timedelta(days=n))
        for n in range(rows)
    ]
    for gathering in gatherings:
        RegistrationFactory.create(gathering=gathering, carrier=carrier, account=account)
    who = actor(account)
    with django_assert_num_queries(6):
        seen = registrations_panel(who, [row.pk for row in gatherings], ON)
    assert all(len(panel["people"]) == 1 for panel in seen.values())
    assert len(seen) == rows
