"""One person, once: entries that may be one are found, told apart, merged, and taken apart again.

All decisions lock the site first and the people in the order of their ids: of two who decide about
the same person at once one wins and the other reads why.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.batches import BATCH, batches
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.jobs.domain.handlers import job_name
from patenwerk.organisations.models import Site
from patenwerk.people.domain.merging import Moved, Mover, movers
from patenwerk.people.domain.person import (
    add_person,
    differences,
    lock_numbers,
    merged_away,
    values_of,
    write_changes,
)
from patenwerk.people.domain.person_values import (
    PersonValues,
    from_plain,
    from_plain_moment,
    plain,
    plain_moment,
)
from patenwerk.people.enums import PairState, Side
from patenwerk.people.kernel.defaults import DAYS_TO_UNDO
from patenwerk.people.kernel.likeness import Crowd, Known, Likely
from patenwerk.people.models import Merge, Person, PossibleDuplicate
from patenwerk.people.queries.duplicate import LookAlike, look_alikes, people_to_compare

FIND_DUPLICATES = job_name("people.find_duplicates")
FORGET_MERGED = job_name("people.forget_merged")


class MayBeKnown(Refusal):
    """Whoever is being added may be there already. ``look_alikes`` says who."""

    def __init__(self, found: Sequence[LookAlike]) -> None:
        self.look_alikes = tuple(found)
        super().__init__(
            Reason(
                "may_be_known",
                _("This may be somebody who is there already. Please look at the names shown."),
            )
        )


class CannotDecide(Refusal):
    """Nothing was said about the two entries."""


class CannotMerge(Refusal):
    """The two entries were not merged."""


class CannotUndo(Refusal):
    """The two entries stay merged."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search of a site has brought: pairs that are new, and those that no longer are one."""

    new: int
    gone: int


def known_as(values: PersonValues) -> Known:
    """What is being said about somebody, as far as it tells people apart."""
    return Known(
        id=0,
        first_name=values.first_name,
        last_name=values.last_name,
        birth_date=values.birth_date,
        gender=values.gender,
        phone=values.phone,
        email=values.email,
        postcode=values.postcode,
    )


@transaction.atomic
def add_unless_known(
    *,
    site: Site,
    side: Side,
    values: PersonValues,
    apart_from: Collection[int],
    by: Actor,
    at: datetime,
) -> Person:
    """Take a person in, unless somebody stored may be the same.

    ``apart_from`` are the people whom somebody has looked at and said: another one. That is
    remembered. Raises :class:`MayBeKnown` while there are others, ``CannotTakePerson``.
    """
    lock_numbers(site.pk)
    found = look_alikes(site, side, known_as(values.tidied()))
    if any(each.person.pk not in apart_from for each in found):
        raise MayBeKnown(found)
    person = add_person(site=site, side=side, values=values, by=by, at=at)
    for each in found:
        _remember(each.person, person, PairState.NOT_THE_SAME, by, at)
    return person


def find_duplicates(*, site: Site, by: Actor, at: datetime) -> Found:
    """Compare a site's people, each side for itself, and note the pairs that may be one person.

    What was decided stays decided; an open pair that is no longer likely goes. Doing it again
    changes nothing.
    """
    likely = [pair for side in Side for pair in Crowd(people_to_compare(site, side)).pairs()]
    with transaction.atomic():
        lock_numbers(site.pk)
        return _note(site, likely, by, at)


def _note(site: Site, likely: Sequence[Likely], by: Actor, at: datetime) -> Found:
    stored = {
        (pair.first_id, pair.second_id): pair
        for pair in PossibleDuplicate.objects.filter(site=site)
    }
    gone_into = dict(
        Person.objects.filter(site=site, merged_into__isnull=False).values_list(
            "pk", "merged_into_id"
        )
    )
    archived = set(
        Person.objects.filter(site=site, archived_at__isnull=False).values_list("pk", flat=True)
    )
    apart = {
        frozenset((_last(gone_into, one), _last(gone_into, other)))
        for (one, other), pair in stored.items()
        if pair.state == PairState.NOT_THE_SAME
    }
    wanted = {
        (pair.first_id, pair.second_id): pair.score
        for pair in likely
        if frozenset(pair[:2]) not in apart
        and not gone_into.keys() & set(pair[:2])
        and not archived.issuperset(pair[:2])
    }
    gone = [
        pair.pk
        for key, pair in stored.items()
        if pair.state == PairState.OPEN and key not in wanted
    ]
    for some in batches(gone):
        PossibleDuplicate.objects.filter(pk__in=some).delete()
    moved = []
    for key, pair in stored.items():
        if pair.state == PairState.OPEN and pair.score != wanted.get(key, pair.score):
            pair.score = wanted[key]
            moved.append(pair)
    PossibleDuplicate.objects.bulk_update(moved, ["score"], batch_size=BATCH)
    new = [
        PossibleDuplicate(
            programme_id=site.programme_id,
            carrier_id=site.carrier_id,
            site_id=site.pk,
            first_id=first,
            second_id=second,
            score=score,
            found_at=at,
        )
        for (first, second), score in wanted.items()
        if (first, second) not in stored
    ]
    PossibleDuplicate.objects.bulk_create(new, batch_size=BATCH)
    if new:
        record(by=by, at=at, action="people.find_duplicates", things=new, scope=site)
    return Found(len(new), len(gone))


def _last(gone_into: Mapping[int, int], pk: int) -> int:
    """Where an entry has ended up."""
    while pk in gone_into:
        pk = gone_into[pk]
    return pk


@transaction.atomic
def say_not_the_same(*, pair: PossibleDuplicate, by: Actor, at: datetime) -> None:
    """Remember that two entries are two people. Raises :class:`CannotDecide`."""
    lock_numbers(pair.site_id)
    reasons = list(_decided(pair.first_id, pair.second_id))
    if reasons:
        raise CannotDecide(reasons)
    first, second = Person.objects.filter(pk__in=[pair.first_id, pair.second_id]).order_by("pk")
    decided = _remember(first, second, PairState.NOT_THE_SAME, by, at)
    record(by=by, at=at, action="people.not_the_same", things=[decided])


@transaction.atomic
def decide_again(*, pair: PossibleDuplicate, by: Actor, at: datetime) -> None:
    """Take back that two entries are two people. Raises :class:`CannotDecide`."""
    lock_numbers(pair.site_id)
    changed = PossibleDuplicate.objects.filter(pk=pair.pk, state=PairState.NOT_THE_SAME).update(
        state=PairState.OPEN, decided_at=None, decided_by_id=None
    )
    if not changed:
        raise CannotDecide(Reason("not_said", _("Nobody says any more that these are two people.")))
    record(by=by, at=at, action="people.decide_again", things=[pair])


@transaction.atomic
def merge_people(
    *,
    keep: Person,
    drop: Person,
    taken: Collection[str],
    seen: str,
    by: Actor,
    at: datetime,
) -> Merge:
    """Make two entries one: what hangs on ``drop`` hangs on ``keep`` from now on.

    ``taken`` names the columns whose values come from ``drop``; ``seen`` is what
    :func:`seen_of` said when somebody chose them. ``drop`` stays as an archived row until undoing
    is over. If one of the two is here, the one person is. Raises :class:`CannotMerge` with every
    reason, ``CannotTakePerson`` where the chosen values do not hold together.
    """
    lock_numbers(keep.site_id)
    keep, drop = _locked(keep.pk, drop.pk)
    reasons = list(_against(keep, drop, seen))
    if reasons:
        raise CannotMerge(reasons)
    before, other = values_of(keep), values_of(drop)
    presence = {"kept": plain_moment(keep.archived_at), "dropped": plain_moment(drop.archived_at)}
    was_here = drop.archived_at is None
    drop.archived_at, drop.merged_into = drop.archived_at or at, keep
    drop.save(update_fields=["archived_at", "merged_into"])
    chosen = {name: getattr(other, name) for name in taken}
    changed = write_changes(keep, replace(before, **chosen), day_of(at))
    if keep.archived_at is not None and was_here:
        keep.archived_at = None
        keep.save(update_fields=["archived_at"])
    merge = Merge.objects.create(
        programme_id=keep.programme_id,
        carrier_id=keep.carrier_id,
        site_id=keep.site_id,
        kept=keep,
        dropped=drop,
        values={name: [plain(before, name), plain(other, name)] for name in sorted(changed)},
        moved={mover.name: mover.move(keep, drop, at) for mover in movers()},
        presence=presence,
        merged_at=at,
        merged_by_id=by.user_id,
    )
    _remember(keep, drop, PairState.MERGED, by, at)
    record(
        by=by,
        at=at,
        action="people.merge",
        things=[keep, drop],
        details={"kept": keep.pk, "dropped": drop.pk, "fields": sorted(changed)},
    )
    return merge


def merging_refusals(*, keep: Person, drop: Person) -> list[Reason]:
    """Every reason against merging two entries as they are: the page asks this, too."""
    return list(_against(keep, drop, seen_of(keep, drop)))


def seen_of(one: Person, other: Person) -> str:
    """A sign of what the two entries say: another one when either was changed."""
    said = [
        [person.pk, person.archived_at is None, _plain_values(values_of(person))]
        for person in sorted((one, other), key=lambda each: each.pk)
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def undo_merge(*, merge: Merge, by: Actor, at: datetime) -> None:
    """Take two entries apart again. Raises :class:`CannotUndo` with every reason.

    What was moved goes back, and so do values that nobody has changed since. The pair is to be
    decided anew.
    """
    lock_numbers(merge.site_id)
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    keep, drop = _locked(merge.kept_id, merge.dropped_id)
    reasons = list(undoing_refusals(merge=merge, keep=keep))
    if reasons:
        raise CannotUndo(reasons)
    for mover, moved in reversed(_moved_by(merge)):
        mover.move_back(moved, keep, drop)
    restored = _put_back(keep, merge.values, day_of(at))
    _demand_free_number(drop)
    drop.merged_into, drop.archived_at = None, from_plain_moment(merge.presence["dropped"])
    drop.save(update_fields=["merged_into", "archived_at"])
    if merge.presence["kept"] is not None and keep.archived_at is None:
        keep.archived_at = from_plain_moment(merge.presence["kept"])
        keep.save(update_fields=["archived_at"])
    # What two people said is not kept in one row.
    merge.values, merge.moved, merge.presence = {}, {}, {}
    merge.undone_at, merge.undone_by_id = at, by.user_id
    merge.save(update_fields=["values", "moved", "presence", "undone_at", "undone_by_id"])
    PossibleDuplicate.objects.filter(_of_two(keep.pk, drop.pk)).update(
        state=PairState.OPEN, decided_at=None, decided_by_id=None
    )
    record(
        by=by,
        at=at,
        action="people.undo_merge",
        things=[keep, drop],
        details={"kept": keep.pk, "dropped": drop.pk, "fields": sorted(restored)},
    )


def undoing_refusals(*, merge: Merge, keep: Person) -> Iterator[Reason]:
    """Every reason against taking two entries apart: the page asks this, too."""
    if merge.undone_at is not None:
        yield Reason("undone", _("Somebody has just taken the two apart."))
        return
    if keep.merged_into_id is not None:
        yield Reason(
            "merged_since",
            _("The entry was merged with another one since. Please undo that first."),
        )
        return
    for mover, moved in _moved_by(merge):
        yield from mover.against_undoing(moved, keep)


def _moved_by(merge: Merge) -> list[tuple[Mover, Moved]]:
    """Who moved what; an app that came later has moved nothing."""
    return [(mover, merge.moved[mover.name]) for mover in movers() if mover.name in merge.moved]


@transaction.atomic
def forget_merged(*, by: Actor, at: datetime) -> int:
    """Delete for good the entries whose merge can no longer be undone; answers how many.

    What is kept twice is kept longer than needed (Art. 5 (1) e GDPR). Undone merges of that age
    go as well. Doing it again does no harm.
    """
    over = Merge.objects.filter(merged_at__lt=at - timedelta(days=DAYS_TO_UNDO))
    over.filter(undone_at__isnull=False).delete()
    dropped = [merge.dropped for merge in over.select_related("dropped").order_by("pk")]
    if dropped:
        record(by=by, at=at, action="people.forget_merged", things=dropped)
        for some in batches([person.pk for person in dropped]):
            Person.objects.filter(pk__in=some).delete()
    return len(dropped)


def _locked(one_id: int, other_id: int) -> tuple[Person, Person]:
    """Both as they are now, in the order given, locked in the order of their ids."""
    rows = Person.objects.select_for_update(of=("self",)).filter(pk__in=[one_id, other_id])
    people = {person.pk: person for person in rows.order_by("pk")}
    return people[one_id], people[other_id]


def _against(keep: Person, drop: Person, seen: str) -> Iterator[Reason]:
    if (keep.site_id, keep.side) != (drop.site_id, drop.side) or keep.pk == drop.pk:
        yield Reason("not_two_entries", _("Only two entries of one list can be one person."))
        return
    decided = list(_decided(keep.pk, drop.pk))
    if decided:
        yield from decided
        return
    if keep.merged_into_id is not None or drop.merged_into_id is not None:
        yield merged_away()
        return
    if seen != seen_of(keep, drop):
        yield Reason(
            "changed",
            _("Somebody has just changed one of the two entries. Please look at both again."),
        )
    for mover in movers():
        yield from mover.against(keep, drop)


def _decided(one_id: int, other_id: int) -> Iterator[Reason]:
    """What was decided about two entries, by somebody who was faster."""
    pair = PossibleDuplicate.objects.filter(_of_two(one_id, other_id)).first()
    if pair is not None and pair.state == PairState.MERGED:
        yield Reason("merged_already", _("Somebody has merged the two entries already."))
    if pair is not None and pair.state == PairState.NOT_THE_SAME:
        yield Reason("not_the_same", _("Somebody has said that these are two people."))


def _of_two(one_id: int, other_id: int) -> Q:
    first, second = sorted((one_id, other_id))
    return Q(first_id=first, second_id=second)


def _remember(
    one: Person, other: Person, state: PairState, by: Actor, at: datetime
) -> PossibleDuplicate:
    first, second = sorted((one, other), key=lambda person: person.pk)
    decided = {"state": state, "decided_at": at, "decided_by_id": by.user_id}
    pair, _made = PossibleDuplicate.objects.update_or_create(
        first=first,
        second=second,
        defaults=decided,
        create_defaults={
            "programme_id": one.programme_id,
            "carrier_id": one.carrier_id,
            "site_id": one.site_id,
            "found_at": at,
            **decided,
        },
    )
    return pair


def _put_back(keep: Person, values: Mapping[str, Sequence[Any]], on: date) -> frozenset[str]:
    """Give the kept person back what it said before, where nobody has said otherwise since."""
    now = values_of(keep)
    before = {
        name: from_plain(name, earlier)
        for name, (earlier, later) in values.items()
        if plain(now, name) == later
    }
    return write_changes(keep, replace(now, **before), on) if before else frozenset()


def _demand_free_number(drop: Person) -> None:
    others = Person.objects.filter(
        site_id=drop.site_id, side=drop.side, file_id=drop.file_id, merged_into__isnull=True
    )
    if drop.file_id and others.exists():
        raise CannotUndo(
            Reason(
                "file_id_taken",
                _(
                    "The number in your list that the second entry had belongs to somebody else "
                    "now. Please change it there first."
                ),
            )
        )


def _plain_values(values: PersonValues) -> dict[str, Any]:
    return {name: plain(values, name) for name in PersonValues.__dataclass_fields__}


def differing_columns(keep: Person, drop: Person) -> Iterable[str]:
    """The columns in which the two say different things, in their usual order."""
    mine, theirs = values_of(keep), values_of(drop)
    found = differences(mine, theirs)
    return [name for name in PersonValues.__dataclass_fields__ if name in found]
