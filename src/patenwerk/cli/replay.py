"""``patenwerk replay``: what if we had matched daily, weekly, every ten days? No database."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patenwerk.cli.curves import Column, Line, as_csv, as_json, as_text
from patenwerk.cli.files import write_whole
from patenwerk.cli.lernfair import PEER, Outcome, day_of_run, read_history, replay_history
from patenwerk.cli.lists import PeopleList, ask_how_to_read, read_list
from patenwerk.cli.problem import CannotDo
from patenwerk.cli.progress import Bar
from patenwerk.cli.weights import read_weights
from patenwerk.core.clock import today
from patenwerk.core.sheets.dates import DateOrder
from patenwerk.matching.kernel.replay import RHYTHMS, Figures
from patenwerk.matching.kernel.replay_people import replay_people, stage_of
from patenwerk.matching.kernel.rounds import RoundTooLarge
from patenwerk.people.enums import Level, Side
from patenwerk.people.kernel.rows import Reading
from patenwerk.places.kernel.towns import default_locator

NAME = "replay"
NEEDS_INSTALLATION = False
ONCE = "once"
LONGEST_RHYTHM = 3660


def about() -> str:
    return _("Play arrivals again: what if we had matched more often, or less often?")


def configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "mentors", metavar="MENTORS", type=Path, nargs="?", help=_("list of mentors with arrivals")
    )
    parser.add_argument(
        "mentees", metavar="MENTEES", type=Path, nargs="?", help=_("list of mentees with arrivals")
    )
    parser.add_argument(
        "--lernfair",
        metavar="FOLDER",
        type=Path,
        help=_("instead of lists: the folder with Lern-Fair's requests.json and offers.json"),
    )
    parser.add_argument(
        "--calendar",
        action="store_true",
        help=_("with --lernfair: runs by the calendar, not on the days of their own replay"),
    )
    parser.add_argument(
        "--rhythms",
        metavar="DAYS",
        type=_rhythms,
        default=RHYTHMS,
        help=_("days between two runs, such as 1,7,10,once; once is one run at the end"),
    )
    parser.add_argument(
        "--out", metavar="FILE", type=Path, help=_("write here instead of standard output")
    )
    parser.add_argument(
        "--format",
        choices=("text", "csv", "json"),
        help=_("form of the result; without it the ending of FILE decides, else text"),
    )
    parser.add_argument(
        "--weights",
        metavar="FILE",
        type=Path,
        help=_("JSON or TOML file with the weights of the parts of the score"),
    )
    parser.add_argument(
        "--date",
        metavar="DAY",
        type=date.fromisoformat,
        help=_("the replay ends on this day; without it when the last person came"),
    )
    ask_how_to_read(parser)


def _rhythms(text: str) -> tuple[int | None, ...]:
    words = [word.strip().lower() for word in text.split(",")]
    if not all(word == ONCE or (word.isascii() and word.isdigit()) for word in words):
        raise ArgumentTypeError(_("expected are numbers of days and “once”, with commas between"))
    found = tuple(None if word == ONCE else int(word) for word in words)
    if not all(every is None or 1 <= every <= LONGEST_RHYTHM for every in found):
        raise ArgumentTypeError(_("a rhythm has from 1 to 3660 days"))
    return found


def run(given: Namespace) -> int:
    _demand_sense(given)
    data = _lernfair(given) if given.lernfair else _people(given)
    write_whole(data, given.out)
    return 0


def _demand_sense(given: Namespace) -> None:
    lists = [path for path in (given.mentors, given.mentees) if path]
    if given.lernfair and lists:
        raise CannotDo(_("Please give either two lists or --lernfair, not both."))
    if not given.lernfair and len(lists) < 2:
        raise CannotDo(_("Please give a list of mentors and a list of mentees, or --lernfair."))
    read = [path for path in (*lists, given.weights) if path]
    out = given.out.resolve() if given.out else None
    inside = given.lernfair and out and given.lernfair.resolve() in out.parents
    if out and (inside or out in {path.resolve() for path in read}):
        sentence = _("%(file)s is one of the files to be read; please choose another one.")
        raise CannotDo(sentence % {"file": given.out})


def _form(given: Namespace) -> str:
    ending = given.out.suffix.lower().removeprefix(".") if given.out else ""
    return str(given.format or (ending if ending in {"csv", "json"} else "text"))


def _people(given: Namespace) -> bytes:
    weights = read_weights(given.weights) if given.weights else None
    bar = Bar(sys.stderr)
    try:
        bar.show(_("reading the lists"), 0, 2)
        mentors = read_list(given.mentors, _reading(Side.MENTOR, given), with_arrivals=True)
        bar.show(_("reading the lists"), 1, 2)
        mentees = read_list(given.mentees, _reading(Side.MENTEE, given), with_arrivals=True)
        came = [person.waiting_since for person in (*mentors.people, *mentees.people)]
        end = given.date or max(came, default=today())
        looking, playing = _("looking at all pairs"), _("playing the rhythms")
        stage = stage_of(
            mentors.people,
            mentees.people,
            on=end,
            locate=default_locator(),
            weights=weights,
            mentors_left=mentors.left,
            mentees_left=mentees.left,
            watch=lambda done, total: bar.show(looking, done, total),
        )
        found = replay_people(
            stage,
            on=end,
            rhythms=given.rhythms,
            watch=lambda done, total: bar.show(playing, done, total),
        )
    except RoundTooLarge as error:
        raise CannotDo(_("The lists are too long to be matched at once.")) from error
    finally:
        bar.clear()
    lines = [Line(one, [date.fromordinal(int(day)) for day in one.runs]) for one in found]
    _remark(mentors, mentees)
    return _written(lines, _form(given), first=min(came, default=end), end=end)


def _reading(side: Side, given: Namespace) -> Reading:
    order = given.date_order
    return Reading(
        side=side,
        on=today(),
        date_order=DateOrder(order.replace("-", "_")) if order else None,
        level_if_missing=Level[given.missing_level] if given.missing_level else None,
    )


def _remark(*lists: PeopleList) -> None:
    for one in lists:
        for remark in one.remarks:
            print(remark, file=sys.stderr)


def _written(lines: Sequence[Line], form: str, *, first: date, end: date) -> bytes:
    if form == "csv":
        return as_csv(lines)
    if form == "json":
        return as_json(lines, {"first": first.isoformat(), "end": end.isoformat()})
    columns = [
        Column(_("runs"), lambda line: len(line.runs)),
        Column(_("pairs"), lambda line: line.figures.pairs),
        Column(_("mentees placed"), lambda line: line.figures.mentees.placed),
        Column(_("waited, days"), lambda line: line.figures.mentees.mean, 1, has_bar=True),
        Column(_("still waiting"), lambda line: line.figures.mentees.still),
        Column(_("mentors waited"), lambda line: line.figures.mentors.mean, 1),
        Column(_("fit, %"), lambda line: _percent(line.figures), 0),
        Column(_("km"), lambda line: line.figures.km.value, 1),
    ]
    people = lines[0].figures if lines else None
    remarks = [
        _("%(first)s to %(end)s; %(mentees)s mentees and %(mentors)s mentors came.")
        % {
            "first": date_format(first, "SHORT_DATE_FORMAT"),
            "end": date_format(end, "SHORT_DATE_FORMAT"),
            "mentees": people.mentees.came if people else 0,
            "mentors": people.mentors.came if people else 0,
        },
        _(
            "Compared is only how often was matched. Everybody is seen as of the last day, and "
            "everybody says yes: a replay is not a promise."
        ),
    ]
    return as_text(lines, columns, remarks)


def _percent(figures: Figures) -> float | None:
    return None if figures.fit.value is None else 100 * figures.fit.value


def _lernfair(given: Namespace) -> bytes:
    bar = Bar(sys.stderr)
    try:
        bar.show(_("reading the lists"), 0, 1)
        history = read_history(given.lernfair)
        playing = _("playing the rhythms")
        found = replay_history(
            history,
            given.rhythms,
            as_peer=not given.calendar,
            report=lambda done, total: bar.show(playing, done, total),
        )
    finally:
        bar.clear()
    lines = [
        Line(
            one.figures,
            [day_of_run(history, day) for day in one.figures.runs],
            _beside_peer(one),
        )
        for one in found
    ]
    form = _form(given)
    if form == "csv":
        return as_csv(lines)
    if form == "json":
        return as_json(lines, {"run_days": "calendar" if given.calendar else "peer"})
    return as_text(lines, _lernfair_columns(), _lernfair_remarks(given, lines))


def _beside_peer(one: Outcome) -> dict[str, float | int | None]:
    peer = PEER.get(one.figures.every)
    return {
        "two_or_more": one.two_or_more,
        "peer_pairs": peer.pairs if peer else None,
        "peer_fit": peer.subjects if peer else None,
        "peer_two_or_more": peer.two_or_more if peer else None,
        "peer_mentees_mean": peer.pupils_wait if peer else None,
        "peer_mentors_mean": peer.students_wait if peer else None,
    }


def _lernfair_columns() -> list[Column]:
    theirs = _("theirs")
    return [
        Column(_("runs"), lambda line: len(line.runs)),
        Column(_("pairs"), lambda line: line.figures.pairs),
        Column(theirs, lambda line: line.more["peer_pairs"]),
        Column(_("common subjects"), lambda line: line.figures.fit.value, 3),
        Column(theirs, lambda line: line.more["peer_fit"], 3),
        Column(_("two or more"), lambda line: line.more["two_or_more"]),
        Column(theirs, lambda line: line.more["peer_two_or_more"]),
        Column(_("pupils wait, days"), lambda line: line.figures.mentees.mean, 2, has_bar=True),
        Column(theirs, lambda line: line.more["peer_mentees_mean"], 2),
        Column(_("students wait"), lambda line: line.figures.mentors.mean, 1),
        Column(theirs, lambda line: line.more["peer_mentors_mean"], 1),
    ]


def _lernfair_remarks(given: Namespace, lines: Sequence[Line]) -> list[str]:
    if given.calendar:
        days = _("Runs at midnight, counted from the day of the first arrival.")
    else:
        days = _(
            "Runs on the days of their own replay: at the first arrival after so many days, the "
            "last one 31 days after the last arrival."
        )
    shown = [
        f"{one.figures.every or ONCE}: {one.runs[0].isoformat()} … {one.runs[-1].isoformat()}"
        for one in lines
    ]
    return [days, _("First and last run:") + " " + "; ".join(shown)]
