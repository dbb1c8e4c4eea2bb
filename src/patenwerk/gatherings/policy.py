"""What can be done with gatherings, and which roles may.

A gathering belongs to its organisers: the network office, or one carrier. From its announcement
on others see it, too: everybody or the circle in its programme, or the carriers it invites. What
hangs on a gathering is seen with it; what participants need is the organisers' alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model, Q

from patenwerk.core.policy import Level, declare, widen
from patenwerk.gatherings.enums import KNOWN, SHARED, Audience, ItemState
from patenwerk.gatherings.models import (
    AgendaChange,
    AgendaItem,
    CarrierShare,
    Commitment,
    Contribution,
    Correction,
    Decision,
    Expert,
    Gathering,
    Material,
    Minutes,
    Objection,
    Progress,
    Registration,
    Section,
    Series,
)
from patenwerk.organisations.enums import Role
from patenwerk.organisations.models import Carrier, Programme, Site

NETWORK, OFFICE = Role.NETWORK_OFFICE, Role.PROGRAMME_OFFICE
MANAGER, COORDINATOR = Role.CARRIER_MANAGER, Role.COORDINATOR

#: Knowing of gatherings, with agenda and materials; coming oneself.
SEE_GATHERING = declare("gatherings.see", roles=[NETWORK, OFFICE, MANAGER, COORDINATOR])
#: Everything about one's own gatherings: participants, needs, agenda, minutes, steps.
ORGANISE = declare("gatherings.organise", roles=[NETWORK, MANAGER])
#: Seeing and changing who comes from one's own carrier.
SEND_PEOPLE = declare("gatherings.send_people", roles=[MANAGER])
#: Speaking for a carrier: proposing items, objecting to minutes.
SPEAK = declare("gatherings.speak", roles=[MANAGER])
#: Telling what became of promises: the carrier's that promised, and the organisers'.
TELL = declare("gatherings.tell", roles=[NETWORK, MANAGER])
#: Minutes once they are sent, and the register of decisions and promises.
SEE_MINUTES = declare("gatherings.see_minutes", roles=[NETWORK, MANAGER, COORDINATOR])
#: The directory of experts: read and asked by all carriers, kept by the network office.
SEE_EXPERT = declare("gatherings.see_expert", roles=[NETWORK, MANAGER])
RECOMMEND_EXPERT = declare("gatherings.recommend_expert", roles=[MANAGER])
EDIT_EXPERT = declare("gatherings.edit_expert", roles=[NETWORK])
#: The kinds and the year at a glance: the network office's own.
EDIT_KIND = declare("gatherings.edit_kind", roles=[NETWORK])
SEE_YEAR = declare("gatherings.see_year", roles=[NETWORK])
#: Whom to write to at a carrier.
SEE_CONTACT = declare("gatherings.see_contact", roles=[NETWORK, MANAGER])
EDIT_CONTACT = declare("gatherings.edit_contact", roles=[NETWORK, MANAGER])


def known_gatherings(level: Level, ids: frozenset[int]) -> Q:
    """Gatherings of other organisers that the organisations of this level know of."""
    if level is Level.PROGRAMME:
        programmes, invited = Programme.objects.filter(pk__in=ids), Carrier.objects.none()
    elif level is Level.CARRIER:
        invited = Carrier.objects.filter(pk__in=ids)
        programmes = Programme.objects.filter(pk__in=invited.values("programme_id"))
    else:
        invited = Carrier.objects.filter(
            pk__in=Site.objects.filter(pk__in=ids).values("carrier_id")
        )
        programmes = Programme.objects.filter(pk__in=invited.values("programme_id"))
    shares = CarrierShare.objects.filter(is_invited=True, of_carrier__in=invited.values("pk"))
    return Q(state__in=KNOWN, programme__in=programmes.values("pk")) & (
        Q(audience__in=[Audience.PUBLIC, Audience.CIRCLE])
        | Q(carrier__in=invited.values("pk"))
        | Q(pk__in=shares.values("gathering_id"))
    )


@dataclass(frozen=True, slots=True)
class _WithGathering:
    """Rows are known with the gathering at the end of ``path``, narrowed by ``only``."""

    path: str
    only: Q | None = None

    def __call__(self, level: Level, ids: frozenset[int]) -> Q:
        known = Gathering.objects.filter(known_gatherings(level, ids)).values("pk")
        reached = Q(**{f"{self.path}__in": known})
        return reached if self.only is None else reached & self.only


def _share_of_carrier(level: Level, ids: frozenset[int]) -> Q:
    return Q(of_carrier__in=ids) if level is Level.CARRIER else Q(pk__in=())


def _at_own_gathering(level: Level, ids: frozenset[int]) -> Q:
    column = {Level.PROGRAMME: "office__in", Level.CARRIER: "carrier_id__in"}.get(level)
    if column is None:
        return Q(pk__in=())
    own = Gathering.objects.filter(**{column: ids})
    return Q(gathering__in=own.values("pk"))


def _promised_by_carrier(level: Level, ids: frozenset[int]) -> Q:
    if level is not Level.CARRIER:
        return Q(pk__in=())
    return Q(of_carrier__in=ids) | Q(
        pk__in=Commitment.partners.through.objects.filter(carrier_id__in=ids).values(
            "commitment_id"
        )
    )


def _proposed_by_carrier(level: Level, ids: frozenset[int]) -> Q:
    """What others proposed is theirs and the organisers' until it stands on the agenda."""
    return Q(proposed_by__in=ids) if level is Level.CARRIER else Q(pk__in=())


def _of_own_programme(level: Level, ids: frozenset[int]) -> Q:
    """The directory is the whole programme's: its carriers ask the same experts."""
    if level is not Level.CARRIER:
        return Q(pk__in=())
    return Q(programme__in=Carrier.objects.filter(pk__in=ids).values("programme_id"))


def _at_own_workshop(level: Level, ids: frozenset[int]) -> Q:
    return Q(gathering__carrier__in=ids) if level is Level.CARRIER else Q(pk__in=())


_SHARED = {"state__in": SHARED}
_AT_SHARED = Q(gathering__minutes__state__in=SHARED)
_OF_SHARED = Q(minutes__state__in=SHARED)

_widened: list[tuple[str, type[Model], Callable[[Level, frozenset[int]], Q]]] = [
    (SEE_GATHERING, Gathering, known_gatherings),
    (SEE_GATHERING, AgendaItem, _WithGathering("gathering", Q(state=ItemState.ACCEPTED))),
    (SEE_GATHERING, AgendaItem, _proposed_by_carrier),
    (SPEAK, AgendaItem, _proposed_by_carrier),
    (SEE_GATHERING, AgendaChange, _WithGathering("gathering")),
    (SEE_GATHERING, Material, _WithGathering("gathering")),
    (SEE_GATHERING, Series, _WithGathering("gatherings")),
    (SPEAK, Gathering, known_gatherings),
    (SEND_PEOPLE, Gathering, known_gatherings),
    (SEND_PEOPLE, CarrierShare, _share_of_carrier),
    (ORGANISE, Registration, _at_own_gathering),
    (SEE_MINUTES, Gathering, known_gatherings),
    (SEE_MINUTES, Minutes, _WithGathering("gathering", Q(**_SHARED))),
    (SEE_MINUTES, Section, _WithGathering("minutes__gathering", _OF_SHARED)),
    (SEE_MINUTES, Objection, _WithGathering("minutes__gathering", _OF_SHARED)),
    (SEE_MINUTES, Correction, _WithGathering("minutes__gathering", _OF_SHARED)),
    (SPEAK, Minutes, _WithGathering("gathering", Q(**_SHARED))),
    (SEE_MINUTES, Decision, _WithGathering("gathering", _AT_SHARED)),
    (SEE_MINUTES, Commitment, _WithGathering("gathering", _AT_SHARED)),
    (SEE_MINUTES, Commitment, _promised_by_carrier),
    (TELL, Commitment, _promised_by_carrier),
    (SEE_EXPERT, Expert, _of_own_programme),
    (SEE_EXPERT, Contribution, _of_own_programme),
    (ORGANISE, Contribution, _at_own_workshop),
    (SEE_MINUTES, Progress, _WithGathering("commitment__gathering")),
]
for _permission, _model, _reached in _widened:
    widen(_permission, _model, _reached)
