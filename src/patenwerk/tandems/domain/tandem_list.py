"""The list of a site's tandems: beside what is stored, taken over, and out again."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patenwerk.core.batches import BATCH
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.imports.domain.kinds import (
    Beside,
    Difference,
    Line,
    TakenRows,
)
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Focus, Programme, Site, SupportField, TandemKind
from patenwerk.organisations.models.programme import Word
from patenwerk.people.domain.template import number_of
from patenwerk.people.enums import Side
from patenwerk.tandems.domain.history import (
    TandemHistory,
    already_together,
    take_tandems,
)
from patenwerk.tandems.domain.list_kind import (
    ListKind,
    in_words,
    label_of,
    misread,
    missing_titles,
    who_is_missing,
)
from patenwerk.tandems.domain.list_people import Named, NotTaken, People, one_of
from patenwerk.tandems.domain.list_words import Vocabulary, title_of
from patenwerk.tandems.enums import OPEN_STATES, Acceptance, State
from patenwerk.tandems.kernel.columns import TANDEM_COLUMNS, Field
from patenwerk.tandems.kernel.rows import (
    ParsedRow,
    parse_tandems,
)
from patenwerk.tandems.models import Tandem
from patenwerk.tandems.policy import MOVE_TANDEM


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
class TandemsKind(ListKind):
    """The list of a site's tandems."""

    def title(self, programme: Programme) -> str:
        return _("Tandems")

    def missing(self, columns: Collection[str]) -> Sequence[str]:
        return [
            *missing_titles((), who_is_missing(columns)),
            *missing_titles(columns, [Field.BEGAN_ON]),
        ]

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
        shell = Line(number=row.number, label=label_of(row), standing=Standing.BAD)
        if not row.ok:
            return replace(shell, problems=misread(row, self.labels))
        try:
            entry = self._entry(row)
            tandem = self._stored(row, entry)
            line = self._new(shell, entry) if tandem is None else self._beside(shell, entry, tandem)
        except NotTaken as why:
            return replace(shell, problems=(why.problem,))
        if line.standing is Standing.NEW:
            return replace(line, words=partial(in_words, row, self.labels))
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
        corrections = _corrections(entry, tandem)
        if tandem.taken_over_at is None:
            # Going out it was given a number; it has none of its own and needs none.
            corrections = [each for each in corrections if each[0] != Field.FILE_ID.value]
        same = fixed == stored and self._same_two(entry, tandem)
        if not same or (corrections and tandem.taken_over_at is None):
            raise NotTaken(
                _(
                    "This tandem is in Patenwerk already. Who takes part, its state, its beginning "
                    "and its end are changed on its own page."
                )
            )
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


def tandem_rows(site: Site) -> Iterator[Sequence[object]]:
    """Every tandem of a site in the columns of its template, as the reader understands them."""
    language = get_language() or "de"
    rows = Tandem.objects.filter(site=site).select_related("kind", "focus", "field")
    people = rows.prefetch_related("participants__person").order_by("pk")
    for tandem in people.iterator(chunk_size=BATCH):
        yield [
            number_in_list(tandem),
            *both_named(tandem),
            *(word.name_in(language) for word in (tandem.kind, tandem.focus, tandem.field)),
            tandem.get_state_display(),
            day_of(tandem.created_at),
            tandem.expected_end_on,
            tandem.ended_on,
            tandem.get_end_reason_display(),
            tandem.why,
        ]


def number_in_list(tandem: Tandem) -> str:
    """The number by which lists of this installation name a tandem."""
    return tandem.file_id or f"T{tandem.pk}"


def both_named(tandem: Tandem) -> Iterator[str]:
    """Name and number of mentor and mentee, in the order of the columns.

    Of another site's people a list says as much as a page: a first name until both have said yes,
    and never the number they have there.
    """
    seats = {row.side: row for row in tandem.participants.all()}
    agreed = all(row.acceptance == Acceptance.ACCEPTED for row in seats.values())
    for side in (Side.MENTOR, Side.MENTEE):
        person, is_own = seats[side].person, seats[side].site_id == tandem.site_id
        yield person.full_name if is_own or agreed else person.first_name
        yield number_of(person) if person.site_id == tandem.site_id else ""


TANDEMS = TandemsKind("tandems", 30, MOVE_TANDEM, TANDEM_COLUMNS, parse_tandems)
