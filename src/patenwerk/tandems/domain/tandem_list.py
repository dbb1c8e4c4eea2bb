"""The list of a site's tandems: beside what is stored, taken over, and out again."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from itertools import product
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.imports.domain.kinds import (
    Beside,
    Difference,
    Line,
    Problem,
    TakenRows,
)
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Focus, Site, SupportField, TandemKind
from patenwerk.organisations.models.programme import Word
from patenwerk.people.domain.list_people import Named, NotTaken, People, all_of, key_of
from patenwerk.people.enums import Side
from patenwerk.tandems.domain.history import (
    TandemHistory,
    already_together,
    take_tandems,
)
from patenwerk.tandems.domain.lifecycle import LIFECYCLE
from patenwerk.tandems.domain.list_kind import (
    ListKind,
    in_words,
    label_of,
    misread,
    missing_titles,
    who_is_missing,
)
from patenwerk.tandems.domain.list_steps import against_step, ended_already
from patenwerk.tandems.domain.list_words import Vocabulary, title_of
from patenwerk.tandems.domain.tandem import end_tandem, take_step, wrong_size
from patenwerk.tandems.domain.tandem_rows import tandem_rows
from patenwerk.tandems.enums import OPEN_STATES, EndReason, State
from patenwerk.tandems.kernel.columns import DATES, TANDEM_COLUMNS, Field
from patenwerk.tandems.kernel.rows import ParsedRow, parse_tandems
from patenwerk.tandems.models import Tandem
from patenwerk.tandems.policy import MOVE_TANDEM
from patenwerk.tandems.queries.participant import at_the_end


@dataclass(frozen=True, slots=True)
class TandemEntry:
    """What one row would write: who, which words, and the stored tandem it corrects, if any.

    ``state`` is said by the row where ``state_said``; ``step`` of the life cycle leads a stored
    tandem there.
    """

    file_id: str
    mentors: tuple[Named, ...]
    mentees: tuple[Named, ...]
    substitutes: tuple[Named, ...]
    name: str
    places: int
    state: State
    state_said: bool
    began_on: date
    ended_on: date | None
    words: tuple[TandemKind, Focus, SupportField]
    expected_end_on: date | None
    end_reason: str
    why: str
    tandem_id: int | None = None
    corrections: tuple[tuple[str, Any], ...] = ()
    step: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        """Both sides by what stays the same when they are stored."""
        return key_of(self.mentors), key_of(self.mentees)

    @property
    def everybody(self) -> tuple[Named, ...]:
        """All whom the row names."""
        return self.mentors + self.mentees + self.substitutes


@dataclass(frozen=True, slots=True)
class TandemsKind(ListKind):
    """The list of a site's tandems."""

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
            if entry.tandem_id is not None and entry.corrections
        }
        take_tandems(
            site=site, new=[_history(entry) for entry in new], changed=changed, by=by, at=at
        )
        for entry in entries:
            _move(entry, by=by, at=at)
        return TakenRows(len(new), len(entries) - len(new))


def _move(entry: TandemEntry, *, by: Actor, at: datetime) -> None:
    """Take the step that a row says of a stored tandem, through the life cycle's one door."""
    if not entry.step:
        return
    tandem = Tandem.objects.get(pk=entry.tandem_id or 0)
    if entry.state is State.ENDED:
        reason = EndReason(entry.end_reason)
        end_tandem(tandem=tandem, reason=reason, ended_on=entry.ended_on, note="", by=by, at=at)
    else:
        take_step(tandem=tandem, step=entry.step, by=by, at=at)


def _history(entry: TandemEntry) -> TandemHistory:
    kind, focus, field = entry.words
    return TandemHistory(
        file_id=entry.file_id,
        mentor_ids=_stored(entry.mentors),
        mentee_ids=_stored(entry.mentees),
        substitute_ids=_stored(entry.substitutes),
        name=entry.name,
        places=entry.places,
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


def _stored(people: Iterable[Named]) -> tuple[int, ...]:
    missing = [each.name for each in people if each.pk is None]
    if missing:
        raise LookupError(f"Not stored yet: {', '.join(missing)}")
    return tuple(each.pk for each in people if each.pk is not None)


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
                self.running |= self._pairs_of(tandem)

    def _pairs_of(self, tandem: Tandem) -> set[tuple[str, str]]:
        keys: dict[str, list[str]] = {Side.MENTOR: [], Side.MENTEE: []}
        for row in at_the_end(tandem, tandem.participants.all()):
            keys[row.side].append(self.people.keys.get(row.person_id, ""))
        return set(product(keys[Side.MENTOR], keys[Side.MENTEE]))

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
                title_of(Field.FILE_ID),
            )
        self.seen[row.file_id] = row.number
        mentors = all_of(self.people, Side.MENTOR, row.mentors, title=title_of(Field.MENTOR))
        mentees = all_of(self.people, Side.MENTEE, row.mentees, title=title_of(Field.MENTEE))
        substitutes = all_of(
            self.people, Side.MENTOR, row.substitutes, title=title_of(Field.SUBSTITUTE)
        )
        if {each.key for each in mentors} & {each.key for each in substitutes}:
            raise NotTaken(_("Please name each person once."), title_of(Field.SUBSTITUTE))
        kind = self._kind(row)
        places = self._places(row, kind, len(mentees))
        began_on, ended_on = row.day(Field.BEGAN_ON) or self.on, row.day(Field.ENDED_ON)
        said = State(row.text(Field.STATE) or State.ACTIVE)
        return TandemEntry(
            file_id=row.file_id,
            mentors=mentors,
            mentees=mentees,
            substitutes=substitutes,
            name=row.text(Field.GROUP),
            places=places,
            state=State.ENDED if ended_on else said,
            state_said=bool(ended_on or row.text(Field.STATE)),
            began_on=began_on,
            ended_on=ended_on,
            words=(
                kind,
                self._focus(row, began_on),
                self._field(row, mentees),
            ),
            expected_end_on=row.day(Field.EXPECTED_END_ON),
            end_reason=row.text(Field.END_REASON),
            why=row.text(Field.WHY),
        )

    def _kind(self, row: ParsedRow) -> TandemKind:
        kinds = self.vocabulary.kinds
        return kinds[row.text(Field.KIND) or _only(kinds, Field.KIND)]

    @staticmethod
    def _places(row: ParsedRow, kind: TandemKind, mentees: int) -> int:
        said = row.values.get(Field.PLACES)
        places = said if isinstance(said, int) else mentees
        for reason in wrong_size(kind, places, mentees):
            raise NotTaken(
                str(reason.sentence),
                title_of(Field.KIND if reason.field == "kind" else Field.PLACES),
            )
        return places

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
                title_of(Field.FOCUS),
            )
        return in_force[code or _only(in_force, Field.FOCUS)]

    def _field(self, row: ParsedRow, mentees: Iterable[Named]) -> SupportField:
        fields = self.vocabulary.fields
        codes = {code for mentee in mentees for code in mentee.fields}
        wished = {code: fields[code] for code in codes if code in fields}
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
            for person in entry.everybody:
                if person.is_archived:
                    raise NotTaken(
                        _("%(name)s is in the archive. Please bring the person back first.")
                        % {"name": person.name}
                    )
            pairs = {(a.key, b.key): (a, b) for a, b in product(entry.mentors, entry.mentees)}
            for pair in sorted(pairs.keys() & self.running):
                names = (each.name for each in pairs[pair])
                raise NotTaken(str(already_together(*names)))
            self.running |= pairs.keys()
        return _said(shell, Standing.NEW, entry)

    def _beside(self, shell: Line, entry: TandemEntry, tandem: Tandem) -> Line:
        """A row beside the tandem it is about."""
        corrections = _corrections(entry, tandem)
        if tandem.taken_over_at is None:
            # Going out it was given a number; it has none of its own and needs none.
            corrections = [each for each in corrections if each[0] != Field.FILE_ID.value]
        same = entry.began_on == day_of(tandem.created_at) and self._same_two(entry, tandem)
        if not same or (corrections and tandem.taken_over_at is None):
            raise NotTaken(
                _(
                    "This tandem is in Patenwerk already. Who takes part, its beginning and what "
                    "was decided here are changed on its own page."
                )
            )
        step = _step_to(entry, tandem)
        refusals = _against_step(entry, tandem, step, self.on)
        if refusals:
            return replace(shell, problems=refusals)
        if not corrections and not step:
            return replace(shell, standing=Standing.UNCHANGED)
        differences = tuple(
            Difference(title_of(field), self._shown(before), self._shown(after))
            for field, before, after in (
                *_step_differences(entry, tandem, step),
                *((field, before, after) for field, _column, before, after in corrections),
            )
        )
        columns = tuple((column, _stored_value(after)) for _f, column, _b, after in corrections)
        entry = replace(entry, tandem_id=tandem.pk, corrections=columns, step=step)
        return replace(_said(shell, Standing.CHANGED, entry), differences=differences)

    def _same_two(self, entry: TandemEntry, tandem: Tandem) -> bool:
        return tandem in self.by_pair[entry.pair]

    def _shown(self, value: object) -> str:
        if isinstance(value, date):
            return date_format(value, "SHORT_DATE_FORMAT")
        if isinstance(value, Word):
            return value.name_in(get_language() or "de")
        said = str(value or "")
        return self.labels.get(said, said) if isinstance(value, StrEnum) else said


def _step_to(entry: TandemEntry, tandem: Tandem) -> str:
    """The step by which a stored tandem comes where the row says it is; empty: it is there.

    Raises NotTaken where no step leads there.
    """
    if tandem.state == State.ENDED:
        end = entry.ended_on, entry.end_reason
        if entry.state is State.ENDED and end == (tandem.ended_on, tandem.end_reason):
            return ""
        raise NotTaken(ended_already(tandem.ended_on, tandem.end_reason), title_of(Field.STATE))
    if not entry.state_said or entry.state == tandem.state:
        return ""
    for step in LIFECYCLE.offered(tandem):
        if step.target == entry.state:
            return step.name
    raise NotTaken(
        _("No step leads there from “%(state)s”. Please look at the tandem’s own page.")
        % {"state": tandem.get_state_display()},
        title_of(Field.STATE),
    )


def _against_step(entry: TandemEntry, tandem: Tandem, step: str, on: date) -> tuple[Problem, ...]:
    facts = {"reason": entry.end_reason, "ended_on": entry.ended_on}
    return against_step(tandem, step, on=on, facts=facts) if step else ()


def _step_differences(
    entry: TandemEntry, tandem: Tandem, step: str
) -> Iterator[tuple[str, object, object]]:
    if not step:
        return
    yield Field.STATE.value, State(tandem.state), entry.state
    if entry.state is State.ENDED:
        yield Field.ENDED_ON.value, None, entry.ended_on
        yield Field.END_REASON.value, None, EndReason(entry.end_reason)


def _only(words: Mapping[str, Word], field: Field) -> str:
    """The only word there is; where there are several the row has to say which."""
    if len(words) == 1:
        return next(iter(words))
    raise NotTaken(_("Please say one of those known here."), title_of(field))


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
        (Field.GROUP, "name", tandem.name, entry.name or tandem.name),
        (Field.PLACES, "places", tandem.places, entry.places),
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
            key_of(entry.substitutes),
            entry.name,
            entry.places,
            entry.state.value,
            entry.began_on,
            entry.ended_on,
            [word.pk for word in entry.words],
            entry.expected_end_on,
            entry.end_reason,
            entry.why,
            entry.tandem_id,
            entry.corrections,
            entry.step,
        )
    )
    digest = hashlib.sha256(written.encode()).hexdigest()
    return replace(shell, standing=standing, fingerprint=digest, entry=entry)


def stored_tandems(site: Site, people: People) -> Iterable[tuple[Tandem, tuple[str, str]]]:
    """The tandems of a site with the keys of both sides; two queries."""
    rows = Tandem.objects.filter(site=site).select_related("kind", "focus", "field")
    for tandem in rows.prefetch_related("participants").order_by("pk"):
        keys: dict[str, list[str]] = {Side.MENTOR: [], Side.MENTEE: []}
        for row in at_the_end(tandem, tandem.participants.all()):
            if not row.is_substitute:
                keys[row.side].append(people.keys.get(row.person_id, ""))
        mentors, mentees = (" + ".join(sorted(each)) for each in keys.values())
        yield tandem, (mentors, mentees)


TANDEMS = TandemsKind(
    name="tandems",
    order=30,
    permission=MOVE_TANDEM,
    column_list=TANDEM_COLUMNS,
    sheets="Tandems, Tandem, Patenschaften, Patenschaft, Paare, Matches, laufende Tandems, "
    "laufende Patenschaften, Vermittlungen",
    dates=DATES,
    parse=parse_tandems,
    heading=lambda: _("Tandems"),
    bold=frozenset({Field.MENTOR, Field.MENTEE, Field.BEGAN_ON}),
)
