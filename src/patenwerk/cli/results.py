"""What a round found, as JSON for programs and as CSV for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from patenwerk.cli.files import read_whole
from patenwerk.core.sheets.writing import write_csv
from patenwerk.matching.kernel.rounds import LeftOver, Pair, Part, Reason, RoundResult, Weights
from patenwerk.matching.queries.wording import Obstacle, Words, reason_in_words, why_not_in_words
from patenwerk.people.enums import Side
from patenwerk.people.kernel.profile import Profile
from patenwerk.places.kernel.distance import Distance
from patenwerk.places.kernel.towns import default_locator

HEADERS = ("result", "mentor", "mentor_name", "mentee", "mentee_name", "score", "why", "reasons")
"""The columns of the CSV form: the same in every language, for programs read it, too."""


@dataclass(frozen=True, slots=True)
class People:
    """Everybody by side and id (an id may be used once on each side), and how words are written."""

    profiles: Mapping[tuple[Side, str], Profile]
    words: Words

    def __getitem__(self, key: tuple[Side, str]) -> Profile:
        return self.profiles[key]


def known_people(people: Iterable[Profile], spelling: Mapping[str, str]) -> People:
    """The people of both lists. ``spelling`` maps folded words to how somebody wrote them."""
    profiles = {(person.side, person.id): person for person in people}
    return People(profiles, Words(fields=spelling, spelling=spelling))


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a round was made of: with it anybody can do it again and check it.

    Of the lists the name and the digest, never where they lay. ``date_order`` and
    ``missing_level`` as on the command line.
    """

    on: date
    weights: Weights
    mentors: Path
    mentees: Path
    date_order: str | None
    missing_level: str | None


def digest_of(path: Path) -> str | None:
    """The SHA-256 of a list, None for a pipe, which can be read only once."""
    return sha256(read_whole(path)).hexdigest() if path.is_file() else None


def as_json(result: RoundResult, people: People, given: Given) -> bytes:
    """The form for programs; see the reference of the command line."""
    lists = {"mentors": given.mentors, "mentees": given.mentees}
    found = {
        "pairs": [_pair(pair, people) for pair in result.pairs],
        "unmatched": [_left_over(left, people) for left in result.unmatched],
        "matched": result.matched,
        "total": result.total,
        "bound": result.bound,
        "missing": result.missing,
        "gap": result.gap,
        "certificate": {
            "prices": dict(sorted(result.prices.items())),
            "bonus": result.bonus,
            "shift": result.shift,
        },
        "date": given.on.isoformat(),
        "weights": asdict(given.weights),
        "lists": {
            side: {"file": path.name, "sha256": digest_of(path)} for side, path in lists.items()
        },
        "reading": {"date_order": given.date_order, "missing_level": given.missing_level},
    }
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


def as_csv(result: RoundResult, people: People) -> bytes:
    """One table: the pairs, then everyone left over, told apart by the first column."""
    rows = [_pair_row(pair, people) for pair in result.pairs]
    rows += [_left_over_row(left, people) for left in result.unmatched]
    return write_csv(HEADERS, rows)


def _pair(pair: Pair, people: People) -> dict[str, Any]:
    distance = _spoken_distance(pair, people)
    return {
        "mentor": pair.mentor,
        "mentee": pair.mentee,
        "score": pair.score,
        "reasons": [
            {
                "code": str(reason.code),
                "value": reason.value,
                "points": reason.points,
                "words": _sentence(reason, distance, people.words),
            }
            for reason in pair.reasons
        ],
    }


def _pair_row(pair: Pair, people: People) -> tuple[object, ...]:
    distance = _spoken_distance(pair, people)
    said = [reason for reason in pair.reasons if reason.points]
    return (
        "pair",
        pair.mentor,
        _name(people[Side.MENTOR, pair.mentor]),
        pair.mentee,
        _name(people[Side.MENTEE, pair.mentee]),
        pair.score,
        "",
        " · ".join(_sentence(reason, distance, people.words) for reason in said),
    )


def _spoken_distance(pair: Pair, people: People) -> Distance | None:
    mentor, mentee = people[Side.MENTOR, pair.mentor], people[Side.MENTEE, pair.mentee]
    return default_locator().distance(mentor.postcode, mentee.postcode)


def _sentence(reason: Reason, distance: Distance | None, words: Words) -> str:
    value = distance if reason.code is Part.DISTANCE else reason.value
    return reason_in_words(reason.code, value, words).sentence


def _left_over(left: LeftOver, people: People) -> dict[str, Any]:
    return {
        "side": str(left.side),
        "id": left.id,
        "why": str(left.why),
        "limits": [str(limit) for limit in left.limits],
        "opens": left.opens,
        "partner": left.partner,
        "words": _why(left, people),
    }


def _left_over_row(left: LeftOver, people: People) -> tuple[object, ...]:
    person = (left.id, _name(people[left.side, left.id]))
    nobody = ("", "")
    sides = (*person, *nobody) if left.side is Side.MENTOR else (*nobody, *person)
    return ("unmatched", *sides, "", str(left.why), _why(left, people))


def _why(left: LeftOver, people: People) -> str:
    person = people[left.side, left.id]
    said = why_not_in_words(
        Obstacle(
            side=left.side,
            why=left.why,
            limits=left.limits,
            opens=left.opens,
            feasible=left.feasible,
            free_times=person.free_times,
            languages={code: int(level) for code, level in person.languages.items()},
        )
    )
    return f"{said.headline} {said.help if left.limits else said.meaning}"


def _name(person: Profile) -> str:
    return f"{person.first_name} {person.last_name}".strip()
