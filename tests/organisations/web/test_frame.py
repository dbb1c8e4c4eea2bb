"""What the frame says: where somebody works, and what stands at the bottom of a phone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from patenwerk.core.policy import Actor
from patenwerk.core.registrations import Registry, navigation
from patenwerk.organisations.models import Site
from tests.factories.organisations import SiteFactory, coordinator, manager, office

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return SiteFactory.create(name="Beerenfurt", carrier__name="Brückenbogen")


def test_where_somebody_works_is_said_without_the_programme_again(
    client: Client, site: Site
) -> None:
    said = {}
    for account in (coordinator(site), manager(site.carrier), office(site.programme)):
        client.force_login(account)
        said[account.pk] = client.get(reverse("desk:day")).context["actor_place"]
    assert list(said.values()) == ["Beerenfurt", "Brückenbogen", "Programmbüro"]


@pytest.mark.parametrize("entries", [1, 5, 6])
def test_few_entries_all_stand_at_the_bottom_of_a_phone(
    client: Client, site: Site, entries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first(registry: Any, actor: Actor) -> list[Any]:
        return all_of_them(registry, actor)[: entries if registry is navigation else None]

    all_of_them = Registry.allowed
    monkeypatch.setattr(Registry, "allowed", first)
    client.force_login(coordinator(site))
    shown = client.get(reverse("desk:day")).context["navigation"]
    on_phone = [item["phone"] for item in shown]
    assert len(on_phone) == entries
    # With more than five the fifth place is »More«.
    assert on_phone.count(True) == (entries if entries <= 5 else 4)
