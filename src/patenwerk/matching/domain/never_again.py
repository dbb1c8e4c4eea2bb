"""Noting that two people shall not be brought together, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.matching.domain.round import close_decided_rounds
from patenwerk.matching.enums import NeverReason, SuggestionState
from patenwerk.matching.models import NeverAgain, Suggestion
from patenwerk.people.domain.person import merged_away, moved_since
from patenwerk.people.enums import Side
from patenwerk.people.models import Person


class CannotNote(Refusal):
    """The pair was not noted."""


def set_never_again(
    *, mentor: Person, mentee: Person, reason: NeverReason, by: Actor, at: datetime
) -> NeverAgain:
    """Note that two people shall never be suggested to each other; belongs to the mentee's site.

    Open suggestions of the two are withdrawn. Raises :class:`CannotNote`.
    """
    with transaction.atomic():
        rows = Person.objects.select_for_update(of=("self",)).filter(pk__in=[mentor.pk, mentee.pk])
        people = {person.pk: person for person in rows.order_by("pk")}
        if any(person.merged_into_id is not None for person in people.values()):
            raise CannotNote(merged_away())
        moved = [each for one in (mentor, mentee) for each in moved_since(one, people[one.pk])]
        if moved:
            raise CannotNote(moved)
        if (mentor.side, mentee.side) != (Side.MENTOR, Side.MENTEE):
            raise CannotNote(
                Reason("sides", _("Please choose one person of each side."), "partner")
            )
        if mentor.programme_id != mentee.programme_id:
            raise CannotNote(
                Reason("programme", _("Both people must belong to this programme."), "partner")
            )
        if NeverAgain.objects.filter(mentor=mentor, mentee=mentee).exists():
            raise CannotNote(Reason("noted", _("This is noted already."), "partner"))
        noted = NeverAgain.objects.create(
            programme_id=mentee.programme_id,
            carrier_id=mentee.carrier_id,
            site_id=mentee.site_id,
            mentor=mentor,
            mentee=mentee,
            reason=reason,
            set_at=at,
            set_by_id=by.user_id,
        )
        lost = Suggestion.objects.filter(mentor=mentor, mentee=mentee, state=SuggestionState.OPEN)
        rounds = set(lost.values_list("round_id", flat=True))
        lost.update(state=SuggestionState.WITHDRAWN, decided_at=at)
        close_decided_rounds(rounds)
        record(
            by=by,
            at=at,
            action="matching.never_again",
            things=[noted],
            details={"reason": str(reason)},
        )
    return noted


def remove_never_again(*, noted: NeverAgain, by: Actor, at: datetime) -> None:
    """Let the two be suggested to each other again."""
    with transaction.atomic():
        record(by=by, at=at, action="matching.allow_again", things=[noted])
        noted.delete()
