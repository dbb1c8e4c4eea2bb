"""Who sees a round of a whole carrier, and a pair of two carriers; what an office can reach."""

from __future__ import annotations

import pytest
from django.apps import apps

from patenwerk.core.policy import Actor, Grant, Level, columns_of, permissions_of, visible
from patenwerk.matching.models import ProgrammeRound, Round, Suggestion
from patenwerk.matching.policy import DECIDE, PROGRAMME_ROUND, SEE_MATCHING, SEE_PROGRAMME_ROUNDS
from patenwerk.people.models import Person
from tests.factories.matching import (
    AT,
    ProgrammeRoundFactory,
    RoundFactory,
    SuggestionFactory,
    suggestion_across,
)
from tests.factories.organisations import ProgrammeFactory, SiteFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("permission", [SEE_MATCHING, DECIDE])
def test_only_a_grant_for_a_site_reaches_the_rounds_that_look_at_it(permission: str) -> None:
    site = SiteFactory.create(pk=9001)  # no carrier and no programme has this number
    across = RoundFactory.create(carrier=site.carrier, site=None)
    across.sites.set([site])
    RoundFactory.create(carrier=site.carrier, site=None)

    def seen(level: Level) -> list[Round]:
        # The same number at every level: what it means is said by the level alone.
        actor = Actor(user_id=None, grants=frozenset({Grant(permission, level, site.pk)}))
        return list(Round.objects.filter(visible(actor, permission, Round)))

    assert seen(Level.SITE) == [across]
    assert seen(Level.CARRIER) == seen(Level.PROGRAMME) == []


def test_a_pair_of_two_carriers_is_seen_at_both_sites_and_decided_at_the_mentees() -> None:
    pair = suggestion_across(ProgrammeFactory.create())
    others = SuggestionFactory.create()
    taken = suggestion_across(pair.programme, state="taken", decided_at=AT)
    SuggestionFactory.create(  # of a round of its own site: its mentor's site is asked later
        mentee=others.mentee, mentor=pair.mentor, round=others.round
    )

    def seen(permission: str, level: Level, pk: int) -> set[int]:
        actor = Actor(user_id=None, grants=frozenset({Grant(permission, level, pk)}))
        rows = Suggestion.objects.filter(visible(actor, permission, Suggestion))
        return set(rows.values_list("pk", flat=True))

    mentor, mentee = pair.mentor, pair.mentee
    assert seen(SEE_MATCHING, Level.SITE, mentee.site_id) == {pair.pk}
    assert seen(SEE_MATCHING, Level.SITE, mentor.site_id) == {pair.pk}
    assert seen(SEE_MATCHING, Level.CARRIER, mentor.carrier_id) == {pair.pk}
    assert seen(SEE_MATCHING, Level.SITE, taken.mentor.site_id) == set()
    assert seen(DECIDE, Level.SITE, mentee.site_id) == {pair.pk}
    assert seen(DECIDE, Level.SITE, mentor.site_id) == set()


def test_the_office_reaches_rounds_of_its_programme_and_no_row_with_a_person() -> None:
    own, other = ProgrammeRoundFactory.create(), ProgrammeRoundFactory.create()
    suggestion_across(own.programme)
    grants = frozenset(
        Grant(permission, Level.PROGRAMME, own.programme_id)
        for permission in permissions_of("programme_office")
    )
    actor = Actor(user_id=None, grants=grants)
    for permission in (SEE_PROGRAMME_ROUNDS, PROGRAMME_ROUND):
        seen = ProgrammeRound.objects.filter(visible(actor, permission, ProgrammeRound))
        assert set(seen) == {own, *ProgrammeRound.objects.filter(programme=own.programme)}
        assert other not in seen
    assert not Suggestion.objects.filter(visible(actor, SEE_MATCHING, Suggestion)).exists()
    assert not Person.objects.filter(visible(actor, SEE_MATCHING, Person)).exists()
    # The one table the two permissions are asked about names no person and nothing that does.
    assert set(columns_of(ProgrammeRound)) == {Level.PROGRAMME}
    related = {field.related_model for field in ProgrammeRound._meta.concrete_fields}
    people = {Person, Suggestion, Round, apps.get_model("matching.LeftOverPerson")}
    assert not related & people
