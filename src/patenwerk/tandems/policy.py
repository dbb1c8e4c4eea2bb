"""What can be done with tandems, and which roles may. The programme office may nothing here.

A tandem belongs to its lead site. Where its people come from two sites, the other site sees it
too, once both have said yes; before that each side is asked without the other's name.
"""

from __future__ import annotations

from django.db.models import Q

from patenwerk.core.policy import DEFAULT_COLUMNS, Level, declare, widen
from patenwerk.organisations.enums import Role
from patenwerk.tandems.enums import OPEN_STATES, Acceptance, State
from patenwerk.tandems.models import Participant, Tandem

SEE_TANDEM = declare("tandems.see", roles=[Role.COORDINATOR, Role.CARRIER_MANAGER])
MOVE_TANDEM = declare("tandems.move", roles=[Role.COORDINATOR])
LOG_MEETING = declare("tandems.log_meeting", roles=[Role.COORDINATOR])


def _settled() -> Q:
    """The tandems whose first people have all said yes, whoever is asked into them later."""
    unsettled = Participant.objects.exclude(acceptance=Acceptance.ACCEPTED)
    return (
        Q(state__in=OPEN_STATES - {State.PROPOSED})
        | Q(founded_on__isnull=False)
        | ~Q(pk__in=unsettled.values("tandem_id"))
    )


def _agreed_with_own_people(level: Level, ids: frozenset[int]) -> Q:
    own = Participant.objects.filter(
        **{f"{DEFAULT_COLUMNS[level]}__in": ids}, acceptance=Acceptance.ACCEPTED
    )
    return Q(pk__in=own.values("tandem_id")) & _settled()


widen(SEE_TANDEM, Tandem, _agreed_with_own_people)
