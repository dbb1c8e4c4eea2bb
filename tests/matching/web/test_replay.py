"""The pages of »what if«, as the roles see them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.jobs.enums import JobState
from patenwerk.jobs.models import Job
from patenwerk.matching.enums import RoundState
from patenwerk.matching.models import Replay
from patenwerk.organisations.models import Site
from tests.factories.jobs import do_open_jobs
from tests.factories.matching import AT, ReplayFactory
from tests.factories.organisations import (
    CarrierFactory,
    SiteFactory,
    coordinator,
    manager,
    office,
)
from tests.factories.people import MenteeFactory, MentorFactory

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]


def page(name: str, *args: object) -> str:
    return reverse(f"matching:{name}", args=args)


def said(organisation: str, first: str = "2026-09-01", last: str = "2026-11-23") -> dict[str, str]:
    return {"organisation": organisation, "first": first, "last": last}


def site_with_people() -> Site:
    site = SiteFactory.create()
    MenteeFactory.create(site=site, waiting_since=date(2026, 9, 10))
    MenteeFactory.create(site=site, waiting_since=date(2026, 11, 20))
    MentorFactory.create(site=site, waiting_since=date(2026, 9, 12))
    return site


def site_of(found: Replay) -> Site:
    assert found.site is not None
    return found.site


def test_from_the_form_to_the_charts(client: Client) -> None:
    site = site_with_people()
    client.force_login(coordinator(site))
    form = client.get(page("replays")).context["form"]
    assert (form["first"].value(), form["last"].value()) == (date(2025, 11, 23), date(2026, 11, 23))
    answer = client.post(page("replays"), said(f"site-{site.pk}"))
    address = answer.headers["Location"]
    assert 'http-equiv="refresh"' in client.get(address).content.decode()
    assert client.get(address + "stand/").headers.get("HX-Refresh") is None
    do_open_jobs(lambda: AT)
    assert client.get(address + "stand/").headers["HX-Refresh"] == "true"
    shown = client.get(address)
    parts = shown.context["parts"]
    assert [len(charts) for _heading, charts in parts] == [2, 2, 2, 2]
    placed, waited, overall = (charts[0] for _heading, charts in parts[:3])
    assert placed.rows[0] == ("1", 1, [(1, 0), (2, 0), (1, 0)])
    assert placed.longest == 2
    assert waited.rows[0][2] == [(2.0, 1), (2.0, 1), (1, 0)]
    # One waited 2 days, the other one 3 until the last day.
    assert overall.rows[0][2] == [(2.5, 1), (2, 0)]
    assert placed.rows[-1][0] == "einmal"
    assert parts[1][1][1].rows[0][2] == [(0.0, 1), (0.0, 1), (1, 0)]
    assert parts[3][1][1].rows[0][2] == [(0.0, 1), (1, 0)]
    text = shown.content.decode()
    assert "kein Versprechen" in text
    assert text.count("<table") == 8
    assert "2 Menschen wollten begleitet werden" in text


def test_replays_are_seen_at_the_own_organisation_only(client: Client) -> None:
    own = ReplayFactory.create()
    whole = ReplayFactory.create(site=None, carrier=own.carrier)
    sibling = ReplayFactory.create(site__carrier=own.carrier)
    other = ReplayFactory.create(site__carrier=CarrierFactory.create(programme=own.programme))
    ReplayFactory.create()

    def seen() -> tuple[set[Replay], list[int]]:
        found = client.get(page("replays"))
        ids = (own.pk, whole.pk, sibling.pk, other.pk)
        answers = [client.get(page("replay", pk)).status_code for pk in ids]
        progress = [client.get(page("replay_progress", pk)).status_code for pk in ids]
        assert answers == progress
        return set(found.context["replays"] if found.context else ()), answers

    client.force_login(coordinator(site_of(own)))
    assert seen() == ({own}, [200, 404, 404, 404])
    client.force_login(manager(own.carrier))
    assert seen() == ({own, whole, sibling}, [200, 200, 200, 404])
    client.force_login(office(own.programme))
    assert client.get(page("replays")).status_code == 404
    assert client.get(page("replay", own.pk)).status_code == 404


def test_nobody_starts_a_replay_elsewhere(client: Client) -> None:
    site = site_with_people()
    other = SiteFactory.create(carrier=site.carrier)
    client.force_login(coordinator(other))
    for organisation in (f"site-{site.pk}", f"carrier-{site.carrier_id}"):
        assert client.post(page("replays"), said(organisation)).status_code == 422
    assert not Replay.objects.exists()
    client.force_login(manager(site.carrier))
    assert client.post(page("replays"), said(f"carrier-{site.carrier_id}")).status_code == 302
    assert Replay.objects.get().site is None


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-11-01", "2026-10-01", "Der letzte Tag liegt vor dem ersten."),
        ("2026-01-01", "2026-01-31", "hier niemand zu warten begonnen"),
        ("2026-11-01", "2026-12-01", "noch nicht gekommen"),
        ("", "2026-12-01", "first"),
    ],
)
def test_refusals_stand_in_the_form(client: Client, first: str, last: str, sentence: str) -> None:
    site = site_with_people()
    client.force_login(coordinator(site))
    answer = client.post(page("replays"), said(f"site-{site.pk}", first, last))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


@pytest.mark.parametrize("state", [RoundState.RUNNING, RoundState.FAILED])
def test_a_replay_without_figures_says_why(client: Client, state: str) -> None:
    found = ReplayFactory.create(state=state, figures=[], job=None)
    client.force_login(coordinator(site_of(found)))
    shown = client.get(page("replay", found.pk))
    assert shown.context["standing"] == RoundState.FAILED
    assert "noch einmal" in shown.content.decode()
    assert client.get(page("replay_progress", found.pk)).headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("step", "words"), [("", "Wer passt"), ("limits", "Wer passt"), ("replay", "Rhythmus")]
)
def test_progress_says_what_is_done(client: Client, step: str, words: str) -> None:
    site = site_with_people()
    client.force_login(coordinator(site))
    client.post(page("replays"), said(f"site-{site.pk}"))
    Job.objects.update(
        state=JobState.RUNNING, progress_done=3, progress_total=12, progress_text=step
    )
    found = Replay.objects.get()
    shown: Any = client.get(page("replay_progress", found.pk))
    assert (shown.context["done"], shown.context["total"]) == (3, 12)
    assert words in shown.content.decode() or step in {"", "limits"}


@pytest.mark.parametrize(("name", "queries"), [("replays", 6), ("replay", 4)])
def test_pages_cost_the_same_with_one_replay_and_three(
    client: Client, name: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    found = ReplayFactory.create()
    client.force_login(manager(found.carrier))
    args = () if name == "replays" else (found.pk,)
    client.get(page(name, *args))
    for _more in range(2):
        with django_assert_num_queries(queries):
            client.get(page(name, *args))
        for _two in range(2):
            ReplayFactory.create(site__carrier=found.carrier)
