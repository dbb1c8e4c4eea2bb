from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from patenwerk.core.policy import visible
from patenwerk.core.web.lists import ListPage, SheetColumn
from patenwerk.organisations.models import Site
from patenwerk.tandems.enums import OPEN_STATES, State
from patenwerk.tandems.models import Tandem
from patenwerk.tandems.policy import MOVE_TANDEM, SEE_TANDEM
from patenwerk.tandems.queries.tandem import (
    found_by_name,
    pair_of,
    silent,
    tandems,
    with_people,
)
from patenwerk.tandems.web.forms import TandemFilter


class TandemList(ListPage):
    see = do = SEE_TANDEM
    list_name = "tandems:list"
    template = "tandems/list.html"
    filter_form = TandemFilter
    sheet_name = "tandems"
    sheet_columns = (
        SheetColumn(_("Tandem"), lambda row: row.pk),
        SheetColumn(_("Who is accompanied"), lambda row: row.pair.mentee_names),
        SheetColumn(_("Who accompanies"), lambda row: row.pair.mentor_names),
        SheetColumn(_("State"), lambda row: row.get_state_display()),
        SheetColumn(_("Site"), lambda row: row.site.name),
        SheetColumn(_("First meeting"), lambda row: row.founded_on),
        SheetColumn(_("Last meeting"), lambda row: row.last_meeting_on),
        SheetColumn(_("Meetings"), lambda row: row.meeting_count),
        SheetColumn(_("Ended on"), lambda row: row.ended_on),
        SheetColumn(_("Reason for the end"), lambda row: row.get_end_reason_display()),
    )

    def filter_options(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def listed(self, said: dict[str, Any]) -> QuerySet[Tandem]:
        rows = tandems(self.actor)
        state = said.get("state", "")
        if state == "silent":
            rows = rows.filter(silent(self.today))
        elif state in set(State):
            rows = rows.filter(state=state)
        elif state != "all":
            rows = rows.filter(state__in=OPEN_STATES)
        if said.get("site"):
            rows = rows.filter(site=said["site"])
        if said.get("q"):
            rows = found_by_name(rows, self.actor, said["q"])
        return with_people(rows)

    def exported(self, rows: QuerySet[Tandem]) -> list[Any]:
        return self.paired(rows)

    def paired(self, rows: Iterable[Any]) -> list[Any]:
        """The rows, each with the two people as the actor sees them."""
        found = list(rows)
        for row in found:
            row.pair = pair_of(row, self.actor)
        return found

    def context(self, page: Any) -> dict[str, Any]:
        page.object_list = self.paired(page.object_list)
        own = Site.objects.filter(visible(self.actor, MOVE_TANDEM, Site))
        return {"own_sites": own}
