"""A round over all carriers: start it, calculate it, hand each pair to the two sites concerned.

Only people who have consented to be found by other carriers take part. Whoever starts it, the
programme's office, sees no person: the pairs go to the sites as ordinary suggestions, and the
office reads figures after disclosure control.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.core.registrations import minimum_cell_of
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.domain.handlers import job_name
from patenwerk.matching.domain.round import (
    JOB_IS_OVER,
    Watch,
    close_decided_rounds,
    still_possible,
    stored_reasons,
)
from patenwerk.matching.domain.round_figures import NOWHERE, Looking, Need, counted, published
from patenwerk.matching.enums import RoundState, SuggestionState
from patenwerk.matching.kernel import rounds as kernel
from patenwerk.matching.kernel.codes import Limit, Why
from patenwerk.matching.models import (
    LeftOverPerson,
    ProgrammeRound,
    Round,
    Suggestion,
)
from patenwerk.matching.queries.pool import TwoSides
from patenwerk.matching.queries.programme_round import people_beyond, sides_beyond
from patenwerk.matching.queries.settings import MatchingRules, rules_at
from patenwerk.organisations.models import Programme
from patenwerk.people.enums import ConsentPurpose, Side
from patenwerk.people.kernel.profile import Profile
from patenwerk.people.models import Person
from patenwerk.people.queries.consent import in_force
from patenwerk.people.queries.profile import network_key
from patenwerk.places.kernel.locator import Locator
from patenwerk.places.queries.place import locator
from patenwerk.tandems.queries.places import free_places

PROGRAMME_ROUND = job_name("matching.programme_round")

RESTS_ON = str(ConsentPurpose.OTHER_CARRIERS)
"""The consent without which nobody is suggested beyond the own network."""
AREA_DIGITS = 2
"""»In 04…«: help is looked for in areas of so many digits of the postcode."""
HELPED_BY_MENTORS = frozenset({Limit.LANGUAGE, Limit.MENTOR_FULL})
"""Where nothing else stands in the way, further mentors like those who fit would help."""


class CannotStartProgrammeRound(Refusal):
    """The round was not started."""


@dataclass(frozen=True, slots=True)
class ProgrammePlan:
    """A calculated round that nobody has seen yet. ``reasons`` belongs to ``result.pairs``."""

    round_id: int
    result: kernel.RoundResult
    reasons: list[list[dict[str, Any]]]
    published: dict[str, Any]
    minimum_cell: int


def start_programme_round(*, programme: Programme, by: Actor, at: datetime) -> ProgrammeRound:
    """Have the best pairs among all carriers' people looked for, in the background.

    One runs at a time in a programme; one whose work was given up makes room. Raises
    :class:`CannotStartProgrammeRound`.
    """
    with transaction.atomic():
        # The row of the programme is the lock: of two who start at once the second reads why.
        locked = Programme.objects.select_for_update().get(pk=programme.pk)
        running = ProgrammeRound.objects.filter(programme=locked, state=RoundState.RUNNING)
        _give_up_lost(running)
        # Whether anybody has consented is no reason against it: that would tell of people what
        # the round's own figures tell after disclosure control only.
        if running.exists():
            raise CannotStartProgrammeRound(
                Reason("running", _("A round is running already. It will be ready soon."))
            )
        started = ProgrammeRound.objects.create(
            programme=locked,
            weights=rules_at(locked).snapshot(),
            created_at=at,
            created_by_id=by.user_id,
        )
        started.job = enqueue(
            name=PROGRAMME_ROUND, payload={"round": started.pk}, by=by, at=at, scope=locked
        )
        started.save(update_fields=["job"])
        record(by=by, at=at, action="matching.start_programme_round", things=[started])
    return started


def _give_up_lost(running: Any) -> None:
    """A round whose job failed, was cancelled or is gone will never be ready."""
    lost = Q(job__isnull=True) | Q(job__state__in=JOB_IS_OVER)
    ids = list(running.filter(lost).values_list("pk", flat=True))
    ProgrammeRound.objects.filter(pk__in=ids).update(state=RoundState.FAILED)


def planned_programme_round(*, round_id: int, at: datetime, watch: Watch) -> ProgrammePlan:
    """Calculate a round as of the day of ``at``, and what may be told of it; writes nothing.

    ``watch`` is told where it is and may raise to stop it. Raises
    :class:`~patenwerk.matching.kernel.rounds.RoundTooLarge`.
    """
    planned = ProgrammeRound.objects.select_related("programme").get(pk=round_id)
    programme = planned.programme
    people, rules, where = sides_beyond(programme), rules_at(programme), locator()
    result = kernel.match_round(
        people.mentors,
        people.mentees,
        on=day_of(at),
        locate=where,
        weights=rules.weights,
        limits=rules.limits,
        progress=lambda step, done, total: _watch_in_hundredths(watch, str(step), done, total),
    )
    postcodes = {one.id: one.postcode for one in (*people.mentors, *people.mentees)}
    reasons = [
        stored_reasons(pair.reasons, where.distance(postcodes[pair.mentor], postcodes[pair.mentee]))
        for pair in result.pairs
    ]
    minimum = minimum_cell_of(programme)
    told = _figures(programme, people, result, rules, where, minimum)
    return ProgrammePlan(round_id, result, reasons, told, minimum)


def _watch_in_hundredths(watch: Watch, step: str, done: int, total: int) -> None:
    """How far it is, but not of how many: the office watches, and people are what is counted."""
    watch(done * 100 // total if total else 0, 100, step)


def _figures(
    programme: Programme,
    people: TwoSides,
    result: kernel.RoundResult,
    rules: MatchingRules,
    where: Locator,
    minimum: int,
) -> dict[str, Any]:
    carriers = {
        str(pk): carrier
        for side in Side
        for pk, carrier in people_beyond(programme, side).values_list("pk", "carrier_id")
    }

    def looking(profiles: Iterable[Profile]) -> list[Looking]:
        return [
            Looking(one.id, land_of(one.postcode, where), carriers[one.id], one.open_places)
            for one in profiles
            if one.open_places and one.id in carriers
        ]

    numbers = counted(
        looking(people.mentees),
        looking(people.mentors),
        [(pair.mentor, pair.mentee) for pair in result.pairs],
        needs_of(people.mentees, result, rules),
        minimum=minimum,
    )
    return published(numbers, minimum)


def land_of(postcode: str, where: Locator) -> str:
    """The Land of a postcode; :data:`NOWHERE` where it is unknown or several meet."""
    found = where.find(postcode)
    return NOWHERE if found is None or found.land is None else str(found.land)


def needs_of(
    mentees: Iterable[Profile], result: kernel.RoundResult, rules: MatchingRules
) -> list[Need]:
    """For whom further mentors would be the whole help, and which languages they would need.

    The calculation says of everybody left over the least that stands in the way. Where that is
    the language alone, or those who fit are only taken, somebody who speaks one of the mentee's
    languages well enough would do.
    """
    by_id = {one.id: one for one in mentees}
    found = []
    for left in result.unmatched:
        if left.side is not Side.MENTEE or left.why is Why.NOBODY_THERE:
            continue
        if not set(left.limits) <= HELPED_BY_MENTORS:
            continue
        mentee = by_id[left.id]
        level = mentee.minimum_level or rules.limits.minimum_level
        spoken = sorted(code for code, at in mentee.languages.items() if at >= level)
        found.append(Need(mentee.id, mentee.postcode[:AREA_DIGITS], tuple(spoken)))
    return found


def store_programme_round(*, plan: ProgrammePlan, by: Actor, at: datetime) -> int:
    """Write a calculated round down and hand its pairs to the sites; answers how many.

    Who was archived, taken, kept apart, spoken for at home or has taken the consent back since
    the calculation is left out. Open suggestions of earlier rounds over all carriers are
    withdrawn. A round that is not running any more stays as it is. Needs an open transaction.
    """
    stored = ProgrammeRound.objects.select_for_update().get(pk=plan.round_id)
    if stored.state != RoundState.RUNNING:
        return Suggestion.objects.filter(round__programme_round=stored).count()
    people = _locked_people(plan, stored)
    _withdraw_earlier(stored, at)
    pairs = list(still_possible(plan.result, plan.reasons, _free_places(people)))
    left = [
        left
        for left in plan.result.unmatched
        if left.side is Side.MENTEE and int(left.id) in people
    ]
    rounds = _rounds_of_sites(stored, pairs, [people[int(one.id)] for one in left], people)
    Suggestion.objects.bulk_create(
        Suggestion(
            round=rounds[people[mentee].site_id],
            **_scope(people[mentee]),
            mentor=people[mentor],
            mentee=people[mentee],
            reasons=reasons,
            position=position,
        )
        for position, (mentor, mentee, reasons) in enumerate(pairs)
    )
    LeftOverPerson.objects.bulk_create(
        LeftOverPerson(
            round=rounds[people[int(one.id)].site_id],
            **_scope(people[int(one.id)]),
            person=people[int(one.id)],
            why=str(one.why),
            feasible=one.feasible,
            limits=[str(limit) for limit in one.limits],
            opens=one.opens,
            excluded={str(limit): count for limit, count in one.excluded.items()},
            position=position,
        )
        for position, one in enumerate(left)
    )
    result = plan.result
    stored.published, stored.minimum_cell = plan.published, plan.minimum_cell
    stored.missing, stored.total = result.missing, result.total
    stored.bound, stored.gap = result.bound, result.gap
    stored.state = RoundState.READY
    stored.save()
    record(by=by, at=at, action="matching.programme_round_ready", things=[stored])
    return len(pairs)


def _scope(person: Person) -> dict[str, int]:
    return {
        "programme_id": person.programme_id,
        "carrier_id": person.carrier_id,
        "site_id": person.site_id,
    }


def _locked_people(plan: ProgrammePlan, stored: ProgrammeRound) -> dict[int, Person]:
    """Everybody the round speaks of who is still there and still consents.

    Locked in the order of ids, as every decision locks them, with those whose earlier suggestions
    are withdrawn.
    """
    named = {int(one) for pair in plan.result.pairs for one in (pair.mentor, pair.mentee)}
    named |= {int(left.id) for left in plan.result.unmatched if left.side is Side.MENTEE}
    earlier, purpose = _open_ones(stored.programme_id), ConsentPurpose.OTHER_CARRIERS
    locked = list(
        Person.objects.filter(
            Q(in_force(purpose))
            | Q(pk__in=earlier.values("mentor_id"))
            | Q(pk__in=earlier.values("mentee_id")),
            programme=stored.programme_id,
        )
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    # Asked once more under the lock: whoever took it back meanwhile is not among them.
    agreed = set(
        Person.objects.filter(in_force(purpose), programme=stored.programme_id).values_list(
            "pk", flat=True
        )
    )
    return {
        person.pk: person
        for person in locked
        if person.pk in named & agreed and person.archived_at is None
    }


def _open_ones(programme_id: int) -> Any:
    return Suggestion.objects.filter(
        programme=programme_id,
        state=SuggestionState.OPEN,
        round__programme_round__isnull=False,
    )


def _withdraw_earlier(stored: ProgrammeRound, at: datetime) -> None:
    ids = list(_open_ones(stored.programme_id).values_list("pk", flat=True))
    Suggestion.objects.filter(pk__in=ids).update(state=SuggestionState.WITHDRAWN, decided_at=at)
    Round.objects.filter(
        programme=stored.programme_id, programme_round__isnull=False, state=RoundState.READY
    ).update(state=RoundState.CLOSED)


def _free_places(people: Mapping[int, Person]) -> Counter[int]:
    """Their places; whoever is suggested to somebody by their own sites has one less."""
    free = free_places({pk: person.capacity for pk, person in people.items()})
    own = Suggestion.objects.filter(
        Q(mentor__in=people) | Q(mentee__in=people), state=SuggestionState.OPEN
    )
    for pair in own.values_list("mentor_id", "mentee_id"):
        free.subtract(pair)
    return free


def _rounds_of_sites(
    stored: ProgrammeRound,
    pairs: Collection[tuple[int, int, Any]],
    left: Iterable[Person],
    people: Mapping[int, Person],
) -> dict[int, Round]:
    """One round for each site whose mentees it looked at: there its part is decided about."""
    matched: Counter[int] = Counter(people[mentee].site_id for _mentor, mentee, _why in pairs)
    concerned = {people[mentee].site_id: people[mentee] for _mentor, mentee, _why in pairs}
    concerned |= {person.site_id: person for person in left}
    found = {
        site: Round.objects.create(
            programme_id=stored.programme_id,
            carrier_id=person.carrier_id,
            site_id=site,
            programme_round=stored,
            state=RoundState.READY,
            matched=matched[site],
            missing=0,
            weights=stored.weights,
            created_at=stored.created_at,
        )
        for site, person in sorted(concerned.items())
    }
    for site, made in found.items():
        made.sites.set([site])
    return found


def fail_programme_round(*, round_id: int, by: Actor, at: datetime) -> None:
    """Say that a round could not be calculated. Needs an open transaction."""
    failed = ProgrammeRound.objects.filter(pk=round_id, state=RoundState.RUNNING)
    if failed.update(state=RoundState.FAILED):
        things = [ProgrammeRound.objects.get(pk=round_id)]
        record(by=by, at=at, action="matching.programme_round_fail", things=things)


def withdraw_without_consent(
    person: Person, purpose: ConsentPurpose, by: Actor, at: datetime
) -> None:
    """Who is not to be found by other carriers any more is not suggested to them either.

    Open suggestions with people of other networks are withdrawn. Follows a withdrawal of consent.
    """
    if str(purpose) != RESTS_ON:
        return
    open_ones = (
        Suggestion.objects.filter(Q(mentor=person) | Q(mentee=person), state=SuggestionState.OPEN)
        .select_related("mentor__site", "mentee__site")
        .order_by("pk")
    )
    lost = [one for one in open_ones if network_key(one.mentor) != network_key(one.mentee)]
    if not lost:
        return
    Suggestion.objects.filter(pk__in=[one.pk for one in lost]).update(
        state=SuggestionState.WITHDRAWN, decided_at=at
    )
    close_decided_rounds({one.round_id for one in lost})
    record(by=by, at=at, action="matching.withdraw", things=lost)
