"""Deciding about tandems: propose, answer, start, pause, end, begin again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import product

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.organisations.models import Focus, Site, SupportField, TandemKind
from patenwerk.people.domain.person import HasMoved, moved_since
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.tandems.domain.lifecycle import LIFECYCLE, needs_consent, needs_record_check
from patenwerk.tandems.enums import MEETING_STATES, OPEN_STATES, Acceptance, EndReason, State
from patenwerk.tandems.models import Participant, Tandem, TandemStep
from patenwerk.tandems.queries.participant import at_the_end, there_now, waiting
from patenwerk.tandems.queries.places import places_taken
from patenwerk.tandems.queries.protection import (
    minors_without_consent,
    minors_without_valid_check,
)


class CannotPropose(Refusal):
    """The tandem was not proposed."""


class CannotAnswer(Refusal):
    """The answer was not recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TandemValues:
    """What the coordinator decides besides the people. ``why`` is one sentence.

    ``name`` is what a group is called, ``places`` how many mentees it takes; ``None``: as many as
    are proposed, so that nobody is added to a family unasked.
    """

    kind: TandemKind
    focus: Focus
    field: SupportField
    why: str = ""
    expected_end_on: date | None = None
    name: str = ""
    places: int | None = None


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
    mentors: Sequence[Person],
    mentees: Sequence[Person],
    values: TandemValues,
    by: Actor,
    at: datetime,
    substitutes: Sequence[Person] = (),
    previous: Tandem | None = None,
) -> Tandem:
    """Decide that people shall meet. From now on the tandem takes a place of each.

    ``site`` is the lead site. ``substitutes`` stand in for the mentors: they are asked, too, and
    need no place. Locks everybody in the order of the ids, so that of two coordinators deciding
    about the same person at once one wins and the other reads why. Raises :class:`CannotPropose`
    with all reasons.
    """
    locked = locked_people([*mentors, *mentees, *substitutes])
    mentors, mentees, substitutes = (
        [locked[person.pk] for person in people] for people in (mentors, mentees, substitutes)
    )
    places = len(mentees) if values.places is None else values.places
    reasons = [
        *_wrong_people(site, mentors, mentees, substitutes),
        *wrong_size(values.kind, places, len(mentees)),
        *_wrong_words(site, values, on=day_of(at)),
        *no_capacity([*mentors, *mentees]),
        *apart([*mentors, *substitutes], mentees),
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
        name=values.name.strip(),
        places=places,
        why=values.why,
        expected_end_on=values.expected_end_on,
        episode=1 if previous is None else previous.episode + 1,
        previous=previous,
        created_at=at,
    )
    Participant.objects.bulk_create(
        participant_of(tandem, person, at, is_substitute=stands_in)
        for people, stands_in in ((mentors, False), (mentees, False), (substitutes, True))
        for person in people
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


def locked_people(people: Iterable[Person]) -> dict[int, Person]:
    """The people as they are now, by id, locked in the order of the ids.

    Raises ``HasMoved`` where somebody is at another site than when they were looked at.
    """
    seen = {person.pk: person for person in people}
    rows = Person.objects.select_for_update(of=("self",)).filter(pk__in=seen).order_by("pk")
    now = {person.pk: person for person in rows}
    moved = [reason for pk, person in now.items() for reason in moved_since(seen[pk], person)]
    if moved:
        raise HasMoved(moved)
    return now


def participant_of(
    tandem: Tandem, person: Person, at: datetime, *, is_substitute: bool
) -> Participant:
    """Somebody who is asked from today on; not saved yet."""
    return Participant(
        tandem=tandem,
        person=person,
        side=person.side,
        is_substitute=is_substitute,
        programme_id=person.programme_id,
        carrier_id=person.carrier_id,
        site_id=person.site_id,
        joined_on=day_of(at),
    )


def _wrong_people(
    site: Site,
    mentors: Collection[Person],
    mentees: Collection[Person],
    substitutes: Collection[Person],
) -> Iterable[Reason]:
    accompany = [*mentors, *substitutes]
    sides_fit = {person.side for person in accompany} == {Side.MENTOR} and {
        person.side for person in mentees
    } == {Side.MENTEE}
    if not (mentors and sides_fit):
        yield Reason("sides", _("A tandem needs one who accompanies and one who is accompanied."))
    ids = [person.pk for person in (*accompany, *mentees)]
    if len(set(ids)) < len(ids):
        yield Reason("twice", _("Please choose each person once."))
    for person in (*accompany, *mentees):
        yield from not_fit_for(site.programme_id, person)


def not_fit_for(programme_id: int, person: Person) -> Iterable[Reason]:
    """What keeps a person out of every tandem of a programme."""
    if person.programme_id != programme_id:
        yield Reason("other_programme", _("Everybody must belong to this programme."))
    if person.archived_at is not None:
        yield Reason(
            "archived",
            _("%(name)s is in the archive. Please bring the person back first.")
            % {"name": person.full_name},
        )


def wrong_size(kind: TandemKind, places: int, mentees: int) -> Iterable[Reason]:
    """A group has the size its kind allows, and a place for everybody who is in it."""
    most = kind.most_mentees
    if mentees > most and most == 1:
        yield Reason(
            "kind_for_two",
            _("This kind of tandem is for one who is accompanied. Please choose another kind."),
            "kind",
        )
    elif max(mentees, places) > most:
        yield Reason(
            "group_too_large",
            _("In a tandem of this kind at most %(most)d are accompanied.") % {"most": most},
            "places",
        )
    if places < max(mentees, 1):
        yield Reason("places", _("The group needs a place for everybody who is in it."), "places")


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


def no_capacity(people: Collection[Person]) -> Iterable[Reason]:
    """Who has no place left for one more tandem."""
    taken = places_taken([person.pk for person in people])
    for person in people:
        if taken.get(person.pk, 0) >= person.capacity:
            yield Reason(
                "no_place",
                _("%(name)s has no free place: somebody has just decided, or a tandem runs.")
                % {"name": person.full_name},
            )


def apart(mentors: Sequence[Person], mentees: Sequence[Person]) -> Iterable[Reason]:
    """What stands between any two of them: they are a tandem already, or what higher apps know."""
    running = Participant.objects.filter(tandem__state__in=OPEN_STATES, left_on__isnull=True)
    theirs = running.filter(person__in=[person.pk for person in mentors]).values("tandem")
    if running.filter(tandem__in=theirs, person__in=[person.pk for person in mentees]).exists():
        yield Reason("together", _("The two are a tandem already."))
    seen = set()
    for mentor, mentee in product(mentors, mentees):
        for reason in (each for guard in _pair_guards for each in guard(mentor, mentee)):
            if reason.code not in seen:
                seen.add(reason.code)
                yield reason


def record_answer(
    *, participant: Participant, acceptance: Acceptance, by: Actor, at: datetime
) -> Tandem:
    """Record what somebody says to the proposal, or to being asked into a running group.

    With the last yes the tandem is agreed. A no ends a proposal with the reason ``declined`` where
    it leaves a side empty; otherwise the others stay and this one leaves. A yes can become a no
    while the tandem is a proposal. Raises :class:`CannotAnswer`.
    """
    tandem = Tandem.objects.select_for_update().get(pk=participant.tandem_id)
    row = Participant.objects.select_related("person").get(pk=participant.pk)
    reasons = list(_against_answering(tandem, row, acceptance, at))
    if reasons:
        raise CannotAnswer(reasons)
    participant.acceptance, participant.answered_on = acceptance, day_of(at)
    if tandem.state != State.PROPOSED:
        participant.joined_on = day_of(at)
    participant.save(update_fields=["acceptance", "answered_on", "joined_on"])
    record(
        by=by,
        at=at,
        action="tandems.answer",
        things=[tandem],
        details={"participant": participant.pk, "acceptance": str(acceptance)},
    )
    if acceptance is Acceptance.DECLINED and _leaves_a_side_empty(tandem, participant):
        end_tandem(
            tandem=tandem, reason=EndReason.DECLINED, ended_on=day_of(at), note="", by=by, at=at
        )
        return tandem
    if acceptance is Acceptance.DECLINED:
        participant.left_on = day_of(at)
        participant.save(update_fields=["left_on"])
    if tandem.state == State.PROPOSED and not waiting(tandem).exists():
        take_step(tandem=tandem, step="agree", by=by, at=at)
    return tandem


def _against_answering(
    tandem: Tandem, row: Participant, acceptance: Acceptance, at: datetime
) -> Iterable[Reason]:
    asked = tandem.state == State.PROPOSED or (
        tandem.state in OPEN_STATES and row.acceptance == Acceptance.OPEN
    )
    if not asked or row.left_on is not None:
        yield Reason("not_proposed", _("This is no proposal any more. Please look again."))
    if acceptance is Acceptance.OPEN:
        yield Reason("open", _("Please choose yes or no."), "acceptance")
    if acceptance is Acceptance.ACCEPTED and tandem.state in MEETING_STATES:
        here = there_now(tandem).filter(acceptance=Acceptance.ACCEPTED).select_related("person")
        for mentor in minors_without_valid_check(
            [*(one.person for one in here), row.person], on=day_of(at)
        ):
            yield needs_record_check(mentor)
        for person in minors_without_consent([row.person], on=day_of(at)):
            yield needs_consent(person)


def _leaves_a_side_empty(tandem: Tandem, participant: Participant) -> bool:
    """Whether nobody of the side is left without this one; who stands in is no help."""
    same = there_now(tandem).filter(side=participant.side, is_substitute=False)
    return not participant.is_substitute and not same.exclude(pk=participant.pk).exists()


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
        _("Somebody belongs to another site now. That site can bring these people together again."),
    )


def restart_tandem(*, tandem: Tandem, values: TandemValues, by: Actor, at: datetime) -> Tandem:
    """Begin again with the same people: a new episode, asked and accepted anew.

    Raises :class:`CannotPropose`: the earlier episode must have ended, and only its last one is
    continued.
    """
    if tandem.state != State.ENDED:
        raise CannotPropose(Reason("not_ended", _("Only an ended tandem can begin again.")))
    if Tandem.objects.filter(previous=tandem).exists():
        raise CannotPropose(Reason("continued", _("This tandem has begun again already.")))
    last = at_the_end(tandem, tandem.participants.select_related("person"))
    if any(row.site_id != row.person.site_id for row in last):
        raise CannotPropose(went_elsewhere())
    accompany = [row for row in last if row.side == Side.MENTOR]
    mentees = [row.person for row in last if row.side == Side.MENTEE]
    return propose_tandem(
        site=tandem.site,
        mentors=[row.person for row in accompany if not row.is_substitute],
        mentees=mentees,
        substitutes=[row.person for row in accompany if row.is_substitute],
        values=replace(
            values, name=values.name or tandem.name, places=max(tandem.places, len(mentees))
        ),
        previous=tandem,
        by=by,
        at=at,
    )
