"""Lists of mentors and of mentees, as far as reading them in needs to know people."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patenwerk.core.policy import Actor
from patenwerk.core.sheets.columns import SURE, words_of
from patenwerk.core.sheets.dates import DateOrder
from patenwerk.core.sheets.model import Sheet
from patenwerk.core.sheets.templates import TemplateTable
from patenwerk.core.sheets.words import fold
from patenwerk.imports.domain.kinds import (
    Beside,
    ColumnChoice,
    Difference,
    Line,
    Problem,
    Suggested,
    TakenRows,
)
from patenwerk.imports.domain.sentences import already_archived, same_entry, several_entries
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Programme, Site, SupportField
from patenwerk.people.domain.duplicate import known_as
from patenwerk.people.domain.guardian import Told, take_guardians
from patenwerk.people.domain.guardian_list import (
    guardian_differences,
    guardian_problems,
    told_of,
)
from patenwerk.people.domain.person import differences, support_fields_of, take_rows, values_of
from patenwerk.people.domain.person_values import PersonValues, problems
from patenwerk.people.domain.record_check import Inspected, is_news, take_record_checks
from patenwerk.people.domain.row_problems import column_title, problem_sentence, value_in_words
from patenwerk.people.domain.template import people_rows, people_template
from patenwerk.people.enums import Gender, Level, Side
from patenwerk.people.kernel.columns import (
    Field,
    columns_of,
    known_headers,
    missing_columns,
    suggest_mapping,
)
from patenwerk.people.kernel.likeness import Crowd
from patenwerk.people.kernel.rows import ParsedRow, Reading, Understood, parse_rows
from patenwerk.people.models import Guardian, Person
from patenwerk.people.policy import EDIT_PERSON
from patenwerk.people.queries.duplicate import known_person, who_is_meant

NOT_STORED = frozenset({Field.RECORD_CHECK_UNTIL, Field.NETWORK, Field.NEVER_WITH})
"""Columns that serve matching two files: here the site's network, the rules about record checks
and the decisions in the programme say the same."""

SHEET_WORDS: Mapping[Side, frozenset[str]] = {
    Side.MENTOR: frozenset(
        fold(word)
        for word in words_of(
            "Mentoren, Mentorinnen, Mentor, Mentor*innen, Mentor:innen, Mentorinnen und Mentoren, "
            "Paten, Patinnen, Pat*innen, Pat:innen, Patinnen und Paten, Ehrenamtliche, Lotsen, "
            "Freiwillige, Mentors, Volunteers"
        )
    ),
    Side.MENTEE: frozenset(
        fold(word)
        for word in words_of(
            "Mentees, Mentee, Patenkinder, Patenkind, Kinder, Jugendliche, Familien, Schüler, "
            "Schüler*innen, Schülerinnen und Schüler, Teilnehmende, Children, Pupils, Families"
        )
    ),
}
"""How the sheet of a list is called."""

_DATES = frozenset(
    {Field.BIRTH_DATE, Field.WAITING_SINCE, Field.RECORD_CHECK_DATE, Field.ARCHIVED_ON}
)
_BESIDE = (Field.RECORD_CHECK_DATE, Field.RECORD_CHECK_ENTRY, Field.ARCHIVED_ON)
"""Columns that say something of the person which is no value of the person's own."""
_AGES = frozenset({"wished_age_from", "wished_age_to"})


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be written for one row: for whom (None: somebody new), what, which check."""

    person_id: int | None
    values: PersonValues | None
    check: Inspected | None
    archived_on: date | None = None
    guardians: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class PeopleKind:
    """The list of one side of a site."""

    side: Side
    order: int
    permission: str = EDIT_PERSON

    @property
    def name(self) -> str:
        return self.side.value

    def title(self, programme: Programme) -> str:
        return programme.mentor_words.plural if self.side is Side.MENTOR else _("Mentees")

    def sheet_words(self) -> Collection[str]:
        return SHEET_WORDS[self.side]

    def columns(self) -> Sequence[ColumnChoice]:
        return [
            ColumnChoice(column.field.value, column_title(column.field), column.field in _DATES)
            for column in columns_of(self.side)
            if column.field not in NOT_STORED
        ]

    def template(self, site: Site) -> TemplateTable:
        title = self.title(site.programme)
        return people_template(self.side, site, title=title, without=NOT_STORED)

    def export(self, site: Site) -> Iterator[Sequence[object]]:
        return people_rows(self.side, site, without=NOT_STORED)

    def known_headers(self) -> Collection[str]:
        return known_headers(self.side).keys()

    def suggest(self, headers: Sequence[str], remembered: Mapping[str, str]) -> Sequence[Suggested]:
        return [
            Suggested(
                "" if each.field is None or each.field in NOT_STORED else each.field.value,
                each.confidence in SURE,
            )
            for each in suggest_mapping(headers, self.side, remembered=remembered)
        ]

    def missing(self, columns: Collection[str]) -> Sequence[str]:
        mapping = {index: Field(column) for index, column in enumerate(columns)}
        return [column_title(field) for field in missing_columns(mapping)]

    def understand(
        self,
        sheet: Sheet,
        mapping: Mapping[int, str],
        *,
        site: Site,
        on: date,
        date_order: DateOrder | None,
    ) -> Sequence[ParsedRow]:
        known = SupportField.objects.filter(programme=site.programme_id)
        words = {
            fold(word): field.code
            for field in known
            for word in (field.code, field.name_de, field.name_en)
        }
        reading = Reading(side=self.side, on=on, date_order=date_order, fields=words)
        return parse_rows(
            sheet, {index: Field(column) for index, column in mapping.items()}, reading
        )

    def compare(
        self,
        understood: Sequence[ParsedRow],
        *,
        site: Site,
        on: date,
        beside: Beside,
    ) -> list[Line]:
        stored = Stored(site, self.side)
        given = {row.number: _given(row) for row in understood if row.ok}
        found = {number: stored.find(said) for number, said in given.items()}
        claimed = {person.pk for people in found.values() for person in people}
        for number, said in given.items():
            found[number] = found[number] or stored.find_undated(said, claimed)
        lines = [
            _line(row, given.get(row.number), found.get(row.number, ()), stored, on)
            for row in understood
        ]
        return _without_twins(lines)

    def take(self, lines: Sequence[Line], *, site: Site, by: Actor, at: datetime) -> TakenRows:
        entries: list[Entry] = [line.entry for line in lines]
        new = [entry for entry in entries if entry.person_id is None]
        said = {
            entry.person_id: entry.values
            for entry in entries
            if entry.person_id is not None and entry.values is not None
        }
        taken = take_rows(
            site=site,
            side=self.side,
            new=[entry.values for entry in new if entry.values is not None],
            changed=said,
            archived={
                place: entry.archived_on
                for place, entry in enumerate(new)
                if entry.archived_on is not None
            },
            by=by,
            at=at,
        )
        known = [(entry.person_id, entry) for entry in entries if entry.person_id is not None]
        everybody = [*known, *zip(taken.new, new, strict=True)]
        checks = {pk: entry.check for pk, entry in everybody if entry.check is not None}
        if checks:
            take_record_checks(site=site, checks=checks, by=by, at=at, brought=set(taken.new))
        told = {pk: entry.guardians for pk, entry in everybody if entry.guardians}
        if told:
            take_guardians(site=site, told=told, by=by, at=at)
        return TakenRows(len(new), len(entries) - len(new))

    def taken_url(self, site: Site) -> str:
        return f"{reverse('people:people')}?side={self.side.value}&site={site.pk}"


class Stored:
    """The people of one side of a site, found by number or by name and birth date."""

    def __init__(self, site: Site, side: Side) -> None:
        """Three queries for any number of people."""
        self.site = site
        self.fields = support_fields_of(site.programme_id)
        display = get_language() or "de"
        known = SupportField.objects.filter(programme=site.programme_id)
        self.labels = {field.code: field.name_in(display) for field in known}
        self._words: dict[object, str] = {}
        self.by_number: dict[str, Person] = {}
        self.by_name: dict[tuple[str, str], list[Person]] = defaultdict(list)
        rows = Person.objects.filter(site=site, side=side).select_related("record_check")
        self.people = {row.pk: row for row in rows.prefetch_related("fields").order_by("pk")}
        # A list may still know the number or name of an entry that was merged into another.
        for entry, person in who_is_meant(self.people.values()):
            if entry.file_id:
                self.by_number.setdefault(entry.file_id, person)
            namesakes = self.by_name[_name(entry.first_name, entry.last_name)]
            if person not in namesakes:
                namesakes.append(person)

    @cached_property
    def _crowd(self) -> Crowd:
        """Made where a row is new: most rows of a list that comes again are not."""
        entries = self.people.values()
        return Crowd(known_person(each) for each in entries if each.merged_into_id is None)

    @cached_property
    def guardians(self) -> Mapping[int, Sequence[Guardian]]:
        """Who is entered with whom, asked where a list has columns for it: one query."""
        found: dict[int, list[Guardian]] = defaultdict(list)
        rows = Guardian.objects.filter(person__site=self.site, removed_on__isnull=True)
        for row in rows.order_by("position", "pk"):
            found[row.person_id].append(row)
        return found

    def hint(self, values: PersonValues) -> str:
        """Whom a new row probably means, spelled otherwise; empty: nobody."""
        for pk, _likeness in self._crowd.like(known_as(values))[:1]:
            name = self.people[pk].full_name
            return _("probably %(name)s, who is there already") % {"name": name}
        return ""

    def in_words(self, values: Mapping[Field, Understood]) -> dict[str, str]:
        """Each value as understood, by column."""
        return {field.value: self.word(field, value) for field, value in values.items()}

    def word(self, field: Field, value: Understood) -> str:
        """One value in words; the same values come again and again in a list."""
        key = field, tuple(value.items()) if isinstance(value, dict) else value
        if key not in self._words:
            self._words[key] = value_in_words(field, value, labels=self.labels)
        return self._words[key]

    def find(self, given: Mapping[str, Any]) -> list[Person]:
        """Whom a row is about by its number, else by name and birth date; several: undecided."""
        number = given.get("file_id")
        if number in self.by_number:
            return [self.by_number[number]]
        born = given.get("birth_date")
        return [person for person in self.namesakes(given) if person.birth_date == born]

    def find_undated(self, given: Mapping[str, Any], claimed: Collection[int]) -> list[Person]:
        """The same where one of the two says no birth date, among people no other row is about."""
        born = given.get("birth_date")
        return [
            person
            for person in self.namesakes(given)
            if (born is None or person.birth_date is None) and person.pk not in claimed
        ]

    def namesakes(self, given: Mapping[str, Any]) -> list[Person]:
        """People of the name; somebody who has another number in the list is somebody else."""
        number = given.get("file_id")
        found = self.by_name[_name(given["first_name"], given["last_name"])]
        return [person for person in found if not number or not person.file_id]


def _name(first: str, last: str) -> tuple[str, str]:
    return fold(first), fold(last)


def _line(
    row: ParsedRow,
    given: Mapping[str, Any] | None,
    found: Sequence[Person],
    stored: Stored,
    on: date,
) -> Line:
    label = _label(row.values) if given is None else _full_name(given)
    shell = Line(number=row.number, label=label, standing=Standing.BAD)
    if given is None:
        misread = [
            Problem(each.header, problem_sentence(each, labels=stored.labels))
            for each in row.problems
        ]
        return replace(shell, problems=tuple(misread))
    if len(found) > 1:
        return replace(shell, problems=(Problem("", several_entries()),))
    return _beside(shell, given, row, found[0] if found else None, stored, on)


def _beside(
    shell: Line,
    given: Mapping[str, Any],
    row: ParsedRow,
    person: Person | None,
    stored: Stored,
    on: date,
) -> Line:
    """The row beside the person it is about, if there is one."""
    before = None if person is None else values_of(person)
    wanted = (replace(before, **given) if before else PersonValues(**given)).tidied()
    known = () if person is None or row.guardians is None else stored.guardians.get(person.pk, ())
    told = told_of(row.guardians or (), known)
    against = (
        *(
            Problem(_title(each.field), str(each.sentence))
            for each in problems(wanted, on=on, known_fields=stored.fields)
        ),
        *guardian_problems(told),
    )
    if against:
        return replace(shell, problems=against)
    news = _news(person, row)
    said = row.values.get(Field.ARCHIVED_ON)
    left = said if isinstance(said, date) else None
    if person is None or before is None:
        line = _said(shell, Standing.NEW, Entry(None, wanted, news, left, told))
        return replace(
            line, words=partial(stored.in_words, row.values), hint=partial(stored.hint, wanted)
        )
    if left is not None and person.archived_at is None:
        return replace(shell, problems=(Problem(column_title(Field.ARCHIVED_ON), _still_here()),))
    changed = differences(before, wanted)
    if not changed and news is None and not told:
        return replace(shell, standing=Standing.UNCHANGED, entry=Entry(person.pk, None, None))
    if person.archived_at is not None:
        return replace(shell, problems=(Problem("", already_archived()),))
    shown = list(_differences(before, wanted, changed, stored.labels))
    if news is not None:
        shown += _check_differences(person, news, stored.labels)
    shown += guardian_differences(told, known)
    entry = Entry(person.pk, wanted if changed else None, news, guardians=told)
    return replace(_said(shell, Standing.CHANGED, entry, before), differences=tuple(shown))


def _still_here() -> str:
    return _("This person is not archived here. Please archive on the page, or many at once.")


def _said(
    shell: Line, standing: Standing, entry: Entry, before: PersonValues | None = None
) -> Line:
    beside = entry.check, entry.archived_on, entry.guardians
    written = repr((entry.person_id, _plain(entry.values), beside, _plain(before)))
    digest = hashlib.sha256(written.encode()).hexdigest()
    return replace(shell, standing=standing, fingerprint=digest, entry=entry)


def _plain(values: PersonValues | None) -> list[tuple[str, str]]:
    """Values in one form, whatever the order of their parts."""
    if values is None:
        return []
    return [
        (name, repr(sorted(value.items()) if isinstance(value, Mapping) else _ordered(value)))
        for name in PersonValues.__dataclass_fields__
        for value in (getattr(values, name),)
    ]


def _ordered(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def _given(row: ParsedRow) -> dict[str, Any]:
    """What the row says about the person, in the words of PersonValues."""
    given = row.fields()
    for field in (*NOT_STORED, *_BESIDE):
        given.pop(field.value, None)
    if not given.get(Field.FILE_ID.value):
        given.pop(Field.FILE_ID.value, None)  # a number is never taken away
    for name in ("fields", "wished_genders"):
        if name in given:
            given[name] = frozenset(_words(given[name]))
    for name in ("interests", "dislikes"):
        if name in given:
            given[name] = tuple(_words(given[name]))
    return given


def _words(value: object) -> Iterable[str]:
    return value if isinstance(value, list) else ()


def _news(person: Person | None, row: ParsedRow) -> Inspected | None:
    """What the row says of a record check that is not known yet."""
    certificate = row.values.get(Field.RECORD_CHECK_DATE)
    if not isinstance(certificate, date):
        return None
    said = Inspected(certificate, bool(row.values.get(Field.RECORD_CHECK_ENTRY)))
    return said if is_news(getattr(person, "record_check", None), said) else None


def _check_differences(
    person: Person, news: Inspected, labels: Mapping[str, str]
) -> Iterator[Difference]:
    check = getattr(person, "record_check", None)
    old = check.certificate_date if check else None
    if old != news.certificate_date:
        yield _difference(Field.RECORD_CHECK_DATE, old, news.certificate_date, labels)
    if news.conviction_found:
        before = check.conviction_found if check else None
        yield _difference(Field.RECORD_CHECK_ENTRY, before, True, labels)


def _differences(
    before: PersonValues, after: PersonValues, changed: frozenset[str], labels: Mapping[str, str]
) -> Iterable[Difference]:
    if changed & _AGES:
        ages = [(each.wished_age_from, each.wished_age_to) for each in (before, after)]
        yield _difference(Field.WISHED_AGE, ages[0], ages[1], labels)
    for column in (name for name in PersonValues.__dataclass_fields__ if name in changed):
        if column not in _AGES:
            old, new = (_understood(column, getattr(each, column)) for each in (before, after))
            yield _difference(Field(column), old, new, labels)


def _difference(
    field: Field, before: Understood, after: Understood, labels: Mapping[str, str]
) -> Difference:
    return Difference(
        column_title(field),
        value_in_words(field, before, labels=labels),
        value_in_words(field, after, labels=labels),
    )


def _understood(column: str, value: Any) -> Understood:
    """A stored value in the form a row's values have."""
    if column == "gender":
        return Gender(value)
    if column == "languages":
        return {code: Level(level) for code, level in value.items()}
    if column == "minimum_level":
        return None if value is None else Level(value)
    if column == "wished_genders":
        return frozenset(Gender(each) for each in value)
    known: Understood = value
    return known


def _full_name(given: Mapping[str, Any]) -> str:
    return f"{given['first_name']} {given['last_name']}".strip()


def _label(values: Mapping[Field, Understood]) -> str:
    said = (values.get(field) for field in (Field.FIRST_NAME, Field.LAST_NAME, Field.NAME))
    return " ".join(str(each) for each in said if each)


def _title(column: str | None) -> str:
    name = Field.WISHED_AGE if column in _AGES else column
    return column_title(Field(name)) if name in set(Field) else ""


def _without_twins(lines: list[Line]) -> list[Line]:
    """Rows about one person are all bad: nothing decides between them.

    About one person are rows that were found to be, and new rows of the same name and birth date
    unless each has its own number.
    """
    groups: dict[object, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if line.standing is Standing.NEW and line.entry is not None:
            values = line.entry.values
            name = _name(values.first_name, values.last_name)
            groups[(*name, values.birth_date)].append(index)
        elif isinstance(line.entry, Entry):
            groups[line.entry.person_id].append(index)
    for key, group in groups.items():
        numbered = isinstance(key, tuple) and all(lines[i].entry.values.file_id for i in group)
        if len(group) > 1 and not numbered:
            for index in group:
                other = next(lines[i].number for i in group if i != index)
                lines[index] = replace(
                    lines[index],
                    standing=Standing.BAD,
                    problems=(Problem("", same_entry(other)),),
                    fingerprint="",
                    entry=None,
                )
    return lines


MENTORS = PeopleKind(Side.MENTOR, order=10)
MENTEES = PeopleKind(Side.MENTEE, order=20)
