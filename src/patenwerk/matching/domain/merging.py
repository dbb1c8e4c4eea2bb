"""Suggestions and what was noted about pairs go along when two entries are one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from patenwerk.core.refusal import Reason
from patenwerk.matching.domain.round import close_decided_rounds
from patenwerk.matching.enums import SuggestionState
from patenwerk.matching.models import (
    LeftOverPerson,
    NeverAgain,
    Suggestion,
    SuggestionChange,
)
from patenwerk.people.domain.merging import Moved, point_back, repoint
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.tandems.queries.places import free_places


@dataclass(frozen=True, slots=True)
class MatchingMover:
    """What was decided goes along. Open suggestions for the second entry are withdrawn, and those
    for the first that are not possible any more: the next round finds new ones.
    """

    name: str = "matching"

    def against(self, kept: Person, dropped: Person) -> Iterable[Reason]:
        return ()

    def move(self, kept: Person, dropped: Person, at: datetime) -> Moved:
        column, partner = _columns(kept)
        apart = repoint(_not_there_yet(kept, dropped), column, kept)
        _withdraw(kept, dropped, at)
        decided = Suggestion.objects.filter(**{column: dropped})
        in_round = set(Suggestion.objects.filter(**{column: kept}).values_list("round_id", partner))
        doubled = [
            one.pk for one in decided if (one.round_id, getattr(one, f"{partner}_id")) in in_round
        ]
        own_rounds = LeftOverPerson.objects.filter(person=kept).values("round")
        left = LeftOverPerson.objects.filter(person=dropped).exclude(round__in=own_rounds)
        return {
            "apart": apart,
            "since": _apart_now(kept),
            "suggestions": repoint(decided.exclude(pk__in=doubled), column, kept),
            "left": repoint(left, "person", kept),
            "changes": {
                name: repoint(SuggestionChange.objects.filter(**{name: dropped}), name, kept)
                for name in ("mentee", "before", "now")
            },
        }

    def against_undoing(self, moved: Moved, kept: Person) -> Iterable[Reason]:
        if set(_apart_now(kept)) - set(moved["since"]):
            yield Reason(
                "apart_since",
                _(
                    "It was noted since with whom the person shall not be brought together. "
                    "Nobody can say for which of the two that holds. Please take it back first."
                ),
            )

    def move_back(self, moved: Moved, kept: Person, dropped: Person) -> None:
        column, _partner = _columns(kept)
        point_back(NeverAgain, moved["apart"], column, kept, dropped)
        point_back(Suggestion, moved["suggestions"], column, kept, dropped)
        point_back(LeftOverPerson, moved["left"], "person", kept, dropped)
        for name, ids in moved["changes"].items():
            point_back(SuggestionChange, ids, name, kept, dropped)


def _columns(person: Person) -> tuple[str, str]:
    """The person's own column in pairs, and that of the other side."""
    return ("mentor", "mentee") if person.side == Side.MENTOR else ("mentee", "mentor")


def _not_there_yet(kept: Person, dropped: Person) -> QuerySet[NeverAgain]:
    """The pairs of the second entry that the first is not in already."""
    column, partner = _columns(kept)
    known = NeverAgain.objects.filter(**{column: kept}).values(partner)
    return NeverAgain.objects.filter(**{column: dropped}).exclude(**{f"{partner}__in": known})


def _withdraw(kept: Person, dropped: Person, at: datetime) -> None:
    column, partner = _columns(kept)
    never = NeverAgain.objects.filter(**{column: kept}).values(partner)
    lost = Q(**{column: dropped}) | Q(**{column: kept, f"{partner}__in": never})
    if not free_places({kept.pk: kept.capacity})[kept.pk]:
        lost |= Q(**{column: kept})
    open_ones = Suggestion.objects.filter(lost, state=SuggestionState.OPEN)
    rounds = set(open_ones.values_list("round_id", flat=True))
    open_ones.update(state=SuggestionState.WITHDRAWN, decided_at=at)
    close_decided_rounds(rounds)


def _apart_now(person: Person) -> list[int]:
    column, _partner = _columns(person)
    rows = NeverAgain.objects.filter(**{column: person}).order_by("pk")
    return list(rows.values_list("pk", flat=True))
