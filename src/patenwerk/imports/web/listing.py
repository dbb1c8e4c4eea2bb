from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from patenwerk.core.web.lists import ListPage, SheetColumn
from patenwerk.imports.domain.kinds import kind_named
from patenwerk.imports.models import Upload
from patenwerk.imports.policy import IMPORT
from patenwerk.imports.queries.upload import uploads
from patenwerk.imports.web.forms import UploadFilter
from patenwerk.organisations.queries.organisation import sites


def title_of(upload: Upload) -> str:
    """What the list holds, in the programme's words."""
    return kind_named(upload.kind).title(upload.programme)


class UploadList(ListPage):
    see = do = IMPORT
    template = "imports/uploads.html"
    filter_form = UploadFilter
    sheet_name = "listen"
    sheet_columns = (
        SheetColumn(_("File"), lambda row: row.file_name),
        SheetColumn(_("List"), title_of),
        SheetColumn(_("Site"), lambda row: row.site.name),
        SheetColumn(_("Read on"), lambda row: row.uploaded_at.date()),
        SheetColumn(_("State"), lambda row: row.get_state_display()),
        SheetColumn(_("New"), lambda row: row.taken_new),
        SheetColumn(_("Changed"), lambda row: row.taken_changed),
        SheetColumn(_("Unchanged"), lambda row: row.rows_unchanged),
        SheetColumn(_("Not taken"), lambda row: row.rows_bad),
    )

    def filter_options(self) -> dict[str, Any]:
        return {"own_sites": self.own_sites}

    @property
    def own_sites(self) -> QuerySet[Any]:
        return sites(self.actor, IMPORT).filter(archived_at__isnull=True).order_by("name", "pk")

    def listed(self, said: dict[str, Any]) -> QuerySet[Upload]:
        rows = uploads(self.actor)
        return rows.filter(site=said["site"]) if said.get("site") else rows

    def context(self, page: Any) -> dict[str, Any]:
        for row in page:
            row.title = title_of(row)
        return {"own_sites": list(self.own_sites)}
