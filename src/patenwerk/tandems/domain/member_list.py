"""Who joined a tandem later or left it before its end: beside what is stored, taken, out again.

The list of tandems names who is there, or was at the end; this one says since when, until when,
and who was there besides.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patenwerk.core.batches import BATCH
from patenwerk.core.clock import day_of, noon_of
from patenwerk.core.policy import Actor
from patenwerk.imports.domain.kinds import Beside, Difference, Line, Problem, TakenRows
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Site
from patenwerk.people.domain.list_people import Named, NotTaken, People, one_of
from patenwerk.people.domain.template import number_of
from patenwerk.people.enums import Side
from patenwerk.tandems.domain.group import against_leaving, leave_group
from patenwerk.tandems.domain.list_kind import ListKind, in_words, misread, missing_titles
from patenwerk.tandems.domain.list_tandems import Running, Tandems
from patenwerk.tandems.domain.list_words import ANSWERS, ROLES, Vocabulary, title_of
from patenwerk.tandems.domain.member_history import MemberHistory, take_members
from patenwerk.tandems.domain.tandem_rows import name_in_list, number_in_list
from patenwerk.tandems.enums import Acceptance, MemberRole, State
from patenwerk.tandems.kernel.columns import DATES, MEMBER_COLUMNS, Field
from patenwerk.tandems.kernel.rows import ParsedRow, parse_members
from patenwerk.tandems.models import Participant
from patenwerk.tandems.policy import MOVE_TANDEM
from patenwerk.tandems.queries.participant import is_settled


@dataclass(frozen=True, slots=True)
class Span:
    """What is said of one time somebody took part; ``left_on`` None: still there."""

    joined_on: date
    left_on: date | None
    acceptance: Acceptance
    why: str = ""

    def meets(self, other: Span) -> bool:
        """Whether the two have a day in common."""
        return (self.left_on is None or other.joined_on <= self.left_on) and (
            other.left_on is None or self.joined_on <= other.left_on
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """A time somebody took part as it is known: with its row, or out of the same file."""

    span: Span
    participant_id: int | None = None


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """What one row would write: in which tandem who took part as what, and the row it changes.

    ``key`` is the same before and after tandem and person are stored. ``leaves_on``: somebody who
    is there leaves a running tandem; ``span`` is then what is said of the time until today.
    """

    key: tuple[str, str, MemberRole]
    tandem_id: int | None
    person_id: int | None
    span: Span
    participant_id: int | None = None
    leaves_on: date | None = None
    is_said_anew: bool = True


@dataclass(frozen=True, slots=True)
class MembersKind(ListKind):
    """The list of who joined a site's tandems later or left before the end."""

    def missing(self, columns: Collection[str]) -> Sequence[str]:
        which = [] if Field.GROUP.value in columns else [Field.FILE_ID]
        who = [] if Field.PERSON_ID.value in columns else [Field.PERSON]
        return missing_titles(columns, [*which, *who, Field.ROLE])

    def export(self, site: Site) -> Iterator[Sequence[object]]:
        return member_rows(site)

    def compare(
        self, understood: Sequence[ParsedRow], *, site: Site, on: date, beside: Beside
    ) -> list[Line]:
        return _Compared(site, on, beside).lines(understood)

    def take(self, lines: Sequence[Line], *, site: Site, by: Actor, at: datetime) -> TakenRows:
        entries: list[MemberEntry] = [line.entry for line in lines]
        told = [_history(entry) for entry in entries if entry.is_said_anew]
        take_members(site=site, told=told, by=by, at=at)
        for entry in entries:
            if entry.leaves_on is not None:
                participant = Participant.objects.get(pk=entry.participant_id or 0)
                leave_group(participant=participant, left_on=entry.leaves_on, by=by, at=at)
        changed = sum(line.standing is Standing.CHANGED for line in lines)
        return TakenRows(len(entries) - changed, changed)


def _history(entry: MemberEntry) -> MemberHistory:
    if entry.tandem_id is None or entry.person_id is None:
        raise LookupError(f"Not stored yet: {entry.key}")
    role = entry.key[2]
    return MemberHistory(
        tandem_id=entry.tandem_id,
        person_id=entry.person_id,
        side=side_of(role),
        is_substitute=role is MemberRole.SUBSTITUTE,
        acceptance=entry.span.acceptance,
        joined_on=entry.span.joined_on,
        left_on=entry.span.left_on,
        why=entry.span.why,
        participant_id=entry.participant_id,
    )


def side_of(role: MemberRole) -> Side:
    """On which side somebody takes part."""
    return Side.MENTEE if role is MemberRole.MENTEE else Side.MENTOR


def _role_of(row: Participant) -> MemberRole:
    return MemberRole.SUBSTITUTE if row.is_substitute else MemberRole(row.side)


def _span_of(row: Participant) -> Span:
    return Span(row.joined_on, row.left_on, Acceptance(row.acceptance), row.why)


def told_by_tandem(state: State, began_on: date, ended_on: date | None) -> Span:
    """What the list of tandems says of everybody whom it names."""
    asked = state is State.PROPOSED
    return Span(began_on, ended_on, Acceptance.OPEN if asked else Acceptance.ACCEPTED)


class _Compared:
    """A list of who joined and left beside what is stored, row by row."""

    def __init__(self, site: Site, on: date, beside: Beside) -> None:
        """Nine queries for any number of rows, and some for each who leaves."""
        self.on = on
        self.people = People(site, beside)
        self.tandems = Tandems(site, self.people, beside)
        self.labels = Vocabulary.of(site).labels | {
            code: str(word) for code, word in (*ROLES, *ANSWERS)
        }
        self.seen: dict[tuple[object, ...], int] = {}
        self.stored: dict[tuple[str, str, MemberRole], list[Stored]] = defaultdict(list)
        self.numbers: dict[str, Running] = {}
        for running in self.tandems.all:
            self._add(running)

    def _add(self, running: Running) -> None:
        if running.tandem is not None:
            # Going out, a tandem without a number is given one.
            self.numbers[number_in_list(running.tandem)] = running
            for row in running.tandem.participants.all():
                person = self.people.keys.get(row.person_id, "")
                key = running.key, person, _role_of(row)
                self.stored[key].append(Stored(_span_of(row), row.pk))
        if running.entry is not None:
            span = told_by_tandem(running.state, running.began_on, running.ended_on)
            for people, role in (
                (running.entry.mentors, MemberRole.MENTOR),
                (running.entry.mentees, MemberRole.MENTEE),
                (running.entry.substitutes, MemberRole.SUBSTITUTE),
            ):
                for one in people:
                    self.stored[running.key, one.key, role].append(Stored(span))

    def lines(self, rows: Sequence[ParsedRow]) -> list[Line]:
        """Every row in its order; whoever was there to the end is looked at before earlier times
        of the same person.
        """
        latest = sorted(rows, key=lambda row: row.day(Field.LEFT_ON) or date.max, reverse=True)
        found = {row.number: self.line(row) for row in latest}
        return [found[row.number] for row in rows]

    def line(self, row: ParsedRow) -> Line:
        """One row: new, changed, unchanged or bad with its reasons."""
        shell = Line(number=row.number, label=str(row.person), standing=Standing.BAD)
        if not row.ok:
            return replace(shell, problems=misread(row, self.labels))
        try:
            return self._beside(shell, row)
        except NotTaken as why:
            return replace(shell, problems=(why.problem,))

    def _beside(self, shell: Line, row: ParsedRow) -> Line:
        role = MemberRole(row.text(Field.ROLE))
        person = one_of(self.people, side_of(role), row.person, title=title_of(Field.PERSON))
        running = self._tandem(row, person, role)
        span = _said_span(row, running)
        entry = MemberEntry((running.key, person.key, role), running.pk, person.pk, span)
        again = self.seen.setdefault((entry.key, span), row.number)
        if again != row.number:
            raise NotTaken(_("The row is identical to row %(row)s.") % {"row": again})
        known = self.stored[entry.key]
        if any(each.span == span for each in known):
            return replace(shell, standing=Standing.UNCHANGED)
        there = next((each for each in known if each.span.left_on is None), None)
        if running.tandem is not None and there and span.left_on and there.span.meets(span):
            return self._leaves(shell, row, entry, running, there)
        if not running.is_told_by_lists:
            raise NotTaken(_on_its_own_page())
        return self._news(shell, row, entry, running, known)

    def _tandem(self, row: ParsedRow, person: Named, role: MemberRole) -> Running:
        """The tandem by its number, else by its name. Raises NotTaken."""
        given = self.numbers.get(row.file_id)
        if row.file_id in self.tandems.by_number or not (given or row.text(Field.GROUP)):
            return self.tandems.numbered(row.file_id)
        # A number that only going out gave may be another tandem's elsewhere.
        if given is not None and self.stored.get((given.key, person.key, role)):
            return given
        named = self.tandems.by_name.get(row.text(Field.GROUP), [])
        if len(named) != 1:
            raise NotTaken(
                _("There is no tandem called “%(name)s” here, or several. Please add its number.")
                % {"name": row.text(Field.GROUP)},
                title_of(Field.GROUP),
            )
        return named[0]

    def _leaves(
        self, shell: Line, row: ParsedRow, entry: MemberEntry, running: Running, there: Stored
    ) -> Line:
        """Somebody who is there leaves a stored tandem that runs: as on its own page."""
        joined_on = row.day(Field.JOINED_ON) or there.span.joined_on
        until_now = replace(entry.span, joined_on=joined_on, left_on=None)
        if until_now != there.span and not running.is_told_by_lists:
            raise NotTaken(_on_its_own_page())
        participant = Participant.objects.select_related("person", "tandem").get(
            pk=there.participant_id or 0
        )
        leaves_on = entry.span.left_on or self.on
        refusals = against_leaving(participant.tandem, participant, leaves_on, noon_of(self.on))
        if refusals:
            title = title_of(Field.LEFT_ON)
            problems = tuple(Problem(title, str(each.sentence)) for each in refusals)
            return replace(shell, problems=problems)
        entry = replace(
            entry,
            span=until_now,
            participant_id=there.participant_id,
            leaves_on=leaves_on,
            is_said_anew=until_now != there.span,
        )
        shown = self._differences(there.span, replace(until_now, left_on=leaves_on))
        return replace(_said(shell, Standing.CHANGED, entry), differences=tuple(shown))

    def _news(
        self,
        shell: Line,
        row: ParsedRow,
        entry: MemberEntry,
        running: Running,
        known: list[Stored],
    ) -> Line:
        """What is not known yet, or known otherwise."""
        span = entry.span
        plain = told_by_tandem(running.state, running.began_on, running.ended_on)
        to_the_end = span.left_on == running.ended_on
        # Only the list of tandems has named them: since when they are there nobody has said yet.
        told = next((each for each in known if each.span == plain), None)
        met = next((each for each in known if each.span.meets(span)), None)
        if told is not None and not to_the_end:
            raise NotTaken(
                _(
                    "The list of tandems names this person as somebody who is there, or was to the "
                    "end. Please leave the name out there."
                ),
                title_of(Field.LEFT_ON),
            )
        is_there = met is not None and met.span.left_on == running.ended_on
        if to_the_end and not is_there and span.acceptance is not Acceptance.DECLINED:
            raise NotTaken(
                _(
                    "Whoever is there, or was to the end, stands in the list of tandems, too. "
                    "Please add the name there."
                ),
                title_of(Field.LEFT_ON),
            )
        known_before = told or met
        if known_before is not None:
            entry = replace(entry, participant_id=known_before.participant_id)
            known.remove(known_before)
        known.append(Stored(span, entry.participant_id))
        if told is None and met is not None:
            line = _said(shell, Standing.CHANGED, entry)
            return replace(line, differences=tuple(self._differences(met.span, span)))
        words = partial(in_words, row, self.labels)
        return replace(_said(shell, Standing.NEW, entry), words=words)

    def _differences(self, before: Span, after: Span) -> Iterator[Difference]:
        for field, old, new in (
            (Field.JOINED_ON, before.joined_on, after.joined_on),
            (Field.LEFT_ON, before.left_on, after.left_on),
            (Field.ANSWER, before.acceptance, after.acceptance),
            (Field.MEMBER_WHY, before.why, after.why),
        ):
            if old != new:
                yield Difference(title_of(field), self._shown(old), self._shown(new))

    def _shown(self, value: date | str | None) -> str:
        if isinstance(value, date):
            return date_format(value, "SHORT_DATE_FORMAT")
        said = str(value or "")
        word: str = self.labels.get(said, said)
        return word


def _on_its_own_page() -> str:
    return _(
        "This tandem did not come from a list. Who takes part since when is changed on the "
        "tandem’s own page."
    )


def _said_span(row: ParsedRow, running: Running) -> Span:
    """What a row says; what it leaves open is as with everybody. Raises NotTaken."""
    plain = told_by_tandem(running.state, running.began_on, running.ended_on)
    joined_on = row.day(Field.JOINED_ON) or plain.joined_on
    left_on = row.day(Field.LEFT_ON) or plain.left_on
    if joined_on < running.began_on:
        day = date_format(running.began_on, "SHORT_DATE_FORMAT")
        raise NotTaken(
            _("The tandem began later, on %(day)s.") % {"day": day}, title_of(Field.JOINED_ON)
        )
    if left_on is not None and left_on < joined_on:
        raise NotTaken(_("The person joined after this day."), title_of(Field.LEFT_ON))
    if running.ended_on is not None and left_on is not None and left_on > running.ended_on:
        raise NotTaken(_("The tandem had ended before this day."), title_of(Field.LEFT_ON))
    said = row.text(Field.ANSWER)
    acceptance = Acceptance(said) if said else plain.acceptance
    return Span(joined_on, left_on, acceptance, row.text(Field.MEMBER_WHY))


def _said(shell: Line, standing: Standing, entry: MemberEntry) -> Line:
    # The row it changes is not said: it may be made by the list of tandems in the same file.
    written = repr((entry.key, entry.span, entry.leaves_on, standing))
    digest = hashlib.sha256(written.encode()).hexdigest()
    return replace(shell, standing=standing, fingerprint=digest, entry=entry)


def member_rows(site: Site) -> Iterator[Sequence[object]]:
    """Everybody of whom the list of tandems says less than is known, in the template's columns."""
    labels = {code: str(word) for code, word in (*ROLES, *ANSWERS)}
    rows = Participant.objects.filter(tandem__site=site).select_related("tandem", "person")
    named = rows.prefetch_related("tandem__participants").order_by(
        "tandem_id", "side", "person_id", "joined_on", "pk"
    )
    for row in named.iterator(chunk_size=BATCH):
        tandem = row.tandem
        began_on = day_of(tandem.created_at)
        if _span_of(row) == told_by_tandem(State(tandem.state), began_on, tandem.ended_on):
            continue
        own = row.person.site_id == tandem.site_id
        settled = is_settled(tandem, tandem.participants.all())
        yield [
            number_in_list(tandem),
            tandem.name,
            name_in_list(tandem, row, settled=settled),
            number_of(row.person) if own else "",
            labels[_role_of(row)],
            row.joined_on,
            row.left_on,
            labels[row.acceptance],
            row.why,
        ]


MEMBERS = MembersKind(
    name="members",
    order=35,
    permission=MOVE_TANDEM,
    column_list=MEMBER_COLUMNS,
    sheets="Beitritte und Austritte, Ein- und Austritte, Beteiligte, Mitglieder, "
    "Gruppenmitglieder, Wechsel in Gruppen, "
    "Joined and left, Members",
    dates=DATES,
    parse=parse_members,
    heading=lambda: _("Joined and left"),
    bold=frozenset({Field.PERSON, Field.ROLE}),
)
