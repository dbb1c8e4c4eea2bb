"""Deciding about suggestions. A person decides; whoever departs from a suggestion says why.

All decisions lock the people first, in the order of their ids, then the suggestions: of two who
decide about the same person at once one wins and the other reads why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.matching.domain.round import close_decided_rounds
from patenwerk.matching.enums import SuggestionState
from patenwerk.matching.models import NeverAgain, Suggestion
from patenwerk.organisations.models import Site
from patenwerk.people.enums import ConsentPurpose
from patenwerk.people.models import Person
from patenwerk.people.queries.consent import consented
from patenwerk.people.queries.profile import network_key
from patenwerk.tandems.domain.group import ask_to_join
from patenwerk.tandems.domain.tandem import TandemValues, propose_tandem
from patenwerk.tandems.models import Tandem
from patenwerk.tandems.queries.places import free_places, place_for


class CannotDecide(Refusal):
    """Nothing was decided."""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A suggestion that could not be followed, with the reasons."""

    suggestion: Suggestion
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What deciding about several suggestions at once has brought."""

    tandems: list[Tandem]
    not_taken: list[NotTaken]


def never_together(mentor: Person, mentee: Person) -> Iterable[Reason]:
    """Two who shall not meet again are no tandem, whoever proposes it."""
    if NeverAgain.objects.filter(mentor=mentor, mentee=mentee).exists():
        yield Reason("never_again", _("It was noted that these two shall not be brought together."))


def take_suggestion(
    *, suggestion: Suggestion, values: TandemValues, by: Actor, at: datetime
) -> Tandem:
    """Follow a suggestion: the tandem is proposed at the mentee's site, or the mentee is asked to
    join the mentor's running group where that has a free place.

    ``values.why`` may be empty here. Suggestions for whoever has no place left are withdrawn.
    Raises :class:`CannotDecide`, or ``CannotPropose`` with the reasons of tandems.
    """
    with transaction.atomic():
        _lock([suggestion.mentor_id, suggestion.mentee_id])
        tandem = _take(suggestion, values, by, at)
        record(by=by, at=at, action="matching.take", things=[suggestion])
    return tandem


def take_all(
    *, suggestions: Sequence[Suggestion], values: TandemValues, by: Actor, at: datetime
) -> Outcome:
    """Follow several suggestions. Those that are not possible any more are named with their
    reasons, the others are taken.
    """
    outcome = Outcome([], [])
    taken = []
    with transaction.atomic():
        _lock([pk for one in suggestions for pk in (one.mentor_id, one.mentee_id)])
        for suggestion in suggestions:
            try:
                with transaction.atomic():
                    outcome.tandems.append(_take(suggestion, values, by, at))
            except Refusal as refusal:
                outcome.not_taken.append(NotTaken(suggestion, refusal.reasons))
            else:
                taken.append(suggestion)
        if taken:
            record(by=by, at=at, action="matching.take", things=taken)
    return outcome


def decline_suggestion(*, suggestion: Suggestion, why: str, by: Actor, at: datetime) -> None:
    """Leave a suggestion aside for today and say why. Raises :class:`CannotDecide`."""
    with transaction.atomic():
        _lock([suggestion.mentor_id, suggestion.mentee_id])
        _demand_why(why)
        _still_open(suggestion)
        _decline([suggestion.pk], why.strip(), by, at)
        close_decided_rounds([suggestion.round_id])
        record(by=by, at=at, action="matching.decline", things=[suggestion])
    suggestion.refresh_from_db()


def nobody_fits(*, mentee: Person, why: str, by: Actor, at: datetime) -> None:
    """Leave every open suggestion for a mentee aside and say why. Raises :class:`CannotDecide`."""
    with transaction.atomic():
        open_ones = Suggestion.objects.filter(mentee=mentee, state=SuggestionState.OPEN)
        _lock([mentee.pk, *open_ones.values_list("mentor_id", flat=True)])
        _demand_why(why)
        found = list(open_ones)
        if not found:
            raise CannotDecide(
                Reason("nothing_open", _("There is no suggestion to decide about any more."))
            )
        _decline([one.pk for one in found], why.strip(), by, at)
        close_decided_rounds([one.round_id for one in found])
        record(by=by, at=at, action="matching.decline", things=found)


def choose_partner(
    *, mentee: Person, mentor: Person, values: TandemValues, by: Actor, at: datetime
) -> Tandem:
    """Decide for somebody other than suggested, or without any round: ``values.why`` is needed.

    Choosing the very pair that a round suggests is following it. Open suggestions for the mentee
    with others are declined with the same words. Raises :class:`CannotDecide`, or
    ``CannotPropose`` with the reasons of tandems.
    """
    with transaction.atomic():
        _lock([mentor.pk, mentee.pk])
        open_ones = list(Suggestion.objects.filter(mentee=mentee, state=SuggestionState.OPEN))
        followed = [one for one in open_ones if one.mentor_id == mentor.pk]
        if followed:
            return take_suggestion(suggestion=followed[0], values=values, by=by, at=at)
        _demand_why(values.why)
        _demand_that_they_match(mentor, mentee)
        _demand_both_there(mentor.pk, mentee.pk)
        tandem = _bring_together(mentor, mentee, mentee.site, values, by, at)
        _decline([one.pk for one in open_ones], values.why.strip(), by, at)
        _withdraw_for_the_busy([mentor.pk, mentee.pk], at)
        close_decided_rounds([one.round_id for one in open_ones])
        record(by=by, at=at, action="matching.choose", things=[tandem])
    return tandem


def _take(suggestion: Suggestion, values: TandemValues, by: Actor, at: datetime) -> Tandem:
    _still_open(suggestion)
    if suggestion.round.programme_round_id is not None:
        _demand_that_they_match(suggestion.mentor, suggestion.mentee)
    _demand_both_there(suggestion.mentor_id, suggestion.mentee_id)
    tandem = _bring_together(suggestion.mentor, suggestion.mentee, suggestion.site, values, by, at)
    suggestion.state, suggestion.tandem = SuggestionState.TAKEN.value, tandem
    suggestion.decided_at, suggestion.decided_by_id = at, by.user_id
    suggestion.why = values.why.strip()
    suggestion.save()
    _withdraw_for_the_busy([suggestion.mentor_id, suggestion.mentee_id], at)
    close_decided_rounds([suggestion.round_id])
    return tandem


def _bring_together(
    mentor: Person, mentee: Person, site: Site, values: TandemValues, by: Actor, at: datetime
) -> Tandem:
    """A place in the mentor's running group is filled first; else the two are a new tandem.

    Answers the group or the new tandem. A group stays what it is: kind, focus and field said here
    are those of a new tandem only.
    """
    group = place_for(mentor)
    if group is not None:
        ask_to_join(tandem=group, person=mentee, why=values.why, by=by, at=at)
        return group
    return propose_tandem(
        site=site,
        mentors=[mentor],
        mentees=[mentee],
        values=replace(values, why=values.why.strip()),
        by=by,
        at=at,
    )


def _lock(ids: Collection[int]) -> None:
    list(Person.objects.select_for_update().filter(pk__in=set(ids)).order_by("pk"))


def _demand_both_there(mentor_id: int, mentee_id: int) -> None:
    """Refuse where somebody left or was taken, without a name: tandems would say the full one,
    and people of another site are known by their first name until both have said yes.
    """
    people = Person.objects.in_bulk([mentor_id, mentee_id])
    free = free_places({pk: person.capacity for pk, person in people.items()})
    reasons = []
    for pk, gone, full in (
        (
            mentee_id,
            _("The mentee is in the archive."),
            _("The mentee has no free place: somebody has just decided, or a tandem runs."),
        ),
        (
            mentor_id,
            _("Whoever was to accompany is in the archive."),
            _(
                "Whoever was to accompany has no free place: somebody has just decided, or a "
                "tandem runs."
            ),
        ),
    ):
        if people[pk].archived_at is not None:
            reasons.append(Reason("archived", gone))
        elif not free[pk]:
            reasons.append(Reason("no_place", full))
    if reasons:
        raise CannotDecide(reasons)


def _still_open(suggestion: Suggestion) -> None:
    """Bring the suggestion up to date; refuse where somebody was faster."""
    state = Suggestion.objects.select_for_update().values_list("state", flat=True)
    now = state.get(pk=suggestion.pk)
    if now == SuggestionState.TAKEN:
        raise CannotDecide(
            Reason("taken", _("Somebody has just decided: the two are proposed already."))
        )
    if now == SuggestionState.DECLINED:
        raise CannotDecide(
            Reason("declined", _("Somebody has just decided not to follow this suggestion."))
        )
    if now == SuggestionState.WITHDRAWN:
        raise CannotDecide(
            Reason(
                "withdrawn",
                _(
                    "This suggestion is not possible any more: one of the two has no place "
                    "left, or a newer round took over."
                ),
            )
        )
    suggestion.state = now


def _demand_why(why: str) -> None:
    if not why.strip():
        raise CannotDecide(
            Reason("why", _("Please say in one sentence why you decide otherwise."), "why")
        )


def _demand_that_they_match(mentor: Person, mentee: Person) -> None:
    """Within one network, or both have consented to be found by other carriers."""
    both = {mentor.pk, mentee.pk}
    if network_key(mentor) == network_key(mentee):
        return
    if consented(both, ConsentPurpose.OTHER_CARRIERS) != both:
        raise CannotDecide(
            Reason("network", _("The sites of the two do not match together."), "partner")
        )


def _decline(ids: Collection[int], why: str, by: Actor, at: datetime) -> None:
    Suggestion.objects.filter(pk__in=ids).update(
        state=SuggestionState.DECLINED, why=why, decided_at=at, decided_by_id=by.user_id
    )


def _withdraw_for_the_busy(ids: Collection[int], at: datetime) -> None:
    """Open suggestions for people who have no place left lose their object."""
    free = free_places(dict(Person.objects.filter(pk__in=ids).values_list("pk", "capacity")))
    busy = [pk for pk, places in free.items() if not places]
    lost = Suggestion.objects.filter(
        Q(mentor__in=busy) | Q(mentee__in=busy), state=SuggestionState.OPEN
    )
    rounds = set(lost.values_list("round_id", flat=True))
    lost.update(state=SuggestionState.WITHDRAWN, decided_at=at)
    close_decided_rounds(rounds)
