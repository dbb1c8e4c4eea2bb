"""What participants need is seen by the organisers, on the one page made for it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from patenwerk.gatherings.models import Answer, CarrierShare, Gathering, Question
from patenwerk.organisations.models import Carrier
from tests.factories.gatherings import RegistrationFactory
from tests.factories.organisations import CREATED
from tests.isolation.makers import MAKERS
from tests.isolation.routes import Route, routes
from tests.isolation.test_sweep import words_of
from tests.isolation.world import Place, World, build

pytestmark = pytest.mark.django_db

NEED = "Erdnussallergie"


def with_a_need() -> World:
    """Somebody of the own carrier comes to the network office's gathering and needs something."""
    world = build(MAKERS)
    own, colleague = (world.records[place].by_model for place in (Place.OWN, Place.COLLEAGUE))
    gathering, carrier, question = colleague[Gathering], own[Carrier], colleague[Question]
    assert isinstance(gathering, Gathering)
    of = {"gathering": gathering, **gathering.organiser_columns}
    CarrierShare.objects.create(**of, of_carrier=carrier, is_invited=True)
    registration = RegistrationFactory.create(gathering=gathering, carrier=carrier)
    Answer.objects.create(
        **of, registration=registration, question=question, text=NEED, consented_at=CREATED
    )
    return world


def test_nobody_but_the_organisers_reads_what_somebody_needs(client: Client) -> None:
    world = with_a_need()
    shown: dict[str, set[str]] = {}
    for role, account in world.accounts.items():
        client.force_login(account)
        shown[role] = {
            route.name
            for route in routes()
            if route.name.startswith(("gatherings:", "desk:")) and not route.is_public
            for url in _addresses(route, world)
            for form in (("", "xlsx") if route.is_list else ("",))
            if NEED in words_of(client.get(url, {"format": form}))
        }
    assert shown == {
        "coordinator": set(),
        "manager": set(),
        "office": set(),
        "network": {"gatherings:needs"},
    }


def _addresses(route: Route, world: World) -> list[str]:
    if route.model is None:
        return [reverse(route.name)]
    records = world.records[Place.COLLEAGUE].by_model
    return [reverse(route.name, args=[records[route.model].pk])] if route.model in records else []
