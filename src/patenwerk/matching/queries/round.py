"""Rounds, suggestions and waiting people, as far as the actor's grants reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from patenwerk.core.policy import Actor, visible
from patenwerk.jobs.enums import JobState
from patenwerk.matching.enums import RoundState, SuggestionState
from patenwerk.matching.models import LeftOverPerson, NeverAgain, Round, Suggestion
from patenwerk.matching.policy import DECIDE, SEE_MATCHING, START_ROUND
from patenwerk.organisations.models import Carrier, Site
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.tandems.enums import OPEN_STATES
from patenwerk.tandems.models import Participant
from patenwerk.tandems.queries.places import seats_taken


def rounds(actor: Actor) -> QuerySet[Round]:
    """The rounds the actor sees, latest first, with ``open_count``: how many of the suggestions
    the actor sees wait for a decision.
    """
    seen = visible(actor, SEE_MATCHING, Suggestion, prefix="suggestions__")
    waiting = Q(suggestions__state=SuggestionState.OPEN) & seen
    return (
        Round.objects.filter(visible(actor, SEE_MATCHING, Round))
        .select_related("site", "carrier", "job")
        .annotate(open_count=Count("suggestions", filter=waiting, distinct=True))
    )


def state_of(found: Round) -> RoundState:
    """Where a round stands: one whose work was given up has failed, even if nobody wrote it."""
    state = RoundState(found.state)
    if state is RoundState.RUNNING and (
        found.job is None or found.job.state in {JobState.FAILED, JobState.CANCELLED}
    ):
        return RoundState.FAILED
    return state


def suggestions(actor: Actor) -> QuerySet[Suggestion]:
    """The suggestions the actor sees, with both people and their sites."""
    return Suggestion.objects.filter(visible(actor, SEE_MATCHING, Suggestion)).select_related(
        "mentee__site", "mentor__site", "round"
    )


def left_over(actor: Actor) -> QuerySet[LeftOverPerson]:
    """The people left over whom the actor sees, each once."""
    return LeftOverPerson.objects.filter(
        visible(actor, SEE_MATCHING, LeftOverPerson), person__merged_into__isnull=True
    ).select_related("person__site")


def apart(actor: Actor) -> QuerySet[NeverAgain]:
    """The pairs the actor sees that shall not be brought together, each once."""
    return NeverAgain.objects.filter(
        visible(actor, SEE_MATCHING, NeverAgain),
        mentor__merged_into__isnull=True,
        mentee__merged_into__isnull=True,
    ).select_related("mentor__site", "mentee__site")


def waiting_people(actor: Actor, *sides: Side) -> QuerySet[Any]:
    """The people of these sides (mentees, where none is named) with an open place whom the actor
    sees, longest waiting first.

    ``has_suggestion`` says whether a suggestion waits for a decision.
    """
    wanted = sides or (Side.MENTEE,)
    theirs = Q()
    for side in wanted:
        theirs |= Q(**{side.value: OuterRef("pk")})
    seen = visible(actor, SEE_MATCHING, Suggestion)
    proposed = Suggestion.objects.filter(seen, theirs, state=SuggestionState.OPEN)
    return (
        Person.objects.filter(
            visible(actor, SEE_MATCHING, Person),
            side__in=wanted,
            archived_at__isnull=True,
        )
        .annotate(taken=seats_taken(), has_suggestion=Exists(proposed))
        .filter(taken__lt=F("capacity"))
        .select_related("site")
        .order_by("waiting_since", "last_name", "first_name", "pk")
    )


@dataclass(frozen=True, slots=True)
class Startable:
    """The organisations for which the actor may start a round."""

    sites: list[Site]
    carriers: list[Carrier]


def startable(actor: Actor) -> Startable:
    """For which organisations the actor may start a round: two queries."""
    sites = Site.objects.filter(visible(actor, START_ROUND, Site), archived_at__isnull=True)
    carriers = Carrier.objects.filter(
        visible(actor, START_ROUND, Carrier), archived_at__isnull=True
    )
    return Startable(sites=list(sites), carriers=list(carriers))


def requests_of_other_sites(actor: Actor) -> QuerySet[Participant]:
    """Own people whom another site has proposed for a tandem, or asks into a running one, and who
    have not answered yet.
    """
    return (
        Participant.objects.filter(
            visible(actor, DECIDE, Participant),
            tandem__state__in=OPEN_STATES,
            left_on__isnull=True,
            acceptance="open",
        )
        .exclude(tandem__site=F("site"))
        .select_related("person__site", "tandem")
        .prefetch_related("tandem__participants__person__site")
        .order_by("joined_on", "pk")
    )


def counterpart_of(asked: Participant) -> Person:
    """Whom somebody who is asked shall meet: the first of the other side, from the prefetched."""
    everybody = asked.tandem.participants.all()
    return next(row.person for row in everybody if row.side != asked.side and row.left_on is None)
