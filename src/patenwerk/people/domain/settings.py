"""Saying what holds for record checks and consents in an organisation."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor, Level
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.organisations.models import Carrier, Programme, Site
from patenwerk.people.kernel.defaults import MONTHS_KEPT_AT_MOST
from patenwerk.people.models import PeopleSettings

_RANGES = {
    "record_check_years": range(1, 6),  # longer than five years is no practice anywhere
    "certificate_months": range(1, 13),
    "months_kept": range(MONTHS_KEPT_AT_MOST + 1),  # the law's limit; none is allowed
    "warning_days": range(366),
}


class CannotSet(Refusal):
    """A setting lies outside of what the law or reason allows."""


@transaction.atomic
def set_people_settings(
    *,
    organisation: Programme | Carrier | Site,
    record_check_years: int | None,
    certificate_months: int | None,
    months_kept: int | None,
    warning_days: int | None,
    all_guardians_consent: bool | None,
    minors_need_consent: bool | None,
    by: Actor,
    at: datetime,
) -> PeopleSettings:
    """Say an organisation's own rules; None leaves one to the wider organisation.

    Raises :class:`CannotSet` with a reason for each value out of range.
    """
    numbers = {
        "record_check_years": record_check_years,
        "certificate_months": certificate_months,
        "months_kept": months_kept,
        "warning_days": warning_days,
    }
    refusals = [
        Reason(
            "range",
            _("Possible are values from %(lowest)s to %(highest)s.")
            % {"lowest": _RANGES[name][0], "highest": _RANGES[name][-1]},
            name,
        )
        for name, value in numbers.items()
        if value is not None and value not in _RANGES[name]
    ]
    if refusals:
        raise CannotSet(refusals)
    scope = organisation.scope_ids
    settings, _made = PeopleSettings.objects.update_or_create(
        programme_id=scope[Level.PROGRAMME],
        carrier_id=scope.get(Level.CARRIER),
        site_id=scope.get(Level.SITE),
        defaults={
            **numbers,
            "all_guardians_consent": all_guardians_consent,
            "minors_need_consent": minors_need_consent,
        },
    )
    record(by=by, at=at, action="people.set_settings", things=[settings])
    return settings
