"""The same for many people at once: chosen, looked at, done, and taken back.

Everything locks the site first, then the batch, then the people in the order of their ids. What
was seen before is kept by person: whoever says something else now was changed by somebody and is
left out, never written over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.batches import BATCH, batches
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor, visible
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.jobs.domain.handlers import job_name
from patenwerk.people.domain.batch_change import Change, change_of, wishes_of
from patenwerk.people.domain.person import (
    archived_already,
    archiving_reasons,
    archiving_refusals,
    differences,
    lock_numbers,
    merged_away,
    not_archived,
    remove_idle_checks,
    restoring_refusals,
    support_fields_of,
    values_of,
)
from patenwerk.people.domain.person_values import (
    PersonValues,
    from_plain,
    from_plain_moment,
    plain,
    plain_moment,
)
from patenwerk.people.enums import BatchKind, BatchState, RowState, Side
from patenwerk.people.kernel.defaults import MOST_AT_ONCE
from patenwerk.people.models import Batch, BatchRow, Person
from patenwerk.people.policy import EDIT_PERSON
from patenwerk.people.queries.batch import last_day, overdue_batches

FORGET_BATCHES = job_name("people.forget_batches")

ARCHIVED_AT = "archived_at"
FIELDS = "fields"
_ROW_COLUMNS = ("state", "before", "after", "reasons", "stays")

Said = Mapping[str, Any]
"""Columns with their values as plain JSON."""


class CannotChoose(Refusal):
    """Nothing can be begun with these people."""


class CannotPlan(Refusal):
    """What is to be different does not hold together, or is not asked any more."""


class CannotDo(Refusal):
    """It was done for nobody."""


class CannotTakeBack(Refusal):
    """Everything stays as it is."""


@dataclass(slots=True)
class TakingBack:
    """What taking back would do: ``back`` maps each person's id to what it says again then;
    ``stays`` has the rows of those of whom something stays, with person, columns and codes why.
    """

    back: dict[int, Said] = field(default_factory=dict)
    stays: dict[int, BatchRow] = field(default_factory=dict)


def begin(kind: BatchKind, actor: Actor, ids: Sequence[int], at: datetime) -> str:
    """Begin something for chosen rows of a list; answers the address to go on at."""
    batch = choose_people(kind=kind, ids=ids, by=actor, at=at)
    return reverse("people:batch", args=[batch.pk])


@transaction.atomic
def choose_people(*, kind: BatchKind, ids: Collection[int], by: Actor, at: datetime) -> Batch:
    """Choose people by their ids for something; ids out of reach are no people. Nothing is done
    with them yet, but it is noted who is left out and why.

    Raises :class:`CannotChoose` for nobody, for more than 2,000, and for people of several sites.
    """
    if len(ids) > MOST_AT_ONCE:
        most = _("At most %(most)d people can be chosen at a time. Please narrow the list.") % {
            "most": MOST_AT_ONCE
        }
        raise CannotChoose(Reason("many", most))
    reach = visible(by, EDIT_PERSON, Person)
    people = list(Person.objects.filter(reach, pk__in=ids, merged_into=None).order_by("pk"))
    if not people:
        raise CannotChoose(Reason("nobody", _("Please choose for whom it is.")))
    if len({person.site_id for person in people}) > 1:
        raise CannotChoose(
            Reason("sites", _("These people belong to several sites. Please filter by a site."))
        )
    first = people[0]
    scope = {
        "programme_id": first.programme_id,
        "carrier_id": first.carrier_id,
        "site_id": first.site_id,
    }
    batch = Batch.objects.create(**scope, kind=kind, chosen_at=at)
    rows = [BatchRow(**scope, batch=batch, person=person) for person in people]
    if kind is not BatchKind.CHANGE:
        _plan(batch, rows, {person.pk: person for person in people})
    BatchRow.objects.bulk_create(rows, batch_size=BATCH)
    details = {"kind": kind.value, "people": len(rows)}
    record(by=by, at=at, action="people.choose_batch", things=[batch], details=details)
    return batch


@transaction.atomic
def plan_change(*, batch: Batch, change: Change, by: Actor, at: datetime) -> None:
    """Say what is to be different, and note for each person what is now and what will be.

    Nothing is done yet. Saying it again plans anew. Raises :class:`CannotPlan` with every reason.
    """
    batch = _locked(batch)
    if batch.state != BatchState.CHOSEN or batch.kind != BatchKind.CHANGE:
        raise CannotPlan(_done_already())
    known = support_fields_of(batch.programme_id)
    reasons = change.problems(on=day_of(at), known_fields=known)
    if reasons:
        raise CannotPlan(reasons)
    batch.wishes, batch.version = wishes_of(change), batch.version + 1
    batch.save(update_fields=["wishes", "version"])
    people, rows = _people_and_rows(batch, RowState)
    _plan(batch, rows, people)
    _keep(rows)
    details = {"fields": sorted(batch.wishes), "people": len(rows)}
    record(by=by, at=at, action="people.plan_batch", things=[batch], details=details)


@transaction.atomic
def do_batch(*, batch: Batch, version: int, by: Actor, at: datetime) -> Batch:
    """Do what was looked at, for all for whom it can still be done; answers the batch.

    Whoever was changed since, or has a reason now, is left out with it. ``version`` is that of the
    preview somebody has seen. Raises :class:`CannotDo` where it was done already, was planned anew
    since, or was for nobody.
    """
    batch = _locked(batch)
    if batch.state != BatchState.CHOSEN:
        raise CannotDo(_done_already())
    if batch.version != version:
        raise CannotDo(
            Reason(
                "planned_since",
                _("Somebody has said anew what is to be different. Please look at it again."),
            )
        )
    people, rows = _people_and_rows(batch, [RowState.TO_DO])
    if not rows:
        raise CannotDo(Reason("nobody", _("There is nobody for whom this can be done.")))
    against = _against(batch, list(people.values()))
    wanted: dict[int, Said] = {}
    for row in rows:
        person = people[row.person_id]
        now = _said_now(person, row.before)
        reasons = against[person.pk] or ([] if now == row.before else [_changed()])
        if reasons:
            row.state, row.reasons = RowState.LEFT_OUT, [reason.code for reason in reasons]
            continue
        if batch.kind == BatchKind.ARCHIVE:
            row.after = {ARCHIVED_AT: plain_moment(at)}
        row.state, wanted[person.pk] = RowState.DONE, row.after
    _write(people, wanted)
    if batch.kind == BatchKind.ARCHIVE:
        batch.checks_removed = remove_idle_checks(list(wanted))
    _keep(rows)
    batch.state, batch.done_by_id, batch.done_at = BatchState.DONE, by.user_id, at
    batch.save(update_fields=["state", "done_by", "done_at", "checks_removed"])
    record(
        by=by,
        at=at,
        action=f"people.{batch.kind}_many",
        things=[people[pk] for pk in wanted] or [batch],
        scope=batch.site,
        details={
            "batch": batch.pk,
            "done": len(wanted),
            "left_out": len(rows) - len(wanted),
            "fields": sorted(batch.wishes),
            "record_checks_removed": batch.checks_removed,
        },
    )
    return batch


@transaction.atomic
def take_back(*, batch: Batch, by: Actor, at: datetime) -> TakingBack:
    """Let everybody be as before; answers whom that was, and of whom something stays.

    What somebody has changed since stays, and who may not be archived stays here. Raises
    :class:`CannotTakeBack` with every reason.
    """
    batch = _locked(batch)
    reasons = list(taking_back_refusals(batch=batch, at=at))
    if reasons:
        raise CannotTakeBack(reasons)
    people, rows = _people_and_rows(batch, [RowState.DONE])
    found = _taking_back(batch, rows, people)
    if not found.back:
        raise CannotTakeBack(
            Reason(
                "nobody", _("Nothing can be taken back: everybody was changed by somebody since.")
            )
        )
    _write(people, found.back)
    if batch.kind == BatchKind.RESTORE:
        remove_idle_checks(list(found.back))
    for row in rows:
        row.state = RowState.STAYS if row.person_id in found.stays else RowState.UNDONE
        row.before, row.after = {}, {}  # nothing is kept that nobody needs any more
    _keep(rows)
    batch.state, batch.undone_by_id, batch.undone_at = BatchState.UNDONE, by.user_id, at
    batch.save(update_fields=["state", "undone_by", "undone_at"])
    record(
        by=by,
        at=at,
        action="people.take_batch_back",
        things=[people[pk] for pk in found.back],
        scope=batch.site,
        details={"batch": batch.pk, "kind": batch.kind, "stays": len(found.stays)},
    )
    return found


def taking_back_refusals(*, batch: Batch, at: datetime) -> Iterator[Reason]:
    """Every reason against taking the whole back: the button asks this, too."""
    if batch.state != BatchState.DONE:
        yield Reason("not_done", _("There is nothing to take back, or somebody has just done it."))
    elif at > last_day(batch):
        yield Reason("too_late", _("The time in which this could be taken back is over."))


def taking_back_now(batch: Batch) -> TakingBack:
    """What taking back would do at this moment: the preview of :func:`take_back`."""
    people, rows = _people_and_rows(batch, [RowState.DONE], locked=False)
    return _taking_back(batch, rows, people)


@transaction.atomic
def forget_batches(*, by: Actor, at: datetime) -> int:
    """Delete what nobody can take back any more, with all old values, and choices nobody used;
    answers how many. Doing it again does no harm.
    """
    over = list(overdue_batches(at).select_for_update(of=("self",)).order_by("pk"))
    if over:
        record(by=by, at=at, action="people.forget_batches", things=over)
        for some in batches([batch.pk for batch in over]):
            Batch.objects.filter(pk__in=some).delete()
    return len(over)


def sentences() -> dict[str, str]:
    """The sentence of each code that is kept with a row."""
    own = [merged_away(), archived_already(), not_archived(), _changed(), _one_partner()]
    return {reason.code: str(reason.sentence) for reason in (*own, *archiving_reasons())}


def _changed() -> Reason:
    return Reason("changed", _("Somebody has changed this in the meantime. It stays as it is now."))


def _one_partner() -> Reason:
    return Reason(
        "one_partner",
        _("Only of those who accompany it is said how many partners they have at a time."),
    )


def _done_already() -> Reason:
    return Reason("done", _("Somebody has just done this."))


def _locked(batch: Batch) -> Batch:
    """The batch as it is now, for this transaction alone."""
    lock_numbers(batch.site_id)
    return Batch.objects.select_for_update(of=("self",)).select_related("site").get(pk=batch.pk)


def _people_and_rows(
    batch: Batch, states: Collection[RowState], *, locked: bool = True
) -> tuple[dict[int, Person], list[BatchRow]]:
    """The batch's people as they are now, locked in the order of their ids, and their rows.

    The rows come second: whoever was deleted meanwhile has none any more.
    """
    wanted = BatchRow.objects.filter(batch=batch, state__in=states)
    found = Person.objects.filter(pk__in=wanted.values("person_id")).order_by("pk")
    if locked:
        found = found.select_for_update(of=("self",))
    people = {person.pk: person for person in found.prefetch_related(FIELDS)}
    return people, list(wanted.order_by("person_id"))


def _against(batch: Batch, people: Sequence[Person]) -> dict[int, list[Reason]]:
    """For every id all reasons why it cannot be done with this person."""
    if batch.kind == BatchKind.ARCHIVE:
        return archiving_refusals(people)
    if batch.kind == BatchKind.RESTORE:
        return {person.pk: restoring_refusals(person) for person in people}
    change = change_of(batch.wishes)
    return {person.pk: list(_against_change(person, change)) for person in people}


def _against_change(person: Person, change: Change) -> Iterator[Reason]:
    if person.merged_into_id is not None:
        yield merged_away()
    if change.capacity is not None and person.side != Side.MENTOR:
        yield _one_partner()


def _plan(batch: Batch, rows: Sequence[BatchRow], people: Mapping[int, Person]) -> None:
    """Note in every row what is now and what will be, or why it will not. Nothing is saved."""
    against = _against(batch, list(people.values()))
    change = change_of(batch.wishes)
    for row in rows:
        person = people[row.person_id]
        row.reasons = [reason.code for reason in against[person.pk]]
        row.before, row.after = _planned(batch, person, change)
        if row.reasons:
            row.state, row.before, row.after = RowState.LEFT_OUT, {}, {}
        else:
            row.state = RowState.TO_DO if row.before else RowState.SAME


def _planned(batch: Batch, person: Person, change: Change) -> tuple[Said, Said]:
    """What is now and what will be, as far as it differs; the moment of archiving comes later."""
    if batch.kind != BatchKind.CHANGE:
        now = _said_now(person, [ARCHIVED_AT])
        return now, {} if batch.kind == BatchKind.ARCHIVE else {ARCHIVED_AT: None}
    values = values_of(person)
    wanted = change.applied(values)
    names = sorted(differences(values, wanted))
    return _plain(values, names), _plain(wanted, names)


def _plain(values: PersonValues, names: Collection[str]) -> dict[str, Any]:
    return {name: plain(values, name) for name in names}


def _said_now(person: Person, names: Collection[str]) -> dict[str, Any]:
    """What a person says now in these columns. Needs the fields of support where one is that."""
    if ARCHIVED_AT in names:
        return {ARCHIVED_AT: plain_moment(person.archived_at)}
    return _plain(values_of(person), names)


def _taking_back(
    batch: Batch, rows: Sequence[BatchRow], people: Mapping[int, Person]
) -> TakingBack:
    found = TakingBack()
    against: dict[int, list[Reason]] = {}
    if batch.kind == BatchKind.RESTORE:
        here = [person for person in people.values() if person.archived_at is None]
        against = archiving_refusals(here)
    for row in rows:
        row.person = person = people[row.person_id]
        now = _said_now(person, row.after)
        # Fields of support go back one by one: others may have been added since.
        row.stays = [
            name
            for name in row.after
            if name != FIELDS and now[name] not in (row.after[name], row.before[name])
        ]
        reasons = [] if person.merged_into_id is None else [merged_away()]
        reasons = reasons or against.get(person.pk, []) or ([_changed()] if row.stays else [])
        row.reasons = [reason.code for reason in reasons]
        if reasons:
            found.stays[person.pk] = row
        if not reasons or row.reasons == [_changed().code]:
            earlier = {name: _earlier(name, row, now) for name in now if name not in row.stays}
            if earlier:
                found.back[person.pk] = earlier
    return found


def _earlier(name: str, row: BatchRow, now: Said) -> Any:
    """What a column said before; of fields of support only what this batch had done."""
    if name != FIELDS:
        return row.before[name]
    before, after = set(row.before[name]), set(row.after[name])
    return sorted(set(now[name]) - (after - before) | (before - after))


def _write(people: Mapping[int, Person], wanted: Mapping[int, Said]) -> None:
    """Let people say this from now on: a few statements for any number of them."""
    columns: set[str] = set()
    for pk, said in wanted.items():
        for name in said.keys() - {FIELDS}:
            value = said[name]
            known = from_plain_moment(value) if name == ARCHIVED_AT else from_plain(name, value)
            setattr(people[pk], name, known)
            columns.add(name)
    if columns:
        # An upsert by id is many times faster than an UPDATE with a case for every row. The number
        # in the site's list is not among the columns; without it no row stands in another's way.
        rows = [copy(people[pk]) for pk in wanted]
        for row in rows:
            row.file_id = ""
        Person.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=sorted(columns),
            batch_size=BATCH,
        )
    _write_fields({people[pk]: said[FIELDS] for pk, said in wanted.items() if FIELDS in said})


def _write_fields(wanted: Mapping[Person, Sequence[str]]) -> None:
    """Let people have these fields of support."""
    if not wanted:
        return
    through: Any = Person.fields.through
    known = support_fields_of(next(iter(wanted)).programme_id)
    for some in batches([person.pk for person in wanted]):
        through.objects.filter(person_id__in=some).delete()
    through.objects.bulk_create(
        [
            through(person_id=person.pk, supportfield_id=known[code])
            for person, codes in wanted.items()
            for code in codes
            if code in known  # the programme may have given a word up since
        ],
        batch_size=BATCH,
    )


def _keep(rows: Sequence[BatchRow]) -> None:
    """Save the rows: an upsert by id, as above."""
    BatchRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=_ROW_COLUMNS,
        batch_size=BATCH,
    )
