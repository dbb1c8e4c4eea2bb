"""»What if we had matched more often?«: from the form to the curve and its table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from patenwerk.jobs.models import Job
from patenwerk.matching.domain.replay import PLAYING
from patenwerk.matching.models import Replay
from patenwerk.organisations.models import Site
from tests.factories.organisations import CarrierFactory, SiteFactory, coordinator, manager
from tests.factories.people import MenteeFactory, MentorFactory
from tests.journeys.conftest import TODAY
from tests.journeys.hands import Checking, Hands

pytestmark = pytest.mark.django_db(transaction=True)

#: Days ago on which a mentee and a mentor began to wait.
CAME = (80, 61, 45, 33, 20, 9)
RHYTHMS = (1, 2, 3, 5, 7, 10, 14, 21, 30, 60, 90)


@pytest.fixture
def site() -> Site:
    """Every few days somebody comes, on both sides at once."""
    made = SiteFactory.create(carrier=CarrierFactory.create(name="Brücke e. V."), name="Gohlis")
    for days in CAME:
        since = (TODAY - timedelta(days=days)).date()
        MenteeFactory.create(site=made, waiting_since=since)
        MentorFactory.create(site=made, waiting_since=since)
    return made


@pytest.mark.parametrize(
    ("role", "width"), [("coordinator", 1280), ("manager", 360)], ids=["site", "carrier"]
)
def test_the_longer_one_waits_with_matching_the_longer_people_wait(
    visit: Any, work: Callable[[], None], site: Site, role: str, width: int
) -> None:
    account = coordinator(site) if role == "coordinator" else manager(site.carrier)
    person = Checking(visit(account, width=width))
    person.open("/matching/")
    person.follow(person.link("What if we had matched more often?"))
    person.reads("Nothing yet.")
    if role == "manager":
        person.choose(person.page.locator("[name=organisation]"), "Brücke e. V.")
    person.day(person.field("Who came from"), (TODAY - timedelta(days=90)).date().isoformat())
    person.follow(person.button("Calculate"))
    person.reads("Looking at who fits")
    Job.objects.update(progress_done=3, progress_total=12, progress_text=PLAYING)
    person.page.locator("main progress[max='12']").wait_for()
    person.reads("Playing one rhythm after the other", "3 von 12")
    work()
    person.page.get_by_role("heading", name=person.word("Who found somebody")).wait_for()
    person.look()
    assert (Replay.objects.get().site is None) == (role == "manager")
    person.reads("6 Menschen wollten begleitet werden.", "6 Menschen wollten begleiten.")
    sees_the_curve(person)

    # It is kept, and found again.
    person.follow(person.link("Another time or place"))
    kept = "Gohlis" if role == "coordinator" else "Brücke e. V."
    person.follow(person.page.locator("main aside").get_by_role("link", name=kept))
    person.reads("Who found somebody")


def sees_the_curve(person: Hands) -> None:
    """Whoever is matched daily waits for nothing here, once at the end for weeks."""
    waited = person.page.locator("section[aria-labelledby=part-2] table").first
    rows = waited.locator("tbody tr")
    told = [row.split("\t") for row in rows.all_inner_texts()]
    rhythms = [row[0].strip() for row in told]
    assert rhythms == [*map(str, RHYTHMS), "einmal"]
    # Where nobody is found there is nothing to say, and no bar.
    numbers = [float(row[2].replace(",", ".").replace("–", "0")) for row in told]
    assert numbers[0] == 0
    assert numbers[-1] > 30
    # The bar is as long as its number says, and what is nothing has none.
    drawn = rows.evaluate_all(
        """rows => rows.map(row => {
          const bar = row.querySelector('svg rect'), all = row.querySelector('svg');
          return bar ? bar.getBoundingClientRect().width / all.getBoundingClientRect().width : 0;
        })"""
    )
    longest = max(numbers)
    assert drawn == pytest.approx([number / longest for number in numbers], abs=0.02)
    assert drawn[0] == 0 < drawn[-1]
