"""What carriers object to in minutes, and what the organisers answer."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.gatherings.domain.answer_mail import tell_objector
from patenwerk.gatherings.domain.minutes_steps import MINUTES_STEPS
from patenwerk.gatherings.enums import MinutesState, ObjectionState
from patenwerk.gatherings.models import Minutes, Objection, Section
from patenwerk.organisations.models import Carrier

#: Minutes can be objected to.
OPEN_TO_OBJECTIONS = frozenset({MinutesState.SENT, MinutesState.OBJECTED})


class CannotObject(Refusal):
    """The objection was not taken down."""


class CannotAnswer(Refusal):
    """The answer was not taken down."""


def objection_refusals(minutes: Minutes, at: datetime) -> list[Reason]:
    """Every reason why nobody can object now; buttons ask the same."""
    until = minutes.objections_until
    if minutes.state not in OPEN_TO_OBJECTIONS:
        return [Reason("not_now", _("These minutes cannot be objected to now."))]
    if until is not None and day_of(at) > until:
        return [Reason("too_late", _("The term for objections is over."))]
    return []


def raise_objection(
    *,
    minutes: Minutes,
    section: Section | None,
    of_carrier: Carrier,
    text: str,
    by: Actor,
    at: datetime,
) -> Objection:
    """Take down what a carrier wants different, in one section or in the minutes as a whole.

    The first one stops the way to approval. Needs an open transaction. Raises
    :class:`CannotObject` with all reasons.
    """
    locked = Minutes.objects.select_for_update(of=("self",)).get(pk=minutes.pk)
    reasons = objection_refusals(locked, at)
    if not text.strip():
        reasons.append(Reason("no_words", _("Please say what should be different."), "text"))
    if section is not None and section.minutes_id != locked.pk:
        reasons.append(Reason("other_minutes", _("This section belongs to other minutes.")))
    if of_carrier.programme_id != locked.programme_id:
        sentence = _("Please choose a carrier of this programme.")
        reasons.append(Reason("other_programme", sentence, "of_carrier"))
    if reasons:
        raise CannotObject(reasons)
    if locked.state == MinutesState.SENT:
        MINUTES_STEPS.move(minutes, "object", by=by, at=at)
    objection = Objection.objects.create(
        **locked.organiser_columns,
        minutes=locked,
        section=section,
        of_carrier=of_carrier,
        text=text.strip(),
        raised_at=at,
        raised_by_id=by.user_id,
    )
    record(by=by, at=at, action="gatherings.object_to_minutes", things=[objection])
    return objection


def answer_objection(
    *, objection: Objection, state: ObjectionState, answer: str, by: Actor, at: datetime
) -> None:
    """Accept or reject an objection in words; the text of the minutes is changed by hand.

    Who objected is told by mail. Needs an open transaction. Raises :class:`CannotAnswer` without
    words, and when it has been answered: the first answer counts.
    """
    locked = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    reasons = []
    if locked.state != ObjectionState.OPEN:
        reasons.append(Reason("answered", _("This objection has been answered already.")))
    if not answer.strip():
        reasons.append(Reason("no_words", _("Please answer in a few words."), "answer"))
    if state == ObjectionState.OPEN:
        reasons.append(Reason("no_answer", _("Please accept or reject the objection."), "state"))
    if reasons:
        raise CannotAnswer(reasons)
    locked.state, locked.answer, locked.answered_at = state.value, answer.strip(), at
    locked.save(update_fields=["state", "answer", "answered_at"])
    record(by=by, at=at, action="gatherings.answer_objection", things=[locked])
    tell_objector(locked, by=by, at=at)
