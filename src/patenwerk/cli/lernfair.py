"""The files of Lern-Fair's own replay: requests and offers, read from a folder that is named.

One row of ``requests.json`` is one request of a pupil, one of ``offers.json`` one offer of a
student; an ``id`` recurs when somebody asked or offered again. A pair of persons comes about once.
Every mandatory subject has to be covered, one subject at least, and a subject is covered where the
pupil's grade lies within what the student would teach.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from patenwerk.cli.files import read_whole
from patenwerk.cli.problem import CannotDo
from patenwerk.matching.kernel.crowd import identity_of
from patenwerk.matching.kernel.replay import (
    STAYS,
    Arrivals,
    Figures,
    Floats,
    Ints,
    Possible,
    figures_of,
    play,
    run_days,
)

REQUESTS, OFFERS = "requests.json", "offers.json"
EVERY_GRADE = (1, 14)
"""What an offer without grades means."""

SUBJECT_POINTS = 1000
SECOND_SUBJECT_POINTS = 3 * SUBJECT_POINTS
"""Going from one common subject to two weighs three times as much as each further one."""
DAY_POINTS = 1
"""What each day each of the two has waited adds: never as much as a subject within two years."""

PEER_LAST_RUN_AFTER = 31.0
"""Days after the last arrival at which the peer's replay runs for the last time."""


@dataclass(frozen=True, slots=True)
class PeerFigures:
    """What the peer published of a rhythm; None is not stated. Waiting in days."""

    pairs: int | None
    subjects: float
    two_or_more: int | None
    pupils_wait: float
    students_wait: float | None


PEER: dict[int | None, PeerFigures] = {
    1: PeerFigures(None, 1.63, None, 4.0, None),
    10: PeerFigures(1045, 1.648, 479, 7.96, 46.2),
    None: PeerFigures(1041, 1.877, 632, 294.6, 328.6),
}


@dataclass(frozen=True, slots=True)
class History:
    """Requests (rows) and offers (columns) with everything a replay needs.

    ``subjects`` (pairs,) int64: common subjects of each possible pair. ``origin``: day 0.
    """

    requests: Arrivals
    offers: Arrivals
    possible: Possible
    subjects: Ints
    origin: date

    @property
    def first(self) -> float:
        """The moment of the first arrival, in days since the origin."""
        return float(min(self.requests.came.min(), self.offers.came.min()))

    @property
    def last(self) -> float:
        """The moment of the last arrival."""
        return float(max(self.requests.came.max(), self.offers.came.max()))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One rhythm on the history; ``two_or_more`` counts pairs with two or more common subjects."""

    figures: Figures
    two_or_more: int


def read_history(folder: Path) -> History:
    """The history in a folder. Raises :class:`CannotDo` naming file, row and what was expected."""
    requests = [_request(row) for row in _rows(folder / REQUESTS, _request)]
    offers = [_offer(row) for row in _rows(folder / OFFERS, _offer)]
    requests.sort(key=lambda one: one.at)
    offers.sort(key=lambda one: one.at)
    origin = min(requests[0].at, offers[0].at).date()
    rows, columns, subjects = _covered(requests, offers)
    persons = _numbers([one.person for one in requests])[rows] * (len(offers) + 1)
    persons += _numbers([one.person for one in offers])[columns]
    score = SUBJECT_POINTS * (subjects - 2) + SECOND_SUBJECT_POINTS
    return History(
        _arrivals("request", requests, origin),
        _arrivals("offer", offers, origin),
        Possible(rows, columns, np.where(subjects < 2, 0, score), persons),
        subjects,
        origin,
    )


def replay_history(
    history: History,
    rhythms: Sequence[int | None],
    *,
    as_peer: bool = True,
    report: Callable[[int, int], None] | None = None,
) -> list[Outcome]:
    """Each rhythm on the history.

    ``as_peer``: on the run days of the peer's own replay, see :func:`peer_run_days`; else every
    so many days at midnight, counted from the day of the first arrival. Both end with a run after
    the last arrival, so that nobody is left out for having come late.
    """
    found = []
    for done, every in enumerate(rhythms, start=1):
        if as_peer:
            runs = peer_run_days(history.requests.came, history.offers.came, every)
        else:
            runs = run_days(float(int(history.first)), history.last, every, beyond=True)
        played = play(history.possible, history.requests, history.offers, runs)
        subjects = history.subjects[played.pair]
        figures = figures_of(
            played,
            history.possible,
            history.requests,
            history.offers,
            every=every,
            end=float(runs[-1]),
            fit=lambda pairs: history.subjects[pairs].astype(np.float64),
            km=lambda pairs: np.full(len(pairs), np.nan),
        )
        found.append(Outcome(figures, int((subjects >= 2).sum())))
        if report is not None:
            report(done, len(rhythms))
    return found


def peer_run_days(requests: Floats, offers: Floats, every: int | None) -> Floats:
    """When the peer's replay matches: at the first arrival more than ``every`` days after the
    last run (at first: after the first arrival), that arrival included; and once more 31 days
    after the last arrival. Rests between arrivals make the rhythm drift.
    """
    moments = np.sort(np.concatenate([requests, offers]))
    runs, before = [], moments[0]
    for moment in moments if every is not None else ():
        if moment > before + every:
            runs.append(moment)
            before = moment
    return np.array([*runs, moments[-1] + PEER_LAST_RUN_AFTER])


def day_of_run(history: History, day: float) -> date:
    """The date of a run day."""
    return history.origin + timedelta(days=int(day))


@dataclass(frozen=True, slots=True)
class _Request:
    person: str
    at: datetime
    grade: int
    subjects: dict[str, bool]
    """Name → whether it has to be covered."""


@dataclass(frozen=True, slots=True)
class _Offer:
    person: str
    at: datetime
    subjects: dict[str, tuple[int, int]]
    """Name → lowest and highest grade."""


def _request(row: dict[str, Any]) -> _Request:
    grade = re.match(r"\d+", str(row["grade"]))
    if grade is None:
        raise ValueError("grade")
    subjects = {str(one["name"]): bool(one.get("mandatory")) for one in _subjects(row)}
    return _Request(str(row["id"]), _moment(row), int(grade[0]), subjects)


def _offer(row: dict[str, Any]) -> _Offer:
    lowest, highest = EVERY_GRADE
    subjects = {
        str(one["name"]): (int(one.get("minGrade", lowest)), int(one.get("maxGrade", highest)))
        for one in _subjects(row)
    }
    return _Offer(str(row["id"]), _moment(row), subjects)


def _subjects(row: dict[str, Any]) -> list[dict[str, Any]]:
    said = row["subjects"]
    found: list[dict[str, Any]] = json.loads(said) if isinstance(said, str) else said
    return found


def _moment(row: dict[str, Any]) -> datetime:
    # Milliseconds are written with as many digits as they need.
    whole, _point, part = str(row["requestAt"]).partition(".")
    return datetime.fromisoformat(whole) + timedelta(seconds=float(f"0.{part or 0}"))


def _rows(path: Path, understood: Callable[[dict[str, Any]], object]) -> list[dict[str, Any]]:
    """The rows of a file, each of which can be understood."""
    try:
        rows = json.loads(read_whole(path))
    except ValueError as error:
        raise CannotDo(_("%(file)s is not JSON.") % {"file": path.name}) from error
    if not isinstance(rows, list) or not rows:
        raise CannotDo(_("%(file)s: expected is a list with rows.") % {"file": path.name})
    for number, row in enumerate(rows, start=1):
        try:
            understood(row)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            sentence = _(
                "%(file)s, entry %(row)s: expected are “id”, “requestAt”, “subjects” and, of a "
                "request, “grade”."
            )
            raise CannotDo(sentence % {"file": path.name, "row": number}) from error
    return rows


def _covered(requests: Sequence[_Request], offers: Sequence[_Offer]) -> tuple[Ints, Ints, Ints]:
    """Rows, columns and common subjects of the pairs that are possible."""
    lowest, highest = _grades(offers)
    none = np.full(len(offers), 1), np.full(len(offers), 0)
    parts = [(np.zeros(0, dtype=np.int64),) * 3]
    for row, request in enumerate(requests):
        common = np.zeros(len(offers), dtype=np.int64)
        fits = np.ones(len(offers), dtype=np.bool_)
        for name, is_mandatory in request.subjects.items():
            least, most = lowest.get(name, none[0]), highest.get(name, none[1])
            covers = (least <= request.grade) & (request.grade <= most)
            common += covers
            if is_mandatory:
                fits &= covers
        columns = np.flatnonzero(fits & (common > 0))
        parts.append((np.full(len(columns), row), columns, common[columns]))
    rows, columns, subjects = (np.concatenate(part) for part in zip(*parts, strict=True))
    return rows, columns, subjects


def _grades(offers: Sequence[_Offer]) -> tuple[dict[str, Ints], dict[str, Ints]]:
    """Per subject each offer's lowest and highest grade; 1 and 0 where it is not offered."""
    names = {name for offer in offers for name in offer.subjects}
    return (
        {name: np.array([one.subjects.get(name, (1, 0))[0] for one in offers]) for name in names},
        {name: np.array([one.subjects.get(name, (1, 0))[1] for one in offers]) for name in names},
    )


def _numbers(persons: Sequence[str]) -> Ints:
    known: dict[str, int] = {}
    return np.array([known.setdefault(one, len(known)) for one in persons], dtype=np.int64)


def _arrivals(kind: str, rows: Sequence[_Request | _Offer], origin: date) -> Arrivals:
    midnight = datetime.combine(origin, datetime.min.time())
    names = [f"{kind} {place}" for place in range(len(rows))]
    return Arrivals(
        identity=np.array([identity_of(name) for name in names], dtype=np.uint64),
        came=np.array([(one.at - midnight) / timedelta(days=1) for one in rows]),
        left=np.full(len(rows), STAYS),
        places=np.ones(len(rows), dtype=np.int64),
        day_points=DAY_POINTS,
    )
