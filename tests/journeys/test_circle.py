"""From a carrier's proposal to a promise that is kept, and a visitor who subscribes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import icalendar
import pytest

from patenwerk.gatherings.enums import Audience, State
from patenwerk.gatherings.models import AgendaItem, Commitment, Gathering, Minutes, Objection
from tests.factories.gatherings import ContactFactory, GatheringFactory, SeriesFactory
from tests.factories.organisations import CarrierFactory, ProgrammeFactory, manager, network_office
from tests.journeys.conftest import TODAY
from tests.journeys.hands import Checking, Hands

if TYPE_CHECKING:
    from patenwerk.organisations.models import Programme

pytestmark = pytest.mark.django_db(transaction=True)


def meeting(programme: Programme, title: str, days: int, **more: Any) -> Gathering:
    return GatheringFactory.create(
        programme=programme, title=title, starts_at=TODAY + timedelta(days=days), **more
    )


def send(hands: Hands, address: str, button: str, form: str = "", **said: str) -> None:
    """Open a form, fill what is said, press its button; ``form`` is its address among several."""
    hands.open(address)
    asked = hands.page.locator(f"main form[action$='{form}']" if form else "main form")
    folded = asked.locator("xpath=ancestor::details[not(@open)]")
    if folded.count():
        hands.tap(folded.locator("summary").first)
    for name, value in said.items():
        field = asked.locator(f"[name={name}]")
        if field.evaluate("e => e.tagName") == "SELECT":
            hands.choose(field, value)
        else:
            hands.type(field, value)
    hands.follow(asked.get_by_role("button", name=hands.word(button)))


@pytest.mark.parametrize(("javascript", "width"), [(True, 1280), (False, 360)])
def test_what_a_carrier_proposes_ends_as_a_promise_kept(
    visit: Any, javascript: bool, width: int
) -> None:
    programme = ProgrammeFactory.create()
    carrier = CarrierFactory.create(programme=programme, name="Nachbarschaft Nord e. V.")
    ContactFactory.create(carrier=carrier, email="nord@example.org")
    series = SeriesFactory.create(programme=programme, name="Trägerkreis")
    today = meeting(programme, "Treffen im Herbst", 0, series=series, state=State.OPEN.value)
    following = meeting(programme, "Treffen im Winter", 60, series=series)
    Gathering.objects.filter(pk=today.pk).update(starts_at=TODAY + timedelta(minutes=30))
    kind = Checking if javascript else Hands
    options = {"javascript": javascript, "width": width}
    office = kind(visit(network_office(programme, first_name="Anna"), **options))
    speaker = kind(visit(manager(carrier, first_name="Tülay"), **options))

    # The carrier proposes, the network office puts it on the agenda.
    send(
        speaker,
        f"/treffen/{today.pk}/tagesordnung/vorschlagen/",
        "Propose",
        title="Gemeinsamer Aktionstag",
        minutes="45",
    )
    item = AgendaItem.objects.get()
    office.open(f"/treffen/{today.pk}/tagesordnung/")
    office.follow(office.page.get_by_role("button", name=office.word("Put on the agenda")))
    speaker.open(f"/treffen/{today.pk}/")
    speaker.reads("Gemeinsamer Aktionstag")

    # The minutes begin from it; somebody promises something.
    office.open(f"/treffen/{today.pk}/protokoll/")
    office.follow(office.button("Begin"))
    minutes = Minutes.objects.get()
    section = minutes.sections.get(item=item)
    office.open(f"/treffen/abschnitt/{section.pk}/")
    office.page.locator("#id_text").fill("Wir machen einen Aktionstag.")
    office.tap(office.button("Save"))
    office.page.get_by_text("Wir machen einen Aktionstag.").first.wait_for(state="attached")
    send(
        office,
        f"/treffen/abschnitt/{section.pk}/",
        "Add the promise",
        form=f"/abschnitt/{section.pk}/zusage/",
        text="Plakate drucken",
        of_carrier=carrier.name,
        due_on="2027-01-31",
    )
    promise = Commitment.objects.get()

    # Held, sent, objected to, answered, approved by the next gathering, locked.
    Gathering.objects.filter(pk=today.pk).update(
        starts_at=TODAY - timedelta(hours=5), ends_at=TODAY - timedelta(hours=1), state=State.HELD
    )
    office.open(f"/treffen/protokoll/{minutes.pk}/senden/")
    office.follow(office.button("Send"))
    send(
        speaker,
        f"/treffen/protokoll/{minutes.pk}/einwand/",
        "Send the objection",
        text="Der Tag fehlt.",
    )
    objection = Objection.objects.get()
    speaker.open(f"/treffen/{following.pk}/tagesordnung/")
    speaker.reads("Plakate drucken", "Der Tag fehlt.")
    answer = office.page
    office.open(f"/treffen/einwand/{objection.pk}/")
    office.tap(answer.locator("main form [name=state]").first)
    office.type(answer.locator("main form [name=answer]"), "Ergänzt: am 12. Juni.")
    office.follow(answer.locator("main form").get_by_role("button").first)
    Gathering.objects.filter(pk=following.pk).update(starts_at=TODAY - timedelta(minutes=30))
    send(
        office,
        f"/treffen/protokoll/{minutes.pk}/genehmigen/",
        "Approve",
        approved_in=following.title,
    )
    send(office, f"/treffen/protokoll/{minutes.pk}/abschliessen/", "Lock")
    minutes.refresh_from_db()
    assert minutes.state == "locked"

    # It stands on the next agenda by itself, until it is done.
    speaker.open(f"/treffen/{following.pk}/tagesordnung/")
    speaker.reads("Plakate drucken")
    assert "Der Tag fehlt." not in speaker.text()
    send(speaker, f"/treffen/zusage/{promise.pk}/erledigt/", "Save", note="Gedruckt und verteilt.")
    speaker.open(f"/treffen/{following.pk}/tagesordnung/")
    assert "Plakate drucken" not in speaker.text()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_visitor_subscribes_to_the_calendar(visit: Any, width: int) -> None:
    programme = ProgrammeFactory.create(slug="zuzweit")
    public = meeting(programme, "Fachkongress", 20, audience=Audience.PUBLIC)
    meeting(programme, "Nur der Kreis", 25)
    visitor = Checking(visit(width=width))
    visitor.open("/")
    visitor.follow(visitor.page.get_by_role("link", name="Fachkongress").first)
    visitor.reads("Fachkongress")
    visitor.open("/treffen/programm/zuzweit/")
    address = visitor.link("Subscribe to the calendar").get_attribute("href")
    assert address is not None
    address = address.replace("webcal://", "http://")
    first = visitor.page.request.get(address)
    assert first.status == 200
    events = icalendar.Calendar.from_ical(first.body()).walk("VEVENT")
    assert [(str(one["SUMMARY"]), str(one["UID"])) for one in events] == [
        ("Fachkongress", events[0]["UID"])
    ]
    assert str(public.uid) in str(events[0]["UID"])
    again = visitor.page.request.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body()) == (304, b"")
