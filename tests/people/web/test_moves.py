"""Moves on the pages: the person's card, the proposal, the answer, the list of both sites."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.policy import Actor
from patenwerk.organisations.models import Account, Site
from patenwerk.people.domain.move import accept_move
from patenwerk.people.enums import ConsentPurpose, MoveState
from patenwerk.people.kernel.consents import TEXTS
from patenwerk.people.models import Consent, Move, Person
from tests.factories.organisations import SiteFactory, coordinator, manager, office
from tests.factories.people import (
    ConsentFactory,
    MenteeFactory,
    MoveFactory,
    RecordCheckFactory,
    site_beside,
)
from tests.factories.tandems import tandem_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield
    translation.deactivate()  # a page leaves its reader's language behind


@pytest.fixture
def site() -> Site:
    return SiteFactory.create(name="Patenbüro Plagwitz")


@pytest.fixture
def there(site: Site) -> Site:
    return site_beside(site, name="Lotsenhaus Gohlis")


@pytest.fixture
def account(site: Site, client: Client) -> Account:
    found = coordinator(site, language="en")
    client.force_login(found)
    return found


@pytest.fixture
def person(site: Site) -> Person:
    return MenteeFactory.create(site=site, first_name="Amina", postcode="04229")


def page(name: str, *args: object) -> str:
    return reverse(f"people:{name}", args=args)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def other_desk(there: Site) -> Client:
    """The receiving site's coordinator."""
    desk = Client()
    desk.force_login(coordinator(there, language="en"))
    return desk


def test_from_the_consent_to_the_new_site_and_what_both_read_then(
    client: Client, account: Account, person: Person, there: Site
) -> None:
    shown = text(client.get(page("person", person.pk)))
    assert page("consent_move_site", person.pk) in shown
    assert page("propose_move", person.pk) not in shown
    asked = text(client.get(page("consent_move_site", person.pk)))
    assert TEXTS[ConsentPurpose.MOVE_SITE][-1].english in asked
    assert "May another site take this person over?" in asked
    client.post(
        page("consent_move_site", person.pk), {"given_by": "self", "given_on": "2026-11-20"}
    )
    assert Consent.objects.get().purpose == ConsentPurpose.MOVE_SITE
    assert page("propose_move", person.pk) in text(client.get(page("person", person.pk)))
    sent = client.post(
        page("propose_move", person.pk), {"to_site": there.pk, "why": "moves to the north"}
    )
    assert sent.headers["Location"] == page("person", person.pk)
    move = Move.objects.get()
    shown = text(client.get(page("person", person.pk)))
    assert "Lotsenhaus Gohlis" in shown
    assert page("withdraw_move", move.pk) in shown

    desk = other_desk(there)
    day = text(desk.get(reverse("desk:day")))
    assert "Amina, postcode 04…" in day
    assert page("answer_move", move.pk) in day
    card = text(desk.get(page("answer_move", move.pk)))
    assert "moves to the north" in card
    assert person.last_name not in card
    done = desk.post(page("answer_move", move.pk), {"decision": "accept", "answer": ""})
    assert done.headers["Location"] == page("person", person.pk)
    shown = text(desk.get(page("person", person.pk)))
    assert "Came on" in shown
    assert "Patenbüro Plagwitz" in shown
    assert "The consent here was given for the move that brought the person." in shown
    assert "The person has been taken in." in text(desk.get(page("answer_move", move.pk)))
    assert page("person", person.pk) in text(desk.get(page("moves")))

    assert client.get(page("person", person.pk)).status_code == 404
    listed = text(client.get(page("moves")))
    assert person.full_name in listed
    assert "Lotsenhaus Gohlis" in listed
    assert "Lotsenhaus Gohlis has taken Amina" in text(client.get(reverse("desk:day")))
    with time_machine.travel(NOW + timedelta(days=15), tick=False):
        assert "has taken Amina" not in text(client.get(reverse("desk:day")))


def test_a_no_is_read_where_it_was_asked(
    client: Client, account: Account, person: Person, there: Site
) -> None:
    move = MoveFactory.create(person=person, to_site=there)
    desk = other_desk(there)
    refused = desk.post(page("answer_move", move.pk), {"decision": "decline", "answer": " "})
    assert refused.status_code == 422
    assert "Please say in one sentence why not." in text(refused)
    done = desk.post(
        page("answer_move", move.pk), {"decision": "decline", "answer": "Nobody is free."}
    )
    assert done.headers["Location"] == page("moves")
    assert "Amina" not in text(desk.get(page("moves")))
    for shown in (page("person", person.pk), page("moves"), reverse("desk:day")):
        assert "Nobody is free." in text(client.get(shown)), shown
    assert page("propose_move", person.pk) in text(client.get(page("person", person.pk)))


def test_the_sender_takes_a_proposal_back_until_it_is_answered(
    client: Client, account: Account, person: Person, there: Site
) -> None:
    move = MoveFactory.create(person=person, to_site=there)
    assert "Amina" in text(client.get(page("withdraw_move", move.pk)))
    done = client.post(page("withdraw_move", move.pk))
    assert done.headers["Location"] == page("moves")
    again = client.post(page("withdraw_move", move.pk))
    assert again.status_code == 422
    assert "The proposal was taken back." in text(again)
    desk = other_desk(there)
    late = desk.post(page("answer_move", move.pk), {"decision": "accept"})
    assert late.status_code == 422
    assert "The proposal was taken back." in text(late)
    assert "Amina" not in text(late)
    assert "Nothing waits for an answer" in text(desk.get(page("answer_move", move.pk)))
    assert Person.objects.get().site != there


def test_without_a_consent_the_form_says_what_is_missing(
    client: Client, account: Account, person: Person, there: Site
) -> None:
    assert "There is no consent to a move" in text(client.get(page("propose_move", person.pk)))
    sent = client.post(page("propose_move", person.pk), {"to_site": there.pk, "why": "moves"})
    assert sent.status_code == 422
    assert "Please ask for the consent to this move and record it first." in text(sent)
    assert not Move.objects.exists()


def test_the_sites_of_the_programme_are_offered_by_their_carriers(
    client: Client, account: Account, person: Person, there: Site
) -> None:
    SiteFactory.create(name="Anderswo")
    site_beside(person.site, name="Geschlossen", archived_at=NOW)
    beside = SiteFactory.create(carrier=person.carrier, name="Patenbüro Grünau")
    form = client.get(page("propose_move", person.pk)).context["form"]
    (first, *groups) = form.fields["to_site"].choices
    assert first == ("", "–")
    assert dict(groups) == {
        person.carrier.name: [(beside.pk, "Patenbüro Grünau")],
        there.carrier.name: [(there.pk, "Lotsenhaus Gohlis")],
    }
    for wrong in (SiteFactory.create().pk, person.site_id, "x"):
        sent = client.post(page("propose_move", person.pk), {"to_site": wrong, "why": "moves"})
        assert sent.status_code == 422
        assert "to_site" in sent.context["form"].errors


def test_a_consent_taken_back_takes_the_proposal_with_it(
    client: Client, account: Account, person: Person, there: Site
) -> None:
    move = MoveFactory.create(person=person, to_site=there)
    asked = text(client.get(page("withdraw_move_site", person.pk)))
    assert "A proposal that waits for an answer is taken back with it." in asked
    client.post(page("withdraw_move_site", person.pk))
    move.refresh_from_db()
    assert move.state == MoveState.WITHDRAWN


def test_whoever_is_archived_is_not_offered_a_move(
    client: Client, account: Account, person: Person
) -> None:
    assert page("consent_move_site", person.pk) in text(client.get(page("person", person.pk)))
    person.archived_at = NOW
    person.save()
    assert page("consent_move_site", person.pk) not in text(client.get(page("person", person.pk)))


def test_management_reads_where_somebody_came_from_and_moves_nobody(
    client: Client, person: Person, there: Site
) -> None:
    MoveFactory.create(
        person=person, site=there, carrier=there.carrier, to_site=person.site, state="accepted"
    )
    waiting = MoveFactory.create(person=person, to_site=there, consent=None)
    client.force_login(manager(person.carrier, language="en"))
    shown = text(client.get(page("person", person.pk)))
    assert "Lotsenhaus Gohlis" in shown
    assert page("withdraw_move", waiting.pk) not in shown
    assert client.get(page("propose_move", person.pk)).status_code == 403
    for reader in (manager(person.carrier), office(person.programme), manager(there.carrier)):
        client.force_login(reader)
        addresses = ("moves",), ("withdraw_move", waiting.pk), ("answer_move", waiting.pk)
        assert {client.get(page(*one)).status_code for one in addresses} == {404}


def test_each_side_has_its_own_deed(client: Client, account: Account, there: Site) -> None:
    going = MoveFactory.create(person__site=there, to_site=site_beside(there))
    coming = MoveFactory.create(person__site=there, to_site=account.grants.get().site)
    assert client.get(page("answer_move", coming.pk)).status_code == 200
    assert client.get(page("withdraw_move", coming.pk)).status_code == 404
    assert client.post(page("answer_move", going.pk), {"decision": "accept"}).status_code == 404
    desk = other_desk(there)
    assert desk.get(page("withdraw_move", coming.pk)).status_code == 200
    assert desk.post(page("answer_move", coming.pk), {"decision": "accept"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_few_and_many(
    client: Client,
    account: Account,
    site: Site,
    there: Site,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for _one in range(count):
        MoveFactory.create(person__site=site, to_site=there)
        MoveFactory.create(person__site=there, to_site=site)
        MoveFactory.create(person__site=site, to_site=there, state="declined")
        MoveFactory.create(
            person__site=site, site=there, carrier=there.carrier, to_site=site, state="accepted"
        )
    with django_assert_num_queries(7):
        shown = text(client.get(page("moves")))
    assert shown.count("Wir sind voll.") == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_somebody_who_moves_costs_the_same_for_few_and_many(
    client: Client,
    account: Account,
    site: Site,
    there: Site,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    mentor = RecordCheckFactory.create(person__site=site).person
    ConsentFactory.create(person=mentor, purpose=ConsentPurpose.MOVE_SITE)
    for _one in range(count):
        MoveFactory.create(person=mentor, to_site=there, state="declined", consent=None)
        MoveFactory.create(
            person=mentor,
            site=there,
            carrier=there.carrier,
            to_site=site,
            state="accepted",
            consent=None,
        )
    with django_assert_num_queries(20):
        shown = text(client.get(page("person", mentor.pk)))
    assert "Wir sind voll." in shown
    assert page("propose_move", mentor.pk) in shown


def test_an_empty_list_says_how_it_begins(client: Client, account: Account) -> None:
    assert "Nobody moves at the moment" in text(client.get(page("moves")))
    assert page("moves") in text(client.get(page("people")))


def test_the_tandem_s_page_says_where_it_counts(
    client: Client, account: Account, person: Person, there: Site
) -> None:
    tandem = tandem_of(mentee=person)
    url = reverse("tandems:tandem", args=[tandem.pk])
    assert "The tandem counts once" not in text(client.get(url))
    move = MoveFactory.create(person=person, to_site=there)
    accept_move(move=move, answer="", by=Actor(user_id=1), at=NOW)
    for desk in (client, other_desk(there)):
        assert "The tandem counts once, at Patenbüro Plagwitz." in text(desk.get(url))
