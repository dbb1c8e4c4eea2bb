"""The pages of gatherings, as the roles see them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.gatherings.enums import Audience, State
from patenwerk.gatherings.models import CarrierShare, Gathering, GatheringKind, Series
from patenwerk.mail.models import OutboxMail
from patenwerk.organisations.models import Account, Carrier
from tests.factories.gatherings import (
    GatheringFactory,
    GatheringKindFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.factories.organisations import (
    CarrierFactory,
    SiteFactory,
    coordinator,
    manager,
    network_office,
    office,
)

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]

SOON = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)


def page(name: str, *args: object) -> str:
    return reverse(f"gatherings:{name}", args=args)


@pytest.fixture
def carrier() -> Carrier:
    return CarrierFactory.create(name="Brückenbogen e. V.")


@pytest.fixture
def network(carrier: Carrier) -> Account:
    return network_office(carrier.programme)


@pytest.fixture
def gathering(carrier: Carrier) -> Gathering:
    return GatheringFactory.create(
        programme=carrier.programme,
        title="Zu zweit weiter",
        starts_at=SOON,
        place_name="Speicher am Fluss",
        join_link="https://treffen.example/saal",
    )


def said(gathering: Gathering, **other: Any) -> dict[str, Any]:
    """What the form of a gathering sends."""
    return {
        "title": "Netzwerktreffen Winter",
        "kind": gathering.kind_id,
        "audience": "circle",
        "mode": "in_person",
        "place_name": "Kontor",
        "starts_at": "2026-12-10T10:00",
        "ends_at": "2026-12-10T16:00",
        "offer_hours": "48",
        **other,
    }


def test_the_network_office_plans_announces_and_opens(
    client: Client, network: Account, gathering: Gathering
) -> None:
    client.force_login(network)
    assert client.get(page("create")).status_code == 200
    answer = client.post(page("create"), said(gathering, new_series="Vernetzung"))
    made = Gathering.objects.get(title="Netzwerktreffen Winter")
    assert answer.url == page("gathering", made.pk)
    assert made.state == State.DRAFT
    assert made.series is not None
    assert made.series.name == "Vernetzung"
    assert made.starts_at == datetime(2026, 12, 10, 9, 0, tzinfo=UTC)

    for step, state in (("announce", "announced"), ("open", "open"), ("close", "closed")):
        client.post(page("step", made.pk), {"step": step})
        made.refresh_from_db()
        assert made.state == state


def test_a_manager_plans_for_the_own_carrier(
    client: Client, carrier: Carrier, gathering: Gathering
) -> None:
    client.force_login(manager(carrier))
    client.post(page("create"), said(gathering))
    assert Gathering.objects.get(title="Netzwerktreffen Winter").carrier == carrier


def test_a_refused_step_says_why_on_the_page(
    client: Client, network: Account, carrier: Carrier
) -> None:
    draft = GatheringFactory.create(
        programme=carrier.programme, state=State.DRAFT.value, starts_at=SOON
    )
    client.force_login(network)
    shown = client.get(page("gathering", draft.pk)).content.decode()
    assert "Bitte sagen Sie, wo man sich trifft." in shown
    answer = client.post(page("step", draft.pk), {"step": "announce"}, follow=True)
    assert "Bitte sagen Sie, wo man sich trifft." in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_others_see_and_do_not_change(
    client: Client, carrier: Carrier, gathering: Gathering
) -> None:
    client.force_login(coordinator(SiteFactory.create(carrier=carrier)))
    shown = client.get(page("gathering", gathering.pk))
    assert "Zu zweit weiter" in shown.content.decode()
    assert gathering.join_link not in shown.content.decode()
    assert client.get(page("change", gathering.pk)).status_code == 403
    assert client.get(page("create")).status_code == 403
    assert client.get(page("kinds")).status_code == 404


def test_the_link_to_join_is_for_those_with_a_seat(
    client: Client, carrier: Carrier, gathering: Gathering
) -> None:
    member = coordinator(SiteFactory.create(carrier=carrier))
    registration = RegistrationFactory.create(
        gathering=gathering, carrier=carrier, account=member, state="seated"
    )
    client.force_login(member)
    assert gathering.join_link in client.get(page("gathering", gathering.pk)).content.decode()
    registration.state = "declined"
    registration.save()
    assert gathering.join_link not in client.get(page("gathering", gathering.pk)).content.decode()


def test_the_page_changes_and_keeps_what_was_said(
    client: Client, network: Account, gathering: Gathering
) -> None:
    client.force_login(network)
    form = client.get(page("change", gathering.pk)).content.decode()
    assert 'value="2026-12-03T10:00"' in form
    client.post(page("change", gathering.pk), said(gathering, capacity="30"))
    gathering.refresh_from_db()
    assert (gathering.title, gathering.capacity) == ("Netzwerktreffen Winter", 30)
    assert gathering.sequence == 1


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("2027-03-28T02:30", "Diese Uhrzeit gibt es nicht"),
        ("2026-10-25T02:30", "Diese Uhrzeit gibt es zweimal"),
        ("übermorgen", "Bitte schreiben Sie Tag und Uhrzeit"),
        ("0001-01-01T00:00", "Bitte schreiben Sie einen Tag in unserer Zeit"),
    ],
)
def test_a_time_that_is_none_is_refused_in_one_sentence(
    client: Client, network: Account, gathering: Gathering, value: str, sentence: str
) -> None:
    client.force_login(network)
    answer = client.post(page("change", gathering.pk), said(gathering, starts_at=value))
    assert answer.status_code == 422
    assert answer.context["form"].errors["starts_at"].as_text().count("*") == 1
    assert sentence in answer.content.decode()


def test_cancelling_tells_everybody(client: Client, network: Account, gathering: Gathering) -> None:
    RegistrationFactory.create(gathering=gathering, email="wanda@example.org")
    client.force_login(network)
    assert client.get(page("cancel", gathering.pk)).status_code == 200
    assert client.post(page("cancel", gathering.pk), {"reason": " "}).status_code == 422
    client.post(page("cancel", gathering.pk), {"reason": "Das Haus ist gesperrt."})
    gathering.refresh_from_db()
    assert gathering.state == State.CANCELLED
    assert OutboxMail.objects.filter(to="wanda@example.org").exists()
    shown = client.get(page("gathering", gathering.pk)).content.decode()
    assert "Das Haus ist gesperrt." in shown


def test_carriers_are_invited_with_their_seats(
    client: Client, network: Account, gathering: Gathering, carrier: Carrier
) -> None:
    client.force_login(network)
    assert carrier.name in client.get(page("invite", gathering.pk)).content.decode()
    client.post(
        page("invite", gathering.pk),
        {f"invited-{carrier.pk}": "on", f"seats-{carrier.pk}": "4"},
    )
    share = CarrierShare.objects.get(gathering=gathering)
    assert (share.of_carrier, share.is_invited, share.seats) == (carrier, True, 4)
    wrong = {f"invited-{carrier.pk}": "on", f"seats-{carrier.pk}": "0"}
    assert client.post(page("invite", gathering.pk), wrong).status_code == 422


def test_the_network_office_edits_kinds(client: Client, network: Account) -> None:
    client.force_login(network)
    assert client.get(page("kinds")).status_code == 200
    client.post(page("kinds"))
    assert GatheringKind.objects.count() == 6
    kind = GatheringKind.objects.get(code="congress")
    values = {"code": "anders", "name_de": "Kongress", "name_en": "Congress", "position": "1"}
    assert client.get(page("change_kind", kind.pk)).status_code == 200
    client.post(page("change_kind", kind.pk), values)
    kind.refresh_from_db()
    assert (kind.code, kind.name_de, kind.is_active) == ("congress", "Kongress", False)
    assert client.get(page("add_kind")).status_code == 200
    client.post(page("add_kind"), {**values, "code": "lesung", "name_de": "Lesung"})
    assert GatheringKind.objects.filter(code="lesung").exists()
    again = client.post(page("add_kind"), {**values, "code": "lesung"})
    assert again.status_code == 422


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries(
    client: Client,
    network: Account,
    carrier: Carrier,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(rows):
        GatheringFactory.create(
            programme=carrier.programme,
            starts_at=SOON + timedelta(days=number),
            series=SeriesFactory.create(programme=carrier.programme),
        )
    client.force_login(network)
    client.get(page("gatherings"))
    with django_assert_num_queries(7):
        answer = client.get(page("gatherings"))
    assert answer.content.decode().count('<th scope="row">') == rows


def test_the_list_is_narrowed_and_given_away(
    client: Client, network: Account, carrier: Carrier
) -> None:
    programme = carrier.programme
    workshop = GatheringKindFactory.create(programme=programme, name_de="Werkstatt")
    GatheringFactory.create(programme=programme, title="Bald", starts_at=SOON, kind=workshop)
    GatheringFactory.create(
        programme=programme,
        title="Vorbei",
        state=State.HELD.value,
        starts_at=SOON - timedelta(days=60),
    )
    GatheringFactory.create(
        programme=programme,
        title="Eigenes des Trägers",
        carrier=carrier,
        audience=Audience.INVITED.value,
        starts_at=SOON,
    )
    client.force_login(network)

    def titles(**asked: Any) -> list[str]:
        return [row.title for row in client.get(page("gatherings"), asked).context["rows"]]

    assert titles() == ["Bald"]
    assert titles(when="past") == ["Vorbei"]
    assert titles(when="all") == ["Bald", "Vorbei"]
    assert titles(year=2026) == ["Bald", "Vorbei"]
    assert titles(kind=workshop.pk) == ["Bald"]
    assert titles(text="orbe", when="all") == ["Vorbei"]
    assert titles(mine="on") == ["Bald"]
    assert titles(text="nirgends") == []
    book = client.get(page("gatherings"), {"format": "csv", "when": "all"})
    assert "Vorbei" in book.content.decode()

    client.force_login(office(programme))
    assert titles(mine="on") == []


def test_the_day_and_the_search_know_of_gatherings(
    client: Client, network: Account, gathering: Gathering
) -> None:
    client.force_login(network)
    assert "Zu zweit weiter" in client.get(reverse("desk:day")).content.decode()
    found = client.get(reverse("desk:search"), {"q": "zweit"}).content.decode()
    assert page("gathering", gathering.pk) in found


def test_a_series_of_others_is_not_offered(
    client: Client, carrier: Carrier, gathering: Gathering
) -> None:
    SeriesFactory.create(programme=carrier.programme, name="Der Netzwerkstelle")
    client.force_login(manager(carrier))
    assert "Der Netzwerkstelle" not in client.get(page("create")).content.decode()
    assert Series.objects.count() == 1
