"""Tandems go along when two entries turn out to be one person, and when somebody moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from patenwerk.core.refusal import Reason
from patenwerk.organisations.models import Site
from patenwerk.people.domain.merging import Moved, point_back, repoint, rescope
from patenwerk.people.models import Person
from patenwerk.tandems.enums import OPEN_STATES
from patenwerk.tandems.models import Participant, Tandem


@dataclass(frozen=True, slots=True)
class TandemMover:
    """Whoever took part under one entry takes part under the other. A tandem counts as before."""

    name: str = "tandems"

    def against(self, kept: Person, dropped: Person) -> Iterable[Reason]:
        if (
            Tandem.objects.filter(participants__person=kept)
            .filter(participants__person=dropped)
            .exists()
        ):
            yield Reason(
                "one_tandem",
                _("The two take part in one tandem, so they were met as two people."),
            )
        elif _partners(kept) & _partners(dropped):
            yield Reason(
                "same_partner",
                _(
                    "Both entries have an open tandem with the same person. Please end one of "
                    "the two tandems first: it would count twice."
                ),
            )

    def move(self, kept: Person, dropped: Person, at: datetime) -> Moved:
        own = Participant.objects.filter(person=dropped)
        ids = repoint(own, "person", kept)
        return {"ids": ids, "since": _now(kept)}

    def against_undoing(self, moved: Moved, kept: Person) -> Iterable[Reason]:
        if set(_now(kept)) - set(moved["since"]):
            yield Reason(
                "tandem_since",
                _("A tandem was proposed since. Nobody can say with which of the two it is."),
            )

    def move_back(self, moved: Moved, kept: Person, dropped: Person) -> None:
        point_back(Participant, moved["ids"], "person", kept, dropped)

    def go_along(self, entries: Sequence[Person], site: Site, at: datetime) -> None:
        """In open tandems the person is one of the new site; where they are led they stay, and
        with them everything that is over.
        """
        here = Participant.objects.filter(person__in=entries, left_on__isnull=True)
        rescope(here.filter(tandem__state__in=OPEN_STATES), site)


def _partners(person: Person) -> set[int]:
    """With whom a person is in an open tandem."""
    running = Tandem.objects.filter(participants__person=person, state__in=OPEN_STATES)
    others = Participant.objects.filter(tandem__in=running, left_on__isnull=True)
    return set(others.exclude(person=person).values_list("person_id", flat=True))


def _now(person: Person) -> list[int]:
    rows = Participant.objects.filter(person=person).order_by("pk")
    return list(rows.values_list("pk", flat=True))
