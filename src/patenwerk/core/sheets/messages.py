"""The sentences for refusals and findings, shared by pages and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patenwerk.core.sheets.model import Notice, Noticed, Refused, SheetRefused

_Values = Mapping[str, str | int]


def refusal_sentence(refusal: SheetRefused) -> str:
    """One clear sentence: why the file is not read and what helps."""
    if refusal.code is Refused.TOO_LARGE:
        return _too_large(int(refusal.values["limit"]))
    return _REFUSALS[refusal.code]() % refusal.values


def notice_sentence(notice: Notice) -> str:
    """One sentence on what was found in the file and how it was read."""
    return _NOTICES[notice.code](notice.values) % notice.values


def _too_large(limit: int) -> str:
    if limit < 1_000_000:
        return _("A cell holds more than %(limit)s characters.") % {"limit": limit}
    return _("The file is larger than %(limit)s MB.") % {"limit": limit // (1024 * 1024)}


_REFUSALS: Mapping[Refused, Callable[[], str]] = {
    Refused.NO_SPREADSHEET: lambda: _(
        "This file is no spreadsheet. Please choose a CSV, XLSX or ODS file."
    ),
    Refused.OLD_FORMAT: lambda: _(
        "This is an older or binary spreadsheet format. Please save the file as XLSX and try again."
    ),
    Refused.ENCRYPTED: lambda: _(
        "The file is protected by a password. Please save it without the password and try again."
    ),
    Refused.DAMAGED: lambda: _(
        "The file is damaged. Please open it in your spreadsheet program, save it again and retry."
    ),
    Refused.BOMB: lambda: _(
        "The file unpacks to far more than a list needs, so it was not opened."
    ),
    Refused.TOO_MANY_ROWS: lambda: _(
        "The sheet is larger than can be read at once (limit: %(limit)s). Please split it."
    ),
    Refused.TOO_MANY_COLUMNS: lambda: _("The sheet has more than %(limit)s columns."),
    Refused.EMPTY: lambda: _("The file holds no rows."),
    Refused.NO_HEADER: lambda: _(
        "No header row was found. Please name every column in one row above the data."
    ),
    Refused.NO_SUCH_SHEET: lambda: _("There is no sheet “%(sheet)s”. The file has: %(sheets)s."),
    Refused.QUOTATION_MARKS: lambda: _(
        "The quotation marks around line %(row)s do not close. Please save the file as XLSX."
    ),
}


def _plain(sentence: Callable[[], str]) -> Callable[[_Values], str]:
    return lambda _values: sentence()


_NOTICES: Mapping[Noticed, Callable[[_Values], str]] = {
    Noticed.HIDDEN_SHEETS: _plain(lambda: _("Hidden sheets were not read: %(sheets)s.")),
    Noticed.OTHER_SHEETS: _plain(lambda: _("Further sheets were not read: %(sheets)s.")),
    Noticed.MACROS: _plain(lambda: _("The file contains macros. They were not run.")),
    Noticed.MERGED_CELLS: _plain(
        lambda: _("Merged cells count for their first row and column only (%(where)s).")
    ),
    Noticed.LINES_ABOVE_HEADER: _plain(
        lambda: _("The header was found in row %(row)s; what stands above was left out.")
    ),
    Noticed.SECOND_HEADER: _plain(
        lambda: _("Row %(row)s is a second header row and was left out.")
    ),
    Noticed.REPEATED_COLUMN: _plain(lambda: _("There are %(count)s columns called “%(column)s”.")),
    Noticed.COLUMN_WITHOUT_NAME: _plain(lambda: _("Column %(column)s has no name.")),
    Noticed.HIDDEN_ROWS: lambda values: ngettext(
        "%(count)s hidden row was read as well.",
        "%(count)s hidden rows were read as well.",
        int(values["count"]),
    ),
    Noticed.HIDDEN_COLUMNS: lambda values: ngettext(
        "%(count)s hidden column was read as well.",
        "%(count)s hidden columns were read as well.",
        int(values["count"]),
    ),
    Noticed.FORMULAS: lambda values: ngettext(
        "%(count)s cell holds a formula; its stored value was read.",
        "%(count)s cells hold formulas; their stored values were read.",
        int(values["count"]),
    ),
    Noticed.FORMULAS_WITHOUT_VALUE: lambda values: ngettext(
        "%(count)s formula has no stored value.",
        "%(count)s formulas have no stored value.",
        int(values["count"]),
    ),
    Noticed.ERROR_CELLS: lambda values: ngettext(
        "%(count)s cell shows an error.",
        "%(count)s cells show an error.",
        int(values["count"]),
    ),
    Noticed.MIXED_DATES: _plain(
        lambda: _("The dates in “%(column)s” are written in different ways.")
    ),
    Noticed.AMBIGUOUS_DATES: _plain(
        lambda: _(
            "In “%(column)s” row %(row)s says “%(value)s”: please say which comes first, day or "
            "month."
        )
    ),
    Noticed.OLD_ENCODING: _plain(
        lambda: _("The text was read as Windows text. Please check umlauts in the preview.")
    ),
}
