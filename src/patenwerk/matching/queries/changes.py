"""What has changed: since an earlier round, and since this one was calculated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from patenwerk.core.policy import Actor, visible
from patenwerk.matching.enums import SuggestionState
from patenwerk.matching.kernel.codes import Changed, Limit
from patenwerk.matching.models import LeftOverPerson, Round, Suggestion, SuggestionChange
from patenwerk.matching.policy import SEE_MATCHING
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.tandems.queries.places import groups_with_places, seats_taken

WAITS_AGAIN = (SuggestionState.WITHDRAWN, SuggestionState.TAKEN)
"""Whoever was left aside by a decision is not among those who wait again: a person said so."""


@dataclass(frozen=True, slots=True)
class Since:
    """How many people came, left, or lost their suggestion since a round was calculated."""

    came: int
    gone: int
    again: int

    def __bool__(self) -> bool:
        return bool(self.came or self.gone or self.again)


def since_round(found: Round) -> Since:
    """What is different now among the people of a round's own sites: three queries, and one or two
    for groups where somebody has no place of their own left.

    ``came``: with an open place, but neither suggested nor left over in it; ``gone``: in an open
    suggestion, but archived or without a place, be it in a group; ``again``: mentees whose
    suggestion fell away.
    """
    of_round = Suggestion.objects.filter(round=found)
    waiting = people_with_a_place(found)
    known = Exists(LeftOverPerson.objects.filter(round=found, person=OuterRef("pk")))
    elsewhere = _named_in(Suggestion.objects.filter(state=SuggestionState.OPEN))
    left = Person.objects.annotate(taken=seats_taken()).filter(
        Q(archived_at__isnull=False) | Q(taken__gte=F("capacity")),
        _named_in(of_round.filter(state=SuggestionState.OPEN)),
    )
    gone = list(left.values_list("pk", "archived_at"))
    full = [pk for pk, archived_at in gone if archived_at is None]
    fell_away = of_round.filter(mentee=OuterRef("pk"), state__in=WAITS_AGAIN)
    aside = of_round.filter(mentee=OuterRef("pk"), state=SuggestionState.DECLINED)
    return Since(
        came=waiting.filter(~known, ~elsewhere, ~_named_in(of_round)).count(),
        gone=len(gone) - len(groups_with_places(full) if full else ()),
        again=waiting.filter(
            ~known, ~elsewhere, Exists(fell_away), ~Exists(aside), side=Side.MENTEE
        ).count(),
    )


def people_with_a_place(found: Round) -> QuerySet[Any]:
    """Everybody of the round's own sites who is there and could meet one more."""
    own = Person.objects.filter(site__in=found.sites.values("pk"), archived_at__isnull=True)
    return own.annotate(taken=seats_taken()).filter(taken__lt=F("capacity"))


def _named_in(suggestions: QuerySet[Suggestion]) -> Q:
    """Whether a person is one of the two in a suggestion. Two indexes, so asked apart."""
    return Q(Exists(suggestions.filter(mentee=OuterRef("pk")))) | Q(
        Exists(suggestions.filter(mentor=OuterRef("pk")))
    )


def changes(actor: Actor) -> QuerySet[SuggestionChange]:
    """The changes the actor sees, with everybody named in them."""
    return SuggestionChange.objects.filter(
        visible(actor, SEE_MATCHING, SuggestionChange)
    ).select_related("mentee__site", "before__site", "now__site")


def change_in_words(change: SuggestionChange, name_of: Callable[[Person], str]) -> str:
    """One sentence: what is different for somebody, and why. ``name_of`` says of each person as
    much as the reader may know.
    """
    names = {"mentee": name_of(change.mentee)}
    if change.before is not None:
        names["before"] = name_of(change.before)
    if change.now is not None:
        names["now"] = name_of(change.now)
    sentence = _SENTENCES[Changed(change.why), change.now is not None]() % names
    limits = " ".join(_broken()[Limit(code)] for code in change.limits)
    return f"{sentence} {limits}".strip()


_SENTENCES: Mapping[tuple[Changed, bool], Callable[[], str]] = {
    (Changed.NEW, True): lambda: _("%(mentee)s: %(now)s is suggested. Before there was nobody."),
    (Changed.MENTEE_GONE, False): lambda: _("%(mentee)s does not wait any more."),
    (Changed.MENTOR_GONE, True): lambda: _(
        "%(mentee)s: %(now)s instead of %(before)s, who is not there any more."
    ),
    (Changed.MENTOR_GONE, False): lambda: _(
        "%(mentee)s: nobody now. %(before)s is not there any more."
    ),
    (Changed.FITS_NO_MORE, True): lambda: _(
        "%(mentee)s: %(now)s instead of %(before)s, because the two do not fit any more."
    ),
    (Changed.FITS_NO_MORE, False): lambda: _(
        "%(mentee)s: nobody now. It does not fit with %(before)s any more."
    ),
    (Changed.BETTER, True): lambda: _(
        "%(mentee)s: %(now)s instead of %(before)s, because the two fit better."
    ),
    (Changed.FOR_OTHERS, True): lambda: _(
        "%(mentee)s: %(now)s instead of %(before)s, so that others find somebody or fit better."
    ),
    (Changed.FOR_OTHERS, False): lambda: _(
        "%(mentee)s: nobody now. %(before)s is suggested to somebody for whom nobody else is "
        "there, or who fits better."
    ),
}
"""By the reason and whether somebody is suggested now."""


def _broken() -> Mapping[Limit, str]:
    """Why two who were suggested to each other do not fit any more."""
    return {
        Limit.MENTEE_DISTANCE: _("The way has become longer than wished."),
        Limit.MENTOR_DISTANCE: _("The way has become longer than wished."),
        Limit.FREE_TIME: _("There is no common free time any more."),
        Limit.MENTEE_AGE_WISH: _("The age is not as wished any more."),
        Limit.MENTOR_AGE_WISH: _("The age is not as wished any more."),
        Limit.MENTEE_GENDER_WISH: _("The gender is not as wished any more."),
        Limit.MENTOR_GENDER_WISH: _("The gender is not as wished any more."),
        Limit.LANGUAGE: _("There is no common language at the level needed any more."),
        Limit.MENTOR_FULL: _("There is no free place any more."),
        Limit.MENTEE_FULL: _("There is no free place any more."),
        Limit.PLACE_UNKNOWN: _("Where a postcode lies is not known."),
        Limit.RECORD_CHECK: _("The record check is not valid any more."),
        Limit.NETWORK: _("The two sites do not match together any more."),
        Limit.NEVER_AGAIN: _("It was noted that the two shall not be brought together."),
    }
