"""Why letters are not made."""

from __future__ import annotations

from django.utils.translation import gettext as _

from patenwerk.core.refusal import Reason, Refusal


class CannotMake(Refusal):
    """The letters are not made."""


def gone() -> Reason:
    """There is nothing to make any more."""
    return Reason("gone", _("These letters were made already, or their time is over."))


def not_allowed() -> Reason:
    """Whoever asked may not do it now."""
    return Reason("not_allowed", _("Your role does not allow this any more."))
