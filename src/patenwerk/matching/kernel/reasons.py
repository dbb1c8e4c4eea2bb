"""Why two people go well together: each part of their score with the values behind it."""

from __future__ import annotations

from dataclasses import dataclass

from patenwerk.matching.kernel.codes import Part
from patenwerk.matching.kernel.criteria import Indexes
from patenwerk.matching.kernel.neighbours import UNKNOWN_HM
from patenwerk.matching.kernel.pool import Pool
from patenwerk.people.enums import Level
from patenwerk.people.kernel.profile import DAYS, PARTS_OF_DAY, Profile

ReasonValue = (
    float
    | tuple[str, ...]
    | tuple[tuple[str, int], ...]
    | tuple[int, ...]
    | tuple[int | None, int | None]
    | None
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One part of a pair's score.

    ``points`` is what it adds to the score, weight included: the points of all reasons of a pair
    sum up to its score. ``value`` by ``code``:

    * ``distance``: kilometres with one decimal, 0.0 for the same place, None where unknown
    * ``languages``: (language, level of the weaker one) of the languages both speak well enough,
      the best first
    * ``free_time``: the common cells of the week grid, ``day * 3 + part``, ascending
    * ``fields``, ``interests``, ``dislikes``: what both have named, sorted
    * ``expected_length``: months as (mentor, mentee), each None where unsaid
    * ``waiting``: days as (mentor, mentee)
    """

    code: Part
    value: ReasonValue
    points: int


def reasons_of(pool: Pool, rows: Indexes, columns: Indexes) -> list[tuple[Reason, ...]]:
    """The reasons of each pair of a mentee (``rows``) and a mentor, (pairs,) each, in the order of
    parts.
    """
    look = pool.look(rows, columns)
    points = {part: values.tolist() for part, values in look.points.items()}
    waited = pool.mentee_crowd.waiting[rows].tolist(), pool.mentor_crowd.waiting[columns].tolist()
    required = pool.mentee_crowd.required[rows].tolist()
    found = []
    for at, (row, column, hm) in enumerate(
        zip(rows.tolist(), columns.tolist(), look.hm.tolist(), strict=True)
    ):
        mentee, mentor = pool.mentees[row], pool.mentors[column]
        values: dict[Part, ReasonValue] = {
            Part.DISTANCE: None if hm == UNKNOWN_HM else hm / 10,
            Part.LANGUAGES: _common_languages(mentee, mentor, required[at]),
            Part.FREE_TIME: _cells(mentee.free_times & mentor.free_times),
            Part.FIELDS: tuple(sorted(mentee.fields & mentor.fields)),
            Part.INTERESTS: tuple(sorted(mentee.interests & mentor.interests)),
            Part.DISLIKES: tuple(sorted(mentee.dislikes & mentor.dislikes)),
            Part.EXPECTED_LENGTH: (mentor.expected_months, mentee.expected_months),
            Part.WAITING: (waited[1][at], waited[0][at]),
        }
        found.append(
            tuple(
                Reason(code=part, value=value, points=points[part][at])
                for part, value in values.items()
            )
        )
    return found


def _common_languages(
    mentee: Profile, mentor: Profile, required: int
) -> tuple[tuple[str, int], ...]:
    common = {
        name: Level(min(mentee.languages[name], mentor.languages[name]))
        for name in mentee.languages.keys() & mentor.languages.keys()
    }
    good = [(name, int(level)) for name, level in common.items() if level >= required]
    return tuple(sorted(good, key=lambda one: (-one[1], one[0])))


def _cells(free_times: int) -> tuple[int, ...]:
    return tuple(cell for cell in range(DAYS * PARTS_OF_DAY) if free_times >> cell & 1)
