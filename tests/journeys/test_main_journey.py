"""The main job in a browser: two lists in, accompanied tandems and honest figures out.

One story, told four times: with a mouse, with nothing but the keyboard, without scripts, and with
everything running from right to left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from patenwerk.organisations.models import Account, Site
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.tandems.enums import State
from patenwerk.tandems.models import Tandem
from tests.factories.organisations import (
    CarrierFactory,
    FocusFactory,
    ProgrammeFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
    coordinator,
)
from tests.journeys.hands import Checking, Hands, Keys

pytestmark = pytest.mark.django_db(transaction=True)

EXAMPLES = Path(__file__).parents[2] / "docs" / "reference" / "examples"
#: A row that cannot be taken, put below the good ones.
BAD_ROW = (
    "K-033;Mina;Ohneort;01.02.2010;weiblich;Leipzig;Deutsch B1;Sa;Schule;;;;;10;12;01.03.2026;\n"
)
UNKNOWN_HEADER = "Lieblingsbeschäftigung"
MOST_ACTIONS = 8


@dataclass(frozen=True)
class Way:
    """How somebody works."""

    hands: type[Hands] = Hands
    javascript: bool = True
    rtl: bool = False


WAYS = {
    "mouse": Way(hands=Checking),
    "keyboard": Way(hands=Keys),
    "plain": Way(javascript=False),
    "rtl": Way(rtl=True),
}


@pytest.fixture
def site() -> Site:
    """One site of a programme with its words; nobody is entered yet."""
    programme = ProgrammeFactory.create(name="Menschen stärken")
    for code, name in {
        "schule": "Schule",
        "sprache": "Sprache",
        "freizeit": "Freizeit",
        "beruf": "Ausbildung und Beruf",
        "alltag": "Alltag",
        "behoerden": "Behörden",
    }.items():
        SupportFieldFactory.create(programme=programme, code=code, name_de=name)
    FocusFactory.create(programme=programme, name_de="Menschen mit Fluchterfahrung")
    TandemKindFactory.create(programme=programme, name_de="Patenschaft")
    carrier = CarrierFactory.create(programme=programme, name="Nachbarschaft Nord e. V.")
    return SiteFactory.create(
        carrier=carrier, name="Patenbüro Leipzig", postcode="04109", town="Leipzig", land="SN"
    )


@pytest.fixture
def jutta(site: Site) -> Account:
    return coordinator(site, first_name="Jutta", last_name="Sommerfeldt")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_from_two_lists_to_figures(
    visit: Any, work: Callable[[], None], jutta: Account, tmp_path: Path, way: Way
) -> None:
    mentees = tmp_path / "mentees.csv"
    example = (EXAMPLES / "mentees.csv").read_text("utf-8")
    mentees.write_text(example.replace("Hobbys", UNKNOWN_HEADER) + BAD_ROW, "utf-8")
    person = way.hands(visit(jutta, javascript=way.javascript, rtl=way.rtl))
    person.open("/mein-tag/")

    takes_a_list(person, work, "Pat*in", EXAMPLES / "mentoren.xlsx", 30, 0)
    takes_a_list(person, work, "Mentee", mentees, 32, 1)
    assert Person.objects.filter(side=Side.MENTOR).count() == 30
    assert Person.objects.filter(side=Side.MENTEE).count() == 32

    starts_a_round(person, work)
    takes_two_suggestions(person)
    decides_otherwise(person)
    phone = way.hands(visit(jutta, javascript=way.javascript, rtl=way.rtl, width=360, height=740))
    tandem = Tandem.objects.order_by("pk").first()
    assert tandem is not None
    starts_the_trial(phone, tandem)
    logs_a_meeting(phone)
    goes_on_and_ends(phone, tandem)
    sees_the_figures(person)


def takes_a_list(
    person: Hands, work: Callable[[], None], kind: str, file: Path, good: int, bad: int
) -> None:
    person.follow(
        person.page.locator("nav.rail").get_by_role("link", name=person.word("Read lists"))
    )
    person.follow(person.link("Read a list").first)
    person.tap(person.page.get_by_label(kind))
    person.hand_over(person.field("File"), file)
    person.follow(person.button("Read the file"))
    if bad:
        person.reads("What the columns hold", "recognised", "not recognised")
        header = person.page.get_by_label(UNKNOWN_HEADER)
        person.choose(header, "Interessen")
        person.follow(person.button("To the preview"))
    person.reads("This is what was understood", "Nothing is taken over yet.")
    if bad:
        person.follow(person.page.locator("a[href$='show=bad']"))
        person.reads("Rows that cannot be taken, and what helps", "Mina Ohneort", "Postleitzahl")
    person.follow(person.button("Take over"))
    person.reads("The rows are taken over")
    work()
    comes(person, "The list is taken over")
    figures = [number.strip() for number in person.page.locator("main .grid b").all_inner_texts()]
    assert [str(good), "0", str(bad)] == figures[:3]


def comes(person: Hands, heading: str) -> None:
    """Background work is over: the page says so itself, without scripts when asked again."""
    title = person.page.get_by_role("heading", level=1).filter(has_text=person.word(heading))
    if not title.is_visible():
        person.page.reload()
    title.wait_for()
    person.look()


def starts_a_round(person: Hands, work: Callable[[], None]) -> None:
    person.follow(person.page.locator("nav.rail").get_by_role("link", name="Matching"))
    person.reads("Who waits", "Amira Al-Masri")
    person.follow(person.button("Start the round"))
    work()
    person.page.reload()
    person.look()
    person.reads("What the round found", "Why not yet?")


def takes_two_suggestions(person: Hands) -> None:
    boxes = person.page.locator("main input[name=suggestions]")
    assert boxes.count() > 5
    person.tap(boxes.nth(0))
    person.tap(boxes.nth(1))
    person.follow(person.button("Propose the tandems"))
    assert Tandem.objects.count() == 2


def decides_otherwise(person: Hands) -> None:
    """For one who waits somebody else than suggested is chosen: then a sentence is needed."""
    open_cards = person.page.locator("ol.offers > li").filter(
        has=person.page.locator("input[name=suggestions]")
    )
    before = Tandem.objects.count()
    others = person.page.locator("input[name=partner]:not([checked])")
    for number in range(open_cards.count()):
        person.follow(open_cards.nth(number).locator("p.row a.more"))
        if others.count():
            break
        person.page.go_back()
    person.tap(others.first)
    person.follow(person.button("Propose the tandem"))
    assert Tandem.objects.count() == before
    person.type(person.field("Why these two?"), "Beide wohnen im selben Haus.")
    person.follow(person.button("Propose the tandem"))
    assert Tandem.objects.count() == before + 1
    assert Tandem.objects.latest("pk").why == "Beide wohnen im selben Haus."


def starts_the_trial(person: Hands, tandem: Tandem) -> None:
    person.open(f"/tandems/{tandem.pk}/")
    for _ in range(2):
        person.follow(person.page.get_by_role("button", name=person.word("Said yes")).first)
    person.reads("Both have said yes. The trial can start.")
    person.follow(person.button("Start the trial"))
    person.reads("Please log the first meeting before the trial ends.")


def logs_a_meeting(person: Hands) -> None:
    """On a phone, from »My day«: at most eight actions."""
    person.open("/mein-tag/")
    before = person.actions
    person.follow(person.page.locator("main").get_by_role("link", name=person.word("trial")))
    person.follow(person.page.locator("main th a").first)
    person.tap(person.page.get_by_label(person.word("today"), exact=True))
    person.tap(person.page.get_by_label(person.word("1 hour"), exact=True))
    person.tap(person.page.get_by_label(person.word("online"), exact=True))
    person.type(person.field("What did the two do?"), "Lesen geübt")
    person.follow(person.button("Save"))
    person.reads("The meeting is logged.", "Lesen geübt")
    assert person.actions - before <= MOST_ACTIONS


def goes_on_and_ends(person: Hands, tandem: Tandem) -> None:
    person.follow(person.button("Both want to go on"))
    tandem.refresh_from_db()
    assert tandem.state == State.ACTIVE
    person.follow(person.link("End the tandem"))
    person.choose(person.field("Why does it end?"), person.word("the goal is reached"))
    person.day(person.field("Last day"), "2026-11-23")
    person.follow(person.button("End the tandem"))
    tandem.refresh_from_db()
    assert tandem.state == State.ENDED
    person.reads("the goal is reached")


def sees_the_figures(person: Hands) -> None:
    """The tandem met in this year, so it counts, as new; of proposals nothing is missing."""
    person.follow(person.page.locator("nav.rail").get_by_role("link", name=person.word("Figures")))
    person.reads("Zahlen 2026", "tandems that count", "something is missing")
    shown = person.page.locator("main .indicators b").all_inner_texts()
    assert [number.strip() for number in shown] == ["1", "1", "0", "0"]
