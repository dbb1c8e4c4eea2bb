"""Two people write minutes at once in two browsers; a carrier objects; the record stands."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from patenwerk.gatherings.enums import State
from patenwerk.gatherings.models import Minutes
from tests.factories.gatherings import (
    AgendaItemFactory,
    ContactFactory,
    GatheringFactory,
)
from tests.factories.organisations import (
    CarrierFactory,
    ProgrammeFactory,
    manager,
    network_office,
)
from tests.journeys.conftest import TODAY
from tests.journeys.hands import Hands

pytestmark = pytest.mark.django_db(transaction=True)

SOON = 12_000
"""Longer than two rounds in which a page asks how the section stands, in milliseconds."""


@pytest.fixture
def circle() -> Any:
    programme = ProgrammeFactory.create()
    carrier = CarrierFactory.create(programme=programme, name="Nachbarschaft Nord e. V.")
    ContactFactory.create(carrier=carrier, email="nord@example.org")
    gathering = GatheringFactory.create(
        programme=programme,
        title="Vernetzungstreffen im Herbst",
        state=State.HELD.value,
        starts_at=TODAY - timedelta(hours=5),
    )
    AgendaItemFactory.create(gathering=gathering, position=1, title="Begrüßung")
    AgendaItemFactory.create(gathering=gathering, position=2, title="Gemeinsamer Aktionstag")
    return gathering, carrier


def test_two_browsers_write_one_section(visit: Any, circle: Any) -> None:
    gathering, _carrier = circle
    programme = gathering.programme
    anna = Hands(visit(network_office(programme, first_name="Anna", last_name="Amsel")))
    bert = Hands(visit(network_office(programme, first_name="Bert", last_name="Blau"), width=360))
    anna.open(f"/treffen/{gathering.pk}/protokoll/")
    anna.follow(anna.button("Begin"))
    minutes = Minutes.objects.get()
    section = minutes.sections.get(heading="Gemeinsamer Aktionstag")
    for hands in (anna, bert):
        hands.open(f"/treffen/abschnitt/{section.pk}/")
    field, other = (hands.page.locator("#id_text") for hands in (anna, bert))

    # Anna types; nothing is pressed, and Bert has it without loading the page.
    field.click()
    field.press_sequentially("Der Aktionstag ist im Mai.", delay=5)
    expect(other).to_have_value("Der Aktionstag ist im Mai.", timeout=SOON)
    # Both go on at once. What the other writes never changes the field somebody types in.
    other.click()
    other.press("End")
    other.press_sequentially(" Nord kümmert sich um den Ort.", delay=5)
    field.press_sequentially(" Alle Träger machen mit.", delay=5)
    bert.page.locator("#standing p", has_text="Alle Träger").wait_for(timeout=SOON)
    assert "Alle Träger" not in other.input_value()
    anna.page.locator("#standing p", has_text="Nord kümmert sich").wait_for(timeout=SOON)
    assert "Nord" not in field.input_value()
    # Whoever leaves the field has the joint text.
    other.blur()
    expect(other).to_have_value(re.compile("Alle Träger"), timeout=SOON)
    section.refresh_from_db()
    for sentence in (
        "Der Aktionstag ist im Mai.",
        "Nord kümmert sich um den Ort.",
        "Alle Träger machen mit.",
    ):
        assert section.text.count(sentence) == 1
        assert other.input_value().count(sentence) == 1


def test_the_same_sentence_changed_by_both_is_shown_side_by_side(visit: Any, circle: Any) -> None:
    gathering, _carrier = circle
    anna = Hands(visit(network_office(gathering.programme, first_name="Anna")))
    anna.open(f"/treffen/{gathering.pk}/protokoll/")
    anna.follow(anna.button("Begin"))
    section = Minutes.objects.get().sections.get(heading="Begrüßung")
    url = f"/treffen/abschnitt/{section.pk}/"
    anna.open(url)
    first = anna.page.locator("#id_text")
    first.fill("Wir treffen uns im Mai.")
    anna.tap(anna.button("Save"))
    anna.page.locator("#standing").get_by_text("Anna").wait_for()
    bert = Hands(visit(network_office(gathering.programme, first_name="Bert")))
    bert.open(url)
    second = bert.page.locator("#id_text")
    second.click()
    first.click()
    second.fill("Wir treffen uns im Juni.")
    bert.page.locator("#standing").get_by_text("Bert").wait_for(timeout=SOON)
    first.fill("Wir treffen uns im Juli.")
    notice = anna.page.locator("#conflicts .notice")
    notice.wait_for(timeout=SOON)
    for wording in ("im Mai.", "im Juni.", "im Juli."):
        assert wording in notice.inner_text()
    section.refresh_from_db()
    assert "im Juni." in section.text
    assert "im Juli." in section.text


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_draft_to_the_objection(visit: Any, circle: Any, javascript: bool) -> None:
    gathering, carrier = circle
    office = Hands(visit(network_office(gathering.programme), javascript=javascript))
    office.open(f"/treffen/{gathering.pk}/protokoll/")
    office.follow(office.button("Begin"))
    minutes = Minutes.objects.get()
    section = minutes.sections.first()
    assert section is not None
    office.open(f"/treffen/abschnitt/{section.pk}/")
    office.page.locator("#id_text").fill("Alle Träger sind da.")
    office.tap(office.button("Save"))
    office.page.get_by_text("Alle Träger sind da.").first.wait_for(state="attached")
    office.open(f"/treffen/protokoll/{minutes.pk}/senden/")
    office.follow(office.button("Send"))
    speaker = Hands(visit(manager(carrier), javascript=javascript))
    speaker.open("/mein-tag/")
    speaker.reads("Protokolle warten auf Sie")
    speaker.open(f"/treffen/protokoll/{minutes.pk}/einwand/")
    speaker.page.locator("#id_text").fill("Süd fehlte.")
    speaker.follow(speaker.button("Send the objection"))
    office.open(f"/treffen/protokoll/{minutes.pk}/")
    office.reads("Süd fehlte.", "Nachbarschaft Nord e. V.")
