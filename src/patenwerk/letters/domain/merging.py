"""Letters go along when two entries turn out to be one person; to another site they do not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from patenwerk.core.refusal import Reason
from patenwerk.letters.models import Letter
from patenwerk.letters.models.run import UNDER_WAY
from patenwerk.organisations.models import Site
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

    def go_along(self, entries: Sequence[Person], site: Site, at: datetime) -> None:
        """What was written stays with the site that wrote it, what was not is not any more: it
        would be made of what the other site knows.
        """
        unmade = Letter.objects.filter(
            person__in=entries, tandem=None, left_out="", mailed_at=None, run__state__in=UNDER_WAY
        )
        unmade.delete()
