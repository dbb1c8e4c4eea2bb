"""Taking people in, changing what is said about them, archiving and restoring them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.batches import BATCH, batches
from patenwerk.core.clock import day_of, noon_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.core.sheets.words import fold
from patenwerk.organisations.models import Programme, Site, SupportField
from patenwerk.people.domain.person_values import PLAIN_COLUMNS, PersonValues, problems
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.people.queries.record_check import idle_checks

WRITTEN = (
    *PLAIN_COLUMNS,
    "languages",
    "interests",
    "dislikes",
    "wished_genders",
    "waiting_since",
    "search_text",
)


class CannotTakePerson(Refusal):
    """What is said about the person does not hold together."""


class CannotTakeRows(Refusal):
    """Some rows cannot be taken, so none was. ``rows`` has the reasons by position.

    The positions count through the new rows first and the changed ones after them.
    """

    def __init__(self, rows: Mapping[int, Sequence[Reason]]) -> None:
        self.rows = dict(rows)
        super().__init__(reason for reasons in rows.values() for reason in reasons)


class CannotArchive(Refusal):
    """The person cannot be archived now."""


class CannotRestore(Refusal):
    """The person is not archived."""


class HasMoved(Refusal):
    """The person is at another site since the page was opened."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The ids of the people a batch made and changed, in the order of its rows."""

    new: tuple[int, ...]
    changed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ArchivingGuard:
    """One reason a higher app has against archiving people, and for which of these ids it holds.

    It is asked once for any number of people. The sentence is lazy: it is said in the language of
    whoever reads it, also later, when only its code was kept.
    """

    reason: Reason
    against: Callable[[Collection[int]], Collection[int]]


_archiving_guards: list[ArchivingGuard] = []


def add_archiving_guard(guard: ArchivingGuard) -> None:
    """Let a higher app refuse archiving people. Adding the same guard twice adds it once."""
    if guard not in _archiving_guards:
        _archiving_guards.append(guard)


def archiving_reasons() -> list[Reason]:
    """What higher apps may have against archiving somebody."""
    return [guard.reason for guard in _archiving_guards]


def archiving_refusals(people: Sequence[Person]) -> dict[int, list[Reason]]:
    """For every id all reasons against archiving this person now: the button asks this, too.

    What higher apps say costs as much for one person as for hundreds.
    """
    ids = [person.pk for person in people]
    found = [(guard.reason, frozenset(guard.against(ids))) for guard in _archiving_guards]
    return {
        person.pk: entry_refusals(person)
        or [reason for reason, against in found if person.pk in against]
        for person in people
    }


def entry_refusals(person: Person) -> list[Reason]:
    """What the entry itself has against being archived."""
    if person.merged_into_id is not None:
        return [merged_away()]
    return [] if person.archived_at is None else [archived_already()]


def restoring_refusals(person: Person) -> list[Reason]:
    """Every reason against bringing the person back."""
    if person.merged_into_id is not None:
        return [merged_away()]
    return [] if person.archived_at is not None else [not_archived()]


@transaction.atomic
def add_person(*, site: Site, side: Side, values: PersonValues, by: Actor, at: datetime) -> Person:
    """Take a person in at a site. Raises :class:`CannotTakePerson` with every reason."""
    person = Person(
        programme_id=site.programme_id,
        carrier_id=site.carrier_id,
        site_id=site.pk,
        side=side,
        created_at=at,
    )
    wanted = values.tidied()
    known = support_fields_of(site.programme_id)
    if wanted.file_id:
        lock_numbers(site.pk)
    _check(person, wanted, known, day_of(at))
    _write(person, wanted, day_of(at))
    person.save()
    person.fields.set([known[code] for code in wanted.fields])
    record(by=by, at=at, action="people.add", things=[person])
    return person


@transaction.atomic
def change_person(
    *, person: Person, values: PersonValues, by: Actor, at: datetime
) -> frozenset[str]:
    """Say everything about a person anew; answers the names of the columns that changed.

    Where nothing differs nothing is written, and the answer is empty. ``waiting_since`` None
    leaves the day as it is. Raises :class:`CannotTakePerson` with every reason; an entry that was
    merged into another is not changed any more.
    """
    if values.file_id.strip():
        lock_numbers(person.site_id)  # before the person, as everywhere
    _lock(person)
    if person.merged_into_id is not None:
        raise CannotTakePerson(merged_away())
    changed = write_changes(person, values, day_of(at))
    if changed:
        details = {"fields": sorted(changed)}
        record(by=by, at=at, action="people.change", things=[person], details=details)
    return changed


def write_changes(person: Person, values: PersonValues, on: date) -> frozenset[str]:
    """Check and write what is said about a locked person; answers what differed from before.

    Where a number is said, the site's numbers are locked, too (:func:`lock_numbers`). Raises
    :class:`CannotTakePerson` with every reason.
    """
    wanted = values.tidied()
    known = support_fields_of(person.programme_id)
    _check(person, wanted, known, on)
    before = values_of(person)
    _write(person, wanted, on)
    changed = differences(before, wanted)
    if changed:
        person.save(update_fields=WRITTEN)
    if "fields" in changed:
        person.fields.set([known[code] for code in wanted.fields])
    return changed


@transaction.atomic
def archive_person(*, person: Person, by: Actor, at: datetime) -> None:
    """Take a person out of lists and matching. Higher apps may refuse it.

    A record check that no activity followed is deleted at once (§ 72a (5) SGB VIII). Raises
    :class:`CannotArchive` with every reason.
    """
    _lock(person)
    refusals = archiving_refusals([person])[person.pk]
    if refusals:
        raise CannotArchive(refusals)
    person.archived_at = at
    person.save(update_fields=["archived_at"])
    details = {"record_check_removed": bool(remove_idle_checks([person.pk]))}
    record(by=by, at=at, action="people.archive", things=[person], details=details)


@transaction.atomic
def restore_person(*, person: Person, by: Actor, at: datetime) -> None:
    """Bring an archived person back; the day from which it waits stays as it was.

    Raises :class:`CannotRestore` when the person is not archived, or was merged into another.
    """
    _lock(person)
    refusals = restoring_refusals(person)
    if refusals:
        raise CannotRestore(refusals)
    person.archived_at = None
    person.save(update_fields=["archived_at"])
    record(by=by, at=at, action="people.restore", things=[person])


@transaction.atomic
def take_rows(
    *,
    site: Site,
    side: Side,
    new: Sequence[PersonValues],
    changed: Mapping[int, PersonValues],
    by: Actor,
    at: datetime,
    archived: Mapping[int, date] = MappingProxyType({}),
) -> Taken:
    """Take a whole batch at a site: all rows or none, with one row in the record.

    ``archived`` says of new people, by their position, since when they take part no longer.
    ``changed`` maps ids of people of this site and side to what is now said about them. Raises
    :class:`CannotTakeRows` with the reasons by position; ``LookupError`` for an id that is not
    of this site and side.
    """
    on = day_of(at)
    lock_numbers(site.pk)
    known = support_fields_of(site.programme_id)
    stored = _stored(site, side, changed)
    wanted = [values.tidied() for values in (*new, *changed.values())]
    refused = _refused_rows(site, side, wanted, stored, on=on, known=known)
    if refused:
        raise CannotTakeRows(refused)
    made = [
        Person(
            programme_id=site.programme_id,
            carrier_id=site.carrier_id,
            site_id=site.pk,
            side=side,
            created_at=at,
            archived_at=noon_of(archived[place]) if place in archived else None,
        )
        for place in range(len(new))
    ]
    everyone = [*made, *stored]
    for person, values in zip(everyone, wanted, strict=True):
        _write(person, values, on)
    Person.objects.bulk_create(made, batch_size=BATCH)
    # A number may go from one row to another within the batch: free them all before.
    moved = [person.pk for person in stored if person.file_id]
    Person.objects.filter(pk__in=moved).update(file_id="")
    # An upsert by id is many times faster than an UPDATE with a case for every row.
    Person.objects.bulk_create(
        stored,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=WRITTEN,
        batch_size=BATCH,
    )
    _write_fields(everyone, wanted, known, kept=stored)
    if everyone:
        record(
            by=by,
            at=at,
            action="people.take_rows",
            things=everyone,
            scope=site,
            details={"new": len(made), "changed": len(stored), "side": str(side)},
        )
    return Taken(tuple(p.pk for p in made), tuple(p.pk for p in stored))


def values_of(person: Person) -> PersonValues:
    """What is said about a stored person now (one query for the fields of support)."""
    return PersonValues(
        **{name: getattr(person, name) for name in PLAIN_COLUMNS},
        languages=dict(person.languages),
        fields=frozenset(field.code for field in person.fields.all()),
        interests=tuple(person.interests),
        dislikes=tuple(person.dislikes),
        wished_genders=frozenset(person.wished_genders),
        waiting_since=person.waiting_since,
    )


def differences(before: PersonValues, after: PersonValues) -> frozenset[str]:
    """The names of what differs; a day of waiting that is not said again does not."""
    names = (*PLAIN_COLUMNS, "languages", "fields", "interests", "dislikes", "wished_genders")
    changed = {name for name in names if getattr(before, name) != getattr(after, name)}
    if after.waiting_since not in (None, before.waiting_since):
        changed.add("waiting_since")
    return frozenset(changed)


def support_fields_of(programme: Programme | int) -> dict[str, int]:
    """Codes of a programme's fields of support with their ids; one query."""
    return dict(SupportField.objects.filter(programme=programme).values_list("code", "id"))


def merged_away() -> Reason:
    """Why nothing is done with an entry any more."""
    return Reason(
        "merged",
        _("This entry was merged with another one of the same person. Please open that one."),
    )


def archived_already() -> Reason:
    """Why nobody is archived twice."""
    return Reason("archived", _("This person is archived already."))


def not_archived() -> Reason:
    """Why somebody is not brought back."""
    return Reason("not_archived", _("This person is not archived."))


def remove_idle_checks(ids: Sequence[int]) -> int:
    """Delete the record checks of archived people that no activity followed (§ 72a (5) SGB VIII);
    answers how many there were.
    """
    removed, _rows = idle_checks(ids).delete()
    return removed


def search_text(*words: str) -> str:
    """Folded words, each begun by a space so that a search finds the beginnings of words."""
    return "".join(f" {fold(word)}" for word in words if word)


def moved_since(seen: Person, now: Person) -> Iterator[Reason]:
    """Whoever looked at a person of one site decides nothing about it at another one."""
    if seen.site_id != now.site_id:
        yield Reason(
            "moved",
            _("The person has just moved to another site. Please go back to your list."),
        )


def locked_person(person: Person) -> Person:
    """The person as it is now; others wait until the transaction ends.

    Raises :class:`HasMoved` where it is at another site than it was when it was looked at.
    """
    now = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    reasons = list(moved_since(person, now))
    if reasons:
        raise HasMoved(reasons)
    return now


def locked_at(site: Site, ids: Collection[int]) -> dict[int, Person]:
    """People of a site by id, locked in the order of the ids. ``LookupError`` for others."""
    found: dict[int, Person] = {}
    for part in batches(sorted(set(ids))):
        rows = Person.objects.select_for_update(of=("self",)).filter(site=site, pk__in=part)
        found |= {person.pk: person for person in rows.order_by("pk")}
    if found.keys() != set(ids):
        raise LookupError(f"No people of site {site.pk}: {sorted(set(ids) - found.keys())}")
    return found


def _lock(person: Person) -> None:
    """Bring the person up to date and keep others waiting until the transaction ends."""
    locked = locked_person(person)
    for column in Person._meta.concrete_fields:
        setattr(person, column.attname, getattr(locked, column.attname))


def _check(person: Person, values: PersonValues, known: Collection[str], on: date) -> None:
    """Needs the site's numbers locked where one is said."""
    found = problems(values, on=on, known_fields=known)
    same = Person.objects.filter(
        site_id=person.site_id,
        side=person.side,
        file_id=values.file_id,
        merged_into__isnull=True,
    )
    if values.file_id and same.exclude(pk=person.pk).exists():
        found.append(_number_taken())
    if found:
        raise CannotTakePerson(found)


def lock_numbers(site_id: int) -> None:
    """Let nobody else give a number or take somebody in at this site before we are done."""
    Site.objects.select_for_update(no_key=True).values_list("pk").get(pk=site_id)


def _number_taken() -> Reason:
    return Reason(
        "file_id_taken",
        _("Another person of your site has this number already."),
        "file_id",
    )


def _write(person: Person, values: PersonValues, on: date) -> None:
    for name in PLAIN_COLUMNS:
        setattr(person, name, getattr(values, name))
    # Sorted, so that the same sayings are the same row.
    person.languages = dict(sorted(values.languages.items(), key=lambda pair: (-pair[1], pair[0])))
    person.interests = list(values.interests)
    person.dislikes = list(values.dislikes)
    person.wished_genders = sorted(values.wished_genders)
    since: date | None = person.waiting_since  # a new person has none yet
    person.waiting_since = values.waiting_since or since or on
    person.search_text = search_text(
        values.first_name, values.last_name, values.file_id, values.postcode
    )


def _stored(site: Site, side: Side, changed: Mapping[int, PersonValues]) -> list[Person]:
    found: dict[int, Person] = {}
    ids = list(changed)
    for part in batches(ids):
        rows = Person.objects.select_for_update(of=("self",)).filter(
            site=site, side=side, pk__in=part
        )
        found |= {person.pk: person for person in rows}
    missing = set(ids) - found.keys()
    if missing:
        raise LookupError(f"No {side} of site {site.pk}: {sorted(missing)}")
    return [found[pk] for pk in ids]


def _refused_rows(
    site: Site,
    side: Side,
    wanted: Sequence[PersonValues],
    stored: Sequence[Person],
    *,
    on: date,
    known: Collection[str],
) -> dict[int, list[Reason]]:
    """The rows that cannot be taken, with their reasons."""
    rewritten = {person.pk for person in stored}
    numbers: set[str] = {
        number
        for pk, number in Person.objects.filter(site=site, side=side, merged_into__isnull=True)
        .exclude(file_id="")
        .values_list("pk", "file_id")
        if pk not in rewritten
    }
    refused: dict[int, list[Reason]] = {}
    for position, values in enumerate(wanted):
        found = problems(values, on=on, known_fields=known)
        if values.file_id:
            if values.file_id in numbers:
                found.append(_number_taken())
            numbers.add(values.file_id)
        if found:
            refused[position] = found
    return refused


def _write_fields(
    people: Sequence[Person],
    wanted: Sequence[PersonValues],
    known: Mapping[str, int],
    *,
    kept: Sequence[Person],
) -> None:
    through: Any = Person.fields.through
    ids = [person.pk for person in kept]
    for part in batches(ids):
        through.objects.filter(person_id__in=part).delete()
    through.objects.bulk_create(
        [
            through(person_id=person.pk, supportfield_id=known[code])
            for person, values in zip(people, wanted, strict=True)
            for code in sorted(values.fields)
        ],
        batch_size=BATCH,
    )
