"""A site switches over in one afternoon: one workbook in, the year's figures are the workbook's."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from patenwerk.core.sheets.writing import Table, write_book
from patenwerk.organisations.models import Account, Site
from patenwerk.people.models import Person
from patenwerk.tandems.models import Meeting, Tandem
from tests.factories.organisations import (
    CarrierFactory,
    FocusFactory,
    ProgrammeFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
    coordinator,
)
from tests.journeys.hands import Checking, Hands

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2026, 11, 23)
PEOPLE, RUNNING, ENDED, MEETINGS = 400, 180, 20, 2_000
#: Rows that cannot be taken, by list.
FAULTY = {"Ehrenamtliche": 5, "Patenkinder": 5, "Patenschaften": 10, "Treffen": 20}
MARK = "fehlerhaft"


@pytest.fixture
def site() -> Site:
    """One site of a programme with its words; nobody is entered yet."""
    programme = ProgrammeFactory.create(name="Menschen stärken")
    for code, name in {"schule": "Schule", "sprache": "Sprache"}.items():
        SupportFieldFactory.create(programme=programme, code=code, name_de=name)
    FocusFactory.create(
        programme=programme, name_de="Bildung", starts_on=date(2016, 1, 1), ends_on=None
    )
    TandemKindFactory.create(programme=programme, name_de="Patenschaft")
    carrier = CarrierFactory.create(programme=programme, name="Nachbarschaft Nord e. V.")
    return SiteFactory.create(
        carrier=carrier, name="Patenbüro Leipzig", postcode="04109", town="Leipzig", land="SN"
    )


@pytest.fixture
def jutta(site: Site) -> Account:
    return coordinator(site, first_name="Jutta", last_name="Sommerfeldt")


def workbook() -> bytes:
    """Four sheets as a site may have kept them; faulty rows carry a mark in a column of theirs."""
    draw = random.Random(5)
    mentors = [f"Vera{number} Ahorn{number}" for number in range(PEOPLE // 2)]
    mentees = [f"Ali{number} Linde{number}" for number in range(PEOPLE // 2)]
    tandems = []
    for number in range(RUNNING + ENDED):
        began = date(2024, 6, 1) + timedelta(days=draw.randrange(860 if number < RUNNING else 500))
        ended = began + timedelta(days=draw.randrange(30, 100)) if number >= RUNNING else None
        tandems.append((number, mentors[number], mentees[number], began, ended))
    held = []
    for number in range(MEETINGS):
        which = tandems[number % len(tandems)]
        last = which[4] or TODAY
        day = which[3] + timedelta(days=draw.randrange((last - which[3]).days + 1))
        held.append((f"T{which[0]}", day, draw.choice((60, 90, "1,5 h", "2 Std.")), number))
    return write_book(
        [
            Table("Liesmich", ("Was", "Wie"), [("Stand", "November"), ("Von", "Jutta")]),
            Table(
                "Treffen",
                ("Tandem", "Datum", "Dauer", "Was gemacht", "Vermerk"),
                [
                    *((who, day, length, f"Nr. {number}", "") for who, day, length, number in held),
                    *(("T1", date(2026, 1, 1), "lange", "", MARK) for _ in range(10)),
                    *((f"T9{n}9", date(2026, 1, 1), 60, "", MARK) for n in range(10)),
                ],
            ),
            Table(
                "Patenschaften",
                ("Nr.", "Patin", "Kind", "Bereich", "gestiftet am", "Ende", "Grund", "Vermerk"),
                [
                    *(
                        (
                            f"T{number}",
                            mentor,
                            ", ".join(reversed(mentee.split())),
                            "Schule" if number % 3 else "Sprache",
                            f"{began:%d.%m.%Y}",
                            ended,
                            "Umzug" if ended else None,
                            "",
                        )
                        for number, mentor, mentee, began, ended in tandems
                    ),
                    *(
                        (f"X{n}", "Niemand", mentees[n], "Schule", date(2026, 1, 1), "", "", MARK)
                        for n in range(10)
                    ),
                ],
            ),
            Table("Patenkinder", _headers("Name"), _people(mentees, 2012)),
            Table("Ehrenamtliche", _headers("Patin"), _people(mentors, 1970)),
        ]
    )


def _headers(name: str) -> tuple[str, ...]:
    return (name, "geboren am", "PLZ", "Sprachen", "Vermerk")


def _people(names: list[str], year: int) -> Iterator[tuple[object, ...]]:
    for number, name in enumerate(names):
        born = date(year, 1, 1) + timedelta(days=number)
        yield name, born, "04109", "Deutsch B2, Arabisch Muttersprache", ""
    for number in range(5):
        yield f"Otto{number} Fehler", date(year, 1, 1), "4", "Deutsch B2", MARK


def figures_of(path: Path, year: int) -> tuple[int, int]:
    """New and continued tandems of a year, counted from the workbook's cells alone.

    New: the first meeting lies in the year. Continued: it lies before, the tandem ran on into the
    year and there was a meeting in it.
    """
    book = openpyxl.load_workbook(path, read_only=True)
    ended = {
        row[0]: row[5]
        for row in book["Patenschaften"].iter_rows(min_row=2, values_only=True)
        if row[-1] != MARK
    }
    days: dict[object, list[date]] = defaultdict(list)
    for row in book["Treffen"].iter_rows(min_row=2, values_only=True):
        if row[-1] != MARK:
            days[row[0]].append(row[1].date())
    new = continued = 0
    for tandem, end in ended.items():
        met = days[tandem]
        if not met or not any(day.year == year for day in met):
            continue
        if min(met).year == year:
            new += 1
        elif end is None or end.year >= year:
            continued += 1
    return new, continued


def test_one_workbook_in_and_the_figures_are_the_workbook_s(
    visit: Any, work: Callable[[], None], jutta: Account, site: Site, tmp_path: Path
) -> None:
    file = tmp_path / "Patenbüro.xlsx"
    file.write_bytes(workbook())
    person = Checking(visit(jutta))
    person.open(reverse("imports:new", args=[site.pk]))
    person.tap(person.page.get_by_label("Mehrere Listen"))
    person.hand_over(person.page.locator("input[type=file]"), file)
    person.follow(person.button("Read the file"))
    person.reads("We are working on your file")
    work()
    waits_for(person, "There are open questions")
    answers_what_is_open(person, work)
    looks_at_the_lists(person)
    person.follow(person.button("Take everything over"))
    work()
    waits_for(person, "The file is taken over")
    assert Person.objects.count() == PEOPLE
    assert Tandem.objects.count() == RUNNING + ENDED
    assert Tandem.objects.filter(ended_on=None).count() == RUNNING
    assert Meeting.objects.count() == MEETINGS
    new, continued = figures_of(file, TODAY.year)
    assert new > 20
    assert continued > 20
    sees_the_figures(person, new, continued)
    sees_where_a_tandem_came_from(Checking(visit(jutta, width=360, height=740)))


def answers_what_is_open(person: Hands, work: Callable[[], None]) -> None:
    """The column nobody knows is left out, list by list."""
    for _list in FAULTY:
        person.follow(person.page.get_by_role("link", name="Beantworten").first)
        person.follow(person.button("To the preview"))
    work()
    waits_for(person, "This is what was understood of your file")


def waits_for(person: Hands, heading: str) -> None:
    """The page asks by itself how far the work is, and shows what came of it."""
    person.page.get_by_role("heading", name=person.word(heading)).wait_for()
    person.look()


def looks_at_the_lists(person: Hands) -> None:
    """Every list says how many rows are good and which are not; the bad ones can be fetched."""
    here = person.page.url
    rows = person.page.locator("tbody tr")
    found = {
        rows.nth(index).locator("th").inner_text(): [
            int(text.replace(".", ""))
            for text in rows.nth(index).locator("td.number").all_inner_texts()
        ]
        for index in range(rows.count())
    }
    assert found == {
        "Ehrenamtliche": [PEOPLE // 2, 0, 0, FAULTY["Ehrenamtliche"]],
        "Patenkinder": [PEOPLE // 2, 0, 0, FAULTY["Patenkinder"]],
        "Patenschaften": [RUNNING + ENDED, 0, 0, FAULTY["Patenschaften"]],
        "Treffen": [MEETINGS, 0, 0, FAULTY["Treffen"]],
    }
    person.follow(rows.nth(2).get_by_role("link"))
    person.follow(person.page.locator(".standings a").last)
    person.reads("Niemand", "weder an Ihrem Standort noch in dieser Datei")
    person.follow(person.button("Back to the whole file"))
    assert person.page.url == here


def sees_the_figures(person: Hands, new: int, continued: int) -> None:
    """What the workbook says is what the page of figures says."""
    person.open(reverse("reporting:tables"))
    shown = person.page.locator(".indicators .figure b, .indicators b").all_inner_texts()
    assert [int(text.replace(".", "")) for text in shown[:3]] == [new + continued, new, continued]
    person.reads("wurden aus Listen übernommen")


def sees_where_a_tandem_came_from(phone: Hands) -> None:
    """The tandem's page says that the time before stands as the list told it."""
    tandem = Tandem.objects.get(file_id="T7")
    phone.open(reverse("tandems:tandem", args=[tandem.pk]))
    phone.reads("From a list", "Began, as your list says", "T7")
