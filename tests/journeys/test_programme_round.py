"""A round over all carriers: the office starts it and reads figures, two sites get the pair."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from patenwerk.jobs.models import Job
from patenwerk.matching.kernel.codes import Step
from patenwerk.matching.models import Suggestion
from patenwerk.organisations.models import Programme, Site
from patenwerk.people.enums import Level, Side
from patenwerk.people.models import Person
from patenwerk.tandems.models import Tandem
from tests.factories.organisations import (
    CarrierFactory,
    FocusFactory,
    ProgrammeFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
    coordinator,
    office,
)
from tests.factories.people import ConsentFactory, MenteeFactory, MentorFactory
from tests.journeys.conftest import TODAY
from tests.journeys.hands import Checking, Hands

pytestmark = pytest.mark.django_db(transaction=True)

HIDDEN = "• verborgen"
#: What no page of the office may hold: a person, a site, a carrier, a whole postcode.
NAMED = re.compile(r"Samira|Morgenstern|Henrike|Apfelbaum|Vorname|Nachname|Patenbüro|e\. V\.|10115")


@pytest.fixture
def programme() -> Programme:
    """What a tandem is made of is there; nobody is entered yet."""
    made = ProgrammeFactory.create(name="Menschen stärken")
    SupportFieldFactory.create(programme=made, name_de="Alltag")
    FocusFactory.create(programme=made, name_de="Menschen mit Fluchterfahrung")
    TandemKindFactory.create(programme=made, name_de="Patenschaft")
    return made


def site(programme: Programme, town: str, postcode: str, land: str) -> Site:
    carrier = CarrierFactory.create(programme=programme, name=f"{town} hilft e. V.")
    return SiteFactory.create(
        carrier=carrier, name=f"Patenbüro {town}", town=town, postcode=postcode, land=land
    )


def found_by_others(at: Site, side: Side, count: int = 1, **said: Any) -> list[Person]:
    """People of a site who have consented to be found by other carriers."""
    make = MentorFactory if side == Side.MENTOR else MenteeFactory
    people = make.create_batch(count, site=at, postcode=at.postcode, furthest_km=60, **said)
    for person in people:
        ConsentFactory.create(person=person)
    return people


@pytest.fixture
def sites(programme: Programme) -> tuple[Site, Site]:
    """Berlin, where people wait, and Potsdam, where they are accompanied from.

    Of fifteen who speak Tigrinya only, one finds somebody who does, too. The figures are large
    enough to be shown, but for a few: what is hidden has to be seen as hidden.
    """
    berlin = site(programme, "Berlin", "10115", "BE")
    potsdam = site(programme, "Potsdam", "14467", "BB")
    leipzig = site(programme, "Leipzig", "04109", "SN")
    found_by_others(berlin, Side.MENTEE, 12)
    found_by_others(berlin, Side.MENTOR, 5)
    found_by_others(potsdam, Side.MENTOR, 7)
    found_by_others(leipzig, Side.MENTEE, 9)
    found_by_others(leipzig, Side.MENTOR, 6)
    only: dict[str, Any] = {"languages": {"ti": Level.NATIVE}}
    found_by_others(berlin, Side.MENTEE, 14, **only)
    found_by_others(
        berlin,
        Side.MENTEE,
        first_name="Samira",
        last_name="Morgenstern",
        waiting_since=(TODAY - timedelta(days=300)).date(),
        **only,
    )
    found_by_others(potsdam, Side.MENTOR, first_name="Henrike", last_name="Apfelbaum", **only)
    return berlin, potsdam


@pytest.mark.parametrize("width", [1280, 360])
def test_the_office_reads_figures_and_two_sites_get_the_pair(
    visit: Any,
    work: Callable[[], None],
    programme: Programme,
    sites: tuple[Site, Site],
    width: int,
) -> None:
    here, there = sites
    read = starts_and_reads(Checking(visit(office(programme), width=width)), work)
    assert not NAMED.search(read), NAMED.search(read)
    pair = Suggestion.objects.get(mentee__first_name="Samira")
    assert pair.mentor.first_name == "Henrike"

    # The mentor's site knows of it and decides nothing.
    henrike = Hands(visit(coordinator(there), width=width))
    henrike.open("/matching/")
    henrike.reads("Suggestions from other carriers", "Henrike Apfelbaum", "Samira, PLZ 10…")
    shown = henrike.page.locator("section", has=henrike.page.locator("#elsewhere"))
    henrike.follow(shown.get_by_role("listitem").filter(has_text="Samira").get_by_role("link"))
    henrike.reads("found over all carriers", "Why these two", "Tigrinya")
    assert henrike.page.locator("main form").count() == 0
    assert "Morgenstern" not in henrike.page.content()

    # The mentee's site finds it in its part of the round, and proposes the tandem.
    samira = Hands(visit(coordinator(here), width=width))
    samira.open("/matching/")
    samira.follow(samira.page.locator("main li").filter(has_text="über alle Träger").locator("a"))
    samira.reads("Samira Morgenstern", "Henrike, PLZ 14…")
    card = samira.page.locator("ol.offers > li").filter(has_text="Samira")
    samira.follow(card.get_by_role("link", name=samira.word("Decide about this one")))
    samira.reads("found over all carriers", "Why these two")
    assert "Apfelbaum" not in samira.page.content()
    samira.follow(samira.button("Propose the tandem"))
    samira.reads("The tandem is proposed. Now both are asked.")
    assert "Apfelbaum" not in samira.page.content()
    assert Tandem.objects.get().site == here

    # Then the mentor's site is asked.
    henrike.open("/matching/")
    henrike.reads("Other sites ask", "Henrike Apfelbaum", "Samira, PLZ 10…")
    henrike.follow(henrike.page.get_by_role("link", name=henrike.word("Record the answer")))
    henrike.follow(henrike.button("Said yes"))
    assert "Morgenstern" not in henrike.page.content()


def starts_and_reads(person: Hands, work: Callable[[], None]) -> str:
    """The office's way to the figures; all that its pages held."""
    read = []
    person.open("/matching/programm/")
    person.reads("No round over all carriers yet")
    person.follow(person.button("Start the round"))
    person.reads("The round will start in a moment")
    read.append(person.page.content())
    # The worker tells how far it is, and the open page says so by itself.
    Job.objects.update(progress_done=40, progress_total=100, progress_text=Step.PAIRS)
    bar = person.page.locator("main progress[max='100']")
    bar.wait_for()
    person.reads("Looking for the best pairs", "40 von 100")
    read.append(person.page.content())
    work()
    found = person.page.get_by_role("heading", name=person.word("What the round found"))
    found.wait_for()
    person.look()

    # Twelve in Berlin, six in Leipzig, and one of fifteen who speak Tigrinya. That three are left
    # over in Leipzig is not told, and neither is what it could be worked out from.
    figures = person.page.locator("main .figure b").all_inner_texts()
    assert figures == ["19", "0"]
    person.reads("Was am meisten helfen würde")
    helps = person.page.locator("section[aria-labelledby=help] li").all_inner_texts()
    assert [" ".join(one.split()) for one in helps] == [
        "14 weitere Pat*innen mit Tigrinya im Postleitzahlgebiet 10… (Berlin)"
    ]

    # The map draws what its table says.
    arcs = person.page.locator("svg.flowmap .arc > title").all_text_contents()
    assert arcs == ["von Brandenburg nach Berlin: 8 Paare"]
    inside = person.page.locator("svg.flowmap g:not(.arc):not([data-empty])").all_text_contents()
    assert inside == ["BE5", "SN6"]
    assert rows_of(person, "flows") == [
        ["Brandenburg", "Berlin", "8"],
        ["Sachsen", "demselben Land", "6"],
        ["Berlin", "demselben Land", "5"],
    ]
    assert rows_of(person, "waiting") == [
        ["Berlin", "27", "14", "5", "0"],
        ["Brandenburg", "0", "0", "8", "0"],
        ["Sachsen", HIDDEN, HIDDEN, "6", "0"],
        ["Alle zusammen", HIDDEN, HIDDEN, "19", "0"],
    ]
    read.append(person.page.content())
    for link in person.page.locator("main a[download][href*=csv]").all():
        address = f"{person.page.url}{link.get_attribute('href')}"
        read.append(person.page.request.get(address).text())
    person.open("/matching/programm/")
    read.append(person.page.content())
    return "\n".join(read)


def rows_of(person: Hands, part: str) -> list[list[str]]:
    """The numbers of a part's table, without its heads."""
    rows = person.page.locator(f"section[aria-labelledby={part}] :is(tbody, tfoot) tr")
    return [[" ".join(cell.split()) for cell in row.split("\t")] for row in rows.all_inner_texts()]
