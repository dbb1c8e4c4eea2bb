"""What matching keeps of a person when two entries become one, and when they are taken apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from patenwerk.core.policy import Actor
from patenwerk.matching.domain.never_again import CannotNote, set_never_again
from patenwerk.matching.enums import NeverReason, RoundState, SuggestionState
from patenwerk.matching.models import (
    LeftOverPerson,
    NeverAgain,
    Suggestion,
    SuggestionChange,
)
from patenwerk.matching.queries.replay import people_who_came
from patenwerk.matching.queries.round import apart, left_over
from patenwerk.organisations.models import Site
from patenwerk.people.domain.duplicate import CannotUndo, merge_people, seen_of, undo_merge
from patenwerk.people.domain.move import accept_move
from patenwerk.people.models import Merge, Person
from patenwerk.tandems.domain.tandem import CannotPropose, propose_tandem
from tests.factories.matching import (
    LeftOverFactory,
    NeverAgainFactory,
    RoundFactory,
    SuggestionChangeFactory,
    SuggestionFactory,
    decision,
)
from tests.factories.organisations import SiteFactory, actor, coordinator
from tests.factories.people import MenteeFactory, MentorFactory, MoveFactory, site_beside
from tests.factories.tandems import tandem_of
from tests.people.refusals import said

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = AT + timedelta(days=1)
BY = Actor(user_id=7)


@pytest.fixture(params=[MenteeFactory, MentorFactory], ids=["mentee", "mentor"])
def keep(request: pytest.FixtureRequest) -> Person:
    person: Person = request.param.create(capacity=2)
    return person


@pytest.fixture
def drop(keep: Person) -> Person:
    return another(keep)


def another(person: Person) -> Person:
    """Somebody else of the same list."""
    make = MentorFactory if person.side == "mentor" else MenteeFactory
    return make.create(site=person.site)


def partner(person: Person) -> Person:
    """Somebody of the other side."""
    make = MenteeFactory if person.side == "mentor" else MentorFactory
    return make.create(site=person.site)


def pair(person: Person, other: Person) -> dict[str, Person]:
    return {person.side: person, other.side: other}


def merged(keep: Person, drop: Person) -> Merge:
    keep, drop = (Person.objects.get(pk=one.pk) for one in (keep, drop))
    return merge_people(keep=keep, drop=drop, taken=(), seen=seen_of(keep, drop), by=BY, at=AT)


def whose(rows: type[Suggestion | NeverAgain], side: str) -> list[int]:
    return list(rows.objects.order_by("pk").values_list(side, flat=True))


def test_decided_suggestions_go_along_and_back_and_open_ones_are_withdrawn(
    keep: Person, drop: Person
) -> None:
    decided = SuggestionFactory.create(
        **pair(drop, partner(keep)), state=SuggestionState.DECLINED, decided_at=AT, why="Nein."
    )
    open_one = SuggestionFactory.create(**pair(drop, partner(keep)))
    own = SuggestionFactory.create(**pair(keep, partner(keep)))
    merge = merged(keep, drop)
    assert whose(Suggestion, keep.side) == [keep.pk] * 3
    for one in (decided, open_one, own):
        one.refresh_from_db()
    assert (decided.state, open_one.state, own.state) == ("declined", "withdrawn", "open")
    open_one.round.refresh_from_db()
    assert open_one.round.state == RoundState.CLOSED
    undo_merge(merge=merge, by=BY, at=LATER)
    assert whose(Suggestion, keep.side) == [drop.pk, drop.pk, keep.pk]


def test_what_one_round_said_of_both_stays_where_it_was_said(keep: Person, drop: Person) -> None:
    other = partner(keep)
    own = SuggestionFactory.create(**pair(keep, other))
    SuggestionFactory.create(**pair(drop, other), round=own.round)
    merge = merged(keep, drop)
    assert whose(Suggestion, keep.side) == [keep.pk, drop.pk]
    undo_merge(merge=merge, by=BY, at=LATER)
    assert whose(Suggestion, keep.side) == [keep.pk, drop.pk]


def test_never_again_holds_for_the_one_person(keep: Person, drop: Person) -> None:
    both, theirs = partner(keep), partner(keep)
    NeverAgainFactory.create(**pair(keep, both))
    NeverAgainFactory.create(**pair(drop, both))
    NeverAgainFactory.create(**pair(drop, theirs))
    impossible = SuggestionFactory.create(**pair(keep, theirs))
    merge = merged(keep, drop)
    assert whose(NeverAgain, keep.side) == [keep.pk, drop.pk, keep.pk]
    impossible.refresh_from_db()
    assert impossible.state == SuggestionState.WITHDRAWN
    who = actor(coordinator(keep.site))
    assert set(apart(who).values_list(keep.side, flat=True)) == {keep.pk}
    undo_merge(merge=merge, by=BY, at=LATER)
    assert whose(NeverAgain, keep.side) == [keep.pk, drop.pk, drop.pk]


def test_who_has_no_place_left_then_waits_for_no_decision(keep: Person, drop: Person) -> None:
    for person in (keep, drop):
        both = pair(person, partner(keep))
        tandem_of(both["mentor"], both["mentee"])
    waiting = SuggestionFactory.create(**pair(keep, partner(keep)))
    merged(keep, drop)
    waiting.refresh_from_db()
    assert waiting.state == SuggestionState.WITHDRAWN


def test_rounds_remember_whom_they_left_over_and_what_has_changed(
    keep: Person, drop: Person
) -> None:
    both, theirs = RoundFactory.create(site=keep.site), RoundFactory.create(site=keep.site)
    for person in (keep, drop):
        LeftOverFactory.create(person=person, round=both)
    LeftOverFactory.create(person=drop, round=theirs)
    mentor, mentee = (drop, partner(keep)) if keep.side == "mentor" else (partner(keep), drop)
    SuggestionChangeFactory.create(mentee=mentee, now=mentor, round=theirs)
    SuggestionChangeFactory.create(mentee=mentee, before=mentor, now=None, round=theirs)
    merge = merged(keep, drop)
    left = LeftOverPerson.objects.order_by("pk").values_list("person", flat=True)
    assert list(left) == [keep.pk, drop.pk, keep.pk]
    shown = left_over(actor(coordinator(keep.site))).values_list("person", flat=True)
    assert list(shown) == [keep.pk, keep.pk]

    def named() -> set[int | None]:
        rows = SuggestionChange.objects.values_list("mentee", "before", "now")
        return {pk for row in rows for pk in row}

    assert keep.pk in named()
    assert drop.pk not in named()
    undo_merge(merge=merge, by=BY, at=LATER)
    assert list(left.all()) == [keep.pk, drop.pk, drop.pk]
    assert drop.pk in named()
    assert keep.pk not in named()


def test_of_what_was_noted_since_nobody_knows_for_whom_it_holds(keep: Person, drop: Person) -> None:
    merge = merged(keep, drop)
    noted = set_never_again(**pair(keep, partner(keep)), reason=NeverReason.WISH, by=BY, at=AT)
    with pytest.raises(CannotUndo, check=said("apart_since")):
        undo_merge(merge=merge, by=BY, at=LATER)
    noted.delete()
    undo_merge(merge=merge, by=BY, at=LATER)


def test_nothing_is_noted_about_an_entry_that_went(keep: Person, drop: Person) -> None:
    merged(keep, drop)
    with pytest.raises(CannotNote, check=said("merged")):
        set_never_again(**pair(drop, partner(keep)), reason=NeverReason.WISH, by=BY, at=AT)


def test_a_replay_knows_the_person_once(keep: Person, drop: Person) -> None:
    merged(keep, drop)
    since = keep.waiting_since
    assert list(people_who_came([keep.site], since, since)) == [keep]


# --- moving to another site -----------------------------------------------------------------


def moved(person: Person, there: Site) -> Person:
    """The person after having moved."""
    move = MoveFactory.create(person=person, to_site=there)
    return accept_move(move=move, answer="", by=BY, at=AT)


def scopes(model: Any) -> list[int]:
    return list(model.objects.order_by("pk").values_list("site_id", flat=True))


def test_suggestions_that_wait_are_withdrawn_and_never_again_holds() -> None:
    person = MenteeFactory.create(first_name="Amina", capacity=5)
    there = site_beside(person.site)
    waiting = SuggestionFactory.create(mentee=person)
    decided = SuggestionFactory.create(
        mentee=person, state=SuggestionState.DECLINED, why="passt nicht", decided_at=AT
    )
    others = SuggestionFactory.create(mentee__site=person.site)
    LeftOverFactory.create(person=person)
    kept = LeftOverFactory.create(person=others.mentee)
    change = SuggestionChangeFactory.create(mentee=person)
    never = NeverAgainFactory.create(mentee=person)
    moved(person, there)
    for row in (waiting, decided, others, change, never):
        row.refresh_from_db()
    assert (waiting.state, waiting.decided_at) == (SuggestionState.WITHDRAWN, AT)
    assert (decided.state, others.state) == (SuggestionState.DECLINED, SuggestionState.OPEN)
    assert (waiting.round.state, others.round.state) == (RoundState.CLOSED, RoundState.READY)
    assert scopes(Suggestion) == [there.pk, there.pk, person.site_id]
    assert (scopes(SuggestionChange), scopes(NeverAgain)) == ([there.pk], [there.pk])
    assert list(LeftOverPerson.objects.all()) == [kept]
    with transaction.atomic(), pytest.raises(CannotPropose, check=said("never_again")):
        propose_tandem(
            site=there,
            mentors=[never.mentor],
            mentees=[Person.objects.get(pk=person.pk)],
            values=decision(there),
            by=BY,
            at=AT,
        )


def test_a_suggestion_belongs_to_the_mentee_s_site_when_the_mentor_moves() -> None:
    there = SiteFactory.create()
    mentor = MentorFactory.create(site__carrier__programme=there.programme)
    waiting = SuggestionFactory.create(mentor=mentor, mentee__site=mentor.site)
    never = NeverAgainFactory.create(mentor=mentor, mentee__site=mentor.site)
    moved(mentor, there)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.site) == (SuggestionState.WITHDRAWN, mentor.site)
    assert NeverAgain.objects.get() == never
    assert scopes(NeverAgain) == [mentor.site_id]
