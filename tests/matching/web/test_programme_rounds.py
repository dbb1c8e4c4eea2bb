"""Rounds over all carriers as the office sees them, and their pairs as the two sites do."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.matching.models import ProgrammeRound, Suggestion
from patenwerk.matching.queries.programme_figures import SHOWN_FLOWS
from patenwerk.organisations.models import Programme
from patenwerk.people.models import Person
from patenwerk.places.enums import Land
from patenwerk.tandems.models import Tandem
from tests.factories.jobs import do_open_jobs
from tests.factories.matching import (
    AT,
    ProgrammeRoundFactory,
    decision,
    pair_across,
    suggestion_across,
)
from tests.factories.organisations import (
    CarrierFactory,
    ProgrammeFactory,
    SiteFactory,
    coordinator,
    manager,
    network_office,
    office,
)
from tests.factories.people import ConsentFactory, MenteeFactory, MentorFactory

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]

PUBLISHED: dict[str, Any] = {
    "held_back": False,
    "totals": {"sought": 133, "kept": 60, "placed": 73, "offered": 80, "free": 7},
    "lands": {
        "BE": {"sought": 90, "kept": None, "offered": 60, "free": 7},
        "SN": {"sought": 43, "kept": None, "offered": 20, "free": 0},
    },
    "flows": [["BE", "BE", 41], ["BE", "SN", 12], ["SN", "BE", None], ["SN", "SN", None]],
    "helps": [
        {"land": "SN", "area": "04", "language": "ar", "count": 37},
        {"land": "BE", "area": "10", "language": "de", "count": 9},
    ],
}


@pytest.fixture
def programme() -> Programme:
    return ProgrammeFactory.create()


def page(name: str, *args: object) -> str:
    return reverse(f"matching:{name}", args=args)


def shown(client: Client, url: str) -> str:
    return client.get(url).content.decode().split("<main")[1]


def test_from_the_start_to_the_figures(client: Client, programme: Programme) -> None:
    pair_across(programme)
    client.force_login(office(programme, language="de"))
    home = client.get(page("programme_rounds")).content.decode()
    assert "Noch keine Runde über alle Träger" in home
    answer = client.post(page("start_programme_round", programme.pk))
    url = answer.headers["Location"]
    running = client.get(url)
    assert 'http-equiv="refresh"' in running.content.decode()
    assert client.get(url + "stand/").headers.get("HX-Refresh") is None
    twice = client.post(page("start_programme_round", programme.pk))
    assert twice.status_code == 422
    assert "läuft schon eine Runde" in twice.content.decode()
    do_open_jobs(lambda: AT)
    assert client.get(url + "stand/").headers["HX-Refresh"] == "true"
    ready = shown(client, url)
    assert "Was die Runde gefunden hat" in ready
    assert ProgrammeRound.objects.get().state == "ready"


def test_every_number_stands_in_map_table_and_sentence(
    client: Client, programme: Programme
) -> None:
    found = ProgrammeRoundFactory.create(programme=programme, published=PUBLISHED)
    client.force_login(office(programme, language="de"))
    answer = client.get(page("programme_round", found.pk))
    text = answer.content.decode()
    assert "37 weitere Pat*innen mit Arabisch im Postleitzahlgebiet 04… (Sachsen)" in text
    assert "9 weitere Pat*innen mit Deutsch im Postleitzahlgebiet 10… (Berlin)" in text
    svg = text.split('class="flowmap"')[1].split("</svg>")[0]
    assert "<title>von Berlin nach Sachsen: 12 Paare</title>" in svg
    assert svg.count('class="arc"') == 1  # the hidden flow is not drawn
    assert svg.count("data-hidden") == 1  # nor is it drawn how many stay in Sachsen
    assert ">41<" in svg
    assert text.count('<td class="number" data-hidden') == 4
    assert "style=" not in text.split("<main")[1]


@pytest.mark.parametrize("folded", [0, 3])
def test_the_largest_flows_are_read_at_once_and_the_others_when_asked_for(
    client: Client, programme: Programme, folded: int
) -> None:
    lands = [str(land) for land in Land if land != "BE"]
    flows = [["BE", "BE", None], ["BE", "HH", 6], *([land, "BE", 20] for land in lands)]
    published = {**PUBLISHED, "flows": flows[: SHOWN_FLOWS + folded]}
    found = ProgrammeRoundFactory.create(programme=programme, published=published)
    client.force_login(office(programme, language="de"))
    part = shown(client, page("programme_round", found.pk)).split('id="flows"')[1]
    at_once, _summary, further = part.split("</section>")[0].partition("<summary>")
    assert at_once.count("<tr>") == 1 + SHOWN_FLOWS
    assert further.count("<tr>") == (1 + folded if folded else 0)
    # Hidden ones come last: where one stands says nothing of how many it hides.
    last = (further or at_once).split("<tr>")[-1]
    assert "data-hidden" in last
    assert ">6</td>" in (further or at_once).split("<tr>")[-2]
    assert further.startswith(f"{folded} weitere zeigen") == bool(folded)


def test_files_hold_the_same(client: Client, programme: Programme) -> None:
    found = ProgrammeRoundFactory.create(programme=programme, published=PUBLISHED)
    client.force_login(office(programme, language="de"))
    url = page("programme_round", found.pk)
    lands = client.get(url, {"format": "csv"}).content.decode("utf-8-sig")
    assert [line.split(";") for line in lands.split()[-2:]] == [
        ["Berlin", "90", "•", "60", "7"],
        ["Sachsen", "43", "•", "20", "0"],
    ]
    flows = client.get(url, {"format": "csv", "list": "flows"}).content.decode("utf-8-sig")
    assert "Berlin;Sachsen;12" in flows
    assert "Sachsen;Berlin;•" in flows
    assert client.get(url, {"format": "xlsx"}).status_code == 200


@pytest.mark.parametrize("state", ["running", "failed"])
def test_without_figures_there_is_no_file(client: Client, programme: Programme, state: str) -> None:
    found = ProgrammeRoundFactory.create(programme=programme, state=state, published={})
    client.force_login(office(programme, language="de"))
    url = page("programme_round", found.pk)
    assert client.get(url, {"format": "csv"}).headers["Location"] == url
    # A round whose job is gone has failed, whatever its row says.
    assert "konnte nicht berechnet werden" in shown(client, url)


def test_nothing_is_shown_where_nothing_is_safe(client: Client, programme: Programme) -> None:
    held = ProgrammeRoundFactory.create(programme=programme, published={"held_back": True})
    client.force_login(office(programme, language="de"))
    text = shown(client, page("programme_round", held.pk))
    assert "Zu wenige" in text
    assert "<table" not in text


def test_nobody_took_part(client: Client, programme: Programme) -> None:
    found = ProgrammeRoundFactory.create(programme=programme)
    client.force_login(office(programme, language="de"))
    assert "Noch niemand hat mitgemacht" in shown(client, page("programme_round", found.pk))


PAGES = ["programme_rounds", "start_programme_round", "programme_round", "programme_progress"]


def test_only_the_office_of_the_programme(client: Client, programme: Programme) -> None:
    found = ProgrammeRoundFactory.create(programme=programme)
    args = {
        "programme_rounds": [],
        "start_programme_round": [programme.pk],
        "programme_round": [found.pk],
        "programme_progress": [found.pk],
    }
    site = SiteFactory.create(carrier=CarrierFactory.create(programme=programme))
    elsewhere = office(ProgrammeFactory.create())
    for member in (
        coordinator(site),
        manager(site.carrier),
        network_office(programme),
        elsewhere,
    ):
        client.force_login(member)
        for name in PAGES:
            expected = 200 if member is elsewhere and name == "programme_rounds" else 404
            assert client.get(page(name, *args[name])).status_code == expected, name
        assert client.post(page("start_programme_round", programme.pk)).status_code == 404
    assert ProgrammeRound.objects.count() == 1


def test_the_office_of_two_programmes_sees_which_is_which(
    client: Client, programme: Programme
) -> None:
    other = ProgrammeRoundFactory.create(programme__name="Ganz anderes Programm")
    client.force_login(office(programme, language="de"))
    text = shown(client, page("programme_rounds"))
    assert page("programme_round", other.pk) not in text
    assert "Ganz anderes Programm" not in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    client: Client,
    programme: Programme,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ProgrammeRoundFactory.create_batch(rows, programme=programme)
    client.force_login(office(programme))
    with django_assert_num_queries(5):
        client.get(page("programme_rounds"))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_however_many_lands(
    client: Client,
    programme: Programme,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    lands = dict.fromkeys(["BE", "SN", "BB"][:rows], PUBLISHED["lands"]["BE"])
    published = {**PUBLISHED, "lands": lands, "flows": [[land, land, 9] for land in lands]}
    helps = [told for told in PUBLISHED["helps"] if told["land"] in lands]
    found = ProgrammeRoundFactory.create(
        programme=programme, published={**published, "helps": helps}
    )
    client.force_login(office(programme))
    with django_assert_num_queries(4):
        client.get(page("programme_round", found.pk))


def test_no_page_and_no_file_of_the_office_names_anybody(
    client: Client, programme: Programme
) -> None:
    sites = [
        SiteFactory.create(
            name=f"Ortzaun{index}",
            carrier=CarrierFactory.create(programme=programme, name=f"Wiesel {index}"),
        )
        for index in range(3)
    ]
    for index in range(36):
        make = MentorFactory if index % 2 else MenteeFactory
        person = make.create(
            site=sites[index % 3],
            first_name="Zaunkoenig",
            last_name="Zaunkoenig",
            postcode="04109",
            interests=["Zaunkoenig"],
            note="Zaunkoenig",
        )
        ConsentFactory.create(person=person)
    client.force_login(office(programme))
    url = client.post(page("start_programme_round", programme.pk)).headers["Location"]
    running = client.get(url).content.decode() + client.get(url + "stand/").content.decode()
    do_open_jobs(lambda: AT)
    (found,) = ProgrammeRound.objects.all()
    assert Suggestion.objects.filter(state="open").count() == 18
    files = [{}, *({"format": "csv", "list": which} for which in ("", "flows"))]
    read = running + "".join(client.get(url, said).content.decode() for said in files)
    read += client.get(page("programme_rounds")).content.decode()
    assert "18" in read
    for canary in ("Zaunkoenig", "Ortzaun", "Wiesel", "04109"):
        assert canary not in read, canary
    for suggestion in Suggestion.objects.all():
        assert client.get(page("suggestion", suggestion.pk)).status_code == 404
        assert client.get(page("round", suggestion.round_id)).status_code == 404
        assert client.get(page("partners", suggestion.mentee_id)).status_code == 404
    assert client.get(page("home")).status_code == 404
    assert found.published["totals"]["placed"] == 18


@pytest.fixture
def suggestion(programme: Programme) -> Suggestion:
    found = suggestion_across(programme)
    Person.objects.filter(pk=found.mentor_id).update(
        first_name="Henrike", last_name="Apfelbaum", phone="030 1234567", email="h@example.org"
    )
    Person.objects.filter(pk=found.mentee_id).update(
        first_name="Samira", last_name="Morgenstern", phone="030 7654321", email="s@example.org"
    )
    return Suggestion.objects.get(pk=found.pk)


DETAILS = {
    "mentor": ("Apfelbaum", "030 1234567", "h@example.org"),
    "mentee": ("Morgenstern", "030 7654321", "s@example.org"),
}


def test_each_site_sees_its_own_person_whole_and_the_other_as_a_limited_card(
    client: Client, suggestion: Suggestion
) -> None:
    here, there = suggestion.mentee.site, suggestion.mentor.site
    assert here.carrier != there.carrier
    client.force_login(coordinator(there, language="de"))
    home = shown(client, page("home"))
    assert "Vorschläge aus anderen Trägern" in home
    assert "Henrike Apfelbaum" in home
    pair = shown(client, page("suggestion", suggestion.pk))
    for text in (home, pair):
        assert "Samira, PLZ 10…" in text
        assert not [word for word in DETAILS["mentee"] if word in text]
    assert page("decide_suggestion", suggestion.pk) not in pair
    client.force_login(coordinator(here, language="de"))
    assert "Vorschläge aus anderen Trägern" not in shown(client, page("home"))
    for url in (page("round", suggestion.round_id), page("suggestion", suggestion.pk)):
        text = shown(client, url)
        assert "Samira Morgenstern" in text
        assert "Henrike, PLZ 10…" in text
        assert not [word for word in DETAILS["mentor"] if word in text]


def test_the_page_of_each_person_leads_to_the_pair(client: Client, suggestion: Suggestion) -> None:
    for own, other, hidden in (
        (suggestion.mentee, "Henrike, PLZ 10…", DETAILS["mentor"]),
        (suggestion.mentor, "Samira, PLZ 10…", DETAILS["mentee"]),
    ):
        client.force_login(coordinator(own.site, language="de"))
        text = shown(client, page("partners", own.pk))
        assert "Eine Runde über alle Träger hat jemanden gefunden" in text
        assert page("suggestion", suggestion.pk) in text
        assert other in text
        about = shown(client, reverse("people:person", args=[own.pk]))
        asked = "Bitte entscheiden Sie." in about
        assert asked == (own.side == "mentee")
        assert ("Der Standort der oder des Mentee entscheidet." in about) != asked
        assert not [word for word in hidden if word in text]


def test_nobody_else_sees_the_pair(client: Client, suggestion: Suggestion) -> None:
    programme = suggestion.programme
    sibling = SiteFactory.create(carrier=suggestion.mentor.carrier)
    for member in (
        coordinator(sibling),
        coordinator(SiteFactory.create(carrier=suggestion.carrier)),
        coordinator(SiteFactory.create(carrier=CarrierFactory.create(programme=programme))),
        office(programme),
        network_office(programme),
        coordinator(SiteFactory.create()),
    ):
        client.force_login(member)
        assert client.get(page("suggestion", suggestion.pk)).status_code == 404
        assert client.post(page("decide_suggestion", suggestion.pk)).status_code == 404


def test_the_mentors_site_knows_and_does_not_decide(client: Client, suggestion: Suggestion) -> None:
    client.force_login(coordinator(suggestion.mentor.site))
    said = decided(suggestion)
    assert client.post(page("decide_suggestion", suggestion.pk), said).status_code == 403
    assert client.get(page("round", suggestion.round_id)).status_code == 404
    suggestion.refresh_from_db()
    assert suggestion.state == "open"
    Suggestion.objects.filter(pk=suggestion.pk).update(state="withdrawn", decided_at=AT)
    assert client.get(page("suggestion", suggestion.pk)).status_code == 404


def decided(suggestion: Suggestion, **more: object) -> dict[str, object]:
    values = decision(suggestion.site)
    return {
        "kind": values.kind.pk,
        "focus": values.focus.pk,
        "field": values.field.pk,
        "why": "",
        **more,
    }


def test_from_the_pair_to_the_tandem_of_two_carriers(
    client: Client, suggestion: Suggestion
) -> None:
    here, there = suggestion.mentee.site, suggestion.mentor.site
    client.force_login(coordinator(here, language="de"))
    answer = client.post(page("decide_suggestion", suggestion.pk), decided(suggestion))
    tandem = Tandem.objects.get()
    assert answer.headers["Location"] == reverse("tandems:tandem", args=[tandem.pk])
    first = shown(client, answer.headers["Location"])
    assert not [word for word in DETAILS["mentor"] if word in first]
    client.force_login(coordinator(there, language="de"))
    home = shown(client, page("home"))
    assert "Vorschläge aus anderen Trägern" not in home
    request = tandem.participants.get(side="mentor")
    assert page("answer", request.pk) in home
    assert "Morgenstern" not in home
    assert client.get(reverse("tandems:tandem", args=[tandem.pk])).status_code == 404
    client.post(page("answer", request.pk), {"acceptance": "accepted"})
    assert client.get(reverse("tandems:tandem", args=[tandem.pk])).status_code == 404
    client.force_login(coordinator(here))
    own = tandem.participants.get(side="mentee")
    client.post(reverse("tandems:answer", args=[own.pk]), {"acceptance": "accepted"})
    client.force_login(coordinator(there))
    assert client.get(reverse("tandems:tandem", args=[tandem.pk])).status_code == 200


def test_leaving_it_aside_needs_a_sentence(client: Client, suggestion: Suggestion) -> None:
    client.force_login(coordinator(suggestion.site))
    silent = client.post(page("decide_suggestion", suggestion.pk), decided(suggestion, aside="1"))
    assert silent.status_code == 422
    said = decided(suggestion, aside="1", why="Die Familie zieht um.")
    answer = client.post(page("decide_suggestion", suggestion.pk), said)
    assert answer.headers["Location"] == page("home")
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.why) == ("declined", "Die Familie zieht um.")
    assert not Tandem.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_what_comes_from_elsewhere_costs_the_same_for_one_and_three(
    client: Client,
    programme: Programme,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    site = SiteFactory.create(carrier=CarrierFactory.create(programme=programme))
    for _row in range(rows):
        one = suggestion_across(programme)
        Person.objects.filter(pk=one.mentor_id).update(site=site, carrier=site.carrier)
    client.force_login(coordinator(site))
    with django_assert_num_queries(9):
        answer = client.get(page("home"))
    assert len(answer.context["elsewhere"]) == rows
