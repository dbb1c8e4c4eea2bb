"""Every page of registration: who sees it, what it does, what it costs."""

from __future__ import annotations

import io
import re
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.audit.models import AuditEntry
from patenwerk.core import clock
from patenwerk.gatherings.enums import Audience, Need, Seat, State
from patenwerk.gatherings.models import Answer, CarrierShare, Gathering, Question, Registration
from patenwerk.gatherings.queries.registration import token_of
from patenwerk.mail.models import OutboxMail
from patenwerk.organisations.models import Account, Carrier, RoleGrant
from tests.factories.gatherings import ContactFactory, GatheringFactory, RegistrationFactory
from tests.factories.organisations import (
    CarrierFactory,
    ProgrammeFactory,
    RoleGrantFactory,
    SiteFactory,
    coordinator,
    manager,
    network_office,
    office,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


def page(name: str, *args: object) -> str:
    return reverse(f"gatherings:{name}", args=args)


def words(answer: Any) -> str:
    """What a reader reads, in one line."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text)


@pytest.fixture
def gathering() -> Gathering:
    made: Gathering = GatheringFactory.create(title="Netztreffen", capacity=4)
    return made


@pytest.fixture
def carrier(gathering: Gathering) -> Carrier:
    made: Carrier = CarrierFactory.create(programme=gathering.programme, name="Brückenbogen")
    return made


@pytest.fixture
def managing(client: Client, carrier: Carrier) -> Account:
    account = manager(carrier, email="leitung@example.org")
    client.force_login(account)
    return account


@pytest.fixture
def organising(client: Client, gathering: Gathering) -> Account:
    account = network_office(gathering.programme)
    client.force_login(account)
    return account


def rows(*people: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The form of a carrier as a browser sends it."""
    said = {f"{part}-{n}": value for n, row in enumerate(people) for part, value in row.items()}
    return {"form_key": "7f0f3f3e-6a0e-4a55-8a3e-000000000001", **said, **more}


# --- by a carrier ---------------------------------------------------------------------------


def test_a_carrier_registers_four_with_a_substitute_in_one_form(
    client: Client, gathering: Gathering, carrier: Carrier, managing: Account
) -> None:
    url = page("register_carrier", gathering.pk)
    assert "Personen anmelden" in words(client.get(url))
    answer = client.post(
        url,
        rows(
            {"name": "Ada", "email": "ada@example.org", "seats": "1"},
            {"name": "", "seats": "1"},
            {"name": "Bo", "seats": "1", "is_substitute": "on"},
            {"name": "Klasse 9b", "seats": "3"},
            {"name": "Cem", "email": "", "seats": ""},
            carrier=carrier.pk,
        ),
    )
    assert answer.headers["Location"] == page("gathering", gathering.pk)
    found = Registration.objects.order_by("pk").values_list("name", "seats", "state", "carrier")
    assert list(found) == [
        ("Ada", 1, "seated", carrier.pk),
        ("Bo", 1, "substitute", carrier.pk),
        ("Klasse 9b", 3, "seated", carrier.pk),
        ("Cem", 1, "waiting", carrier.pk),
    ]
    said = words(client.get(answer.headers["Location"]))
    for sentence in (
        "4 Plätze sind für Sie vergeben.",
        "1 Person steht auf der Warteliste.",
        "1 Vertretung ist genannt.",
        "Von Ihrem Träger",
    ):
        assert sentence in said, sentence


def test_a_refusal_stands_at_the_row_it_is_about(
    client: Client, gathering: Gathering, carrier: Carrier, managing: Account
) -> None:
    RegistrationFactory.create(gathering=gathering, email="bo@example.org")
    answer = client.post(
        page("register_carrier", gathering.pk),
        rows(
            {"name": "Ada", "email": "ada@example.org"},
            {"name": ""},
            {"name": "Bo", "email": "bo@example.org"},
            carrier=carrier.pk,
        ),
    )
    assert answer.status_code == 422
    context: Any = answer.context
    assert context["form"].errors == {"email-2": ["bo@example.org ist schon angemeldet."]}
    assert Registration.objects.count() == 1


def test_nobody_named_and_names_left_out_are_said_where_they_are(
    client: Client, gathering: Gathering, carrier: Carrier, managing: Account
) -> None:
    url = page("register_carrier", gathering.pk)
    nobody: Any = client.post(url, rows(carrier=carrier.pk)).context
    assert list(nobody["form"].errors) == ["name-0"]
    nameless: Any = client.post(
        url,
        rows(
            {"email": "ada@example.org"},
            {"is_substitute": "on"},
            {"name": "x" * 121, "email": "a@example.org"},
            carrier=carrier.pk,
        ),
    ).context
    assert list(nameless["form"].errors) == ["name-2", "name-0", "name-1"]


@pytest.mark.parametrize(
    ("asked", "count"), [("", 6), ("12", 12), ("99999", 30), ("0", 6), ("viele", 6), ("²", 6)]
)
def test_the_form_has_as_many_rows_as_asked_for(
    client: Client, gathering: Gathering, managing: Account, asked: str, count: int
) -> None:
    answer = client.get(page("register_carrier", gathering.pk), {"rows": asked})
    assert answer.content.decode().count('role="group" aria-labelledby="row-') == count
    assert ('href="?rows=' in answer.content.decode()) == (count < 30)


def test_who_manages_several_carriers_chooses_one(
    client: Client, gathering: Gathering, carrier: Carrier, managing: Account
) -> None:
    other = CarrierFactory.create(programme=gathering.programme, name="Hafenlichter")
    foreign = CarrierFactory.create(programme=gathering.programme)
    RoleGrantFactory.create(
        account=managing,
        role="carrier_manager",
        programme=other.programme,
        carrier=other,
        valid_from=date(2026, 1, 1),
    )
    CarrierShare.objects.create(
        gathering=gathering, of_carrier=other, seats=2, **gathering.organiser_columns
    )
    url = page("register_carrier", gathering.pk)
    said = words(client.get(url))
    assert "Hafenlichter hat 2 Plätze; Vertretungen zählen nicht mit." in said
    client.post(url, rows({"name": "Ada"}, carrier=other.pk))
    assert Registration.objects.get().carrier == other
    refused: Any = client.post(url, rows({"name": "Bo"}, carrier=foreign.pk))
    assert refused.status_code == 422


def test_nobody_is_registered_for_a_carrier_that_is_no_longer_there(
    client: Client, gathering: Gathering, carrier: Carrier, managing: Account
) -> None:
    Carrier.objects.filter(pk=carrier.pk).update(archived_at=AT)
    url = page("register_carrier", gathering.pk)
    assert client.get(url).status_code == 200
    answer: Any = client.post(url, rows({"name": "Ada"}, carrier=carrier.pk))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["carrier"])


def test_only_who_manages_a_carrier_registers_people(
    client: Client, gathering: Gathering, carrier: Carrier
) -> None:
    for account in (
        coordinator(SiteFactory.create(carrier=carrier)),
        office(gathering.programme),
        network_office(gathering.programme),
    ):
        client.force_login(account)
        for name in ("register_carrier", "send_regrets"):
            assert client.get(page(name, gathering.pk)).status_code == 403, name


def test_a_carrier_says_that_nobody_can_come(
    client: Client, gathering: Gathering, carrier: Carrier, managing: Account
) -> None:
    RegistrationFactory.create(gathering=gathering, carrier=carrier)
    Gathering.objects.update(seats_taken=1)
    url = page("send_regrets", gathering.pk)
    assert "niemand kommen" in words(client.get(url))
    answer = client.post(url, {"carrier": carrier.pk, "why": "Umzug"})
    assert answer.headers["Location"] == page("gathering", gathering.pk)
    assert CarrierShare.objects.get().regret == "Umzug"
    assert Registration.objects.get().state == Seat.DECLINED


def test_a_carrier_cancels_for_somebody_of_its_own_only(
    client: Client, gathering: Gathering, carrier: Carrier, managing: Account
) -> None:
    own = RegistrationFactory.create(gathering=gathering, carrier=carrier, name="Ada")
    foreign = RegistrationFactory.create(gathering=gathering)
    Gathering.objects.update(seats_taken=2)
    url = page("decline_registration", own.pk)
    assert "Ada kann nicht kommen" in words(client.get(url))
    answer = client.post(url, {"note": "krank"})
    assert answer.headers["Location"] == page("gathering", gathering.pk)
    own.refresh_from_db()
    assert own.state == Seat.DECLINED
    assert client.post(url, {}).status_code == 422
    assert client.get(page("decline_registration", foreign.pk)).status_code == 404


# --- oneself --------------------------------------------------------------------------------


def test_somebody_with_an_account_comes_and_lands_on_their_registration(
    client: Client, gathering: Gathering, carrier: Carrier
) -> None:
    account = coordinator(SiteFactory.create(carrier=carrier))
    client.force_login(account)
    url = page("register", gathering.pk)
    assert account.email in words(client.get(url))
    answer = client.post(url, {"is_listed": "on"})
    made = Registration.objects.get()
    assert (made.account, made.carrier, made.listed_at) == (account, carrier, AT)
    assert answer.headers["Location"] == page("registration", token_of(made))
    said = words(client.get(answer.headers["Location"]))
    assert "Sie haben einen Platz" in said
    assert account.full_name in said
    here = words(client.get(page("gathering", gathering.pk)))
    assert "Ihre Anmeldung" in here


def test_registering_when_it_is_closed_says_so(client: Client, managing: Account) -> None:
    programme = RoleGrant.objects.get(account=managing).programme
    closed = GatheringFactory.create(programme=programme, state=State.CLOSED.value)
    answer = client.post(page("register", closed.pk), {})
    assert answer.status_code == 422
    assert "Die Anmeldung ist nicht offen." in words(answer)


# --- guests ---------------------------------------------------------------------------------

GUEST = {
    "name": "Ada",
    "email": "ada@example.org",
    "organisation": "Stadtteilbüro",
    "form_key": "7f0f3f3e-6a0e-4a55-8a3e-000000000002",
}


def test_a_guest_registers_and_reads_the_rest_in_the_mail(client: Client) -> None:
    public = GatheringFactory.create(audience=Audience.PUBLIC.value)
    url = page("register_guest", public.pk)
    assert public.title in words(client.get(url))
    first = client.post(url, GUEST)
    again = client.post(url, {**GUEST, "form_key": "7f0f3f3e-6a0e-4a55-8a3e-000000000003"})
    made = Registration.objects.get()
    assert (made.organisation, made.language, made.account) == ("Stadtteilbüro", "de", None)
    assert "an ada@example.org geschrieben" in words(first)
    assert words(again) == words(first)
    assert OutboxMail.objects.count() == 2


def test_a_guest_is_written_to_in_the_language_of_the_page(client: Client) -> None:
    public = GatheringFactory.create(audience=Audience.PUBLIC.value)
    client.post(page("register_guest", public.pk), GUEST, headers={"accept-language": "en"})
    assert Registration.objects.get().language == "en"


def test_the_form_for_everybody_shows_nothing_of_other_gatherings(client: Client) -> None:
    for values in (
        {"audience": Audience.CIRCLE.value},
        {"audience": Audience.PUBLIC.value, "state": State.DRAFT.value},
    ):
        gathering = GatheringFactory.create(**values)
        assert client.get(page("register_guest", gathering.pk)).status_code == 404
        assert client.post(page("register_guest", gathering.pk), GUEST).status_code == 404
    closed = GatheringFactory.create(audience=Audience.PUBLIC.value, closes_at=AT)
    assert "nicht offen" in words(client.get(page("register_guest", closed.pk)))
    assert client.post(page("register_guest", closed.pk), GUEST).status_code == 422
    assert not Registration.objects.exists()


def test_the_form_for_everybody_is_taken_so_often_and_says_so(client: Client) -> None:
    public = GatheringFactory.create(audience=Audience.PUBLIC)
    url, often = page("register_guest", public.pk), "Dieses Formular wurde zu oft abgeschickt."
    with time_machine.travel(AT, tick=False) as hands:
        for _time in range(5):
            assert often not in words(client.post(url, {**GUEST, "form_key": str(uuid.uuid4())}))
        before = OutboxMail.objects.count()
        # The sixth within an hour would write a sixth mail to somebody who may not have asked.
        said = {**GUEST, "form_key": str(uuid.uuid4())}
        answer: Any = client.post(url, {**said, "email": GUEST["email"].upper()})
        assert (answer.status_code, often in words(answer)) == (422, True)
        assert OutboxMail.objects.count() == before
        others = [
            client.post(
                url, {**GUEST, "email": f"g{place}@example.org", "form_key": str(uuid.uuid4())}
            ).status_code
            for place in range(17)
        ]
        assert others == [*[200] * 15, 422, 422]
        hands.shift(timedelta(minutes=61))
        assert client.post(url, said).status_code == 200


def test_a_bad_address_of_a_guest_is_said_in_one_sentence(client: Client) -> None:
    public = GatheringFactory.create(audience=Audience.PUBLIC.value)
    answer: Any = client.post(page("register_guest", public.pk), {**GUEST, "email": "ada"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["email"]


# --- by link --------------------------------------------------------------------------------


@pytest.fixture
def row(gathering: Gathering, carrier: Carrier) -> Registration:
    made: Registration = RegistrationFactory.create(
        gathering=gathering, carrier=carrier, name="Ada", email="ada@example.org"
    )
    Gathering.objects.filter(pk=gathering.pk).update(seats_taken=1)
    return made


@pytest.mark.parametrize(
    "name",
    [
        "registration",
        "registration_accept",
        "registration_decline",
        "registration_change",
        "registration_needs",
    ],
)
def test_a_link_that_was_not_signed_here_leads_nowhere(
    client: Client, row: Registration, name: str
) -> None:
    assert client.get(page(name, token_of(row)[:-1])).status_code == 404
    answer = client.get(page(name, token_of(row)))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (Seat.SEATED, "Sie haben einen Platz"),
        (Seat.WAITING, "Sie stehen auf Platz 1."),
        (Seat.OFFERED, "Ein Platz ist für Sie frei"),
        (Seat.SUBSTITUTE, "Sie sind Vertretung"),
        (Seat.DECLINED, "Sie kommen nicht"),
    ],
)
def test_the_link_says_how_it_stands(
    client: Client, gathering: Gathering, state: Seat, sentence: str
) -> None:
    waits = state in {Seat.WAITING, Seat.OFFERED}
    Gathering.objects.update(join_link="https://join.example.org/raum", address="Weg 1")
    row = RegistrationFactory.create(
        gathering=gathering,
        state=state,
        waiting_since=AT if waits else None,
        offered_until=AT + timedelta(hours=1) if state == Seat.OFFERED else None,
    )
    answer = client.get(page("registration", token_of(row)))
    assert sentence in words(answer)
    assert ("join.example.org" in answer.content.decode()) == (state == Seat.SEATED)
    assert ("Ich kann nicht kommen" in words(answer)) == (state != Seat.DECLINED)


def test_an_offered_seat_is_taken_with_one_button(client: Client, gathering: Gathering) -> None:
    row = RegistrationFactory.create(
        gathering=gathering,
        state=Seat.OFFERED,
        waiting_since=AT,
        offered_until=AT + timedelta(hours=1),
    )
    Gathering.objects.update(seats_taken=1)
    url = page("registration_accept", token_of(row))
    assert url in client.get(page("registration", token_of(row))).content.decode()
    answer = client.post(url)
    assert answer.headers["Location"] == page("registration", token_of(row))
    row.refresh_from_db()
    assert row.state == Seat.SEATED
    again = client.post(url)
    assert again.status_code == 422
    assert "Der Stand hat sich geändert" in words(again)


def test_when_the_time_is_over_the_button_is_missing_and_the_reason_stands_there(
    client: Client, gathering: Gathering
) -> None:
    row = RegistrationFactory.create(
        gathering=gathering, state=Seat.OFFERED, waiting_since=AT, offered_until=AT
    )
    answer = client.get(page("registration", token_of(row)))
    assert "Die Zeit, diesen Platz anzunehmen, ist vorbei." in words(answer)
    assert page("registration_accept", token_of(row)) not in answer.content.decode()
    assert client.post(page("registration_accept", token_of(row))).status_code == 422


def test_whoever_cannot_come_says_so_by_the_link(client: Client, row: Registration) -> None:
    answer = client.post(page("registration_decline", token_of(row)), {"note": ""})
    assert answer.headers["Location"] == page("registration", token_of(row))
    row.refresh_from_db()
    assert row.state == Seat.DECLINED
    assert row.steps_taken.get().by_id is None


def test_a_name_is_changed_by_the_link(client: Client, row: Registration) -> None:
    url = page("registration_change", token_of(row))
    said = {"name": "Ada Kern", "language": "en", "is_listed": "on"}
    assert "Plätze" not in words(client.get(url))
    assert client.post(url, said).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.language, row.listed_at, row.seats) == ("Ada Kern", "en", AT, 1)


def test_a_group_gives_back_seats_by_the_link(client: Client, row: Registration) -> None:
    Registration.objects.update(seats=3)
    Gathering.objects.update(seats_taken=3)
    url = page("registration_change", token_of(row))
    said = {"name": "Ada", "language": "de", "seats": "4"}
    more: Any = client.post(url, said)
    assert (more.status_code, list(more.context["form"].errors)) == (422, ["seats"])
    assert client.post(url, {**said, "seats": "1"}).status_code == 302
    assert Gathering.objects.get().seats_taken == 1


def test_others_are_read_of_only_where_they_agreed_and_one_has_a_seat(
    client: Client, gathering: Gathering, row: Registration
) -> None:
    RegistrationFactory.create(gathering=gathering, name="Cem Offen", listed_at=AT)
    RegistrationFactory.create(
        gathering=gathering, carrier=None, name="Dana Gast", organisation="Amt", listed_at=AT
    )
    RegistrationFactory.create(gathering=gathering, name="Eli Still")
    waiting = RegistrationFactory.create(
        gathering=gathering, state=Seat.WAITING, waiting_since=AT, name="Fee"
    )
    said = words(client.get(page("registration", token_of(row))))
    assert "Cem Offen" in said
    assert "Dana Gast, Amt" in said
    assert "Eli Still" not in said
    assert "Cem Offen" not in words(client.get(page("registration", token_of(waiting))))


def test_a_cancelled_gathering_says_so_and_nothing_can_be_done(
    client: Client, gathering: Gathering, row: Registration
) -> None:
    Gathering.objects.update(state=State.CANCELLED, cancel_reason="Der Ort fällt aus.")
    said = words(client.get(page("registration", token_of(row))))
    assert "Dieses Treffen fällt aus." in said
    assert "Der Ort fällt aus." in said
    assert "Ich kann nicht kommen" not in said
    assert client.post(page("registration_decline", token_of(row))).status_code == 422


# --- needs ----------------------------------------------------------------------------------


@pytest.fixture
def food(gathering: Gathering) -> Question:
    return Question.objects.create(
        gathering=gathering,
        need=Need.FOOD,
        text="Was essen Sie?",
        choices="alles\nvegan",
        **gathering.organiser_columns,
    )


@pytest.fixture
def access(gathering: Gathering) -> Question:
    return Question.objects.create(
        gathering=gathering,
        need=Need.ACCESS,
        text="Was brauchen Sie?",
        position=1,
        **gathering.organiser_columns,
    )


def test_needs_are_told_by_the_link_and_never_shown_there(
    client: Client, row: Registration, food: Question, access: Question
) -> None:
    url = page("registration_needs", token_of(row))
    assert "Fragen beantworten" in words(client.get(page("registration", token_of(row))))
    said = {f"question-{food.pk}": "vegan", f"question-{access.pk}": "Rampe"}
    refused: Any = client.post(url, said)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["consents"])
    assert client.post(url, {**said, "consents": "on"}).status_code == 302
    assert {one.text for one in Answer.objects.all()} == {"vegan", "Rampe"}
    for address in (url, page("registration", token_of(row))):
        assert "Rampe" not in words(client.get(address))
    assert "Beantwortet." in words(client.get(url))
    assert client.post(url, {}).status_code == 302
    assert not Answer.objects.exists()


def test_a_choice_that_was_not_offered_is_refused_at_its_field(
    client: Client, row: Registration, food: Question
) -> None:
    answer: Any = client.post(
        page("registration_needs", token_of(row)),
        {f"question-{food.pk}": "nichts", "consents": "on"},
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (
        422,
        [f"question-{food.pk}"],
    )


def needed(gathering: Gathering, row: Registration, question: Question, text: str) -> None:
    Answer.objects.create(
        gathering=gathering,
        registration=row,
        question=question,
        text=text,
        consented_at=AT,
        **gathering.organiser_columns,
    )


def test_needs_stand_on_the_organisers_page_alone_and_each_look_is_recorded(
    client: Client,
    gathering: Gathering,
    carrier: Carrier,
    row: Registration,
    access: Question,
    organising: Account,
) -> None:
    needed(gathering, row, access, "Kanarienwort")
    answer = client.get(page("needs", gathering.pk))
    assert "Kanarienwort" in words(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    client.get(page("needs", gathering.pk))
    entries = AuditEntry.objects.filter(action="gatherings.see_needs")
    assert [entry.actor_id for entry in entries] == [organising.pk] * 2
    for name in ("registrations", "gathering", "attendance", "questions", "silent_carriers"):
        assert "Kanarienwort" not in words(client.get(page(name, gathering.pk))), name
    file = client.get(page("registrations", gathering.pk), {"format": "csv"})
    assert "Kanarienwort" not in file.content.decode()
    client.force_login(manager(carrier))
    assert client.get(page("needs", gathering.pk)).status_code == 403
    assert entries.count() == 2


def test_a_carrier_that_organises_reads_the_needs_of_its_own_gathering(
    client: Client, carrier: Carrier, managing: Account
) -> None:
    own = GatheringFactory.create(programme=carrier.programme, carrier=carrier)
    question = Question.objects.create(
        gathering=own, need=Need.FOOD, text="?", **own.organiser_columns
    )
    row = RegistrationFactory.create(gathering=own, carrier=None)
    needed(own, row, question, "vegan")
    assert "vegan" in words(client.get(page("needs", own.pk)))
    client.force_login(network_office(carrier.programme))
    assert client.get(page("needs", own.pk)).status_code == 403


def test_nothing_asked_invites_to_ask(
    client: Client, gathering: Gathering, organising: Account
) -> None:
    assert "Es wird nichts gefragt" in words(client.get(page("needs", gathering.pk)))


def test_questions_are_edited_all_at_once(
    client: Client, gathering: Gathering, food: Question, organising: Account
) -> None:
    url = page("questions", gathering.pk)
    assert "Was essen Sie?" in client.get(url).content.decode()
    said = {
        "text-0": "",
        "need-0": "food",
        "choices-0": "",
        "text-1": "Dolmetschen?",
        "need-1": "interpreting",
        "choices-1": "x" * 301,
        "text-2": "",
        "need-2": "food",
        "text-3": "",
        "need-3": "food",
    }
    refused: Any = client.post(url, said)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["choices-1"])
    answer = client.post(url, {**said, "choices-1": "Polnisch\r\nArabisch"})
    assert answer.headers["Location"] == page("registrations", gathering.pk)
    (made,) = Question.objects.all()
    assert (made.text, made.need, made.lines) == (
        "Dolmetschen?",
        "interpreting",
        ["Polnisch", "Arabisch"],
    )


def test_questions_of_what_is_over_stay(client: Client, organising: Account) -> None:
    programme = RoleGrant.objects.get(account=organising).programme
    held = GatheringFactory.create(programme=programme, state=State.HELD.value)
    said = {f"{part}-{n}": "" for n in range(3) for part in ("text", "choices")}
    needs = {f"need-{n}": "food" for n in range(3)}
    answer = client.post(page("questions", held.pk), {**said, **needs})
    assert answer.status_code == 422
    assert "Das Treffen ist vorbei oder wurde abgesagt." in words(answer)


# --- the organisers -------------------------------------------------------------------------


def test_the_list_is_narrowed_and_given_away_as_a_file(
    client: Client, gathering: Gathering, row: Registration, organising: Account
) -> None:
    RegistrationFactory.create(
        gathering=gathering, carrier=None, organisation="Amt", name="Bo", state=Seat.DECLINED
    )
    RegistrationFactory.create(
        gathering=gathering,
        name="Cem",
        state=Seat.WAITING,
        waiting_since=AT,
        attended=True,
    )
    url = page("registrations", gathering.pk)

    def names(**said: str) -> list[str]:
        context: Any = client.get(url, said).context
        return [one.name for one in context["rows"]]

    assert names() == ["Ada", "Cem"]
    assert names(state="all") == ["Ada", "Bo", "Cem"]
    assert names(state="waiting") == ["Cem"]
    assert names(state="quatsch") == ["Ada", "Cem"]
    assert names(q="brücken") == ["Ada"]
    assert names(state="all", q="amt") == ["Bo"]
    assert names(q="niemand") == []
    assert "1 von 4 Plätzen" in words(client.get(url))
    answer = client.get(url, {"format": "xlsx", "state": "all"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    cells = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert cells[0] == [
        "Name",
        "Träger",
        "Organisation",
        "E-Mail-Adresse",
        "Plätze",
        "Stand",
        "Angemeldet am",
        "War da",
    ]
    assert cells[1][:6] == ["Ada", "Brückenbogen", None, "ada@example.org", 1, "hat einen Platz"]
    assert [line[-1] for line in cells[1:]] == [None, None, "ja"]
    Registration.objects.update(attended=False)
    csv = client.get(url, {"format": "csv"}).content.decode()
    assert "nein" in csv
    Gathering.objects.update(capacity=None)
    assert "1 Platz ist vergeben oder angeboten." in words(client.get(url))


def test_the_organisers_pages_are_theirs(
    client: Client, gathering: Gathering, carrier: Carrier, managing: Account
) -> None:
    names = ("registrations", "set_seats", "attendance", "questions", "needs", "silent_carriers")
    for name in names:
        assert client.get(page(name, gathering.pk)).status_code == 403, name
    foreign = GatheringFactory.create()
    for name in names:
        assert client.get(page(name, foreign.pk)).status_code == 404, name


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    gathering: Gathering,
    organising: Account,
    count: int,
) -> None:
    for _ in range(count):
        RegistrationFactory.create(gathering=gathering)
    with django_assert_num_queries(7):
        client.get(page("registrations", gathering.pk))


@pytest.mark.parametrize("count", [1, 3])
def test_the_needs_cost_the_same_for_one_and_three(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    gathering: Gathering,
    organising: Account,
    food: Question,
    count: int,
) -> None:
    for _ in range(count):
        needed(gathering, RegistrationFactory.create(gathering=gathering), food, "vegan")
    with django_assert_num_queries(10):
        client.get(page("needs", gathering.pk))


@pytest.mark.parametrize("count", [1, 3])
def test_the_silent_carriers_cost_the_same_for_one_and_three(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    gathering: Gathering,
    organising: Account,
    count: int,
) -> None:
    for _ in range(count):
        CarrierFactory.create(programme=gathering.programme)
        CarrierShare.objects.create(
            gathering=gathering,
            of_carrier=CarrierFactory.create(programme=gathering.programme),
            regretted_at=AT,
            **gathering.organiser_columns,
        )
    with django_assert_num_queries(7):
        client.get(page("silent_carriers", gathering.pk))


@pytest.mark.parametrize("count", [1, 3])
def test_the_link_costs_the_same_for_one_and_three(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    gathering: Gathering,
    row: Registration,
    food: Question,
    count: int,
) -> None:
    for _ in range(count):
        RegistrationFactory.create(gathering=gathering, listed_at=AT)
    with django_assert_num_queries(5):
        client.get(page("registration", token_of(row)))


def test_more_seats_let_the_queue_move(
    client: Client, gathering: Gathering, organising: Account
) -> None:
    row = RegistrationFactory.create(gathering=gathering, state=Seat.WAITING, waiting_since=AT)
    Gathering.objects.update(seats_taken=4)
    url = page("set_seats", gathering.pk)
    assert "4 Plätze sind vergeben oder angeboten." in words(client.get(url))
    less: Any = client.post(url, {"capacity": "3", "seats_per_carrier": ""})
    assert (less.status_code, list(less.context["form"].errors)) == (422, ["capacity"])
    answer = client.post(url, {"capacity": "5", "seats_per_carrier": "2"})
    assert answer.headers["Location"] == page("registrations", gathering.pk)
    row.refresh_from_db()
    assert row.state == Seat.OFFERED


def test_attendance_is_ticked_on_the_day(
    client: Client,
    gathering: Gathering,
    row: Registration,
    organising: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    RegistrationFactory.create(
        gathering=gathering, name="Bo", carrier=None, state=Seat.WAITING, waiting_since=AT
    )
    url = page("attendance", gathering.pk)
    said = words(client.get(url))
    assert "Ada, Brückenbogen" in said
    assert "Bo, auf der Warteliste" in said
    early = client.post(url, {"came": [row.pk]})
    assert early.status_code == 422
    monkeypatch.setattr(clock, "now", lambda: gathering.starts_at)
    client.force_login(organising)
    assert client.post(url, {"came": [row.pk]}).headers["Location"] == url
    row.refresh_from_db()
    assert row.attended is True
    assert "1 Person war da." in words(client.get(url))
    assert client.get(url).content.decode().count("checked") == 1
    foreign = RegistrationFactory.create()
    assert client.post(url, {"came": [foreign.pk]}).status_code == 422


def test_nobody_to_tick_says_so(client: Client, gathering: Gathering, organising: Account) -> None:
    assert "Niemand ist angemeldet" in words(client.get(page("attendance", gathering.pk)))


def test_silent_carriers_are_listed_and_reminded(
    client: Client, gathering: Gathering, carrier: Carrier, organising: Account
) -> None:
    ContactFactory.create(carrier=carrier)
    CarrierFactory.create(programme=gathering.programme, name="Ohne Kontakt")
    away = CarrierFactory.create(programme=gathering.programme, name="Abgesagt")
    CarrierShare.objects.create(
        gathering=gathering,
        of_carrier=away,
        regret="Umzug",
        regretted_at=AT,
        **gathering.organiser_columns,
    )
    url = page("silent_carriers", gathering.pk)
    said = words(client.get(url))
    for part in ("Brückenbogen", "Ohne Kontakt", "noch nicht erinnert", "Abgesagt", "Umzug"):
        assert part in said, part
    assert client.post(url).headers["Location"] == url
    said = words(client.get(url))
    assert "1 Träger ist erinnert." in said
    assert "1 Träger hat niemanden genannt" in said
    mail = OutboxMail.objects.get()
    assert page("gathering", gathering.pk) in mail.body_text
    RegistrationFactory.create(
        gathering=gathering, carrier=Carrier.objects.get(name="Ohne Kontakt")
    )
    assert client.post(url).status_code == 422


def test_when_everybody_has_answered_nobody_is_reminded(
    client: Client, organising: Account
) -> None:
    programme = RoleGrant.objects.get(account=organising).programme
    gathering = GatheringFactory.create(programme=programme)
    said = words(client.get(page("silent_carriers", gathering.pk)))
    assert "Alle haben geantwortet" in said
    assert "Alle erinnern" not in said


def test_pages_of_another_programme_are_not_there(client: Client, managing: Account) -> None:
    foreign = GatheringFactory.create(programme=ProgrammeFactory.create())
    for name in ("register", "register_carrier", "send_regrets"):
        assert client.get(page(name, foreign.pk)).status_code == 404, name


def test_somebody_is_invited_by_name_and_says_yes_by_the_link(client: Client) -> None:
    gathering = GatheringFactory.create(capacity=1)
    client.force_login(network_office(gathering.programme))
    url = reverse("gatherings:invite_person", args=[gathering.pk])
    assert "Jemanden einladen" in client.get(url).content.decode()
    said = {"name": "Ruth", "email": "ruth@example.org", "language": "en"}
    answer = client.post(url, said)
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("gatherings:registrations", args=[gathering.pk])
    assert "Ruth" in client.get(answer.headers["Location"]).content.decode()
    full = client.post(url, {**said, "email": "noch@example.org"})
    assert (full.status_code, "Es ist kein Platz frei" in full.content.decode()) == (422, True)
    client.logout()
    registration = Registration.objects.get()
    client.post(reverse("gatherings:registration_accept", args=[token_of(registration)]))
    registration.refresh_from_db()
    assert registration.state == Seat.SEATED


def test_nobody_is_asked_to_decline_what_is_over(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathering = GatheringFactory.create()
    carrier = CarrierFactory.create(programme=gathering.programme)
    row = RegistrationFactory.create(gathering=gathering, carrier=carrier, name="Ada")
    of_carrier, organising = manager(carrier), network_office(gathering.programme)
    link, invite = page("decline_registration", row.pk), page("invite_person", gathering.pk)
    places = (
        (organising, page("registrations", gathering.pk)),
        (of_carrier, page("gathering", gathering.pk)),
    )

    def offered() -> list[bool]:
        found = []
        for account, url in places:
            client.force_login(account)
            shown = client.get(url).content.decode()
            assert "Ada" in shown
            found += [link in shown, invite in shown]
        return found

    assert offered() == [True, True, True, False]
    monkeypatch.setattr(clock, "now", lambda: gathering.ends_at + timedelta(days=1))
    assert offered() == [False, False, False, False]
    Gathering.objects.update(state=State.HELD)
    assert offered() == [False, False, False, False]
