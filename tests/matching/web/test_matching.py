"""Every page of matching, as the roles see it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.matching.domain.round import start_round
from patenwerk.matching.models import NeverAgain, Round, Suggestion
from patenwerk.organisations.models import Site
from patenwerk.people.models import Person
from patenwerk.tandems.models import Tandem
from tests.factories.jobs import do_open_jobs
from tests.factories.matching import (
    AT,
    LeftOverFactory,
    NeverAgainFactory,
    RoundFactory,
    SuggestionChangeFactory,
    SuggestionFactory,
    decision,
    pair_at,
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
from tests.factories.tandems import tandem_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]


def page(name: str, *args: object) -> str:
    return reverse(f"matching:{name}", args=args)


def said(site: Site, why: str = "", **more: object) -> dict[str, object]:
    """What the decision form sends."""
    values = decision(site)
    return {
        "kind": values.kind.pk,
        "focus": values.focus.pk,
        "field": values.field.pk,
        "why": why,
        **more,
    }


@pytest.fixture
def suggestion() -> Suggestion:
    return SuggestionFactory.create(
        mentee__first_name="Samira",
        mentee__last_name="Morgenstern",
        mentor__first_name="Henrike",
        mentor__last_name="Apfelbaum",
    )


def test_from_the_start_of_a_round_to_the_tandem(client: Client) -> None:
    site = SiteFactory.create()
    mentor, mentee = pair_at(site)
    client.force_login(coordinator(site))
    answer = client.post(page("start"), {"organisation": f"site-{site.pk}"})
    round_page = answer.headers["Location"]
    waiting = client.get(round_page)
    assert 'http-equiv="refresh"' in waiting.content.decode()
    assert client.get(round_page + "stand/").headers.get("HX-Refresh") is None
    do_open_jobs(lambda: AT)
    assert client.get(round_page + "stand/").headers["HX-Refresh"] == "true"
    shown = client.get(round_page)
    (suggestion,) = Suggestion.objects.all()
    assert [line["suggestion"] for line in shown.context["lines"]] == [suggestion]
    taken = client.post(round_page + "entscheiden/", said(site, suggestions=[suggestion.pk]))
    assert taken.headers["Location"] == round_page
    tandem = Tandem.objects.get()
    assert {row.person for row in tandem.participants.all()} == {mentor, mentee}


def test_the_home_shows_exactly_who_waits_at_the_own_sites(client: Client) -> None:
    own = MenteeFactory.create()
    MentorFactory.create(site=own.site)
    sibling = MenteeFactory.create(site=SiteFactory.create(carrier=own.carrier))
    MenteeFactory.create(
        site=SiteFactory.create(carrier=CarrierFactory.create(programme=own.programme))
    )
    MenteeFactory.create()
    client.force_login(coordinator(own.site))
    assert set(client.get(page("home")).context["rows"]) == {own}
    client.force_login(manager(own.carrier))
    assert set(client.get(page("home")).context["rows"]) == {own, sibling}
    client.force_login(office(own.programme))
    assert client.get(page("home")).status_code == 404


@pytest.mark.parametrize(("who", "queries"), [("coordinator", 11), ("manager", 11)])
def test_the_home_costs_the_same_with_one_row_and_three(
    client: Client, who: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    suggestion = SuggestionFactory.create()
    site = suggestion.site
    LeftOverFactory.create(person__site=site)
    account = coordinator(site) if who == "coordinator" else manager(site.carrier)
    client.force_login(account)
    client.get(page("home"))
    for _more in range(2):
        with django_assert_num_queries(queries):
            client.get(page("home"))
        for _two in range(2):
            SuggestionFactory.create(mentee__site=site)
            LeftOverFactory.create(person__site=site)


def _round_with(site: Site, rows: int) -> Round:
    found: Round = RoundFactory.create(site=site, kept=rows)
    for _row in range(rows):
        SuggestionChangeFactory.create(mentee__site=site, round=found)
        SuggestionFactory.create(mentee__site=site, round=found)
        LeftOverFactory.create(person__site=site, round=found)
    return found


@pytest.mark.parametrize(("who", "queries"), [("coordinator", 23), ("manager", 16)])
def test_a_round_costs_the_same_with_one_row_and_three(
    client: Client, who: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    site = SiteFactory.create()
    decision(site)
    client.force_login(coordinator(site) if who == "coordinator" else manager(site.carrier))
    for rows in (1, 3):
        found = _round_with(site, rows)
        client.get(page("round", found.pk))
        with django_assert_num_queries(queries):
            client.get(page("round", found.pk))


@pytest.mark.parametrize(("who", "queries"), [("coordinator", 33), ("manager", 27)])
def test_partners_cost_the_same_with_one_and_three(
    client: Client, who: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    mentee = MenteeFactory.create()
    decision(mentee.site)
    MentorFactory.create(site=mentee.site)
    account = coordinator(mentee.site) if who == "coordinator" else manager(mentee.carrier)
    client.force_login(account)
    client.get(page("partners", mentee.pk))
    for _more in range(2):
        with django_assert_num_queries(queries):
            client.get(page("partners", mentee.pk))
        for _two in range(2):
            MentorFactory.create(site=mentee.site)


@pytest.mark.parametrize(("who", "queries"), [("coordinator", 5), ("manager", 5)])
def test_pairs_kept_apart_cost_the_same_with_one_and_three(
    client: Client, who: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    noted = NeverAgainFactory.create()
    account = coordinator(noted.site) if who == "coordinator" else manager(noted.carrier)
    client.force_login(account)
    for _more in range(2):
        with django_assert_num_queries(queries):
            client.get(page("never_again"))
        for _two in range(2):
            NeverAgainFactory.create(mentee__site=noted.site)


def test_a_carrier_round_shows_each_coordinator_the_own_people_only(client: Client) -> None:
    carrier = CarrierFactory.create()
    first, second = SiteFactory.create(carrier=carrier), SiteFactory.create(carrier=carrier)
    found = RoundFactory.create(site=None, carrier=carrier)
    found.sites.set([first, second])
    mine = SuggestionFactory.create(mentee__site=first, round=found)
    theirs = SuggestionFactory.create(mentee__site=second, round=found)
    left = LeftOverFactory.create(person__site=first, round=found)
    LeftOverFactory.create(person__site=second, round=found)
    client.force_login(coordinator(first))
    shown = client.get(page("round", found.pk))
    assert [line["suggestion"] for line in shown.context["lines"]] == [mine]
    assert list(shown.context["left"]) == [left]
    client.force_login(manager(carrier))
    shown = client.get(page("round", found.pk))
    assert {line["suggestion"] for line in shown.context["lines"]} == {mine, theirs}
    assert shown.context["form"] is None
    client.force_login(coordinator(SiteFactory.create()))
    assert client.get(page("round", found.pk)).status_code == 404


def test_ids_of_others_in_the_bulk_form_answer_like_ids_of_nobody(
    client: Client, suggestion: Suggestion
) -> None:
    foreign = SuggestionFactory.create()
    client.force_login(coordinator(suggestion.site))
    answers = []
    for pk in (foreign.pk, 987654):
        answer = client.post(
            page("take", suggestion.round.pk), said(suggestion.site, suggestions=[pk])
        )
        assert answer.status_code == 422
        answers.append(dict(answer.context["form"].errors))
    assert answers[0] == answers[1]
    assert not Tandem.objects.exists()


def test_a_manager_reads_but_does_not_decide(client: Client, suggestion: Suggestion) -> None:
    client.force_login(manager(suggestion.carrier))
    sent = said(suggestion.site, suggestions=[suggestion.pk], partner=suggestion.mentor_id)
    assert client.get(page("round", suggestion.round.pk)).status_code == 200
    assert client.post(page("take", suggestion.round.pk), sent).status_code == 403
    assert client.post(page("decide", suggestion.mentee_id), sent).status_code == 403
    assert client.get(page("keep_apart", suggestion.mentee_id)).status_code == 403
    assert client.get(page("partners", suggestion.mentee_id)).context["form"] is None
    assert not Tandem.objects.exists()


def test_what_cannot_be_taken_any_more_is_named_and_the_rest_is_taken(
    client: Client, suggestion: Suggestion
) -> None:
    site = suggestion.site
    lost = SuggestionFactory.create(
        mentee__site=site,
        mentee__first_name="Yusuf",
        mentor=suggestion.mentor,
        round=suggestion.round,
    )
    client.force_login(coordinator(site))
    answer = client.post(
        page("take", suggestion.round.pk),
        said(site, suggestions=[suggestion.pk, lost.pk]),
        follow=True,
    )
    told = [str(message) for message in answer.context["messages"]]
    assert len(told) == 2
    assert "Yusuf" in told[1]
    assert Tandem.objects.count() == 1


def test_following_needs_no_words_departing_does(client: Client, suggestion: Suggestion) -> None:
    other = MentorFactory.create(site=suggestion.site)
    client.force_login(coordinator(suggestion.site))
    shown = client.get(page("partners", suggestion.mentee_id))
    assert shown.context["chosen"] == str(suggestion.mentor_id)
    refused = client.post(
        page("decide", suggestion.mentee_id), said(suggestion.site, partner=other.pk)
    )
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["why"]
    assert not Tandem.objects.exists()
    client.post(
        page("decide", suggestion.mentee_id), said(suggestion.site, partner=suggestion.mentor_id)
    )
    assert Tandem.objects.get().participants.filter(person=suggestion.mentor).exists()


def test_the_decision_comes_after_a_few_and_after_the_suggested_one(
    client: Client, suggestion: Suggestion
) -> None:
    Person.objects.filter(pk=suggestion.mentee_id).update(interests=["Schach"])
    for _more in range(5):
        MentorFactory.create(site=suggestion.site, interests=["Schach"])
    client.force_login(coordinator(suggestion.site))
    address = page("partners", suggestion.mentee_id)
    shown = client.get(address)
    assert [offer.card.pk for offer in shown.context["first"]][-1] == suggestion.mentor_id
    assert (len(shown.context["first"]), len(shown.context["others"])) == (6, 0)
    suggestion.delete()
    shown = client.get(address)
    text = shown.content.decode()
    places = [text.index(f'name="partner" value="{one.card.pk}"') for one in shown.context["first"]]
    assert len(places) == 2
    decides = text.index('id="decide"')
    assert max(places) < decides < text.index('id="others"')
    for offer in shown.context["others"]:
        assert text.index(f'name="partner" value="{offer.card.pk}"') > decides


def test_nobody_fits_today_needs_words_and_then_closes_it(
    client: Client, suggestion: Suggestion
) -> None:
    client.force_login(coordinator(suggestion.site))
    address = page("decide", suggestion.mentee_id)
    assert client.post(address, said(suggestion.site, nobody="1")).status_code == 422
    done = client.post(address, said(suggestion.site, why="Beide sind verreist.", nobody="1"))
    assert done.headers["Location"] == page("home")
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.why) == ("declined", "Beide sind verreist.")


def test_somebody_has_to_be_chosen_out_of_those_shown(
    client: Client, suggestion: Suggestion
) -> None:
    client.force_login(coordinator(suggestion.site))
    foreign = MentorFactory.create()
    address = page("decide", suggestion.mentee_id)
    for partner in ("", foreign.pk, 987654, "x"):
        answer = client.post(address, said(suggestion.site, "Weil.", partner=partner))
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["partner"]
    assert client.get(address).headers["Location"] == page("partners", suggestion.mentee_id)


class TestAcrossSites:
    """Two sites of one network; the mentor is at the other one."""

    @pytest.fixture
    def mentee(self) -> Person:
        network = NetworkFactory.create()
        carrier = CarrierFactory.create(programme=network.programme)
        return MenteeFactory.create(
            site=SiteFactory.create(carrier=carrier, network=network),
            first_name="Samira",
            last_name="Morgenstern",
            phone="0170 111",
            interests=["Geheimes Hobby"],
        )

    @pytest.fixture
    def mentor(self, mentee: Person) -> Person:
        carrier = CarrierFactory.create(programme=mentee.programme)
        return MentorFactory.create(
            site=SiteFactory.create(carrier=carrier, network=mentee.site.network),
            first_name="Henrike",
            last_name="Apfelbaum",
            postcode="10117",
            phone="0170 222",
            birth_date=date(1961, 2, 3),
            free_times=0b11,
        )

    def test_before_both_say_yes_only_a_limited_card_is_shown(
        self, client: Client, mentee: Person, mentor: Person
    ) -> None:
        client.force_login(coordinator(mentee.site))
        shown = client.get(page("partners", mentee.pk))
        (offer,) = shown.context["found"].offers
        assert (offer.card.is_limited, offer.card.name, offer.card.region) == (
            True,
            "Henrike",
            "10",
        )
        text = shown.content.decode()
        assert "Henrike" in text
        for secret in ("Apfelbaum", "10117", "0170 222", "1961", f"/{mentor.pk}/"):
            assert secret not in text, secret

    def test_the_round_and_its_file_show_the_limited_card_only(
        self, client: Client, mentee: Person, mentor: Person
    ) -> None:
        start_round(organisation=mentee.site, by=actor(coordinator(mentee.site)), at=AT)
        do_open_jobs(lambda: AT)
        found = Round.objects.get()
        client.force_login(coordinator(mentee.site))
        for ending in ("", "?format=csv", "?list=left&format=csv"):
            text = client.get(page("round", found.pk) + ending).content.decode()
            assert "Apfelbaum" not in text
            assert "10117" not in text
        assert "Henrike" in client.get(page("round", found.pk)).content.decode()
        client.force_login(coordinator(mentor.site))
        assert client.get(page("round", found.pk)).status_code == 404

    def test_the_other_site_is_asked_and_sees_the_tandem_once_both_said_yes(
        self, client: Client, mentee: Person, mentor: Person
    ) -> None:
        own, other = coordinator(mentee.site), coordinator(mentor.site)
        client.force_login(own)
        client.post(
            page("decide", mentee.pk), said(mentee.site, "Beide sind ruhig.", partner=mentor.pk)
        )
        tandem = Tandem.objects.get()
        asked = {row.side: row for row in tandem.participants.all()}
        client.force_login(other)
        home = client.get(page("home")).content.decode()
        assert "Samira" in home
        assert "Morgenstern" not in home
        tandem_page = reverse("tandems:tandem", args=[tandem.pk])
        assert client.get(tandem_page).status_code == 404
        answer = client.get(page("answer", asked["mentor"].pk)).content.decode()
        assert "Morgenstern" not in answer
        assert client.get(page("answer", asked["mentee"].pk)).status_code == 404
        done = client.post(page("answer", asked["mentor"].pk), {"acceptance": "accepted"})
        assert done.headers["Location"] == page("home")
        assert client.get(page("answer", asked["mentor"].pk)).status_code == 404
        assert client.get(tandem_page).status_code == 404
        client.force_login(own)
        client.post(
            reverse("tandems:answer", args=[asked["mentee"].pk]), {"acceptance": "accepted"}
        )
        client.force_login(other)
        assert client.get(tandem_page).status_code == 200
        end = reverse("tandems:end", args=[tandem.pk])
        assert client.get(end).status_code == 403
        client.force_login(coordinator(SiteFactory.create(carrier=mentee.carrier)))
        assert client.get(tandem_page).status_code == 404

    def test_a_refusal_names_nobody_of_another_site(
        self, client: Client, mentee: Person, mentor: Person
    ) -> None:
        suggestion = SuggestionFactory.create(mentee=mentee, mentor=mentor)
        tandem_of(mentor=mentor, mentee=MenteeFactory.create(site=mentor.site))
        client.force_login(coordinator(mentee.site))
        answer = client.post(
            page("take", suggestion.round.pk),
            said(mentee.site, suggestions=[suggestion.pk]),
            follow=True,
        )
        text = answer.content.decode()
        assert [str(message) for message in answer.context["messages"]]
        assert "Henrike" in text
        assert "Apfelbaum" not in text

    def test_from_the_mentor_side_the_other_sites_mentee_is_not_decided_about(
        self, client: Client, mentee: Person, mentor: Person
    ) -> None:
        client.force_login(coordinator(mentor.site))
        shown = client.get(page("partners", mentor.pk))
        (offer,) = shown.context["found"].offers
        assert (offer.card.name, offer.may_choose) == ("Samira", False)
        assert "Morgenstern" not in shown.content.decode()
        refused = client.post(
            page("decide", mentor.pk), said(mentor.site, "Weil.", partner=mentee.pk)
        )
        assert refused.status_code == 422
        assert not Tandem.objects.exists()

    def test_who_is_kept_apart_is_named_by_the_limited_card(
        self, client: Client, mentee: Person, mentor: Person
    ) -> None:
        SuggestionFactory.create(mentee=mentee, mentor=mentor)
        client.force_login(coordinator(mentee.site))
        form = client.get(page("keep_apart", mentee.pk)).content.decode()
        assert "Henrike" in form
        assert "Apfelbaum" not in form
        client.post(page("keep_apart", mentee.pk), {"partner": mentor.pk, "reason": "wish"})
        for ending in ("", "?format=csv"):
            listed = client.get(page("never_again") + ending).content.decode()
            assert "Henrike" in listed
            assert "Apfelbaum" not in listed


def test_a_mentor_chooses_among_the_own_sites_mentees(client: Client) -> None:
    mentor, mentee = pair_at(SiteFactory.create())
    client.force_login(coordinator(mentor.site))
    client.post(page("decide", mentor.pk), said(mentor.site, "Passt gut.", partner=mentee.pk))
    assert Tandem.objects.get().why == "Passt gut."


def test_keeping_apart_and_allowing_again(client: Client, suggestion: Suggestion) -> None:
    client.force_login(coordinator(suggestion.site))
    address = page("keep_apart", suggestion.mentor_id)
    answer = client.post(address, {"partner": suggestion.mentee_id, "reason": "ended_badly"})
    assert answer.status_code == 302
    noted = NeverAgain.objects.get()
    assert (noted.mentor, noted.mentee) == (suggestion.mentor, suggestion.mentee)
    assert client.get(page("partners", suggestion.mentee_id)).context["found"].offers == []
    assert (
        client.post(address, {"partner": suggestion.mentee_id, "reason": "wish"}).status_code == 422
    )
    client.post(page("allow_again", noted.pk))
    assert not NeverAgain.objects.exists()
    assert len(client.get(page("partners", suggestion.mentee_id)).context["found"].offers) == 1


def test_settings_are_the_managers(client: Client) -> None:
    site = SiteFactory.create()
    client.force_login(coordinator(site))
    assert client.get(page("settings")).status_code == 404
    client.force_login(manager(site.carrier))
    listed = client.get(page("settings")).context
    assert [one for one, _own in listed["carriers"]] == [site.carrier]
    assert [one for one, _own in listed["sites"]] == [site]
    empty = dict.fromkeys(
        ("distance", "languages", "free_time", "fields", "interests", "dislikes",
         "expected_length", "waiting", "minimum_level"), "",
    )  # fmt: skip
    address = page("carrier_settings", site.carrier.pk)
    assert client.post(address, {**empty, "waiting": "0"}).status_code == 422
    assert client.post(address, {**empty, "waiting": "30", "minimum_level": "4"}).status_code == 302
    form = client.get(page("site_settings", site.pk)).content.decode()
    assert "30" in form
    assert client.get(page("site_settings", SiteFactory.create().pk)).status_code == 404


def test_a_round_is_closed_by_whom_it_belongs_to(client: Client, suggestion: Suggestion) -> None:
    client.force_login(coordinator(suggestion.site))
    assert client.get(page("close", suggestion.round.pk)).status_code == 200
    client.post(page("close", suggestion.round.pk))
    suggestion.refresh_from_db()
    assert suggestion.state == "withdrawn"
    again = client.post(page("close", suggestion.round.pk))
    assert again.status_code == 422


def test_starting_twice_is_refused_in_words(client: Client) -> None:
    site = SiteFactory.create()
    pair_at(site)
    client.force_login(coordinator(site))
    assert client.get(page("start")).status_code == 200
    client.post(page("start"), {"organisation": f"site-{site.pk}"})
    assert client.post(page("start"), {"organisation": f"site-{site.pk}"}).status_code == 422
    for foreign in (f"site-{SiteFactory.create().pk}", f"carrier-{site.carrier.pk}", "site-98765"):
        answer = client.post(page("start"), {"organisation": foreign})
        assert answer.status_code == 422
    assert Round.objects.count() == 1


def test_a_failed_round_says_so(client: Client) -> None:
    site = SiteFactory.create()
    found = RoundFactory.create(state="running", site=site)
    client.force_login(coordinator(site))
    assert client.get(page("round", found.pk)).context["standing"] == "failed"
    assert client.get(page("progress", found.pk)).headers["HX-Refresh"] == "true"


def test_the_day_and_the_person_tell_who_waits(client: Client, suggestion: Suggestion) -> None:
    left = LeftOverFactory.create(person__site=suggestion.site)
    client.force_login(coordinator(suggestion.site))
    day = client.get(reverse("desk:day")).content.decode()
    for person in (suggestion.mentee, left.person):
        assert person.full_name in day
        assert (
            page("partners", person.pk)
            in client.get(reverse("people:person", args=[person.pk])).content.decode()
        )


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_lists_leave_as_files(client: Client, suggestion: Suggestion, kind: str) -> None:
    LeftOverFactory.create(person__site=suggestion.site, round=suggestion.round)
    client.force_login(coordinator(suggestion.site))
    for address in (
        page("home") + "?",
        page("round", suggestion.round.pk) + "?",
        page("round", suggestion.round.pk) + "?list=left&",
        page("never_again") + "?",
    ):
        answer = client.get(f"{address}format={kind}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].endswith(f'.{kind}"')
    rows = client.get(page("round", suggestion.round.pk) + "?format=csv").content.decode(
        "utf-8-sig"
    )
    assert "Samira Morgenstern" in rows
    assert "6 km" in rows


def test_no_score_and_no_percentage_is_shown(client: Client, suggestion: Suggestion) -> None:
    client.force_login(coordinator(suggestion.site))
    for address in (
        page("round", suggestion.round.pk),
        page("partners", suggestion.mentee_id),
    ):
        shown: Any = client.get(address).content.decode()
        assert "%" not in shown.split("<main", 1)[1]
