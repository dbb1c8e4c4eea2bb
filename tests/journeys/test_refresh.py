"""After a round somebody comes and somebody leaves: one button brings the round up to date."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from patenwerk.matching.domain.refresh import refresh_round
from patenwerk.matching.domain.round import start_round
from patenwerk.matching.models import Round
from patenwerk.organisations.models import Site
from patenwerk.people.enums import Level
from patenwerk.people.models import Person
from tests.factories.jobs import do_open_jobs
from tests.factories.matching import pair_at
from tests.factories.organisations import (
    CarrierFactory,
    FocusFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
    actor,
    coordinator,
)
from tests.factories.people import MenteeFactory, MentorFactory
from tests.journeys.conftest import TODAY
from tests.journeys.hands import Checking

pytestmark = pytest.mark.django_db(transaction=True)

ARABIC, UKRAINIAN = ({code: Level.NATIVE} for code in ("ar", "uk"))


@pytest.fixture
def site() -> Site:
    """Two pairs who have no other choice."""
    carrier = CarrierFactory.create(name="Nachbarschaft Nord e. V.")
    for make in (SupportFieldFactory, FocusFactory, TandemKindFactory):
        make.create(programme=carrier.programme)
    made = SiteFactory.create(carrier=carrier, name="Patenbüro Plagwitz")
    for language, mentee, mentor in ((ARABIC, "Amira", "Heinz"), (UKRAINIAN, "Olena", "Petra")):
        MenteeFactory.create(site=made, first_name=mentee, last_name="Muster", languages=language)
        MentorFactory.create(site=made, first_name=mentor, last_name="Test", languages=language)
    return made


@pytest.fixture
def has_been_used(at_a_fixed_time: None) -> None:
    """Somebody else has done the same before: loops are compiled when they are called for the
    first time, which can take longer than a browser waits for its answer.
    """
    elsewhere = SiteFactory.create()
    by = actor(coordinator(elsewhere))
    pair_at(elsewhere)
    found = start_round(organisation=elsewhere, by=by, at=TODAY)
    do_open_jobs(lambda: TODAY)
    pair_at(elsewhere)
    refresh_round(round=found, by=by, at=TODAY)


@pytest.mark.usefixtures("has_been_used")
@pytest.mark.parametrize("width", [1280, 360])
def test_who_comes_and_who_leaves_is_told_and_one_button_answers(
    visit: Any, work: Callable[[], None], site: Site, width: int
) -> None:
    person = Checking(visit(coordinator(site), width=width))
    person.open("/matching/")
    person.follow(person.button("Start the round"))
    work()
    person.page.get_by_role("heading", name=person.word("What the round found")).wait_for()
    person.look()
    found = Round.objects.get(site=site)
    address = f"/matching/runde/{found.pk}/"
    assert pairs(person) == {("Amira", "Heinz"), ("Olena", "Petra")}
    assert person.button("Bring it up to date").count() == 0

    # Heinz cannot go on; somebody else comes who speaks Arabic, and one whom nobody understands.
    heinz = Person.objects.get(first_name="Heinz")
    person.open(f"/personen/{heinz.pk}/")
    person.follow(person.link("Archive"))
    person.follow(person.button("Archive"))
    MentorFactory.create(site=site, first_name="Ruth", last_name="Test", languages=ARABIC)
    MenteeFactory.create(site=site, first_name="Selam", languages={"ti": Level.NATIVE})

    # The round says so by itself, wherever one comes from.
    person.open("/matching/")
    person.follow(person.page.locator("main aside").get_by_role("link", name="Patenbüro Plagwitz"))
    assert person.page.url.endswith(address)
    person.reads("Seit dieser Runde: 2 neu dazugekommen, 1 nicht mehr da.")
    person.follow(person.button("Bring it up to date"))

    # What has changed, and why; who stays is not asked again.
    person.reads(
        "Auf dem neuesten Stand. Neu: 1, weggefallen: 1, geblieben: 1.",
        "What has changed since before",
        "1 Vorschlag bleibt, wie er war.",
        "Amira Muster: jetzt Ruth Test. Heinz Test ist nicht mehr da.",
    )
    assert person.button("Bring it up to date").count() == 0
    assert pairs(person) == {("Amira", "Ruth"), ("Olena", "Petra")}
    # The suggestion that fell away stands behind those that are to be decided about.
    assert "nicht mehr möglich" in person.page.locator("ol.offers > li").last.inner_text()
    person.reads("Why not yet?", "Selam")
    assert Round.objects.filter(site=site).count() == 1


def pairs(person: Checking) -> set[tuple[str, str]]:
    """Mentee and mentor of each card that can be selected."""
    cards = person.page.locator("ol.offers > li").filter(
        has=person.page.locator("input[name=suggestions]")
    )
    names = [card.locator("h3").inner_text().split("\n") for card in cards.all()]
    return {(mentee.split()[0], mentor.split()[0]) for mentee, mentor in names}
