"""Lists of tandems and of their meetings, as far as reading them in needs to know tandems."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patenwerk.core.batches import BATCH
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.sheets.columns import SURE, Column, header_words, meanings, words_of
from patenwerk.core.sheets.dates import DateOrder
from patenwerk.core.sheets.model import Sheet
from patenwerk.core.sheets.templates import TemplateColumn, TemplateTable
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
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Focus, Programme, Site, SupportField, TandemKind
from patenwerk.organisations.models.programme import Word
from patenwerk.people.domain.importing import Entry as PersonEntry
from patenwerk.people.domain.person_values import PersonValues
from patenwerk.people.domain.row_problems import problem_sentence
from patenwerk.people.domain.template import number_of
from patenwerk.people.enums import Side
from patenwerk.people.kernel.answers import split_name
from patenwerk.people.models import Person
from patenwerk.people.queries.duplicate import who_is_meant
from patenwerk.tandems.domain.history import (
    MeetingHistory,
    TandemHistory,
    already_together,
    take_meetings,
    take_tandems,
)
from patenwerk.tandems.enums import OPEN_STATES, MeetingPlace, State
from patenwerk.tandems.kernel.columns import DATES, MEETING_COLUMNS, TANDEM_COLUMNS, Field
from patenwerk.tandems.kernel.rows import (
    ParsedRow,
    Reading,
    Who,
    parse_meetings,
    parse_tandems,
)
from patenwerk.tandems.models import Meeting, Tandem
from patenwerk.tandems.models.meeting import PLACES
from patenwerk.tandems.models.tandem import END_REASONS, STATES
from patenwerk.tandems.policy import LOG_MEETING, MOVE_TANDEM

W = TypeVar("W", bound=Word)

_SHEETS = {
    "tandems": "Tandems, Tandem, Patenschaften, Patenschaft, Paare, Matches, laufende Tandems, "
    "laufende Patenschaften, Vermittlungen",
    "meetings": "Treffen, Begegnungen, Termine, Kontakte, Stunden, Meetings, Encounters",
}


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody a row can name. ``key`` is the same before and after they are stored."""

    key: str
    name: str
    pk: int | None
    is_archived: bool = False
    fields: frozenset[str] = frozenset()


class People:
    """Whom rows can name: the people of a site, and those the same file brings."""

    def __init__(self, site: Site, beside: Beside) -> None:
        """Two queries for any number of people."""
        self._by_number: dict[tuple[str, str], Named] = {}
        self._by_name: dict[tuple[str, tuple[str, ...]], list[Named]] = defaultdict(list)
        self.keys: dict[int, str] = {}
        coming = [
            (side.value, line.entry.person_id, line.entry.values)
            for side in Side
            for line in beside.get(side.value, ())
            if isinstance(line.entry, PersonEntry) and line.entry.values is not None
        ]
        said = {pk: values for _side, pk, values in coming}
        rows = Person.objects.filter(site=site).prefetch_related("fields").order_by("pk")
        # Whoever was entered twice is meant by the number and the name of both entries; what the
        # same file corrects is what its other lists go by.
        for entry, person in who_is_meant(rows):
            known = said.get(person.pk) or person
            named = _named(known, person)
            self.keys[person.pk] = named.key
            self._add(entry.side, known if entry.pk == person.pk else entry, named)
        for side, pk, values in coming:
            if pk is None:
                self._add(side, values, _named(values, None))

    def find(self, side: Side, who: Who) -> list[Named]:
        """Whom the row means; several where the name leaves it open, none where nobody fits."""
        if who.number:
            found = self._by_number.get((side.value, who.number))
            return [] if found is None else [found]
        return self._by_name[side.value, _words(who.name)]

    def _add(self, side: str, said: Person | PersonValues, named: Named) -> None:
        if said.file_id:
            self._by_number.setdefault((side, said.file_id), named)
        namesakes = self._by_name[side, _words(_full_name(said))]
        if named.pk is None or all(each.pk != named.pk for each in namesakes):
            namesakes.append(named)


def _full_name(said: Person | PersonValues) -> str:
    return f"{said.first_name} {said.last_name}".strip()


def _named(said: Person | PersonValues, person: Person | None) -> Named:
    """Somebody as the lists of a file know them; ``person``: who is stored."""
    codes = (
        said.fields
        if isinstance(said, PersonValues)
        else frozenset(field.code for field in said.fields.all())
    )
    return Named(
        _key(said.file_id, _full_name(said), said.birth_date),
        _full_name(said),
        None if person is None else person.pk,
        is_archived=person is not None and person.archived_at is not None,
        fields=codes,
    )


def _key(number: str, name: str, born: date | None) -> str:
    return f"#{number}" if number else f"{' '.join(_words(name))} {born or ''}"


def _words(name: str) -> tuple[str, ...]:
    """The words of a name in one order: lists write last names first as well."""
    return tuple(sorted(fold(" ".join(split_name(name))).split()))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a programme: by code, and by what lists may call them."""

    kinds: Mapping[str, TandemKind]
    focuses: Mapping[str, Focus]
    fields: Mapping[str, SupportField]

    @classmethod
    def of(cls, site: Site) -> Vocabulary:
        """Three queries."""
        return cls(_coded(TandemKind, site), _coded(Focus, site), _coded(SupportField, site))

    @property
    def labels(self) -> dict[str, str]:
        """Codes to the words people know, with those of states, reasons and places."""
        language = get_language() or "de"
        own = {
            word.code: word.name_in(language)
            for words in (self.kinds, self.focuses, self.fields)
            for word in words.values()
        }
        return own | {code: str(word) for code, word in (*STATES, *END_REASONS, *PLACES)}


def _coded(model: type[W], site: Site) -> dict[str, W]:
    rows = model._default_manager.filter(programme=site.programme_id, is_active=True)
    return {word.code: word for word in rows}


def _called(words: Mapping[str, Word]) -> dict[str, str]:
    return {
        fold(name): word.code
        for word in words.values()
        for name in (word.code, word.name_de, word.name_en)
    }


@dataclass(frozen=True, slots=True)
class TandemEntry:
    """What one row would write: who, which words, and the stored tandem it corrects, if any."""

    file_id: str
    mentor: Named
    mentee: Named
    state: State
    began_on: date
    ended_on: date | None
    words: tuple[TandemKind, Focus, SupportField]
    expected_end_on: date | None
    end_reason: str
    why: str
    tandem_id: int | None = None
    corrections: tuple[tuple[str, Any], ...] = ()

    @property
    def pair(self) -> tuple[str, str]:
        """Both by what stays the same when they are stored."""
        return self.mentor.key, self.mentee.key


@dataclass(frozen=True, slots=True)
class ListKind:
    """What lists of tandems and of meetings have in common: their columns."""

    name: str
    order: int
    permission: str
    column_list: tuple[Column, ...]

    def sheet_words(self) -> Collection[str]:
        return frozenset(fold(word) for word in words_of(_SHEETS[self.name]))

    def columns(self) -> Sequence[ColumnChoice]:
        return [
            ColumnChoice(column.code, title_of(column.code), Field(column.code) in DATES)
            for column in self.column_list
        ]

    def template(self, site: Site) -> TemplateTable:
        """Three queries."""
        return lists_template(self.name, self.column_list, Vocabulary.of(site))

    def known_headers(self) -> Collection[str]:
        return header_words(self.column_list).keys()

    def suggest(self, headers: Sequence[str], remembered: Mapping[str, str]) -> Sequence[Suggested]:
        found = meanings(headers, header_words(self.column_list), remembered)
        return [Suggested(each.column or "", each.confidence in SURE) for each in found]

    def taken_url(self, site: Site) -> str:
        return f"{reverse('tandems:list')}?site={site.pk}"


_HINTS: Mapping[Field, Callable[[], str]] = {
    Field.FILE_ID: lambda: _(
        "A number or code of your own for the tandem. By it meetings and later lists find it."
    ),
    Field.MENTOR: lambda: _("As in the list of those who accompany"),
    Field.MENTEE: lambda: _("As in the list of mentees"),
    Field.MENTOR_ID: lambda: _("Only where the name is not enough"),
    Field.MENTEE_ID: lambda: _("Only where the name is not enough"),
    Field.KIND: lambda: _("May be empty where the programme has only one"),
    Field.FOCUS: lambda: _("May be empty where only one was in force"),
    Field.FIELD: lambda: _("May be empty where the mentee has only one"),
    Field.STATE: lambda: _("Empty means: active, or ended where an end is given"),
    Field.BEGAN_ON: lambda: _("The day the two were brought together, like 24.05.2026"),
    Field.ENDED_ON: lambda: _("Like 24.05.2026; empty while the tandem runs"),
    Field.END_REASON: lambda: _("Needed where an end is given"),
    Field.HELD_ON: lambda: _("Like 24.05.2026"),
    Field.MINUTES: lambda: _("Like 90, 1:30 or 1.5 h"),
}
_BOLD = frozenset({Field.MENTOR, Field.MENTEE, Field.BEGAN_ON, Field.HELD_ON, Field.MINUTES})


def lists_template(name: str, columns: Iterable[Column], vocabulary: Vocabulary) -> TemplateTable:
    """The empty list of tandems or of meetings."""
    language = get_language() or "de"
    words: dict[Field, tuple[str, ...]] = {
        Field.KIND: tuple(word.name_in(language) for word in vocabulary.kinds.values()),
        Field.FOCUS: tuple(word.name_in(language) for word in vocabulary.focuses.values()),
        Field.FIELD: tuple(word.name_in(language) for word in vocabulary.fields.values()),
        Field.STATE: tuple(str(word) for _code, word in STATES),
        Field.END_REASON: tuple(str(word) for _code, word in END_REASONS),
        Field.PLACE: tuple(str(word) for _code, word in PLACES),
    }
    return TemplateTable(
        _("Tandems") if name == "tandems" else _("Meetings"),
        [
            TemplateColumn(
                title_of(column.code),
                hint=_HINTS[field]() if field in _HINTS else "",
                words=words.get(field, ()),
                strict=field in words,
                required=field in _BOLD,
            )
            for column in columns
            for field in (Field(column.code),)
        ],
    )


_TITLES = {column.code: column for column in (*MEETING_COLUMNS, *TANDEM_COLUMNS)}


def title_of(column: str) -> str:
    """The column's usual header in the active language."""
    titles = _TITLES[column]
    return titles.german if (get_language() or "de").startswith("de") else titles.english


def _missing(columns: Collection[str], needed: Iterable[Field]) -> list[str]:
    return [title_of(field.value) for field in needed if field.value not in columns]


def _somebody(columns: Collection[str], name: Field, number: Field) -> list[Field]:
    return [] if {name.value, number.value} & set(columns) else [name]


def _who_is_missing(columns: Collection[str]) -> list[Field]:
    return [
        *_somebody(columns, Field.MENTOR, Field.MENTOR_ID),
        *_somebody(columns, Field.MENTEE, Field.MENTEE_ID),
    ]


@dataclass(frozen=True, slots=True)
class TandemsKind(ListKind):
    """The list of a site's tandems."""

    def title(self, programme: Programme) -> str:
        return _("Tandems")

    def missing(self, columns: Collection[str]) -> Sequence[str]:
        return [
            *_missing((), _who_is_missing(columns)),
            *_missing(columns, [Field.BEGAN_ON]),
        ]

    def understand(
        self,
        sheet: Sheet,
        mapping: Mapping[int, str],
        *,
        site: Site,
        on: date,
        date_order: DateOrder | None,
    ) -> Sequence[ParsedRow]:
        reading = _reading(Vocabulary.of(site), on, date_order)
        return parse_tandems(sheet, _fields(mapping), reading)

    def export(self, site: Site) -> Iterator[Sequence[object]]:
        return tandem_rows(site)

    def compare(
        self, understood: Sequence[ParsedRow], *, site: Site, on: date, beside: Beside
    ) -> list[Line]:
        compared = Compared(site, on, beside)
        return [compared.line(row) for row in understood]

    def take(self, lines: Sequence[Line], *, site: Site, by: Actor, at: datetime) -> TakenRows:
        entries: list[TandemEntry] = [line.entry for line in lines]
        new = [entry for entry in entries if entry.tandem_id is None]
        changed = {
            entry.tandem_id: dict(entry.corrections)
            for entry in entries
            if entry.tandem_id is not None
        }
        take_tandems(
            site=site, new=[_history(entry) for entry in new], changed=changed, by=by, at=at
        )
        return TakenRows(len(new), len(changed))


def _fields(mapping: Mapping[int, str]) -> dict[int, Field]:
    return {index: Field(column) for index, column in mapping.items()}


def _reading(vocabulary: Vocabulary, on: date, date_order: DateOrder | None) -> Reading:
    return Reading(
        on=on,
        date_order=date_order,
        kinds=_called(vocabulary.kinds),
        focuses=_called(vocabulary.focuses),
        fields=_called(vocabulary.fields),
    )


def _history(entry: TandemEntry) -> TandemHistory:
    if entry.mentor.pk is None or entry.mentee.pk is None:
        raise LookupError(f"{entry.mentor.name} and {entry.mentee.name} are not stored yet.")
    kind, focus, field = entry.words
    return TandemHistory(
        file_id=entry.file_id,
        mentor_id=entry.mentor.pk,
        mentee_id=entry.mentee.pk,
        kind_id=kind.pk,
        focus_id=focus.pk,
        field_id=field.pk,
        state=entry.state,
        began_on=entry.began_on,
        expected_end_on=entry.expected_end_on,
        ended_on=entry.ended_on,
        end_reason=entry.end_reason,
        why=entry.why,
    )


class NotTaken(Exception):
    """Why a row is bad; ``problem`` says it."""

    def __init__(self, sentence: str, field: Field | None = None) -> None:
        self.problem = Problem("" if field is None else title_of(field.value), sentence)
        super().__init__(sentence)


def one_of(people: People, side: Side, who: Who, *, field: Field) -> Named:
    """The one person a row names. Raises :class:`NotTaken` for nobody and for several."""
    found = people.find(side, who)
    if not found:
        raise NotTaken(
            _("“%(who)s” is neither at your site nor in this file. Please check name or number.")
            % {"who": who},
            field,
        )
    if len(found) > 1:
        raise NotTaken(
            _("Several people are called “%(who)s”. Please add the number.") % {"who": who}, field
        )
    return found[0]


class Compared:
    """A list of tandems beside what is stored, row by row."""

    def __init__(self, site: Site, on: date, beside: Beside) -> None:
        """Seven queries for any number of rows."""
        self.on = on
        self.people = People(site, beside)
        self.vocabulary = Vocabulary.of(site)
        self.labels = self.vocabulary.labels
        self.by_number: dict[str, Tandem] = {}
        self.by_pair: dict[tuple[str, str], list[Tandem]] = defaultdict(list)
        self.running: set[tuple[str, str]] = set()
        self.seen: dict[str, int] = {}
        for tandem, pair in stored_tandems(site, self.people):
            if tandem.file_id:
                self.by_number[tandem.file_id] = tandem
            self.by_pair[pair].append(tandem)
            if tandem.state in OPEN_STATES:
                self.running.add(pair)

    def line(self, row: ParsedRow) -> Line:
        """One row: new, changed, unchanged or bad with its reasons."""
        shell = Line(number=row.number, label=_label(row), standing=Standing.BAD)
        if not row.ok:
            return replace(shell, problems=_misread(row, self.labels))
        try:
            entry = self._entry(row)
            tandem = self._stored(row, entry)
            line = self._new(shell, entry) if tandem is None else self._beside(shell, entry, tandem)
        except NotTaken as why:
            return replace(shell, problems=(why.problem,))
        if line.standing is Standing.NEW:
            return replace(line, words=partial(_in_words, row, self.labels))
        return line

    def _entry(self, row: ParsedRow) -> TandemEntry:
        if row.file_id and row.file_id in self.seen:
            raise NotTaken(
                _("The number “%(id)s” is also in row %(row)s.")
                % {"id": row.file_id, "row": self.seen[row.file_id]},
                Field.FILE_ID,
            )
        self.seen[row.file_id] = row.number
        mentor = one_of(self.people, Side.MENTOR, row.mentor, field=Field.MENTOR)
        mentee = one_of(self.people, Side.MENTEE, row.mentee, field=Field.MENTEE)
        began_on, ended_on = row.day(Field.BEGAN_ON) or self.on, row.day(Field.ENDED_ON)
        said = State(row.text(Field.STATE) or State.ACTIVE)
        return TandemEntry(
            file_id=row.file_id,
            mentor=mentor,
            mentee=mentee,
            state=State.ENDED if ended_on else said,
            began_on=began_on,
            ended_on=ended_on,
            words=(
                self._kind(row),
                self._focus(row, began_on),
                self._field(row, mentee),
            ),
            expected_end_on=row.day(Field.EXPECTED_END_ON),
            end_reason=row.text(Field.END_REASON),
            why=row.text(Field.WHY),
        )

    def _kind(self, row: ParsedRow) -> TandemKind:
        kinds = self.vocabulary.kinds
        return kinds[row.text(Field.KIND) or _only(kinds, Field.KIND)]

    def _focus(self, row: ParsedRow, began_on: date) -> Focus:
        in_force = {
            code: focus
            for code, focus in self.vocabulary.focuses.items()
            if focus.starts_on <= began_on and (focus.ends_on is None or began_on <= focus.ends_on)
        }
        code = row.text(Field.FOCUS)
        if code and code not in in_force:
            raise NotTaken(
                _("This focus was not in force on %(day)s.")
                % {"day": date_format(began_on, "SHORT_DATE_FORMAT")},
                Field.FOCUS,
            )
        return in_force[code or _only(in_force, Field.FOCUS)]

    def _field(self, row: ParsedRow, mentee: Named) -> SupportField:
        fields = self.vocabulary.fields
        wished = {code: fields[code] for code in mentee.fields if code in fields}
        return fields[row.text(Field.FIELD) or _only(wished or fields, Field.FIELD)]

    def _stored(self, row: ParsedRow, entry: TandemEntry) -> Tandem | None:
        """The tandem a row is about: by its number, else the same two since the same day."""
        if entry.file_id in self.by_number:
            return self.by_number[entry.file_id]
        for tandem in self.by_pair[entry.pair]:
            unnumbered = not tandem.file_id or not row.file_id
            if unnumbered and day_of(tandem.created_at) == entry.began_on:
                return tandem
        return None

    def _new(self, shell: Line, entry: TandemEntry) -> Line:
        if entry.state in OPEN_STATES:
            for person in (entry.mentor, entry.mentee):
                if person.is_archived:
                    raise NotTaken(
                        _("%(name)s is in the archive. Please bring the person back first.")
                        % {"name": person.name}
                    )
            if entry.pair in self.running:
                raise NotTaken(str(already_together(entry.mentor.name, entry.mentee.name)))
            self.running.add(entry.pair)
        return _said(shell, Standing.NEW, entry)

    def _beside(self, shell: Line, entry: TandemEntry, tandem: Tandem) -> Line:
        """A row beside the tandem it is about."""
        fixed = (entry.state, entry.ended_on, entry.end_reason, entry.began_on)
        stored = (tandem.state, tandem.ended_on, tandem.end_reason, day_of(tandem.created_at))
        if tandem.taken_over_at is None or fixed != stored or not self._same_two(entry, tandem):
            raise NotTaken(
                _(
                    "This tandem is in Patenwerk already. Who takes part, its state, its beginning "
                    "and its end are changed on its own page."
                )
            )
        corrections = _corrections(entry, tandem)
        if not corrections:
            return replace(shell, standing=Standing.UNCHANGED)
        differences = tuple(
            Difference(title_of(field), self._shown(before), self._shown(after))
            for field, _column, before, after in corrections
        )
        columns = tuple((column, _stored_value(after)) for _f, column, _b, after in corrections)
        entry = replace(entry, tandem_id=tandem.pk, corrections=columns)
        return replace(_said(shell, Standing.CHANGED, entry), differences=differences)

    def _same_two(self, entry: TandemEntry, tandem: Tandem) -> bool:
        return tandem in self.by_pair[entry.pair]

    def _shown(self, value: object) -> str:
        if isinstance(value, date):
            return date_format(value, "SHORT_DATE_FORMAT")
        return (
            value.name_in(get_language() or "de") if isinstance(value, Word) else str(value or "")
        )


def _only(words: Mapping[str, Word], field: Field) -> str:
    """The only word there is; where there are several the row has to say which."""
    if len(words) == 1:
        return next(iter(words))
    raise NotTaken(_("Please say one of those known here."), field)


def _corrections(entry: TandemEntry, tandem: Tandem) -> list[tuple[str, str, object, object]]:
    """Column of the list, of the tandem, what it was and what is said now."""
    kind, focus, field = entry.words
    wanted: list[tuple[Field, str, object, object]] = [
        (Field.FILE_ID, "file_id", tandem.file_id, entry.file_id or tandem.file_id),
        (Field.KIND, "kind_id", tandem.kind, kind),
        (Field.FOCUS, "focus_id", tandem.focus, focus),
        (Field.FIELD, "field_id", tandem.field, field),
        (
            Field.EXPECTED_END_ON,
            "expected_end_on",
            tandem.expected_end_on,
            entry.expected_end_on or tandem.expected_end_on,
        ),
        (Field.WHY, "why", tandem.why, entry.why or tandem.why),
    ]
    return [
        (column.value, name, before, after)
        for column, name, before, after in wanted
        if before != after
    ]


def _stored_value(value: object) -> object:
    return value.pk if isinstance(value, Word) else value


def _said(shell: Line, standing: Standing, entry: TandemEntry) -> Line:
    written = repr(
        (
            entry.file_id,
            entry.pair,
            entry.state.value,
            entry.began_on,
            entry.ended_on,
            [word.pk for word in entry.words],
            entry.expected_end_on,
            entry.end_reason,
            entry.why,
            entry.tandem_id,
            entry.corrections,
        )
    )
    digest = hashlib.sha256(written.encode()).hexdigest()
    return replace(shell, standing=standing, fingerprint=digest, entry=entry)


def stored_tandems(site: Site, people: People) -> Iterable[tuple[Tandem, tuple[str, str]]]:
    """The tandems of a site with both people's keys; two queries."""
    rows = Tandem.objects.filter(site=site).select_related("kind", "focus", "field")
    for tandem in rows.prefetch_related("participants").order_by("pk"):
        keys = {row.side: people.keys.get(row.person_id, "") for row in tandem.participants.all()}
        yield tandem, (keys.get(Side.MENTOR, ""), keys.get(Side.MENTEE, ""))


def _label(row: ParsedRow) -> str:
    return " & ".join(str(who) for who in (row.mentee, row.mentor) if who) or row.file_id


def _misread(row: ParsedRow, labels: Mapping[str, str]) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            each.header or title_of(str(each.column)),
            problem_sentence(each, labels=labels, title=title_of),
        )
        for each in row.problems
    )


def _in_words(row: ParsedRow, labels: Mapping[str, str]) -> dict[str, str]:
    """Each value as understood, by column."""
    return {
        field.value: date_format(value, "SHORT_DATE_FORMAT")
        if isinstance(value, date)
        else labels.get(str(value), str(value))
        for field, value in row.values.items()
        if value is not None
    }


@dataclass(frozen=True, slots=True)
class MeetingEntry:
    """What one row would write: of which tandem, when, and the stored meeting it corrects."""

    tandem_key: str
    tandem_id: int | None
    held_on: date
    minutes: int
    place: str
    topic: str
    meeting_id: int | None = None

    @property
    def identity(self) -> tuple[object, ...]:
        """The same exactly if the same would be written of the same tandem."""
        return self.tandem_key, self.held_on, self.minutes, self.place, self.topic


@dataclass(frozen=True, slots=True)
class Running:
    """A tandem a meeting can belong to, stored or out of the same file."""

    key: str
    pair: tuple[str, str]
    began_on: date
    ended_on: date | None
    pk: int | None = None
    taken_over_on: date | None = None

    def ran(self, on: date) -> bool:
        """Whether the two were a tandem on a day."""
        return self.began_on <= on and (self.ended_on is None or on <= self.ended_on)


@dataclass(frozen=True, slots=True)
class MeetingsKind(ListKind):
    """The list of the meetings of a site's tandems."""

    def title(self, programme: Programme) -> str:
        return _("Meetings")

    def missing(self, columns: Collection[str]) -> Sequence[str]:
        who = [] if Field.FILE_ID.value in columns else _who_is_missing(columns)
        return [*_missing((), who), *_missing(columns, [Field.HELD_ON, Field.MINUTES])]

    def understand(
        self,
        sheet: Sheet,
        mapping: Mapping[int, str],
        *,
        site: Site,
        on: date,
        date_order: DateOrder | None,
    ) -> Sequence[ParsedRow]:
        reading = _reading(Vocabulary.of(site), on, date_order)
        return parse_meetings(sheet, _fields(mapping), reading)

    def export(self, site: Site) -> Iterator[Sequence[object]]:
        return meeting_rows(site)

    def compare(
        self, understood: Sequence[ParsedRow], *, site: Site, on: date, beside: Beside
    ) -> list[Line]:
        return ComparedMeetings(site, beside).lines(understood)

    def take(self, lines: Sequence[Line], *, site: Site, by: Actor, at: datetime) -> TakenRows:
        entries: list[MeetingEntry] = [line.entry for line in lines]
        new = [entry for entry in entries if entry.meeting_id is None]
        changed = {
            entry.meeting_id: _meeting(entry) for entry in entries if entry.meeting_id is not None
        }
        take_meetings(
            site=site, new=[_meeting(entry) for entry in new], changed=changed, by=by, at=at
        )
        return TakenRows(len(new), len(changed))


def _meeting(entry: MeetingEntry) -> MeetingHistory:
    if entry.tandem_id is None:
        raise LookupError(f"The tandem {entry.tandem_key} is not stored yet.")
    return MeetingHistory(
        tandem_id=entry.tandem_id,
        held_on=entry.held_on,
        minutes=entry.minutes,
        place=entry.place,
        topic=entry.topic,
    )


class ComparedMeetings:
    """A list of meetings beside what is stored."""

    def __init__(self, site: Site, beside: Beside) -> None:
        """Eight queries for any number of rows."""
        self.people = People(site, beside)
        self.labels = Vocabulary.of(site).labels
        self.by_number: dict[str, Running] = {}
        self.by_pair: dict[tuple[str, str], list[Running]] = defaultdict(list)
        keys: dict[int, str] = {}
        for tandem, pair in stored_tandems(site, self.people):
            running = _running(tandem, pair)
            keys[tandem.pk] = running.key
            self._add(tandem.file_id, running)
        for line in beside.get("tandems", ()):
            if line.standing is Standing.NEW:
                self._add(line.entry.file_id, _coming(line.entry))
        self.stored: dict[tuple[str, date], list[Meeting]] = defaultdict(list)
        for meeting in Meeting.objects.filter(site=site).order_by("pk"):
            self.stored[keys[meeting.tandem_id], meeting.held_on].append(meeting)

    def lines(self, rows: Sequence[ParsedRow]) -> list[Line]:
        """Every row in its order; a meeting that is stored just so is claimed before others."""
        entries: dict[int, MeetingEntry] = {}
        bad: dict[int, tuple[Problem, ...]] = {}
        for row in rows:
            if not row.ok:
                bad[row.number] = _misread(row, self.labels)
                continue
            try:
                entries[row.number] = self._entry(row)
            except NotTaken as why:
                bad[row.number] = (why.problem,)
        first: dict[tuple[object, ...], int] = {}
        for number, entry in list(entries.items()):
            if (again := first.setdefault(entry.identity, number)) != number:
                sentence = _("The row is identical to row %(row)s.") % {"row": again}
                bad[number] = (Problem("", sentence),)
                del entries[number]
        stored = {number for number, entry in entries.items() if self._claim(entry)}
        return [
            replace(_shell(row), problems=bad[row.number])
            if row.number in bad
            else replace(_shell(row), standing=Standing.UNCHANGED)
            if row.number in stored
            else self._line(row, entries[row.number])
            for row in rows
        ]

    def _add(self, number: str, running: Running) -> None:
        if number:
            self.by_number[number] = running
        self.by_pair[running.pair].append(running)

    def _entry(self, row: ParsedRow) -> MeetingEntry:
        held_on = row.day(Field.HELD_ON)
        if held_on is None:
            raise LookupError(f"Row {row.number} has no day.")
        running = self._tandem(row, held_on)
        if running.pk is not None and running.taken_over_on is None:
            raise NotTaken(
                _(
                    "This tandem did not come from a list. Please log the meeting on the tandem’s "
                    "own page."
                )
            )
        if running.taken_over_on is not None and held_on > running.taken_over_on:
            raise NotTaken(
                _("Meetings after %(day)s are logged on the tandem’s own page.")
                % {"day": date_format(running.taken_over_on, "SHORT_DATE_FORMAT")},
                Field.HELD_ON,
            )
        return MeetingEntry(
            running.key,
            running.pk,
            held_on,
            int(row.text(Field.MINUTES)),
            row.text(Field.PLACE) or MeetingPlace.IN_PERSON.value,
            row.text(Field.TOPIC),
        )

    def _tandem(self, row: ParsedRow, held_on: date) -> Running:
        """The tandem a row is about: by its number, else by the two and the day."""
        if row.file_id:
            found = self.by_number.get(row.file_id)
            if found is None:
                raise NotTaken(
                    _("There is no tandem “%(id)s” at your site or in this file.")
                    % {"id": row.file_id},
                    Field.FILE_ID,
                )
            self._ran(found, held_on)
            return found
        mentor = one_of(self.people, Side.MENTOR, row.mentor, field=Field.MENTOR)
        mentee = one_of(self.people, Side.MENTEE, row.mentee, field=Field.MENTEE)
        tandems = self.by_pair[mentor.key, mentee.key]
        then = [running for running in tandems if running.ran(held_on)]
        if not tandems:
            raise NotTaken(
                _("%(mentor)s and %(mentee)s are no tandem, at your site or in this file.")
                % {"mentor": mentor.name, "mentee": mentee.name}
            )
        if len(then) > 1:
            raise NotTaken(_("Two tandems of these people fit. Please add the tandem’s number."))
        if not then:
            self._ran(tandems[-1], held_on)
        return then[0]

    def _ran(self, running: Running, held_on: date) -> None:
        if not running.ran(held_on):
            raise NotTaken(
                _("The tandem did not run on this day: it began on %(began)s.")
                % {"began": date_format(running.began_on, "SHORT_DATE_FORMAT")}
                if held_on < running.began_on
                else _("The tandem had ended before this day."),
                Field.HELD_ON,
            )

    def _claim(self, entry: MeetingEntry) -> bool:
        """Whether just this is stored; if so no other row can be about it."""
        waiting = self.stored[entry.tandem_key, entry.held_on]
        for meeting in waiting:
            if (meeting.minutes, meeting.place, meeting.topic) == entry.identity[2:]:
                waiting.remove(meeting)
                return True
        return False

    def _line(self, row: ParsedRow, entry: MeetingEntry) -> Line:
        shell = _shell(row)
        waiting = self.stored[entry.tandem_key, entry.held_on]
        if not waiting:
            words = partial(_in_words, row, self.labels)
            return replace(_logged(shell, Standing.NEW, entry), words=words)
        meeting = waiting.pop(0)
        entry = replace(entry, meeting_id=meeting.pk)
        before = (meeting.minutes, meeting.place, meeting.topic)
        shown = tuple(
            Difference(title_of(field), self._shown(old), self._shown(new))
            for field, old, new in zip(
                (Field.MINUTES, Field.PLACE, Field.TOPIC), before, entry.identity[2:], strict=True
            )
            if old != new
        )
        return replace(_logged(shell, Standing.CHANGED, entry), differences=shown)

    def _shown(self, value: object) -> str:
        return self.labels.get(str(value), str(value))


def _shell(row: ParsedRow) -> Line:
    return Line(number=row.number, label=_label(row), standing=Standing.BAD)


def _logged(shell: Line, standing: Standing, entry: MeetingEntry) -> Line:
    written = repr((entry.identity, entry.meeting_id))
    digest = hashlib.sha256(written.encode()).hexdigest()
    return replace(shell, standing=standing, fingerprint=digest, entry=entry)


def _running(tandem: Tandem, pair: tuple[str, str]) -> Running:
    began_on = day_of(tandem.created_at)
    return Running(
        _tandem_key(tandem.file_id, pair, began_on),
        pair,
        began_on,
        tandem.ended_on,
        tandem.pk,
        day_of(tandem.taken_over_at) if tandem.taken_over_at else None,
    )


def _coming(entry: TandemEntry) -> Running:
    key = _tandem_key(entry.file_id, entry.pair, entry.began_on)
    return Running(key, entry.pair, entry.began_on, entry.ended_on)


def _tandem_key(number: str, pair: tuple[str, str], began_on: date) -> str:
    """The same before and after the tandem is stored."""
    return f"#{number}" if number else f"{pair} {began_on}"


def tandem_rows(site: Site) -> Iterator[Sequence[object]]:
    """Every tandem of a site in the columns of its template, as the reader understands them."""
    language = get_language() or "de"
    rows = Tandem.objects.filter(site=site).select_related("kind", "focus", "field")
    people = rows.prefetch_related("participants__person").order_by("pk")
    for tandem in people.iterator(chunk_size=BATCH):
        yield [
            _number_of(tandem),
            *_both(tandem),
            *(word.name_in(language) for word in (tandem.kind, tandem.focus, tandem.field)),
            tandem.get_state_display(),
            day_of(tandem.created_at),
            tandem.expected_end_on,
            tandem.ended_on,
            tandem.get_end_reason_display(),
            tandem.why,
        ]


def meeting_rows(site: Site) -> Iterator[Sequence[object]]:
    """Every meeting of a site in the columns of its template."""
    rows = Meeting.objects.filter(site=site).select_related("tandem").order_by("tandem_id", "pk")
    people = rows.prefetch_related("tandem__participants__person")
    for meeting in people.iterator(chunk_size=BATCH):
        yield [
            _number_of(meeting.tandem),
            *_both(meeting.tandem),
            meeting.held_on,
            meeting.minutes,
            meeting.get_place_display(),
            meeting.topic,
        ]


def _number_of(tandem: Tandem) -> str:
    return tandem.file_id or f"T{tandem.pk}"


def _both(tandem: Tandem) -> Iterator[str]:
    """Name and number of mentor and mentee, in the order of the columns."""
    by_side = {row.side: row.person for row in tandem.participants.all()}
    for side in (Side.MENTOR, Side.MENTEE):
        yield by_side[side].full_name
        yield number_of(by_side[side])


TANDEMS = TandemsKind("tandems", 30, MOVE_TANDEM, TANDEM_COLUMNS)
MEETINGS = MeetingsKind("meetings", 40, LOG_MEETING, MEETING_COLUMNS)
