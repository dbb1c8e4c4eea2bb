"""»My day«: what waits, or in calm words that nothing does."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.organisations import SiteFactory, coordinator, network_office

pytestmark = pytest.mark.django_db

QUIET = "Sobald etwas Sie braucht, steht es auf dieser Seite."


def test_a_day_without_cards_is_quiet(client: Client) -> None:
    site = SiteFactory.create()
    client.force_login(network_office(site.programme))
    shown = client.get(reverse("desk:day")).content.decode()
    assert (shown.count(QUIET), 'role="search"' in shown, "<aside" in shown) == (1, True, False)
    ways = {item["url"] for item in client.get(reverse("desk:day")).context["navigation"]}
    assert {reverse("desk:day"), reverse("organisations:carriers")} <= ways
    assert reverse("organisations:sites") not in ways


def test_a_day_with_cards_shows_them_and_the_search(client: Client) -> None:
    client.force_login(coordinator(SiteFactory.create()))
    answer = client.get(reverse("desk:day"))
    assert answer.context["main"] or answer.context["aside"]
    shown = answer.content.decode()
    assert (QUIET in shown, 'role="search"' in shown) == (False, True)
