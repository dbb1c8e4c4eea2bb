"""Which tandem a row of another list is about: stored, or out of the same file."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patenwerk.core.clock import day_of
from patenwerk.imports.domain.kinds import Beside
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Site
from patenwerk.people.domain.list_people import NotTaken, People, all_of, key_of, names_of
from patenwerk.people.enums import Side
from patenwerk.tandems.domain.list_words import title_of
from patenwerk.tandems.domain.tandem_list import TandemEntry, stored_tandems
from patenwerk.tandems.enums import State
from patenwerk.tandems.kernel.columns import Field
from patenwerk.tandems.kernel.rows import ParsedRow
from patenwerk.tandems.models import Tandem


@dataclass(frozen=True, slots=True)
class Running:
    """A tandem that a row can be about. ``key`` is the same before and after it is stored.

    One of ``tandem`` (it is stored) and ``entry`` (the same file brings it) is set.
    """

    key: str
    pair: tuple[str, str]
    name: str
    state: State
    began_on: date
    ended_on: date | None
    end_reason: str = ""
    tandem: Tandem | None = None
    entry: TandemEntry | None = None

    @property
    def pk(self) -> int | None:
        """The stored tandem's id."""
        return None if self.tandem is None else self.tandem.pk

    @property
    def taken_over_on(self) -> date | None:
        """When a list brought the stored tandem; None where it was decided here."""
        at = None if self.tandem is None else self.tandem.taken_over_at
        return day_of(at) if at else None

    @property
    def is_told_by_lists(self) -> bool:
        """Whether a list may say what was before: the tandem itself came from one."""
        return self.tandem is None or self.tandem.taken_over_at is not None

    def ran(self, on: date) -> bool:
        """Whether the two were a tandem on a day."""
        return self.began_on <= on and (self.ended_on is None or on <= self.ended_on)


class Tandems:
    """The tandems of a site, with those that the same file brings and ends."""

    def __init__(self, site: Site, people: People, beside: Beside) -> None:
        """Two queries, and those of the words of stored tandems."""
        self.people = people
        self.by_number: dict[str, Running] = {}
        self.by_pair: dict[tuple[str, str], list[Running]] = defaultdict(list)
        self.by_name: dict[str, list[Running]] = defaultdict(list)
        self.keys: dict[int, str] = {}
        self.all: list[Running] = []
        lines = beside.get("tandems", ())
        # What the file says of a stored tandem's end counts for its other lists as well.
        ending = {
            line.entry.tandem_id: line.entry
            for line in lines
            if line.standing is Standing.CHANGED and line.entry.step == "end"
        }
        for tandem, pair in stored_tandems(site, people):
            running = _running(tandem, pair)
            self.keys[tandem.pk] = running.key
            if tandem.pk in ending:
                end = ending[tandem.pk]
                running = replace(running, ended_on=end.ended_on, end_reason=end.end_reason)
            self._add(tandem.file_id, running)
        for line in lines:
            if line.standing is Standing.NEW:
                self._add(line.entry.file_id, _coming(line.entry))

    def find(self, row: ParsedRow, on: date | None) -> Running:
        """The tandem a row is about: by its number where that is known, else by the two, and the
        day where they were a tandem more than once. Raises NotTaken.
        """
        if row.file_id in self.by_number or not (row.mentors and row.mentees):
            return self.numbered(row.file_id)
        mentors = all_of(self.people, Side.MENTOR, row.mentors, title=title_of(Field.MENTOR))
        mentees = all_of(self.people, Side.MENTEE, row.mentees, title=title_of(Field.MENTEE))
        tandems = self.by_pair[key_of(mentors), key_of(mentees)]
        if not tandems:
            raise NotTaken(
                _("%(mentor)s and %(mentee)s are no tandem, at your site or in this file.")
                % {"mentor": names_of(mentors), "mentee": names_of(mentees)}
            )
        then = [running for running in tandems if on is None or running.ran(on)]
        if len(then) > 1:
            raise NotTaken(_("Two tandems of these people fit. Please add the tandem’s number."))
        return then[0] if then else tandems[-1]

    def numbered(self, number: str) -> Running:
        """The tandem of this number. Raises NotTaken."""
        found = self.by_number.get(number)
        if found is None:
            raise NotTaken(
                _("There is no tandem “%(id)s” at your site or in this file.") % {"id": number},
                title_of(Field.FILE_ID),
            )
        return found

    def _add(self, number: str, running: Running) -> None:
        if number:
            self.by_number[number] = running
        if running.name:
            self.by_name[running.name].append(running)
        self.by_pair[running.pair].append(running)
        self.all.append(running)


def ran_then(running: Running, on: date, *, column: Field) -> None:
    """Raises NotTaken where the two were no tandem on a day."""
    if not running.ran(on):
        raise NotTaken(
            _("The tandem did not run on this day: it began on %(began)s.")
            % {"began": date_format(running.began_on, "SHORT_DATE_FORMAT")}
            if on < running.began_on
            else _("The tandem had ended before this day."),
            title_of(column),
        )


def _running(tandem: Tandem, pair: tuple[str, str]) -> Running:
    began_on = day_of(tandem.created_at)
    key = _tandem_key(tandem.file_id, pair, began_on)
    state = State(tandem.state)
    end = tandem.ended_on, tandem.end_reason
    return Running(key, pair, tandem.name, state, began_on, *end, tandem=tandem)


def _coming(entry: TandemEntry) -> Running:
    key = _tandem_key(entry.file_id, entry.pair, entry.began_on)
    days = entry.began_on, entry.ended_on
    return Running(key, entry.pair, entry.name, entry.state, *days, entry.end_reason, entry=entry)


def _tandem_key(number: str, pair: tuple[str, str], began_on: date) -> str:
    """The same before and after the tandem is stored."""
    return f"#{number}" if number else f"{pair} {began_on}"
