"""What has changed since the last round, and bringing a round up to date in its page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.matching.domain import refresh
from patenwerk.matching.domain.round import start_round
from patenwerk.matching.models import MatchingSettings, Round, Suggestion
from patenwerk.matching.web import rounds
from patenwerk.organisations.models import Site
from patenwerk.people.models import Person
from tests.factories.jobs import do_open_jobs
from tests.factories.matching import (
    AT,
    RoundFactory,
    SuggestionChangeFactory,
    SuggestionFactory,
    pair_at,
    suggestion_across,
)
from tests.factories.organisations import (
    CarrierFactory,
    NetworkFactory,
    SiteFactory,
    actor,
    coordinator,
    manager,
    office,
)
from tests.factories.people import MenteeFactory, MentorFactory

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]

BUTTON = "Auf den neuesten Stand bringen"


def page(name: str, found: Round) -> str:
    return reverse(f"matching:{name}", args=[found.pk])


def main_of(client: Client, found: Round) -> str:
    """The round's page as text between its tags, spaces folded."""
    text: str = client.get(page("round", found)).content.decode()
    return " ".join(text.split("<main", 1)[1].split())


def calculated(site: Site) -> Round:
    started = start_round(organisation=site, by=actor(coordinator(site)), at=AT)
    do_open_jobs(lambda: AT)
    started.refresh_from_db()
    return started


def test_who_comes_is_told_and_one_button_brings_the_round_up_to_date(client: Client) -> None:
    site = SiteFactory.create()
    mentor, mentee = pair_at(site)
    found = calculated(site)
    client.force_login(coordinator(site))
    assert BUTTON not in main_of(client, found)
    other, new = pair_at(site)
    Person.objects.filter(pk=mentor.pk).update(archived_at=AT)
    Person.objects.filter(pk=mentee.pk).update(first_name="Samira", last_name="Morgenstern")
    shown = main_of(client, found)
    assert "Seit dieser Runde: 2 neu dazugekommen, 1 nicht mehr da.</p>" in shown
    assert f'action="{page("refresh", found)}"' in shown
    done = client.post(page("refresh", found))
    assert done.headers["Location"] == page("round", found)
    shown = main_of(client, found)
    assert BUTTON not in shown
    assert "Neu: 1, weggefallen: 1, geblieben: 0." in shown
    assert "Was sich dabei geändert hat" in shown
    assert f"{mentor.full_name} ist nicht mehr da." in shown
    open_ones = Suggestion.objects.filter(state="open").values_list("mentor_id", flat=True)
    assert list(open_ones) == [other.pk]
    assert new.pk != mentee.pk


def test_each_kind_of_change_since_the_round_is_counted_in_words(client: Client) -> None:
    site = SiteFactory.create()
    found: Round = RoundFactory.create(site=site)
    client.force_login(coordinator(site))
    MenteeFactory.create(site=site)
    assert "Seit dieser Runde: 1 neu dazugekommen.</p>" in main_of(client, found)
    SuggestionFactory.create(mentee__site=site, round=found, state="withdrawn", decided_at=AT)
    shown = main_of(client, found)
    assert "Seit dieser Runde: 1 neu dazugekommen, 1 wieder ohne Vorschlag.</p>" in shown


def test_only_who_may_start_rounds_is_offered_it(client: Client) -> None:
    site = SiteFactory.create()
    carrier_round: Round = RoundFactory.create(site=None, carrier=site.carrier)
    carrier_round.sites.add(site)
    own: Round = RoundFactory.create(site=site)
    MenteeFactory.create(site=site)
    client.force_login(coordinator(site))
    assert BUTTON in main_of(client, own)
    assert BUTTON not in main_of(client, carrier_round)
    assert client.post(page("refresh", carrier_round)).status_code == 403
    client.force_login(manager(site.carrier))
    assert BUTTON in main_of(client, carrier_round)
    assert client.get(page("refresh", carrier_round)).status_code == 200
    for stranger in (office(site.programme), coordinator(SiteFactory.create(carrier=site.carrier))):
        client.force_login(stranger)
        assert client.post(page("refresh", own)).status_code == 404


def test_a_part_of_a_round_over_all_carriers_has_no_button(client: Client) -> None:
    suggestion = suggestion_across(SiteFactory.create().programme)
    MenteeFactory.create(site=suggestion.site)
    client.force_login(coordinator(suggestion.site))
    assert BUTTON not in main_of(client, suggestion.round)
    refused = client.post(page("refresh", suggestion.round))
    assert refused.status_code == 422
    assert "ein Teil einer Runde über alle Träger" in refused.content.decode()


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("ready", "mehr als 2.000 Menschen"), ("closed", "wartet nichts mehr auf eine Entscheidung")],
)
def test_a_refusal_is_read_in_the_page(
    client: Client, monkeypatch: pytest.MonkeyPatch, state: str, sentence: str
) -> None:
    monkeypatch.setattr(refresh, "MOST_WAITING", 0 if state == "ready" else 9)
    site = SiteFactory.create()
    pair_at(site)
    found: Round = RoundFactory.create(site=site, state=state)
    client.force_login(coordinator(site))
    answer = client.post(page("refresh", found))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_changes_since_the_last_round_are_told_as_far_as_the_reader_may_know(
    client: Client,
) -> None:
    network = NetworkFactory.create()
    site, other = (
        SiteFactory.create(
            network=network, carrier=CarrierFactory.create(programme=network.programme)
        )
        for _one in range(2)
    )
    found: Round = RoundFactory.create(site=site, kept=12)
    SuggestionChangeFactory.create(
        round=found,
        mentee=MenteeFactory.create(site=site, first_name="Samira", last_name="Morgenstern"),
        before=MentorFactory.create(site=site, first_name="Ruth", last_name="Sonnenblick"),
        now=MentorFactory.create(site=other, first_name="Henrike", last_name="Apfelbaum"),
    )
    client.force_login(coordinator(site))
    shown = main_of(client, found)
    assert "Was sich seit der letzten Runde geändert hat" in shown
    assert "12 Vorschläge bleiben, wie sie waren." in shown
    assert (
        "<li>Samira Morgenstern: Henrike statt Ruth Sonnenblick, weil es besser passt.</li>"
        in shown
    )
    assert "Apfelbaum" not in shown


def test_changes_at_sibling_sites_are_not_told(client: Client) -> None:
    site = SiteFactory.create()
    sibling = SiteFactory.create(carrier=site.carrier)
    found: Round = RoundFactory.create(site=None, carrier=site.carrier, kept=0)
    found.sites.set([site, sibling])
    own, others = (
        SuggestionChangeFactory.create(round=found, mentee__site=place) for place in (site, sibling)
    )
    client.force_login(coordinator(site))
    shown = main_of(client, found)
    assert own.mentee.full_name in shown
    assert others.mentee.full_name not in shown
    client.force_login(manager(site.carrier))
    assert others.mentee.full_name in main_of(client, found)


def test_without_a_round_before_nothing_is_told(client: Client) -> None:
    site = SiteFactory.create()
    found: Round = RoundFactory.create(site=site)
    client.force_login(coordinator(site))
    assert "geändert hat" not in main_of(client, found)
    Round.objects.update(kept=0)
    assert "Niemand hat jemand anderen." in main_of(client, found)


def test_of_many_changes_the_first_ones_are_shown(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "CHANGES_SHOWN", 2)
    site = SiteFactory.create()
    found: Round = RoundFactory.create(site=site, kept=0)
    for _one in range(4):
        SuggestionChangeFactory.create(round=found, mentee__site=site)
    client.force_login(coordinator(site))
    shown = main_of(client, found)
    assert shown.count("weil es besser passt") == 2
    assert "Und 2 weitere Änderungen." in shown


def test_bringing_up_to_date_costs_the_same_for_one_and_for_three(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rounds_of = []
    for rows in (1, 3):
        site = SiteFactory.create()
        for _row in range(rows + 1):
            pair_at(site)
        found = calculated(site)
        client.force_login(coordinator(site))
        gone = found.suggestions.all()[0].mentor_id
        Person.objects.filter(pk=gone).update(archived_at=AT)
        for _row in range(rows):
            pair_at(site)
        client.get(page("refresh", found))
        rounds_of.append((site, found))
    for site, found in rounds_of:
        client.force_login(coordinator(site))
        client.get(page("refresh", found))
        with django_assert_num_queries(48):
            client.post(page("refresh", found))


def test_how_much_staying_counts_is_set_beside_the_weights(client: Client) -> None:
    site = SiteFactory.create()
    client.force_login(manager(site.carrier))
    address = reverse("matching:carrier_settings", args=[site.carrier.pk])
    form = client.get(address).content.decode()
    assert "Bereits Vorgeschlagenes behalten" in form
    assert client.post(address, {"keep": "101"}).status_code == 422
    assert client.post(address, {"keep": "0"}).status_code == 302
    assert MatchingSettings.objects.get().keep == 0
