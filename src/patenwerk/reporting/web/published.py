from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _

from patenwerk.core.web.lists import SheetColumn, sheet_answer
from patenwerk.core.web.views import PublicView
from patenwerk.reporting.models import Release
from patenwerk.reporting.queries.published import file_json, file_rows, shown
from patenwerk.reporting.queries.release import published_releases

COLUMNS = (
    SheetColumn(_("Table"), lambda row: row[0]),
    SheetColumn(_("Year"), lambda row: row[1]),
    SheetColumn(_("Code"), lambda row: row[2]),
    SheetColumn(_("Name"), lambda row: row[3]),
    SheetColumn(_("New tandems"), lambda row: row[4]),
    SheetColumn(_("Hidden"), lambda row: row[5]),
    SheetColumn(_("Source"), lambda row: row[6]),
)

KINDS = ("json", "csv", "xlsx")


def _published(pk: int) -> Release:
    release = published_releases().filter(pk=pk).first()
    if release is None:
        raise Http404
    return release


class ReleasePage(PublicView):
    """A published release for everybody; drafts do not exist here."""

    template = "reporting/release.html"
    kinds = KINDS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        release = _published(pk)
        return self.page(
            {
                "found": shown(release),
                "release": release,
                "programme": release.programme,
                "others": published_releases()
                .filter(programme=release.programme)
                .exclude(pk=release.pk)
                .defer("published", "names"),
            }
        )


class ReleaseFile(PublicView):
    """The same as a file: JSON as published, CSV or XLSX in rows."""

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        release = _published(pk)
        found, publication = shown(release), release.publication
        if found is None or publication is None or kind not in KINDS:
            raise Http404
        name = f"{release.programme.slug}-{release.as_of.isoformat()}"
        if kind == "json":
            return JsonResponse(
                file_json(release, publication),
                json_dumps_params={"ensure_ascii": False, "indent": 1},
                headers={"Content-Disposition": f'attachment; filename="{name}.json"'},
            )
        return sheet_answer(kind, name, COLUMNS, list(file_rows(found)))
