"""Coming, waiting, moving up, staying away: every door with its refusals."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from patenwerk.audit.models import AuditEntry
from patenwerk.core.lifecycle import CannotMove
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Refusal
from patenwerk.gatherings.domain.registration import (
    CannotChange,
    CannotRegister,
    Coming,
    accept,
    change,
    decline,
    invite_person,
    keep_the_queue_moving,
    register_account,
    register_carrier,
    register_guest,
    send_regrets,
    set_seats,
    tell_of_cancellation,
    tick_attendance,
)
from patenwerk.gatherings.domain.seats import (
    LIFECYCLE,
    give_back,
    move_queue,
    offer_end,
    take_seats,
)
from patenwerk.gatherings.enums import Audience, Need, Seat, State
from patenwerk.gatherings.models import (
    Answer,
    CarrierShare,
    Gathering,
    Question,
    Registration,
    RegistrationStep,
)
from patenwerk.mail.models import OutboxMail
from patenwerk.organisations.models import Carrier
from tests.factories.gatherings import ContactFactory, GatheringFactory, RegistrationFactory
from tests.factories.organisations import (
    AccountFactory,
    CarrierFactory,
    ProgrammeFactory,
    manager,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
BY = Actor(user_id=7)
LINK = "https://example.org/link/{token}/"


def coming(*names: str, **more: Any) -> list[Coming]:
    return [Coming(name=name, email=f"{name.lower()}@example.org", **more) for name in names]


def send(
    gathering: Gathering,
    people: list[Coming],
    carrier: Carrier | None = None,
    *,
    at: datetime = AT,
    key: uuid.UUID | None = None,
) -> list[Registration]:
    return register_carrier(
        gathering=gathering,
        carrier=carrier or CarrierFactory.create(programme=gathering.programme),
        people=people,
        form_key=key or uuid.uuid4(),
        link=LINK,
        by=BY,
        at=at,
    )


def states(gathering: Gathering) -> dict[str, str]:
    rows = Registration.objects.filter(gathering=gathering)
    return dict(rows.values_list("name", "state"))


def mails() -> list[tuple[str, str]]:
    """What was written to whom, in order."""
    return list(OutboxMail.objects.order_by("pk").values_list("to", "kind"))


def codes(refusal: Any) -> list[str]:
    assert isinstance(refusal.value, Refusal)
    return [reason.code for reason in refusal.value.reasons]


def fields(refusal: Any) -> list[str | None]:
    return [reason.field for reason in refusal.value.reasons]


def counted(gathering: Gathering) -> int:
    """The seats counted, after the promise that they are those of the registrations."""
    gathering.refresh_from_db()
    holding = gathering.registrations.filter(state__in=[Seat.SEATED, Seat.OFFERED])
    assert gathering.seats_taken == sum(row.seats for row in holding)
    return gathering.seats_taken


def drop(gathering: Gathering, name: str, at: datetime = AT) -> None:
    decline(registration=gathering.registrations.get(name=name), link=LINK, by=BY, at=at)


# --- registering ----------------------------------------------------------------------------


def test_a_carrier_registers_several_at_once_with_substitutes_and_a_group() -> None:
    gathering = GatheringFactory.create(capacity=10, place_name="Haus am See", address="Weg 1")
    carrier = CarrierFactory.create(programme=gathering.programme)
    made = send(
        gathering,
        [
            *coming("Ada"),
            *coming("Bo", is_substitute=True),
            Coming(name="Klasse 9b", seats=4, is_listed=True),
        ],
        carrier,
    )
    assert states(gathering) == {"Ada": "seated", "Bo": "substitute", "Klasse 9b": "seated"}
    assert counted(gathering) == 5
    assert [row.carrier for row in made] == [carrier] * 3
    assert [row.listed_at for row in made] == [None, None, AT]
    assert mails() == [
        ("ada@example.org", "registration_seated"),
        ("bo@example.org", "registration_substitute"),
    ]
    steps = RegistrationStep.objects.order_by("pk")
    assert {(row.step, row.from_state, row.by_id) for row in steps} == {("register", "", 7)}
    assert [row.to_state for row in steps] == ["seated", "substitute", "seated"]
    entry = AuditEntry.objects.get(action="gatherings.register")
    assert (entry.object_ids, entry.programme_id) == (
        [row.pk for row in made],
        gathering.programme_id,
    )


def test_the_mail_says_when_and_where_and_only_a_seat_gets_the_link_to_join() -> None:
    gathering = GatheringFactory.create(
        capacity=1,
        title="Vernetzung & Mehr",
        place_name="Haus am See",
        address="Weg 1",
        join_link="https://join.example.org/raum",
    )
    send(gathering, [*coming("Ada"), Coming(name="Bo", email="bo@example.org", language="en")])
    seat, waiting = OutboxMail.objects.order_by("pk")
    assert (seat.subject, seat.is_secret, seat.language) == (
        "Sie haben einen Platz: Vernetzung & Mehr",
        True,
        "de",
    )
    for part in (" Ada,", "Haus am See, Weg 1", "12. März 2026 10:00", "/link/", "/raum"):
        assert part in seat.body_text, part
    assert "Vernetzung &amp; Mehr" in seat.body_html
    assert waiting.subject == "Waiting list: Vernetzung & Mehr"
    assert "/raum" not in waiting.body_text + waiting.body_html


def test_who_has_no_address_is_written_to_through_the_carrier() -> None:
    gathering = GatheringFactory.create()
    carrier = CarrierFactory.create(programme=gathering.programme)
    send(gathering, [Coming(name="Ada")], carrier)
    assert mails() == []
    ContactFactory.create(carrier=carrier, email="kontakt@example.org")
    send(gathering, [Coming(name="Bo")], carrier)
    assert mails() == [("kontakt@example.org", "registration_seated")]


def test_who_finds_no_seat_waits_in_the_order_given() -> None:
    gathering = GatheringFactory.create(capacity=2)
    send(gathering, coming("Ada", "Bo", "Cem", "Dana"))
    assert states(gathering) == {
        "Ada": "seated",
        "Bo": "seated",
        "Cem": "waiting",
        "Dana": "waiting",
    }
    assert counted(gathering) == 2
    drop(gathering, "Bo")
    assert states(gathering)["Cem"] == "offered"
    assert states(gathering)["Dana"] == "waiting"


def test_sending_the_form_twice_registers_once() -> None:
    gathering = GatheringFactory.create(capacity=5)
    carrier, key = CarrierFactory.create(programme=gathering.programme), uuid.uuid4()
    first = send(gathering, coming("Ada", "Bo"), carrier, key=key)
    assert send(gathering, coming("Ada", "Bo"), carrier, key=key) == first
    assert counted(gathering) == 2
    assert len(mails()) == 2


def test_nobody_named_is_refused() -> None:
    with pytest.raises(CannotRegister) as refused:
        send(GatheringFactory.create(), [])
    assert (codes(refused), fields(refused)) == (["nobody"], ["name-0"])


@pytest.mark.parametrize(
    "values",
    [
        {"state": State.ANNOUNCED.value},
        {"state": State.CLOSED.value},
        {"state": State.CANCELLED.value},
        {"closes_at": AT},
        {"starts_at": AT},
    ],
)
def test_registration_has_to_be_open(values: dict[str, Any]) -> None:
    gathering = GatheringFactory.create(**values)
    with pytest.raises(CannotRegister) as refused:
        send(gathering, coming("Ada"))
    assert codes(refused) == ["not_open"]
    account = AccountFactory.create()
    with pytest.raises(CannotRegister) as refused:
        register_account(
            gathering=gathering,
            account=account,
            carrier=None,
            is_listed=False,
            link=LINK,
            by=BY,
            at=AT,
        )
    assert codes(refused) == ["not_open"]


def test_registration_is_open_until_the_moment_it_closes() -> None:
    gathering = GatheringFactory.create(closes_at=AT + timedelta(seconds=1))
    assert send(gathering, coming("Ada"))


def test_a_carrier_of_another_programme_is_refused() -> None:
    with pytest.raises(CannotRegister) as refused:
        send(GatheringFactory.create(), coming("Ada"), CarrierFactory.create())
    assert codes(refused) == ["other_programme"]


def test_only_invited_carriers_and_the_organisers_own_come_to_a_closed_round() -> None:
    programme = ProgrammeFactory.create()
    host, guest, other = (CarrierFactory.create(programme=programme) for _ in range(3))
    gathering = GatheringFactory.create(
        programme=programme, carrier=host, audience=Audience.INVITED.value
    )
    CarrierShare.objects.create(
        gathering=gathering, of_carrier=guest, is_invited=True, **gathering.organiser_columns
    )
    CarrierShare.objects.create(
        gathering=gathering, of_carrier=other, is_invited=False, **gathering.organiser_columns
    )
    send(gathering, coming("Ada"), host)
    send(gathering, coming("Bo"), guest)
    with pytest.raises(CannotRegister) as refused:
        send(gathering, coming("Cem"), other)
    assert (codes(refused), fields(refused)) == (["not_invited"], ["carrier"])


def test_a_carrier_has_its_seats_and_names_the_others_as_substitutes() -> None:
    gathering = GatheringFactory.create(capacity=3, seats_per_carrier=4)
    carrier = CarrierFactory.create(programme=gathering.programme)
    send(gathering, coming("Ada", "Bo", "Cem", "Dana"), carrier)
    with pytest.raises(CannotRegister) as refused:
        send(gathering, coming("Eli"), carrier)
    assert codes(refused) == ["limit"]
    assert "4 Plätze" in str(refused.value)
    send(gathering, coming("Eli", is_substitute=True), carrier)
    assert states(gathering)["Eli"] == "substitute"
    send(gathering, coming("Fee"))
    drop(gathering, "Dana")
    send(gathering, coming("Gul"), carrier)
    assert states(gathering)["Gul"] == "waiting"


def test_a_carrier_s_own_number_of_seats_goes_before_everybody_s() -> None:
    gathering = GatheringFactory.create(seats_per_carrier=1)
    carrier = CarrierFactory.create(programme=gathering.programme)
    share = CarrierShare.objects.create(
        gathering=gathering, of_carrier=carrier, seats=3, **gathering.organiser_columns
    )
    send(gathering, [*coming("Ada"), Coming(name="Gruppe", seats=2)], carrier)
    CarrierShare.objects.filter(pk=share.pk).update(seats=None)
    with pytest.raises(CannotRegister) as refused:
        send(gathering, coming("Bo"), carrier)
    assert codes(refused) == ["limit"]


def test_an_address_is_registered_once_whatever_its_case() -> None:
    gathering = GatheringFactory.create()
    send(gathering, coming("Ada"))
    with pytest.raises(CannotRegister) as refused:
        send(
            gathering,
            [
                Coming(name="Neu", email="neu@example.org"),
                Coming(name="Ada", email="ADA@example.org"),
                Coming(name="Noch", email="Neu@example.org"),
            ],
        )
    assert codes(refused) == ["registered", "registered"]
    assert fields(refused) == ["email-1", "email-2"]
    drop(gathering, "Ada")
    send(gathering, coming("Ada"))
    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationFactory.create(gathering=gathering, email="aDa@example.org")


def test_all_reasons_are_said_at_once() -> None:
    gathering = GatheringFactory.create(state=State.CLOSED.value, seats_per_carrier=0)
    RegistrationFactory.create(gathering=gathering, email="ada@example.org")
    with pytest.raises(CannotRegister) as refused:
        send(gathering, coming("Ada"))
    assert codes(refused) == ["not_open", "limit", "registered"]


def test_registering_oneself_counts_for_one_s_carrier_and_happens_once() -> None:
    gathering = GatheringFactory.create(seats_per_carrier=1)
    carrier = CarrierFactory.create(programme=gathering.programme)
    account = manager(carrier, email="jutta@example.org")

    def register(who: Any = account) -> Registration:
        return register_account(
            gathering=gathering,
            account=who,
            carrier=carrier,
            is_listed=True,
            link=LINK,
            by=Actor(user_id=who.pk),
            at=AT,
        )

    made = register()
    assert (made.state, made.name, made.carrier, made.listed_at) == (
        "seated",
        account.full_name,
        carrier,
        AT,
    )
    assert register() == made
    assert mails() == [("jutta@example.org", "registration_seated")]
    with pytest.raises(CannotRegister) as refused:
        register(AccountFactory.create(email="JUTTA@EXAMPLE.ORG"))
    assert codes(refused) == ["registered", "limit"]
    assert fields(refused)[0] == ""


def test_who_works_for_a_carrier_that_is_not_invited_cannot_come_for_it() -> None:
    gathering = GatheringFactory.create(audience=Audience.INVITED)
    carrier = CarrierFactory.create(programme=gathering.programme)
    account = manager(carrier)
    with pytest.raises(CannotRegister) as refused:
        register_account(
            gathering=gathering,
            account=account,
            carrier=carrier,
            is_listed=False,
            link=LINK,
            by=Actor(user_id=account.pk),
            at=AT,
        )
    assert codes(refused) == ["not_invited"]


def test_whose_address_is_an_account_s_finds_the_registration_there() -> None:
    gathering = GatheringFactory.create()
    account = AccountFactory.create(email="ada@example.org", language="en")
    AccountFactory.create(email="bo@example.org", is_active=False)
    ada, bo = send(gathering, [Coming(name="Ada", email="Ada@Example.org"), *coming("Bo")])
    assert (ada.account, ada.language, bo.account, bo.language) == (account, "en", None, "de")
    again = register_account(
        gathering=gathering,
        account=account,
        carrier=None,
        is_listed=True,
        link=LINK,
        by=Actor(user_id=account.pk),
        at=AT,
    )
    assert again == ada


def test_an_account_without_an_address_on_the_registration_is_still_reached() -> None:
    account = AccountFactory.create(email="konto@example.org", language="en")
    gathering = GatheringFactory.create(capacity=1, seats_taken=1)
    row = RegistrationFactory.create(gathering=gathering, account=account, email="")
    decline(registration=row, link=LINK, by=BY, at=AT)
    assert mails() == [("konto@example.org", "registration_declined")]
    assert OutboxMail.objects.get().language == "en"


def guest_of(gathering: Gathering, name: str = "Ada", key: uuid.UUID | None = None) -> Registration:
    return register_guest(
        gathering=gathering,
        guest=coming(name, organisation="Stadtteilbüro")[0],
        form_key=key or uuid.uuid4(),
        link=LINK,
        at=AT,
    )


def test_a_guest_registers_at_a_gathering_for_everybody() -> None:
    gathering = GatheringFactory.create(audience=Audience.PUBLIC.value, capacity=1)
    key = uuid.uuid4()
    made = guest_of(gathering, key=key)
    assert (made.state, made.carrier, made.organisation) == ("seated", None, "Stadtteilbüro")
    assert guest_of(gathering, key=key) == made
    assert guest_of(gathering, "Bo").state == "waiting"
    assert counted(gathering) == 1
    assert len(mails()) == 2


def test_a_guest_who_is_known_gets_the_link_again_and_nobody_learns_of_it() -> None:
    gathering = GatheringFactory.create(audience=Audience.PUBLIC.value)
    made = guest_of(gathering)
    assert guest_of(gathering) == made
    assert mails() == [("ada@example.org", "registration_seated")] * 2
    drop(gathering, "Ada")
    assert guest_of(gathering) != made


def test_a_guest_does_not_come_to_the_circle_nor_when_registration_is_closed() -> None:
    with pytest.raises(CannotRegister) as refused:
        guest_of(GatheringFactory.create())
    assert codes(refused) == ["not_public"]
    public = GatheringFactory.create(audience=Audience.PUBLIC.value, state=State.CLOSED.value)
    with pytest.raises(CannotRegister) as refused:
        guest_of(public)
    assert codes(refused) == ["not_open"]


def test_a_guest_and_nobody_s_carrier_without_an_address_are_not_written_to() -> None:
    gathering = GatheringFactory.create(seats_taken=1)
    row = RegistrationFactory.create(gathering=gathering, carrier=None, email="")
    decline(registration=row, link=LINK, by=BY, at=AT)
    assert mails() == []


# --- seats that come free -------------------------------------------------------------------


def test_the_substitute_of_the_same_carrier_steps_in_before_the_queue() -> None:
    gathering = GatheringFactory.create(capacity=1)
    carrier = CarrierFactory.create(programme=gathering.programme)
    send(gathering, [*coming("Ada"), *coming("Bo", is_substitute=True)], carrier)
    send(gathering, coming("Cem"))
    drop(gathering, "Ada")
    assert states(gathering) == {"Ada": "declined", "Bo": "seated", "Cem": "waiting"}
    assert counted(gathering) == 1
    assert mails()[-2:] == [
        ("ada@example.org", "registration_declined"),
        ("bo@example.org", "registration_stepped_in"),
    ]


def test_a_substitute_of_another_carrier_stays_one_and_the_queue_is_asked() -> None:
    gathering = GatheringFactory.create(capacity=1)
    send(gathering, coming("Ada"))
    send(gathering, coming("Bo", is_substitute=True))
    send(gathering, coming("Cem"))
    drop(gathering, "Ada")
    assert states(gathering) == {"Ada": "declined", "Bo": "substitute", "Cem": "offered"}
    assert mails()[-1] == ("cem@example.org", "registration_offer")


def test_a_group_s_seats_go_to_as_many_substitutes_as_fit_and_the_rest_to_the_queue() -> None:
    gathering = GatheringFactory.create(capacity=3)
    carrier = CarrierFactory.create(programme=gathering.programme)
    send(
        gathering,
        [
            Coming(name="Gruppe", seats=3),
            Coming(name="Zu viele", seats=4, is_substitute=True),
            Coming(name="Zwei", seats=2, is_substitute=True),
            Coming(name="Noch zwei", seats=2, is_substitute=True),
        ],
        carrier,
    )
    send(gathering, coming("Cem"))
    drop(gathering, "Gruppe")
    assert states(gathering) == {
        "Gruppe": "declined",
        "Zu viele": "substitute",
        "Zwei": "seated",
        "Noch zwei": "substitute",
        "Cem": "offered",
    }
    assert counted(gathering) == 3


def test_substitutes_step_in_for_seats_that_came_free_not_for_all_there_are() -> None:
    gathering = GatheringFactory.create(capacity=None)
    carrier = CarrierFactory.create(programme=gathering.programme)
    pair = Coming(name="Zwei", seats=2, is_substitute=True)
    send(gathering, [*coming("Ada"), pair, *coming("Bo", "Cem", is_substitute=True)], carrier)
    drop(gathering, "Ada")
    assert states(gathering) == {
        "Ada": "declined",
        "Zwei": "substitute",
        "Bo": "seated",
        "Cem": "substitute",
    }


def test_who_is_too_many_is_passed_over_and_keeps_the_place() -> None:
    gathering = GatheringFactory.create(capacity=2)
    send(gathering, coming("Ada", "Bo"))
    send(gathering, [Coming(name="Gruppe", seats=2)])
    send(gathering, coming("Cem"), at=AT + timedelta(hours=1))
    drop(gathering, "Ada")
    assert states(gathering)["Gruppe"] == "waiting"
    assert states(gathering)["Cem"] == "offered"
    drop(gathering, "Cem")
    drop(gathering, "Bo")
    assert states(gathering)["Gruppe"] == "offered"


def test_who_waits_is_asked_before_somebody_new_gets_the_seat() -> None:
    gathering = GatheringFactory.create(capacity=1)
    send(gathering, coming("Ada", "Bo"))
    Gathering.objects.filter(pk=gathering.pk).update(capacity=2)
    send(gathering, coming("Cem"))
    assert states(gathering) == {"Ada": "seated", "Bo": "offered", "Cem": "waiting"}


@pytest.mark.parametrize("count", [1, 3])
def test_a_long_queue_costs_nothing_where_no_seat_is_free(
    django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    gathering = GatheringFactory.create(capacity=1, audience=Audience.PUBLIC.value)
    guest_of(gathering)
    for number in range(count):
        guest_of(gathering, f"Wartende{number}")
    with django_assert_num_queries(9):
        guest_of(gathering, "Neu")


@pytest.mark.parametrize("count", [1, 3])
def test_groups_that_do_not_fit_cost_nothing(
    django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    gathering = GatheringFactory.create(capacity=2, audience=Audience.PUBLIC.value)
    guest_of(gathering)
    for number in range(count):
        send(gathering, [Coming(name=f"Gruppe {number}", seats=2)])
    with django_assert_num_queries(13):
        assert guest_of(gathering, "Neu").state == "seated"


def test_an_offered_seat_is_taken_by_its_link_in_time() -> None:
    gathering = GatheringFactory.create(capacity=1, offer_hours=24)
    send(gathering, coming("Ada", "Bo"))
    drop(gathering, "Ada")
    row = gathering.registrations.get(name="Bo")
    assert (row.state, row.waiting_since, row.offered_until) == (
        "offered",
        AT,
        AT + timedelta(hours=24),
    )
    accept(registration=row, link=LINK, by=Actor(user_id=None), at=AT + timedelta(hours=23))
    row.refresh_from_db()
    assert (row.state, row.waiting_since, row.offered_until) == ("seated", None, None)
    assert counted(gathering) == 1
    assert mails()[-1] == ("bo@example.org", "registration_seated")
    assert AuditEntry.objects.filter(action="gatherings.accept_seat").count() == 1


def test_after_its_time_a_seat_cannot_be_taken_even_before_it_is_given_on() -> None:
    gathering = GatheringFactory.create(capacity=1, offer_hours=24)
    send(gathering, coming("Ada", "Bo"))
    drop(gathering, "Ada")
    row = gathering.registrations.get(name="Bo")
    with pytest.raises(CannotMove) as refused:
        accept(registration=row, link=LINK, by=BY, at=AT + timedelta(hours=24))
    assert codes(refused) == ["offer_over"]


def test_an_offer_that_ran_out_goes_to_the_next_and_who_let_it_pass_to_the_end() -> None:
    gathering = GatheringFactory.create(capacity=1, offer_hours=24)
    send(gathering, coming("Ada", "Bo"))
    send(gathering, coming("Cem"), at=AT + timedelta(minutes=1))
    drop(gathering, "Ada", AT + timedelta(hours=1))
    later = AT + timedelta(hours=25)

    def lapse(at: datetime) -> int:
        return keep_the_queue_moving(gathering_id=gathering.pk, link=LINK, by=BY, at=at)

    assert lapse(later - timedelta(seconds=1)) == 0
    assert lapse(later) == 1
    assert states(gathering) == {"Ada": "declined", "Bo": "waiting", "Cem": "offered"}
    assert gathering.registrations.get(name="Bo").waiting_since == later
    assert mails()[-2:] == [
        ("cem@example.org", "registration_offer"),
        ("bo@example.org", "registration_lapsed"),
    ]
    assert lapse(later) == 0
    assert counted(gathering) == 1


def test_who_lets_a_second_offer_pass_is_no_longer_in_the_queue() -> None:
    gathering = GatheringFactory.create(capacity=1, offer_hours=24)
    send(gathering, coming("Ada", "Bo"))
    bo = gathering.registrations.get(name="Bo")
    question = Question.objects.create(
        gathering=gathering, need=Need.FOOD, text="?", **gathering.organiser_columns
    )
    Answer.objects.create(
        gathering=gathering,
        registration=bo,
        question=question,
        text="vegan",
        consented_at=AT,
        **gathering.organiser_columns,
    )
    drop(gathering, "Ada")
    for round_, state in ((1, "offered"), (2, "declined")):
        keep_the_queue_moving(
            gathering_id=gathering.pk, link=LINK, by=BY, at=AT + timedelta(hours=24 * round_)
        )
        assert states(gathering)["Bo"] == state
    assert [kind for _to, kind in mails()][-3:] == [
        "registration_offer",
        "registration_offer",
        "registration_let_go",
    ]
    assert not Answer.objects.exists()
    assert counted(gathering) == 0


def test_when_the_gathering_has_begun_offers_end_in_silence() -> None:
    gathering = GatheringFactory.create(capacity=1)
    send(gathering, coming("Ada", "Bo", "Cem"))
    at = gathering.starts_at - timedelta(hours=1)
    drop(gathering, "Ada", at)
    before = mails()
    keep_the_queue_moving(gathering_id=gathering.pk, link=LINK, by=BY, at=gathering.starts_at)
    assert states(gathering) == {"Ada": "declined", "Bo": "waiting", "Cem": "waiting"}
    assert mails() == before
    assert counted(gathering) == 0


@pytest.mark.parametrize(
    ("closes_in", "hours", "expected"),
    [
        (None, 48, 48),
        (None, 200, 100),
        (60, 48, 48),
        (60, 80, 60),
        (-1, 80, 80),
        (-1, 200, 100),
        (0, 200, 100),
        (150, 200, 100),
    ],
)
def test_an_offer_ends_before_registration_does_and_never_after_the_beginning(
    closes_in: int | None, hours: int, expected: int
) -> None:
    gathering = Gathering(
        starts_at=AT + timedelta(hours=100),
        closes_at=None if closes_in is None else AT + timedelta(hours=closes_in),
        offer_hours=hours,
    )
    assert offer_end(gathering, AT) == AT + timedelta(hours=expected)


def test_seats_move_after_registration_is_closed_until_the_gathering_begins() -> None:
    gathering = GatheringFactory.create(capacity=1)
    send(gathering, coming("Ada", "Bo"))
    Gathering.objects.filter(pk=gathering.pk).update(state=State.CLOSED)
    drop(gathering, "Ada")
    assert states(gathering)["Bo"] == "offered"


# --- staying away ---------------------------------------------------------------------------


def test_who_waits_and_does_not_come_frees_nothing() -> None:
    gathering = GatheringFactory.create(capacity=1)
    send(gathering, coming("Ada", "Bo", "Cem"))
    drop(gathering, "Bo")
    assert states(gathering) == {"Ada": "seated", "Bo": "declined", "Cem": "waiting"}
    assert counted(gathering) == 1


def test_declining_says_why_and_forgets_what_was_needed() -> None:
    gathering = GatheringFactory.create()
    (row,) = send(gathering, coming("Ada"))
    question = Question.objects.create(
        gathering=gathering, need=Need.FOOD, text="?", **gathering.organiser_columns
    )
    Answer.objects.create(
        gathering=gathering,
        registration=row,
        question=question,
        text="vegan",
        consented_at=AT,
        **gathering.organiser_columns,
    )
    decline(registration=row, note="Bin verreist.", link=LINK, by=BY, at=AT)
    assert RegistrationStep.objects.get(step="decline").note == "Bin verreist."
    assert not Answer.objects.exists()
    assert AuditEntry.objects.filter(action="gatherings.decline").count() == 1


def test_declining_twice_or_when_it_has_begun_is_refused_and_frees_nothing() -> None:
    gathering = GatheringFactory.create(capacity=2)
    ada, bo = send(gathering, coming("Ada", "Bo"))
    stale = Registration.objects.get(pk=ada.pk)
    decline(registration=ada, link=LINK, by=BY, at=AT)
    with pytest.raises(CannotMove) as refused:
        decline(registration=stale, link=LINK, by=BY, at=AT)
    assert codes(refused) == ["wrong_state"]
    with pytest.raises(CannotMove) as refused:
        decline(registration=bo, link=LINK, by=BY, at=gathering.starts_at)
    assert codes(refused) == ["over"]
    assert counted(gathering) == 1


def test_none_of_us_can_come_declines_all_of_the_carrier_and_the_queue_moves() -> None:
    gathering = GatheringFactory.create(capacity=2)
    carrier = CarrierFactory.create(programme=gathering.programme)
    send(gathering, [*coming("Ada", "Bo"), *coming("Cem", is_substitute=True)], carrier)
    send(gathering, coming("Dana"))
    share = send_regrets(
        gathering=gathering, carrier=carrier, why="Betriebsausflug", link=LINK, by=BY, at=AT
    )
    assert (share.regret, share.regretted_at, share.regretted_by_id) == ("Betriebsausflug", AT, 7)
    assert states(gathering) == {
        "Ada": "declined",
        "Bo": "declined",
        "Cem": "declined",
        "Dana": "offered",
    }
    assert counted(gathering) == 1
    entry = AuditEntry.objects.get(action="gatherings.send_regrets")
    assert len(entry.details["declined"]) == 3
    again = send_regrets(gathering=gathering, carrier=carrier, why="", link=LINK, by=BY, at=AT)
    assert (again.pk, again.regret) == (share.pk, "")
    send(gathering, coming("Eli"), carrier)
    share.refresh_from_db()
    assert (share.regret, share.regretted_at) == ("", None)


def test_regrets_come_before_the_gathering_and_from_who_was_asked() -> None:
    gathering = GatheringFactory.create(audience=Audience.INVITED.value)
    carrier = CarrierFactory.create(programme=gathering.programme)
    with pytest.raises(CannotRegister) as refused:
        send_regrets(
            gathering=gathering,
            carrier=carrier,
            why="",
            link=LINK,
            by=BY,
            at=gathering.starts_at,
        )
    assert codes(refused) == ["over", "not_invited"]
    assert not CarrierShare.objects.exists()


# --- changing -------------------------------------------------------------------------------


def changed(row: Registration, at: datetime = AT, **values: Any) -> None:
    said = {"name": row.name, "language": row.language, "seats": row.seats, "is_listed": False}
    change(registration=row, **{**said, **values}, link=LINK, by=BY, at=at)
    row.refresh_from_db()


def test_a_name_is_corrected_and_consent_to_the_list_given_and_taken_back() -> None:
    (row,) = send(GatheringFactory.create(), coming("Ada"))
    changed(row, name="Ada Kern", language="en", is_listed=True)
    assert (row.name, row.language, row.listed_at) == ("Ada Kern", "en", AT)
    changed(row, at=AT + timedelta(days=1), is_listed=True)
    assert row.listed_at == AT
    changed(row)
    assert row.listed_at is None


def test_a_group_gives_back_seats_and_the_queue_moves() -> None:
    gathering = GatheringFactory.create(capacity=3)
    (row,) = send(gathering, [Coming(name="Gruppe", seats=3)])
    (waiting,) = send(gathering, [Coming(name="Wartende", seats=3)])
    send(gathering, coming("Ada"))
    changed(row, seats=2)
    assert states(gathering)["Ada"] == "offered"
    assert counted(gathering) == 3
    changed(waiting, seats=2)
    assert counted(gathering) == 3


def test_a_shorter_group_that_waits_may_fit_now() -> None:
    gathering = GatheringFactory.create(capacity=3)
    send(gathering, coming("Ada", "Bo"))
    (waiting,) = send(gathering, [Coming(name="Gruppe", seats=2)])
    changed(waiting, seats=1)
    assert waiting.state == "offered"
    assert counted(gathering) == 3


def test_a_change_that_cannot_be_is_refused_with_all_reasons() -> None:
    gathering = GatheringFactory.create()
    (row,) = send(gathering, coming("Ada"))
    drop(gathering, "Ada")
    with pytest.raises(CannotChange) as refused:
        changed(row, at=gathering.starts_at, seats=2)
    assert codes(refused) == ["over", "declined", "more_seats"]
    assert fields(refused)[-1] == "seats"


def test_more_seats_move_the_queue_and_fewer_than_are_taken_are_refused() -> None:
    gathering = GatheringFactory.create(capacity=1)
    send(gathering, coming("Ada", "Bo", "Cem"))

    def seats(capacity: int | None, per_carrier: int | None = None) -> None:
        set_seats(
            gathering=gathering,
            capacity=capacity,
            seats_per_carrier=per_carrier,
            link=LINK,
            by=BY,
            at=AT,
        )

    seats(2, 5)
    assert states(gathering) == {"Ada": "seated", "Bo": "offered", "Cem": "waiting"}
    gathering.refresh_from_db()
    assert (gathering.capacity, gathering.seats_per_carrier) == (2, 5)
    with pytest.raises(CannotChange) as refused:
        seats(1)
    assert (codes(refused), fields(refused)) == (["taken"], ["capacity"])
    seats(None)
    assert states(gathering)["Cem"] == "offered"
    assert AuditEntry.objects.filter(action="gatherings.set_seats").count() == 2


def test_everybody_who_comes_reads_of_the_cancellation_and_needs_are_forgotten() -> None:
    gathering = GatheringFactory.create(capacity=1)
    rows = send(gathering, [*coming("Ada", "Bo", "Cem"), *coming("Dana", is_substitute=True)])
    question = Question.objects.create(
        gathering=gathering, need=Need.FOOD, text="?", **gathering.organiser_columns
    )
    Answer.objects.create(
        gathering=gathering,
        registration=rows[0],
        question=question,
        text="vegan",
        consented_at=AT,
        **gathering.organiser_columns,
    )
    drop(gathering, "Cem")
    before = len(mails())
    gathering.state, gathering.cancel_reason = State.CANCELLED.value, "Der Ort fällt aus."
    gathering.save()
    assert tell_of_cancellation(gathering=gathering, link=LINK, by=BY, at=AT) == 3
    assert mails()[before:] == [
        (f"{name}@example.org", "registration_cancelled") for name in ("ada", "bo", "dana")
    ]
    assert "Der Ort fällt aus." in OutboxMail.objects.latest("pk").body_text
    assert not Answer.objects.exists()


def test_who_was_there_is_ticked_on_the_day_and_can_be_ticked_again() -> None:
    gathering = GatheringFactory.create(capacity=2)
    ada, bo, cem = send(gathering, coming("Ada", "Bo", "Cem"))

    def tick(*came: Registration, at: datetime = gathering.starts_at) -> int:
        return tick_attendance(gathering=gathering, came=[row.pk for row in came], by=BY, at=at)

    def there() -> list[bool | None]:
        rows = gathering.registrations.order_by("pk")
        return list(rows.values_list("attended", flat=True))

    assert tick(ada, cem) == 2
    assert there() == [True, False, True]
    assert tick(bo) == 1
    assert there() == [False, True, None]
    with pytest.raises(CannotChange) as refused:
        tick(ada, at=gathering.starts_at - timedelta(days=1))
    assert codes(refused) == ["too_early"]
    Gathering.objects.filter(pk=gathering.pk).update(
        state=State.CANCELLED, cancel_reason="Der Ort fällt aus."
    )
    gathering.refresh_from_db()
    with pytest.raises(CannotChange):
        tick(ada)


def test_somebody_of_another_gathering_cannot_be_ticked() -> None:
    stranger = RegistrationFactory.create()
    gathering = GatheringFactory.create()
    assert (
        tick_attendance(gathering=gathering, came=[stranger.pk], by=BY, at=gathering.starts_at) == 0
    )
    stranger.refresh_from_db()
    assert stranger.attended is None


# --- the table of steps and the promises below it -------------------------------------------


@pytest.mark.parametrize("state", list(Seat))
@pytest.mark.parametrize("step", [step.name for step in LIFECYCLE.steps])
def test_every_step_from_every_state(step: str, state: Seat) -> None:
    waits = state in {Seat.WAITING, Seat.OFFERED}
    row = RegistrationFactory.create(
        state=state,
        waiting_since=AT if waits else None,
        offered_until=AT + timedelta(hours=1) if state == Seat.OFFERED else None,
    )
    at = AT + timedelta(hours=2) if step in {"lapse", "let_go"} else AT
    refusals = LIFECYCLE.refusals(row, step, by=BY, at=at)
    if state in LIFECYCLE.step(step).sources:
        assert refusals == []
    else:
        assert [reason.code for reason in refusals] == ["wrong_state"]


@pytest.mark.parametrize("step", ["lapse", "let_go"])
def test_nobody_loses_an_offer_before_its_time(step: str) -> None:
    row = RegistrationFactory.create(
        state=Seat.OFFERED, waiting_since=AT, offered_until=AT + timedelta(hours=1)
    )
    refusals = LIFECYCLE.refusals(row, step, by=BY, at=AT)
    assert [reason.code for reason in refusals] == ["offer_stands"]


@pytest.mark.parametrize(
    ("step", "state"),
    [
        ("offer", Seat.WAITING),
        ("accept", Seat.OFFERED),
        ("step_in", Seat.SUBSTITUTE),
        ("decline", Seat.SEATED),
    ],
)
def test_nothing_moves_when_the_gathering_is_cancelled(step: str, state: Seat) -> None:
    waits = state in {Seat.WAITING, Seat.OFFERED}
    row = RegistrationFactory.create(
        gathering__state=State.CANCELLED.value,
        state=state,
        waiting_since=AT if waits else None,
        offered_until=AT + timedelta(hours=1) if state == Seat.OFFERED else None,
    )
    refusals = LIFECYCLE.refusals(row, step, by=BY, at=AT)
    assert [reason.code for reason in refusals] == ["over"]


def test_no_queue_moves_at_a_cancelled_gathering() -> None:
    gathering = GatheringFactory.create(state=State.CANCELLED.value)
    RegistrationFactory.create(gathering=gathering, state=Seat.WAITING, waiting_since=AT)
    assert move_queue(gathering=gathering, link=LINK, by=BY, at=AT) == []


def test_seats_are_counted_up_to_the_capacity_and_not_one_more() -> None:
    gathering = GatheringFactory.create(capacity=2)
    assert take_seats(gathering, 2)
    assert not take_seats(gathering, 1)
    give_back(gathering, 1)
    assert take_seats(gathering, 1)
    gathering.refresh_from_db()
    assert gathering.seats_taken == 2
    endless = GatheringFactory.create(capacity=None)
    assert take_seats(endless, 1000)


def test_the_table_itself_refuses_more_seats_than_there_are() -> None:
    gathering = GatheringFactory.create(capacity=2, seats_taken=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Gathering.objects.filter(pk=gathering.pk).update(seats_taken=3)


@pytest.mark.parametrize(
    "values",
    [
        {"state": Seat.WAITING},
        {"state": Seat.SEATED, "waiting_since": AT},
        {"state": Seat.OFFERED, "waiting_since": AT},
        {"state": Seat.SEATED, "offered_until": AT},
        {"seats": 0},
    ],
)
def test_the_table_refuses_a_registration_in_between(values: dict[str, Any]) -> None:
    gathering, carrier = GatheringFactory.create(), CarrierFactory.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationFactory.create(gathering=gathering, carrier=carrier, **values)


@pytest.mark.postgres
def test_the_gathering_is_locked_before_its_registrations() -> None:
    gathering = GatheringFactory.create(capacity=1)
    send(gathering, coming("Ada", "Bo"))
    row = gathering.registrations.get(name="Ada")
    with CaptureQueriesContext(connection) as asked:
        decline(registration=row, link=LINK, by=BY, at=AT)
    locks = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]
    tables = [re.findall(r'FROM "(\w+)"', sql)[0] for sql in locks]
    assert tables[0] == "gatherings_gathering"
    assert set(tables[1:]) == {"gatherings_registration"}


def test_the_docs_show_the_diagram_of_the_table() -> None:
    page = Path(__file__).parents[3] / "docs" / "explanation" / "seats.md"
    assert LIFECYCLE.diagram() in page.read_text(encoding="utf-8")


# ------------------------------------------------------------------ invited by name


def invited(gathering: Gathering, **more: Any) -> Registration:
    said = {"name": "Ruth Wiesengrund", "email": "ruth@example.org", **more}
    with transaction.atomic():
        return invite_person(
            gathering=gathering, person=Coming(**said), link=LINK, by=Actor(1), at=AT
        )


@pytest.mark.parametrize(("closes_in", "kept_until"), [(None, "starts_at"), (5, "closes_at")])
def test_an_invitation_keeps_a_seat_and_the_link_says_yes(
    closes_in: int | None, kept_until: str
) -> None:
    closes_at = None if closes_in is None else AT + timedelta(days=closes_in)
    gathering = GatheringFactory.create(
        capacity=2, audience=Audience.INVITED, closes_at=closes_at, state=State.ANNOUNCED
    )
    registration = invited(gathering, seats=2, organisation="Institut")
    gathering.refresh_from_db()
    assert (registration.state, gathering.seats_taken) == (Seat.OFFERED, 2)
    assert registration.offered_until == getattr(gathering, kept_until)
    assert (registration.carrier, registration.organisation) == (None, "Institut")
    assert registration.steps_taken.get().step == "invite"
    assert mails() == [("ruth@example.org", "registration_invited")]
    with transaction.atomic():
        accept(registration=registration, link=LINK, by=Actor(None), at=AT + timedelta(days=1))
    registration.refresh_from_db()
    assert registration.state == Seat.SEATED


def test_who_is_invited_and_says_no_gives_the_seat_back() -> None:
    gathering = GatheringFactory.create(capacity=1)
    registration = invited(gathering)
    with transaction.atomic():
        decline(registration=registration, note="", link=LINK, by=Actor(None), at=AT)
    gathering.refresh_from_db()
    assert gathering.seats_taken == 0


@pytest.mark.parametrize(
    ("values", "said", "reasons"),
    [
        ({"state": State.DRAFT}, {}, ["draft"]),
        ({"state": State.HELD}, {}, ["over"]),
        ({"starts_at": AT - timedelta(hours=1)}, {}, ["over"]),
        ({}, {"email": ""}, ["no_address"]),
        ({"capacity": 1}, {"seats": 2}, ["full"]),
        ({"state": State.DRAFT}, {"email": ""}, ["draft", "no_address"]),
    ],
)
def test_an_invitation_that_cannot_be_sent_says_why(
    values: dict[str, Any], said: dict[str, Any], reasons: list[str]
) -> None:
    gathering = GatheringFactory.create(**values)
    with pytest.raises(CannotRegister) as refusal:
        invited(gathering, **said)
    assert codes(refusal) == reasons
    assert not Registration.objects.exists()
    assert not OutboxMail.objects.exists()


def test_nobody_is_invited_twice() -> None:
    gathering = GatheringFactory.create()
    invited(gathering)
    with pytest.raises(CannotRegister) as refusal:
        invited(gathering, email="Ruth@example.org")
    assert (codes(refusal), fields(refusal)) == (["registered"], ["email"])
