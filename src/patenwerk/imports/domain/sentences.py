"""Why a row cannot be told from others: the same words for every kind of list."""

from __future__ import annotations

from django.utils.translation import gettext as _


def several_entries() -> str:
    """Several stored entries fit the row."""
    return _("Several people at your site have this name and date of birth. Please add the number.")


def same_entry(row: int) -> str:
    """Another row of the file is about the same entry; ``row`` is its number."""
    return _(
        "Row %(row)s is about the same person. Please keep one row, or give each a number."
    ) % {"row": row}


def already_archived() -> str:
    """The stored entry is archived."""
    return _("This person is archived. Please bring the person back first.")
