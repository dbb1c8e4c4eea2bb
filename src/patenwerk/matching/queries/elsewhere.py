"""Who fits a mentee beyond the own network: people of other sites who have consented to be found.

What is looked for is compared with what stands on the limited cards, never with the people behind
them: no search tells more than the card it finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from patenwerk.core.policy import Actor, visible
from patenwerk.matching.kernel.codes import Part
from patenwerk.matching.kernel.rounds import RankedPartner
from patenwerk.matching.policy import DECIDE
from patenwerk.matching.queries.partners import REGION_DIGITS, Partners, offered_to
from patenwerk.matching.queries.pool import known
from patenwerk.matching.queries.programme_round import not_spoken_for, people_beyond
from patenwerk.matching.queries.round import waiting_people
from patenwerk.organisations.models import Site
from patenwerk.people.enums import ConsentPurpose, Side
from patenwerk.people.models import Person
from patenwerk.people.queries.consent import in_force


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; empty: anything. ``language`` is a language both speak, ``region`` the
    beginning of the postcode as far as cards show it, ``field`` the code of a field of support
    that is asked for and offered.
    """

    language: str = ""
    region: str = ""
    field: str = ""


def partners_elsewhere(actor: Actor, mentee: Person, on: date, search: Search) -> Partners | None:
    """Who fits a mentee at other sites, the best first; None while the mentee has no open place or
    has not consented.

    Everybody shown has consented, too. A mentor whose last place a round of the own site has
    suggested to somebody counts as taken, as in a round over all carriers.
    """
    if not asks_elsewhere(actor, mentee.site).filter(pk=mentee.pk).exists():
        return None
    others = people_beyond(mentee.programme, Side.MENTOR).exclude(site=mentee.site_id)
    profiles = not_spoken_for(mentee.programme, known(others))
    regions = {one.id: one.postcode[:REGION_DIGITS] for one in profiles}
    return offered_to(
        actor,
        mentee,
        on,
        others,
        profiles,
        fits=lambda one: _is_found(one, regions[one.id], search),
    )


def asks_elsewhere(actor: Actor, site: Site) -> QuerySet[Person]:
    """The site's mentees with an open place who may be found by other carriers and about whom the
    actor decides, longest waiting first.
    """
    return waiting_people(actor).filter(
        visible(actor, DECIDE, Person), in_force(ConsentPurpose.OTHER_CARRIERS), site=site
    )


def _is_found(partner: RankedPartner, region: str, search: Search) -> bool:
    """Whether a card says what is looked for."""
    said = {reason.code: reason.value for reason in partner.reasons}
    languages = {code for code, _level in said[Part.LANGUAGES]}  # type: ignore[union-attr,misc]
    return (
        (not search.language or search.language in languages)
        and (not search.field or search.field in said[Part.FIELDS])  # type: ignore[operator]
        and region.startswith(search.region)
    )
