"""What can be done with matching, and which roles may.

The programme office may start a round over all carriers and read its figures, which hold no
person; it may nothing else here. A suggestion belongs to the mentee's site: its coordinators
decide. A round of a whole carrier is seen at every site it looks at; what a round over all
carriers suggests also at the mentor's site, as long as nobody has decided.
"""

from __future__ import annotations

from django.db.models import Q

from patenwerk.core.policy import DEFAULT_COLUMNS, Level, declare, widen
from patenwerk.matching.enums import SuggestionState
from patenwerk.matching.models import Round, Suggestion
from patenwerk.organisations.enums import Role

SEE_MATCHING = declare("matching.see", roles=[Role.COORDINATOR, Role.CARRIER_MANAGER])
START_ROUND = declare("matching.start", roles=[Role.COORDINATOR, Role.CARRIER_MANAGER])
DECIDE = declare("matching.decide", roles=[Role.COORDINATOR])
SETTINGS = declare("matching.settings", roles=[Role.CARRIER_MANAGER])
SEE_PROGRAMME_ROUNDS = declare("matching.see_programme_rounds", roles=[Role.PROGRAMME_OFFICE])
PROGRAMME_ROUND = declare("matching.programme_round", roles=[Role.PROGRAMME_OFFICE])


def _sites_of_the_round(level: Level, ids: frozenset[int]) -> Q:
    return Q(sites__in=ids) if level is Level.SITE else Q(pk__in=())


widen(SEE_MATCHING, Round, _sites_of_the_round)
widen(DECIDE, Round, _sites_of_the_round)


def _of_own_mentors(level: Level, ids: frozenset[int]) -> Q:
    """A pair of a round over all carriers concerns two sites: the mentor's knows of it, too."""
    return Q(
        **{f"mentor__{DEFAULT_COLUMNS[level]}__in": ids},
        state=SuggestionState.OPEN,
        round__programme_round__isnull=False,
    )


widen(SEE_MATCHING, Suggestion, _of_own_mentors)
