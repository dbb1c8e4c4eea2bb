"""Moves to other sites: what sender and receiver see, and where somebody came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, QuerySet

from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor, may_in, visible
from patenwerk.organisations.models import Site
from patenwerk.people.enums import ConsentPurpose, MoveState
from patenwerk.people.models import ArrivingMove, Consent, Move, Person
from patenwerk.people.policy import MOVE, SEE_PERSON
from patenwerk.people.queries.consent import held_by
from patenwerk.people.queries.search import side_in_words

REGION_DIGITS = 2
NEWS_DAYS = 14
"""So long »my day« tells what the other site has answered."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What the receiving site is shown of somebody who is to come: no more than this."""

    pk: int
    first_name: str
    region: str
    side: str
    role: str
    why: str
    site: str
    carrier: str
    since: date


def newcomer_of(move: Move) -> Newcomer:
    """The limited card of a move. Needs ``person__programme`` and ``site__carrier``."""
    person = move.person
    return Newcomer(
        pk=move.pk,
        first_name=person.first_name,
        region=person.postcode[:REGION_DIGITS],
        side=person.side,
        role=side_in_words(person),
        why=move.why,
        site=move.site.name,
        carrier=move.site.carrier.name,
        since=day_of(move.proposed_at),
    )


def newcomers(actor: Actor) -> list[Newcomer]:
    """Who asks to be taken in at the actor's sites, whoever waits longest first: one query."""
    rows = ArrivingMove.objects.filter(
        visible(actor, MOVE, ArrivingMove), state=MoveState.PROPOSED
    ).select_related("person__programme", "site__carrier")
    return [newcomer_of(move) for move in rows.order_by("proposed_at", "pk")]


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody who came, from where and when; ``person_id`` while the actor sees the person."""

    name: str
    person_id: int | None
    site: str
    on: date


def arrived(actor: Actor) -> list[Arrived]:
    """Who has come to the actor's sites, the latest first: one query."""
    rows = ArrivingMove.objects.filter(
        visible(actor, MOVE, ArrivingMove), state=MoveState.ACCEPTED
    ).select_related("person", "site")
    return [
        Arrived(
            name=move.person.full_name,
            person_id=move.person_id if may_in(actor, SEE_PERSON, move.person) else None,
            site=move.site.name,
            on=day_of(_decided(move)),
        )
        for move in rows.order_by("-decided_at", "-pk")
    ]


def leaving(actor: Actor) -> QuerySet[Move]:
    """The moves proposed at the actor's sites, what waits first, then the latest."""
    rows = Move.objects.filter(visible(actor, MOVE, Move)).select_related(
        "person", "site", "to_site__carrier"
    )
    return rows.order_by(F("decided_at").desc(nulls_first=True), "-pk")


def answered_lately(actor: Actor, on: date) -> list[Move]:
    """What other sites have answered in the last two weeks, the latest first."""
    since = on - timedelta(days=NEWS_DAYS)
    rows = leaving(actor).filter(state__in=(MoveState.ACCEPTED, MoveState.DECLINED))
    return list(rows.filter(decided_at__date__gte=since).order_by("-decided_at", "-pk"))


@dataclass(frozen=True, slots=True)
class MoveStanding:
    """How a person stands to other sites: the move that brought them here, as far as the actor may
    know of it; what was proposed last at the present site; the consent to move that is in force,
    and whether a further move may rest on it.
    """

    came_from: Move | None
    last: Move | None
    consent: Consent | None
    is_usable: bool


def move_standing(actor: Actor, person: Person, consents: Iterable[Consent]) -> MoveStanding:
    """How a person stands to other sites, whose ``consents`` are known already: one query."""
    moves = _moves_of(person)
    consent = _held(consents)
    return MoveStanding(
        came_from=max(
            (
                move
                for move in moves
                if move.state == MoveState.ACCEPTED
                and move.to_site_id == person.site_id
                and may_in(actor, SEE_PERSON, move)
            ),
            key=lambda move: (_decided(move), move.pk),
            default=None,
        ),
        last=next((move for move in moves if move.site_id == person.site_id), None),
        consent=consent,
        is_usable=consent is not None and not _is_spent(consent, moves, None),
    )


def usable_consent(person: Person, to_site: Site | None = None) -> Consent | None:
    """The consent in force that a move may rest on: it holds for one move to one site.

    Without a site asked for, only what was used up by having moved is left out. Two queries.
    """
    consent = held_by(person, ConsentPurpose.MOVE_SITE).first()
    if consent is None or _is_spent(consent, _moves_of(person), to_site):
        return None
    return consent


def _moves_of(person: Person) -> list[ArrivingMove]:
    """Every move of a person, as the site it went to sees it, what was proposed last first."""
    rows = ArrivingMove.objects.filter(person=person).select_related(
        "site__carrier", "to_site__carrier"
    )
    return list(rows.order_by("-proposed_at", "-pk"))


def _held(consents: Iterable[Consent]) -> Consent | None:
    """The consent to move that is in force, of all consents of a person."""
    return next(
        (
            one
            for one in consents
            if one.purpose == ConsentPurpose.MOVE_SITE and one.withdrawn_on is None
        ),
        None,
    )


def _is_spent(consent: Consent, moves: Iterable[Move], to_site: Site | None) -> bool:
    """Whether a consent has brought the person somewhere, or another site has said no to it."""
    return any(
        move.consent_id == consent.pk
        and (
            move.state == MoveState.ACCEPTED
            or (
                to_site is not None
                and move.state == MoveState.DECLINED
                and move.to_site_id != to_site.pk
            )
        )
        for move in moves
    )


def destinations(person: Person) -> Mapping[str, Iterable[Site]]:
    """The sites of the programme a person could move to, by the name of their carrier."""
    found: dict[str, list[Site]] = {}
    rows = Site.objects.filter(
        programme_id=person.programme_id,
        archived_at__isnull=True,
        carrier__archived_at__isnull=True,
    ).exclude(pk=person.site_id)
    for site in rows.select_related("carrier").order_by("carrier__name", "name", "pk"):
        found.setdefault(site.carrier.name, []).append(site)
    return found


def _decided(move: Move) -> datetime:
    assert move.decided_at is not None  # noqa: S101 - held by a constraint
    return move.decided_at
