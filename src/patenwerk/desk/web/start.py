from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from patenwerk.core.web.views import PublicView


class Start(PublicView):
    """The start page for everyone; its parts come from the apps' registrations."""

    template = "desk/start.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({})
