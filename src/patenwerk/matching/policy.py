"""What can be done with matching, and which roles may. The programme office may nothing here.

A suggestion belongs to the mentee's site: its coordinators decide. A round of a whole carrier is
seen at every site it looks at.
"""

from __future__ import annotations

from django.db.models import Q

from patenwerk.core.policy import Level, declare, widen
from patenwerk.matching.models import Round
from patenwerk.organisations.enums import Role

SEE_MATCHING = declare("matching.see", roles=[Role.COORDINATOR, Role.CARRIER_MANAGER])
START_ROUND = declare("matching.start", roles=[Role.COORDINATOR, Role.CARRIER_MANAGER])
DECIDE = declare("matching.decide", roles=[Role.COORDINATOR])
SETTINGS = declare("matching.settings", roles=[Role.CARRIER_MANAGER])


def _sites_of_the_round(level: Level, ids: frozenset[int]) -> Q:
    return Q(sites__in=ids) if level is Level.SITE else Q(pk__in=())


widen(SEE_MATCHING, Round, _sites_of_the_round)
widen(DECIDE, Round, _sites_of_the_round)
