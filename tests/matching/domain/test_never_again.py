"""Keeping two people apart."""

from __future__ import annotations

import pytest

from patenwerk.core.policy import Actor
from patenwerk.matching.domain.never_again import (
    CannotNote,
    remove_never_again,
    set_never_again,
)
from patenwerk.matching.enums import NeverReason
from patenwerk.matching.models import NeverAgain
from patenwerk.people.domain.move import accept_move
from patenwerk.people.models import Person
from tests.factories.matching import AT, SuggestionFactory, pair_at
from tests.factories.organisations import SiteFactory
from tests.factories.people import MenteeFactory, MoveFactory
from tests.people.refusals import said

pytestmark = pytest.mark.django_db

BY = Actor(user_id=5)


def test_two_kept_apart_lose_their_suggestion_and_belong_to_the_mentees_site() -> None:
    suggestion = SuggestionFactory.create(mentor__site=SiteFactory.create())
    programme = suggestion.mentee.programme
    suggestion.mentor.programme = programme
    other = SuggestionFactory.create(mentor=suggestion.mentor)
    noted = set_never_again(
        mentor=suggestion.mentor,
        mentee=suggestion.mentee,
        reason=NeverReason.ENDED_BADLY,
        by=BY,
        at=AT,
    )
    assert (noted.site, noted.reason, noted.set_by_id) == (suggestion.site, "ended_badly", 5)
    suggestion.refresh_from_db()
    other.refresh_from_db()
    assert (suggestion.state, other.state) == ("withdrawn", "open")
    remove_never_again(noted=noted, by=BY, at=AT)
    assert not NeverAgain.objects.exists()


def test_what_makes_no_sense_is_refused() -> None:
    mentor, mentee = pair_at(SiteFactory.create())
    foreign = MenteeFactory.create()
    set_never_again(mentor=mentor, mentee=mentee, reason=NeverReason.WISH, by=BY, at=AT)
    for pair, code in (
        ((mentor, mentee), "noted"),
        ((mentee, mentor), "sides"),
        ((mentor, foreign), "programme"),
    ):
        with pytest.raises(CannotNote) as refused:
            set_never_again(mentor=pair[0], mentee=pair[1], reason=NeverReason.WISH, by=BY, at=AT)
        assert [reason.code for reason in refused.value.reasons] == [code]
    assert NeverAgain.objects.count() == 1


def test_of_somebody_who_has_just_moved_nothing_is_noted() -> None:
    for side in ("mentor", "mentee"):
        mentor, mentee = pair_at(SiteFactory.create())
        seen = {"mentor": mentor, "mentee": mentee}
        move = MoveFactory.create(person=Person.objects.get(pk=seen[side].pk))
        accept_move(move=move, answer="", by=BY, at=AT)
        with pytest.raises(CannotNote, check=said("moved")):
            set_never_again(**seen, reason=NeverReason.WISH, by=BY, at=AT)
    assert not NeverAgain.objects.exists()
