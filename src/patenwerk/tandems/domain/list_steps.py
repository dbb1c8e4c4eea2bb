"""What the life cycle has against what a list says of a stored tandem's state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patenwerk.core.clock import noon_of
from patenwerk.core.policy import Actor
from patenwerk.imports.domain.kinds import Problem
from patenwerk.tandems.domain.lifecycle import LIFECYCLE
from patenwerk.tandems.domain.list_words import title_of
from patenwerk.tandems.kernel.columns import Field
from patenwerk.tandems.models import Tandem
from patenwerk.tandems.models.tandem import END_REASONS


def ended_already(ended_on: date | None, reason: str) -> str:
    """Why a list does not say anew when and why a tandem ended."""
    return _(
        "This tandem ended on %(day)s already (%(reason)s). It can begin again on its own page."
    ) % {
        "day": "" if ended_on is None else date_format(ended_on, "SHORT_DATE_FORMAT"),
        "reason": dict(END_REASONS).get(reason, reason),
    }


_SAID_IN = {"reason": Field.END_REASON, "ended_on": Field.ENDED_ON}
"""What a guard speaks against, and the column that says it."""


def against_step(
    tandem: Tandem, step: str, *, on: date, facts: Mapping[str, object]
) -> tuple[Problem, ...]:
    """What the life cycle has against a step on a day: the same guards as on the tandem's page."""
    refusals = LIFECYCLE.refusals(tandem, step, by=Actor(user_id=None), at=noon_of(on), facts=facts)
    return tuple(
        Problem(title_of(_SAID_IN.get(each.field or "", Field.STATE)), str(each.sentence))
        for each in refusals
    )
