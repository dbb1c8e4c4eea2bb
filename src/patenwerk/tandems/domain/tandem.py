"""Deciding about tandems: propose, answer, start, pause, end, begin again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.organisations.models import Focus, Site, SupportField, TandemKind
from patenwerk.people.domain.person import moved_since
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.tandems.domain.lifecycle import LIFECYCLE
from patenwerk.tandems.enums import OPEN_STATES, Acceptance, EndReason, State
from patenwerk.tandems.models import Participant, Tandem, TandemStep
from patenwerk.tandems.queries.places import places_taken


class CannotPropose(Refusal):
    """The tandem was not proposed."""


class CannotAnswer(Refusal):
    """The answer was not recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TandemValues:
    """What the coordinator decides besides the two people. ``why`` is one sentence."""

    kind: TandemKind
    focus: Focus
    field: SupportField
    why: str = ""
    expected_end_on: date | None = None


#: What higher apps have against a pair (pairs that shall never be suggested again).
PairGuard = Callable[[Person, Person], Iterable[Reason]]
_pair_guards: list[PairGuard] = []


def add_pair_guard(guard: PairGuard) -> None:
    """Let a higher app refuse a mentor and mentee. Adding the same guard twice adds it once."""
    if guard not in _pair_guards:
        _pair_guards.append(guard)


def propose_tandem(
    *,
    site: Site,
    mentor: Person,
    mentee: Person,
    values: TandemValues,
    by: Actor,
    at: datetime,
    previous: Tandem | None = None,
) -> Tandem:
    """Decide that two people shall meet. From now on the tandem takes a place of each.

    ``site`` is the lead site. Locks both persons in the order of their ids, so that of two
    coordinators deciding about the same person at once one wins and the other reads why. Raises
    :class:`CannotPropose` with all reasons.
    """
    people = {
        person.pk: person
        for person in Person.objects.select_for_update()
        .filter(pk__in=[mentor.pk, mentee.pk])
        .order_by("pk")
    }
    seen = (mentor, mentee)
    mentor, mentee = people[mentor.pk], people[mentee.pk]
    reasons = [
        *(reason for person in seen for reason in moved_since(person, people[person.pk])),
        *_wrong_people(site, mentor, mentee),
        *_wrong_words(site, values, on=day_of(at)),
        *_no_place(mentor, mentee),
        *(reason for guard in _pair_guards for reason in guard(mentor, mentee)),
    ]
    if reasons:
        raise CannotPropose(reasons)
    tandem = Tandem.objects.create(
        programme_id=site.programme_id,
        carrier_id=site.carrier_id,
        site=site,
        kind=values.kind,
        focus=values.focus,
        field=values.field,
        why=values.why,
        expected_end_on=values.expected_end_on,
        episode=1 if previous is None else previous.episode + 1,
        previous=previous,
        created_at=at,
    )
    Participant.objects.bulk_create(
        Participant(
            tandem=tandem,
            person=person,
            side=side,
            programme_id=person.programme_id,
            carrier_id=person.carrier_id,
            site_id=person.site_id,
            joined_on=day_of(at),
        )
        for person, side in ((mentor, Side.MENTOR), (mentee, Side.MENTEE))
    )
    TandemStep.objects.create(
        tandem=tandem,
        programme_id=tandem.programme_id,
        carrier_id=tandem.carrier_id,
        site_id=tandem.site_id,
        step="propose",
        from_state="",
        to_state=State.PROPOSED,
        by_id=by.user_id,
        at=at,
        note=values.why,
    )
    record(by=by, at=at, action="tandems.propose", things=[tandem])
    return tandem


def _wrong_people(site: Site, mentor: Person, mentee: Person) -> Iterable[Reason]:
    if mentor.side != Side.MENTOR or mentee.side != Side.MENTEE:
        yield Reason("sides", _("A tandem needs one who accompanies and one who is accompanied."))
    if {mentor.programme_id, mentee.programme_id} != {site.programme_id}:
        yield Reason("other_programme", _("Both people must belong to this programme."))
    for person in (mentor, mentee):
        if person.archived_at is not None:
            yield Reason(
                "archived",
                _("%(name)s is in the archive. Please bring the person back first.")
                % {"name": person.full_name},
            )


def _wrong_words(site: Site, values: TandemValues, *, on: date) -> Iterable[Reason]:
    words = (("kind", values.kind), ("focus", values.focus), ("field", values.field))
    for field, word in words:
        if word.programme_id != site.programme_id or not word.is_active:
            yield Reason(f"{field}_unknown", _("Please choose one of those shown."), field)
    starts, ends = values.focus.starts_on, values.focus.ends_on
    if on < starts or (ends is not None and on > ends):
        yield Reason("focus_not_in_force", _("This focus is not in force today."), "focus")
    if values.expected_end_on is not None and values.expected_end_on <= on:
        yield Reason(
            "expected_end", _("The expected end must lie in the future."), "expected_end_on"
        )


def _no_place(mentor: Person, mentee: Person) -> Iterable[Reason]:
    taken = places_taken([mentor.pk, mentee.pk])
    for person in (mentor, mentee):
        if taken.get(person.pk, 0) >= person.capacity:
            yield Reason(
                "no_place",
                _("%(name)s has no free place: somebody has just decided, or a tandem runs.")
                % {"name": person.full_name},
            )
    together = Tandem.objects.filter(state__in=OPEN_STATES, participants__person=mentor).filter(
        participants__person=mentee
    )
    if together.exists():
        yield Reason("together", _("The two are a tandem already."))


def record_answer(
    *, participant: Participant, acceptance: Acceptance, by: Actor, at: datetime
) -> Tandem:
    """Record what one side says to the proposal.

    With the last yes the tandem is agreed; a no ends it with the reason ``declined``. A yes can
    become a no while the tandem is a proposal. Raises :class:`CannotAnswer`.
    """
    tandem = Tandem.objects.select_for_update().get(pk=participant.tandem_id)
    if tandem.state != State.PROPOSED:
        raise CannotAnswer(
            Reason("not_proposed", _("This is no proposal any more. Please look again."))
        )
    if acceptance is Acceptance.OPEN:
        raise CannotAnswer(Reason("open", _("Please choose yes or no."), "acceptance"))
    participant.acceptance, participant.answered_on = acceptance, day_of(at)
    participant.save(update_fields=["acceptance", "answered_on"])
    record(
        by=by,
        at=at,
        action="tandems.answer",
        things=[tandem],
        details={"participant": participant.pk, "acceptance": str(acceptance)},
    )
    if acceptance is Acceptance.DECLINED:
        end_tandem(
            tandem=tandem, reason=EndReason.DECLINED, ended_on=day_of(at), note="", by=by, at=at
        )
    elif not tandem.participants.exclude(acceptance=Acceptance.ACCEPTED).exists():
        take_step(tandem=tandem, step="agree", by=by, at=at)
    return tandem


def take_step(*, tandem: Tandem, step: str, by: Actor, at: datetime, note: str = "") -> TandemStep:
    """Take one of the steps that need nothing said but a note. Raises ``CannotMove``."""
    taken = LIFECYCLE.move(tandem, step, by=by, at=at, note=note)
    record(by=by, at=at, action=f"tandems.{step}", things=[tandem])
    return TandemStep.objects.get(pk=taken.pk)


def end_tandem(
    *,
    tandem: Tandem,
    reason: EndReason | str,
    ended_on: date | None,
    note: str,
    by: Actor,
    at: datetime,
) -> None:
    """End a tandem on a day, with a coded reason. Raises ``CannotMove`` with all reasons.

    Everybody who still takes part leaves with that day, and their places are free again.
    """
    with transaction.atomic():
        LIFECYCLE.move(
            tandem,
            "end",
            by=by,
            at=at,
            reason=str(reason),
            note=note,
            facts={"reason": reason, "ended_on": ended_on},
            changes={"ended_on": ended_on, "end_reason": str(reason)},
        )
        for row in tandem.participants.filter(left_on__isnull=True):
            row.left_on = max(ended_on or row.joined_on, row.joined_on)
            row.save(update_fields=["left_on"])
        record(by=by, at=at, action="tandems.end", things=[tandem], details={"reason": str(reason)})


def went_elsewhere() -> Reason:
    """Why an ended tandem does not begin again where it was led."""
    return Reason(
        "went_elsewhere",
        _("One of the two belongs to another site now. That site can bring them together again."),
    )


def restart_tandem(*, tandem: Tandem, values: TandemValues, by: Actor, at: datetime) -> Tandem:
    """Begin again with the same two people: a new episode, asked and accepted anew.

    Raises :class:`CannotPropose`: the earlier episode must have ended, and only its last one is
    continued.
    """
    if tandem.state != State.ENDED:
        raise CannotPropose(Reason("not_ended", _("Only an ended tandem can begin again.")))
    if Tandem.objects.filter(previous=tandem).exists():
        raise CannotPropose(Reason("continued", _("This tandem has begun again already.")))
    people: Sequence[Participant] = list(tandem.participants.select_related("person"))
    if any(row.site_id != row.person.site_id for row in people):
        raise CannotPropose(went_elsewhere())
    by_side = {row.side: row.person for row in people}
    return propose_tandem(
        site=tandem.site,
        mentor=by_side[Side.MENTOR],
        mentee=by_side[Side.MENTEE],
        values=values,
        previous=tandem,
        by=by,
        at=at,
    )
