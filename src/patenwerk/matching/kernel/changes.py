"""What is different since an earlier round, and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from patenwerk.matching.kernel.codes import Changed, Limit, limits_of
from patenwerk.matching.kernel.pool import Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A mentee whose partners are not the same as before: ``before`` or ``now`` may be None.

    ``why``: see :class:`Changed`; ``limits`` are those that keep the earlier two apart now,
    ``gain`` is how much higher the new pair scores than the earlier one would, 0 where that is not
    the reason.
    """

    mentee: str
    before: str | None
    now: str | None
    why: Changed
    limits: tuple[Limit, ...] = ()
    gain: int = 0


def changes_between(
    pool: Pool, earlier: Collection[tuple[str, str]], now: Collection[tuple[str, str]]
) -> tuple[Change, ...]:
    """What has changed from ``earlier`` to ``now``, pairs as (mentor, mentee), by mentee.

    Partners that are the same in both are no change. Of a mentee with several partners those that
    differ are told one by one, in the order of their ids.
    """
    rows = {person.id: row for row, person in enumerate(pool.mentees)}
    columns = {person.id: column for column, person in enumerate(pool.mentors)}
    lost: dict[str, list[str]] = {}
    won: dict[str, list[str]] = {}
    for found, others, into in ((earlier, now, lost), (now, earlier, won)):
        for mentor, mentee in sorted(set(found) - set(others)):
            into.setdefault(mentee, []).append(mentor)
    changes = []
    for mentee in sorted(lost.keys() | won.keys()):
        before, after = lost.get(mentee, []), won.get(mentee, [])
        for at in range(max(len(before), len(after))):
            one = before[at] if at < len(before) else None
            other = after[at] if at < len(after) else None
            changes.append(_why(pool, rows, columns, mentee, one, other))
    return tuple(changes)


def _why(
    pool: Pool,
    rows: dict[str, int],
    columns: dict[str, int],
    mentee: str,
    before: str | None,
    now: str | None,
) -> Change:
    if before is None:
        return Change(mentee=mentee, before=None, now=now, why=Changed.NEW)
    if mentee not in rows:
        return Change(mentee=mentee, before=before, now=None, why=Changed.MENTEE_GONE)
    if before not in columns:
        return Change(mentee=mentee, before=before, now=now, why=Changed.MENTOR_GONE)
    partners = [before] if now is None else [before, now]
    look = pool.look(
        np.full(len(partners), rows[mentee]), np.array([columns[one] for one in partners])
    )
    limits = limits_of(int(look.broken[0]))
    if limits:
        return Change(
            mentee=mentee, before=before, now=now, why=Changed.FITS_NO_MORE, limits=limits
        )
    gain = 0 if now is None else int(look.score[1]) - int(look.score[0])
    if gain > 0:
        return Change(mentee=mentee, before=before, now=now, why=Changed.BETTER, gain=gain)
    return Change(mentee=mentee, before=before, now=now, why=Changed.FOR_OTHERS)
