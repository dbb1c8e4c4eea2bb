"""Every route, every role, every place: who is out of reach does not exist.

The oracle below says on its own, in three lines, which role reaches which place; it does not ask
the policy. What is out of reach answers exactly like what is not there, and no page ever holds a
canary of a place its reader does not reach.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

import openpyxl
import pytest
from django import forms
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from patenwerk.core import policy
from patenwerk.core.web.views import FormHandling, PolicedView, PublicView
from patenwerk.organisations.models import (
    Carrier,
    Focus,
    Phase,
    Programme,
    RoleGrant,
    Site,
    SupportField,
    TandemKind,
)
from tests.isolation import gatherings
from tests.isolation.makers import MAKERS, OF_A_PROGRAMME
from tests.isolation.routes import Route, routes
from tests.isolation.world import CANARIES, Place, World, build

pytestmark = pytest.mark.django_db

#: What the test client gives back: a response with the context it was made from.
Answer = Any

ROLES = ("coordinator", "manager", "office", "network")
MISSING = 2_000_000_000
REACH = {
    "coordinator": {Place.OWN},
    "manager": {Place.OWN, Place.SIBLING},
    "office": {Place.OWN, Place.SIBLING, Place.COLLEAGUE},
    # It reads carriers' names: those of the sibling's and the own place are one.
    "network": {Place.OWN, Place.COLLEAGUE},
}
#: What belongs to a programme or carrier is the same row for several places.
OF_PROGRAMME = {Programme, SupportField, Focus, TandemKind, Phase} | OF_A_PROGRAMME
#: All the programme office sees: organisations, their words, and releases.
SEEN_BY_OFFICE = OF_PROGRAMME | {Carrier, Site, RoleGrant}
#: All the network office sees.
SEEN_BY_NETWORK: set[type[models.Model]] = {Carrier}
#: Where the search finds something for whom: persons, gatherings and decisions.
FINDS = {
    "coordinator": {Place.OWN},
    "manager": {Place.OWN, Place.SIBLING},
    "office": {Place.COLLEAGUE},
    "network": {Place.COLLEAGUE},
}
#: Where one chooses among the sites of the programme: their names are there, nothing else is.
NAMES_SITES = {"people:propose_move"}
OF_THE_PROGRAMME = re.compile(
    rf"(Standort|Träger) (Neben)?({CANARIES[Place.SIBLING]}|{CANARIES[Place.COLLEAGUE]})"
)
ALL_ROUTES = routes()
OBJECT_ROUTES = [route for route in ALL_ROUTES if route.model is not None]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world is made once for all tests here: each undoes what it writes, the last all of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(MAKERS)
        transaction.set_rollback(True)


@pytest.fixture
def world(built: World, db: None) -> World:
    return built


def reached(role: str, model: type[models.Model], place: Place) -> bool:
    """The oracle: whether a role may learn that this place's record exists."""
    if model in gatherings.ALL:
        return gatherings.reached(role, model, place)
    if role == "network" and model not in SEEN_BY_NETWORK:
        return False
    if model in OF_PROGRAMME:
        return role == "office" and place is not Place.ABROAD
    if role == "office" and model not in SEEN_BY_OFFICE:
        return False
    if model is Carrier:
        return role != "coordinator" and (place in REACH[role] or place is Place.SIBLING)
    return place in REACH[role] and (model, role) != (RoleGrant, "coordinator")


def allowed_canaries(role: str) -> set[str]:
    """Words of the places a role reaches: its pages may hold them."""
    return {CANARIES[place] for place in REACH[role]}


def normal(answer: Answer, sent: int | None = None) -> tuple[int, dict[str, str], str]:
    """Status, headers and body without the tokens that are new with every request.

    An error may repeat what was sent: that tells nothing, so ``sent`` is taken out.
    """
    body = words_of(answer)
    if sent is not None:
        body = re.sub(rf"\b{sent}(?= (?:ist keine|is not))", "ID", body)
        body = re.sub(rf'(<input type="hidden" name="\w+" value=)"{sent}"', r'\1"ID"', body)
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", body)
    body = re.sub(r'name="form_key" value="[^"]*"', "", body)
    headers = {key: value for key, value in answer.items() if key != "Content-Length"}
    return answer.status_code, headers, body


def words_of(answer: Answer) -> str:
    """The body as text, spreadsheets included."""
    return text_in(b"".join(answer) if answer.streaming else answer.content)


def text_in(content: bytes) -> str:
    """Text, a spreadsheet's cells, or what is in the files of an archive."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if "[Content_Types].xml" not in archive.namelist():
                return "\n".join(text_in(archive.read(name)) for name in archive.namelist())
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
        return "\n".join(str(cell) for row in rows for cell in row if cell is not None)
    return content.decode("utf-8", "replace")


def leaks(role: str, answer: Answer, route: Route | None = None) -> set[str]:
    """Canaries of places the role does not reach."""
    text = words_of(answer)
    if route is not None and route.name in NAMES_SITES:
        text = OF_THE_PROGRAMME.sub("", text)
    return {
        canary
        for canary in set(CANARIES.values()) - allowed_canaries(role)
        if canary in text or canary in str(answer.headers)
    }


def test_every_route_is_policed_or_public() -> None:
    for route in ALL_ROUTES:
        if route.is_public:
            assert route.view is None or not issubclass(route.view, PolicedView), route.name
        else:
            assert route.view is not None, route.name
            assert issubclass(route.view, PolicedView), route.name


def test_the_public_list_is_short_and_every_entry_exists() -> None:
    from tests.isolation.routes import PUBLIC

    names = {route.name for route in ALL_ROUTES}
    assert names >= PUBLIC
    own = [route for route in ALL_ROUTES if route.name in PUBLIC and route.view is not None]
    for route in own:
        assert issubclass(route.view or object, PublicView), route.name
    # More than the start pages and releases: gatherings open to everybody, with their list, page,
    # documents, calendars (of all, of a kind, of one), announcements and the form for guests.
    assert len(own) <= 16, "the list of public pages grows: each one shows something to everybody"


def test_signed_pages_take_a_token() -> None:
    from tests.isolation.routes import SIGNED

    signed = {route.name: route for route in ALL_ROUTES if route.name in SIGNED}
    assert signed.keys() == SIGNED
    for route in signed.values():
        assert "token" in route.converters, route.name
        assert issubclass(route.view or object, PublicView), route.name


def test_every_converter_has_a_record(world: World) -> None:
    for route in ALL_ROUTES:
        if route.is_public or not route.converters:
            continue
        assert route.converters == ("pk",), f"{route.name}: only ids of rows are swept"
        assert route.model in world.records[Place.OWN].by_model, route.name


def requests_to(client: Client, url: str, route: Route) -> Iterator[Answer]:
    """All the ways to ask: page, fragment, file, empty form."""
    yield client.get(url)
    yield client.get(url, headers={"HX-Request": "true"})
    if route.is_list:
        yield client.get(url, {"format": "xlsx"})
        yield client.get(url, {"format": "csv"})
        yield client.get(url, {"format": "json"})
    yield client.post(url)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", OBJECT_ROUTES, ids=lambda route: route.name)
def test_out_of_reach_is_as_if_it_were_not_there(
    client: Client, world: World, route: Route, role: str
) -> None:
    model = route.model
    assert model is not None
    client.force_login(world.accounts[role])
    nothing = [
        normal(answer) for answer in requests_to(client, reverse(route.name, args=[MISSING]), route)
    ]
    asked_in_every_way = False
    for place in Place:
        pk = world.records[place].pk(model)
        url = reverse(route.name, args=[pk])
        if reached(role, model, place):
            answer = client.get(url)
            assert answer.status_code in {200, 302, 403, 404, 405, 410}, (place, answer.status_code)
            assert not leaks(role, answer, route), (place, leaks(role, answer, route))
            continue
        # The nearest in every way; what is further away is refused by the same query.
        answers = [client.get(url)] if asked_in_every_way else [*requests_to(client, url, route)]
        asked_in_every_way = True
        assert [normal(answer) for answer in answers] == nothing[: len(answers)], place
        assert model._default_manager.filter(pk=pk).exists()
        for answer in answers:
            assert not leaks(role, answer)


@pytest.mark.parametrize("role", ROLES)
def test_no_list_or_page_without_id_holds_a_foreign_canary(
    client: Client, world: World, role: str
) -> None:
    client.force_login(world.accounts[role])
    for route in ALL_ROUTES:
        if route.converters or route.is_public or route.name == "account_logout":
            continue
        for answer in requests_to(client, reverse(route.name), route):
            assert not leaks(role, answer), (route.name, leaks(role, answer))
    for place, canary in CANARIES.items():
        found: Any = client.get(reverse("desk:search"), {"q": canary}).context["found"]
        assert (place in FINDS[role]) == bool(found), canary


def id_fields(form: forms.BaseForm) -> Iterable[tuple[str, type[models.Model]]]:
    for name, field in form.fields.items():
        if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            yield name, field.queryset.model


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "route",
    [route for route in ALL_ROUTES if route.view and issubclass(route.view, FormHandling)],
    ids=lambda route: route.name,
)
def test_ids_in_a_form_are_as_blind_as_ids_in_an_address(
    client: Client, world: World, route: Route, role: str
) -> None:
    if route.is_public:
        pytest.skip("public forms name no rows")
    client.force_login(world.accounts[role])
    pks = [world.records[Place.OWN].pk(route.model)] if route.model else []
    url = reverse(route.name, args=pks)
    page = client.get(url)
    context: Any = page.context
    if page.status_code != 200 or context is None or "form" not in context:
        return
    for name, model in id_fields(context["form"]):
        missing = normal(client.post(url, {name: str(MISSING)}), MISSING)
        for place in Place:
            records = world.records[place]
            if model not in records.by_model or reached(role, model, place):
                continue
            if model in OF_PROGRAMME and place is not Place.ABROAD:
                continue
            pk = records.pk(model)
            answer = client.post(url, {name: str(pk)})
            assert normal(answer, pk) == missing, (name, place)
            assert not leaks(role, answer)


def test_nobody_logged_in_comes_to_the_login_whatever_the_id(client: Client, world: World) -> None:
    for route in ALL_ROUTES:
        if route.is_public:
            continue
        ids: list[list[int]] = [[]]
        if route.model is not None:
            ids = [[world.records[Place.OWN].pk(route.model)], [MISSING]]
        for pks in ids:
            answer = client.get(reverse(route.name, args=pks))
            assert answer.status_code == 302, route.name
            assert answer.headers["Location"].startswith(reverse("account_login")), route.name


def test_taking_the_policy_away_is_noticed(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("patenwerk.core.web.views.visible", lambda *_args, **_more: models.Q())
    route = next(route for route in OBJECT_ROUTES if route.name == "tandems:tandem")
    with pytest.raises(AssertionError):
        test_out_of_reach_is_as_if_it_were_not_there(client, world, route, "coordinator")


def test_taking_one_list_s_policy_away_is_noticed(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "patenwerk.tandems.queries.tandem.visible", lambda *_args, **_more: models.Q()
    )
    with pytest.raises(AssertionError):
        test_no_list_or_page_without_id_holds_a_foreign_canary(client, world, "coordinator")


def test_a_permission_without_grants_reaches_nothing(world: World) -> None:
    nobody = policy.Actor(user_id=None)
    for records in world.records.values():
        for model in records.by_model:
            reach = policy.visible(nobody, "tandems.see", model)
            assert not model._default_manager.filter(reach).exists()
