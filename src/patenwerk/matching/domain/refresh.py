"""Bringing a round up to date: who came, left or is free again, without a new round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.matching.domain.round import (
    Plan,
    as_earlier,
    lock_within_reach,
    plan_of,
    scope_of,
    take_figures_over,
    write_changes,
    write_left_over,
)
from patenwerk.matching.enums import RoundState, SuggestionState
from patenwerk.matching.kernel import rounds as kernel
from patenwerk.matching.models import Round, Suggestion
from patenwerk.matching.queries.changes import people_with_a_place
from patenwerk.matching.queries.pool import TwoSides, two_sides
from patenwerk.matching.queries.settings import rules_at
from patenwerk.people.kernel.profile import Profile
from patenwerk.people.models import Person
from patenwerk.places.queries.place import locator

MOST_WAITING = 2_000
"""With more people waiting an answer would take longer than somebody looks at a page."""
DECIDED = (SuggestionState.TAKEN, SuggestionState.DECLINED)


class CannotRefresh(Refusal):
    """The round stays as it is."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many suggestions are new, fell away and stay."""

    added: int
    withdrawn: int
    kept: int


def refresh_round(*, round: Round, by: Actor, at: datetime) -> Refreshed:  # noqa: A002  the field's word
    """Bring the open suggestions of a round up to date, as of the day of ``at``.

    The result is what a new round would find among those about whom nobody has decided, and it
    stays with what is suggested unless a change gains more than the settings say. What was decided
    is not touched: who was left aside for somebody does not come back in this round. Everybody
    within reach is locked first, as decisions do. Raises :class:`CannotRefresh`.
    """
    with transaction.atomic():
        _demand_not_too_many(round)
        people = lock_within_reach(list(round.sites.all()))
        locked = Round.objects.select_for_update().get(pk=round.pk)
        _demand_open(locked)
        try:
            plan = _planned(locked, people, at)
        except (kernel.UnfitProfile, kernel.RoundTooLarge) as error:
            raise CannotRefresh(
                Reason("unfit", _("Somebody's details do not allow it. Please start a new round."))
            ) from error
        done = _write(locked, plan, people, at)
        record(
            by=by,
            at=at,
            action="matching.refresh",
            things=[locked],
            details={"added": done.added, "withdrawn": done.withdrawn},
        )
    return done


def _demand_not_too_many(found: Round) -> None:
    if people_with_a_place(found)[: MOST_WAITING + 1].count() > MOST_WAITING:
        raise CannotRefresh(
            Reason(
                "too_many",
                _(
                    "More than 2,000 people wait here: that takes a while. Please start a new "
                    "round, which is calculated in the background."
                ),
            )
        )


def _demand_open(locked: Round) -> None:
    if locked.programme_round_id is not None:
        raise CannotRefresh(
            Reason("part", _("This is a part of a round over all carriers and changes with it."))
        )
    if locked.state != RoundState.READY:
        raise CannotRefresh(
            Reason(
                "not_ready", _("This round waits for no decision any more. Please start a new one.")
            )
        )


def _planned(locked: Round, people: dict[int, Person], at: datetime) -> Plan:
    rules = rules_at(locked.site or locked.carrier)
    sides = _sides(locked, people)
    pool = kernel.build_pool(
        sides.mentors,
        sides.mentees,
        on=day_of(at),
        locate=locator(),
        weights=rules.weights,
        limits=rules.limits,
    )
    earlier = as_earlier(locked)
    result = kernel.match_pool(pool, earlier=earlier, keep=rules.keep_points)
    locked.weights = rules.snapshot()
    return plan_of(locked.pk, pool, result, earlier)


def _sides(locked: Round, people: dict[int, Person]) -> TwoSides:
    """The people of the round with the places nothing else waits for.

    A place that another round's open suggestion waits for is taken. Pairs that this round has
    decided about are not suggested a second time in it. Who came after the lock waits for the next
    time.
    """
    sides = two_sides(list(locked.sites.all()))
    others = Suggestion.objects.filter(state=SuggestionState.OPEN).exclude(round=locked)
    spoken_for: Counter[str] = Counter()
    for pair in others.values_list("mentor_id", "mentee_id"):
        spoken_for.update(map(str, pair))
    decided: dict[str, set[str]] = {}
    over = locked.suggestions.filter(state__in=DECIDED)
    for mentor, mentee in over.values_list("mentor_id", "mentee_id"):
        decided.setdefault(str(mentee), set()).add(str(mentor))

    def today(profiles: Iterable[Profile]) -> list[Profile]:
        return [
            replace(
                one,
                open_places=max(0, one.open_places - spoken_for[one.id]),
                never_with=one.never_with | decided.get(one.id, set()),
            )
            for one in profiles
            if int(one.id) in people
        ]

    return TwoSides(
        mentors=today(sides.mentors),
        mentees=[one for one in today(sides.mentees) if one.open_places],
    )


def _write(locked: Round, plan: Plan, people: dict[int, Person], at: datetime) -> Refreshed:
    there = {(one.mentor_id, one.mentee_id): one for one in locked.suggestions.all()}
    best = {(int(pair.mentor), int(pair.mentee)) for pair in plan.result.pairs}
    open_ones = {key for key, one in there.items() if one.state == SuggestionState.OPEN}
    lost = [there[key].pk for key in open_ones - best]
    locked.suggestions.filter(pk__in=lost).update(state=SuggestionState.WITHDRAWN, decided_at=at)
    _suggest(locked, plan, there, people)
    locked.left_over.all().delete()
    left = _left_over(locked, plan, people)
    write_left_over(locked, left, people)
    locked.changes.all().delete()
    write_changes(locked, plan, best)
    take_figures_over(locked, plan.result)
    locked.refreshed_at = at
    locked.state = RoundState.READY if best or left else RoundState.CLOSED
    locked.save()
    return Refreshed(added=len(best - open_ones), withdrawn=len(lost), kept=len(best & open_ones))


def _suggest(
    locked: Round,
    plan: Plan,
    there: dict[tuple[int, int], Suggestion],
    people: dict[int, Person],
) -> None:
    """Write the pairs in their new order; one that fell away before is taken up again."""
    new, old = [], []
    for position, (pair, reasons) in enumerate(zip(plan.result.pairs, plan.reasons, strict=True)):
        mentor, mentee = int(pair.mentor), int(pair.mentee)
        said: dict[str, Any] = {"reasons": reasons, "position": position}
        known = there.get((mentor, mentee))
        if known is None:
            of = {"mentor": people[mentor], "mentee": people[mentee], **scope_of(people[mentee])}
            new.append(Suggestion(round=locked, **of, **said))
            continue
        known.reasons, known.position = reasons, position
        known.state, known.decided_at = SuggestionState.OPEN.value, None
        old.append(known)
    Suggestion.objects.bulk_update(old, ["reasons", "position", "state", "decided_at"])
    Suggestion.objects.bulk_create(new)


def _left_over(locked: Round, plan: Plan, people: dict[int, Person]) -> list[kernel.LeftOver]:
    """Who stays without anybody. For whom only decisions of this round stand in the way is not
    told of again: the suggestion left aside says it, with the words of who decided.
    """
    own = set(locked.sites.values_list("pk", flat=True))
    over = locked.suggestions.filter(state__in=DECIDED)
    aside = {str(pk) for pair in over.values_list("mentor_id", "mentee_id") for pk in pair}
    return [
        left
        for left in plan.result.unmatched
        if people[int(left.id)].site_id in own
        and not (left.id in aside and left.limits == (kernel.Limit.NEVER_AGAIN,))
    ]
