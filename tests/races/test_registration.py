"""Many want the last seat at the same time. In full: ``dev.py soak -k test_registration``."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain import registration
from patenwerk.gatherings.domain.registration import (
    Coming,
    accept,
    decline,
    register_carrier,
    register_guest,
)
from patenwerk.gatherings.enums import HOLDING, Audience, Seat
from patenwerk.gatherings.models import Gathering, Registration
from tests.factories.gatherings import GatheringFactory, RegistrationFactory
from tests.factories.organisations import CarrierFactory
from tests.races.threads import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
BY = Actor(user_id=1)
LINK = "https://example.org/link/{token}/"


def open_for(capacity: int, **values: Any) -> Gathering:
    gathering: Gathering = GatheringFactory.create(
        audience=Audience.PUBLIC.value, capacity=capacity, **values
    )
    return gathering


def guest(gathering: Gathering, number: int) -> Callable[[], Registration]:
    def register() -> Registration:
        with transaction.atomic():
            return register_guest(
                gathering=gathering,
                guest=Coming(name=f"Gast {number}", email=f"gast{number}@example.org"),
                form_key=uuid.uuid4(),
                link=LINK,
                at=AT,
            )

    return register


def assert_seats_fit(gathering: Gathering) -> int:
    """The seats counted are those of the registrations, and there are as many; how many."""
    gathering.refresh_from_db()
    holding = gathering.registrations.filter(state__in=HOLDING)
    assert gathering.seats_taken == sum(row.seats for row in holding)
    assert gathering.capacity is not None
    assert gathering.seats_taken <= gathering.capacity
    return gathering.seats_taken


@pytest.mark.soak
def test_as_many_are_accepted_as_there_are_seats(*, soak: bool) -> None:
    rounds, people, seats = 20 if soak else 5, 200, 37
    for _again in range(rounds):
        gathering = open_for(seats)
        won, refused = split(at_once(*[guest(gathering, number) for number in range(people)]))
        assert refused == []
        states = [row.state for row in won if isinstance(row, Registration)]
        assert states.count(Seat.SEATED) == seats
        assert states.count(Seat.WAITING) == people - seats
        assert assert_seats_fit(gathering) == seats
        waiting = gathering.registrations.filter(state=Seat.WAITING)
        assert waiting.count() == people - seats


@pytest.mark.soak
def test_coming_going_and_accepting_at_once_leaves_no_seat_empty_or_given_twice(
    *, soak: bool
) -> None:
    rounds, people, seats = (20, 60, 10) if soak else (3, 12, 4)
    shuffled = random.Random(3)
    for _again in range(rounds):
        gathering = open_for(seats, seats_taken=seats)
        seated = [RegistrationFactory.create(gathering=gathering) for _ in range(seats)]
        for number in range(seats):
            RegistrationFactory.create(
                gathering=gathering,
                state=Seat.WAITING,
                waiting_since=AT - timedelta(minutes=number + 1),
            )

        def go(pk: int) -> None:
            with transaction.atomic():
                decline(
                    registration=Registration.objects.select_related("account").get(pk=pk),
                    link=LINK,
                    by=BY,
                    at=AT,
                )

        def take(gathering: Gathering = gathering) -> None:
            with transaction.atomic():
                offered = gathering.registrations.filter(state=Seat.OFFERED)
                row = offered.select_related("account").first()
                if row is not None:
                    accept(registration=row, link=LINK, by=BY, at=AT)

        works: list[Callable[[], object]] = [
            *[lambda pk=row.pk: go(pk) for row in seated[: seats - 1]],
            *[guest(gathering, number) for number in range(people)],
            *[take] * seats,
        ]
        shuffled.shuffle(works)
        _won, refused = split(at_once(*works))
        # Two may reach for the same offer: one takes it, the other reads that it is gone.
        assert {reason.code for one in refused for reason in one.reasons} <= {"wrong_state"}
        assert assert_seats_fit(gathering) == seats


def test_two_forms_of_a_carrier_at_once_stay_within_its_seats() -> None:
    for _again in range(5):
        gathering = open_for(100, seats_per_carrier=3)
        carrier = CarrierFactory.create(programme=gathering.programme)

        def send(name: str, gathering: Gathering = gathering, carrier: Any = carrier) -> object:
            with transaction.atomic():
                return register_carrier(
                    gathering=gathering,
                    carrier=carrier,
                    people=[Coming(name=f"{name} {number}") for number in range(2)],
                    form_key=uuid.uuid4(),
                    link=LINK,
                    by=BY,
                    at=AT,
                )

        won, refused = split(at_once(lambda send=send: send("A"), lambda send=send: send("B")))  # type: ignore[misc]
        assert (len(won), len(refused)) == (1, 1)
        assert [reason.code for reason in refused[0].reasons] == ["limit"]
        assert assert_seats_fit(gathering) == 2


def test_the_same_form_sent_twice_at_once_registers_once() -> None:
    for _again in range(5):
        gathering, key = open_for(10), uuid.uuid4()

        def send(gathering: Gathering = gathering, key: uuid.UUID = key) -> object:
            with transaction.atomic():
                return register_guest(
                    gathering=gathering,
                    guest=Coming(name="Ada", email="ada@example.org"),
                    form_key=key,
                    link=LINK,
                    at=AT,
                )

        won, refused = split(at_once(send, send))
        assert refused == []
        assert won[0] == won[1]
        assert assert_seats_fit(gathering) == 1


PEOPLE, SEATS = 8, 3


def without_guards(
    monkeypatch: pytest.MonkeyPatch, *, lock: bool, promise: bool
) -> list[Registration]:
    """What eight get who all look before one of them writes, with a guard or without any."""
    together = threading.Barrier(PEOPLE)
    gathering = open_for(SEATS)

    def plain(pk: int) -> Gathering:
        found = Gathering.objects.get(pk=pk)
        together.wait(timeout=20)
        return found

    def naive(found: Gathering, seats: int) -> bool:
        if found.capacity is not None and found.seats_taken + seats > found.capacity:
            return False
        found.seats_taken += seats
        Gathering.objects.filter(pk=found.pk).update(seats_taken=found.seats_taken)
        return True

    if not lock:
        monkeypatch.setattr(registration, "lock_gathering", plain)
    if not promise:
        monkeypatch.setattr(registration, "take_seats", naive)
    # Mails and the record are written in a transaction only, and SQLite's is a lock by itself.
    monkeypatch.setattr(registration, "_registered", lambda *_args: None)
    is_one_writer = connection.vendor == "sqlite"

    def register(number: int) -> object:
        with transaction.atomic() if lock or not is_one_writer else nullcontext():
            return register_guest(
                gathering=gathering,
                guest=Coming(name=f"Gast {number}", email=f"gast{number}@example.org"),
                form_key=uuid.uuid4(),
                link=LINK,
                at=AT,
            )

    won, refused = split(
        at_once(*[lambda number=number: register(number) for number in range(PEOPLE)])
    )
    assert refused == []
    assert len(won) == PEOPLE
    return list(gathering.registrations.filter(state=Seat.SEATED))


def test_control_without_lock_and_promise_everybody_gets_the_last_seat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert len(without_guards(monkeypatch, lock=False, promise=False)) == PEOPLE


@pytest.mark.parametrize(("lock", "promise"), [(True, False), (False, True)])
def test_each_guard_alone_is_enough(
    monkeypatch: pytest.MonkeyPatch, *, lock: bool, promise: bool
) -> None:
    assert len(without_guards(monkeypatch, lock=lock, promise=promise)) == SEATS
