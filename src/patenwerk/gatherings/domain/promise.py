"""What a circle decides and promises: writing it down, and telling what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.core.sheets.words import fold
from patenwerk.gatherings.domain.promise_steps import COMMITMENT_STEPS, DECISION_STEPS
from patenwerk.gatherings.enums import EDITABLE, CommitmentKind, CommitmentState
from patenwerk.gatherings.models import (
    Commitment,
    Decision,
    Gathering,
    Minutes,
    Progress,
    Section,
)
from patenwerk.organisations.models import Account, Carrier, RoleGrant


class CannotRecord(Refusal):
    """The decision or promise was not written down."""


class CannotTell(Refusal):
    """What happened since was not written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentValues:
    """What somebody promises.

    ``of_carrier`` is the carrier that promises, empty for the organisers themselves; ``partners``
    share a joint activity with it. ``owner`` is a name, ``account`` whose inbox gets reminders.
    ``decision`` is what the promise carries out.
    """

    kind: CommitmentKind
    text: str
    owner: str = ""
    account: Account | None = None
    of_carrier: Carrier | None = None
    partners: Sequence[Carrier] = ()
    due_on: date | None = None
    decision: Decision | None = None


def words_of(*texts: str) -> str:
    """The folded words of texts, each after a space, as the register searches them."""
    return f" {fold(' '.join(texts))}"


# ------------------------------------------------------------------ decisions


def record_decision(
    *,
    gathering: Gathering,
    section: Section | None,
    text: str,
    grounds: str,
    by: Actor,
    at: datetime,
) -> Decision:
    """Write down a decision of a gathering, with the next number of that gathering.

    It was decided on the gathering's day (the last one before ``at``, where it lasts several).
    Needs an open transaction. Raises :class:`CannotRecord` without words, with a section of
    other minutes, and when the minutes cannot be edited any more.
    """
    gathering = Gathering.objects.select_for_update().get(pk=gathering.pk)
    _refuse([*_no_words(text), *_not_in_these_minutes(gathering, section)])
    last = gathering.decisions.aggregate(last=Max("number"))["last"] or 0
    decision = Decision.objects.create(
        **gathering.organiser_columns,
        gathering=gathering,
        section=section,
        number=last + 1,
        text=text.strip(),
        grounds=grounds.strip(),
        decided_on=day_of(min(max(at, gathering.starts_at), gathering.ends_at)),
        words=words_of(text, grounds),
    )
    record(by=by, at=at, action="gatherings.decide", things=[decision])
    return decision


def change_decision(
    *, decision: Decision, text: str, grounds: str, by: Actor, at: datetime
) -> None:
    """Word a decision differently while its minutes are still written.

    Raises :class:`CannotRecord`.
    """
    _refuse([*_no_words(text), *_not_in_these_minutes(decision.gathering, None)])
    decision.text, decision.grounds = text.strip(), grounds.strip()
    decision.words = words_of(text, grounds)
    decision.save(update_fields=["text", "grounds", "words"])
    record(by=by, at=at, action="gatherings.change_decision", things=[decision])


def remove_decision(*, decision: Decision, by: Actor, at: datetime) -> None:
    """Take back what was written down by mistake, while the minutes are still written.

    Promises that named it stay. Raises :class:`CannotRecord`, also when it replaced another
    decision: that one has to be put in force again first.
    """
    reasons = [*_not_in_these_minutes(decision.gathering, None)]
    if decision.replaces.exists():
        sentence = _("It replaces an earlier decision. Please put that one in force again first.")
        reasons.append(Reason("replaces", sentence))
    _refuse(reasons)
    record(by=by, at=at, action="gatherings.remove_decision", things=[decision])
    decision.delete()


def move_decision(
    *,
    decision: Decision,
    step: str,
    note: str,
    by: Actor,
    at: datetime,
    replaced_by: Decision | None = None,
) -> None:
    """Say what a decision is worth now: carried out, replaced, withdrawn, in force again.

    ``replaced_by`` is said with the step ``replace``. Needs an open transaction. Raises
    ``CannotMove`` with all reasons.
    """
    successor = replaced_by if step == "replace" else None
    DECISION_STEPS.move(
        decision,
        step,
        by=by,
        at=at,
        note=note.strip(),
        facts={"note": note, "replaced_by": successor},
        changes={"replaced_by": successor},
    )
    record(by=by, at=at, action=f"gatherings.decision_{step}", things=[decision])


# ------------------------------------------------------------------ promises


def record_commitment(
    *,
    gathering: Gathering,
    section: Section | None,
    values: CommitmentValues,
    by: Actor,
    at: datetime,
) -> Commitment:
    """Write down what somebody promised in a gathering: a task or a joint activity.

    Needs an open transaction. Raises :class:`CannotRecord` with all reasons: no words, carriers
    or a person of another programme, a joint activity alone, a day before the gathering, minutes
    that cannot be edited any more.
    """
    _refuse(
        [*_wrong_promise(gathering, values), *_not_in_these_minutes(gathering, section)],
    )
    commitment = Commitment(
        **gathering.organiser_columns,
        gathering=gathering,
        section=section,
        series_id=gathering.series_id,
        created_at=at,
    )
    _write(commitment, values)
    record(by=by, at=at, action="gatherings.promise", things=[commitment])
    return commitment


def change_commitment(
    *, commitment: Commitment, values: CommitmentValues, by: Actor, at: datetime
) -> None:
    """Write a promise down differently: another owner, another day, better words.

    Possible as long as it is open, also after the minutes: people change, and days move. Raises
    :class:`CannotRecord`.
    """
    reasons = [*_wrong_promise(commitment.gathering, values)]
    if commitment.state != CommitmentState.OPEN:
        reasons.append(Reason("settled", _("This promise is settled. Please take it up again.")))
    _refuse(reasons)
    _write(commitment, values)
    record(by=by, at=at, action="gatherings.change_promise", things=[commitment])


def remove_commitment(*, commitment: Commitment, by: Actor, at: datetime) -> None:
    """Take back what was written down by mistake, while the minutes are still written.

    Raises :class:`CannotRecord`: afterwards a promise is dropped with words, never removed.
    """
    _refuse(_not_in_these_minutes(commitment.gathering, None))
    record(by=by, at=at, action="gatherings.remove_promise", things=[commitment])
    commitment.delete()


def settle_commitment(
    *, commitment: Commitment, step: str, note: str, by: Actor, at: datetime
) -> None:
    """Say that a promise is done, dropped, or taken up again; what is said stays as its note.

    Needs an open transaction. Raises ``CannotMove``: dropping needs words.
    """
    settled_on = None if step == "resume" else day_of(at)
    COMMITMENT_STEPS.move(
        commitment,
        step,
        by=by,
        at=at,
        note=note.strip(),
        facts={"note": note},
        changes={"settled_on": settled_on},
    )
    record(by=by, at=at, action=f"gatherings.promise_{step}", things=[commitment])


def tell_progress(*, commitment: Commitment, text: str, by: Actor, at: datetime) -> Progress:
    """Write down what happened to an open promise since. Raises :class:`CannotTell`."""
    if not text.strip():
        raise CannotTell(Reason("no_words", _("Please say in a few words what happened."), "text"))
    if commitment.state != CommitmentState.OPEN:
        sentence = _("This promise is settled. Please take it up again.")
        raise CannotTell(Reason("settled", sentence))
    told = Progress.objects.create(
        **commitment.organiser_columns,
        commitment=commitment,
        text=text.strip(),
        at=at,
        by_id=by.user_id,
    )
    record(by=by, at=at, action="gatherings.tell_progress", things=[commitment])
    return told


# ------------------------------------------------------------------ what may stand in the way


def _refuse(reasons: Iterable[Reason]) -> None:
    found = list(reasons)
    if found:
        raise CannotRecord(found)


def _no_words(text: str) -> Iterable[Reason]:
    if not text.strip():
        yield Reason("no_words", _("Please say what was agreed."), "text")


def _not_in_these_minutes(gathering: Gathering, section: Section | None) -> Iterable[Reason]:
    minutes = Minutes.objects.filter(gathering=gathering).first()
    if section is not None and (minutes is None or section.minutes_id != minutes.pk):
        yield Reason("other_minutes", _("This section belongs to other minutes."))
    if minutes is not None and minutes.state not in EDITABLE:
        yield Reason(
            "minutes_sent",
            _("The minutes are sent. What they say changes by an objection or a correction."),
        )


def _wrong_promise(gathering: Gathering, values: CommitmentValues) -> Iterable[Reason]:
    yield from _no_words(values.text)
    parties = [carrier for carrier in (values.of_carrier, *values.partners) if carrier is not None]
    if any(carrier.programme_id != gathering.programme_id for carrier in parties):
        sentence = _("Please choose carriers of this programme.")
        yield Reason("other_programme", sentence, "of_carrier")
    if len({carrier.pk for carrier in parties}) < len(parties):
        yield Reason("twice", _("Please name every carrier once."), "partners")
    if values.kind == CommitmentKind.ACTIVITY and not values.partners:
        sentence = _("A joint activity needs a partner. Alone it is a task.")
        yield Reason("alone", sentence, "partners")
    if values.kind == CommitmentKind.TASK and values.partners:
        sentence = _("A task has one owner. With partners it is a joint activity.")
        yield Reason("task_with_partners", sentence, "partners")
    if values.due_on is not None and values.due_on < day_of(gathering.starts_at):
        yield Reason("due_before", _("This day is before the gathering."), "due_on")
    if values.account is not None and not _works_in(values.account, gathering):
        yield Reason("other_account", _("This person has no role in this programme."), "account")
    if values.decision is not None and values.decision.programme_id != gathering.programme_id:
        yield Reason("other_decision", _("Please choose a decision of this circle."), "decision")


def _works_in(account: Account, gathering: Gathering) -> bool:
    return RoleGrant.objects.filter(
        account=account, programme=gathering.programme_id, valid_to__isnull=True
    ).exists()


def _write(commitment: Commitment, values: CommitmentValues) -> None:
    commitment.kind = values.kind.value
    commitment.text = values.text.strip()
    commitment.owner = values.owner.strip()
    commitment.account = values.account
    commitment.of_carrier = values.of_carrier
    commitment.due_on = values.due_on
    commitment.decision = values.decision
    commitment.words = words_of(values.text, values.owner)
    commitment.save()
    commitment.partners.set(values.partners)
