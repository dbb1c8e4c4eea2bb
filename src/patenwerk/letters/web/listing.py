from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from patenwerk.core.web.lists import ListPage, SheetColumn
from patenwerk.letters.models import LetterRun
from patenwerk.letters.policy import MAKE_LETTERS
from patenwerk.letters.queries.run import runs
from patenwerk.letters.web.forms import RunFilter
from patenwerk.organisations.queries.organisation import sites


class RunList(ListPage):
    see = do = MAKE_LETTERS
    template = "letters/runs.html"
    filter_form = RunFilter
    sheet_name = "briefe"
    sheet_columns = (
        SheetColumn(_("Letter"), lambda row: row.get_kind_display()),
        SheetColumn(_("Site"), lambda row: row.site.name),
        SheetColumn(_("Begun on"), lambda row: row.asked_at.date()),
        SheetColumn(_("By"), lambda row: str(row.asked_by or "")),
        SheetColumn(_("State"), lambda row: row.get_state_display()),
        SheetColumn(_("Letters"), lambda row: row.made_count),
        SheetColumn(_("Left out"), lambda row: row.left_out_count),
    )

    def filter_options(self) -> dict[str, Any]:
        self.own_sites = sites(self.actor, MAKE_LETTERS)
        return {"own_sites": self.own_sites}

    def listed(self, said: dict[str, Any]) -> QuerySet[LetterRun]:
        rows = runs(self.actor)
        return rows.filter(site=said["site"]) if said.get("site") else rows

    def context(self, page: Any) -> dict[str, Any]:
        return {"shows_sites": self.own_sites.count() > 1}
