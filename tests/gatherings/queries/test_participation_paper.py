"""Certificates and badges: who gets one, what stands on it, and that it can be read aloud."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import translation

from patenwerk.core.papers.writing import write_pdf
from patenwerk.gatherings.enums import ItemState, Mode, Seat, State
from patenwerk.gatherings.models import Gathering
from patenwerk.gatherings.queries.participation_paper import (
    badge_data,
    badged,
    certificate_data,
    certified,
    has_certificate,
)
from tests.factories.gatherings import (
    AgendaItemFactory,
    GatheringFactory,
    GatheringKindFactory,
    RegistrationFactory,
)
from tests.factories.organisations import CarrierFactory, ProgrammeFactory
from tests.gatherings.pictures import PNG

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 13)
AT = datetime(2026, 3, 13, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def german() -> Any:
    with translation.override("de"):
        yield


@pytest.fixture
def gathering() -> Gathering:
    programme = ProgrammeFactory.create(name="Patenprogramm")
    return GatheringFactory.create(
        programme=programme,
        kind=GatheringKindFactory.create(programme=programme, name_de="Werkstatt"),
        state=State.HELD.value,
        title="Werkstatt Sprache",
        place_name="Haus am Markt",
        address="Markt 1, Musterstadt",
    )


def certificate(gathering: Gathering) -> dict[str, Any]:
    return certificate_data(gathering, certified(gathering), ON)


def test_a_certificate_says_who_took_part_in_what_when_and_how_long(gathering: Gathering) -> None:
    carrier = CarrierFactory.create(programme=gathering.programme, name="Brückenbogen e. V.")
    RegistrationFactory.create(gathering=gathering, carrier=carrier, name="Ada", attended=True)
    RegistrationFactory.create(
        gathering=gathering,
        carrier=None,
        organisation="Stadt",
        name="Ben",
        attended=True,
        seats=4,
        state=Seat.DECLINED.value,
    )
    RegistrationFactory.create(gathering=gathering, attended=False)
    RegistrationFactory.create(gathering=gathering)
    for title, state in (("Zuhören", ItemState.ACCEPTED), ("Nicht", ItemState.PROPOSED)):
        AgendaItemFactory.create(gathering=gathering, title=title, state=state.value)
    data = certificate(gathering)
    assert data["people"] == [
        {"name": "Ada", "from": "Brückenbogen e. V.", "group": ""},
        {"name": "Ben", "from": "Stadt", "group": "mit einer Gruppe von 4 Personen"},
    ]
    assert data["facts"] == [
        ("Art", "Werkstatt"),
        ("Wann", "12. März 2026 10:00 – 16:00"),
        ("Umfang", "6 Stunden"),
        ("Wo", "Haus am Markt, Markt 1, Musterstadt"),
        ("Veranstaltet von", "der Netzwerkstelle von Patenprogramm"),
    ]
    assert data["topics"] == ["Zuhören"]
    assert data["issued"] == "Ausgestellt am 13. März 2026"
    assert (data["programme"], data["language"], data["logo"]) == ("Patenprogramm", "de", None)


@pytest.mark.parametrize(
    ("length", "expected"),
    [(timedelta(hours=1), "1 Stunde"), (timedelta(minutes=90), "1,5 Stunden")],
)
def test_hours_are_said_as_they_are(gathering: Gathering, length: timedelta, expected: str) -> None:
    gathering.ends_at = gathering.starts_at + length
    assert ("Umfang", expected) in certificate(gathering)["facts"]


def test_several_days_online_by_a_carrier(gathering: Gathering) -> None:
    gathering.carrier = CarrierFactory.create(name="Brückenbogen e. V.")
    gathering.mode = Mode.ONLINE.value
    gathering.ends_at = gathering.starts_at + timedelta(days=1)
    assert certificate(gathering)["facts"][1:] == [
        ("Wann", "12. März 2026 10:00 – 13. März 2026 10:00"),
        ("Wo", "online"),
        ("Veranstaltet von", "Brückenbogen e. V."),
    ]


def test_nobody_gets_a_certificate_before_the_gathering_is_over(gathering: Gathering) -> None:
    person = RegistrationFactory.create(gathering=gathering, attended=True)
    assert has_certificate(person)
    Gathering.objects.filter(pk=gathering.pk).update(state=State.CLOSED.value)
    gathering.refresh_from_db()
    person.gathering = gathering
    assert not has_certificate(person)
    assert certified(gathering) == []


def test_every_seat_gets_a_badge(gathering: Gathering) -> None:
    carrier = CarrierFactory.create(programme=gathering.programme, name="Brückenbogen e. V.")
    RegistrationFactory.create(gathering=gathering, carrier=carrier, name="Ada", seats=2)
    RegistrationFactory.create(gathering=gathering, state=Seat.DECLINED.value)
    data = badge_data(gathering, badged(gathering))
    assert data["badges"] == [
        {"name": "Ada", "from": "Brückenbogen e. V."},
        {"name": "", "from": "Brückenbogen e. V."},
    ]
    assert (data["gathering"], data["day"]) == ("Werkstatt Sprache", "12. März 2026")


def test_the_logo_is_on_it_as_long_as_its_file_is_there(
    gathering: Gathering, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    gathering.programme.logo.save("bild.png", ContentFile(PNG))
    RegistrationFactory.create(gathering=gathering, attended=True)
    data = certificate(gathering)
    assert bytes(data["logo"]) == PNG
    assert b"/Image" in write_pdf("gatherings/certificate", data, at=AT)
    Path(gathering.programme.logo.path).unlink()
    assert certificate(gathering)["logo"] is None


@pytest.mark.parametrize("template", ["certificate", "badges"])
def test_a_paper_is_tagged_with_language_and_title(gathering: Gathering, template: str) -> None:
    RegistrationFactory.create(
        gathering=gathering, attended=True, seats=12, name='#panic("x") *fett* $y$'
    )
    data = (
        certificate(gathering)
        if template == "certificate"
        else badge_data(gathering, badged(gathering))
    )
    paper = write_pdf(f"gatherings/{template}", data, at=AT)
    assert b"/MarkInfo<</Marked true" in paper
    assert b"/StructTreeRoot" in paper
    assert b"/Lang(de)" in paper
    assert b"<pdfuaid:part>1</pdfuaid:part>" in paper
    assert data["title"].encode() in paper
    pages = paper.count(b"/Type/Page/") + paper.count(b"/Type/Page\n")
    assert pages == (1 if template == "certificate" else 2)
