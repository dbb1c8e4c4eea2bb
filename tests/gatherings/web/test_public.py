"""What everybody sees of gatherings, and what calendars and feed readers get."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest
import time_machine
import vobject
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.links import signed_token
from patenwerk.core.policy import Actor
from patenwerk.gatherings.enums import Access, Audience, Licence, State
from patenwerk.gatherings.models import Gathering, Material
from patenwerk.gatherings.queries.calendar import SALT, calendar_address, calendar_panel
from patenwerk.organisations.models import Account, Carrier
from tests.factories.gatherings import (
    AgendaItemFactory,
    GatheringFactory,
    GatheringKindFactory,
    RegistrationFactory,
)
from tests.factories.organisations import CREATED, CarrierFactory, SiteFactory, coordinator
from tests.factories.organisations import network_office as network_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]

SOON = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
JOIN = "https://treffen.example/saal"


def page(name: str, *args: object) -> str:
    return reverse(f"gatherings:{name}", args=args)


@pytest.fixture
def carrier() -> Carrier:
    return CarrierFactory.create()


@pytest.fixture
def gathering(carrier: Carrier) -> Gathering:
    return GatheringFactory.create(
        programme=carrier.programme,
        audience=Audience.PUBLIC.value,
        title="Zu zweit weiter",
        about="Was Tandems <trägt>",
        starts_at=SOON,
        mode="both",
        place_name="Speicher am Fluss",
        address="Kai 3, Kranichhafen",
        access="stufenlos",
        join_link=JOIN,
        languages="Deutsch",
        costs="keine",
        capacity=40,
        seats_taken=38,
    )


@pytest.fixture
def member(carrier: Carrier) -> Account:
    return coordinator(SiteFactory.create(carrier=carrier))


def events(answer: Any) -> list[Any]:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_the_public_page_tells_what_there_is(client: Client, gathering: Gathering) -> None:
    AgendaItemFactory.create(gathering=gathering, title="Wenn es still wird", speaker="Dr. Wanda")
    Material.objects.create(
        **gathering.organiser_columns,
        gathering=gathering,
        title="Einladung",
        link="https://netz.example/einladung",
        licence=Licence.CC_BY,
        access=Access.EVERYBODY,
        added_at=CREATED,
    )
    shown = client.get(page("public", gathering.pk)).content.decode()
    for words in (
        'itemtype="https://schema.org/Event"',
        "https://schema.org/EventScheduled",
        "https://schema.org/MixedEventAttendanceMode",
        'content="2026-12-03T10:00:00+01:00"',
        "Was Tandems &lt;trägt&gt;",
        "Speicher am Fluss",
        "stufenlos",
        "Wenn es still wird",
        "Dr. Wanda",
        "Einladung",
        "2 Plätze sind frei.",
        page("register_guest", gathering.pk),
        page("public_calendar", gathering.pk),
    ):
        assert words in shown, words
    assert JOIN not in shown
    assert "<script>" not in shown


def test_a_small_gathering_shows_only_what_it_has(client: Client, carrier: Carrier) -> None:
    gathering = GatheringFactory.create(
        programme=carrier.programme,
        carrier=carrier,
        audience=Audience.PUBLIC.value,
        state=State.CANCELLED.value,
        mode="online",
        starts_at=SOON,
        ends_at=SOON + timedelta(days=1),
    )
    shown = client.get(page("public", gathering.pk)).content.decode()
    assert "https://schema.org/EventCancelled" in shown
    assert "https://schema.org/OnlineEventAttendanceMode" in shown
    assert gathering.cancel_reason in shown
    assert carrier.name in shown
    assert "Unterlagen" not in shown
    assert 'class="programme"' not in shown
    assert page("register_guest", gathering.pk) not in shown


@pytest.mark.parametrize(
    "other",
    [{"audience": "circle"}, {"audience": "invited"}, {"state": "draft", "announced_at": None}],
)
def test_what_is_not_for_everybody_is_not_there(
    client: Client, gathering: Gathering, other: dict[str, Any]
) -> None:
    Gathering.objects.filter(pk=gathering.pk).update(**other)
    assert client.get(page("public", gathering.pk)).status_code == 404
    assert client.get(page("public_calendar", gathering.pk)).status_code == 404
    slug = gathering.programme.slug
    assert gathering.title not in client.get(page("public_list", slug)).content.decode()
    assert events(client.get(page("programme_calendar", slug))) == []
    assert not feedparser.parse(client.get(page("atom", slug)).content).entries
    start = client.get(reverse("desk:programme", args=[slug]))
    assert gathering.title not in start.content.decode()


def test_the_start_page_leads_to_the_list_and_the_calendar(
    client: Client, gathering: Gathering
) -> None:
    slug = gathering.programme.slug
    GatheringFactory.create(
        programme=gathering.programme,
        audience=Audience.PUBLIC.value,
        state=State.HELD.value,
        title="Vorbei",
        starts_at=SOON - timedelta(days=99),
    )
    start = client.get(reverse("desk:programme", args=[slug])).content.decode()
    assert "Zu zweit weiter" in start
    assert "Vorbei" not in start
    assert page("public_list", slug) in start
    listed = client.get(page("public_list", slug)).content.decode()
    assert listed.index("Zu zweit weiter") < listed.index("Vorbei")
    assert f'href="webcal://localhost:8000{page("programme_calendar", slug)}"' in listed
    assert client.get(page("public_list", "gibt-es-nicht")).status_code == 404


def test_calendars_of_a_programme_a_kind_and_one_gathering(
    client: Client, gathering: Gathering
) -> None:
    slug = gathering.programme.slug
    other = GatheringKindFactory.create(programme=gathering.programme, code="lesung")
    (one,) = events(client.get(page("programme_calendar", slug)))
    assert one["UID"] == str(gathering.uid)
    assert one["URL"].endswith(page("public", gathering.pk))
    assert JOIN not in str(one.to_ical())
    assert len(events(client.get(page("kind_calendar", slug, gathering.kind.code)))) == 1
    assert events(client.get(page("kind_calendar", slug, other.code))) == []
    assert client.get(page("kind_calendar", slug, "keine")).status_code == 404
    assert len(events(client.get(page("public_calendar", gathering.pk)))) == 1


def test_who_asks_twice_is_told_that_nothing_has_changed(
    client: Client, gathering: Gathering, member: Account
) -> None:
    slug = gathering.programme.slug
    addresses = (
        page("programme_calendar", slug),
        page("kind_calendar", slug, gathering.kind.code),
        page("public_calendar", gathering.pk),
        page("atom", slug),
        calendar_address(member),
    )
    for address in addresses:
        first = client.get(address)
        assert first.status_code == 200
        with time_machine.travel("2026-11-24 10:00", tick=False):
            by_tag = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
            since = first.headers["Last-Modified"]
            by_day = client.get(address, headers={"If-Modified-Since": since})
        assert (by_tag.status_code, by_day.status_code) == (304, 304), address
        assert by_tag.content == b""

        Gathering.objects.update(title=f"Neu {address}", changed_at=SOON - timedelta(days=9))
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        # Whoever is not registered has an empty calendar, which stays the same.
        assert again.status_code == (304 if "kalender/" in address else 200), address
        Gathering.objects.update(title="Zu zweit weiter", changed_at=CREATED)


def test_an_empty_feed_stays_the_same(client: Client, carrier: Carrier) -> None:
    address = page("atom", carrier.programme.slug)
    first = client.get(address)
    with time_machine.travel("2026-12-24 10:00", tick=False):
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_the_announcements_are_read_back(client: Client, gathering: Gathering) -> None:
    GatheringFactory.create(
        programme=gathering.programme,
        audience=Audience.PUBLIC.value,
        state=State.CANCELLED.value,
        title="Fällt aus",
        announced_at=CREATED + timedelta(days=3),
    )
    read = feedparser.parse(client.get(page("atom", gathering.programme.slug)).content)
    assert not read.bozo
    assert read.version == "atom10"
    assert [each.title for each in read.entries] == ["Abgesagt: Fällt aus", "Zu zweit weiter"]
    last = read.entries[1]
    assert last.id == f"urn:uuid:{gathering.uid}"
    assert last.link.endswith(page("public", gathering.pk))
    assert "03.12.2026, Speicher am Fluss" in last.summary
    assert last.published_parsed[:3] == (CREATED.year, CREATED.month, CREATED.day)
    assert JOIN not in client.get(page("atom", gathering.programme.slug)).content.decode()


def test_ones_own_calendar_follows_ones_registrations(
    client: Client, gathering: Gathering, member: Account
) -> None:
    address = calendar_address(member)
    assert events(client.get(address)) == []
    registration = RegistrationFactory.create(
        gathering=gathering, account=member, state="waiting", waiting_since=CREATED
    )
    (waiting,) = events(client.get(address))
    assert "CONFERENCE" not in waiting
    registration.state, registration.waiting_since = "seated", None
    registration.save()
    (seated,) = events(client.get(address))
    assert seated["CONFERENCE"] == JOIN
    assert seated["URL"].endswith(page("gathering", gathering.pk))

    Gathering.objects.update(
        state="cancelled", cancel_reason="Sturm", sequence=1, changed_at=SOON - timedelta(days=1)
    )
    read = vobject.readOne(client.get(address).content.decode())
    assert (read.vevent.status.value, read.vevent.sequence.value) == ("CANCELLED", "1")
    assert JOIN not in client.get(address).content.decode()
    registration.state = "declined"
    registration.save()
    assert events(client.get(address)) == []


def test_whoever_organises_has_it_in_the_calendar(client: Client, gathering: Gathering) -> None:
    network = network_of(gathering.programme)
    (own,) = events(client.get(calendar_address(network)))
    assert own["CONFERENCE"] == JOIN
    GatheringFactory.create(programme=gathering.programme, state=State.DRAFT.value)
    assert len(events(client.get(calendar_address(network)))) == 1


def test_a_calendar_of_one_kind_holds_all_one_sees(
    client: Client, gathering: Gathering, member: Account, carrier: Carrier
) -> None:
    token = calendar_address(member).rpartition("/")[2].removesuffix(".ics")
    (seen,) = events(client.get(page("own_kind_calendar", token, gathering.kind_id)))
    assert seen["UID"] == str(gathering.uid)
    foreign = GatheringFactory.create(audience=Audience.PUBLIC.value)
    assert client.get(page("own_kind_calendar", token, foreign.kind_id)).status_code == 404


def test_a_secret_address_ends(client: Client, member: Account) -> None:
    address = calendar_address(member)
    assert client.get(address).headers["X-Robots-Tag"] == "noindex"
    assert client.get(page("own_calendar", "erfunden")).status_code == 404
    unknown = signed_token({"account": 0, "hash": ""}, purpose=SALT)
    assert client.get(page("own_calendar", unknown)).status_code == 404
    member.set_password("ein neues, langes Passwort")
    member.save()
    assert client.get(address).status_code == 404
    renewed = calendar_address(member)
    assert client.get(renewed).status_code == 200
    member.is_active = False
    member.save()
    assert client.get(renewed).status_code == 404


def test_the_account_page_tells_the_own_address_alone(
    client: Client, member: Account, gathering: Gathering
) -> None:
    client.force_login(member)
    shown = client.get(reverse("organisations:account")).content.decode()
    assert calendar_address(member) in shown
    other = network_of(gathering.programme)
    assert calendar_panel(Actor(user_id=member.pk), [other.pk], SOON.date()) == {}


def test_a_gathering_behind_the_login_has_its_calendar(
    client: Client, gathering: Gathering, member: Account
) -> None:
    client.force_login(member)
    (event,) = events(client.get(page("gathering_calendar", gathering.pk)))
    assert "CONFERENCE" not in event


@pytest.mark.parametrize("rows", [1, 3])
def test_public_lists_and_calendars_take_the_same_queries(
    client: Client,
    carrier: Carrier,
    member: Account,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(rows):
        gathering = GatheringFactory.create(
            programme=carrier.programme,
            audience=Audience.PUBLIC.value,
            starts_at=SOON + timedelta(days=number),
        )
        RegistrationFactory.create(gathering=gathering, account=member)
    slug = carrier.programme.slug
    for queries, address in (
        (2, page("public_list", slug)),
        (3, page("programme_calendar", slug)),
        (3, page("atom", slug)),
        (6, calendar_address(member)),
    ):
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200
