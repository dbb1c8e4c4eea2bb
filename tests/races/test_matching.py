"""Two coordinators decide about the same person at the same time."""

from __future__ import annotations

import pytest
from django.db import transaction

from patenwerk.core.policy import Actor
from patenwerk.matching.domain.decision import (
    choose_partner,
    decline_suggestion,
    take_suggestion,
)
from patenwerk.matching.domain.refresh import refresh_round
from patenwerk.matching.domain.round import (
    CannotStart,
    planned_round,
    start_round,
    store_round,
)
from patenwerk.matching.models import Round, Suggestion
from patenwerk.tandems.models import Tandem
from tests.factories.matching import AT, NeverAgainFactory, SuggestionFactory, decision, pair_at
from tests.factories.organisations import SiteFactory
from tests.factories.people import MenteeFactory, MentorFactory
from tests.races.threads import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


def test_of_two_who_follow_the_same_suggestion_one_wins_and_the_other_reads_why() -> None:
    for _again in range(ROUNDS):
        suggestion = SuggestionFactory.create()
        values = decision(suggestion.site)

        def take(number: int, pk: int = suggestion.pk, values: object = values) -> object:
            mine = Suggestion.objects.select_related("site", "mentor", "mentee").get(pk=pk)
            return take_suggestion(
                suggestion=mine,
                values=values,  # type: ignore[arg-type]
                by=Actor(user_id=number),
                at=AT,
            )

        won, refused = split(at_once(lambda: take(1), lambda: take(2)))
        assert len(won) == 1
        assert [reason.code for reason in refused[0].reasons] == ["taken"]
        assert Tandem.objects.filter(participants__person=suggestion.mentee).count() == 1


def test_of_two_suggestions_for_one_mentor_one_is_followed() -> None:
    for _again in range(ROUNDS):
        first = SuggestionFactory.create()
        second = SuggestionFactory.create(
            mentor=first.mentor, mentee=MenteeFactory.create(site=first.site)
        )
        values = decision(first.site)

        def take(pk: int, values: object = values) -> object:
            mine = Suggestion.objects.select_related("site", "mentor", "mentee").get(pk=pk)
            return take_suggestion(
                suggestion=mine,
                values=values,  # type: ignore[arg-type]
                by=Actor(user_id=pk),
                at=AT,
            )

        won, refused = split(
            at_once(lambda pk=first.pk: take(pk), lambda pk=second.pk: take(pk))  # type: ignore[misc]
        )
        assert len(won) == 1
        assert [reason.code for reason in refused[0].reasons] == ["withdrawn"]
        states = sorted(
            Suggestion.objects.filter(mentor=first.mentor).values_list("state", flat=True)
        )
        assert states == ["taken", "withdrawn"]


def test_choosing_freely_at_once_fills_a_place_once() -> None:
    for _again in range(ROUNDS):
        mentor, first = pair_at(SiteFactory.create())
        second = MenteeFactory.create(site=mentor.site)
        values = decision(mentor.site, why="Passt gut.")

        def choose(mentee: object, mentor: object = mentor, values: object = values) -> object:
            return choose_partner(
                mentee=mentee,  # type: ignore[arg-type]
                mentor=mentor,  # type: ignore[arg-type]
                values=values,  # type: ignore[arg-type]
                by=Actor(user_id=1),
                at=AT,
            )

        won, refused = split(
            at_once(lambda one=first: choose(one), lambda one=second: choose(one))  # type: ignore[misc]
        )
        assert len(won) == 1
        assert [reason.code for reason in refused[0].reasons] == ["no_place"]


def test_a_decision_while_a_round_is_written_leaves_no_pair_twice() -> None:
    for _again in range(ROUNDS):
        site = SiteFactory.create()
        mentor, mentee = pair_at(site)
        values = decision(site, why="Passt gut.")
        started = start_round(organisation=site, by=Actor(user_id=1), at=AT)
        plan = planned_round(round_id=started.pk, at=AT, watch=lambda *_told: None)
        assert len(plan.result.pairs) == 1

        def write(plan: object = plan) -> object:
            with transaction.atomic():
                return store_round(plan=plan, by=Actor(user_id=1), at=AT)  # type: ignore[arg-type]

        def choose(
            mentor: object = mentor, mentee: object = mentee, values: object = values
        ) -> object:
            return choose_partner(
                mentee=mentee,  # type: ignore[arg-type]
                mentor=mentor,  # type: ignore[arg-type]
                values=values,  # type: ignore[arg-type]
                by=Actor(user_id=2),
                at=AT,
            )

        _won, refused = split(at_once(write, choose))
        assert refused == []
        assert not Suggestion.objects.filter(round=started, state="open").exists()
        assert Tandem.objects.filter(participants__person=mentee).count() == 1


def test_two_starts_at_once_make_one_round() -> None:
    for _again in range(ROUNDS):
        site = SiteFactory.create()
        pair_at(site)

        def start(number: int, site: object = site) -> object:
            return start_round(
                organisation=site,  # type: ignore[arg-type]
                by=Actor(user_id=number),
                at=AT,
            )

        won, refused = split(at_once(lambda: start(1), lambda: start(2)))
        assert len(won) == 1
        assert isinstance(refused[0], CannotStart)
        assert Round.objects.filter(site=site).count() == 1


def test_a_decision_while_a_round_is_brought_up_to_date_wins_or_is_refused_readably() -> None:
    for _again in range(ROUNDS):
        suggestion = SuggestionFactory.create()
        found, mentor, mentee = suggestion.round, suggestion.mentor, suggestion.mentee
        # Somebody far better comes: the refresh would take the suggestion back.
        MentorFactory.create(site=mentee.site, interests=mentee.interests)
        NeverAgainFactory.create(mentor=mentor, mentee=mentee)

        def bring(found: Round = found) -> object:
            return refresh_round(round=found, by=Actor(user_id=1), at=AT)

        def decline(pk: int = suggestion.pk) -> object:
            mine = Suggestion.objects.select_related("site", "mentor", "mentee").get(pk=pk)
            decline_suggestion(suggestion=mine, why="Heute nicht.", by=Actor(user_id=2), at=AT)
            return mine

        _won, refused = split(at_once(bring, decline))
        suggestion.refresh_from_db()
        codes = [reason.code for one in refused for reason in one.reasons]
        if suggestion.state == "declined":
            # Where it was the last open one the round is closed before it is looked at anew.
            assert codes in ([], ["not_ready"])
        else:
            assert (suggestion.state, codes) == ("withdrawn", ["withdrawn"])
        assert Suggestion.objects.filter(mentee=mentee, state="open").count() <= 1


def test_following_a_suggestion_while_its_round_is_brought_up_to_date_fills_a_place_once() -> None:
    for _again in range(ROUNDS):
        suggestion = SuggestionFactory.create()
        MenteeFactory.create(site=suggestion.site)
        values = decision(suggestion.site)

        def bring(found: Round = suggestion.round) -> object:
            return refresh_round(round=found, by=Actor(user_id=1), at=AT)

        def take(pk: int = suggestion.pk, values: object = values) -> object:
            mine = Suggestion.objects.select_related("site", "mentor", "mentee").get(pk=pk)
            return take_suggestion(
                suggestion=mine,
                values=values,  # type: ignore[arg-type]
                by=Actor(user_id=2),
                at=AT,
            )

        _won, refused = split(at_once(bring, take))
        codes = [reason.code for one in refused for reason in one.reasons]
        suggestion.refresh_from_db()
        assert codes in ([], ["not_ready"], ["withdrawn"])
        assert (suggestion.state == "taken") == (codes != ["withdrawn"])
        tandems = Tandem.objects.filter(participants__person=suggestion.mentor).count()
        waiting = Suggestion.objects.filter(mentor=suggestion.mentor, state="open").count()
        assert tandems + waiting == 1
