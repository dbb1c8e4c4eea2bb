"""Of somebody who moves: before the other site has accepted no more than the limited card is seen
there, and afterwards no more than where the person went at the old one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import models
from django.test import Client
from django.urls import reverse

from patenwerk.core.policy import Actor
from patenwerk.organisations.models import Account, Site
from patenwerk.people.domain.move import accept_move
from patenwerk.people.models import ArrivingMove, Move, Person
from patenwerk.tandems.enums import EndReason, State
from patenwerk.tandems.models import Tandem
from tests.factories.matching import (
    LeftOverFactory,
    NeverAgainFactory,
    SuggestionChangeFactory,
    SuggestionFactory,
)
from tests.factories.organisations import SiteFactory, coordinator
from tests.factories.people import (
    ConsentFactory,
    MentorFactory,
    MoveFactory,
    PossibleDuplicateFactory,
    RecordCheckFactory,
    site_beside,
)
from tests.factories.tandems import tandem_of
from tests.isolation.routes import routes
from tests.isolation.test_sweep import words_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FIRST, LAST = "Adelgunde", "Zwitscherling"
#: What nobody but the person's own site is told.
SECRETS = (LAST, "Lieblingstee", "0341 998877", "adelgunde@example.org", "04177", "1987")


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@dataclass(slots=True)
class Scene:
    """Somebody at the old site who is to go to the new one, and who looks at it."""

    old: Account
    new: Account
    stranger: Account
    person: Person
    move: Move
    there: Site
    ids: dict[type[models.Model], int]

    def accept(self) -> None:
        accept_move(move=self.move, answer="", by=Actor(user_id=1), at=NOW)


@pytest.fixture
def scene() -> Scene:
    site = SiteFactory.create()
    there = site_beside(site)
    person = MentorFactory.create(
        site=site,
        first_name=FIRST,
        last_name=LAST,
        note="Lieblingstee",
        phone="0341 998877",
        email="adelgunde@example.org",
        postcode="04177",
        birth_date=date(1987, 7, 14),
    )
    RecordCheckFactory.create(person=person)
    ConsentFactory.create(person=person)
    suggested = SuggestionFactory.create(mentor=person, mentee__site=site)
    left = LeftOverFactory.create(person=person, round=suggested.round)
    never = NeverAgainFactory.create(mentor=person, mentee__site=site)
    change = SuggestionChangeFactory.create(
        mentee=suggested.mentee, now=person, round=suggested.round
    )
    pair = PossibleDuplicateFactory.create(first=person, second=MentorFactory.create(site=site))
    move = MoveFactory.create(person=person, to_site=there, why="zieht in die Stadt")
    rows: tuple[models.Model, ...] = (
        person,
        move,
        suggested,
        suggested.round,
        left,
        never,
        change,
        pair,
    )
    return Scene(
        old=coordinator(site),
        new=coordinator(there),
        stranger=coordinator(site_beside(site)),
        person=person,
        move=move,
        there=there,
        ids={type(row): row.pk for row in rows} | {ArrivingMove: move.pk},
    )


def pages(client: Client, account: Account, scene: Scene) -> Iterator[tuple[str, Any]]:
    """Every page and list an account can open, with the ids of the scene."""
    client.force_login(account)
    for route in routes():
        if route.is_public or (route.model is not None and route.model not in scene.ids):
            continue
        args = [] if route.model is None else [scene.ids[route.model]]
        for form in ("", "csv") if route.is_list else ("",):
            yield route.name, client.get(reverse(route.name, args=args), {"format": form})


def shown(client: Client, account: Account, scene: Scene, *words: str) -> dict[str, set[str]]:
    """On which pages which of the words stand."""
    found: dict[str, set[str]] = {}
    for name, answer in pages(client, account, scene):
        text = words_of(answer)
        there = {word for word in words if word in text}
        if there:
            found[name] = found.get(name, set()) | there
    return found


def test_before_it_has_accepted_the_other_site_sees_the_limited_card_alone(
    client: Client, scene: Scene
) -> None:
    assert shown(client, scene.new, scene, FIRST, *SECRETS) == {
        "desk:day": {FIRST},
        "people:answer_move": {FIRST},
        "people:moves": {FIRST},
    }
    card = client.get(reverse("people:answer_move", args=[scene.move.pk])).content.decode()
    assert "zieht in die Stadt" in card
    assert "04…" in card
    assert shown(client, scene.stranger, scene, FIRST, *SECRETS) == {}


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_what_was_not_accepted_is_not_shown_any_more(
    client: Client, scene: Scene, state: str
) -> None:
    scene.move.state, scene.move.decided_at, scene.move.answer = state, NOW, "Nein."
    scene.move.save()
    assert shown(client, scene.new, scene, FIRST, "zieht in die Stadt", *SECRETS) == {}


def test_afterwards_the_old_site_reads_where_the_person_went_and_no_more(
    client: Client, scene: Scene
) -> None:
    assert "people:person" in shown(client, scene.old, scene, LAST)
    scene.accept()
    assert shown(client, scene.old, scene, *SECRETS) == {
        "desk:day": {LAST},
        "people:moves": {LAST},
    }
    for name, answer in pages(client, scene.old, scene):
        if name.startswith("people:") and "person" in name:
            assert answer.status_code == 404, name
    client.force_login(scene.old)
    moves = client.get(reverse("people:moves")).content.decode()
    assert scene.there.name in moves
    assert reverse("people:person", args=[scene.person.pk]) not in moves
    # Of what was suggested there, as much as of anybody of another site.
    limited = shown(client, scene.old, scene, FIRST)
    assert set(limited) == {
        *("desk:day", "people:moves"),
        *("matching:allow_again", "matching:never_again"),
        *("matching:round", "matching:suggestion"),
    }
    assert "people:person" in shown(client, scene.new, scene, LAST)
    assert shown(client, scene.stranger, scene, FIRST, *SECRETS) == {}


def test_each_page_about_the_person_is_as_if_it_were_not_there(
    client: Client, scene: Scene
) -> None:
    about = [route for route in routes() if route.model is Person]
    assert len(about) > 10
    scene.accept()
    client.force_login(scene.old)
    for route in about:
        for ask in (client.get, client.post):
            answer = ask(reverse(route.name, args=[scene.person.pk]))
            assert answer.status_code == 404, route.name
    client.force_login(scene.new)
    assert client.get(reverse("people:person", args=[scene.person.pk])).status_code == 200


def test_of_an_open_tandem_both_sites_see_what_two_sites_see(client: Client, scene: Scene) -> None:
    tandem = tandem_of(scene.person)
    scene.accept()
    for account in (scene.old, scene.new):
        client.force_login(account)
        page = client.get(reverse("tandems:tandem", args=[tandem.pk])).content.decode()
        assert f"{FIRST} {LAST}" in page
        link = reverse("people:person", args=[scene.person.pk])
        assert (link in page) == (account is scene.new)


def test_of_a_proposal_the_old_site_sees_the_limited_card(client: Client, scene: Scene) -> None:
    tandem = tandem_of(scene.person, state=State.PROPOSED, meetings=())
    scene.accept()
    client.force_login(scene.old)
    page = client.get(reverse("tandems:tandem", args=[tandem.pk])).content.decode()
    assert FIRST in page
    assert [word for word in SECRETS if word in page] == []
    # The new site asks its own person now.
    client.force_login(scene.new)
    asked: Any = client.get(reverse("matching:home"))
    (request,) = asked.context["requests"]
    assert (request["participant"].tandem_id, request["other"].is_limited) == (tandem.pk, True)
    seat = request["participant"]
    client.post(reverse("tandems:answer", args=[seat.pk]), {"acceptance": "accepted"})
    seat.refresh_from_db()
    assert seat.acceptance == "accepted"


def test_what_is_over_stays_with_the_old_site_without_a_way_to_the_person(
    client: Client, scene: Scene
) -> None:
    tandem = tandem_of(
        scene.person,
        state=State.ENDED,
        ended_on=date(2026, 10, 20),
        end_reason=EndReason.TIME_OVER,
    )
    scene.accept()
    url = reverse("tandems:tandem", args=[tandem.pk])
    client.force_login(scene.new)
    assert client.get(url).status_code == 404
    client.force_login(scene.old)
    page = client.get(url).content.decode()
    assert LAST in page
    assert reverse("people:person", args=[scene.person.pk]) not in page
    assert reverse("tandems:restart", args=[tandem.pk]) not in page
    for text in (LAST, "04177"):
        listed: Any = client.get(reverse("tandems:list"), {"q": text, "state": "all"})
        assert list(listed.context["rows"]) == []
    assert Tandem.objects.get().site_id == scene.move.site_id
