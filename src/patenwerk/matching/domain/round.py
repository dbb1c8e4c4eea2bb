"""A round: start it, calculate it, write it down, close it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor, Level
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.domain.handlers import job_name
from patenwerk.jobs.enums import JobState
from patenwerk.matching.enums import RoundState, SuggestionState
from patenwerk.matching.kernel import rounds as kernel
from patenwerk.matching.models import (
    LeftOverPerson,
    NeverAgain,
    Round,
    Suggestion,
    SuggestionChange,
)
from patenwerk.matching.queries.pool import people_of, sites_matching_with, two_sides
from patenwerk.matching.queries.settings import rules_at
from patenwerk.organisations.models import Carrier, Site
from patenwerk.people.enums import Side
from patenwerk.people.kernel.profile import Profile
from patenwerk.people.models import Person
from patenwerk.places.queries.place import locator
from patenwerk.tandems.queries.places import free_places, places_taken

ROUND = job_name("matching.round")

JOB_IS_OVER = frozenset({JobState.FAILED, JobState.CANCELLED})

Watch = Callable[[int, int, str], None]
"""Told (done, total, step) of a calculation."""


class CannotStart(Refusal):
    """The round was not started."""


class CannotClose(Refusal):
    """The round was not closed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A calculated round that nobody has seen yet. ``reasons`` belongs to ``result.pairs``.

    ``told`` are the pairs (mentor, mentee) that were suggested before, None where there was no
    round before, and ``changes`` says what is different now.
    """

    round_id: int
    result: kernel.RoundResult
    reasons: list[list[dict[str, Any]]]
    told: frozenset[tuple[str, str]] | None
    changes: tuple[kernel.Change, ...]


def start_round(*, organisation: Carrier | Site, by: Actor, at: datetime) -> Round:
    """Have the best pairs of a site or a whole carrier looked for, in the background.

    One round of an organisation runs at a time; one whose work was given up makes room. Raises
    :class:`CannotStart`.
    """
    with transaction.atomic():
        # The row of the carrier is the lock: of two who start at once the second one reads why.
        carrier = Carrier.objects.select_for_update().get(pk=organisation.scope_ids[Level.CARRIER])
        site = organisation if isinstance(organisation, Site) else None
        sites = [site] if site else list(carrier.sites.filter(archived_at__isnull=True))
        _give_up_lost_rounds(carrier, site)
        reasons = list(_against_starting(carrier, site, sites))
        if reasons:
            raise CannotStart(reasons)
        started = Round.objects.create(
            programme_id=carrier.programme_id,
            carrier=carrier,
            site=site,
            weights=rules_at(organisation).snapshot(),
            created_at=at,
            created_by_id=by.user_id,
        )
        started.sites.set(sites)
        started.job = enqueue(
            name=ROUND, payload={"round": started.pk}, by=by, at=at, scope=organisation
        )
        started.save(update_fields=["job"])
        record(by=by, at=at, action="matching.start", things=[started])
    return started


def _running(carrier: Carrier, site: Site | None) -> Any:
    return Round.objects.filter(carrier=carrier, site=site, state=RoundState.RUNNING)


def _give_up_lost_rounds(carrier: Carrier, site: Site | None) -> None:
    """A round whose job failed, was cancelled or is gone will never be ready."""
    lost = Q(job__isnull=True) | Q(job__state__in=JOB_IS_OVER)
    # Asked first: an update over a join is a subquery everywhere.
    ids = list(_running(carrier, site).filter(lost).values_list("pk", flat=True))
    Round.objects.filter(pk__in=ids).update(state=RoundState.FAILED)


def _against_starting(
    carrier: Carrier, site: Site | None, sites: Collection[Site]
) -> Iterator[Reason]:
    if _running(carrier, site).exists():
        yield Reason("running", _("A round is running here already. It will be ready soon."))
    if site is not None and site.archived_at is not None:
        yield Reason("archived", _("This site is in the archive."))
    own = Site.objects.filter(pk__in=[one.pk for one in sites])
    taken = places_taken()
    mentees = people_of(own, Side.MENTEE).values_list("pk", "capacity")
    if not any(taken.get(pk, 0) < capacity for pk, capacity in mentees):
        yield Reason("nobody_waits", _("Nobody is waiting here: there is nothing to match."))


def planned_round(*, round_id: int, at: datetime, watch: Watch) -> Plan:
    """Calculate a round as of the day of ``at``; writes nothing.

    What the organisation's last round suggests and nobody has decided about has been told to
    people: it goes on from there, and such a pair stays unless a change gains more than the
    settings say. ``watch`` is told where it is and may raise to stop it. Raises
    :class:`~patenwerk.matching.kernel.rounds.RoundTooLarge`.
    """
    planned = Round.objects.select_related("site", "carrier").get(pk=round_id)
    people = two_sides(list(planned.sites.all()))
    rules = rules_at(planned.site or planned.carrier)
    pool = kernel.build_pool(
        people.mentors,
        people.mentees,
        on=day_of(at),
        locate=locator(),
        weights=rules.weights,
        limits=rules.limits,
    )
    before = _last_ready(planned)
    earlier = None if before is None else as_earlier(before)
    result = kernel.match_pool(
        pool,
        earlier=earlier,
        keep=rules.keep_points,
        progress=lambda step, done, total: watch(done, total, str(step)),
    )
    return plan_of(round_id, pool, result, earlier)


def _last_ready(planned: Round) -> Round | None:
    """The same organisation's round before, where some of its suggestions are still open."""
    same = Round.objects.filter(
        carrier=planned.carrier,
        site=planned.site,
        programme_round__isnull=True,
        state=RoundState.READY,
        suggestions__state=SuggestionState.OPEN,
    )
    return same.exclude(pk=planned.pk).distinct().first()


def as_earlier(before: Round) -> kernel.EarlierRound:
    """What a round suggests and nobody has decided about, with its certificate."""
    told = before.suggestions.filter(state=SuggestionState.OPEN)
    return kernel.EarlierRound(
        pairs=frozenset(
            (str(mentor), str(mentee))
            for mentor, mentee in told.values_list("mentor_id", "mentee_id")
        ),
        prices=before.prices,
        bonus=before.bonus,
        shift=before.shift,
    )


def plan_of(
    round_id: int,
    pool: kernel.Pool,
    result: kernel.RoundResult,
    earlier: kernel.EarlierRound | None,
) -> Plan:
    """A calculated round with its reasons, and with what is different from the earlier one."""
    where, people = locator(), _by_id(pool)
    reasons = [
        stored_reasons(
            pair.reasons,
            where.distance(people[pair.mentor].postcode, people[pair.mentee].postcode),
        )
        for pair in result.pairs
    ]
    if earlier is None:
        return Plan(round_id, result, reasons, None, ())
    now = {(pair.mentor, pair.mentee) for pair in result.pairs}
    changes = kernel.changes_between(pool, earlier.pairs, now)
    return Plan(round_id, result, reasons, frozenset(earlier.pairs), changes)


def _by_id(pool: kernel.Pool) -> dict[str, Profile]:
    return {person.id: person for side in Side for person in pool.people(side)}


def stored_reasons(
    reasons: Collection[kernel.Reason], distance: tuple[str, int] | None
) -> list[dict[str, Any]]:
    """Reasons as codes and values, the distance as it is said (code and kilometres)."""
    values: dict[str, Any] = {str(reason.code): reason.value for reason in reasons}
    values[str(kernel.Part.DISTANCE)] = (
        None if distance is None else (str(distance[0]), distance[1])
    )
    return [{"code": code, "value": value} for code, value in values.items()]


def store_round(*, plan: Plan, by: Actor, at: datetime) -> int:
    """Write a calculated round down; answers how many pairs it suggests.

    Who was archived, taken or kept apart since the calculation is left out. Open suggestions of
    earlier rounds for the same people are withdrawn. A round that is not running any more stays
    as it is. Needs an open transaction.
    """
    stored = Round.objects.select_for_update().get(pk=plan.round_id)
    if stored.state != RoundState.RUNNING:
        return stored.suggestions.count()
    sites = list(stored.sites.all())
    people = lock_within_reach(sites)
    _withdraw_earlier(stored, sites, at)
    free = free_places({pk: person.capacity for pk, person in people.items()})
    pairs = list(still_possible(plan.result, plan.reasons, free))
    Suggestion.objects.bulk_create(
        Suggestion(
            round=stored,
            **scope_of(people[mentee]),
            mentor=people[mentor],
            mentee=people[mentee],
            reasons=reasons,
            position=position,
        )
        for position, (mentor, mentee, reasons) in enumerate(pairs)
    )
    own = {site.pk for site in sites}
    left = [
        left
        for left in plan.result.unmatched
        if (person := people.get(int(left.id))) is not None and person.site_id in own
    ]
    write_left_over(stored, left, people)
    write_changes(stored, plan, {(mentor, mentee) for mentor, mentee, _reasons in pairs})
    take_figures_over(stored, plan.result)
    stored.state = RoundState.READY if pairs or left else RoundState.CLOSED
    stored.save()
    record(by=by, at=at, action="matching.ready", things=[stored], details={"pairs": len(pairs)})
    return len(pairs)


def write_left_over(
    stored: Round, left: Collection[kernel.LeftOver], people: Mapping[int, Person]
) -> None:
    """Write down whom a round found nobody for, and why."""
    LeftOverPerson.objects.bulk_create(
        LeftOverPerson(
            round=stored,
            **scope_of(people[int(left.id)]),
            person=people[int(left.id)],
            why=str(left.why),
            feasible=left.feasible,
            limits=[str(limit) for limit in left.limits],
            opens=left.opens,
            excluded={str(limit): count for limit, count in left.excluded.items()},
            position=position,
        )
        for position, left in enumerate(left)
    )


def write_changes(stored: Round, plan: Plan, pairs: Collection[tuple[int, int]]) -> None:
    """Write down what is different from before, given which ``pairs`` are suggested after all.

    Whoever was newly placed is told last. What did not come about, because somebody decided
    meanwhile, is no change.
    """
    if plan.told is None:
        return
    stored.kept = sum((int(mentor), int(mentee)) in pairs for mentor, mentee in plan.told)
    named = {
        int(one)
        for change in plan.changes
        for one in (change.mentee, change.before, change.now)
        if one
    }
    people = Person.objects.in_bulk(named)
    told = [
        (change, people[mentee], people.get(before), people.get(now))
        for change in sorted(plan.changes, key=lambda one: one.why is kernel.Changed.NEW)
        for mentee, before, now in (
            (int(change.mentee), int(change.before or 0), int(change.now or 0)),
        )
        if mentee in people
        and (before in people or now in people)
        and (change.now is None or (now, mentee) in pairs)
    ]
    SuggestionChange.objects.bulk_create(
        SuggestionChange(
            round=stored,
            **scope_of(mentee),
            mentee=mentee,
            before=before,
            now=now,
            why=str(change.why),
            limits=[str(limit) for limit in change.limits],
            position=position,
        )
        for position, (change, mentee, before, now) in enumerate(told)
    )


def take_figures_over(stored: Round, result: kernel.RoundResult) -> None:
    """Set the figures of a round and what proves them; the caller saves."""
    stored.matched, stored.considered = result.matched, result.considered
    stored.missing, stored.total = result.missing, result.total
    stored.bound, stored.gap = result.bound, result.gap
    stored.prices = dict(result.prices)
    stored.bonus, stored.shift = result.bonus, result.shift


def scope_of(person: Person) -> dict[str, int]:
    return {
        "programme_id": person.programme_id,
        "carrier_id": person.carrier_id,
        "site_id": person.site_id,
    }


def lock_within_reach(sites: Collection[Site]) -> dict[int, Person]:
    """Everybody of these sites and their networks who is still there.

    All of them are locked in the order of ids, as every decision locks them: suggestions for them
    are written and withdrawn.
    """
    reach = Site.objects.filter(sites_matching_with(sites))
    locked = Person.objects.filter(site__in=reach).select_for_update(of=("self",)).order_by("pk")
    return {person.pk: person for person in locked if person.archived_at is None}


def still_possible(
    result: kernel.RoundResult, reasons: Iterable[list[dict[str, Any]]], free: Counter[int]
) -> Iterator[tuple[int, int, list[dict[str, Any]]]]:
    """The pairs of a calculated round whose people have a place yet and were not kept apart
    meanwhile, with their ``reasons``.

    ``free``: person id → places; whoever is not there any more has none. Those given here are taken
    off.
    """
    apart = set(NeverAgain.objects.filter(mentor__in=free).values_list("mentor_id", "mentee_id"))
    for pair, why in zip(result.pairs, reasons, strict=True):
        mentor, mentee = int(pair.mentor), int(pair.mentee)
        if (mentor, mentee) in apart or not (free[mentor] > 0 and free[mentee] > 0):
            continue
        free.subtract((mentor, mentee))
        yield mentor, mentee, why


def _withdraw_earlier(stored: Round, sites: Collection[Site], at: datetime) -> None:
    earlier = Suggestion.objects.filter(
        site__in=[site.pk for site in sites], state=SuggestionState.OPEN
    ).exclude(round=stored)
    rounds = set(earlier.values_list("round_id", flat=True))
    earlier.update(state=SuggestionState.WITHDRAWN, decided_at=at)
    same = Round.objects.filter(carrier=stored.carrier, site=stored.site, state=RoundState.READY)
    close_decided_rounds(rounds)
    same.exclude(pk=stored.pk).update(state=RoundState.CLOSED)


def close_decided_rounds(ids: Collection[int]) -> None:
    """Close those among the rounds in which no suggestion waits for a decision any more."""
    waiting = Suggestion.objects.filter(round__in=ids, state=SuggestionState.OPEN)
    Round.objects.filter(pk__in=ids, state=RoundState.READY).exclude(
        pk__in=waiting.values("round_id")
    ).update(state=RoundState.CLOSED)


def fail_round(*, round_id: int, by: Actor, at: datetime) -> None:
    """Say that a round could not be calculated. Needs an open transaction."""
    failed = Round.objects.filter(pk=round_id, state=RoundState.RUNNING)
    if failed.update(state=RoundState.FAILED):
        record(by=by, at=at, action="matching.fail", things=[Round.objects.get(pk=round_id)])


def close_round(*, round: Round, by: Actor, at: datetime) -> None:  # noqa: A002  the field's word
    """End a round; what nobody has decided is withdrawn. Raises :class:`CannotClose`."""
    with transaction.atomic():
        locked = Round.objects.select_for_update().get(pk=round.pk)
        if locked.state != RoundState.READY:
            raise CannotClose(Reason("not_ready", _("This round waits for no decision.")))
        open_ones = locked.suggestions.filter(state=SuggestionState.OPEN)
        open_ones.update(state=SuggestionState.WITHDRAWN, decided_at=at)
        Round.objects.filter(pk=locked.pk).update(state=RoundState.CLOSED)
        record(by=by, at=at, action="matching.close", things=[locked])
