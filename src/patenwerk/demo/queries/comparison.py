"""The demo's tandems beside what research and practice report, measured in the data."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from patenwerk.organisations.models import Programme
from patenwerk.tandems.enums import EndReason, State
from patenwerk.tandems.models import Meeting, Tandem

FULFILLED = frozenset({EndReason.GOAL_REACHED, EndReason.TIME_OVER})
MONTH = timedelta(days=30)
CHANCES = "chancenpatenschaft"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the demo and what it stands beside. ``low`` and ``high`` where there is one."""

    says: str
    found: float
    unit: str
    beside: str
    low: float | None = None
    high: float | None = None

    @property
    def fits(self) -> bool:
        """Whether the figure lies in its range; one without a range does."""
        at_least = self.low is None or self.found >= self.low
        return at_least and (self.high is None or self.found <= self.high)


def comparison(programme: Programme, on: date) -> list[Line]:
    """The figures of the demo programme as of a day, each with the range it is made for."""
    tandems = list(Tandem.objects.filter(programme=programme).select_related("kind"))
    days: dict[int, list[date]] = defaultdict(list)
    for tandem_id, held_on in Meeting.objects.filter(programme=programme).values_list(
        "tandem_id", "held_on"
    ):
        days[tandem_id].append(held_on)
    proposed = [one for one in tandems if one.state != State.PROPOSED]
    declined = [one for one in proposed if one.end_reason == EndReason.DECLINED]
    chances = [one for one in tandems if one.kind.code == CHANCES and one.founded_on]
    due = [one for one in chances if one.expected_end_on and one.expected_end_on < on]
    early = [one for one in due if _closed_early(one)]
    ended = [one for one in chances if one.ended_on]
    lengths = [_months(one) for one in ended]
    in_a_year = [one for one in chances if one.founded_on and (on - one.founded_on).days > 366]
    a_year = [one for one in in_a_year if _months(one, on) >= 12]
    first = [_in_first_month(one, days[one.pk]) for one in chances if _lasted(one, on, MONTH)]
    gaps = [gap for one in chances for gap in _later_gaps(one, days[one.pk])]
    going_on = [one for one in tandems if one.state == State.ACTIVE]
    silent = [
        one
        for one in going_on
        if one.last_meeting_on and (on - one.last_meeting_on).days >= 26 and one.meeting_count > 3
    ]
    return [
        Line("closed before the agreed time", _share(early, due), "%", "31–38 %", 31, 38),
        Line("median length of ended tandems", median(lengths), "months", "6 to 12 months", 5, 12),
        Line("lasted a year or longer", _share(a_year, in_a_year), "%", "fewer than half", 20, 50),
        Line("meetings in the first month", median(first), "", "twice at least", 2, 5),
        Line("days between later meetings", median(gaps), "days", "a week to a month", 7, 31),
        Line("proposals that one side declined", _share(declined, proposed), "%", "", 3, 10),
        Line("active tandems silent for 26 days", _share(silent, going_on), "%", "", 2, 20),
    ]


def _closed_early(tandem: Tandem) -> bool:
    return tandem.ended_on is not None and tandem.end_reason not in FULFILLED


def _months(tandem: Tandem, on: date | None = None) -> float:
    begun, ended = tandem.founded_on, tandem.ended_on or on
    return 0.0 if begun is None or ended is None else (ended - begun).days / 30.4


def _lasted(tandem: Tandem, on: date, length: timedelta) -> bool:
    begun = tandem.founded_on
    return begun is not None and (tandem.ended_on or on) >= begun + length


def _in_first_month(tandem: Tandem, days: list[date]) -> int:
    begun = tandem.founded_on
    return 0 if begun is None else sum(day < begun + MONTH for day in days)


def _later_gaps(tandem: Tandem, days: list[date]) -> list[int]:
    begun = tandem.founded_on
    later = sorted(day for day in days if begun is not None and day >= begun + MONTH)
    return [(b - a).days for a, b in pairwise(later)]


def _share(part: list[Tandem], whole: list[Tandem]) -> float:
    return 100 * len(part) / len(whole) if whole else 0.0


def table_in_markdown(lines: list[Line]) -> str:
    """The comparison as the page in the docs shows it."""
    rows = ["| in the demo | found | reported | made for |", "|---|---|---|---|"]
    for line in lines:
        ranged = "" if line.low is None else f"{line.low:g} to {line.high:g}"
        rows.append(f"| {line.says} | {line.found:.1f} {line.unit} | {line.beside} | {ranged} |")
    return "\n".join(row.replace(" |  |", " | |") for row in rows) + "\n"
