"""The rules about record checks and consents in force at sites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from patenwerk.core.inherited import inherit
from patenwerk.core.policy import Level, Organisation
from patenwerk.people.kernel.defaults import DEFAULTS
from patenwerk.people.models import PeopleSettings


@dataclass(frozen=True, slots=True)
class PeopleRules:
    """Years a record check counts, months a certificate may be old, months it is kept after the
    activity, days before its end at which we remind.

    ``all_guardians_consent`` says that everybody with custody of a child consents, not only one;
    ``minors_need_consent`` that tandems with minors need a recorded consent.
    """

    record_check_years: int
    certificate_months: int
    months_kept: int
    warning_days: int
    all_guardians_consent: bool
    minors_need_consent: bool


def rules_at(organisation: Organisation) -> PeopleRules:
    """The rules in force at an organisation, or where a person belongs: one query."""
    return rules_by_scope([organisation.scope_ids])[0]


def rules_by_scope(scopes: Iterable[Mapping[Level, int]]) -> list[PeopleRules]:
    """The rules for each scope, in the order given: one query for any number of them."""
    wanted = [_key(scope) for scope in scopes]
    rows = PeopleSettings.objects.filter(programme_id__in={key[0] for key in wanted}).filter(
        Q(carrier__isnull=True) | Q(carrier_id__in={key[1] for key in wanted if key[1]})
    )
    said = {(row.programme_id, row.carrier_id or 0, row.site_id or 0): row for row in rows}
    known: dict[tuple[int, int, int], PeopleRules] = {}
    for programme, carrier, site in set(wanted):
        way = dict.fromkeys(
            [(programme, 0, 0), (programme, carrier, 0), (programme, carrier, site)]
        )
        found = inherit(DEFAULTS, [said[step] for step in way if step in said])
        known[programme, carrier, site] = PeopleRules(**found)
    return [known[key] for key in wanted]


def _key(scope: Mapping[Level, int]) -> tuple[int, int, int]:
    return scope[Level.PROGRAMME], scope.get(Level.CARRIER, 0), scope.get(Level.SITE, 0)
