from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from patenwerk.core.web.views import PublicView


class Gallery(PublicView):
    """All parts on one page, with invented values; every public page's footer leads here."""

    template = "core/gallery.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({})
