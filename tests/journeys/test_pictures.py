"""The README's pictures, taken of the demo programme as it really is.

Written anew with ``PATENWERK_PICTURES=1``; the suite only asks that they are there and small.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from patenwerk.demo.kernel.logins import COORDINATOR
from patenwerk.matching.enums import SuggestionState
from patenwerk.matching.models import Suggestion
from patenwerk.organisations.models import Account
from tests.journeys.hands import Hands

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
NAMES = ("my-day", "matching", "start")
MOST_BYTES = 300_000


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_there_and_small(name: str) -> None:
    assert 0 < (PICTURES / f"{name}-1280.png").stat().st_size <= MOST_BYTES


@pytest.mark.skipif(
    os.environ.get("PATENWERK_PICTURES") != "1", reason="pictures: PATENWERK_PICTURES=1 takes them"
)
@pytest.mark.django_db(transaction=True)
def test_take_the_pictures(visit: Any, work: Callable[[], None]) -> None:
    call_command("demo", date=date(2026, 11, 23))
    jutta = Account.objects.get(email=COORDINATOR.email)
    person = Hands(visit(jutta, width=1280, height=900))
    person.open("/mein-tag/")
    take(person, "my-day")
    site = jutta.grants.get().site
    waiting = Suggestion.objects.filter(site=site, state=SuggestionState.OPEN)
    suggestion = waiting.order_by("-mentee__waiting_since", "pk").first()
    assert suggestion is not None
    person.page.set_viewport_size({"width": 1280, "height": 1240})
    person.open(f"/matching/person/{suggestion.mentee_id}/")
    take(person, "matching")
    guest = Hands(visit(width=1280, height=1480))
    guest.open("/")
    take(guest, "start")


def take(person: Hands, name: str) -> None:
    person.page.screenshot(path=PICTURES / f"{name}-1280.png")
