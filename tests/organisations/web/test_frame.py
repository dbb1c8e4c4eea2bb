"""What the frame says: where somebody works, and what stands at the bottom of a phone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

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


def test_few_entries_all_stand_at_the_bottom_of_a_phone(client: Client, site: Site) -> None:
    on_phone = {}
    for account in (coordinator(site), office(site.programme)):
        client.force_login(account)
        shown = client.get(reverse("desk:day")).context["navigation"]
        on_phone[account.pk] = [item["phone"] for item in shown]
    many, few = on_phone.values()
    assert len(many) > 5
    assert many.count(True) == 4
    assert len(few) <= 5
    assert all(few)
