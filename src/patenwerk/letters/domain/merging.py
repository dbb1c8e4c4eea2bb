"""Letters go along when two entries turn out to be one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from patenwerk.core.refusal import Reason
from patenwerk.letters.models import Letter
from patenwerk.people.domain.merging import Moved, point_back, repoint
from patenwerk.people.models import Person


@dataclass(frozen=True, slots=True)
class LetterMover:
    """Whoever was written to under one entry was under the other. Where a run has the same letter
    for both, each keeps its own.
    """

    name: str = "letters"

    def against(self, kept: Person, dropped: Person) -> Iterable[Reason]:
        return ()

    def move(self, kept: Person, dropped: Person, at: datetime) -> Moved:
        there = set(Letter.objects.filter(person=kept).values_list("run_id", "tandem_id"))
        theirs = Letter.objects.filter(person=dropped).values_list("pk", "run_id", "tandem_id")
        free = [pk for pk, run_id, tandem_id in theirs if (run_id, tandem_id) not in there]
        return {"ids": repoint(Letter.objects.filter(pk__in=free), "person", kept)}

    def against_undoing(self, moved: Moved, kept: Person) -> Iterable[Reason]:
        return ()

    def move_back(self, moved: Moved, kept: Person, dropped: Person) -> None:
        point_back(Letter, moved["ids"], "person", kept, dropped)
