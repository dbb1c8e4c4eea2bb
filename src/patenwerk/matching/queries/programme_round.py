"""Rounds over all carriers: for the programme's office, for the sites, for the calculation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from patenwerk.core.policy import Actor, visible
from patenwerk.jobs.enums import JobState
from patenwerk.matching.enums import RoundState, SuggestionState
from patenwerk.matching.models import ProgrammeRound, Suggestion
from patenwerk.matching.policy import PROGRAMME_ROUND, SEE_MATCHING, SEE_PROGRAMME_ROUNDS
from patenwerk.matching.queries.pool import TwoSides, known
from patenwerk.organisations.models import Programme
from patenwerk.people.enums import ConsentPurpose, Side
from patenwerk.people.kernel.profile import Profile
from patenwerk.people.models import Person
from patenwerk.people.queries.consent import in_force


def programme_rounds(actor: Actor) -> QuerySet[ProgrammeRound]:
    """The rounds over all carriers whose figures the actor may read, latest first."""
    return ProgrammeRound.objects.filter(
        visible(actor, SEE_PROGRAMME_ROUNDS, ProgrammeRound)
    ).select_related("programme", "job")


def startable_programmes(actor: Actor) -> QuerySet[Programme]:
    """The programmes for which the actor may start such a round."""
    return Programme.objects.filter(visible(actor, PROGRAMME_ROUND, Programme)).order_by("name")


def standing_of(found: ProgrammeRound) -> RoundState:
    """Where it stands: one whose work was given up has failed, even if nobody wrote it."""
    state = RoundState(found.state)
    if state is RoundState.RUNNING and (
        found.job is None or found.job.state in {JobState.FAILED, JobState.CANCELLED}
    ):
        return RoundState.FAILED
    return state


def people_beyond(programme: Programme, side: Side) -> QuerySet[Person]:
    """Everybody of one side in a programme who has consented to be found by other carriers."""
    return Person.objects.filter(
        in_force(ConsentPurpose.OTHER_CARRIERS),
        programme=programme,
        side=side,
        archived_at__isnull=True,
        site__archived_at__isnull=True,
    )


def sides_beyond(programme: Programme) -> TwoSides:
    """Who is looked at in a round over all carriers. Mentors without a place are there, too: they
    tell »all are taken« from »nobody fits«.
    """
    mentors, mentees = (
        not_spoken_for(programme, known(people_beyond(programme, side)))
        for side in (Side.MENTOR, Side.MENTEE)
    )
    return TwoSides(mentors=mentors, mentees=[one for one in mentees if one.open_places])


def not_spoken_for(programme: Programme, profiles: Iterable[Profile]) -> list[Profile]:
    """People with the places they can offer beyond their network: one query.

    A place that a suggestion of a site's or carrier's own round waits for is taken: what people
    are being asked at home is not upset from elsewhere.
    """
    waiting = Suggestion.objects.filter(
        programme=programme, state=SuggestionState.OPEN, round__programme_round__isnull=True
    ).values_list("mentor_id", "mentee_id")
    spoken_for = Counter(str(pk) for pair in waiting for pk in pair)

    def left(profile: Profile) -> Profile:
        spoken = spoken_for[profile.id]
        return (
            replace(profile, open_places=max(0, profile.open_places - spoken))
            if spoken
            else profile
        )

    return [left(one) for one in profiles]


def suggestions_from_elsewhere(actor: Actor) -> QuerySet[Any]:
    """Open suggestions of rounds over all carriers for own mentors, with mentees the actor does
    not see: the other site decides, and this one knows.
    """
    return (
        Suggestion.objects.filter(
            visible(actor, SEE_MATCHING, Suggestion),
            visible(actor, SEE_MATCHING, Person, prefix="mentor__"),
            state=SuggestionState.OPEN,
            round__programme_round__isnull=False,
        )
        .exclude(visible(actor, SEE_MATCHING, Person, prefix="mentee__"))
        .select_related("mentee__site", "mentor__site", "round")
        .order_by("round__created_at", "position", "pk")
    )


def suggestions_across(actor: Actor, person: Person) -> QuerySet[Any]:
    """Open suggestions of rounds over all carriers for one person, as far as the actor sees."""
    own = {"mentee": person} if person.side == Side.MENTEE else {"mentor": person}
    return (
        Suggestion.objects.filter(
            visible(actor, SEE_MATCHING, Suggestion),
            state=SuggestionState.OPEN,
            round__programme_round__isnull=False,
            **own,
        )
        .select_related("mentee__site", "mentor__site")
        .order_by("pk")
    )
