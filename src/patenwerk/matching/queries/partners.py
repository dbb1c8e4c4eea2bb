"""For one person: who fits, with reasons, and why others do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patenwerk.core.policy import Actor, may_in
from patenwerk.core.sheets.words import fold
from patenwerk.matching.kernel.codes import Part
from patenwerk.matching.kernel.leftovers import LeftOver, explain_left_over
from patenwerk.matching.kernel.pool import other_side
from patenwerk.matching.kernel.rounds import RankedPartner, build_pool, ranking_in
from patenwerk.matching.kernel.sides import age_on
from patenwerk.matching.models import LeftOverPerson, Suggestion
from patenwerk.matching.policy import DECIDE, SEE_MATCHING
from patenwerk.matching.queries.pool import known, partners_within_reach
from patenwerk.matching.queries.settings import rules_at
from patenwerk.matching.queries.wording import (
    Obstacle,
    Said,
    WhyNot,
    Words,
    excluded_in_words,
    reason_in_words,
    why_not_in_words,
)
from patenwerk.organisations.models import SupportField
from patenwerk.people.enums import Side
from patenwerk.people.kernel.profile import Profile
from patenwerk.people.models import Person
from patenwerk.places.kernel.distance import Distance
from patenwerk.places.queries.place import locator
from patenwerk.tandems.queries.everybody import PAIR
from patenwerk.tandems.queries.places import groups_with_places

FREE_SHOWN = 10
BUSY_SHOWN = 3
REGION_DIGITS = 2


@dataclass(frozen=True, slots=True)
class PersonCard:
    """What may be shown of a person: all, or of another site's people the first name and the
    postcode region.
    """

    pk: int
    is_limited: bool
    name: str
    first_name: str
    initials: str
    age: int | None
    region: str
    free_times: int | None


def card_of(actor: Actor, person: Person, on: date) -> PersonCard:
    """A person as the actor may see them before both have said yes."""
    if may_in(actor, SEE_MATCHING, person):
        born = person.birth_date
        return PersonCard(
            pk=person.pk,
            is_limited=False,
            name=person.full_name,
            first_name=person.first_name,
            initials=person.initials,
            age=None if born is None else age_on(born, on),
            region=person.postcode,
            free_times=person.free_times,
        )
    return PersonCard(
        pk=person.pk,
        is_limited=True,
        name=person.first_name,
        first_name=person.first_name,
        initials=person.first_name[:1].upper(),
        age=None,
        region=person.postcode[:REGION_DIGITS],
        free_times=None,
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """One partner who fits, with the reasons in words and the weeks of both.

    ``joins`` says that the place is one in a group that runs already.
    """

    card: PersonCard
    reasons: list[Said]
    is_busy: bool
    joins: bool
    may_choose: bool
    suggestion: Suggestion | None
    mentee_times: int
    mentor_times: int


@dataclass(frozen=True, slots=True)
class Partners:
    """Everything the page about one person's partners shows.

    ``excluded``: how many are not proposed, by limit, as (number, words).
    """

    offers: list[Offer]
    free: int
    busy: int
    why_not: WhyNot | None
    excluded: list[tuple[int, str]]


NOBODY = Partners(offers=[], free=0, busy=0, why_not=None, excluded=[])


def spelling_of(*people: Person) -> dict[str, str]:
    """The people's own spelling of their interests and dislikes by the folded word."""
    return {fold(word): word for person in people for word in (*person.interests, *person.dislikes)}


def field_names(programme_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Fields of support by programme and code, in the reader's language: one query."""
    language = get_language() or "de"
    found: dict[int, dict[str, str]] = {pk: {} for pk in programme_ids}
    for word in SupportField.objects.filter(programme__in=found):
        found[word.programme_id][word.code] = word.name_in(language)
    return found


def common_times(mentee: int, mentor: int | None, reasons: Sequence[Mapping[str, object]]) -> int:
    """The mentor's week as far as it may be shown: of a limited card the common times only."""
    if mentor is not None:
        return mentor
    cells: list[int] = next((r["value"] for r in reasons if r["code"] == "free_time"), [])  # type: ignore[misc]
    return mentee & sum(1 << cell for cell in cells)


def partners_of(actor: Actor, person: Person, on: date) -> Partners:
    """Who fits a person within reach, the best first, those with a place before those without."""
    others = partners_within_reach([person.site], other_side(Side(person.side)))
    return offered_to(actor, person, on, others, known(others))


def _everybody(partner: RankedPartner) -> bool:  # noqa: ARG001 - a search that finds all
    return True


def offered_to(
    actor: Actor,
    person: Person,
    on: date,
    others: QuerySet[Person],
    profiles: list[Profile],
    *,
    fits: Callable[[RankedPartner], bool] = _everybody,
) -> Partners:
    """Who of ``others``, known as ``profiles``, fits a person, as far as ``fits`` says so, too."""
    side = Side(person.side)
    (own,) = known(Person.objects.filter(pk=person.pk))
    mentors, mentees = (profiles, [own]) if side is Side.MENTEE else ([own], profiles)
    rules, where = rules_at(person.site), locator()
    pool = build_pool(
        mentors, mentees, on=on, locate=where, weights=rules.weights, limits=rules.limits
    )
    found = [one for one in ranking_in(pool, side, 0).partners if fits(one)]
    free = [one for one in found if not one.busy]
    busy = [one for one in found if one.busy]
    shown = [*free[:FREE_SHOWN], *busy[:BUSY_SHOWN]]
    people = others.select_related("site").in_bulk([int(one.id) for one in shown])
    explained = explain_left_over(pool, side, 0)
    open_ones = {
        (one.mentor_id, one.mentee_id): one
        for one in Suggestion.objects.filter(**{side: person, "state": "open"})
    }
    names = field_names([person.programme_id])[person.programme_id]
    groups = groups_with_places([*people] if side is Side.MENTEE else [person.pk])
    offers = []
    for one in shown:
        other = people[int(one.id)]
        mentor, mentee = (other, person) if side is Side.MENTEE else (person, other)
        card = card_of(actor, other, on)
        words = Words(fields=names, spelling=spelling_of(other, person))
        spoken = where.distance(person.postcode, other.postcode)
        offers.append(
            Offer(
                card=card,
                reasons=_reasons(one, spoken, words),
                is_busy=one.busy,
                joins=mentor.pk in groups,
                may_choose=not one.busy and may_in(actor, DECIDE, mentee),
                suggestion=open_ones.get((mentor.pk, mentee.pk)),
                **_weeks(person, card, one),
            )
        )
    return Partners(
        offers=offers,
        free=len(free),
        busy=len(busy),
        why_not=None if free else why_not_in_words(obstacle_of(person, explained)),
        excluded=_excluded(explained, side),
    )


def asked_apart(*, joins: bool) -> str:
    """What the decision leads to; ``joins`` says that a place may be one in a group that runs,
    where only the new one is asked.
    """
    if joins:
        return _("Whoever is asked may say no without a reason.")
    return str(PAIR.are_asked_apart)


def obstacle_of(person: Person, left: LeftOver | LeftOverPerson) -> Obstacle:
    """Somebody left over, as wording needs it."""
    return Obstacle(
        side=Side(person.side),
        why=str(left.why),
        limits=[str(limit) for limit in left.limits],
        opens=left.opens,
        feasible=left.feasible,
        free_times=person.free_times,
        languages=person.languages,
    )


def _reasons(one: RankedPartner, spoken: Distance | None, words: Words) -> list[Said]:
    return [
        reason_in_words(
            reason.code, spoken if reason.code is Part.DISTANCE else reason.value, words
        )
        for reason in one.reasons
    ]


def _weeks(person: Person, card: PersonCard, one: RankedPartner) -> dict[str, int]:
    values = [{"code": str(reason.code), "value": reason.value} for reason in one.reasons]
    own, other = person.free_times, common_times(person.free_times, card.free_times, values)
    if person.side == Side.MENTEE:
        return {"mentee_times": own, "mentor_times": other}
    return {"mentee_times": other, "mentor_times": own}


def _excluded(left: LeftOver, side: Side) -> list[tuple[int, str]]:
    counted = [(count, excluded_in_words(limit, side)) for limit, count in left.excluded.items()]
    return sorted(counted, key=lambda pair: (-pair[0], pair[1]))
