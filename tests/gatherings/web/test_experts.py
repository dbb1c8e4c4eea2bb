"""The directory on pages: kept, recommended, agreed to by a link, invited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from patenwerk.gatherings.enums import ContributionState, State
from patenwerk.gatherings.models import Contribution, Expert, Gathering
from patenwerk.mail.models import OutboxMail
from patenwerk.organisations.models import Carrier, Programme
from tests.factories.gatherings import ExpertFactory, GatheringFactory
from tests.factories.organisations import (
    CarrierFactory,
    ProgrammeFactory,
    RoleGrantFactory,
    SiteFactory,
    SupportFieldFactory,
    coordinator,
    manager,
    network_office,
    office,
)

pytestmark = pytest.mark.django_db
SAID = {
    "name": "Dr. Ada Müller",
    "email": "ada@example.org",
    "organisation": "Institut",
    "sector": "science",
    "topic_line": "Leichte Sprache, Elternabende",
    "about": "Forscht.",
    "language": "de",
}


def page(name: str, *args: object) -> str:
    return reverse(f"gatherings:{name}", args=args)


def words(answer: Any) -> str:
    """The page's own part."""
    return str(answer.content.decode().partition('id="content"')[2])


def link_in(mail: OutboxMail) -> str:
    """The path of the link at the end of a mail."""
    return "/treffen/" + mail.body_text.rpartition("/treffen/")[2].strip()


@pytest.fixture
def programme() -> Programme:
    return ProgrammeFactory.create(name="Brückenjahre")


@pytest.fixture
def carrier(programme: Programme) -> Carrier:
    return CarrierFactory.create(programme=programme, name="Hafenlichter")


def test_the_network_office_enters_somebody_who_agreed(
    client: Client, programme: Programme, carrier: Carrier
) -> None:
    client.force_login(network_office(programme))
    field = SupportFieldFactory.create(programme=programme, name_de="Schule")
    form = words(client.get(page("add_expert")))
    assert "Schule" in form
    assert 'type="hidden" name="programme"' in form
    more = {"recommended_by": carrier.pk, "consented_on": "2026-01-05"}
    answer = client.post(page("add_expert"), {**SAID, **more, "fields_of_support": [field.pk]})
    expert = Expert.objects.get()
    assert answer.headers["Location"] == page("expert", expert.pk)
    assert (expert.programme, expert.recommended_by, expert.topics) == (
        *(programme, carrier, ["Leichte Sprache", "Elternabende"]),
    )
    shown = words(client.get(page("expert", expert.pk)))
    for part in ("Dr. Ada Müller", "Schule", "Elternabende", "Hafenlichter", "Wissenschaft"):
        assert part in shown
    assert "5. Januar 2026" in shown
    form = words(client.get(page("change_expert", expert.pk)))
    assert "Leichte Sprache, Elternabende" in form
    assert "checked" in form
    client.post(page("change_expert", expert.pk), {**SAID, "name": "Ada M."})
    expert.refresh_from_db()
    assert (expert.name, expert.fields.count()) == ("Ada M.", 0)
    assert "Ada M." in words(client.get(page("withdraw_expert", expert.pk)))
    client.post(page("withdraw_expert", expert.pk))
    assert client.get(page("expert", expert.pk)).status_code == 404
    assert "Ada M." not in words(client.get(page("experts")))


def test_in_two_programmes_one_is_chosen(client: Client, programme: Programme) -> None:
    other = ProgrammeFactory.create(name="Anders")
    account = network_office(programme)
    RoleGrantFactory.create(account=account, role="network_office", programme=other)
    client.force_login(account)
    assert "Anders" in words(client.get(page("add_expert")))
    day = {"consented_on": "2026-01-05"}
    client.post(page("add_expert"), {**SAID, **day, "programme": programme.pk})
    assert Expert.objects.get().programme == programme


def test_who_is_recommended_decides_by_a_link(
    client: Client, programme: Programme, carrier: Carrier
) -> None:
    leads = manager(carrier, first_name="Nadja", last_name="Amsel")
    client.force_login(leads)
    assert page("recommend_expert", carrier.pk) in words(client.get(page("experts")))
    assert "Hafenlichter" in words(client.get(page("recommend_expert", carrier.pk)))
    answer = client.post(page("recommend_expert", carrier.pk), SAID)
    assert answer.headers["Location"] == page("experts")
    expert = Expert.objects.get()
    assert "Ada" not in words(client.get(page("experts")))
    assert client.get(page("expert", expert.pk)).status_code == 404
    client.force_login(network_office(programme))
    shown = words(client.get(page("experts")))
    assert "Gefragt, noch ohne Antwort" in shown
    assert "empfohlen von Hafenlichter" in shown
    assert "noch nicht geantwortet" in words(client.get(page("expert", expert.pk)))

    mail = OutboxMail.objects.get()
    assert "Nadja Amsel (Hafenlichter)" in mail.body_text
    client.logout()
    url = link_in(mail)
    asked = client.get(url)
    assert "Dürfen andere Sie finden?" in words(asked)
    assert "Empfohlen von: Hafenlichter" in words(asked)
    assert (asked.headers["Cache-Control"], asked.headers["X-Robots-Tag"]) == (
        *("no-store", "noindex"),
    )
    assert client.post(url, {**SAID, "name": "", "do": "save"}).status_code == 422
    assert client.post(url, {**SAID, "about": "Berichtigt.", "do": "save"}).status_code == 302
    expert.refresh_from_db()
    assert expert.about == "Berichtigt."
    assert expert.consented_on is not None
    assert "Ihr Eintrag im Verzeichnis" in words(client.get(url))
    client.post(url, {**SAID, "about": "Noch einmal.", "do": "save"})
    client.force_login(leads)
    assert "Noch einmal." in words(client.get(page("expert", expert.pk)))
    client.logout()
    assert "Über Sie ist nichts gespeichert" in words(client.post(url, {"do": "leave"}))
    expert.refresh_from_db()
    assert (expert.name, expert.recommended_by_id) == ("", None)
    assert client.get(url).status_code == 410
    assert client.post(url, {"do": "leave"}).status_code == 410


def test_who_says_no_is_forgotten(client: Client, carrier: Carrier) -> None:
    client.force_login(manager(carrier))
    client.post(page("recommend_expert", carrier.pk), SAID)
    client.logout()
    client.post(link_in(OutboxMail.objects.get()), {"do": "leave"})
    assert not Expert.objects.exists()


def test_the_network_office_asks_where_no_day_is_given(
    client: Client, programme: Programme
) -> None:
    client.force_login(network_office(programme))
    answer = client.post(page("add_expert"), SAID)
    assert answer.headers["Location"] == page("experts")
    assert Expert.objects.get().consented_on is None
    assert "(Netzwerkstelle)" in OutboxMail.objects.get().body_text
    answer = client.post(page("add_expert"), {**SAID, "email": ""})
    assert answer.status_code == 422
    assert "brauchen wir eine E-Mail-Adresse" in answer.content.decode()


def test_a_recommendation_needs_an_address(client: Client, carrier: Carrier) -> None:
    client.force_login(manager(carrier))
    answer = client.post(page("recommend_expert", carrier.pk), {**SAID, "email": ""})
    assert answer.status_code == 422
    other = CarrierFactory.create(programme=carrier.programme)
    assert client.get(page("recommend_expert", other.pk)).status_code == 404


def test_who_reads_and_who_does_not(client: Client, carrier: Carrier) -> None:
    expert = ExpertFactory.create(programme=carrier.programme)
    for account, expected in (
        (manager(carrier), 200),
        (network_office(carrier.programme), 200),
        (office(carrier.programme), 404),
        (coordinator(SiteFactory.create(carrier=carrier)), 404),
    ):
        client.force_login(account)
        assert client.get(page("experts")).status_code == expected
        assert client.get(page("expert", expert.pk)).status_code == expected
    client.force_login(manager(carrier))
    for name in ("change_expert", "withdraw_expert", "add_contribution"):
        assert client.post(page(name, expert.pk), SAID).status_code == 403
    assert client.get(page("add_expert")).status_code == 403
    client.force_login(manager(CarrierFactory.create()))
    assert client.get(page("expert", expert.pk)).status_code == 404


def test_the_directory_is_narrowed_and_given_away(client: Client, carrier: Carrier) -> None:
    client.force_login(manager(carrier))
    assert "Wer empfohlen wird" in words(client.get(page("experts")))
    field = SupportFieldFactory.create(programme=carrier.programme, name_de="Schule")
    ada = ExpertFactory.create(
        programme=carrier.programme, name="Ada", sector="science", recommended_by=carrier
    )
    ada.fields.set([field])
    ExpertFactory.create(programme=carrier.programme, name="Berta")
    for said in ({"text": "ad"}, {"sector": "science"}, {"field": field.code}):
        shown = words(client.get(page("experts"), said))
        assert ("Ada" in shown, "Berta" in shown) == (True, False)
    assert "Niemand gefunden" in words(client.get(page("experts"), {"text": "xyz"}))
    assert "Berta" in words(client.get(page("experts"), {"sector": "unknown"}))
    sheet = client.get(page("experts"), {"format": "csv"}).content.decode("utf-8-sig")
    assert "Ada" in sheet
    assert "Schule" in sheet
    assert "Hafenlichter" in sheet


@pytest.mark.parametrize("rows", [1, 3])
def test_the_directory_costs_the_same_for_any_number(
    client: Client, carrier: Carrier, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(network_office(carrier.programme))
    of = {"programme": carrier.programme, "recommended_by": carrier}
    ExpertFactory.create_batch(rows, **of)
    asked = ExpertFactory.create_batch(rows, **of, consented_on=None)
    client.get(page("experts"))
    with django_assert_num_queries(8):
        assert asked[0].name in words(client.get(page("experts")))


@pytest.mark.parametrize("rows", [1, 3])
def test_an_expert_s_page_costs_the_same_for_any_number(
    client: Client, carrier: Carrier, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(network_office(carrier.programme))
    expert = ExpertFactory.create(programme=carrier.programme)
    for _ in range(rows):
        contribution(expert, GatheringFactory.create(programme=carrier.programme))
    client.get(page("expert", expert.pk))
    with django_assert_num_queries(7):
        client.get(page("expert", expert.pk))


def contribution(
    expert: Expert,
    gathering: Gathering | None,
    state: ContributionState = ContributionState.ACCEPTED,
) -> Contribution:
    return Contribution.objects.create(
        programme=expert.programme,
        expert=expert,
        gathering=gathering,
        title="Vortrag",
        held_on=datetime(2026, 3, 12, tzinfo=UTC).date(),
        state=state,
    )


def test_an_earlier_contribution_stands_on_the_page(client: Client, carrier: Carrier) -> None:
    client.force_login(network_office(carrier.programme))
    expert = ExpertFactory.create(programme=carrier.programme)
    assert client.get(page("add_contribution", expert.pk)).status_code == 200
    client.post(page("add_contribution", expert.pk), {"title": "Rede", "held_on": "2024-05-02"})
    shown = words(client.get(page("expert", expert.pk)))
    assert "Rede" in shown
    assert "2. Mai 2024" in shown


def test_an_expert_is_invited_and_answers_without_an_account(
    client: Client, carrier: Carrier
) -> None:
    soon = timezone.now() + timedelta(days=30)
    workshop = GatheringFactory.create(
        programme=carrier.programme, carrier=carrier, title="Werkstatt", starts_at=soon
    )
    theirs = GatheringFactory.create(programme=carrier.programme, starts_at=soon)
    expert = ExpertFactory.create(programme=carrier.programme, name="Ada")
    client.force_login(manager(carrier))
    assert page("invite_expert", expert.pk) in words(client.get(page("expert", expert.pk)))
    assert "Werkstatt" in words(client.get(page("invite_expert", expert.pk)))
    said = {"title": "Leichte Sprache", "words": "Gern kurz."}
    url = page("invite_expert", expert.pk)
    assert client.post(url, {**said, "gathering": theirs.pk}).status_code == 422
    answer = client.post(url, {**said, "gathering": workshop.pk})
    home = page("gathering", workshop.pk)
    assert answer.headers["Location"] == home
    shown = words(client.get(home))
    assert "Leichte Sprache" in shown
    assert "eingeladen" in shown
    answer = client.post(url, {**said, "gathering": workshop.pk})
    assert (answer.status_code, "schon eingeladen" in answer.content.decode()) == (422, True)

    client.logout()
    link = link_in(OutboxMail.objects.get())
    asked = words(client.get(link))
    assert "Werkstatt" in asked
    assert "Möchten Sie kommen" in asked
    for do, state, told in (
        ("accept", "accepted", "Sie haben zugesagt"),
        ("decline", "declined", "Sie haben abgesagt"),
        ("accept", "accepted", "Sie haben zugesagt"),
    ):
        assert client.post(link, {"do": do}).headers["Location"] == link
        assert Contribution.objects.get().state == state
        assert told in words(client.get(link))
    client.force_login(manager(CarrierFactory.create(programme=carrier.programme)))
    assert "Leichte Sprache" in words(client.get(home))
    Gathering.objects.filter(pk=workshop.pk).update(state=State.HELD)
    late = client.post(link, {"do": "decline"})
    assert (late.status_code, "vorbei" in late.content.decode()) == (422, True)
    assert client.get(link + "x").status_code == 404
    assert client.get(page("answer_contribution", "unsigned")).status_code == 410


def test_afterwards_organisers_say_whether_it_took_place(client: Client, carrier: Carrier) -> None:
    workshop = GatheringFactory.create(
        programme=carrier.programme, carrier=carrier, state=State.HELD
    )
    expert = ExpertFactory.create(programme=carrier.programme)
    given = contribution(expert, workshop)
    client.force_login(manager(carrier))
    assert page("note_held", given.pk) in words(client.get(page("gathering", workshop.pk)))
    assert "Hat es stattgefunden?" in words(client.get(page("note_held", given.pk)))
    client.post(page("note_held", given.pk), {"took_place": "yes"})
    given.refresh_from_db()
    assert given.state == ContributionState.HELD
    assert page("note_held", given.pk) not in words(client.get(page("gathering", workshop.pk)))
    assert client.post(page("note_held", given.pk), {"took_place": "no"}).status_code == 422
    other = manager(CarrierFactory.create(programme=carrier.programme))
    client.force_login(other)
    assert client.get(page("note_held", given.pk)).status_code == 403
    alone = contribution(expert, None)
    client.force_login(network_office(carrier.programme))
    assert client.get(page("note_held", alone.pk)).status_code == 404


def test_who_left_stays_without_a_name_at_the_gathering(client: Client, carrier: Carrier) -> None:
    workshop = GatheringFactory.create(programme=carrier.programme, state=State.HELD)
    expert = ExpertFactory.create(programme=carrier.programme, name="Ada Einmalig")
    contribution(expert, workshop, ContributionState.HELD)
    client.force_login(network_office(carrier.programme))
    client.post(page("withdraw_expert", expert.pk))
    shown = words(client.get(page("gathering", workshop.pk)))
    assert "nicht mehr im Verzeichnis" in shown
    assert "Ada Einmalig" not in shown
    assert page("expert", expert.pk) not in shown
