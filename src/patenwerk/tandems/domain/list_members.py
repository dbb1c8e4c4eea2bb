"""Who took part in a tandem on a day, as the lists of one file know it: stored, or out of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from patenwerk.imports.domain.kinds import Beside
from patenwerk.imports.enums import Standing
from patenwerk.people.domain.list_people import Named
from patenwerk.tandems.domain.list_tandems import Tandems


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who took part from a day on, to the end or until another. ``key``: the person's, the
    same before and after they are stored; both ids where they are.
    """

    key: str
    joined_on: date
    left_on: date | None
    person_id: int | None = None
    participant_id: int | None = None


class Members:
    """Everybody who takes or took part in a site's tandems, and whom the same file brings."""

    def __init__(self, tandems: Tandems, beside: Beside) -> None:
        """No query: what ``tandems`` has is enough."""
        self.people = tandems.people
        self._of: dict[str, list[Member]] = defaultdict(list)
        for running in tandems.all:
            if running.tandem is not None:
                for row in running.tandem.participants.all():
                    key = self.people.keys.get(row.person_id, "")
                    days = row.joined_on, row.left_on
                    self._of[running.key].append(Member(key, *days, row.person_id, row.pk))
            if running.entry is not None:
                days = running.began_on, running.ended_on
                for one in running.entry.everybody:
                    self._of[running.key].append(Member(one.key, *days))
        for line in beside.get("members", ()):
            if line.standing in {Standing.NEW, Standing.CHANGED}:
                tandem_key, key, _role = line.entry.key
                span = line.entry.span
                until = line.entry.leaves_on or span.left_on
                self._of[tandem_key].append(Member(key, span.joined_on, until))

    def on(self, tandem_key: str, day: date) -> list[Member]:
        """Who took part on a day. Somebody stored whom the file tells of as well stands twice."""
        return [
            one
            for one in self._of[tandem_key]
            if one.joined_on <= day and (one.left_on is None or day <= one.left_on)
        ]

    def stored_on(self, tandem_key: str, day: date) -> list[Member]:
        """Those of them who are stored."""
        return [one for one in self.on(tandem_key, day) if one.participant_id is not None]

    def are_known(self, tandem_key: str) -> bool:
        """Whether all belong to the site: of other sites' people its lists know nobody."""
        return all(one.key for one in self._of[tandem_key])

    def named(self, key: str) -> Named:
        """The person of a key."""
        return self.people.by_key[key]
