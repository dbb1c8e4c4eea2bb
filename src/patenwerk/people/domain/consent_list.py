"""The list of a site's consents: beside what is stored, taken over, and out again."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patenwerk.core.batches import BATCH
from patenwerk.core.policy import Actor
from patenwerk.core.sheets.dates import DateOrder
from patenwerk.core.sheets.model import Sheet
from patenwerk.core.sheets.templates import TemplateColumn, TemplateTable
from patenwerk.core.sheets.words import fold
from patenwerk.imports.domain.kinds import Beside, Difference, Line, Problem, TakenRows
from patenwerk.imports.domain.list_kind import ListOfColumns, title_in_words
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Programme, Site
from patenwerk.people.domain.consent import ConsentHistory, take_consents, wrong_giver
from patenwerk.people.domain.guardian_list import name_in_list
from patenwerk.people.domain.list_people import Named, NotTaken, People, one_of
from patenwerk.people.domain.row_problems import problem_sentence
from patenwerk.people.domain.template import number_of
from patenwerk.people.enums import ConsentPurpose, GivenBy, Side
from patenwerk.people.kernel.consent_rows import (
    CONSENT_COLUMNS,
    DATES,
    ConsentField,
    ConsentRow,
    parse_consents,
)
from patenwerk.people.kernel.consents import TEXTS
from patenwerk.people.models import Consent
from patenwerk.people.policy import CONSENT

_TITLES = {column.code: column for column in CONSENT_COLUMNS}
_PURPOSES = dict(Consent._meta.get_field("purpose").flatchoices)
_GIVERS = dict(Consent._meta.get_field("given_by").flatchoices)

Guardians = tuple[tuple[str, str], ...]
"""First and last names of those who consented for a child."""


def title_of(column: str) -> str:
    """The column's usual header in the active language."""
    return title_in_words(_TITLES[column])


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """What one row would write: whose consent, to what, and the stored one it takes back."""

    person_key: str
    person_id: int | None
    purpose: ConsentPurpose
    version: str
    given_by: GivenBy
    guardians: Guardians
    given_on: date
    withdrawn_on: date | None
    consent_id: int | None = None

    @property
    def given(self) -> tuple[object, ...]:
        """What was consented to when, by whom: the same before and after the person is stored."""
        names = sorted(fold(f"{first} {last}") for first, last in self.guardians)
        return self.person_key, self.purpose, self.given_on, self.version, self.given_by, (*names,)


@dataclass(frozen=True, slots=True)
class ConsentsKind(ListOfColumns):
    """The list of a site's consents."""

    def title(self, programme: Programme) -> str:
        return _("Consents")

    def template(self, site: Site) -> TemplateTable:
        words = _words()
        return TemplateTable(
            self.title(site.programme),
            [
                TemplateColumn(
                    title_of(field),
                    hint=_HINTS[field]() if field in _HINTS else "",
                    words=words.get(field, ()),
                    strict=field in words,
                    required=field in _NEEDED,
                )
                for field in ConsentField
            ],
        )

    def export(self, site: Site) -> Iterator[Sequence[object]]:
        return consent_rows(site)

    def missing(self, columns: Collection[str]) -> Sequence[str]:
        named = {ConsentField.PERSON_ID.value, ConsentField.PERSON.value} & set(columns)
        who = () if named else (ConsentField.PERSON,)
        needed = (field for field in _NEEDED if field.value not in columns)
        return [title_of(field) for field in (*who, *needed)]

    def understand(
        self,
        sheet: Sheet,
        mapping: Mapping[int, str],
        *,
        site: Site,
        on: date,
        date_order: DateOrder | None,
    ) -> Sequence[ConsentRow]:
        fields = {index: ConsentField(column) for index, column in mapping.items()}
        return parse_consents(sheet, fields, on=on, date_order=date_order)

    def compare(
        self,
        understood: Sequence[ConsentRow],
        *,
        site: Site,
        on: date,
        beside: Beside,
    ) -> list[Line]:
        compared = _Compared(site, beside)
        return [compared.line(row) for row in understood]

    def take(self, lines: Sequence[Line], *, site: Site, by: Actor, at: datetime) -> TakenRows:
        entries: list[ConsentEntry] = [line.entry for line in lines]
        new = [_history(entry) for entry in entries if entry.consent_id is None]
        withdrawn = {
            entry.consent_id: entry.withdrawn_on
            for entry in entries
            if entry.consent_id is not None and entry.withdrawn_on is not None
        }
        take_consents(site=site, new=new, withdrawn=withdrawn, by=by, at=at)
        return TakenRows(len(new), len(withdrawn))

    def taken_url(self, site: Site) -> str:
        return f"{reverse('people:people')}?site={site.pk}"


def _history(entry: ConsentEntry) -> ConsentHistory:
    if entry.person_id is None:
        raise LookupError(f"Not stored yet: {entry.person_key}")
    return ConsentHistory(
        person_id=entry.person_id,
        purpose=entry.purpose,
        version=entry.version,
        given_by=entry.given_by,
        guardians=entry.guardians,
        given_on=entry.given_on,
        withdrawn_on=entry.withdrawn_on,
    )


class _Compared:
    """A list of consents beside what is stored, row by row."""

    def __init__(self, site: Site, beside: Beside) -> None:
        """Four queries for any number of rows."""
        self.people = People(site, beside)
        self.labels = {code: str(word) for code, word in (*_PURPOSES.items(), *_GIVERS.items())}
        self.labels |= {side.value: side_in_words(side) for side in Side}
        self.seen: dict[tuple[object, ...], int] = {}
        self.stored: dict[tuple[object, ...], list[Consent]] = defaultdict(list)
        self.in_force: dict[tuple[str, str], int] = {}
        for consent in _consents(site).order_by("pk"):
            side, key = consent.person.side, self.people.keys[consent.person_id]
            entry = _entry_of(consent, f"{side} {key}")
            self.stored[entry.given].append(consent)
            if consent.withdrawn_on is None:
                self.in_force[entry.person_key, entry.purpose] = 0

    def line(self, row: ConsentRow) -> Line:
        """One row: new, changed, unchanged or bad with its reasons."""
        shell = Line(number=row.number, label=str(row.who), standing=Standing.BAD)
        if not row.ok:
            return replace(shell, problems=self._misread(row))
        try:
            return self._beside(shell, row)
        except NotTaken as why:
            return replace(shell, problems=(why.problem,))

    def _misread(self, row: ConsentRow) -> tuple[Problem, ...]:
        return tuple(
            Problem(
                each.header or title_of(str(each.column)),
                problem_sentence(each, labels=self.labels, title=title_of),
            )
            for each in row.problems
        )

    def _beside(self, shell: Line, row: ConsentRow) -> Line:
        side, person = self._person(row)
        entry = _entry(row, person, f"{side} {person.key}")
        again = self.seen.setdefault((*entry.given, entry.withdrawn_on), row.number)
        if again != row.number:
            raise NotTaken(_("The row is identical to row %(row)s.") % {"row": again})
        known = self.stored.get(entry.given, [])
        if any(each.withdrawn_on == entry.withdrawn_on for each in known):
            return replace(shell, standing=Standing.UNCHANGED)
        running = next((each for each in known if each.withdrawn_on is None), None)
        if running is not None:
            return self._taken_back(shell, entry, running)
        if known:
            raise NotTaken(_taken_back_already(known[0]), title_of(ConsentField.WITHDRAWN_ON))
        self._refuse(entry, person, row.number)
        words = partial(_in_words, row, self.labels)
        return replace(_said(shell, Standing.NEW, entry), words=words)

    def _person(self, row: ConsentRow) -> tuple[Side, Named]:
        """Whose consent it is; without a side it may be anybody whom the name or number fits."""
        said, title = row.text(ConsentField.SIDE), title_of(ConsentField.PERSON)
        fitting = [
            side for side in Side if side == said or (not said and self.people.find(side, row.who))
        ]
        if len(fitting) > 1:
            raise NotTaken(
                _("Somebody on either side is meant by this. Please say the side."),
                title_of(ConsentField.SIDE),
            )
        side = fitting[0] if fitting else Side.MENTEE
        return side, one_of(self.people, side, row.who, title=title)

    def _taken_back(self, shell: Line, entry: ConsentEntry, stored: Consent) -> Line:
        entry = replace(entry, consent_id=stored.pk)
        title = title_of(ConsentField.WITHDRAWN_ON)
        shown = Difference(title, "", _day(entry.withdrawn_on))
        return replace(_said(shell, Standing.CHANGED, entry), differences=(shown,))

    def _refuse(self, entry: ConsentEntry, person: Named, number: int) -> None:
        """What speaks against a consent that is not known yet. Raises NotTaken."""
        if entry.version not in {text.version for text in TEXTS[entry.purpose]}:
            known = ", ".join(text.version for text in TEXTS[entry.purpose])
            raise NotTaken(
                _("There is no such version of the text. There are: %(versions)s.")
                % {"versions": known},
                title_of(ConsentField.VERSION),
            )
        by_guardian = entry.given_by is GivenBy.GUARDIAN
        if by_guardian and not entry.guardians:
            raise NotTaken(_("Please name who consented."), title_of(ConsentField.GUARDIANS))
        if entry.guardians and not by_guardian:
            raise NotTaken(
                _("Where the person consents, please name no guardian."),
                title_of(ConsentField.GUARDIANS),
            )
        for reason in wrong_giver(person.birth_date, entry.given_by, entry.given_on):
            raise NotTaken(str(reason.sentence), title_of(ConsentField.GIVEN_BY))
        if entry.withdrawn_on is not None:
            return
        if entry.purpose is ConsentPurpose.MOVE_SITE:
            raise NotTaken(
                _("A consent to move holds for one move. Please record it on the person’s page."),
                title_of(ConsentField.PURPOSE),
            )
        if self.in_force.setdefault((entry.person_key, entry.purpose), number) != number:
            raise NotTaken(
                _("A consent to this is in force already. It can be taken back, not doubled."),
                title_of(ConsentField.PURPOSE),
            )


def _consents(site: Site) -> QuerySet[Consent]:
    """A site's consents with who gave them: two queries."""
    rows = Consent.objects.filter(site=site, person__merged_into__isnull=True)
    return rows.select_related("person").prefetch_related("guardians")


def _entry(row: ConsentRow, person: Named, key: str) -> ConsentEntry:
    given_on = row.day(ConsentField.GIVEN_ON)
    if given_on is None:
        raise LookupError(f"Row {row.number} has no day.")
    return ConsentEntry(
        person_key=key,
        person_id=person.pk,
        purpose=ConsentPurpose(row.text(ConsentField.PURPOSE)),
        version=row.text(ConsentField.VERSION),
        given_by=GivenBy(row.text(ConsentField.GIVEN_BY)),
        guardians=tuple((each.first_name, each.last_name) for each in row.guardians),
        given_on=given_on,
        withdrawn_on=row.day(ConsentField.WITHDRAWN_ON),
    )


def _entry_of(consent: Consent, key: str) -> ConsentEntry:
    return ConsentEntry(
        person_key=key,
        person_id=consent.person_id,
        purpose=ConsentPurpose(consent.purpose),
        version=consent.version,
        given_by=GivenBy(consent.given_by),
        guardians=tuple((each.first_name, each.last_name) for each in consent.guardians.all()),
        given_on=consent.given_on,
        withdrawn_on=consent.withdrawn_on,
    )


def _said(shell: Line, standing: Standing, entry: ConsentEntry) -> Line:
    written = repr((entry.given, entry.withdrawn_on, entry.consent_id))
    digest = hashlib.sha256(written.encode()).hexdigest()
    return replace(shell, standing=standing, fingerprint=digest, entry=entry)


def _taken_back_already(consent: Consent) -> str:
    return _("This consent was taken back on %(day)s. A new one has its own day.") % {
        "day": _day(consent.withdrawn_on)
    }


def _day(day: date | None) -> str:
    return "" if day is None else date_format(day, "SHORT_DATE_FORMAT")


def _in_words(row: ConsentRow, labels: Mapping[str, str]) -> dict[str, str]:
    """Each value as understood, by column."""
    said: dict[str, str] = {}
    for field, value in row.values.items():
        if isinstance(value, tuple):
            said[field.value] = _names((each.first_name, each.last_name) for each in value)
        elif isinstance(value, date):
            said[field.value] = _day(value)
        elif value is not None:
            said[field.value] = labels.get(str(value), str(value))
    return said


def _names(guardians: Iterable[tuple[str, str]]) -> str:
    return "\n".join(sorted(name_in_list(first, last) for first, last in guardians))


def side_in_words(side: Side) -> str:
    """Which of the two somebody is, in the words of a list."""
    return _("accompanies") if side is Side.MENTOR else _("is accompanied")


def _words() -> Mapping[ConsentField, tuple[str, ...]]:
    versions = dict.fromkeys(text.version for texts in TEXTS.values() for text in texts)
    return {
        ConsentField.SIDE: tuple(side_in_words(side) for side in Side),
        ConsentField.PURPOSE: tuple(str(word) for word in _PURPOSES.values()),
        ConsentField.VERSION: tuple(versions),
        ConsentField.GIVEN_BY: tuple(str(word) for word in _GIVERS.values()),
    }


_NEEDED = (
    ConsentField.PURPOSE,
    ConsentField.VERSION,
    ConsentField.GIVEN_BY,
    ConsentField.GIVEN_ON,
)
_HINTS: Mapping[ConsentField, Callable[[], str]] = {
    ConsentField.PERSON_ID: lambda: _("Only where the name is not enough"),
    ConsentField.PERSON: lambda: _("As in the list of people"),
    ConsentField.SIDE: lambda: _("Only where the name is not enough"),
    ConsentField.VERSION: lambda: _("Which version of our text was read out or signed"),
    ConsentField.GUARDIANS: lambda: _(
        "Where guardians consented. Several: a semicolon between them"
    ),
    ConsentField.GIVEN_ON: lambda: _("Like 24.05.2026"),
    ConsentField.WITHDRAWN_ON: lambda: _("Like 24.05.2026; empty while it is in force"),
}


def consent_rows(site: Site) -> Iterator[Sequence[object]]:
    """Every consent of a site in the columns of its template, as the reader understands them.

    A consent to move that is in force is left out: it holds for one move from here.
    """
    moving = Q(purpose=ConsentPurpose.MOVE_SITE, withdrawn_on__isnull=True)
    rows = _consents(site).exclude(moving).order_by("person__side", "person_id", "pk")
    for consent in rows.iterator(chunk_size=BATCH):
        yield [
            number_of(consent.person),
            consent.person.full_name,
            side_in_words(Side(consent.person.side)),
            consent.get_purpose_display(),
            consent.version,
            consent.get_given_by_display(),
            _names((each.first_name, each.last_name) for each in consent.guardians.all()),
            consent.given_on,
            consent.withdrawn_on,
        ]


CONSENTS = ConsentsKind(
    name="consents",
    order=25,
    permission=CONSENT,
    column_list=CONSENT_COLUMNS,
    sheets="Einwilligungen, Einwilligung, Einverständnisse, Einverständniserklärungen, Consents, "
    "Consent",
    dates=DATES,
)
