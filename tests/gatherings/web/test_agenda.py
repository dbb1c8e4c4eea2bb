"""The agenda's pages: proposing, ordering without scripts, and what all see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from patenwerk.gatherings.enums import Access, ItemState, Licence, MinutesState
from patenwerk.gatherings.models import AgendaItem, Gathering, Material, Objection
from patenwerk.organisations.models import Carrier
from tests.factories.gatherings import (
    STARTS,
    AgendaItemFactory,
    CommitmentFactory,
    GatheringFactory,
    MinutesFactory,
    SeriesFactory,
)
from tests.factories.organisations import (
    CREATED,
    CarrierFactory,
    RoleGrantFactory,
    manager,
    network_office,
    office,
)

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-02-01 10:00", tick=False)]


def page(name: str, *args: object) -> str:
    return reverse(f"gatherings:{name}", args=args)


@pytest.fixture
def carrier() -> Carrier:
    return CarrierFactory.create(name="Brückenbogen e. V.")


@pytest.fixture
def gathering(carrier: Carrier) -> Gathering:
    return GatheringFactory.create(
        programme=carrier.programme, series=SeriesFactory.create(programme=carrier.programme)
    )


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def titles(gathering: Gathering) -> list[str]:
    return [row.title for row in gathering.agendaitems.filter(state=ItemState.ACCEPTED)]


def test_a_carrier_proposes_and_the_organisers_answer(
    client: Client, gathering: Gathering, carrier: Carrier
) -> None:
    speaker, organiser = manager(carrier), network_office(carrier.programme)
    client.force_login(speaker)
    assert page("propose_item", gathering.pk) in text_of(client, page("agenda", gathering.pk))
    url = page("propose_item", gathering.pk)
    assert client.get(url).status_code == 200
    assert client.post(url, {"of_carrier": carrier.pk, "title": ""}).status_code == 422
    for title in ("Fahrtkosten", "Logo"):
        said = {"of_carrier": carrier.pk, "title": title, "minutes": "20"}
        assert client.post(url, said).status_code == 302
    costs, logo = AgendaItem.objects.order_by("pk")
    shown = text_of(client, page("agenda", gathering.pk))
    assert page("withdraw_item", costs.pk) in shown
    client.force_login(organiser)
    shown = text_of(client, page("agenda", gathering.pk))
    assert page("accept_item", costs.pk) in shown
    client.post(page("accept_item", costs.pk))
    assert client.post(page("decline_item", logo.pk), {}).status_code == 422
    client.post(page("decline_item", logo.pk), {"reason": "Erst im Herbst"})
    assert titles(gathering) == ["Fahrtkosten"]
    client.force_login(speaker)
    assert "Erst im Herbst" in text_of(client, page("agenda", gathering.pk))


def test_proposals_are_not_shown_to_other_carriers(
    client: Client, gathering: Gathering, carrier: Carrier
) -> None:
    item = AgendaItemFactory.create(
        gathering=gathering, state=ItemState.PROPOSED.value, proposed_by=carrier, title="Geheim"
    )
    other = CarrierFactory.create(programme=carrier.programme)
    client.force_login(manager(other))
    assert "Geheim" not in text_of(client, page("agenda", gathering.pk))
    assert client.get(page("withdraw_item", item.pk)).status_code == 404
    client.force_login(manager(carrier))
    assert client.get(page("withdraw_item", item.pk)).status_code == 200
    client.post(page("withdraw_item", item.pk))
    assert not AgendaItem.objects.exists()


def test_who_speaks_for_two_carriers_says_for_which(
    client: Client, gathering: Gathering, carrier: Carrier
) -> None:
    account = manager(carrier)
    second = CarrierFactory.create(programme=carrier.programme, name="Zweitträger")
    RoleGrantFactory.create(
        account=account, role="carrier_manager", programme=second.programme, carrier=second
    )
    client.force_login(account)
    assert "Zweitträger" in text_of(client, page("propose_item", gathering.pk))


def test_a_late_proposal_is_refused_in_words(
    client: Client, gathering: Gathering, carrier: Carrier
) -> None:
    gathering.proposals_until = STARTS.date() - timedelta(days=60)
    gathering.save()
    client.force_login(manager(carrier))
    assert page("propose_item", gathering.pk) not in text_of(client, page("agenda", gathering.pk))
    url = page("propose_item", gathering.pk)
    answer = client.post(url, {"of_carrier": carrier.pk, "title": "Zu spät"})
    assert answer.status_code == 422


def test_the_organisers_add_change_order_and_remove(client: Client, gathering: Gathering) -> None:
    client.force_login(network_office(gathering.programme))
    for title in ("Begrüßung", "Bericht", "Ausblick"):
        url = page("add_item", gathering.pk)
        assert client.post(url, {"title": title, "minutes": "30"}).status_code == 302
    first, _second, third = AgendaItem.objects.order_by("position")
    client.post(page("move_item", third.pk), {"direction": "up"})
    client.post(page("move_item", first.pk), {"direction": "down"})
    assert titles(gathering) == ["Ausblick", "Begrüßung", "Bericht"]
    pinned = {"title": "Ausblick", "minutes": "60", "starts_at": "2026-03-12T12:00"}
    assert client.post(page("change_item", third.pk), pinned).status_code == 302
    third.refresh_from_db()
    assert timezone.localtime(third.starts_at).hour == 12
    shown = text_of(client, page("agenda", gathering.pk))
    assert "13:00" in shown
    assert 'value="2026-03-12T12:00"' in text_of(client, page("change_item", third.pk))
    outside = {**pinned, "starts_at": "2026-03-13T12:00"}
    assert client.post(page("change_item", third.pk), outside).status_code == 422
    assert client.get(page("remove_item", first.pk)).status_code == 200
    client.post(page("remove_item", first.pk))
    assert titles(gathering) == ["Ausblick", "Bericht"]


def test_a_pin_at_an_hour_that_does_not_exist_is_refused(client: Client) -> None:
    gathering = GatheringFactory.create(
        starts_at=STARTS.replace(month=3, day=28), ends_at=STARTS.replace(month=3, day=30)
    )
    client.force_login(network_office(gathering.programme))
    said = {"title": "Nachtwache", "starts_at": "2026-03-29T02:30"}
    assert client.post(page("add_item", gathering.pk), said).status_code == 422


def test_a_wrong_move_says_so_on_the_agenda(client: Client, gathering: Gathering) -> None:
    client.force_login(network_office(gathering.programme))
    waiting = AgendaItemFactory.create(gathering=gathering, state=ItemState.PROPOSED.value)
    for url, said in (
        (page("move_item", waiting.pk), {"direction": "up"}),
        (page("move_item", waiting.pk), {"direction": "sideways"}),
    ):
        answer = client.post(url, said, follow=True)
        assert answer.redirect_chain[-1][0] == page("agenda", gathering.pk)
        assert 'data-tone="alarm"' in answer.content.decode()
    assert client.get(page("move_item", waiting.pk)).status_code == 302


def test_changes_after_the_announcement_stand_on_the_page(
    client: Client, gathering: Gathering, carrier: Carrier
) -> None:
    client.force_login(network_office(gathering.programme))
    client.post(page("add_item", gathering.pk), {"title": "Nachwuchs"})
    client.force_login(manager(carrier))
    shown = text_of(client, page("agenda", gathering.pk))
    assert 'datetime="2026-02-01T10:00+01:00"' in shown
    assert "Nachwuchs" in shown


def test_documents_stand_with_their_item_for_those_who_may_open_them(
    client: Client, gathering: Gathering, carrier: Carrier
) -> None:
    item = AgendaItemFactory.create(gathering=gathering)
    for title, access in (("Vorlage A", Access.CIRCLE), ("Vorlage B", Access.ORGANISERS)):
        Material.objects.create(
            **gathering.organiser_columns,
            gathering=gathering,
            item=item,
            title=title,
            link="https://example.org/a",
            licence=Licence.CC_BY.value,
            access=access.value,
            added_at=CREATED,
        )
    client.force_login(manager(carrier))
    shown = text_of(client, page("agenda", gathering.pk))
    assert "Vorlage A" in shown
    assert "Vorlage B" not in shown


def test_what_is_open_stands_on_the_next_agenda_by_itself(
    client: Client, gathering: Gathering, carrier: Carrier
) -> None:
    earlier = GatheringFactory.create(
        programme=gathering.programme,
        series=gathering.series,
        state="held",
        starts_at=STARTS - timedelta(days=90),
    )
    minutes = MinutesFactory.create(
        gathering=earlier,
        state=MinutesState.SENT.value,
        sent_at=CREATED,
        objections_until=STARTS.date(),
    )
    Objection.objects.create(
        **earlier.organiser_columns,
        minutes=minutes,
        of_carrier=carrier,
        text="Es waren zwölf",
        raised_at=CREATED,
    )
    promise = CommitmentFactory.create(gathering=earlier, of_carrier=carrier)
    account = manager(carrier)
    client.force_login(account)
    client.post(page("tell_progress", promise.pk), {"text": "Drei Angebote liegen vor"})
    shown = text_of(client, page("agenda", gathering.pk))
    assert promise.text in shown
    assert "Drei Angebote liegen vor" in shown
    assert "Es waren zwölf" in shown
    client.force_login(office(carrier.programme))
    assert promise.text not in text_of(client, page("agenda", gathering.pk))
    client.force_login(account)
    client.post(page("commitment_finish", promise.pk), {"note": ""})
    assert promise.text not in text_of(client, page("agenda", gathering.pk))
