"""Reading a round that ``patenwerk match`` wrote as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from patenwerk.cli.files import read_whole
from patenwerk.cli.problem import CannotDo
from patenwerk.cli.weights import PARTS
from patenwerk.matching.kernel.rounds import SettingOutOfRange, Weights
from patenwerk.people.enums import Level

DATE_ORDERS = ("day-first", "month-first")


@dataclass(frozen=True, slots=True)
class SaidPair:
    """A pair and the score the round says it has."""

    mentor: str
    mentee: str
    score: int


@dataclass(frozen=True, slots=True)
class SaidList:
    """A list the round was made of; ``sha256`` None where it came through a pipe."""

    file: str
    sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a round says of itself. Nothing of it has been checked yet."""

    pairs: tuple[SaidPair, ...]
    matched: int
    total: int
    bound: int
    missing: int
    gap: float
    prices: Mapping[str, int]
    bonus: int
    shift: int
    on: date
    weights: Weights
    lists: Mapping[str, SaidList]
    date_order: str | None
    missing_level: str | None


def read_run(path: Path) -> Run:
    """A round from its file. Raises :class:`CannotDo` naming what is missing or wrong."""
    data = read_whole(path)
    try:
        return _run(_Part(path, "", json.loads(data)))
    except (ValueError, RecursionError) as error:
        sentence = _("%(file)s is no JSON.")
        raise CannotDo(sentence % {"file": path.name}) from error


@dataclass(frozen=True, slots=True)
class _Part:
    """A value of the file and where it stands, so that what is wrong can be named."""

    path: Path
    at: str
    value: Any

    def __getitem__(self, key: str) -> _Part:
        table = self.table()
        here = f"{self.at}.{key}" if self.at else key
        return _Part(self.path, here, table.get(key))

    def wrong(self) -> NoReturn:
        sentence = _(
            "%(file)s: “%(key)s” is missing or not what match writes; please do the round again "
            "with --format json."
        )
        raise CannotDo(sentence % {"file": self.path.name, "key": self.at or "{}"})

    def only(self, fits: Callable[[Any], bool]) -> Any:
        return self.value if fits(self.value) else self.wrong()

    def table(self) -> dict[str, Any]:
        return dict(self.only(lambda value: isinstance(value, dict)))

    def rows(self) -> list[_Part]:
        found = self.only(lambda value: isinstance(value, list))
        return [_Part(self.path, f"{self.at}[{at}]", one) for at, one in enumerate(found)]

    def text(self) -> str:
        return str(self.only(lambda value: isinstance(value, str)))

    def whole(self) -> int:
        return int(self.only(_is_whole))

    def number(self) -> float:
        found: float = self.only(lambda value: _is_whole(value) or isinstance(value, float))
        return found

    def one_of(self, words: tuple[str, ...]) -> str | None:
        found: str | None = self.only(lambda value: value is None or value in words)
        return found

    def day(self) -> date:
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            self.wrong()


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _run(said: _Part) -> Run:
    certificate, lists, reading = said["certificate"], said["lists"], said["reading"]
    prices = certificate["prices"]
    return Run(
        pairs=tuple(
            SaidPair(one["mentor"].text(), one["mentee"].text(), one["score"].whole())
            for one in said["pairs"].rows()
        ),
        matched=said["matched"].whole(),
        total=said["total"].whole(),
        bound=said["bound"].whole(),
        missing=said["missing"].whole(),
        gap=said["gap"].number(),
        prices={mentor: prices[mentor].whole() for mentor in prices.table()},
        bonus=certificate["bonus"].whole(),
        shift=certificate["shift"].whole(),
        on=said["date"].day(),
        weights=_weights(said["weights"]),
        lists={side: _list(lists[side]) for side in ("mentors", "mentees")},
        date_order=reading["date_order"].one_of(DATE_ORDERS),
        missing_level=reading["missing_level"].one_of(tuple(level.name for level in Level)),
    )


def _weights(said: _Part) -> Weights:
    if said.table().keys() != set(PARTS):
        said.wrong()
    try:
        return Weights(**{part: said[part].whole() for part in PARTS})
    except SettingOutOfRange:
        said.wrong()


def _list(said: _Part) -> SaidList:
    name = said["file"].text()
    # A name only: what a round says shall not lead to files elsewhere.
    if not name or PurePath(name).name != name or "\0" in name:
        said["file"].wrong()
    digest = said["sha256"]
    return SaidList(name, None if digest.value is None else digest.text())
