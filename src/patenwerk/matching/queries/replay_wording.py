"""Rhythms in words; asks no database, so that pages and the command line say the same."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def rhythm_in_words(every: int | None) -> str:
    """»every day«, »every 10 days«, »one run at the end«."""
    if every is None:
        return _("one run at the end")
    return ngettext("every day", "every %(days)s days", every) % {"days": every}
