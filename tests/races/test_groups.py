"""Two change a group at the same time: no place is given twice, nobody is left alone."""

from __future__ import annotations

from functools import partial

import pytest

from patenwerk.core.policy import Actor
from patenwerk.matching.domain.decision import take_suggestion
from patenwerk.matching.models import Suggestion
from patenwerk.people.models import Person
from patenwerk.tandems.domain.group import ask_to_join, leave_group
from patenwerk.tandems.models import Participant, Tandem
from tests.factories.matching import AT, SuggestionFactory, decision
from tests.factories.organisations import SiteFactory
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import ParticipantFactory, group_of
from tests.races.threads import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


def join(group: int, person: int) -> object:
    return ask_to_join(
        tandem=Tandem.objects.get(pk=group),
        person=Person.objects.get(pk=person),
        by=Actor(user_id=person),
        at=AT,
    )


def mentees_in(group: Tandem) -> int:
    return group.participants.filter(side="mentee", left_on__isnull=True).count()


def test_the_last_place_of_a_group_is_given_once() -> None:
    for _again in range(ROUNDS):
        site = SiteFactory.create()
        group = group_of(site, 2, places=3)
        asked = [MenteeFactory.create(site=site).pk for _one in range(2)]
        won, refused = split(at_once(*(partial(join, group.pk, pk) for pk in asked)))
        assert len(won) == 1
        assert [reason.code for reason in refused[0].reasons] == ["full"]
        assert mentees_in(group) == 3


def test_a_decision_and_a_coordinator_want_the_last_place() -> None:
    for _again in range(ROUNDS):
        suggestion = SuggestionFactory.create()
        site = suggestion.site
        group = group_of(site, 2, places=3, mentor=suggestion.mentor)
        values, other = decision(site), MenteeFactory.create(site=site).pk

        def take(pk: int = suggestion.pk, values: object = values) -> object:
            mine = Suggestion.objects.select_related("site", "mentor", "mentee").get(pk=pk)
            return take_suggestion(
                suggestion=mine,
                values=values,  # type: ignore[arg-type]
                by=Actor(user_id=1),
                at=AT,
            )

        won, refused = split(at_once(take, partial(join, group.pk, other)))
        assert len(won) == 1
        assert {reason.code for reason in refused[0].reasons} <= {"full", "no_place", "withdrawn"}
        assert mentees_in(group) == 3
        # The mentor's only place is the group's: there is no second tandem beside it.
        assert Tandem.objects.filter(participants__person=suggestion.mentor).count() == 1


def test_of_two_mentors_who_leave_at_once_one_stays() -> None:
    for _again in range(ROUNDS):
        site = SiteFactory.create()
        group = group_of(site, 2)
        ParticipantFactory.create(
            tandem=group,
            person=MentorFactory.create(site=site),
            acceptance="accepted",
            answered_on="2026-10-05",
        )
        rows = group.participants.filter(side="mentor").values_list("pk", flat=True)

        def leave(pk: int) -> object:
            row = Participant.objects.select_related("tandem").get(pk=pk)
            return leave_group(participant=row, left_on=AT.date(), by=Actor(user_id=pk), at=AT)

        won, refused = split(at_once(*(partial(leave, pk) for pk in rows)))
        assert len(won) == 1
        assert [reason.code for reason in refused[0].reasons] == ["last"]
        assert group.participants.filter(side="mentor", left_on__isnull=True).count() == 1
