"""``patenwerk match``: two lists in, the best pairs with their reasons out; no database."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from patenwerk.cli.files import write_whole
from patenwerk.cli.lists import ask_how_to_read, read_list
from patenwerk.cli.problem import CannotDo
from patenwerk.cli.progress import Bar
from patenwerk.cli.results import Given, as_csv, as_json, known_people
from patenwerk.cli.weights import read_weights
from patenwerk.core.clock import today
from patenwerk.core.sheets.dates import DateOrder
from patenwerk.matching.kernel.rounds import (
    RoundResult,
    RoundTooLarge,
    Step,
    Weights,
    match_round,
)
from patenwerk.people.enums import Level, Side
from patenwerk.people.kernel.rows import Reading
from patenwerk.places.kernel.towns import default_locator

NAME = "match"
NEEDS_INSTALLATION = False


def about() -> str:
    return _("Find the best pairs for a list of mentors and a list of mentees.")


def configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "mentors", metavar="MENTORS", type=Path, help=_("list of mentors: CSV, XLSX or ODS")
    )
    parser.add_argument(
        "mentees", metavar="MENTEES", type=Path, help=_("list of mentees: CSV, XLSX or ODS")
    )
    parser.add_argument(
        "--out", metavar="FILE", type=Path, help=_("write here instead of standard output")
    )
    parser.add_argument(
        "--format",
        choices=("csv", "json"),
        help=_("form of the result; without it the ending of FILE decides, else csv"),
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
        help=_("see everybody as of this day, such as 2026-11-23; without it today"),
    )
    ask_how_to_read(parser)


def run(given: Namespace) -> int:
    weights = read_weights(given.weights) if given.weights else Weights()
    _spare_the_lists(given)
    on = given.date or today()
    bar = Bar(sys.stderr)
    try:
        bar.show(_("reading the lists"), 0, 2)
        mentors = read_list(given.mentors, reading_of(Side.MENTOR, on, given))
        bar.show(_("reading the lists"), 1, 2)
        mentees = read_list(given.mentees, reading_of(Side.MENTEE, on, given))
        steps = _steps()
        result = match_round(
            mentors.people,
            mentees.people,
            on=on,
            locate=default_locator(),
            weights=weights,
            progress=lambda step, done, total: bar.show(steps[step], done, total),
        )
    except RoundTooLarge as error:
        raise CannotDo(_("The lists are too long to be matched at once.")) from error
    finally:
        bar.clear()
    spelling = {**mentees.spelling, **mentors.spelling}
    people = known_people((*mentors.people, *mentees.people), spelling)
    if _form(given) == "json":
        found = as_json(result, people, _made_of(given, on, weights))
    else:
        found = as_csv(result, people)
    write_whole(found, given.out)
    for remark in (*mentors.remarks, *mentees.remarks, _summary(result)):
        print(remark, file=sys.stderr)
    return 0


def _form(given: Namespace) -> str:
    by_ending = "json" if given.out and given.out.suffix.lower() == ".json" else "csv"
    return str(given.format or by_ending)


def _spare_the_lists(given: Namespace) -> None:
    read = [path for path in (given.mentors, given.mentees, given.weights) if path]
    if given.out and given.out.resolve() in {path.resolve() for path in read}:
        sentence = _("%(file)s is one of the files to be read; please choose another one.")
        raise CannotDo(sentence % {"file": given.out})


def _made_of(given: Namespace, on: date, weights: Weights) -> Given:
    return Given(
        on=on,
        weights=weights,
        mentors=given.mentors,
        mentees=given.mentees,
        date_order=given.date_order,
        missing_level=given.missing_level,
    )


def reading_of(side: Side, on: date, given: Namespace) -> Reading:
    """How a list is read: with the date order and the missing level that were given."""
    order = given.date_order
    return Reading(
        side=side,
        on=on,
        date_order=DateOrder(order.replace("-", "_")) if order else None,
        level_if_missing=Level[given.missing_level] if given.missing_level else None,
    )


def _steps() -> dict[Step, str]:
    return {
        Step.LIMITS: _("looking at all pairs"),
        Step.PAIRS: _("finding the best pairs"),
        Step.PROOF: _("checking that there is nothing better"),
        Step.REASONS: _("finding reasons"),
    }


def _summary(result: RoundResult) -> str:
    sentence = _("Pairs: %(pairs)s. Without a partner: %(left)s. Missing: %(missing)s.")
    values = {
        "pairs": result.matched,
        "left": len(result.unmatched),
        "missing": result.missing,
    }
    return sentence % values
