"""Setting the counting rule, and the smallest number that is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.organisations.models import Programme, TandemKind
from patenwerk.reporting.kernel.defaults import LOWEST_MINIMUM_CELL
from patenwerk.reporting.models import CountingRule, KindRule, ReportingSettings

MOST = 32_000
"""Beyond any rule; what the columns hold."""


class CannotSetRule(Refusal):
    """The rule or the setting stays as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindValues:
    """What a version asks of one kind: meetings per year, minutes, length and grace in days,
    whether it counts again in later years, and whether a group counts once for each mentee.
    """

    meetings: int = 1
    continued_meetings: int = 1
    minutes: int = 0
    days: int = 0
    grace_days: int = 0
    continues: bool = True
    each_mentee: bool = False


def set_counting_rule(
    *,
    programme: Programme,
    valid_from: date,
    kinds: Mapping[TandemKind, KindValues],
    by: Actor,
    at: datetime,
) -> CountingRule:
    """Add the next version of the rule; earlier ones stay as they are.

    It says something about every kind in use. Raises :class:`CannotSetRule` when a kind is
    missing or another programme's, a number makes no sense, or the day is not after the newest
    version's.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)
    newest = CountingRule.objects.filter(programme=programme).order_by("-number").first()
    reasons = [*_wrong_day(newest, valid_from), *_wrong_kinds(programme, kinds)]
    if reasons:
        raise CannotSetRule(reasons)
    rule = CountingRule.objects.create(
        programme=programme,
        number=1 if newest is None else newest.number + 1,
        valid_from=valid_from,
        created_at=at,
    )
    KindRule.objects.bulk_create(
        KindRule(programme=programme, rule=rule, kind=kind, **asdict(values))
        for kind, values in kinds.items()
    )
    details = {"number": rule.number, "valid_from": valid_from.isoformat()}
    record(by=by, at=at, action="reporting.set_rule", things=[rule], details=details)
    return rule


def set_minimum_cell(*, programme: Programme, minimum: int, by: Actor, at: datetime) -> None:
    """Say from which number on figures are published; holds from the next draft on.

    Raises :class:`CannotSetRule` below 3.
    """
    if not LOWEST_MINIMUM_CELL <= minimum <= MOST:
        sentence = _("Numbers below %(lowest)s are never published.") % {
            "lowest": LOWEST_MINIMUM_CELL
        }
        raise CannotSetRule(Reason("minimum_cell", sentence, "minimum_cell"))
    settings, _made = ReportingSettings.objects.update_or_create(
        programme=programme, defaults={"minimum_cell": minimum}
    )
    record(
        by=by,
        at=at,
        action="reporting.set_minimum_cell",
        things=[settings],
        details={"minimum": minimum},
    )


def _wrong_day(newest: CountingRule | None, valid_from: date) -> list[Reason]:
    if newest is None or valid_from > newest.valid_from:
        return []
    sentence = _(
        "Version %(number)s begins on %(day)s. The next one begins later; versions are never "
        "changed."
    ) % {"number": newest.number, "day": date_format(newest.valid_from)}
    return [Reason("valid_from", sentence, "valid_from")]


def _wrong_kinds(programme: Programme, kinds: Mapping[TandemKind, KindValues]) -> list[Reason]:
    reasons = []
    if any(kind.programme_id != programme.pk for kind in kinds):
        reasons.append(Reason("foreign_kind", _("This kind belongs to another programme.")))
    said = {kind.pk for kind in kinds}
    in_use = TandemKind.objects.filter(programme=programme, is_active=True)
    reasons += [
        Reason("kind_missing", _("Nothing is said about “%(kind)s”.") % {"kind": kind})
        for kind in in_use
        if kind.pk not in said
    ]
    for kind, values in kinds.items():
        numbers = (values.minutes, values.days, values.grace_days)
        meetings = (values.meetings, values.continued_meetings)
        if min(numbers) < 0 or min(meetings) < 1 or max(*numbers, *meetings) > MOST:
            sentence = _("“%(kind)s” needs at least one meeting, and no number below zero.") % {
                "kind": kind
            }
            reasons.append(Reason("numbers", sentence))
    return reasons
