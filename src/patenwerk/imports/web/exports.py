"""Everything out again: a site's lists in three forms, a carrier's sites in one archive."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from typing import IO, Any

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase

from patenwerk.core.web.files import XLSX
from patenwerk.core.web.views import ObjectView
from patenwerk.imports.domain.export import export_carrier, export_site
from patenwerk.imports.policy import EXPORT
from patenwerk.organisations.models import Carrier, Site

FORMS = {
    "xlsx": ("xlsx", XLSX),
    "csv": ("zip", "application/zip"),
    "json": ("json", "application/json"),
}


def streamed(write: Callable[[IO[bytes]], None], name: str, media_type: str) -> FileResponse:
    """A file that is written, sent piece by piece, and gone afterwards."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    try:
        write(out)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return FileResponse(
        out, as_attachment=True, filename=name, content_type=media_type, headers=headers
    )


class ExportSite(ObjectView):
    """The page that offers the three forms; with ``?form=`` the file itself."""

    model = Site
    see = do = EXPORT
    template = "imports/export.html"

    def rows(self) -> Any:
        return Site.objects.select_related("programme", "carrier")

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        form = request.GET.get("form", "")
        if not form:
            return self.page({"site": self.object})
        if form not in FORMS:
            raise Http404
        ending, media_type = FORMS[form]
        write = partial(export_site, site=self.object, form=form, by=self.actor, at=self.now)
        return streamed(lambda out: write(out=out), f"{self.object.name}.{ending}", media_type)


class ExportCarrier(ObjectView):
    model = Carrier
    see = do = EXPORT

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        write = partial(export_carrier, carrier=self.object, by=self.actor, at=self.now)
        return streamed(lambda out: write(out=out), f"{self.object.name}.zip", "application/zip")
