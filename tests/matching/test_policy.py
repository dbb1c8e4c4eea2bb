"""Who sees a round of a whole carrier: every site it looks at, and nobody else."""

from __future__ import annotations

import pytest

from patenwerk.core.policy import Actor, Grant, Level, visible
from patenwerk.matching.models import Round
from patenwerk.matching.policy import DECIDE, SEE_MATCHING
from tests.factories.matching import RoundFactory
from tests.factories.organisations import SiteFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("permission", [SEE_MATCHING, DECIDE])
def test_only_a_grant_for_a_site_reaches_the_rounds_that_look_at_it(permission: str) -> None:
    site = SiteFactory.create(pk=9001)  # no carrier and no programme has this number
    across = RoundFactory.create(carrier=site.carrier, site=None)
    across.sites.set([site])
    RoundFactory.create(carrier=site.carrier, site=None)

    def seen(level: Level) -> list[Round]:
        # The same number at every level: what it means is said by the level alone.
        actor = Actor(user_id=None, grants=frozenset({Grant(permission, level, site.pk)}))
        return list(Round.objects.filter(visible(actor, permission, Round)))

    assert seen(Level.SITE) == [across]
    assert seen(Level.CARRIER) == seen(Level.PROGRAMME) == []
