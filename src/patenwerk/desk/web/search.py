from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from patenwerk.core.registrations import search_sources
from patenwerk.core.web.views import PolicedView
from patenwerk.organisations.policy import WORK

MOST_PER_SOURCE = 10


class Search(PolicedView):
    """One field over everything the apps let somebody find."""

    see = do = WORK
    template = "desk/search.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:100]
        found = []
        if text:
            for source in search_sources.allowed(self.actor):
                hits = source.query(self.actor, text, MOST_PER_SOURCE)
                if hits:
                    found.append((source.label, hits))
        return self.page({"text": text, "found": found})
