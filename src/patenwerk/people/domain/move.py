"""A person moves to another site: proposed with a consent, accepted there, and then everything goes
along.

All decisions lock the sites, then the person's entries in the order of their ids, then the move:
of two who decide at once one wins and the other reads why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.organisations.models import Site
from patenwerk.people.domain.merging import movers, rescope
from patenwerk.people.domain.move_mail import tell_of_decision, tell_of_proposal
from patenwerk.people.domain.person import ArchivingGuard, locked_person, merged_away, search_text
from patenwerk.people.enums import ConsentPurpose, MoveState
from patenwerk.people.models import (
    BatchRow,
    Consent,
    Merge,
    Move,
    Person,
    PersonFingerprint,
    PossibleDuplicate,
)
from patenwerk.people.queries.move import usable_consent


class CannotPropose(Refusal):
    """The move was not proposed."""


class CannotDecide(Refusal):
    """Nothing was decided about the move."""


@transaction.atomic
def propose_move(*, person: Person, to_site: Site, why: str, by: Actor, at: datetime) -> Move:
    """Ask another site of the programme to take a person in. Until it does, nothing changes.

    Its coordinators are mailed; those of the present site are, when it is decided.

    Raises :class:`CannotPropose` with every reason: archived or merged away, a move waits already,
    the same site, another programme, an archived site, no consent to this move, no sentence why.
    ``HasMoved`` where the person is at another site by now.
    """
    person = locked_person(person)
    reasons = [
        *_not_here(person),
        *_open_already(person),
        *_wrong_site(person, to_site),
        *_without_consent(person, to_site),
        *_unsaid(why, "why", _("Please say in one sentence why the person moves.")),
    ]
    if reasons:
        raise CannotPropose(reasons)
    move = Move.objects.create(
        programme_id=person.programme_id,
        carrier_id=person.carrier_id,
        site_id=person.site_id,
        person=person,
        to_carrier_id=to_site.carrier_id,
        to_site=to_site,
        consent=usable_consent(person, to_site),
        why=why.strip(),
        proposed_at=at,
        proposed_by_id=by.user_id,
    )
    record(by=by, at=at, action="people.propose_move", things=[move], details=_places(move))
    tell_of_proposal(move, by, at)
    return move


@transaction.atomic
def accept_move(*, move: Move, answer: str, by: Actor, at: datetime) -> Person:
    """Take a person in: it belongs to the receiving site from now on, with all that hangs on it.

    Open tandems stay where they are led; what is over stays as it was. The number in the list of
    the old site means nothing here and is dropped. Raises :class:`CannotDecide` with every reason.
    """
    site = _locked_sites(move)[move.to_site_id]
    entries = _locked_entries(move.person_id)
    move = _locked_move(move)
    reasons = [*_not_open(move), *_archived(site)]
    if reasons:
        raise CannotDecide(reasons)
    for mover in movers():
        mover.go_along(entries, site, at)
    _remember_there(entries, site)
    for entry in entries:
        entry.carrier_id, entry.site_id, entry.file_id = site.carrier_id, site.pk, ""
        entry.search_text = search_text(entry.first_name, entry.last_name, "", entry.postcode)
        entry.save(update_fields=["carrier", "site", "file_id", "search_text"])
    _decide(move, MoveState.ACCEPTED, answer, by, at)
    record(by=by, at=at, action="people.accept_move", things=[move], details=_places(move))
    return next(entry for entry in entries if entry.pk == move.person_id)


@transaction.atomic
def decline_move(*, move: Move, answer: str, by: Actor, at: datetime) -> None:
    """Leave a person where it is, with a sentence why. Raises :class:`CannotDecide`."""
    move = _locked_with_person(move)
    reasons = [
        *_not_open(move),
        *_unsaid(answer, "answer", _("Please say in one sentence why not.")),
    ]
    if reasons:
        raise CannotDecide(reasons)
    _decide(move, MoveState.DECLINED, answer, by, at)
    record(by=by, at=at, action="people.decline_move", things=[move], details=_places(move))


@transaction.atomic
def withdraw_move(*, move: Move, by: Actor, at: datetime) -> None:
    """Take a proposal back. Raises :class:`CannotDecide` where the other site was faster."""
    move = _locked_with_person(move)
    reasons = list(_not_open(move))
    if reasons:
        raise CannotDecide(reasons)
    _withdraw(move, by, at)


def withdraw_without_consent(
    person: Person, purpose: ConsentPurpose, by: Actor, at: datetime
) -> None:
    """The move that rests on a consent ends with it. The person is locked."""
    if purpose is ConsentPurpose.MOVE_SITE:
        for move in Move.objects.filter(person=person, state=MoveState.PROPOSED):
            _withdraw(move, by, at)


def _to_move(ids: Collection[int]) -> set[int]:
    rows = Move.objects.filter(person_id__in=ids, state=MoveState.PROPOSED)
    return set(rows.values_list("person_id", flat=True))


#: Whoever is to move is not archived meanwhile.
OPEN_MOVE = ArchivingGuard(
    Reason(
        "move_open",
        gettext_lazy(
            "A move to another site is proposed for this person. Please take it back first."
        ),
    ),
    _to_move,
)


def _not_here(person: Person) -> Iterator[Reason]:
    if person.merged_into_id is not None:
        yield merged_away()
    elif person.archived_at is not None:
        yield Reason("archived", _("This person is archived. Please bring the person back first."))


def _open_already(person: Person) -> Iterator[Reason]:
    if Move.objects.filter(person=person, state=MoveState.PROPOSED).exists():
        yield Reason("open", _("A move is proposed for this person already."))


def _wrong_site(person: Person, site: Site) -> Iterator[Reason]:
    if site.programme_id != person.programme_id:
        yield Reason("other_programme", _("People move within one programme only."), "to_site")
    if site.pk == person.site_id:
        yield Reason("same_site", _("The person is at this site already."), "to_site")
    yield from _archived(site)


def _archived(site: Site) -> Iterator[Reason]:
    if site.archived_at is not None or site.carrier.archived_at is not None:
        yield Reason(
            "site_archived", _("This site takes nobody in any more: it is archived."), "to_site"
        )


def _without_consent(person: Person, site: Site) -> Iterator[Reason]:
    in_force = Consent.objects.filter(
        person=person, purpose=ConsentPurpose.MOVE_SITE, withdrawn_on__isnull=True
    )
    if not in_force.exists():
        yield Reason(
            "no_consent",
            _("Please ask for the consent to this move and record it first."),
        )
    elif usable_consent(person, site) is None:
        yield Reason(
            "consent_used",
            _(
                "The consent was given for an earlier move. Please take it back here, ask anew, "
                "and record the new one."
            ),
        )


def _unsaid(said: str, field: str, sentence: str) -> Iterator[Reason]:
    if not said.strip():
        yield Reason("unsaid", sentence, field)


def _not_open(move: Move) -> Iterator[Reason]:
    """What somebody who was faster has decided."""
    sentences = {
        MoveState.ACCEPTED: _("The other site has just taken the person in."),
        MoveState.DECLINED: _("The other site has just answered that it takes nobody in."),
        MoveState.WITHDRAWN: _("The proposal was taken back."),
    }
    if move.state != MoveState.PROPOSED:
        yield Reason(move.state, sentences[MoveState(move.state)])


def _locked_sites(move: Move) -> dict[int, Site]:
    """Both, in the order of their ids: nobody gives a number or compares people meanwhile."""
    rows = Site.objects.select_for_update(of=("self",), no_key=True).select_related("carrier")
    return {
        site.pk: site for site in rows.filter(pk__in=[move.site_id, move.to_site_id]).order_by("pk")
    }


def _locked_entries(person_id: int) -> list[Person]:
    """The person and all entries that were merged into it, as they are now."""
    ids, found = {person_id}, {person_id}
    while found:
        inner = Person.objects.filter(merged_into__in=found).values_list("pk", flat=True)
        found = set(inner) - ids
        ids |= found
    rows = Person.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    return list(rows.order_by("pk"))


def _locked_with_person(move: Move) -> Move:
    list(Person.objects.select_for_update(of=("self",)).filter(pk=move.person_id))
    return _locked_move(move)


def _locked_move(move: Move) -> Move:
    return Move.objects.select_for_update(of=("self",)).get(pk=move.pk)


def _remember_there(entries: Sequence[Person], site: Site) -> None:
    """What is remembered of entries goes along. Pairs with people who stay are forgotten: they
    would show two sites each other's people, and every night is compared anew. What was done for
    many at once is not taken back for somebody who is not there any more.
    """
    BatchRow.objects.filter(person__in=entries).delete()
    inside = Q(first__in=entries) & Q(second__in=entries)
    pairs = PossibleDuplicate.objects.filter(Q(first__in=entries) | Q(second__in=entries))
    pairs.exclude(inside).delete()
    rescope(pairs, site)
    rescope(Merge.objects.filter(kept__in=entries), site)
    rescope(PersonFingerprint.objects.filter(person__in=entries), site)


def _withdraw(move: Move, by: Actor, at: datetime) -> None:
    _decide(move, MoveState.WITHDRAWN, "", by, at)
    record(by=by, at=at, action="people.withdraw_move", things=[move], details=_places(move))


def _decide(move: Move, state: MoveState, answer: str, by: Actor, at: datetime) -> None:
    move.state, move.answer = state.value, answer.strip()
    move.decided_at, move.decided_by_id = at, by.user_id
    move.save(update_fields=["state", "answer", "decided_at", "decided_by_id"])
    tell_of_decision(move, by, at)


def _places(move: Move) -> dict[str, int]:
    return {"person": move.person_id, "to_site": move.to_site_id}
