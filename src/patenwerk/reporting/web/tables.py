from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from patenwerk.core.web.lists import SheetColumn, sheet_answer
from patenwerk.core.web.views import PolicedView
from patenwerk.reporting.policy import SEE_RULES, SEE_TABLES
from patenwerk.reporting.queries.start import thresholds
from patenwerk.reporting.queries.tables import (
    FIELD,
    FOCUS,
    KIND,
    LAND,
    SITE,
    Breakdown,
    Figures,
    figures_for,
    missing_in_words,
    sites_with_tables,
)
from patenwerk.reporting.web.forms import TablesFilter

MISSING_SHOWN = 12
TILES_FROM = 5
"""A map of fewer Länder is a bare place with some tiles in it."""
WORDS = {
    SITE: gettext_lazy("By site"),
    LAND: gettext_lazy("By Land"),
    FOCUS: gettext_lazy("By focus"),
    FIELD: gettext_lazy("By field of support"),
    KIND: gettext_lazy("By kind of tandem"),
}


class Tables(PolicedView):
    """Unhidden figures of one's own site or carrier. ``?format=xlsx`` gives them as a file."""

    see = do = SEE_TABLES
    template = "reporting/tables.html"
    sheet_columns = (
        SheetColumn(gettext_lazy("Table"), lambda row: row[0]),
        SheetColumn(gettext_lazy("Year"), lambda row: row[1]),
        SheetColumn(gettext_lazy("Group"), lambda row: row[2]),
        SheetColumn(gettext_lazy("new"), lambda row: row[3]),
        SheetColumn(gettext_lazy("continued"), lambda row: row[4]),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        sites = sites_with_tables(self.actor).order_by("name", "pk")
        form = TablesFilter(request.GET or None, sites=sites, this_year=self.today.year)
        said = form.cleaned_data if form.is_valid() else {}
        site = said.get("site")
        found = figures_for(
            self.actor,
            on=self.today,
            year=said.get("year") or self.today.year,
            language=get_language() or "de",
            site=site,
        )
        kind = request.GET.get("format", "")
        if kind in {"xlsx", "csv"}:
            name = f"figures-{found.year}"
            return sheet_answer(kind, name, self.sheet_columns, _rows(found))
        lands = next(each for each in found.breakdowns if each.by == LAND)
        tiles = [(group.code, group.name, group.total) for group in lands.groups]
        return self.page(
            {
                "form": form,
                "found": found,
                "site": site,
                "several_sites": len(form.fields["site"].queryset) > 1,  # type: ignore[attr-defined]
                "tables": [(WORDS[each.by], each) for each in found.breakdowns if _is_shown(each)],
                "tiles": tiles if len(tiles) >= TILES_FROM else [],
                "thresholds": thresholds([value for _code, _name, value in tiles]),
                "missing": missing_in_words(self.actor, found.missing[:MISSING_SHOWN]),
                "more_missing": max(0, len(found.missing) - MISSING_SHOWN),
                "downloads": self.downloads(),
                "may_see_rules": self.actor.has(SEE_RULES),
                "today": self.today,
            }
        )

    def downloads(self) -> list[tuple[str, str]]:
        """Kind and address of the same figures as a file."""
        said = self.request.GET.copy()
        found = []
        for kind in ("xlsx", "csv"):
            said["format"] = kind
            found.append((kind.upper(), f"?{said.urlencode()}"))
        return found


def _is_shown(table: Breakdown) -> bool:
    """A table of one row says what the year says already."""
    return len(table.groups) > 1 or table.by in {FOCUS, FIELD, KIND}


def _rows(found: Figures) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [
        (_("By year"), int(group.code), "", group.founded, group.continued) for group in found.years
    ]
    for table in found.breakdowns:
        rows += [
            (str(WORDS[table.by]), found.year, group.name, group.founded, group.continued)
            for group in table.groups
        ]
    return rows
