"""The list of the meetings of a site's tandems: beside what is stored, taken over, out again."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patenwerk.core.batches import BATCH
from patenwerk.core.policy import Actor
from patenwerk.imports.domain.kinds import (
    Beside,
    Difference,
    Line,
    Problem,
    TakenRows,
)
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Site
from patenwerk.people.domain.list_people import Named, NotTaken, People, names_of, the_only
from patenwerk.people.domain.template import number_of
from patenwerk.people.enums import Side
from patenwerk.people.kernel.listed import SEVERAL, Who
from patenwerk.tandems.domain.history import (
    MeetingHistory,
    take_meetings,
)
from patenwerk.tandems.domain.list_kind import (
    ListKind,
    in_words,
    label_of,
    misread,
    missing_titles,
    who_is_missing,
)
from patenwerk.tandems.domain.list_members import Members
from patenwerk.tandems.domain.list_tandems import Running, Tandems, ran_then
from patenwerk.tandems.domain.list_words import Vocabulary, title_of
from patenwerk.tandems.domain.tandem_rows import both_named, number_in_list
from patenwerk.tandems.enums import MeetingPlace
from patenwerk.tandems.kernel.columns import DATES, MEETING_COLUMNS, Field
from patenwerk.tandems.kernel.rows import (
    ParsedRow,
    parse_meetings,
)
from patenwerk.tandems.models import Meeting, Participant
from patenwerk.tandems.policy import LOG_MEETING
from patenwerk.tandems.queries.participant import took_part_on


@dataclass(frozen=True, slots=True)
class Came:
    """Who came to a meeting, where a list says it: by ``keys`` that are the same before and after
    they are stored, empty for everybody who took part that day; ``ids`` of who is stored.
    """

    keys: tuple[str, ...]
    ids: frozenset[int]
    names: str = ""


@dataclass(frozen=True, slots=True)
class MeetingEntry:
    """What one row would write: of which tandem, when, and the stored meeting it corrects.

    ``came`` is None where the list has no such column: then whoever is stored stays.
    ``refused``: why a list cannot bring it; where just this is stored already, nobody minds.
    """

    tandem_key: str
    tandem_id: int | None
    held_on: date
    minutes: int
    place: str
    topic: str
    came: Came | None = None
    refused: Problem | None = None
    meeting_id: int | None = None

    @property
    def identity(self) -> tuple[object, ...]:
        """The same exactly if the same would be written of the same tandem."""
        return self.tandem_key, self.held_on, *self.told

    @property
    def told(self) -> tuple[object, ...]:
        """What is said of the meeting itself."""
        return self.minutes, self.place, self.topic, self.came and self.came.keys


@dataclass(frozen=True, slots=True)
class MeetingsKind(ListKind):
    """The list of the meetings of a site's tandems."""

    def missing(self, columns: Collection[str]) -> Sequence[str]:
        who = [] if Field.FILE_ID.value in columns else who_is_missing(columns)
        return [*missing_titles((), who), *missing_titles(columns, [Field.HELD_ON, Field.MINUTES])]

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
        came_ids=None if entry.came is None else entry.came.ids,
    )


class ComparedMeetings:
    """A list of meetings beside what is stored."""

    def __init__(self, site: Site, beside: Beside) -> None:
        """Twelve queries for any number of rows."""
        self.people = People(site, beside)
        self.tandems = Tandems(site, self.people, beside)
        self.members = Members(self.tandems, beside)
        self.labels = Vocabulary.of(site).labels
        self.stored: dict[tuple[str, date], list[Meeting]] = defaultdict(list)
        for meeting in Meeting.objects.filter(site=site).order_by("pk"):
            self.stored[self.tandems.keys[meeting.tandem_id], meeting.held_on].append(meeting)
        self.came: dict[int, set[int]] = defaultdict(set)
        through = Meeting.came.through.objects.filter(meeting__site=site)
        for meeting_id, participant_id in through.values_list("meeting_id", "participant_id"):
            self.came[meeting_id].add(participant_id)

    def lines(self, rows: Sequence[ParsedRow]) -> list[Line]:
        """Every row in its order; a meeting that is stored just so is claimed before others."""
        entries: dict[int, MeetingEntry] = {}
        bad: dict[int, tuple[Problem, ...]] = {}
        for row in rows:
            if not row.ok:
                bad[row.number] = misread(row, self.labels)
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

    def _entry(self, row: ParsedRow) -> MeetingEntry:
        held_on = row.day(Field.HELD_ON)
        if held_on is None:
            raise LookupError(f"Row {row.number} has no day.")
        running = self.tandems.find(row, held_on)
        ran_then(running, held_on, column=Field.HELD_ON)
        return MeetingEntry(
            running.key,
            running.pk,
            held_on,
            int(row.text(Field.MINUTES)),
            row.text(Field.PLACE) or MeetingPlace.IN_PERSON.value,
            row.text(Field.TOPIC),
            self._said_to_come(row, running.key, held_on),
            refused=_refused(running, held_on),
        )

    def _said_to_come(self, row: ParsedRow, tandem_key: str, held_on: date) -> Came | None:
        """Whom a row names; everybody where its cell is empty. Raises NotTaken."""
        if Field.CAME not in row.values or not self.members.are_known(tandem_key):
            return None
        there = {one.key for one in self.members.on(tandem_key, held_on)}
        came = {self._one(said, there).key for said in row.came} or there
        return self._came(came, there)

    def _stored_to_have_come(self, meeting: Meeting, tandem_key: str) -> Came:
        there = self.members.stored_on(tandem_key, meeting.held_on)
        came = {one.key for one in there if one.participant_id in self.came[meeting.pk]}
        everybody = {one.key for one in there}
        # Where nobody is noted nothing was said, as in a list.
        return self._came(came or everybody, everybody)

    def _came(self, came: Collection[str], there: Collection[str]) -> Came:
        people = [self.members.named(key) for key in sorted(came)]
        return Came(
            () if came == there else tuple(sorted(came)),
            frozenset(one.pk for one in people if one.pk is not None),
            names_of(people),
        )

    def _one(self, said: str, there: Collection[str]) -> Named:
        """Who of those who were there is meant by a number or a name. Raises NotTaken."""
        meant = {
            named.key: named
            for who in (Who(number=said), Who(name=said))
            for side in Side
            for named in self.people.find(side, who)
            if named.key in there
        }
        nobody = _(
            "“%(who)s” did not take part in this tandem on this day. Please check name or number."
        )
        return the_only(meant.values(), said, title=title_of(Field.CAME), nobody=nobody)

    def _claim(self, entry: MeetingEntry) -> bool:
        """Whether just this is stored; if so no other row can be about it."""
        waiting = self.stored[entry.tandem_key, entry.held_on]
        for meeting in waiting:
            if self._stored(meeting, entry).told == entry.told:
                waiting.remove(meeting)
                return True
        return False

    def _line(self, row: ParsedRow, entry: MeetingEntry) -> Line:
        shell = _shell(row)
        if entry.refused is not None:
            return replace(shell, problems=(entry.refused,))
        waiting = self.stored[entry.tandem_key, entry.held_on]
        if not waiting:
            words = partial(in_words, row, self.labels)
            return replace(_logged(shell, Standing.NEW, entry), words=words)
        meeting = waiting.pop(0)
        entry = replace(entry, meeting_id=meeting.pk)
        shown = tuple(self._differences(self._stored(meeting, entry), entry))
        return replace(_logged(shell, Standing.CHANGED, entry), differences=shown)

    def _stored(self, meeting: Meeting, entry: MeetingEntry) -> MeetingEntry:
        """A stored meeting, as far as a row says something of it."""
        came = entry.came and self._stored_to_have_come(meeting, entry.tandem_key)
        return replace(
            entry, minutes=meeting.minutes, place=meeting.place, topic=meeting.topic, came=came
        )

    def _differences(self, before: MeetingEntry, after: MeetingEntry) -> Iterator[Difference]:
        for field, old, new in (
            (Field.MINUTES, before.minutes, after.minutes),
            (Field.PLACE, before.place, after.place),
            (Field.TOPIC, before.topic, after.topic),
        ):
            if old != new:
                yield Difference(title_of(field), self._shown(old), self._shown(new))
        if before.came and after.came and before.came.keys != after.came.keys:
            yield Difference(title_of(Field.CAME), before.came.names, after.came.names)

    def _shown(self, value: object) -> str:
        return self.labels.get(str(value), str(value))


def _shell(row: ParsedRow) -> Line:
    return Line(number=row.number, label=label_of(row), standing=Standing.BAD)


def _logged(shell: Line, standing: Standing, entry: MeetingEntry) -> Line:
    written = repr((entry.identity, entry.meeting_id))
    digest = hashlib.sha256(written.encode()).hexdigest()
    return replace(shell, standing=standing, fingerprint=digest, entry=entry)


def _refused(running: Running, held_on: date) -> Problem | None:
    """Why a new meeting is logged on the tandem's own page, where the record check is asked for."""
    if not running.is_told_by_lists:
        return Problem(
            "",
            _(
                "This tandem did not come from a list. Please log the meeting on the tandem’s "
                "own page."
            ),
        )
    if running.taken_over_on is not None and held_on > running.taken_over_on:
        day = date_format(running.taken_over_on, "SHORT_DATE_FORMAT")
        return Problem(
            title_of(Field.HELD_ON.value),
            _("Meetings after %(day)s are logged on the tandem’s own page.") % {"day": day},
        )
    return None


def meeting_rows(site: Site) -> Iterator[Sequence[object]]:
    """Every meeting of a site in the columns of its template."""
    rows = Meeting.objects.filter(site=site).select_related("tandem").order_by("tandem_id", "pk")
    people = Participant.objects.select_related("person")
    named = rows.prefetch_related(Prefetch("tandem__participants", queryset=people), "came")
    for meeting in named.iterator(chunk_size=BATCH):
        yield [
            number_in_list(meeting.tandem),
            *both_named(meeting.tandem),
            meeting.held_on,
            meeting.minutes,
            meeting.get_place_display(),
            meeting.topic,
            _who_came(meeting),
        ]


def _who_came(meeting: Meeting) -> str:
    """Nothing where everybody came who took part that day, or where not all are of the site."""
    rows = list(meeting.tandem.participants.all())
    there = [row for row in rows if took_part_on(row, meeting.held_on)]
    came = {row.pk for row in meeting.came.all()}
    if came >= {row.pk for row in there} or any(row.site_id != meeting.site_id for row in rows):
        return ""
    namesakes = Counter(row.person.full_name for row in there)
    return f"{SEVERAL} ".join(
        row.person.full_name if namesakes[row.person.full_name] == 1 else number_of(row.person)
        for row in there
        if row.pk in came
    )


MEETINGS = MeetingsKind(
    name="meetings",
    order=40,
    permission=LOG_MEETING,
    column_list=MEETING_COLUMNS,
    sheets="Treffen, Begegnungen, Termine, Kontakte, Stunden, Meetings, Encounters",
    dates=DATES,
    parse=parse_meetings,
    heading=lambda: _("Meetings"),
    bold=frozenset({Field.MENTOR, Field.MENTEE, Field.HELD_ON, Field.MINUTES}),
)
