"""The pages of decisions and promises, as the roles see them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.gatherings.enums import MinutesState
from patenwerk.gatherings.models import Commitment, Decision, Gathering, Progress
from patenwerk.organisations.models import Carrier
from tests.factories.gatherings import (
    STARTS,
    CommitmentFactory,
    DecisionFactory,
    GatheringFactory,
    MinutesFactory,
)
from tests.factories.organisations import (
    CREATED,
    CarrierFactory,
    SiteFactory,
    coordinator,
    manager,
    network_office,
    office,
)

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]


def page(name: str, *args: object) -> str:
    return reverse(f"gatherings:{name}", args=args)


@pytest.fixture
def carrier() -> Carrier:
    return CarrierFactory.create(name="Brückenbogen e. V.")


@pytest.fixture
def gathering(carrier: Carrier) -> Gathering:
    """A gathering of the network office whose minutes were sent."""
    found: Gathering = GatheringFactory.create(programme=carrier.programme, state="held")
    MinutesFactory.create(
        gathering=found,
        state=MinutesState.SENT.value,
        sent_at=CREATED,
        objections_until=STARTS.date(),
    )
    return found


@pytest.fixture
def decision(gathering: Gathering) -> Decision:
    return DecisionFactory.create(gathering=gathering, text="Gemeinsame Müllsammlung")


@pytest.fixture
def commitment(gathering: Gathering, carrier: Carrier, decision: Decision) -> Commitment:
    return CommitmentFactory.create(gathering=gathering, of_carrier=carrier, decision=decision)


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_the_register_is_searched_and_given_away(
    client: Client, decision: Decision, commitment: Commitment
) -> None:
    client.force_login(network_office(decision.programme))
    assert decision.text in text_of(client, page("decisions"))
    for found in ({"text": "muell gemein"}, {"year": "2026"}, {"state": "in_force"}):
        assert decision.text in client.get(page("decisions"), found).content.decode()
    for missed in ({"text": "sammlung"}, {"state": "withdrawn"}, {"year": "2025"}):
        shown = client.get(page("decisions"), missed).content.decode()
        assert (decision.text in shown) is (missed == {"year": "2025"})
    kind = decision.gathering.kind
    assert decision.text in client.get(page("decisions"), {"kind": kind.pk}).content.decode()
    sheet = client.get(page("decisions"), {"format": "csv"}).content.decode("utf-8-sig")
    assert decision.text in sheet


def test_nobody_decides_before_the_beginning(client: Client, carrier: Carrier) -> None:
    client.force_login(network_office(carrier.programme))
    for name in ("decisions", "promises"):
        assert 'class="empty"' in text_of(client, page(name))
        assert 'class="empty"' in text_of(client, page(name) + "?text=nichts")


def test_a_decision_shows_where_it_comes_from_and_what_became_of_it(
    client: Client, decision: Decision, commitment: Commitment
) -> None:
    client.force_login(network_office(decision.programme))
    later = DecisionFactory.create(gathering=decision.gathering, text="Müll bleibt liegen")
    shown = text_of(client, page("decision", decision.pk))
    assert commitment.text in shown
    assert page("decision_withdraw", decision.pk) in shown
    assert client.post(page("decision_withdraw", decision.pk), {}).status_code == 422
    client.post(page("decision_replace", decision.pk), {"replaced_by": later.pk, "note": "Anders"})
    decision.refresh_from_db()
    assert decision.replaced_by == later
    assert "Anders" in text_of(client, page("decision", decision.pk))
    assert decision.text in text_of(client, page("decision", later.pk))
    client.post(page("decision_restore", decision.pk), {})
    client.post(page("decision_carry_out", decision.pk), {"note": ""})
    decision.refresh_from_db()
    assert decision.state == "carried_out"


def test_a_carrier_reads_decisions_and_changes_none(
    client: Client, decision: Decision, carrier: Carrier
) -> None:
    client.force_login(manager(carrier))
    assert page("decision_withdraw", decision.pk) not in text_of(
        client, page("decision", decision.pk)
    )
    assert client.post(page("decision_withdraw", decision.pk), {"note": "x"}).status_code == 403


def test_the_programme_office_and_coordinators(
    client: Client, decision: Decision, commitment: Commitment, carrier: Carrier
) -> None:
    client.force_login(office(decision.programme))
    assert client.get(page("decisions")).status_code == 404
    client.force_login(coordinator(SiteFactory.create(carrier=carrier)))
    assert decision.text in text_of(client, page("decisions"))
    shown = text_of(client, page("commitment", commitment.pk))
    assert page("tell_progress", commitment.pk) not in shown


def test_a_carrier_tells_what_happened_and_ends_its_promise(
    client: Client, commitment: Commitment, carrier: Carrier
) -> None:
    client.force_login(manager(carrier))
    own = text_of(client, page("carrier_promises", carrier.pk))
    assert page("tell_progress", commitment.pk) in own
    assert client.post(page("tell_progress", commitment.pk), {"text": ""}).status_code == 422
    client.post(page("tell_progress", commitment.pk), {"text": "Angebot eingeholt"})
    for url in (page("carrier_promises", carrier.pk), page("promises")):
        assert "Angebot eingeholt" in text_of(client, url)
    client.post(page("commitment_finish", commitment.pk), {"note": "Fertig"})
    shown = text_of(client, page("commitment", commitment.pk))
    assert "Fertig" in shown
    assert page("tell_progress", commitment.pk) not in shown
    assert client.post(page("tell_progress", commitment.pk), {"text": "Mehr"}).status_code == 422
    client.post(page("commitment_resume", commitment.pk), {})
    assert client.post(page("commitment_drop", commitment.pk), {}).status_code == 422
    client.post(page("commitment_drop", commitment.pk), {"note": "Zu teuer"})
    commitment.refresh_from_db()
    assert commitment.state == "dropped"
    assert commitment.text in text_of(client, page("carrier_promises", carrier.pk))


def test_another_carrier_reads_a_promise_and_tells_nothing(
    client: Client, commitment: Commitment
) -> None:
    other = CarrierFactory.create(programme=commitment.programme)
    client.force_login(manager(other))
    assert client.get(page("commitment", commitment.pk)).status_code == 200
    assert client.post(page("tell_progress", commitment.pk), {"text": "x"}).status_code == 403
    assert client.get(page("carrier_promises", commitment.of_carrier_id)).status_code == 404
    assert 'class="empty"' in text_of(client, page("carrier_promises", other.pk))


def test_the_organisers_change_who_does_what_until_when(
    client: Client, commitment: Commitment
) -> None:
    account = network_office(commitment.programme)
    client.force_login(account)
    url = page("change_commitment", commitment.pk)
    assert commitment.text in text_of(client, url)
    partner = CarrierFactory.create(programme=commitment.programme)
    said = {
        "kind": "activity",
        "text": "Aktionstag",
        "of_carrier": commitment.of_carrier_id,
        "partners": [partner.pk],
        "account": account.pk,
        "due_on": "2026-12-24",
    }
    assert client.post(url, {**said, "partners": []}).status_code == 422
    assert client.post(url, said).status_code == 302
    commitment.refresh_from_db()
    assert (commitment.text, str(commitment.due_on)) == ("Aktionstag", "2026-12-24")
    assert list(commitment.partners.all()) == [partner]
    client.force_login(manager(partner))
    assert "Aktionstag" in text_of(client, page("carrier_promises", partner.pk))


def test_promises_are_narrowed(client: Client, commitment: Commitment, carrier: Carrier) -> None:
    done = CommitmentFactory.create(
        gathering=commitment.gathering, state="done", settled_on=STARTS.date(), text="Fertiges"
    )
    client.force_login(network_office(commitment.programme))

    def shown(**said: object) -> set[str]:
        text = client.get(page("promises"), said).content.decode()
        return {row.text for row in (commitment, done) if page("commitment", row.pk) in text}

    assert shown() == {commitment.text}
    assert shown(standing="overdue") == {commitment.text}
    assert shown(standing="done") == {"Fertiges"}
    assert shown(standing="all") == {commitment.text, "Fertiges"}
    assert shown(standing="all", carrier=carrier.pk) == {commitment.text}
    assert shown(standing="all", text="fertig") == {"Fertiges"}
    assert shown(standing="gelogen") == {commitment.text}
    sheet = client.get(page("promises"), {"format": "csv"}).content.decode("utf-8-sig")
    assert commitment.text in sheet


def test_days_and_carriers_show_what_is_due(
    client: Client, commitment: Commitment, carrier: Carrier
) -> None:
    client.force_login(manager(carrier))
    day = reverse("desk:day")
    assert page("commitment", commitment.pk) in text_of(client, day)
    home = text_of(client, reverse("organisations:carrier", args=[carrier.pk]))
    assert page("carrier_promises", carrier.pk) in home
    client.force_login(network_office(carrier.programme))
    assert page("promises") + "?standing=overdue" in text_of(client, day)
    client.post(page("commitment_finish", commitment.pk), {"note": ""})
    assert page("commitment", commitment.pk) not in text_of(client, day)


def test_the_search_over_everything_finds_decisions(client: Client, decision: Decision) -> None:
    client.force_login(network_office(decision.programme))
    shown = text_of(client, reverse("desk:search") + "?q=müllsamm")
    assert page("decision", decision.pk) in shown


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    [("decisions", 8), ("promises", 8), ("carrier", 8), ("decision", 9), ("commitment", 8)],
)
def test_pages_cost_the_same_with_one_and_three_rows(
    client: Client,
    carrier: Carrier,
    decision: Decision,
    number: int,
    name: str,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for count in range(number):
        DecisionFactory.create(gathering=decision.gathering, number=count + 1000)
        promise = CommitmentFactory.create(
            gathering=decision.gathering, of_carrier=carrier, decision=decision
        )
        promise.partners.add(CarrierFactory.create(programme=carrier.programme))
        for _told in range(number):
            Progress.objects.create(
                **promise.organiser_columns, commitment=promise, text="Es geht voran", at=CREATED
            )
    urls = {
        "decisions": page("decisions"),
        "promises": page("promises"),
        "carrier": page("carrier_promises", carrier.pk),
        "decision": page("decision", decision.pk),
        "commitment": page("commitment", Commitment.objects.latest("pk").pk),
    }
    client.force_login(network_office(carrier.programme))
    client.get(urls[name])
    with django_assert_num_queries(queries):
        assert client.get(urls[name]).status_code == 200
