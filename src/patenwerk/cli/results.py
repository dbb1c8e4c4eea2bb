"""What a round found, as JSON for programs and as CSV for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from patenwerk.core.sheets.writing import write_csv
from patenwerk.matching.kernel.rounds import LeftOver, Pair, RoundResult
from patenwerk.people.enums import Side
from patenwerk.people.kernel.profile import Profile

HEADERS = ("result", "mentor", "mentor_name", "mentee", "mentee_name", "score", "why", "reasons")
"""The columns of the CSV form: the same in every language, for programs read it, too."""

Names = Mapping[tuple[Side, str], str]


def names_of(people: tuple[Profile, ...]) -> dict[tuple[Side, str], str]:
    """Full names by side and id."""
    return {
        (person.side, person.id): f"{person.first_name} {person.last_name}".strip()
        for person in people
    }


def as_json(result: RoundResult) -> bytes:
    """The form for programs; see the reference of the command line."""
    found = {
        "pairs": [_pair(pair) for pair in result.pairs],
        "unmatched": [_left_over(left) for left in result.unmatched],
        "matched": result.matched,
        "total": result.total,
        "bound": result.bound,
        "missing": result.missing,
        "gap": result.gap,
    }
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


def as_csv(result: RoundResult, names: Names) -> bytes:
    """One table: the pairs, then everyone left over, told apart by the first column."""
    rows = [
        (
            "pair",
            pair.mentor,
            names[Side.MENTOR, pair.mentor],
            pair.mentee,
            names[Side.MENTEE, pair.mentee],
            pair.score,
            "",
            _reasons_in_words(pair),
        )
        for pair in result.pairs
    ]
    rows += [_left_over_row(left, names) for left in result.unmatched]
    return write_csv(HEADERS, rows)


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "mentor": pair.mentor,
        "mentee": pair.mentee,
        "score": pair.score,
        "reasons": [
            {"code": str(reason.code), "value": reason.value, "points": reason.points}
            for reason in pair.reasons
        ],
    }


def _left_over(left: LeftOver) -> dict[str, Any]:
    return {
        "side": str(left.side),
        "id": left.id,
        "why": str(left.why),
        "limits": [str(limit) for limit in left.limits],
        "opens": left.opens,
        "partner": left.partner,
    }


def _left_over_row(left: LeftOver, names: Names) -> tuple[object, ...]:
    person = (left.id, names[left.side, left.id])
    nobody = ("", "")
    sides = (person, nobody) if left.side is Side.MENTOR else (nobody, person)
    return ("unmatched", *sides[0], *sides[1], "", str(left.why), " ".join(map(str, left.limits)))


def _reasons_in_words(pair: Pair) -> str:
    return " · ".join(str(reason.code) for reason in pair.reasons if reason.points)
