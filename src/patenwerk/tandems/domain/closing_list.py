"""The list of closings: which tandem ended when and why, with a note; taken, and out again."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from patenwerk.core.batches import BATCH
from patenwerk.core.clock import noon_of
from patenwerk.core.policy import Actor
from patenwerk.imports.domain.kinds import Beside, Difference, Line, Problem, TakenRows
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Site
from patenwerk.people.domain.list_people import NotTaken, People
from patenwerk.tandems.domain.history import take_end_notes
from patenwerk.tandems.domain.list_kind import (
    ListKind,
    in_words,
    label_of,
    misread,
    missing_titles,
    who_is_missing,
)
from patenwerk.tandems.domain.list_steps import against_step, ended_already
from patenwerk.tandems.domain.list_tandems import Running, Tandems
from patenwerk.tandems.domain.list_words import Vocabulary, title_of
from patenwerk.tandems.domain.tandem import end_tandem
from patenwerk.tandems.domain.tandem_rows import both_named, number_in_list
from patenwerk.tandems.enums import EndReason, State
from patenwerk.tandems.kernel.columns import CLOSING_COLUMNS, DATES, Field
from patenwerk.tandems.kernel.rows import ParsedRow, parse_closings
from patenwerk.tandems.models import Participant, Tandem, TandemStep
from patenwerk.tandems.policy import MOVE_TANDEM


@dataclass(frozen=True, slots=True)
class ClosingEntry:
    """What one row would write: of which tandem, when it ended, why, and the note.

    ``is_end``: the tandem runs and ends by this; else only the note is new.
    """

    tandem_key: str
    tandem_id: int | None
    ended_on: date
    reason: EndReason
    note: str
    is_end: bool


@dataclass(frozen=True, slots=True)
class ClosingsKind(ListKind):
    """The list of the closings of a site's tandems."""

    def missing(self, columns: Collection[str]) -> Sequence[str]:
        who = [] if Field.FILE_ID.value in columns else who_is_missing(columns)
        needed = [Field.ENDED_ON, Field.END_REASON]
        return [*missing_titles((), who), *missing_titles(columns, needed)]

    def export(self, site: Site) -> Iterator[Sequence[object]]:
        return closing_rows(site)

    def compare(
        self, understood: Sequence[ParsedRow], *, site: Site, on: date, beside: Beside
    ) -> list[Line]:
        compared = _Compared(site, on, beside)
        return [compared.line(row) for row in understood]

    def take(self, lines: Sequence[Line], *, site: Site, by: Actor, at: datetime) -> TakenRows:
        entries: list[ClosingEntry] = [line.entry for line in lines]
        for entry in entries:
            if entry.is_end:
                end_tandem(
                    tandem=Tandem.objects.get(pk=entry.tandem_id or 0),
                    reason=entry.reason,
                    ended_on=entry.ended_on,
                    note=entry.note,
                    by=by,
                    at=at,
                )
        notes = {entry.tandem_id or 0: entry.note for entry in entries if not entry.is_end}
        take_end_notes(site=site, notes=notes, by=by, at=at)
        changed = sum(line.standing is Standing.CHANGED for line in lines)
        return TakenRows(len(entries) - changed, changed)


class _Compared:
    """A list of closings beside what is stored, row by row."""

    def __init__(self, site: Site, on: date, beside: Beside) -> None:
        """Nine queries for any number of rows."""
        self.on = on
        self.tandems = Tandems(site, People(site, beside), beside)
        self.labels = Vocabulary.of(site).labels
        self.seen: dict[str, int] = {}
        ends = TandemStep.objects.filter(tandem__site=site, step="end").order_by("pk")
        self.notes: dict[int, str] = dict(ends.values_list("tandem_id", "note"))
        # What the same file says of meetings counts for whether an end can be true.
        self.met: Counter[str] = Counter()
        self.last_met: dict[str, date] = {}
        for line in beside.get("meetings", ()):
            if line.standing is Standing.NEW:
                key, held_on = line.entry.tandem_key, line.entry.held_on
                self.met[key] += 1
                self.last_met[key] = max(held_on, self.last_met.get(key, held_on))

    def line(self, row: ParsedRow) -> Line:
        """One row: new, changed, unchanged or bad with its reasons."""
        shell = Line(number=row.number, label=label_of(row), standing=Standing.BAD)
        if not row.ok:
            return replace(shell, problems=misread(row, self.labels))
        try:
            return self._beside(shell, row)
        except NotTaken as why:
            return replace(shell, problems=(why.problem,))

    def _beside(self, shell: Line, row: ParsedRow) -> Line:
        ended_on = row.day(Field.ENDED_ON)
        if ended_on is None:
            raise LookupError(f"Row {row.number} has no day.")
        running = self.tandems.find(row, ended_on)
        again = self.seen.setdefault(running.key, row.number)
        if again != row.number:
            raise NotTaken(
                _("Row %(row)s is about the same tandem. Please keep one row.") % {"row": again}
            )
        entry = ClosingEntry(
            running.key,
            running.pk,
            ended_on,
            EndReason(row.text(Field.END_REASON)),
            row.text(Field.NOTE),
            is_end=running.ended_on is None,
        )
        if not entry.is_end:
            return self._ended(shell, row, entry, running)
        problems = self._against(entry, running)
        if problems:
            return replace(shell, problems=problems)
        line = _said(shell, Standing.NEW, entry)
        words = partial(in_words, row, self.labels)
        return replace(line, words=words, hint=lambda: _("a tandem that runs ends by this"))

    def _ended(self, shell: Line, row: ParsedRow, entry: ClosingEntry, running: Running) -> Line:
        """A row about a tandem that has ended, or that the list of tandems ends."""
        before = "" if running.pk is None else self.notes.get(running.pk, "")
        if (entry.ended_on, entry.reason) != (running.ended_on, running.end_reason):
            raise NotTaken(
                ended_already(running.ended_on, running.end_reason), title_of(Field.ENDED_ON)
            )
        if not entry.note or entry.note == before:
            return replace(shell, standing=Standing.UNCHANGED)
        if not running.is_told_by_lists:
            raise NotTaken(
                _("The note at the end of a tandem that was decided here stays as it was written."),
                title_of(Field.NOTE),
            )
        if before:
            shown = Difference(title_of(Field.NOTE), before, entry.note)
            return replace(_said(shell, Standing.CHANGED, entry), differences=(shown,))
        words = partial(in_words, row, self.labels)
        return replace(_said(shell, Standing.NEW, entry), words=words)

    def _against(self, entry: ClosingEntry, running: Running) -> tuple[Problem, ...]:
        """What the life cycle has against this end, with the meetings of the same file."""
        tandem = running.tandem or Tandem(state=running.state, created_at=noon_of(running.began_on))
        seen = [day for day in (tandem.last_meeting_on, self.last_met.get(running.key)) if day]
        tandem.meeting_count += self.met[running.key]
        tandem.last_meeting_on = max(seen, default=None)
        facts = {"reason": entry.reason, "ended_on": entry.ended_on}
        return against_step(tandem, "end", on=self.on, facts=facts)


def _said(shell: Line, standing: Standing, entry: ClosingEntry) -> Line:
    # The tandem's id is not said: it may be made by the list of tandems in the same file.
    written = repr((replace(entry, tandem_id=None), standing))
    digest = hashlib.sha256(written.encode()).hexdigest()
    return replace(shell, standing=standing, fingerprint=digest, entry=entry)


def closing_rows(site: Site) -> Iterator[Sequence[object]]:
    """The closing of every tandem of a site that has ended, in the columns of its template."""
    ends = TandemStep.objects.filter(step="end").order_by("pk")
    people = Participant.objects.select_related("person")
    rows = Tandem.objects.filter(site=site, state=State.ENDED).order_by("pk")
    named = rows.prefetch_related(
        Prefetch("participants", queryset=people),
        Prefetch("steps_taken", queryset=ends, to_attr="ends"),
    )
    for tandem in named.iterator(chunk_size=BATCH):
        taken: list[Any] = tandem.ends
        notes = [step.note for step in taken]
        yield [
            number_in_list(tandem),
            *both_named(tandem),
            tandem.ended_on,
            tandem.get_end_reason_display(),
            notes[-1] if notes else "",
        ]


CLOSINGS = ClosingsKind(
    name="closings",
    order=50,
    permission=MOVE_TANDEM,
    column_list=CLOSING_COLUMNS,
    sheets="Abschlüsse, Abschluss, Beendigungen, beendete Patenschaften, beendete Tandems, "
    "Closings, Ended tandems",
    dates=DATES,
    parse=parse_closings,
    heading=lambda: _("Closings"),
    bold=frozenset({Field.MENTOR, Field.MENTEE, Field.ENDED_ON, Field.END_REASON}),
)
